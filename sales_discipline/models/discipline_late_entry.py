from odoo import api, fields, models
from odoo.tools import SQL

# what is told of, not done: moving a due date in the evening is no late entry
LEFT_OUT = ("activity_postponed", "activity_cancelled", "activity_handed_over", "opportunity_revalued")


class DisciplineLateEntry(models.Model):
    """What was entered too late: after the deadline of its day, or on a later day than that which it is dated. One row
    a fact, by the day where the salesperson works. Seen, and never scored for that day. Its record rules are its own,
    those of facts."""

    _name = "discipline.late.entry"
    _inherit = ["discipline.local.day.mixin"]
    _description = "Late Entry"
    _auto = False
    _rec_name = "res_name"
    _order = "date desc, entered_at desc, id desc"
    _depends = {
        "discipline.fact": [
            "kind",
            "user_id",
            "team_id",
            "happened_at",
            "entered_at",
            "quantity",
            "amount",
            "origin",
        ],
        "discipline.scorecard": ["user_id", "company_id", "period", "date_from", "deadline", "trial"],
        "res.partner": ["tz"],
        "resource.resource": ["tz"],
        "hr.employee": ["user_id", "resource_id", "company_id"],
    }

    fact_id = fields.Many2one("discipline.fact", readonly=True)
    date = fields.Date("Day", readonly=True, help="The day that it is dated, where the salesperson works.")
    lateness = fields.Selection(
        [
            ("after", "After the Deadline"),
            ("back", "Dated Back"),
            ("found", "Found by Night"),
            ("undone", "Taken Back Late"),
        ],
        readonly=True,
        help="After the deadline: entered on the same day, too late. Dated back: entered on a later day than it is dated. "
        "Found by night: it had bypassed Odoo's own code. Taken back late: counted on that day, and undone in the evening "
        "after its deadline.",
    )
    kind = fields.Selection(
        selection=lambda self: self.env["discipline.fact"]._fields["kind"].selection, readonly=True
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, help="As of then.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True)
    res_name = fields.Char("Document", readonly=True)
    happened_at = fields.Datetime("Dated", readonly=True)
    entered_at = fields.Datetime("Entered", readonly=True, help="The server's stamp.")
    deadline = fields.Datetime(readonly=True, help="Of that day's scorecard; empty if the person had none.")
    hours = fields.Float(
        "Hours Late",
        readonly=True,
        aggregator="avg",
        help="After the deadline of that day; where there was none, after the moment that it is dated.",
    )
    quantity = fields.Float(readonly=True)
    amount = fields.Monetary(readonly=True)
    scorecard_id = fields.Many2one("discipline.scorecard", readonly=True)

    def action_open(self):
        """The fact behind a row, with the way on to its document."""
        self.ensure_one()
        return self.fact_id.get_formview_action()

    def action_open_scorecard(self):
        """The scorecard of that day."""
        self.ensure_one()
        return self.scorecard_id.get_formview_action()

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self) -> SQL:
        return SQL(
            """
            SELECT f.id, f.id AS fact_id, f.day AS date, f.kind, f.user_id, f.team_id, f.company_id, f.partner_id,
                   f.activity_type_id, f.res_name, f.happened_at, f.entered_at, f.quantity, f.amount,
                   c.id AS scorecard_id, c.deadline,
                   EXTRACT(EPOCH FROM f.entered_at - COALESCE(c.deadline, f.happened_at)) / 3600.0 AS hours,
                   CASE WHEN f.reverses_id IS NOT NULL THEN 'undone'
                        WHEN f.origin = 'sweep' THEN 'found'
                        WHEN f.entered_day > f.day THEN 'back' ELSE 'after'
                    END AS lateness
            """
        )

    @api.model
    def _from(self) -> SQL:
        """Facts with their local days, and the card of that day: that which is paid by, before one on trial."""
        return SQL(
            """
            FROM (SELECT f.*,
                         (f.happened_at AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(z.tz, 'UTC'))::date AS day,
                         (f.entered_at AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(z.tz, 'UTC'))::date AS entered_day
                    FROM discipline_fact f
                    LEFT JOIN (%(zones)s) z ON z.user_id = f.user_id AND z.company_id = f.company_id
                   WHERE f.is_transfer IS NOT TRUE
                     AND f.quantity <> 0 AND f.user_id IS NOT NULL AND f.kind NOT IN %(left_out)s) f
            LEFT JOIN (SELECT DISTINCT ON (user_id, company_id, date_from) id, user_id, company_id, date_from, deadline
                         FROM discipline_scorecard WHERE period = 'day'
                        ORDER BY user_id, company_id, date_from, trial IS TRUE, id) c
                   ON c.user_id = f.user_id AND c.company_id = f.company_id AND c.date_from = f.day
            """,
            zones=self._sql_zones(),
            left_out=LEFT_OUT,
        )

    @api.model
    def _where(self) -> SQL:
        return SQL("WHERE f.entered_day > f.day OR f.entered_at > c.deadline")
