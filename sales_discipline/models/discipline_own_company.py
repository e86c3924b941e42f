from odoo import models
from odoo.exceptions import AccessError


class DisciplineOwnCompany(models.AbstractModel):
    """Records belong to a company that whoever writes them works in. Rules of access look at the company that a new
    record has, but when one is changed at that which it had before, and not at the one that it gets."""

    _name = "discipline.own.company.mixin"
    _description = "In One's Own Company"

    def write(self, vals):
        company_id = vals.get("company_id")
        if company_id and not self.env.su and company_id not in self.env.companies.ids:
            raise AccessError(
                self.env._(
                    "The field '%(field)s' cannot be a company that you do not work in: choose one of %(names)s.",
                    field=self._fields["company_id"]._description_string(self.env),
                    names=", ".join(self.env.companies.mapped("name")),
                )
            )
        return super().write(vals)
