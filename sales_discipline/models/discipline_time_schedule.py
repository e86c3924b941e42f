from datetime import date, datetime

import pytz

from odoo import models


class HrEmployee(models.Model):
    """How long people work on each day of a time study, and until when."""

    _inherit = "hr.employee"

    def _get_discipline_workdays(
        self, date_from: date, date_to: date
    ) -> dict[int, dict[date, tuple[int, datetime]]]:
        """Minutes of work, and the end of it (naive UTC), of each of these people on each local day of the period; by the
        rules of `_get_discipline_schedule`. The number of queries does not grow with people or days.

        :return: `{employee id: {day: (minutes, end)}}`, days off left out
        """
        result = {employee.id: {} for employee in self}
        for employee, day, _hours, intervals, taken in self._iter_discipline_days(date_from, date_to):
            worked = list(intervals - taken if taken else intervals)
            if worked:
                seconds = sum((stop - start).total_seconds() for start, stop, _meta in worked)
                end = max(stop for _start, stop, _meta in worked).astimezone(pytz.utc)
                result[employee.id][day] = (round(seconds / 60), end.replace(tzinfo=None))
        return result
