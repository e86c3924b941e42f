"""Where the working time of the demo company's salespeople goes, in the weeks in which it was asked."""

from datetime import date, timedelta
from random import Random

from .calendar import DAY
from .people import PEOPLE

# name, weeks before this one, whether it is over, what an hour costs: an amount, or None for wages
STUDIES = [
    ("Where Our Time Goes: Before the New Forms", 11, True, 42.0),
    ("Where Our Time Goes: After the New Forms", 3, True, None),
    ("Where Our Time Goes: This Week", 0, False, None),
]
NOTE = "Please enter what your time goes into, a minute or two a day. We want to take paperwork off you, not to check on you."
# category, weight of an hour in the first study and later (less paperwork), notes
PARTS = [
    ("calls", 26, 30, ["Calls to open offers", "Meeting at the customer's", "First meeting", ""]),
    ("proposals", 14, 15, ["Offer for the QC lab", "Second version", ""]),
    ("search", 8, 9, ["Trade fair contacts", ""]),
    ("development", 8, 9, ["Yearly talk", ""]),
    ("orders", 16, 11, ["Delivery notes", "Export papers", "Order entry", ""]),
    ("claims", 7, 6, ["Broken probe", "Late delivery", ""]),
    ("payments", 5, 4, ["Open invoices", ""]),
    ("reports", 9, 7, ["Weekly report", "Team meeting", ""]),
    ("travel", 5, 6, [""]),
    ("training", 2, 3, ["Aurora 400", ""]),
]
SELLING = {"calls", "proposals", "search", "development"}
TOO_LITTLE = "dmitry"  # enters a day or so of the week
FORGETS = "megan"  # leaves the last day out
PAST_GUESS = 0.72  # people take their time that is not selling for less than it is


def tell(calendar, number: int) -> list[tuple]:
    """The entries of one study: `(key of the person, day, category, minutes, note)`.

    :param number: of the study in STUDIES
    """
    _name, weeks, _over, _cost = STUDIES[number]
    today = calendar.now.date()
    monday = today - today.weekday() * DAY - timedelta(weeks=weeks)
    rows = []
    for person in PEOPLE:
        random = Random(f"{person.key} {number} {calendar.start}")
        for index in range(5):
            day = monday + index * DAY
            if day > today or not calendar.works(person, day) or _is_left_out(person, index):
                continue
            rows += _tell_day(random, person, day, number, day == today)
    return rows


def first_day(calendar, number: int) -> date:
    today = calendar.now.date()
    return today - today.weekday() * DAY - timedelta(weeks=STUDIES[number][1])


def guess(rows: list[tuple], key: str) -> int | None:
    """What somebody had estimated, in percent: less than it was, to the next five."""
    own = [(category, minutes) for person, _day, category, minutes, _note in rows if person == key]
    total = sum(minutes for _category, minutes in own)
    if not total:
        return None
    idle = sum(minutes for category, minutes in own if category not in SELLING)
    return round(100 * PAST_GUESS * idle / total / 5) * 5


def _is_left_out(person, index: int) -> bool:
    return (person.key == TOO_LITTLE and index > 0) or (person.key == FORGETS and index == 4)


def _tell_day(random, person, day, number: int, is_today: bool) -> list[tuple]:
    """One day: most of the hours, in pieces of a quarter of an hour and more."""
    left = int(480 * person.share * random.uniform(0.84, 1.0) * (0.55 if is_today else 1)) // 5 * 5
    weights = []
    for category, first, later, _notes in PARTS:
        weight = first if number == 0 else later
        # who works with care sells more of the time, who does not repairs more
        weights.append(weight * (person.diligence if category in SELLING else 1.8 - 0.8 * person.care))
    rows = []
    while left >= 15:
        category, _first, _later, notes = random.choices(PARTS, weights)[0]
        minutes = min(left, random.choice((15, 30, 30, 45, 60, 60, 90)))
        rows.append((person.key, day, category, minutes, random.choice(notes)))
        left -= minutes
    return rows
