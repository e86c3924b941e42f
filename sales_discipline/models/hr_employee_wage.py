from datetime import date

from odoo import models

from .discipline_pay_month import Wage


class HrEmployee(models.Model):
    """What people earn by contract, for pay alone: read as superuser, for many at once."""

    _inherit = "hr.employee"

    def _get_discipline_wages(self, date_from: date, date_to: date) -> dict[int, list[Wage]]:
        """The wages of each of these people in the month from `date_from` to `date_to`, inclusive.

        A part for each version of the contract in force in it, with the hours worked on its days (own leave and
        public holidays taken off) and those of the whole month on its schedule. A month begun or left on the way, and
        a rise in the middle of it, come out as shares of the month.
        """
        employees = self.sudo().with_context(active_test=False)
        schedule = employees._get_discipline_schedule(date_from, date_to)
        public = employees._get_discipline_leaves(date_from, date_to)[1]
        norms = {}
        result = {}
        for employee, schedules in employees._get_schedules(date_from, date_to).items():
            zone, company = employee._get_discipline_tz(), employee.company_id
            parts = result[employee.id] = []
            for first, last, calendar, version in schedules:
                key = (calendar, zone, company)
                if key not in norms:
                    days = calendar._get_discipline_days(date_from, date_to, zone, public[company])
                    norms[key] = sum(hours for hours, _intervals in days.values())
                worked = {
                    day: hours
                    for day, (hours, _planned) in schedule[employee.id].items()
                    if first <= day <= last
                }
                parts.append(Wage(first, last, version._get_contract_wage(), worked, norms[key]))
        return result
