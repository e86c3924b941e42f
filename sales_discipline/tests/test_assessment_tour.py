from odoo.tests import freeze_time, tagged

from .assessment_common import AssessmentCase
from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestAssessmentTour(AssessmentCase, BrowserCase):
    """An expert scores in the list; an explicit 0 is a score."""

    def test_list(self):
        self._score("2026-04-01 06:00:00")
        with freeze_time("2026-04-01 08:00:00"):
            self.start_tour("/odoo/my-assessments", "sales_discipline_assess", login=self.carla.login)
        found = {one.employee_id.name: (one.state, one.score, one.comment) for one in self._of(self.carla)}
        expected = {
            "Anna": ("done", 0, False),
            "Boris": ("done", 75.5, "Fine"),
            "Lena": ("pending", 0, False),
        }
        self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestAssessmentPhone(AssessmentCase, BrowserCase):
    """And on a phone, right on the cards."""

    browser_size = "390x844"
    touch_enabled = True

    def test_cards(self):
        self._score("2026-04-01 06:00:00")
        with freeze_time("2026-04-01 09:00:00"):
            self.start_tour("/odoo/my-assessments", "sales_discipline_assess_phone", login=self.carla.login)
        one = self._of(self.carla, employee_id=self.e_lena.id)
        self.assertEqual((one.state, one.score), ("done", 88))
