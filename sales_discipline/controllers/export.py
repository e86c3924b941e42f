from odoo.addons.web.controllers.export import ExcelExport

from ..models.discipline_funnel_report import CONVERSIONS


class FunnelExport(ExcelExport):
    """Odoo's export of a grouped list takes the mean of a ratio; the funnel's is one sum by the other."""

    def from_group_data(self, fields, columns_headers, groups):
        if groups._model._name == "discipline.funnel.report":
            self._set_conversions(groups)
        return super().from_group_data(fields, columns_headers, groups)

    def _set_conversions(self, group):
        """Put the ratios of the sums that are exported with it into a group; without them it stays empty."""
        values = group.aggregated_values
        for name, (numerator, denominator) in CONVERSIONS.items():
            if name in values:
                below = values.get(denominator) or 0.0
                known = numerator in values and below > 0
                values[name] = 100.0 * values[numerator] / below if known else None
        for child in group.children.values():
            self._set_conversions(child)
