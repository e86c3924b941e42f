from odoo import api, models
from odoo.tools import SQL

# what a salesperson edits on a line and what moves the order's amount
AMOUNT_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "display_type",
}
UNTAXED = SQL("so.amount_untaxed")


class SaleOrder(models.Model):
    """Orders tell the ledger when they are sent, confirmed, changed after that, or cancelled."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state != "draft")._capture_facts()
        return orders

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals or "currency_id" in vals or "pricelist_id" in vals:
            self._capture_facts()
        return res

    def _capture_facts(self):
        """Bring the ledger up to date with the state and amount of these orders."""
        facts = self.env["discipline.fact"].sudo()
        sent = self.filtered(lambda order: order.state == "sent")
        if facts._capture("quotation_sent", sent.ids):
            touching = sent.filtered("opportunity_id")
            facts._capture_touch("quotation", {order.id: order.opportunity_id.id for order in touching})
        facts._capture("order_confirmed", self.ids)


class SaleOrderLine(models.Model):
    """Lines of a confirmed order that come, change or go move its amount."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._get_confirmed_orders()._capture_facts()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if AMOUNT_FIELDS.intersection(vals):
            self._get_confirmed_orders()._capture_facts()
        return res

    def unlink(self):
        orders = self._get_confirmed_orders()
        res = super().unlink()
        orders.exists()._capture_facts()
        return res

    def _get_confirmed_orders(self):
        return self.order_id.filtered(lambda order: order.state == "sale")


class DisciplineFact(models.Model):
    _inherit = "discipline.fact"

    @api.model
    def _select_order(self, ids, quantity: SQL, happened: SQL, amount: SQL = UNTAXED) -> SQL:
        """A rule over sale.order `so`. Amounts are in the company's currency at the order's rate.

        :param amount: in the order's currency, untaxed unless told otherwise
        """
        self.env["sale.order"].flush_model()
        return SQL(
            """
            SELECT so.id AS source_id, so.user_id, so.team_id, so.company_id,
                   COALESCE(p.commercial_partner_id, p.id) AS partner_id, NULL::integer AS activity_type_id,
                   'sale.order' AS res_model, so.id AS res_id, so.name AS res_name, NULL::date AS deadline,
                   %(happened)s AS happened_at, %(quantity)s AS quantity,
                   CASE WHEN %(quantity)s > 0
                        THEN ROUND(COALESCE(%(amount)s, 0) / COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric,
                                   cur.decimal_places)
                        ELSE 0 END AS amount,
                   jsonb_strip_nulls(jsonb_build_object('lead', so.opportunity_id, 'source', so.source_id)) AS details
              FROM sale_order so
              JOIN res_company co ON co.id = so.company_id
              JOIN res_currency cur ON cur.id = co.currency_id
              LEFT JOIN res_partner p ON p.id = so.partner_id
             WHERE %(ids)s
            """,
            happened=happened,
            quantity=quantity,
            amount=amount,
            ids=self._sql_ids(SQL("so.id"), ids),
        )

    @api.model
    def _select_quotation_sent(self, ids, origin):
        """Quotations that are in the state sent.

        A database's past does not say which of its confirmed orders had been sent before; those count on which
        somebody wrote to the customer before the confirmation.
        """
        sent = SQL("CASE WHEN so.state = 'sent' THEN 1 ELSE 0 END")
        happened = SQL("COALESCE(so.date_order, so.create_date)")
        if origin == "history":
            message = SQL(
                "FROM mail_message m WHERE m.model = 'sale.order' AND m.res_id = so.id"
                " AND m.message_type IN ('comment', 'email_outgoing') AND m.date <= so.date_order"
            )
            sent = SQL(
                "CASE WHEN so.state = 'sent' OR so.state = 'sale' AND EXISTS (SELECT 1 %s) THEN 1 ELSE 0 END",
                message,
            )
            happened = SQL("COALESCE((SELECT MAX(m.date) %s), so.date_order, so.create_date)", message)
        return self._select_order(ids, sent, happened)

    @api.model
    def _select_order_confirmed(self, ids, origin):
        """Confirmed orders; `date_order` can be moved by hand, so live ones take the server's stamp."""
        return self._select_order(
            ids, SQL("CASE WHEN so.state = 'sale' THEN 1 ELSE 0 END"), SQL("so.date_order")
        )
