from datetime import date

from odoo import fields, models


class ResCompany(models.Model):
    """What a company sets, here and in the files beside this one.

    The columns are read together and apart from Odoo's own (`prefetch`): whatever anybody does in Odoo reads the company,
    and should not pay for some forty settings that it does not need.
    """

    _inherit = "res.company"

    discipline_deadline_hour = fields.Float(
        "Discipline Deadline",
        default=18.0,
        help="Hour by which the day has to be in the CRM; the default of new plans.",
        prefetch="discipline",
    )
    discipline_late_days = fields.Integer(
        "Late Entries Followed (Days)",
        default=7,
        help="For so many days after a period is closed, what is entered late is counted beside it.",
        prefetch="discipline",
    )
    discipline_late_recounted = fields.Date(
        readonly=True,
        help="Day (UTC) on which late entries were last recounted.",
        prefetch="discipline",
    )

    discipline_idle_days = fields.Integer(
        "Idle After (Days)",
        default=7,
        help="After so many days without anything done on it an open lead or opportunity is marked as idle; 0 for"
        " never.",
        prefetch="discipline",
    )

    _discipline_deadline_hour_check = models.Constraint(
        "CHECK(discipline_deadline_hour > 0 AND discipline_deadline_hour <= 24)",
        "The discipline deadline has to be an hour of the day, later than 0:00 and up to 24:00.",
    )
    _discipline_late_days_check = models.Constraint(
        "CHECK(discipline_late_days >= 0)",
        "The number of days that late entries are followed cannot be negative.",
    )
    _discipline_idle_days_check = models.Constraint(
        "CHECK(discipline_idle_days BETWEEN 0 AND 3650)",
        "The number of days after which a lead is idle has to be between 0 (never) and 3,650.",
    )

    def _set_late_recounted(self, day: date) -> None:
        """Remember that the late entries of these companies were recounted on that day (UTC)."""
        self.write({"discipline_late_recounted": day})

    def _get_discipline_tz(self) -> str:
        """Name of the time zone that the company's days are in: its working schedule's."""
        self.ensure_one()
        return self.sudo().resource_calendar_id.tz or "UTC"

    def _get_discipline_norm_hours(self, period: str, date_from: date, date_to: date) -> float:
        """Full-time hours of the period, which targets are written for: a full day's on the company's schedule,
        or all hours of its week or month less public holidays."""
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        if period == "day":
            return calendar.hours_per_day
        return sum(self._get_discipline_norm_days(date_from, date_to).values())

    def _get_discipline_norm_days(self, date_from: date, date_to: date) -> dict[date, float]:
        """Full-time hours of each working day of the company's schedule, less public holidays."""
        days = self._get_discipline_calendar_days(date_from, date_to)
        return {day: hours for day, (hours, _intervals) in days.items()}

    def _get_discipline_calendar_days(self, date_from: date, date_to: date) -> dict[date, tuple]:
        """`{day: (hours, Intervals)}` of the company's schedule, less public holidays."""
        self.ensure_one()
        calendar, zone = self.sudo().resource_calendar_id, self._get_discipline_tz()
        public = self.env["hr.employee"].sudo()._get_discipline_leaves(date_from, date_to)[1]
        return calendar._get_discipline_days(date_from, date_to, zone, public[self.sudo()])


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_deadline_hour = fields.Float(related="company_id.discipline_deadline_hour", readonly=False)
    discipline_late_days = fields.Integer(related="company_id.discipline_late_days", readonly=False)
    discipline_idle_days = fields.Integer(related="company_id.discipline_idle_days", readonly=False)
