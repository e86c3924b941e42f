from collections import defaultdict

from odoo import SUPERUSER_ID, models
from odoo.fields import Command

from ..demo_company.calendar import DAY
from .discipline_demo import WRITTEN


class DisciplineDemo(models.AbstractModel):
    """Invoices and payments of the demo company."""

    _inherit = "discipline.demo"

    def _write_invoices(self, story):
        """Invoices of the confirmed orders, paid in full, in part or not at all; some are credited."""
        invoiced = sorted(
            (order for order in story.orders if order.invoiced), key=lambda order: order.invoiced
        )
        if not invoiced:
            return
        moves = self.env["account.move"].create([self._prepare_invoice(order) for order in invoiced])
        for order, move in zip(invoiced, moves, strict=True):
            order.invoice = move
        moves.action_post()
        users = self._get_users()
        stamps = []
        for order in invoiced:
            moment = f"{order.invoiced} 15:30:00"
            user = users[order.owner.key].id
            stamps.append((order.invoice.id, user, user, moment, moment))
        self._backdate("account.move", WRITTEN, stamps)
        credited = [order for order in invoiced if order.credited]
        refunds = self._concat(order.invoice for order in credited)._reverse_moves(
            [
                {
                    "date": order.credited,
                    "invoice_date": order.credited,
                    "ref": f"Reversal of {order.invoice.name}",
                }
                for order in credited
            ],
            cancel=True,
        )
        stamps = []
        for order, refund in zip(credited, refunds, strict=True):
            order.refund = refund
            moment = f"{order.credited} 11:00:00"
            stamps.append((refund.id, SUPERUSER_ID, SUPERUSER_ID, moment, moment))
        self._backdate("account.move", WRITTEN, stamps)
        begin = story.calendar.recent
        due = self._get_due(invoiced)
        self._pay([payment for payment in due if payment[0] >= begin])
        self._pay_weekly([payment for payment in due if payment[0] < begin])
        self._backdate_matches(invoiced)

    def _backdate_matches(self, orders):
        """Payments and credit notes were matched on the day of the later document; the chatter says so then."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE account_partial_reconcile SET create_date = max_date + time '16:00', write_date = max_date + time '16:00'
             WHERE company_id = %(company)s;
            UPDATE account_move SET create_date = date + time '16:00', write_date = date + time '16:00'
             WHERE company_id = %(company)s AND move_type = 'entry';
            UPDATE account_payment SET create_date = date + time '16:00', write_date = date + time '16:00'
             WHERE company_id = %(company)s;
            """,
            {"company": self.env.company.id},
        )
        stamps = []
        for order in orders:
            days = [day for day, _share in order.payments] + ([order.credited] if order.credited else [])
            if days:
                document = order.refund or order.invoice
                stamps.append((order.record.id, document.id, f"{max(days)} 16:00:00"))
        self.env.cr.execute_values(
            """
            UPDATE mail_message m SET date = v.moment::timestamp, create_date = v.moment::timestamp
              FROM (VALUES %s) AS v (order_id, move_id, moment)
             WHERE m.date > v.moment::timestamp AND m.message_type = 'notification'
               AND (m.model = 'sale.order' AND m.res_id = v.order_id OR m.model = 'account.move' AND m.res_id = v.move_id)
            """,
            stamps,
        )
        self.env.invalidate_all()

    def _prepare_invoice(self, order):
        lines = [Command.create(line._prepare_invoice_line()) for line in order.record.order_line]
        return {
            **order.record._prepare_invoice(),
            "invoice_date": order.invoiced,
            "date": order.invoiced,
            "invoice_line_ids": lines,
        }

    def _get_due(self, orders):
        """Payments in the order of their dates: list of (day, invoice, amount).

        A payment of the share 0.5 pays half of the invoice, the one of 1.0 what is left.
        """
        due = []
        for order in orders:
            left = order.invoice.amount_total
            for day, share in order.payments:
                amount = self.env.company.currency_id.round(left * share)
                due.append((day, order.invoice, amount))
                left -= amount
        return sorted(due, key=lambda payment: (payment[0], payment[1].id))

    def _get_bank(self):
        return self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )

    def _pay(self, due):
        """Register the payments and match them with the invoices."""
        journal = self._get_bank()
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": invoice.partner_id.id,
                    "amount": amount,
                    "date": day,
                    "journal_id": journal.id,
                    "memo": invoice.name,
                }
                for day, invoice, amount in due
            ]
        )
        payments.action_post()
        matched = defaultdict(lambda: self.env["account.move"])
        for payment, (_day, invoice, _amount) in zip(payments, due, strict=True):
            matched[invoice] |= payment.move_id
        self.env["account.move.line"]._reconcile_plan(
            [
                (invoice | moves).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
                for invoice, moves in matched.items()
            ]
        )

    def _pay_weekly(self, due):
        """What came in long ago, entered from the bank statement of each week, and matched with the invoices."""
        weeks = defaultdict(list)
        for day, invoice, amount in due:
            weeks[day + (4 - day.weekday()) * DAY].append((invoice, amount))
        journal = self._get_bank()
        moves = self.env["account.move"].create(
            [self._prepare_statement(journal, friday, payments) for friday, payments in weeks.items()]
        )
        moves.action_post()
        plan = defaultdict(lambda: self.env["account.move.line"])
        for move, payments in zip(moves, weeks.values(), strict=True):
            lines = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable").sorted(
                "sequence"
            )
            for line, (invoice, _amount) in zip(lines, payments, strict=True):
                plan[invoice] |= line
        self.env["account.move.line"]._reconcile_plan(
            [
                invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable") | lines
                for invoice, lines in plan.items()
            ]
        )

    def _prepare_statement(self, journal, friday, payments):
        """Values of the entry of a week's payments, a line each."""
        lines = [
            {
                "sequence": number,
                "name": invoice.name,
                "partner_id": invoice.commercial_partner_id.id,
                "account_id": invoice.partner_id.property_account_receivable_id.id,
                "credit": amount,
            }
            for number, (invoice, amount) in enumerate(payments, 1)
        ]
        total = self.env.company.currency_id.round(sum(line["credit"] for line in lines))
        bank = {"sequence": 0, "account_id": journal.default_account_id.id, "debit": total}
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": friday,
            "ref": f"Bank statement, week {friday.isocalendar().week}",
            "line_ids": [Command.create(vals) for vals in [bank, *lines]],
        }
