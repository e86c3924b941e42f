"""A total spread over people and months: shares, rounding to a step, and a sum that is exact.

Amounts are turned into whole numbers of the smallest unit first, so that nothing is lost to fractions.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

DIGITS = 2  # decimals of the smallest unit


class Shares(NamedTuple):
    """What `spread_matrix` is asked for: the weight of each row and of each column."""

    rows: Sequence[float]
    columns: Sequence[float]


def largest_remainder(count: int, weights: Sequence[float], start: int = 0) -> list[int]:
    """`count` whole pieces shared out by weight: everybody gets their quota rounded down, and what is left goes to the
    largest remainders.

    :param weights: at least one; negative ones count as 0, and if none is above 0 all are the same
    :param start: among equal remainders the place from which on the first ones get a piece, so that it is not
        always the same month that gets more
    """
    if not weights:
        raise ValueError("There is nothing to spread over")
    weights = [max(weight, 0.0) for weight in weights]
    whole = math.fsum(weights)
    if not whole > 0 or not math.isfinite(whole):
        weights, whole = [1.0] * len(weights), float(len(weights))
    quotas = [count * (weight / whole) for weight in weights]
    parts = [math.floor(quota + 1e-9) for quota in quotas]
    places = range(len(weights))
    order = sorted(
        (place for place in places if weights[place] > 0),
        key=lambda place: (
            -round(quotas[place] - parts[place], 9),
            -weights[place],
            (place - start) % len(weights),
        ),
    )
    left = count - sum(parts)
    step = 1 if left > 0 else -1
    chosen = order if left > 0 else [place for place in reversed(order) if parts[place] > 0]
    for number in range(abs(left)):
        parts[chosen[number % len(chosen)]] += step
    return parts


def spread(
    total: float, weights: Sequence[float], step: float, start: int = 0, digits: int = DIGITS
) -> list[float]:
    """`total` shared out by weight in multiples of `step`; the sum is `total` exactly. What is no multiple of the step
    goes to the largest share.

    :raise ValueError: for a negative total, a step that is not above zero, or nobody to spread over
    """
    if not (total >= 0 and math.isfinite(total)):
        raise ValueError("The total cannot be negative")
    if not (step > 0 and math.isfinite(step)):
        raise ValueError("The step has to be above zero")
    unit = 10**digits
    size = max(1, round(step * unit))
    count, rest = divmod(round(total * unit), size)
    parts = largest_remainder(count, weights, start)
    amounts = [part * size for part in parts]
    if rest:
        amounts[max(range(len(weights)), key=lambda place: (weights[place], -place))] += rest
    return [amount / unit for amount in amounts]


def spread_matrix(total: float, shares: Shares, step: float, digits: int = DIGITS) -> list[list[float]]:
    """A list of amounts by column for each row: first `total` over the rows, then each row over the columns, so that
    rows, too, add up to multiples of the step."""
    rows = spread(total, shares.rows, step, 0, digits)
    return [
        spread(amount, shares.columns, step, place % len(shares.columns), digits)
        for place, amount in enumerate(rows)
    ]


def grow(amount: float | None, percent: float, step: float, digits: int = DIGITS) -> float | None:
    """An amount grown by so many percent, rounded to the nearest multiple of `step` (half up), never below 0."""
    if amount is None:
        return None
    unit = 10**digits
    size = max(1, round(step * unit))
    grown = max(amount * (100.0 + percent) / 100.0, 0.0) * unit
    return math.floor(grown / size + 0.5 + 1e-9) * size / unit
