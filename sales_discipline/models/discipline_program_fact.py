from odoo import api, models
from odoo.tools import SQL


class DisciplineFact(models.Model):
    """Whatever the ledger learns of orders shows in the programs, and in other agreements with clients, at once: one
    statement each, over an index on the client."""

    _inherit = "discipline.fact"

    @api.model
    def _capture(self, kind, ids=None, origin="live", spans=()):
        count = super()._capture(kind, ids, origin, spans)
        if count and kind == "order_confirmed":
            self._tell_agreements(ids)
        return count

    @api.model
    def _tell_agreements(self, ids=None) -> None:
        """Bring what is agreed with clients up to date: with those of the orders `ids`, or with all."""
        condition = SQL("TRUE")
        if ids is not None:
            condition = SQL(
                "c.partner_id IN (SELECT f.partner_id FROM discipline_fact f"
                " WHERE f.kind = 'order_confirmed' AND f.source_id = ANY(%s))",
                list(ids),
            )
        for model in self._get_agreements():
            self.env[model].sudo()._refresh_where(condition)

    @api.model
    def _get_agreements(self) -> tuple[str, ...]:
        """Models with rows of a client (`partner_id`) that hold what the client has bought."""
        return ("discipline.program.client",)
