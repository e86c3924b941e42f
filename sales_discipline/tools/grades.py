"""Grades over months: what a composite reaches, which grade is held, and the same again after months have changed.

A grade is a number: 0 is 'below the first step', 1 the lowest; None is 'no data', or none held yet. Months are known by
their first day.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from .ladder import Step, climb
from .remuneration import move_grade


class Grid(NamedTuple):
    """The grades of a component: `steps` in order, their `names`, and after how many `months` a grade moves."""

    steps: Sequence[Step]
    names: Sequence[str]
    months: int


class Result(NamedTuple):
    """What a month came to: its composite, the grade held after it, and the name of that grade."""

    composite: float | None
    held: int | None
    name: str = ""


class Held(NamedTuple):
    """The grades `reached` by the months that decide, the last one included, the grade held before, and the one after."""

    reached: list[int | None]
    was: int | None
    held: int | None


def reach(grid: Grid, composite: float | None) -> int | None:
    """The grade that a composite reaches; None for no data."""
    if composite is None:
        return None
    step = climb(grid.steps, composite).step
    return 0 if step is None else sorted(grid.steps).index(step) + 1


def place(grid: Grid, result: Result | None) -> int | None:
    """The number that the grade held in an earlier month has among these: by its name, or else by its place."""
    if result is None or result.held is None:
        return None
    if result.name in grid.names:
        return grid.names.index(result.name) + 1
    return min(result.held, len(grid.names))


def hold(history: Mapping[date, Result], first: date, grid: Grid, composite: float | None) -> Held:
    """The grade held after a month with this composite.

    :param history: the months before it; later ones are left alone
    """
    before = (history.get(_months_before(first, n)) for n in range(grid.months - 1, 0, -1))
    reached = [reach(grid, month.composite if month else None) for month in before]
    reached.append(reach(grid, composite))
    last = max((day for day in history if day < first), default=None)
    was = place(grid, history.get(last))
    return Held(reached, was, move_grade(was, reached, grid.months))


def hold_again(
    months: Iterable[tuple[date, Grid, Result]], composites: Mapping[date, float | None]
) -> dict[date, Result]:
    """What months come to after some of their composites may have changed, by their first day.

    :param months: in order, each as it was held, by the grid that it was held by
    :param composites: those that may have changed, as they are now. From the first of them on months are held again, also
        where it is what it was: a month after it may have been held when it was not. Those before stay as they are
    """
    found: dict[date, Result] = {}
    again = False
    for first, grid, result in months:
        again = again or first in composites
        if again:
            composite = composites.get(first, result.composite)
            held = hold(found, first, grid, composite).held
            result = Result(composite, held, grid.names[held - 1] if held else "")
        found[first] = result
    return found


def _months_before(first: date, count: int) -> date:
    number = 12 * first.year + first.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)
