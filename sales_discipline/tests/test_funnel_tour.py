from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .funnel_common import FunnelCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFunnelTour(BrowserCase, FunnelCase):
    """The page in a real browser, as a manager and as a salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lead = cls._make_lead(cls.anna)
        cls._do(cls.anna, lead=lead, count=4)
        cls._do(cls.anna, lead=lead, activity_type=cls.meeting, count=2)
        cls._do(cls.carla, count=3)
        cls.env["utm.source"].create({"name": "Fair"})

    def test_manager(self):
        self.start_tour("/odoo/sales-funnel", "sales_discipline_funnel", login=self.mark.login)

    def test_salesperson(self):
        self.start_tour("/odoo/sales-funnel", "sales_discipline_funnel_own", login=self.carla.login)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFunnelTourPhone(BrowserCase, FunnelCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_salesperson(self):
        self._do(self.carla, count=3)
        self.start_tour("/odoo/sales-funnel", "sales_discipline_funnel_own", login=self.carla.login)
