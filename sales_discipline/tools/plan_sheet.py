"""A sheet of targets, who x months, read cell by cell: what is wrong with it, in a code per row that the caller words.

Cells are what a spreadsheet library gives: `(kind, value)` with kind 'empty', 'number', 'text', 'date', 'formula' or
'other'.
"""

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from .amounts import MOST

KEY = re.compile(r"^(company|team|each|person):(\d{1,9})$")
MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")


class Fault(NamedTuple):
    """What is wrong in a row (its number as people see it); `column` is the heading, '' for the row as a whole."""

    row: int
    column: str
    code: str
    value: str = ""


class Row(NamedTuple):
    """A row that can be read: `key` is ('person', 12) or None, `amounts` by month, None for an empty cell."""

    number: int
    key: tuple[str, int] | None
    name: str
    amounts: dict[date, float | None]


def parse_month(kind: str, value) -> date | None:
    """The month of a heading: a date of the first day, or a text like 2026-05; None if it is neither."""
    if kind == "date" and isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return day if day.day == 1 else None
    found = MONTH.match(value.strip()) if kind == "text" else None
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) >= 1:
        return date(int(found[1]), int(found[2]), 1)
    return None


def parse_amount(kind: str, value) -> tuple[float | None, str | None]:
    """`(amount, None)`, or `(None, code of what is wrong)`; an empty cell is no target."""
    if kind == "empty" or (kind == "text" and not value.strip()):
        return None, None
    if kind == "formula":
        return None, "formula"
    if kind != "number" or not math.isfinite(value) or value >= MOST:
        return None, "number"
    return (float(value), None) if value >= 0 else (None, "negative")


def parse_key(kind: str, value) -> tuple[tuple[str, int] | None, str | None]:
    """`(('person', 12), None)`, `(None, None)` for an empty cell, or `(None, code)`."""
    if kind == "empty" or (kind == "text" and not value.strip()):
        return None, None
    found = KEY.match(value.strip()) if kind == "text" else None
    return ((found[1], int(found[2])), None) if found else (None, "key")


def parse_rows(
    rows: Iterable[tuple[int, list[tuple]]], months: list[date], labels: list[str]
) -> tuple[list[Row], list[Fault]]:
    """The rows below the headings: key, name, (anything), then a cell a month.

    :param rows: `(number of the row, its cells)`; rows without any content are left out
    """
    good, faults = [], []
    for number, cells in rows:
        cells = [*cells, *[("empty", None)] * (3 + len(months) - len(cells))]
        if all(kind == "empty" for kind, _value in cells):
            continue
        key, wrong = parse_key(*cells[0])
        found = [Fault(number, "", wrong, str(cells[0][1]))] if wrong else []
        name = str(cells[1][1]).strip() if cells[1][0] != "empty" else ""
        amounts = {}
        for month, label, (kind, value) in zip(months, labels, cells[3:], strict=False):
            amounts[month], wrong = parse_amount(kind, value)
            if wrong:
                found.append(Fault(number, label, wrong, str(value)))
        if not found:
            good.append(Row(number, key, name, amounts))
        faults += found
    return good, faults
