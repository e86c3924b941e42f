from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.effect import BEFORE, YEAR
from ..tools.periods import local_date, utc_bounds
from .field_change import differs

# what was agreed on when it began: whom it is for, its days, what it is measured against
TERMS = {
    "company_id",
    "date_from",
    "date_to",
    "team_ids",
    "domain",
    "class_a",
    "class_b",
    "class_c",
    "baseline",
}


class DisciplineProgram(models.Model):
    """A sales program: a goal in words, a group of clients, its days, and what it is to bring.

    draft -> running -> closed. The group is fixed when it starts (discipline_program_group.py); the effect is read from
    the ledger (discipline_program_effect.py) and stays as it was when it is closed.
    """

    _name = "discipline.program"
    _description = "Sales Program"
    _inherit = [
        "discipline.moved.mixin",
        "discipline.amount.mixin",
        "discipline.own.company.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _moved = frozenset({"state", "started_at", "closed_at", "result", "starts_at", "ends_at"})

    name = fields.Char(required=True, tracking=True)
    goal = fields.Text(help="What it is to bring, in the words that everybody who takes part reads.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    owner_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
        tracking=True,
        help="Who runs it. The clients of the group are looked up with this person's rights.",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        check_company=True,
        help="Only clients of the members of these teams; empty: of everybody.",
    )
    date_from = fields.Date(
        "From", required=True, tracking=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date("To", required=True, tracking=True)
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
    planned_amount = fields.Monetary(
        "Planned Effect",
        tracking=True,
        help="By how much the group is to buy more than in the days compared with.",
    )
    planned_clients = fields.Integer(
        "Clients to Order", tracking=True, help="How many clients of the group are to order in its days."
    )
    baseline = fields.Selection(
        [(BEFORE, "The same number of days before"), (YEAR, "The same days a year before")],
        "Compared with",
        default=YEAR,
        required=True,
    )
    started_at = fields.Datetime("Started on", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    starts_at = fields.Datetime(readonly=True, copy=False, help="The moment that its first day begins (UTC).")
    ends_at = fields.Datetime(readonly=True, copy=False, help="The moment that its last day ends (UTC).")
    can_edit = fields.Boolean(compute="_compute_can_edit", compute_sudo=False)

    _planned_check = models.Constraint(
        "CHECK(planned_amount >= 0 AND planned_clients >= 0)",
        "“Planned Effect” and “Clients to Order” cannot be negative.",
    )

    @api.depends("owner_id", "state")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        me = self.env.user
        manages = me.has_group("sales_discipline.group_manager")
        for program in self:
            program.can_edit = program.state != "closed" and (manages or program.owner_id == me)

    # ------------------------------------------------------------
    # What may be changed
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs._check_whose()
        return programs

    def write(self, vals):
        if not self._is_moving():
            self._check_change(vals)
        res = super().write(vals)
        if {"owner_id", "team_ids", "company_id"}.intersection(vals):
            self._check_whose()
        return res

    def _check_change(self, vals):
        """:raise UserError: for what stays as it began"""
        for program in self:
            if program.state == "closed" and set(vals) - {"message_follower_ids", "activity_ids"}:
                raise UserError(self.env._("“%(name)s” is closed: it stays as it is.", name=program.name))
            changed = [name for name in TERMS.intersection(vals) if differs(program, name, vals)]
            if program.state == "running" and changed:
                raise UserError(
                    self.env._(
                        "“%(name)s” is running: the field “%(field)s” stays as it was when it began.",
                        name=program.name,
                        field=self._fields[sorted(changed)[0]]._description_string(self.env),
                    )
                )

    def _check_whose(self):
        """Leaders run programs for clients of the teams that they lead, managers any.

        :raise AccessError: for others' teams, or another person's program
        """
        me = self.env.user
        if self.env.su or me.has_group("sales_discipline.group_manager"):
            return
        for program in self:
            teams = program.sudo().team_ids
            if not teams or teams.filtered(lambda team: team.user_id != me) or program.owner_id != me:
                raise AccessError(
                    self.env._(
                        "“Sales Teams”: choose teams that you lead; you are responsible for the program yourself. Programs"
                        " for others are made by a manager."
                    )
                )

    @api.constrains("owner_id", "company_id")
    def _check_owner(self):
        for program in self.sudo():
            owner = program.owner_id
            if not owner.has_group("sales_discipline.group_leader"):
                raise ValidationError(
                    self.env._(
                        "“Responsible”: %(name)s is neither a team leader nor a manager.", name=owner.name
                    )
                )
            if program.company_id not in owner.company_ids:
                raise ValidationError(
                    self.env._(
                        "“Responsible”: %(name)s does not work in %(company)s.",
                        name=owner.name,
                        company=program.company_id.name,
                    )
                )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for program in self:
            if program.date_to < program.date_from:
                raise ValidationError(self.env._("The field “To” has to be on or after “From”."))
            if (program.date_to - program.date_from).days > 731 or not 2000 <= program.date_from.year <= 2200:
                raise ValidationError(
                    self.env._("A program takes two years at most, between the years 2000 and 2200.")
                )

    @api.constrains("name")
    def _check_name(self):
        for program in self:
            if not (program.name or "").strip():
                raise ValidationError(self.env._("Fill in “Name”."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for program in self:
            if program.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(name)s” has begun and stays: only drafts can be deleted.", name=program.name
                    )
                )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_start(self):
        """Draft -> running: the group is fixed."""
        self._check_whose()
        self._check_state(("draft",))
        for program in self:
            clients = program._find_clients()
            if not clients:
                raise UserError(
                    self.env._(
                        "“%(name)s”: nobody is in the group. Change “Clients” or the classes.",
                        name=program.name,
                    )
                )
            starts_at, ends_at = program._get_moments()
            moment = fields.Datetime.now()
            program._move(
                ("draft",),
                {"state": "running", "started_at": moment, "starts_at": starts_at, "ends_at": ends_at},
            )
            program._add_clients(clients, moment)

    def action_plan_contacts(self):
        """Ask when, and by whom, the clients of the group that the reader sees are contacted: those who have not ordered
        yet."""
        self.ensure_one()
        rows = self.env["discipline.program.client"].search(
            [("program_id", "=", self.id), ("ordered", "=", False)]
        )
        return rows._plan_contacts(self)

    def action_close(self):
        """Running -> closed: the numbers stay as they are."""
        self._check_whose()
        self._check_state(("running",))
        for program in self:
            program.sudo().client_ids._refresh()
            result = program._prepare_result()
            program._move(
                ("running",), {"state": "closed", "closed_at": fields.Datetime.now(), "result": result}
            )

    @api.model
    def _cron_daily(self) -> None:
        """The night's work: classes of clients, then programs that have ended."""
        self.env["res.partner"]._cron_classify()
        self._close_ended(fields.Datetime.now())

    @api.model
    def _close_ended(self, now) -> None:
        """Close what has ended, the day after its last day is over."""
        for program in self.search([("state", "=", "running")]):
            if program._get_today(now) > program.date_to:
                program.action_close()

    # ------------------------------------------------------------
    # Days
    # ------------------------------------------------------------

    def _get_today(self, now=None):
        """Today where the company is."""
        return local_date(now or fields.Datetime.now(), self.company_id._get_discipline_tz())

    def _get_moments(self, date_from=None, date_to=None) -> tuple:
        """`[start, stop)` in UTC of days of the company; of the program's own by default."""
        return utc_bounds(
            date_from or self.date_from, date_to or self.date_to, self.company_id._get_discipline_tz()
        )
