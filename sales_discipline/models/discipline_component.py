from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [
    ("base", "Base Pay"),
    ("commission", "Commission"),
    ("kpi_bonus", "KPI Bonus"),
    ("points", "Points"),
    ("grade", "Grade"),
    ("task", "SMART Tasks"),
]
# what each kind is told by: the fields a form shows, a statement remembers and a check asks for
FIELDS = {
    "base": ("wage_source", "fixed_amount", "card_period", "waiver_metric_id"),
    "commission": ("metric_id", "ladder_by", "mode"),
    "kpi_bonus": ("fixed_amount",),
    "points": ("basis", "card_period", "rate", "minus_rate"),
    "grade": ("weight_kpi", "weight_standard", "weight_smart", "grade_pays", "grade_months"),
    "task": (),
}
LADDERS = ("base", "commission", "kpi_bonus", "grade")


class DisciplineComponent(models.Model):
    """One thing that a scheme pays for. Each `kind` is a method `_get_lines_<kind>(month, people)`, see `_get_lines`, in a
    file of its own (discipline_component_<kind>.py); the rules are pure functions in tools/."""

    _name = "discipline.component"
    _description = "Pay Component"
    _inherit = ["discipline.moved.mixin", "discipline.limit.mixin", "discipline.own.company.mixin"]
    _order = "scheme_id, sequence, id"
    _moved = frozenset({"family_id"})
    _check_company_auto = True

    scheme_id = fields.Many2one("discipline.scheme", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, default=lambda self: self.env._("Points"))
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="scheme_id.currency_id", store=True)
    kind = fields.Selection(KINDS, default="points", required=True)
    wage_source = fields.Selection(
        [("employee", "Wage of the contract"), ("fixed", "Fixed amount")],
        string="Amount",
        default="employee",
        required=True,
    )
    fixed_amount = fields.Monetary("Amount a Month")
    waiver_metric_id = fields.Many2one(
        "discipline.metric",
        "Waived by",
        ondelete="restrict",
        check_company=True,
        help="Whoever meets the month's plan of this metric gets the base in full, whatever the activity plan says.",
    )
    metric_id = fields.Many2one(
        "discipline.metric",
        "Paid on",
        ondelete="restrict",
        check_company=True,
        help="The sales that the commission is paid on. Refunds and changes belong to the month of the deal.",
    )
    ladder_by = fields.Selection(
        [("volume", "Volume"), ("completion", "Completion of the sales plan (%)")],
        string="Steps by",
        default="volume",
        required=True,
    )
    mode = fields.Selection(
        [
            ("whole", "The step reached, on the whole volume"),
            ("marginal", "Each step, on its part of the volume"),
        ],
        string="Rate",
        default="whole",
        required=True,
    )
    tier_ids = fields.One2many("discipline.tier", "component_id", "Ladder", copy=True)
    basis = fields.Selection(
        [("week", "Week"), ("month", "Month")],
        string="Paid per",
        default="week",
        required=True,
        help="Points are added up over this period, then turned into money and held against the floor and the cap. "
        "A week is paid with the month in which its Sunday lies.",
    )
    card_period = fields.Selection(
        [("day", "Daily"), ("week", "Weekly"), ("month", "Monthly")],
        string="Scorecards",
        default="day",
        required=True,
        help="The points of which plans are paid: the daily, the weekly or the monthly ones.",
    )
    rate = fields.Float("Money per Point", digits=(16, 4), help="What a plus point earns.")
    minus_rate = fields.Float(
        "Money per Minus Point",
        digits=(16, 4),
        help="What a minus point takes away, if the points of the period add up to less than zero.",
    )
    floor = fields.Monetary(
        help="Never less than this in a week or month. A floor of 0 means that there are no fines."
    )
    cap = fields.Monetary(help="Never more than this in a week or month.")

    _rates_not_negative = models.Constraint(
        "CHECK (rate >= 0 AND minus_rate >= 0)",
        "The money per point cannot be negative: points have the sign.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Without a rate for minus points they cost what plus points earn."""
        return super().create([{"minus_rate": vals.get("rate", 0.0), **vals} for vals in vals_list])

    @api.onchange("rate")
    def _onchange_rate(self):
        if self.minus_rate == self._origin.rate:
            self.minus_rate = self.rate

    @api.constrains("kind", *{name for names in FIELDS.values() for name in names}, "tier_ids")
    def _check_kind(self):
        """What a kind cannot do without. :raise ValidationError: naming the field"""
        for component in self:
            getattr(component, f"_check_{component.kind}", lambda: None)()

    def _error(self, name, why):
        label = self._fields[name]._description_string(self.env)
        return ValidationError(
            self.env._("“%(name)s”, field “%(field)s”: %(why)s.", name=self.name, field=label, why=why)
        )

    @api.constrains("basis", "card_period")
    def _check_basis(self):
        if self.filtered(lambda c: c.kind == "points" and c.basis == "week" and c.card_period == "month"):
            raise ValidationError(
                self.env._("Monthly scorecards cannot be paid by the week: choose “Month” as “Paid per”.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        line = (
            self.env["discipline.statement.line"].sudo().search([("component_id", "in", self.ids)], limit=1)
        )
        if line:
            raise UserError(
                self.env._(
                    "“%(name)s” is part of the statements of %(run)s and stays. Close the scheme and make a new one instead.",
                    name=line.component_id.name,
                    run=line.payroll_id.name,
                )
            )

    # ------------------------------------------------------------
    # What a component pays
    # ------------------------------------------------------------

    def _get_lines(self, month, people):
        """The lines of this component for a month, computed for all people at once.

        :param month: the `PayMonth` that everything is read from
        :param people: `{employee id: Person}` with the days and cards that this component's scheme pays
        :return: `{employee id: [values of discipline.statement.line]}`, amounts rounded; nobody, and nothing, missing is an error
        """
        self.ensure_one()
        return getattr(self, f"_get_lines_{self.kind}")(month, people)

    def _prepare_line(self, first, last, amount, explanation, cards=(), **values):
        """The values of a statement's line of this component.

        :param values: what else the kind knows: base, rate, limit, tier_id, next_step, and `inputs`, the numbers from
            which the same amount can be computed again
        """
        return {
            "component_id": self.id,
            "name": self.name,
            "kind": self.kind,
            "date_from": first,
            "date_to": last,
            "base": 0.0,
            "rate": 0.0,
            "amount": amount,
            "limit": None,
            "tier_id": None,
            "explanation": explanation,
            "next_step": None,
            "scorecard_ids": [card.id for card in cards],
            "inputs": None,
            **values,
        }

    def _get_order(self):
        """Where a component stands among those of all schemes."""
        return (self.scheme_id.id, self.sequence, self.id)

    def _prepare_inputs(self):
        """What a statement remembers of its component."""
        limits = self._get_limits()
        rules = {
            name: self[name].id if self._fields[name].type == "many2one" else self[name]
            for name in FIELDS[self.kind]
        }
        steps = [[step.threshold, step.value] for step in self.tier_ids._get_steps()]
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "scheme": self.scheme_id.id,
            **rules,
            **({"steps": steps} if self.kind in LADDERS else {}),
            **({"names": self.tier_ids.sorted("threshold").mapped("name")} if self.kind == "grade" else {}),
            "floor": limits.floor,
            "cap": limits.cap,
        }
