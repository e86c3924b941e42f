from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.amounts import is_amount
from ..tools.ladder import Step


class DisciplineTier(models.Model):
    """A step of a component's ladder: from its threshold on, up to the next one, its value holds. There is no upper
    bound to fill in, so there are no gaps and no overlaps."""

    _name = "discipline.tier"
    _description = "Ladder Step"
    _inherit = ["discipline.own.company.mixin"]
    _order = "component_id, threshold, id"
    _rec_name = "threshold"

    component_id = fields.Many2one("discipline.component", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="component_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="component_id.currency_id")
    name = fields.Char("Grade", help="The name of the grade, where the steps are grades.")
    threshold = fields.Float("From", required=True, help="The step holds from this result on, inclusive.")
    value = fields.Float(required=True, help="A percentage, or an amount where the component says so.")

    _threshold_uniq = models.Constraint(
        "UNIQUE (component_id, threshold)", "Two steps of a ladder cannot begin at the same result."
    )
    _value_not_negative = models.Constraint(
        "CHECK (value >= 0)", "The value of a ladder's step cannot be negative."
    )

    @api.constrains("threshold", "value")
    def _check_numbers(self):
        for tier in self:
            for name in ("threshold", "value"):
                if not is_amount(tier[name]):
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._(
                            "The field '%(field)s' of a ladder's step has to be a number below 10^15.",
                            field=label,
                        )
                    )

    @api.depends("threshold", "value", "component_id.kind", "component_id.ladder_by", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for tier in self:
            component = tier.component_id
            if component.kind == "grade":
                tier.display_name = tier.name or ""
                continue
            tier.display_name = self.env._(
                "%(value)s from %(threshold)s",
                value=component._format_percent(tier.value),
                threshold=component._format_threshold(tier.threshold),
            )

    def _get_steps(self) -> list[Step]:
        """These steps as the pure rules want them (tools/ladder.py)."""
        return [Step(tier.threshold, tier.value, tier.id) for tier in self.sorted("threshold")]
