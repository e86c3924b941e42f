from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """Where a running regulation wants the lost reason, nothing is marked as lost without one."""

    _inherit = "crm.lead"

    def action_set_lost(self, **additional_values):
        if not additional_values.get("lost_reason_id"):
            for lead in self.filtered(lambda lead: not lead.lost_reason_id):
                rule = lead._get_reason_rule()
                if rule:
                    raise UserError(
                        self.env._(
                            "The field 'Lost Reason' is needed (rule “%(rule)s”): choose why “%(lead)s” is lost.",
                            rule=rule.name,
                            lead=lead.name,
                        )
                    )
        return super().action_set_lost(**additional_values)

    def _get_reason_rule(self):
        """The running regulation of the lead's company that wants to know why something is lost."""
        company = self.company_id or self.user_id.sudo().company_id or self.env.company
        rules = (
            self.env["discipline.regulation"]
            .sudo()
            .search(
                [
                    ("trigger", "=", "lost"),
                    ("state", "=", "running"),
                    ("company_id", "in", (company.id, False)),
                ]
            )
        )
        return rules.filtered(lambda rule: "reason" in rule.template_ids.mapped("discipline_result"))[:1]


class CrmLeadLost(models.TransientModel):
    _inherit = "crm.lead.lost"

    discipline_reason_needed = fields.Boolean(compute="_compute_discipline_reason_needed")

    @api.depends("lead_ids")
    def _compute_discipline_reason_needed(self):
        for wizard in self:
            wizard.discipline_reason_needed = any(lead._get_reason_rule() for lead in wizard.lead_ids[:1])
