from odoo.tests import TransactionCase, tagged

from odoo.addons.sales_discipline.tests.security_surface import get_surface


@tagged("post_install", "-at_install")
class TestDashboardSurface(TransactionCase):
    def test_everything_is_tried(self):
        """Dashboards, whose groups are tried beside; whoever adds something that can be called or read: try who may."""
        self.assertEqual(get_surface(self.env, "sales_discipline_dashboard"), {})
