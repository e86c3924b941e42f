from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .report_common import ReportCase


class ReportTourCase(ReportCase, BrowserCase):
    """My Report in a real browser: Anna has made two calls, and says five."""

    def _tour(self, name, path, user):
        self.env.flush_all()
        with freeze_time("2026-03-10 12:30:00"):
            self.start_tour(path, name, login=user.login)


@tagged("post_install", "-at_install")
class TestReportTour(ReportTourCase):
    def test_own(self):
        self._tour("sales_discipline_my_report", "/odoo/my-report", self.anna)
        self.env.invalidate_all()
        self.assertEqual(self._claims()["calls_done"], (5.0, 2.0))
        self.assertEqual(self.card.report_comment, "On the road")

    def test_kpi_page_asks_for_it(self):
        self._tour("sales_discipline_kpi_hidden", "/odoo/kpi", self.anna)


@tagged("post_install", "-at_install")
class TestReportMobile(ReportTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_own(self):
        self._tour("sales_discipline_my_report", "/odoo/my-report", self.anna)
