from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from .discipline_winback_refresh import SEEN

DECIDING = ("discipline_winback_months", "discipline_winback_late", "discipline_winback_lapsed")
DECIDING += ("discipline_winback_days", "resource_calendar_id", "currency_id")


class ResPartner(models.Model):
    """Clients show how they buy, and who gets one of a colleague's sees it at once."""

    _inherit = "res.partner"

    discipline_winback_text = fields.Char("Buying Rhythm", compute="_compute_discipline_winback_text")

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_discipline_winback_text(self):
        """'Every 34 days, last 80 days ago', of what the reader may see; False without orders."""
        winback = self.env["discipline.winback"]
        rows = {}
        if winback.has_access("read"):
            domain = [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ]
            for row in winback.search(domain, order="last_order"):
                rows[row.partner_id.id] = row
        for partner in self:
            row = rows.get(partner.commercial_partner_id.id)
            partner.discipline_winback_text = row and row._get_rhythm_text()

    def action_open_winback(self):
        """What the client has bought, and how it is going."""
        self.ensure_one()
        rows = self.env["discipline.winback"].search([("partner_id", "=", self.commercial_partner_id.id)])
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_winback_action")
        action.update(domain=[("id", "in", rows.ids)], context={})
        if len(rows) == 1:
            action.update(res_id=rows.id, views=[(False, "form")])
        return action

    def write(self, vals):
        res = super().write(vals)
        if "user_id" in vals:
            self._hand_over_winback()
        return res

    def _hand_over_winback(self) -> None:
        """The rows of these clients go to their new salesperson; the daily pass does the rest."""
        user = self[:1].sudo().user_id
        if not user or not self.ids:
            return
        self.env["discipline.winback"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_winback SET user_id = %s, team_id = %s"
                " WHERE partner_id = ANY(%s) AND user_id IS DISTINCT FROM %s",
                user.id,
                user.sale_team_id.id or None,
                self.ids,
                user.id,
            )
        )
        if self.env.cr.rowcount:
            self.env["discipline.winback"].invalidate_model()


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        if any(name in vals for name in DECIDING):
            self.env["ir.config_parameter"].sudo().set_param(
                SEEN, False
            )  # all clients anew, at the next look
        return super().write(vals)


class DisciplineWinback(models.Model):
    _inherit = "discipline.winback"

    def _get_rhythm_text(self) -> str:
        """How the client buys, in a few words."""
        self.ensure_one()
        if not self.usual_interval:
            return self.env._("Last order %(days)s days ago", days=self.days_since)
        every = formatLang(self.env, self.usual_interval, digits=0)
        return self.env._("Every %(every)s days, last %(days)s days ago", every=every, days=self.days_since)

    def _get_reason_text(self) -> str:
        """What to know before calling: the rhythm, and what it came to."""
        self.ensure_one()
        amount = formatLang(self.env, self.amount_total, currency_obj=self.currency_id)
        return self.env._(
            "%(rhythm)s. %(orders)s orders for %(amount)s so far.",
            rhythm=self._get_rhythm_text(),
            orders=self.orders_total,
            amount=amount,
        )
