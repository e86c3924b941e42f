from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.domains import parse_domain
from ..tools.windows import Window
from .discipline_fact_product import LINES


class DisciplineMetric(models.Model):
    """Metrics about a part of the range: of orders and invoices only what was sold of certain products.

    Of each document that share of the amount counts that the lines of these products have, as the lines are now; credit,
    reversals and the day are the fact's. So the sales of all parts add up to the sales.
    """

    _inherit = "discipline.metric"

    product_domain = fields.Char(
        "Products",
        help="Only what was sold of these products, e.g. of a category or with a tag. Empty: of all products.",
    )

    @api.constrains("product_domain", "fact_kind", "source")
    def _check_products(self):
        for metric in self.with_user(self.env.uid):
            if not parse_or_none(metric.product_domain):
                continue
            if metric.source != "facts" or metric.fact_kind not in LINES:
                raise metric._error(
                    "product_domain",
                    self.env._("only orders, quotations and invoices have lines of products"),
                )
            metric._check_domain(metric.env["product.product"], "product_domain")

    def _get_fact_domain(self):
        domain = super()._get_fact_domain()
        if domain is None or self.source != "facts" or not parse_or_none(self.product_domain):
            return domain
        return [*domain, ("product_ids", "any", parse_domain(self.product_domain))]

    def _measure_facts(self, rows: SQL, windows: list[Window]) -> SQL:
        if not parse_or_none(self.product_domain):
            return super()._measure_facts(rows, windows)
        facts = self.env["discipline.fact"].sudo()
        domain = Domain("kind", "=", self.fact_kind) & Domain(parse_domain(self.domain))
        query = facts.with_context(active_test=False)._search(domain, bypass_access=True)
        field = "amount" if self.aggregate in ("sum", "avg") else "partner_id"
        column = facts._field_to_sql("discipline_fact", self.value_field or field, query)
        value = {
            "count": SQL("SUM(r.quantity)"),
            "sum": SQL("SUM(r.value * r.share)"),
            "avg": SQL("AVG(r.value * r.share)"),
            "count_distinct": SQL("COUNT(DISTINCT r.value)"),
        }[self.aggregate]
        return SQL(
            """
            %(rows)s, r AS (
                SELECT w.key, w.entered_by, w.entered_after, %(fact)s.entered_at, %(fact)s.quantity,
                       %(column)s AS value, %(share)s AS share
                  FROM %(source)s JOIN w ON %(join)s
                 WHERE %(where)s)
            SELECT r.key, %(value)s FILTER (WHERE r.entered_at <= r.entered_by),
                   %(value)s FILTER (WHERE r.entered_at > r.entered_by AND r.entered_after IS NULL), NULL
              FROM r WHERE r.share <> 0 GROUP BY r.key
            """,
            rows=rows,
            fact=SQL.identifier("discipline_fact"),
            column=column,
            share=self._sql_product_share(SQL("discipline_fact.res_id")),
            source=query.from_clause,
            join=self._sql_in_window(SQL.identifier("discipline_fact"), windows),
            where=query.where_clause or SQL("TRUE"),
            value=value,
        )

    def _sql_product_share(self, document: SQL) -> SQL:
        """The part of a document's amount that the lines of these products have."""
        _model, lines, inverse = LINES[self.fact_kind]
        self.env[lines].flush_model()
        products = self.env["product.product"].sudo().with_context(active_test=False)
        found = products._search(Domain(parse_domain(self.product_domain)), bypass_access=True)
        shown = SQL("l.display_type IS NULL" if lines == "sale.order.line" else "l.display_type = 'product'")
        return SQL(
            "(SELECT SUM(l.price_subtotal) FILTER (WHERE l.product_id IN %s) / NULLIF(SUM(l.price_subtotal), 0)"
            " FROM %s l WHERE l.%s = %s AND %s)",
            found.subselect(),
            SQL.identifier(self.env[lines]._table),
            SQL.identifier(inverse),
            document,
            shown,
        )


def parse_or_none(text: str | None):
    """The conditions in `text`, as far as they are any: an empty list is no condition."""
    return (text or "").strip() not in ("", "[]") and text
