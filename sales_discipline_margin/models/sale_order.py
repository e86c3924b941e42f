from odoo import models

from odoo.addons.sales_discipline.models.sale_order import AMOUNT_FIELDS

from .discipline_fact import MARGIN


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _capture_facts(self):
        res = super()._capture_facts()
        self.env["discipline.fact"].sudo()._capture(MARGIN, self.ids)
        return res


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        """A cost that is corrected moves the margin alone; one that a delivery brings is found by night."""
        res = super().write(vals)
        if "purchase_price" in vals and not AMOUNT_FIELDS.intersection(vals):
            self._get_confirmed_orders()._capture_facts()
        return res
