from odoo import Command
from odoo.tests import freeze_time

from .engine_common import EngineCase


class FunnelCase(EngineCase):
    """What the tests of the funnel share: deals with orders of several product categories, and sums of groups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.funnel = cls.env["discipline.funnel.report"]
        cls.visit = cls.env.ref("sales_discipline.activity_type_visit")
        cls.incoming = cls.env.ref("sales_discipline.activity_type_call_in")
        cls.proposal = cls.env.ref("sales_discipline.activity_type_proposal")
        cls.tools, cls.service, cls.parts = cls.env["product.category"].create(
            [{"name": name} for name in ("Tools", "Service", "Parts")]
        )

    @classmethod
    def _product(cls, category):
        vals = {"name": category.name, "type": "service", "taxes_id": [Command.set([])]}
        return cls.env["product.product"].create({**vals, "categ_id": category.id})

    @classmethod
    def _make_order(cls, user, *lines, lead=None, **vals):
        """A quotation. :param lines: `(product category, price)`"""
        commands = [
            Command.create({"product_id": cls._product(category).id, "price_unit": price, "tax_ids": False})
            for category, price in lines
        ]
        base = {"partner_id": cls.customer.id, "user_id": user.id, "order_line": commands}
        base.update(opportunity_id=lead and lead.id, company_id=cls.company.id)
        return cls.env["sale.order"].with_user(user).create({**base, **vals}).sudo()

    @classmethod
    def _do(cls, user, at="2026-03-10 12:00:00", activity_type=None, lead=None, count=1):
        """Activities that the user does at that moment."""
        return cls._make_fact(user, at, activity_type, count, lead)

    @classmethod
    def _win(cls, lead, at="2026-03-10 12:00:00"):
        with freeze_time(at):
            lead.action_set_won()
            cls.env.flush_all()

    @classmethod
    def _sum(cls, domain=(), user=None, **expected):
        """The sums of the measures named in `expected`, rounded, over the rows that fit, as `user` sees them."""
        funnel = cls.funnel.with_user(user or cls.mark)
        domain = [("company_id", "=", cls.company.id), *domain]
        specs = [f"{name}:{funnel._fields[name].aggregator}" for name in expected]
        (values,) = funnel._read_group(domain, [], specs)
        return {
            name: round(value, 4) if value else value for name, value in zip(expected, values, strict=True)
        }

    def _check(self, domain=(), user=None, **expected):
        self.assertEqual(self._sum(domain, user, **expected), expected)
