from odoo import models
from odoo.fields import Command

from ..demo_company import rules
from ..demo_company.calendar import DAY
from ..demo_company.people import PEOPLE, TEAMS
from ..demo_company.plans import add_months, plan_sales
from ..demo_company.simulation import SEASON


class DisciplineDemo(models.AbstractModel):
    """The plans of the demo company and its sales plans."""

    _inherit = "discipline.demo"

    def _get_metric(self, code):
        """A metric by its code, shipped or the company's own."""
        domain = [("code", "=", code), ("company_id", "in", (False, self.env.company.id))]
        return self.env["discipline.metric"].search(domain, limit=1)

    def _prepare_daily_lines(self, rows, scope="own"):
        """The lines of a daily or a weekly plan, of rows as in `rules.CONTROLLED`."""
        return self._prepare_lines([("standard", scope, *row) for row in rows])

    def _prepare_lines(self, rows):
        """Lines of rows as in `rules.MONTHLY`, by category."""
        categories = ("kpi", "standard", "smart")
        return [
            Command.create(
                {
                    "sequence": index,
                    "metric_id": self._get_metric(code).id,
                    "target": target,
                    "points_done": done,
                    "points_missed": missed,
                    "weight": weight,
                    "yellow_from": yellow,
                    "scope": scope,
                    "category": category,
                    **self._prepare_experts(code),
                }
            )
            for index, (category, scope, code, target, done, missed, weight, yellow) in enumerate(
                sorted(rows, key=lambda row: categories.index(row[0])), 1
            )
        ]

    def _prepare_experts(self, code):
        """Who assesses, if the metric is assessed."""
        if code not in rules.ASSESSED:
            return {}
        _name, _description, by_leader, logins = rules.ASSESSED[code]
        users = self._get_users()
        return {
            "assessed_by_leader": by_leader,
            "assessor_ids": [Command.set([users[login].id for login in logins])],
        }

    def _make_plans(self, calendar, users):
        """Two daily plans, a weekly one for the leaders, and the months of everybody and of the leaders: plans,
        which are drafts yet."""
        self._make_assessed_metrics()
        hunters = self._get_teams()["new"]
        leaders = self._get_leaders(users)
        common = {"company_id": self.env.company.id, "date_from": calendar.recent}
        monday = calendar.recent + (-calendar.recent.weekday() % 7) * DAY
        plans = self.env["discipline.plan"].create(
            [
                {
                    **common,
                    "name": "Daily discipline",
                    "period": "day",
                    "line_ids": self._prepare_daily_lines(rules.CALLS + rules.CONTROLLED),
                },
                {
                    **common,
                    "name": "Daily discipline, New Business",
                    "period": "day",
                    "team_ids": [Command.set(hunters.ids)],
                    "ask_report": True,
                    "line_ids": self._prepare_daily_lines(rules.HUNTING + rules.CONTROLLED),
                },
                {
                    **common,
                    "name": "Team week",
                    "period": "week",
                    "date_from": monday,
                    "employee_ids": [Command.set(leaders.ids)],
                    "line_ids": self._prepare_daily_lines(rules.WEEKLY, scope="team"),
                },
            ]
        )
        plans |= self._make_monthly_plan(
            calendar, {"name": "Monthly KPIs"}, rules.MONTHLY, rules.MONTHLY_SINCE_BILLED
        )
        plans |= self._make_monthly_plan(
            calendar,
            {"name": "Monthly KPIs, team leaders", "employee_ids": [Command.set(leaders.ids)]},
            rules.LEADERS,
            rules.LEADERS_SINCE_BILLED,
        )
        return plans

    def _make_monthly_plan(self, calendar, values, lines, more_lines):
        """A monthly plan, whose second version knows of invoices and of assessments: both versions."""
        first = calendar.start.replace(day=1)
        plan = self.env["discipline.plan"].create(
            {
                "company_id": self.env.company.id,
                "period": "month",
                "date_from": first,
                "close_delay_days": 2,
                "completion_cap": 120,
                "line_ids": self._prepare_lines(lines),
                **values,
            }
        )
        if calendar.billed <= first:
            plan.line_ids = [Command.clear(), *self._prepare_lines(lines + more_lines)]
            return plan
        version = plan._create_version(calendar.billed)
        version.line_ids = [Command.clear(), *self._prepare_lines(lines + more_lines)]
        return plan | version

    def _make_assessed_metrics(self):
        self.env["discipline.metric"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "description": description,
                    "source": "assessment",
                    "unit": "score",
                    "company_id": self.env.company.id,
                }
                for code, (name, description, _leader, _experts) in rules.ASSESSED.items()
            ]
        )

    def _get_teams(self):
        """The sales teams by key."""
        teams = self.env["crm.team"].search([("company_id", "=", self.env.company.id)])
        by_name = {team.name: team for team in teams}
        return {key: by_name[name] for key, name in TEAMS.items()}

    def _get_employees(self, users):
        """Employees of the salespeople by key."""
        found = self.env["hr.employee"].search([("user_id", "in", [user.id for user in users.values()])])
        by_user = {employee.user_id: employee for employee in found}
        return {person.key: by_user[users[person.key]] for person in PEOPLE}

    def _get_leaders(self, users):
        employees = self._get_employees(users)
        return self.env["hr.employee"].union(*(employees[person.key] for person in PEOPLE if person.leader))

    # ------------------------------------------------------------
    # Sales plans
    # ------------------------------------------------------------

    def _make_targets(self, story, users):
        """Sales plans by the month: of each person, of each team, which asks for somewhat more than its people have
        agreed to, and of the company."""
        employees, teams = self._get_employees(users), self._get_teams()
        self.env.company.discipline_seasonal_months = ", ".join(map(str, sorted(SEASON)))
        plans = plan_sales(story)
        values, totals = [], {}
        for person in PEOPLE:
            for month, amount in plans[person.key].items():
                values.append({"date_from": month, "employee_id": employees[person.key].id, "amount": amount})
                totals[person.team, month] = totals.get((person.team, month), 0) + amount
        company = {}
        for (key, month), amount in totals.items():
            amount = round(amount * (1.05 if key == "key" else 1.0), -3)
            values.append({"date_from": month, "team_id": teams[key].id, "scope": "team", "amount": amount})
            company[month] = company.get(month, 0) + amount
        for month, amount in company.items():
            values.append({"date_from": month, "scope": "company", "amount": round(amount * 1.02, -4)})
        common = {
            "metric_id": self._get_metric("sales_confirmed").id,
            "company_id": self.env.company.id,
            "scope": "own",
            "period": "month",
        }
        self.env["discipline.target"].create(
            [{**common, **vals, "date_to": add_months(vals["date_from"], 1) - DAY} for vals in values]
        )
