from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.sales_discipline.tests.counting import counted
from odoo.addons.sales_discipline.tests.test_credit import CreditCase

from ..hooks import post_init_hook, pre_init_hook, uninstall_hook
from ..models.discipline_fact import MARGIN


@tagged("post_install", "-at_install")
@freeze_time(CreditCase.NOW)
class TestMargin(CreditCase):
    """The product is bought for 700.00, in the company's currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.with_company(cls.company).standard_price = 700
        cls.metric = cls.env.ref("sales_discipline_margin.metric_margin_confirmed")

    @classmethod
    def _metric(cls, code):
        return cls.metric if code == cls.metric.code else super()._metric(code)

    def _margins(self, order):
        return self._facts_of(order, MARGIN)

    def _fill_again(self):
        """The ledger without live facts of margins, filled again as at the installation of this addon."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM discipline_fact WHERE kind = %s", [MARGIN])
        self.env.invalidate_all()
        post_init_hook(self.env)

    def test_installed_by_itself(self):
        self.assertTrue(
            self.env["ir.module.module"].search([("name", "=", "sales_discipline_margin")]).auto_install
        )
        self.assertEqual((self.metric.code, self.metric.unit), ("margin_confirmed", "money"))

    def test_confirmed(self):
        order = self._order(self.anna, 1_000, confirm=False)
        self.assertFalse(self._margins(order))
        order.action_confirm()
        fact = self._margins(order)
        self.assertEqual((fact.quantity, fact.amount), (1, 300))
        other = self._facts_of(order, "order_confirmed")
        for name in (
            "user_id",
            "team_id",
            "company_id",
            "partner_id",
            "happened_at",
            "entered_at",
            "res_name",
        ):
            self.assertEqual(fact[name], other[name], name)

    def test_loss(self):
        self.assertEqual(self._margins(self._order(self.anna, 650)).amount, -50)

    def test_changes_count_when_they_are_made(self):
        """A new price, a cost put right, an order cancelled and confirmed again."""
        order = self._order(self.anna, 1_000)
        for day, change, amounts in (
            (11, lambda: order.order_line.write({"price_unit": 1_100}), [300, 100]),
            (12, lambda: order.order_line.write({"purchase_price": 750}), [300, 100, -50]),
            (13, lambda: order._action_cancel(), [300, 100, -50, -350]),
            (14, lambda: (order.action_draft(), order.action_confirm()), [300, 100, -50, -350, 350]),
        ):
            with freeze_time(f"2026-03-{day} 09:00:00"):
                change()
                self.env.flush_all()
            facts = self._margins(order).sorted("id")
            self.assertEqual(facts.mapped("amount"), amounts)
            self.assertEqual(facts[-1].happened_at.day, day)
        self.assertEqual(self._sums(facts), (1, 350))

    def test_currency(self):
        """Price and cost in the company's currency, at the order's rate."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-03-01",
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "rate": 1.25,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": dollar.id, "company_id": self.company.id}
        )
        order = self._order(self.anna, 1_000, pricelist_id=pricelist.id)
        self.assertEqual(order.margin, 1_000 - 700 * 1.25)
        self.assertEqual(self._margins(order).amount, 100)

    def test_shares(self):
        """As the order is divided, so is its margin, to the cent, before and afterwards."""
        order = self._order(self.anna, 1_000.01, confirm=False)
        order._set_credit_shares([(self.anna, 60), (self.boris, 40)])
        order.action_confirm()
        self.assertEqual(self._credited(order, MARGIN), {"anna": (0.6, 180.01), "boris": (0.4, 120)})
        self.assertEqual(self._sums(self._margins(order)), (1, 300.01))
        order._set_credit_shares([(self.boris, 100)])
        self.assertEqual(self._credited(order, MARGIN), {"boris": (1, 300.01)})
        self.assertEqual(self._credited(order, "order_confirmed"), {"boris": (1, 1_000.01)})
        order.order_line.purchase_price = 600
        self.env.flush_all()
        self.assertEqual(self._credited(order, MARGIN), {"boris": (1, 400.01)})
        order._set_credit_shares([])
        self.assertEqual(self._credited(order, MARGIN), {"anna": (1, 400.01)})

    def test_sweep(self):
        """Nothing to add after the hooks; a cost that bypassed them is found by night."""
        order = self._order(self.anna, 1_000)
        self.assertFalse(self.facts._capture(MARGIN, origin="sweep"))
        self.env.cr.execute("UPDATE sale_order SET margin = 280 WHERE id = %s", [order.id])
        self.env.invalidate_all()
        with freeze_time("2026-03-11 02:00:00"):
            self.assertEqual(self.facts._capture(MARGIN, origin="sweep"), 1)
        self.assertEqual(self._margins(order).sorted("id").mapped("amount"), [300, -20])
        self.assertIn(MARGIN, self.facts._get_kinds())

    def test_orders_from_before(self):
        """At the installation: of whom, and of when, the ledger knows the order; divided as the order is."""
        order = self._order(self.anna, 1_000)
        cancelled = self._order(self.anna, 2_000)
        cancelled._action_cancel()
        shared = self._order(self.anna, 900)
        shared._set_credit_shares([(self.anna, 50), (self.carla, 50)])
        order.write({"user_id": self.boris.id, "date_order": "2026-01-01 10:00:00"})
        self._fill_again()
        fact = self._margins(order)
        self.assertEqual((fact.user_id, fact.amount, fact.origin), (self.anna, 300, "history"))
        self.assertEqual(str(fact.happened_at), self.NOW)
        self.assertEqual(str(fact.entered_at), self.NOW)
        self.assertFalse(self._margins(cancelled))
        self.assertEqual(self._credited(shared, MARGIN), {"anna": (0.5, 100), "carla": (0.5, 100)})
        self.assertFalse(self.facts._capture(MARGIN, origin="history"))

    def test_measured(self):
        """By the engine, with other metrics, on a plan; and opened as what was counted."""
        plan = self._make_plan(
            ("margin_confirmed", 200), ("sales_confirmed", 2_000), employee_ids=[Command.set(self.e_anna.ids)]
        )
        self._order(self.anna, 1_000)
        self._order(self.anna, 950)
        self._order(self.boris, 5_000)
        self._score("2026-03-10 20:00:00")
        card = self._card(self.e_anna, "2026-03-10", plan)
        line = card.line_ids.filtered(lambda line: line.metric_id == self.metric)
        self.assertEqual((line.actual, line.completion, line.done), (550, 275, True))
        action = line.action_open_facts()
        facts = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(facts.mapped("amount")), 550)

    def test_uninstalled_and_back(self):
        """A metric that plans refer to stays, out of use, with the evidence; it is taken back, and not made twice."""
        self._make_plan(("margin_confirmed", 200))
        order = self._order(self.anna, 1_000)
        uninstall_hook(self.env)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertFalse(self.metric.active)
        self.assertFalse(self.env.ref("sales_discipline_margin.metric_margin_confirmed", False))
        pre_init_hook(self.env)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.env.ref("sales_discipline_margin.metric_margin_confirmed"), self.metric)
        self.assertTrue(self.metric.active)
        self.assertEqual(self._margins(order).amount, 300)

    def test_uninstalled_without_use(self):
        uninstall_hook(self.env)
        self.assertFalse(self.metric.exists())

    def test_statements(self):
        """Confirming ten orders takes as many statements for their margins as confirming one."""

        def count(orders):
            orders.action_confirm()
            self.env.flush_all()
            with counted(self.env) as counter:
                self.facts._capture(MARGIN, orders.ids)
            return counter.statements

        orders = [self._order(self.anna, 1_000, confirm=False) for _i in range(11)]
        count(self._order(self.anna, 1_000, confirm=False))
        self.assertEqual(count(orders[0]), count(self.env["sale.order"].union(*orders[1:])))
