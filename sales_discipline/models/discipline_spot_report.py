from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .discipline_scorecard_line import TRENDS

KNOWN = [("yes", "Yes"), ("none", "None")]
CHANGES = [("better", "Better"), ("same", "Same"), ("worse", "Worse")]


class DisciplineSpotReport(models.Model):
    """The honesty of each person, month by month: of what was verified, how much the customers confirmed, beside the
    month before. In groups it is the one sum by the other, never a mean of percentages."""

    _name = "discipline.spot.report"
    _inherit = ["discipline.report.mixin"]
    _description = "Honesty Index"
    _auto = False
    _rec_name = "user_id"
    _order = "date desc, user_id, id"
    _ratios = {"honesty": ("confirmed", "verified")}
    _depends = {
        "discipline.spot.check": ["date", "employee_id", "user_id", "team_id", "company_id", "state"],
    }

    date = fields.Date("First Day", readonly=True)
    month = fields.Char(compute="_compute_month")
    employee_id = fields.Many2one("hr.employee", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, help="As of then.")
    company_id = fields.Many2one("res.company", readonly=True)
    checks = fields.Integer("Drawn", readonly=True)
    pending = fields.Integer("To Verify", readonly=True)
    confirmed = fields.Integer(readonly=True)
    denied = fields.Integer("Not Confirmed", readonly=True)
    unreachable = fields.Integer("Not Reached", readonly=True)
    verified = fields.Integer(readonly=True, help="Confirmed or not confirmed by the customer.")
    honesty = fields.Float(
        "Honesty (%)",
        readonly=True,
        aggregator="avg",
        help="Confirmed by the customer, of what was verified.",
    )
    previous = fields.Float("Month Before (%)", readonly=True, aggregator=None)
    trend = fields.Selection(TRENDS, readonly=True, help="Against the month before.")
    is_better = fields.Selection(CHANGES, "Change", readonly=True)
    has_data = fields.Selection(KNOWN, readonly=True, help="For the dash of 'no data'.")
    has_previous = fields.Selection(KNOWN, readonly=True)

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_month(self):
        for row in self:
            row.month = format_date(self.env, row.date, date_format="LLL yyyy")

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT x.*, p.honesty AS previous,
                   CASE WHEN x.honesty IS NULL THEN 'none' ELSE 'yes' END AS has_data,
                   CASE WHEN p.honesty IS NULL THEN 'none' ELSE 'yes' END AS has_previous,
                   CASE WHEN x.honesty > p.honesty THEN 'up' WHEN x.honesty < p.honesty THEN 'down'
                        WHEN x.honesty = p.honesty THEN 'flat' ELSE 'none' END AS trend,
                   CASE WHEN x.honesty > p.honesty THEN 'better' WHEN x.honesty < p.honesty THEN 'worse'
                        WHEN x.honesty = p.honesty THEN 'same' END AS is_better
              FROM (%(months)s) x
              LEFT JOIN (
                   SELECT employee_id, company_id, DATE_TRUNC('month', date) AS month,
                          100.0 * COUNT(*) FILTER (WHERE state = 'confirmed')
                                / NULLIF(COUNT(*) FILTER (WHERE state IN ('confirmed', 'denied')), 0) AS honesty
                     FROM discipline_spot_check GROUP BY 1, 2, 3
                   ) p ON p.employee_id = x.employee_id AND p.company_id = x.company_id
                      AND p.month = x.date - interval '1 month'
            """,
            months=self._sql_months(),
        )

    def _sql_months(self) -> SQL:
        return SQL(
            """
            SELECT MIN(id) AS id, DATE_TRUNC('month', date)::date AS date, employee_id, user_id, team_id, company_id,
                   COUNT(*) AS checks, COUNT(*) FILTER (WHERE state = 'pending') AS pending,
                   COUNT(*) FILTER (WHERE state = 'confirmed') AS confirmed,
                   COUNT(*) FILTER (WHERE state = 'denied') AS denied,
                   COUNT(*) FILTER (WHERE state = 'unreachable') AS unreachable,
                   COUNT(*) FILTER (WHERE state IN ('confirmed', 'denied')) AS verified,
                   100.0 * COUNT(*) FILTER (WHERE state = 'confirmed')
                         / NULLIF(COUNT(*) FILTER (WHERE state IN ('confirmed', 'denied')), 0) AS honesty
              FROM discipline_spot_check
             GROUP BY DATE_TRUNC('month', date), employee_id, user_id, team_id, company_id
            """
        )

    def action_open_checks(self):
        """The spot checks of this person and month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_spot_check_action"
        )
        last = fields.Date.end_of(self.date, "month")
        domain = [("user_id", "=", self.user_id.id), ("company_id", "=", self.company_id.id)]
        domain += [("date", ">=", self.date), ("date", "<=", last)]
        return {**action, "domain": domain, "context": {}}
