"""How cost grows: a day of everybody and My Day, at several sizes, and with years of scorecards behind them."""

import statistics
from datetime import datetime, time, timedelta

import common
import limit_store
from common import note, ratios, spread
from data import CLOSING, LAST_DAY, Size
from freeze import Freeze

HEADER = [
    "people",
    "activities",
    "ledger filled, seconds",
    "a day frozen, seconds",
    "x hand-written, same repetition",
    "with older scorecards",
    "seconds",
    "My Day, seconds",
]
MOST_CARDS = 100_000  # that are put before the day
YEARS = timedelta(days=2 * 365)


def get_sizes(text: str) -> list[Size]:
    """Sizes from 'people x activities, ...': `100x100000,1000x1000000`. Leads and orders go with the activities."""
    sizes = []
    for point in text.split(","):
        people, activities = (int(number) for number in point.split("x"))
        sizes.append(Size(people, activities, activities // 5, activities // 10))
    return sizes


class Curve(Freeze):
    """One point of the curves, in a database where no day has been scored yet."""

    def measure(self, size: Size, filled: float) -> list:
        """A row of the table whose head is HEADER."""
        self.prepare()
        with common.environment(self.database) as env:
            self.score(env, LAST_DAY - timedelta(days=1))
            env.cr.commit()
        note(f"a day of {size.people} people")
        hand, ours = self._freeze(), self._freeze(self.freeze)
        page = self._open_my_day()
        cards = self._add_past(size.people)
        older = self._freeze(self.freeze)
        times = [run.seconds for run in ours]
        return [
            f"{size.people:,}",
            f"{size.activities:,}",
            f"{filled:.1f}",
            spread(times),
            spread(ratios(times, [run.seconds for run in hand])),
            f"{cards:,}",
            spread([run.seconds for run in older]),
            f"{page:.3f}",
        ]

    def _freeze(self, road=None) -> list:
        runs = []
        for _n in range(self.repeat):
            self.vacuum()
            with common.environment(self.database) as env:
                env.cr.execute("SELECT 1")
                runs.append(road(env, LAST_DAY) if road else self.limit(env, limit_store.FREEZE))
        return runs

    def _open_my_day(self) -> float:
        """Seconds that one person's page takes on the evening of the day, the median."""
        with common.environment(self.database) as env:
            self.score(env, LAST_DAY, datetime.combine(LAST_DAY, time()) + CLOSING)
            env.cr.execute("SELECT MIN(user_id) FROM bench_person")
            user_id = env.cr.fetchone()[0]
            env.cr.commit()
        seconds = []
        for _n in range(self.repeat + 1):
            with common.environment(self.database, user_id) as env, common.Run(env.cr) as run:
                env(context={"lang": "en_US", "tz": "Europe/Berlin"})["discipline.scorecard"].get_my_day()
            seconds.append(run.seconds)
        self.forget(LAST_DAY)
        return statistics.median(seconds[1:])

    def _add_past(self, people: int) -> int:
        """Copies of the day before as scorecards of the years before the first, with their lines; how many."""
        days = min(2 * 250, MOST_CARDS // people)
        with common.environment(self.database) as env:
            for n in range(days):
                day = LAST_DAY - YEARS + n * timedelta(days=1)
                self.copy_cards(env, LAST_DAY - timedelta(days=1), day, day)
            env.cr.commit()
        with common.connection(self.database) as cr:
            cr.execute("VACUUM (ANALYZE) discipline_scorecard, discipline_scorecard_line")
        return days * people
