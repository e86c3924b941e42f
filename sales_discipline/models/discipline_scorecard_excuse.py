from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .discipline_evidence import ENGINE
from .discipline_scorecard_adjust import JUDGED
from .sql_rows import sql_rows


class DisciplineScorecard(models.Model):
    """An excused scorecard: the person was sick, the system was down. What was measured and stated stays; it just counts
    for nothing: no points, no efficiency, no zone, no part of a mean, and what follows is compared with the one before it.
    Cards that had been frozen by then keep their comparison."""

    _inherit = "discipline.scorecard"

    excused = fields.Boolean(
        readonly=True, help="Its result counts for nothing, neither for better nor for worse."
    )
    excuse_reason = fields.Char(readonly=True)
    can_excuse = fields.Boolean(compute="_compute_can_excuse", compute_sudo=False)
    can_reinstate = fields.Boolean(compute="_compute_can_excuse", compute_sudo=False)

    @api.depends("state", "excused")
    @api.depends_context("uid")
    def _compute_can_excuse(self):
        """Whether the reader may: what `_check_decision` would say, for buttons to be shown."""
        manager = self.env.user.has_group("sales_discipline.group_manager")
        for card in self:
            may = card._may_decide()
            card.can_excuse = card.state == "frozen" and not card.excused and may
            card.can_reinstate = bool(card.excused) and manager and may

    def action_excuse(self):
        """Ask for the reason why this card is not to count, or is to count again."""
        self.ensure_one()
        self._check_decision()
        name = self.env._("Count It Again") if self.excused else self.env._("Excuse the Scorecard")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "discipline.scorecard.excuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_scorecard_id": self.id},
        }

    def _excuse(self, reason: str, late: bool = False) -> None:
        """Let this card count for nothing; logged on it with the reason, and sealed.

        :param late: see `_check_decision`
        :raise UserError: without a reason, or if it is excused already
        """
        self.ensure_one()
        self._check_decision(late)
        self._check_reason(reason)
        if self.excused:
            raise UserError(self.env._("This scorecard is excused already."))
        card = self.sudo().with_context(discipline_engine=ENGINE)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE discipline_scorecard_line SET completion = NULL, zone = 'none', trend = 'none', done = FALSE,"
            " points = 0 WHERE scorecard_id = %s",
            [card.id],
        )
        card.line_ids.invalidate_recordset()
        card.write({"excused": True, "excuse_reason": reason.strip()})
        card._recompute_totals("excused")
        self._log_decision(self.env._("Excused: it counts for nothing. Reason: %(reason)s", reason=reason))

    def _reinstate(self, reason: str) -> None:
        """Let an excused card count again as it did; for managers only, logged with the reason, and sealed.

        :raise UserError: without a reason, or if it is not excused
        """
        self.ensure_one()
        self._check_decision()
        if not (self.env.su or self.env.user.has_group("sales_discipline.group_manager")):
            raise AccessError(self.env._("Only managers let an excused scorecard count again."))
        self._check_reason(reason)
        if not self.excused:
            raise UserError(self.env._("This scorecard is not excused."))
        card = self.sudo().with_context(discipline_engine=ENGINE)
        lines = card.line_ids
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, actual + COALESCE(adjustment, 0), target, previous FROM discipline_scorecard_line WHERE id = ANY(%s)",
            [lines.ids],
        )
        rows = []
        for line_id, *numbers in self.env.cr.fetchall():
            rule = lines.browse(line_id).plan_line_id._get_indicator().rule
            rows.append((line_id, *card._judge(rule, *numbers)))
        columns = SQL(", ").join(map(SQL.identifier, JUDGED))
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_scorecard_line l SET (%s) = (%s) FROM %s WHERE l.id = v.id",
                columns,
                SQL(", ").join(SQL.identifier("v", name) for name in JUDGED),
                sql_rows(lines, ("id", *JUDGED), rows),
            )
        )
        lines.invalidate_recordset()
        card.write({"excused": False, "excuse_reason": False})
        card._recompute_totals("reinstated")
        self._log_decision(self.env._("Counts again. Reason: %(reason)s", reason=reason))


class DisciplineScorecardExcuse(models.TransientModel):
    """Asks why a card is excused, or counts again."""

    _name = "discipline.scorecard.excuse"
    _description = "Excuse a Scorecard"

    scorecard_id = fields.Many2one("discipline.scorecard", required=True, readonly=True, ondelete="cascade")
    excused = fields.Boolean(related="scorecard_id.excused", related_sudo=False)
    reason = fields.Char(required=True)

    def action_apply(self):
        """Excuse the card, or let it count again."""
        self.ensure_one()
        if self.excused:
            return self.scorecard_id._reinstate(self.reason)
        return self.scorecard_id._excuse(self.reason)
