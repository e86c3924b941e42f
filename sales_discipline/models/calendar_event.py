from odoo import api, fields, models


class CalendarEvent(models.Model):
    """A meeting that is entered when it is over tells the ledger; the sweep finds what is over by then."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._capture_touch()
        return events

    def write(self, vals):
        res = super().write(vals)
        if {"opportunity_id", "start", "stop", "active"}.intersection(vals):
            self._capture_touch()
        return res

    def _capture_touch(self):
        now = fields.Datetime.now()
        held = self.sudo().filtered(
            lambda event: event.opportunity_id and event.active and event.stop and event.stop <= now
        )
        if held:
            held.flush_recordset(["opportunity_id", "user_id", "stop", "active"])
            leads = {event.id: event.opportunity_id.id for event in held}
            self.env["discipline.fact"].sudo()._capture_touch("meeting", leads)
