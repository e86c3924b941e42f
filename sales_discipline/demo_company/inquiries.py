"""Inquiries from the web site: leads that somebody answers sooner or later, or never."""

from datetime import timedelta
from math import log

from .calendar import DAY
from .content import LOST_REASONS

# inquiries a day for somebody full-time, by team
USUAL = {"key": 0.12, "new": 0.26, "americas": 0.20}
CLOSING = 17 * 60 + 40  # minutes after midnight: what comes later is answered the next morning


def receive(worker, day) -> None:
    """What comes in on this day for that person, and what becomes of it."""
    person, random = worker.person, worker.random
    if random.random() >= USUAL[person.team] * person.share:
        return
    minutes = random.triangular(7 * 60, 20 * 60, 11 * 60)
    arrived = worker.calendar.moment(person, day, minutes)
    if arrived > worker.calendar.now:
        return
    lead = worker.market.new_inquiry(person, random, arrived)
    if random.random() < 0.5 * (1 - person.care):
        return  # nobody ever looks at it
    day, moment = _answered(worker, day, minutes)
    if moment > worker.calendar.now:
        return
    kind = random.choice(["call_warm", "call_warm", "email"])
    task = worker._task(kind, lead.customer, lead, max(arrived, moment - timedelta(minutes=8)), day)
    task.summary = "Answer the inquiry"
    worker._done(task, moment)
    _decide(worker, lead, day, moment)


def _answered(worker, day, minutes):
    """When somebody answers what came in at so many minutes of that day: (local day, UTC moment)."""
    person, random = worker.person, worker.random
    wait = random.lognormvariate(log(22 / person.care**6), 0.7)
    end = 13 * 60 if person.share < 1 else CLOSING
    minutes = max(minutes, 8 * 60 + 35) + wait
    if minutes > end:
        day = worker.calendar.next_day(person, day + DAY)
        minutes = 8 * 60 + 35 + min(wait, 200) * random.random()
    return day, worker.calendar.moment(person, day, minutes)


def _decide(worker, lead, day, moment) -> None:
    """An inquiry that was answered becomes an opportunity, is dropped, or has to wait."""
    random, calendar = worker.random, worker.calendar
    chance, later = random.random(), moment + timedelta(minutes=random.randint(3, 90))
    if chance < 0.42 and later <= calendar.now:
        lead.is_lead, lead.created, lead.stage_since = False, later, later
        lead.customer.created = later
        worker.market.customers.append(lead.customer)
        worker.customers.append(lead.customer)
        worker.deals.append(lead)
        worker._plan(lead, later, day, surely=True)
        return
    given_up = later if chance < 0.8 else calendar.moment(worker.person, day + 20 * DAY, 16 * 60)
    if given_up <= calendar.now:
        lead.closed, lead.lost_reason = given_up, random.choice(LOST_REASONS)
