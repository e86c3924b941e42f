from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.payout import Limits
from .number_text import format_number


class DisciplineLimitMixin(models.AbstractModel):
    """An optional floor and an optional cap of an amount. A model that inherits it says what `currency_id` is.

    The check boxes tell 'no floor' from 'a floor of 0'. Whoever gives an amount without the box (an import, a
    remote call) means that there is a limit.
    """

    _name = "discipline.limit.mixin"
    _inherit = ["discipline.amount.mixin"]
    _description = "Floor and Cap"

    currency_id = fields.Many2one("res.currency")
    has_floor = fields.Boolean("Has a Floor")
    floor = fields.Monetary(help="Never less than this. A floor of 0 means that there are no fines.")
    has_cap = fields.Boolean("Has a Cap")
    cap = fields.Monetary(help="Never more than this.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_limits(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._prepare_limits(vals))

    @api.model
    def _prepare_limits(self, vals):
        """`vals`, with the check box ticked where only an amount is given, and unticked where it is empty."""
        boxes = {
            f"has_{limit}": vals[limit] is not None and vals[limit] is not False
            for limit in ("floor", "cap")
            if limit in vals and f"has_{limit}" not in vals
        }
        return {**vals, **boxes}

    @api.constrains("has_floor", "floor", "has_cap", "cap")
    def _check_limits(self):
        for record in self:
            if (
                record.has_floor
                and record.has_cap
                and record.currency_id.compare_amounts(record.floor, record.cap) > 0
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: the floor is above the cap, so no amount fits.", name=record.display_name
                    )
                )

    def _get_limits(self):
        """The `payout.Limits` of this record."""
        self.ensure_one()
        return Limits(self.floor if self.has_floor else None, self.cap if self.has_cap else None)

    def _format_money(self, amount):
        """An amount in the currency and in the language of the context, with a real minus sign."""
        return format_number(self.env, amount, currency=self.currency_id).replace("-", "−")
