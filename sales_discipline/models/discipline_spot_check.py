from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .discipline_evidence import ENGINE

STATES = [
    ("pending", "To Verify"),
    ("confirmed", "Confirmed"),
    ("denied", "Not Confirmed"),
    ("unreachable", "Not Reached"),
]


class DisciplineSpotCheck(models.Model):
    """An activity that counted, drawn at random, for the leader to verify by a call to the customer. Drawn by the
    scheduled action alone (discipline_spot_draw.py); the leader's result is what people add."""

    _name = "discipline.spot.check"
    _inherit = ["discipline.decided.mixin", "mail.thread"]
    _description = "Spot Check"
    _order = "date_from desc, user_id, id"
    _rec_name = "res_name"

    fact_id = fields.Many2one(
        "discipline.fact", "What Is Verified", required=True, readonly=True, ondelete="restrict"
    )
    date_from = fields.Date("Week", required=True, readonly=True, help="Its first day.")
    date = fields.Date(required=True, readonly=True, help="The day it was where the person works.")
    happened_at = fields.Datetime("Done on", required=True, readonly=True)
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
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="set null")
    res_name = fields.Char("Document", readonly=True)
    contact = fields.Char(readonly=True, help="Whom to ask for.")
    phone = fields.Char(readonly=True)
    text = fields.Text("What Was Written", readonly=True, help="The result text when the check was drawn.")
    seed = fields.Char(
        readonly=True,
        help="Of all that counted in the week, those with the smallest MD5 of 'seed:id' are drawn.",
    )
    state = fields.Selection(
        STATES, "Result", required=True, readonly=True, default="pending", index=True, tracking=True
    )
    comment = fields.Text(tracking=True, help="What the customer said.")
    checked_by_id = fields.Many2one("res.users", "Verified by", readonly=True, ondelete="restrict")
    checked_at = fields.Datetime("Verified on", readonly=True)
    can_check = fields.Boolean(compute="_compute_can_check", compute_sudo=False)

    _once = models.Constraint("UNIQUE(fact_id)", "This fact is a spot check already.")
    _week_idx = models.Index("(company_id, date_from, employee_id)")

    @api.depends("user_id", "res_name")
    def _compute_display_name(self):
        for check in self:
            check.display_name = (
                f"{check.user_id.sudo().name}: {check.res_name or check.partner_id.display_name or ''}"
            )

    @api.depends("user_id", "team_id.user_id")
    @api.depends_context("uid")
    def _compute_can_check(self):
        for check in self:
            check.can_check = check._may_decide()

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: nobody chooses what is verified."""
        raise UserError(self.env._("Spot checks are drawn at random by the system, once a week."))

    def write(self, vals):
        """The comment is free to leaders and managers, never of what they did themselves; the rest is the buttons'.

        :raise AccessError: for whoever did it
        :raise UserError: for anything else than a comment
        """
        if self.env.context.get("discipline_engine") is not ENGINE:
            self._check_verifiable()
            if vals.keys() - {"comment"}:
                raise UserError(
                    self.env._(
                        "A spot check stays as it was drawn. Use its buttons: Confirmed, Not Confirmed, Not Reached."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Spot checks are kept, with what the customers said."))

    def _check_verifiable(self) -> None:
        """:raise AccessError: for whoever did what is verified, and for those who may not write it"""
        self.check_access("write")
        if not self.env.su and self._is_about(self.env.user):
            raise AccessError(
                self.env._("Nobody verifies what they did themselves: ask your leader or a manager.")
            )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_confirmed(self):
        """The customer confirms it."""
        self._set_result("confirmed")

    def action_denied(self):
        """The customer knows nothing of it."""
        self._set_result("denied")

    def action_unreachable(self):
        """The customer was not reached; it can be tried again."""
        self._set_result("unreachable")

    def action_reset(self):
        """To be verified again."""
        self._set_result("pending")

    def _set_result(self, state: str) -> None:
        self._check_verifiable()
        checked = state != "pending"
        values = {
            "state": state,
            "checked_by_id": self.env.uid if checked else False,
            "checked_at": fields.Datetime.now() if checked else False,
        }
        self.sudo().with_context(discipline_engine=ENGINE).write(values)

    def action_open_fact(self):
        """The fact, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "discipline.fact",
            "res_id": self.sudo().fact_id.id,
            "views": [(False, "form")],
        }
