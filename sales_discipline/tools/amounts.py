"""Which numbers can be stored and added up, so that nothing comes out as infinity or as no number at all."""

MOST = 1e15  # above it a float has no cents


def is_amount(value) -> bool:
    """Whether it is a number of less than MOST, plus or minus; NaN and infinity are not."""
    return isinstance(value, int | float) and abs(value) < MOST
