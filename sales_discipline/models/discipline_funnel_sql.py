from odoo import api, models
from odoo.tools import SQL

# a document as one number, positive for an order and negative for a lead
DOCUMENT = SQL("CASE f.res_model WHEN 'sale.order' THEN f.res_id WHEN 'crm.lead' THEN -f.res_id END")


class DisciplineFunnelReport(models.Model):
    """Where the rows of the funnel come from: facts with their step, and what they are joined with."""

    _inherit = "discipline.funnel.report"

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """
            FROM (%(facts)s) f
            JOIN res_company co ON co.id = f.company_id
            JOIN res_currency cur ON cur.id = co.currency_id
            LEFT JOIN (%(zones)s) z ON z.user_id = f.user_id AND z.company_id = f.company_id
            LEFT JOIN res_partner p ON p.id = f.partner_id
            LEFT JOIN sale_order so ON f.res_model = 'sale.order' AND so.id = f.res_id
            LEFT JOIN crm_lead ld ON ld.id = CASE f.res_model WHEN 'crm.lead' THEN f.res_id ELSE so.opportunity_id END
            LEFT JOIN utm_source us ON us.id = COALESCE(ld.source_id, so.source_id, (f.details->>'source')::int4)
            LEFT JOIN (%(shares)s) c ON c.document = f.document
            LEFT JOIN (%(doubles)s) d ON d.id = f.id
            """,
            facts=self._sql_facts(),
            zones=self._sql_zones(),
            shares=self._sql_shares(),
            doubles=self._sql_doubles(),
        )

    @api.model
    def _where(self) -> SQL:
        return SQL("WHERE f.step IS NOT NULL AND d.id IS NULL")

    @api.model
    def _get_type_id(self, name: str) -> int:
        """The id of an activity type that the program ships; 0 if it was deleted."""
        xmlid = f"sales_discipline.activity_type_{name}"
        return self.env["ir.model.data"]._xmlid_to_res_id(xmlid, raise_if_not_found=False) or 0

    @api.model
    def _sql_facts(self) -> SQL:
        """Facts with their step of the funnel, no step for what is none. Categories of activities are looked at as
        the metrics do."""
        return SQL(
            """
            SELECT f.id, f.user_id, f.team_id, f.company_id, f.partner_id, f.activity_type_id, f.res_model, f.res_id,
                   f.res_name, f.happened_at, f.quantity, f.amount, f.details, at.category, %(document)s AS document,
                   CASE f.kind
                        WHEN 'quotation_sent' THEN 'proposal'
                        WHEN 'order_confirmed' THEN 'sale'
                        WHEN 'lead_won' THEN 'won'
                        WHEN 'lead_lost' THEN 'lost'
                        ELSE CASE WHEN f.activity_type_id = %(proposal)s THEN 'proposal'
                                  WHEN f.activity_type_id = %(visit)s THEN 'visit'
                                  WHEN at.category = 'meeting' THEN 'meeting'
                                  WHEN at.category = 'phonecall' AND f.activity_type_id = %(call_in)s THEN 'call_in'
                                  WHEN at.category = 'phonecall' THEN 'call_out' END
                   END AS step
              FROM discipline_fact f
              LEFT JOIN mail_activity_type at ON at.id = f.activity_type_id
             WHERE f.kind IN ('activity_done', 'quotation_sent', 'order_confirmed', 'lead_won', 'lead_lost')
            """,
            document=DOCUMENT,
            proposal=self._get_type_id("proposal"),
            visit=self._get_type_id("visit"),
            call_in=self._get_type_id("call_in"),
        )

    @api.model
    def _sql_shares(self) -> SQL:
        """What part of a document falls to each product category: (document, categ_id, number, since, upto), parts
        being `upto - since` of a whole that ends at exactly 1. Discounts and the like, which weigh less than nothing,
        get no part; where nothing has a price, categories share alike."""
        return SQL(
            """
            WITH priced AS (
                SELECT so.id AS order_id, so.opportunity_id, so.state, t.categ_id,
                       GREATEST(SUM(l.price_subtotal / COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric), 0) AS weight,
                       BOOL_OR(so.state = 'sale') OVER (PARTITION BY so.opportunity_id) AS sold
                  FROM sale_order_line l
                  JOIN sale_order so ON so.id = l.order_id
                  JOIN product_product pp ON pp.id = l.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                 WHERE l.display_type IS NULL
                 GROUP BY so.id, t.categ_id
            ), weighed AS (
                SELECT order_id AS document, categ_id, weight FROM priced
                 UNION ALL
                SELECT -opportunity_id, categ_id, SUM(weight) FROM priced
                 WHERE opportunity_id IS NOT NULL AND (state = 'sale' OR NOT sold AND state <> 'cancel')
                 GROUP BY opportunity_id, categ_id
            ), whole AS (
                SELECT document, categ_id, weight, SUM(weight) OVER (PARTITION BY document) AS total FROM weighed
            ), parts AS (
                SELECT document, categ_id, CASE WHEN total > 0 THEN weight ELSE 1 END AS weight
                  FROM whole WHERE weight > 0 OR total <= 0
            ), heaped AS (
                SELECT document, categ_id, weight, ROW_NUMBER() OVER heap - 1 AS number, SUM(weight) OVER heap AS heap,
                       SUM(weight) OVER (PARTITION BY document) AS total
                  FROM parts WINDOW heap AS (PARTITION BY document ORDER BY categ_id)
            )
            SELECT document, categ_id, number, ROUND((heap - weight) / total, 6) AS since,
                   ROUND(heap / total, 6) AS upto
              FROM heaped
            """
        )

    @api.model
    def _sql_doubles(self) -> SQL:
        """Facts of proposal activities that a quotation sent by the same person on the same deal stands for: as
        many of them as there are quotations, and all that were taken back."""
        return SQL(
            """
            SELECT a.id
              FROM (SELECT id, user_id, document, net,
                           DENSE_RANK() OVER (PARTITION BY user_id, document, net > 0 ORDER BY source_id) AS number
                      FROM (SELECT f.id, f.user_id, f.source_id, %(document)s AS document,
                                   SUM(f.quantity) OVER (PARTITION BY f.user_id, f.source_id) AS net
                              FROM discipline_fact f
                             WHERE f.kind = 'activity_done' AND f.activity_type_id = %(proposal)s) s) a
              JOIN (SELECT f.user_id, COALESCE(-(f.details->>'lead')::int4, f.res_id) AS document,
                           SUM(f.quantity) AS sent
                      FROM discipline_fact f WHERE f.kind = 'quotation_sent' GROUP BY 1, 2) q
                ON q.user_id = a.user_id AND q.document = a.document
             WHERE a.net <= 0 OR a.number <= q.sent
            """,
            document=DOCUMENT,
            proposal=self._get_type_id("proposal"),
        )
