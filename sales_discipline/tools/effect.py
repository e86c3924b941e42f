"""What a sales program brings: the days it is compared with, its pace, and the change against before."""

from datetime import date, timedelta

BEFORE, YEAR = "before", "year"


def baseline(kind: str, date_from: date, date_to: date) -> tuple[date, date]:
    """The days that `date_from` .. `date_to` are compared with, inclusive and as many: those just before, or those
    that begin on the same day a year before (the 28th for a 29th of February).

    :raise ValueError: for another kind
    """
    length = date_to - date_from
    if kind == BEFORE:
        last = date_from - timedelta(days=1)
        return last - length, last
    if kind == YEAR:
        leap = (date_from.month, date_from.day) == (2, 29)
        first = date_from.replace(year=date_from.year - 1, day=28 if leap else date_from.day)
        return first, first + length
    raise ValueError(f"Unknown comparison: {kind!r}")


def days_passed(date_from: date, date_to: date, current: date) -> int:
    """How many of these days have begun by `current`: 0 before the first, all of them after the last."""
    return max(0, (min(date_to, current) - date_from).days + 1)


def forecast(value: float, passed: float, total: float) -> float | None:
    """Where `value`, reached in `passed` of `total` days, comes out at this pace; None before there is any."""
    return value * total / passed if passed > 0 else None


def outcome(value: float, so_far: float, before: float, passed: float, total: float) -> float | None:
    """Where `value`, reached in `passed` of `total` days, comes out if what is beyond `so_far`, the same days before, goes
    on growing at this pace on top of `before`, all days before; never below what is reached. None before there is any."""
    beyond = forecast(value - so_far, passed, total)
    return None if beyond is None else max(value, before + beyond)


def change(value: float | None, before: float | None) -> float | None:
    """By how many percent `value` is above `before` (below: negative); None where there was nothing before."""
    if value is None or before is None or before <= 0:
        return None
    return 100.0 * (value - before) / before


def share(part: float | None, whole: float | None) -> float | None:
    """`part` in percent of `whole`; None without a whole."""
    return 100.0 * part / whole if part is not None and whole else None
