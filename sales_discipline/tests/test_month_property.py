from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import freeze_time, tagged

from .freeze_common import FreezeCase
from .reference import Diary, hours

FIRST, LAST = datetime(2026, 3, 26, 5), datetime(2026, 4, 1, 20)  # the clocks of Berlin change on the 29th
STEPS = 90
METRICS = ("calls_done", "deals_won_amount", "sales_confirmed", "deals_open", "activities_overdue")
DEEDS = """plan plan do do hand_over put_off drop back_date begin begin win lose reopen pass_on delete sell cancel stay_away
    ask score""".split()
DEED = st.tuples(st.integers(0, STEPS), st.sampled_from(DEEDS), st.booleans(), st.integers(0, 9))


@tagged("post_install", "-at_install")
class TestMonthProperty(FreezeCase):
    """A week of CRM life at the end of a month, at random, beside a diary that counts it by hand (`reference.py`): whatever
    people do and whenever the scheduled action runs, cards say what the diary says, and never anything else afterwards;
    nor does confirmed pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls._make_calendar(weekdays=range(5))
        cls.people = {"anna": (cls.anna, cls.e_anna), "boris": (cls.boris, cls.e_boris)}
        for _user, employee in cls.people.values():
            employee.resource_calendar_id = calendar
        cls.plan = cls._make_plan(
            *((code, 2.0) for code in METRICS),
            employee_ids=[Command.set((cls.e_anna + cls.e_boris).ids)],
            date_from="2026-03-26",
        )
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.open_stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        cls.product = cls.env["product.product"].create({"name": "Thing", "taxes_id": False})
        scheme = {"name": "Pay", "company_id": cls.company.id, "date_from": "2026-01-01"}
        component = {"name": "Points", "basis": "month", "rate": 7.0}
        volume = {
            "name": "Commission",
            "kind": "commission",
            "metric_id": cls._metric("sales_confirmed").id,
            "tier_ids": [Command.create({"threshold": 0.0, "value": 5.0})],
        }
        cls.env["discipline.scheme"].create(
            {**scheme, "component_ids": [Command.create(component), Command.create(volume)]}
        ).action_activate()

    @settings(
        max_examples=6,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(DEED, min_size=15, max_size=45))
    def test_cards_say_what_the_diary_says(self, deeds):
        with self.env.cr.savepoint() as savepoint:
            self._live(deeds)
            savepoint.rollback()
        self.env.invalidate_all()

    def _live(self, deeds):
        self.diary = Diary({"anna": "Europe/Berlin", "boris": "Asia/Tokyo"})
        self.todos, self.deals, self.orders, self.seen = {}, {}, {}, {}
        span = (LAST - FIRST) / (STEPS + 1)
        todo = [(FIRST + place * span, number, *deed) for number, (place, *deed) in enumerate(deeds)]
        events = sorted([(moment, -1) for moment in hours(FIRST.replace(minute=0), LAST)] + todo)
        for moment, number, *deed in events:
            if number < 0:
                self.diary.close(moment)
            else:
                self._act(moment.replace(microsecond=0), number, *deed)
        self._look(LAST)
        self._compare()
        paid = self._pay()
        self._meddle()
        self._look(LAST + timedelta(days=2))
        self.assertEqual(self._get_paid(), paid, "confirmed pay has moved")

    # ------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------

    def _act(self, now, number, deed, is_anna, pick):
        name = "anna" if is_anna else "boris"
        with freeze_time(now):
            getattr(self, f"_{deed}")(now, number, name, pick)
        self.env.flush_all()

    def _choose(self, records, pick):
        """One of these, if there is any: (its number in the diary, the record)."""
        keys = sorted(records)
        return (keys[pick % len(keys)], records[keys[pick % len(keys)]]) if keys else (None, None)

    def _plan(self, now, number, name, pick):
        due = self.diary.day_of(name, now) + timedelta(days=pick % 4 - 1)
        user = self.people[name][0]
        self.todos[number] = self._make_activity(user, self.customer, date_deadline=due)
        self.diary.plan(number, name, due, now)

    def _do(self, now, number, name, pick):
        key, activity = self._choose(self.todos, pick)
        if activity:
            activity.with_user(self.people[name][0]).sudo().action_feedback(
                feedback=f"Spoke to them {number}"
            )
            self.diary.do(key, name, now)
            del self.todos[key]

    def _hand_over(self, now, number, name, pick):
        key, activity = self._choose(self.todos, pick)
        if activity:
            self._as_owner(key, activity).user_id = self.people[name][0]
            self.diary.hand_over(key, name, now)

    def _as_owner(self, key, activity):
        return activity.with_user(self.people[self.diary.todos[key].user][0]).sudo()

    def _put_off(self, now, number, name, pick):
        key, activity = self._choose(self.todos, pick)
        if activity:
            due = activity.date_deadline + timedelta(days=1 + pick)
            activity.date_deadline = due
            self.diary.put_off(key, due, now)

    def _drop(self, now, number, name, pick):
        key, activity = self._choose(self.todos, pick)
        if activity:
            self._as_owner(key, activity).unlink()
            self.diary.drop(key, now)
            del self.todos[key]

    def _back_date(self, now, number, name, pick):
        """What was done and won is said to have been earlier: nobody believes it."""
        done = self.env["mail.activity"].with_context(active_test=False)
        done = done.search([("active", "=", False), ("res_model", "=", "res.partner")], limit=3)
        done.write({"date_done": "2026-03-26"})
        won = [deal for deal in self.deals.values() if deal.won_status == "won"]
        for deal in won:
            deal.date_closed = "2026-03-26 10:00:00"

    def _begin(self, now, number, name, pick):
        amount = 100.0 * (pick + 1)
        self.deals[number] = self._make_lead(self.people[name][0], expected_revenue=amount)
        self.diary.begin(number, name, amount)

    def _win(self, now, number, name, pick):
        key, deal = self._choose(self.deals, pick)
        if deal and self.diary.deals[key].state == "open":
            deal.action_set_won()
            self.diary.end(key, "won", now)

    def _lose(self, now, number, name, pick):
        key, deal = self._choose(self.deals, pick)
        if deal and self.diary.deals[key].state == "open":
            deal.action_set_lost()
            self.diary.end(key, "lost", now)

    def _reopen(self, now, number, name, pick):
        key, deal = self._choose(self.deals, pick)
        if deal and self.diary.deals[key].state in ("won", "lost"):
            deal.action_unarchive()
            deal.write({"stage_id": self.open_stage.id, "probability": 20})
            self.diary.end(key, "open", now)

    def _pass_on(self, now, number, name, pick):
        key, deal = self._choose(self.deals, pick)
        if deal:
            deal.user_id = self.people[name][0]
            self.diary.pass_on(key, name)

    def _delete(self, now, number, name, pick):
        key, deal = self._choose(self.deals, pick)
        if deal:
            deal.unlink()
            self.diary.deals[key].state = "gone"  # what was won stays won
            del self.deals[key]

    def _sell(self, now, number, name, pick):
        amount = 50.0 * (pick + 1)
        line = Command.create({"product_id": self.product.id, "price_unit": amount, "tax_ids": False})
        values = {"partner_id": self.customer.id, "company_id": self.company.id, "order_line": [line]}
        orders = self.env["sale.order"].with_company(self.company)
        order = orders.create({**values, "user_id": self.people[name][0].id})
        order.action_confirm()
        self.orders[number] = order
        self.diary.sell(number, name, amount, now)

    def _cancel(self, now, number, name, pick):
        key, found = self._choose(self.orders, pick)
        if found:
            found._action_cancel()
            self.diary.cancel(key, now)
            del self.orders[key]

    def _stay_away(self, now, number, name, pick):
        """A whole day off, from tomorrow on."""
        day = self.diary.day_of(name, now) + timedelta(days=1 + pick % 2)
        local = self.diary.zones[name]
        bounds = [
            local.localize(datetime.combine(day + timedelta(days=more), datetime.min.time()))
            for more in (0, 1)
        ]
        start, stop = ((moment - moment.utcoffset()).replace(tzinfo=None) for moment in bounds)
        self._make_leave(start, stop, self.people[name][1])
        self.diary.stay_away(name, day)

    def _ask(self, now, number, name, pick):
        """Another target of one's own, from tomorrow on, for each of the days."""
        day = self.diary.day_of(name, now) + timedelta(days=1)
        employee = self.people[name][1]
        targets = self.env["discipline.target"]
        metric = self._metric("calls_done")
        mine = [("employee_id", "=", employee.id), ("metric_id", "=", metric.id)]
        targets.search([*mine, ("date_from", ">=", day)]).unlink()
        targets.search([*mine, ("date_to", ">=", day)]).date_to = day - timedelta(days=1)
        values = {"employee_id": employee.id, "metric_id": metric.id, "amount": pick + 1, "period": "day"}
        targets.create(
            {**values, "date_from": day, "date_to": date(2026, 12, 31), "company_id": self.company.id}
        )
        self.diary.ask(name, day, pick + 1)

    def _score(self, now, *_whatever):
        """The scheduled action, whenever it comes."""
        self._look(now)

    # ------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------

    def _look(self, now):
        """Score, and remember what is frozen; return the new ones."""
        frozen = super()._score(now)
        for row in self._snapshot(late=False):
            key = (row[0], row[2], row[11], row[12])
            self.assertEqual(self.seen.setdefault(key, row), row, "a frozen day has moved")
        return frozen

    def _compare(self):
        cards = self.cards.search([("plan_id", "=", self.plan.id), ("state", "=", "frozen")])
        names = {employee: name for name, (_user, employee) in self.people.items()}
        found = {}
        for card in cards:
            numbers = {line.metric_id.code: line.actual for line in card.line_ids}
            calls = card.line_ids.filtered(lambda line: line.metric_id.code == "calls_done")
            found[names[card.employee_id], card.date_from] = {**numbers, "target": calls.target}
        self.maxDiff = None
        self.assertEqual(sorted(found), sorted(self.diary.cards))
        wrong = {key: (found[key], told) for key, told in self.diary.cards.items() if found[key] != told}
        self.assertFalse(wrong)

    def _pay(self):
        """March is paid: computed and confirmed."""
        with freeze_time("2026-04-02 09:00:00"):
            run = self.env["discipline.payroll"].create(
                {"date_from": "2026-03-01", "company_id": self.company.id}
            )
            run.action_compute()
            run.action_confirm()
        self.run_id = run.id
        paid = self._get_paid()
        by_kind = {(name.lower(), kind): amount for name, kind, amount in paid}
        for name in self.people:
            mine = [
                numbers for (who, day), numbers in self.diary.cards.items() if who == name and day.month == 3
            ]
            points = sum(map(self._get_points, mine))
            self.assertAlmostEqual(by_kind[name, "points"], 7.0 * points)
            self.assertAlmostEqual(by_kind[name, "commission"], 0.05 * self.diary.sold_in(name, 3))
        return paid

    @staticmethod
    def _get_points(numbers):
        """One for each that is done, two less for each that is not."""
        done = [numbers["calls_done"] >= numbers["target"], numbers["activities_overdue"] <= 2]
        done += [numbers[code] >= 2 for code in ("deals_won_amount", "sales_confirmed", "deals_open")]
        return sum(1 if it else -2 for it in done)

    def _get_paid(self):
        self.env.flush_all()
        lines = self.env["discipline.statement.line"].search([("payroll_id", "=", self.run_id)], order="id")
        return [(line.employee_id.name, line.kind, line.amount) for line in lines]

    def _meddle(self):
        """After March was paid: everything is cancelled, reopened, deleted and put into other hands."""
        with freeze_time("2026-04-02 10:00:00"):
            for order in self.orders.values():
                order._action_cancel()
            for deal in self.deals.values():
                deal.user_id = self.boris
            for deal in list(self.deals.values())[::2]:
                deal.unlink()
            self.env["mail.activity"].with_context(active_test=False).search(
                [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
            ).unlink()
            self.env.flush_all()
