from datetime import date, timedelta
from itertools import pairwise

from odoo import Command
from odoo.tests import tagged

from .engine_common import at
from .freeze_common import FreezeCase

MARCH = "2026-03-31 20:00:00"
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestFreezePeople(FreezeCase):
    """Who has a card for which day, how many hours and which targets. Tuesday is March 10th; 8-12 and 13-17."""

    def _days(self, employee, plan=None):
        """Days of which somebody has a frozen card, as numbers of March."""
        domain = [("employee_id", "=", employee.id), ("state", "=", "frozen")]
        cards = self.cards.search(domain + ([("plan_id", "=", plan.id)] if plan else []), order="date_from")
        return [card.date_from.day for card in cards]

    def _target(self, employee, day, code="companies_added", scope="own"):
        line = self._line(self._card(employee, day), code).filtered(lambda line: line.scope == scope)
        self.assertTrue(line, f"a card of {day}")
        return line.target

    # ------------------------------------------------------------
    # The complete day
    # ------------------------------------------------------------

    def test_complete_day(self):
        """Everybody of a sales team has a card with all lines, also who did nothing and never logged in."""
        metrics = self.env["discipline.metric"].search([])
        plan = self._make_plan(
            *((metric.code, 1.0) for metric in metrics), date_from="2026-03-10", date_to="2026-03-10"
        )
        self.assertFalse(self.boris.login_date)
        self._work(self.anna, "2026-03-10", 3)
        self._score("2026-03-11 00:00:00")
        cards = self.cards.search([("plan_id", "=", plan.id)])
        sellers = self.e_anna + self.e_boris + self.e_carla + self.e_lena + self.e_luis
        self.assertEqual(cards.employee_id, sellers)
        for card in cards:
            self.assertEqual(card.state, "frozen")
            self.assertEqual(card.line_ids.metric_id, metrics)
            self.assertEqual((card.line_count, len(card.line_ids)), (len(metrics), len(metrics)))
            self.assertEqual((card.hours, card.norm_hours), (8, 8))
            counted = card.line_ids.filtered(
                lambda line: line.metric_id.source != "formula" and line.metric_id.aggregate != "avg"
            )
            self.assertNotIn("none", counted.mapped("zone"), "nothing done is zero, not 'no data'")
        line = self._line(self._card(self.e_boris, "2026-03-10"), "companies_added")
        self.assertEqual((line.actual, line.zone, line.points), (0, "red", -2))
        self.assertEqual((line.completion, line.done, line.trend), (0, False, "none"))
        line = self._line(self._card(self.e_anna, "2026-03-10"), "companies_added")
        self.assertEqual((line.actual, line.completion, line.done, line.points), (3, 300, True, 1))

    def test_totals(self):
        self._make_plan(
            ("companies_added", 4.0, {"weight": 3.0}),
            ("contacts_added", 0.0),
            ("deals_won", 1.0, {"points_missed": -5.0}),
            ("deals_lost", 0.0, {"points_done": 3.0}),
            date_from="2026-03-10",
            employee_ids=self.e_anna.ids,
        )
        self._work(self.anna, "2026-03-10", 3)
        self._score("2026-03-10 17:00:00")
        card = self._card(self.e_anna, "2026-03-10")
        self.assertEqual((card.points, card.done_count, card.line_count), (-2 + 1 - 5 + 3, 2, 4))
        self.assertAlmostEqual(card.efficiency, (3 * 75 + 100 + 0 + 100) / 6)

    def test_assessment_without_a_score_is_no_data(self):
        metric = self.env["discipline.metric"].create(
            {"name": "Politeness", "code": "politeness", "source": "assessment", "unit": "score"}
        )
        plan = self._make_plan(
            ("companies_added", 0.0), date_from="2026-03-10", employee_ids=self.e_anna.ids, state="draft"
        )
        plan.line_ids = [Command.create({"metric_id": metric.id, "target": 80.0, "assessed_by_leader": True})]
        plan.action_activate()
        self._score("2026-03-10 17:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-10"), "politeness")
        self.assertEqual((line.zone, line.trend, line.done, line.points), ("none", "none", False, 0))
        self.assertFalse(line.has_data)
        self.env.cr.execute(
            "SELECT actual, completion FROM discipline_scorecard_line WHERE id = %s", [line.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None))
        self.assertEqual(line.scorecard_id.efficiency, 100, "of the other line alone")

    # ------------------------------------------------------------
    # Days without a card
    # ------------------------------------------------------------

    def test_working_days(self):
        """No card on the weekend, on leave, on a public holiday, before the first day or after the last."""
        self._make_plan(("companies_added", 1.0), date_from="2026-03-09")
        self._make_leave("2026-03-11 00:00:00", "2026-03-11 23:00:00", self.e_anna)
        self._make_leave("2026-03-12 00:00:00", "2026-03-12 23:59:59")  # public
        self._make_leave("2026-03-17 00:00:00", "2026-03-18 23:59:59", self.e_anna)
        self.e_carla.version_ids.contract_date_start = "2026-03-16"
        self.e_lena.version_ids.contract_date_end = "2026-03-17"
        self._score("2026-03-20 00:00:00")
        expected = {
            self.e_anna: [9, 10, 13, 16, 19],
            self.e_boris: [9, 10, 11, 13, 16, 17, 18, 19],
            self.e_carla: [16, 17, 18, 19],
            self.e_lena: [9, 10, 11, 13, 16, 17],
            self.e_mark: [],
        }
        for employee, days in expected.items():
            self.assertEqual(self._days(employee), days, employee.name)

    def test_leave_of_the_same_day(self):
        """Somebody falls ill at noon: the open card goes away. One that is frozen stays."""
        self._make_plan(("companies_added", 1.0), date_from="2026-03-10", employee_ids=self.e_anna.ids)
        self._score("2026-03-10 08:00:00")
        card = self._card(self.e_anna, "2026-03-10")
        self.assertEqual((card.state, len(card.line_ids)), ("open", 1))
        self._make_leave("2026-03-10 00:00:00", "2026-03-10 22:00:00", self.e_anna)
        self._score("2026-03-10 11:00:00")
        self.assertFalse(card.exists())
        self._score("2026-03-11 17:00:00")
        self.assertEqual(self._days(self.e_anna), [11])
        self._make_leave("2026-03-11 00:00:00", "2026-03-11 22:00:00", self.e_anna)
        self._score("2026-03-12 09:00:00")
        self.assertEqual(self._days(self.e_anna), [11])

    def test_leave_taken_back(self):
        self._make_plan(("companies_added", 1.0), date_from="2026-03-10", employee_ids=self.e_anna.ids)
        leave = self._make_leave("2026-03-10 00:00:00", "2026-03-10 22:00:00", self.e_anna)
        self._score("2026-03-10 12:00:00")
        self.assertFalse(self._card(self.e_anna, "2026-03-10"))
        leave.unlink()
        self._score("2026-03-10 17:00:00")
        self.assertEqual(self._days(self.e_anna), [10])

    # ------------------------------------------------------------
    # Part of the time
    # ------------------------------------------------------------

    def test_half_a_day(self):
        """Half a day's leave halves counts and money, a state stays as it is."""
        lines = [(code, 10.0) for code in ("companies_added", "deals_won_amount", "deals_open")]
        plan = self._make_plan(
            *lines, date_from="2026-03-10", date_to="2026-03-11", employee_ids=self.e_anna.ids
        )
        self._make_leave("2026-03-10 06:00:00", "2026-03-10 11:00:00", self.e_anna)  # until noon in Berlin
        self._score("2026-03-12 00:00:00")
        card = self._card(self.e_anna, "2026-03-10", plan)
        self.assertEqual((card.hours, card.scheduled_hours, card.norm_hours), (4, 8, 8))
        self.assertEqual([self._line(card, code).target for code, _target in lines], [5, 5, 10])
        card = self._card(self.e_anna, "2026-03-11", plan)
        self.assertEqual([self._line(card, code).target for code, _target in lines], [10, 10, 10])

    def test_not_prorated(self):
        self._make_plan(
            ("companies_added", 10.0), date_from="2026-03-10", employee_ids=self.e_anna.ids, prorate=False
        )
        self._make_leave("2026-03-10 06:00:00", "2026-03-10 11:00:00", self.e_anna)
        self._score("2026-03-10 17:00:00")
        self.assertEqual(self._target(self.e_anna, "2026-03-10"), 10)

    def test_part_time(self):
        """From a change of schedule on: half days, then three days a week."""
        half = self._make_calendar(range(5), hours=((8, 12),))
        three = self._make_calendar(range(3))
        self.e_anna.create_version({"date_version": "2026-03-10", "resource_calendar_id": half.id})
        self.e_anna.create_version({"date_version": "2026-03-16", "resource_calendar_id": three.id})
        vals = {"employee_ids": self.e_anna.ids, "date_from": "2026-03-09", "date_to": "2026-03-22"}
        self._make_plan(("companies_added", 9.0), **vals)
        week = self._make_plan(("companies_added", 40.0), period="week", name="Week", **vals)
        self._score("2026-03-23 20:00:00")
        days = [9, 10, 11, 12, 13, 16, 17, 18]
        targets = [self._target(self.e_anna, date(2026, 3, day)) for day in days if day not in (9, 16)]
        self.assertEqual(targets, [5, 5, 5, 5, 9, 9])  # 4.5 is rounded half up
        daily = week.search([("period", "=", "day"), ("employee_ids", "in", self.e_anna.ids)])
        self.assertEqual(self._days(self.e_anna, daily), days)
        cards = self.cards.search([("plan_id", "=", week.id)], order="date_from")
        self.assertEqual([(card.hours, card.norm_hours) for card in cards], [(24, 40), (24, 40)])
        self.assertEqual(cards.line_ids.mapped("target"), [24, 24])

    def test_archived_version(self):
        """A version of the contract that was entered by mistake and archived is none, for hours and for the wage."""
        self.e_anna.version_id.wage = 3000
        half = self._make_calendar(range(5), hours=((8, 12),))
        mistake = self.e_anna.create_version(
            {"date_version": "2026-03-10", "resource_calendar_id": half.id, "wage": 10}
        )
        mistake.active = False
        self._make_plan(("companies_added", 9.0), date_from="2026-03-09", employee_ids=self.e_anna.ids)
        self._score("2026-03-12 00:00:00")
        self.assertEqual([self._target(self.e_anna, f"2026-03-{day}") for day in ("09", "10", "11")], [9] * 3)
        wages = self.e_anna._get_discipline_wages(date(2026, 3, 1), date(2026, 3, 31))[self.e_anna.id]
        self.assertEqual([wage.wage for wage in wages], [3000])

    def test_hired_in_mid_month(self):
        """Twelve of the month's 22 working days; a state is not for the days worked."""
        self._make_plan(
            ("companies_added", 22.0),
            ("sales_invoiced", 22000.0),
            ("deals_open", 30.0),
            period="month",
            date_from="2026-03-01",
            team_ids=self.south.ids,
        )
        self.e_carla.version_ids.contract_date_start = "2026-03-16"
        self.env.cr.execute(
            "UPDATE crm_team_member SET create_date = '2026-03-16 09:00' WHERE user_id = %s", [self.carla.id]
        )
        self.env.invalidate_all()
        self._score("2026-04-01 12:00:00")
        card = self._card(self.e_carla, "2026-03-01")
        self.assertEqual((card.hours, card.norm_hours, card.state), (12 * 8, 22 * 8, "frozen"))
        self.assertEqual([line.target for line in card.line_ids], [12, 12000, 30])

    def test_half_a_month_on_leave(self):
        self._make_plan(
            ("companies_added", 22.0), period="month", date_from="2026-03-01", employee_ids=self.e_anna.ids
        )
        self._make_leave("2026-03-16 00:00:00", "2026-03-31 22:00:00", self.e_anna)
        self._score("2026-04-01 12:00:00")
        self.assertEqual(self._target(self.e_anna, "2026-03-01"), 10)

    # ------------------------------------------------------------
    # Targets
    # ------------------------------------------------------------

    def _make_target(self, amount, owner, scope="own", period="day", **vals):
        name = "team_id" if owner._name == "crm.team" else "employee_id"
        base = {
            "metric_id": self._metric("companies_added").id,
            "amount": amount,
            "scope": scope,
            "period": period,
        }
        base.update(
            {
                name: owner.id,
                "company_id": self.company.id,
                "date_from": "2026-03-10",
                "date_to": "2026-03-10",
            }
        )
        return self.env["discipline.target"].create({**base, **vals})

    def test_whose_target(self):
        """The person's own beats the team's for each member, which beats the plan's; on their days only."""
        lines = [("companies_added", 3.0), ("companies_added", 30.0, {"scope": "team"})]
        self._make_plan(*lines, date_from="2026-03-09", date_to="2026-03-10")
        self._make_target(7.0, self.e_anna)
        self._make_target(5.0, self.north)
        self._make_target(50.0, self.north, scope="team")
        self._make_target(99.0, self.e_anna, period="month")
        self._make_target(98.0, self.e_anna, metric_id=self._metric("contacts_added").id)
        self._score("2026-03-11 12:00:00")
        expected = {
            self.e_anna: (3, 7),
            self.e_boris: (3, 5),
            self.e_lena: (3, 5),
            self.e_carla: (3, 3),
        }
        for employee, targets in expected.items():
            found = tuple(self._target(employee, day) for day in ("2026-03-09", "2026-03-10"))
            self.assertEqual(found, targets, employee.name)
        self.assertEqual(self._target(self.e_lena, "2026-03-09", scope="team"), 30)
        self.assertEqual(self._target(self.e_lena, "2026-03-10", scope="team"), 50)

    def test_own_target_of_somebody_part_time(self):
        """A personal target was given with the person's hours in mind; leave lowers it all the same."""
        half = self._make_calendar(range(5), hours=((8, 12),))
        self.e_anna.create_version({"date_version": "2026-03-02", "resource_calendar_id": half.id})
        self._make_plan(("companies_added", 10.0), date_from="2026-03-09", employee_ids=self.e_anna.ids)
        self._make_target(8.0, self.e_anna, date_to="2026-03-11")
        self._make_leave("2026-03-11 06:00:00", "2026-03-11 09:00:00", self.e_anna)
        self._score("2026-03-12 00:00:00")
        found = [self._target(self.e_anna, f"2026-03-{day}") for day in ("09", "10", "11")]
        self.assertEqual(found, [5, 8, 4])

    def test_team(self):
        """A leader answers for the team's members; the line of their own stands beside, each with its trend."""
        lines = [("companies_added", 5.0, {"scope": "team"}), ("companies_added", 1.0)]
        self._make_plan(*lines, date_from="2026-03-09", date_to="2026-03-10", employee_ids=self.e_lena.ids)
        for user, before, count in (
            (self.anna, 1, 2),
            (self.boris, 1, 4),
            (self.lena, 3, 1),
            (self.carla, 9, 9),
        ):
            self._work(user, "2026-03-09", before)
            self._work(user, "2026-03-10", count)
        self._score("2026-03-10 17:00:00")
        card = self._card(self.e_lena, "2026-03-10")
        team, own = card.line_ids.sorted(lambda line: line.scope == "own")
        self.assertEqual((team.actual, team.previous, team.trend, team.done), (6, 2, "up", True))
        self.assertEqual((own.actual, own.previous, own.trend, own.done), (1, 3, "down", True))
        self.assertEqual(team.member_ids, sorted((self.anna + self.boris).ids))
        # somebody new changes the days to come alone
        self.north.member_ids += self.carla
        self._score("2026-03-11 12:00:00")
        self.assertEqual((team.actual, card.state), (6, "frozen"))

    def test_two_companies(self):
        """One person, an employee in each of two companies: each card counts its own company's facts."""
        self.anna.company_ids = [Command.link(self.outside.id)]
        calendar = self.outside.resource_calendar_id
        other = self._make_employee(
            self.anna, "Europe/Berlin", company_id=self.outside.id, resource_calendar_id=calendar.id
        )
        for company, employee in ((self.company, self.e_anna), (self.outside, other)):
            self._make_plan(
                ("companies_added", 1.0),
                ("deals_open", 1.0),
                company_id=company.id,
                employee_ids=employee.ids,
                date_from="2026-03-10",
            )
        lead = self._make_lead(self.anna)
        lead.copy({"company_id": self.outside.id, "user_id": self.anna.id, "team_id": False})
        lead.copy({"company_id": self.outside.id, "user_id": self.anna.id, "team_id": False})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET open_since = '2026-03-01' WHERE user_id = %s", [self.anna.id]
        )
        for _number in range(3):
            self._fact(self.anna, at("2026-03-10 10:00"))
        self._fact(self.anna, at("2026-03-10 10:00"), company_id=self.outside.id)
        self._score("2026-03-10 17:00:00")
        for employee, companies, deals in ((self.e_anna, 3, 1), (other, 1, 2)):
            card = self._card(employee, "2026-03-10")
            self.assertEqual([line.actual for line in card.line_ids], [companies, deals])
            self.assertEqual(card.company_id, employee.company_id)

    def test_moves_to_another_time_zone(self):
        """East or west, from one day to the next: what was done counts once, whatever hour it is."""
        for zone, deadline in (
            ("Asia/Vladivostok", "2026-03-11 08:00"),
            ("America/New_York", "2026-03-11 22:00"),
        ):
            with self.subTest(zone), self.env.cr.savepoint() as savepoint:
                self._make_plan(("companies_added", 1.0), date_from="2026-03-09")
                self.e_anna.tz = "Europe/Berlin"
                moment = at("2026-03-09 23:30")  # half an hour after the 10th has begun in Berlin
                while moment < at("2026-03-12 23:00"):
                    self._fact(self.anna, moment, entered=at("2026-03-10 01:00"))
                    moment += HOUR
                self._score("2026-03-10 22:30")
                self.e_anna.tz = zone
                self._score("2026-03-13 23:59")
                cards = [self._card(self.e_anna, f"2026-03-{day}") for day in (10, 11, 12)]
                self.assertEqual([card.tz for card in cards], ["Europe/Berlin", zone, zone])
                self.assertEqual(cards[1].deadline, at(deadline))
                counted = [self._get_facts(card.line_ids) for card in cards]
                self.assertEqual([len(facts) for facts in counted], [card.line_ids.actual for card in cards])
                together = counted[0] | counted[1] | counted[2]
                self.assertEqual(len(together), sum(map(len, counted)), "none twice")
                hours = sorted(together.mapped("happened_at"))
                self.assertEqual(
                    {later - sooner for sooner, later in pairwise(hours)}, {HOUR}, "none left out"
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def _get_facts(self, line):
        return self.env["discipline.fact"].search(line.action_open_facts()["domain"])
