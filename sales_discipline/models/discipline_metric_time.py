from odoo import models
from odoo.tools import SQL


class DisciplineMetric(models.Model):
    """The built-in metrics of time studies: what people have entered of their working time. As of a deadline counts what
    was entered by then and not yet removed or corrected."""

    _inherit = "discipline.metric"

    def _get_builtin_records(self):
        entries = dict.fromkeys(("time_nonselling_share", "time_selling_minutes"), "discipline.time.entry")
        return {**super()._get_builtin_records(), **entries}

    def _measure_time_nonselling_share(self, rows, windows) -> SQL:
        """How many percent of the minutes entered were not selling. No data without an entry."""
        idle = SQL("COALESCE(SUM(minutes) FILTER (WHERE in_time AND kind <> 'selling'), 0)")
        return self._sql_time(rows, SQL("100.0 * %s / SUM(minutes) FILTER (WHERE in_time)", idle))

    def _measure_time_selling_minutes(self, rows, windows) -> SQL:
        """Minutes of selling; 0 if all that was entered is something else, no data without an entry."""
        return self._sql_time(
            rows, SQL("COALESCE(SUM(minutes) FILTER (WHERE in_time AND kind = 'selling'), 0)")
        )

    def _sql_time(self, rows: SQL, value: SQL) -> SQL:
        """(key, value, late, ids) of the entries of each window; `late` is a number of entries.

        :param value: of the entries `e` of a window, if one of them was there in time
        """
        return SQL(
            """
            %(rows)s, e AS (
                SELECT w.key, e.id, e.kind, e.minutes,
                       e.active AND e.entered_at > w.entered_by AND w.entered_after IS NULL AS is_late,
                       e.entered_at <= w.entered_by AND (e.removed_at IS NULL OR e.removed_at > w.entered_by) AS in_time
                  FROM w
                  JOIN discipline_time_entry e ON e.user_id = w.user_id AND e.date BETWEEN w.first_day AND w.last_day
                       AND (w.company_id IS NULL OR e.company_id = w.company_id)
                 WHERE e.minutes > 0 AND (e.entered_at <= w.entered_by OR e.active)
                   AND (w.entered_after IS NULL OR e.entered_at > w.entered_after))
            SELECT key, CASE WHEN BOOL_OR(in_time) THEN %(value)s END, COUNT(*) FILTER (WHERE is_late),
                   ARRAY_AGG(id ORDER BY id) FILTER (WHERE in_time)
              FROM e GROUP BY key
            """,
            rows=rows,
            value=value,
        )
