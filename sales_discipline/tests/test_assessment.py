from datetime import date

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .assessment_common import AssessmentCase


@tagged("post_install", "-at_install")
class TestAssessmentTasks(AssessmentCase):
    """When a period ends each expert is asked once, in time, for everybody but themselves."""

    def test_opened_when_the_period_ends(self):
        self._score("2026-03-31 21:59:59")  # still the 31st in Berlin, the 1st in Tokyo
        self.assertEqual(self._of().employee_id, self.e_boris)
        self._score("2026-03-31 22:00:00")
        asked = {(one.assessor_id, one.employee_id) for one in self._of()}
        people = [(self.lena, self.e_anna), (self.lena, self.e_boris)]
        people += [(self.carla, employee) for employee in (self.e_anna, self.e_boris, self.e_lena)]
        self.assertEqual(asked, set(people), "Lena leads the team and does not assess herself")
        one = self._of(self.lena, employee_id=self.e_anna.id)
        self.assertEqual((one.date_from, one.date_to), (date(2026, 3, 1), date(2026, 3, 31)))
        self.assertEqual(
            (one.state, one.due_date, one.metric_id), ("pending", date(2026, 4, 2), self.quality)
        )
        self.assertFalse(one.scored_at)
        before = self._of()
        self._score("2026-04-01 12:00:00")
        self.assertEqual(self._of(), before, "once")

    def test_a_period_that_closes_on_its_last_day(self):
        """It is assessed on that day, from the morning on."""
        self.plan.action_close()
        self.plan = self._make_monthly(close_delay_days=0, name="Sharp")
        self._score("2026-03-30 21:00:00")
        self.assertFalse(self._of().filtered(lambda one: one.employee_id == self.e_anna))
        self._score("2026-03-31 06:00:00")
        one = self._of(self.lena, employee_id=self.e_anna.id)
        self.assertEqual((one.state, one.due_date), ("pending", date(2026, 3, 31)))

    def test_activity(self):
        """One for all, done by itself with the last score."""
        self._score("2026-04-01 06:00:00")
        self.assertEqual(self._activities(self.lena).summary, "Assess 2 people for March 2026")
        activity = self._activities(self.carla)
        self.assertEqual(activity.summary, "Assess 3 people for March 2026")
        self.assertEqual(activity.date_deadline, date(2026, 4, 2))
        tasks = self._of(self.carla).with_user(self.carla)
        with freeze_time("2026-04-01 10:00:00"):
            for one, score in zip(tasks, (0, 50), strict=False):
                one.score = score
            self.assertTrue(activity.active)
            tasks[2].score = 100
        self.assertFalse(activity.active)
        self.assertEqual(activity.done_by, self.carla)
        self.assertEqual(
            [(one.state, one.score) for one in tasks], [("done", 0), ("done", 50), ("done", 100)]
        )
        self._score("2026-04-01 12:00:00")
        self.assertFalse(self._activities(self.carla), "nobody is asked again")
        with freeze_time("2026-04-01 13:00:00"):
            tasks[0].write({"state": "pending"})
        self._score("2026-04-01 14:00:00")
        self.assertEqual(
            self._activities(self.carla).summary, f"Assess {tasks[0].employee_id.name} for March 2026"
        )

    def test_closed_without_a_score(self):
        """No score is no data; the task is taken away, what was not given stays to be seen."""
        self._score("2026-04-01 06:00:00")
        with freeze_time("2026-04-01 10:00:00"):
            self._of(self.lena, employee_id=self.e_anna.id).with_user(self.lena).score = 0
        self._score("2026-04-02 16:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-01", self.plan), "quality")
        self.assertEqual((line.state, line.has_data, line.actual, line.zone), ("frozen", True, 0, "red"))
        line = self._line(self._card(self.e_boris, "2026-03-01", self.plan), "quality")
        self.assertEqual((line.state, line.has_data), ("frozen", False))
        self.assertFalse(self._activities(self.lena) + self._activities(self.carla))
        self.assertEqual(len(self._of(state="pending")), 4)
        with freeze_time("2026-04-02 16:00:00"):
            locked = self._of(self.lena, employee_id=self.e_boris.id).with_user(self.lena)
            self.assertEqual((locked.is_locked, locked.can_score), (True, False))
            for vals in ({"score": 80}, {"comment": "Well"}, {"attachment_ids": [Command.clear()]}):
                with self._refused(ValidationError, "Quality – Boris.*'Score' is locked"):
                    locked.write(vals)

    def test_locked_from_the_deadline_on(self):
        """Also while the card waits for the scheduled action."""
        self._score("2026-04-01 06:00:00")
        one = self._of(self.lena, employee_id=self.e_anna.id).with_user(self.lena)
        with freeze_time("2026-04-02 15:59:59"):
            one.score = 70
        with freeze_time("2026-04-02 16:00:00"), self._refused(ValidationError, "locked"):
            one.score = 71
        self._score("2026-04-02 18:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-01", self.plan), "quality")
        self.assertEqual((line.actual, line.late), (70, 0))

    def test_experts_change(self):
        """Who is an expert may change while the plan is in force; the tasks follow."""
        self._score("2026-04-01 06:00:00")
        with freeze_time("2026-04-01 07:00:00"):
            self._of(self.carla, employee_id=self.e_anna.id).with_user(self.carla).score = 60
            line = self.plan.assessed_line_ids
            self.plan.with_user(self.mark).write(
                {
                    "assessed_line_ids": [
                        Command.update(line.id, {"assessor_ids": [Command.set(self.luis.ids)]})
                    ]
                }
            )
            with self._refused(UserError, "New Version"):
                self.plan.with_user(self.mark).write(
                    {"assessed_line_ids": [Command.update(line.id, {"target": 5})]}
                )
            with self._refused(ValidationError, "'Experts'"):
                line.with_user(self.mark).write(
                    {"assessor_ids": [Command.clear()], "assessed_by_leader": False}
                )
        self._score("2026-04-01 08:00:00")
        self.assertEqual(self._of(self.carla).mapped("state"), ["done"], "what was given stays")
        self.assertFalse(self._activities(self.carla))
        self.assertEqual(len(self._of(self.luis)), 3)
        self.assertTrue(self._activities(self.luis))

    def test_who_left(self):
        """Nobody assesses who turned out not to work, and no task goes to somebody who is gone."""
        self._score("2026-04-01 06:00:00")
        self.carla.active = False
        self._make_leave("2026-03-01 00:00:00", "2026-04-01 00:00:00", self.e_boris)
        self._score("2026-04-01 07:00:00")
        self.assertEqual(
            {(one.assessor_id, one.employee_id) for one in self._of()}, {(self.lena, self.e_anna)}
        )

    def test_given_before(self):
        """A score that a leader gave of their own accord is the one that is asked for."""
        vals = {"metric_id": self.quality.id, "employee_id": self.e_anna.id, "score": 90}
        period = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
        with freeze_time("2026-03-20 10:00:00"):
            given = self.tasks.with_user(self.lena).create({**vals, **period})
        self._score("2026-04-01 06:00:00")
        self.assertEqual(self._of(self.lena, employee_id=self.e_anna.id), given)
        self.assertEqual((given.state, given.score, given.plan_id), ("done", 90, self.plan))
        self.assertEqual(self._activities(self.lena).summary, "Assess Boris for March 2026")

    def test_ahead_of_time(self):
        """Experts, and managers for all of them, may begin before the period ends."""
        self._score("2026-03-20 06:00:00")
        self.assertFalse(self._of())
        with freeze_time("2026-03-20 10:00:00"):
            action = self.plan.with_user(self.carla).action_assess()
            self.assertEqual(len(self.tasks.with_user(self.carla).search(action["domain"])), 3)
            self.assertEqual(self._of().assessor_id, self.carla)
            with self._refused(UserError, "nobody for you to assess"):
                self.plan.with_user(self.anna).action_assess()
            for user in (self.anna, self.lena):
                with self.assertRaises(AccessError):
                    self.plan.with_user(user).action_ask_experts()
            self.plan.with_user(self.mark).action_ask_experts()
        self.assertEqual(len(self._of()), 5)
        self.assertTrue(self._activities(self.lena))
        self._score("2026-03-20 12:00:00")
        self.assertEqual(len(self._of()), 5)

    def test_queries(self):
        """As many statements for one person as for many, and none worth mentioning where nothing is assessed."""
        few = self._count_scoring("2026-04-01 06:00:00")
        users = [
            self._make_person(f"extra{number}", "sales_team.group_sale_salesman", "Europe/Berlin")[0]
            for number in range(12)
        ]
        self.north.member_ids += self.env["res.users"].union(*users)
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        many = self._count_scoring("2026-04-01 06:00:00")
        self.assertGreaterEqual(self.counted, 25)
        self.assertLessEqual(many, few)

    def _count_scoring(self, now):
        """Statements that opening the tasks takes; undone afterwards."""
        with self.env.cr.savepoint() as savepoint, freeze_time(now):
            self.cards._score(fields.Datetime.to_datetime("2026-03-31 12:00:00"))
            moment = fields.Datetime.to_datetime(now)
            count, _none = self._count_queries(self.tasks._open_tasks, moment)
            self.counted = len(self._of())
            savepoint.rollback()
        self.env.invalidate_all()
        return count
