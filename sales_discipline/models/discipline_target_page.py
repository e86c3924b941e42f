from collections import defaultdict
from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.periods import period_bounds
from ..tools.sales_plan import MONTHS, add_months, month_starts, plan_bounds
from .discipline_target_facts import STATE
from .discipline_target_rows import COMPANY, OTHERS, PERSON, TEAM, PlanRows
from .page_date import parse_day

YEARS = (2000, 2100)  # that plans are made for


class DisciplineTarget(models.Model):
    """The page of sales plans: company, teams and people, what they have to reach and where they stand.

    One table for the screen and the workbook; the number of SQL statements does not grow with people.
    """

    _inherit = "discipline.target"

    @api.model
    @api.readonly
    def get_sales_plans(self, metric_id=False, period: str = "month", date=False) -> dict:
        """What the page shows. Leaders get their teams, managers all of the company they are in.

        :param metric_id: of a discipline.metric; confirmed sales if none is given
        :param period: month, quarter or year
        :param date: a day of the period; today's if none is given
        :return: `{"metric", "metrics", "period", "date_from", "date_to", "label", "previous", "next", "currency_id",
            "can_edit", "has_forecast", "has_pace", "rows": [see _prepare_row], "realism": panels}`; a number
            that there is not is None
        :raise AccessError: for people who lead nobody
        """
        teams = self._get_visible_teams()
        today = fields.Date.context_today(self)
        metrics = self._get_plan_metrics()
        metric, first, last = self._check_page_arguments(metrics, metric_id, period, date or today)
        rows = self._get_plan_rows(metric, first, last, teams, today, fields.Datetime.now())
        return {
            "metric": {**self._prepare_metric(metric), "description": metric.description or ""},
            "metrics": [self._prepare_metric(one) for one in metrics],
            "period": period,
            "date_from": first,
            "date_to": last,
            "label": self._get_period_label(period, first),
            "previous": add_months(first, -MONTHS[period]),
            "next": add_months(first, MONTHS[period]),
            "currency_id": self.env.company.currency_id.id,
            "can_edit": self.env.user.has_group("sales_discipline.group_manager"),
            "has_forecast": self._has_forecast(metric, last, today),
            "has_pace": metric._is_flow(),
            "rows": [self._finish_row(row) for row in rows],
            "realism": self._get_realism(metric, min(last, today), teams),
        }

    @api.model
    def _check_page_arguments(self, metrics, metric_id, period, day) -> tuple:
        """(metric, first day, last day) that a caller asks for. :raise UserError: for what there is not"""
        if not isinstance(period, str) or period not in MONTHS:
            raise UserError(self.env._("Sales plans are shown by month, quarter or year."))
        chosen = metric_id or self._get_default_metric(metrics).id
        metric = metrics.filtered(lambda one: one.id == chosen)
        if not metric:
            raise UserError(
                self.env._("The metric of the sales plan does not exist any more: choose another.")
            )
        return metric, *plan_bounds(period, self._check_day(day))

    @api.model
    def _check_day(self, value) -> date:
        """A day as a date. :raise UserError: for what is none, or lies out of all reach"""
        day = parse_day(value, YEARS)
        if not day:
            raise UserError(
                self.env._(
                    "'%(value)s' is no date between %(first)s and %(last)s.",
                    value=str(value)[:60],
                    first=YEARS[0],
                    last=YEARS[1],
                )
            )
        return day

    @api.model
    def _finish_row(self, row: dict) -> dict:
        """A row as plain values."""
        shown = {name: value for name, value in row.items() if name != "rule"}
        return {**shown, "key": "_".join(str(part or 0) for part in row["key"])}

    @api.model
    def _get_visible_teams(self):
        """The teams whose plans the user may see; None for a manager, who sees all of the company.

        :raise AccessError: for people who lead nobody
        """
        if self.env.user.has_group("sales_discipline.group_manager"):
            return None
        if not self.env.user.has_group("sales_discipline.group_leader"):
            raise AccessError(self.env._("Sales plans are for leaders of teams and for managers."))
        domain = Domain("user_id", "=", self.env.uid) & Domain(
            "company_id", "in", [False, self.env.company.id]
        )
        return self.env["crm.team"].sudo().search(domain)

    @api.model
    def _get_plan_metrics(self):
        """Metrics that a plan can be made of: money first."""
        metrics = self.env["discipline.metric"].sudo()
        metrics = metrics.search([("company_id", "in", [False, self.env.company.id])])
        return metrics.sorted(lambda metric: (metric.unit != "money", metric.sequence, metric.id))

    @api.model
    def _get_default_metric(self, metrics):
        return metrics.filtered(lambda metric: metric.code == "sales_confirmed")[:1] or metrics[:1]

    @api.model
    def _prepare_metric(self, metric) -> dict:
        return {"id": metric.id, "name": metric.name, "unit": metric.unit}

    @api.model
    def _get_period_label(self, period: str, first: date) -> str:
        formats = {"month": "LLLL y", "quarter": "QQQ y", "year": "y"}
        return format_date(self.env, first, date_format=formats[period])

    @api.model
    def _get_realism(self, metric, day: date, teams) -> dict:
        """Whether the plans can be met, as the months closed by `day` say (`discipline.realism._get_panel`)."""
        found = teams if teams is not None else self._get_company_teams()
        return self.env["discipline.realism"]._get_panel(self.env.company, metric, day, found)

    @api.model
    def _get_company_teams(self):
        domain = Domain("company_id", "in", [False, self.env.company.id])
        return self.env["crm.team"].sudo().search(domain, order="sequence, name, id")

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    @api.model
    def _get_plan_rows(
        self, metric, first: date, last: date, teams, today: date, now: datetime
    ) -> list[dict]:
        """Company, teams and people in the order in which they are shown."""
        company = self.env.company
        kind = self._get_plan_kind(metric)
        cells = self._get_cells(metric, company, first, last, today)
        months = month_starts(first, last)
        if kind == STATE:  # of several months, the state that was reached last
            months = [max([month for month in months if month <= today] or months[:1])]
            cells = [cell for cell in cells if cell.month in months]
        begun = [month for month in months if month <= today]
        facts = self._get_plan_facts(metric, company, cells, begun, now)
        pipeline = self._get_plan_pipeline(metric, company, cells, first, last, today)
        wholes = self._get_whole_plans(metric, company, months, today)
        shown = self._get_rows_maker(metric, facts, pipeline, kind)
        people = defaultdict(list)
        for cell in cells:
            people[cell.team_id, cell.employee_id].append(cell)
        for key in facts:
            if key[0] == PERSON and key[2] and facts[key]:
                people.setdefault(key[1:], [])
        return self._assemble_rows(shown, people, wholes, months, teams)

    @api.model
    def _get_rows_maker(self, metric, facts: dict, pipeline: dict | None, kind: str) -> PlanRows:
        return PlanRows(self, metric, facts, pipeline, kind)

    @api.model
    def _assemble_rows(self, shown, people: dict, wholes: dict, months: list, teams) -> list[dict]:
        """The rows of people below those of their teams, and the company's above all, summed up from below."""
        names = self.env["hr.employee"].sudo().browse({employee_id for _team, employee_id in people})
        names = {employee.id: employee.name for employee in names}
        by_team = defaultdict(list)
        for (team_id, employee_id), cells in people.items():
            row = shown.prepare_person(team_id, employee_id, names[employee_id], cells)
            by_team[team_id].append(row)
        rows, parts = [], []
        company_teams = self._get_company_teams()
        known = company_teams.browse({*company_teams.ids, *filter(None, by_team)})
        for team in known.sorted(lambda team: (team.sequence, team.name, team.id)):
            if teams is not None and team not in teams:
                continue
            below = sorted(by_team.get(team.id, []), key=lambda row: row["name"])
            if below or wholes.get((TEAM, team.id)):
                top = shown.prepare_sum((TEAM, team.id), team.name, below, wholes, months)
                rows += [top, *below]
                parts.append(top)
        if teams is not None:
            return rows
        below = sorted(by_team.get(None, []), key=lambda row: row["name"])
        below += shown.prepare_nobody()
        if below:
            top = shown.prepare_sum((OTHERS, 0), self.env._("In no team"), below, {}, months)
            rows += [top, *below]
            parts.append(top)
        company = self.env.company
        return [shown.prepare_sum((COMPANY, company.id), company.name, parts, wholes, months), *rows]

    @api.model
    def _get_whole_plans(self, metric, company, months: list, today: date) -> dict:
        """The plans of teams and of the company as a whole, where there are any: the target, else what the leader's
        plan asks for the team.

        :return: `{("team" or "company", id): {month: (plan, what of it is due)}}`
        """
        last = period_bounds("month", months[-1])[1]
        index = self._get_index(metric.ids, company.ids, months[0], last)
        teams = self._get_company_teams()
        leaders = (
            self.env["hr.employee"]
            .sudo()
            .search([("company_id", "=", company.id), ("user_id", "in", teams.user_id.ids)])
        )
        leading = leaders._get_discipline_teams()
        plans = self._get_monthly_plans(company)
        norm = self._get_hours(leaders.browse(), company, months[0], last, today)
        result = defaultdict(dict)
        for month in months:
            asked = self._get_indicators(metric, plans, leaders, month, leading, scope="team")
            defaults = {
                leading[leader][0]: line.target for leader, line in asked.items() if leader in leading
            }
            owners = [(TEAM, team.id) for team in teams] + [(COMPANY, company.id)]
            for owner in owners:
                key = (metric.id, company.id, "month", owner[0])
                amount = self._find_amount(index, key, month, [owner])[0]
                if amount is None and owner[0] == TEAM:
                    amount = defaults.get(owner[1])
                if amount is not None:
                    result[owner][month] = (amount, norm.get_due(amount, None, month))
        return dict(result)
