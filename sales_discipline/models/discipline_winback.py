from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("lapsed", "Fell Away Recently"),
    ("late", "Late by Own Rhythm"),
    ("lost", "Lost"),
    ("active", "Active"),
    ("few", "Too Few Orders to Tell"),
]


class DisciplineWinback(models.Model):
    """What each client has bought, and whether they buy as they used to: one row a client (the company, not its contacts)
    and company of ours.

    The rows are worked out from the ledger, all of them once a day and those with something new every few minutes (see
    `_refresh`), so that a page of them opens at once. What is planned with a client is looked up at that moment.

    By a client's own rhythm, the median of the days between the days with orders (three at least), a client is
    active, late, or has fallen away; lost without any order in the months of the company's settings.
    """

    _name = "discipline.winback"
    _description = "Client to Win Back"
    _order = "amount desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Of the client; else whoever made the last sale.",
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        STATES,
        "Status",
        required=True,
        readonly=True,
        help="By the client's own rhythm, with the limits of the settings. Late: an order is overdue. Fell away recently:"
        " well overdue. Lost: nothing in the months looked at. Too few orders: on fewer than three days.",
    )
    rank = fields.Integer(
        readonly=True, aggregator=None, help="Among the clients of the salesperson, by the amount bought."
    )
    amount = fields.Monetary(
        "Bought", readonly=True, help="Orders of the last months (see settings), untaxed."
    )
    orders = fields.Integer("Number of Orders", readonly=True)
    amount_before = fields.Monetary("Bought Before", readonly=True, help="In as many months before those.")
    amount_total = fields.Monetary("Bought in All", readonly=True)
    orders_total = fields.Integer("Orders in All", readonly=True)
    first_order = fields.Date(readonly=True)
    last_order = fields.Date(readonly=True)
    days_since = fields.Integer(readonly=True, aggregator="avg", help="Since the last order.")
    usual_interval = fields.Float(
        "Every (Days)",
        readonly=True,
        aggregator="avg",
        help="The usual interval between orders: the median of the days between them. Empty below three days with orders.",
    )
    overdue = fields.Float(
        "× Interval",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Days since the last order, by the usual interval: 2.0 is twice as long as usual.",
    )
    next_order = fields.Date("Expected Next", readonly=True, help="The last order and the usual interval.")
    last_contact = fields.Datetime(readonly=True, help="When an activity with the client was last done.")
    as_of = fields.Date(readonly=True, help="The day that it was worked out for.")

    activity_date = fields.Date(
        "Next Contact", compute="_compute_planned", help="Due date of the next activity with the client."
    )
    activity_user_id = fields.Many2one("res.users", "Next Contact by", compute="_compute_planned")
    opportunity_count = fields.Integer("Open Opportunities", compute="_compute_planned")
    is_planned = fields.Boolean(
        "Contact Planned",
        compute="_compute_planned",
        search="_search_is_planned",
        help="An activity is planned with the client, or an opportunity is open.",
    )
    stopped = fields.Html("Stopped Buying", compute="_compute_stopped", sanitize=False)

    _once = models.UniqueIndex("(company_id, partner_id)")
    _amount_idx = models.Index("(amount DESC, id)")
    _state_idx = models.Index("(state, amount DESC, id)")

    # ------------------------------------------------------------
    # Protection: it is worked out
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: `_refresh` alone writes."""
        raise UserError(self._get_worked_out_text())

    def write(self, vals):
        """Refused for everybody."""
        raise UserError(self._get_worked_out_text())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_worked_out_text())

    def _get_worked_out_text(self) -> str:
        return self.env._("What clients have bought is worked out from the ledger; nobody can write it.")

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    @api.model
    def action_open_list(self):
        """The list, with what has been ordered meanwhile."""
        self.check_access("read")
        self.sudo()._refresh_changed(fields.Datetime.now(), waiting=True)
        return self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_winback_action")

    def action_plan_calls(self):
        """Plan activities with these clients."""
        return self._get_plan_action("activity", self.env._("Plan Calls"))

    def action_open_opportunities(self):
        """Open opportunities with these clients, each with a first activity."""
        return self._get_plan_action("opportunity", self.env._("Open Opportunities"))

    def _get_plan_action(self, kind: str, name: str):
        self.check_access("read")
        if len(self.company_id) > 1:
            raise UserError(self.env._("Choose clients of one company at a time."))
        if not self:
            raise UserError(self.env._("Choose the clients first."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_contact_plan_action"
        )
        context = {
            "dialog_size": "large",
            "default_partner_ids": self.partner_id.ids,
            "default_company_id": self.company_id.id,
            "default_kind": kind,
            "default_is_winback": True,
            "default_summary": self.env._("Win back"),
        }
        return {**action, "name": name, "context": context}

    def action_open_client(self):
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()

    def action_open_orders(self):
        """The client's orders, as far as the reader may see them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %(client)s", client=self.partner_id.sudo().name),
            "res_model": "sale.order",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("partner_id", "child_of", self.partner_id.id),
                ("state", "=", "sale"),
                ("company_id", "=", self.company_id.id),
            ],
        }
