from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from math import inf
from typing import NamedTuple

from odoo import models

from ..tools import scoring
from ..tools.periods import DAY, local_date
from ..tools.remuneration import Portion


class Card(NamedTuple):
    """What pay needs to know of a frozen scorecard; `day` is its last day, `efficiency` a percentage or None."""

    id: int
    employee_id: int
    team_id: int | None
    period: str
    day: date
    points: float
    efficiency: float | None


class CardLine(NamedTuple):
    """An indicator of a frozen scorecard; `fact` includes the adjustment. None is 'no data'."""

    metric_id: int
    category: str
    scope: str
    weight: float
    target: float | None
    fact: float | None
    completion: float | None


class Met(NamedTuple):
    """Whether a plan was met, and, where it was held against sales, what a statement remembers of them."""

    is_met: bool
    numbers: dict | None = None


@dataclass
class Outlook:
    """What is expected of a month that is not over: for what is shown to people, never for what is stored.

    `cards` beside the frozen ones, `lines` (by card id) instead of what cards hold, and how many times the sales entered
    so far there will be.
    """

    cards: list[Card] = field(default_factory=list)
    lines: dict[int, list[CardLine]] = field(default_factory=dict)
    growth: float = 1.0


class Wage(NamedTuple):
    """The days `first` .. `last` of the month on which one wage holds, and the hours: worked on them, and of a whole
    month on that schedule."""

    first: date
    last: date
    wage: float
    worked: dict[date, float]
    norm: float


@dataclass
class Person:
    """An `hr.employee` (as superuser), the language to explain pay in, the days on which the scheme pays, and the
    cards that it pays: those whose last day is one of them."""

    employee: models.Model
    lang: str
    cards: list[Card] = field(default_factory=list)
    spans: list[tuple[date, date]] = field(default_factory=list)

    def is_paid_on(self, day: date) -> bool:
        """Whether the scheme is in force for the person on that day."""
        return any(first <= day <= last for first, last in self.spans)


def category_efficiencies(lines) -> dict[str, float | None]:
    """The efficiency of the indicators of each category, in percent; categories without are left out, None is no data.

    :param lines: (category, weight, completion, up to what completion an indicator counts) of each indicator
    """
    found = {}
    for category, weight, completion, cap in lines:
        done = completion if completion is None else min(completion, cap)
        found.setdefault(category, []).append((weight, done))
    return {category: scoring.efficiency(parts, cap=inf) for category, parts in found.items()}


