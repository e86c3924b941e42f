from odoo import api, fields, models
from odoo.exceptions import UserError

from .discipline_winback import STATES

GROUPS = [
    ("called", "To Be Called"),
    ("holdout", "Left Out by Lot"),
    ("rest", "Not Chosen"),
]


class DisciplineWinbackClient(models.Model):
    """A client as they were when a win-back campaign was planned, called or not. The results are empty until it is closed:
    see `discipline.winback.result`."""

    _name = "discipline.winback.client"
    _description = "Client of a Win-back Campaign"
    _order = "campaign_id desc, bought desc, id"
    _rec_name = "partner_id"

    campaign_id = fields.Many2one(
        "discipline.winback.campaign", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        readonly=True,
        ondelete="restrict",
        help="Whom the call was planned for; of those not called, whose client it was.",
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="set null", help="As of then."
    )
    group = fields.Selection(GROUPS, required=True, readonly=True)
    state = fields.Selection(STATES, "Status Then", readonly=True)
    bought = fields.Monetary("Bought Before", readonly=True, help="In the months before the campaign.")
    last_order = fields.Date("Last Order Then", readonly=True)
    usual_interval = fields.Float("Bought Every (Days)", readonly=True, aggregator="avg")
    date_planned = fields.Date("Planned for", readonly=True)
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null", index="btree_not_null")
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, ondelete="set null", index="btree_not_null"
    )
    tried_at = fields.Datetime("Tried on", readonly=True)
    reached_at = fields.Datetime("Reached on", readonly=True)
    returned_at = fields.Datetime("Returned on", readonly=True)
    amount = fields.Monetary("Money Returned", readonly=True)

    _once = models.UniqueIndex("(campaign_id, partner_id)")
    _user_idx = models.Index("(user_id, campaign_id) WHERE \"group\" = 'called'")

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: planning writes them."""
        raise UserError(self._get_record_text())

    def write(self, vals):
        """Refused for everybody."""
        raise UserError(self._get_record_text())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_record_text())

    def _get_record_text(self) -> str:
        return self.env._("Who was called and who was not is written down when calls are planned, and stays.")

    def action_open_client(self):
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()
