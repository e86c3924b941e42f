"""Ladders: steps that each run from their threshold, inclusive, up to the next one (design: tier).

There are no upper bounds, so there are no gaps and no overlaps. Below the first step the value is 0. Values are
what the caller says they are: a percentage, or an amount of money.
"""

from collections.abc import Iterable
from itertools import pairwise, zip_longest
from math import inf
from typing import NamedTuple

from odoo.tools.float_utils import float_compare

PRECISION = 6  # decimals at which a result is held against a threshold


class Step(NamedTuple):
    """A step: from `threshold` (inclusive) on, `value` holds. `id` is the caller's, to name the step reached."""

    threshold: float
    value: float
    id: int | None = None


class Climb(NamedTuple):
    """Where a result stands on a ladder: the step reached (None below the first) and the one after it (None at the top)."""

    step: Step | None
    next: Step | None

    @property
    def value(self) -> float:
        """The value that holds, 0 below the first step."""
        return self.step.value if self.step else 0.0

    def missing(self, result: float) -> float | None:
        """By how much `result` falls short of the next step; None at the top."""
        return self.next.threshold - result if self.next else None


def climb(steps: Iterable[Step], result: float | None) -> Climb:
    """Where `result` stands; 'no data' (None) stands below the first step."""
    reached = None
    for step in sorted(steps):
        if result is None or float_compare(result, step.threshold, PRECISION) < 0:
            return Climb(reached, step)
        reached = step
    return Climb(reached, None)


def progress(found: Climb, result: float) -> float | None:
    """How much of the way to the next step is gone, 0..100 percent of what lies between it and the one reached; None at
    the top. Below the first step the way begins at 0."""
    if not found.next:
        return None
    start = found.step.threshold if found.step else 0.0
    way = found.next.threshold - start
    return min(max(100.0 * (result - start) / way, 0.0), 100.0) if way > 0 else 0.0


def marginal(steps: Iterable[Step], volume: float) -> float:
    """Sum of each step's percentage of the part of `volume` that lies on it, not rounded.

    5 % from 200,000 and 7 % from 400,000: 400,000 earns 5 % of the 200,000 above the first threshold.
    """
    ordered = sorted(steps)
    tops = [step.threshold for step in ordered[1:]]
    return sum(
        max(0.0, min(volume, top) - step.threshold) * step.value / 100.0
        for step, top in zip_longest(ordered, tops, fillvalue=inf)
    )


def whole(steps: Iterable[Step], volume: float) -> float:
    """The percentage reached by `volume`, of the whole of it, not rounded."""
    return volume * climb(steps, volume).value / 100.0


def loss(steps: Iterable[Step]) -> tuple[Step, float, float] | None:
    """Where the percentage reached, of the whole volume, makes more earn less: the first such step, what the volumes just
    below it earn, and from which volume on as much is earned again (inf: never). None if it never does."""
    ordered = sorted(steps)
    for before, after in pairwise(ordered):
        if after.value < before.value and after.threshold > 0:
            best = after.threshold * before.value / 100.0
            return after, best, _reaching(ordered[ordered.index(after) :], best)
    return None


def _reaching(steps: list[Step], amount: float) -> float:
    """The least volume on these steps, in order, whose percentage is that amount; inf if none is."""
    tops = [step.threshold for step in steps[1:]]
    for step, top in zip_longest(steps, tops, fillvalue=inf):
        volume = max(step.threshold, amount * 100.0 / step.value) if step.value else inf
        if volume < top:
            return volume
    return inf


def falls(steps: Iterable[Step]) -> Step | None:
    """The first step whose value is lower than the one before it: beyond it, more can earn less. None if it never falls."""
    ordered = sorted(steps)
    return next((after for before, after in pairwise(ordered) if after.value < before.value), None)
