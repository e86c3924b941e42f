"""How a year of the demo company went, day by day and person by person.

`simulate` is deterministic: the same seed, moment and number of days give the same story.
"""

from datetime import timedelta
from random import Random

from .calendar import DAY, Calendar
from .content import FEEDBACK, LOST_REASONS, SUMMARIES
from .customers import Market, look_ahead
from .inquiries import receive
from .money import bill, quote
from .people import PEOPLE
from .rows import Story, Task

# a usual day of somebody who just does the plan, by team: calls, meetings, proposals, companies, e-mails
USUAL = {
    "key": {"call_warm": 4.0, "call_cold": 1.6, "meeting": 0.8, "proposal": 0.85, "company": 0.75, "email": 0.5,
            "call_in": 0.9, "visit": 0.45, "measurement": 0.2, "estimate": 0.25},
    "new": {"call_warm": 2.2, "call_cold": 4.4, "meeting": 0.75, "proposal": 0.75, "company": 0.85, "email": 0.4,
            "call_in": 0.5, "visit": 0.3, "measurement": 0.1, "estimate": 0.15},
    "americas": {"call_warm": 3.6, "call_cold": 2.0, "meeting": 0.8, "proposal": 0.8, "company": 0.75, "email": 0.5,
                 "call_in": 0.7, "visit": 0.3, "measurement": 0.15, "estimate": 0.2},
}  # fmt: skip
SEASON = {8: 0.8, 12: 0.8}  # how busy a month is
NEXT_STEP = [  # kinds of the next step, by stage
    ["call_warm", "call_warm", "email", "meeting"],
    ["meeting", "call_warm", "meeting"],
    ["proposal"],
    ["call_warm", "meeting", "call_warm"],
]
ADVANCE = [0.55, 0.50, 0.60, 0.40]
LOSE = [0.10, 0.08, 0.12, 0.16]


def simulate(seed: int, now, days: int | None = None) -> Story:
    calendar = Calendar(now, days)
    market = Market(Random(seed), calendar)
    tasks, orders = [], []
    for index, person in enumerate(PEOPLE):
        worker = Worker(person, calendar, market, Random(seed * 1000 + index))
        worker.inherit()
        for day in calendar.days(person):
            worker.work(day)
        tasks += worker.tasks
        orders += worker.orders
    bill(Random(seed + 1), orders, calendar)
    look_ahead(Random(seed + 2), market.deals, calendar)
    return Story(
        calendar,
        sorted(market.customers, key=lambda customer: customer.created),
        sorted(market.deals, key=lambda deal: deal.entered),
        sorted(tasks, key=lambda task: (task.created, task.deadline)),
        sorted(orders, key=lambda order: order.quoted),
    )


