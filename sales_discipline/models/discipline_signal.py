from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .discipline_evidence import ENGINE
from .discipline_signal_rule import KINDS

STATES = [("new", "New"), ("harmless", "Harmless"), ("confirmed", "Confirmed")]


class DisciplineSignal(models.Model):
    """Something in a person's closed day that may be embellishment: a question to the leader, with the records. It
    changes no points. Written by the scheduled action alone (discipline_signal_find.py); the leader's word on it is
    the one thing that people add."""

    _name = "discipline.signal"
    _inherit = ["discipline.decided.mixin", "mail.thread"]
    _description = "Signal"
    _order = "date desc, employee_id, kind, id"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", required=True, readonly=True, index=True, ondelete="restrict"
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, index=True, ondelete="restrict", help="As of then."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    scorecard_id = fields.Many2one(
        "discipline.scorecard", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date(required=True, readonly=True, help="The day it was where the person works.")
    strength = fields.Float(
        "How Many", readonly=True, aggregator=None, help="What was found, in the unit of the limit."
    )
    limit = fields.Float(readonly=True, aggregator=None, help="How many it took for a signal then.")
    numbers = fields.Json(readonly=True, help="What the explanation tells.")
    fact_ids = fields.Json("Facts", readonly=True)
    line_ids = fields.Json("Indicators", readonly=True)
    explanation = fields.Char(compute="_compute_explanation")
    state = fields.Selection(
        STATES, "Status", required=True, readonly=True, default="new", index=True, tracking=True
    )
    comment = fields.Text(tracking=True, help="What the leader found out.")
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Decided on", readonly=True)
    told_on = fields.Date(readonly=True, help="Day (UTC) by which all who are to know had been told.")
    can_decide = fields.Boolean(compute="_compute_can_decide", compute_sudo=False)

    _once = models.Constraint(
        "UNIQUE(employee_id, date, kind)", "There is one signal of a kind per person and day."
    )
    _untold_idx = models.Index("(date) WHERE told_on IS NULL")

    @api.depends("employee_id", "kind", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for signal in self:
            signal.display_name = f"{signal.employee_id.sudo().name}: {labels.get(signal.kind, '')}"

    @api.depends("kind", "numbers")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for signal in self:
            signal.explanation = signal._get_explanation() if signal.kind else False

    @api.depends("user_id", "team_id.user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for signal in self:
            signal.can_decide = signal._may_decide()

    def _get_explanation(self) -> str:
        """The numbers in words, in the language at hand."""
        self.ensure_one()
        names = ("n", "of", "minutes", "bare", "days", "client", "share")
        values = {name: (self.numbers or {}).get(name, "") for name in names}
        texts = {
            "burst": self.env._("%(n)s activities were marked as done within %(minutes)s min.", **values),
            "deadline": self.env._(
                "%(n)s of the day's %(of)s activities were done in the last %(minutes)s min before the deadline,"
                " %(bare)s of them without words of their own.",
                **values,
            ),
            "client": self.env._(
                "%(n)s activities of one type with the same client on one day: %(client)s.", **values
            ),
            "no_text": self.env._("%(n)s of the day's %(of)s activities have no result text.", **values),
            "same_text": self.env._(
                "%(n)s of the day's %(of)s activities have one and the same result text.", **values
            ),
            "at_once": self.env._(
                "%(n)s of the day's %(of)s activities were marked as done within %(minutes)s min of their creation,"
                " %(bare)s of them without words of their own.",
                **values,
            ),
            "lost": self.env._(
                "%(n)s activities were done on leads that had been lost for %(days)s days or more.", **values
            ),
            "claimed": self.env._(
                "%(n)s reports in %(days)s days state over %(share)s %% more than was measured.", **values
            ),
        }
        return texts[self.kind]

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: signals are found by the scheduled action."""
        raise UserError(self.env._("Signals are found by the system once a day is closed."))

    def write(self, vals):
        """Leaders and managers write a comment, never on what concerns themselves; the rest is the buttons' work.

        :raise AccessError: for the person concerned
        :raise UserError: for anything else than a comment
        """
        if self.env.context.get("discipline_engine") is not ENGINE:
            self._check_decidable()
            if vals.keys() - {"comment"}:
                raise UserError(
                    self.env._("A signal stays as it was found. Use its buttons: Harmless, Confirmed.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Signals are kept, with what the leader found out."))

    def _check_decidable(self) -> None:
        """:raise AccessError: for whoever a signal is about, and for those who may not write it"""
        self.check_access("write")
        if not self.env.su and self._is_about(self.env.user):
            raise AccessError(
                self.env._("Nobody decides on a signal about themselves: ask your leader or a manager.")
            )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_harmless(self):
        """There is a good explanation."""
        self._decide("harmless")

    def action_confirm(self):
        """The person embellished; the comment says how that is known.

        :raise UserError: without a comment
        """
        for signal in self:
            if not (signal.comment or "").strip():
                raise UserError(
                    self.env._(
                        "The field 'Comment' is empty: say how you know that %(name)s embellished on %(date)s.",
                        name=signal.employee_id.sudo().name,
                        date=format_date(self.env, signal.date),
                    )
                )
        self._decide("confirmed")

    def action_reopen(self):
        """Back to new."""
        self._decide("new")

    def _decide(self, state: str) -> None:
        self._check_decidable()
        decided = state != "new"
        self._mark(
            {
                "state": state,
                "decided_by_id": self.env.uid if decided else False,
                "decided_at": fields.Datetime.now() if decided else False,
            }
        )

    def _mark(self, vals: dict) -> None:
        """What the program itself writes."""
        self.sudo().with_context(discipline_engine=ENGINE).write(vals)

    def action_ask_confirm(self):
        """Ask how it is known, where there is no room for a comment."""
        self.ensure_one()
        self._check_decidable()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [[self.env.ref("sales_discipline.discipline_signal_view_form_confirm").id, "form"]],
            "target": "new",
        }

    def action_open_records(self):
        """The facts that the signal is about, with the reader's own rights; of a claim the indicators."""
        self.ensure_one()
        self.check_access("read")
        signal = self.sudo()
        if signal.line_ids:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "sales_discipline.discipline_scorecard_line_action"
            )
            domain = [("id", "in", signal.line_ids)]
        else:
            action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_fact_action")
            domain = [("id", "in", signal.fact_ids or [])]
        return {**action, "name": self.display_name, "domain": domain, "context": {"create": False}}
