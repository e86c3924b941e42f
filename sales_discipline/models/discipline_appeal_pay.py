from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .discipline_payroll import LOCKED


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    def _check_not_closed(self) -> None:
        """:raise UserError: once pay of a month in which one of these cards ends is confirmed, or being confirmed"""
        for card in self.sudo():
            closed = Domain("state", "in", LOCKED) | Domain("job", "=", "confirm")
            month = Domain("date_from", "<=", card.date_to) & Domain("date_to", ">=", card.date_to)
            runs = card.env["discipline.payroll"].search_count(
                closed & month & Domain("company_id", "=", card.company_id.id), limit=1
            )
            if runs:  # whose name is not theirs to know
                raise UserError(
                    self.env._(
                        "Pay of this time is confirmed: appeals are closed. Talk to your leader, or dispute the line of your"
                        " pay statement."
                    )
                )
        return super()._check_not_closed()


class DisciplinePayroll(models.Model):
    """Appeals that are not decided yet are on the check list of the month that they are about."""

    _inherit = "discipline.payroll"

    appeal_count = fields.Integer("Open Appeals", compute="_compute_appeal_count", compute_sudo=True)

    @api.depends("company_id", "date_from", "date_to", "state")
    def _compute_appeal_count(self):
        for run in self:
            count = 0
            if run.state == "computed":
                count = self.env["discipline.appeal"].search_count(run._get_appeal_domain())
            run.appeal_count = count

    def _get_appeal_domain(self):
        """The appeals against scorecards of this month, or of one before it, that wait for a decision."""
        return [
            ("company_id", "=", self.company_id.id),
            ("date_to", "<=", self.date_to),
            ("state", "=", "open"),
        ]

    def _get_check_fields(self):
        return [*super()._get_check_fields(), "appeal_count"]

    def action_open_appeals(self):
        """The appeals that wait for a decision."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_appeal_action")
        return {**action, "domain": self._get_appeal_domain(), "context": {}}
