from odoo import models
from odoo.fields import Command

from ..demo_company.content import CATEGORIES, PRODUCTS, SERVICES
from .discipline_demo import WRITTEN


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
        self._backdate("sale.order", (*WRITTEN, "date_order"), stamps)
        self._settle(order.record for order in story.orders if order.settled)

    def _concat(self, records):
        records = list(records)
        return records[0].concat(*records[1:]) if records else self.env["sale.order"]

    def _settle(self, orders):
        """Orders that were invoiced before the company's accounts came to Odoo have nothing left to invoice."""
        ids = self._concat(orders).ids
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE sale_order_line SET invoice_status = 'invoiced', qty_to_invoice = 0 WHERE order_id = ANY(%(ids)s);
            UPDATE sale_order SET invoice_status = 'invoiced', locked = TRUE WHERE id = ANY(%(ids)s);
            """,
            {"ids": ids},
        )
        self.env.invalidate_all()

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
        categories = self._get_by_name("product.category", list(CATEGORIES))
        category = {code: categories[name].id for name, codes in CATEGORIES.items() for code in codes}
        return self.env["product.product"].create(
            [
                {
                    "name": name,
                    "default_code": code,
                    "categ_id": category[code],
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
