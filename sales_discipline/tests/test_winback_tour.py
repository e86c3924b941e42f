from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .browser_common import BrowserCase
from .winback_common import WinbackCase


@tagged("post_install", "-at_install")
class TestWinbackTour(WinbackCase, BrowserCase):
    def test_plan_calls(self):
        """A leader chooses clients and plans calls; the salesperson finds them in My Day."""
        now = fields.Datetime.now()
        for client in self.clients:
            self._orders(client, *(str((now - timedelta(days)).date()) for days in (160, 130, 100)))
        self._refresh(now=now)
        self.start_tour("/odoo/win-back", "sales_discipline_winback_tour", login=self.lena.login)
        [campaign] = self.campaigns.search([("user_id", "=", self.lena.id)])
        called = campaign.client_ids.filtered(lambda row: row.group == "called")
        self.assertEqual(called.partner_id, self.clients[:2])
        self.assertIn("Ask why", called.activity_id[:1].note)
        work = self.env["discipline.scorecard"].with_user(self.anna)._get_day_work(fields.Date.today())
        self.assertEqual(work["winback"]["open"], 2)
