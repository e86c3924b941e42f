from odoo import fields, models
from odoo.tools import SQL

from .discipline_report_mixin import CARD
from .discipline_scorecard_claim import CLAIMS


class DisciplineClaimReport(models.Model):
    """What people reported against what was measured, over time: one row for each number stated on a frozen scorecard, and
    one for each report that was asked for and not handed in. Excused scorecards are left out."""

    _name = "discipline.claim.report"
    _inherit = ["discipline.card.report.mixin"]
    _description = "Stated against Measured"
    _auto = False
    _rec_name = "user_id"
    _order = "date_from desc, id desc"
    _depends = {
        "discipline.scorecard": [*CARD, "ask_report", "submitted_at"],
        "discipline.scorecard.line": ["metric_id", "currency_id", "claimed", "actual", "adjustment"],
    }

    metric_id = fields.Many2one("discipline.metric", readonly=True)
    unit = fields.Selection(related="metric_id.unit")
    claim = fields.Selection([*CLAIMS, ("none", "No report")], "Own Report", readonly=True)
    claimed = fields.Float("Stated", readonly=True)
    counted = fields.Float("Fact", readonly=True, help="What was measured, with its adjustment.")
    claim_gap = fields.Float(
        "Stated − Fact", readonly=True, help="Sums make sense for one indicator at a time."
    )
    gap_percent = fields.Float(
        "Stated above Fact (%)",
        readonly=True,
        aggregator="avg",
        help="The difference in percent of the larger of the two: 50 if twice as much was stated as was measured.",
    )
    over_percent = fields.Float(
        "Overstated (%)",
        readonly=True,
        aggregator="avg",
        help="How many of the numbers stated are above the fact.",
    )
    stated_count = fields.Integer("Numbers Stated", readonly=True)
    missing_count = fields.Integer("No Report", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL("SELECT * FROM (%s UNION ALL %s) t", self._select_stated(), self._select_missing())

    def _select_stated(self) -> SQL:
        """The numbers stated."""
        return SQL(
            """
            SELECT l.id, c.id AS scorecard_id, c.date_from, c.employee_id, c.user_id, c.team_id, c.company_id,
                   l.currency_id, c.plan_id, c.period, l.metric_id,
                   CASE WHEN ABS(g.gap) < 0.005 THEN 'flat' WHEN g.gap > 0 THEN 'up' ELSE 'down' END AS claim,
                   l.claimed, g.counted, g.gap AS claim_gap,
                   COALESCE(100 * g.gap / NULLIF(GREATEST(ABS(l.claimed), ABS(g.counted)), 0), 0) AS gap_percent,
                   CASE WHEN g.gap >= 0.005 THEN 100.0 ELSE 0.0 END AS over_percent,
                   1 AS stated_count, 0 AS missing_count
              FROM discipline_scorecard_line l
              JOIN discipline_scorecard c ON c.id = l.scorecard_id
             CROSS JOIN LATERAL (SELECT l.actual + COALESCE(l.adjustment, 0) AS counted,
                                        l.claimed - l.actual - COALESCE(l.adjustment, 0) AS gap) g
             WHERE c.submitted_at IS NOT NULL AND c.state = 'frozen' AND c.excused IS NOT TRUE
               AND l.claimed IS NOT NULL AND l.actual IS NOT NULL
            """
        )

    def _select_missing(self) -> SQL:
        """The reports that were not handed in."""
        return SQL(
            """
            SELECT -c.id, c.id, c.date_from, c.employee_id, c.user_id, c.team_id, c.company_id, NULL::int4, c.plan_id,
                   c.period, NULL::int4, 'none', NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, 0, 1
              FROM discipline_scorecard c
             WHERE c.ask_report AND c.submitted_at IS NULL AND c.state = 'frozen' AND c.excused IS NOT TRUE
            """
        )
