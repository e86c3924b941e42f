from odoo import models
from odoo.tools import SQL


class DisciplineMetric(models.Model):
    """The built-in metrics of winning clients back: of the clients whom a call was planned with, credited to whom it was
    planned for. A client counts for the last campaign that they were in by then."""

    _inherit = "discipline.metric"

    def _get_builtin_records(self):
        return {
            **super()._get_builtin_records(),
            "winback_calls": "discipline.winback.client",
            "winback_customers": "discipline.winback.client",
            "winback_amount": "discipline.winback.client",
        }

    def _sql_winback(self, rows: SQL) -> SQL:
        """`t`: by window, the clients to be called in campaigns that touch it, with when they were first tried as known at
        the deadline (NULL: not by then)."""
        return SQL(
            """
            %(rows)s, t AS MATERIALIZED (
                SELECT w.key, w.start, w.stop, w.entered_by, r.id, r.partner_id, r.company_id, c.started_at, c.ends_at, (
                       SELECT MIN(x.first)
                         FROM (SELECT MIN(f.happened_at) FILTER (WHERE f.quantity > 0) AS first FROM discipline_fact f
                                WHERE f.partner_id = r.partner_id AND f.company_id = r.company_id
                                  AND f.kind = 'activity_done' AND f.happened_at > c.started_at
                                  AND f.happened_at < c.ends_at AND f.entered_at <= w.entered_by
                                GROUP BY f.source_id HAVING SUM(f.quantity) > 0) x) AS tried_at
                  FROM w
                  JOIN discipline_winback_client r ON r.user_id = w.user_id AND r.group = 'called'
                  JOIN discipline_winback_campaign c ON c.id = r.campaign_id AND c.started_at < w.stop
                       AND c.ends_at > w.start
                 WHERE w.entered_after IS NULL AND (w.company_id IS NULL OR r.company_id = w.company_id)
                   AND r.create_date <= w.as_of)
            """,
            rows=rows,
        )

    def _sql_winback_orders(self) -> SQL:
        """`o`: the orders of those clients confirmed after they were tried and within the days of the campaign, as known at
        the deadline, each for the last campaign by then."""
        return SQL(
            """
            o AS MATERIALIZED (
                SELECT t.key, t.start, t.stop, t.entered_by, t.id, t.partner_id, f.source_id, MIN(f.happened_at) AS first
                  FROM t
                  JOIN discipline_fact f ON f.partner_id = t.partner_id AND f.company_id = t.company_id
                       AND f.kind = 'order_confirmed' AND f.quantity > 0 AND f.is_transfer IS NOT TRUE
                       AND f.happened_at > t.tried_at AND f.happened_at < t.ends_at AND f.happened_at < t.stop
                       AND f.entered_at <= t.entered_by
                 WHERE NOT EXISTS (
                       SELECT FROM discipline_winback_client r2
                         JOIN discipline_winback_campaign c2 ON c2.id = r2.campaign_id
                        WHERE r2.partner_id = t.partner_id AND r2.company_id = t.company_id AND r2.group = 'called'
                          AND c2.started_at < f.happened_at
                          AND (c2.started_at, c2.id, r2.id) > (t.started_at, (
                               SELECT r1.campaign_id FROM discipline_winback_client r1 WHERE r1.id = t.id), t.id))
                 GROUP BY t.key, t.start, t.stop, t.entered_by, t.id, t.partner_id, f.source_id)
            """
        )

    def _measure_winback_calls(self, rows, windows) -> SQL:
        """Clients to be called who were first tried in the window."""
        return SQL(
            """
            %s SELECT t.key, COUNT(DISTINCT t.partner_id), 0, ARRAY_AGG(t.id ORDER BY t.id)
              FROM t WHERE t.tried_at >= t.start AND t.tried_at < t.stop GROUP BY t.key
            """,
            self._sql_winback(rows),
        )

    def _measure_winback_customers(self, rows, windows) -> SQL:
        """Clients whose first order after the call was confirmed in the window and stood at the deadline."""
        return SQL(
            """
            %(tried)s, %(orders)s, s AS (
                SELECT o.key, o.start, o.stop, o.id, o.partner_id, o.first
                  FROM o JOIN discipline_fact f ON f.kind = 'order_confirmed' AND f.source_id = o.source_id
                         AND f.is_transfer IS NOT TRUE AND f.entered_at <= o.entered_by AND f.happened_at < o.stop
                 GROUP BY o.key, o.start, o.stop, o.id, o.partner_id, o.source_id, o.first HAVING SUM(f.quantity) > 0),
            c AS (SELECT key, start, id, partner_id, MIN(first) AS first FROM s GROUP BY key, start, id, partner_id)
            SELECT key, COUNT(DISTINCT partner_id), 0, ARRAY_AGG(id ORDER BY id) FROM c WHERE first >= start GROUP BY key
            """,
            tried=self._sql_winback(rows),
            orders=self._sql_winback_orders(),
        )

    def _measure_winback_amount(self, rows, windows) -> SQL:
        """What those orders brought in the window: confirmed, changed and cancelled, each at its own date."""
        return SQL(
            """
            %(tried)s, %(orders)s
            SELECT o.key, SUM(f.amount), 0, ARRAY_AGG(DISTINCT o.id)
              FROM o JOIN discipline_fact f ON f.kind = 'order_confirmed' AND f.source_id = o.source_id
                     AND f.is_transfer IS NOT TRUE AND f.entered_at <= o.entered_by
                     AND f.happened_at >= o.start AND f.happened_at < o.stop AND f.happened_at >= o.first
             GROUP BY o.key
            """,
            tried=self._sql_winback(rows),
            orders=self._sql_winback_orders(),
        )
