from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .pay_common import PayCase


class MyPayTourCase(PayCase, BrowserCase):
    def _pay_september(self):
        """A confirmed September with points, and an October with a bonus that stands at 40 %."""
        self._week(self.e_anna, "2026-09-07", [1, 2, 3, 4, 5])
        with freeze_time("2026-10-02 12:00:00"):
            self._confirmed()
            self._component("kpi_bonus", fixed_amount=1000)
            card_id = self._card(self.e_anna, "2026-10-01", 0, "month", "2026-10-31", state="open")
            self._card_line(card_id, "sales_confirmed", 10_000, 0)
        self._order(self.anna, 4_000, "2026-10-02 12:00:00")


@tagged("post_install", "-at_install")
class TestMyPayTour(MyPayTourCase):
    """My Pay in a real browser, of a salesperson and of somebody who is paid nothing here."""

    def test_salesperson(self):
        self._pay_september()
        with freeze_time("2026-10-05 12:00:00"):
            self.start_tour("/odoo/my-pay", "sales_discipline_my_pay_page", login=self.anna.login)
        dispute = self.env["discipline.dispute"].search([("employee_id", "=", self.e_anna.id)])
        self.assertEqual(dispute.question, "A day is missing")

    def test_manager_without_pay(self):
        with freeze_time("2026-10-05 12:00:00"):
            self.start_tour("/odoo/my-pay", "sales_discipline_my_pay_empty", login=self.head.login)


@tagged("post_install", "-at_install")
class TestMyPayPhone(MyPayTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_salesperson(self):
        self._pay_september()
        with freeze_time("2026-10-05 12:00:00"):
            self.start_tour("/odoo/my-pay", "sales_discipline_my_pay_page", login=self.anna.login)
