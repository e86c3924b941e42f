from odoo import Command, api, models

CODE = "SD_PAY"


class HrPayrollStructure(models.Model):
    _inherit = "hr.payroll.structure"

    @api.model
    def _create_discipline_structures(self):
        """A structure with the rules of this addon for every company that has none. Structures belong to a company, so
        each gets its own: to be taken as it is, or as the parent of one with taxes."""
        have = self.sudo().search([("code", "=", CODE)])
        rules = self.env["hr.salary.rule"].sudo().search([("category_id.code", "in", ("SD", "SD_TOTAL"))])
        have.filtered(
            lambda structure: not structure.rule_ids
        ).rule_ids = rules  # from an earlier installation
        return self.sudo().create(
            [
                {
                    "name": self.env._("Sales Pay"),
                    "code": CODE,
                    "company_id": company.id,
                    "parent_id": False,
                    "rule_ids": [Command.set(rules.ids)],
                    "note": self.env._(
                        "What the payroll run of Sales Discipline comes to. The base pay is in it: without a rule for"
                        " the wage of the contract beside it."
                    ),
                }
                for company in self.env["res.company"].sudo().search([]) - have.company_id
            ]
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["hr.payroll.structure"]._create_discipline_structures()
        return companies
