from odoo import api, fields, models
from odoo.exceptions import UserError

DOCUMENTS = ("crm.lead", "res.partner")
LONGEST = 5000


class DisciplineScorecard(models.Model):
    """Writing down on the page 'My Day' what was just done and had not been planned."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_log_types(self) -> list[dict]:
        """The types of activity that one can have done with a customer, calls first: dicts of `id`, `name`, `icon`."""
        types = self.env["mail.activity.type"].sudo()
        domain = [
            ("res_model", "in", [False, "crm.lead"]),
            ("category", "in", ["default", "phonecall", "meeting"]),
        ]
        found = types.search_fetch(domain, ["name", "icon", "category"])
        found = found.sorted(lambda one: one.category != "phonecall")
        return [{"id": one.id, "name": one.name, "icon": one.icon or "fa-tasks"} for one in found]

    @api.model
    def log_my_activity(self, res_model, res_id, activity_type_id, feedback) -> int:
        """Enter an activity that the reader has just done with a lead or a contact: planned for today and done at once,
        as by hand, with the reader's own rights.

        :param feedback: what came of it
        :return: id of the activity
        :raise UserError: naming what is missing; nothing is stored
        """
        self.check_access("read")
        document = self._get_log_record(DOCUMENTS, res_model, res_id)
        if not document:
            raise UserError(self.env._("Choose the lead or the contact that it was about."))
        kind = self._get_log_record(("mail.activity.type",), "mail.activity.type", activity_type_id)
        if not kind or kind.id not in {one["id"] for one in self._get_log_types()}:
            raise UserError(
                self.env._("Choose what you have done: a call, a meeting or another type of activity.")
            )
        text = feedback.strip() if isinstance(feedback, str) else ""
        if not text or len(text) > LONGEST:
            raise UserError(self.env._("Say in a few words what came of it (up to 5,000 characters)."))
        document.check_access("read")
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        activity = activities.create(
            {
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
                "activity_type_id": kind.id,
                "user_id": self.env.uid,
                "date_deadline": fields.Date.context_today(self),
            }
        )
        activity.action_feedback(feedback=text)
        return activity.id

    @api.model
    def _get_log_record(self, allowed, name, res_id):
        """That record, or None if there is none of these models."""
        is_id = isinstance(res_id, int) and not isinstance(res_id, bool) and 0 < res_id < 2**31
        if not is_id or not isinstance(name, str) or name not in allowed:
            return None
        return self.env[name].browse(res_id).exists() or None
