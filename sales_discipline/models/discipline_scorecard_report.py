from odoo import fields, models
from odoo.tools import SQL

from .discipline_report_mixin import CARD
from .discipline_scorecard_line import TRENDS, ZONES

WEEKDAYS = [
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
]
NUMBERS = ("target", "actual", "late")  # each in the unit of its indicator


class DisciplineScorecardReport(models.Model):
    """Scorecards for pivot and graph: one row an indicator of a card. Its record rules are its own."""

    _name = "discipline.scorecard.report"
    _inherit = ["discipline.card.report.mixin"]
    _description = "Scorecard Analysis"
    _auto = False
    _rec_name = "metric_id"
    _order = "date_from desc, id desc"
    _ratios = {"efficiency": ("weighted", "weight"), "done_percent": ("done_count", "judged_count")}
    _depends = {
        "discipline.scorecard": [*CARD, "trial"],
        "discipline.scorecard.line": [
            "metric_id",
            "currency_id",
            "category",
            "weight",
            "zone",
            "trend",
            "done",
            "target",
            "actual",
            "adjustment",
            "late",
            "completion",
            "points",
        ],
        "discipline.metric": ["unit", "higher_is_better"],
        "discipline.plan": ["completion_cap"],
    }

    weekday = fields.Selection(WEEKDAYS, readonly=True, help="Of a daily scorecard.")
    trial = fields.Boolean(readonly=True)
    excused = fields.Boolean(readonly=True)
    metric_id = fields.Many2one("discipline.metric", "Indicator", readonly=True)
    unit = fields.Selection(
        selection=lambda self: self.env["discipline.metric"]._fields["unit"].selection, readonly=True
    )
    category = fields.Selection([("kpi", "KPI"), ("standard", "Standard"), ("smart", "SMART")], readonly=True)
    state = fields.Selection([("open", "Open"), ("frozen", "Frozen")], readonly=True)
    zone = fields.Selection(ZONES, readonly=True)
    trend = fields.Selection(TRENDS, readonly=True)
    done_count = fields.Integer("Done", readonly=True)
    missed_count = fields.Integer("Missed", readonly=True)
    judged_count = fields.Integer("Done or Missed", readonly=True, aggregator=None)
    done_percent = fields.Float(
        "Done (%)", readonly=True, aggregator="avg", help="How many of the indicators with data were done."
    )
    better_count = fields.Integer("Better", readonly=True, help="Than in the period before.")
    worse_count = fields.Integer("Worse", readonly=True, help="Than in the period before.")
    target = fields.Float(readonly=True, help="Of one indicator: groups of several have none.")
    actual = fields.Float(
        "Fact", readonly=True, help="With its adjustment. Of one indicator: groups of several have none."
    )
    late = fields.Float(
        readonly=True, help="Entered after the deadline. Of one indicator: groups of several have none."
    )
    completion = fields.Float(
        "Completion (%)", readonly=True, aggregator="avg", help="The plain mean, also of what is above 100 %."
    )
    efficiency = fields.Float(
        "Efficiency (%)",
        readonly=True,
        aggregator="avg",
        help="Completion by the weights of the indicators, each up to the limit of its plan: as on scorecards.",
    )
    weight = fields.Float(readonly=True, aggregator=None)
    weighted = fields.Float("Completion by Weight", readonly=True, aggregator=None)
    points = fields.Float(readonly=True)

    def _read_group_select(self, aggregate_spec, query):
        """Numbers of different indicators are not added up; percentages, minutes and scores have a mean."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in NUMBERS or function != "sum":
            return super()._read_group_select(aggregate_spec, query)
        number, metric = (self._field_to_sql(self._table, part, query) for part in (name, "metric_id"))
        unit = self._field_to_sql(self._table, "unit", query)
        return SQL(
            "CASE WHEN MIN(%(metric)s) = MAX(%(metric)s) THEN"
            " CASE WHEN MIN(%(unit)s) IN ('count', 'money') THEN SUM(%(number)s) ELSE AVG(%(number)s) END END",
            metric=metric,
            unit=unit,
            number=number,
        )

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s", self._select(), self._from())

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT l.id, l.scorecard_id, c.date_from, c.employee_id, c.user_id, c.team_id, c.company_id, l.currency_id,
                   c.plan_id, c.period, c.trial, c.excused, l.metric_id, m.unit, l.category, c.state, l.zone, l.trend,
                   CASE WHEN c.period = 'day' THEN EXTRACT(ISODOW FROM c.date_from)::int4::varchar END AS weekday,
                   CASE WHEN l.done THEN 1 ELSE 0 END AS done_count,
                   CASE WHEN l.zone <> 'none' AND NOT l.done THEN 1 ELSE 0 END AS missed_count,
                   CASE WHEN l.done OR l.zone <> 'none' THEN 1 ELSE 0 END AS judged_count,
                   CASE WHEN l.done THEN 100.0 WHEN l.zone <> 'none' THEN 0.0 END AS done_percent,
                   CASE WHEN l.trend = (CASE WHEN m.higher_is_better THEN 'up' ELSE 'down' END) THEN 1 ELSE 0 END
                        AS better_count,
                   CASE WHEN l.trend = (CASE WHEN m.higher_is_better THEN 'down' ELSE 'up' END) THEN 1 ELSE 0 END
                        AS worse_count,
                   l.target, l.actual + COALESCE(l.adjustment, 0) AS actual, l.late, l.completion,
                   CASE WHEN l.completion > p.completion_cap THEN p.completion_cap ELSE l.completion END AS efficiency,
                   CASE WHEN l.completion IS NULL THEN 0 ELSE l.weight END AS weight,
                   l.weight / 100 * CASE WHEN l.completion > p.completion_cap THEN p.completion_cap
                                         ELSE l.completion END AS weighted,
                   l.points
            """
        )

    def _from(self) -> SQL:
        return SQL(
            """
            FROM discipline_scorecard_line l
            JOIN discipline_scorecard c ON c.id = l.scorecard_id
            JOIN discipline_metric m ON m.id = l.metric_id
            JOIN discipline_plan p ON p.id = c.plan_id
            """
        )

    def action_open_facts(self):
        """What was counted for this row."""
        self.ensure_one()
        return self.env["discipline.scorecard.line"].browse(self.id).action_open_facts()
