"""A generated sales team of honest people and of cheaters, by seed: what they log, and what of it is embellished.

Everything is in minutes of the local day; the deadline is 18:00. Sizes and shares are drawn from ranges that overlap:
some cheating is so small that no limit finds it, and some honest days look worse than that.
"""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

DEADLINE = 18 * 60.0
HONEST = ["steady", "evening", "afterwards", "caller", "key_account", "templates", "terse", "winback"]
CHEATS = ["burst", "deadline", "client", "no_text", "same_text", "at_once", "lost", "claimed"]
TEMPLATES = [
    "Sent the price list, will call next week",
    "Interested, asked for an offer",
    "Wants to think it over",
]
LAZY = ["Called, all fine", "Discussed, will decide", "Done as agreed", "Talked to client"]
SHORT = ["ok", "+", "-", "."]


@dataclass(slots=True)
class Entry:
    """An activity marked as done."""

    minute: float
    kind: str  # call, email, meeting
    client: int
    text: str | None
    age: float  # seconds since its creation
    lost_days: int | None = None  # on a lead that was lost so long ago


class Team:
    """`entries[person, day]` and `claims[person, day]` (of activities done), `planted[person, day]` the kinds of cheating
    on that day; persons and days are numbers from 0."""

    def __init__(self, seed: int, days: int, honest: int, cheaters: int):
        self.random = Random(seed)
        self.entries, self.claims, self.planted = {}, {}, defaultdict(set)
        self.people = [HONEST[number % len(HONEST)] for number in range(honest)]
        self.people += [f"cheat_{CHEATS[number % len(CHEATS)]}" for number in range(cheaters)]
        self.words = 0
        for person, habit in enumerate(self.people):
            for day in range(days):
                entries = getattr(self, f"_{habit}")(person, day)
                self.entries[person, day] = sorted(
                    (entry for entry in entries if entry.minute < DEADLINE), key=lambda entry: entry.minute
                )
                self._claim(person, day)

    # ------------------------------------------------------------ small things

    def _own(self) -> str:
        """A text that nobody else wrote."""
        self.words += 1
        return f"Spoke about matter {self.words} and what follows from it"

    def _say(self, own=0.9, none=0.05) -> str | None:
        """Own words, nothing, or one of the things said every day."""
        chance = self.random.random()
        if chance < own:
            return self._own()
        return (
            None
            if chance < own + none
            else self.random.choice(["No answer", "Busy", "no answer.", TEMPLATES[0]])
        )

    def _kind(self):
        return self.random.choices(["call", "email", "meeting"], [6, 3, 1])[0]

    def _spread(self, count, say, first=9 * 60, last=17 * 60 + 30, age=None, client=None):
        """So many entries over the day, each logged when it was done; most had been planned before."""
        between = self.random.uniform
        return [
            Entry(
                between(first, last),
                self._kind(),
                client() if client else self.random.randrange(400),
                say(),
                age() if age else (between(2, 50) if self.random.random() < 0.25 else between(600, 400_000)),
            )
            for _number in range(count)
        ]

    def _batch(self, count, begin, pace, say, age):
        """So many entries one after the other."""
        entries, minute = [], begin
        for _number in range(count):
            text = say()
            seconds = pace(text)
            minute += seconds / 60
            entries.append(Entry(minute, self._kind(), self.random.randrange(400), text, age(seconds)))
        return entries

    # ------------------------------------------------------------ honest people

    def _steady(self, _person, _day):
        return self._spread(self.random.randint(8, 25), self._say)

    def _typing(self, text):
        """Seconds to open an activity, write down the result and close it."""
        return self.random.uniform(9, 16) if text is None or len(text) < 15 else self.random.uniform(22, 75)

    def _evening(self, _person, _day):
        """Planned before, written down in one go in the evening."""
        count = self.random.randint(10, 26)
        begin = self.random.uniform(16 * 60 + 30, 17 * 60 + 30)
        own = self.random.uniform(0.65, 0.95)
        return self._batch(
            count, begin, self._typing, lambda: self._say(own), lambda _s: self.random.uniform(9_000, 400_000)
        )

    def _afterwards(self, _person, _day):
        """Nothing planned: created and marked as done one after the other, from the notebook."""
        count = self.random.randint(8, 22)
        begin = self.random.uniform(16 * 60 + 20, 17 * 60 + 30)
        own = self.random.uniform(0.75, 0.98)
        return self._batch(count, begin, self._typing, lambda: self._say(own, 0.02), lambda s: s * 0.7)

    def _caller(self, _person, _day):
        """Rings up all day and logs each call at once, many without an answer."""
        nobody = self.random.uniform(0.3, 0.75)

        def say():
            rung = self.random.random() < nobody
            return self.random.choice(["No answer", "Busy", "Voicemail"]) if rung else self._say(0.85)

        return self._batch(
            self.random.randint(35, 80),
            self.random.uniform(8 * 60 + 30, 10 * 60),
            lambda _text: self.random.uniform(50, 700),
            say,
            lambda _seconds: self.random.uniform(3, 40) if self.random.random() < 0.8 else 50_000,
        )

    def _key_account(self, person, _day):
        """Half of the work is for one big client, by telephone, mail and meetings."""
        share = self.random.uniform(0.35, 0.6)
        big = 1000 + person
        client = lambda: big if self.random.random() < share else self.random.randrange(400)  # noqa: E731
        return self._spread(self.random.randint(8, 16), self._say, client=client)

    def _templates(self, _person, _day):
        """Some things are said the same way every time."""
        share = self.random.uniform(0.2, 0.6)
        say = lambda: self.random.choice(TEMPLATES) if self.random.random() < share else self._say(0.85)  # noqa: E731
        return self._spread(self.random.randint(10, 24), say)

    def _terse(self, _person, _day):
        """No friend of writing."""
        none = self.random.uniform(0.2, 0.65)
        say = lambda: self.random.choice([None, None, "ok"]) if self.random.random() < none else self._own()  # noqa: E731
        return self._spread(self.random.randint(10, 22), say)

    def _winback(self, person, day):
        """Now and then tries a lead that was lost."""
        entries = self._steady(person, day)
        for entry in self.random.sample(entries, self.random.randint(0, 4)):
            entry.lost_days = self.random.randint(31, 400)
        return entries

    # ------------------------------------------------------------ cheaters

    def _plant(self, person, day, *kinds) -> bool:
        """Whether this is a day of cheating."""
        if self.random.random() < 0.6:
            self.planted[person, day].update(kinds)
            return True
        return False

    def _lazy(self):
        """What is written where nothing happened: one habit a day."""
        habit = self.random.choice(["none", "none", "short", "same"])
        text = self.random.choice(LAZY)
        return lambda: {"none": None, "short": self.random.choice(SHORT), "same": text}[habit]

    def _cheat_burst(self, person, day):
        entries = self._spread(self.random.randint(4, 12), self._say)
        if self._plant(person, day, "burst"):
            count = self.random.randint(9, 30)
            seconds = self.random.choice([0.0, self.random.uniform(1, 4), self.random.uniform(4, 10)])
            begin = self.random.uniform(11 * 60, 17 * 60 + 40)
            entries += self._batch(count, begin, lambda _t: seconds, self._lazy(), lambda _s: 90_000)
        return entries

    def _cheat_deadline(self, person, day):
        if not self._plant(person, day, "deadline"):
            return self._steady(person, day)
        entries = self._spread(self.random.randint(0, 3), self._say, last=17 * 60)
        count = self.random.randint(9, 24)
        length = self.random.uniform(4, 28)
        begin = DEADLINE - length - self.random.uniform(0.2, 1.5)
        return entries + self._batch(
            count, begin, lambda _t: length * 60 / count, self._lazy(), lambda _s: 90_000
        )

    def _cheat_client(self, person, day):
        entries = self._spread(self.random.randint(4, 12), self._say)
        if self._plant(person, day, "client"):
            more = self._spread(self.random.randint(7, 24), self._say, client=lambda: 2000 + person)
            for entry in more:
                entry.kind = "call"
            entries += more
        return entries

    def _cheat_no_text(self, person, day):
        if not self._plant(person, day, "no_text"):
            return self._steady(person, day)
        share = self.random.uniform(0.85, 1.0)
        say = lambda: self.random.choice([None, *SHORT]) if self.random.random() < share else self._own()  # noqa: E731
        return self._spread(self.random.randint(10, 28), say)

    def _cheat_same_text(self, person, day):
        if not self._plant(person, day, "same_text"):
            return self._steady(person, day)
        text, share = self.random.choice(LAZY), self.random.uniform(0.7, 1.0)
        forms = [text, text.upper(), f"{text}.", f" {text}!"]
        say = lambda: self.random.choice(forms) if self.random.random() < share else self._own()  # noqa: E731
        return self._spread(self.random.randint(12, 28), say)

    def _cheat_at_once(self, person, day):
        if not self._plant(person, day, "at_once"):
            return self._steady(person, day)
        real = self._spread(self.random.randint(0, 2), self._say)
        return real + self._batch(
            self.random.randint(9, 26),
            self.random.uniform(10 * 60, 15 * 60),
            lambda _text: self.random.uniform(15, 240),
            self._lazy(),
            lambda seconds: min(seconds * 0.8, self.random.uniform(2, 50)),
        )

    def _cheat_lost(self, person, day):
        entries = self._steady(person, day)
        if self._plant(person, day, "lost"):
            more = self._spread(self.random.randint(4, 20), self._say)
            for entry in more:
                entry.lost_days = self.random.randint(31, 700)
            entries += more
        return entries

    def _cheat_claimed(self, person, day):
        self._plant(person, day, "claimed")
        return self._spread(self.random.randint(10, 25), self._say)

    # ------------------------------------------------------------ reports

    def _claim(self, person, day):
        """Remembered more or less; some round to the next five; rarely a day is far off."""
        done = len(self.entries[person, day])
        if "claimed" in self.planted[person, day]:
            claim = round(done * self.random.uniform(1.2, 2.0)) + 1
        elif self.random.random() < 0.04:
            claim = round(done * self.random.uniform(0.7, 1.4))
        elif person % 3 == 0:
            claim = 5 * round(done / 5)
        else:
            claim = round(done * self.random.gauss(1.0, 0.05))
        self.claims[person, day] = claim
