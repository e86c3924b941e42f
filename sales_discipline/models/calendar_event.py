from odoo import api, fields, models
from odoo.exceptions import AccessError


class CalendarEvent(models.Model):
    """A meeting that is entered when it is over tells the ledger; the sweep finds what is over by then."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_opportunity_id")
        self._check_opportunities({vals.get("opportunity_id", default) for vals in vals_list})
        events = super().create(vals_list)
        self._check_opportunities(set(events.sudo().opportunity_id.ids))  # whatever other defaults there are
        events._capture_touch()
        return events

    def write(self, vals):
        lead_id = vals.get("opportunity_id")
        if lead_id and any(event.opportunity_id.id != lead_id for event in self.sudo()):
            self._check_opportunities({lead_id})
        res = super().write(vals)
        if {"opportunity_id", "start", "stop", "active"}.intersection(vals):
            self._capture_touch()
        return res

    def unlink(self):
        """The activities still open go first, and tell the ledger: PostgreSQL would take them with the meeting."""
        self.sudo().activity_ids.filtered("active").unlink()
        return super().unlink()

    @api.model
    def _check_opportunities(self, lead_ids: set) -> None:
        """A meeting counts as work on its opportunity: it is linked by those who may see the opportunity.

        :raise AccessError: if the user may not read an opportunity that a meeting is to be linked to
        """
        leads = self.env["crm.lead"].browse(lead_ids - {None, False})
        if leads and not self.env.su and leads != leads._filtered_access("read"):
            raise AccessError(
                self.env._(
                    "You may not see this opportunity, so the meeting cannot be linked to it: choose another in the"
                    " field 'Opportunity', or leave it empty."
                )
            )

    def _capture_touch(self):
        now = fields.Datetime.now()
        held = self.sudo().filtered(
            lambda event: event.opportunity_id and event.active and event.stop and event.stop <= now
        )
        if held:
            held.flush_recordset(["opportunity_id", "user_id", "stop", "active"])
            leads = {event.id: event.opportunity_id.id for event in held}
            self.env["discipline.fact"].sudo()._capture_touch("meeting", leads)
