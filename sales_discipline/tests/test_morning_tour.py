from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .signal_common import SignalCase


class MorningTourCase(SignalCase, BrowserCase):
    """The page 'Morning' in a real browser: Anna missed an indicator on Monday, asks for justice, and did ten activities
    within seconds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(("companies_added", 1.0), date_from="2026-03-09")
        cls._work(cls.boris, "2026-03-09", 1, hour=5)
        cls._log(10, "2026-03-09 10:00:00", gap=1)
        cls._score("2026-03-10 06:00:00")
        line = cls._card(cls.e_anna, "2026-03-09").line_ids
        cls.env["discipline.appeal"].with_user(cls.anna).create(
            {"line_id": line.id, "text": "The system was down", "amount": 1, "reason": "system"}
        )
        cls.env.flush_all()

    def _tour(self, name, user):
        with freeze_time("2026-03-10 07:00:00"):
            self.start_tour("/odoo/discipline-morning", f"sales_discipline_morning_{name}", login=user.login)


@tagged("post_install", "-at_install")
class TestMorningTour(MorningTourCase):
    def test_leader(self):
        self._tour("leader", self.lena)
        signal = self.signals.search([])
        self.assertEqual((signal.state, signal.comment), ("confirmed", "She said so"))
        self.assertTrue(self._card(self.e_anna, "2026-03-09").excused)

    def test_empty(self):
        self._tour("empty", self.olga)


@tagged("post_install", "-at_install")
class TestMorningMobile(MorningTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_mobile(self):
        self._tour("mobile", self.lena)
