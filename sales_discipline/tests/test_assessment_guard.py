from datetime import date

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .assessment_common import AssessmentCase

NOW = "2026-04-01 09:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAssessmentGuard(AssessmentCase):
    """What nobody gets past: neither the expert, nor the leader, nor the manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._score("2026-04-01 06:00:00")
        cls.task = cls.tasks.search([("assessor_id", "=", cls.carla.id), ("employee_id", "=", cls.e_anna.id)])
        cls.own = cls.task.with_user(cls.carla)
        cls.vals = {"metric_id": cls.quality.id, "employee_id": cls.e_anna.id, "score": 90}
        cls.march = {"date_from": "2026-03-01", "date_to": "2026-03-31"}

    def _give(self, user, **vals):
        return self.tasks.with_user(user).create({**self.vals, **self.march, **vals})

    # ------------------------------------------------------------
    # The task itself
    # ------------------------------------------------------------

    def test_system_fields(self):
        activity = self._make_activity(self.boris, self._make_lead(self.boris))
        technical = {"activity_id": activity.id, "plan_id": False, "reminded_on": "2099-01-01"}
        technical.update(due_date="2099-01-01", scored_at="2026-03-01", company_id=self.other_company().id)
        for name, value in technical.items():
            for user in (self.carla, self.mark):
                with self._refused(UserError, "'Scored on'.*cannot be set"):
                    self.task.with_user(user).write({name: value})
            with self._refused(UserError, "'Scored on'.*cannot be set"):
                self._give(self.lena, **{name: value})

    def other_company(self):
        return self.env["res.company"].create({"name": "Other"})

    def test_only_own_activities(self):
        """Even if it pointed at somebody's activity, a score would neither close nor delete it."""
        activity = self._make_activity(self.boris, self._make_lead(self.boris))
        self.task.activity_id = activity
        self.own.score = 50
        self.assertTrue(activity.active)
        others = self._of(self.lena)
        others.activity_id = activity
        self._score("2026-04-02 16:00:00")
        self.assertTrue(activity.exists().active)
        planned = self.env["mail.activity"].create(
            {**self.tasks._prepare_activity(self._group()), "user_id": self.lena.id}
        )
        self.task.activity_id = planned
        self.task._finish_activities()
        self.assertTrue(planned.active, "another expert's")

    def _group(self):
        names = ("plan_id", "assessor_id")
        group = {name: self.task[name].id for name in names}
        return {**group, "due_date": date(2026, 4, 2), "ids": self.task.ids}

    def test_what_it_is_about(self):
        other = self.env["discipline.metric"].create(
            {"name": "Other", "code": "other", "source": "assessment", "unit": "score"}
        )
        for vals in ({"metric_id": other.id}, {"date_from": "2026-03-02"}, {"date_to": "2026-03-30"}):
            for user in (self.carla, self.mark):
                with self._refused(UserError, "'Metric', 'From' and 'To'"):
                    self.task.with_user(user).write(vals)

    # ------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------

    def test_manager_does_not_score_for_the_expert(self):
        self.own.score = 40
        theirs = self.task.with_user(self.mark)
        self.assertFalse(theirs.can_score)
        self.assertTrue(self.own.can_score)
        for vals in (
            {"score": 95},
            {"state": "pending"},
            {"comment": "Great"},
            {"attachment_ids": [Command.clear()]},
        ):
            with self._refused(AccessError, "Quality – Anna.*'Score'.*Carla only"):
                theirs.write(vals)
        with self._refused(AccessError, "Carla only"):
            theirs.unlink()
        self.own.write({"score": False})
        theirs.unlink()  # a task is taken away
        self.assertFalse(self.task.exists())

    def test_about_oneself(self):
        self.e_mark.user_id = False
        self.env.flush_all()  # a user is one employee at a time
        self.e_anna.user_id = self.mark
        for change in (lambda one: one.write({"score": 100}), lambda one: one.unlink()):
            with self._refused(AccessError, "You are the 'Employee'"):
                change(self.task.with_user(self.mark))

    # ------------------------------------------------------------
    # Experts and periods
    # ------------------------------------------------------------

    def test_periods(self):
        for period in (
            {"date_from": "2026-03-02"},
            {"date_to": "2026-03-28"},
            {"date_from": "0001-01-01", "date_to": "9999-12-31"},
        ):
            with self._refused(ValidationError, "'From' and 'To'.*one period"):
                self._give(self.lena, **period)
        for period in (  # whole ones, but none of the plan's
            {"date_from": "2026-03-10", "date_to": "2026-03-10"},
            {"date_from": "2026-03-02", "date_to": "2026-03-08"},
            {"date_from": "2026-02-01", "date_to": "2026-02-28"},
        ):
            with self._refused(AccessError, "Quality – Anna.*in force on 0.*'Experts'"):
                self._give(self.lena, **period)
        with self._refused(ValidationError, "not begun"):
            self._give(self.lena, date_from="2026-05-01", date_to="2026-05-31")
        april = self._give(self.lena, date_from="2026-04-01", date_to="2026-04-30")
        self.assertEqual((april.state, april.score), ("done", 90))

    def test_no_expert(self):
        with self._refused(AccessError, "'Experts'"):
            self._give(self.mark)
        other = self.env["discipline.metric"].create(
            {"name": "Other", "code": "other", "source": "assessment", "unit": "score"}
        )
        with self._refused(AccessError, "Other – Anna.*'Experts'"):
            self._give(self.lena, metric_id=other.id)
        self._of(self.lena, employee_id=self.e_anna.id).unlink()
        self.plan.assessed_line_ids.assessed_by_leader = False
        with self._refused(AccessError, "'Experts'"):
            self._give(self.lena)
        self.plan.assessed_line_ids.assessor_ids += self.lena + self.mark
        self.assertTrue(self._give(self.lena) + self._give(self.mark))

    def test_one_score_each(self):
        """Several scores of one expert count as one, that of the whole period."""
        self.own.score = 40
        base = {**self.vals, "assessor_id": self.carla.id}
        self.tasks.create(
            [{**base, "date_from": f"2026-03-{day:02}", "date_to": "2026-03-31"} for day in range(2, 8)]
        )
        self._of(self.lena, employee_id=self.e_anna.id).with_user(self.lena).score = 60
        self._score("2026-04-02 16:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-01", self.plan), "quality")
        self.assertEqual((line.actual, line.late), (50, 0))

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    def test_defaults_of_a_link(self):
        self._of(self.lena, employee_id=self.e_anna.id).unlink()
        sneaky = {"default_score": 100, "default_state": "done", "default_scored_at": "2026-03-01 00:00:00"}
        sneaky.update(default_due_date="2099-01-01", default_plan_id=self.plan.id, default_comment="Fine")
        tasks = self.tasks.with_user(self.lena).with_context(**sneaky)
        vals = {name: value for name, value in self.vals.items() if name != "score"}
        one = tasks.create({**vals, **self.march})
        self.assertEqual((one.state, one.scored_at, one.due_date), ("pending", False, False))
        self.assertFalse(one.plan_id or one.comment)
        self.env.flush_all()
        self.env.cr.execute("SELECT score FROM discipline_assessment WHERE id = %s", [one.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))
        one.score = 70
        self.assertEqual(one.scored_at, fields.Datetime.to_datetime(NOW))

    def test_score_is_a_number(self):
        for score in ("abc", [1], {"a": 1}):
            with self._refused(UserError, "'Score' has to be a number"):
                self.own.write({"score": score})
            with self._refused(UserError, "'Score' has to be a number"):
                self._give(self.lena, score=score)

    # ------------------------------------------------------------
    # Proof
    # ------------------------------------------------------------

    def test_proof_is_locked(self):
        files = self.env["ir.attachment"].with_user(self.carla)
        own = {"res_model": self.task._name, "res_id": self.task.id}
        proof, loose = files.create(
            [{"name": "in.txt", "raw": b"in", **own}, {"name": "out.txt", "raw": b"out"}]
        )
        self.own.write({"score": 40, "attachment_ids": [Command.link(proof.id)]})
        proof.write({"raw": b"changed in time"})
        self._score("2026-04-02 16:00:00")
        with freeze_time("2026-04-02 17:00:00"):
            for vals in (
                {"raw": b"forged"},
                {"datas": "Zm9yZ2Vk"},
                {"name": "other.txt"},
                {"url": "https://example.com"},
                {"res_model": "res.partner", "res_id": self.carla.partner_id.id},
                {"res_id": False},
            ):
                for one in (proof, proof.sudo()):
                    with self._refused(ValidationError, "locked"):
                        one.write(vals)
            with self._refused(ValidationError, "locked"):
                loose.write(own)
            with self._refused(ValidationError, "locked"):
                files.create({"name": "late.txt", "raw": b"late", **own})
            with self._refused(ValidationError, "locked"):
                self.own.message_post(body="See", attachments=[("late.txt", b"late")])
            proof.sudo().write({"raw": b"changed in time"})  # as when the filestore is moved
        self.assertEqual(proof.raw, b"changed in time")

    def test_proof_of_another_record(self):
        """It could be changed there when the score is locked."""
        file = self.env["ir.attachment"].with_user(self.carla)
        file = file.create({"name": "a.txt", "res_model": "res.partner", "res_id": self.carla.partner_id.id})
        with self._refused(UserError, "a.txt.*'Proof'"):
            self.own.write({"attachment_ids": [Command.link(file.id)]})
