from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .assessment_common import AssessmentCase


@tagged("post_install", "-at_install")
class TestAssessmentScores(AssessmentCase):
    """Giving a score: what 0 is, who may, and what nobody can set."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._score("2026-04-01 06:00:00")
        cls.task = cls.tasks.search([("assessor_id", "=", cls.carla.id), ("employee_id", "=", cls.e_anna.id)])

    def _stored(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT score, state FROM discipline_assessment WHERE id = %s", [self.task.id])
        return self.env.cr.fetchone()

    @freeze_time("2026-04-01 09:00:00")
    def test_zero_is_a_score(self):
        own = self.task.with_user(self.carla)
        self.assertEqual(self._stored(), (None, "pending"))
        own.write({"score": 0})
        self.assertEqual(self._stored(), (0, "done"))
        self.assertEqual(str(own.scored_at), "2026-04-01 09:00:00")
        own.write({"score": False})
        self.assertEqual(self._stored(), (None, "pending"))
        self.assertFalse(own.scored_at)
        own.write({"score": 50, "state": "done"})
        own.write({"score": 0, "state": "pending"})  # as the field in the browser takes one away
        self.assertEqual(self._stored(), (None, "pending"))
        with self._refused(UserError, "'Score' is empty"):
            own.write({"state": "done"})

    @freeze_time("2026-04-01 09:00:00")
    def test_what_nobody_sets(self):
        own = self.task.with_user(self.carla)
        for vals in ({"scored_at": "2026-03-01"}, {"due_date": "2027-01-01"}):
            with self._refused(UserError, "'Scored on'"):
                own.write(vals)
        for score in (-1, 100.5):
            with self._refused(CheckViolation, "score_check"):
                own.write({"score": score})
                self.env.flush_all()
        with self._refused(UserError, "'Assessed by'"):
            own.write({"assessor_id": self.anna.id})
        with self._refused(UserError, "'Employee'"):
            own.write({"employee_id": self.e_boris.id})

    @freeze_time("2026-04-01 09:00:00")
    def test_a_plain_salesperson_as_expert(self):
        """Opens exactly what they have to assess, scores it with proof, and nothing else."""
        seen = self.tasks.with_user(self.carla).search([])
        self.assertEqual(seen.employee_id, self.e_anna + self.e_boris + self.e_lena)
        self.assertEqual(seen.assessor_id, self.carla)
        rows = seen.web_read({"employee_id": {"fields": {"display_name": {}}}, "score": {}, "can_score": {}})
        self.assertIn("Anna", [row["employee_id"]["display_name"] for row in rows])
        self.assertTrue(all(row["can_score"] for row in rows))
        other = self.tasks.search([("assessor_id", "=", self.lena.id)], limit=1).with_user(self.carla)
        for change in (lambda: other.write({"score": 1}), self.task.with_user(self.carla).unlink):
            with self.assertRaises(AccessError):
                change()
        with self.assertRaises(AccessError):
            self.task.with_user(self.boris).read(["score"])
        with self.assertRaises(AccessError):  # Anna reads it, and that is all
            self.task.with_user(self.anna).write({"score": 100})
        self.assertFalse(self.task.with_user(self.anna).can_score)

    @freeze_time("2026-04-01 09:00:00")
    def test_proof(self):
        files = self.env["ir.attachment"].with_user(self.carla)
        proof = files.create({"name": "minutes.txt", "raw": b"they were late"})
        with Form(self.task.with_user(self.carla)) as form:
            form.score = 40
            form.comment = "Minutes missing"
        self.task.with_user(self.carla).write({"attachment_ids": [Command.link(proof.id)]})
        self.assertEqual((proof.res_model, proof.res_id), (self.task._name, self.task.id))
        self.assertEqual(proof.with_user(self.anna).raw, b"they were late", "whom it is about reads it")
        with self.assertRaises(AccessError):
            proof.with_user(self.boris).read(["raw"])
        self._score("2026-04-02 16:00:00")
        with freeze_time("2026-04-02 17:00:00"), self._refused(ValidationError, "locked"):
            proof.with_user(self.carla).unlink()

    def test_no_expert_outside(self):
        """Experts have to be able to open what they have to assess."""
        draft = self._make_monthly(state="draft", name="Draft")
        for user in (self.paula, self.olga):
            with self._refused(ValidationError, f"Quality: {user.name} cannot be among the 'Experts'"):
                draft.assessed_line_ids.assessor_ids = user

    def test_weights(self):
        draft = self._make_monthly(state="draft", name="Draft", team_ids=self.south.ids)
        draft.line_ids.weight = 0
        for button in (draft.action_trial, draft.action_activate):
            with self._refused(ValidationError, "Draft.*'Weight'"):
                button()
        draft.write({"line_ids": [Command.update(draft.line_ids[0].id, {"weight": 1})]})
        draft.action_activate()
        with self._refused(ValidationError, "'Weight'"):
            draft.line_ids[0].weight = 0
        first, second = draft.line_ids
        draft.write(  # the sum counts when all is written
            {"line_ids": [Command.update(first.id, {"weight": 0}), Command.update(second.id, {"weight": 2})]}
        )
        with self._refused(ValidationError, "'Experts'"):
            draft.write(
                {
                    "line_ids": [
                        Command.update(
                            second.id, {"assessor_ids": [Command.clear()], "assessed_by_leader": False}
                        )
                    ]
                }
            )


@tagged("post_install", "-at_install")
class TestAssessmentReminders(AssessmentCase):
    """A reminder on the working day before the due date and on the day itself, never twice."""

    def _reminders(self, user):
        domain = [("model", "=", "discipline.plan"), ("res_id", "=", self.plan.id)]
        domain += [("message_type", "=", "user_notification"), ("partner_ids", "in", user.partner_id.ids)]
        domain += [("subject", "like", "% by %")]
        return self.env["mail.message"].search(domain, order="id")

    def test_days(self):
        # due on Thursday, April 2nd
        counts = {}
        for moment in (
            "2026-04-01 06:00:00",
            "2026-04-01 18:00:00",
            "2026-04-02 05:59:00",
            "2026-04-02 06:00:00",
            "2026-04-02 10:00:00",
            "2026-04-02 15:30:00",
            "2026-04-02 19:00:00",
        ):
            self._score(moment)
            counts[moment] = len(self._reminders(self.lena))
        self.assertEqual(list(counts.values()), [0, 0, 0, 1, 1, 1, 1], "told on the 1st by the task itself")

    def test_before_and_on_the_day(self):
        with freeze_time("2026-03-27 10:00:00"):
            self.cards._score(fields.Datetime.to_datetime("2026-03-27 10:00:00"))
            self.plan.with_user(self.mark).action_ask_experts()
        self._score("2026-03-31 10:00:00")
        self.assertFalse(self._reminders(self.lena))
        self._score("2026-04-01 06:00:00")
        self._score("2026-04-01 16:00:00")
        self.assertEqual(len(self._reminders(self.lena)), 1)
        with freeze_time("2026-04-01 17:00:00"):
            self._of(self.carla).with_user(self.carla).write({"score": 60})
        self._score("2026-04-02 06:00:00")
        self._score("2026-04-02 08:00:00")
        self.assertEqual(len(self._reminders(self.lena)), 2)
        self.assertEqual(len(self._reminders(self.carla)), 1, "she has scored them all")
        message = self._reminders(self.lena)[0]
        self.assertIn("Assess 2 people for March 2026", message.subject)
        self.assertIn("/odoo/my-assessments", message.body)
        self.assertIn("18:00", message.body)

    def test_working_day_before(self):
        day = self.tasks._get_reminder_day
        monday, friday = date(2026, 4, 6), date(2026, 4, 3)
        self.assertEqual(day(monday, date(2026, 4, 2)), None)
        self.assertEqual([day(monday, date(2026, 4, number)) for number in (3, 4, 5)], [friday] * 3)
        self.assertEqual(day(monday, monday), monday)
        self.assertEqual(day(monday, date(2026, 4, 8)), monday)

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.lena.lang = "fr_FR"
        self._score("2026-04-01 06:00:00")
        self.assertIn("mars 2026", self._activities(self.lena).summary)
        self.assertIn("March 2026", self._activities(self.carla).summary)
