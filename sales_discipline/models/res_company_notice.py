from odoo import fields, models


class ResCompany(models.Model):
    """Which notices the company sends. All are off until somebody switches them on."""

    _inherit = "res.company"

    discipline_reminder_minutes = fields.Integer(
        "Reminder before the Deadline (Minutes)",
        help="So long before the deadline of the day, whoever has something left to do is reminded of it; 0 for never.",
        prefetch="discipline",
    )
    discipline_notice_result = fields.Boolean(
        "Result of a Closed Scorecard",
        help="To the person, once their scorecard is frozen.",
        prefetch="discipline",
    )
    discipline_notice_team = fields.Boolean(
        "Day of the Team",
        help="To the leader, once the last scorecard of the team's day is frozen.",
        prefetch="discipline",
    )
    discipline_notice_week = fields.Boolean(
        "Summary of the Week",
        help="To each person and, of the team, to its leader, on the morning after.",
        prefetch="discipline",
    )
    discipline_notice_month = fields.Boolean(
        "Summary of the Month",
        help="To each person and, of the team, to its leader, on the morning after.",
        prefetch="discipline",
    )

    _discipline_reminder_minutes_check = models.Constraint(
        "CHECK(discipline_reminder_minutes BETWEEN 0 AND 720)",
        "The field 'Reminder before the Deadline (Minutes)' has to be between 0 (never) and 720.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_reminder_minutes = fields.Integer(
        related="company_id.discipline_reminder_minutes", readonly=False
    )
    discipline_notice_result = fields.Boolean(related="company_id.discipline_notice_result", readonly=False)
    discipline_notice_team = fields.Boolean(related="company_id.discipline_notice_team", readonly=False)
    discipline_notice_week = fields.Boolean(related="company_id.discipline_notice_week", readonly=False)
    discipline_notice_month = fields.Boolean(related="company_id.discipline_notice_month", readonly=False)
