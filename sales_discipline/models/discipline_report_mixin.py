from datetime import date, datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .discipline_plan import PERIODS

AROUND = timedelta(days=1, hours=2)  # a local day begins and ends within this of its UTC day
BOUNDS = {">=": (">=", -1), ">": (">=", -1), "<=": ("<", 1), "<": ("<", 1)}
CARD = "employee_id user_id team_id company_id plan_id period date_from state excused".split()


class DisciplineReportMixin(models.AbstractModel):
    """What reports share. Percentages: of a group they are the one sum by the other, whatever it is grouped by, and never a
    mean of ratios; no data without anything to divide by. And what PostgreSQL is told before it reads."""

    _name = "discipline.report.mixin"
    _description = "Report"

    # ratio: (what comes out, of what), two columns of the report's query
    _ratios = {}
    # its estimates of these joins are far off, so compiling costs more than it saves
    _planner = ("jit = off",)

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if name not in self._ratios or function in ("count", "count_distinct", "array_agg"):
            return super()._read_group_select(aggregate_spec, query)
        out, of = (self._field_to_sql(self._table, part, query) for part in self._ratios[name])
        return SQL("100.0 * SUM(%s) / NULLIF(GREATEST(SUM(%s), 0), 0)", out, of)

    @api.model
    def _search(self, domain, *args, **kwargs):
        self._set_planner()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _set_planner(self) -> None:
        """Once a transaction."""
        for setting in self._planner:
            if not self.env.cr.cache.get(f"discipline {setting}"):
                self.env.cr.execute(SQL("SET LOCAL " + setting))  # a constant of ours
                self.env.cr.cache[f"discipline {setting}"] = True


class DisciplineLocalDayMixin(models.AbstractModel):
    """Reports on facts by the day where the salesperson works. PostgreSQL is told which moments a condition on the local
    `date` is about: `happened_at` has an index."""

    _name = "discipline.local.day.mixin"
    _inherit = ["discipline.report.mixin"]
    _description = "Report by Local Days"

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super()._search(self._bound(domain), *args, **kwargs)

    @api.model
    def _bound(self, domain) -> Domain:
        """The domain with each condition on the local `date` followed by what it implies for `happened_at`."""
        return Domain(domain).optimize(self).map_conditions(self._bound_condition)

    @api.model
    def _bound_condition(self, condition) -> Domain:
        value = condition.value
        if (
            condition.field_expr != "date"
            or condition.operator not in BOUNDS
            or not isinstance(value, date)
            or isinstance(value, datetime)
        ):
            return condition
        operator, sign = BOUNDS[condition.operator]
        midnight = datetime.combine(value + timedelta(days=sign > 0), time.min)
        return condition & Domain("happened_at", operator, midnight + sign * AROUND)

    @api.model
    def _sql_zones(self) -> SQL:
        """The time zone of each user in each company, by the rule of `hr.employee._get_discipline_tz`."""
        return SQL(
            """
            SELECT u.id AS user_id, co.id AS company_id, COALESCE(r.tz, up.tz, rc.tz) AS tz
              FROM res_users u
              JOIN res_partner up ON up.id = u.partner_id
             CROSS JOIN res_company co
              LEFT JOIN hr_employee e ON e.user_id = u.id AND e.company_id = co.id
              LEFT JOIN resource_resource r ON r.id = e.resource_id
              LEFT JOIN resource_calendar rc ON rc.id = co.resource_calendar_id
            """
        )


class DisciplineCardReportMixin(models.AbstractModel):
    """Reports on scorecards: whose they are, and the way to them."""

    _name = "discipline.card.report.mixin"
    _inherit = ["discipline.report.mixin"]
    _description = "Report on Scorecards"
    # rows of a month among those of years: by the index, not by reading all of them
    _planner = ("jit = off", "random_page_cost = 1.1")

    scorecard_id = fields.Many2one("discipline.scorecard", readonly=True)
    date_from = fields.Date("Date", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    plan_id = fields.Many2one("discipline.plan", readonly=True)
    period = fields.Selection(PERIODS, readonly=True)

    def action_open_card(self):
        """The scorecard of this row on the KPI page."""
        self.ensure_one()
        return self.scorecard_id.action_open_kpi_page()
