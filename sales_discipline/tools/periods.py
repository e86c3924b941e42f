"""Local days, weeks and months, and the UTC moments that bound them.

Dates that people read are inclusive (`date_from` .. `date_to`); moments that code compares are naive UTC and
half-open `[start, stop)`. This file is the one place where the first become the second.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import pytz

DAY = timedelta(days=1)
PERIODS = ("day", "week", "month")


def period_bounds(period: str, day: date) -> tuple[date, date]:
    """First and last day of the `period` (day, week from Monday, month) that `day` lies in, inclusive."""
    if period == "day":
        return day, day
    if period == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if period == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    raise ValueError(f"Unknown period: {period!r}")


def iter_periods(period: str, first: date, last: date):
    """Yield `(date_from, date_to)` of every period that begins on or before `last`, in order, from the one
    that `first` lies in."""
    start, stop = period_bounds(period, first)
    while start <= last:
        yield start, stop
        start, stop = period_bounds(period, stop + DAY)


def timezone(name: str):
    """The time zone of that name. :raise ValueError: if there is none."""
    try:
        return pytz.timezone(name)
    except pytz.UnknownTimeZoneError:
        raise ValueError(f"Unknown time zone: {name!r}") from None


@lru_cache(maxsize=8192)  # a thousand people share a few deadlines
def local_to_utc(day: date, hour: float, tz: str) -> datetime:
    """The naive UTC moment of `hour` (18.5 is half past six, 24 the next midnight) on the local `day`.

    A wall clock time that the day does not have (spring) is taken with the offset before the change; one
    that it has twice (autumn) is the first of the two.
    """
    local = datetime.combine(day, time.min) + timedelta(minutes=round(hour * 60))
    zone = timezone(tz)
    # what pytz takes it for with either flag, which differs where the wall clock jumps
    moments = sorted(_to_utc(zone.localize(local, is_dst=is_dst)) for is_dst in (True, False))
    exists = pytz.utc.localize(moments[0]).astimezone(zone).replace(tzinfo=None) == local
    return moments[0] if exists else moments[1]


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def utc_bounds(date_from: date, date_to: date, tz: str) -> tuple[datetime, datetime]:
    """`[start, stop)` in UTC of the local days `date_from` .. `date_to` (inclusive): 23 and 25 hour days come
    out as they are."""
    return local_to_utc(date_from, 0, tz), local_to_utc(date_to + DAY, 0, tz)


def local_date(moment: datetime, tz: str) -> date:
    """The local day of a naive UTC moment."""
    return pytz.utc.localize(moment).astimezone(timezone(tz)).date()


def nth_working_day(last: date, delay: int, is_working) -> date:
    """The day on which a period that ended on `last` closes: the `delay`-th working day after it, or `last`
    itself for 0. `is_working(day)` says what a working day is; after a year without one, calendar days count.
    """
    day, left = last, delay
    limit = last + timedelta(days=366)
    while left > 0:
        day += DAY
        if is_working(day) or day > limit:
            left -= 1
    return day
