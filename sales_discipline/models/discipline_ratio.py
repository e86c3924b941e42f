from odoo import models
from odoo.tools import SQL


class DisciplineRatioMixin(models.AbstractModel):
    """Percentages of a report. Of a group they are the one sum by the other, whatever it is grouped by, and never a mean
    of ratios; no data without anything to divide by."""

    _name = "discipline.ratio.mixin"
    _description = "Ratios of Sums"

    # ratio: (what comes out, of what), two columns of the report's query
    _ratios = {}

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if name not in self._ratios or function in ("count", "count_distinct", "array_agg"):
            return super()._read_group_select(aggregate_spec, query)
        out, of = (self._field_to_sql(self._table, part, query) for part in self._ratios[name])
        return SQL("100.0 * SUM(%s) / NULLIF(GREATEST(SUM(%s), 0), 0)", out, of)
