"""Where one should be by now: the part of a target that falls on the time gone by."""

from datetime import date


def hours_passed(days: dict[date, float], current: date, hour: float, end_hour: float) -> float:
    """Working hours gone by at the local `hour` (14.5 is half past two) of the day `current`.

    :param days: hours of work of each day; those of the current one are taken to be the last ones before `end_hour`
    """
    planned = days.get(current, 0.0)
    worked = min(max(planned - (end_hour - hour), 0.0), planned)
    return sum(hours for day, hours in days.items() if day < current) + worked


def expected(target: float | None, passed: float, total: float) -> float | None:
    """What is due of `target` after `passed` of `total` (working hours or days of the period, the same for both).

    Before the period it is 0, after it the whole target. `None` without a target, or if nobody works in the period:
    then there is no pace to keep.
    """
    if target is None or total <= 0:
        return None
    return target * (min(max(passed, 0.0), total) / total)
