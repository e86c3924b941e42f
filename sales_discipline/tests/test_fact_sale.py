from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase

NOW = datetime(2026, 3, 10, 12)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFactSale(DisciplineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        base = {"name": "20 %", "company_id": cls.company.id, "country_id": cls.env.ref("base.be").id}
        group = cls.env["account.tax.group"].create(base)
        cls.tax = cls.env["account.tax"].create({**base, "amount": 20, "tax_group_id": group.id})
        cls.product = cls.env["product.product"].create(
            {"name": "Widget", "type": "service", "list_price": 100, "taxes_id": [Command.set([])]}
        )
        cls.lead = cls._make_lead(cls.anna)
        cls.order = cls._make_order()

    @classmethod
    def _make_order(cls, user=None, quantity=10, **vals):
        line = {"product_id": cls.product.id, "product_uom_qty": quantity, "price_unit": 100}
        line["tax_ids"] = [Command.set(cls.tax.ids)]
        base = {
            "partner_id": cls.customer.id,
            "user_id": (user or cls.anna).id,
            "order_line": [Command.create(line)],
        }
        base.update(opportunity_id=cls.lead.id, company_id=cls.company.id)
        return cls.env["sale.order"].with_user(user or cls.anna).create({**base, **vals}).sudo()

    def _confirmed(self, order=None):
        facts = self._facts_of(order or self.order, "order_confirmed")
        return [(fact.quantity, fact.amount, fact.user_id) for fact in facts]

    # ------------------------------------------------------------
    # Sent
    # ------------------------------------------------------------

    def test_draft_is_no_fact(self):
        self.assertFalse(self._facts_of(self.order))

    def test_sent_once(self):
        order = self.order.with_user(self.anna)
        order.action_quotation_sent()
        fact = self._facts_of(order)
        self.assertEqual((fact.kind, fact.user_id, fact.amount), ("quotation_sent", self.anna, 1000))
        self.assertEqual((fact.happened_at, fact.team_id), (NOW, self.north))
        self.assertEqual(fact.details["lead"], self.lead.id)
        order.action_cancel()
        order.action_draft()
        order.action_quotation_sent()
        self.assertEqual(self._facts_of(order, "quotation_sent"), fact)

    def test_sent_by_mail(self):
        wizard = self.order.with_user(self.anna).action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.anna).with_context(**wizard["context"])
        composer.create({"subject": "Offer", "body": "<p>Please</p>"})._action_send_mail()
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self._facts_of(self.order).mapped("kind"), ["quotation_sent"])

    # ------------------------------------------------------------
    # Confirmed, changed, cancelled
    # ------------------------------------------------------------

    def test_confirmed(self):
        self.order.with_user(self.anna).action_confirm()
        fact = self._facts_of(self.order)
        self.assertEqual(
            (fact.kind, fact.quantity, fact.amount), ("order_confirmed", 1, 1000), "without taxes"
        )
        self.assertEqual(
            (fact.user_id, fact.team_id, fact.partner_id), (self.anna, self.north, self.customer)
        )
        self.assertEqual((fact.happened_at, fact.entered_at), (NOW, NOW))
        self.assertEqual(
            self._sums(self._facts_of(self.lead, "lead_won")), (0, 0), "an order does not win the deal"
        )

    def test_confirmed_in_bulk_and_imported(self):
        orders = self._make_order() + self._make_order(self.boris)
        orders.with_user(self.mark).action_confirm()
        self.assertEqual(self._sums(self._facts_of(orders, "order_confirmed")), (2, 2000))
        order = self._make_order(state="sale")
        self.assertEqual(self._confirmed(order), [(1, 1000, self.anna)])

    def test_changed_after_confirmation(self):
        self.order.with_user(self.anna).action_confirm()
        with freeze_time("2026-03-12 10:00:00"):
            self.order.order_line.product_uom_qty = 7
            self.order.write(
                {"order_line": [Command.create({"product_id": self.product.id, "price_unit": 50.5})]}
            )
            self.order.order_line[0].discount = 10
            self.order.order_line[1].write({"product_uom_qty": 0})
            self.order.order_line[0].write({"name": "Widget, blue"})
        facts = self._facts_of(self.order)
        self.assertEqual(facts.mapped("amount"), [1000, -300, 50.5, -70, -50.5])
        self.assertEqual(facts.mapped("quantity"), [1, 0, 0, 0, 0])
        self.assertEqual(set(facts[1:].mapped("happened_at")), {datetime(2026, 3, 12, 10)})
        self.assertEqual(self._sums(facts)[1], self.order.amount_untaxed)

    def test_cancelled_and_confirmed_again(self):
        order = self.order.with_user(self.anna)
        order.action_confirm()
        order.with_user(self.mark).write({"user_id": self.boris.id})
        with freeze_time("2026-03-11 10:00:00"):
            order.with_user(self.mark).action_cancel()
        with freeze_time("2026-03-12 10:00:00"):
            order.with_user(self.mark).action_draft()
            order.with_user(self.mark).action_confirm()
        self.assertEqual(
            self._confirmed(), [(1, 1000, self.anna), (-1, -1000, self.anna), (1, 1000, self.boris)]
        )
        first, back, again = self._facts_of(order, "order_confirmed")
        self.assertEqual((back.reverses_id, again.reverses_id), (first, self.facts))
        self.assertEqual(
            (first + back + again).mapped("happened_at"),
            [NOW, datetime(2026, 3, 11, 10), datetime(2026, 3, 12, 10)],
        )

    def test_written_back_to_draft(self):
        self.order.with_user(self.anna).action_confirm()
        self.order.write({"state": "draft"})
        self.assertEqual(self._confirmed(), [(1, 1000, self.anna), (-1, -1000, self.anna)])

    def test_deleted(self):
        order = self.order.with_user(self.mark)
        order.action_confirm()
        order._action_cancel()
        order.unlink()
        self.facts._capture("order_confirmed", origin="sweep")
        self.assertEqual(self._confirmed(), [(1, 1000, self.anna), (-1, -1000, self.anna)])

    def test_order_date_by_hand_moves_nothing(self):
        self.order.with_user(self.anna).action_confirm()
        self.order.with_user(self.mark).write({"date_order": "2026-02-27 10:00:00"})
        self.assertEqual(self._facts_of(self.order).mapped("happened_at"), [NOW])

    def test_other_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            [
                {"name": "2026-03-01", "rate": 1.25, "currency_id": dollar.id, "company_id": self.company.id},
                {"name": "2026-03-11", "rate": 2.0, "currency_id": dollar.id, "company_id": self.company.id},
            ]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id, "company_id": self.company.id}
        )
        order = self._make_order(quantity=1, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dollar)
        order.with_user(self.anna).action_confirm()
        self.assertEqual(self._confirmed(order), [(1, 80, self.anna)], "at the rate of the day")
