from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .discipline_component import FIELDS


class DisciplineComponent(models.Model):
    """How low a component can get: `_get_least_<kind>`, asked by the guard of its scheme, and where nobody is fined."""

    _inherit = "discipline.component"

    guard_key = fields.Char(compute="_compute_guard_key", help="Changes whenever the least pay may have.")

    @api.depends(
        "kind",
        "has_floor",
        "floor",
        "tier_ids.threshold",
        "tier_ids.value",
        *{name for names in FIELDS.values() for name in names},
    )
    def _compute_guard_key(self):
        for component in self:
            component.guard_key = f"{component._get_least()} {component._get_least_share()}"

    def _get_least(self):
        """The least amount that this component can come to in a month; None if there is no end to it. What is a share
        of a wage is said by `_get_least_share`."""
        self.ensure_one()
        return getattr(self, f"_get_least_{self.kind}", lambda: 0.0)()

    def _get_least_share(self):
        """The least percentage of the wage of the contract that this component pays."""
        self.ensure_one()
        return self._get_least_percent() if self.kind == "base" and self.wage_source == "employee" else 0.0

    def _get_least_percent(self):
        """The lowest percentage of the ladder of a base: 0 if the first step is not reached."""
        steps = self.tier_ids._get_steps()
        if not steps:
            return 100.0
        return min(step.value for step in steps) if steps[0].threshold <= 0 else 0.0

    def _get_least_base(self):
        return (
            0.0 if self.wage_source == "employee" else self.fixed_amount * self._get_least_percent() / 100.0
        )

    def _get_least_points(self):
        if self.has_floor:
            # of each week; a month pays up to five of them
            return self.floor * (5 if self.basis == "week" and self.floor < 0 else 1)
        return None if self.minus_rate else 0.0

    @api.constrains("kind", "has_floor", "floor", "minus_rate", "scheme_id")
    def _check_no_fines(self):
        """:raise ValidationError: if the company fines nobody, but this component could take money away"""
        for component in self.filtered("company_id.discipline_no_fines"):
            least = component._get_least()
            if least is None or least < 0:
                raise ValidationError(
                    self.env._(
                        "%(company)s is in no-fine mode, and “%(name)s” could take money away: set “Money per Minus Point” to 0, "
                        "or “At least” to 0.",
                        company=component.company_id.name,
                        name=component.name,
                    )
                )
