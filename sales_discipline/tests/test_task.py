from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..tools.windows import Window
from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 12:00:00")
class TestTask(PayCase):
    def _task(self, user=None, employee=None, **values):
        return (
            self.env["discipline.task"]
            .with_user(user or self.lead)
            .create(
                {
                    "name": "Five customers won back",
                    "employee_id": (employee or self.e_anna).id,
                    "company_id": self.company.id,
                    "date_due": "2026-09-30",
                    "value": 500,
                    **values,
                }
            )
        )

    def _handed_in(self, **values):
        task = self._task(**values)
        task.action_open()
        task.with_user(self.anna).result = "Done"
        task.with_user(self.anna).action_submit()
        return task

    def test_from_draft_to_approved(self):
        for forged in ({"state": "approved"}, {"approved_at": "2020-01-01"}):
            with self.assertRaisesRegex(UserError, "buttons"):
                self._task(**forged)
        task = self._task()
        self.assertEqual((task.state, task.approved_at, task.team_id), ("draft", False, self.team))
        task.action_open()
        mine = task.with_user(self.anna)
        with self.assertRaisesRegex(UserError, "“Result”"):
            mine.action_submit()
        file = (
            self.env["ir.attachment"]
            .with_user(self.anna)
            .create({"name": "proof.txt", "raw": b"yes", "res_model": "discipline.task"})
        )
        mine.proof_ids = [Command.link(file.id)]
        mine.action_submit()
        self.assertEqual(file.res_id, task.id)
        self.assertEqual(task.activity_ids.user_id, self.lead)
        self.assertEqual(task.proof_ids.with_user(self.lead).raw, b"yes")
        with freeze_time("2026-09-20 10:00:00"):
            task.action_approve()
        self.assertEqual((str(task.approved_at), task.approved_by_id), ("2026-09-20 10:00:00", self.lead))
        self.assertFalse(task.activity_ids)

    def test_proof_stays_as_it_was_handed_in(self):
        task = self._task()
        task.action_open()
        mine = task.with_user(self.anna)
        files = self.env["ir.attachment"].with_user(self.anna)
        proof, other = (files.create({"name": f"{name}.txt", "raw": b"yes"}) for name in ("proof", "other"))
        mine.write({"proof_ids": [Command.link(proof.id)], "result": "Done"})
        proof.raw = b"better"
        mine.action_submit()
        for step in (lambda: None, task.action_approve):
            step()
            for user in (self.anna, self.head, self.env.user):
                mine = proof.with_user(user).sudo(user == self.env.user)
                with self.assertRaisesRegex(UserError, "proof.txt"):
                    mine.raw = b"no"
                with self.assertRaisesRegex(UserError, "proof.txt"):
                    mine.write({"res_model": False, "res_id": False})
                with self.assertRaisesRegex(UserError, "proof.txt"):
                    mine.unlink()
        proof.sudo().write({"raw": b"better", "description": "Letter"})
        self.assertEqual(proof.raw, b"better")
        other.unlink()

    def test_value_that_could_be_paid(self):
        with self.assertRaisesRegex(ValidationError, "“Value”"):
            self._task(value=1e300)

    def test_team_is_that_of_the_person(self):
        friend = self._new_user("friend", "sales_discipline.group_leader")
        south = self.env["crm.team"].create(
            {"name": "South", "company_id": self.company.id, "user_id": friend.id}
        )
        tasks = self.env["discipline.task"].with_user(self.anna)
        vals = {"name": "Goal", "date_due": "2026-09-30", "value": 900, "team_id": south.id}
        task = tasks.with_context(default_team_id=south.id).create(vals)
        self.assertEqual(task.team_id, self.team)
        for user in (self.anna, self.lead, self.head):
            with self.assertRaisesRegex(UserError, "Sales Team"):
                task.with_user(user).team_id = south

    def test_rejected_and_handed_in_again(self):
        task = self._handed_in()
        wizard = (
            self.env["discipline.task.reject"]
            .with_user(self.lead)
            .with_context(**task.action_reject()["context"])
        )
        with Form(wizard) as form:
            form.reason = "Two are missing"
        form.record.action_apply()
        self.assertEqual((task.state, task.reject_reason), ("rejected", "Two are missing"))
        self.assertFalse(task.activity_ids)
        task.with_user(self.anna).result = "All five"
        task.with_user(self.anna).action_submit()
        task.action_approve()
        self.assertEqual(task.state, "approved")

    def test_nobody_approves_an_own_task(self):
        task = self._handed_in()
        e_lead, e_head = (self._new_employee(user) for user in (self.lead, self.head))
        for user, own in (
            (self.lead, self._task(employee=e_lead)),
            (self.head, self._task(self.head, e_head)),
        ):
            with self.subTest(user.name), self.assertRaisesRegex(AccessError, "never by the person"):
                own.with_user(user).action_open()
        own = self._task(employee=e_lead)
        own.with_user(self.head).action_open()
        own.with_user(self.lead).result = "Done"
        own.with_user(self.lead).action_submit()
        self.assertEqual(own.activity_ids.user_id, self.head)
        with self.assertRaisesRegex(AccessError, "never by the person"):
            own.with_user(self.lead).action_approve()
        own.with_user(self.head).action_approve()
        proposal = self._task(self.anna)  # written by the person, and started by somebody else
        for method in ("action_open", "action_approve", "action_reject"):
            with self.subTest(method), self.assertRaisesRegex(AccessError, "never by the person"):
                getattr(proposal.with_user(self.anna), method)()
        for user in (self.boris, self.officer):
            with self.subTest(user.name), self.assertRaises(AccessError):
                task.with_user(user).action_approve()

    def test_terms_stay(self):
        task = self._task()
        mine = task.with_user(self.anna)
        mine.measure = "Orders"
        task.action_open()
        for values in ({"value": 900}, {"date_due": "2026-12-31"}, {"name": "Easy"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "agreed on"):
                mine.write(values)
        task.value = 600
        mine.result = "Done"
        mine.action_submit()
        for user in (self.anna, self.lead, self.head):
            with self.subTest(user.name), self.assertRaisesRegex(UserError, "handed in"):
                task.with_user(user).value = 1
        task.action_approve()
        attempts = [
            lambda: task.write({"value": 1}),
            lambda: task.sudo().write({"result": "x"}),
            lambda: task.sudo().write({"state": "open"}),
            lambda: task.sudo().write({"approved_at": "2026-08-01 10:00:00"}),
            lambda: task.sudo().unlink(),
            lambda: task.sudo()._reject("No"),
        ]
        for i, attempt in enumerate(attempts):
            with self.subTest(i), self.assertRaises(UserError):
                attempt()

    def test_who_sees_what(self):
        task = self._task()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user("stranger", "sales_discipline.group_manager", other)
        for user, sees in (
            (self.anna, True), (self.lead, True), (self.head, True), (self.officer, True),
            (self.boris, False), (stranger, False),
        ):  # fmt: skip
            with self.subTest(user.name):
                found = self.env["discipline.task"].with_user(user).search([("id", "=", task.id)])
                self.assertEqual(bool(found), sees)
        with self.assertRaises(AccessError):
            task.with_user(self.officer).value = 1
        with self.assertRaises(AccessError):
            self._task(self.boris)
        with self.assertRaises(AccessError):
            self._task(self.boris, self.e_boris).employee_id = self.e_anna

    def test_metric(self):
        with freeze_time("2026-09-30 23:59:59"):
            self._handed_in().action_approve()
        with freeze_time("2026-10-01 00:00:00"):
            self._handed_in().action_approve()
        self._handed_in()
        metric = self.env.ref("sales_discipline.metric_tasks_done")
        bounds = (datetime(2026, 9, 1), datetime(2026, 10, 1), datetime(2026, 10, 5))
        window = Window("w", (self.anna.id,), *bounds, date(2026, 9, 1), date(2026, 9, 30))
        self.assertEqual(metric._measure([window])[metric.id, "w"].value, 1)

    def test_pay(self):
        """A line for each task approved in the month of the person's own calendar, at its value."""
        self._component("task")
        self.e_anna.tz = "Pacific/Auckland"  # 1 September begins at 12:00 UTC on 31 August, October at 11:00
        for moment, value in (
            ("2026-08-31 11:59:59", 1),
            ("2026-08-31 12:00:00", 10),
            ("2026-09-30 10:59:59", 100),
            ("2026-09-30 11:00:00", 1_000),
        ):
            with freeze_time(moment):
                self._handed_in(value=value).action_approve()
        with freeze_time("2026-10-05 12:00:00"):
            run = self._run()
            run.action_compute()
            statement = run.sudo().statement_ids.filtered(lambda s: s.employee_id == self.e_anna)
            self.assertEqual(statement.line_ids.mapped("amount"), [10, 100])
            self.assertIn(
                "“Five customers won back”, approved on 09/01/2026 by Lead", statement.line_ids[0].explanation
            )
            self.assertEqual(statement.total, 110)
            self.assertFalse(
                run.sudo().statement_ids.filtered(lambda s: s.employee_id == self.e_boris).line_ids
            )
