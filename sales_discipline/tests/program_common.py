from odoo import Command
from odoo.tests import freeze_time

from .common import DisciplineCase


class ProgramCase(DisciplineCase):
    """Clients with salespeople of their own, and orders that the ledger has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programs = cls.env["discipline.program"]
        cls.product = cls.env["product.product"].create(
            {"name": "Widget", "type": "service", "list_price": 100, "taxes_id": [Command.set([])]}
        )
        cls.big, cls.middle, cls.small, cls.new = (
            cls._make_client(name, user)
            for name, user in (
                ("Big", cls.anna), ("Middle", cls.boris), ("Small", cls.carla), ("New", cls.anna),
            )
        )  # fmt: skip

    @classmethod
    def _make_client(cls, name, user, **vals):
        base = {"name": name, "is_company": True, "user_id": user.id if user else False}
        return cls.env["res.partner"].create({**base, **vals})

    @classmethod
    def _order(cls, client, at, amount=100.0, user=None, product=None, confirm=True, company=None):
        """An order that `user` (the client's salesperson) confirms at that moment."""
        with freeze_time(at):
            line = Command.create({
                "product_id": (product or cls.product).id, "product_uom_qty": 1, "price_unit": amount
            })  # fmt: skip
            order = cls.env["sale.order"].create(
                {
                    "partner_id": client.id,
                    "user_id": (user or client.user_id).id,
                    "company_id": (company or cls.company).id,
                    "order_line": [line],
                }
            )
            if confirm:
                order.action_confirm()
        cls.env.flush_all()
        return order

    @classmethod
    def _make_program(cls, user=None, **vals):
        base = {
            "name": "Autumn",
            "company_id": cls.company.id,
            "date_from": "2026-03-01",
            "date_to": "2026-03-30",
            "baseline": "before",
            "domain": "[('name', 'in', ('Big', 'Middle', 'Small', 'New'))]",
        }
        return cls.programs.with_user(user or cls.mark).create({**base, **vals})

    @classmethod
    def _running(cls, at="2026-03-10 12:00:00", **vals):
        program = cls._make_program(**vals)
        with freeze_time(at):
            program.action_start()
        return program