class PayMonth:
    """What pay is computed from, for one company and month. Each thing is read once for all people, by whichever
    component asks first, so the number of statements does not depend on people or components of a kind.

    :param run: the `discipline.payroll`, as superuser
    :param cards: `{employee id: [Card]}`, frozen ones only
    :param seal: naive UTC; sales facts count if they had been entered by then
    :param outlook: what is expected beyond that, see `Outlook`
    """

    def __init__(self, run, employees, cards: dict[int, list[Card]], seal: datetime, outlook=None):
        self.outlook = outlook or Outlook()
        self.run, self.env, self.employees, self.cards, self.seal = run, run.env, employees, cards, seal
        self.first, self.last = run.date_from, run.date_to
        self.rounding = run.currency_id.round
        self.manual = {}  # lines by hand, by (employee id, scheme id)
        self._known = {}
        self.guards = defaultdict(
            dict
        )  # by employee id and scheme id, for statements to remember: what was guaranteed

    @cached_property
    def wages(self) -> dict[int, list[Wage]]:
        """The wages of the month by employee, in order."""
        return self.employees._get_discipline_wages(self.first, self.last)

    @cached_property
    def lines(self) -> dict[int, list[CardLine]]:
        """The indicators of all cards, by card id, in one statement."""
        ids = [card.id for cards in self.cards.values() for card in cards]
        found = defaultdict(list)
        self.env.cr.execute(
            """
            SELECT scorecard_id, metric_id, category, scope, weight, target, actual + COALESCE(adjustment, 0), completion
              FROM discipline_scorecard_line WHERE scorecard_id = ANY(%s) ORDER BY scorecard_id, sequence, id
            """,
            [ids],
        )
        for card_id, *values in self.env.cr.fetchall():
            found[card_id].append(CardLine(*values))
        found.update(self.outlook.lines)
        return found

    @cached_property
    def tasks(self) -> dict[int, list[tuple]]:
        """`(discipline.task, day)` of the tasks approved in the month, by employee, in order; days are the person's."""
        found = {}
        midnight = time.min
        tasks = self.env["discipline.task"].search(
            [
                ("employee_id", "in", self.employees.ids),
                ("company_id", "=", self.run.company_id.id),
                ("state", "=", "approved"),
                ("approved_at", ">=", datetime.combine(self.first - DAY, midnight)),
                ("approved_at", "<", datetime.combine(self.last + 2 * DAY, midnight)),
                ("approved_at", "<=", self.seal),
            ],
            order="approved_at, id",
        )
        for task in tasks:
            day = local_date(task.approved_at, task.employee_id._get_discipline_tz())
            if self.first <= day <= self.last:
                found.setdefault(task.employee_id.id, []).append((task, day))
        return found

    def _get_once(self, key, find):
        """What `find()` says, asked for once."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    def get_rule(self, record) -> dict:
        """What statements remember of a component or a scheme."""
        return self._get_once(("rule", record), record._prepare_inputs)

    def get_steps(self, component) -> list:
        """The ladder of a component, as the pure rules want it."""
        return self._get_once(("steps", component.id), component.tier_ids._get_steps)

    def get_month_cards(self, person: Person, period: str) -> list[Card]:
        """The person's cards of that kind that end within the month, in order."""
        return [
            card for card in person.cards if card.period == period and self.first <= card.day <= self.last
        ]

    def get_efficiency(self, cards: list[Card]) -> float | None:
        """The mean efficiency of cards in percent; those without data are left out, None if none has any."""
        return scoring.efficiency((1.0, card.efficiency) for card in cards) if cards else None

    @cached_property
    def caps(self) -> dict[int, float]:
        """Up to what completion an indicator counts in the efficiency, by card id, of the monthly cards."""
        ids = [card.id for cards in self.cards.values() for card in cards if card.period == "month"]
        self.env.cr.execute(
            """
            SELECT c.id, p.completion_cap FROM discipline_scorecard c JOIN discipline_plan p ON p.id = c.plan_id
             WHERE c.id = ANY(%s)
            """,
            [ids],
        )
        return dict(self.env.cr.fetchall())

    def get_category_efficiencies(self, cards: list[Card]) -> dict[str, float | None]:
        """The efficiencies of the categories of monthly cards, see `category_efficiencies`. Excused ones count nowhere."""
        return category_efficiencies(
            (line.category, line.weight, line.completion, self.caps[card.id])
            for card in cards
            if card.efficiency is not None
            for line in self.lines[card.id]
        )

    def get_portions(self, person: Person) -> list[tuple[Wage, Portion]]:
        """The wages of the month with the hours on which this scheme pays the person."""
        return [
            (
                wage,
                Portion(
                    wage.wage, sum(h for day, h in wage.worked.items() if person.is_paid_on(day)), wage.norm
                ),
            )
            for wage in self.wages.get(person.employee.id, ())
        ]

    def get_share(self, person: Person) -> float:
        """The share of the month, 0..1, that this scheme pays the person for: of the hours, or, where no contract says
        any, of the days."""
        parts = [part for _wage, part in self.get_portions(person) if part.norm > 0]
        if parts:
            return min(1.0, sum(part.share for part in parts))
        days = [self.first + i * DAY for i in range((self.last - self.first).days + 1)]
        return sum(map(person.is_paid_on, days)) / len(days)

    def get_volumes(self, metric) -> dict:
        """`{employee id: Volume}` of a metric on sales facts, see `_get_volumes`; people without sales included."""
        return self._get_once(("volumes", metric), lambda: self._find_volumes(metric))

    def _find_volumes(self, metric) -> dict:
        volumes = self.run._get_volumes(metric, self.employees, self.first, self.last, self.seal)
        growth = self.outlook.growth
        if growth == 1.0:
            return volumes
        return {key: replace(one, amount=self.rounding(one.amount * growth)) for key, one in volumes.items()}

    def get_targets(self, metric) -> dict[int, float]:
        """`{employee id: target}` of the month: that of the frozen monthly card if the metric is on it, else the
        person's or the team's target; those without are left out."""
        return self._get_once(
            ("targets", metric), lambda: self._find_targets(metric) | self._get_card_targets(metric)
        )

    def _get_card_targets(self, metric) -> dict[int, float]:
        lines = self._get_month_lines(metric)
        return {employee_id: line.target for employee_id, line in lines if line.target is not None}

    def _find_targets(self, metric) -> dict[int, float]:
        """The targets of the month that people or their teams have been given, by employee id."""
        targets = self.env["discipline.target"]
        key = (metric.id, self.run.company_id.id, "month", "own")
        index = targets._get_index([metric.id], self.run.company_id.ids, self.first, self.last)
        teams = self.employees._get_discipline_teams() if index else {}
        found = {}
        for employee_id in self.employees.ids:
            owners = [("employee", employee_id), ("team", teams.get(employee_id, (None,))[0])]
            amount, _whose = targets._find_amount(index, key, self.first, owners)
            if amount is not None:
                found[employee_id] = amount
        return found

    def get_plans_met(self, metric) -> dict[int, "Met"]:
        """Whether each person met the month's plan of a metric: as the frozen monthly card says, else by the sealed
        sales facts against the target. Those without either are left out."""
        result = {
            employee_id: Met(scoring.is_done(line.completion))
            for employee_id, line in self._get_month_lines(metric)
            if line.completion is not None
        }
        rest = {key: target for key, target in self.get_targets(metric).items() if key not in result}
        volumes = self.get_volumes(metric) if rest else {}
        for employee_id, target in rest.items():
            if volume := volumes.get(employee_id):
                percent = scoring.completion(volume.amount, target)
                numbers = {"target": target, "volume": volume.amount, "rule": metric._get_volume_rule()}
                bounds = volume.bounds and volume.bounds.moments
                result[employee_id] = Met(
                    scoring.is_done(percent), {**numbers, "bounds": bounds} if bounds else None
                )
        return result

    def _get_month_lines(self, metric):
        """`(employee id, CardLine)` of the metric on the monthly cards that end in this month."""
        for employee_id, cards in self.cards.items():
            for card in cards:
                if card.period == "month" and self.first <= card.day <= self.last:
                    for line in self.lines[card.id]:
                        if line.metric_id == metric.id and line.scope == "own":
                            yield employee_id, line
