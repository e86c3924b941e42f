import os
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import freeze_time, tagged

from .freeze_common import FreezeCase
from .month_life import DEEDS, MonthLife
from .reference import METRICS, Diary, Person, Plan, get_points, hours

FIRST, PAID, LAST = datetime(2026, 3, 9, 5), datetime(2026, 4, 3, 9), datetime(2026, 4, 14, 20)
END = datetime(2026, 5, 6, 9)  # when all that has begun has closed
STEPS = 900
DEED = st.tuples(st.integers(0, STEPS), st.sampled_from(DEEDS), st.integers(0, 2), st.integers(0, 9))
# how many random months: one in the suite, always the same, and as many as are asked for by hand
EXAMPLES = int(os.environ.get("DISCIPLINE_EXAMPLES") or 1)
CARDS = """
    SELECT e.id, c.period, c.date_from, m.code, l.actual, l.target, l.previous, l.completion, l.done, l.points, c.points,
           c.efficiency
      FROM discipline_scorecard c
      JOIN hr_employee e ON e.id = c.employee_id
      JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
      JOIN discipline_metric m ON m.id = l.metric_id
     WHERE c.state = 'frozen' AND c.employee_id = ANY(%s)
"""
PAY = """
    SELECT s.*, l.* FROM discipline_statement s LEFT JOIN discipline_statement_line l ON l.statement_id = s.id
     WHERE s.payroll_id = %s ORDER BY s.id, l.id
"""


