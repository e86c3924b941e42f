import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.scoring import Indicator, Rule
from .discipline_plan import WRITING

EXPERTS = {"assessor_ids", "assessed_by_leader"}  # who assesses may change while a plan is in force


class DisciplinePlanLine(models.Model):
    """An indicator of a plan: a metric, its target, and what hitting or missing it is worth."""

    _name = "discipline.plan.line"
    _description = "Plan Indicator"
    _inherit = ["discipline.own.company.mixin"]
    _order = "plan_id, sequence, id"
    _rec_name = "metric_id"
    _check_company_auto = True

    plan_id = fields.Many2one("discipline.plan", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    metric_id = fields.Many2one("discipline.metric", required=True, ondelete="restrict", check_company=True)
    unit = fields.Selection(related="metric_id.unit")
    source = fields.Selection(related="metric_id.source")
    higher_is_better = fields.Boolean(related="metric_id.higher_is_better")
    category = fields.Selection(
        [("kpi", "KPI"), ("standard", "Standard"), ("smart", "SMART")], required=True, default="standard"
    )
    scope = fields.Selection(
        [("own", "Own"), ("team", "Team")],
        required=True,
        default="own",
        help="Team: a leader answers for all members of the teams they lead.",
    )
    target = fields.Float(required=True, help="For a full-time person and the whole period.")
    weight = fields.Float(default=1.0, required=True, help="Share in the efficiency of the scorecard.")
    points_done = fields.Float("Points if Done", default=1.0, required=True)
    points_missed = fields.Float("Points if Missed", default=-2.0, required=True)
    green_from = fields.Float("Green from (%)", default=100.0, required=True)
    yellow_from = fields.Float("Yellow from (%)", default=100.0, required=True)
    assessor_ids = fields.Many2many(
        "res.users",
        "discipline_plan_line_assessor_rel",
        string="Experts",
        domain=lambda self: self._domain_assessors(),
        help="Who scores the people of this plan on a metric that is assessed. Nobody assesses themselves.",
    )
    assessed_by_leader = fields.Boolean(
        "Leader Assesses", help="The leader of each person's team is among the experts."
    )

    _metric_uniq = models.Constraint(
        "UNIQUE(plan_id, metric_id, scope)", "An indicator can be in a plan only once."
    )

    def _get_indicator(self) -> Indicator:
        """This line as scoring wants it: plain values, read once for all people."""
        self.ensure_one()
        metric = self.metric_id
        return Indicator(
            id=self.id,
            metric_id=metric.id,
            sequence=self.sequence,
            category=self.category,
            scope=self.scope,
            weight=self.weight,
            target=self.target,
            is_prorated=self.plan_id.prorate and self.scope == "own" and metric._is_flow(),
            is_whole=metric.unit == "count",
            keeps_ids=bool(metric._get_record_model()),
            rule=Rule(
                metric.higher_is_better,
                self.green_from,
                self.yellow_from,
                self.points_done,
                self.points_missed,
            ),
        )

    @api.constrains("target", "weight", "points_done", "points_missed", "green_from", "yellow_from")
    def _check_numbers(self):
        for line in self:
            for name in ("target", "weight", "points_done", "points_missed", "green_from", "yellow_from"):
                if not math.isfinite(line[name]):
                    raise line._error(name, self.env._("has to be a number"))
            for name in ("target", "weight", "green_from", "yellow_from"):
                if line[name] < 0:
                    raise line._error(name, self.env._("cannot be negative"))
            if line.yellow_from > line.green_from:
                raise line._error("yellow_from", self.env._("cannot be above 'Green from (%)'"))

    @api.model
    def _domain_assessors(self):
        """Experts are users of the discipline, of the plan's company."""
        users = self.env.ref("sales_discipline.group_user", raise_if_not_found=False)
        return f"[('all_group_ids', 'in', {users.ids if users else []}), ('company_ids', 'in', company_id)]"

    @api.constrains("assessor_ids", "plan_id")
    def _check_assessors(self):
        """:raise ValidationError: for experts who could not open what they have to assess"""
        for line in self:
            for user in line.assessor_ids.sudo():
                if (
                    not user.has_group("sales_discipline.group_user")
                    or line.company_id not in user.company_ids
                ):
                    raise ValidationError(
                        self.env._(
                            "%(metric)s: %(user)s cannot be among the 'Experts': they have no right to use Sales"
                            " Discipline in %(company)s.",
                            metric=line.metric_id.name,
                            user=user.name,
                            company=line.company_id.name,
                        )
                    )

    @api.constrains("weight", "assessor_ids", "assessed_by_leader", "metric_id", "scope")
    def _check_in_force(self):
        """What a plan in force has to fulfil; while the plan itself is written, it checks when all is written."""
        if self.env.context.get("discipline_plan_write") is not WRITING:
            self.plan_id._check_lines()

    def _needs_experts(self) -> bool:
        """Whether somebody has to be named who scores. A team's line is the mean of its members' scores."""
        self.ensure_one()
        return self.metric_id.source == "assessment" and self.scope == "own"

    def _error(self, name, why):
        label = self._fields[name]._description_string(self.env)
        return ValidationError(
            self.env._(
                "%(metric)s: the field '%(field)s' %(why)s.", metric=self.metric_id.name, field=label, why=why
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._check_no_results()
        return lines

    def write(self, vals):
        if not EXPERTS.issuperset(vals):
            self.plan_id._check_no_results()
        res = super().write(vals)
        if "plan_id" in vals:
            self.plan_id._check_no_results()
        return res

    def unlink(self):
        plans = self.plan_id
        res = super().unlink()
        # else the plan checks when all its lines are written
        if self.env.context.get("discipline_plan_write") is not WRITING:
            plans.exists()._check_lines()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.plan_id._check_no_results()
