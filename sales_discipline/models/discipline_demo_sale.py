from collections import defaultdict

from odoo import SUPERUSER_ID, models
from odoo.fields import Command

from ..demo_company.content import PRODUCTS, SERVICES


class DisciplineDemo(models.AbstractModel):
    _inherit = "discipline.demo"

    # ------------------------------------------------------------
    # Quotations and orders
    # ------------------------------------------------------------

    def _write_orders(self, story):
        """Quotations sent, of which some were confirmed and some cancelled."""
        users = self._get_users()
        products = self._make_products()
        term = self.env.ref("account.account_payment_term_15days", raise_if_not_found=False)
        values = []
        for order in story.orders:
            user = users[order.owner.key]
            lines = [
                Command.create(
                    {
                        "product_id": products[index].id,
                        "product_uom_qty": quantity,
                        "discount": order.discount,
                    }
                )
                for index, quantity in order.items
            ]
            values.append(
                {
                    "partner_id": order.customer.record.id,
                    "user_id": user.id,
                    "team_id": user.sale_team_id.id,
                    "company_id": self.env.company.id,
                    "opportunity_id": order.deal.record.id if order.deal else False,
                    "source_id": order.deal.record.source_id.id if order.deal else False,
                    "payment_term_id": term.id if term else False,
                    "date_order": order.quoted,
                    "order_line": lines,
                    "state": "sent",
                }
            )
        orders = self.env["sale.order"].create(values)
        for order, record in zip(story.orders, orders, strict=True):
            order.record = record
        self._concat(order.record for order in story.orders if order.confirmed).action_confirm()
        self._concat(order.record for order in story.orders if order.cancelled).write({"state": "cancel"})
        self._write_order_messages(story, users)
        stamps = []
        for order in story.orders:
            user = users[order.owner.key].id
            last = order.confirmed or order.quoted
            stamps.append((order.record.id, user, user, order.quoted, last, last))
        columns = {
            "create_uid": "int",
            "write_uid": "int",
            "create_date": "timestamp",
            "write_date": "timestamp",
            "date_order": "timestamp",
        }
        self._backdate("sale_order", columns, stamps)

    def _concat(self, records):
        records = list(records)
        return records[0].concat(*records[1:]) if records else self.env["sale.order"]

    def _write_order_messages(self, story, users):
        """The e-mail with which each quotation went out."""
        comment = self.env.ref("mail.mt_comment").id
        self.env["mail.message"].create(
            [
                {
                    "model": "sale.order",
                    "res_id": order.record.id,
                    "record_name": order.record.name,
                    "date": order.quoted,
                    "author_id": users[order.owner.key].partner_id.id,
                    "email_from": users[order.owner.key].email_formatted,
                    "reply_to": users[order.owner.key].email_formatted,
                    "message_type": "comment",
                    "subtype_id": comment,
                    "subject": f"Your quotation {order.record.name}",
                    "body": f"Dear {order.customer.contact}, please find attached our quotation {order.record.name}.",
                }
                for order in story.orders
            ]
        )

    def _make_products(self):
        """Products sold, invoiced on ordered quantities, in the order of PRODUCTS."""
        return self.env["product.product"].create(
            [
                {
                    "name": name,
                    "default_code": code,
                    "list_price": price,
                    "standard_price": round(price * 0.55, 2),
                    "type": "service" if code in SERVICES else "consu",
                    "invoice_policy": "order",
                    "company_id": self.env.company.id,
                    "sale_ok": True,
                    "purchase_ok": False,
                }
                for name, code, price, _weight in PRODUCTS
            ]
        )

    # ------------------------------------------------------------
    # Invoices and payments
    # ------------------------------------------------------------

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
        columns = {
            "create_uid": "int",
            "write_uid": "int",
            "create_date": "timestamp",
            "write_date": "timestamp",
        }
        self._backdate("account_move", columns, stamps)
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
        self._backdate("account_move", columns, stamps)
        self._pay(invoiced)
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

    def _pay(self, orders):
        """Register the payments in the order of their dates and match them with the invoices.

        A payment of the share 0.5 pays half of the invoice, the one of 1.0 what is left.
        """
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        due = []
        for order in orders:
            left = order.invoice.amount_total
            for day, share in order.payments:
                amount = self.env.company.currency_id.round(left * share)
                due.append((day, order.invoice, amount))
                left -= amount
        due.sort(key=lambda payment: (payment[0], payment[1].id))
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
