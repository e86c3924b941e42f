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
        employees = self.sudo().with_context(active_test=False)
        own, public = employees._get_discipline_leaves(date_from, date_to)
        cache, result = {}, {}
        for employee in employees:
            days = result[employee.id] = {}
            zone, company = employee._get_discipline_tz(), employee.company_id
            taken = own.get(employee.resource_id)
            for first, last, calendar, _version in employee._get_schedules(date_from, date_to):
                key = (calendar, zone, company)
                if key not in cache:
                    cache[key] = calendar._get_discipline_days(date_from, date_to, zone, public[company])
                for day, (_hours, intervals) in cache[key].items():
                    worked = list(intervals - taken if taken else intervals)
                    if first <= day <= last and worked:
                        seconds = sum((stop - start).total_seconds() for start, stop, _meta in worked)
                        end = max(stop for _start, stop, _meta in worked).astimezone(pytz.utc)
                        days[day] = (round(seconds / 60), end.replace(tzinfo=None))
        return result
