from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.amounts import is_amount
from ..tools.periods import utc_bounds
from ..tools.sales_plan import add_months, month_starts, plan_bounds, total
from ..tools.spreading import DIGITS, Shares, grow, spread_matrix
from ..tools.windows import Window
from .discipline_target_facts import RATIO

MONTHS = 24  # at most


class DisciplineTargetSpread(models.TransientModel):
    """Set a plan: a total spread over people (or teams) and months, or last year's with some percent more.

    Two steps: what would be set is worked out and shown, and stored only then, exactly as it was shown.
    """

    _name = "discipline.target.spread"
    _inherit = ["discipline.target.table.mixin"]
    _description = "Set a Plan"
    _check_company_auto = True

    metric_id = fields.Many2one(
        "discipline.metric",
        required=True,
        check_company=True,
        default=lambda self: self.env.ref(
            "sales_discipline.metric_sales_confirmed", raise_if_not_found=False
        ),
    )
    unit = fields.Selection(related="metric_id.unit")
    currency_id = fields.Many2one(related="company_id.currency_id")
    mode = fields.Selection(
        [("even", "Evenly"), ("history", "By History"), ("copy", "Copy Last Year")],
        required=True,
        default="even",
        help="By history: everybody's, and each month's, share of the last twelve closed months.",
    )
    level = fields.Selection(
        [("people", "Each person"), ("teams", "Teams as a whole")],
        string="For",
        required=True,
        default="people",
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", check_company=True, help="Empty: all teams of the company."
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._default_dates()[0])
    date_to = fields.Date("To", required=True, default=lambda self: self._default_dates()[1])
    total = fields.Float(help="For all of them and all months together.")
    copy_of = fields.Selection(
        [("plan", "Last year's plan"), ("fact", "Last year's facts")], "Copy of", default="plan"
    )
    growth = fields.Float("Growth (%)", help="10 for ten percent more than last year, -10 for less.")
    step = fields.Float("Round to", required=True, default=100.0)
    with_sums = fields.Boolean(
        "Set the Sums as well",
        help="The teams' own plans become the sums of their people's and, if all teams are in it, the company's that of"
        " the teams.",
    )

    _step_check = models.Constraint("CHECK(step > 0)", "The field 'Round to' has to be above zero.")
    _total_check = models.Constraint("CHECK(total >= 0)", "The field 'Total' cannot be negative.")

    @api.model
    def _default_dates(self) -> tuple[date, date]:
        return plan_bounds("year", add_months(fields.Date.context_today(self).replace(day=1), 1))

    @api.constrains("total", "step", "growth")
    def _check_numbers(self):
        for wizard in self:
            for name in ("total", "step", "growth"):
                if not is_amount(wizard[name]):
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._("The field '%(field)s' has to be a number below 10^15.", field=label)
                    )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_preview(self):
        """Work out what would be set, and show it. :raise UserError: in words, if it cannot be set"""
        self.ensure_one()
        self.check_access("write")
        matrix = self._prepare_matrix()
        self.env["discipline.target"]._check_matrix(matrix, self.metric_id, self.company_id)
        self._store(matrix=matrix, state="preview")
        return self._reopen()

    def action_back(self):
        self._store(matrix=False, state="edit")
        return self._reopen()

    def _reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_target_spread_action"
        )
        return {**action, "res_id": self.id, "context": {}}

    # ------------------------------------------------------------
    # What would be set
    # ------------------------------------------------------------

    def _prepare_matrix(self) -> dict:
        """`{"months": [ISO], "rows": [{"scope", "employee_id", "team_id", "name", "team", "amounts"}]}`"""
        months = self._check_months()
        if self.env["discipline.target"]._get_plan_kind(self.metric_id) == RATIO:
            raise UserError(
                self.env._(
                    "'%(metric)s' is a ratio, a mean or a score and does not add up: set its targets one by one.",
                    metric=self.metric_id.name,
                )
            )
        teams = (
            self.team_ids or self.env["discipline.target"].with_company(self.company_id)._get_company_teams()
        )
        people = self._get_people(teams)
        if not people:
            raise UserError(self.env._("There is nobody in these teams: choose others in 'Sales Teams'."))
        if self.level == "people":
            rows = self._prepare_rows(people, months)
            rows += self._prepare_sums(rows, teams) if self.with_sums else []
        else:
            rows = self._prepare_team_rows(people, teams, months)
        return {"months": [fields.Date.to_string(month) for month in months], "rows": rows}

    def _check_months(self) -> list[date]:
        if self.date_to < self.date_from:
            raise UserError(self.env._("The field 'To' has to be on or after 'From'."))
        self.env["discipline.target"]._check_day(self.date_from)
        self.env["discipline.target"]._check_day(self.date_to)
        months = month_starts(self.date_from, self.date_to)
        if len(months) > MONTHS:
            raise UserError(self.env._("A plan can be set for %(n)s months at once.", n=MONTHS))
        if self.mode != "copy" and not self.total:
            raise UserError(self.env._("Fill in the field 'Total': what there is to spread."))
        return months

    def _get_people(self, teams) -> list[tuple]:
        """(employee, team id) of those who are in these teams now, by team and name."""
        employees = self.env["hr.employee"].sudo()
        employees = employees.search([("company_id", "=", self.company_id.id), ("user_id", "!=", False)])
        found = employees._get_discipline_teams()
        order = {team.id: place for place, team in enumerate(teams)}
        people = [
            (employee, found[employee.id][0])
            for employee in employees
            if employee.id in found and found[employee.id][0] in order
        ]
        return sorted(people, key=lambda pair: (order[pair[1]], pair[0].name, pair[0].id))

    def _prepare_rows(self, people: list, months: list) -> list[dict]:
        amounts = self._keep_present(
            self._get_amounts([employee for employee, _team in people], months), people, months
        )
        names = {
            team.id: team.name for team in self.env["crm.team"].sudo().browse({team for _e, team in people})
        }
        return [
            {
                "scope": "own",
                "employee_id": employee.id,
                "team_id": False,
                "name": employee.name,
                "team": names[team_id],
                "of_team": team_id,
                "amounts": values,
            }
            for (employee, team_id), values in zip(people, amounts, strict=True)
        ]

    def _keep_present(self, amounts: list[list], people: list, months: list) -> list[list]:
        """Where there is nothing to go by (a newcomer has no last year), the target that there is stays."""
        present = self.env["discipline.target"]._get_months(self.metric_id, self.company_id, months)
        return [
            [
                present.get(("own", employee.id, False), {}).get(month) if amount is None else amount
                for month, amount in zip(months, values, strict=True)
            ]
            for (employee, _team), values in zip(people, amounts, strict=True)
        ]

    def _get_amounts(self, employees: list, months: list) -> list[list]:
        """A list of amounts by month for each employee; None where there is nothing to go by."""
        if self.mode == "copy":
            return self._get_copy(employees, months)
        shares = Shares([1.0] * len(employees), [1.0] * len(months))
        if self.mode == "history":
            facts = self._get_history(employees)
            shares = Shares(
                [sum(by_month.values()) for by_month in facts],
                [sum(by_month.get(month.month, 0.0) for by_month in facts) for month in months],
            )
            if not sum(shares.rows) > 0:
                raise UserError(
                    self.env._(
                        "There is nothing in the last twelve months to go by: spread the total evenly."
                    )
                )
        amounts = spread_matrix(self.total, shares, self.step)
        return [
            values if share else [None] * len(months)
            for values, share in zip(amounts, shares.rows, strict=True)
        ]

    def _get_history(self, employees: list) -> list[dict[int, float]]:
        """Facts of each employee by the number of the month, over the twelve months before this one."""
        today = fields.Date.context_today(self)
        first = add_months(today.replace(day=1), -12)
        facts = self._measure_months(employees, [add_months(first, number) for number in range(12)])
        return [
            {
                month.month: max(facts.get((employee.id, month)) or 0.0, 0.0)
                for month in month_starts(first, today)[:12]
            }
            for employee in employees
        ]

    def _measure_months(self, employees: list, months: list) -> dict[tuple, float]:
        """`{(employee id, month): fact}` as known now, all at once."""
        now = fields.Datetime.now()
        windows = []
        for employee in employees:
            zone = employee._get_discipline_tz()
            for month in months:
                last = plan_bounds("month", month)[1]
                start, stop = utc_bounds(month, last, zone)
                users = tuple(employee.user_id.ids)
                windows.append(
                    Window((employee.id, month), users, start, stop, now, month, last, self.company_id.id)
                )
        found = self.metric_id._measure(windows)
        return {key: measure.value for (_metric, key), measure in found.items()}

    def _get_copy(self, employees: list, months: list) -> list[list]:
        before = [add_months(month, -12) for month in months]
        if self.copy_of == "fact":
            found = self._measure_months(employees, before)
            sold = {employee_id for (employee_id, _month), fact in found.items() if fact}
            found = {key: fact for key, fact in found.items() if key[0] in sold}
        else:
            targets = self.env["discipline.target"]
            cells = targets._get_cells(
                self.metric_id, self.company_id, before[0], plan_bounds("month", before[-1])[1], before[0]
            )
            found = {(cell.employee_id, cell.month): cell.given for cell in cells}
            own = targets._get_months(self.metric_id, self.company_id, before)
            for (scope, employee_id, _team), amounts in own.items():
                if scope == "own" and employee_id:
                    found.update({(employee_id, month): amount for month, amount in amounts.items()})
        rows = [
            [grow(found.get((employee.id, month)), self.growth, self.step) for month in before]
            for employee in employees
        ]
        if not any(amount for row in rows for amount in row):
            raise UserError(self.env._("There is nothing to copy from the year before."))
        return rows

    def _prepare_sums(self, rows: list, teams) -> list[dict]:
        """The teams' own plans, and the company's if all of its teams are in it."""
        result = []
        for team in teams:
            mine = [row["amounts"] for row in rows if row["of_team"] == team.id]
            if mine:
                result.append(self._prepare_whole("team", team.id, team.name, _add_up(mine)))
        if not self.team_ids:
            total = _add_up([row["amounts"] for row in result])
            result.append(self._prepare_whole("company", False, self.company_id.name, total))
        return result

    def _prepare_team_rows(self, people: list, teams, months: list) -> list[dict]:
        """A row a team: by number of people, by what its people have done, or what they were to reach."""
        members = {team: [employee for employee, team_id in people if team_id == team.id] for team in teams}
        members = {team: employees for team, employees in members.items() if employees}
        everybody = [employee for employees in members.values() for employee in employees]
        parts = iter(self._get_amounts(everybody, months))
        rows = [[next(parts) for _employee in employees] for employees in members.values()]
        result = [
            self._prepare_whole("team", team.id, team.name, _add_up(amounts))
            for team, amounts in zip(members, rows, strict=True)
        ]
        if self.mode == "copy" and self.copy_of == "plan":
            self._take_own(result, months)
        if self.with_sums and not self.team_ids:
            total = _add_up([row["amounts"] for row in result])
            result.append(self._prepare_whole("company", False, self.company_id.name, total))
        return result

    def _take_own(self, rows: list[dict], months: list) -> None:
        """Where a team had a plan of its own last year, that one is copied and not its people's."""
        before = [add_months(month, -12) for month in months]
        own = self.env["discipline.target"]._get_months(self.metric_id, self.company_id, before)
        for row in rows:
            found = own.get(("team", False, row["team_id"]), {})
            for place, month in enumerate(before):
                if month in found:
                    row["amounts"][place] = grow(found[month], self.growth, self.step)

    def _prepare_whole(self, scope: str, team_id, name: str, amounts: list) -> dict:
        return {
            "scope": scope,
            "employee_id": False,
            "team_id": team_id,
            "name": name,
            "team": self.env._("Team as a whole") if scope == "team" else self.env._("Company as a whole"),
            "amounts": amounts,
        }


def _add_up(rows: list[list]) -> list:
    """Column by column; None where nobody has anything."""
    sums = map(total, zip(*rows, strict=True))
    return [None if amount is None else round(amount, DIGITS) for amount in sums]
