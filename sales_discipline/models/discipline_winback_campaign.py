from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .readers import for_readers

OPEN = {"name", "note", "user_id"}  # what people write, while it is running

FIGURES = ("called", "tried", "reached", "returned")


class DisciplineWinbackCampaign(models.Model):
    """Clients whom somebody tried to win back, and what came of it beside those who were not called.

    Comes from planning calls or opportunities with clients (`discipline.contact.plan`). Both groups are written down at
    that moment: whoever is to be called, whoever was left out by lot, and all others of the same salespeople with the same
    status. Until it is closed the results are looked up in the ledger; then they are frozen.
    """

    _name = "discipline.winback.campaign"
    _description = "Win-back Campaign"
    _inherit = ["discipline.moved.mixin"]
    _order = "started_at desc, id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env.user,
    )
    note = fields.Text()
    started_at = fields.Datetime("Planned on", required=True, readonly=True)
    ends_at = fields.Datetime("Counts until", required=True, readonly=True)
    days = fields.Integer("Days to Return", required=True, readonly=True)
    months = fields.Integer("Months of Sales", required=True, readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("closed", "Closed")],
        "Status",
        required=True,
        readonly=True,
        default="running",
    )
    closed_at = fields.Datetime("Closed on", readonly=True)
    client_ids = fields.One2many("discipline.winback.client", "campaign_id", readonly=True)
    called_ids = fields.One2many(
        "discipline.winback.result", "campaign_id", domain=[("group", "=", "called")], readonly=True
    )
    other_ids = fields.One2many(
        "discipline.winback.result",
        "campaign_id",
        "Not Called",
        domain=[("group", "!=", "called")],
        readonly=True,
    )

    called = fields.Integer("Clients to Call", compute="_compute_figures")
    tried = fields.Integer(compute="_compute_figures", help="An activity with the client was done since.")
    reached = fields.Integer(
        compute="_compute_figures",
        help="It brought a result in words other than 'No answer' and the like, it was a meeting, or the client wrote.",
    )
    returned = fields.Integer(
        compute="_compute_figures", help="The client ordered since, within the days to return."
    )
    amount = fields.Monetary("Money Returned", compute="_compute_figures", help="Those orders, untaxed.")
    share = fields.Float("Returned (%)", compute="_compute_figures", help="Of the clients to call.")
    other_called = fields.Integer("Clients Not Called", compute="_compute_figures")
    other_tried = fields.Integer("Contacted All the Same", compute="_compute_figures")
    other_reached = fields.Integer("Reached All the Same", compute="_compute_figures")
    other_returned = fields.Integer("Returned of Themselves", compute="_compute_figures")
    other_amount = fields.Monetary("Money Without Calls", compute="_compute_figures")
    other_share = fields.Float("Returned Without Calls (%)", compute="_compute_figures")
    gain = fields.Float(
        "Gain (Points)",
        compute="_compute_figures",
        help="By how many percentage points more of those to be called came back than of the others.",
    )
    has_comparison = fields.Boolean(compute="_compute_figures")

    _days_check = models.Constraint(
        "CHECK(days BETWEEN 1 AND 366)", "The field 'Days to Return' has to be between 1 and 366."
    )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_figures(self):
        """What came of both groups, of the clients that the reader may see. One statement for all campaigns."""
        sums = {}
        names = [f"{name}:sum" for name in ("clients", *FIGURES[1:], "amount")]
        found = self.env["discipline.winback.result"]._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id", "is_called"], names
        )
        for campaign, is_called, *values in found:
            sums[campaign.id, is_called] = values
        for campaign in self:
            mine, others = (sums.get((campaign.id, called)) or [0] * 5 for called in (True, False))
            for prefix, values in (("", mine), ("other_", others)):
                for name, value in zip((*FIGURES, "amount"), values, strict=True):
                    campaign[f"{prefix}{name}"] = value or 0
                campaign[f"{prefix}share"] = 100.0 * values[3] / values[0] if values[0] else 0.0
            campaign.has_comparison = bool(others[0])
            campaign.gain = campaign.share - campaign.other_share if others[0] and mine[0] else 0.0

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refused but for the program: campaigns come from planning contacts."""
        if not self._is_moving():
            raise UserError(
                self.env._("Choose clients in Win-back and press 'Plan Calls': the campaign is made of them.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """A closed one never changes; of a running one people write the name, the note and the responsible."""
        if not self._is_moving():
            if "closed" in self.mapped("state"):
                raise UserError(self.env._("This campaign is closed and does not change any more."))
            if vals.keys() - OPEN:
                raise UserError(
                    self.env._("Of a running campaign only name, note and responsible can be changed.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_running(self):
        if "closed" in self.mapped("state"):
            raise UserError(
                self.env._("A closed campaign cannot be deleted: it is the record of what came of it.")
            )

    # ------------------------------------------------------------
    # The end
    # ------------------------------------------------------------

    def action_close(self):
        """Close it before its days are over, with what has come of it by now."""
        self.check_access("write")
        now = fields.Datetime.now()
        self.filtered(lambda campaign: campaign.state == "running")._close(now)

    @api.model
    def _close_due(self, now: datetime) -> None:
        """Close those whose days are over, as they stood at their end, however late it is now."""
        due = self.sudo().search([("state", "=", "running"), ("ends_at", "<=", now)])
        due._close(now)

    def _close(self, now: datetime) -> None:
        """Freeze the results as they stood at the end, or now if that is earlier."""
        if not self:
            return
        for campaign in self.sudo():
            campaign._moving().closed_at = min(campaign.ends_at, now)
        self.env.flush_all()
        results = self.env["discipline.winback.result"].sudo()
        self.env.cr.execute(
            SQL(
                """
                UPDATE discipline_winback_client r
                   SET tried_at = e.tried_at, reached_at = e.reached_at, returned_at = e.returned_at, amount = e.amount
                  FROM (%s) e WHERE e.id = r.id AND e.campaign_id = ANY(%s)
                """,
                results._sql_outcomes(SQL("c.closed_at")),
                self.ids,
            )
        )
        self.sudo()._moving().write({"state": "closed"})
        self.env.flush_all()
        self.env.invalidate_all()

    @for_readers
    def action_open_results(self):
        """The results in a pivot table."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_winback_result_action"
        )
        return {**action, "domain": [("campaign_id", "=", self.id)], "context": {}}
