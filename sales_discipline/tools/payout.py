"""From points to money: pay periods, amounts at a rate, floors and caps.

Money is rounded by a callable of the caller (`currency.round`), each line on its own; a total is the sum of
rounded lines. `None` as a limit means 'no limit'; a floor of 0 means 'no fines'.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from odoo.tools.float_utils import float_compare, float_round

from .periods import period_bounds

PRECISION = 6  # decimals at which points and money are summed and compared

Rounding = Callable[[float], float]


@dataclass(frozen=True)
class Limits:
    """Lowest and highest amount, `None` where there is none. :raise ValueError: if the floor is above the cap."""

    floor: float | None = None
    cap: float | None = None

    def __post_init__(self):
        if (
            self.floor is not None
            and self.cap is not None
            and float_compare(self.floor, self.cap, PRECISION) > 0
        ):
            raise ValueError(f"floor {self.floor} is above cap {self.cap}")


@dataclass(frozen=True)
class Pay:
    """What a base earns: `full` is base x rate, rounded; `amount` what is left of it within the limits;
    `limit` is the one that was reached ('floor', 'cap') or `None`."""

    base: float
    rate: float
    full: float
    amount: float
    limit: str | None


def pay_period(basis: str, day: date) -> tuple[date, date]:
    """First and last day of the 'week' (ISO, from Monday) or 'month' that the points of `day` are paid in."""
    if basis not in ("week", "month"):
        raise ValueError(f"Unknown basis: {basis!r}")
    return period_bounds(basis, day)


def pay_month(basis: str, day: date) -> date:
    """First day of the month whose run pays the points of `day`: the one in which the last day of the pay
    period lies, so a week belongs to the month of its Sunday, and to that month only."""
    return pay_period(basis, day)[1].replace(day=1)


def run_span(day: date) -> tuple[date, date]:
    """First and last day whose points the run of the month of `day` may pay, on any basis: the month itself
    and the days before it that belong to its first week."""
    first, last = period_bounds("month", day)
    return period_bounds("week", first)[0], last


def total_points(values: Iterable[float]) -> float:
    """The sum, without the noise of adding fractions."""
    return float_round(sum(values), precision_digits=PRECISION)


def total_money(amounts: Iterable[float], rounding: Rounding) -> float:
    """The sum of amounts that are rounded already, without the noise of adding fractions."""
    return rounding(sum(amounts))


def clamp(amount: float, limits: Limits, rounding: Rounding) -> tuple[float, str | None]:
    """`(amount within the limits, 'floor' | 'cap' | None)`."""
    if limits.floor is not None and float_compare(amount, limits.floor, PRECISION) < 0:
        return rounding(limits.floor), "floor"
    if limits.cap is not None and float_compare(amount, limits.cap, PRECISION) > 0:
        return rounding(limits.cap), "cap"
    return amount, None


def pay_points(points: float, rate: float, minus_rate: float, limits: Limits, rounding: Rounding) -> Pay:
    """The points of one pay period in money: at `rate` if they are plus, at `minus_rate` if they are minus.

    :param rate: money a plus point, not negative
    :param minus_rate: money taken a minus point, not negative
    """
    used = minus_rate if points < 0 else rate
    full = rounding(points * used) + 0.0  # never minus zero
    amount, limit = clamp(full, limits, rounding)
    return Pay(points, used, full, amount, limit)


@dataclass(frozen=True)
class Term:
    """How the points of one period of pay become money, and how many there are so far."""

    points: float
    rate: float
    minus_rate: float
    limits: Limits

    @property
    def is_fine_free(self) -> bool:
        """Whether the points of the period never come to less than nothing."""
        floor = self.limits.floor
        return not self.minus_rate or floor is not None and float_compare(floor, 0.0, PRECISION) >= 0


def points_worth(term: Term, change: float, rounding: Rounding) -> float:
    """What so many points more, or less, change the pay of their period by."""
    before, after = (
        pay_points(points, term.rate, term.minus_rate, term.limits, rounding).amount
        for points in (term.points, total_points([term.points, change]))
    )
    return rounding(after - before) + 0.0  # never minus zero


def limit_total(amounts: Iterable[float], limits: Limits, rounding: Rounding) -> tuple[float, str | None]:
    """What has to be added to rounded amounts to bring their sum within the limits, and the limit reached:
    `(correction, 'floor' | 'cap' | None)`, `(0.0, None)` within them."""
    total = total_money(amounts, rounding)
    allowed, limit = clamp(total, limits, rounding)
    return (rounding(allowed - total), limit) if limit else (0.0, None)
