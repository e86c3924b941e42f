from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date
from odoo.tools.misc import clean_context

from ..tools.amounts import is_amount
from .discipline_evidence import ENGINE
from .readers import for_readers

STATES = [("open", "Open"), ("granted", "Granted"), ("refused", "Refused")]
REASONS = [
    ("sick", "Sick"),
    ("system", "System down"),
    ("meeting", "Meeting outside"),
    ("other", "Other"),
]
GIVEN = {"scorecard_id", "line_id", "reason", "text", "amount", "attachment_ids"}


class DisciplineAppeal(models.Model):
    """What a person says against a frozen scorecard of their own: that a fact is missing on one line, or that the whole
    of it should not count. Their leader decides; both stay as they were written.

    Handed in until pay of that time is confirmed. What was handed in before may still be decided afterwards: the next run
    of pay corrects it.
    """

    _name = "discipline.appeal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Appeal"
    _order = "asked_at desc, id desc"
    _mail_post_access = "read"

    scorecard_id = fields.Many2one(
        "discipline.scorecard", required=True, readonly=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "discipline.scorecard.line",
        "Indicator",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the whole scorecard should not count.",
    )
    reason = fields.Selection(REASONS, required=True, readonly=True, default="other")
    text = fields.Text("What Happened", required=True, readonly=True)
    amount = fields.Float(
        "Missing", readonly=True, help="How much should be added to the fact, in the unit of the indicator."
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Proof", readonly=True)
    asked_at = fields.Datetime("Handed in on", readonly=True)
    state = fields.Selection(
        STATES, "Status", required=True, readonly=True, default="open", index=True, tracking=True
    )
    granted = fields.Float("Added to the Fact", readonly=True)
    excused = fields.Boolean("Scorecard Excused", readonly=True)
    answer = fields.Text(readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="restrict")
    user_id = fields.Many2one(related="scorecard_id.user_id", store=True, index=True)
    employee_id = fields.Many2one(related="scorecard_id.employee_id", store=True)
    team_id = fields.Many2one(related="scorecard_id.team_id", store=True)
    company_id = fields.Many2one(related="scorecard_id.company_id", store=True, index=True)
    date_from = fields.Date("Date", related="scorecard_id.date_from", store=True)
    date_to = fields.Date("Until", related="scorecard_id.date_to", store=True)
    metric_id = fields.Many2one(related="line_id.metric_id")
    unit = fields.Selection(related="line_id.unit")
    currency_id = fields.Many2one(related="scorecard_id.currency_id")
    target = fields.Float(related="line_id.target")
    actual = fields.Float(related="line_id.actual")
    claimed = fields.Float(related="line_id.claimed")
    zone = fields.Selection(related="line_id.zone")
    claim = fields.Selection(related="line_id.claim")
    can_decide = fields.Boolean(compute="_compute_can_decide", compute_sudo=False)

    _one_open = models.UniqueIndex(
        "(scorecard_id, COALESCE(line_id, 0)) WHERE state = 'open'",
        "There is an appeal against this already that is not decided yet.",
    )

    @api.depends("employee_id", "metric_id", "date_from", "date_to")
    def _compute_display_name(self):
        for appeal in self:
            what = appeal.sudo().metric_id.name or self.env._("Whole scorecard")
            appeal.display_name = f"{what}: {appeal.sudo().scorecard_id.display_name}"

    @api.depends("state", "user_id", "team_id.user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        """Whether the reader may decide: what `_check_decision` would say, for buttons to be shown."""
        for appeal in self:
            appeal.can_decide = appeal.state == "open" and appeal.sudo().scorecard_id._may_decide()

    # ------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Only the person, against a frozen scorecard of their own; what is decided is not theirs to say.

        :raise AccessError: for anybody else
        :raise UserError: for one that is open, excused or paid, and without a text
        """
        self.check_access("create")
        now = fields.Datetime.now()
        values = [
            self._prepare_appeal({name: vals[name] for name in GIVEN & vals.keys()}, now)
            for vals in vals_list
        ]
        # defaults of a link would be decisions that nobody took
        context = {**clean_context(self.env.context), "mail_create_nosubscribe": True}
        plain = self.with_env(self.env(context=context))
        appeals = super(DisciplineAppeal, plain).create(values).with_env(self.env)
        for appeal in appeals.sudo():
            appeal.attachment_ids.write({"res_model": self._name, "res_id": appeal.id})
            appeal.message_subscribe(partner_ids=appeal.user_id.partner_id.ids)
            appeal._ask_leader()
        return appeals

    def _prepare_appeal(self, vals: dict, now) -> dict:
        """The values of one appeal, checked."""
        card = self.env["discipline.scorecard"].browse(vals.get("scorecard_id")).exists()
        line = self.env["discipline.scorecard.line"].browse(vals.get("line_id") or False).exists()
        card = card or line.scorecard_id
        if not card:
            raise UserError(self.env._("The field 'Scorecard' is empty: say which one your appeal is about."))
        card.check_access("read")
        card._check_appealable()
        if line and line.scorecard_id != card:
            raise UserError(self.env._("The field 'Indicator' is not on this scorecard."))
        if not (vals.get("text") or "").strip():
            raise UserError(self.env._("The field 'What Happened' is empty: your leader has to know."))
        if not is_amount(vals.get("amount") or 0.0):
            raise UserError(self.env._("The field 'Missing' has to be a number that could be true."))
        files = self.env["ir.attachment"].browse(self._get_linked(vals.get("attachment_ids")))
        if any(file.create_uid != self.env.user or file.res_id for file in files.sudo().exists()):
            raise AccessError(self.env._("The field 'Proof' takes files that you have uploaded here."))
        return {
            **vals,
            "scorecard_id": card.id,
            "line_id": line.id,
            "amount": vals.get("amount") or 0.0 if line else 0.0,
            "attachment_ids": [Command.set(files.exists().ids)],
            "asked_at": now,
            "state": "open",
        }

    @api.model
    def _get_linked(self, commands) -> list[int]:
        """The ids of the records that x2many commands link."""
        ids = []
        for command in commands or []:
            if isinstance(command, int):
                ids.append(command)
            elif command[0] == Command.LINK:
                ids.append(command[1])
            elif command[0] == Command.SET:
                ids += command[2]
            else:
                raise UserError(self.env._("The field 'Proof' takes files that you have uploaded here."))
        return ids

    def write(self, vals):
        """Refused but for chatter and activities: an appeal stays as it was written, and is decided by its buttons."""
        protected = {name for name in vals if name in GIVEN or name in self._get_decision_fields()}
        if protected and self.env.context.get("discipline_engine") is not ENGINE:
            raise UserError(
                self.env._("An appeal stays as it was written. It is decided by its buttons: Grant, Refuse.")
            )
        return super().write(vals)

    @api.model
    def _get_decision_fields(self) -> set[str]:
        related = {"user_id", "employee_id", "team_id", "company_id", "date_from", "date_to"}
        return related | {
            "state", "granted", "excused", "answer", "decided_at", "decided_by_id", "asked_at"
        }  # fmt: skip

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Appeals are kept: what was asked and what was decided."))

    @for_readers
    def action_send(self):
        """Close the window in which the person asked; the record was made when it was saved."""
        return {"type": "ir.actions.act_window_close"}

    def action_open_card(self):
        """The scorecard that this is about, on the KPI page."""
        self.ensure_one()
        return self.scorecard_id.action_open_kpi_page()

    def _format_number(self, number: float) -> str:
        """In the unit of the indicator."""
        if self.sudo().unit == "money":
            return format_amount(self.env, number, self.sudo().currency_id)
        return f"{number:g}"

    def _format_day(self) -> str:
        return " – ".join(format_date(self.env, day) for day in sorted({self.date_from, self.date_to}))


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    appeal_ids = fields.One2many("discipline.appeal", "scorecard_id", "Appeals", readonly=True)
    can_appeal = fields.Boolean(compute="_compute_can_appeal", compute_sudo=False)

    @api.depends("state", "excused", "user_id")
    @api.depends_context("uid")
    def _compute_can_appeal(self):
        for card in self:
            card.can_appeal = card.state == "frozen" and not card.excused and card.user_id == self.env.user

    def _check_appealable(self) -> None:
        """:raise AccessError: for a card of somebody else
        :raise UserError: for one that is still open, that is excused, or whose time has been paid
        """
        self.ensure_one()
        card = self.sudo()
        if card.user_id != self.env.user:
            raise AccessError(self.env._("Everybody appeals against their own scorecard only."))
        if card.state != "frozen":
            raise UserError(
                self.env._(
                    "The scorecard is still open: what you enter by its deadline counts. Appeal afterwards."
                )
            )
        if card.excused:
            raise UserError(self.env._("The scorecard is excused: it counts for nothing."))
        card._check_not_closed()

    def _check_not_closed(self) -> None:
        """Whether the time of these cards is still open for appeals. Pay closes it."""

    def action_appeal(self):
        """Say why this scorecard should not count."""
        self.ensure_one()
        self.check_access("read")
        self._check_appealable()
        return self._ask_appeal({"default_scorecard_id": self.id})

    def _ask_appeal(self, context: dict):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Appeal"),
            "res_model": "discipline.appeal",
            "view_mode": "form",
            "views": [(self.env.ref("sales_discipline.discipline_appeal_view_form_ask").id, "form")],
            "target": "new",
            "context": context,
        }


class DisciplineScorecardLine(models.Model):
    _inherit = "discipline.scorecard.line"

    can_appeal = fields.Boolean(compute="_compute_can_appeal", compute_sudo=False)

    @api.depends("scorecard_id.state", "scorecard_id.excused")
    @api.depends_context("uid")
    def _compute_can_appeal(self):
        for line in self:
            line.can_appeal = line.scorecard_id.can_appeal and line.zone != "none"

    def action_appeal(self):
        """Say what is missing on this line."""
        self.ensure_one()
        self.check_access("read")
        card = self.scorecard_id
        card._check_appealable()
        missing = max(0.0, self.claim_gap) if self.claim == "up" else 0.0
        return card._ask_appeal(
            {
                "default_scorecard_id": card.id,
                "default_line_id": self.id,
                "default_amount": missing,
            }
        )
