from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .readers import for_readers


class DisciplinePlan(models.Model):
    """Who assesses by a plan, and the way to what is to be assessed."""

    _inherit = "discipline.plan"

    has_assessed = fields.Boolean(compute="_compute_has_assessed")
    # who assesses may change while the plan is in force, unlike all else on its lines
    assessed_line_ids = fields.One2many(
        "discipline.plan.line",
        "plan_id",
        "Assessed",
        domain=[("metric_id.source", "=", "assessment")],
        copy=False,
    )
    assessment_count = fields.Char(
        "Scored", compute="_compute_assessment_count", help="Assessments given, of those asked for."
    )
    to_assess_count = fields.Integer(
        "For You to Assess",
        compute="_compute_to_assess_count",
        help="What you have yet to score by this plan.",
    )
    is_expert = fields.Boolean(compute="_compute_is_expert")

    @api.depends("line_ids.metric_id.source")
    def _compute_has_assessed(self):
        for plan in self:
            plan.has_assessed = "assessment" in plan.line_ids.metric_id.mapped("source")

    def _compute_assessment_count(self):
        assessments = self.env["discipline.assessment"]
        counts = {}
        if assessments.has_access("read"):  # payroll officers read plans only
            groups = assessments._read_group([("plan_id", "in", self.ids)], ["plan_id", "state"], ["__count"])
            counts = {(plan, state): count for plan, state, count in groups}
        for plan in self:
            done, pending = counts.get((plan, "done"), 0), counts.get((plan, "pending"), 0)
            plan.assessment_count = f"{done} / {done + pending}" if done + pending else False

    @api.depends_context("uid")
    def _compute_to_assess_count(self):
        domain = [("plan_id", "in", self.ids), ("assessor_id", "=", self.env.uid), ("state", "=", "pending")]
        pending = self.env["discipline.assessment"].sudo().search(domain)
        counts = (pending - pending._get_locked(fields.Datetime.now())).grouped("plan_id")
        for plan in self:
            plan.to_assess_count = len(counts.get(plan, ()))

    @api.depends("line_ids.assessor_ids", "line_ids.assessed_by_leader")
    @api.depends_context("uid")
    def _compute_is_expert(self):
        leads = bool(self.env["crm.team"].sudo().search_count([("user_id", "=", self.env.uid)], limit=1))
        for plan in self:
            lines = plan.sudo().line_ids.filtered(lambda line: line._needs_experts())
            named = self.env.user in lines.assessor_ids
            plan.is_expert = named or leads and any(lines.mapped("assessed_by_leader"))

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("state", "line_ids", "assessed_line_ids")
    def _check_lines(self):
        res = super()._check_lines()
        for plan in self.filtered(lambda p: p.state in ("trial", "active")):
            plan._check_weights()
            plan._check_experts()
        return res

    def _check_weights(self):
        """:raise ValidationError: if nothing weighs anything, so that there would be no efficiency"""
        self.ensure_one()
        if not any(self.line_ids.mapped("weight")):
            raise ValidationError(
                self.env._(
                    "The plan '%(plan)s' has no weight: give at least one of its indicators a 'Weight' above 0.",
                    plan=self.display_name,
                )
            )

    def _check_experts(self):
        """:raise ValidationError: if an indicator is assessed, but by nobody"""
        for line in self.line_ids:
            if line._needs_experts() and not line.assessor_ids and not line.assessed_by_leader:
                raise ValidationError(
                    self.env._(
                        "%(metric)s: nobody assesses it. Choose 'Experts', or tick 'Leader Assesses'.",
                        metric=line.metric_id.name,
                    )
                )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_assess(self):
        """What the user has to assess by this plan, ahead of the end of the period too.

        :raise UserError: if there is nobody for them to assess
        """
        self.ensure_one()
        self.check_access("read")
        tasks = self.env["discipline.assessment"]
        tasks.sudo()._open_tasks(fields.Datetime.now(), plans=self, assessor=self.env.user)
        own = [("plan_id", "=", self.id), ("assessor_id", "=", self.env.uid)]
        if not tasks.search_count(own, limit=1):
            raise UserError(
                self.env._(
                    "There is nobody for you to assess by '%(plan)s' at present.", plan=self.display_name
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_assessment_action_my"
        )
        return {**action, "domain": own}

    def action_ask_experts(self):
        """Ask the experts for their scores of the running period now, ahead of its end.

        :raise AccessError: for whoever is no manager
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("sales_discipline.group_manager")):
            raise AccessError(self.env._("Only managers ask the experts ahead of time."))
        now = fields.Datetime.now()
        tasks = self.env["discipline.assessment"].sudo()
        tasks._open_tasks(now, plans=self)
        tasks._make_activities(now)
        return self.action_view_assessments()

    @for_readers
    def action_view_assessments(self):
        """All assessments by these plans that the user may see."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_assessment_action"
        )
        return {**action, "domain": [("plan_id", "in", self.ids)], "context": {"create": False}}
