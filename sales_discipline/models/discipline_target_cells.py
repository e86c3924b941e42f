from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.pace import expected
from ..tools.periods import period_bounds
from ..tools.sales_plan import month_starts
from ..tools.scoring import Rule


@dataclass(slots=True)
class Cell:
    """One person and month of a sales plan.

    :param team_id: as of then if there is a scorecard, else as of now
    :param plan: what the scorecard asks for: by working hours where its plan says so
    :param given: the same before working hours were taken into account
    :param due: what of the plan is due by now
    :param closed: the month's scorecard is frozen, and `fact` what it says, adjustments included
    """

    employee_id: int
    month: date
    team_id: int | None
    plan: float | None = None
    given: float | None = None
    due: float | None = None
    rule: Rule | None = None
    closed: bool = False
    fact: float | None = None


class DisciplineTarget(models.Model):
    """What everybody has to reach in each month: what frozen scorecards were judged by, else by the rule that
    scorecards are going to ask. The number of SQL statements does not grow with people."""

    _inherit = "discipline.target"

    @api.model
    def _get_cells(self, metric, company, first: date, last: date, today: date) -> list[Cell]:
        """A cell for each month and each person of the company who is in a sales team, or has a plan for it."""
        closed, cards = self._get_card_cells(metric, company, first, last)
        employees = self.env["hr.employee"].sudo()
        employees = employees.search([("company_id", "=", company.id), ("user_id", "!=", False)])
        teams = employees._get_discipline_teams()
        plans = self._get_monthly_plans(company)
        rules = {}
        for month in month_starts(first, last):
            rest = employees.filtered(lambda employee: (employee.id, month) not in closed)  # noqa: B023
            rules[month] = self._get_indicators(metric, plans, rest, month, teams)
        index = self._get_index(metric.ids, company.ids, first, last)
        given = {owner[1] for (*_key, owner) in index if owner[0] == "employee"}
        planned = given.union(*rules.values())
        people = employees.filtered(lambda employee: employee.id in teams or employee.id in planned)
        hours = self._get_hours(people, company, first, last, today)
        cells = list(closed.values())
        for month, indicators in rules.items():
            for employee in people:
                if (employee.id, month) not in closed:
                    team_id = cards.get((employee.id, month), teams.get(employee.id, (None,))[0])
                    cell = Cell(employee.id, month, team_id)
                    self._fill_cell(cell, metric, company, indicators.get(employee.id), index, hours)
                    cells.append(cell)
        return cells

    def _fill_cell(self, cell: Cell, metric, company, indicator, index: dict, hours) -> None:
        """What an open month asks of a person: by the rule of scorecards if one of their plans has the metric, else
        as the target says."""
        if indicator:
            cell.rule = indicator.rule
            cell.plan, cell.given = self.env["discipline.scorecard"]._resolve_target(
                indicator,
                index,
                (company.id, "month"),
                cell.month,
                cell.employee_id,
                cell.team_id,
                hours.get_hours(cell.employee_id, cell.month),
            )
        else:
            owners = [("employee", cell.employee_id), ("team", cell.team_id)]
            key = (metric.id, company.id, "month", "own")
            cell.plan = cell.given = self._find_amount(index, key, cell.month, owners)[0]
        cell.due = hours.get_due(cell.plan, cell.employee_id, cell.month)

    @api.model
    def _get_card_cells(self, metric, company, first: date, last: date) -> tuple[dict, dict]:
        """What monthly scorecards say, in one statement; those of plans on trial where there is no other.

        :return: `({(employee id, month): Cell} of frozen ones, {(employee id, month): team id} of open ones)`
        """
        query = SQL(
            """
            SELECT DISTINCT ON (c.employee_id, c.date_from)
                   c.employee_id, c.date_from, c.team_id, c.state, l.plan_line_id, l.target, l.actual, l.adjustment
              FROM discipline_scorecard c
              JOIN discipline_scorecard_line l ON l.scorecard_id = c.id AND l.metric_id = %s AND l.scope = 'own'
             WHERE c.company_id = %s AND c.period = 'month' AND c.date_from >= %s AND c.date_from <= %s
             ORDER BY c.employee_id, c.date_from, c.trial IS TRUE, c.id
            """,
            metric.id,
            company.id,
            first,
            last,
        )
        self.env.flush_all()
        rows = self.env.execute_query(query)
        lines = self.env["discipline.plan.line"].sudo().browse({row[4] for row in rows})
        rules = {line.id: line._get_indicator().rule for line in lines}
        closed, opened = {}, {}
        for employee_id, month, team_id, state, line_id, target, actual, adjustment in rows:
            if state == "open":
                opened[employee_id, month] = team_id
                continue
            fact = None if actual is None else actual + (adjustment or 0.0)
            closed[employee_id, month] = Cell(
                employee_id, month, team_id, target, target, target, rules[line_id], True, fact
            )
        return closed, opened

    @api.model
    def _get_hours(self, employees, company, first: date, last: date, today: date) -> "PlanHours":
        return PlanHours(employees, company, first, last, today)

    @api.model
    def _get_monthly_plans(self, company):
        domain = Domain("company_id", "=", company.id) & Domain("period", "=", "month")
        return self.env["discipline.plan"].sudo().search(domain & Domain("state", "!=", "draft"))

    @api.model
    def _get_indicators(self, metric, plans, employees, month: date, teams: dict, scope: str = "own") -> dict:
        """`{employee id: indicator of the metric}` in those of these monthly plans that are in force for each, a plan
        on trial where there is no other; without those whose plan has no such line."""
        lines = plans.line_ids.filtered(lambda line: line.metric_id == metric and line.scope == scope)
        indicators = {line.plan_id: line._get_indicator() for line in lines}
        last = period_bounds("month", month)[1]
        result = {}
        for some in (plans.filtered("trial"), plans.filtered(lambda plan: not plan.trial)):
            for employee_id, plan in some._get_in_force(employees, month, teams, joined_by=last).items():
                if plan in indicators:
                    result[employee_id] = indicators[plan]
        return result


