from datetime import date, datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from .invoice_common import InvoiceCase

NOW = datetime(2026, 3, 10, 12)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFactInvoice(InvoiceCase):
    # ------------------------------------------------------------
    # Posted
    # ------------------------------------------------------------

    def test_posted(self):
        draft = self._make_invoice(post=False)
        self.assertFalse(self._facts_of(draft))
        draft.action_post()
        fact = self._facts_of(draft)
        self.assertEqual(
            (fact.kind, fact.quantity, fact.amount), ("invoice_posted", 1, 1000), "without taxes"
        )
        self.assertEqual((fact.user_id, fact.team_id, fact.company_id), (self.anna, self.north, self.company))
        self.assertEqual((fact.happened_at, fact.entered_at), (NOW, NOW))

    def test_bills_are_not_sales(self):
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.customer.id, "journal_id": self.purchases.id}
        )
        bill.write(
            {
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [Command.create({"name": "X", "price_unit": 5})],
            }
        )
        bill.action_post()
        self.assertFalse(self._facts_of(bill))

    def test_reset_to_draft_and_posted_again(self):
        invoice = self._make_invoice()
        with freeze_time("2026-03-11 10:00:00"):
            invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 800
        with freeze_time("2026-03-12 10:00:00"):
            invoice.action_post()
        first, back, again = self._facts_of(invoice)
        self.assertEqual(
            [(f.quantity, f.amount) for f in (first, back, again)], [(1, 1000), (-1, -1000), (1, 800)]
        )
        self.assertEqual((back.reverses_id, back.happened_at), (first, datetime(2026, 3, 11, 10)))
        # the invoice is still of the 10th; what is new about it was entered on the 12th
        self.assertEqual(
            (again.happened_at.date(), again.entered_at), (date(2026, 3, 10), datetime(2026, 3, 12, 10))
        )

    def test_credit_note(self):
        invoice = self._make_invoice()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        with freeze_time("2026-03-12 10:00:00"):
            action = wizard.create({"journal_id": self.journal.id, "date": "2026-03-12"}).refund_moves()
            refund = self.env["account.move"].browse(action["res_id"])
            refund.invoice_line_ids.price_unit = 300
            refund.action_post()
        fact = self._facts_of(refund)
        self.assertEqual((fact.quantity, fact.amount, fact.user_id), (-1, -300, self.anna))
        self.assertEqual(fact.happened_at, datetime(2026, 3, 12, 10))
        self.assertEqual(self._sums(self._facts_of(invoice + refund)), (0, 700))
        self.assertFalse(self._facts_of(self._partials(invoice)), "credited is not collected")

    def test_salesperson_changed_after_posting(self):
        invoice = self._make_invoice()
        invoice.write({"invoice_user_id": self.boris.id})
        invoice.button_draft()
        self.assertEqual(self._facts_of(invoice).user_id, self.anna)

    def test_back_dated_in_the_salespersons_time_zone(self):
        """Noon of the invoice's day where the salesperson is, which no zone takes to another day."""
        noons = {
            "Pacific/Auckland": datetime(2026, 3, 5, 23),  # +13 (summer)
            "Asia/Tokyo": datetime(2026, 3, 6, 3),
            "Europe/Berlin": datetime(2026, 3, 6, 11),
            "America/New_York": datetime(2026, 3, 6, 17),
            "Pacific/Honolulu": datetime(2026, 3, 6, 22),
        }
        self._make_invoice()  # whatever the program remembers of time zones, it does from here on
        for zone, noon in noons.items():
            with self.subTest(zone):
                self.e_anna.tz = zone
                fact = self._facts_of(self._make_invoice(invoice_date="2026-03-06"))
                self.assertEqual((fact.user_id, fact.happened_at, fact.entered_at), (self.anna, noon, NOW))

    def test_back_dated_without_employee(self):
        user = self._make_user("temp", "sales_team.group_sale_salesman", "Asia/Tokyo")
        fact = self._facts_of(self._make_invoice(user, invoice_date="2026-03-06"))
        self.assertEqual(fact.happened_at, datetime(2026, 3, 6, 12))

    def test_todays_invoice_happens_now(self):
        """Late in the evening in Tokyo and early in the morning: still that day."""
        for now in ("2026-03-10 14:59:00", "2026-03-09 15:01:00"):
            with freeze_time(now):
                fact = self._facts_of(self._make_invoice(self.boris, invoice_date="2026-03-10"))
                self.assertEqual(fact.happened_at, datetime.fromisoformat(now))

    # ------------------------------------------------------------
    # Collected
    # ------------------------------------------------------------

    def test_collected_in_parts(self):
        invoice = self._make_invoice()
        self._pay(invoice, 480)
        first = self._facts_of(self._partials(invoice))
        self.assertEqual(
            (first.kind, first.quantity, first.amount), ("payment_collected", 1, 400), "less its tax"
        )
        self.assertEqual(
            (first.user_id, first.res_id, first.details), (self.anna, invoice.id, {"gross": 480.0})
        )
        self.assertEqual((first.happened_at, first.entered_at), (NOW, NOW))
        with freeze_time("2026-03-12 10:00:00"):
            self._pay(invoice, 720, "2026-03-12")
        facts = self._facts_of(self._partials(invoice))
        self.assertEqual(self._sums(facts), (2, 1000))
        self.assertEqual((facts - first).happened_at, datetime(2026, 3, 12, 10))

    def test_collected_of_the_past(self):
        invoice = self._make_invoice(invoice_date="2026-03-02")
        self._pay(invoice, 1200, "2026-03-06")
        fact = self._facts_of(self._partials(invoice))
        self.assertEqual((fact.happened_at, fact.entered_at), (datetime(2026, 3, 6, 11), NOW))

    def test_unmatched_and_matched_again(self):
        invoice = self._make_invoice()
        payment = self._pay(invoice, 1200)
        partial = self._partials(invoice)
        with freeze_time("2026-03-11 10:00:00"):
            partial.unlink()
        first, back = self._facts_of(partial)
        self.assertEqual((back.quantity, back.amount, back.reverses_id), (-1, -1000, first))
        self.assertEqual((back.user_id, back.team_id, back.res_id), (self.anna, self.north, invoice.id))
        self.assertEqual(back.happened_at, datetime(2026, 3, 11, 10))
        lines = (invoice + payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        again = self._facts_of(self._partials(invoice))
        self.assertEqual(again.amount, 1000)
        self.facts._capture("payment_collected", origin="sweep")
        self.assertEqual(len(self._facts_of(partial)), 2)

    def test_refund_paid_out(self):
        refund = self._make_invoice(move_type="out_refund", amount=300)
        self._pay(refund, 360)
        self.assertEqual(self._sums(self._facts_of(self._partials(refund)))[1], -300)
