from collections import defaultdict
from dataclasses import replace

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import scoring
from .copied import CopiedMany2one

ZONES = [("green", "Green"), ("yellow", "Yellow"), ("red", "Red"), ("none", "No Data")]
TRENDS = [("up", "Up"), ("flat", "Flat"), ("down", "Down"), ("none", "None")]
EVIDENCE = frozenset(
    "scorecard_id plan_line_id metric_id company_id currency_id sequence category weight scope target actual late previous"
    " completion zone trend done points record_ids member_ids adjustment adjustment_reason claimed".split()
)


class DisciplineScorecardLine(models.Model):
    """One indicator of a scorecard: target and fact, and what follows from them. Null is 'no data', not zero."""

    _name = "discipline.scorecard.line"
    _inherit = ["discipline.evidence.mixin"]
    _description = "Scorecard Indicator"
    _order = "scorecard_id, sequence, id"
    _rec_name = "metric_id"
    _evidence = EVIDENCE
    _log_access = False  # the card has the stamps; ten thousand lines a day need none of their own

    scorecard_id = fields.Many2one("discipline.scorecard", required=True, readonly=True, ondelete="cascade")
    plan_line_id = fields.Many2one("discipline.plan.line", required=True, readonly=True, ondelete="restrict")
    metric_id = CopiedMany2one("discipline.metric", required=True, readonly=True)
    company_id = CopiedMany2one("res.company", required=True, readonly=True)
    currency_id = CopiedMany2one("res.currency", required=True, readonly=True)
    employee_id = fields.Many2one(related="scorecard_id.employee_id")
    user_id = fields.Many2one(related="scorecard_id.user_id")
    team_id = fields.Many2one(related="scorecard_id.team_id")
    plan_id = fields.Many2one(related="scorecard_id.plan_id")
    period = fields.Selection(related="scorecard_id.period")
    date_from = fields.Date(related="scorecard_id.date_from")
    state = fields.Selection(related="scorecard_id.state")
    unit = fields.Selection(related="metric_id.unit")
    higher_is_better = fields.Boolean(related="metric_id.higher_is_better")
    sequence = fields.Integer(readonly=True)
    category = fields.Selection([("kpi", "KPI"), ("standard", "Standard"), ("smart", "SMART")], readonly=True)
    scope = fields.Selection([("own", "Own"), ("team", "Team")], readonly=True)
    weight = fields.Float(readonly=True)
    target = fields.Float(readonly=True)
    actual = fields.Float("Fact", readonly=True)
    late = fields.Float(readonly=True, help="Entered after the deadline: seen, not scored.")
    previous = fields.Float(readonly=True, help="The fact of the period before, as adjusted.")
    adjustment = fields.Float(readonly=True, help="Added to the fact by a leader, with a reason.")
    adjustment_reason = fields.Char(readonly=True)
    completion = fields.Float("Completion (%)", readonly=True, aggregator="avg")
    zone = fields.Selection(ZONES, readonly=True)
    trend = fields.Selection(TRENDS, readonly=True)
    is_better = fields.Selection(
        [("better", "Better"), ("same", "Same"), ("worse", "Worse")], "Change", compute="_compute_is_better"
    )
    done = fields.Boolean(readonly=True)
    points = fields.Float(readonly=True)
    has_data = fields.Boolean(compute="_compute_has_data")
    record_ids = fields.Json("Records Counted", readonly=True)
    member_ids = fields.Json(
        "Members Counted", readonly=True, help="Ids of the users whose facts a team's line counts."
    )

    _once = models.Constraint(
        "UNIQUE(scorecard_id, plan_line_id)", "An indicator is on a scorecard only once."
    )

    @api.depends("trend", "metric_id.higher_is_better")
    def _compute_is_better(self):
        for line in self:
            line.is_better = scoring.change(line.trend, line.metric_id.higher_is_better)

    @api.depends("zone")
    def _compute_has_data(self):
        for line in self:
            line.has_data = line.zone != "none"

    # ------------------------------------------------------------
    # Evidence
    # ------------------------------------------------------------

    def action_open_facts(self):
        """Open what was counted: the facts of the window entered by the deadline, or the records themselves."""
        self.ensure_one()
        self.check_access("read")
        self.scorecard_id.action_refresh()
        line = self.sudo()
        if model := line.metric_id._get_record_model():
            return self._open_records(model, line.record_ids or [])
        return line._open_facts(line._get_window_domain(), self.env._("counted"))

    def action_open_late(self):
        """Open what was entered too late to be counted."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo()._open_facts(self.sudo()._get_late_domain(), self.env._("late"))

    def _open_facts(self, window: Domain, what: str):
        """The facts of this line's metric in that window, with the rights of whoever opens them."""
        domain = self.metric_id._get_fact_domain()
        if domain is None:
            raise UserError(
                self.env._("'%(metric)s' is not counted from single records.", metric=self.metric_id.name)
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_fact_action")
        name = f"{self.metric_id.name} ({what}): {self.scorecard_id.display_name}"
        domain = list(window & Domain(domain))
        context = {"create": False, "discipline_evidence": True}
        if self.metric_id.source == "formula":  # what is above the line and what is below it, told apart
            kinds = {self.metric_id.numerator_id.fact_kind, self.metric_id.denominator_id.fact_kind}
            group = "by_type" if kinds == {"activity_done"} else "by_kind"
            context[f"search_default_{group}"] = 1
        action.update(name=name, display_name=name, domain=domain, context=context)
        return action

    def _open_records(self, model, ids):
        metric = self.sudo().metric_id
        nothing = Markup("<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>")
        return {
            "type": "ir.actions.act_window",
            "name": f"{metric.name}: {self.scorecard_id.display_name}",
            "help": nothing % (self.env._("Nothing was counted"), metric.description or ""),
            "res_model": model,
            "view_mode": "list,form",
            "views": metric._get_record_views(),
            "domain": [("id", "in", ids)],
            "context": {"create": False, "active_test": False},
        }

    def _get_windows(self) -> list:
        """The windows of this line, of those whom it counted if it has them."""
        card = self.scorecard_id
        windows = card._prepare_windows(card._get_plain(), self.scope)
        if self.member_ids:
            windows = [replace(window, user_ids=tuple(self.member_ids)) for window in windows]
        return windows

    def _get_people_domain(self, window) -> Domain:
        """Facts of those whom a window of this line counts, in its time and company."""
        times = defaultdict(list)
        for user_id, start, stop, _as_of in window.get_parts():
            times[start, stop].append(user_id)
        inside = Domain.OR(
            Domain("user_id", "in", users)
            & Domain("happened_at", ">=", start)
            & Domain("happened_at", "<", stop)
            for (start, stop), users in times.items()
        )
        return inside & Domain("company_id", "=", self.company_id.id)

    def _get_window_domain(self) -> Domain:
        """The facts of this line's windows: always the same rows once the card is frozen, for the ledger only grows."""
        domain = Domain.FALSE
        for window in self._get_windows():
            inside = self._get_people_domain(window) & Domain("entered_at", "<=", window.entered_by)
            if window.entered_after:
                inside &= Domain("entered_at", ">", window.entered_after)
            domain |= inside
        return domain

    def _get_late_domain(self) -> Domain:
        """The facts of this line's own window that were entered after the deadline."""
        window = self._get_windows()[0]
        return self._get_people_domain(window) & Domain("entered_at", ">", window.entered_by)
