from odoo.tests import HttpCase, freeze_time, tagged

from .regulation_common import RegulationCase


@tagged("post_install", "-at_install")
@freeze_time(RegulationCase.NOW)
class TestRegulationTour(RegulationCase, HttpCase):
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
        """A step that has to bring something asks for it there, too."""
        self._make_regulation(
            "lead_created", {"discipline_title": "Call the client", "discipline_result": "text"}
        )
        self._make_lead(self.anna)
        step = self._run("2026-03-10 12:10:00")
        self.env.flush_all()
        self.start_tour("/odoo/my-day", "sales_discipline_regulation_day", login=self.anna.login)
        self.env.invalidate_all()
        self.assertEqual(step.state, "done")
