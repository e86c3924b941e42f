from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class DisciplineAssessment(models.Model):
    """An expert's score, 0 to 100, of a person for a period; the mean of the experts' scores is the fact."""

    _name = "discipline.assessment"
    _description = "Assessment"
    _inherit = ["mail.thread"]
    _order = "date_from desc, employee_id, metric_id, id"
    _check_company_auto = True

    metric_id = fields.Many2one(
        "discipline.metric",
        required=True,
        ondelete="restrict",
        domain=[("source", "=", "assessment")],
        check_company=True,
    )
    employee_id = fields.Many2one(
        "hr.employee", required=True, ondelete="restrict", check_company=True, index=True
    )
    company_id = fields.Many2one(related="employee_id.company_id", store=True, index=True)
    assessor_id = fields.Many2one(
        "res.users",
        "Assessed by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        readonly=True,
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    score = fields.Float(required=True, aggregator="avg", tracking=True)
    comment = fields.Text(tracking=True)

    _once = models.Constraint(
        "UNIQUE(metric_id, employee_id, assessor_id, date_from, date_to)",
        "You have assessed this person on this metric for this period already.",
    )
    _score_check = models.Constraint(
        "CHECK(score >= 0 AND score <= 100)",
        "The field 'Score' of an assessment has to be between 0 and 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:  # nobody assesses in another's name
            vals_list = [{**vals, "assessor_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if "assessor_id" in vals:
            raise UserError(
                self.env._("The field 'Assessed by' is whoever gave the score and cannot be changed.")
            )
        if "employee_id" in vals and self.employee_id.ids != [vals["employee_id"]]:
            raise UserError(
                self.env._("The field 'Employee' cannot be changed: delete this assessment and give another.")
            )
        return super().write(vals)

    @api.depends("metric_id", "employee_id")
    def _compute_display_name(self):
        for assessment in self:
            names = filter(None, (assessment.metric_id.name, assessment.employee_id.sudo().name))
            assessment.display_name = " – ".join(names)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(assessment.date_to < assessment.date_from for assessment in self):
            raise ValidationError(self.env._("The field 'To' of an assessment has to be on or after 'From'."))

    @api.constrains("metric_id")
    def _check_metric(self):
        if any(assessment.metric_id.source != "assessment" for assessment in self):
            raise ValidationError(
                self.env._("The field 'Metric' has to be one whose source is an assessment by experts.")
            )

    @api.constrains("employee_id", "assessor_id")
    def _check_not_self(self):
        if any(assessment.employee_id.sudo().user_id == assessment.assessor_id for assessment in self):
            raise ValidationError(self.env._("Nobody assesses themselves: choose another 'Employee'."))

    @api.constrains("employee_id", "metric_id", "date_from", "date_to", "score")
    def _check_open(self):
        """:raise ValidationError: once a scorecard that the score belongs to is frozen"""
        for assessment in self:
            domain = [("employee_id", "=", assessment.employee_id.id), ("state", "=", "frozen")]
            domain += [("date_from", "<=", assessment.date_from), ("date_to", ">=", assessment.date_to)]
            domain += [("line_ids.metric_id", "=", assessment.metric_id.id)]
            if self.env["discipline.scorecard"].sudo().search_count(domain, limit=1):
                raise ValidationError(
                    self.env._("The scorecard of this period is frozen: the 'Score' is locked with it.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_open()
