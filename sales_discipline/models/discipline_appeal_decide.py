from odoo import api, fields, models
from odoo.exceptions import UserError

from .discipline_evidence import ENGINE

RESULTS = [
    ("adjust", "Add to the fact"),
    ("excuse", "Excuse the whole scorecard"),
    ("refuse", "Refuse"),
]


class DisciplineAppeal(models.Model):
    """Deciding: by the leader of the team or a manager, never by the person, whatever login they use."""

    _inherit = "discipline.appeal"

    def action_grant(self):
        """Ask what is granted."""
        return self._ask_decision("adjust" if self.line_id else "excuse")

    def action_refuse(self):
        """Ask why it is refused."""
        return self._ask_decision("refuse")

    def _ask_decision(self, result: str):
        self.ensure_one()
        self._check_decidable()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "discipline.appeal.decide",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_appeal_id": self.id,
                "default_result": result,
                "default_amount": self.amount,
            },
        }

    def _check_decidable(self) -> None:
        """:raise AccessError: for the person, and for whoever is neither their leader nor a manager
        :raise UserError: for one that is decided
        """
        self.check_access("read")
        for appeal in self:
            appeal.scorecard_id._check_decision(late=True)
            if appeal.state != "open":
                raise UserError(self.env._("This appeal is decided already."))

    def _decide(self, result: str, answer: str, amount: float = 0.0) -> None:
        """Grant this appeal (by an adjustment of its line, or by excusing its scorecard) or refuse it, and tell the
        person. Pay that was confirmed since it was handed in is corrected by the next run.

        :param result: adjust, excuse or refuse
        :param answer: the reason, which the person reads
        :param amount: to be added to what counts on the line now
        :raise UserError: without a reason, or where there is nothing to add
        """
        self.ensure_one()
        self._check_decidable()
        if not (answer or "").strip():
            raise UserError(self.env._("The field 'Answer' is needed: the person will read it."))
        if result == "adjust":
            if not self.line_id:
                raise UserError(self.env._("This appeal is about the whole scorecard: excuse it, or refuse."))
            if not amount:
                raise UserError(
                    self.env._("The field 'To Add' is zero: refuse the appeal if nothing is to be added.")
                )
            self.line_id._adjust(self.line_id.adjustment + amount, answer, late=True)
        elif result == "excuse":
            self.scorecard_id._excuse(answer, late=True)
        self.sudo().with_context(discipline_engine=ENGINE).write(
            {
                "state": "refused" if result == "refuse" else "granted",
                "granted": amount if result == "adjust" else 0.0,
                "excused": result == "excuse",
                "answer": answer.strip(),
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        appeal = self.sudo()
        appeal.activity_ids.action_feedback()
        appeal._tell_person()


class DisciplineAppealDecide(models.TransientModel):
    """Asks what is decided about an appeal, and why."""

    _name = "discipline.appeal.decide"
    _description = "Decide an Appeal"
    _inherit = ["discipline.amount.mixin"]

    appeal_id = fields.Many2one("discipline.appeal", required=True, readonly=True, ondelete="cascade")
    line_id = fields.Many2one(related="appeal_id.line_id", related_sudo=False)
    text = fields.Text(related="appeal_id.text", related_sudo=False)
    unit = fields.Selection(related="appeal_id.unit", related_sudo=False)
    currency_id = fields.Many2one(related="appeal_id.currency_id", related_sudo=False)
    actual = fields.Float(related="appeal_id.actual", string="Measured", related_sudo=False)
    adjustment = fields.Float(related="line_id.adjustment", string="Adjusted so far", related_sudo=False)
    result = fields.Selection(RESULTS, "Decision", required=True, default="adjust")
    amount = fields.Float("To Add", help="To what counts now; negative to take off.")
    total = fields.Float("Counts as", compute="_compute_total")
    answer = fields.Text(required=True)

    @api.depends("actual", "adjustment", "amount")
    def _compute_total(self):
        for wizard in self:
            wizard.total = wizard.actual + wizard.adjustment + wizard.amount

    def action_apply(self):
        """Decide."""
        self.ensure_one()
        self.appeal_id._decide(self.result, self.answer, self.amount)
