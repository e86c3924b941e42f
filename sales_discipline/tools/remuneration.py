"""What each kind of pay component comes to: base, commission, bonus, grade, and the guard of the whole (design: scheme).

Functions of plain numbers: the same that pay a month also find, from the numbers remembered, what a month that was
paid should have come to. Percentages are 0..100; money is rounded by a callable of the caller, each part on its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from odoo.tools.float_utils import float_compare

from .ladder import Climb, Step, climb, marginal, whole
from .payout import PRECISION, Limits, Rounding, limit_total, total_money
from .scoring import efficiency


class Portion(NamedTuple):
    """A part of the month with one wage: `worked` of the month's `norm` hours."""

    wage: float
    worked: float
    norm: float

    @property
    def share(self) -> float:
        """The share of the month, 0..1."""
        return min(1.0, max(0.0, self.worked) / self.norm) if self.norm > 0 else 0.0


class Percent(NamedTuple):
    """A percentage and the step of the ladder it came from; `waived` if it is 100 because the sales plan was met."""

    value: float
    climb: Climb
    waived: bool = False


def ladder_percent(
    steps: Sequence[Step], result: float | None, waived: bool = False, plain: bool = False
) -> Percent:
    """The percentage of an amount that a result earns.

    :param result: percent, such as the mean efficiency of the month; None for 'no data'
    :param waived: 100 whatever the result (S1.3: the sales plan was met)
    :param plain: without any step the result itself is the percentage (a bonus), else it is 100 (a base)
    """
    found = climb(steps, result)
    if waived:
        return Percent(100.0, found, True)
    if not steps:
        return Percent((result or 0.0) if plain else 100.0, found)
    return Percent(found.value, found)


def base_percent(steps: Sequence[Step], result: float | None, waived: bool) -> Percent:
    """The percentage of the base that a result earns: in full too if there is nothing to judge by. Whoever met the sales
    plan gets it in full, or more where the ladder pays more: to sell more is never to get less."""
    percent = ladder_percent(steps, result, waived)
    if waived and percent.climb.value > 100.0:
        return Percent(percent.climb.value, percent.climb)
    return percent._replace(value=100.0) if result is None and not waived else percent


def base_pay(portions: Iterable[Portion], percent: float, rounding: Rounding) -> float:
    """Wage x share of the month x percent, each portion rounded on its own."""
    return total_money((rounding(part.wage * part.share * percent / 100.0) for part in portions), rounding)


def commission_steps(steps: Sequence[Step], by: str, target: float | None) -> list[Step]:
    """The ladder in money: steps by 'volume' as they are, by 'completion' (percent) as shares of the target.

    Without a target no completion is ever reached, so the ladder is empty.
    """
    if by == "volume":
        return list(steps)
    if not target:
        return []
    return [Step(step.threshold * target / 100.0, step.value, step.id) for step in steps]


def commission(volume: float, steps: Sequence[Step], mode: str, rounding: Rounding) -> float:
    """What a volume earns on a ladder in money: 'whole' (the rate reached, on all of it) or 'marginal' (each rate on
    its part). Never negative: a volume below the first step earns nothing."""
    if mode not in ("whole", "marginal"):
        raise ValueError(f"Unknown mode: {mode!r}")
    return rounding(max(0.0, whole(steps, volume) if mode == "whole" else marginal(steps, volume)))


def composite(results: Iterable[tuple[float, float | None]]) -> float | None:
    """Weighted mean of `(weight, efficiency of a category)`; those without data are left out, None if none has any."""
    return efficiency(results, cap=inf)


def move_grade(held: int | None, reached: Sequence[int | None], months: int) -> int | None:
    """The grade held after the month that `reached` ends with.

    A grade moves only after its corridor was left in the same direction for `months` months running, and then to
    the least move that all of them support. Somebody without a grade gets the first that is reached.

    :param held: index of the grade held so far (0 is the lowest); None for none
    :param reached: indexes of the grades that the results of the months reached, oldest first; None for no data
    """
    if not reached or reached[-1] is None:
        return held
    if held is None:
        return reached[-1]
    last = list(reached[-max(1, months) :])
    if len(last) < max(1, months) or any(grade is None for grade in last):
        return held
    if all(grade > held for grade in last):
        return min(last)
    if all(grade < held for grade in last):
        return max(last)
    return held


def months_to_go(held: int | None, reached: Sequence[int | None], months: int) -> int | None:
    """How many more months like the last one it takes until the grade held moves; None if it would not.

    :param held: the grade held after the last month, see `move_grade`
    """
    if held is None or not reached or reached[-1] is None or reached[-1] == held:
        return None
    above = reached[-1] > held
    running = 0
    for grade in reversed(reached):
        if grade is None or grade == held or (grade > held) != above:
            break
        running += 1
    return max(1, months - running)


@dataclass(frozen=True)
class Guard:
    """What nothing may touch. `guaranteed`: pay never falls below it. `max_reduction`: minus amounts take at most so
    many percent of the month's plus amounts. None: no such rule."""

    guaranteed: float | None = None
    max_reduction: float | None = None


def guard_lines(amounts: Iterable[float], guard: Guard, rounding: Rounding) -> list[tuple[str, float]]:
    """What has to be added so that the guard holds: `[('max_reduction' | 'guaranteed', amount > 0)]`, in that order.

    :param amounts: the rounded lines of the month, plus and minus
    """
    amounts = list(amounts)
    result = []
    plus = total_money((amount for amount in amounts if amount > 0), rounding)
    minus = total_money((-amount for amount in amounts if amount < 0), rounding)
    if guard.max_reduction is not None:
        allowed = rounding(plus * guard.max_reduction / 100.0)
        if float_compare(minus, allowed, PRECISION) > 0:
            result.append(("max_reduction", rounding(minus - allowed)))
            minus = allowed
    if guard.guaranteed is not None and float_compare(plus - minus, guard.guaranteed, PRECISION) < 0:
        result.append(("guaranteed", rounding(guard.guaranteed - (plus - minus))))
    return result


class Settlement(NamedTuple):
    """What a scheme adds to its lines, or takes from them: by the `limit` reached ('floor', 'cap' or None) the amount
    `limited`, and by the guard the lines `guarded`, see `guard_lines`."""

    limited: float
    limit: str | None
    guarded: list[tuple[str, float]]

    @property
    def total(self) -> float:
        return self.limited + sum(amount for _which, amount in self.guarded)


def settle(
    amounts: Iterable[float], limits: Limits, guard: Guard, rounding: Rounding, manual: Iterable[float] = ()
) -> Settlement:
    """Hold the rounded lines of a month against the scheme's floor and cap, then all of it against the guard.

    :param manual: rounded amounts given by hand, which the floor and the cap leave alone, but not the guard
    """
    amounts = list(amounts)
    limited, limit = limit_total([total_money(amounts, rounding)], limits, rounding)
    plus = total_money((amount for amount in amounts if amount > 0), rounding)
    minus = total_money((-amount for amount in amounts if amount < 0), rounding)
    # a cap is no reduction, but less earned: what is given back never lifts a month above it, or else a fine would pay
    earned = rounding(plus - minus + limited)
    most = max(plus if limits.cap is None else min(plus, limits.cap), earned)
    kept = [most, rounding(earned - most), *manual]
    return Settlement(limited, limit, guard_lines(kept, guard, rounding))
