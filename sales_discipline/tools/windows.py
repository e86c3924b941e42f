"""What the engine is asked and what it answers."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Window:
    """Whose facts of which time are counted, and by when they have to be entered.

    :param key: what the caller knows the answer by; windows with the same key are summed up
    :param user_ids: ids of res.users
    :param start: naive UTC; the window is `[start, stop)`
    :param entered_by: naive UTC, inclusive: what was entered later is late and does not count
    :param first_day: the local days of the window, inclusive, for sources that are dated by the day
    :param company_id: only facts of that company; of all companies if None
    :param entered_after: naive UTC, exclusive: for what the period before left over (late policy)
    :param held: (user id, since, until) of those of the users who are meant for a time only, `[since, until)` in naive
        UTC with None for ever; a user may be here several times
    """

    key: Hashable
    user_ids: tuple[int, ...]
    start: datetime
    stop: datetime
    entered_by: datetime
    first_day: date
    last_day: date
    company_id: int | None = None
    entered_after: datetime | None = None
    held: tuple[tuple[int, datetime | None, datetime | None], ...] = ()

    @property
    def as_of(self) -> datetime:
        """The moment at which a state is looked at."""
        return min(self.stop, self.entered_by)

    def get_parts(self) -> list[tuple[int, datetime, datetime, datetime | None]]:
        """(user id, start, stop, as_of) of each user, or of each time that one is meant for; None as the moment at which a
        state is looked at if it lies outside."""
        as_of = self.as_of
        if not self.held:
            return [(user_id, self.start, self.stop, as_of) for user_id in self.user_ids]
        limited = {user_id for user_id, _since, _until in self.held}
        times = [(user_id, None, None) for user_id in self.user_ids if user_id not in limited]
        times += [held for held in self.held if held[0] in self.user_ids]
        parts = []
        for user_id, since, until in times:
            start, stop = max(since or self.start, self.start), min(until or self.stop, self.stop)
            is_held = (since is None or since <= as_of) and (until is None or as_of < until)
            if start < stop:
                parts.append((user_id, start, stop, as_of if is_held else None))
        return parts


class Measure(NamedTuple):
    """What was counted: `value` (None for 'no data'), `late` beside it, and for sources that keep no ledger
    the `ids` of the records counted."""

    value: float | None
    late: float = 0.0
    ids: tuple[int, ...] = ()
