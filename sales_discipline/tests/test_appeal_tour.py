from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .test_appeal import AppealCase


@tagged("post_install", "-at_install")
class TestAppealTour(AppealCase, BrowserCase):
    """An appeal in a real browser: handed in by Anna on the KPI page, granted by Lena."""

    def _tour(self, name, path, user):
        self.env.flush_all()
        with freeze_time("2026-03-10 19:00:00"):
            self.start_tour(path, name, login=user.login)
        self.env.invalidate_all()

    def test_handed_in_and_granted(self):
        self._tour("sales_discipline_appeal", "/odoo/kpi", self.anna)
        appeal = self.appeals.search([("user_id", "=", self.anna.id)])
        self.assertEqual((appeal.line_id, appeal.reason, appeal.amount), (self.line, "system", 1.0))
        self._tour("sales_discipline_appeal_decide", "/odoo/appeals", self.lena)
        self.assertEqual((appeal.state, self.line.adjustment), ("granted", 1.0))
