from odoo import api, fields, models

CHANNELS = [
    ("both", "In Odoo and by e-mail"),
    ("app", "In Odoo"),
    ("mail", "By e-mail"),
    ("none", "Not at all"),
]
PREFERENCES = [
    "discipline_notice_reminder",
    "discipline_notice_result",
    "discipline_notice_team",
    "discipline_notice_summary",
]


class ResUsers(models.Model):
    """How one is told; everybody decides for themselves, in their preferences."""

    _inherit = "res.users"

    discipline_notice_reminder = fields.Selection(
        CHANNELS, "Reminder before the Deadline", default="both", required=True
    )
    discipline_notice_result = fields.Selection(
        CHANNELS, "Result of My Scorecards", default="both", required=True
    )
    discipline_notice_team = fields.Selection(CHANNELS, "Day of My Team", default="both", required=True)
    discipline_notice_summary = fields.Selection(
        CHANNELS, "Summary of the Week and Month", default="both", required=True
    )

    discipline_is_user = fields.Boolean(compute="_compute_discipline_role")
    discipline_is_leader = fields.Boolean(compute="_compute_discipline_role")

    @api.depends("all_group_ids")
    def _compute_discipline_role(self):
        """What the user may be told of: one's own day, and that of a team."""
        group_user = self.env.ref("sales_discipline.group_user")
        group_leader = self.env.ref("sales_discipline.group_leader")
        for user in self:
            user.discipline_is_user = group_user in user.all_group_ids
            user.discipline_is_leader = group_leader in user.all_group_ids

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *PREFERENCES, "discipline_is_user", "discipline_is_leader"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + PREFERENCES
