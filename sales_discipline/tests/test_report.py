import math
import runpy
from datetime import datetime
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import file_path, mute_logger

from .report_common import ReportCase


@tagged("post_install", "-at_install")
class TestReport(ReportCase):
    """The report of one's own: stated before the deadline, beside what was measured, and counted itself."""

    def test_stated_beside_measured(self):
        page = self._submit(comment=" A day on the road ")
        self.assertEqual(
            self._claims(),
            {
                "calls_done": (5.0, 2.0),
                "meetings_done": (1.0, 0.0),
                "activities_overdue": (None, 0.0),
                "report_submitted": (None, 1.0),
            },
        )
        self.assertEqual((self.calls.claim, self.calls.claim_gap), ("up", 3.0))
        overdue = self._line(self.card, "activities_overdue")
        self.assertEqual((overdue.claim, overdue.claim_gap), ("none", 0.0))
        self.assertEqual(self.card.submitted_at, datetime(2026, 3, 10, 16))
        self.assertEqual((self.card.report_state, self.card.report_comment), ("done", "A day on the road"))
        line = page["lines"][0]
        self.assertEqual(
            [line[name] for name in ("claimed", "measured", "gap", "claim")], [5.0, 2.0, 3.0, "up"]
        )

    def test_freeze_keeps_what_was_stated(self):
        """An adjustment moves the difference: what was granted was no embellishment."""
        self._submit()
        self._score("2026-03-10 17:00:00")
        self.assertEqual((self.card.state, self._claims()["calls_done"]), ("frozen", (5.0, 2.0)))
        self.calls.with_user(self.lena)._adjust(3.0, "The telephone was down")
        self.assertEqual((self.calls.claim, self.calls.claim_gap), ("flat", 0.0))

    def test_zero_is_a_statement(self):
        self._submit(calls=0, meetings=0)
        self.assertEqual((self.calls.claim, self.calls.claim_gap), ("down", -2.0))
        self.assertEqual(self.meetings.claim, "flat")

    def test_deadline(self):
        """The server's clock where the person works decides, to the second."""
        self._submit(at="2026-03-10 17:00:00")
        with self._refused(UserError, "due by .*6:00"):
            self._submit(calls=9, at="2026-03-10 17:00:01")
        self._score("2026-03-10 17:10:00")
        with self._refused(UserError, "can no longer be handed in"):
            self._submit(calls=9, at="2026-03-10 16:30:00")
        self.assertEqual(self._claims()["calls_done"][0], 5.0)

    def test_handed_in_is_final(self):
        """Who sees what was measured only afterwards cannot copy it."""
        page = self._submit(calls=5)
        self.assertFalse(page["can_submit"])
        with self._refused(UserError, "no longer be changed"):
            self._submit(calls=2, at="2026-03-10 16:30:00")
        self.assertEqual(self._claims()["calls_done"][0], 5.0)

    def test_correction_is_logged(self):
        """Where what was measured is shown anyway, a slip can be corrected."""
        self.card.company_id.discipline_show_measured = True
        self._submit(calls=5)
        self._submit(calls=2, at="2026-03-10 16:30:00")
        self.assertEqual(self.card.submitted_at, datetime(2026, 3, 10, 16), "the first time counts")
        message = self.card.message_ids[:1]
        self.assertIn("Calls", message.body)
        self.assertIn("5 → 2", message.body)
        self.assertNotIn("Meetings", message.body)
        self.assertEqual(message.author_id, self.anna.partner_id)

    def test_missing_report_is_seen(self):
        self.assertEqual(self.card.report_state, "due")
        self._score("2026-03-10 17:00:00")
        self.env.invalidate_all()
        self.assertEqual(self.card.report_state, "missing")
        found = self.cards.search([("report_state", "=", "missing")])
        self.assertIn(self.card, found)
        self.assertNotIn(self.card, self.cards.search([("report_state", "!=", "missing")]))
        self.assertFalse(self.cards.search([("report_state", "in", ["done"])]))
        line = self._line(self.card, "report_submitted")
        self.assertEqual((line.actual, line.zone, line.points), (0.0, "red", -2.0))
        self.assertEqual(self.calls.claim, "none")

    # ------------------------------------------------------------
    # Who and what
    # ------------------------------------------------------------

    def test_nobody_reports_for_another(self):
        for user in (
            self.boris,
            self.lena,
            self.mark,
            self.olga,
            self.portal,
            self.env.ref("base.user_admin"),
        ):
            with self._refused(AccessError, "."):
                self._submit(user=user)
        self.assertFalse(self.card.submitted_at)
        with freeze_time("2026-03-10 16:00:00"):
            cards = self.cards.with_user(self.anna)
            for card_id in (0, -1, 2**40, True, "1", None, self.card.id + 10**6):
                with self._refused(AccessError, "own scorecard only"):
                    cards.submit_report(card_id, self._values(1, 1))

    def test_numbers(self):
        calls, meetings = str(self.calls.id), str(self.meetings.id)
        other = str(self._line(self.card, "activities_overdue").id)
        theirs = str(self._line(self._card(self.e_boris, "2026-03-10"), "calls_done").id)
        bad = [
            ({calls: 1}, "Meetings.* is empty"),
            ({calls: None, meetings: 1}, "Calls.* is empty"),
            ({calls: False, meetings: 1}, "Calls.* is empty"),
            ({calls: "5", meetings: 1}, "has to be a number"),
            ({calls: True, meetings: 1}, "has to be a number"),
            ({calls: math.nan, meetings: 1}, "has to be a number"),
            ({calls: math.inf, meetings: 1}, "has to be a number"),
            ({calls: 1e300, meetings: 1}, "has to be a number"),
            ({calls: -1, meetings: 1}, "cannot be negative"),
            ({calls: 1, meetings: 1, other: 1}, "not asked for"),
            ({calls: 1, meetings: 1, theirs: 1}, "not asked for"),
            ({"x": 1}, "a number for each"),
            ([1, 2], "a number for each"),
            (None, "a number for each"),
        ]
        with freeze_time("2026-03-10 16:00:00"):
            for values, words in bad:
                with self.subTest(values=values), self._refused(UserError, words):
                    self.cards.with_user(self.anna).submit_report(self.card.id, values)
            with self._refused(UserError, "comment"):
                self.cards.with_user(self.anna).submit_report(self.card.id, self._values(1, 1), ["x"])
        self.assertEqual(self._claims()["calls_done"][0], None, "nothing half-saved")

    def test_plan_that_does_not_ask(self):
        self._make_plan(("companies_added", 1), period="week", date_from="2026-03-09")
        self._score("2026-03-10 12:00:00")
        card = self._card(self.e_anna, "2026-03-09")
        with freeze_time("2026-03-10 16:00:00"), self._refused(UserError, "asks for no report"):
            self.cards.with_user(self.anna).submit_report(card.id, {})
        self.assertEqual(card.report_state, "none")

    def test_asking_is_as_of_the_opening(self):
        """Switched off in the middle of the day, what was asked stays asked; switched on, it begins with the next card."""
        self.plan.ask_report = False
        self._submit()
        self.assertTrue(self.card.submitted_at)
        self._score("2026-03-11 12:00:00")
        self.assertFalse(self._card(self.e_anna, "2026-03-11").ask_report)

    # ------------------------------------------------------------
    # What was measured is hidden till then
    # ------------------------------------------------------------

    def _seen(self, user):
        """What a user finds of Anna's scorecard: by search, by reading, in groups, in the report."""
        card, line = self.card.with_user(user), self.calls.with_user(user)
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["discipline.scorecard.report"].with_user(user)
        return (
            bool(card.search([("id", "=", card.id)])),
            bool(line.search([("id", "=", line.id), ("actual", ">", 1)])),
            bool(line._read_group([("id", "=", line.id)], ["zone"], ["actual:sum"])),
            bool(report.search([("scorecard_id", "=", card.id)])),
            card.has_access("read"),
            line.has_access("read"),
        )

    def test_hidden_until_handed_in(self):
        self.assertEqual(self._seen(self.anna), (False,) * 6)
        for user in (self.lena, self.mark):
            self.assertEqual(self._seen(user), (True,) * 6)
        self._submit()
        self.assertEqual(self._seen(self.anna), (True,) * 6)

    def test_seen_once_closed(self):
        self._score("2026-03-10 17:00:00")
        self.assertEqual(self._seen(self.anna), (True,) * 6)

    def test_seen_if_the_company_shows_it(self):
        self.company.discipline_show_measured = True
        self.assertEqual(self._seen(self.anna), (True,) * 6)
        page = self._page()
        self.assertEqual(page["cards"][0]["lines"][0]["measured"], 2.0)

    def test_others_stay_others(self):
        """The rule hides one's own; it opens nothing."""
        self._submit()
        self.assertEqual(self._seen(self.boris), (False,) * 6)
        self.assertEqual(self._seen(self.luis), (False,) * 6)

    # ------------------------------------------------------------
    # The page
    # ------------------------------------------------------------

    def _page(self, user=None, now="2026-03-10 12:30:00", **asked):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(now):
            return self.cards.with_user(user or self.anna).get_report_page(**asked)

    def test_page(self):
        page = self._page()
        card = page["cards"][0]
        self.assertEqual([line["name"] for line in card["lines"]], ["Calls", "Meetings"])
        self.assertEqual([line["measured"] for line in card["lines"]], [None, None])
        self.assertEqual([line["target"] for line in card["lines"]], [3.0, 1.0])
        self.assertEqual((card["state"], card["can_submit"], card["is_hidden"]), ("due", True, True))
        self.assertIn("Europe/Berlin", card["deadline"])
        self.assertEqual((page["is_today"], page["previous_date"], page["next_date"]), (True, False, False))
        self._submit()
        card = self._page()["cards"][0]
        self.assertEqual((card["state"], card["can_submit"], card["is_hidden"]), ("done", False, False))
        self._score("2026-03-11 08:00:00")
        page = self._page(now="2026-03-11 08:30:00")
        self.assertEqual((str(page["date"]), str(page["previous_date"])), ("2026-03-11", "2026-03-10"))
        page = self._page(now="2026-03-11 08:30:00", date="2026-03-10")
        self.assertEqual(page["cards"][0]["can_submit"], False)
        self.assertEqual(str(page["next_date"]), "2026-03-11")

    def test_page_of_who_is_not_asked(self):
        page = self._page(now="2026-03-14 12:30:00")
        self.assertFalse(page["cards"])
        self.assertIn("Nothing to report", page["empty"])
        for user in (self.mark, self.olga):
            self.assertIn("No plan asks you", self._page(user=user)["empty"])
        for bad in ("nonsense", "9999-01-01", 5):
            with self._refused(UserError, "a date that there is not"):
                self._page(date=bad)
        with self._refused(AccessError, "."):
            self._page(user=self.portal)

    def test_week_that_closes_later(self):
        """A week's report is due after its end: it stays on today's page, and counts for that week."""
        plan = self._make_plan(
            ("meetings_done", 5),
            ("report_submitted", 6),
            period="week",
            close_delay_days=1,
            ask_report=True,
            date_from="2026-03-09",
        )
        self._score("2026-03-16 08:00:00")
        week = self._card(self.e_anna, "2026-03-09", plan)
        page = self._page(now="2026-03-16 08:30:00")
        self.assertIn(week.id, [card["id"] for card in page["cards"]])
        with freeze_time("2026-03-16 09:00:00"):
            values = {self._line(week, "meetings_done").id: 3}
            self.cards.with_user(self.anna).submit_report(week.id, values)
        self._score("2026-03-16 18:00:00")
        self.assertEqual(self._line(week, "report_submitted").actual, 1.0)
        after = self._card(self.e_anna, "2026-03-16", plan)
        self.assertEqual(self._line(after, "report_submitted").actual, 0.0)

    # ------------------------------------------------------------
    # The ledger, the cron
    # ------------------------------------------------------------

    def test_fact(self):
        self.card.company_id.discipline_show_measured = True
        self._submit()
        self._submit(calls=4, at="2026-03-10 16:30:00")
        fact = self.facts.search([("kind", "=", "report_submitted")])
        self.assertEqual(
            (fact.user_id, fact.team_id, fact.company_id, fact.res_id, fact.quantity),
            (self.anna, self.north, self.company, self.card.id, 1.0),
        )
        self.assertEqual((fact.happened_at, fact.entered_at), (datetime(2026, 3, 10, 16),) * 2)
        for origin in ("sweep", "history"):
            self.assertEqual(self.facts._capture("report_submitted", origin=origin), 0)

    def test_cron_tries_again(self):
        """A report that is handed in while the cron measures breaks its batch: it is measured again, at once."""
        broken = []

        def refresh(cards, ids, now):
            if not broken:
                broken.append(ids)
                raise SerializationFailure
            return original(cards, ids, now)

        original = type(self.cards)._refresh_batch
        cron = self.env.ref("sales_discipline.cron_score")
        with (
            patch.object(type(self.cards), "_refresh_batch", refresh),
            freeze_time("2026-03-10 12:10:00"),
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.sales_discipline.models.discipline_scorecard_cron"),
        ):
            cron.method_direct_trigger()
        self.assertTrue(broken)

    # ------------------------------------------------------------
    # The KPI page
    # ------------------------------------------------------------

    def _kpi(self, user=None, **asked):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2026-03-10 12:30:00"):
            return self.cards.with_user(user or self.anna).get_kpi_page(period="day", **asked)

    def test_kpi_page_hides_it_too(self):
        """The plan is there, and nothing that was measured; those who lead see it all."""
        self._score("2026-03-10 12:20:00")
        for asked in ({}, {"date": "2026-03-10"}, {"employee_id": self.e_anna.id}):
            page = self._kpi(**asked)
            card = page["card"]
            self.assertEqual((card["id"], card["is_hidden"], card["count"]), (self.card.id, True, 4))
            self.assertEqual([card[name] for name in ("efficiency", "points", "done")], [None, None, None])
            self.assertEqual([line["target"] for line in page["lines"]], [3.0, 1.0, 0.0, 1.0])
            for name in ("actual", "counted", "completion", "late", "points", "claimed"):
                self.assertEqual([line[name] for line in page["lines"]], [None] * 4, name)
            self.assertEqual([row["efficiency"] for row in page["people"]], [None])
        self.assertEqual(self._kpi(self.lena, employee_id=self.e_anna.id)["lines"][0]["actual"], 2.0)
        self._submit(at="2026-03-10 12:25:00")
        page = self._kpi()
        line = page["lines"][0]
        self.assertEqual((line["actual"], line["claimed"], line["claim"]), (2.0, 5.0, "up"))
        self.assertFalse(page["card"]["is_hidden"])

    def test_kpi_page_of_the_day_before(self):
        self._score("2026-03-11 08:00:00")
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time("2026-03-11 08:30:00"):
            page = self.cards.with_user(self.anna).get_kpi_page(period="day", date="2026-03-10")
            self.assertEqual((page["card"]["is_hidden"], page["lines"][0]["actual"]), (False, 2.0))
            page = self.cards.with_user(self.anna).get_kpi_page(period="day")
            self.assertEqual((str(page["date_from"]), page["card"]["is_hidden"]), ("2026-03-11", True))
            self.assertEqual(page["lines"][0]["previous"], 2.0)
            with self._refused(AccessError, "your own scorecards"):
                self.cards.with_user(self.boris).get_kpi_page(period="day", employee_id=self.e_anna.id)

    def test_migration(self):
        """A database of version 1.1 gets the rules that a new one has."""
        names = ("rule_scorecard_own", "rule_scorecard_line_own", "rule_scorecard_report_own")
        rules = [self.env.ref(f"sales_discipline.{name}") for name in names]
        before = [rule.domain_force for rule in rules]
        for rule in rules:
            rule.domain_force = "[('user_id', '=', user.id)]"
        path = file_path("sales_discipline/migrations/19.0.1.2.0/post-migrate.py")
        migration = runpy.run_path(path)
        migration["hide_scorecards_to_report"](self.env)
        self.assertEqual([rule.domain_force for rule in rules], before)

    # ------------------------------------------------------------
    # Over time
    # ------------------------------------------------------------

    def test_claims_over_time(self):
        """Per person and month: how often and by how much more was stated than measured, and what was not handed in."""
        self._submit(calls=4, meetings=0)
        report = self.env["discipline.claim.report"]
        self.assertFalse(
            report.search([("scorecard_id", "=", self.card.id)]), "an open card says nothing yet"
        )
        self._score("2026-03-10 17:00:00")
        self._score("2026-03-11 17:00:00")
        measures = ["over_percent:avg", "gap_percent:avg", "stated_count:sum", "missing_count:sum"]
        domain = [("employee_id", "=", self.e_anna.id)]
        groups = report.with_user(self.lena)._read_group(domain, ["user_id", "date_from:month"], measures)
        self.assertEqual([row[2:] for row in groups], [(50.0, 25.0, 2, 1)])
        [row] = report.search([("scorecard_id", "=", self.card.id), ("metric_id.code", "=", "calls_done")])
        self.assertEqual((row.claimed, row.counted, row.claim_gap, row.claim), (4.0, 2.0, 2.0, "up"))
        self.calls.with_user(self.lena)._adjust(2.0, "Two from the car")
        self.env.invalidate_all()
        self.assertEqual((row.counted, row.claim), (4.0, "flat"))
        self.card.with_user(self.lena)._excuse("System down")
        self.assertFalse(report.search([("scorecard_id", "=", self.card.id)]))

    def test_claims_are_for_leaders(self):
        self._submit()
        self._score("2026-03-10 17:00:00")
        report = self.env["discipline.claim.report"]
        domain = [("employee_id", "=", self.e_anna.id)]
        seen = [
            bool(report.with_user(user).search(domain))
            for user in (self.lena, self.mark, self.luis, self.olga)
        ]
        self.assertEqual(seen, [True, True, False, False])
        for user in (self.anna, self.boris, self.paula, self.portal):
            with self._refused(AccessError, "."):
                report.with_user(user).search(domain)
