from collections import defaultdict
from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

STATES = [
    ("alarm", "Out of Reach"),
    ("training", "Some Need Training"),
    ("ok", "Realistic"),
    ("few", "Too Few to Tell"),
    ("none", "No Data"),
]
URGENT = frozenset({"alarm", "training"})
RECENT = relativedelta(months=2)  # months that ended longer ago are nobody's news


class DisciplineRealismCheck(models.Model):
    """What was said of a sales plan when a month was closed: one row a month for each team and for the company,
    written by the scheduled action alone once the last card is frozen."""

    _name = "discipline.realism.check"
    _description = "Check of a Sales Plan"
    _order = "date desc, company_id, team_id, metric_id, id"
    _rec_name = "metric_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, index=True, ondelete="cascade", help="Empty: the company."
    )
    metric_id = fields.Many2one("discipline.metric", required=True, readonly=True, ondelete="cascade")
    unit = fields.Selection(related="metric_id.unit")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("First Day", required=True, readonly=True)
    month = fields.Char(compute="_compute_month")
    audience = fields.Char("For", compute="_compute_audience")
    state = fields.Selection(STATES, required=True, readonly=True)
    people = fields.Integer(readonly=True, help="Who counted in that month.")
    missed = fields.Integer("Below Plan", readonly=True)
    in_row = fields.Integer(
        "Months in a Row", readonly=True, help="With too many people below plan, up to this month."
    )
    training_count = fields.Integer("Need Training", readonly=True)
    proposal = fields.Float("Proposed Plan", readonly=True, aggregator=None)
    has_proposal = fields.Selection(
        [("yes", "Yes"), ("none", "None")], compute="_compute_has_proposal", help="For the dash of 'no data'."
    )

    _once = models.UniqueIndex(
        "(company_id, COALESCE(team_id, 0), metric_id, date)", "A month of a plan is checked only once."
    )

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_month(self):
        for check in self:
            check.month = format_date(self.env, check.date, date_format="LLL yyyy")

    @api.depends("team_id")
    @api.depends_context("lang")
    def _compute_audience(self):
        for check in self:
            check.audience = check.team_id.name or self.env._("Whole company")

    @api.depends("proposal")
    def _compute_has_proposal(self):
        for check in self:
            check.has_proposal = "yes" if check.proposal else "none"

    def action_open_sales_plans(self):
        """The sales plans of this check's month, with what its realism says in full."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sales_discipline.discipline_sales_plan_action")
        params = {"metric_id": self.metric_id.id, "period": "month", "date": fields.Date.to_string(self.date)}
        return {**action, "params": params}

    @api.model
    def _check_closed(self, now: datetime) -> None:
        """Check the plans of the months that have been closed since the last time, each once, and send what is to
        be sent. Months that ended long ago are left alone.

        :param now: naive UTC
        """
        months = defaultdict(set)
        for company_id, team_id, metric_id, month in self._get_unchecked(now):
            months[company_id, month].add((metric_id, team_id))
        for (company_id, month), plans in sorted(months.items()):
            company = self.env["res.company"].sudo().browse(company_id)
            metrics = self.env["discipline.metric"].sudo().browse({metric_id for metric_id, _team in plans})
            checks, verdicts = self.browse(), {}
            for metric in metrics.sorted("sequence"):
                teams = {team_id for metric_id, team_id in plans if metric_id == metric.id}
                found = self.env["discipline.realism"].sudo()._get_verdicts(company, metric, month)
                verdicts[metric] = found
                checks += self._check_month(company, metric, month, teams, found)
            later = [m for c, m in months if c == company_id and m > month]
            if not later and not self.search_count(
                [("company_id", "=", company_id), ("date", ">", month)], limit=1
            ):
                checks._notify(company, verdicts, now)

    @api.model
    def _get_unchecked(self, now: datetime) -> list[tuple]:
        """(company id, team id or None for the company, metric id, month) of what is closed and not checked yet:
        the sales plans, that is the money metrics of which more is better, on the cards of the last months."""
        first = (now - RECENT).date().replace(day=1)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.company_id, c.team_id, l.metric_id, c.date_from
                  FROM discipline_scorecard c
                  JOIN discipline_scorecard_line l ON l.scorecard_id = c.id AND l.scope = 'own'
                  JOIN discipline_metric m ON m.id = l.metric_id AND m.unit = 'money' AND m.higher_is_better
                 WHERE c.period = 'month' AND c.date_from BETWEEN %s AND %s
                 GROUP BY GROUPING SETS ((c.company_id, l.metric_id, c.date_from, c.team_id),
                                         (c.company_id, l.metric_id, c.date_from))
                HAVING NOT BOOL_OR(c.state = 'open') AND (GROUPING(c.team_id) = 1 OR c.team_id IS NOT NULL)
                """,
                first,
                now.date(),
            )
        )
        if not rows:
            return []
        done = self.sudo().search_read(
            [("date", ">=", first)], ["company_id", "team_id", "metric_id", "date"], load=""
        )
        known = {(row["company_id"], row["team_id"] or None, row["metric_id"], row["date"]) for row in done}
        return [row for row in rows if tuple(row) not in known]

    @api.model
    def _check_month(self, company, metric, month, team_ids: set, verdicts: dict):
        """Store what a month says of the plans of these teams, None among them being the company.

        :param verdicts: what `discipline.realism._get_verdicts` says of everybody's
        :return: the new checks
        """
        values = []
        for team_id in sorted(team_ids, key=lambda team_id: team_id or 0):
            verdict = verdicts["team", team_id] if team_id else verdicts["company", company.id]
            counted = next((item for item in verdict.months if item.month == month), None)
            values.append(
                {
                    "company_id": company.id,
                    "team_id": team_id,
                    "metric_id": metric.id,
                    "date": month,
                    "state": verdict.state,
                    "people": counted.people if counted else 0,
                    "missed": counted.missed if counted else 0,
                    "in_row": verdict.in_row,
                    "training_count": len(verdict.training),
                    "proposal": verdict.proposal or 0.0,
                }
            )
        return self.sudo().create(values)


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """Check the plans of the months that have been closed since the last time."""
        checks = self.env["discipline.realism.check"].sudo()
        return [*super()._get_steps(now), lambda: checks._check_closed(now)]
