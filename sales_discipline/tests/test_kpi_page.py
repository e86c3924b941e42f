from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .freeze_common import FreezeCase

LINES = "SELECT id, actual, late, completion, zone, points FROM discipline_scorecard_line ORDER BY id"
CODES = (
    "calls_done meetings_done proposals_sent companies_added contacts_added deals_won deals_lost deals_open"
    " deals_won_amount activities_overdue deals_without_activity opportunities_new sales_confirmed customers_new"
    " receivables_overdue"
).split()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestKpiPage(FreezeCase):
    """What the KPI page is told, and who is told."""

    def _page(self, user, **asked):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.cards.with_user(user).get_kpi_page(**asked)

    def _row(self, page, code, scope="own"):
        metric = self._metric(code)
        return next(
            line for line in page["lines"] if (line["metric_id"], line["scope"]) == (metric.id, scope)
        )

    # ------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------

    def test_open(self):
        """An open card is measured now, judged with its targets, and nothing is stored."""
        self._make_plan(("companies_added", 4.0), ("deals_won", 1.0, {"weight": 3.0}), period="month")
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-10", 5)
        self._fact(self.anna, "2026-02-10 10:00:00")
        self.env.flush_all()
        self.env.cr.execute(LINES)
        before = self.env.cr.fetchall()
        page = self._page(self.anna)
        line = self._row(page, "companies_added")
        shown = [line[name] for name in ("target", "actual", "completion", "zone", "done", "points")]
        self.assertEqual(shown, [4.0, 5.0, 125.0, "green", True, 1.0])
        card = page["card"]
        self.assertEqual(
            (card["efficiency"], card["points"], card["done"], card["count"]), (25.0, -1.0, 1, 2)
        )
        self.assertEqual((card["state"], card["zone"]), ("open", "red"))
        self.assertEqual(card["zones"], [["green", 1], ["red", 1]])
        self.assertEqual((str(page["date_from"]), str(page["date_to"])), ("2026-03-01", "2026-03-31"))
        self.env.cr.execute(LINES)
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_as_the_cron(self):
        """What the page says of an open card is what the scheduled action stores a moment later."""
        lines = [(code, 2.0) for code in CODES]
        lines += [("companies_added", 5.0, {"scope": "team", "category": "smart"})]
        self._make_plan(*lines, period="week", late_policy="next_period", date_from="2026-03-02")
        self._score("2026-03-10 08:00:00")
        for user, count in {self.anna: 2, self.boris: 4, self.lena: 1}.items():
            self._work(user, "2026-03-10", count)
        pages = {user: self._page(user, period="week") for user in (self.anna, self.lena)}
        self._score("2026-03-10 12:00:00")
        for user, page in pages.items():
            stored = self._page(user, period="week")
            self.env.cr.execute(
                "SELECT l.metric_id, l.scope, l.actual, l.completion, l.zone, l.points FROM discipline_scorecard_line l"
                " WHERE l.scorecard_id = %s ORDER BY l.sequence, l.id",
                [page["card"]["id"]],
            )
            names = ("metric_id", "scope", "actual", "completion", "zone", "points")
            self.assertEqual(
                [tuple(line[name] for name in names) for line in page["lines"]], self.env.cr.fetchall()
            )
            card = self.cards.browse(page["card"]["id"])
            self.assertAlmostEqual(card.efficiency, page["card"]["efficiency"])
            self.assertEqual((card.points, card.done_count), (page["card"]["points"], page["card"]["done"]))
            self.assertEqual(stored["lines"], page["lines"])
        self.assertEqual(self._row(pages[self.lena], "companies_added", "team")["actual"], 6)

    def test_frozen(self):
        """A frozen card is what it was, with what was entered late and the leader's adjustment beside it."""
        self._make_plan(("companies_added", 4.0), date_from="2026-03-09")
        self._work(self.anna, "2026-03-09", 3)
        self._score("2026-03-09 20:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-09"), "companies_added")
        line.with_user(self.lena)._adjust(1.0, "Was at the fair")
        self._fact(self.anna, "2026-03-09 10:00:00", "2026-03-10 09:00:00")
        self._score("2026-03-10 09:30:00")
        asked = {"period": "day", "date": "2026-03-09", "employee_id": self.e_anna.id}
        page = self._page(self.lena, **asked)
        row = self._row(page, "companies_added")
        shown = [
            row[name] for name in ("actual", "counted", "adjustment", "adjustment_reason", "late", "zone")
        ]
        self.assertEqual(shown, [3.0, 4.0, 1.0, "Was at the fair", 1.0, "green"])
        self.assertEqual((page["card"]["state"], row["pace"]), ("frozen", False))
        self.assertTrue(page["card"]["is_adjustable"])
        self.assertFalse(self._page(self.anna, **asked)["card"]["is_adjustable"])

    def test_no_data(self):
        """What has not been scored is None up to the page, also in its history."""
        self.env["discipline.metric"].create(
            {"name": "Manners", "code": "manners", "source": "assessment", "unit": "score"}
        )
        metric = self.env["discipline.metric"].search([("code", "=", "manners")])
        line = {"metric_id": metric.id, "target": 80, "assessor_ids": [Command.link(self.mark.id)]}
        plan = self._make_plan(("companies_added", 1.0), state="draft", date_from="2026-03-09")
        plan.line_ids = [Command.create(line)]
        plan.action_activate()
        self._score("2026-03-10 08:00:00")
        page = self._page(self.anna, period="day")
        row = next(line for line in page["lines"] if line["metric_id"] == metric.id)
        names = ("actual", "counted", "completion", "previous")
        self.assertEqual([row[name] for name in names], [None] * 4)
        self.assertEqual((row["zone"], row["is_better"], row["pace"]), ("none", False, False))
        self.assertEqual([point["actual"] for point in row["history"]], [None, None])
        self.assertEqual(page["card"]["zones"][-1], ["none", 1])
        values = {"metric_id": metric.id, "employee_id": self.e_anna.id, "score": 60, "comment": "Polite"}
        values.update(date_from="2026-03-10", date_to="2026-03-10")
        self.env["discipline.assessment"].search([("employee_id", "=", self.e_anna.id)]).unlink()
        self.env["discipline.assessment"].with_user(self.mark).create(values)
        page = self._page(self.anna, period="day")
        row = next(line for line in page["lines"] if line["metric_id"] == metric.id)
        self.assertEqual((row["actual"], row["completion"]), (60, 75))
        given = [(one["assessor"], one["score"], one["comment"], one["state"]) for one in row["assessments"]]
        self.assertEqual(given, [("Mark", 60, "Polite", "done")])

    def test_history(self):
        """Eleven periods before, the oldest first, and where the cards before and after are."""
        self._make_plan(("companies_added", 2.0), date_from="2026-02-02")
        for number in range(1, 20):
            self._work(self.anna, f"2026-02-{number + 1:02}", number)
        self._score("2026-03-10 08:00:00")
        page = self._page(self.anna, period="day", date="2026-03-05")
        days = [date(2026, 3, 4) - timedelta(days=number) for number in range(20)]
        days = [str(day) for day in days if day.weekday() < 5][:11][::-1]
        self.assertEqual([one["date_from"] for one in page["history"]], days)
        row = self._row(page, "companies_added")
        self.assertEqual([point["date_from"] for point in row["history"]], [*days, False])
        expected = {f"2026-02-{number + 1:02}": number for number in range(1, 20)}
        self.assertEqual(
            [point["actual"] for point in row["history"]], [expected.get(day, 0) for day in days] + [0]
        )
        self.assertEqual((str(page["previous_date"]), str(page["next_date"])), ("2026-03-04", "2026-03-06"))
        monday = self._page(self.anna, period="day", date="2026-03-09")
        self.assertEqual(str(monday["previous_date"]), "2026-03-06", "over the weekend")

    def test_a_running_month_stands_against_as_much_of_the_one_before(self):
        """30 in February: by now 8.7 of them, so 10 in March are better, though less than the whole month before."""
        self._make_plan(("companies_added", 44.0), period="month", date_from="2026-02-01")
        self._score("2026-02-02 08:00:00")
        self._work(self.anna, "2026-02-10", 30)
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-09", 10)
        page = self._page(self.anna)
        row = self._row(page, "companies_added")
        self.assertAlmostEqual(row["previous_by_now"], 30 * (6 * 8 + 3) / (22 * 8))
        self.assertEqual((row["previous"], row["trend"], row["is_better"]), (30.0, "up", "better"))
        self.assertIsNone(page["card"]["efficiency_change"])
        before = self._page(self.anna, date="2026-02-10")
        self.assertFalse(self._row(before, "companies_added")["previous_by_now"])

    def test_pace(self):
        """By Tuesday noon of the second week, seven days have gone by and two hours of the eighth."""
        lines = [("companies_added", 44.0), ("activities_overdue", 3.0), ("deals_lost", 22.0)]
        self._make_plan(*lines, period="month", date_from="2026-03-01")
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-09", 20)
        page = self._page(self.anna)
        pace = self._row(page, "companies_added")["pace"]
        # 22 working days; it is 13:00 in Berlin, and the eight hours end at 18:00
        self.assertAlmostEqual(pace["expected"], 44 * (6 * 8 + 3) / (22 * 8))
        self.assertAlmostEqual(pace["ahead"], 20 - pace["expected"])
        self.assertEqual(pace["trend"], "up")
        self.assertAlmostEqual(pace["percent"], 100 * pace["expected"] / 44)
        self.assertFalse(self._row(page, "activities_overdue")["pace"], "a state does not add up")
        self.assertFalse(self._row(page, "companies_added")["previous_by_now"], "nothing before")
        self.assertFalse(self._row(page, "deals_lost")["pace"], "less is better")

    # ------------------------------------------------------------
    # Whose, and which
    # ------------------------------------------------------------

    def test_rights(self):
        self._make_plan(("companies_added", 1.0), period="month")
        self._score("2026-03-10 08:00:00")
        seen = {
            self.anna: ["Anna"],
            self.lena: ["Anna", "Boris", "Lena"],
            self.luis: ["Carla", "Luis"],
            self.mark: ["Anna", "Boris", "Carla", "Lena", "Luis", "Mark"],
            self.olga: ["Olga"],
        }
        first = {
            self.anna: "Anna",
            self.lena: "Lena",
            self.luis: "Luis",
            self.mark: "Anna",
            self.olga: "Olga",
        }
        for user, names in seen.items():
            page = self._page(user)
            self.assertEqual([one["name"] for one in page["people"]], names, user.name)
            self.assertEqual(page["person"]["name"], first[user])
        for reader in (self.boris, self.luis, self.olga):
            for day in ("2026-03-10", "2025-01-01"):
                with self.subTest(reader=reader.name, day=day), self._refused(AccessError, "nobody else"):
                    self._page(reader, employee_id=self.e_anna.id, date=day)
        for reader in (self.anna, self.lena, self.mark):
            for day in ("2026-03-10", "2025-01-01"):
                page = self._page(reader, employee_id=self.e_anna.id, date=day)
                self.assertEqual(page["person"]["name"], "Anna")
        with self.assertRaises(AccessError):
            self._page(self.portal)

    def test_bad_input(self):
        for asked in (
            {"period": "year"},
            {"period": ["day"]},
            {"date": "tomorrow"},
            {"date": "2026-02-30"},
            {"employee_id": "1"},
            {"employee_id": -1},
            {"employee_id": 2**40},
            {"employee_id": True},
        ):
            with self.subTest(asked=asked), self._refused(UserError, r"\w+ \w+"):
                self._page(self.mark, **asked)
        with self._refused(AccessError, "nobody else"):
            self._page(self.mark, employee_id=2**30)

    def test_empty(self):
        """Why there is no card is said in words."""
        self.assertRegex(self._page(self.anna)["empty"], "No plan is in force for Anna")
        self._make_plan(("companies_added", 1.0), date_from="2026-03-09")
        self._score("2026-03-10 08:00:00")
        page = self._page(self.anna)
        self.assertEqual((page["card"], page["periods"]), (False, ["day"]))
        self.assertRegex(page["empty"], "another period")
        self.assertRegex(self._page(self.anna, period="day", date="2026-03-08")["empty"], "no scorecard")
        self.assertRegex(self._page(self.anna, period="day", date="2026-03-20")["empty"], "not begun")
        self.assertEqual(str(self._page(self.anna, period="day")["date_from"]), "2026-03-10")
        self.assertEqual(self._page(self.mark, period="day")["person"]["name"], "Anna")
        self.assertEqual(self._page(self.olga)["person"]["name"], "Olga")

    def test_trial(self):
        """A card on trial stands beside the one that counts."""
        self._make_plan(("companies_added", 1.0), date_from="2026-03-10")
        trial = self._make_plan(("contacts_added", 1.0), date_from="2026-03-10", state="trial", name="New")
        self._score("2026-03-10 08:00:00")
        page = self._page(self.anna, period="day")
        self.assertEqual([plan["name"] for plan in page["plans"]], ["Plan", "New"])
        self.assertEqual((page["card"]["plan"], page["card"]["trial"]), ("Plan", False))
        page = self._page(self.anna, period="day", plan_id=trial.id)
        self.assertEqual((page["card"]["plan"], page["card"]["trial"]), ("New", True))

    # ------------------------------------------------------------
    # The views around it
    # ------------------------------------------------------------

    def test_form(self):
        """The form of an open card, and what was counted, are as of now; a frozen card stays."""
        self._make_plan(("companies_added", 4.0), date_from="2026-03-09")
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-10", 2)
        card = self._card(self.e_anna, "2026-03-10").with_user(self.anna)
        self.assertEqual(card.line_ids.actual, 0)
        [values] = card.web_read({"line_ids": {"fields": {"actual": {}}}, "points": {}})
        self.assertEqual(values["line_ids"][0]["actual"], 2)
        frozen = self._card(self.e_anna, "2026-03-09").with_user(self.anna)
        self._work(self.anna, "2026-03-09", 1)
        [values] = frozen.web_read({"line_ids": {"fields": {"actual": {}}}})
        self.assertEqual(values["line_ids"][0]["actual"], 0)
        with self.assertRaises(AccessError):
            card.with_user(self.carla).web_read({"line_ids": {"fields": {"actual": {}}}})
        self._work(self.anna, "2026-03-10", 1, hour=11)
        card.line_ids.action_open_facts()
        self.assertEqual(card.line_ids.actual, 3)

    def test_button(self):
        self._make_plan(("companies_added", 4.0), date_from="2026-03-09")
        self._score("2026-03-10 08:00:00")
        card = self._card(self.e_anna, "2026-03-09").with_user(self.anna)
        action = card.action_open_kpi_page()
        self.assertEqual(action["tag"], "sales_discipline.kpi_page")
        page = self._page(self.anna, **action["params"])
        self.assertEqual(page["card"]["id"], card.id)

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_queries(self):
        """At most ten statements, as many for fifteen indicators as for three, and for many people and days."""
        manners = self.env["discipline.metric"].create(
            {"name": "Manners", "code": "manners", "source": "assessment", "unit": "score"}
        )
        ratio = {"source": "formula", "unit": "percent", "name": "Ratio"}
        ratio.update(numerator_id=self._metric("deals_won").id, denominator_id=self._metric("calls_done").id)
        always = [
            {"metric_id": self.env["discipline.metric"].create({**ratio, "code": "ratio"}).id, "target": 5},
            {"metric_id": manners.id, "target": 80, "assessor_ids": [Command.link(self.mark.id)]},
            {"metric_id": self._metric("companies_added").id, "target": 8, "scope": "team"},
        ]
        values = {"state": "draft", "late_policy": "next_period"}
        small = self._make_plan(period="week", date_from="2026-03-02", **values)
        small.line_ids = [Command.create(line) for line in always]
        large = self._make_plan(*((code, 1.0) for code in CODES[:12]), period="month", **values)
        large.line_ids = [Command.create(line) for line in always]
        (small + large).action_activate()
        self._score("2026-03-10 08:00:00")
        self._work(self.boris, "2026-03-10", 3)
        counts = {}
        for reader in (self.lena, self.mark):
            context = {"lang": "en_US", "tz": "Europe/Berlin", "allowed_company_ids": self.company.ids}
            page = self.cards.with_user(reader).with_context(**context).get_kpi_page  # as the browser asks
            for period, lines in (("week", 3), ("month", 15)):
                asked = {"period": period, "employee_id": self.e_lena.id}
                counts[reader, period], answer = self._count_again(page, **asked)
                self.assertEqual(len(answer["lines"]), lines)
                self.assertEqual(answer["card"]["state"], "open")
        self.assertEqual(len(set(counts.values())), 1, counts)
        self.assertLessEqual(max(counts.values()), 10)
