"""Sales plans of the demo company: what each person was to sell in each month.

They are made from what was sold, so that the story is always the same, on whatever day it is told: most plans are met
most of the time, one team's is out of reach, and one person misses what the colleagues meet.
"""

from datetime import date

from ..tools import realism
from .content import PRODUCTS
from .people import PEOPLE
from .simulation import SEASON

USUAL = {"key": 40000, "new": 35000, "americas": 50000}  # of a full-time member, if nothing has been sold yet
OUT_OF_REACH = "americas"
ALONE = "tobias"
LOOK_BACK = 7  # months
MISSED = 2  # of these, in which a usual plan is missed at first


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
    """`{key of a person: {first of a month: amount}}`; who was hired later has none before.

    Everybody may miss `MISSED` months. Whoever would stand out then, but for the one who is to, gets a lower plan.
    """
    sold = get_sold(story)
    missed = {person.key: MISSED for person in PEOPLE}
    plans = _get_plans(story, sold, missed)
    for _talk in range(MISSED):
        found = {team: _find_lonely(story, sold, plans, team) for team in USUAL if team != OUT_OF_REACH}
        others = set().union(*found.values()) - {ALONE}
        if ALONE not in found["key"]:  # too many miss their plans for anybody to stand out
            others |= {person.key for person in PEOPLE if person.team == "key"}
        if not others:
            break
        missed.update({key: missed[key] - 1 for key in others if missed[key]})
        plans = _get_plans(story, sold, missed)
    return plans


def _find_lonely(story, sold, plans, team) -> set[str]:
    """Who of a team misses what the others meet, as the addon judges it."""
    settings = realism.Settings(seasonal=frozenset(SEASON))
    results = []
    for number, person in enumerate(PEOPLE):
        for month in _get_closed(story.calendar):
            if person.team == team and person.situation != "hired":
                plan, fact = plans[person.key][month], sold.get((person.key, month), 0.0)
                results.append(realism.Result(number, month, fact, 100 * fact / plan, fact < plan))
    return {PEOPLE[lonely.person].key for lonely in realism.judge(results, settings).training}


def _get_closed(calendar) -> list[date]:
    """The months of the story that are over."""
    return [month for month in months_of(calendar) if add_months(month, 1) <= calendar.now.date()]


def _get_plans(story, sold, missed) -> dict[str, dict[date, int]]:
    """The plans by which each person misses so many of the last months."""
    calendar = story.calendar
    closed = [month for month in _get_closed(calendar) if month >= calendar.start][-LOOK_BACK:]
    levels = _get_levels(sold, closed, missed)
    return {
        person.key: {
            month: _round(levels[person.key] * SEASON.get(month.month, 1.0))
            for month in months_of(calendar)
            if person.situation != "hired" or month >= calendar.hired.replace(day=1)
        }
        for person in PEOPLE
    }


def _get_levels(sold, closed, missed) -> dict[str, float]:
    """What each person is to sell in a usual month."""
    levels = {}
    for person in PEOPLE:
        usual = USUAL[person.team] * person.share
        amounts = sorted(sold.get((person.key, month), 0.0) for month in closed)
        if person.situation == "hired":
            usual *= 0.5
        elif amounts:
            may = min(missed[person.key], len(amounts) - 1)
            usual = max(min(0.4 * usual, amounts[min(may + 1, len(amounts) - 1)]), amounts[may])
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
