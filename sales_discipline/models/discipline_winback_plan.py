import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

MOST_LEFT_OUT = 50  # percent


class DisciplineContactPlan(models.TransientModel):
    """Planning contacts to win clients back makes a campaign of it, with those who are not called beside it."""

    _inherit = "discipline.contact.plan"

    is_winback = fields.Boolean(readonly=True)
    campaign_name = fields.Char(
        "Campaign",
        default=lambda self: self.env._(
            "Win-back of %(date)s", date=format_date(self.env, fields.Date.context_today(self))
        ),
    )
    winback_days = fields.Integer(
        "Days to Return",
        default=lambda self: self.env.company.discipline_winback_return,
        help="Orders within so many days from now count as what the campaign has brought.",
    )
    holdout = fields.Integer(
        "Leave Out by Lot (%)",
        help="So many percent of the chosen clients are not called, by lot. Only such a comparison tells what the calls"
        " have brought: those who come back of themselves are in both groups.",
    )

    @api.constrains("holdout", "winback_days")
    def _check_winback(self):
        for wizard in self.filtered("is_winback"):
            if not 0 <= wizard.holdout <= MOST_LEFT_OUT:
                raise ValidationError(
                    self.env._(
                        "The field 'Leave Out by Lot (%%)' has to be between 0 and %(most)s.",
                        most=MOST_LEFT_OUT,
                    )
                )
            if not 1 <= wizard.winback_days <= 366:
                raise ValidationError(self.env._("The field 'Days to Return' has to be between 1 and 366."))

    def _get_owned(self, turns):
        owned, left = super()._get_owned(turns)
        if self.is_winback and self.holdout:
            seed = secrets.token_hex(8)
            count = round(len(owned) * self.holdout / 100.0)
            lots = sorted(owned, key=lambda pair: hashlib.sha256(f"{seed}:{pair[0]}".encode()).digest())
            drawn = {client_id for client_id, _owner in lots[:count]}
            left["holdout"] = [client_id for client_id, _owner in owned if client_id in drawn]
            owned = [pair for pair in owned if pair[0] not in drawn]
        return owned, left

    def _get_left_texts(self):
        return {**super()._get_left_texts(), "holdout": self.env._("Left out by lot, for comparison")}

    def _get_title(self):
        if not self.is_winback:
            return super()._get_title()
        return self.env._("Open Opportunities") if self.kind == "opportunity" else self.env._("Plan Calls")

    def _get_reasons(self, clients):
        reasons = super()._get_reasons(clients)
        if not self.is_winback:
            return reasons
        domain = [("partner_id", "in", clients.ids), ("company_id", "=", self.company_id.id)]
        rows = self.env["discipline.winback"].sudo().search(domain)
        return {**reasons, **{row.partner_id.id: row._get_reason_text() for row in rows}}

    def _after_plan(self, records):
        action = super()._after_plan(records)
        if not self.is_winback:
            return action
        campaign = self._create_campaign(records)
        return action or {
            "type": "ir.actions.act_window",
            "res_model": campaign._name,
            "res_id": campaign.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _create_campaign(self, records):
        """The campaign with both groups."""
        by_client = {client_id: (user_id, day) for client_id, user_id, day in self.plan["contacts"]}
        is_deal = self.kind == "opportunity"
        called = [
            (
                client.id,
                *by_client[client.id],
                (record.sudo().activity_ids[:1] if is_deal else record).id,
                record.id if is_deal else None,
            )
            for client, record in records.items()
        ]
        values = {
            "name": self.campaign_name or self.summary,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "note": self.note,
            "days": self.winback_days,
        }
        campaigns = self.env["discipline.winback.campaign"].sudo()
        drawn = self.plan["left"].get("holdout") or []
        return campaigns._start(values, called, drawn, fields.Datetime.now()).with_env(self.env)
