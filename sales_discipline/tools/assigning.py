"""Who gets what has come in: fair turns among those who are at work."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be given something. `at_work`: when they work next, the moment itself if they are at it, None if
    nobody knows; `capacity`: what they can take in a day; `load`: what they were given in the last one; `last`: when."""

    at_work: datetime | None
    capacity: float
    load: int = 0
    last: datetime | None = None


@dataclass(frozen=True)
class Wish:
    """What is to be given, whom it fits, and who of them would rather have it than others."""

    key: Hashable
    fits: frozenset
    preferred: frozenset = frozenset()


def hand_out(
    wishes: Iterable[Wish], candidates: Mapping[Hashable, Candidate], moment: datetime
) -> dict[Hashable, Hashable]:
    """`{key of a wish: key of whoever gets it}`; those that fit nobody are left out.

    Whoever is at work comes before whoever comes in first; then those who want such things, those with room, who has the
    least for their capacity, and who has waited longest. Each one given counts for the next.
    """
    people, result = dict(candidates), {}
    for wish in wishes:
        able = [key for key in wish.fits if key in people]
        if able:
            chosen = min(able, key=lambda key, wish=wish: _rank(key, people[key], key in wish.preferred))
            one = people[chosen]
            people[chosen] = replace(one, load=one.load + 1, last=moment)
            result[wish.key] = chosen
    return result


def _rank(key, one: Candidate, wants: bool) -> tuple:
    room = one.capacity - one.load
    share = one.load / one.capacity if one.capacity > 0 else float("inf")
    return (
        one.at_work or datetime.max,
        not wants,
        room < 1,
        share,
        one.last or datetime.min,
        key,
    )
