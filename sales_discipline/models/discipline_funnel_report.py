from odoo import api, fields, models
from odoo.tools import SQL

STEPS = [
    ("call_in", "Incoming Call"),
    ("call_out", "Outgoing Call"),
    ("meeting", "Meeting"),
    ("visit", "Visit"),
    ("proposal", "Proposal"),
    ("won", "Deal Won"),
    ("lost", "Deal Lost"),
    ("sale", "Sale Confirmed"),
]
# conversion: (what comes out, of what); in groups it is the one sum by the other, never a mean of ratios
CONVERSIONS = {
    "conversion_call_meeting": ("meetings", "calls"),
    "conversion_meeting_proposal": ("proposals", "meetings"),
    "conversion_proposal_won": ("deals_won", "proposals"),
    "conversion_call_won": ("deals_won", "calls"),
}
# each row adds to one or two of these
MEASURES = (
    "calls calls_in calls_out meetings visits proposals deals_won deals_lost"
    " amount_proposed amount_won amount_sold"
).split()


class DisciplineFunnelReport(models.Model):
    """The sales funnel for pivot, graph and list: the facts that are steps on the way to a deal.

    A row is a fact, or the part of one that falls to a product category: what happened on a deal is split over
    the categories of its orders by their amounts (confirmed orders if there are any; an order's own facts
    by its own lines), so that groups add up to the whole. What has no order has no category. Calls, meetings and
    deals are counted as their metrics count them; proposals too, but for the whole of time instead of a window:
    an activity of the type Proposal counts if no quotation that the person sent on that deal stands for it, in
    whatever period that was. Its record rules are its own, those of facts.
    """

    _name = "discipline.funnel.report"
    _inherit = ["discipline.local.day.mixin"]
    _description = "Sales Funnel"
    _auto = False
    _rec_name = "res_name"
    _order = "happened_at desc, id desc"
    _ratios = CONVERSIONS
    _depends = {
        "discipline.fact": ["kind", "source_id", "user_id", "team_id", "happened_at", "quantity", "amount"],
        "crm.lead": ["source_id", "partner_id", "country_id", "state_id"],
        "sale.order": ["opportunity_id", "source_id", "state", "currency_rate"],
        "sale.order.line": ["order_id", "product_id", "price_subtotal", "display_type"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.partner": ["country_id", "state_id", "tz"],
        "resource.resource": ["tz"],
        "hr.employee": ["user_id", "resource_id", "company_id"],
    }

    fact_id = fields.Many2one("discipline.fact", readonly=True)
    step = fields.Selection(STEPS, readonly=True)
    date = fields.Date(readonly=True, help="The day it was where the salesperson works, as on scorecards.")
    happened_at = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, help="As of then.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True, help="The customer's, or else the lead's.")
    state_id = fields.Many2one("res.country.state", "Region", readonly=True, help="The state of the country.")
    source_id = fields.Many2one("utm.source", readonly=True, help="Where the lead came from.")
    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        readonly=True,
        help="What happened on a deal is split over the categories of its orders, by amount.",
    )
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True)
    res_name = fields.Char("Document", readonly=True)
    calls = fields.Float(readonly=True)
    calls_in = fields.Float("Incoming Calls", readonly=True)
    calls_out = fields.Float("Outgoing Calls", readonly=True)
    meetings = fields.Float(readonly=True)
    visits = fields.Float(readonly=True)
    proposals = fields.Float(readonly=True)
    deals_won = fields.Float(readonly=True)
    deals_lost = fields.Float(readonly=True)
    amount_proposed = fields.Monetary("Amount of Proposals", readonly=True)
    amount_won = fields.Monetary("Amount of Deals Won", readonly=True)
    amount_sold = fields.Monetary("Sales Confirmed (Amount)", readonly=True)
    conversion_call_meeting = fields.Float("Call → Meeting (%)", readonly=True, aggregator="avg")
    conversion_meeting_proposal = fields.Float("Meeting → Proposal (%)", readonly=True, aggregator="avg")
    conversion_proposal_won = fields.Float("Proposal → Deal (%)", readonly=True, aggregator="avg")
    conversion_call_won = fields.Float("Call → Deal (%)", readonly=True, aggregator="avg")

    def action_open_fact(self):
        """The fact behind a row."""
        self.ensure_one()
        return self.fact_id.get_formview_action()

    # ------------------------------------------------------------
    # The query. Whatever groups or ranks stands in subqueries of its own, so that the conditions of a search
    # (period, person, company) reach the facts before anything is joined.
    # ------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self) -> SQL:
        # per order 16 bits for its categories
        return SQL(
            """
            SELECT f.id::bigint * 65536 + COALESCE(c.number, 0) AS id, f.id AS fact_id, f.step,
                   (f.happened_at AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(z.tz, 'UTC'))::date AS date,
                   f.happened_at, f.user_id, f.team_id, f.company_id, co.currency_id, f.partner_id,
                   COALESCE(p.country_id, ld.country_id) AS country_id,
                   CASE WHEN p.country_id IS NULL THEN ld.state_id ELSE p.state_id END AS state_id,
                   us.id AS source_id, ld.id AS lead_id, c.categ_id, f.activity_type_id, f.res_name,
                   %(counts)s, %(amounts)s, %(conversions)s
            """,
            counts=self._select_counts(),
            amounts=self._select_amounts(),
            conversions=SQL(", ").join(
                SQL("NULL::float8 AS %s", SQL.identifier(name)) for name in CONVERSIONS
            ),
        )

    @api.model
    def _select_counts(self) -> SQL:
        steps = {
            "calls": SQL("f.step IN ('call_in', 'call_out')"),
            "calls_in": SQL("f.step = 'call_in'"),
            "calls_out": SQL("f.step = 'call_out'"),
            "meetings": SQL("f.step IN ('meeting', 'visit') AND f.category = 'meeting'"),
            "visits": SQL("f.step = 'visit'"),
            "proposals": SQL("f.step = 'proposal'"),
            "deals_won": SQL("f.step = 'won'"),
            "deals_lost": SQL("f.step = 'lost'"),
        }
        return SQL(", ").join(
            SQL(
                "CASE WHEN %s THEN f.quantity::numeric * COALESCE(c.upto - c.since, 1) ELSE 0 END AS %s",
                condition,
                SQL.identifier(name),
            )
            for name, condition in steps.items()
        )

    @api.model
    def _select_amounts(self) -> SQL:
        # the part of a category is the difference of two rounded numbers: parts add up to the cent
        part = SQL(
            "CASE WHEN c.upto IS NULL THEN f.amount"
            " ELSE ROUND(f.amount * c.upto, cur.decimal_places) - ROUND(f.amount * c.since, cur.decimal_places) END"
        )
        steps = {"amount_proposed": "proposal", "amount_won": "won", "amount_sold": "sale"}
        return SQL(", ").join(
            SQL("CASE WHEN f.step = %s THEN %s ELSE 0 END AS %s", step, part, SQL.identifier(name))
            for name, step in steps.items()
        )
