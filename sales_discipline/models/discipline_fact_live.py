import json

from odoo import api, models
from odoo.tools import SQL

NOTICE = "sales_discipline/counted"
ODOO_NOTICE = (
    "mail.activity/updated"  # tells the same browser the same thing: one's own activities have changed
)
SENT = "discipline.notified"


class DisciplineFact(models.Model):
    """Tells the browsers of whoever a fact was credited to, so that pages with their numbers read them again. One
    notification a person and transaction, none where Odoo sends one anyway, and no SQL statement of its own beside
    that which stores the notifications."""

    _inherit = "discipline.fact"

    @api.model
    def _sql_credited(self) -> SQL:
        """What an INSERT of facts returns for `_notify_credited`: the contact of who was credited, whose channel it is."""
        return SQL(" RETURNING (SELECT u.partner_id FROM res_users u WHERE u.id = discipline_fact.user_id)")

    @api.model
    def _notify_credited(self) -> None:
        """Tell those that the INSERT before has returned."""
        self._notify_counted({partner_id for (partner_id,) in self.env.cr.fetchall() if partner_id})

    @api.model
    def _notify_counted(self, partner_ids) -> None:
        """Tell the browsers of these people once that something was counted for them."""
        data = self.env.cr.precommit.data
        sent = data.setdefault(SENT, set())
        known = sent | self._get_told(data.get("bus.bus.values", ()))
        for partner_id in sorted(set(partner_ids) - known):
            self.env["res.partner"].browse(partner_id)._bus_send(NOTICE, {})
        sent.update(partner_ids)

    @api.model
    def _get_told(self, notifications) -> set[int]:
        """Ids of the contacts that a notification of Odoo about their activities is about to be sent to.

        :param notifications: values of bus.bus, as Odoo collects them until the transaction ends
        """
        told = set()
        for values in notifications:
            if ODOO_NOTICE in values["message"]:
                channel = json.loads(values["channel"])
                if isinstance(channel, list) and channel[1:2] == ["res.partner"]:
                    told.add(channel[2])
        return told
