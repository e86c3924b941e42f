from odoo import api, fields, models
from odoo.exceptions import UserError

from .discipline_payroll import LOCKED


class DisciplineDispute(models.Model):
    """What an accepted dispute came to: manual lines that were entered for it, and corrections of the line disputed."""

    _inherit = "discipline.dispute"

    entry_ids = fields.One2many(
        "discipline.payroll.entry", "dispute_id", "Manual Lines", groups="sales_discipline.group_payroll"
    )
    settlement = fields.Text(
        "Settled by",
        compute="_compute_settlement",
        help="The manual lines and corrections of confirmed runs that came of it.",
    )

    @api.depends("state", "entry_ids.state", "line_id.correction_ids.state")
    @api.depends_context("lang")
    def _compute_settlement(self):
        runs = self.env["discipline.payroll"]
        for dispute in self:
            me = dispute.sudo()
            paid = []
            if me.state == "accepted":
                paid = [
                    (entry.month, entry.reason, entry.amount)
                    for entry in me.entry_ids
                    if entry.state in LOCKED
                ]
                corrections = me.line_id.correction_ids.filtered(lambda line: line.state in LOCKED)
                paid += [(line.month, line.name, line.amount) for line in corrections]
            dispute.settlement = (
                "\n".join(
                    self.env._(
                        "%(month)s: %(amount)s, %(what)s",
                        month=runs._format_month(month),
                        amount=me.currency_id.format(amount),
                        what=what,
                    )
                    for month, what, amount in sorted(paid)
                )
                or False
            )

    @api.depends("employee_id", "line_name", "month_name")
    def _compute_display_name(self):
        for dispute in self:
            parts = (dispute.employee_id.name, dispute.line_name, dispute.month_name)
            dispute.display_name = ", ".join(filter(None, parts))

    def action_add_entry(self):
        """A new manual line of the run that is to be confirmed next, for what is due.

        :raise UserError: if there is no such run
        """
        self.ensure_one()
        self.check_access("write")
        run = self.env["discipline.payroll"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("draft", "computed")),
                ("job", "=", False),
                ("date_from", ">", self.month),
            ],
            order="date_from",
            limit=1,
        )
        if not run:
            raise UserError(
                self.env._("There is no payroll run to add it to: make the one of the next month first.")
            )
        me = self.with_context(lang=self.sudo().user_id.lang or self.env.lang)
        reason = me.env._(
            "Dispute of “%(line)s”, %(month)s",
            line=me.line_name,
            month=me.env["discipline.payroll"]._format_month(me.month),
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Manual Line"),
            "res_model": "discipline.payroll.entry",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_payroll_id": run.id,
                "default_employee_id": self.employee_id.id,
                "default_dispute_id": self.id,
                "default_reason": reason,
            },
        }
