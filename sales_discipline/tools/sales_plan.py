"""Sales plans by month, quarter and year: how the months and the people of a plan come together.

`None` is 'no data' (no plan, nothing to measure) and never zero: it is left out of sums and means.
"""

from collections.abc import Iterable
from datetime import date

from .periods import DAY, iter_periods, period_bounds

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def plan_bounds(period: str, day: date) -> tuple[date, date]:
    """First and last day of the month, quarter or year that `day` lies in, inclusive.

    :raise ValueError: for any other period
    """
    if period not in MONTHS:
        raise ValueError(f"Unknown period: {period!r}")
    step = MONTHS[period]
    first = date(day.year, (day.month - 1) // step * step + 1, 1)
    return first, add_months(first, step) - DAY


def add_months(first: date, number: int) -> date:
    """The first of the month that is `number` months after the month of `first` (before it if negative)."""
    month = first.year * 12 + first.month - 1 + number
    return date(month // 12, month % 12 + 1, 1)


def month_starts(first: date, last: date) -> list[date]:
    """The first of every month from the one of `first` to the one of `last`."""
    return [start for start, _stop in iter_periods("month", first, last)]


def merge_months(months: Iterable[date]) -> list[tuple[date, date]]:
    """`(first day, last day)` of the unbroken runs of these months, in order."""
    runs = []
    for month in sorted(set(months)):
        if runs and runs[-1][1] + DAY == month:
            runs[-1] = (runs[-1][0], period_bounds("month", month)[1])
        else:
            runs.append(period_bounds("month", month))
    return runs


def total(values: Iterable[float | None]) -> float | None:
    """The sum of what there is; `None` if there is nothing."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what there is; `None` if there is nothing."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def combine(values: Iterable[float | None], additive: bool) -> float | None:
    """What several months, or people, come to: the sum of amounts and counts, the mean of ratios and scores."""
    return total(values) if additive else mean(values)


def difference(value: float | None, other: float | None) -> float | None:
    """`value - other`; `None` if one of the two is missing."""
    return None if value is None or other is None else value - other
