from datetime import timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from .engine_common import at
from .freeze_common import FreezeCase


@tagged("post_install", "-at_install")
class TestFreezeMonths(FreezeCase):
    """A month from real orders to the frozen card: 500,000 planned, 491,970 sold, 470,000 the month before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Widget", "type": "service", "taxes_id": [Command.set([])]}
        )
        with freeze_time("2026-03-02 08:00:00"):
            cls.plan = cls._make_plan(
                ("sales_confirmed", 500000.0),
                name="Month",
                period="month",
                close_delay_days=2,
                employee_ids=cls.e_anna.ids,
            )

    @classmethod
    def _sell(cls, user, amount, moment):
        """An order of that amount, confirmed at that moment (naive UTC)."""
        line = {"product_id": cls.product.id, "price_unit": amount, "tax_ids": [Command.clear()]}
        vals = {"partner_id": cls.customer.id, "user_id": user.id, "company_id": cls.company.id}
        with freeze_time(moment):
            order = (
                cls.env["sale.order"].with_user(user).create({**vals, "order_line": [Command.create(line)]})
            )
            order.action_confirm()
        return order.sudo()

    def _sell_two_months(self, user):
        self._sell(user, 470000, "2026-03-16 10:00:00")
        self._sell(user, 300000, "2026-04-01 08:00:00")
        with freeze_time("2026-04-15 10:00:00"):
            self._sell(user, 50000, "2026-04-10 10:00:00")._action_cancel()
        self._sell(user, 191970, "2026-04-30 21:59:59")  # the last second of April in Berlin
        self._sell(user, 99000, "2026-04-30 22:00:00")  # May's

    def test_reference(self):
        self._sell_two_months(self.anna)
        self._score("2026-05-04 15:59:00")
        card = self._card(self.e_anna, "2026-04-01", self.plan)
        self.assertEqual(
            (card.state, card.deadline), ("open", at("2026-05-04 16:00")), "two working days after"
        )
        self._score("2026-05-05 12:00:00")
        line = card.line_ids
        self.assertEqual(
            (card.state, line.target, line.actual, line.previous), ("frozen", 500000, 491970, 470000)
        )
        self.assertEqual((line.zone, line.trend, line.is_better, line.done), ("red", "up", "better", False))
        self.assertAlmostEqual(line.completion, 98.394)
        self.assertAlmostEqual(card.efficiency, 98.394)
        before = self._card(self.e_anna, "2026-03-01", self.plan).line_ids
        self.assertEqual((before.actual, before.trend), (470000, "none"))

    def test_lower_is_better(self):
        """What went up is worse then."""
        self._metric("sales_confirmed").higher_is_better = False
        self._sell_two_months(self.anna)
        self._score("2026-05-05 12:00:00")
        line = self._card(self.e_anna, "2026-04-01", self.plan).line_ids
        self.assertEqual((line.zone, line.trend, line.is_better), ("green", "up", "worse"))

    def test_leader(self):
        """The leader answers for what the members sold together, and not for themselves."""
        plan = self._make_plan(
            ("sales_confirmed", 500000.0, {"scope": "team"}),
            name="Team month",
            period="month",
            close_delay_days=2,
            employee_ids=self.e_lena.ids,
        )
        self._sell_two_months(self.anna)
        self._sell(self.boris, 10000, "2026-04-20 10:00:00")
        self._sell(self.carla, 70000, "2026-04-20 10:00:00")
        self._sell(self.lena, 5000, "2026-04-20 10:00:00")
        self._score("2026-05-05 12:00:00")
        line = self._card(self.e_lena, "2026-04-01", plan).line_ids
        self.assertEqual((line.actual, line.previous, line.zone), (501970, 470000, "green"))
        self.assertEqual(set(line.member_ids), set((self.anna + self.boris).ids))

    def test_late_counts_for_the_next_month(self):
        """What is entered after the month has closed counts for the next one, once; where the plan says so."""
        vals = {"period": "month", "close_delay_days": 2, "employee_ids": self.e_boris.ids}
        self._make_plan(("companies_added", 3.0), late_policy="next_period", **vals)
        late = "2026-04-02 09:00:01"  # closed on April 2nd at 18:00 in Tokyo
        for moment, entered in (
            ("2026-03-20 10:00:00", "2026-03-20 10:00:00"),
            ("2026-03-20 10:00:00", "2026-04-02 09:00:00"),  # in time
            ("2026-03-20 10:00:00", late),
            ("2026-04-20 10:00:00", "2026-04-20 10:00:00"),
        ):
            self._fact(self.boris, at(moment), at(entered))
        self._score("2026-06-05 12:00:00")
        self.assertEqual(
            self._actuals(self.e_boris), {"2026-03-01": (2, 1), "2026-04-01": (2, 0), "2026-05-01": (0, 0)}
        )

    def test_adjusted_before(self):
        """An adjustment counts in every formula: in the next month's trend as well."""
        self._sell(self.anna, 470000, "2026-03-16 10:00:00")
        self._sell(self.anna, 491970, "2026-04-15 10:00:00")
        self._score("2026-04-10 12:00:00")
        march = self._card(self.e_anna, "2026-03-01", self.plan).line_ids
        march.with_user(self.mark)._adjust(30000, "An order signed on paper")
        self._score("2026-05-05 12:00:00")
        line = self._card(self.e_anna, "2026-04-01", self.plan).line_ids
        self.assertEqual((line.previous, line.trend, line.is_better), (500000, "down", "worse"))
        march.with_user(self.mark)._adjust(0, "It was not")
        self.assertEqual((line.previous, line.trend), (500000, "down"), "what is frozen stays")

    def test_changes_in_mid_month(self):
        """Another team, time zone and schedule in mid-month: the month keeps the team, zone and deadline of its first day, the
        targets follow the hours, and no hour at its end counts twice or not at all."""
        plan = self._make_plan(
            ("companies_added", 44.0), name="Counted", period="month", employee_ids=self.e_boris.ids
        )
        self._score("2026-03-10 12:00:00")
        card = self._card(self.e_boris, "2026-03-01", plan)
        half = self._make_calendar(range(5), hours=((8, 12),))
        with freeze_time("2026-03-16 09:00:00"):
            self.e_boris.create_version({"date_version": "2026-03-16", "resource_calendar_id": half.id})
            self.e_boris.tz = "America/New_York"
            self.north.member_ids -= self.boris
            self.south.member_ids += self.boris
            self.env.flush_all()
        moment = at("2026-03-31 00:30:00")
        while moment < at("2026-04-02 00:00:00"):
            self._fact(self.boris, moment)
            moment += timedelta(hours=1)
        self._score("2026-05-02 12:00:00")
        april = self._card(self.e_boris, "2026-04-01", plan)
        self.assertEqual((card.tz, card.team_id, april.tz, april.team_id), (
            "Asia/Tokyo", self.north, "America/New_York", self.south
        ))  # fmt: skip
        self.assertEqual((card.deadline, april.deadline), (at("2026-03-31 09:00"), at("2026-04-30 22:00")))
        self.assertEqual((card.hours, card.line_ids.target), (10 * 8 + 12 * 4, 32))
        self.assertEqual((card.line_ids.actual, card.line_ids.late, april.line_ids.actual), (9, 6, 33))
