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
        return self._sql_time(
            rows,
            SQL("100.0 * SUM(minutes) FILTER (WHERE in_time AND kind <> 'selling')"),
            SQL("/ NULLIF(SUM(minutes) FILTER (WHERE in_time), 0)"),
        )

    def _measure_time_selling_minutes(self, rows, windows) -> SQL:
        """Minutes of selling; 0 if all that was entered is something else, no data without an entry."""
        return self._sql_time(
            rows,
            SQL("SUM(minutes) FILTER (WHERE in_time AND kind = 'selling')"),
            SQL("+ 0 * COUNT(*)"),
        )

    def _sql_time(self, rows: SQL, value: SQL, of: SQL) -> SQL:
        """(key, value, late, ids) of the entries `e` of each window; `late` is a number of entries."""
        return SQL(
            """
            %(rows)s, e AS (
                SELECT w.key, e.id, e.kind, e.minutes, w.entered_after,
                       e.entered_at <= w.entered_by AND (e.removed_at IS NULL OR e.removed_at > w.entered_by) AS in_time
                  FROM w
                  JOIN discipline_time_entry e ON e.user_id = w.user_id AND e.date BETWEEN w.first_day AND w.last_day
                       AND (w.company_id IS NULL OR e.company_id = w.company_id)
                 WHERE e.minutes > 0 AND (e.entered_at <= w.entered_by OR e.active)
                   AND (w.entered_after IS NULL OR e.entered_at > w.entered_after))
            SELECT key, %(value)s %(of)s,
                   COUNT(*) FILTER (WHERE NOT in_time AND entered_after IS NULL),
                   ARRAY_AGG(id ORDER BY id) FILTER (WHERE in_time)
              FROM e GROUP BY key
            """,
            rows=rows,
            value=value,
            of=of,
        )
