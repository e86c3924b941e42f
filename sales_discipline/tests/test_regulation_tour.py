from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .regulation_common import RegulationCase


@tagged("post_install", "-at_install")
@freeze_time(RegulationCase.NOW)
class TestRegulationTour(RegulationCase, BrowserCase):
    """The steps of a rule in the chatter, in a real browser, by Anna."""

    def test_done_and_skipped(self):
        texts = {"discipline_result": "text", "discipline_rules": "<p>Ask for the day</p>"}
        self._make_regulation(
            "lead_created",
            {"discipline_title": "Call the client", **texts},
            {"discipline_title": "Write a letter"},
        )
        lead = self._make_lead(self.anna)
        steps = self._run("2026-03-10 12:10:00").sorted("id")
        self.env.flush_all()
        self.start_tour(f"/odoo/crm/{lead.id}", "sales_discipline_regulation", login=self.anna.login)
        self.env.invalidate_all()
        self.assertEqual(steps.mapped("state"), ["done", "skipped"])
        self.assertEqual(steps[1].reason, "They never read letters")

    def test_done_on_my_day(self):
        """A step that has to bring something asks for it there, too; the rule is shown in place."""
        texts = {"discipline_result": "text", "discipline_rules": "<p><b>Ask for the day</b></p>"}
        self._make_regulation(
            "lead_created",
            {"discipline_title": "Call the client", "discipline_minutes": 60, **texts},
            {"discipline_title": "Write a letter"},
        )
        self._make_lead(self.anna)
        steps = self._run("2026-03-10 12:10:00").sorted("id")
        day = self.cards.with_user(self.anna).get_my_day()["todo"]["planned"]["rows"]
        self.assertEqual([row["rule"] for row in day], ["Rule lead_created"] * 2)
        self.assertEqual([row["is_decided"] for row in day], [False] * 2)
        self.env.flush_all()
        self.start_tour("/odoo/my-day", "sales_discipline_regulation_day", login=self.anna.login)
        self.env.invalidate_all()
        self.assertEqual(steps.mapped("state"), ["done", "skipped"])

    def test_done_on_a_card(self):
        self._make_regulation(
            "lead_created", {"discipline_title": "Call the client", "discipline_result": "text"}
        )
        self._make_lead(self.anna)
        step = self._run("2026-03-10 12:10:00")
        self.env.flush_all()
        self.start_tour("/odoo/crm", "sales_discipline_regulation_list", login=self.anna.login)
        self.env.invalidate_all()
        self.assertEqual(step.state, "done")

    def test_cancelled_in_the_list_of_activities(self):
        self._make_regulation("lead_created", {"discipline_title": "Call the client"})
        self._make_lead(self.anna)
        step = self._run("2026-03-10 12:10:00")
        self.env.flush_all()
        self.start_tour(
            "/odoo/action-mail.mail_activity_action_my",
            "sales_discipline_regulation_activities",
            login=self.anna.login,
        )
        self.env.invalidate_all()
        self.assertEqual((step.state, step.reason), ("skipped", "They never answer"))

    def test_decided_elsewhere(self):
        """What is done by itself once it is decided on has no Done."""
        values = {"name": "Account plan", "employee_id": self.e_anna.id, "company_id": self.company.id}
        task = self.env["discipline.task"].create({**values, "date_due": "2026-03-20"})
        task.activity_schedule(
            "mail.mail_activity_data_todo", summary="Approve the task", user_id=self.lena.id
        )
        rows = self.cards.with_user(self.lena).get_my_day()["todo"]["planned"]["rows"]
        self.assertEqual([(row["summary"], row["is_decided"]) for row in rows], [("Approve the task", True)])