@tagged("post_install", "-at_install")
class TestMonthProperty(MonthLife):
    """A month of CRM life at random, beside a diary that counts it by hand (`reference.py`): whatever people do and
    whenever the scheduled action runs, cards of days, weeks and months say what the diary says, and never anything
    else afterwards; nor does confirmed pay, and the next run corrects it by what the diary says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.company_ids += cls.outside
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": []})  # each in their own
        cls.e_zoe = cls._make_employee(cls.anna, "America/New_York", company_id=cls.outside.id)
        cls.e_zoe.tz = "America/New_York"  # Odoo takes that of the user
        cls.people = {
            "anna": (cls.anna, cls.e_anna),
            "boris": (cls.boris, cls.e_boris),
            "zoe": (cls.anna, cls.e_zoe),
        }
        cls.users = {"anna": cls.anna, "boris": cls.boris}
        cls.users_all = cls.anna + cls.boris
        whole, half = cls._make_calendar(range(5)), cls._make_calendar(range(5), hours=((8, 12),))
        cls.e_anna.resource_calendar_id, cls.e_boris.resource_calendar_id = whole, half
        cls.open_stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        cls.product = cls.env["product.product"].create({"name": "Thing", "taxes_id": False})
        cls.carrier = cls._make_lead(cls.anna, company_id=cls.outside.id, team_id=False)
        cls.carrier.user_id = False
        cls.carrier.company_id = cls.outside
        cls.tax.amount = 0
        cls._make_plans()
        cls._make_scheme()

    @classmethod
    def _make_plans(cls):
        cls.targets = dict.fromkeys(METRICS, 2.0)
        cls.plans = {}
        for company, kind, rules in (
            ("company", "day", {"date_from": "2026-03-09", "date_to": "2026-04-14"}),
            (
                "company",
                "week",
                {
                    "close_delay_days": 1,
                    "late_policy": "next_period",
                    "date_from": "2026-03-02",
                    "date_to": "2026-04-12",
                },
            ),
            ("company", "month", {"close_delay_days": 2, "date_to": "2026-04-30"}),
            ("outside", "day", {"date_from": "2026-03-23", "date_to": "2026-04-14"}),
            ("outside", "month", {"close_delay_days": 1, "date_to": "2026-04-30"}),
        ):
            people = cls.e_anna + cls.e_boris if company == "company" else cls.e_zoe
            values = {"company_id": getattr(cls, company).id, "employee_ids": [Command.set(people.ids)]}
            cls.plans[company, kind] = cls._make_plan(
                *cls.targets.items(), name=f"{company} {kind}", period=kind, **{**values, **rules}
            )

    @classmethod
    def _make_scheme(cls):
        steps = [Command.create({"threshold": 0.0, "value": 5.0})]
        components = [{"name": "Points", "basis": "month", "rate": 7.0}]
        components += [
            {"name": code, "kind": "commission", "metric_id": cls._metric(code).id, "tier_ids": steps}
            for code in ("sales_confirmed", "sales_invoiced")
        ]
        scheme = {"name": "Pay", "company_id": cls.company.id, "date_from": "2026-01-01"}
        commands = [Command.create(component) for component in components]
        cls.env["discipline.scheme"].create({**scheme, "component_ids": commands}).action_activate()

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=EXAMPLES == 1,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(DEED, min_size=100, max_size=160))
    def test_cards_and_pay_say_what_the_diary_says(self, deeds):
        assume(len({deed[1:3] for deed in deeds}) > 30)  # not sixty times the same
        with self.env.cr.savepoint() as savepoint:
            self._live(deeds)
            savepoint.rollback()
        self.env.invalidate_all()

    def _make_diary(self):
        people = {
            "anna": Person("anna", "company", "Europe/Berlin"),
            "boris": Person("boris", "company", "Asia/Tokyo", (4, 0)),
            "zoe": Person("anna", "outside", "America/New_York"),
        }
        plans = {
            key: Plan(
                [(plan.date_from, self.targets)],
                plan.date_to,
                0 if key[1] == "day" else plan.close_delay_days,
                plan.late_policy == "next_period",
            )
            for key, plan in self.plans.items()
        }
        return Diary(people, plans)

    def _live(self, deeds):
        self.plans = dict(type(self).plans)
        self.diary = self._make_diary()
        self.todos, self.deals, self.orders, self.invoices, self.invoices_of = {}, {}, {}, {}, {}
        self.seen, self.paid = {}, None
        span = (LAST - FIRST) / (STEPS + 1)
        events = [(FIRST + place * span, number, *deed) for number, (place, *deed) in enumerate(deeds)]
        events += [(moment, -1) for moment in hours(FIRST.replace(day=1, hour=0), END - timedelta(hours=1))]
        events.append((PAID, -2))
        for moment, number, *deed in sorted(events):
            if number == -1:
                self.diary.close(moment)
            elif number == -2:
                self._look(moment)
                self.paid = self._pay(moment, 3, {})
                before = self._get_paid(self.paid[0])
            else:
                self._act(moment.replace(microsecond=0), number, *deed)
        self._look(END)
        self._compare()
        self._pay(END, 4, self.paid[1])
        self.assertEqual(self._get_paid(self.paid[0]), before, "confirmed pay has moved")

    # ------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------

    def _look(self, now):
        """Score; what was frozen before is what it was."""
        FreezeCase._score.__func__(type(self), now)
        for row in self._snapshot(late=False):
            key = (row[0], row[1], row[2], row[11], row[12])
            self.assertEqual(self.seen.setdefault(key, row), row, "a frozen card has moved")

    def _compare(self):
        names = {employee.id: name for name, (_user, employee) in self.people.items()}
        self.env.flush_all()
        self.env.cr.execute(CARDS, [list(names)])
        found, totals = {}, {}
        for employee_id, kind, first, code, *numbers, points, efficiency in self.env.cr.fetchall():
            found.setdefault((names[employee_id], kind, first), {})[code] = numbers
            totals[names[employee_id], kind, first] = (points, efficiency)
        self.maxDiff = None
        self.assertEqual(sorted(found), sorted(self.diary.cards))
        for key, card in self.diary.cards.items():
            for code, (actual, target, previous, completion) in card["lines"].items():
                done = completion >= 100
                told = [actual, target, previous, completion, done, 1 if done else -2]
                for said, number in zip(told, found[key][code], strict=True):
                    self.assertAlmostEqual(number, said, 6, f"{key} {code}: {found[key][code]} is not {told}")
            shares = [min(line[3], 100) for line in card["lines"].values()]
            points, efficiency = totals[key]
            self.assertEqual(points, get_points(card), key)
            self.assertAlmostEqual(efficiency, sum(shares) / len(shares), 6, key)

    def _pay(self, now, month, before):
        """The run of that month, computed and confirmed at that moment: it pays what the diary says, and corrects what is
        no longer as it was told `before`. Returns the run, and what commissions of it the diary told of."""
        with freeze_time(now):
            run = self.env["discipline.payroll"].create(
                {"date_from": date(2026, month, 1), "company_id": self.company.id}
            )
            run.action_compute()
            run.action_confirm()
            self.env.flush_all()
        lines = self.env["discipline.statement.line"].search([("payroll_id", "=", run.id)])
        told = {}
        for name in ("anna", "boris"):
            mine = lines.filtered(lambda line: line.employee_id == self.people[name][1])  # noqa: B023
            days = [card for (who, kind, day), card in self.diary.cards.items()
                    if (who, kind, day.month) == (name, "day", month)]  # fmt: skip
            due = {"points": 7.0 * sum(map(get_points, days)), "commission": 0.0, "correction": 0.0}
            for metric in ("sales_confirmed", "sales_invoiced"):
                told[name, metric] = 0.05 * max(self.diary.sold_in(name, metric, month, now), 0)
                due["commission"] += told[name, metric]
                if before:
                    again = 0.05 * max(self.diary.sold_in(name, metric, month - 1, now), 0)
                    due["correction"] += again - before[name, metric]
            for kind, amount in due.items():
                paid = sum(mine.filtered(lambda line: line.kind == kind).mapped("amount"))  # noqa: B023
                self.assertAlmostEqual(paid, amount, 2, f"{name} {kind} of {month}")
        return run, told

    def _get_paid(self, run):
        """All that the run's statements hold, to the last column."""
        self.env.flush_all()
        self.env.cr.execute(PAY, [run.id])
        return self.env.cr.fetchall()
