"""Is a plan realistic? Missed by most people for months means that the plan is too high; missed by a few whose
colleagues met it means that those few need training. `None` is 'no data' and never zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import NamedTuple

from odoo.tools.float_utils import float_compare

PRECISION = 6
DIGITS = 3  # significant ones of a proposed plan


@dataclass(frozen=True, slots=True)
class Settings:
    """What a company means by realistic.

    :param seasonal: numbers of months (1-12) that say nothing of the plan
    :param alarm_share: percent of people below plan; above it, a month is one too many
    :param alarm_months: so many of them in a row are an alarm
    :param enough_people: with fewer, a month says nothing
    :param met_share: percent of results that a proposed plan is to be met by
    """

    seasonal: frozenset[int] = frozenset()
    alarm_share: float = 70.0
    alarm_months: int = 3
    enough_people: int = 4
    met_share: float = 60.0


class Result(NamedTuple):
    """What one person made of the plan in one month (its first day).

    :param completion: percent of the person's own target; None: no data, which is not counted
    :param left_out: a newcomer, or away for too long: shown, and counted nowhere
    """

    person: int
    month: date
    fact: float | None
    completion: float | None
    missed: bool
    left_out: bool = False


class Month(NamedTuple):
    """One month of a group of people: `people` counted, `missed` of them below plan, `left_out` not counted."""

    month: date
    people: int
    missed: int
    left_out: int
    seasonal: bool

    @property
    def share(self) -> float | None:
        """Percent of the people below plan; None if nobody was counted."""
        return 100.0 * self.missed / self.people if self.people else None


class Lonely(NamedTuple):
    """Somebody who was below plan in `missed` of the `of` months in which most of the others met it."""

    person: int
    missed: int
    of: int


class Verdict(NamedTuple):
    """What the months say: `state` is 'none' (nothing to judge), 'few' (too few people to tell), 'alarm' (the plan
    is too high), 'training' (a few people miss it alone) or 'ok'.

    :param judged: the month that the verdict is about, the last that is not seasonal
    :param in_row: months in a row, up to that one, with too many people below plan
    :param proposal: with an alarm, a plan that enough people would have met, in the unit of the facts
    :param scale: the same as percent of each person's own plan
    """

    state: str
    months: list[Month]
    judged: Month | None
    in_row: int
    training: list[Lonely]
    proposal: float | None
    scale: int | None


def judge(results: Iterable[Result], settings: Settings, higher_is_better: bool = True) -> Verdict:
    """Everything that follows from the results of a group of people, in whatever order they come."""
    results = [result for result in results if result.completion is not None]
    months = count_months(results, settings.seasonal)
    regular = [month for month in months if not month.seasonal]
    if not regular:
        return Verdict("none", months, None, 0, [], None, None)
    judged = regular[-1]
    if judged.people < settings.enough_people:
        return Verdict("few", months, judged, 0, [], None, None)
    in_row = count_in_row(regular, settings)
    training = find_lonely(results, regular, settings)
    if in_row < settings.alarm_months:
        return Verdict("training" if training else "ok", months, judged, in_row, training, None, None)
    first = regular[-settings.alarm_months].month
    proposal, scale = propose(_counted(results, settings.seasonal, first), settings, higher_is_better)
    return Verdict("alarm", months, judged, in_row, training, proposal, scale)


def count_months(results: Iterable[Result], seasonal: frozenset[int] = frozenset()) -> list[Month]:
    """One Month for each that there are results of, in order of time."""
    counts = {}
    for result in results:
        people, missed, left_out = counts.get(result.month, (0, 0, 0))
        if result.left_out:
            counts[result.month] = people, missed, left_out + 1
        else:
            counts[result.month] = people + 1, missed + result.missed, left_out
    return [Month(month, *counts[month], month.month in seasonal) for month in sorted(counts)]


def is_above(month: Month, settings: Settings) -> bool:
    """Whether so many people that it can be told, and too many of them, were below plan. The limit itself is
    not above it."""
    return (
        month.people >= settings.enough_people
        and float_compare(month.share, settings.alarm_share, PRECISION) > 0
    )


def count_in_row(months: list[Month], settings: Settings) -> int:
    """How many of the last of these months, one after the other, were above the limit. Seasonal months between
    two others are skipped; a month without results ends the row."""
    count, following = 0, None
    for month in reversed(months):
        if following and month.month != previous_month(following.month, settings.seasonal):
            break
        if not is_above(month, settings):
            break
        count, following = count + 1, month
    return count


def previous_month(month: date, seasonal: frozenset[int] = frozenset()) -> date | None:
    """The first day of the month before, seasonal ones skipped; None if all are seasonal."""
    for _step in range(12):
        month = (month - timedelta(days=1)).replace(day=1)
        if month.month not in seasonal:
            return month
    return None


def find_lonely(results: Iterable[Result], months: list[Month], settings: Settings) -> list[Lonely]:
    """Who missed the plan most of the time while most of the others met it, the most constant first.

    Looked at are the last months with enough people, twice as many as an alarm takes, and of these the ones in
    which more than half of a person's colleagues met their plan: at least as many as an alarm takes, and more than
    half of them missed. In a month that most people missed, nobody stands out.
    """
    telling = [month for month in months if month.people >= settings.enough_people]
    by_month = {month.month: month for month in telling[-2 * settings.alarm_months :]}
    counts = {}
    for result in results:
        month = by_month.get(result.month)
        if result.left_out or not month or 2 * (month.missed - result.missed) >= month.people - 1:
            continue
        missed, of = counts.get(result.person, (0, 0))
        counts[result.person] = missed + result.missed, of + 1
    found = [Lonely(person, missed, of) for person, (missed, of) in counts.items()]
    found = [item for item in found if item.of >= settings.alarm_months and 2 * item.missed > item.of]
    return sorted(found, key=lambda item: (-item.missed / item.of, -item.of, item.person))


def excuse(verdict: Verdict, people: Iterable[int]) -> Verdict:
    """The verdict without these people among those who need training: for whom the plan itself is out of reach."""
    excused = set(people)
    training = [item for item in verdict.training if item.person not in excused]
    state = "ok" if verdict.state == "training" and not training else verdict.state
    return verdict._replace(state=state, training=training)


def propose(
    results: Iterable[Result], settings: Settings, higher_is_better: bool = True
) -> tuple[float | None, int | None]:
    """A plan that `met_share` percent of these results would have met, and the share of each person's own plan
    (percent) that does the same; rounded to what is easier to meet. (None, None) if that would be nothing, or if so
    many meet the plan as it is.
    """
    facts = [result.fact for result in results if result.fact is not None]
    shares = [result.completion for result in results if result.completion is not None]
    proposal = reached_by(facts, settings.met_share, higher_is_better)
    scale = reached_by(shares, settings.met_share)
    if proposal is None or (higher_is_better and proposal <= 0):  # a plan of nothing is none
        return None, None
    if scale is not None and float_compare(scale, 100.0, PRECISION) >= 0:  # so many meet the plan there is
        return None, None
    whole = None
    if scale and scale > 0:
        tiny = 10.0**-PRECISION
        whole = floor(scale + tiny) if higher_is_better else ceil(10_000 / scale - tiny)
    return round_plan(proposal, higher_is_better), whole or None


def reached_by(values: list[float], share: float, higher_is_better: bool = True) -> float | None:
    """The most demanding of the values that at least `share` percent of them reach; None without values."""
    if not values:
        return None
    rank = max(1, ceil(round(len(values) * share / 100.0, PRECISION)))
    return sorted(values, reverse=higher_is_better)[rank - 1]


def round_plan(value: float, higher_is_better: bool = True) -> float:
    """The value with DIGITS significant digits, rounded to the side that is easier to meet."""
    if not value:
        return 0.0
    exponent = floor(log10(abs(value))) - DIGITS + 1
    step, part = (10.0**exponent, 1.0) if exponent >= 0 else (1.0, 10.0**-exponent)
    number = round(value * part / step, PRECISION)
    return (floor(number) if higher_is_better else ceil(number)) * step / part


def _counted(results: Iterable[Result], seasonal: frozenset[int], first: date) -> list[Result]:
    """The results from month `first` on that count."""
    return [
        result
        for result in results
        if result.month >= first and not result.left_out and result.month.month not in seasonal
    ]


def is_newcomer(start: date, month: date, months: int) -> bool:
    """Whether somebody employed since `start` had not yet been there for so many whole months when the month
    (its first day) began."""
    worked = (month.year - start.year) * 12 + month.month - start.month - (start.day > 1)
    return worked < months


def is_absent(hours: float, norm_hours: float, limit: float) -> bool:
    """Whether somebody worked less than `limit` percent of the hours that they were to."""
    return norm_hours > 0 and float_compare(100.0 * hours / norm_hours, limit, PRECISION) < 0
