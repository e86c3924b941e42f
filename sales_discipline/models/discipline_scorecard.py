from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ..tools import scoring
from .discipline_plan import PERIODS
from .readers import for_readers

EVIDENCE = frozenset(
    "employee_id user_id team_id plan_id company_id period date_from date_to tz hours day_hours norm_hours scheduled_hours"
    " deadline state frozen_at points efficiency done_count line_count trial backfilled amended_at line_ids"
    " ask_report submitted_at report_comment excused excuse_reason".split()
)


class DisciplineScorecard(models.Model):
    """The evidence: one person, one plan, one period. Opened by the cron for everybody in a plan's audience who
    works on that day, also for those who did nothing; frozen at the deadline with the facts entered by then.

    What cards and their lines measure is written where they are opened (discipline_scorecard_open.py) and scored
    (discipline_scorecard_score.py), nowhere else; nobody creates, changes or deletes one by hand.
    """

    _name = "discipline.scorecard"
    _inherit = ["discipline.evidence.mixin", "discipline.decided.mixin", "mail.thread"]
    _description = "Scorecard"
    _order = "date_from desc, employee_id, id"
    _rec_names_search = ["employee_id.name", "plan_id.name"]
    _evidence = EVIDENCE
    _mail_post_access = "read"  # whoever sees a card may talk about it, the person scored first of all

    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", "Salesperson", required=True, readonly=True, index=True, ondelete="restrict"
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, index=True, ondelete="restrict", help="As of then."
    )
    plan_id = fields.Many2one(
        "discipline.plan", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection(PERIODS, required=True, readonly=True)
    date_from = fields.Date("Date", required=True, readonly=True)
    date_to = fields.Date("Until", required=True, readonly=True)
    tz = fields.Char("Time Zone", required=True, readonly=True)
    hours = fields.Float(
        "Working Hours", readonly=True, help="Scheduled in that period, less holidays and leave."
    )
    day_hours = fields.Json(
        "Working Hours by Day", readonly=True, help="Of a week or a month, to see the pace."
    )
    scheduled_hours = fields.Float(
        "Hours by Schedule", readonly=True, help="The same without the person's own leave."
    )
    norm_hours = fields.Float(
        "Full-Time Hours", readonly=True, help="What the targets of the plan are written for."
    )
    deadline = fields.Datetime(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("frozen", "Frozen")], required=True, readonly=True, default="open"
    )
    frozen_at = fields.Datetime("Frozen on", readonly=True)
    amended_at = fields.Datetime(
        "Changed after Freezing",
        readonly=True,
        copy=False,
        help="When its result was last changed by an adjustment or an excuse.",
    )
    points = fields.Float(readonly=True)
    efficiency = fields.Float("Efficiency (%)", readonly=True, aggregator="avg")
    done_count = fields.Integer("Done", readonly=True)
    line_count = fields.Integer("Number of Indicators", readonly=True)
    trial = fields.Boolean(readonly=True, help="Scored by a plan on trial: shown, never paid.")
    backfilled = fields.Boolean(
        readonly=True, help="Opened only after its deadline, from what the ledger knows of it."
    )
    line_ids = fields.One2many("discipline.scorecard.line", "scorecard_id", "Indicators", readonly=True)
    zone = fields.Selection(
        [("green", "Green"), ("yellow", "Yellow"), ("red", "Red"), ("none", "No Data")],
        compute="_compute_zone",
        help="By the efficiency, held against the thresholds of the indicators, each by its weight.",
    )
    deadline_text = fields.Char(
        "Closes at", compute="_compute_deadline_text", help="The deadline where the person works."
    )

    _once = models.Constraint(
        "UNIQUE(employee_id, plan_id, date_from)", "A person has one scorecard per plan and period."
    )
    _due_idx = models.Index("(deadline) WHERE state = 'open'")
    _report_idx = models.Index("(date_from, period)")
    # a person's card before, however many there are
    _previous_idx = models.Index("(employee_id, period, date_from)")
    _amended_idx = models.Index("(employee_id, date_to) WHERE amended_at IS NOT NULL")

    @api.depends("employee_id", "plan_id", "date_from", "date_to")
    def _compute_display_name(self):
        for card in self:
            dates = " – ".join(format_date(self.env, day) for day in sorted({card.date_from, card.date_to}))
            card.display_name = f"{card.employee_id.sudo().name}, {dates}"

    @api.depends("deadline", "tz")
    def _compute_deadline_text(self):
        for card in self:
            moment = format_datetime(self.env, card.deadline, tz=card.tz, dt_format="short")
            card.deadline_text = f"{moment} ({card.tz})"

    @api.depends("efficiency", "plan_id.line_ids.weight")
    def _compute_zone(self):
        rules = {
            plan: [(line.weight, line.green_from, line.yellow_from) for line in plan.sudo().line_ids]
            for plan in self.plan_id
        }
        known = self._get_known_efficiencies()
        for card in self:
            card.zone = scoring.overall_zone(known.get(card.id), rules.get(card.plan_id, ()))

    def _get_known_efficiencies(self) -> dict[int, float]:
        """The efficiency of those cards that have one, by id: a Float reads 'no data' as zero."""
        self.flush_recordset(["efficiency"])
        self.env.cr.execute(
            "SELECT id, efficiency FROM discipline_scorecard WHERE id = ANY(%s) AND efficiency IS NOT NULL",
            [self.ids],
        )
        return dict(self.env.cr.fetchall())

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_refresh(self):
        """Measure open cards again now. Frozen ones stay as they are."""
        self.check_access("read")
        opened = self.sudo().filtered(
            lambda card: card.state == "open" and card.deadline > fields.Datetime.now()
        )
        opened._measure_and_store(fields.Datetime.now(), freeze=False)

    @for_readers
    def action_open_lines(self):
        """The lines of these cards as a list, for filters and export."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_scorecard_line_action"
        )
        return {**action, "domain": [("scorecard_id", "in", self.ids)]}
