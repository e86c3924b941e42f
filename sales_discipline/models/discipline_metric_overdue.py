from odoo import api, models
from odoo.tools import SQL


class DisciplineMetric(models.Model):
    """Overdue activities as of the deadline, whatever was done to be rid of them before it."""

    _inherit = "discipline.metric"

    @api.model
    def _sql_overdue_activities(self, windows) -> SQL:
        """Activities open at some time in the windows that were due before their end, or that are among those
        `moved`: (id, user_id, company_id, res_model, res_id, deadline, since, until). The company of what is open
        now is that of its document."""
        return SQL(
            """
            SELECT id, user_id, NULL::int4 AS company_id, res_model, res_id, date_deadline AS deadline,
                   COALESCE(open_since, create_date) AS since, 'infinity'::timestamp AS until
              FROM mail_activity a
             WHERE a.active IS TRUE
               AND (%(overdue)s OR a.id IN (SELECT source_id FROM moved WHERE kind = 'activity_postponed'))
            UNION ALL
            SELECT res_id, user_id, company_id, NULL, NULL, deadline, date_from, date_to
              FROM discipline_span
             WHERE kind = 'activity' AND date_to > %(first)s AND date_from <= %(last)s
               AND (deadline < %(last_day)s OR res_id IN (SELECT source_id FROM moved WHERE kind = 'activity_postponed'))
            """,
            overdue=self.env["mail.activity"]._sql_is_overdue(
                SQL("a"), SQL("%s", max(window.last_day for window in windows))
            ),
            first=min(window.as_of for window in windows),
            last=max(window.as_of for window in windows),
            last_day=max(window.last_day for window in windows),
        )

    def _measure_activities_overdue(self, rows, windows) -> SQL:
        """Activities that were due before the window's last day and still open at the deadline.

        What is overdue at 18:00 cannot be emptied at 17:59. One that had come due and was moved on that day counts
        all the same. So does one that whoever had it deleted or handed over on that day, unless it was done by then;
        who got it has it from the next day on.
        """
        return SQL(
            """
            %(rows)s, moved AS MATERIALIZED (
                SELECT id, kind, source_id, user_id, company_id, happened_at, deadline,
                       (details->>'to_user')::int4 AS to_user
                  FROM discipline_fact
                 WHERE kind IN ('activity_postponed', 'activity_cancelled', 'activity_handed_over')
                   AND (kind = 'activity_postponed' OR details->>'own' = 'true')
                   AND happened_at >= %(first)s AND happened_at <= %(last)s),
            day AS (
                SELECT w.*, CASE WHEN w.first_day = w.last_day THEN w.start ELSE w.stop - interval '1 day' END AS morning,
                       u.company_id AS home_id
                  FROM w JOIN res_users u ON u.id = w.user_id WHERE w.entered_after IS NULL),
            overdue AS (
                SELECT w.key, a.id
                  FROM day w
                  JOIN (%(activities)s) a ON a.user_id = w.user_id AND a.since <= w.as_of AND a.until > w.as_of
                  LEFT JOIN moved m ON m.source_id = a.id AND m.kind = 'activity_postponed' AND m.deadline <= w.last_day
                       AND m.happened_at BETWEEN w.morning AND w.as_of
                 WHERE (a.deadline < w.last_day OR m.source_id IS NOT NULL)
                   AND (w.company_id IS NULL OR %(one)s OR w.company_id = COALESCE(a.company_id, CASE a.res_model
                        WHEN 'crm.lead' THEN (SELECT ld.company_id FROM crm_lead ld WHERE ld.id = a.res_id)
                        WHEN 'sale.order' THEN (SELECT so.company_id FROM sale_order so WHERE so.id = a.res_id)
                        END, w.home_id))
                   AND NOT EXISTS (SELECT 1 FROM moved h WHERE h.source_id = a.id AND h.kind = 'activity_handed_over'
                                      AND h.to_user = w.user_id AND h.happened_at BETWEEN w.morning AND w.as_of)
                 UNION
                SELECT w.key, m.source_id
                  FROM day w
                  JOIN moved m ON m.user_id = w.user_id AND m.kind <> 'activity_postponed' AND m.deadline < w.last_day
                       AND m.happened_at BETWEEN w.morning AND w.as_of
                       AND (w.company_id IS NULL OR m.company_id = w.company_id)
                 WHERE NOT EXISTS (SELECT 1 FROM discipline_fact f WHERE f.kind = 'activity_done'
                                      AND f.source_id = m.source_id AND f.quantity > 0 AND f.happened_at <= w.as_of)
                   AND NOT EXISTS (SELECT 1 FROM moved h WHERE h.source_id = m.source_id AND h.to_user = w.user_id
                                      AND h.id < m.id AND h.happened_at >= w.morning))
            SELECT key, COUNT(*), 0, ARRAY_AGG(id ORDER BY id) FROM overdue GROUP BY key
            """,
            rows=rows,
            first=min(window.start for window in windows),
            last=max(window.as_of for window in windows),
            activities=self._sql_overdue_activities(windows),
            # where there is but one company no document has to be asked for it
            one=SQL("(SELECT COUNT(*) FROM res_company) = 1"),
        )
