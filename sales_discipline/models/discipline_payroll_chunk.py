import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .sql_rows import sql_rows

_logger = logging.getLogger(__name__)

BATCH = 1000  # people of a chunk; few chunks, since each reads the sales of the whole month
RETRIES = 10  # of a chunk that was in somebody's way


class DisciplinePayrollChunk(models.Model):
    """People of a long payroll run who are computed, or compared, and committed together. Chunks do not depend on each
    other: they can be done here one after the other, or by several processes at once, each by one of them.

    A chunk belongs to the work that its run was divided for: `first` of the run's `job_left` is the first of them. Those of
    work that was stopped are nobody's any more.
    """

    _name = "discipline.payroll.chunk"
    _description = "Part of a Payroll Run at Work"
    _order = "id"
    _log_access = False

    payroll_id = fields.Many2one(
        "discipline.payroll", "Payroll Run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    people = fields.Json("Employees", readonly=True, help="Ids of the employees.")
    size = fields.Integer("People", readonly=True)
    done = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: payroll runs are divided by `_divide` alone."""
        raise UserError(self.env._("A payroll run is divided by the system; nobody can do that by hand."))

    def write(self, vals):
        """Refused for everybody."""
        raise UserError(self.env._("A payroll run is divided by the system; nobody can do that by hand."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A payroll run is divided by the system; nobody can do that by hand."))

    # ------------------------------------------------------------
    # Made and taken away
    # ------------------------------------------------------------

    @api.model
    def _divide(self, run, people: list[int]):
        """The chunks of a run, with all these employees (ids)."""
        names = ("payroll_id", "company_id", "people", "size", "done")
        parts = [people[start : start + BATCH] for start in range(0, len(people), BATCH)]
        rows = [(run.id, run.company_id.id, part, len(part), False) for part in parts]
        columns = SQL(", ").join(map(SQL.identifier, names))
        query = SQL(
            "INSERT INTO discipline_payroll_chunk (%s) SELECT %s FROM %s RETURNING id",
            columns,
            columns,
            sql_rows(self, names, rows),
        )
        run.flush_recordset()
        return self.browse(sorted(key for (key,) in self.env.execute_query(query)))

    @api.model
    def _get_left(self, run):
        """The chunks of the run's work that are not done."""
        return self._get_chunks(run).filtered(lambda chunk: not chunk.done)

    @api.model
    def _get_chunks(self, run):
        """All chunks of the work that a run is at."""
        first = run.job and (run.job_left or {}).get("first")
        return self.search([("payroll_id", "=", run.id), ("id", ">=", first)]) if first else self.browse()

    @api.model
    def _clear(self) -> None:
        """Take away the chunks of what is over, but for those that somebody is still about."""
        self.env["discipline.payroll"].flush_model(["job", "job_left"])
        self.env.execute_query(
            SQL(
                """
                DELETE FROM discipline_payroll_chunk WHERE id IN (
                    SELECT c.id FROM discipline_payroll_chunk c JOIN discipline_payroll p ON p.id = c.payroll_id
                     WHERE p.job IS NULL OR c.id < (p.job_left->>'first')::int4 FOR UPDATE OF c SKIP LOCKED
                ) RETURNING id
                """
            )
        )
        self.invalidate_model(flush=False)

    # ------------------------------------------------------------
    # Work
    # ------------------------------------------------------------

    def _run(self) -> bool:
        """Do it, unless it is done or another process is about it; what is in its way undoes it, and it is done again. What
        fails ends the work of the run. The caller commits.

        :return: whether this was done now
        """
        self.ensure_one()
        for tries in range(RETRIES + 1):
            try:
                # before anything is read: what another process has just done must not look undone
                if not self._lock():
                    return False
                self.env.invalidate_all()
                self._do()
                self.env.flush_all()
                return True
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                if not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) or tries == RETRIES:
                    self.payroll_id._give_up(error)
                    return False
        return False

    def _lock(self) -> bool:
        """Whether this is to be done, and by nobody else meanwhile; the lock goes with the transaction."""
        self.env["discipline.payroll"].flush_model(["job", "job_left"])
        query = SQL(
            """
            SELECT c.id FROM discipline_payroll_chunk c JOIN discipline_payroll p ON p.id = c.payroll_id
             WHERE c.id = %s AND NOT c.done AND p.job IS NOT NULL AND c.id >= (p.job_left->>'first')::int4
               FOR UPDATE OF c SKIP LOCKED
            """,
            self.id,
        )
        # another process that has just done it is nothing for the log: it is looked at again
        self.env.cr.execute(query, log_exceptions=False)
        return bool(self.env.cr.fetchall())

    def _do(self) -> None:
        """Compute, or compare, these people."""
        run = self.payroll_id._as_officer()
        statements = run._prepare_statements(self.people, run.job_started_at, run.job_left["changed"])
        if run.job == "compute":
            run._store_statements(statements, self.people)
        else:
            run._check_unchanged(statements, self.people)
        self.env.flush_all()
        self.env.cr.execute("UPDATE discipline_payroll_chunk SET done = TRUE WHERE id = %s", [self.id])
        # at last, so that who stops the run does not wait: if it was stopped meanwhile, this is undone
        self.env.cr.execute("SELECT 1 FROM discipline_payroll WHERE id = %s FOR SHARE", [run.id])
        self.invalidate_recordset()
        run.invalidate_recordset(["job_done"])
