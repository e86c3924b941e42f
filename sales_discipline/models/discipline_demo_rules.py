from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Command

from ..demo_company.calendar import DAY
from ..demo_company.people import MANAGER, PAYROLL, PEOPLE, TEAMS

# metric, target, points if done, points if missed, weight, yellow from (%)
CONTROLLED = [  # the daily table: what earns points, and what is only looked at
    ("meetings_done", 1, 1, -2, 15, 80),
    ("proposals_sent", 1, 1, -2, 15, 80),
    ("companies_added", 1, 1, -2, 10, 80),
    ("activities_overdue", 0, 1, -2, 15, 100),
    ("deals_without_activity", 0, 1, -2, 15, 100),
    ("deals_won", 0, 0, 0, 0, 100),
    ("deals_won_amount", 0, 0, 0, 0, 100),
    ("deals_lost", 1, 0, 0, 0, 50),
    ("deals_open", 5, 0, 0, 0, 80),
]
CALLS = [("calls_done", 5, 1, -2, 30, 80)]
HUNTING = [("calls_cold", 4, 1, -2, 20, 75), ("calls_warm", 2, 1, -2, 10, 80)]
WEEKLY = [
    ("opportunities_new", 7, 3, -3, 30, 80),
    ("deals_won", 3, 5, 0, 30, 80),
    ("contacts_added", 14, 2, -2, 10, 80),
    ("activities_overdue", 2, 3, -3, 15, 50),
    ("deals_without_activity", 3, 3, -3, 15, 50),
]
MONTHLY = [
    ("sales_confirmed", 45000, 10, 0, 40, 80),
    ("sales_collected", 35000, 5, 0, 20, 80),
    ("deals_won", 3, 5, 0, 10, 80),
    ("customers_new", 2, 5, 0, 10, 80),
    ("meetings_done", 20, 3, 0, 10, 80),
    ("receivables_overdue", 15000, 2, 0, 10, 50),
]
# sales plan of each member a month, by team; and what some have agreed on for themselves
SALES_PLAN = {"key": 55000, "new": 40000, "americas": 50000}
PERSONAL = {"sophie": 70000, "miriam": 27000, "tobias": 45000, "anna": 50000, "felix": 25000, "rachel": 65000}


