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

    @property
    def as_of(self) -> datetime:
        """The moment at which a state is looked at."""
        return min(self.stop, self.entered_by)


class Measure(NamedTuple):
    """What was counted: `value` (None for 'no data'), `late` beside it, and for sources that keep no ledger
    the `ids` of the records counted."""

    value: float | None
    late: float = 0.0
    ids: tuple[int, ...] = ()
