from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .time_common import TimeCase


class TimeTourCase(TimeCase, BrowserCase):
    """The page Time Study in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("UPDATE discipline_time_study SET ask_estimate = TRUE")
        cls.env.invalidate_all()

    def _tour(self, url, name, user):
        self.env.flush_all()
        with freeze_time("2026-03-10 12:00:00"):
            self.start_tour(url, name, login=user.login)
        self.env.invalidate_all()

    def _check_page(self):
        self._tour("/odoo/time-study", "sales_discipline_time_study", self.anna)
        self.assertEqual(self._part(self.e_anna).estimate, 30)
        found = sorted(self._own(self.e_anna))
        self.assertEqual(
            found,
            [("2026-03-09", "Travel", 15), ("2026-03-10", "Claims", 60), ("2026-03-10", "Proposals", 45)],
        )


@tagged("post_install", "-at_install")
class TestTimeTour(TimeTourCase):
    def test_page(self):
        self._check_page()

    def test_my_day(self):
        self._part(self.e_anna).write({"estimate": 30, "estimated_at": self.NOW})
        self._tour("/odoo/my-day", "sales_discipline_time_day", self.anna)
        self.assertFalse(self._part(self.e_anna)._get_timers())

    def test_leader(self):
        self._part(self.e_anna).write({"estimate": 30, "estimated_at": self.NOW})
        for category, minutes in ((self.selling, 300), (self.claims, 180)):
            for day in ("2026-03-09", "2026-03-10"):
                self._add(self.anna, category, minutes, day)
        self._tour("/odoo/time-studies", "sales_discipline_time_leader", self.lena)
        new = self.studies.search([("name", "=", "Where our time goes")])
        self.assertEqual((new.state, new.user_id), ("running", self.lena))


@tagged("post_install", "-at_install")
class TestTimeMobile(TimeTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_page(self):
        self._check_page()
