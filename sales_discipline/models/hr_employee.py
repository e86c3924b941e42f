from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytz

from odoo import models
from odoo.tools.intervals import Intervals

from ..tools.periods import DAY, local_date, timezone

# what is asked of the versions of a contract; Odoo's own columns are many more
VERSION = ["employee_id", "date_version", "contract_date_start", "contract_date_end", "departure_date"]
VERSION += ["resource_calendar_id"]


class HrEmployee(models.Model):
    """When somebody works, where, and in which sales team: read for many people at once."""

    _inherit = "hr.employee"

    def _get_discipline_tz(self) -> str:
        """Name of the time zone that the person's days and deadlines are in: their own, not their schedule's,
        which colleagues elsewhere may share."""
        self.ensure_one()
        employee = self.sudo()
        # where Odoo keeps `employee.tz`: asked for many people, the way there takes five times as long
        return employee.resource_id.tz or employee.user_id.tz or employee.company_id._get_discipline_tz()

    def _get_discipline_teams(self) -> dict[int, tuple[int, date]]:
        """The sales team that each is a member of, by employee id, and since when; else the one that they lead.
        Those in no team are left out. Odoo keeps no history of teams: it is the team as of now."""
        users = self.sudo().user_id
        result = {}
        domain, newest = [("user_id", "in", users.ids)], "id desc"
        members = self.env["crm.team.member"].sudo()
        members = members.search_fetch(domain, ["user_id", "crm_team_id", "create_date"], order=newest)
        leaders = self.env["crm.team"].sudo().search(domain, order=newest)
        by_user = {team.user_id.id: (team.id, team.create_date.date()) for team in leaders}
        by_user |= {
            member.user_id.id: (member.crm_team_id.id, member.create_date.date()) for member in members
        }
        for employee in self.sudo():
            if team := by_user.get(employee.user_id.id):
                result[employee.id] = team
        return result

    def _get_discipline_start(self, versions=None) -> date:
        """First day of employment: the first contract's if there is one, else when the employee was entered.

        :param versions: the employee's, if the caller has them already
        """
        self.ensure_one()
        employee = self.sudo()
        if versions is None:  # archived ones are none, whoever asks
            versions = employee.with_context(active_test=True).version_ids
        contracts = [version.contract_date_start for version in versions if version.contract_date_start]
        return min(contracts) if contracts else local_date(employee.create_date, self._get_discipline_tz())

    def _get_discipline_hours(
        self, date_from: date, date_to: date, leaves: bool = True
    ) -> dict[int, dict[date, float]]:
        """Working hours of each of these people on each local day of the period; days without are left out.

        :param leaves: whether their own leave is taken off
        :return: `{employee id: {day: hours}}`
        """
        schedule = self._get_discipline_schedule(date_from, date_to)
        index = 0 if leaves else 1
        return {
            employee_id: {day: hours[index] for day, hours in days.items() if hours[index] > 0}
            for employee_id, days in schedule.items()
        }

    def _get_discipline_schedule(
        self, date_from: date, date_to: date
    ) -> dict[int, dict[date, tuple[float, float]]]:
        """Hours worked, and hours by schedule, of each of these people on each local day of the period.

        By the working schedule in force on that day (several versions in the period included), less public
        holidays; own leave is taken off the first. The number of queries does not grow with people or days.
        People with flexible hours, or without a schedule, follow the company's schedule.

        :return: `{employee id: {day: (hours worked, hours without own leave)}}`, days off left out
        """
        result = {employee.id: {} for employee in self}
        for employee, day, hours, intervals, taken in self._iter_discipline_days(date_from, date_to):
            result[employee.id][day] = (_hours(intervals - taken) if taken else hours, hours)
        return result

    def _iter_discipline_days(self, date_from: date, date_to: date):
        """Yield (employee, day, hours by schedule, Intervals by schedule, Intervals of own leave or None) of each day that
        somebody works by their schedule."""
        employees = self.sudo().with_context(active_test=False)
        own, public = employees._get_discipline_leaves(date_from, date_to)
        cache = {}
        for employee, schedules in employees._get_schedules(date_from, date_to).items():
            zone, company = employee._get_discipline_tz(), employee.company_id
            taken = own.get(employee.resource_id) if own else None
            for first, last, calendar, _version in schedules:
                key = (calendar, zone, company)
                if key not in cache:
                    cache[key] = calendar._get_discipline_days(date_from, date_to, zone, public[company])
                for day, (hours, intervals) in cache[key].items():
                    if first <= day <= last:
                        yield employee, day, hours, intervals, taken

    def _get_schedules(self, date_from: date, date_to: date) -> dict:
        """`{employee: [(first day, last day, working schedule, hr.version)]}` within the period, inclusive."""
        versions = {employee: [] for employee in self}
        found = self.env["hr.version"].search_fetch(
            [("employee_id", "in", self.ids), ("active", "=", True)], VERSION, order="date_version, id"
        )
        for version in found:
            versions[version.employee_id].append(version)
        return {
            employee: employee._get_schedules_of(known, date_from, date_to)
            for employee, known in versions.items()
        }

    def _get_schedules_of(self, versions: list, date_from: date, date_to: date) -> list[tuple]:
        """The same of one employee.

        :param versions: the employee's, in the order of their dates
        """
        # who was entered long before has begun by any clock
        if self.create_date.date() + DAY > date_from or any(one.contract_date_start for one in versions):
            date_from = max(date_from, self._get_discipline_start(versions))
        result = []
        for index, version in enumerate(versions):
            first = max(date_from, version.date_version) if index else date_from
            last = date_to
            if index + 1 < len(versions):
                last = min(last, versions[index + 1].date_version - DAY)
            if version.contract_date_start:
                first = max(first, version.contract_date_start)
            for end in (version.contract_date_end, version.departure_date):
                last = min(last, end) if end else last
            calendar = version.resource_calendar_id
            if not calendar or calendar.flexible_hours:
                calendar = self.company_id.resource_calendar_id
            if first <= last and calendar:
                result.append((first, last, calendar, version))
        return result

    def _get_discipline_leaves(self, date_from: date, date_to: date):
        """Leave of each resource, and public holidays of each company, that touch the period.

        :return: `({resource: Intervals}, {company: recordset of resource.calendar.leaves})`
        """
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", [False, *self.resource_id.ids]),
                ("date_from", "<", datetime.combine(date_to + 2 * DAY, time.min)),
                ("date_to", ">", datetime.combine(date_from - DAY, time.min)),
            ]
        )
        own, public = defaultdict(list), defaultdict(leaves.browse)
        for leave in leaves:
            if leave.resource_id:
                own[leave.resource_id].append(_interval(leave))
            else:
                public[leave.company_id] |= leave
        return {resource: Intervals(values) for resource, values in own.items()}, public


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _get_discipline_days(self, date_from: date, date_to: date, tz: str, holidays) -> dict[date, tuple]:
        """`{day: (hours, Intervals)}` of this schedule as worked in time zone `tz`, less the public `holidays`
        (recordset of resource.calendar.leaves) that are for all schedules or for this one."""
        zone = timezone(tz)
        start = zone.localize(datetime.combine(date_from, time.min))
        stop = zone.localize(datetime.combine(date_to + DAY, time.min))
        found = self._attendance_intervals_batch(start, stop, tz=zone)[False]
        free = Intervals(
            [_holiday(leave, zone) for leave in holidays if leave.calendar_id in (self, self.browse())]
        )
        days = defaultdict(list)
        for begin, end, attendance in found - free:
            days[begin.astimezone(zone).date()].append((begin, end, attendance))
        return {day: (_hours(intervals), Intervals(intervals)) for day, intervals in days.items()}


def _interval(leave):
    """A leave as an aware interval, as Intervals wants it."""
    return pytz.utc.localize(leave.date_from), pytz.utc.localize(leave.date_to) + timedelta(seconds=1), leave


def _holiday(leave, zone):
    """A public holiday as an interval in time zone `zone`. Odoo stores its moments, but it is a date: midnight to
    midnight for everybody, wherever the company has entered it."""
    home = timezone(leave.calendar_id.tz or leave.company_id.resource_calendar_id.tz or "UTC")
    begin, end, _leave = _interval(leave)
    begin, end = (zone.localize(moment.astimezone(home).replace(tzinfo=None)) for moment in (begin, end))
    return begin, end, leave


def _hours(intervals) -> float:
    return sum((stop - start).total_seconds() for start, stop, _meta in intervals) / 3600
