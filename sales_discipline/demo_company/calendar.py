"""Working days of the demo company: weekends, public holidays, leave, hiring."""

from datetime import date, datetime, time, timedelta

import pytz

from .people import HOLIDAYS

DAY = timedelta(days=1)


def first_day(now: datetime, days: int | None) -> date:
    """The first simulated day: `days` ago, or else the first of a month, with at least two whole months after it."""
    if days:
        return now.date() - days * DAY
    return (now.date() - 80 * DAY).replace(day=1)


class Calendar:
    """When people work. Days are local dates of the person; moments are naive UTC."""

    def __init__(self, start: date, now: datetime):
        self.start, self.now = start, now
        today = now.date()
        monday = today - today.weekday() * DAY
        self.leave = (monday - 7 * DAY, monday + 6 * DAY)  # inclusive
        middle = (start + 32 * DAY).replace(day=15)
        if middle > today - 7 * DAY:
            middle = start + (today - start) // 2
        while middle.weekday() > 4:
            middle += DAY
        self.hired = middle

    def works(self, person, day: date) -> bool:
        if day.weekday() > 4 or (day.month, day.day) in HOLIDAYS[person.tz]:
            return False
        if person.situation == "hired" and day < self.hired:
            return False
        return not (person.situation == "leave" and self.leave[0] <= day <= self.leave[1])

    def next_day(self, person, day: date, working_days: int = 0) -> date:
        """The first working day on or after `day`, and so many working days more."""
        while not self.works(person, day):
            day += DAY
        for _step in range(working_days):
            day += DAY
            while not self.works(person, day):
                day += DAY
        return day

    def days(self, person):
        day = self.start
        last = self.local_date(person, self.now)
        while day <= last:
            if self.works(person, day):
                yield day
            day += DAY

    def nights(self):
        """Moments after everybody's deadline of each weekday, as the scheduled action would run; now at last."""
        moment = datetime.combine(self.start + DAY, time(4))
        while moment < self.now:
            if moment.weekday() not in (6, 0):
                yield moment
            moment += DAY
        yield self.now

    def local_date(self, person, moment: datetime) -> date:
        return pytz.utc.localize(moment).astimezone(pytz.timezone(person.tz)).date()

    def moment(self, person, day: date, minutes: float) -> datetime:
        """UTC moment of so many minutes after local midnight."""
        local = datetime.combine(day, time.min) + timedelta(seconds=round(minutes * 60))
        return pytz.timezone(person.tz).localize(local).astimezone(pytz.utc).replace(tzinfo=None)
