from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.periods import period_bounds
from .readers import for_readers

# In the context while a plan is written with its lines. An object, so that no remote call can send it.
WRITING = object()
PERIODS = [("day", "Daily"), ("week", "Weekly"), ("month", "Monthly")]
# what a score depends on: fixed once there are results, a change makes the next version
RULES = {
    "period",
    "deadline_hour",
    "close_delay_days",
    "late_policy",
    "prorate",
    "completion_cap",
    "line_ids",
}
RULES |= {"date_from", "team_ids", "job_ids", "employee_ids", "company_id"}


class DisciplinePlan(models.Model):
    """The rules of the game for a period: which metrics, which targets, what a hit and a miss are worth, and by
    which hour it has to be in the CRM. The daily one is the activity plan of the sales handbooks.

    A plan with results is never edited: `_create_version` makes the next version from a date on and leaves the
    days before it as they were.
    """

    _name = "discipline.plan"
    _inherit = [
        "discipline.moved.mixin",
        "discipline.amount.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "discipline.audience.mixin",
    ]
    _description = "Discipline Plan"
    _order = "period, date_from desc, id desc"
    _moved = frozenset({"state", "trial", "version", "family_id"})
    _settled = frozenset({"company_id"})
    _at_work = frozenset({"trial", "active"})

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    period = fields.Selection(PERIODS, required=True, default="day", tracking=True, group_expand=True)
    state = fields.Selection(
        [("draft", "Draft"), ("trial", "Trial"), ("active", "Active"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        help="Trial: scored and shown, but never paid.",
    )
    trial = fields.Boolean(readonly=True, copy=False, help="Its scorecards are shown, but never paid.")
    deadline_hour = fields.Float(
        "Deadline",
        required=True,
        default=lambda self: self.env.company.discipline_deadline_hour,
        tracking=True,
        help="Hour by which everything has to be in the CRM, in the time zone of each person.",
    )
    close_delay_days = fields.Integer(
        "Closing Delay",
        tracking=True,
        help="Weekly and monthly plans: working days after the end until the scorecards are frozen.",
    )
    late_policy = fields.Selection(
        [("ignore", "Never counts"), ("next_period", "Counts for the next period")],
        string="Late Entries",
        required=True,
        default="ignore",
        tracking=True,
        help="What becomes of what is entered after the deadline.",
    )
    prorate = fields.Boolean(
        "Prorate Targets",
        default=True,
        tracking=True,
        help="Part time, leave and hire in mid-period lower the targets.",
    )
    completion_cap = fields.Float(
        "Completion Cap (%)",
        default=100.0,
        tracking=True,
        help="No indicator counts for more than this in the efficiency.",
    )
    ask_report = fields.Boolean(
        "Ask for a Report of One's Own",
        tracking=True,
        help="Before the deadline, everybody states their own numbers; the scorecard shows them beside what was measured."
        " It holds for the scorecards that are opened from now on.",
    )
    line_ids = fields.One2many("discipline.plan.line", "plan_id", "Indicators", copy=True)
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    family_id = fields.Many2one(
        "discipline.plan", "First Version", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    has_results = fields.Boolean(compute="_compute_scorecard_count")
    scorecard_count = fields.Integer(compute="_compute_scorecard_count")

    _deadline_hour_check = models.Constraint(
        "CHECK(deadline_hour > 0 AND deadline_hour <= 24)",
        "The field 'Deadline' has to be an hour of the day, later than 0:00 and up to 24:00.",
    )
    _close_delay_check = models.Constraint(
        "CHECK(close_delay_days >= 0 AND close_delay_days <= 60)",
        "The field 'Closing Delay' has to be between 0 and 60 working days.",
    )
    _cap_check = models.Constraint(
        "CHECK(completion_cap >= 100)", "The field 'Completion Cap (%)' cannot be below 100."
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for plan in self:
            version = plan.version > 1 and self.env._(" (version %(n)s)", n=plan.version) or ""
            plan.display_name = f"{plan.name or ''}{version}"

    def _compute_scorecard_count(self):
        counts = dict(
            self.env["discipline.scorecard"]
            .sudo()
            ._read_group([("plan_id", "in", self.ids)], ["plan_id"], ["__count"])
        )
        for plan in self:
            plan.scorecard_count = counts.get(plan, 0)
            plan.has_results = bool(plan.scorecard_count)

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains(
        "state", "company_id", "period", "date_from", "date_to", "team_ids", "job_ids", "employee_ids"
    )
    def _check_overlap(self):
        for plan in self.filtered(lambda p: p.state in ("trial", "active")):
            others = self.search(
                [
                    ("state", "=", plan.state),
                    ("period", "=", plan.period),
                    ("company_id", "=", plan.company_id.id),
                ]
            )
            if other := plan._find_overlap(others):
                raise ValidationError(
                    self.env._(
                        "The plan '%(plan)s' overlaps with '%(other)s': for the same audience, check the fields"
                        " 'Valid from' and 'Valid until' (%(from)s – %(to)s), or close the other plan first.",
                        plan=plan.display_name,
                        other=other.display_name,
                        **{
                            "from": format_date(self.env, other.date_from),
                            "to": format_date(self.env, other.date_to) or self.env._("open end"),
                        },
                    )
                )

    @api.onchange("period")
    def _onchange_period(self):
        if self.date_from:
            self.date_from = period_bounds(self.period, self.date_from)[0]

    @api.constrains("period", "date_from")
    def _check_date_from(self):
        """The plan in force on a period's first day governs all of it, so plans begin with a period."""
        for plan in self:
            first = period_bounds(plan.period, plan.date_from)[0]
            if plan.date_from != first:
                raise ValidationError(
                    self.env._(
                        "The field 'Valid from' of a weekly plan has to be a Monday, that of a monthly plan the first of"
                        " a month: %(date)s, for example.",
                        date=format_date(self.env, first),
                    )
                )

    @api.constrains("state", "line_ids")
    def _check_lines(self):
        for plan in self:
            if plan.state in ("trial", "active") and not plan.line_ids:
                raise ValidationError(
                    self.env._(
                        "The plan '%(plan)s' needs at least one line in 'Indicators'.", plan=plan.display_name
                    )
                )

    def copy_data(self, default=None):
        names = (
            {}
            if default and "name" in default
            else {plan: self.env._("%s (copy)", plan.name) for plan in self}
        )
        return [
            {**vals, **({"name": names[plan]} if names else {})}
            for plan, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def write(self, vals):
        if RULES.intersection(vals):
            self._check_no_results()
        if vals.get("date_to"):
            self._check_close_date(fields.Date.to_date(vals["date_to"]))
        return super(DisciplinePlan, self.with_context(discipline_plan_write=WRITING)).write(vals)

    def _check_no_results(self):
        """:raise UserError: if a plan among these has scorecards, whose rules must not change behind them"""
        if used := self.filtered("has_results")[:1]:
            raise UserError(
                self.env._(
                    "The plan '%(plan)s' has scorecards already, so its rules stay as they are. Press 'New Version' to"
                    " change them from a date on.",
                    plan=used.display_name,
                )
            )

    def _check_close_date(self, date_to):
        """:raise UserError: if scorecards exist after that day, which would be left without a rule"""
        cards = self.env["discipline.scorecard"].sudo()
        if cards.search_count(
            [("plan_id", "in", self.ids), ("date_from", ">", date_to), ("state", "=", "frozen")], limit=1
        ):
            raise UserError(
                self.env._(
                    "'Valid until' cannot be %(date)s: days after it have been scored by this plan.",
                    date=format_date(self.env, date_to),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_no_results()

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_trial(self):
        """Score and show, but never pay: the shadow month."""
        self.check_access("write")
        self.filtered(lambda p: p.state == "draft")._moving().write({"state": "trial", "trial": True})

    def action_activate(self):
        """Put in force. What is due from its start on is scored by the next run of the scheduled action.

        What was scored on trial stays on trial: such a plan is closed, and its next version, in force from the
        next period, is opened instead.
        """
        self.check_access("write")
        versions = self.browse()
        for plan in self.filtered(lambda p: p.state == "trial" and p.has_results):
            versions |= plan._create_version(plan._get_next_start())
            plan._moving().state = "closed"
        begun = versions | self.filtered(lambda p: p.state in ("draft", "trial"))
        begun._moving().write({"state": "active", "trial": False})
        cron = self.env.ref("sales_discipline.cron_score", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()
        return versions._open() if versions else None

    def _open(self):
        """Show the first of these plans in its form."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self[:1].id,
            "views": [(False, "form")],
        }

    def action_close(self):
        """End the plan with the last day that has been scored; one that never scored anything is archived."""
        for plan in self:
            last = fields.Date.subtract(plan._get_next_start(), days=1)
            values = {"state": "closed", "date_to": max(plan.date_from, last), "active": plan.has_results}
            plan._moving().write(values)

    @for_readers
    def action_new_version(self):
        """Ask from which date the next version is in force."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Version"),
            "res_model": "discipline.plan.version",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id, "default_date_from": self._get_next_start()},
        }

    @for_readers
    def action_view_scorecards(self):
        """The scorecards of this plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_scorecard_action")
        return {**action, "domain": [("plan_id", "=", self.id)], "context": {}}

    def _get_next_start(self):
        """The day after the last one that has a scorecard of this plan; its own start if none has."""
        self.ensure_one()
        last = (
            self.env["discipline.scorecard"]
            .sudo()
            .search([("plan_id", "=", self.id)], order="date_to desc", limit=1)
        )
        return fields.Date.add(last.date_to, days=1) if last else self.date_from

    def _create_version(self, date_from):
        """The next version, a draft in force from `date_from`; this one ends the day before.

        :raise UserError: if days from `date_from` on have been scored already
        """
        self.ensure_one()
        if date_from <= self.date_from:
            raise UserError(
                self.env._(
                    "'Valid from' has to be after %(date)s, when this version begins.",
                    date=format_date(self.env, self.date_from),
                )
            )
        family = self.family_id or self
        latest = self.with_context(active_test=False).search(
            ["|", ("id", "=", family.id), ("family_id", "=", family.id)], order="version desc", limit=1
        )
        new = self.copy({"name": self.name, "date_from": date_from, "date_to": self.date_to})
        new._moving().write({"version": latest.version + 1, "family_id": family.id})
        self.date_to = fields.Date.subtract(date_from, days=1)
        return new
