from collections import defaultdict
from datetime import date, datetime, timedelta

import pytz

from odoo import api, models

from ..tools.periods import DAY, local_date, local_to_utc, nth_working_day
from ..tools.working_time import after_working

MINUTES_AHEAD = 45  # days in which the longest time in minutes, a week, is worked


class DisciplineRegulation(models.Model):
    """When a step is due: in the time zone, and by the working time, of whoever does it."""

    _inherit = "discipline.regulation"

    def _get_zones(self, user_ids) -> dict[int, str]:
        """The time zones of these people, by user id."""
        users = self.env["res.users"].sudo().browse({user_id for user_id in user_ids if user_id})
        return {user.id: user.tz or "UTC" for user in users}

    @api.model
    def _get_shifts(self, pairs, first: date, last: date) -> dict[tuple, list]:
        """When people work, by their own schedule less leave and public holidays; by the company's where somebody is not
        employed there, or nobody is known.

        :param pairs: of (user id or None, company id)
        :return: `{pair: [(start, stop)]}` in order, naive UTC
        """
        pairs = set(pairs)
        users, companies = {pair[0] for pair in pairs if pair[0]}, {pair[1] for pair in pairs}
        employees = self.env["hr.employee"].sudo().search([("user_id", "in", list(users))], order="id desc")
        known = {(employee.user_id.id, employee.company_id.id): employee for employee in employees}
        shifts = employees._get_discipline_shifts(first, last) if employees else {}
        usual = {
            company.id: company._get_discipline_shifts(first, last)
            for company in self.env["res.company"].sudo().browse(companies)
        }
        return {pair: shifts[known[pair].id] if pair in known else usual[pair[1]] for pair in pairs}

    def _get_working(self, templates, rows: list[dict], pairs) -> dict[tuple, list]:
        """The shifts that steps of these events are counted by, empty if none counts by them: see `_get_shifts`"""
        counted = templates.filtered("discipline_working_days")
        if not counted:
            return defaultdict(list)
        days = max(template._get_delay_days() for template in counted)
        bases = [row["base"] or row["moment"].date() for row in rows]
        ahead = MINUTES_AHEAD if any(counted.mapped("discipline_minutes")) else 0
        last = max(bases) + (max(3 * days, ahead) + 31) * DAY
        return self._get_shifts(pairs, min(bases) - 2 * DAY, last)

    def _get_due(self, template, row: dict, zone: str, shifts) -> tuple[date, datetime]:
        """The local day on which a step is due, and the moment (naive UTC) that it has to be done before."""
        if template.discipline_minutes:
            if template.discipline_working_days:
                moment = after_working(row["moment"], template.discipline_minutes, shifts)
            else:
                moment = row["moment"] + timedelta(minutes=template.discipline_minutes)
            return local_date(moment, zone), moment
        base = row["base"] or local_date(row["moment"], zone)
        if template.discipline_working_days and template.delay_from == "after_plan_date":
            working = {local_date(start, zone) for start, _stop in shifts}
            day = nth_working_day(base, template._get_delay_days(), working.__contains__)
        else:
            day = template._get_date_deadline(base)
        return day, local_to_utc(day, 24, zone)


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _get_delay_days(self) -> int:
        """The interval in days, where it counts working days: a week has five, a month twenty-one."""
        self.ensure_one()
        return self.delay_count * {"days": 1, "weeks": 5, "months": 21}[self.delay_unit]


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _get_discipline_shifts(self, date_from: date, date_to: date) -> dict[int, list]:
        """`{employee id: [(start, stop)]}` in order, naive UTC: when each works, less leave and public holidays."""
        shifts = {employee.id: [] for employee in self}
        for employee, _day, _hours, intervals, taken in self._iter_discipline_days(date_from, date_to):
            shifts[employee.id] += _prepare_shifts(intervals - taken if taken else intervals)
        return {employee_id: sorted(found) for employee_id, found in shifts.items()}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_discipline_shifts(self, date_from: date, date_to: date) -> list:
        """When the company works by its schedule, less public holidays: see `hr.employee._get_discipline_shifts`"""
        self.ensure_one()
        days = self._get_discipline_calendar_days(date_from, date_to)
        return sorted(shift for _hours, intervals in days.values() for shift in _prepare_shifts(intervals))


def _prepare_shifts(intervals) -> list:
    return [
        tuple(moment.astimezone(pytz.utc).replace(tzinfo=None) for moment in (start, stop))
        for start, stop, _meta in intervals
    ]
