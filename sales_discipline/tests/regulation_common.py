from odoo import Command, fields
from odoo.tests import freeze_time

from .common import DisciplineCase
from .invoice_common import Accounting


class RegulationCase(Accounting, DisciplineCase):
    """Rules of working with clients, running since Tuesday the 10th at noon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regulations = cls.env["discipline.regulation"]
        cls.steps = cls.env["discipline.regulation.step"]
        cls.product = cls.env["product.product"].create(
            {"name": "Widget", "type": "service", "list_price": 100, "taxes_id": [Command.set([])]}
        )

    @classmethod
    def _make_regulation(cls, trigger, *steps, since=DisciplineCase.NOW, **vals):
        """A running rule; each step a dict of values of its template."""
        base = {
            "activity_type_id": cls.call.id,
            "delay_from": "after_plan_date",
            "responsible_type": "salesperson",
        }
        rows = [
            Command.create({**base, "discipline_title": f"Step {n}", **step})
            for n, step in enumerate(steps, 1)
        ]
        values = {
            "name": f"Rule {trigger}",
            "trigger": trigger,
            "company_id": cls.company.id,
            "template_ids": rows,
        }
        regulation = cls.regulations.create({**values, **vals})
        with freeze_time(since):
            regulation.action_start()
        return regulation

    @classmethod
    def _run(cls, now):
        """Pass over everything at that moment (naive UTC). :return: the steps scheduled"""
        now = fields.Datetime.to_datetime(now)
        with freeze_time(now):
            return cls.regulations._run(now)

    def _make_order(self, user=None, **vals):
        user = user or self.anna
        line = Command.create({"product_id": self.product.id, "product_uom_qty": 2, "price_unit": 100})
        base = {"partner_id": self.customer.id, "user_id": user.id, "company_id": self.company.id}
        return self.env["sale.order"].with_user(user).create({**base, "order_line": [line], **vals}).sudo()