class DisciplineDemo(models.AbstractModel):
    _inherit = "discipline.demo"

    def _make_rules(self, company, calendar):
        """The ledger, then the plans with their targets, then the days scored by them, then the pay."""
        users = self._get_users()
        self.env["discipline.fact"]._fill_history()
        head = self.with_user(users[MANAGER[0]]).sudo().with_company(company)
        head._make_plans(calendar, users)
        head._make_targets(calendar, users)
        for moment in calendar.nights():
            company._set_late_recounted(moment.date())  # all there is was entered in the past
            self.env["discipline.scorecard"]._score(moment)
        self.with_user(users[PAYROLL[0]]).sudo().with_company(company)._make_pay(company, calendar)

    def _get_metric(self, code):
        return self.env.ref(f"sales_discipline.metric_{code}")

    def _prepare_lines(self, rows, scope="own", category="standard"):
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
                }
            )
            for index, (code, target, done, missed, weight, yellow) in enumerate(rows, 1)
        ]

    def _make_plans(self, calendar, users):
        """Two daily plans, a weekly one for the leaders, the monthly KPIs; in force from the first day on."""
        hunters = self.env["crm.team"].search(
            [("name", "=", TEAMS["new"]), ("company_id", "=", self.env.company.id)]
        )
        leaders = self.env["hr.employee"].search(
            [("user_id", "in", [users[person.key].id for person in PEOPLE if person.leader])]
        )
        common = {"company_id": self.env.company.id, "date_from": calendar.start}
        monday = calendar.start + (-calendar.start.weekday() % 7) * DAY
        plans = self.env["discipline.plan"].create(
            [
                {
                    **common,
                    "name": "Daily discipline",
                    "period": "day",
                    "line_ids": self._prepare_lines(CALLS + CONTROLLED),
                },
                {
                    **common,
                    "name": "Daily discipline, New Business",
                    "period": "day",
                    "team_ids": [Command.set(hunters.ids)],
                    "line_ids": self._prepare_lines(HUNTING + CONTROLLED),
                },
                {
                    **common,
                    "name": "Team week",
                    "period": "week",
                    "date_from": monday,
                    "employee_ids": [Command.set(leaders.ids)],
                    "line_ids": self._prepare_lines(WEEKLY, scope="team"),
                },
                {
                    **common,
                    "name": "Monthly KPIs",
                    "period": "month",
                    "date_from": calendar.start.replace(day=1),
                    "close_delay_days": 2,
                    "completion_cap": 120,
                    "line_ids": self._prepare_lines(MONTHLY, category="kpi"),
                },
            ]
        )
        plans.action_activate()

    def _make_targets(self, calendar, users):
        """Sales plans: of each team as a whole, of its members, and of some people."""
        metric = self._get_metric("sales_confirmed")
        last = (calendar.now.date() + relativedelta(months=2)).replace(day=1) - DAY
        common = {
            "metric_id": metric.id,
            "company_id": self.env.company.id,
            "period": "month",
            "date_from": calendar.start.replace(day=1),
            "date_to": last,
        }
        values = []
        for key, name in TEAMS.items():
            team = self.env["crm.team"].search(
                [("name", "=", name), ("company_id", "=", self.env.company.id)]
            )
            total = sum(PERSONAL.get(person.key, SALES_PLAN[key]) for person in PEOPLE if person.team == key)
            values.append({**common, "team_id": team.id, "scope": "own", "amount": SALES_PLAN[key]})
            values.append({**common, "team_id": team.id, "scope": "team", "amount": round(total, -3)})
        for key, amount in PERSONAL.items():
            employee = self.env["hr.employee"].search([("user_id", "=", users[key].id)], limit=1)
            values.append({**common, "employee_id": employee.id, "scope": "own", "amount": amount})
        self.env["discipline.target"].create(values)

    def _make_pay(self, company, calendar):
        """A pay scheme for the points, the last month's run confirmed and the ones before it paid."""
        scheme = self.env["discipline.scheme"].create(
            {
                "name": "Points into pay",
                "company_id": company.id,
                "date_from": calendar.start.replace(day=1),
                "has_floor": True,
                "floor": -300,
                "component_ids": [
                    Command.create(
                        {
                            "sequence": 1,
                            "name": "Daily discipline",
                            "basis": "week",
                            "card_period": "day",
                            "rate": 5,
                            "minus_rate": 4,
                            "has_floor": True,
                            "floor": -120,
                            "has_cap": True,
                            "cap": 180,
                        }
                    ),
                    Command.create(
                        {
                            "sequence": 2,
                            "name": "Monthly KPIs",
                            "basis": "month",
                            "card_period": "month",
                            "rate": 15,
                            "has_floor": True,
                            "floor": 0,
                        }
                    ),
                ],
            }
        )
        scheme.action_activate()
        month, months = calendar.now.date().replace(day=1) - relativedelta(months=1), []
        while month >= calendar.start:
            months.insert(0, month)
            month -= relativedelta(months=1)
        for month in months:
            run = self.env["discipline.payroll"].create({"company_id": company.id, "date_from": month})
            run.action_compute()
            if run.open_card_count:
                continue
            run.action_confirm()
            if month != months[-1]:
                run.action_paid()
        self._backdate_rules(company, calendar)

    def _backdate_rules(self, company, calendar):
        """Plans and schemes were written before they came into force, months paid soon after their end."""
        self.env.flush_all()
        values = {"company": company.id, "start": calendar.start - 5 * DAY, "now": calendar.now}
        self.env.cr.execute(
            """
            UPDATE discipline_payroll SET
                   computed_at = LEAST(%(now)s, date_to + interval '4 days 8 hours'),
                   confirmed_at = LEAST(%(now)s, date_to + interval '4 days 10 hours')
                                  WHERE company_id = %(company)s AND confirmed_at IS NOT NULL;
            UPDATE discipline_payroll SET paid_at = LEAST(%(now)s, date_to + interval '7 days 9 hours')
             WHERE company_id = %(company)s AND paid_at IS NOT NULL;
            UPDATE mail_message m SET date = COALESCE(r.paid_at, r.confirmed_at, m.date) FROM discipline_payroll r
             WHERE m.model = 'discipline.payroll' AND m.res_id = r.id AND r.company_id = %(company)s;
            UPDATE mail_message m SET date = %(start)s FROM discipline_plan p
             WHERE m.model = 'discipline.plan' AND m.res_id = p.id AND p.company_id = %(company)s;
            UPDATE mail_message m SET date = %(start)s FROM discipline_scheme s
             WHERE m.model = 'discipline.scheme' AND m.res_id = s.id AND s.company_id = %(company)s;
            """,
            values,
        )
        self.env.invalidate_all()
