"""What a month that was paid should have come to, from what was remembered when it was paid.

`rule` is a component, or a scheme, as a statement remembers it; `numbers` are those of a line, with today's ones in
the place of those that changed. The arithmetic is that of the payment itself (remuneration.py, payout.py).
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from .ladder import Step
from .payout import Limits, Rounding, pay_points
from .remuneration import (
    Guard,
    Portion,
    base_pay,
    base_percent,
    commission,
    commission_steps,
    ladder_percent,
    settle,
)


class Change(NamedTuple):
    """A document that counts with another amount than was known: `key` is what identifies it."""

    key: tuple
    name: str
    before: float
    after: float


def _steps(rule: dict) -> list[Step]:
    return [Step(*pair) for pair in rule["steps"]]


def _base(rule: dict, numbers: dict, rounding: Rounding) -> float:
    percent = base_percent(_steps(rule), numbers["efficiency"], numbers["waived"])
    part = Portion(numbers["wage"], numbers["worked"], numbers["norm"])
    return base_pay([part], percent.value, rounding)


def _commission(rule: dict, numbers: dict, rounding: Rounding) -> float:
    steps = commission_steps(_steps(rule), rule["ladder_by"], numbers["target"])
    return commission(numbers["volume"], steps, rule["mode"], rounding)


def _bonus(rule: dict, numbers: dict, rounding: Rounding) -> float:
    percent = ladder_percent(_steps(rule), numbers["efficiency"], plain=True)
    return rounding(rule["fixed_amount"] * percent.value / 100.0)


def _points(rule: dict, numbers: dict, rounding: Rounding) -> float:
    limits = Limits(rule["floor"], rule["cap"])
    return pay_points(numbers["points"], rule["rate"], rule["minus_rate"], limits, rounding).amount


def _grade(rule: dict, numbers: dict, rounding: Rounding) -> float:
    """`held` is the number of the grade, see grades.py."""
    if not numbers["held"]:
        return 0.0
    value = sorted(_steps(rule))[numbers["held"] - 1].value
    if rule["grade_pays"] == "amount":
        return rounding(value)
    parts = [Portion(*part) for part in numbers.get("portions") or [[numbers["wage"], 1, 1]]]
    return base_pay(parts, value, rounding)


def _task(rule: dict, numbers: dict, rounding: Rounding) -> float:
    return rounding(numbers["value"])


AMOUNTS: dict[str, Callable[[dict, dict, Rounding], float]] = {
    "base": _base,
    "commission": _commission,
    "kpi_bonus": _bonus,
    "points": _points,
    "grade": _grade,
    "task": _task,
}


def due(kind: str, rule: dict, numbers: dict, rounding: Rounding) -> float:
    """What a line of a kind among AMOUNTS comes to."""
    return AMOUNTS[kind](rule, numbers, rounding)


def limits(amounts: Iterable[float], rule: dict, rounding: Rounding) -> float:
    """What floor, cap and guard of a scheme add to rounded amounts, or take from them."""
    guard = Guard(rule.get("guaranteed"), rule.get("max_reduction"))
    limits_of = Limits(rule.get("floor"), rule.get("cap"))
    return rounding(settle(amounts, limits_of, guard, rounding, rule.get("manual") or ()).total)


def changes(before: Iterable[tuple], after: Iterable[tuple], rounding: Rounding) -> list[Change]:
    """The documents that count with another amount, the largest change first.

    :param before: `(model, id, name, amount)` as known so far, in any order; `after` the same as of now
    """
    old = {(model, key): (name, amount) for model, key, name, amount in before}
    new = {(model, key): (name, amount) for model, key, name, amount in after}
    found = []
    for key in old.keys() | new.keys():
        was, since = old.get(key, ("", 0.0)), new.get(key, ("", 0.0))
        if rounding(since[1] - was[1]):
            found.append(Change(key, since[0] or was[0] or "", was[1], since[1]))
    return sorted(found, key=lambda change: (-abs(change.after - change.before), change.key))
