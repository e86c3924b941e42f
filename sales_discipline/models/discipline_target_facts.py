from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

from odoo import api, models

from ..tools.periods import utc_bounds
from ..tools.sales_plan import merge_months, total
from ..tools.windows import Window

# how months and people of a metric come together
ADDITIVE = "additive"  # amounts and counts: sums
STATE = "state"  # as of a moment: the last month, summed up over people
RATIO = "ratio"  # ratios, means and scores: measured anew for everybody together


class DisciplineTarget(models.Model):
    """Where people, teams and the company stand: frozen months as their scorecards say, the rest by the engine."""

    _inherit = "discipline.target"

    @api.model
    def _get_plan_kind(self, metric) -> str:
        if metric.unit in ("percent", "score", "minutes"):
            return RATIO
        if metric.source == "state":
            return STATE
        return ADDITIVE if metric._is_flow() else RATIO

    @api.model
    def _has_forecast(self, metric, last: date, today: date) -> bool:
        """Whether open opportunities say anything about this metric: it is money that comes in, and the period is
        not over."""
        return metric.unit == "money" and metric._is_flow() and metric.higher_is_better and last >= today

    @api.model
    def _get_plan_facts(self, metric, company, cells: list, begun: list, now: datetime) -> dict:
        """The facts of every row, by its key: ("person", team id, employee id), ("team", id), ("others", 0),
        ("company", id). People are those of `cells`, and whoever else belongs to the company; the employee 0 stands
        for users who are none.

        :param begun: the first days of the months that have begun; the others have no facts
        """
        kind = self._get_plan_kind(metric)
        summed = kind == STATE or (kind == ADDITIVE and metric.aggregate != "count_distinct")
        known = self._get_closed_facts(cells, summed)
        windows = self._prepare_plan_windows(company, cells, begun, now, known if summed else {})
        if not summed:
            alone = [window for window in windows if window.key not in known]
            windows = alone + self._get_whole_windows(windows, company)
        measured = {key: measure.value for (_id, key), measure in metric._measure(windows).items()}
        facts = {}
        for key in dict.fromkeys([*known, *measured]):
            facts[key] = total([known.get(key), measured.get(key)])
        return self._sum_facts(facts, company) if summed else facts

    @api.model
    def _get_closed_facts(self, cells: list, summed: bool) -> dict:
        """What frozen scorecards say, by the key of the person's row; months add up if they are `summed`, else only
        what is one month alone is taken from its card."""
        by_row = defaultdict(list)
        for cell in cells:
            by_row["person", cell.team_id, cell.employee_id].append(cell)
        return {
            key: total(cell.fact for cell in row if cell.closed)
            for key, row in by_row.items()
            if any(cell.closed for cell in row) and (summed or len(row) == 1)
        }

    @api.model
    def _prepare_plan_windows(self, company, cells: list, begun: list, now: datetime, known: dict) -> list:
        """A window for each unbroken run of months of a row of a person, as far as `known` facts do not cover it."""
        if not begun:
            return []
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        employees = employees.search([("company_id", "=", company.id), ("user_id", "!=", False)])
        planned = defaultdict(set)
        taken = defaultdict(set)
        for cell in cells:
            key = ("person", cell.team_id, cell.employee_id)
            taken[cell.employee_id].add(cell.month)
            if cell.month in begun and not (cell.closed and key in known):
                planned[key].add(cell.month)
        for employee in employees:
            if rest := set(begun) - taken[employee.id]:
                planned["person", None, employee.id] |= rest
        users = {employee.id: (employee.user_id.ids, employee._get_discipline_tz()) for employee in employees}
        users[0] = (self._get_users_without(company, employees).ids, company._get_discipline_tz())
        planned["person", None, 0] = set(begun)
        windows = []
        for key, wanted in planned.items():
            ids, zone = users.get(key[2], ((), "UTC"))
            for first, last in merge_months(wanted) if ids else ():
                start, stop = utc_bounds(first, last, zone)
                windows.append(Window(key, tuple(ids), start, stop, now, first, last, company.id))
        return windows

    @api.model
    def _get_users_without(self, company, employees):
        """Users of the company who are no employees of it: the salesperson of an order need not be one."""
        users = self.env["res.users"].sudo().with_context(active_test=False)
        domain = [("share", "=", False), ("company_ids", "in", company.ids)]
        return users.search([*domain, ("id", "not in", employees.user_id.ids)])

    @api.model
    def _get_whole_windows(self, windows: list, company) -> list:
        """The same windows for teams and the company: what does not add up is measured for all together."""
        result = []
        for window in windows:
            team_id = window.key[1]
            for key in (("team", team_id) if team_id else ("others", 0), ("company", company.id)):
                result.append(replace(window, key=key))
        return result

    @api.model
    def _sum_facts(self, facts: dict, company) -> dict:
        """Teams and the company, summed up from their people."""
        parts = defaultdict(list)
        for (_kind, team_id, _employee), value in facts.items():
            parts["team", team_id if team_id else 0].append(value)
            parts["company", company.id].append(value)
        sums = {key: total(values) for key, values in parts.items()}
        sums["others", 0] = sums.pop(("team", 0), None)
        return {**facts, **sums}

    @api.model
    def _get_plan_pipeline(
        self, metric, company, cells: list, first: date, last: date, today: date
    ) -> dict | None:
        """Weighted pipeline of every row, by its key as of facts; None where there is no forecast."""
        if not self._has_forecast(metric, last, today):
            return None
        employees = self.env["hr.employee"].sudo().search([("company_id", "=", company.id)])
        by_user = {employee.user_id.id: employee.id for employee in employees if employee.user_id}
        newest = {cell.employee_id: cell.team_id for cell in sorted(cells, key=lambda cell: cell.month)}
        result = defaultdict(float)
        leads = self.env["crm.lead"].sudo()
        for user_id, lead_team_id, amount in leads._get_discipline_pipeline(company, first, last):
            employee_id = by_user.get(user_id, 0)
            team_id = newest.get(employee_id) if user_id else lead_team_id
            if user_id or not team_id:
                result["person", team_id, employee_id] += amount
            result[("team", team_id) if team_id else ("others", 0)] += amount
            result["company", company.id] += amount
        return dict(result)
