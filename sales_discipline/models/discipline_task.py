from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .readers import for_readers

TERMS = {"name", "measure", "date_due", "value", "employee_id", "company_id", "program_id", "template_id"}
PROOF = {"result", "proof_ids"}


class DisciplineTask(models.Model):
    """A SMART task: a goal with a measure, a due date and a value in money. The person hands it in with the proof, and
    somebody else approves it: the leader of the team or a manager. From then on it stays as it is: it is what is paid.

    draft -> open -> submitted -> approved | rejected; what was rejected can be handed in again.
    """

    _name = "discipline.task"
    _description = "SMART Task"
    _inherit = [
        "discipline.moved.mixin",
        "discipline.amount.mixin",
        "discipline.own.company.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_due desc, id desc"
    _check_company_auto = True
    _moved = frozenset({"state", "reject_reason", "submitted_at", "approved_at", "approved_by_id"})

    name = fields.Char("Goal", required=True, tracking=True)
    measure = fields.Text(tracking=True, help="How to tell that the goal is reached.")
    date_due = fields.Date("Due Date", required=True, tracking=True, index=True)
    value = fields.Monetary(
        tracking=True, help="What it pays if it is approved, where the pay scheme pays for tasks."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one(
        "hr.employee",
        "Person",
        required=True,
        default=lambda self: self.env.user.employee_id,
        check_company=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Open"),
            ("submitted", "Handed In"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    result = fields.Text(copy=False, help="What was done, in the person's words.")
    proof_ids = fields.Many2many("ir.attachment", copy=False)
    reject_reason = fields.Text("Why It Was Rejected", readonly=True, copy=False, tracking=True)
    submitted_at = fields.Datetime("Handed in on", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False, index="btree_not_null")
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, ondelete="restrict"
    )
    can_judge = fields.Boolean(compute="_compute_can_judge", compute_sudo=False)
    is_mine = fields.Boolean(compute="_compute_can_judge", compute_sudo=False)

    _value_not_negative = models.Constraint("CHECK (value >= 0)", "The value of a task cannot be negative.")

    @api.depends("employee_id")
    def _compute_team_id(self):
        """The team of the person, as of when the task was given."""
        teams = self.employee_id.sudo()._get_discipline_teams() if self.employee_id else {}
        for task in self:
            key = task.employee_id._origin.id or task.employee_id.id
            task.team_id = teams.get(key, (False,))[0] if key else False

    @api.depends("employee_id", "team_id", "state")
    @api.depends_context("uid")
    def _compute_can_judge(self):
        """Who leads the team, or manages, may judge what others do: never an own task."""
        me = self.env.user
        manages = me.has_group("sales_discipline.group_manager")
        for task, known in zip(self, self.sudo(), strict=True):
            task.is_mine = known.employee_id.user_id == me
            task.can_judge = not task.is_mine and (manages or known.team_id.user_id == me)

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A task begins as a draft; whom it is for is oneself or somebody one leads. The team, whose leader approves it,
        is that of the person."""
        context = {key: value for key, value in self.env.context.items() if key != "default_team_id"}
        rows = [{name: vals[name] for name in vals if name != "team_id"} for vals in vals_list]
        tasks = super(DisciplineTask, self.with_env(self.env(context=context))).create(rows)
        tasks = tasks.with_env(self.env)
        tasks._check_whose()
        if any(vals.get("proof_ids") for vals in vals_list):
            tasks._adopt_proofs()
        return tasks

    def write(self, vals):
        if not self._is_moving():
            self._check_change(vals)
        res = super().write(vals)
        if "employee_id" in vals:
            self._check_whose()
        if "proof_ids" in vals:
            self._adopt_proofs()
        return res

    def _check_change(self, vals):
        """:raise UserError: for what stays as it was agreed on"""
        if "team_id" in vals:
            raise UserError(self.env._("“Sales Team” is the team of the person, and follows from “Person”."))
        for task in self:
            if task.state == "approved" and (TERMS | PROOF).intersection(vals):
                raise UserError(self.env._("“%(name)s” is approved: it stays as it is.", name=task.name))
            if task.state == "submitted" and (TERMS | PROOF).intersection(vals):
                raise UserError(
                    self.env._(
                        "“%(name)s” has been handed in: it can be changed again if it is rejected.",
                        name=task.name,
                    )
                )
            if task.state != "draft" and TERMS.intersection(vals) and not task.can_judge:
                raise UserError(
                    self.env._(
                        "The terms of “%(name)s” are agreed on: the leader of the team or a manager changes them.",
                        name=task.name,
                    )
                )

    def _check_whose(self):
        for task in self:
            if not (self.env.su or task.is_mine or task.can_judge):
                raise AccessError(
                    self.env._(
                        "“Person”: you can give tasks to yourself and to members of the teams you lead."
                    )
                )

    def _adopt_proofs(self):
        """Files that were uploaded for a task are read by whoever may read the task."""
        own = self.env.user
        for task in self.sudo():
            files = task.proof_ids.filtered(lambda file: not file.res_id and file.create_uid == own)
            files.write({"res_model": self._name, "res_id": task.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for task in self:
            if task.state != "draft":
                raise UserError(
                    self.env._("“%(name)s” has begun and stays: only drafts can be deleted.", name=task.name)
                )

    @api.constrains("name")
    def _check_name(self):
        for task in self:
            if not (task.name or "").strip():
                raise ValidationError(self.env._("Fill in “Goal”."))

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def _check_judge(self):
        self.check_access("read")  # a refusal names the task
        for task in self:
            if not task.can_judge:
                raise AccessError(
                    self.env._(
                        "“%(name)s” is judged by the leader of the team or a manager, and never by the person whose task it is.",
                        name=task.name,
                    )
                )

    def action_open(self):
        """Draft -> open: the terms hold."""
        self._check_judge()
        self._move(("draft",), {"state": "open"})
        for task in self:
            task._tell(self.env._("The task is yours: hand it in with the proof when it is done."))

    def action_submit(self):
        """Open or rejected -> handed in: whoever approves gets an activity."""
        self.check_access("read")
        for task in self:
            if not (task.is_mine or task.can_judge):
                raise AccessError(
                    self.env._("“%(name)s” is handed in by the person it is for.", name=task.name)
                )
            if not (task.result or "").strip() and not task.proof_ids:
                raise UserError(
                    self.env._(
                        "“%(name)s”: fill in “Result” or add a file to “Proof”, so that it can be approved.",
                        name=task.name,
                    )
                )
        self._move(("open", "rejected"), {"state": "submitted", "submitted_at": fields.Datetime.now()})
        for task in self.sudo():
            if approver := task._get_approver():
                task.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=task.with_context(lang=approver.lang).env._("Approve the task"),
                    user_id=approver.id,
                )

    def action_approve(self):
        """Handed in -> approved, for good, by somebody else."""
        self._check_judge()
        self._move(
            ("submitted",),
            {"state": "approved", "approved_at": fields.Datetime.now(), "approved_by_id": self.env.uid},
        )
        self._finish(self.env._("The task is approved."))

    @for_readers
    def action_reject(self):
        """Ask why, then reject."""
        self._check_judge()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "discipline.task.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_task_ids": self.ids},
        }

    def _reject(self, reason):
        """Handed in -> rejected, with the reason."""
        self._check_judge()
        if not (reason or "").strip():
            raise UserError(self.env._("Fill in “Reason”: the person has to know what is missing."))
        self._move(("submitted",), {"state": "rejected", "reject_reason": reason.strip()})
        self._finish(self.env._("The task is rejected: %(reason)s", reason=reason.strip()))

    def _finish(self, text):
        """The approver's activity is done, the person hears of it."""
        for task in self:
            task.sudo().activity_ids.action_feedback()
            task._tell(text)

    def _tell(self, text):
        partner = self.sudo().employee_id.user_id.partner_id
        if partner and partner != self.env.user.partner_id:
            self.message_post(body=text, partner_ids=partner.ids)

    def _get_approver(self):
        """The leader of the team; of a leader's own task, and without one, a manager of the company."""
        leader, person = self.team_id.user_id, self.employee_id.user_id
        if leader and leader.active and leader != person:
            return leader
        managers = self.env.ref("sales_discipline.group_manager").all_user_ids.filtered(
            lambda user: user.active and user != person and self.company_id in user.company_ids
        )
        return managers.sorted(lambda user: (user._is_superuser() or user._is_system(), user.id))[:1]


class DisciplineTaskReject(models.TransientModel):
    """Asks why a task is rejected."""

    _name = "discipline.task.reject"
    _description = "Reject a SMART Task"

    task_ids = fields.Many2many("discipline.task", string="Tasks", required=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        self.ensure_one()
        self.task_ids._reject(self.reason)
