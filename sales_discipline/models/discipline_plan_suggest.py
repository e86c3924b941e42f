from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import suggestion
from ..tools.periods import DAY, iter_periods, local_to_utc, period_bounds, utc_bounds
from ..tools.windows import Window
from .discipline_scorecard_due import _People

WEEKS = 12
MONTHS = 3  # of a monthly plan, which are twelve weeks and a few days


class DisciplinePlan(models.Model):
    """Suggested targets: what the best fifth of the plan's people reached in the last twelve weeks."""

    _inherit = "discipline.plan"

    def action_suggest_targets(self):
        """Measure the last twelve weeks and show a proposal beside each target."""
        self.ensure_one()
        self.check_access("write")
        today = fields.Date.context_today(self)
        wizard = self.env["discipline.plan.suggest"].create({"plan_id": self.id})
        wizard._fill(self._get_suggestions(today))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suggest Targets"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_suggestions(self, today: date) -> dict:
        """Per line `(suggested target or None, values that it is taken from, people)`, measured by the engine in as
        many statements as there are metrics, whatever the number of people and periods.

        :param today: periods that ended before it count
        """
        self.ensure_one()
        periods = self._get_past_periods(today)
        people = _People(self._get_people(today), periods[0][0], periods[-1][1])
        windows, hours = self._prepare_suggestion_windows(people, periods)
        norms = {
            day: self.company_id._get_discipline_norm_hours(
                self.period, day, period_bounds(self.period, day)[1]
            )
            for day in {day for _employee_id, day in hours}
        }
        result = {}
        for scope in ("own", "team"):
            lines = self.line_ids.filtered(lambda line: line.scope == scope)  # noqa: B023
            measured = lines.metric_id._measure(windows[scope]) if lines else {}
            by_metric = defaultdict(dict)
            for (metric_id, key), measure in measured.items():
                by_metric[metric_id][key] = measure.value
            for line in lines:
                result[line] = line._suggest(by_metric[line.metric_id.id], hours, norms)
        return result

    def _prepare_suggestion_windows(self, people, periods: list) -> tuple[dict, dict]:
        """Windows of each scope, with the key (employee id, first day), of all periods worked; and the hours worked
        in them by that key. Each closes as a scorecard of this plan would."""
        teams = self.env["discipline.scorecard"]._get_members_led(people.employees.user_id)
        windows, hours = {"own": [], "team": []}, {}
        for date_from, date_to in periods:
            for employee in people.employees:
                worked = sum(people.hours(employee, date_from, date_to)[0].values())
                if not worked:
                    continue
                zone = people.zones[employee]
                key = (employee.id, date_from)
                hours[key] = worked
                start, stop = utc_bounds(date_from, date_to, zone)
                closed = local_to_utc(people.closing_day(self, date_to), self.deadline_hour, zone)
                rest = (start, stop, closed, date_from, date_to, self.company_id.id)
                windows["own"].append(Window(key, (employee.user_id.id,), *rest))
                if employee.user_id.id in teams:
                    windows["team"].append(Window(key, teams[employee.user_id.id], *rest))
        return windows, hours

    def _get_past_periods(self, today: date) -> list[tuple[date, date]]:
        """The whole periods of this plan's kind that ended before `today`, of the last twelve weeks."""
        last = period_bounds(self.period, today)[0] - DAY
        if self.period == "month":
            first = last
            for _month in range(MONTHS - 1):
                first = first.replace(day=1) - DAY
            first = first.replace(day=1)
        else:
            first = last - timedelta(weeks=WEEKS) + DAY
        return list(iter_periods(self.period, first, last))


class DisciplinePlanLine(models.Model):
    _inherit = "discipline.plan.line"

    def _suggest(self, values: dict, hours: dict, norms: dict) -> tuple:
        """(suggested target or None, number of values, number of people) from what was measured.

        :param values: `{(employee id, first day): fact}`, None for no data
        :param hours: hours worked by the same keys; and `norms` the full-time hours by first day
        """
        indicator = self._get_indicator()
        found, people = [], set()
        for (employee_id, day), value in values.items():
            if value is not None and indicator.is_prorated:
                value = suggestion.full_time(value, hours[employee_id, day], norms[day])
            if value is not None:
                found.append(value)
                people.add(employee_id)
        target = suggestion.suggest(found, self.metric_id.higher_is_better, indicator.is_whole)
        return target, len(found), len(people)


class DisciplinePlanSuggest(models.TransientModel):
    """Shows suggested targets beside the present ones; nothing changes until somebody takes them over."""

    _name = "discipline.plan.suggest"
    _description = "Suggested Targets"

    plan_id = fields.Many2one("discipline.plan", required=True, readonly=True, ondelete="cascade")
    has_results = fields.Boolean(related="plan_id.has_results")
    line_ids = fields.One2many("discipline.plan.suggest.line", "wizard_id", "Suggestions")

    def _fill(self, suggestions: dict) -> None:
        self.ensure_one()
        self.env["discipline.plan.suggest.line"].create(
            [
                {
                    "wizard_id": self.id,
                    "plan_line_id": line.id,
                    "current": line.target,
                    "has_data": target is not None,
                    "suggested": target or 0.0,
                    "value_count": count,
                    "people_count": people,
                }
                for line, (target, count, people) in suggestions.items()
            ]
        )

    def action_take_all(self):
        """Take over every suggestion there is."""
        return self._take(self.line_ids.filtered("has_data"))

    def action_take(self):
        """Take over the suggestions that are ticked.

        :raise UserError: if none is
        """
        taken = self.line_ids.filtered(lambda line: line.take and line.has_data)
        if not taken:
            raise UserError(self.env._("Tick 'Take Over' on the suggestions to take over first."))
        return self._take(taken)

    def _take(self, lines):
        """Write the targets: into the plan, or into its next version if people have been scored by it."""
        self.ensure_one()
        plan = self.plan_id
        plan.check_access("write")
        targets = {line.plan_line_id.id: line.suggested for line in lines}
        if not plan.has_results:
            for line in plan.line_ids:
                if line.id in targets:
                    line.target = targets[line.id]
            return {"type": "ir.actions.act_window_close"}
        new = plan._create_version(plan._get_next_start())
        for old, line in zip(plan.line_ids, new.line_ids, strict=True):
            if old.id in targets:
                line.target = targets[old.id]
        return new._open()


class DisciplinePlanSuggestLine(models.TransientModel):
    """One suggestion beside the present target."""

    _name = "discipline.plan.suggest.line"
    _description = "Suggested Target"
    _inherit = ["discipline.amount.mixin"]
    _order = "plan_line_id, id"

    wizard_id = fields.Many2one("discipline.plan.suggest", required=True, readonly=True, ondelete="cascade")
    plan_line_id = fields.Many2one("discipline.plan.line", required=True, readonly=True, ondelete="cascade")
    metric_id = fields.Many2one(related="plan_line_id.metric_id")
    scope = fields.Selection(related="plan_line_id.scope")
    unit = fields.Selection(related="plan_line_id.unit")
    currency_id = fields.Many2one(related="plan_line_id.currency_id")
    current = fields.Float("Present Target", readonly=True)
    suggested = fields.Float(readonly=True)
    has_data = fields.Boolean(readonly=True)
    zone = fields.Selection([("none", "No Data")], compute="_compute_zone")
    value_count = fields.Integer("Values", readonly=True, help="How many periods of people it is taken from.")
    people_count = fields.Integer("People", readonly=True)
    take = fields.Boolean("Take Over")

    @api.depends("has_data")
    def _compute_zone(self):
        for line in self:
            line.zone = False if line.has_data else "none"
