from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Whose client somebody is, one rule for whatever is planned or handed out by clients."""

    _inherit = "res.partner"

    @api.model
    def _sql_seller(self, alias: str, company_id: int) -> SQL:
        """Id of the salesperson of the client with that alias: the client's own, else who sold to them last in that
        company; of those who are still there. NULL for nobody's."""
        return SQL(
            """
            COALESCE((SELECT u.id FROM res_users u WHERE u.id = %(own)s AND u.active), (
                SELECT f.user_id FROM discipline_fact f JOIN res_users s ON s.id = f.user_id AND s.active
                 WHERE f.partner_id = %(partner)s AND f.kind = 'order_confirmed' AND f.company_id = %(company)s
                   AND f.quantity > 0 AND f.is_transfer IS NOT TRUE
                 ORDER BY f.happened_at DESC, f.id DESC LIMIT 1))
            """,
            own=self._field_to_sql(alias, "user_id"),
            partner=SQL.identifier(alias, "id"),
            company=company_id,
        )
