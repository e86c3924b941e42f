from odoo import api, models
from odoo.tools import SQL

# whose to-dos are done by themselves when the document is decided on
DECIDED = ("discipline.appeal", "discipline.task")
SHOWN = 30  # of each list; the rest is a click away


class DisciplineScorecard(models.Model):
    """What waits for the reader in the CRM, on the page 'My Day': activities that are due, and deals without a next
    step. It is what the indicators of that name count, of one's own and as of now."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_day_todo(self, today) -> dict:
        """:return: dict of `overdue`, `planned` (for today) and `stepless`, each a dict of `count` and `rows`, at most
        SHOWN: see `_get_day_activities` and `_get_day_deals`"""
        activities = self._get_day_activities(today)
        return {
            "overdue": self._prepare_day_list([row for row in activities if row["is_overdue"]]),
            "planned": self._prepare_day_list([row for row in activities if not row["is_overdue"]]),
            "stepless": self._prepare_day_list(self._get_day_deals()),
        }

    @api.model
    def _prepare_day_list(self, rows: list[dict]) -> dict:
        count = rows[0]["total"] if rows else 0
        for row in rows:
            del row["total"]
        return {"count": count, "rows": rows}

    @api.model
    def _get_day_activities(self, today) -> list[dict]:
        """The reader's activities that are due, the longest overdue first, today's by the hour of their meetings.

        :return: dicts of `id`, `activity_type_id`, `type`, `icon`, `category`, `summary`, `date_deadline`, `res_model`,
            `res_id`, `name` (of the document), `partner`, `phone`, `start` (UTC, of a meeting), `postponed` (how often),
            `step_id` (of a regulation), `rule` (its name), `rules` (what to do, in HTML), `due_at` (UTC), `is_decided`
            (done by itself when the document is decided on), `is_overdue`, and `place` and `total` in the list
        """
        types = self.env["mail.activity.type"].sudo()
        query = SQL(
            """
            WITH own AS (
                SELECT a.id, a.activity_type_id, a.summary, a.date_deadline, a.res_model, a.res_id, a.res_name AS name,
                       a.discipline_step_id AS step_id, CASE WHEN a.discipline_step_id IS NOT NULL THEN a.note END AS rules,
                       rs.regulation_id, rs.due_at,
                       a.res_model IN %(decided)s OR a.activity_type_id = %(assessment)s AS is_decided,
                       COALESCE(a.postponed_count, 0) AS postponed, a.date_deadline < %(today)s AS is_overdue,
                       CASE WHEN ce.allday IS NOT TRUE THEN ce.start END AS start
                  FROM mail_activity a
                  LEFT JOIN calendar_event ce ON ce.id = a.calendar_event_id
                  LEFT JOIN discipline_regulation_step rs ON rs.id = a.discipline_step_id
                 WHERE a.user_id = %(uid)s AND a.active IS TRUE AND a.date_deadline <= %(today)s),
            due AS (
                SELECT own.*, COUNT(*) OVER (PARTITION BY is_overdue) AS total,
                       ROW_NUMBER() OVER (PARTITION BY is_overdue ORDER BY date_deadline, COALESCE(start, due_at), id) AS place
                  FROM own)
            SELECT d.*, %(rule)s AS rule, %(type)s AS type, COALESCE(t.icon, 'fa-tasks') AS icon, t.category,
                   COALESCE(ld.phone, pa.phone) AS phone, COALESCE(pa.complete_name, ld.partner_name) AS partner
              FROM due d
              LEFT JOIN mail_activity_type t ON t.id = d.activity_type_id
              LEFT JOIN discipline_regulation rg ON rg.id = d.regulation_id
              LEFT JOIN crm_lead ld ON d.res_model = 'crm.lead' AND ld.id = d.res_id AND ld.id IN %(leads)s
              LEFT JOIN res_partner pa ON pa.id IN %(partners)s
                   AND pa.id = CASE d.res_model WHEN 'res.partner' THEN d.res_id ELSE ld.partner_id END
             WHERE d.place <= %(shown)s
             ORDER BY d.is_overdue DESC, d.place
            """,
            today=today,
            uid=self.env.uid,
            decided=DECIDED,
            assessment=self.env["discipline.assessment"]._get_activity_type() or 0,
            rule=self.env["discipline.regulation"].sudo()._field_to_sql("rg", "name"),
            type=types._field_to_sql("t", "name"),
            leads=self._sql_readable("crm.lead"),
            partners=self._sql_readable("res.partner"),
            shown=SHOWN,
        )
        return self.env.execute_query_dict(query)

    @api.model
    def _get_day_deals(self) -> list[dict]:
        """The reader's open opportunities for which nobody has anything planned, the largest first.

        :return: dicts of `id`, `name`, `partner`, `phone`, `stage`, `amount`, `currency_id`, `total`
        """
        query = SQL(
            """
            SELECT ld.id, ld.name, COALESCE(pa.complete_name, ld.partner_name) AS partner, ld.phone, %(stage)s AS stage,
                   ld.expected_revenue AS amount, co.currency_id, COUNT(*) OVER () AS total
              FROM crm_lead ld
              JOIN res_users u ON u.id = ld.user_id
              JOIN res_company co ON co.id = COALESCE(ld.company_id, u.company_id)
              LEFT JOIN crm_stage st ON st.id = ld.stage_id
              LEFT JOIN res_partner pa ON pa.id = ld.partner_id AND pa.id IN %(partners)s
             WHERE co.id = ANY(%(companies)s) AND ld.id IN %(stepless)s
             ORDER BY ld.expected_revenue DESC NULLS LAST, ld.id LIMIT %(shown)s
            """,
            stage=self.env["crm.stage"].sudo()._field_to_sql("st", "name"),
            companies=self.env.companies.ids,
            stepless=self._sql_readable(
                "crm.lead", [("user_id", "=", self.env.uid), ("discipline_no_step", "=", True)]
            ),
            partners=self._sql_readable("res.partner"),
            shown=SHOWN,
        )
        return self.env.execute_query_dict(query)

    @api.model
    def _sql_readable(self, name: str, domain=()) -> SQL:
        """The ids of the records of that model that the reader may read, of those that fit the domain."""
        model = self.env[name].with_context(active_test=False)
        if not model.has_access("read"):
            return SQL("(NULL)")
        return model._search(list(domain)).subselect()
