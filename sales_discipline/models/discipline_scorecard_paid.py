from odoo import models
from odoo.exceptions import UserError

from .discipline_payroll import LOCKED


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    def _check_unpaid(self) -> None:
        """:raise UserError: once one of these cards has been paid: what a statement says would no longer be what it was
        paid for"""
        paid = (
            self.env["discipline.statement.line"]
            .sudo()
            .search([("scorecard_ids", "in", self.ids), ("statement_id.state", "in", LOCKED)], limit=1)
        )
        if paid:
            raise UserError(
                self.env._(
                    "This scorecard is part of the confirmed payroll run “%(run)s”: it can no longer be adjusted.",
                    run=paid.payroll_id.name,
                )
            )
        return super()._check_unpaid()
