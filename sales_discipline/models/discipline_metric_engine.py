from odoo import api, models
from odoo.tools import SQL

from ..tools.windows import Measure, Window
from .sql_rows import sql_shared

ZERO = Measure(0.0)
NO_DATA = Measure(None)
# Up to here all metrics come in one SQL statement, for a page that somebody waits for; above, a statement a metric
# lets PostgreSQL plan for thousands of windows and give back the memory of each.
FEW_WINDOWS = 50

WINDOW_COLUMNS = {
    "key": "int4",
    "user_id": "int4",
    "company_id": "int4",
    "start": "timestamp",
    "stop": "timestamp",
    "entered_by": "timestamp",
    "entered_after": "timestamp",
    "first_day": "date",
    "last_day": "date",
    "as_of": "timestamp",
}


class DisciplineMetric(models.Model):
    """The engine: counts metrics for all people and all windows at once. It reads, and writes nothing.

    What each source or built-in metric counts is a SELECT of (key, value, late, ids) by its method `_measure_<...>`
    (discipline_metric_measure.py, discipline_metric_builtin.py); here they are asked, and ratios made of them.
    """

    _inherit = "discipline.metric"

    def _measure(self, windows: list[Window]) -> dict[tuple[int, object], Measure]:
        """Count these metrics in each of the windows.

        Windows are joined in as rows, so each may have bounds of its own (time zones, deadlines); people
        without facts get 0, and None means that there is no data. Runs as superuser: the caller says whose
        numbers it wants, and who may see them is a matter of the records they are stored in.

        :return: `{(metric id, window key): Measure}`, complete
        """
        return {
            (metric_id, key): measure
            for metric_id, measures in self._measure_each(windows).items()
            for key, measure in measures.items()
        }

    def _measure_each(self, windows: list[Window]) -> dict[int, dict[object, Measure]]:
        """The same as `{metric id: {window key: Measure}}`."""
        keys = list(dict.fromkeys(window.key for window in windows))
        if not (keys and self):
            return {}
        metrics = self.sudo()
        found = metrics._get_parts()._count(windows, {key: index for index, key in enumerate(keys)})
        for metric in metrics:
            metric._measure_formula(found)
        result = {}
        for metric in metrics:
            default, measures = metric._get_default_measure(), found[metric.id]
            result[metric.id] = {key: measures.get(index, default) for index, key in enumerate(keys)}
        return result

    def _get_default_measure(self) -> Measure:
        """What somebody gets of whom nothing was found."""
        return NO_DATA if self.source in ("formula", "assessment") or self.aggregate == "avg" else ZERO

    def _get_parts(self):
        """The metrics to count, each once: these that are no formulas, and what formulas are made of."""
        seen, todo = self.browse(), self
        while todo:
            seen |= todo
            formulas = todo.filtered(lambda metric: metric.source == "formula")
            todo = (formulas.numerator_id | formulas.denominator_id) - seen
        return seen.filtered(lambda metric: metric.source != "formula")

    def _count(self, windows: list[Window], index: dict) -> dict[int, dict[int, Measure]]:
        """Count metrics that are no formulas: `{metric id: {index of the window's key: Measure}}` of those with
        something to count. One statement for few windows, else one a metric."""
        found = {metric.id: {} for metric in self}
        body = self._sql_windows(windows, index)
        if len(windows) <= FEW_WINDOWS and len(self) > 1:
            statements = [self._sql_combined(body, windows)] if self else []
        else:
            statements = [metric._sql_metric(SQL("WITH w AS (%s)", body), windows) for metric in self]
        self.env.flush_all()
        nothing = {
            metric.id: metric._get_default_measure().value for metric in self
        }  # who has late facts only
        for statement in statements:
            for metric_id, key, value, late, ids in self.env.execute_query(statement):
                value = nothing[metric_id] if value is None else value
                found[metric_id][key] = Measure(value, late or 0.0, tuple(ids or ()))
        return found

    @api.model
    def _sql_windows(self, windows: list[Window], index: dict) -> SQL:
        """The windows as a SELECT of WINDOW_COLUMNS, a row a window and user."""
        rows = [
            (
                index[w.key],
                user_id,
                w.company_id,
                start,
                stop,
                w.entered_by,
                w.entered_after,
                w.first_day,
                w.last_day,
                as_of,
            )
            for w in windows
            for user_id, start, stop, as_of in w.get_parts()
        ]
        return SQL(
            "SELECT * FROM %s", sql_shared([*WINDOW_COLUMNS], [*WINDOW_COLUMNS.values()], rows, 2, "w")
        )

    def _sql_metric(self, rows: SQL, windows: list[Window]) -> SQL:
        """One metric as a SELECT of (metric, key, value, late, ids), all of one type whatever the source says.

        :param rows: how the statement begins: WITH, and the windows as the common table `w`
        """
        self.ensure_one()
        count = self._get_builtin() or getattr(self, f"_measure_{self.source}")
        return SQL(
            "SELECT %s, m.key, m.value::float8, m.late::float8, m.ids::int4[] FROM (%s) AS m(key, value, late, ids)",
            self.id,
            count(rows, windows),
        )

    def _sql_combined(self, body: SQL, windows: list[Window]) -> SQL:
        """All these metrics in one statement, in which the windows are written down once."""
        rows = SQL("WITH w AS (SELECT * FROM windows)")
        metrics = [metric._sql_metric(rows, windows) for metric in self]
        return SQL("WITH windows AS (%s) %s", body, SQL(" UNION ALL ").join(metrics))

    def _measure_formula(self, found: dict[int, dict[int, Measure]]) -> None:
        """Put the ratio that this metric is, and ratios that it is made of, beside what was `found`: numerator by
        denominator, in percent if that is the unit; no data without a denominator."""
        if self.id in found:
            return
        for part in (self.numerator_id, self.denominator_id):
            part._measure_formula(found)
        above, below = found[self.numerator_id.id], found[self.denominator_id.id]
        factor = 100.0 if self.unit == "percent" else 1.0
        default = self.numerator_id._get_default_measure()
        found[self.id] = {
            index: Measure(factor * above.get(index, default).value / measure.value)
            for index, measure in below.items()
            if measure.value and above.get(index, default).value is not None
        }
