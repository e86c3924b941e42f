from odoo import models
from odoo.exceptions import AccessError


class DisciplineOwnCompany(models.AbstractModel):
    """Records belong to a company that whoever writes them works in. Rules of access look at the company that a new
    record has, but when one is changed at that which it had before, and not at the one that it gets: by the field
    itself, or by the record that it is taken from."""

    _name = "discipline.own.company.mixin"
    _description = "In One's Own Company"

    def write(self, vals):
        name = (self._fields["company_id"].related or "company_id").split(".")[0]
        if name != "company_id":  # it follows from that record alone
            vals = {key: vals[key] for key in vals if key != "company_id"}
        res = super().write(vals)
        if vals.get(name) and not self.env.su and self.sudo().company_id - self.env.companies:
            raise AccessError(
                self.env._(
                    "The field '%(field)s' cannot be a company that you do not work in: choose one of %(names)s.",
                    field=self._fields["company_id"]._description_string(self.env),
                    names=", ".join(self.env.companies.mapped("name")),
                )
            )
        return res
