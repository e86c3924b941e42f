from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """Where a running regulation wants the lost reason, nothing is marked as lost without one."""

    _inherit = "crm.lead"

    def action_set_lost(self, **additional_values):
        if not additional_values.get("lost_reason_id"):
            found = self.filtered(lambda lead: not lead.lost_reason_id)._get_reason_rules()
            if lead := next(iter(found), None):
                raise UserError(
                    self.env._(
                        "The field 'Lost Reason' is needed (rule “%(rule)s”): choose why “%(lead)s” is lost.",
                        rule=found[lead].name,
                        lead=lead.name,
                    )
                )
        return super().action_set_lost(**additional_values)

    def _get_reason_rules(self) -> dict:
        """`{lead: regulation}` of those whose company has a running rule that wants to know why something is lost."""
        rules = self.env["discipline.regulation"].sudo()
        rules = rules.search([("trigger", "=", "lost"), ("state", "=", "running")])
        rules = rules.filtered(lambda rule: "reason" in rule.template_ids.mapped("discipline_result"))
        found = {}
        for lead in self if rules else ():
            company = lead.company_id or lead.user_id.sudo().company_id or self.env.company
            own = [rule for rule in rules if rule._applies_to(company)]
            if own:
                found[lead] = own[0]
        return found


class CrmLeadLost(models.TransientModel):
    _inherit = "crm.lead.lost"

    discipline_reason_needed = fields.Boolean(compute="_compute_discipline_reason_needed")

    @api.depends("lead_ids")
    def _compute_discipline_reason_needed(self):
        for wizard in self:
            wizard.discipline_reason_needed = bool(wizard.lead_ids[:1]._get_reason_rules())
