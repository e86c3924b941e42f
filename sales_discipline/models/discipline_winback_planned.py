from odoo import api, fields, models
from odoo.tools import SQL, format_date, formatLang

SHOWN = 15  # product categories


class DisciplineWinback(models.Model):
    """What is planned with a client, and what they stopped buying: looked up when it is shown."""

    _inherit = "discipline.winback"

    def _compute_planned(self):
        """The next activity on the client, one of their people or an open opportunity of theirs, and the number of those. One
        statement for all."""
        found = (
            {row["id"]: row for row in self.env.execute_query_dict(self._sql_planned())} if self.ids else {}
        )
        for row in self:
            values = found.get(row.id, {})
            row.activity_date = values.get("activity_date") or False
            row.activity_user_id = values.get("activity_user_id") or False
            row.opportunity_count = values.get("deals") or 0
            row.is_planned = bool(values.get("activity_date") or values.get("deals"))

    def _flush_planned(self) -> None:
        for model in ("mail.activity", "crm.lead", "res.partner"):
            self.env[model].flush_model()

    def _sql_planned(self) -> SQL:
        self._flush_planned()
        return SQL(
            """
            WITH w AS MATERIALIZED (SELECT id, partner_id, company_id FROM discipline_winback WHERE id = ANY(%s)),
            c AS MATERIALIZED (
                SELECT w.id, w.company_id, p.id AS contact_id
                  FROM w JOIN res_partner p ON p.commercial_partner_id = w.partner_id),
            l AS MATERIALIZED (
                SELECT c.id, ld.id AS lead_id, ld.type FROM c JOIN crm_lead ld ON ld.partner_id = c.contact_id AND ld.active
                   AND ld.won_status = 'pending' AND (ld.company_id IS NULL OR ld.company_id = c.company_id)),
            a AS (
                SELECT c.id, a.date_deadline, a.user_id, a.id AS activity_id FROM c
                  JOIN mail_activity a ON a.active AND a.res_model = 'res.partner' AND a.res_id = c.contact_id
                UNION ALL
                SELECT l.id, a.date_deadline, a.user_id, a.id FROM l
                  JOIN mail_activity a ON a.active AND a.res_model = 'crm.lead' AND a.res_id = l.lead_id),
            n AS (SELECT DISTINCT ON (id) * FROM a ORDER BY id, date_deadline, activity_id)
            SELECT w.id, n.date_deadline AS activity_date, n.user_id AS activity_user_id, (
                   SELECT COUNT(*) FROM l WHERE l.id = w.id AND l.type = 'opportunity') AS deals
              FROM w LEFT JOIN n ON n.id = w.id
            """,
            self.ids,
        )

    def _search_is_planned(self, operator, value):
        if operator != "in" or set(value) - {True}:
            return NotImplemented
        self._flush_planned()
        deals = SQL(
            "SELECT p.commercial_partner_id, ld.company_id FROM crm_lead ld JOIN res_partner p ON p.id = ld.partner_id"
            " WHERE ld.active AND ld.won_status = 'pending' AND (ld.type = 'opportunity' OR ld.id IN ("
            "       SELECT a.res_id FROM mail_activity a WHERE a.active AND a.res_model = 'crm.lead'))"
        )
        # each looked up once and for all clients
        planned = SQL(
            """
            (WITH d AS MATERIALIZED (%s)
             SELECT w.id FROM discipline_winback w
              WHERE w.partner_id IN (
                    SELECT p.commercial_partner_id FROM mail_activity a JOIN res_partner p ON p.id = a.res_id
                     WHERE a.active AND a.res_model = 'res.partner')
                 OR w.partner_id IN (SELECT d.commercial_partner_id FROM d WHERE d.company_id IS NULL)
                 OR (w.partner_id, w.company_id) IN (SELECT d.commercial_partner_id, d.company_id FROM d))
            """,
            deals,
        )
        return [("id", "in", planned)]

    # ------------------------------------------------------------
    # What they stopped buying
    # ------------------------------------------------------------

    @api.depends_context("lang")
    def _compute_stopped(self):
        """A table of product categories: when the client last ordered them, how often, and what it came to."""
        for row in self:
            found = row._get_stopped() if row.id else []
            row.stopped = found and self.env["ir.qweb"]._render(
                "sales_discipline.discipline_winback_stopped",
                {
                    "rows": [
                        {
                            "name": one["category"],
                            "last": format_date(self.env, one["last"]),
                            "orders": one["orders"],
                            "amount": formatLang(self.env, one["amount"], currency_obj=row.currency_id),
                        }
                        for one in found[:SHOWN]
                    ],
                    "more": max(len(found) - SHOWN, 0),
                },
            )

    def _get_stopped(self) -> list[dict]:
        """The product categories that the client ordered once and has not for the months of the settings, the largest first:
        dicts of `category`, `last` (date), `orders` (how many), `amount` (company currency, untaxed)."""
        self.ensure_one()
        for model in ("sale.order", "sale.order.line", "res.partner", "product.product", "product.template"):
            self.env[model].flush_model()
        categories = self.env["product.category"].sudo()
        since = fields.Date.subtract(self.as_of, months=self.company_id.sudo().discipline_winback_stopped)
        query = SQL(
            """
            SELECT t.categ_id, MAX(so.date_order)::date AS last, COUNT(DISTINCT so.id) AS orders,
                   SUM(l.price_subtotal / COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric) AS amount
              FROM sale_order so
              JOIN res_partner p ON p.id = so.partner_id AND p.commercial_partner_id = %(partner)s
              JOIN sale_order_line l ON l.order_id = so.id AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
                   AND l.product_uom_qty > 0
              JOIN product_product pp ON pp.id = l.product_id
              JOIN product_template t ON t.id = pp.product_tmpl_id
             WHERE so.state = 'sale' AND so.company_id = %(company)s
             GROUP BY t.categ_id
            HAVING MAX(so.date_order)::date < %(since)s
             ORDER BY amount DESC, t.categ_id
            """,
            partner=self.partner_id.id,
            company=self.company_id.id,
            since=since,
        )
        rows = self.env.execute_query_dict(query)
        names = {
            one.id: one.display_name
            for one in categories.browse(row["categ_id"] for row in rows if row["categ_id"])
        }
        for row in rows:
            row["category"] = names.get(row.pop("categ_id")) or self.env._("Without a category")
        return rows
