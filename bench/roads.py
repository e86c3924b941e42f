"""The roads to a frozen day, one run of each: the addon's own, and the hand-written statements."""

import statistics
from datetime import datetime, time, timedelta

import common
import limit_store
from common import Run, ratios, say, spread, table
from data import CLOSING, LAST_DAY

WEEK = timedelta(days=7)
FIRST_DAY = LAST_DAY - 4 * WEEK
FREEZE = "the addon"
WHOLE = "the addon, with what follows: signals, realism, notices"
HEADER = ["road", "seconds, median (min..max)", "x hand-written, same repetition", "statements", "peak MB"]


class Roads:
    """What can be done with one database; whoever gives an environment rolls back what was done in it."""

    def __init__(self, database: str, repeat: int):
        self.database = database
        self.repeat = repeat
        self.plan_id = None
        self.types = {}

    # one run -----------------------------------------------------------------------------------

    def score(self, env, day, now=None) -> Run:
        """The addon's whole work up to the end of `day`; without the late entries, which are measured alone."""
        now = self._begin(env, day, now)
        with Run(env.cr) as run:
            run.cards = len(env["discipline.scorecard"]._score(now))
        return run

    def freeze(self, env, day, now=None) -> Run:
        """Cards alone: opened where they are missing, measured, judged, stored, frozen and sealed. Not what follows
        from them: signals, whether plans are realistic, notices."""
        now = self._begin(env, day, now)
        with Run(env.cr) as run:
            run.cards = sum(len(step() or ()) for step in env["discipline.scorecard"]._get_card_steps(now))
        return run

    def _begin(self, env, day, now) -> datetime:
        now = now or datetime.combine(day, time()) + CLOSING
        env.cr.execute("UPDATE res_company SET discipline_late_recounted = %s", [now.date()])
        env.invalidate_all()
        env.flush_all()
        return now

    def measure(self, domain, env=None) -> Run:
        """What the engine does for the cards of that domain, nothing stored."""
        if env is None:
            with common.environment(self.database) as env:
                return self.measure(domain, env)
        scorecards = env["discipline.scorecard"]
        cards = scorecards.search([("plan_id", "=", self.plan_id), *domain])._get_plain()
        env["discipline.plan"].browse(self.plan_id).mapped("line_ids.metric_id.code")
        with Run(env.cr) as run:
            scorecards._measure_lines(cards)
        run.cards = len(cards)
        return run

    def limit(self, env, query, day=LAST_DAY, now=None) -> Run:
        """One hand-written statement for a day; where it freezes cards, they are sealed by one more."""
        parameters = self._parameters(day, now)
        with Run(env.cr) as run:
            env.cr.execute(query, parameters)
            if limit_store.is_freeze(query):
                self._seal(env, parameters["first"])
        return run

    def _seal(self, env, first) -> None:
        """Seals chain texts of the whole card: there is no shorter way to make them than the addon's own statement."""
        env.cr.execute(
            "SELECT ARRAY_AGG(id) FROM discipline_scorecard WHERE plan_id = %s AND date_from = %s",
            [self.plan_id, first],
        )
        env["discipline.seal"].sudo()._append(env.cr.fetchone()[0], "frozen")

    def limit_days(self, env, day, weeks) -> Run:
        """The hand-written statement for each working day of the weeks after `day`."""
        days = [day + timedelta(days=n) for n in range(1, 7 * weeks + 1)]
        now = datetime.combine(days[-1], time()) + CLOSING
        with Run(env.cr) as run:
            for each in days:
                if each.weekday() < 5:
                    env.cr.execute(limit_store.FREEZE, self._parameters(each, now))
                    self._seal(env, each)
        return run

    def _parameters(self, day, now=None) -> dict:
        before = day - timedelta(days=3 if day.weekday() == 0 else 1)
        now = now or datetime.combine(day, time()) + CLOSING
        return {
            "period": "day",
            "first": day,
            "day": day,
            "before": before,
            "hours": 8,
            "plan": self.plan_id,
            "now": now,
            **self.types,
        }

    def _get_digest(self, env) -> list[tuple]:
        """`(day, lines, digest of what they and their cards hold)` of the days since the first."""
        env.flush_all()
        env.cr.execute(limit_store.DIGEST, {"plan": self.plan_id, "since": FIRST_DAY + timedelta(days=1)})
        return env.cr.fetchall()

    def forget(self, day) -> None:
        """Take the cards that begin on `day` away: the day has not been scored."""
        with common.environment(self.database) as env:
            for query in (
                "DELETE FROM discipline_scorecard_line l USING discipline_scorecard c"
                " WHERE c.id = l.scorecard_id AND c.date_from = %s",
                "DELETE FROM discipline_scorecard WHERE date_from = %s",
            ):
                env.cr.execute(query, [day])
            env.cr.commit()

    def copy_cards(self, env, since, first, last) -> None:
        """The plan's cards that begin on `since`, and their lines, once more for the period from `first` to `last`."""
        env.flush_all()
        names = {}
        for name in ("discipline_scorecard", "discipline_scorecard_line"):
            env.cr.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_name = %s AND column_name NOT IN ('id', 'date_from', 'date_to', 'scorecard_id')",
                [name],
            )
            names[name] = env.cr.fetchone()[0]
        card, line = names.values()
        lines = ", ".join(f"l.{name}" for name in line.split(", "))
        env.cr.execute(
            f"""
            WITH new AS (
                INSERT INTO discipline_scorecard ({card}, date_from, date_to)
                SELECT {card}, %(first)s, %(last)s FROM discipline_scorecard
                 WHERE plan_id = %(plan)s AND date_from = %(since)s RETURNING id, employee_id)
            INSERT INTO discipline_scorecard_line (scorecard_id, {line})
            SELECT n.id, {lines} FROM discipline_scorecard c
              JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
              JOIN new n ON n.employee_id = c.employee_id
             WHERE c.plan_id = %(plan)s AND c.date_from = %(since)s
            """,
            {"first": first, "last": last, "plan": self.plan_id, "since": since},
        )

    # several runs ------------------------------------------------------------------------------

    def _race(self, title: str, roads: dict) -> float:
        """Run all roads in turn, `repeat` times, and print them; the first one is the limit.

        :return: how many times the limit the road FREEZE takes, or the last one, the median
        """
        runs = {name: [] for name in roads}
        for _n in range(self.repeat):
            for name, road in roads.items():
                self.vacuum()
                with common.environment(self.database) as env:
                    env.cr.execute("SELECT 1")
                    runs[name].append(road(env))
        first = next(iter(runs.values()))
        say(f"### {title}\n")
        table(HEADER, [self._row(name, found, first) for name, found in runs.items()])
        ours = runs.get(FREEZE, runs[name])
        return statistics.median(ratios(*([run.seconds for run in found] for found in (ours, first))))

    def _row(self, name, runs, limit) -> list:
        times = [run.seconds for run in runs]
        factor = spread(ratios(times, [run.seconds for run in limit]))
        statements = "..".join(map(str, sorted({run.statements for run in runs})))
        return [name, spread(times), factor, statements, f"{max(run.peak for run in runs):.0f}"]

    def vacuum(self) -> None:
        """Clear away what the rolled-back run before left behind."""
        with common.connection(self.database) as cr:
            cr.execute("VACUUM (ANALYZE) discipline_scorecard, discipline_scorecard_line")
