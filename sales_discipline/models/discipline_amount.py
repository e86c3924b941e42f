from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.amounts import is_amount


class DisciplineAmountMixin(models.AbstractModel):
    """Numbers that people give can be added up. Looked at before they are rounded, which what is no number cannot be:
    Odoo breaks off there with a technical error."""

    _name = "discipline.amount.mixin"
    _description = "Numbers That Add Up"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_amounts(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_amounts(vals)
        return super().write(vals)

    @api.model
    def _check_amounts(self, vals) -> None:
        """:raise ValidationError: naming the field that is no number, infinite or too large"""
        for name, value in vals.items():
            field = self._fields.get(name)
            if field is None or field.type not in ("monetary", "float"):
                continue
            if not is_amount(self._parse_amount(value)):
                raise ValidationError(
                    self.env._(
                        "The field “%(field)s” has to be a number below 10^15.",
                        field=field._description_string(self.env),
                    )
                )

    @api.model
    def _parse_amount(self, value):
        """What an import or a remote call may give as text, as a number if it is one."""
        try:
            return float(value or 0.0)
        except (TypeError, ValueError):
            return None
