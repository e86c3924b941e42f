from odoo import api, fields, models
from odoo.tools import SQL

MARGIN = "margin_confirmed"
ORDER = "order_confirmed"


class DisciplineFact(models.Model):
    """The margin of confirmed orders, beside their amount: a kind of its own, made and undone by the same events,
    credited to the same people and divided by the same shares."""

    _inherit = "discipline.fact"

    kind = fields.Selection(
        selection_add=[(MARGIN, "Order Confirmed: Margin"), ("invoice_posted",)],
        ondelete={MARGIN: lambda facts: None},  # the ledger loses nothing; what is there stays evidence
    )

    @api.model
    def _get_kinds(self):
        return {MARGIN: False, **super()._get_kinds()}  # swept after the orders that it looks at: backwards

    @api.model
    def _get_money_kinds(self):
        return (*super()._get_money_kinds(), MARGIN)

    @api.model
    def _select_margin_confirmed(self, ids, origin):
        """The rule: margins as Sales shows them, in the company's currency at the order's rate. Who and when is what
        the ledger says of the order itself: it may have been confirmed before margins were looked at."""
        order = self._select_order(
            ids,
            SQL("CASE WHEN so.state = 'sale' THEN 1 ELSE 0 END"),
            SQL("so.date_order"),
            amount=SQL("so.margin"),
        )
        return SQL(
            """
            SELECT s.source_id, COALESCE(o.user_id, s.user_id) AS user_id, COALESCE(o.team_id, s.team_id) AS team_id,
                   s.company_id, s.partner_id, s.activity_type_id, s.res_model, s.res_id, s.res_name, s.deadline,
                   COALESCE(o.happened_at, s.happened_at) AS happened_at, s.quantity, s.amount, s.details
              FROM (%s) s
              LEFT JOIN LATERAL (
                   SELECT f.user_id, f.team_id, f.happened_at FROM discipline_fact f
                    WHERE f.kind = %s AND f.source_id = s.source_id AND f.quantity > 0 AND f.is_transfer IS NOT TRUE
                    ORDER BY f.id DESC LIMIT 1) o ON TRUE
            """,
            order,
            ORDER,
        )

    # ------------------------------------------------------------
    # Shares of deals: those of the order
    # ------------------------------------------------------------

    @api.model
    def _sql_shared(self, kind, documents=None):
        if kind != MARGIN:
            return super()._sql_shared(kind, documents)
        sources = super()._sql_shared(ORDER, documents)
        if documents is not None:
            return sources
        return SQL(
            "%s UNION SELECT source_id FROM discipline_fact WHERE kind = %s AND is_transfer", sources, MARGIN
        )

    @api.model
    def _sql_shares(self, kind):
        return super()._sql_shares(ORDER if kind == MARGIN else kind)

    @api.model
    def _sql_alive(self, kind):
        return super()._sql_alive(ORDER if kind == MARGIN else kind)
