"""A day of everybody frozen, by the addon and by hand-written SQL, on the same data in the same run."""

from datetime import datetime, time, timedelta

import common
import limit_store
from common import Run, note, say, table
from data import CLOSING, LAST_DAY
from roads import FIRST_DAY, FREEZE, HEADER, WEEK, WHOLE, Roads

MORNING = time(6, 0)  # UTC: the day has begun for everybody and is over for nobody
METRICS = {  # code: target
    "calls_done": 8,
    "calls_cold": 5,
    "meetings_done": 1,
    "proposals_sent": 2,
    "opportunities_new": 2,
    "deals_won": 1,
    "deals_won_amount": 20000,
    "deals_lost": 1,
    "sales_confirmed": 20000,
    "activities_overdue": 10,
}


class Freeze(Roads):
    """The freezes of one database; every measured run is rolled back, so that each begins from the same state."""

    def run(self) -> tuple[float, float]:
        """Measure everything and print it; how many times the hand-written SQL a freeze takes: of cards opened at
        once, and of cards open before. :raise SystemExit: if the addon and the SQL do not agree"""
        self.prepare()
        self.catch_up()
        with common.environment(self.database) as env:
            note("freezing the days up to the one that is measured")
            self.score(env, LAST_DAY - timedelta(days=1))
            env.cr.commit()
        self.compare(limit_store.FREEZE, limit_store.FREEZE_LEDGER)
        at_once = self.one_go()
        self.statements()
        self.open_before()
        self.compare(limit_store.FREEZE_OPEN, limit_store.FREEZE_OPEN_LEDGER)
        open_before = self.opened()
        self.counting()
        self.late()
        return at_once, open_before

    # what is measured ------------------------------------------------------------------------

    def prepare(self) -> None:
        """A plan of ten metrics for everybody, in force from the first day, which is frozen."""
        with common.environment(self.database) as env:
            self.make_plan(env, name="Bench", period="day", date_from=FIRST_DAY)
            self.score(env, FIRST_DAY)
            env.cr.commit()

    def make_plan(self, env, factor=1, **values) -> None:
        """A plan of the ten metrics for everybody, in force.

        :param factor: how many times a day's targets
        """
        lines = [
            {
                "metric_id": env.ref(f"sales_discipline.metric_{code}").id,
                "target": factor * target,
                "sequence": n,
            }
            for n, (code, target) in enumerate(METRICS.items(), 1)
        ]
        values = {**values, "deadline_hour": 18.0, "line_ids": [(0, 0, line) for line in lines]}
        plan = env["discipline.plan"].create(values)
        plan.action_activate()
        self.plan_id = plan.id
        self.types = {
            "proposal": env.ref("sales_discipline.activity_type_proposal").id,
            "cold": env.ref("sales_discipline.activity_type_call_cold").id,
        }

    def catch_up(self) -> None:
        """The days of a week, and of four, that the cron missed."""
        rows = []
        for name, weeks, repeat in (("5 days", 1, 3), ("20 days", 4, 1)):
            product, hand = [], []
            for _n in range(repeat):
                self.vacuum()
                with common.environment(self.database) as env:
                    product.append(self.score(env, FIRST_DAY + weeks * WEEK))
                    ours = self._get_digest(env)
                self.vacuum()
                with common.environment(self.database) as env:
                    hand.append(self.limit_days(env, FIRST_DAY, weeks))
                    theirs = self._get_digest(env)
                for our_day, their_day in zip(ours, theirs, strict=True):
                    if our_day != their_day:
                        raise SystemExit(f"The addon and the hand-written SQL do not agree on {our_day[0]}")
            rows.append(self._row(f"{name}, the addon", product, hand))
            rows.append(self._row(f"{name}, a hand-written statement a day on Odoo's tables", hand, hand))
        say("### Days that were missed, opened and frozen in order\n")
        table(HEADER, rows)
        say(
            f"Every column of the {sum(row[1] for row in ours)} lines of 20 days and their cards is the same by both roads.\n"
        )

    def one_go(self) -> float:
        """Cards of the day opened and frozen at once."""
        roads = {
            "hand-written, Odoo's tables": lambda env: self.limit(env, limit_store.FREEZE),
            "hand-written, the ledger": lambda env: self.limit(env, limit_store.FREEZE_LEDGER),
            FREEZE: lambda env: self.freeze(env, LAST_DAY),
            WHOLE: lambda env: self.score(env, LAST_DAY),
        }
        return self._race("One day: cards opened and frozen in one go", roads)

    def open_before(self) -> None:
        """Open the day's cards as the cron does in the morning, when nothing has been done yet."""
        with common.environment(self.database) as env:
            self.score(env, LAST_DAY, datetime.combine(LAST_DAY, MORNING))
            env.cr.execute(
                "UPDATE discipline_scorecard_line l SET actual = 0, late = 0, completion = 0, zone = 'red', trend = 'down',"
                " done = FALSE, points = -2, record_ids = CASE WHEN record_ids IS NULL THEN NULL ELSE '[]'::jsonb END"
                " FROM discipline_scorecard c WHERE c.id = l.scorecard_id AND c.state = 'open'"
            )
            env.cr.commit()

    def opened(self) -> float:
        """Cards that were open already, measured again and frozen."""
        roads = {
            "hand-written, Odoo's tables": lambda env: self.limit(env, limit_store.FREEZE_OPEN),
            "hand-written, the ledger": lambda env: self.limit(env, limit_store.FREEZE_OPEN_LEDGER),
            FREEZE: lambda env: self.freeze(env, LAST_DAY),
            WHOLE: lambda env: self.score(env, LAST_DAY),
        }
        return self._race("One day: cards open since the morning, frozen at the deadline", roads)

    def counting(self) -> None:
        """The ten metrics counted, nothing stored."""

        roads = {
            "hand-written, Odoo's tables": lambda env: self.limit(env, limit_store.MEASURE),
            "hand-written, the ledger": lambda env: self.limit(env, limit_store.MEASURE_LEDGER),
            FREEZE: lambda env: self.measure([("date_from", "=", LAST_DAY)], env),
        }
        self._race("Counting alone", roads)

    def late(self) -> None:
        """What was entered late for the last seven days, recounted once a day."""
        with common.environment(self.database) as env:
            self.score(env, LAST_DAY)
            env.cr.execute("UPDATE res_company SET discipline_late_recounted = NULL")
            env.invalidate_all()
            now = datetime.combine(LAST_DAY, time()) + CLOSING
            with Run(env.cr) as run:
                env["discipline.scorecard"]._score(now)
        say(
            f"Late entries of the last week's cards recounted (once a day): {run.seconds:.2f} s, {run.statements} statements\n"
        )

    def statements(self) -> None:
        """How many statements it takes, by people and by days."""
        rows = []
        with common.environment(self.database) as env:
            everybody = self.score(env, LAST_DAY)
        with common.environment(self.database) as env:
            env.cr.execute(
                "UPDATE crm_team_member m SET active = FALSE FROM bench_person p"
                " WHERE p.user_id = m.user_id AND p.n >= (SELECT COUNT(*) FROM bench_person) / 10"
            )
            env.invalidate_all()
            tenth = self.score(env, LAST_DAY)
        one, all_days = self.measure([("date_from", "=", LAST_DAY - timedelta(days=1))]), self.measure([])
        for name, run in (
            ("one day of everybody, opened and frozen", everybody),
            ("one day of a tenth of the people, opened and frozen", tenth),
            ("one day of everybody, counted alone", one),
            ("20 days of everybody, counted alone", all_days),
        ):
            rows.append([name, f"{run.cards:,}", run.statements, f"{run.seconds:.2f}", f"{run.peak:.0f}"])
        say("### Statements by people and days\n")
        table(["", "cards", "statements", "seconds", "peak MB"], rows)

    def compare(self, *queries) -> None:
        """Hold the rows of the addon against those of each hand-written statement. :raise SystemExit: if they differ"""
        self._compare(LAST_DAY, LAST_DAY, *queries)

    def _compare(self, day, since, *queries) -> None:
        """The same of the period that ends on `day` and begins on `since`."""
        results = []
        for road in (
            lambda env: self.score(env, day),
            *(lambda env, q=q: self.limit(env, q, day) for q in queries),
        ):
            with common.environment(self.database) as env:
                road(env)
                env.flush_all()
                env.cr.execute(limit_store.EVIDENCE, {"plan": self.plan_id, "since": since})
                results.append(env.cr.fetchall())
        for found in results[1:]:
            for ours, theirs in zip(results[0], found, strict=False):
                if ours != theirs:
                    raise SystemExit(
                        f"The addon and the hand-written SQL do not agree:\n  {ours}\n  {theirs}"
                    )
            if len(found) != len(results[0]):
                raise SystemExit(
                    f"The addon stored {len(results[0])} lines, the hand-written SQL {len(found)}"
                )
        say(f"Every column of {len(results[0])} lines and their cards is the same by all roads.\n")
