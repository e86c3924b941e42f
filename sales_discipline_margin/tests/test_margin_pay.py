from odoo.tests import freeze_time, tagged

from odoo.addons.sales_discipline.tests.correction_common import CorrectionCase


@tagged("post_install", "-at_install")
class TestMarginPay(CorrectionCase):
    """10 % of the margin, 20 % from 500 on. The product is bought for 700.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env["product.product"].create(
            {"name": "Thing", "default_code": "SD", "taxes_id": False}
        )
        product.with_company(cls.company).standard_price = 700
        metric = cls.env.ref("sales_discipline_margin.metric_margin_confirmed")
        cls._component("commission", [(0, 10), (500, 20)], metric_id=metric.id)

    def _paid(self, run, employee=None):
        statements = run.statement_ids.filtered(lambda s: s.employee_id == (employee or self.e_anna))
        return statements.total

    def test_by_the_month_of_the_deal(self):
        self._order(self.anna, 1_000, "2026-09-10 10:00:00")
        self._order(self.anna, 1_000, "2026-10-10 10:00:00")
        order = self._order(self.anna, 950, "2026-09-11 10:00:00")
        run = self._pay("2026-09")
        self.assertEqual(self._paid(run), 110)
        line = run.statement_ids.line_ids.filtered("amount")
        self.assertEqual((line.base, line.rate), (550, 20))
        self.assertIn(["sale.order", order.id, order.name, 250], line.inputs["documents"])

    def test_cancelled_afterwards(self):
        self._order(self.anna, 1_000, "2026-09-10 10:00:00")
        order = self._order(self.anna, 950, "2026-09-11 10:00:00")
        self._pay("2026-09")
        self._cancel(order, "2026-10-12 10:00:00")
        run = self._pay("2026-10")
        line = self._corrections(run)
        self.assertEqual((line.amount, line.cause, line.res_id), (-80, "cancelled", order.id))
        self.assertFalse(self._corrections(self._pay("2026-11")))

    def test_cost_put_right_afterwards(self):
        order = self._order(self.anna, 1_400, "2026-09-10 10:00:00")
        self._pay("2026-09")
        with freeze_time("2026-10-12 10:00:00"):
            order.order_line.purchase_price = 1_000
            self.env.flush_all()
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.cause), (40 - 140, "changed"))

    def test_shares_moved_afterwards(self):
        order = self._order(self.anna, 1_000, "2026-09-10 10:00:00")
        september = self._pay("2026-09")
        with freeze_time("2026-10-12 10:00:00"):
            order._set_credit_shares([(self.anna, 40), (self.boris, 60)])
        october = self._pay("2026-10")
        self.assertEqual(self._corrections(october).mapped("amount"), [-18])
        self.assertEqual(self._corrections(october, self.e_boris).mapped("amount"), [18])
        self.assertEqual(self._paid(september) + self._paid(october), 12)
