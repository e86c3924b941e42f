"""A target proposed from what people have reached."""

import math
from collections.abc import Iterable

from odoo.tools.float_utils import float_round

ENOUGH_HOURS = 0.5  # share of a full period that somebody has to be there for it to tell anything


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value that `share` (0 to 1) of `values` do not exceed, between two neighbours in proportion, as
    spreadsheets do; None without values."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def suggest(values: Iterable[float], higher_is_better: bool, whole: bool) -> float | None:
    """What one in five reaches: the 80th percentile of what people reached, the 20th where lower is better.

    :param whole: a whole number (half up), for what is counted in pieces
    :return: None without values
    """
    found = percentile(values, 0.8 if higher_is_better else 0.2)
    return found if found is None else float_round(found, precision_digits=0 if whole else 2)


def full_time(value: float, hours: float, norm_hours: float) -> float | None:
    """What `value` reached in `hours` comes to in a full period of `norm_hours`; None if they are too few to tell."""
    if norm_hours <= 0 or hours >= norm_hours:
        return value
    return value * norm_hours / hours if hours >= ENOUGH_HOURS * norm_hours else None
