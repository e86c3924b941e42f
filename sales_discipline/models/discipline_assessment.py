from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import clean_context

VERDICT = {"score", "state", "comment", "attachment_ids"}  # what an expert gives
FIXED = {"metric_id", "date_from", "date_to"}  # what it is about
SYSTEM = {"scored_at", "due_date", "plan_id", "activity_id", "reminded_on", "company_id"}  # set by nobody


class DisciplineAssessment(models.Model):
    """An expert's score, 0 to 100, of a person for a period; the mean of the experts' scores is the fact.

    It is pending until a score is given: 0 is a score, none is no data, and it counts by when it was given
    (`scored_at`, the server's stamp). Once the scorecard of its period closes, all of it is locked.
    """

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
    description = fields.Text(related="metric_id.description")
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
        index=True,
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    due_date = fields.Date(
        readonly=True, help="The day on which the scorecard closes; what is not scored by then is no data."
    )
    state = fields.Selection(
        [("pending", "To Score"), ("done", "Scored")], required=True, default="pending", tracking=True
    )
    score = fields.Float(aggregator="avg", tracking=True, help="0 to 100. An explicit 0 is a score.")
    scored_at = fields.Datetime(
        "Scored on", readonly=True, copy=False, help="The server's stamp; nobody can set it."
    )
    comment = fields.Text(tracking=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")
    is_locked = fields.Boolean("Locked", compute="_compute_is_locked", help="The scorecard has closed.")
    can_score = fields.Boolean(compute="_compute_can_score", compute_sudo=False)

    _once = models.Constraint(
        "UNIQUE(metric_id, employee_id, assessor_id, date_from, date_to)",
        "You have assessed this person on this metric for this period already.",
    )
    _score_check = models.Constraint(
        "CHECK(score >= 0 AND score <= 100)",
        "The field 'Score' of an assessment has to be between 0 and 100.",
    )
    _pending_idx = models.Index("(assessor_id) WHERE state = 'pending'")

    @api.depends("metric_id", "employee_id")
    def _compute_display_name(self):
        for assessment in self:
            names = filter(None, (assessment.metric_id.name, assessment.employee_id.sudo().name))
            assessment.display_name = " – ".join(names)

    def _compute_is_locked(self):
        locked = self._get_locked(fields.Datetime.now())
        for assessment in self:
            assessment.is_locked = assessment in locked

    @api.depends("is_locked", "assessor_id")
    @api.depends_context("uid")
    def _compute_can_score(self):
        allowed = self._filtered_access("write")
        for assessment in self:
            own = self.env.su or assessment.assessor_id == self.env.user
            assessment.can_score = not assessment.id or (
                own and assessment in allowed and not assessment.is_locked
            )

    # ------------------------------------------------------------
    # Giving a score
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_values(vals_list)
        now = fields.Datetime.now()
        vals_list = [{**vals, **self._prepare_state(vals, now)} for vals in vals_list]
        if not self.env.su:  # nobody assesses in another's name
            vals_list = [{**vals, "assessor_id": self.env.uid} for vals in vals_list]
        # defaults of a link would be a way around the checks of the values
        plain = self.with_env(self.env(context=clean_context(self.env.context)))
        assessments = super(DisciplineAssessment, plain).create(vals_list)
        assessments = assessments.with_env(self.env)
        assessments._adopt_attachments()
        assessments.filtered(lambda one: one.state == "pending")._forget_score()
        return assessments

    def write(self, vals):
        self._check_values([vals])
        if "assessor_id" in vals:
            raise UserError(
                self.env._("The field 'Assessed by' is whoever gave the score and cannot be changed.")
            )
        if "employee_id" in vals and self.employee_id.ids != [vals["employee_id"]]:
            raise UserError(
                self.env._("The field 'Employee' cannot be changed: delete this assessment and give another.")
            )
        if (VERDICT | FIXED).intersection(vals):
            self._check_open()
        state = self._prepare_state(vals, fields.Datetime.now())
        res = super().write({**vals, **state})
        if "attachment_ids" in vals:
            self._adopt_attachments()
        if state.get("state") == "pending":
            self._forget_score()
        return res

    def _check_values(self, vals_list) -> None:
        """:raise UserError: for anybody who sets by hand what the system keeps, and for a score that is no number"""
        if not self.env.su and any(SYSTEM.intersection(vals) for vals in vals_list):
            raise UserError(
                self.env._(
                    "The fields 'Scored on', 'Due Date', 'Plan', 'Company' and those of the task itself are the"
                    " system's and cannot be set."
                )
            )
        for vals in vals_list:
            try:
                float(vals.get("score") or 0)
            except (TypeError, ValueError):
                raise UserError(self.env._("The field 'Score' has to be a number from 0 to 100.")) from None

    def _prepare_state(self, vals: dict, now: datetime) -> dict:
        """What follows from the score in `vals`: given it is done, stamped with `now`; taken away it is pending.

        :raise UserError: if it is said to be done without a score
        """
        state, score = vals.get("state"), vals.get("score")
        if state == "pending" or "score" in vals and (score is False or score is None):
            return {"state": "pending", "scored_at": False}
        if "score" in vals:
            return {"state": "done", "scored_at": vals.get("scored_at") or now}
        if state == "done" and (not self or any(one.state != "done" for one in self)):
            raise UserError(self.env._("The field 'Score' is empty: enter a number from 0 to 100."))
        return {}

    def _forget_score(self) -> None:
        """No score is null: the ORM would store a zero, which is one."""
        self.flush_recordset(["score"])
        self.env.cr.execute(
            "UPDATE discipline_assessment SET score = NULL WHERE id = ANY(%s) AND score IS NOT NULL",
            [self.ids],
        )
        self.invalidate_recordset(["score"], flush=False)

    def _adopt_attachments(self) -> None:
        """Files uploaded before the record existed belong to it: whoever reads it, reads them."""
        own = self.env.user
        for assessment in self.sudo():
            files = assessment.attachment_ids.filtered(lambda a: not a.res_id and a.create_uid == own)
            files.write({"res_model": self._name, "res_id": assessment.id})
            theirs = assessment.attachment_ids.filtered(
                lambda file: (file.res_model, file.res_id) != (self._name, assessment.id)  # noqa: B023
            )
            if theirs and not self.env.su:  # it could be changed there once this is locked
                raise UserError(
                    self.env._(
                        "%(file)s is a file of another record: upload it as 'Proof' here.",
                        file=theirs[0].name,
                    )
                )

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

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
        """:raise ValidationError: once a scorecard that the score belongs to has closed"""
        if locked := self._get_locked(fields.Datetime.now())[:1]:
            raise ValidationError(
                self.env._(
                    "%(name)s: the scorecard of this period has closed, and the 'Score' is locked with it.",
                    name=locked.display_name,
                )
            )

    def _get_locked(self, now: datetime):
        """Those among these whose score counts for a scorecard that is frozen or past its deadline at `now`."""
        self.flush_model()
        query = SQL(
            """
            SELECT a.id FROM discipline_assessment a
             WHERE a.id = ANY(%s) AND EXISTS (
                   SELECT FROM discipline_scorecard c JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
                    WHERE c.employee_id = a.employee_id AND l.metric_id = a.metric_id
                      AND c.date_from <= a.date_from AND c.date_to >= a.date_to
                      AND (c.state = 'frozen' OR c.deadline <= %s))
            """,
            self.ids,
            now,
        )
        return self.browse([row[0] for row in self.env.execute_query(query)])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_open()
