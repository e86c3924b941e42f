"""The numbers of a month, counted from a diary of what people did: the rules as one would tell them to somebody, one
record at a time. It knows nothing of the addon, and shares no code with it."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import floor

import pytz

CLOSING = 18  # o'clock, where the person is
DAY = timedelta(days=1)
STATES = ("deals_open", "activities_overdue")  # how things stand; all else is what was done
PIECES = ("calls_done", "deals_lost")  # targets of these are whole numbers
LESS_IS_BETTER = ("deals_lost", "activities_overdue")
METRICS = ("calls_done", "deals_won_amount", "deals_lost", "sales_confirmed", "sales_invoiced", *STATES)


@dataclass
class Person:
    """Somebody at work for a company: hours of a morning and of an afternoon, Monday to Friday."""

    user: str
    company: str
    zone: str
    slots: tuple[int, int] = (4, 4)

    def __post_init__(self):
        self.zone = pytz.timezone(self.zone)


@dataclass
class Plan:
    """Of a kind of period: from which day on what is asked of everybody, closed how many working days after the period;
    `carries` if what was entered too late counts for the next one."""

    versions: list  # (from which day, {metric: target})
    last: date
    delay: int = 0
    carries: bool = False

    def get_targets(self, day):
        """What is asked on that day; None if nothing is."""
        found = [targets for first, targets in self.versions if first <= day <= self.last]
        return found[-1] if found else None


@dataclass
class Todo:
    """A planned activity: `moved` holds (moment, due date before) of each time that it was put off, `given` (moment, who had
    it, who got it or None) of each time that it was handed over or deleted by whoever had it."""

    user: str
    company: str
    due: date
    is_open: bool = True
    done_at: datetime | None = None
    moved: list = field(default_factory=list)
    given: list = field(default_factory=list)


@dataclass
class Deal:
    user: str
    company: str
    amount: float
    state: str = "open"  # open, won, lost, gone
    credited: str = ""


@dataclass
class Sale:
    """An order or an invoice of that moment: `changes` holds (when it was entered, what it added or took)."""

    user: str
    company: str
    made: datetime
    metric: str
    changes: list = field(default_factory=list)


class Diary:
    """What happened, in the order in which it happened; `now` is naive UTC and never goes back."""

    def __init__(self, people: dict[str, Person], plans: dict[tuple[str, str], Plan]):
        self.people, self.plans = people, plans  # plans by company and kind of period
        self.todos, self.deals, self.sales = {}, {}, {}
        self.counted = []  # (user, company, when, when entered, metric, amount)
        self.away = set()  # (name, day, 0 for the morning or 1 for the afternoon)
        self.asked = defaultdict(list)  # (name, kind): (from which day on, target of calls)
        self.states, self.cards = {}, {}  # by (name, kind, first day)

    # what people do: who is a name

    def _note(self, user, company, now, metric, amount, happened=None):
        self.counted.append((user, company, happened or now, now, metric, amount))

    def plan(self, number, name, due):
        person = self.people[name]
        self.todos[number] = Todo(person.user, person.company, due)

    def hand_over(self, number, name, now):
        todo, user = self.todos[number], self.people[name].user
        if todo.user != user:
            todo.given.append((now, todo.user, user))
            todo.user = user

    def put_off(self, number, due, now):
        todo = self.todos[number]
        todo.moved.append((now, todo.due))
        todo.due = due

    def do(self, number, name, now):
        todo = self.todos[number]
        todo.is_open, todo.done_at = False, now
        self._note(self.people[name].user, todo.company, now, "calls_done", 1)

    def drop(self, number, now):
        todo = self.todos[number]
        todo.is_open = False
        todo.given.append((now, todo.user, None))

    def begin(self, number, name, amount):
        self.deals[number] = Deal(self.people[name].user, self.people[name].company, amount)

    def end(self, number, state, now):
        """Won or lost, or open again, which takes back what it was."""
        deal = self.deals[number]
        before = {"won": ("deals_won_amount", deal.amount), "lost": ("deals_lost", 1)}
        if deal.state in before:
            metric, amount = before[deal.state]
            self._note(deal.credited, deal.company, now, metric, -amount)
        deal.state = state
        if state in before:
            deal.credited = deal.user
            self._note(deal.user, deal.company, now, *before[state])

    def sell(self, number, name, amount, now, metric="sales_confirmed", day=None):
        """An order, or an invoice: one of an earlier day is of that day's noon."""
        person = self.people[name]
        made = now
        if day and day != self.day_of(name, now):
            made = self._moment(person, day, 12)
        self.sales[number] = Sale(person.user, person.company, made, metric)
        self._change(number, amount, now, made)

    def change(self, number, amount, now):
        """It is worth so much more, or less: that counts on the day on which it happens."""
        self._change(number, amount, now, now)

    def refund(self, number, amount, name, now, day):
        """A credit note of that day."""
        is_today = day == self.day_of(name, now)
        self._change(number, -amount, now, now if is_today else self._moment(self.people[name], day, 12))

    def _change(self, number, amount, now, happened):
        sale = self.sales[number]
        sale.changes.append((now, amount))
        self._note(sale.user, sale.company, now, sale.metric, amount, happened)

    def sold_in(self, name, metric, month, known) -> float:
        """What the orders, or invoices, made in that month are worth as far as was known at that moment."""
        person = self.people[name]
        return sum(
            amount
            for sale in self.sales.values()
            if (sale.user, sale.company, sale.metric) == (person.user, person.company, metric)
            and self.day_of(name, sale.made).month == month
            for entered, amount in sale.changes
            if entered <= known
        )

    # what is on the cards

    def _moment(self, person, day, hour) -> datetime:
        """Naive UTC of that hour where somebody is."""
        moment = person.zone.localize(datetime.combine(day, time(hour)))
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def local(self, name, moment) -> datetime:
        return pytz.utc.localize(moment).astimezone(self.people[name].zone)

    def day_of(self, name, moment) -> date:
        return self.local(name, moment).date()

    def close(self, now):
        """Write down how things stand where a period ends, and the cards that close at this moment, which nothing
        afterwards changes."""
        for name, person in self.people.items():
            local = self.local(name, now)
            for (company, kind), plan in self.plans.items():
                if company != person.company:
                    continue
                before = local.date() - DAY
                if local.hour == 0 and get_bounds(kind, before)[1] == before:
                    self.states[name, kind, before] = self._look(name, before)
                if local.hour == CLOSING:
                    for last in (local.date() - days * DAY for days in range(12)):
                        first, end = get_bounds(kind, last)
                        if end == last and get_closing_day(last, plan.delay) == local.date():
                            self._freeze(name, kind, first, last, now)

    def _freeze(self, name, kind, first, last, now):
        plan = self.plans[self.people[name].company, kind]
        targets, hours = plan.get_targets(first), self._get_hours(name, first, last)
        if targets is None or not hours:
            return
        states = self.states.get((name, kind, last)) or self._look(name, last)
        before = self._get_before(name, kind, first)
        numbers = {metric: self._count(name, metric, first, last, now) for metric in METRICS[:5]} | states
        if plan.carries and before:
            since, closed = before["first"], before["closed"]
            for metric in METRICS[:5]:
                numbers[metric] += self._count(name, metric, since, first - DAY, now, closed)
        lines = {}
        for metric, target in targets.items():
            target = self._get_target(name, kind, metric, first, last, target, hours)
            past = before and before["lines"][metric][0]
            lines[metric] = (numbers[metric], target, past, get_completion(metric, numbers[metric], target))
        self.cards[name, kind, first] = {"first": first, "closed": now, "lines": lines}

    def _get_before(self, name, kind, first):
        days = [day for who, which, day in self.cards if (who, which) == (name, kind) and day < first]
        return self.cards[name, kind, max(days)] if days else None

    def _count(self, name, metric, first, last, now, after=datetime.min) -> float:
        person = self.people[name]
        return sum(
            amount
            for user, company, moment, entered, what, amount in self.counted
            if (user, company, what) == (person.user, person.company, metric)
            and after < entered <= now
            and first <= self.day_of(name, moment) <= last
        )

    def _get_hours(self, name, first, last, leave=True) -> int:
        days = [first + number * DAY for number in range((last - first).days + 1)]
        return sum(
            hours
            for day in days
            if day.weekday() < 5
            for half, hours in enumerate(self.people[name].slots)
            if not (leave and (name, day, half) in self.away)
        )

    def _get_target(self, name, kind, metric, first, last, target, hours):
        """What is asked of who is there for some of the hours: one's own target is for one's own hours."""
        full = sum(8 for number in range((last - first).days + 1) if (first + number * DAY).weekday() < 5)
        if metric == "calls_done":
            own = [asked for day, asked in self.asked[name, kind] if day <= first]
            if own:
                target, full = own[-1], self._get_hours(name, first, last, leave=False)
        if metric in STATES or hours >= full:
            return target
        part = target * hours / full
        return floor(part + 0.5) if metric in PIECES else part

    def _look(self, name, day) -> dict:
        """How things stand at this moment."""
        person = self.people[name]
        mine = [
            deal for deal in self.deals.values() if (deal.user, deal.company) == (person.user, person.company)
        ]
        todos = [todo for todo in self.todos.values() if todo.company == person.company]
        return {
            "deals_open": sum(deal.state == "open" for deal in mine),
            "activities_overdue": sum(self._is_overdue(todo, name, day) for todo in todos),
        }

    def _is_overdue(self, todo, name, day) -> bool:
        """One has it, and it was due on an earlier day, or put off on this day on which it was due or overdue. What one got
        on this day is not one's own before tomorrow, and what one gave away or deleted still is, unless it is done."""
        user = self.people[name].user
        today = [given for given in todo.given if self.day_of(name, given[0]) == day]
        got = [moment for moment, _giver, taker in today if taker == user]
        if todo.user == user and todo.is_open:
            put_off = any(self.day_of(name, moment) == day and due <= day for moment, due in todo.moved)
            if (todo.due < day or put_off) and not got:
                return True
        gave = [moment for moment, giver, _taker in today if giver == user]
        is_own = gave and not any(moment < gave[0] for moment in got)
        return bool(is_own and todo.done_at is None and self._due_at(todo, gave[0]) < day)

    def _due_at(self, todo, moment) -> date:
        """Its due date as it was at that moment."""
        later = [due for put_off, due in todo.moved if put_off > moment]
        return later[0] if later else todo.due


def get_completion(metric, actual, target) -> float:
    """In percent."""
    if metric in LESS_IS_BETTER:
        return 100.0 if actual <= target else 100.0 * target / actual
    return 100.0 * actual / target if target else 100.0


def get_points(card) -> int:
    """One for each line that is done, two less for each that is not."""
    return sum(1 if line[3] >= 100 else -2 for line in card["lines"].values())


def get_bounds(kind, day) -> tuple[date, date]:
    """First and last day."""
    if kind == "day":
        return day, day
    if kind == "week":
        return day - day.weekday() * DAY, day + (6 - day.weekday()) * DAY
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def get_closing_day(last, delay) -> date:
    while delay:
        last += DAY
        delay -= last.weekday() < 5
    return last


def hours(first: datetime, last: datetime):
    """Each full hour from the first moment to the last one."""
    while first <= last:
        yield first
        first += timedelta(hours=1)
