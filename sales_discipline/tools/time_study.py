"""What a study of working time comes to: shares of selling and of everything else, of one person and of many.

Minutes are whole; shares are percentages, None where there is nothing to divide by.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

KINDS = ("selling", "servicing", "other")
DAY_MINUTES = 24 * 60
# what is counted of a timer that was started after work and forgotten
AFTER_HOURS = timedelta(hours=1)


def timer_end(
    started: datetime, seen: datetime, midnight: datetime, day_end: datetime | None
) -> tuple[datetime, bool]:
    """When a timer that is looked at at that moment (`seen`) ends, and whether it had been forgotten.

    One that still runs after the midnight that ends its day was forgotten: it ends with the working day, or, started
    after that or on a day off, an hour after its start.

    :param midnight: that ends the local day on which it was started
    :param day_end: of the working day, None on a day off
    """
    if seen < midnight:
        return max(started, seen), False
    if day_end and day_end > started:
        return min(day_end, midnight), True
    return min(started + AFTER_HOURS, midnight), True


def minutes_between(start: datetime, stop: datetime) -> int:
    """Whole minutes, rounded; half a minute counts as one."""
    return int((stop - start).total_seconds() + 30) // 60


def percent(part: float, whole: float) -> float | None:
    return 100.0 * part / whole if whole else None


def mean_rate(rates: list) -> float | None:
    """The mean of what an hour of each person costs; None if that of one of them is not known."""
    return sum(rates) / len(rates) if rates and None not in rates else None


def money(minutes: float, rate: float | None) -> float | None:
    """What so many minutes cost at so much an hour."""
    return None if rate is None else minutes / 60 * rate


class Person(NamedTuple):
    """One participant: minutes by kind, by schedule so far, the self-estimate in percent or None."""

    id: int
    minutes: dict
    planned: int
    estimate: float | None


class Summary(NamedTuple):
    """What one person or several come to. `gap`: by how many points the share is above the estimate of those who
    gave one."""

    people: int
    planned: int
    total: int
    minutes: dict
    idle: int  # minutes that were not selling
    share: float | None
    coverage: float | None
    estimate: float | None
    gap: float | None


def summarize(people: list[Person]) -> Summary:
    """Sums first, then shares: a group's share is that of all its minutes, never a mean of shares. Its estimate is
    weighed by the same minutes, so that both are of the same time."""
    minutes = {kind: sum(person.minutes.get(kind, 0) for person in people) for kind in KINDS}
    total = sum(minutes.values())
    idle = total - minutes["selling"]
    planned = sum(person.planned for person in people)
    guessed = [person for person in people if person.estimate is not None and _total(person)]
    weight = sum(_total(person) for person in guessed)
    if weight:
        estimate = sum(person.estimate * _total(person) for person in guessed) / weight
        gap = 100.0 * sum(_idle(person) for person in guessed) / weight - estimate
    else:
        given = [person.estimate for person in people if person.estimate is not None]
        estimate, gap = (sum(given) / len(given) if given else None), None
    return Summary(
        len(people),
        planned,
        total,
        minutes,
        idle,
        percent(idle, total),
        percent(total, planned),
        estimate,
        gap,
    )


def is_enough(person: Person, limit: float) -> bool:
    """Whether somebody entered enough of the scheduled time to be counted; who had none to work needs any entry."""
    total = _total(person)
    return total > 0 and 100.0 * total >= limit * person.planned


def hidden_groups(sizes: dict, least: int) -> set:
    """Of which groups a mean of something private is not told: those of fewer people than `least`; and the smallest
    others, if what is left untold could be worked out from the whole."""
    hidden = {key for key, size in sizes.items() if size < least}
    rest = sorted((size, str(key), key) for key, size in sizes.items() if key not in hidden)
    untold = sum(sizes[key] for key in hidden)
    for size, _name, key in rest:
        if not 0 < untold < least:
            break
        hidden.add(key)
        untold += size
    return hidden


def _total(person: Person) -> int:
    return sum(person.minutes.values())


def _idle(person: Person) -> int:
    return _total(person) - person.minutes.get("selling", 0)
