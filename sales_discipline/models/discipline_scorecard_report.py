from odoo import fields, models
from odoo.tools import SQL

from .discipline_plan import PERIODS
from .discipline_scorecard_line import TRENDS, ZONES


class DisciplineScorecardReport(models.Model):
    """Scorecards for pivot and graph: one row an indicator of a card. Its record rules are its own."""

    _name = "discipline.scorecard.report"
    _description = "Scorecard Analysis"
    _auto = False
    _rec_name = "metric_id"
    _order = "date_from desc, id desc"
    _depends = {
        "discipline.scorecard": [
            "employee_id",
            "user_id",
            "team_id",
            "company_id",
            "plan_id",
            "period",
            "date_from",
            "state",
        ],
        "discipline.scorecard.line": [
            "metric_id",
            "category",
            "zone",
            "done",
            "target",
            "actual",
            "late",
            "points",
        ],
    }

    scorecard_id = fields.Many2one("discipline.scorecard", readonly=True)
    date_from = fields.Date("Date", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    plan_id = fields.Many2one("discipline.plan", readonly=True)
    period = fields.Selection(PERIODS, readonly=True)
    trial = fields.Boolean(readonly=True)
    metric_id = fields.Many2one("discipline.metric", readonly=True)
    category = fields.Selection([("kpi", "KPI"), ("standard", "Standard"), ("smart", "SMART")], readonly=True)
    state = fields.Selection([("open", "Open"), ("frozen", "Frozen")], readonly=True)
    zone = fields.Selection(ZONES, readonly=True)
    trend = fields.Selection(TRENDS, readonly=True)
    done_count = fields.Integer("Done", readonly=True)
    missed_count = fields.Integer("Missed", readonly=True)
    target = fields.Float(readonly=True)
    actual = fields.Float("Fact", readonly=True)
    late = fields.Float(readonly=True)
    completion = fields.Float("Completion (%)", readonly=True, aggregator="avg")
    points = fields.Float(readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s", self._select(), self._from())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT l.id, l.scorecard_id, c.date_from, c.employee_id, c.user_id, c.team_id, c.company_id, c.plan_id,
                   c.period, c.trial, l.metric_id, l.category, c.state, l.zone, l.trend,
                   CASE WHEN l.done THEN 1 ELSE 0 END AS done_count,
                   CASE WHEN l.zone <> 'none' AND NOT l.done THEN 1 ELSE 0 END AS missed_count,
                   l.target, l.actual, l.late, l.completion, l.points
            """
        )

    def _from(self) -> SQL:
        return SQL("FROM discipline_scorecard_line l JOIN discipline_scorecard c ON c.id = l.scorecard_id")
