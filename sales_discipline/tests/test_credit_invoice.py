from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from .correction_common import CorrectionCase
from .invoice_common import Accounting
from .test_credit import CreditCase


@tagged("post_install", "-at_install")
@freeze_time(CreditCase.NOW)
class TestCreditInvoice(Accounting, CreditCase):
    """Shares of orders in what follows from them: invoices, credit notes, payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.property_account_income_id = False
        cls.product.invoice_policy = "order"

    def _invoice(self, orders, **values):
        """One invoice of all these orders, posted."""
        invoice = orders._create_invoices(final=True)
        invoice.write({"journal_id": self.journal.id, **values})
        invoice.invoice_user_id = self.anna
        invoice.action_post()
        self.env.flush_all()
        return invoice

    def test_invoice_of_two_orders(self):
        """Each line has the shares of its order; what no order stands behind is the salesperson's."""
        first, second = self._order(self.anna, 300), self._order(self.anna, 100)
        first._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        invoice = (first + second)._create_invoices()
        invoice.write({"journal_id": self.journal.id, "invoice_user_id": self.anna.id})
        invoice.invoice_line_ids = [Command.create({"name": "Extra", "price_unit": 100, "tax_ids": False})]
        invoice.action_post()
        self.env.flush_all()
        self.assertEqual(self._credited(invoice), {"anna": (0.7, 350), "boris": (0.3, 150)})
        second._set_credit_shares([(self.carla, 100)])
        self.assertEqual(
            self._credited(invoice), {"anna": (0.5, 250), "boris": (0.3, 150), "carla": (0.2, 100)}
        )

    def test_backdated_invoice_is_divided_at_its_own_date(self):
        order = self._order(self.anna, 300)
        order._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        invoice = self._invoice(order, invoice_date="2026-03-05")
        facts = self._facts_of(invoice)
        self.assertEqual({str(fact.happened_at.date()) for fact in facts}, {"2026-03-05"})
        self.assertEqual(set(facts.mapped("entered_at")), {datetime(2026, 3, 10, 12)})

    def test_payments(self):
        order = self._order(self.anna, 300)
        order._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        invoice = self._invoice(order)
        self._pay(invoice, 100)
        partial = self._partials(invoice)
        self.assertEqual(self._credited(partial), {"anna": (0.5, 50), "boris": (0.5, 50)})
        order._set_credit_shares([(self.anna, 90), (self.boris, 10)])
        self.assertEqual(self._credited(partial), {"anna": (0.9, 90), "boris": (0.1, 10)})
        source = partial.id
        partial.unlink()
        facts = self.facts.search([("kind", "=", "payment_collected"), ("source_id", "=", source)])
        for user in self.anna + self.boris:
            own = self._sums(facts.filtered(lambda fact: fact.user_id == user))  # noqa: B023
            self.assertEqual((round(own[0], 6), own[1]), (0, 0))

    def test_credit_note(self):
        """A credit note is shared as its invoice, whether its lines know the order or not."""
        order = self._order(self.anna, 300)
        order._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        invoice = self._invoice(order)
        refund = invoice._reverse_moves([{"invoice_user_id": self.anna.id}])
        refund.action_post()
        self.env.flush_all()
        self.assertEqual(self._credited(refund), {"anna": (-0.5, -150), "boris": (-0.5, -150)})
        plain = invoice._reverse_moves([{"invoice_user_id": self.anna.id}])
        plain.invoice_line_ids.sale_line_ids = False
        plain.action_post()
        self.env.flush_all()
        self.assertEqual(self._credited(plain), {"anna": (-0.5, -150), "boris": (-0.5, -150)})
        order._set_credit_shares([])
        self.assertEqual(self._credited(plain), {"anna": (-1, -300)})


@tagged("post_install", "-at_install")
class TestCreditPay(CorrectionCase):
    def test_credit_moved_after_payment(self):
        """Both sides are settled by the next run, and moved back by the one after it."""
        self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._order(self.boris, 100_000, "2026-09-10 10:00:00")
        runs = self._pay("2026-09")
        with freeze_time("2026-10-12 10:00:00"):
            order._set_credit_shares([(self.anna, 75), (self.boris, 25)])
        runs += self._pay("2026-10")
        anna, boris = (self._corrections(runs[-1], employee) for employee in (self.e_anna, self.e_boris))
        self.assertEqual((anna.amount, anna.cause), (-13_000, "credit"))
        self.assertEqual((boris.amount, boris.cause), (10_000, "credit"))
        self.assertIn(f"credit shares of {order.name} (+100,000.00 €)", self._words(boris.explanation))
        with freeze_time("2026-11-12 10:00:00"):
            order._set_credit_shares([])
        runs += self._pay("2026-11")
        self.assertEqual(
            [self._corrections(runs[-1], employee).amount for employee in (self.e_anna, self.e_boris)],
            [13_000, -10_000],
        )

    def test_refund_of_a_shared_deal(self):
        self._commission([(0, 10)])
        order = self._order(self.anna, 1_000, "2026-09-10 10:00:00")
        with freeze_time("2026-09-10 11:00:00"):
            order._set_credit_shares([(self.anna, 60), (self.boris, 40)])
        september = self._pay("2026-09")
        self.assertEqual(sorted(september.statement_ids.mapped("total")), [40, 60])
        self._cancel(order, "2026-10-12 10:00:00")
        october = self._pay("2026-10")
        lines = self._corrections(october) + self._corrections(october, self.e_boris)
        self.assertEqual(lines.mapped("amount"), [-60, -40])
        self.assertEqual(set(lines.mapped("cause")), {"cancelled"})
