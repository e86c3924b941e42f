from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .freeze_common import FreezeCase


@tagged("post_install", "-at_install")
class TestSuggest(FreezeCase):
    """Suggested targets are measured by the engine, shown, and taken over only by a click."""

    TODAY = date(2026, 3, 10)  # a Tuesday

    def _wizard(self, plan, user=None, now="2026-03-10 12:00:00"):
        with freeze_time(now):
            action = plan.with_user(user or self.mark).action_suggest_targets()
        return self.env[action["res_model"]].with_user(user or self.mark).browse(action["res_id"])

    def _weekly(self, *lines, state="draft", **vals):
        base = {"period": "week", "date_from": "2026-03-09", "team_ids": self.north.ids}
        return self._make_plan(*lines, state=state, **{**base, **vals})

    def test_weeks(self):
        """Twelve whole weeks before this one: Anna adds 0..11 companies, Boris and Lena none."""
        for number in range(12):
            monday = date(2026, 3, 2) - timedelta(weeks=number)
            self._work(self.anna, str(monday), number)
        self._work(self.anna, "2026-03-09", 50)  # this week is not over
        self._work(self.anna, "2025-12-08", 50)  # thirteen weeks ago
        plan = self._weekly(("companies_added", 9.0), employee_ids=self.e_anna.ids)
        line = self._wizard(plan).line_ids
        self.assertEqual((line.current, line.suggested, line.value_count, line.people_count), (9, 9, 12, 1))
        plan = self._weekly(("companies_added", 9.0), name="Team")
        line = self._wizard(plan).line_ids
        # of 36 values 25 are 0; the 80th percentile is the 29th
        self.assertEqual((line.suggested, line.value_count, line.people_count), (4, 36, 3))
        self.assertEqual(plan.line_ids.target, 9, "nothing changes by looking")

    def test_lower_is_better_and_no_data(self):
        metric = self.env["discipline.metric"].create(
            {"name": "Manners", "code": "manners", "source": "assessment", "unit": "score"}
        )
        plan = self._weekly(("companies_added", 5.0), employee_ids=self.e_anna.ids)
        self._metric("companies_added").higher_is_better = False
        plan.write({"line_ids": [Command.create({"metric_id": metric.id, "target": 70})]})
        for number in range(11):
            self._work(self.anna, str(date(2026, 3, 2) - timedelta(weeks=number)), number + 1)
        first, second = self._wizard(plan).line_ids
        self.assertEqual(first.suggested, 2)  # 0, 1 .. 11: 2.2
        self.assertEqual((second.has_data, second.value_count, second.zone), (False, 0, "none"))

    def test_part_time_and_leave(self):
        """Half a week counts double, a day of a week tells nothing, a week of leave is none."""
        self._make_leave("2026-03-04 12:00:00", "2026-03-08 23:00:00", self.e_anna)  # half a week left
        self._make_leave("2026-02-24 00:00:00", "2026-03-01 23:00:00", self.e_anna)  # Monday alone
        self._make_leave("2026-02-16 00:00:00", "2026-02-22 23:00:00", self.e_anna)
        plan = self._weekly(("companies_added", 5.0), employee_ids=self.e_anna.ids)
        self._work(self.anna, "2026-03-02", 5)
        self._work(self.anna, "2026-02-23", 5)
        with freeze_time("2026-03-10 12:00:00"):
            target, count, _people = plan._get_suggestions(self.TODAY)[plan.line_ids]
        self.assertEqual((target, count), (0, 10))

    def test_months_and_days(self):
        monthly = self._weekly(("companies_added", 5.0), period="month", date_from="2026-03-01")
        self.assertEqual(
            [str(first) for first, _last in monthly._get_past_periods(self.TODAY)],
            ["2025-12-01", "2026-01-01", "2026-02-01"],
        )
        daily = self._weekly(("companies_added", 5.0), period="day", employee_ids=self.e_anna.ids)
        days = daily._get_past_periods(self.TODAY)
        self.assertEqual((days[0][0], days[-1][0], len(days)), (date(2025, 12, 16), date(2026, 3, 9), 84))
        self._work(self.anna, "2026-03-09", 3)
        self._work(self.anna, "2026-03-06", 9, hour=17)  # 18:00 in Berlin: after the deadline
        line = self._wizard(daily).line_ids
        self.assertEqual((line.value_count, line.suggested), (60, 0), "working days alone")

    def test_team_scope(self):
        """A leader's line: what the whole team reached."""
        plan = self._weekly(("companies_added", 5.0, {"scope": "team"}), employee_ids=self.e_lena.ids)
        for number in range(12):
            monday = str(date(2026, 3, 2) - timedelta(weeks=number))
            self._work(self.anna, monday, 4)
            self._work(self.boris, monday, 3)
            self._work(self.carla, monday, 9)
        line = self._wizard(plan).line_ids
        self.assertEqual((line.suggested, line.value_count), (7, 12))

    def test_take(self):
        for number in range(12):
            monday = str(date(2026, 3, 2) - timedelta(weeks=number))
            self._work(self.anna, monday, 6)
        plan = self._weekly(("companies_added", 5.0), ("contacts_added", 5.0), employee_ids=self.e_anna.ids)
        wizard = self._wizard(plan)
        with self._refused(UserError, "Take Over"):
            wizard.action_take()
        wizard.line_ids[0].take = True
        wizard.action_take()
        self.assertEqual(plan.line_ids.mapped("target"), [6, 5])
        self._wizard(plan).action_take_all()
        self.assertEqual(plan.line_ids.mapped("target"), [6, 0])

    def test_take_over_a_plan_with_results(self):
        """Into the next version, a draft; the present one stays as it is."""
        self._work(self.anna, "2026-03-02", 12)
        plan = self._weekly(("companies_added", 5.0), employee_ids=self.e_anna.ids, state="active")
        self._score("2026-03-10 12:00:00")
        wizard = self._wizard(plan)
        wizard.line_ids.take = True
        action = wizard.action_take()
        new = self.env["discipline.plan"].browse(action["res_id"])
        self.assertEqual((new.state, new.version, str(new.date_from)), ("draft", 2, "2026-03-16"))
        self.assertEqual((plan.line_ids.target, new.line_ids.target), (5, wizard.line_ids.suggested))

    def test_access(self):
        plan = self._weekly(("companies_added", 5.0))
        plan.action_activate()
        for user in (self.anna, self.lena, self.paula, self.olga):
            with self.assertRaises(AccessError):
                self._wizard(plan, user)

    def test_queries(self):
        """As many statements for four people as for seven in the same time zones."""
        people = self.e_anna + self.e_boris + self.e_carla + self.e_lena
        more = people + self.e_luis + self.e_mark + self.e_paula
        plans = [
            self._weekly(("companies_added", 5.0), name="P", employee_ids=who.ids) for who in (people, more)
        ]
        counts = [self._count_again(plan._get_suggestions, self.TODAY)[0] for plan in plans]
        self.assertEqual(*counts)
