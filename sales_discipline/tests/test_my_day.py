from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .freeze_common import FreezeCase
from .report_common import ReportCase

CODES = (
    "calls_done meetings_done proposals_sent companies_added contacts_added deals_won deals_lost deals_open"
)
CODES += " activities_overdue deals_without_activity opportunities_new sales_confirmed"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestMyDay(FreezeCase):
    """What My Day is told, and who is told."""

    def _day(self, user, method="get_my_day"):
        self.env.flush_all()
        self.env.invalidate_all()
        return getattr(self.cards.with_user(user), method)()

    def _row(self, card, code):
        metric = self._metric(code)
        return next(line for line in card["lines"] if line["metric_id"] == metric.id)

    # ------------------------------------------------------------
    # The scorecards of today
    # ------------------------------------------------------------

    def test_left(self):
        """An open day is measured now: what is left of each indicator, and what it earns or costs. Nothing is stored."""
        worth = {"points_done": 3.0, "points_missed": -4.0}
        self._make_plan(
            ("companies_added", 5.0, worth), ("deals_lost", 1.0), ("deals_open", 0.0), date_from="2026-03-10"
        )
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-10", 2)
        self.env["crm.lead"].with_user(self.anna).create({"name": "Deal", "type": "opportunity"})
        page = self._day(self.anna)
        [card] = page["cards"]
        names = ("counted", "target", "left", "done", "points_done", "points_missed")
        row = self._row(card, "companies_added")
        self.assertEqual([row[name] for name in names], [2.0, 5.0, 3.0, False, 3.0, -4.0])
        lost = self._row(card, "deals_lost")
        self.assertEqual((lost["left"], lost["done"]), (0.0, True))
        counted = self._row(card, "deals_open")
        self.assertEqual((counted["left"], counted["done"]), (0.0, True))
        self.assertEqual((card["earned"], card["possible"], card["points"]), (2.0, 5.0, -2.0))
        self.assertEqual((card["state"], card["done"], card["count"]), ("open", 2, 3))
        self.assertEqual((str(card["deadline"]), card["closes_at"]), ("2026-03-10 17:00:00", "18:00"))
        self.assertEqual((str(page["now"]), str(page["date"])), (self.NOW, "2026-03-10"))
        stored = self._line(self._card(self.e_anna, "2026-03-10"), "companies_added")
        self.assertEqual(stored.actual, 0.0)

    def test_money(self):
        """What done earns and missed costs in money, by the scheme in force; nothing is said where no points are paid."""
        worth = {"points_done": 3.0, "points_missed": -4.0}
        self._make_plan(("companies_added", 5.0, worth), date_from="2026-03-10")
        self._make_plan(("companies_added", 9.0), period="month", name="Month")
        self._score("2026-03-10 08:00:00")
        names = ("money_points", "money_possible", "no_fines")
        card, month = self._day(self.anna)["cards"]
        self.assertEqual([card[name] for name in names], [None] * 3)
        points = {"name": "Points", "basis": "month", "rate": 5.0, "minus_rate": 2.0}
        scheme = {"name": "Points", "company_id": self.company.id, "date_from": "2026-03-01"}
        self.env["discipline.scheme"].create(
            {**scheme, "component_ids": [Command.create(points)]}
        ).action_activate()
        card, month = self._day(self.anna)["cards"]
        self.assertEqual([card[name] for name in names], [-8.0, 15.0, False])
        row = self._row(card, "companies_added")
        self.assertEqual((row["money_done"], row["money_missed"]), (15.0, -8.0))
        self.assertEqual(card["money_currency_id"], self.company.currency_id.id)
        self.assertEqual([month[name] for name in names], [None] * 3)  # its points pay nothing
        self._score("2026-03-10 18:00:00")
        with freeze_time("2026-03-10 18:30:00"):
            card = self._day(self.anna)["cards"][0]
        self.assertEqual([card[name] for name in names], [None] * 3)  # counted among those of closed days

    def test_closed(self):
        """After the deadline the result is there, before and after the scheduled action has frozen it."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-10")
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-10", 2)
        self._fact(self.anna, "2026-03-10 17:30:00")
        with freeze_time("2026-03-10 18:00:00"):
            [card] = self._day(self.anna)["cards"]
            self.assertEqual((card["state"], card["points"]), ("closed", 1.0))
            self.assertEqual(self._row(card, "companies_added")["counted"], 2.0)
            self._score("2026-03-10 18:00:00")
            [card] = self._day(self.anna)["cards"]
            self.assertEqual((card["state"], card["points"]), ("frozen", 1.0))

    def test_time_zones(self):
        """Today is where the person works: Boris's (Tokyo) Wednesday has begun at 16:00 UTC on Tuesday."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-10")
        with freeze_time("2026-03-10 16:00:00"):
            self._score("2026-03-10 16:00:00")
            days = {user.name: str(self._day(user)["date"]) for user in (self.anna, self.boris, self.carla)}
            self.assertEqual(days, {"Anna": "2026-03-10", "Boris": "2026-03-11", "Carla": "2026-03-10"})
            [card] = self._day(self.boris)["cards"]
            self.assertEqual(str(card["deadline"]), "2026-03-11 09:00:00")

    def test_periods(self):
        """Cards of the week and the month stand beside the day's; one of a past week is there until its deadline."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-10")
        self._make_plan(
            ("companies_added", 9.0), period="week", date_from="2026-03-02", close_delay_days=3, name="Week"
        )
        self._make_plan(("companies_added", 30.0), period="month", name="Month")
        self._make_plan(("contacts_added", 1.0), date_from="2026-03-10", state="trial", name="New")
        self._score("2026-03-10 08:00:00")
        cards = self._day(self.anna)["cards"]
        self.assertEqual(
            [(card["period"], str(card["date_from"]), card["trial"]) for card in cards],
            [
                ("day", "2026-03-10", False),
                ("week", "2026-03-02", False),
                ("week", "2026-03-09", False),
                ("month", "2026-03-01", False),
                ("day", "2026-03-10", True),
            ],
        )
        self.assertEqual(self._day(self.anna, "get_my_progress")["id"], cards[0]["id"])

    def test_results(self):
        """Yesterday's result, and the points of this week and month, of what is frozen and counts."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-05")
        self._make_plan(("contacts_added", 1.0), date_from="2026-03-05", state="trial", name="New")
        self._work(self.anna, "2026-03-05", 2)
        self._work(self.anna, "2026-03-09", 2)
        self._score("2026-03-10 08:00:00")
        results = self._day(self.anna)["results"]
        # Thursday +1, Friday -2, Monday +1
        self.assertEqual((results["week"], results["month"]), (1.0, 0.0))
        last = results["last"]
        self.assertEqual((last["date"], last["is_yesterday"], last["points"]), ("2026-03-09", True, 1.0))
        self.assertEqual((last["zone"], last["done"], last["count"]), ("green", 1, 1))

    def test_empty(self):
        """Why there is nothing is said in words, to each by who they are."""
        for user, words in ((self.anna, "ask the head of sales"), (self.mark, "Configuration")):
            page = self._day(user)
            self.assertEqual((page["cards"], page["results"]["last"]), ([], False))
            self.assertRegex(page["empty"], words)
            self.assertFalse(self._day(user, "get_my_progress"))
        self._make_plan(("companies_added", 2.0), date_from="2026-03-10")
        self._score("2026-03-10 08:00:00")
        with freeze_time("2026-03-14 12:00:00"):  # a Saturday
            self.assertRegex(self._day(self.anna)["empty"], "day off")

    def test_access(self):
        """Everything is one's own, whoever asks."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-10")
        self._score("2026-03-10 08:00:00")
        self._make_activity(self.anna, self._make_lead(self.anna))
        own = self._card(self.e_mark, "2026-03-10")
        page = self._day(self.mark)
        self.assertEqual([card["id"] for card in page["cards"]], own.ids)
        self.assertEqual([page["todo"][key]["count"] for key in page["todo"]], [0, 0, 0])
        for method in ("get_my_day", "get_my_progress"):
            with self.assertRaises(AccessError):
                self._day(self.portal, method)

    # ------------------------------------------------------------
    # What waits
    # ------------------------------------------------------------

    def test_todo(self):
        """Due activities and deals without a next step are what the indicators of that name count."""
        self._make_plan(("activities_overdue", 0.0), ("deals_without_activity", 0.0), date_from="2026-03-10")
        self._score("2026-03-10 08:00:00")
        lead = self._make_lead(self.anna, phone="+49 30 123")
        with freeze_time("2026-03-09 09:00:00"):
            late = self._make_activity(self.anna, lead, date_deadline="2026-03-08")
            self._make_activity(self.anna, lead, date_deadline="2026-03-11")
        due = self._make_activity(self.anna, lead)
        stepless = self._make_lead(self.anna, name="Forgotten", expected_revenue=5)
        self._make_lead(self.anna, name="Lead", type="lead")
        self._make_lead(self.boris, name="Not mine")
        page = self._day(self.anna)
        todo = page["todo"]
        self.assertEqual([row["id"] for row in todo["overdue"]["rows"]], late.ids)
        self.assertEqual([row["id"] for row in todo["planned"]["rows"]], due.ids)
        self.assertEqual([row["id"] for row in todo["stepless"]["rows"]], stepless.ids)
        [row] = todo["overdue"]["rows"]
        self.assertEqual((row["name"], row["phone"], row["partner"]), ("Deal", "+49 30 123", "Customer Ltd"))
        [card] = page["cards"]
        counted = [
            self._row(card, code)["counted"] for code in ("activities_overdue", "deals_without_activity")
        ]
        self.assertEqual(counted, [todo["overdue"]["count"], todo["stepless"]["count"]])

    def test_todo_of_others_documents(self):
        """An activity on a deal that its owner cannot read shows what Odoo shows of it, and no phone number."""
        lead = self._make_lead(self.boris, phone="+49 30 123")
        activity = self._make_activity(self.boris, lead)
        activity.user_id = self.anna
        [row] = self._day(self.anna)["todo"]["planned"]["rows"]
        self.assertEqual((row["name"], row["phone"], row["partner"]), ("Deal", None, None))

    def test_log(self):
        """A call just made is entered as done by oneself, and counts."""
        self._make_plan(("calls_done", 1.0), date_from="2026-03-10")
        self._score("2026-03-10 08:00:00")
        lead = self._make_lead(self.anna)
        cards = self.cards.with_user(self.anna)
        types = self._day(self.anna)["types"]
        self.assertIn(self.call.id, [one["id"] for one in types])
        activity = cards.log_my_activity("crm.lead", lead.id, self.call.id, " Wants an offer ")
        done = self.env["mail.activity"].with_context(active_test=False).browse(activity)
        self.assertEqual(
            (done.active, done.feedback, done.done_by, done.user_id),
            (False, "Wants an offer", self.anna, self.anna),
        )
        [card] = self._day(self.anna)["cards"]
        self.assertEqual(self._row(card, "calls_done")["counted"], 1.0)
        foreign = self._make_lead(self.boris)
        with self.assertRaises(AccessError):
            cards.log_my_activity("crm.lead", foreign.id, self.call.id, "Sneaky")
        for model, res_id, kind, text in (
            ("res.users", self.anna.id, self.call.id, "Text"),
            (["crm.lead"], lead.id, self.call.id, "Text"),
            ("crm.lead", 2**30, self.call.id, "Text"),
            ("crm.lead", "1", self.call.id, "Text"),
            ("crm.lead", True, self.call.id, "Text"),
            ("crm.lead", lead.id, 2**30, "Text"),
            ("crm.lead", lead.id, False, "Text"),
            ("crm.lead", lead.id, self.call.id, "  "),
            ("crm.lead", lead.id, self.call.id, None),
            ("crm.lead", lead.id, self.call.id, "x" * 5001),
        ):
            with self.subTest(model=model, kind=kind), self._refused(UserError, r"\w+ \w+"):
                cards.log_my_activity(model, res_id, kind, text)

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_queries(self):
        """As many statements for twelve indicators and sixty activities and deals as for two and one."""
        people = {self.anna: (self.e_anna, 2, 1), self.carla: (self.e_carla, 12, 60)}
        for user, (employee, lines, count) in people.items():
            plan = self._make_plan(
                *((code, 1.0) for code in CODES.split()[:lines]), date_from="2026-03-10", state="draft"
            )
            plan.employee_ids = employee
            plan.action_activate()
            lead = self._make_lead(user)
            for number in range(count):
                self._make_activity(user, lead, date_deadline=f"2026-03-{8 + number % 3:02}")
                self._make_lead(user, name=f"Deal {number}")
        self._score("2026-03-10 13:00:00")
        counts = {}
        for user in people:
            context = {"lang": "en_US", "tz": "Europe/Berlin", "allowed_company_ids": self.company.ids}
            cards = self.cards.with_user(user).with_context(**context)
            for name in ("get_my_day", "get_my_progress"):
                counts[user, name], answer = self._count_again(getattr(cards, name))
            self.assertEqual(len(answer["lines"]), people[user][1])
        small, large = ([counts[user, name] for name in ("get_my_day", "get_my_progress")] for user in people)
        self.assertEqual(small, large)
        self.assertLessEqual(small[0], 25)
        self.assertLessEqual(small[1], 8)


@tagged("post_install", "-at_install")
class TestMyDayReport(ReportCase):
    """While a report is due, nothing on My Day says what was measured."""

    def _day(self, at="2026-03-10 12:00:00", method="get_my_day"):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(at):
            return getattr(self.cards.with_user(self.anna), method)()

    def test_hidden(self):
        page = self._day()
        for card in (page["cards"][0], self._day(method="get_my_progress")):
            self.assertTrue(card["is_hidden"])
            totals = [card[name] for name in ("points", "earned", "done", "efficiency")]
            self.assertEqual((totals, card["zone"]), ([None] * 4, "none"))
            for line in card["lines"]:
                shown = [line[name] for name in ("counted", "completion", "left", "points", "late")]
                self.assertEqual((shown, line["zone"], line["done"]), ([None] * 5, "none", False))
        [report] = page["reports"]
        self.assertEqual(
            (report["id"], report["is_hidden"], report["can_submit"]), (self.card.id, True, True)
        )
        self.assertEqual([line["measured"] for line in report["lines"]], [None, None])

    def test_shown(self):
        """With the report handed in, the numbers are there, counted now."""
        self._submit()
        self._make_fact(self.anna, "2026-03-10 16:10:00")
        page = self._day("2026-03-10 16:20:00")
        [card] = page["cards"]
        self.assertEqual(
            (card["is_hidden"], card["lines"][0]["counted"], card["lines"][0]["left"]), (False, 3, 0)
        )
        [report] = page["reports"]
        names = ("claimed", "measured", "gap", "claim")
        self.assertEqual([report["lines"][0][name] for name in names], [5.0, 3.0, 2.0, "up"])
