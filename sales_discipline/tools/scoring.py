"""From a target and a fact to completion, done, points, zone, trend and efficiency (design: formulas).

`None` means 'no data' and stays so: it is not zero, it earns no points and has no zone.
"""

from collections.abc import Iterable

from odoo.tools.float_utils import float_compare, float_round

PRECISION = 6  # decimals at which facts and targets are compared


def completion(actual: float | None, target: float | None, higher_is_better: bool = True) -> float | None:
    """Percent of the target reached. `None` if the fact or the target is missing.

    Higher is better: 100 * fact / target, and 100 for a target of 0.
    Lower is better: 100 while the fact is within the target, else 100 * target / fact (so 0 for target 0).
    """
    if actual is None or target is None:
        return None
    if higher_is_better:
        return 100.0 * actual / target if float_compare(target, 0.0, PRECISION) else 100.0
    if float_compare(actual, target, PRECISION) <= 0:
        return 100.0
    return 100.0 * target / actual


def is_done(percent: float | None) -> bool:
    """Whether a completion reaches the target."""
    return percent is not None and float_compare(percent, 100.0, PRECISION) >= 0


def points(percent: float | None, points_done: float, points_missed: float) -> float:
    """Points earned: `points_done` if done, `points_missed` if not, 0 without data."""
    if percent is None:
        return 0.0
    return points_done if is_done(percent) else points_missed


def zone(percent: float | None, green_from: float = 100.0, yellow_from: float = 100.0) -> str:
    """'green', 'yellow' or 'red' by completion; 'none' without data."""
    if percent is None:
        return "none"
    if float_compare(percent, green_from, PRECISION) >= 0:
        return "green"
    return "yellow" if float_compare(percent, yellow_from, PRECISION) >= 0 else "red"


def trend(actual: float | None, previous: float | None) -> str:
    """'up', 'flat' or 'down' against the period before; 'none' if one of the two is missing."""
    if actual is None or previous is None:
        return "none"
    return ("down", "flat", "up")[float_compare(actual, previous, PRECISION) + 1]


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
