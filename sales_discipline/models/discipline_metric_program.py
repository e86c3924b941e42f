from odoo import models
from odoo.tools import SQL


class DisciplineMetric(models.Model):
    """The built-in metrics of what is agreed with clients: sales programs and forecast agreements."""

    _inherit = "discipline.metric"

    def _get_builtin_records(self):
        return {
            **super()._get_builtin_records(),
            "forecast_attainment": "discipline.forecast",
            "program_clients_ordered": "discipline.program.client",
        }

    def _measure_forecast_attainment(self, rows, windows) -> SQL:
        """Sales in percent of what was agreed, of all agreements together whose quarter ends in the window; what was
        entered in time counts. No data where no quarter ends."""
        return SQL(
            """
            %(rows)s, a AS (
                SELECT w.key, c.id, c.amount, SUM(f.amount) FILTER (WHERE f.entered_at <= w.entered_by) AS actual
                  FROM w
                  JOIN discipline_forecast c ON c.user_id = w.user_id AND c.date_to BETWEEN w.first_day AND w.last_day
                       AND c.state <> 'draft' AND c.agreed_at <= w.as_of AND c.amount > 0
                       AND (w.company_id IS NULL OR c.company_id = w.company_id)
                  LEFT JOIN discipline_fact f ON f.partner_id = c.partner_id AND f.kind = 'order_confirmed'
                       AND f.company_id = c.company_id AND f.is_transfer IS NOT TRUE
                       AND f.happened_at >= c.starts_at AND f.happened_at < c.ends_at
                 WHERE w.entered_after IS NULL
                 GROUP BY w.key, c.id, c.amount)
            SELECT key, 100 * COALESCE(SUM(actual), 0) / SUM(amount), 0, ARRAY_AGG(id ORDER BY id) FROM a GROUP BY key
            """,
            rows=rows,
        )

    def _measure_program_clients_ordered(self, rows, windows) -> SQL:
        """Clients of sales programs who gave the person an order in the window and within the program's days, and did
        not cancel it in it; each once. Who came into the group after the deadline does not count."""
        return SQL(
            """
            %(rows)s, o AS (
                SELECT w.key, c.id, c.partner_id, SUM(f.quantity) FILTER (WHERE f.entered_at <= w.entered_by) AS orders,
                       SUM(f.quantity) FILTER (WHERE f.entered_at > w.entered_by AND w.entered_after IS NULL) AS late
                  FROM discipline_fact f JOIN w ON %(join)s
                  JOIN discipline_program_client c ON c.partner_id = f.partner_id AND c.company_id = f.company_id
                       AND c.added_at <= w.entered_by
                  JOIN discipline_program p ON p.id = c.program_id
                       AND f.happened_at >= p.starts_at AND f.happened_at < p.ends_at
                 WHERE f.kind = 'order_confirmed'
                 GROUP BY w.key, c.id, c.partner_id)
            SELECT key, COUNT(DISTINCT partner_id) FILTER (WHERE orders > 0.0000005),
                   COUNT(DISTINCT partner_id) FILTER (WHERE late > 0.0000005 AND COALESCE(orders, 0) <= 0),
                   ARRAY_AGG(id ORDER BY id) FILTER (WHERE orders > 0.0000005)
              FROM o GROUP BY key
            """,
            rows=rows,
            join=self._sql_in_window(SQL("f"), windows),
        )
