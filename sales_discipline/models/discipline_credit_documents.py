from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "discipline.credit.mixin"]
    _credit_field = "lead_id"

    def _merge_dependences(self, opportunities):
        """Shares stay with what was merged: the first that has any hands them on if the one that stays has none."""
        if not self._get_credit_shares():
            shares = opportunities._get_credit_shares()
            if first := next((lead for lead in opportunities if lead.id in shares), None):
                shares[first.id].write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "discipline.credit.mixin"]
    _credit_field = "order_id"

    def write(self, vals):
        res = super().write(vals)
        if "opportunity_id" in vals:
            self.env["discipline.fact"].sudo()._balance_documents(self)
        return res

    def _get_credit_shares(self):
        """An order without shares has those of its opportunity."""
        shares = super()._get_credit_shares()
        others = self.sudo().filtered(lambda order: order.id not in shares and order.opportunity_id)
        by_lead = others.opportunity_id._get_credit_shares()
        return shares | {
            order.id: by_lead[order.opportunity_id.id]
            for order in others
            if order.opportunity_id.id in by_lead
        }
