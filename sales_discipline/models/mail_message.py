from odoo import api, models

from .crm_lead_touch import MAILED, SAID


class MailMessage(models.Model):
    """Messages to customers tell the ledger: all roads (composer, mailing, gateway, RPC) end in `create`."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        touching = messages.filtered(
            lambda message: message.model == "crm.lead" and message.message_type in (*SAID, *MAILED)
        )
        leads = {message.id: message.res_id for message in touching}
        self.env["discipline.fact"].sudo()._capture_touch("message", leads)
        return messages
