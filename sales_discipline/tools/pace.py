"""Where one should be by now: the part of a target that falls on the time gone by."""


def expected(target: float | None, passed: float, total: float) -> float | None:
    """What is due of `target` after `passed` of `total` (working hours or days of the period, the same for both).

    Before the period it is 0, after it the whole target. `None` without a target, or if nobody works in the period:
    then there is no pace to keep.
    """
    if target is None or total <= 0:
        return None
    return target * (min(max(passed, 0.0), total) / total)
