"""Sales plans of the demo company: what each person was to sell in each month.

They are made from what was sold, so that the story is always the same, on whatever day it is told: most plans are met
most of the time, one team's is out of reach, and one person misses what the colleagues meet.
"""

from datetime import date

from .content import PRODUCTS
from .people import PEOPLE
from .simulation import SEASON

USUAL = {"key": 40000, "new": 35000, "americas": 50000}  # of a full-time member, if nothing has been sold yet
OUT_OF_REACH = "americas"
ALONE = "tobias"
LOOK_BACK = 7  # months
MET = 0.72  # share of the months in which a usual plan is met


def months_of(calendar) -> list[date]:
    """First days of the months planned: of the whole story, to the end of the year or two months on."""
    today = calendar.now.date()
    last = max(date(today.year, 12, 1), add_months(today, 2))
    months = [calendar.start.replace(day=1)]
    while months[-1] < last:
        months.append(add_months(months[-1], 1))
    return months


def add_months(day: date, count: int) -> date:
    """The first day of the month so many months later."""
    month = day.year * 12 + day.month - 1 + count
    return date(month // 12, month % 12 + 1, 1)


def plan_sales(story) -> dict[str, dict[date, int]]:
    """`{key of a person: {first of a month: amount}}`; who was hired later has none before."""
    calendar = story.calendar
    sold = get_sold(story)
    today = calendar.now.date()
    closed = [month for month in months_of(calendar) if add_months(month, 1) <= today][-LOOK_BACK:]
    closed = [month for month in closed if month >= calendar.start]
    levels = _get_levels(sold, closed)
    return {
        person.key: {
            month: _round(levels[person.key] * SEASON.get(month.month, 1.0))
            for month in months_of(calendar)
            if person.situation != "hired" or month >= calendar.hired.replace(day=1)
        }
        for person in PEOPLE
    }


def _get_levels(sold, closed) -> dict[str, float]:
    """What each person is to sell in a usual month."""
    levels = {}
    for person in PEOPLE:
        usual = USUAL[person.team] * person.share
        amounts = sorted(sold.get((person.key, month), 0.0) for month in closed)
        if person.situation == "hired":
            usual *= 0.5
        elif amounts:
            missed = int((1 - MET) * len(amounts))  # months that may be
            at_least = min(0.4 * usual, amounts[min(missed + 1, len(amounts) - 1)])
            usual = max(at_least, amounts[missed])
        levels[person.key] = usual
    if closed:
        seconds = [
            sorted(sold.get((person.key, month), 0.0) for person in PEOPLE if person.team == OUT_OF_REACH)[-2]
            for month in closed
        ]
        for person in PEOPLE:
            if person.team == OUT_OF_REACH:
                levels[person.key] = 1.06 * max(seconds)
        alone = sorted(sold.get((ALONE, month), 0.0) for month in closed)
        levels[ALONE] = max(levels["jonas"], 1.06 * alone[-2])
    return levels


def get_sold(story) -> dict[tuple[str, date], float]:
    """Orders confirmed, without taxes, by person and month."""
    sold = {}
    for order in story.orders:
        if order.confirmed:
            key = order.owner.key, story.calendar.local_date(order.owner, order.confirmed).replace(day=1)
            amount = sum(PRODUCTS[index][2] * quantity for index, quantity in order.items)
            sold[key] = sold.get(key, 0.0) + amount * (1 - order.discount / 100)
    return sold


def _round(amount: float) -> int:
    """To a thousand, as plans are, and not above what was to be met."""
    return max(1000, int(amount // 1000) * 1000)
