import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .discipline_payroll import PAYING
from .discipline_payroll_chunk import RETRIES

_logger = logging.getLogger(__name__)

AT_ONCE = 500  # people of a run that is computed and confirmed while its officer waits
JOB_LOCK = 19_051_803  # arbitrary, but one number for all processes, with the id of the run


class DisciplinePayroll(models.Model):
    """Long runs: computed and confirmed by a scheduled action, a chunk of people at a time, each committed.

    What a run still has to do is written down, so whoever is killed on the way, the next one goes on with the rest. All
    chunks look at the sales facts as of the moment when the button was pressed, so the result is the one that the run
    would have had at once. Confirming only compares; it takes effect for all people together, at the end, or not at all.
    While a chunk is at work it holds no lock on the run: who stops the run does not wait, and the chunk is undone.
    """

    _inherit = "discipline.payroll"

    job = fields.Selection(
        [("compute", "Computing"), ("confirm", "Confirming")],
        "At Work",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    job_user_id = fields.Many2one("res.users", "Started by", readonly=True, copy=False, ondelete="restrict")
    job_started_at = fields.Datetime("Started on", readonly=True, copy=False)
    job_left = fields.Json(
        "Left to Do",
        readonly=True,
        copy=False,
        help="Ids: of the first chunk of people (first), and of the statements that may have to be corrected (changed).",
    )
    job_done = fields.Integer("People Done", compute="_compute_job_done", compute_sudo=True)
    job_total = fields.Integer("People to Do", readonly=True, copy=False)
    job_error = fields.Text("What Went Wrong", readonly=True, copy=False)

    @api.depends("job", "job_left")
    def _compute_job_done(self):
        chunks = self.env["discipline.payroll.chunk"]
        for run in self:
            run.job_done = sum(chunk.size for chunk in chunks._get_chunks(run) if chunk.done)

    # ------------------------------------------------------------
    # What others may do meanwhile
    # ------------------------------------------------------------

    def _check_idle(self):
        """:raise UserError: while the run is being computed or confirmed"""
        for run in self.filtered("job"):
            raise UserError(
                self.env._(
                    "“%(name)s” is at work: %(done)s of %(total)s people are done. Wait until it is ready, or stop it first.",
                    name=run.name,
                    done=run.job_done,
                    total=run.job_total,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_at_work(self):
        self._check_idle()

    def action_stop(self):
        """Back to before the button was pressed: to draft if the run was being computed."""
        self.check_access("write")
        for run in self.sudo().with_context(discipline_pay=PAYING):
            if run.job:
                run._end_job()
                self._trigger_job()  # takes away what was computed so far
        return True

    @api.model
    def _trigger_job(self):
        self.env.ref("sales_discipline.cron_payroll").sudo()._trigger()

    # ------------------------------------------------------------
    # Begin and end
    # ------------------------------------------------------------

    def _get_people(self) -> tuple[list[int], list[int]]:
        """`(ids of all employees who may have a statement in this run, ids of the statements that may have to be
        corrected)`, both in order."""
        self.ensure_one()
        changed = self._find_changed_statements(runs) if (runs := self._get_corrected_runs()) else []
        statements = self.env["discipline.statement"]
        domain = Domain("payroll_id", "=", self.id) | Domain("id", "in", changed)
        groups = [
            *self.env["discipline.scorecard"]._read_group(self._get_card_domain(), ["employee_id"]),
            *statements._read_group(domain, ["employee_id"]),
        ]
        people = {employee.id for (employee,) in groups}
        people.update(self._get_employed().ids, self.entry_ids.employee_id.ids)
        return sorted(people), changed

    def _is_long(self, people) -> bool:
        """Whether a run of these people takes longer than somebody waits."""
        return len(people) > AT_ONCE

    def _start_job(self, job, people, changed):
        """Leave the work to the scheduled action, which begins at once."""
        self.ensure_one()
        chunks = self.env["discipline.payroll.chunk"]._divide(self, people)
        self.write(
            {
                "job": job,
                "job_user_id": self.env.uid,
                "job_started_at": fields.Datetime.now(),
                "job_left": {"first": chunks[0].id, "changed": changed},
                "job_total": len(people),
                "job_error": False,
                **({"state": "computing"} if job == "compute" else {}),
            }
        )
        self._trigger_job()

    def _end_job(self, error=False):
        """Nothing is at work any more; a run that was being computed is a draft again."""
        self.ensure_one()
        state = {"state": "draft", "fingerprint": False} if self.state == "computing" else {}
        self.write({"job": False, "job_left": False, "job_error": error, **state})

    # ------------------------------------------------------------
    # Work
    # ------------------------------------------------------------

    @api.model
    def _cron_pay(self) -> None:
        """Go on with all runs that are at work, a commit a chunk; a run that fails says so and does not hold up others."""
        self._clear_stopped()
        for run in self.search([("job", "!=", False)], order="job_started_at, id"):
            if not run._run_chunks():
                return

    def _run_chunks(self) -> bool:
        """Do what is left of this run. Here, one chunk after the other; another addon may hand them to other processes.

        :return: False if the time is up
        """
        cron = self.env["ir.cron"]
        chunks = self.env["discipline.payroll.chunk"]._get_left(self)
        left = sum(chunks.mapped("size"))
        for chunk in chunks:
            if not cron._commit_progress(0, remaining=left):
                return False
            left -= chunk.size
            if chunk._run() and not cron._commit_progress(chunk.size, remaining=left + 1):
                return False
        if not cron._commit_progress(0, remaining=1):
            return False
        self._try_finish()
        return bool(cron._commit_progress(0, remaining=0))

    def _try_finish(self) -> None:
        """End the work if all chunks are done. The caller commits, before and after."""
        for tries in range(RETRIES + 1):
            try:
                if not self._lock_job():
                    return
                self.env.invalidate_all()
                if self.job and not self.env["discipline.payroll.chunk"]._get_left(self):
                    self._as_officer()._finish()
                    self.env.flush_all()
                return
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                if not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) or tries == RETRIES:
                    self._give_up(error)
                    return

    def _give_up(self, error) -> None:
        """End the work because of this error, in a transaction of its own."""
        if self._lock_job() and self.job:
            self._as_officer()._fail(error)

    def _lock_job(self) -> bool:
        """Whether this transaction may work on the run; the lock goes with the transaction."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [JOB_LOCK, self.id])
        return self.env.cr.fetchone()[0]

    def _as_officer(self):
        """The run, as superuser, as whoever pressed the button: in their name and language, within its company."""
        user = self.job_user_id
        context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": self.company_id.ids}
        return self.with_user(user).sudo().with_context(**context, discipline_pay=PAYING)

    def _finish(self):
        """The last chunk is done: the whole run is computed, or confirmed as of when the button was pressed."""
        if self.job == "compute":
            self._set_computed()
            subject = self.env._("“%(name)s” is computed", name=self.name)
        else:
            self._check_confirm()
            self._set_confirmed(self.job_started_at)
            subject = self.env._("“%(name)s” is confirmed", name=self.name)
        self._end_job()
        self._notify_officer(
            subject,
            self.env._(
                "People: %(count)s. Total: %(total)s.",
                count=self.statement_count,
                total=self.currency_id.format(self.total),
            ),
        )

    def _fail(self, error):
        """End the work because of this error, which the officer is told."""
        if isinstance(error, UserError):
            text = str(error)
        else:
            _logger.error("Payroll run %s", self.id, exc_info=error)
            text = self.env._(
                "An error stopped it (%(error)s). The log of the server says more.", error=error
            )
        if self.job == "compute":
            subject = self.env._("“%(name)s” could not be computed", name=self.name)
        else:
            subject = self.env._("“%(name)s” could not be confirmed", name=self.name)
        self._end_job(text)
        self._delete_statements()
        self._trigger_job()  # takes away what another process was about to store
        self._notify_officer(subject, text)

    @api.model
    def _clear_stopped(self):
        """Take away what is left of the work of runs that were stopped: statements and chunks."""
        self.env["discipline.payroll.chunk"]._clear()
        stopped = self.search([("state", "=", "draft"), ("statement_ids", "!=", False)])
        stopped._delete_statements()

    def _delete_statements(self):
        """Those of drafts among these runs."""
        drafts = self.filtered(lambda run: run.state == "draft")
        self.env["discipline.statement"].flush_model()
        self.env.execute_query(
            SQL("DELETE FROM discipline_statement WHERE payroll_id = ANY(%s) RETURNING id", drafts.ids)
        )
        self.env.invalidate_all()

    def _notify_officer(self, subject, text):
        """Tell whoever pressed the button, in the language of the context."""
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (
            text,
            f"{self.get_base_url()}/odoo/sales-payroll/{self.id}",
            self.env._("Open it"),
        )
        self.with_context(mail_notify_force_send=False).message_notify(
            partner_ids=self.job_user_id.partner_id.ids,
            subject=subject,
            body=body,
            force_email_lang=self.env.lang,
        )
