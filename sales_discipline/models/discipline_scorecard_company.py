from odoo import models
from odoo.exceptions import UserError


class HrEmployee(models.Model):
    """Who works for two companies, or moves from one to another, is an employee of each, as Odoo wants it: each scores, and
    pays, its own."""

    _inherit = "hr.employee"

    def write(self, vals):
        if vals.get("company_id"):
            self._check_discipline_company(self.env["res.company"].sudo().browse(vals["company_id"]))
        return super().write(vals)

    def _check_discipline_company(self, company) -> None:
        """:raise UserError: if one of these people who has scorecards in another company is to become an employee of this
        one: neither would pay for the month."""
        movers = self.sudo().filtered(lambda employee: employee.company_id != company)
        domain = [("employee_id", "in", movers.ids), ("company_id", "!=", company.id), ("trial", "=", False)]
        if card := self.env["discipline.scorecard"].sudo().search(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(name)s has scorecards in %(old)s: the field '%(field)s' can no longer be changed, for neither company"
                    " would pay for the month. Create an employee of %(new)s with the same user, and archive this one.",
                    name=card.employee_id.name,
                    old=card.company_id.name,
                    new=company.name,
                    field=self._fields["company_id"]._description_string(self.env),
                )
            )
