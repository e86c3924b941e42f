"""Conversions, changes and periods of the sales funnel. `None` is 'no data' and never zero."""

from datetime import date

from odoo.tools.date_utils import end_of, start_of

from .periods import DAY

PERIODS = ("day", "week", "month", "quarter", "year")


def ratio(numerator: float, denominator: float) -> float | None:
    """The one of the other in percent; no data if there is nothing to be converted."""
    return 100.0 * numerator / denominator if denominator > 0 else None


def change(value: float, before: float) -> float | None:
    """By how many percent `value` differs from `before`; no data if there was nothing before."""
    return 100.0 * (value - before) / before if before > 0 else None


def widths(values: list[float]) -> list[float]:
    """How long the bars are, in percent of the longest; what is below zero has none."""
    longest = max([*values, 0.0])
    return [100.0 * max(value, 0.0) / longest if longest else 0.0 for value in values]


def bounds(period: str, day: date) -> tuple[date, date]:
    """First and last day of the `period` that `day` lies in, inclusive. :raise ValueError: for one not in PERIODS"""
    if period not in PERIODS:
        raise ValueError(f"Unknown period: {period!r}")
    return start_of(day, period), end_of(day, period)


def bounds_before(period: str, first: date, last: date, current: date | None = None) -> tuple[date, date]:
    """The period before `first` .. `last`; of days that are no period of the calendar (any other word) as many right
    before. With the `current` day, to compare the two: of a period that is under way as many days as have
    passed of it.
    """
    if period in PERIODS:
        start, stop = bounds(period, first - DAY)
    else:
        start, stop = first - (last - first) - DAY, first - DAY
    if current and first <= current < last:
        stop = min(stop, start + (current - first))
    return start, stop


def bounds_after(period: str, first: date, last: date) -> tuple[date, date]:
    """The period after `first` .. `last`, of other days as many right after."""
    if period in PERIODS:
        return bounds(period, last + DAY)
    return last + DAY, last + (last - first) + DAY
