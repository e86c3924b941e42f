from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..tools.periods import DAY, period_bounds

# What entries were made by: it stays once the study runs
TERMS = {"date_from", "company_id", "ask_estimate", "category_ids"}
LONGEST = 31  # days


class DisciplineTimeStudy(models.Model):
    """A study of where working time goes: for a week or so, chosen people enter minutes by category.

    draft -> running -> closed. Who takes part is written down when it starts, and what is entered is locked when it
    closes, so that a result is the same whenever it is looked at.
    """

    _name = "discipline.time.study"
    _description = "Time Study"
    _inherit = [
        "discipline.moved.mixin",
        "discipline.amount.mixin",
        "discipline.audience.mixin",
        "mail.thread",
    ]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _moved = frozenset({"state", "started_on", "closed_on"})

    name = fields.Char(required=True, tracking=True)
    note = fields.Text(
        "What It Is For", help="Read by those who take part: what is asked, and what becomes of it."
    )
    date_from = fields.Date("First Day", default=lambda self: self._get_next_week()[0])
    date_to = fields.Date(
        "Last Day",
        required=True,
        default=lambda self: self._get_next_week()[1],
        help="Time can be entered for the days up to this one.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("closed", "Closed")],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    started_on = fields.Datetime("Started on", readonly=True, copy=False)
    closed_on = fields.Datetime("Closed on", readonly=True, copy=False)
    close_days = fields.Integer(
        "Closes After (Days)",
        default=3,
        help="How many days after the last day entries can still be made and corrected. Then the study closes by itself.",
    )
    ask_estimate = fields.Boolean(
        "Ask for an Estimate",
        default=True,
        help="Before their first entry people say how much of their time, in their opinion, is not selling.",
    )
    limit_percent = fields.Float(
        "Least Time Entered (%)",
        default=50.0,
        help="Whoever has entered less than this share of the scheduled hours is named, and left out of shares.",
    )
    cost_source = fields.Selection(
        [("none", "Not told"), ("fixed", "An amount per hour")],
        string="Cost of an Hour",
        required=True,
        default="none",
        tracking=True,
    )
    hourly_cost = fields.Monetary("Amount per Hour", tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    category_ids = fields.Many2many(
        "discipline.time.category",
        string="Categories",
        default=lambda self: self._get_usual_categories(self.env.company),
        domain="[('company_id', 'in', [company_id, False])]",
        check_company=True,
    )
    participant_ids = fields.One2many("discipline.time.participant", "study_id", readonly=True, copy=False)
    participant_count = fields.Integer("People", compute="_compute_participant_count")
    can_edit = fields.Boolean(compute="_compute_can_edit", compute_sudo=False)

    _limit_percent_range = models.Constraint(
        "CHECK (limit_percent BETWEEN 0 AND 100)", "“Least Time Entered” is a percentage: from 0 to 100."
    )
    _close_days_range = models.Constraint(
        "CHECK (close_days BETWEEN 0 AND 31)", "“Closes After” is a number of days: from 0 to 31."
    )
    _hourly_cost_positive = models.Constraint(
        "CHECK (hourly_cost >= 0)", "“Amount per Hour” cannot be negative."
    )

    @api.model
    def _get_next_week(self):
        """Monday and Friday of next week."""
        monday = period_bounds("week", fields.Date.context_today(self))[0] + 7 * DAY
        return monday, monday + 4 * DAY

    @api.model
    def _get_usual_categories(self, company):
        return self.env["discipline.time.category"].search([("company_id", "in", [False, company.id])])

    @api.depends("participant_ids")
    def _compute_participant_count(self):
        rows = self.env["discipline.time.participant"]._read_group(
            [("study_id", "in", self.ids)], ["study_id"], ["__count"]
        )
        counts = {study.id: count for study, count in rows}
        for study in self:
            study.participant_count = counts.get(study._origin.id, 0)

    @api.depends("user_id", "state")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        """Managers run all studies, leaders their own."""
        manages = self.env.user.has_group("sales_discipline.group_manager")
        leads = self.env.user.has_group("sales_discipline.group_leader")
        for study in self:
            study.can_edit = manages or (leads and study.user_id == self.env.user)

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("name")
    def _check_name(self):
        for study in self:
            if not (study.name or "").strip():
                raise ValidationError(self.env._("Fill in “Name”."))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for study in self:
            if study.date_to < study.date_from:
                raise ValidationError(
                    self.env._(
                        "%(name)s: “Last Day” (%(to)s) has to be on or after “First Day” (%(since)s).",
                        name=study.name,
                        to=format_date(self.env, study.date_to),
                        since=format_date(self.env, study.date_from),
                    )
                )
            if study.date_to - study.date_from >= timedelta(days=LONGEST):
                raise ValidationError(
                    self.env._("A time study takes %(n)s days at most: a week says enough.", n=LONGEST)
                )

    def _check_audience(self):
        """Leaders study the teams that they lead. No constraint: those are checked as superuser.

        :raise AccessError: for others' teams, people or responsibility
        """
        if self.env.su or self.env.user.has_group("sales_discipline.group_manager"):
            return
        for study in self:
            known = study.sudo()
            led = self.env["crm.team"].sudo().search([("user_id", "=", self.env.uid)])
            people = known.employee_ids
            teams = people._get_discipline_teams()
            outside = known.team_ids - led or people.filtered(
                lambda person: teams.get(person.id, (0,))[0] not in led.ids  # noqa: B023
            )
            if outside or known.job_ids or not (known.team_ids or people):
                raise AccessError(
                    self.env._(
                        "Choose teams that you lead in “Sales Teams”, or members of them in “Employees”: others are"
                        " studied by a manager."
                    )
                )
            if study.user_id != self.env.user:
                raise AccessError(self.env._("“Responsible”: a study of your team is your own."))

    def write(self, vals):
        if not self._is_moving():
            self._check_change(vals)
        res = super().write(vals)
        if {"team_ids", "job_ids", "employee_ids", "user_id"}.intersection(vals):
            self._check_audience()
        if {"team_ids", "job_ids", "employee_ids", "date_to"}.intersection(vals):
            self.filtered(lambda study: study.state == "running")._enroll()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        studies = super().create(vals_list)
        studies._check_audience()
        return studies

    def _check_change(self, vals):
        """:raise UserError: for what entries have been made by"""
        for study in self:
            changed = {name for name in vals if not name.startswith("message_")}
            closed = study.state == "closed" and changed - {"user_id"}
            if closed or (study.state == "running" and TERMS.intersection(vals)):
                raise UserError(
                    self.env._("“%(name)s” is closed: it stays as it is.", name=study.name)
                    if closed
                    else self.env._(
                        "“%(name)s” is running: its first day, its company, its categories and whether an estimate is"
                        " asked for stay as they are.",
                        name=study.name,
                    )
                )
            last = vals.get("date_to") and fields.Date.to_date(vals["date_to"])
            if study.state == "running" and last and last < study.date_to:
                self._check_shortened(study, last)

    def _check_day(self, day):
        """:raise UserError: for a day that the study is not about"""
        self.ensure_one()
        if not self.date_from <= day <= self.date_to:
            raise UserError(
                self.env._(
                    "“%(name)s” is about the days from %(since)s to %(to)s.",
                    name=self.name,
                    since=format_date(self.env, self.date_from),
                    to=format_date(self.env, self.date_to),
                )
            )

    def _check_shortened(self, study, last):
        late = [("study_id", "=", study.id), ("date", ">", last)]
        if self.env["discipline.time.entry"].sudo().search_count(late, limit=1):
            raise UserError(
                self.env._("“Last Day”: there are entries after %(date)s.", date=format_date(self.env, last))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for study in self:
            entries = self.env["discipline.time.entry"].sudo().with_context(active_test=False)
            if study.state == "closed" or entries.search_count([("study_id", "=", study.id)], limit=1):
                raise UserError(
                    self.env._("“%(name)s” has entries and stays: close it instead.", name=study.name)
                )

    def copy_data(self, default=None):
        """A copy is for the week after next at the earliest, like a new one, and as long as this one."""
        defaults = dict(default or {})
        first, _last = self._get_next_week()
        data = super().copy_data(defaults)
        for study, vals in zip(self, data, strict=True):
            vals.setdefault("name", study.name)
            if "date_from" not in defaults:
                shift = first - period_bounds("week", study.date_from)[0]
                vals.update(date_from=study.date_from + shift, date_to=study.date_to + shift)
            if "user_id" not in defaults:
                vals["user_id"] = self.env.uid
        return data
