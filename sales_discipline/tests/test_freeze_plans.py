from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .engine_common import at
from .freeze_common import FreezeCase


@tagged("post_install", "-at_install")
class TestFreezePlans(FreezeCase):
    """Which plan a day is scored by, when longer periods close, and that nothing is scored twice."""

    def _plans_of(self, employee):
        cards = self.cards.search([("employee_id", "=", employee.id)], order="date_from")
        return {str(card.date_from)[5:]: card.plan_id.name for card in cards}

    # ------------------------------------------------------------
    # Whose plan
    # ------------------------------------------------------------

    def test_who_beats_whom(self):
        """Employee beats job beats team beats everybody; then the later start."""
        job = self.env["hr.job"].create({"name": "Hunter", "company_id": self.company.id})
        (self.e_anna + self.e_carla).job_id = job
        one = ("companies_added", 1.0)
        dates = {"date_from": "2026-03-10"}
        self._make_plan(one, name="all", **dates)
        self._make_plan(one, name="north", team_ids=self.north.ids, **dates)
        self._make_plan(one, name="hunters", job_ids=job.ids, **dates)
        self._make_plan(one, name="anna", employee_ids=self.e_anna.ids, **dates)
        self._make_plan(one, name="mark", employee_ids=self.e_mark.ids, **dates)
        self._score("2026-03-11 00:00:00")
        names = {
            self.e_anna: "anna",
            self.e_boris: "north",
            self.e_carla: "hunters",
            self.e_lena: "north",
            self.e_luis: "all",
            self.e_mark: "mark",
        }
        for employee, name in names.items():
            self.assertEqual(self._plans_of(employee)["03-10"], name, employee.name)
        self.assertFalse(self._plans_of(self.e_paula))
        self.assertFalse(self._plans_of(self.e_olga))

    def test_draft_and_closed(self):
        vals = {"date_from": "2026-03-09", "employee_ids": self.e_anna.ids}
        plan = self._make_plan(("companies_added", 1.0), state="draft", **vals)
        self._score("2026-03-10 22:00:00")
        self.assertFalse(self.cards.search([("plan_id", "=", plan.id)]))
        plan.action_activate()
        self._score("2026-03-10 22:00:00")
        self.assertEqual(set(self._plans_of(self.e_anna)), {"03-09", "03-10"})
        plan.action_close()
        self._score("2026-03-13 23:00:00")
        self.assertEqual(set(self._plans_of(self.e_anna)), {"03-09", "03-10"})

    # ------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------

    def test_version(self):
        """A new target is in force from a date; the days before stay as they were."""
        plan = self._make_plan(("companies_added", 2.0), date_from="2026-03-09", employee_ids=self.e_anna.ids)
        for day, count in ((9, 2), (10, 3), (11, 4), (12, 3)):
            self._work(self.anna, f"2026-03-{day:02}", count)
        self._score("2026-03-10 22:30:00")
        before = self._snapshot()
        with self.assertRaisesRegex(UserError, "New Version"):
            plan.line_ids.target = 5.0
        with self.assertRaisesRegex(UserError, "New Version"):
            plan.deadline_hour = 20.0
        new = plan._create_version(at("2026-03-12 00:00").date())
        new.line_ids.target = 5.0
        new.action_activate()
        self._score("2026-03-13 10:00:00")
        self.assertEqual(self._snapshot()[: len(before)], before)
        cards = self.cards.search(
            [("employee_id", "=", self.e_anna.id), ("state", "=", "frozen")], order="date_from"
        )
        self.assertEqual(cards.mapped("plan_id.version"), [1, 2])
        lines = [card.line_ids for card in cards]
        self.assertEqual([line.target for line in lines], [2, 2, 2, 5])
        self.assertEqual([line.previous for line in lines], [0, 2, 3, 4])
        self.assertEqual([line.trend for line in lines], ["none", "up", "up", "down"])
        self.assertEqual([line.done for line in lines], [True, True, True, False])

    def test_version_behind_the_results(self):
        plan = self._make_plan(("companies_added", 2.0), date_from="2026-03-09", employee_ids=self.e_anna.ids)
        self._score("2026-03-12 23:30:00")
        with self.assertRaisesRegex(UserError, "Valid until"):
            plan._create_version(at("2026-03-11 00:00").date())

    def test_trial(self):
        """What was scored on trial stays on trial; the active plan starts with the next day, without a gap."""
        plan = self._make_plan(
            ("companies_added", 1.0), date_from="2026-03-09", employee_ids=self.e_anna.ids, state="trial"
        )
        self._score("2026-03-10 17:00:00")
        before = self._snapshot()
        with freeze_time("2026-03-10 19:00:00"):
            plan.action_activate()
        self._score("2026-03-12 17:00:00")
        cards = self.cards.search([("employee_id", "=", self.e_anna.id)], order="date_from")
        self.assertEqual([card.date_from.day for card in cards], [9, 10, 11, 12])
        self.assertEqual(cards.mapped("trial"), [True, True, False, False])
        self.assertEqual(set(cards.mapped("state")), {"frozen"})
        self.assertEqual(self._snapshot()[: len(before)], before)
        self.assertEqual(cards[2].line_ids.trend, "none", "the shadow month is no period before")

    def test_trial_beside_an_active_one(self):
        for state in ("active", "trial"):
            self._make_plan(
                ("companies_added", 1.0),
                date_from="2026-03-10",
                employee_ids=self.e_anna.ids,
                state=state,
                name=state,
            )
        self._score("2026-03-10 17:00:00")
        cards = self.cards.search([("employee_id", "=", self.e_anna.id)])
        self.assertEqual(
            {(card.plan_id.name, card.trial) for card in cards}, {("active", False), ("trial", True)}
        )

    # ------------------------------------------------------------
    # Weeks and months
    # ------------------------------------------------------------

    def test_week(self):
        """Closed two working days after Sunday; the Monday after is a public holiday here."""
        self._make_plan(
            ("companies_added", 3.0),
            period="week",
            date_from="2026-03-02",
            close_delay_days=2,
            employee_ids=self.e_anna.ids,
        )
        self._make_leave("2026-03-16 00:00:00", "2026-03-16 23:59:59")
        for moment, entered in (
            ("2026-03-08 22:59:59", "2026-03-08 22:59:59"),  # the Sunday before
            ("2026-03-08 23:00:00", "2026-03-08 23:00:00"),  # Monday, a second old
            ("2026-03-15 22:59:59", "2026-03-15 22:59:59"),
            ("2026-03-12 10:00:00", "2026-03-18 17:00:00"),
            ("2026-03-12 10:00:00", "2026-03-18 17:00:01"),  # too late
            ("2026-03-15 23:00:00", "2026-03-15 23:00:00"),  # next week
        ):
            self._fact(self.anna, at(moment), at(entered))
        self._score("2026-03-18 16:59:59")
        card = self._card(self.e_anna, "2026-03-09")
        self.assertEqual(
            (card.state, str(card.date_to), card.deadline), ("open", "2026-03-15", at("2026-03-18 17:00"))
        )
        self._score("2026-03-19 12:00:00")
        line = card.line_ids
        self.assertEqual((card.state, line.actual, line.late, line.done), ("frozen", 3, 1, True))
        self.assertEqual((line.previous, line.trend), (1, "up"))

    def test_month(self):
        """A month that ends on a Saturday, closed on the third working day after; years end alike."""
        self._make_plan(
            ("companies_added", 3.0),
            ("deals_open", 1.0),
            period="month",
            date_from="2026-01-01",
            close_delay_days=3,
            employee_ids=self.e_anna.ids,
        )
        self._score("2026-02-20 12:00:00")
        card = self._card(self.e_anna, "2026-02-01")
        self.assertEqual((str(card.date_to), card.deadline), ("2026-02-28", at("2026-03-04 17:00")))
        with freeze_time("2026-02-27 10:00:00"):
            self._make_lead(self.anna)
        with freeze_time("2026-03-02 10:00:00"):
            self._make_lead(self.anna)  # March's: the state is that of the month's end
        self._score("2026-03-04 17:00:00")
        self.assertEqual((card.state, self._line(card, "deals_open").actual), ("frozen", 1))
        self._score("2027-01-20 12:00:00")
        card = self._card(self.e_anna, "2026-12-01")
        self.assertEqual((str(card.date_to), card.deadline), ("2026-12-31", at("2027-01-05 17:00")))

    # ------------------------------------------------------------
    # Once and for all
    # ------------------------------------------------------------

    def test_twice(self):
        """Scoring again changes nothing and freezes nothing."""
        self._make_plan(("companies_added", 1.0), ("deals_open", 1.0), date_from="2026-03-09")
        self._make_plan(("companies_added", 9.0), date_from="2026-03-09", period="week", name="Week")
        self._work(self.anna, "2026-03-10", 2)
        first = self._score("2026-03-10 22:30:00")
        self.assertTrue(first)
        self.env.cr.execute("SELECT ctid, id FROM discipline_scorecard_line ORDER BY id")
        rows = self.env.cr.fetchall()
        snapshot = self._snapshot()
        self.assertFalse(self._score("2026-03-10 22:30:00"))
        self.assertEqual(self._snapshot(), snapshot)
        self.env.cr.execute("SELECT ctid, id FROM discipline_scorecard_line ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), rows, "no row is written again")

    def test_frozen_for_good(self):
        """Whatever happens afterwards."""
        plan = self._make_plan(("companies_added", 2.0), date_from="2026-03-09", date_to="2026-03-13")
        self._work(self.anna, "2026-03-10", 2)
        self._score("2026-03-10 22:30:00")
        before = self._snapshot(late=False)
        stamps = self.cards.search([("state", "=", "frozen")]).mapped("frozen_at")
        self._fact(self.anna, at("2026-03-10 10:00"), at("2026-03-11 10:00"))
        self._fact(self.anna, at("2026-03-10 12:00"), at("2026-03-11 10:00"), quantity=-1.0)
        self._make_leave("2026-03-10 00:00:00", "2026-03-10 22:00:00", self.e_anna)
        self.e_anna.tz = "Pacific/Auckland"
        self.e_boris.active = False
        self.e_carla.resource_calendar_id = self._make_calendar(range(1)).id
        self.north.member_ids -= self.anna
        self._metric("companies_added").higher_is_better = False
        self.company.resource_calendar_id.attendance_ids.unlink()
        self._score("2026-03-11 02:00:00")
        self._score("2026-03-25 12:00:00")
        after = [row for row in self._snapshot(late=False) if row[2] <= at("2026-03-10").date()]
        self.assertEqual(after, before)
        cards = self.cards.search([("state", "=", "frozen"), ("date_from", "<=", "2026-03-10")])
        self.assertEqual(cards.mapped("frozen_at"), stamps)
        self.assertEqual(plan.scorecard_count, self.cards.search_count([("plan_id", "=", plan.id)]))

    def test_missed_days(self):
        """Nobody scored for a week: all days come, in order, each with the one before."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-09", employee_ids=self.e_anna.ids)
        for day, count in ((9, 1), (10, 3), (11, 2), (12, 2), (13, 5), (16, 1)):
            self._work(self.anna, f"2026-03-{day:02}", count)
        self._score("2026-03-09 08:00:00")
        self._score("2026-03-17 08:00:00")
        cards = self.cards.search([("employee_id", "=", self.e_anna.id)], order="date_from")
        lines = [card.line_ids for card in cards]
        self.assertEqual([card.date_from.day for card in cards], [9, 10, 11, 12, 13, 16, 17])
        self.assertEqual([line.actual for line in lines], [1, 3, 2, 2, 5, 1, 0])
        self.assertEqual([line.previous for line in lines], [0, 1, 3, 2, 2, 5, 1])
        self.assertEqual([line.trend for line in lines], ["none", "up", "down", "flat", "up", "down", "down"])
        self.assertEqual(cards.mapped("backfilled"), [False, True, True, True, True, False, False])
        self.assertEqual([card.state for card in cards], ["frozen"] * 6 + ["open"])
        self.assertEqual({card.deadline - card.frozen_at for card in cards[1:6]} & {timedelta(0)}, set())
