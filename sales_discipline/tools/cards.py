"""A scorecard as scoring sees it."""

from datetime import date, datetime
from typing import NamedTuple


class Card(NamedTuple):
    """Whose scorecard of which period it is: plain values, so that one can be scored before it is stored.

    :param id: of the scorecard, stored or about to be; the others are its fields, ids of records
    :param deadline: naive UTC
    """

    id: int
    employee_id: int
    user_id: int
    team_id: int | None
    plan_id: int
    company_id: int
    period: str
    trial: bool
    date_from: date
    date_to: date
    tz: str
    hours: float
    scheduled_hours: float
    norm_hours: float
    deadline: datetime
