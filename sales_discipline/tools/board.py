"""What stands below many people: the sum of a column, and who comes first.

`None` means 'no data': it is left out of sums and means, and a column without any has none either.
"""

from collections.abc import Iterable
from typing import NamedTuple

from odoo.tools.float_utils import float_round

PRECISION = 6


class Cell(NamedTuple):
    """One indicator of one person, or of several."""

    fact: float | None
    target: float | None
    change: float | None  # against the period before
    green_from: float
    yellow_from: float


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those that there are."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def add_up(values: Iterable[float | None]) -> float | None:
    """The sum of those that there are."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def total(cells: Iterable[Cell], is_sum: bool) -> Cell | None:
    """One column of several people: what they have done together against what they were to do, or the mean of both
    where a sum says nothing (percent, scores). None if nobody has data.

    Who has no data is left out of the target too, and without everybody's target there is none for all. Changes are
    added up over those who have a period before; means have none, for others may have been there then. The
    thresholds are the mean ones.
    """
    known = [cell for cell in cells if cell.fact is not None]
    if not known:
        return None
    together = add_up if is_sum else mean
    targets = [cell.target for cell in known]
    return Cell(
        together(cell.fact for cell in known),
        None if None in targets else together(targets),
        add_up(cell.change for cell in known) if is_sum else None,
        mean(cell.green_from for cell in known),
        mean(cell.yellow_from for cell in known),
    )


def ranks(scores: Iterable[tuple]) -> list[int]:
    """The rank of each score (a tuple of numbers or None, more is better, the first counts most): equals share a rank,
    and the next one's counts them all. No data comes last."""
    keys = [
        tuple((value is not None, float_round(value or 0.0, PRECISION)) for value in score)
        for score in scores
    ]
    first = {}
    for place, key in enumerate(sorted(keys, reverse=True), start=1):
        first.setdefault(key, place)
    return [first[key] for key in keys]
