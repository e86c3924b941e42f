"""Working days of the demo company: weekends, public holidays, leave, hiring."""

from datetime import date, datetime, time, timedelta

import pytz

from .people import BERLIN, HOLIDAYS, PEOPLE

DAY = timedelta(days=1)


def first_days(now: datetime, days: int | None) -> tuple[date, date]:
    """The first simulated day, and the first one on which daily plans were in force.

    Both are `days` ago; or else the first day of this month last year, and the first of a month with at least two
    whole months after it.
    """
    if days:
        return now.date() - days * DAY, now.date() - days * DAY
    return date(now.year - 1, now.month, 1), (now.date() - 80 * DAY).replace(day=1)


class Calendar:
    """When people work. Days are local dates of the person; moments are naive UTC."""

    def __init__(self, now: datetime, days: int | None = None):
        self.now = now
        self.start, self.recent = first_days(now, days)
        # since when invoices are written in Odoo, and monthly plans know of them
        self.billed = max(self.start, self.recent - 80 * DAY).replace(day=1)
        today = now.date()
        monday = today - today.weekday() * DAY
        self.leave = self._plan_leave(monday)
        middle = (self.recent + 32 * DAY).replace(day=15)
        if middle > today - 7 * DAY:
            middle = self.recent + (today - self.recent) // 2
        while middle.weekday() > 4:
            middle += DAY
        self.hired = middle

    def _plan_leave(self, monday: date) -> dict[str, list[tuple[date, date]]]:
        """When each person is away, by key, last days inclusive: two weeks of last summer, and one of them now."""
        leave = {person.key: [] for person in PEOPLE}
        for year in (self.start.year, self.now.year):
            july = date(year, 7, 7) - date(year, 7, 7).weekday() * DAY
            for index, person in enumerate(PEOPLE):
                first = july + index * 5 % 7 * 7 * DAY
                if self.start < first and first + 14 * DAY < self.recent:
                    leave[person.key] = [(first, first + 13 * DAY)]
        for person in PEOPLE:
            if person.situation == "leave":
                leave[person.key].append((monday - 7 * DAY, monday + 6 * DAY))
        return leave

    def works(self, person, day: date) -> bool:
        if day.weekday() > 4 or (day.month, day.day) in HOLIDAYS[person.tz]:
            return False
        if person.situation == "hired" and day < self.hired:
            return False
        return not any(first <= day <= last for first, last in self.leave[person.key])

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

    def nights(self, period: str):
        """Moments before now at which what ended was scored, as the scheduled action would: after everybody's
        deadline of each weekday, of each week, or of each month."""
        if period == "month":
            month = (self.start + 31 * DAY).replace(day=1)
            while (moment := datetime.combine(self.closing_day(month) + DAY, time(4))) < self.now:
                yield moment
                month = (month + 31 * DAY).replace(day=1)
            return
        moment = datetime.combine(self.recent + DAY, time(4))
        while moment < self.now:
            if moment.weekday() == 0 if period == "week" else moment.weekday() not in (6, 0):
                yield moment
            moment += DAY

    def closing_day(self, month: date) -> date:
        """The second working day of a month in Berlin, on which the month before is closed."""
        day, left = month - DAY, 2
        while left:
            day += DAY
            left -= day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS[BERLIN]
        return day

    def local_date(self, person, moment: datetime) -> date:
        return pytz.utc.localize(moment).astimezone(pytz.timezone(person.tz)).date()

    def moment(self, person, day: date, minutes: float) -> datetime:
        """UTC moment of so many minutes after local midnight."""
        local = datetime.combine(day, time.min) + timedelta(seconds=round(minutes * 60))
        return pytz.timezone(person.tz).localize(local).astimezone(pytz.utc).replace(tzinfo=None)
