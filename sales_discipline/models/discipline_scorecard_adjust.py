from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.amounts import is_amount
from .discipline_evidence import ENGINE

JUDGED = ("completion", "zone", "trend", "done", "points")  # what `_judge` says of a line


class DisciplineScorecardLine(models.Model):
    """Adjustment: what a leader adds to a frozen fact, with a reason, and never to their own."""

    _inherit = "discipline.scorecard.line"

    can_adjust = fields.Boolean(compute="_compute_can_adjust", compute_sudo=False)

    @api.depends("scorecard_id.state")
    @api.depends_context("uid")
    def _compute_can_adjust(self):
        """Whether the reader may adjust: what `_check_adjustable` would say, for a button to be shown."""
        for line in self:
            card = line.sudo().scorecard_id
            line.can_adjust = card.state == "frozen" and line.zone != "none" and card._may_decide()

    def action_adjust(self):
        """Ask for the adjustment and its reason."""
        self.ensure_one()
        self._check_adjustable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Adjust %(metric)s", metric=self.metric_id.name),
            "res_model": "discipline.scorecard.adjust",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id, "default_adjustment": self.adjustment},
        }

    def _check_adjustable(self, late: bool = False) -> None:
        """:param late: see `_adjust`
        :raise AccessError: for the person scored, and for whoever is neither their leader nor a manager
        :raise UserError: if the card is still open, or closed for good
        """
        self.check_access("read")
        self.scorecard_id._check_decision(late)
        if self.sudo().scorecard_id.excused:
            raise UserError(self.env._("The scorecard is excused: there is nothing on it to adjust."))

    def _adjust(self, adjustment: float, reason: str, late: bool = False) -> None:
        """Add `adjustment` (in the unit of the metric, negative to take off) to the fact and judge anew.

        The fact itself stays as it was measured; the change is logged on the card with its reason.
        :param late: grants what had been asked for before the card was paid: pay that was confirmed with the card in it
            is corrected by the next run. Every other adjustment of such a card is refused
        :raise UserError: without a reason, or where the fact is 'no data'
        """
        self.ensure_one()
        self._check_adjustable(late)
        self.scorecard_id._check_reason(reason)
        line = self.sudo().with_context(discipline_engine=ENGINE)
        card = line.scorecard_id
        before = line.adjustment
        rule = line.plan_line_id._get_indicator().rule
        judged = card._judge(rule, line._get_scored_fact(adjustment), line.target, line._get_previous_fact())
        values = dict(zip(JUDGED, judged, strict=True))
        line.write({**values, "adjustment": adjustment, "adjustment_reason": reason})
        card._recompute_totals()
        card._log_decision(
            self.env._(
                "%(metric)s: adjustment changed from %(before)g to %(after)g. Reason: %(reason)s",
                metric=line.metric_id.name,
                before=before,
                after=adjustment,
                reason=reason,
            )
        )

    def _get_scored_fact(self, adjustment: float) -> float:
        """The fact with its adjustment, which is what every formula takes."""
        if not self.has_data:
            raise UserError(
                self.env._("'%(metric)s' has no data that could be adjusted.", metric=self.metric_id.name)
            )
        if not is_amount(adjustment):
            raise UserError(self.env._("The field 'Adjustment' has to be a number that could be true."))
        if self.actual + adjustment < min(self.actual, 0.0):
            raise UserError(
                self.env._(
                    "The field 'Adjustment' takes off more than the %(actual)g that was measured.",
                    actual=self.actual,
                )
            )
        return self.actual + adjustment

    def _get_previous_fact(self) -> float | None:
        """The fact of the period before; None if there was none (a Float reads null as zero)."""
        self.env.cr.execute("SELECT previous FROM discipline_scorecard_line WHERE id = %s", [self.id])
        return self.env.cr.fetchone()[0]


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    def write(self, vals):
        """Whatever changes the result of a card after it was frozen leaves the moment: freezing itself is done in bulk."""
        if {"points", "efficiency"}.intersection(vals):
            vals = {**vals, "amended_at": fields.Datetime.now()}
        return super().write(vals)

    def _check_unpaid(self) -> None:
        """Whether these cards may still be changed on somebody's own initiative. Pay refuses once it has used one."""

    def _check_decision(self, late: bool = False) -> None:
        """:param late: what was asked for before the card was paid may be decided afterwards
        :raise AccessError: for the person scored, and for whoever is neither their leader nor a manager
        :raise UserError: if the card is still open, or closed for good
        """
        self.check_access("read")
        card = self.sudo()
        if not self.env.su and card._is_about(self.env.user):
            raise AccessError(self.env._("Nobody adjusts a scorecard of their own: ask your leader."))
        if not (self.env.su or card._may_decide()):
            raise AccessError(self.env._("Only the leader of the team and managers adjust scorecards."))
        if card.state != "frozen":
            raise UserError(self.env._("The scorecard is still open: it can be adjusted once it is frozen."))
        if not late:
            card._check_unpaid()

    def _check_reason(self, reason) -> None:
        """:raise UserError: without a reason for a decision"""
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(
                self.env._("The field 'Reason' is needed: the person will read it on the scorecard.")
            )

    def _log_decision(self, text: str) -> None:
        """Say in the chatter what was decided, and by whom."""
        self.sudo().message_post(body=text, author_id=self.env.user.partner_id.id)

    def _recompute_totals(self, what: str = "adjusted") -> None:
        """Points and efficiency again, from the lines as they are judged now.

        :param what: what was decided about the card, see `discipline.seal`
        """
        self.ensure_one()
        self.env.flush_all()
        query = (
            "SELECT weight, completion, points, done FROM discipline_scorecard_line WHERE scorecard_id = %s"
        )
        self.env.cr.execute(query, [self.id])
        rows = self.env.cr.fetchall()
        points, efficiency, done, count = self._sum_up(rows, self.plan_id.completion_cap)
        self.with_context(discipline_engine=ENGINE).write(
            {"points": points, "efficiency": efficiency, "done_count": done, "line_count": count}
        )
        if efficiency is None:  # a Float stores zero for it
            self.flush_recordset(["efficiency"])
            self.env.cr.execute("UPDATE discipline_scorecard SET efficiency = NULL WHERE id = %s", [self.id])
            self.invalidate_recordset(["efficiency", "zone"])


class DisciplineScorecardAdjust(models.TransientModel):
    """Asks for an adjustment and its reason."""

    _name = "discipline.scorecard.adjust"
    _description = "Adjust a Scorecard"
    _inherit = ["discipline.amount.mixin"]

    line_id = fields.Many2one("discipline.scorecard.line", required=True, readonly=True, ondelete="cascade")
    unit = fields.Selection(related="line_id.unit", related_sudo=False)
    currency_id = fields.Many2one(related="line_id.currency_id", related_sudo=False)
    actual = fields.Float(related="line_id.actual", string="Measured", related_sudo=False)
    target = fields.Float(related="line_id.target", related_sudo=False)
    adjustment = fields.Float(required=True, help="Added to the fact; negative to take off.")
    total = fields.Float("Counts as", compute="_compute_total")
    reason = fields.Char(required=True)

    @api.depends("actual", "adjustment")
    def _compute_total(self):
        for wizard in self:
            wizard.total = wizard.actual + wizard.adjustment

    def action_apply(self):
        """Adjust the line."""
        self.ensure_one()
        self.line_id._adjust(self.adjustment, self.reason)
