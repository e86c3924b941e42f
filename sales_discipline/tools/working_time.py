"""Moments counted in somebody's working time. A shift is (start, stop), naive UTC; shifts are in order and do not overlap."""

from collections.abc import Sequence
from datetime import datetime, timedelta

Shift = tuple[datetime, datetime]


def after_working(moment: datetime, minutes: int, shifts: Sequence[Shift]) -> datetime:
    """The moment at which so many minutes have been worked since `moment`. Where there is no shift any more, time passes by
    the clock, so that there is an answer for people without a schedule."""
    left = timedelta(minutes=minutes)
    for start, stop in shifts:
        start = max(start, moment)
        if start >= stop:
            continue
        if left <= stop - start:
            return start + left
        left -= stop - start
        moment = stop
    return moment + left


def next_at_work(moment: datetime, shifts: Sequence[Shift]) -> datetime | None:
    """When somebody works next: `moment` if they are at it, None if no shift is known."""
    for start, stop in shifts:
        if stop > moment:
            return max(start, moment)
    return None
