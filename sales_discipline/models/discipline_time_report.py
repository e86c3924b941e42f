from odoo import fields, models
from odoo.tools import SQL

from .discipline_time_category import KINDS


class DisciplineTimeReport(models.Model):
    """What was entered in time studies, for pivot, graph and list: a row an entry. Its record rules are its own, those
    of entries."""

    _name = "discipline.time.report"
    _inherit = ["discipline.report.mixin"]
    _description = "Time Study Analysis"
    _auto = False
    _rec_name = "category_id"
    _order = "date desc, id desc"
    _ratios = {
        "nonselling_share": ("idle_hours", "hours"),
        "servicing_share": ("servicing_hours", "hours"),
    }
    _depends = {
        "discipline.time.entry": [
            "minutes",
            "kind",
            "category_id",
            "date",
            "active",
            "participant_id",
            "note",
        ],
        "discipline.time.participant": ["department_id", "team_id", "employee_id", "user_id", "study_id"],
        "discipline.time.study": ["cost_source", "hourly_cost", "state"],
    }

    study_id = fields.Many2one("discipline.time.study", "Time Study", readonly=True)
    state = fields.Selection([("running", "Running"), ("closed", "Closed")], "Status", readonly=True)
    employee_id = fields.Many2one("hr.employee", "Person", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, help="As of the start of the study.")
    department_id = fields.Many2one("hr.department", readonly=True, help="As of the start of the study.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    category_id = fields.Many2one("discipline.time.category", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date(readonly=True)
    note = fields.Char(readonly=True)
    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    hours = fields.Float(readonly=True)
    selling_hours = fields.Float(readonly=True)
    servicing_hours = fields.Float(readonly=True)
    idle_hours = fields.Float("Non-Selling Hours", readonly=True)
    nonselling_share = fields.Float(
        "Non-Selling Time (%)",
        readonly=True,
        aggregator="avg",
        help="Of all that was entered; of a group its sum by the sum of all.",
    )
    servicing_share = fields.Float("Servicing (%)", readonly=True, aggregator="avg")
    cost = fields.Monetary(
        "Cost of Non-Selling Time",
        readonly=True,
        help="Where the study has an amount per hour. What time costs by wages is told in its result.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT e.id, e.study_id, s.state, e.employee_id, e.user_id, e.team_id, p.department_id, e.company_id,
                   co.currency_id, e.category_id, e.kind, e.date, e.note, e.lead_id,
                   e.minutes / 60.0 AS hours,
                   CASE WHEN e.kind = 'selling' THEN e.minutes / 60.0 ELSE 0 END AS selling_hours,
                   CASE WHEN e.kind = 'servicing' THEN e.minutes / 60.0 ELSE 0 END AS servicing_hours,
                   CASE WHEN e.kind = 'selling' THEN 0 ELSE e.minutes / 60.0 END AS idle_hours,
                   NULL::float8 AS nonselling_share, NULL::float8 AS servicing_share,
                   CASE WHEN s.cost_source <> 'fixed' THEN NULL WHEN e.kind = 'selling' THEN 0
                        ELSE ROUND(e.minutes / 60.0 * s.hourly_cost, cur.decimal_places) END AS cost
              FROM discipline_time_entry e
              JOIN discipline_time_participant p ON p.id = e.participant_id
              JOIN discipline_time_study s ON s.id = e.study_id
              JOIN res_company co ON co.id = e.company_id
              JOIN res_currency cur ON cur.id = co.currency_id
             WHERE e.active AND e.minutes > 0
            """
        )
