from collections import defaultdict
from datetime import date, datetime

from odoo import api, models

from ..tools.periods import DAY, iter_periods, local_date, local_to_utc, nth_working_day, period_bounds

BATCH = 2000  # people a step: what one transaction opens and freezes


class DisciplineScorecard(models.Model):
    """Which cards are due: everybody in a plan's audience, every working day, in order, none left out."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_missing(self, now: datetime, people: list[int] | None = None) -> list[list[dict]]:
        """Batches of cards (of these employees, ids, only) that ought to exist at `now` and do not, in order of their dates.

        A card begins with its period's first local day. Days that were missed (the cron did not run) come
        first, so that each finds its predecessor frozen.

        :return: lists of dicts of card values, at most BATCH of one period and date each
        """
        domain = [("state", "!=", "draft")]
        employees = self.env["hr.employee"].sudo().browse(people or ())
        if people is not None:
            domain.append(("company_id", "in", employees.company_id.ids))
        plans = self.env["discipline.plan"].sudo().search(domain)
        groups = defaultdict(plans.browse)
        for plan in plans:
            groups[plan.company_id, plan.period, plan.trial] |= plan
        batches = []
        for (company, period, trial), candidates in groups.items():
            domain = [("company_id", "=", company.id), ("user_id", "!=", False)]
            if people is not None:
                domain.append(("id", "in", people))
            if found := employees.search_fetch(
                domain, ["user_id", "company_id", "resource_id", "create_date"]
            ):
                batches += self._get_missing_of(company, period, trial, candidates, found, now)
        batches.sort(key=lambda batch: (batch[0]["date_from"], batch[0]["date_to"]))
        return batches

    def _get_missing_of(self, company, period, trial, plans, employees, now) -> list[list[dict]]:
        """The missing cards of these employees of one company, kind of period and trial or not, as batches in order."""
        employees.resource_id.fetch(["tz"])
        begin = self._get_begin(employees, period, trial, min(plans.mapped("date_from")))
        zones = {employee: employee._get_discipline_tz() for employee in employees}
        today = {zone: local_date(now, zone) for zone in set(zones.values())}
        employees = employees.filtered(lambda e: begin[e] <= today[zones[e]])
        if not employees:
            return []
        batches = []
        first = min(begin[employee] for employee in employees)
        last = max(today.values())
        people = _People(employees, first, period_bounds(period, last)[1], zones)
        for date_from, date_to in iter_periods(period, first, last):
            values = []
            for employee, plan in people.get_due(plans, date_from, date_to, begin, now):
                if vals := self._prepare_card(plan, employee, people, date_from, date_to):
                    values.append({**vals, "trial": trial, "backfilled": vals["deadline"] < now - DAY})
            norm = company._get_discipline_norm_hours(period, date_from, date_to) if values else 0.0
            for vals in values:
                vals["norm_hours"] = norm
            batches += [values[start : start + BATCH] for start in range(0, len(values), BATCH)]
        return batches

    def _get_begin(self, employees, period, trial, first) -> dict:
        """From which day on each employee's cards are looked for: after the last one, and never before they were
        employed."""
        self.env.cr.execute(
            """
            SELECT e.id, c.date_to FROM UNNEST(%s::int4[]) e(id)
             CROSS JOIN LATERAL (SELECT date_to FROM discipline_scorecard WHERE employee_id = e.id AND period = %s
                                    AND trial IS NOT DISTINCT FROM %s ORDER BY date_from DESC LIMIT 1) c
            """,
            [employees.ids, period, trial],
        )
        last = dict(self.env.cr.fetchall())
        earliest = period_bounds(period, first)[0]
        begin = {}
        for employee in employees:
            if employee.id in last:
                begin[employee] = max(earliest, last[employee.id] + DAY)
            else:
                start = max(first, employee._get_discipline_start())
                begin[employee] = period_bounds(period, start)[0]
        return begin

    def _prepare_card(self, plan, employee, people, date_from, date_to):
        """Values of one card; None if the person does not work in that period."""
        days, scheduled = people.hours(employee, date_from, date_to)
        if not days:
            return None
        zone = people.zones[employee]
        return {
            "employee_id": employee.id,
            "user_id": employee.user_id.id,
            "team_id": people.teams.get(employee.id, (None,))[0],
            "date_from": date_from,
            "date_to": date_to,
            "tz": zone,
            "hours": sum(days.values()),
            "scheduled_hours": scheduled,
            "day_hours": self._get_day_hours(plan.period, days),
            **people.terms(plan, date_to, zone),
        }


class _People:
    """What a batch needs to know of people, each asked for once: time zones, teams, working hours by the month.

    :param first, last: the days that hours are asked for, inclusive
    :param zones: the time zone of each, if the caller has them already
    """

    def __init__(self, employees, first: date, last: date, zones: dict | None = None):
        self.employees = employees
        self.first, self.last = first, last
        self.zones = zones or {employee: employee._get_discipline_tz() for employee in employees}
        self.teams = employees._get_discipline_teams()
        self._months = {}
        self._closing = {}
        self._terms = {}

    def get_due(self, plans, date_from: date, date_to: date, begin: dict, now: datetime):
        """`(employee, plan in force)` of those whose period from `date_from` has begun and has no card yet."""
        today = {zone: local_date(now, zone) for zone in set(self.zones.values())}
        due = self.employees.filtered(lambda e: begin[e] <= date_from <= today[self.zones[e]])
        in_force = plans._get_in_force(due, date_from, self.teams, joined_by=date_to) if due else {}
        return [(employee, in_force[employee.id]) for employee in due if employee.id in in_force]

    def hours(self, employee, date_from: date, date_to: date) -> tuple[dict[date, float], float]:
        """Hours that the employee works on each day from `date_from` to `date_to`, inclusive, days off left out, and
        what all would come to without leave."""
        worked, scheduled = {}, 0.0
        for month, last in iter_periods("month", date_from, date_to):
            if month not in self._months:
                days = max(month, self.first), min(last, self.last)
                self._months[month] = self.employees._get_discipline_schedule(*days)
            for day, (hours, planned) in self._months[month][employee.id].items():
                if date_from <= day <= date_to:
                    scheduled += planned
                    if hours:
                        worked[day] = hours
        return worked, scheduled

    def terms(self, plan, date_to: date, zone: str) -> dict:
        """What a plan says of the cards of all who work in that time zone and whose period ends on `date_to`."""
        key = (plan, date_to, zone)
        if key not in self._terms:
            self._terms[key] = {
                "plan_id": plan.id,
                "company_id": plan.company_id.id,
                "period": plan.period,
                "ask_report": plan.ask_report,
                "deadline": local_to_utc(self.closing_day(plan, date_to), plan.deadline_hour, zone),
            }
        return self._terms[key]

    def closing_day(self, plan, date_to: date) -> date:
        """The local day on whose deadline hour the period that ends on `date_to` is frozen."""
        if plan.period == "day" or not plan.close_delay_days:
            return date_to
        if (plan, date_to) not in self._closing:
            horizon = date_to + (plan.close_delay_days * 3 + 14) * DAY
            working = plan.company_id._get_discipline_calendar_days(date_to, horizon)
            self._closing[plan, date_to] = nth_working_day(
                date_to, plan.close_delay_days, working.__contains__
            )
        return self._closing[plan, date_to]
