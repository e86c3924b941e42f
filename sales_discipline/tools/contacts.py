"""Contacts with clients spread over people and their working days."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import NamedTuple


class Contact(NamedTuple):
    """One contact: with whom, by whom, on which day."""

    client: Hashable
    person: Hashable
    day: date


def spread_contacts(
    clients: Sequence[tuple[Hashable, Hashable | None]],
    turns: Sequence[Hashable],
    days: Mapping[Hashable, Sequence[date]],
    per_day: int,
    taken: Mapping[tuple[Hashable, date], int] | None = None,
) -> tuple[list[Contact], list[Hashable]]:
    """Give each client a person and a day: the first ones the earliest days, nobody more than `per_day` on one.

    :param clients: (client, who is to do it) in order of importance; None: those in `turns`, in turns
    :param turns: people, each once; whoever has no day left is passed over
    :param days: the working days of each person, in order; somebody without an entry has none
    :param per_day: at least 1
    :param taken: how many contacts a person has on a day already
    :return: the contacts, in the order of the clients, and the clients that no day was found for
    :raise ValueError: if `per_day` is below 1
    """
    if per_day < 1:
        raise ValueError("At least one contact a day")
    taken = taken or {}
    people = dict.fromkeys([*turns, *(person for _client, person in clients if person is not None)])
    slots = {person: _iter_slots(person, days.get(person, ()), per_day, taken) for person in people}
    given = dict.fromkeys(turns, 0)
    places = {person: place for place, person in enumerate(given)}
    contacts, left = [], []
    for client, person in clients:
        day = next(slots[person], None) if person is not None else None
        while person is None and given and day is None:
            person = min(given, key=lambda one: (given[one], places[one]))
            day = next(slots[person], None)
            if day is None:
                del given[person]  # no day left
                person = None
        if day is None:
            left.append(client)
            continue
        if person in given:
            given[person] += 1
        contacts.append(Contact(client, person, day))
    return contacts, left


def _iter_slots(person, days: Sequence[date], per_day: int, taken: Mapping):
    """The days of one person, each as often as there is room on it."""
    for day in days:
        for _number in range(per_day - taken.get((person, day), 0)):
            yield day


def count_contacts(contacts: Sequence[tuple]) -> dict[Hashable, dict[date, int]]:
    """`{person: {day: contacts}}` of (client, person, day), people in order of appearance."""
    table = {}
    for _client, person, day in contacts:
        row = table.setdefault(person, {})
        row[day] = row.get(day, 0) + 1
    return table
