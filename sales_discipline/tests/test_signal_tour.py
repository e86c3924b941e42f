from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .signal_common import SignalCase


@tagged("post_install", "-at_install")
class TestSignalTour(SignalCase, BrowserCase):
    """A leader looks into a signal."""

    def test_signals(self):
        self._make_plan(("calls_done", 1), date_from="2026-03-09")
        self._log(10, "10:00:00", gap=1)
        self._score("2026-03-10 23:00:00")
        with freeze_time("2026-03-11 09:00:00"):
            self.start_tour("/odoo/discipline-signals", "sales_discipline_signals", login=self.lena.login)
        signal = self.signals.search([])
        self.assertEqual((signal.state, signal.decided_by_id), ("harmless", self.lena))
        self.assertEqual(signal.comment, "She has written down the day of a colleague")


@tagged("post_install", "-at_install")
class TestSpotCheckPhone(SignalCase, BrowserCase):
    """And rings up customers, phone in hand: one tap an answer."""

    browser_size = "390x844"
    touch_enabled = True

    def test_spot_checks(self):
        self.company.discipline_spot_count = 2
        self._make_plan(("calls_done", 1), date_from="2026-03-09")
        for number in (1, 2):
            self.clients[number].phone = f"+49 30 {number}"
            self._log(1, f"1{number}:00:00", client=self.clients[number])
        self._score("2026-03-16 08:00:00")
        with freeze_time("2026-03-16 09:00:00"):
            self.start_tour("/odoo/spot-checks", "sales_discipline_spot_checks", login=self.lena.login)
        checks = self.env["discipline.spot.check"].search([], order="happened_at")
        self.assertEqual(checks.mapped("state"), ["confirmed", "denied"])
        self.assertEqual(checks.checked_by_id, self.lena)
