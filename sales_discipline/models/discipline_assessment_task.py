from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.periods import local_date
from .sql_rows import sql_rows


class DisciplineAssessment(models.Model):
    """What experts have to assess: one pending assessment per metric, person and expert when a period ends; made and
    taken away in one statement each, from the cards that are open."""

    _inherit = "discipline.assessment"

    plan_id = fields.Many2one("discipline.plan", readonly=True, index="btree_not_null", ondelete="cascade")

    # ------------------------------------------------------------
    # The scheduled action's part
    # ------------------------------------------------------------

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """The work to do at `now`, as functions for a transaction each; none where nothing is assessed."""
        lines = self.env["discipline.plan.line"].sudo()
        if not lines.search_count([("metric_id.source", "=", "assessment")], limit=1):
            return []
        tasks = self.sudo()
        return [partial(tasks._update_tasks, now), partial(tasks._remind, now)]

    def _update_tasks(self, now: datetime) -> None:
        """Open what is to be assessed at `now`, drop what is not any more, and let the activities follow."""
        self._drop_tasks(now)
        self._open_tasks(now)
        self._close_activities(now)
        self._make_activities(now)

    @api.model
    def _open_tasks(self, now: datetime, plans=None, assessor=None) -> None:
        """Pending assessments for the cards whose period has ended but that are still open.

        :param plans: of these plans alone, and ahead of the end of the period
        :param assessor: of that expert alone
        """
        periods = self._get_open_periods(now, plans)
        if not periods:
            return
        names = ("plan_id", "date_from", "date_to", "due_date", "employee_id")
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO discipline_assessment AS a (metric_id, employee_id, company_id, assessor_id, plan_id, date_from,
                       date_to, due_date, state, create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (w.metric_id, w.employee_id, w.assessor_id, w.date_from, w.date_to)
                       w.metric_id, w.employee_id, w.company_id, w.assessor_id, w.plan_id, w.date_from,
                       w.date_to, v.due_date, 'pending', %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(wanted)s) w JOIN %(rows)s ON v.employee_id = w.employee_id AND v.plan_id = w.plan_id
                       AND v.date_from = w.date_from
                 WHERE %(who)s
                 ORDER BY w.metric_id, w.employee_id, w.assessor_id, w.date_from, w.date_to, w.trial
                ON CONFLICT (metric_id, employee_id, assessor_id, date_from, date_to)
                DO UPDATE SET plan_id = excluded.plan_id, due_date = excluded.due_date WHERE a.plan_id IS NULL
                """,
                uid=self.env.uid,
                now=now,
                wanted=self._sql_wanted(now),
                rows=sql_rows(self, names, periods),
                who=SQL("w.assessor_id = %s", assessor.id) if assessor else SQL("TRUE"),
            )
        )
        self.invalidate_model(flush=False)

    def _get_open_periods(self, now: datetime, plans) -> list[tuple]:
        """The open cards that are to be assessed at `now`: (plan, first day, last day, closing day, employee). A
        period that closes on its last day is assessed on that day, any other after it."""
        query = SQL(
            """
            SELECT c.plan_id, c.date_from, c.date_to, c.employee_id, c.deadline, c.tz FROM discipline_scorecard c
             WHERE c.state = 'open' AND c.deadline > %(now)s AND %(plans)s AND EXISTS (
                   SELECT FROM discipline_plan_line l JOIN discipline_metric m ON m.id = l.metric_id
                    WHERE l.plan_id = c.plan_id AND m.source = 'assessment' AND l.scope = 'own')
            """,
            now=now,
            plans=SQL("c.plan_id = ANY(%s)", plans.ids) if plans is not None else SQL("TRUE"),
        )
        found = []
        for plan_id, date_from, date_to, employee_id, deadline, zone in self.env.execute_query(query):
            due = local_date(deadline - timedelta(seconds=1), zone)
            today = local_date(now, zone)
            if plans is not None or today > date_to or today >= due:
                found.append((plan_id, date_from, date_to, due, employee_id))
        return found

    @api.model
    def _sql_wanted(self, now: datetime) -> SQL:
        """Who has to assess whom on what: every expert of a line for every open card, but nobody themselves."""
        return SQL(
            """
            SELECT l.metric_id, c.employee_id, c.company_id, e.user_id AS assessor_id, c.plan_id, c.date_from, c.date_to,
                   c.trial IS TRUE AS trial
              FROM discipline_scorecard c
              JOIN discipline_plan_line l ON l.plan_id = c.plan_id AND l.scope = 'own'
              JOIN discipline_metric m ON m.id = l.metric_id AND m.source = 'assessment'
             CROSS JOIN LATERAL (
                   SELECT r.res_users_id AS user_id FROM discipline_plan_line_assessor_rel r
                    WHERE r.discipline_plan_line_id = l.id
                    UNION
                   SELECT t.user_id FROM crm_team t WHERE l.assessed_by_leader AND t.id = c.team_id) e
              JOIN res_users u ON u.id = e.user_id AND u.active
             WHERE c.state = 'open' AND c.deadline > %s AND e.user_id <> c.user_id AND EXISTS (
                   SELECT FROM res_company_users_rel cu WHERE cu.user_id = u.id AND cu.cid = c.company_id)
            """,
            now,
        )

    def _drop_tasks(self, now: datetime) -> None:
        """Nobody has to assess who turned out not to work, or what they are no expert of any more; what has closed
        without a score stays to be seen."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM discipline_assessment a
                 WHERE a.state = 'pending' AND a.plan_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM discipline_scorecard c WHERE c.employee_id = a.employee_id
                       AND c.date_from = a.date_from AND c.date_to = a.date_to AND (c.state = 'frozen' OR c.deadline <= %s))
                   AND NOT EXISTS (SELECT FROM (%s) w WHERE w.metric_id = a.metric_id
                       AND w.employee_id = a.employee_id AND w.assessor_id = a.assessor_id
                       AND w.date_from = a.date_from AND w.date_to = a.date_to)
                """,
                now,
                self._sql_wanted(now),
            )
        )
        self.invalidate_model(flush=False)
