from odoo.tests import TransactionCase, tagged

from odoo.addons.sales_discipline.tests.security_surface import get_surface


@tagged("post_install", "-at_install")
class TestMarginSurface(TransactionCase):
    def test_everything_is_tried(self):
        """Whoever adds something that can be called, read or written: try who may, as TestSecurityMethods does."""
        known = {"fields": ["discipline.fact.kind"], "methods": ["sale.order.line.write"]}
        self.assertEqual(get_surface(self.env, "sales_discipline_margin"), known)