class PlanHours:
    """Working hours of people and of the company by the month, asked for once."""

    def __init__(self, employees, company, first: date, last: date, today: date):
        self.today = today
        self._norm = _by_month(company._get_discipline_norm_days(first, last), today)
        schedule = employees._get_discipline_schedule(first, last)
        self._scheduled, self._worked = {}, {}
        for employee_id, days in schedule.items():
            self._worked[employee_id] = _by_month({day: hours[0] for day, hours in days.items()}, today)
            self._scheduled[employee_id] = _by_month({day: hours[1] for day, hours in days.items()}, today)

    def get_hours(self, employee_id: int, month: date) -> tuple[float, float, float]:
        """(worked, by schedule without own leave, full time) of that month."""
        worked, scheduled = self._worked.get(employee_id, {}), self._scheduled.get(employee_id, {})
        return tuple(found.get(month, (0.0, 0.0))[1] for found in (worked, scheduled, self._norm))

    def get_due(self, plan: float | None, employee_id: int | None, month: date) -> float | None:
        """What of a month's plan is due by the end of today, by the person's working hours (the company's if None)."""
        if month > self.today:
            return None if plan is None else 0.0
        if period_bounds("month", month)[1] < self.today:
            return plan
        found = self._norm if employee_id is None else self._worked.get(employee_id, {})
        return expected(plan, *found.get(month, (0.0, 0.0)))


def _by_month(days: dict[date, float], today: date) -> dict[date, tuple[float, float]]:
    """`{first of the month: (hours until today, hours)}`."""
    result = defaultdict(lambda: (0.0, 0.0))
    for day, hours in days.items():
        month = day.replace(day=1)
        passed, total = result[month]
        result[month] = (passed + (hours if day <= today else 0.0), total + hours)
    return dict(result)
