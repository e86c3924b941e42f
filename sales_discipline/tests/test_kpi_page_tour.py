from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .freeze_common import FreezeCase


class KpiTourCase(FreezeCase, BrowserCase):
    """The KPI page in a real browser: Anna has made five calls of ten and added three companies of five by today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = [("calls_done", 10.0), ("companies_added", 5.0, {"category": "kpi"})]
        lines[0] += ({"category": "kpi"},)
        plan = cls._make_plan(*lines, period="month", state="draft")
        plan.action_activate()
        cls._score("2026-03-09 08:00:00")
        cls._make_fact(cls.anna, "2026-03-09 10:00:00", count=5)
        cls._work(cls.anna, "2026-03-09", 3)
        cls.env.flush_all()

    def _tour(self, name, user):
        with freeze_time("2026-03-10 12:00:00"):
            self.start_tour("/odoo/kpi", f"sales_discipline_kpi_{name}", login=user.login)


@tagged("post_install", "-at_install")
class TestKpiPageTour(KpiTourCase):
    def test_own(self):
        self._tour("own", self.anna)

    def test_team(self):
        self._tour("team", self.lena)


@tagged("post_install", "-at_install")
class TestKpiPageMobile(KpiTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_mobile(self):
        self._tour("mobile", self.anna)
