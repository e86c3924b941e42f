"""From a target and a fact to completion, done, points, zone, trend and efficiency (design: formulas).

`None` means 'no data' and stays so: it is not zero, it earns no points and has no zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from odoo.tools.float_utils import float_compare, float_round

PRECISION = 6  # decimals at which facts and targets are compared


@dataclass(frozen=True, slots=True)
class Rule:
    """How a fact is judged: an indicator of a plan."""

    higher_is_better: bool = True
    green_from: float = 100.0
    yellow_from: float = 100.0
    points_done: float = 1.0
    points_missed: float = -2.0


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of a plan as scoring sees it.

    :param target: for a full-time person and the whole period
    :param is_prorated: whether the target shrinks with the hours worked, and `is_whole` then to a whole number
    :param keeps_ids: whether the ids of what was counted are kept with the line
    """

    id: int
    metric_id: int
    sequence: int
    category: str
    scope: str
    weight: float
    target: float
    is_prorated: bool
    is_whole: bool
    keeps_ids: bool
    rule: Rule


class Judgement(NamedTuple):
    """What follows from a fact and its target."""

    completion: float | None
    zone: str
    trend: str
    done: bool
    points: float


def judge(rule: Rule, actual: float | None, target: float | None, previous: float | None) -> Judgement:
    """Everything that follows from a fact, its target and the fact of the period before."""
    percent = completion(actual, target, rule.higher_is_better)
    earned = points(percent, rule.points_done, rule.points_missed)
    color = zone(percent, rule.green_from, rule.yellow_from)
    return Judgement(percent, color, trend(actual, previous), is_done(percent), earned)


def _compare(left: float, right: float) -> int:
    """-1, 0 or 1 at PRECISION. Most pairs are far apart, and rounding them to find that out costs ten times more."""
    difference = left - right
    if difference > 1e-3 or difference < -1e-3:
        return 1 if difference > 0 else -1
    return float_compare(left, right, PRECISION)


def completion(actual: float | None, target: float | None, higher_is_better: bool = True) -> float | None:
    """Percent of the target reached. `None` if the fact or the target is missing.

    Higher is better: 100 * fact / target, and 100 for a target of 0.
    Lower is better: 100 while the fact is within the target, else 100 * target / fact (so 0 for target 0).
    """
    if actual is None or target is None:
        return None
    if higher_is_better:
        return 100.0 * actual / target if _compare(target, 0.0) else 100.0
    if _compare(actual, target) <= 0:
        return 100.0
    return 100.0 * target / actual


def left(actual: float | None, target: float | None, higher_is_better: bool = True) -> float | None:
    """How much is still to be done until the target is reached, or how far it is exceeded where less is better; 0 once
    it is done. `None` if the fact or the target is missing."""
    if actual is None or target is None:
        return None
    missing = target - actual if higher_is_better else actual - target
    return missing if _compare(missing, 0.0) > 0 else 0.0


def is_done(percent: float | None) -> bool:
    """Whether a completion reaches the target."""
    return percent is not None and _compare(percent, 100.0) >= 0


def points(percent: float | None, points_done: float, points_missed: float) -> float:
    """Points earned: `points_done` if done, `points_missed` if not, 0 without data."""
    if percent is None:
        return 0.0
    return points_done if is_done(percent) else points_missed


def zone(percent: float | None, green_from: float = 100.0, yellow_from: float = 100.0) -> str:
    """'green', 'yellow' or 'red' by completion; 'none' without data."""
    if percent is None:
        return "none"
    if _compare(percent, green_from) >= 0:
        return "green"
    return "yellow" if _compare(percent, yellow_from) >= 0 else "red"


def overall_zone(percent: float | None, lines: Iterable[tuple[float, float, float]]) -> str:
    """The zone of a whole scorecard by its efficiency: held against the weighted means of its lines' thresholds.

    :param lines: `(weight, green from, yellow from)` of each line
    """
    lines = [line for line in lines if line[0] > 0]
    weights = sum(line[0] for line in lines)
    if not weights:
        return "none"
    return zone(percent, *(sum(line[0] * line[index] for line in lines) / weights for index in (1, 2)))


def trend(actual: float | None, previous: float | None) -> str:
    """'up', 'flat' or 'down' against the period before; 'none' if one of the two is missing."""
    if actual is None or previous is None:
        return "none"
    return ("down", "flat", "up")[_compare(actual, previous) + 1]


def change(direction: str, higher_is_better: bool = True) -> str | bool:
    """Whether a trend is 'better', the 'same' or 'worse'; False without one."""
    good = "up" if higher_is_better else "down"
    return {"flat": "same", good: "better", "none": False}.get(direction or "none", "worse")


def efficiency(lines: Iterable[tuple[float, float | None]], cap: float = 100.0) -> float | None:
    """Weighted mean of completions in percent, each capped at `cap`; `None` if no line has data.

    :param lines: `(weight, completion)` pairs; those without data are left out of both sums.
    """
    total = weights = 0.0
    for weight, percent in lines:
        if percent is not None:
            total += weight * min(percent, cap)
            weights += weight
    return total / weights if weights else None


def prorate(target: float | None, hours: float, norm_hours: float, whole: bool) -> float | None:
    """The target of somebody who is there `hours` of the period's `norm_hours`; never above the full target.

    :param whole: round to a whole number (half up), for things that are counted in pieces
    """
    if target is None or norm_hours <= 0 or hours >= norm_hours:
        return target
    part = target * max(hours, 0.0) / norm_hours
    return float_round(part, precision_digits=0) if whole else part
