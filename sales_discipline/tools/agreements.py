"""Forecast agreements with clients: by the quarter, beside what has been sold by now."""

from datetime import date

from .effect import days_passed, share
from .sales_plan import add_months, plan_bounds

YELLOW_FROM = 80.0  # percent of what is due by now


def quarter_of(day: date) -> tuple[date, date]:
    """First and last day of the quarter that `day` lies in."""
    return plan_bounds("quarter", day)


def next_quarter(day: date) -> date:
    """First day of the quarter after that of `day`."""
    return add_months(quarter_of(day)[0], 3)


def last_year(first: date) -> tuple[date, date]:
    """The same quarter a year before."""
    return quarter_of(add_months(first, -12))


def expected(amount: float, date_from: date, date_to: date, current: date) -> float:
    """What is due of `amount` by the end of `current`, spread evenly over the days."""
    return amount * days_passed(date_from, date_to, current) / ((date_to - date_from).days + 1)


def zone(amount: float, actual: float, date_from: date, date_to: date, current: date) -> str:
    """Where an agreement stands by now: green for what is due or more, yellow from YELLOW_FROM percent of it, else red;
    none before the quarter, or without an amount."""
    reached = share(actual, expected(amount, date_from, date_to, current))
    if reached is None:
        return "none"
    if reached >= 100:
        return "green"
    return "yellow" if reached >= YELLOW_FROM else "red"


def propose(year_ago: float, twelve_months: float, growth: float) -> float:
    """What to agree on: the same quarter a year before with `growth` percent more, or a quarter of the last twelve
    months where nothing was bought then; never below zero."""
    base = year_ago if year_ago > 0 else twelve_months / 4
    return max(0.0, base * (1 + growth / 100))
