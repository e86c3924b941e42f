from odoo import fields
from odoo.tests import freeze_time

from .test_contact_plan import ContactCase


class WinbackCase(ContactCase):
    """Clients with a history of orders, straight in the ledger. Today is Tuesday, March 10th 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["discipline.winback"]
        cls.campaigns = cls.env["discipline.winback.campaign"]
        cls.results = cls.env["discipline.winback.result"]
        cls.number = 500_000

    @classmethod
    def _order(
        cls, client, moment, amount=100.0, user=None, order=None, quantity=1.0, transfer=False, **vals
    ):
        """A confirmed order in the ledger, at that day or moment (naive UTC). :return: its number, which stands for it"""
        moment = fields.Datetime.to_datetime(moment if ":" in str(moment) else f"{moment} 10:00:00")
        if not order:
            cls.number += 1
            order = cls.number
        base = {
            "source_id": order,
            "partner_id": client.commercial_partner_id.id,
            "user_id": (user or client.user_id or cls.anna).id,
            "company_id": cls.company.id,
            "res_model": "sale.order",
            "res_id": order,
            "happened_at": moment,
            "amount": amount,
            "quantity": quantity,
        }
        with freeze_time(moment):
            cls.facts.sudo()._append_event("order_confirmed", [{**base, **vals}])
        if transfer:
            cls.env.cr.execute(
                "UPDATE discipline_fact SET is_transfer = TRUE WHERE id = (SELECT MAX(id) FROM discipline_fact)"
            )
        return order

    @classmethod
    def _orders(cls, client, *days, **vals):
        return [cls._order(client, day, **vals) for day in days]

    @classmethod
    def _call(cls, client, moment, text="Will order again", user=None, kind=None):
        """A call that was done with the client at that moment."""
        with freeze_time(moment):
            activity = cls._make_activity(user or client.user_id, client, kind)
            activity.with_user(activity.user_id).action_feedback(feedback=text)
        return activity

    @classmethod
    def _refresh(cls, *clients, now=ContactCase.NOW):
        ids = [client.id for client in clients] if clients else None
        cls.rows.sudo()._refresh(fields.Datetime.to_datetime(now), ids)

    def _row(self, client, company=None):
        domain = [("partner_id", "=", client.id), ("company_id", "=", (company or self.company).id)]
        return self.rows.search(domain)
