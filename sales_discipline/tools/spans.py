"""Targets as spans of days, and what becomes of them when single months are given other amounts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from .periods import DAY, period_bounds


class Span(NamedTuple):
    """An amount that is in force for every month that begins from `first` to `last`, inclusive."""

    first: date
    last: date
    amount: float


@dataclass
class Replacement:
    """What has to be done: spans to change by id, new ones, and ids that go."""

    changed: dict[int, Span] = field(default_factory=dict)
    new: list[Span] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def amount_of(spans: Iterable[Span], month: date) -> float | None:
    """The amount in force for the month that begins on `month`; None if there is none."""
    return next((span.amount for span in spans if span.first <= month <= span.last), None)


def replace_months(spans: dict[int, Span], months: dict[date, float | None]) -> Replacement:
    """Give these months (their first days) these amounts, None for none; every other month keeps its own.

    :param spans: by id, not overlapping
    """
    wanted = {month: amount for month, amount in months.items() if amount_of(spans.values(), month) != amount}
    result = Replacement(new=_get_runs(wanted))
    ranges = [period_bounds("month", month) for month in wanted]
    for key, span in spans.items():
        pieces = subtract(span, ranges)
        if not pieces:
            same = next((run for run in result.new if run[:2] == span[:2]), None)
            if same:
                result.changed[key] = same
                result.new.remove(same)
            else:
                result.gone.append(key)
        elif pieces != [span]:
            result.changed[key] = pieces[0]
            result.new += pieces[1:]
    return result


def _get_runs(months: dict[date, float | None]) -> list[Span]:
    """Months in order as spans, those that follow each other with one amount as one."""
    runs = []
    for month in sorted(months):
        amount = months[month]
        if amount is None:
            continue
        last = period_bounds("month", month)[1]
        if runs and runs[-1].last + DAY == month and runs[-1].amount == amount:
            runs[-1] = runs[-1]._replace(last=last)
        else:
            runs.append(Span(month, last, amount))
    return runs


def subtract(span: Span, ranges: Iterable[tuple[date, date]]) -> list[Span]:
    """What is left of a span without these `(first, last)` days, in order."""
    pieces = [span]
    for start, stop in sorted(ranges):
        rest = []
        for piece in pieces:
            if stop < piece.first or start > piece.last:
                rest.append(piece)
                continue
            if piece.first < start:
                rest.append(piece._replace(last=start - DAY))
            if piece.last > stop:
                rest.append(piece._replace(first=stop + DAY))
        pieces = rest
    return pieces


def differences(before: list[Span], after: list[Span]) -> list[Span]:
    """The days on which one of the two has an amount that the other has not."""
    parts = []
    for some, others in ((before, after), (after, before)):
        for span in some:
            same = [other[:2] for other in others if other.amount == span.amount]
            parts += subtract(span, same)
    return parts
