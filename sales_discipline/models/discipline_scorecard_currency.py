from odoo import api, models
from odoo.exceptions import UserError


class ResCurrency(models.Model):
    """A company may change its currency; its scorecards of before stay in theirs."""

    _inherit = "res.currency"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_scorecards(self):
        lines = self.env["discipline.scorecard.line"].sudo()
        if used := lines.search([("currency_id", "in", self.ids)], order="id", limit=1).currency_id:
            raise UserError(
                self.env._(
                    "There are scorecards in the currency '%(currency)s', so it cannot be deleted. Archive it instead.",
                    currency=used.name,
                )
            )
