from datetime import date, datetime, time, timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

AROUND = timedelta(days=1, hours=2)  # a local day begins and ends within this of its UTC day
BOUNDS = {">=": (">=", -1), ">": (">=", -1), "<=": ("<", 1), "<": ("<", 1)}


class DisciplineFunnelReport(models.Model):
    """What makes the report quick on a long ledger: PostgreSQL is told which moments a condition on days is about, and
    deals are split over product categories only for whom it matters."""

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

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super()._search(self._bound(domain), *args, **kwargs)

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
    def _bound(self, domain) -> Domain:
        """The domain with each condition on the local `date` followed by what it implies for `happened_at`, which has
        an index."""
        self._set_jit_off()
        return Domain(domain).optimize(self).map_conditions(self._bound_condition)

    @api.model
    def _set_jit_off(self) -> None:
        """Once a transaction: PostgreSQL's estimates of these joins are far off, so compiling costs more than it saves."""
        if not self.env.cr.cache.get("discipline_jit_off"):
            self.env.cr.execute("SET LOCAL jit = off")
            self.env.cr.cache["discipline_jit_off"] = True

    @api.model
    def _bound_condition(self, condition) -> Domain:
        value = condition.value
        if (
            condition.field_expr != "date"
            or condition.operator not in BOUNDS
            or not isinstance(value, date)
            or isinstance(value, datetime)
        ):
            return condition
        operator, sign = BOUNDS[condition.operator]
        midnight = datetime.combine(value + timedelta(days=sign > 0), time.min)
        return condition & Domain("happened_at", operator, midnight + sign * AROUND)

    @api.model
    def _sql_shares(self) -> SQL:
        if self.env.context.get("funnel_whole"):
            return SQL(
                "SELECT NULL::int4 AS document, NULL::int4 AS categ_id, NULL::int4 AS number, NULL::numeric AS since,"
                " NULL::numeric AS upto WHERE FALSE"
            )
        return super()._sql_shares()
