"""The numbers of a month, counted from a diary of what people did: the rules as one would tell them to somebody, one
record at a time. It knows nothing of the addon, and shares no code with it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytz

CLOSING = time(18)


@dataclass
class Todo:
    """A planned activity: `moved` holds (moment, due date before) of each time that it was put off, `given` (moment, who had
    it, who got it or None) of each time that it was handed over or deleted by whoever had it."""

    user: str
    due: date
    is_open: bool = True
    done_at: datetime | None = None
    moved: list = field(default_factory=list)
    given: list = field(default_factory=list)


@dataclass
class Deal:
    user: str
    amount: float
    state: str = "open"  # open, won, lost, gone


class Diary:
    """What happened, in the order in which it happened; `now` is naive UTC and never goes back."""

    def __init__(self, zones: dict[str, str]):
        self.zones = {user: pytz.timezone(zone) for user, zone in zones.items()}
        self.todos: dict[int, Todo] = {}
        self.deals: dict[int, Deal] = {}
        self.orders: dict[int, list] = {}
        self.counted = []  # (user, moment, metric, amount)
        self.away = set()  # (user, day)
        self.asked = {user: [] for user in zones}  # (from which day, target)
        self.cards = {}  # (user, day): numbers

    # what people do

    def plan(self, number, user, due, now):
        self.todos[number] = Todo(user, due)

    def hand_over(self, number, user, now):
        todo = self.todos[number]
        if todo.user != user:
            todo.given.append((now, todo.user, user))
            todo.user = user

    def put_off(self, number, due, now):
        todo = self.todos[number]
        todo.moved.append((now, todo.due))
        todo.due = due

    def do(self, number, user, now):
        self.todos[number].is_open = False
        self.todos[number].done_at = now
        self.counted.append((user, now, "calls_done", 1))

    def drop(self, number, now):
        self.todos[number].is_open = False
        self.todos[number].given.append((now, self.todos[number].user, None))

    def begin(self, number, user, amount):
        self.deals[number] = Deal(user, amount)

    def end(self, number, state, now):
        deal = self.deals[number]
        if deal.state == "won":
            self._take_back(deal, now)
        deal.state = state
        if state == "won":
            deal.credited = deal.user
            self.counted.append((deal.user, now, "deals_won_amount", deal.amount))

    def _take_back(self, deal, now):
        self.counted.append((deal.credited, now, "deals_won_amount", -deal.amount))

    def pass_on(self, number, user):
        self.deals[number].user = user

    def sell(self, number, user, amount, now):
        self.orders[number] = [user, now, amount]
        self.counted.append((user, now, "sales_confirmed", amount))

    def cancel(self, number, now):
        """It counts against the day on which it is cancelled; for pay the order was never made."""
        user, _made, amount = self.orders.pop(number)
        self.counted.append((user, now, "sales_confirmed", -amount))

    def sold_in(self, user, month) -> float:
        orders = [order for order in self.orders.values() if order[0] == user]
        return sum(amount for _user, made, amount in orders if self.day_of(user, made).month == month)

    def stay_away(self, user, day):
        self.away.add((user, day))

    def ask(self, user, day, target):
        """From that day on."""
        self.asked[user].append((day, target))

    # what is on the cards

    def closing(self, user, day) -> datetime:
        """When the card of that day closes, naive UTC."""
        moment = self.zones[user].localize(datetime.combine(day, CLOSING))
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def day_of(self, user, moment) -> date:
        return pytz.utc.localize(moment).astimezone(self.zones[user]).date()

    def close(self, now):
        """Write down the cards that close at this moment, which nothing afterwards changes."""
        for user in self.zones:
            day = self.day_of(user, now)
            if self.closing(user, day) == now and day.weekday() < 5 and (user, day) not in self.away:
                self.cards[user, day] = self._count(user, day, now)

    def _count(self, user, day, now) -> dict:
        numbers = dict.fromkeys(("calls_done", "deals_won_amount", "sales_confirmed"), 0)
        for who, moment, metric, amount in self.counted:
            if who == user and moment <= now and self.day_of(user, moment) == day:
                numbers[metric] += amount
        numbers["deals_open"] = sum(
            1 for deal in self.deals.values() if deal.user == user and deal.state == "open"
        )
        todos = self.todos.values()
        numbers["activities_overdue"] = sum(1 for todo in todos if self._is_overdue(todo, user, day))
        target = 2
        for first, asked in self.asked[user]:
            if first <= day:
                target = asked
        return {**numbers, "target": target}

    def _is_overdue(self, todo, user, day) -> bool:
        """One has it, and it was due on an earlier day, or put off on this day on which it was due or overdue. What one got
        on this day is not one's own before tomorrow, and what one gave away or deleted still is, unless it is done."""
        today = [given for given in todo.given if self.day_of(user, given[0]) == day]
        got = [moment for moment, _giver, taker in today if taker == user]
        if todo.user == user and todo.is_open:
            put_off = any(self.day_of(user, moment) == day and due <= day for moment, due in todo.moved)
            if (todo.due < day or put_off) and not got:
                return True
        gave = [moment for moment, giver, _taker in today if giver == user]
        is_own = gave and not any(moment < gave[0] for moment in got)
        return bool(is_own and todo.done_at is None and self._due_at(todo, gave[0]) < day)

    def _due_at(self, todo, moment) -> date:
        """Its due date as it was at that moment."""
        later = [due for put_off, due in todo.moved if put_off > moment]
        return later[0] if later else todo.due


def hours(first: datetime, last: datetime):
    """Each full hour from the first moment to the last one."""
    while first <= last:
        yield first
        first += timedelta(hours=1)
