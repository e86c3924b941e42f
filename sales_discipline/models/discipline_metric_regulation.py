from odoo import models
from odoo.tools import SQL


class DisciplineMetric(models.Model):
    """The built-in metric of how well the rules of working with clients are kept."""

    _inherit = "discipline.metric"

    def _get_builtin_records(self):
        return {**super()._get_builtin_records(), "rules_compliance": "discipline.regulation.step"}

    def _measure_rules_compliance(self, rows, windows) -> SQL:
        """How many percent of the steps that came due in the window were done in time, as it stood at the deadline; what
        was no longer needed before it was due is left out, what was skipped is not kept. No data if nothing came due."""
        return SQL(
            """
            %(rows)s
            SELECT w.key, 100.0 * COUNT(*) FILTER (WHERE s.state = 'done' AND s.closed_at < s.due_at
                                                     AND s.closed_at <= w.entered_by) / COUNT(*),
                   0, ARRAY_AGG(s.id)
              FROM w
              JOIN discipline_regulation_step s ON s.user_id = w.user_id AND s.date_due BETWEEN w.first_day AND w.last_day
                   AND s.create_date <= w.as_of
             WHERE w.entered_after IS NULL AND (w.company_id IS NULL OR s.company_id = w.company_id)
               AND (s.state <> 'stopped' OR s.closed_at > w.as_of OR s.closed_at >= s.due_at)
             GROUP BY w.key
            """,
            rows=rows,
        )
