from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .discipline_payroll import LOCKED
from .readers import for_readers


class DisciplinePayroll(models.Model):
    """The steps of a run, from draft to paid, and the ways on from it."""

    _inherit = "discipline.payroll"

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_compute(self):
        """Draft or computed -> computed: statements anew from the frozen scorecards as they are now. A run of many people
        is left to the scheduled action: computing -> computed."""
        for run in self._open():
            if run.state in LOCKED:
                raise UserError(run._explain_lock())
            run._check_idle()
            people, changed = run._get_people()
            if run._is_long(people):
                run._start_job("compute", people, changed)
            else:
                run._store_statements(run._prepare_statements(changed=changed))
                run._set_computed()
        return True

    def _set_computed(self):
        self.write(
            {
                "state": "computed",
                "fingerprint": self._get_fingerprint(sorted(self._get_fingerprints().items())),
                "computed_at": fields.Datetime.now(),
                "computed_by_id": self.env.uid,
                "job_error": False,
            }
        )

    def _get_fingerprints(self, people=None) -> dict[int, str]:
        """The fingerprints of the statements (of these employees only) as they were computed, by employee id."""
        self.env.cr.execute(
            """
            SELECT employee_id, fingerprint FROM discipline_statement
             WHERE payroll_id = %s AND (%s::int4[] IS NULL OR employee_id = ANY(%s))
            """,
            [self.id, people, people],
        )
        return dict(self.env.cr.fetchall())

    def action_confirm(self):
        """Computed -> confirmed: locked from now on. :raise UserError: if something is missing or has changed since."""
        for run in self._open():
            run._check_idle()
            run._check_confirm()
            people, changed = run._get_people()
            if run._is_long(people):
                run._start_job("confirm", people, changed)
            else:
                run._check_unchanged(run._prepare_statements(changed=changed))
                run._set_confirmed(fields.Datetime.now())
        return True

    def _set_confirmed(self, moment):
        """:param moment: naive UTC; what was entered by then is in the statements"""
        self.write({"state": "confirmed", "confirmed_at": moment, "confirmed_by_id": self.env.uid})

    def _check_confirm(self):
        """:raise UserError: naming what stands in the way"""
        self.ensure_one()
        if self.state != "computed":
            raise UserError(
                self.env._("Only a computed run can be confirmed; “%(name)s” is not.", name=self.name)
            )
        if fields.Date.context_today(self) <= self.date_to:
            raise UserError(
                self.env._(
                    "The month is not over: “%(name)s” can be confirmed from %(day)s on.",
                    name=self.name,
                    day=format_date(self.env, self.date_to + timedelta(days=1)),
                )
            )
        if self.open_card_count:
            raise UserError(
                self.env._(
                    "%(count)s scorecards of this month are still open. Wait until they are frozen (they freeze by themselves "
                    "after their deadline), then compute the run again.",
                    count=self.open_card_count,
                )
            )

    def _check_unchanged(self, statements, people=None):
        """:raise UserError: if these statements, of all people or of these employee ids, are not those that were computed"""
        now = {values["employee_id"]: values["fingerprint"] for values in statements}
        if now != self._get_fingerprints(people):
            raise UserError(
                self.env._(
                    "Scorecards, schemes or people have changed since “%(name)s” was computed. Compute it again and look at the "
                    "result before you confirm it.",
                    name=self.name,
                )
            )

    def action_paid(self):
        """Confirmed -> paid."""
        for run in self._open():
            if run.state != "confirmed":
                raise UserError(
                    self.env._(
                        "Only a confirmed run can be marked as paid; “%(name)s” is not.", name=run.name
                    )
                )
            run.write({"state": "paid", "paid_at": fields.Datetime.now(), "paid_by_id": self.env.uid})
        return True

    # ------------------------------------------------------------
    # Ways on
    # ------------------------------------------------------------

    @for_readers
    def action_open_statements(self):
        """The people of this run; with `no_scheme` in the context only those whom no scheme pays."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.action_statement")
        filters = {"search_default_no_scheme": 1} if self.env.context.get("no_scheme") else {}
        return {**action, "domain": [("payroll_id", "=", self.id)], "context": filters}

    def action_open_open_cards(self):
        """The scorecards that this month waits for."""
        self.ensure_one()
        return self._get_card_action(self._get_open_domain(), self.env._("Open Scorecards"))

    @api.model
    def _get_card_action(self, domain, name):
        """A window on the scorecards of a domain."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "discipline.scorecard",
            "view_mode": "list,form",
            "domain": list(domain),
        }

    @for_readers
    def action_xlsx(self):
        """The run as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_discipline/payroll/{self.id}/xlsx",
            "target": "download",
        }

    def action_print_statements(self):
        """The statements of all people, a page each, as one PDF."""
        self.ensure_one()
        report = self.env.ref("sales_discipline.action_report_statement")
        return report.report_action(self.statement_ids, config=False)