class Worker:
    """One salesperson at work."""

    def __init__(self, person, calendar, market, random):
        self.person, self.calendar, self.market, self.random = person, calendar, market, random
        self.tasks, self.orders, self.deals, self.customers = [], [], [], []

    # ------------------------------------------------------------------ before the first day
    def inherit(self):
        """The customers, and the deals under way, from before the story starts."""
        if self.person.situation == "hired":
            return
        start = self.calendar.start
        for _index in range(self.random.randint(8, 12)):
            born = start - self.random.randint(40, 600) * DAY
            self.customers.append(self.market.new_customer(self.person, self.random, born, client=True))
        for _index in range(round(9 * self.person.share)):
            born = self.calendar.next_day(self.person, start - self.random.randint(4, 45) * DAY)
            deal = self.market.new_deal(self.person, self.random, self._moment(born), self._customer())
            deal.stage = self.random.choice([0, 0, 1, 1, 2, 2, 3])
            self._moved(deal, self._moment(self.calendar.next_day(self.person, start - 3 * DAY) - DAY))
            self._talk(deal, born)
            if deal.stage == 3:
                quote(self, deal, self._moment(start - 3 * DAY))
            self.deals.append(deal)
            self._plan(deal, self._moment(start - self.random.randint(1, 3) * DAY), start, surely=True)

    # ------------------------------------------------------------------ a day
    def work(self, day):
        receive(self, day)
        actions = self._actions(day)
        for minutes, (action, argument) in zip(self._clock(len(actions)), actions, strict=True):
            moment = self.calendar.moment(self.person, day, minutes)
            if moment > self.calendar.now:
                break
            action(day, moment, argument)

    def _actions(self, day):
        person, random = self.person, self.random
        mood = person.diligence * min(1.4, max(0.45, random.gauss(1.0, 0.17)))
        mood *= SEASON.get(day.month, 1.0) * (0.93 if day.weekday() == 4 else 1.0)
        if person.situation == "hired":
            mood *= min(1.0, 0.55 + 0.03 * (day - self.calendar.hired).days)
        due = [task for task in self.tasks if task.done is None and task.deadline <= day]
        found = 0.05 if person.care < 0.9 and day >= self.calendar.recent else 0.4
        due = [task for task in due if random.random() < (found if task.forgotten else person.care)]
        due = due[: round(9 * person.share * max(1, mood))]
        actions = [(self._do, task) for task in due]
        for kind, usual in USUAL[person.team].items():
            if kind == "company" and day < self.calendar.recent:
                usual *= 0.15  # nobody asked for new customers every day yet
            done = sum(task.kind == kind for task in due)
            actions += [(self._extra, kind)] * max(0, self._count(usual * person.share * mood, usual) - done)
        for _index in range(self._count(0.44 * person.share * mood, 0.4)):
            actions.append((self._open_deal, None))
        for deal in self.deals:
            if (
                deal.is_open
                and deal.task is None
                and random.random() < max(0.08, 5 * (person.planning - 0.8))
            ):
                actions.append((self._pick_up, deal))
        if self.customers and random.random() < 0.10 * mood * person.share:
            actions.append((self._repeat_order, None))
        random.shuffle(actions)
        return actions

    def _count(self, mean, usual):
        """How many of something: a chance for what is done once a day, else around the mean."""
        if usual < 1:
            return int(self.random.random() < min(0.97, mean)) + int(self.random.random() < mean - 0.95)
        return max(0, round(self.random.gauss(mean, 0.7)))

    def _clock(self, number):
        """So many local times in ascending order, in minutes after midnight."""
        random, person = self.random, self.person
        if person.share < 1:
            return sorted(random.uniform(9 * 60 + 5, 12 * 60 + 55) for _index in range(number))
        times = []
        for _index in range(number):
            chance = random.random()
            if person.habit == "batch" and chance < 0.65:
                times.append(random.uniform(17 * 60 + 36, 17 * 60 + 58))
            elif person.habit == "late" and chance < 0.18:
                times.append(random.uniform(18 * 60 + 4, 20 * 60 + 30))
            elif chance < 0.5:
                times.append(random.uniform(8 * 60 + 40, 12 * 60))
            else:
                times.append(random.uniform(13 * 60, 17 * 60 + 35))
        return sorted(times)

    # ------------------------------------------------------------------ actions: (day, moment, argument)
    def _do(self, day, moment, task):
        if task.deal and not task.deal.is_open:
            return
        self._done(task, moment)
        if task.deal:
            task.deal.task = None
            self._develop(task.deal, task.kind, day, moment)

    def _extra(self, day, moment, kind):
        """Something outside the running deals: a call, a visit or an offer to a customer or prospect."""
        if kind == "company":
            self.customers.append(self.market.new_customer(self.person, self.random, moment=moment))
            return
        prospects = [customer for customer in self.customers if customer.is_client != (kind == "call_cold")]
        customer = self.random.choice(prospects or self.customers or self.market.customers)
        begun = moment - timedelta(minutes=self.random.randint(2, 9))
        task = self._task(kind, customer, None, begun, day)
        self._done(task, moment)
        if customer.is_client and self.random.random() < 0.12:
            self._task("call_warm", customer, None, moment, self._later(day, 3, 10))

    def _open_deal(self, day, moment, _argument):
        if self.customers:
            deal = self.market.new_deal(self.person, self.random, moment, self._customer())
            self.deals.append(deal)
            self._talk(deal, day)
            self._plan(deal, moment, day)

    def _pick_up(self, day, moment, deal):
        if deal.is_open and deal.task is None:
            self._plan(deal, moment, day, surely=True)

    def _repeat_order(self, _day, moment, _argument):
        client = self.random.choice(
            [customer for customer in self.customers if customer.is_client] or self.customers
        )
        quote(self, None, moment - timedelta(minutes=30), client).confirmed = moment

    # ------------------------------------------------------------------ deals
    def _develop(self, deal, kind, day, moment):
        """What a step done on a deal led to."""
        random = self.random
        if kind == "proposal" and deal.quoted is None:
            quote(self, deal, moment)
        chance = random.random()
        if chance < LOSE[deal.stage] / self.person.skill:
            deal.closed, deal.lost_reason = moment, random.choice(LOST_REASONS)
            if deal.quoted:
                deal.order.cancelled = True
            return
        if chance > 1 - ADVANCE[deal.stage] * self.person.skill:
            deal.stage += 1
            self._moved(deal, moment)
        if deal.stage == 4:
            deal.closed = moment
            deal.customer.is_client = True
            order = deal.order if deal.quoted else quote(self, deal, moment)
            order.confirmed = moment + timedelta(minutes=random.randint(3, 40))
            return
        self._plan(deal, moment, day)

    def _talk(self, deal, day):
        """The call out of which an opportunity arose."""
        task = self._task("call_warm", deal.customer, deal, deal.created, day)
        done = deal.created + timedelta(minutes=self.random.randint(4, 25))
        self._done(task, min(done, self.calendar.now))

    def _plan(self, deal, moment, day, surely=False):
        """Schedule the next step on a deal; some people forget to."""
        if surely or self.random.random() < self.person.planning:
            kind = self.random.choice(NEXT_STEP[deal.stage])
            deal.task = self._task(kind, deal.customer, deal, moment, self._later(day, 1, 7))

    def _moved(self, deal, moment):
        deal.stage_since = max(moment, deal.created)

    # ------------------------------------------------------------------ helpers
    def _task(self, kind, customer, deal, moment, deadline):
        summary = self.random.choice(SUMMARIES[kind])
        task = Task(self.person, kind, customer, deal, summary, moment, deadline)
        task.forgotten = self.random.random() < 0.4 * (1 - self.person.care)
        self.tasks.append(task)
        return task

    def _done(self, task, moment):
        task.done, task.feedback = moment, self.random.choice(FEEDBACK[task.kind])

    def _later(self, day, low, high):
        return self.calendar.next_day(self.person, day, self.random.randint(low, high))

    def _customer(self):
        recent = self.customers[-12:]
        return self.random.choice(recent if self.random.random() < 0.6 else self.customers)

    def _moment(self, day):
        return self.calendar.moment(self.person, day, self.random.uniform(9 * 60, 12 * 60 + 50))
