from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .discipline_morning import SHOWN

AHEAD = timedelta(days=10)  # so long before a month begins its targets should be there


class DisciplineMorning(models.AbstractModel):
    """What is missing for people to be scored at all: an employee, a plan, a card, targets, having read the rules."""

    _inherit = "discipline.morning"

    # ------------------------------------------------------------
    # People whom nothing counts for
    # ------------------------------------------------------------

    @api.model
    def _get_people(self) -> tuple:
        """Members of the teams that the reader looks after, but for the reader, and the employees that they are; read at
        once, so that nothing that follows asks for one of them alone."""
        members = self._get_members()
        users = members.user_id
        found = self.env["hr.employee"].sudo()
        found = found.search(
            [
                ("user_id", "in", (users | members.crm_team_id.user_id).ids),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        found.user_id.mapped("partner_id")
        found.mapped("work_contact_id")
        return members, found.filtered(lambda one: one.user_id in users)

    @api.model
    def _get_unscored(self, members, employees, since: date, today: date) -> dict:
        """Members of teams (and employees whom a plan names) who are not scored, each with why."""
        rows = self._get_unlinked(members - members.filtered(lambda one: one.user_id in employees.user_id))
        plans = self.env["discipline.plan"].sudo()
        plans = plans.search(
            [("state", "in", ("trial", "active")), ("company_id", "in", self.env.companies.ids)]
        )
        teams = employees._get_discipline_teams()
        by_period = {
            period: found._get_in_force(employees, today, teams)
            for period, found in plans.grouped("period").items()
        }
        planned = {employee_id for found in by_period.values() for employee_id in found}
        by_user = {member.user_id: member.crm_team_id for member in members}
        edit = ["plans"] if self._is_manager() else []
        unplanned = employees.filtered(lambda one: one.id not in planned)
        rows += [
            self._prepare_row(
                "hr.employee",
                employee.id,
                self.env._("No plan is in force for this person."),
                [*edit, "message"],
                **self._get_person(employee.user_id, employee, by_user[employee.user_id]),
            )
            for employee in unplanned.sorted("name")
        ]
        daily = by_period.get("day", {})
        rows += self._get_cardless(employees.filtered(lambda one: one.id in daily), daily, since, by_user)
        rows += self._get_without_login(plans) if self._is_manager() else []
        return self._prepare_section("unscored", len(rows), rows[:SHOWN])

    @api.model
    def _get_members(self):
        """Who is in the teams that the reader looks after, but for the reader."""
        domain = Domain("user_id", "!=", self.env.uid) & Domain("user_id.active", "=", True)
        domain &= Domain("crm_team_id.company_id", "in", [False, *self.env.companies.ids])
        domain &= Domain("user_id.company_ids", "in", self.env.companies.ids)
        if not self._is_manager():
            domain &= Domain("crm_team_id.user_id", "=", self.env.uid)
        return self.env["crm.team.member"].sudo().search(domain, order="id")

    @api.model
    def _get_unlinked(self, members) -> list[dict]:
        """Members of teams who are no employees: there is nobody to score."""
        by_user = {member.user_id: member.crm_team_id for member in members}
        text = self.env._("No employee is linked to this login, so nothing is scored.")
        may_open = self.env["hr.employee"].has_access("create")
        return [
            self._prepare_row(
                "res.users",
                user.id,
                text,
                ["employees", "message"] if may_open else ["message"],
                **self._get_person(user, team=team),
            )
            for user, team in by_user.items()
        ]

    @api.model
    def _get_cardless(self, employees, in_force: dict, since: date, teams: dict) -> list[dict]:
        """Those who should have a scorecard of the last working day, and have none."""
        cards = self.env["discipline.scorecard"].sudo()
        groups = cards._read_group(
            [("employee_id", "in", employees.ids), ("period", "=", "day"), ("date_from", "=", since)],
            ["employee_id"],
        )
        missing = employees - self.env["hr.employee"].sudo().concat(*(one for (one,) in groups))
        missing = missing.filtered(lambda one: in_force[one.id].date_from <= since)
        hours = missing._get_discipline_hours(since, since)
        day = format_date(self.env, since)
        return [
            self._prepare_row(
                "hr.employee",
                employee.id,
                self.env._(
                    "No scorecard of %(day)s, though a plan was in force and it was a working day.", day=day
                ),
                ["message"],
                **self._get_person(employee.user_id, employee, teams[employee.user_id]),
            )
            for employee in missing.sorted("name")
            if hours.get(employee.id)
        ]

    @api.model
    def _get_without_login(self, plans) -> list[dict]:
        """Employees whom a plan names, by themselves or by their job, and who have no login to be scored by."""
        named = plans.filtered("employee_ids").employee_ids.filtered(lambda one: not one.user_id)
        jobs = plans.filtered(lambda plan: plan.job_ids and not plan.employee_ids).job_ids
        if jobs:
            named |= named.search([("job_id", "in", jobs.ids), ("user_id", "=", False)])
        text = self.env._("A plan is meant for this employee, who has no login to be scored by.")
        actions = ["employees"] if self.env["hr.employee"].has_access("write") else []
        return [
            self._prepare_row("hr.employee", one.id, text, actions, person=one.name)
            for one in named.sorted("name")
        ]

    # ------------------------------------------------------------
    # Rules that nobody has read, targets that there are not
    # ------------------------------------------------------------

    @api.model
    def _get_unread(self) -> dict:
        """Who has not acknowledged a plan that is in force."""
        domain = Domain("acknowledged_at", "=", False) & Domain("plan_id.state", "in", ("trial", "active"))
        domain &= self._get_reach()
        count, found = self._find("discipline.plan.acknowledgement", domain, "create_date, id")
        rows = [
            self._prepare_row(
                one._name,
                one.id,
                one.plan_id.display_name,
                ["message"],
                **self._get_person(one.user_id, one.employee_id, one.team_id),
                note=self.env._("in force since %(day)s", day=format_date(self.env, one.plan_id.date_from)),
            )
            for one in found
        ]
        more = ("discipline_plan_acknowledgement_action", domain)
        return self._prepare_section("unread", count, rows, more)

    @api.model
    def _get_untargeted(self, members, day: date) -> dict:
        """Sales plans of the coming month that are missing where there was one the month before: a row a metric."""
        month = (day + AHEAD).replace(day=1)
        before = month - relativedelta(months=1)
        metric = self.env["discipline.metric"].sudo()
        mine = SQL(
            "(t.team_id = ANY(%s) OR t.employee_id IN (SELECT id FROM hr_employee WHERE user_id = ANY(%s)))",
            members.crm_team_id.ids,
            members.user_id.ids,
        )
        query = SQL(
            """
            SELECT t.metric_id, %(name)s AS name, COUNT(*) AS count,
                   (ARRAY_AGG(COALESCE(e.name, %(team)s, co.name) ORDER BY e.name, t.id))[:4] AS whose
              FROM discipline_target t
              JOIN discipline_metric m ON m.id = t.metric_id AND m.active
              JOIN res_company co ON co.id = t.company_id
              LEFT JOIN hr_employee e ON e.id = t.employee_id
              LEFT JOIN crm_team ct ON ct.id = t.team_id
             WHERE t.company_id = ANY(%(companies)s) AND t.period = 'month' AND t.date_from <= %(before)s
               AND t.date_to >= %(before)s AND e.active IS NOT FALSE AND ct.active IS NOT FALSE AND %(mine)s
               AND NOT EXISTS (
                   SELECT FROM discipline_target n
                    WHERE n.metric_id = t.metric_id AND n.company_id = t.company_id AND n.period = 'month'
                      AND n.scope = t.scope AND n.employee_id IS NOT DISTINCT FROM t.employee_id
                      AND n.team_id IS NOT DISTINCT FROM t.team_id
                      AND n.date_from <= %(month)s AND n.date_to >= %(month)s)
             GROUP BY t.metric_id, m.id ORDER BY m.sequence, m.id
            """,
            name=metric._field_to_sql("m", "name"),
            team=self.env["crm.team"].sudo()._field_to_sql("ct", "name"),
            companies=self.env.companies.ids,
            before=before,
            month=month,
            mine=SQL("TRUE") if self._is_manager() else mine,
        )
        found = self.env.execute_query_dict(query)
        label = format_date(self.env, month, date_format="LLLL yyyy")
        rows = []
        for row in found[:SHOWN]:
            names = ", ".join(row["whose"][:3])
            if row["count"] > 3:
                names = self.env._("%(names)s and %(n)s more", names=names, n=row["count"] - 3)
            rows.append(
                self._prepare_row(
                    "discipline.metric",
                    row["metric_id"],
                    names,
                    ["targets"],
                    person=row["name"],
                    note=self.env._("no target for %(month)s", month=label),
                    month=month,
                )
            )
        return self._prepare_section("untargeted", sum(row["count"] for row in found), rows)
