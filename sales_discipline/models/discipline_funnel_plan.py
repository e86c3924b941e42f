from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class DisciplineFunnelReport(models.Model):
    """What makes the report quick on a long ledger: deals are split over product categories only for whom it matters."""

    _inherit = "discipline.funnel.report"

    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        report = self
        if "__count" not in aggregates:  # which counts rows, and a list shows them split
            report = self._as_whole(domain, [*groupby, *aggregates], having, order)
        return super(DisciplineFunnelReport, report)._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        asked = [*(spec for groupby in grouping_sets for spec in groupby), *aggregates]
        report = self._as_whole(domain, asked, (), order)
        return super(DisciplineFunnelReport, report)._read_grouping_sets(
            domain, grouping_sets, aggregates, order
        )

    def _as_whole(self, domain, specs, having, order):
        """The report without product categories if nobody asks for them: the same sums, for the parts of a deal add up
        to the whole."""
        asked = [*specs, *(order or "").replace(",", " ").split()]
        asked += [
            condition.field_expr for part in (domain, having) for condition in Domain(part).iter_conditions()
        ]
        if any(str(name).startswith(("categ_id", "id")) for name in asked):
            return self
        return self.with_context(funnel_whole=True)

    @api.model
    def _sql_shares(self) -> SQL:
        if self.env.context.get("funnel_whole"):
            return SQL(
                "SELECT NULL::int4 AS document, NULL::int4 AS categ_id, NULL::int4 AS number, NULL::numeric AS since,"
                " NULL::numeric AS upto WHERE FALSE"
            )
        return super()._sql_shares()
