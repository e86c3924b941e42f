"""What marking activities done costs with the addon and without it, in two databases with the same data.

One process holds both, and every activity is marked done in one and then in the other, so that whatever else the
machine does falls on both alike.
"""

import statistics
import time

from common import ratios, say, spread, table

from odoo import api
from odoo.modules.registry import Registry

ADMIN = 2
WARM_UP = 20
MANY = 10_000  # activities at once


class MarkDone:
    """Activities marked done in the database `plain` and in `extended`, which is a copy of it with the addon."""

    def __init__(self, plain: str, extended: str, count: int, repeat: int):
        self.names = (plain, extended)
        self.count = count
        self.repeat = repeat
        self.cursors = {}

    def run(self) -> float:
        """Measure and print; the median ratio of marking one by one."""
        with Registry(self.names[0]).cursor() as plain, Registry(self.names[1]).cursor() as extended:
            self.cursors = dict(zip(self.names, (plain, extended), strict=True))
            todo = self._get_activities(plain, extended)
            single = [self._race_single(todo) for _n in range(self.repeat)]
            bulk = [self._race_bulk(todo) for _n in range(self.repeat)]
            statements = self._count_statements(todo)
            index_cost = self._race_index()
        say("### Marking activities done, with the addon and in plain Odoo\n")
        rows = []
        for name, runs, index, unit in (
            ("one by one, a transaction each", single, 0, self.count),
            ("one by one, without the commit", single, 1, self.count),
            (f"{self.count} at once", bulk, 0, self.count),
        ):
            plain, extended = ([1000 * run[which][index] / unit for run in runs] for which in (0, 1))
            rows.append([name, spread(plain), spread(extended), spread(ratios(extended, plain), 3)])
        table(["", "plain Odoo, ms each", "with the addon, ms each", "x plain, same repetition"], rows)
        say(f"The index on open activities: {index_cost}.\n")
        say(
            f"SQL statements of one activity: {statements[0]} in plain Odoo, {statements[1]} with the addon\n"
        )
        return statistics.median(ratios([run[1][0] for run in single], [run[0][0] for run in single]))

    def _get_activities(self, *cursors):
        """`(id, assignee)` of activities that are open in all databases, those of the warm-up gone."""
        query = "SELECT id, user_id FROM mail_activity WHERE active AND summary = 'Bench' ORDER BY md5(id::text) LIMIT %s"
        found = []
        for cr in cursors:
            cr.execute(query, [WARM_UP + (2 * self.repeat + 1) * self.count])
            found.append(cr.fetchall())
        assert found[0] == found[1], "the databases differ"
        todo = iter(found[0])
        for _n in range(WARM_UP):
            row = next(todo)
            for name in self.names:
                self._mark(name, [row[0]], row[1])
        return todo

    def _mark(self, name: str, ids: list[int], uid: int) -> tuple[float, float]:
        """Seconds that a request takes which marks these activities done: with its commit, and without."""
        cr = self.cursors[name]
        start = time.perf_counter()
        env = api.Environment(cr, uid, {})
        env["mail.activity"].browse(ids).action_feedback(feedback="Called, will buy")
        env.flush_all()
        done = time.perf_counter()
        cr.commit()
        stop = time.perf_counter()
        env.transaction.reset()
        return stop - start, done - start

    def _race_single(self, todo):
        """Seconds of `count` activities one by one, per database: `[(with commit, without), ..]`."""
        totals = [[0.0, 0.0], [0.0, 0.0]]
        for n in range(self.count):
            activity_id, uid = next(todo)
            for which in (0, 1) if n % 2 else (1, 0):
                seconds = self._mark(self.names[which], [activity_id], uid)
                totals[which] = [a + b for a, b in zip(totals[which], seconds, strict=True)]
        return totals

    def _race_bulk(self, todo):
        """The same of `count` activities at once."""
        ids = [next(todo)[0] for _n in range(self.count)]
        return [self._mark(name, ids, ADMIN) for name in self.names]

    def _race_index(self) -> str:
        """What the one index that the addon adds to activities costs when they are planned and marked done: by SQL, with
        it and without, each rolled back."""
        cr = self.cursors[self.names[1]]
        seconds = {True: [], False: []}
        for n in range(self.repeat):
            for kept in (True, False) if n % 2 else (False, True):
                if not kept:
                    cr.execute("DROP INDEX mail_activity_open_idx")
                cr.execute(
                    "CREATE TEMP TABLE planned ON COMMIT DROP AS SELECT * FROM mail_activity WHERE active LIMIT %s",
                    [MANY],
                )
                cr.execute("UPDATE planned SET id = nextval('mail_activity_id_seq')")
                start = time.perf_counter()
                cr.execute("INSERT INTO mail_activity SELECT * FROM planned")
                planned = time.perf_counter()
                cr.execute(
                    "UPDATE mail_activity a SET active = FALSE, date_done = a.date_deadline FROM planned p WHERE p.id = a.id"
                )
                seconds[kept].append((planned - start, time.perf_counter() - planned))
                cr.rollback()
        parts = []
        for which, name in enumerate(("planned", "marked done")):
            run, bare = ([found[which] for found in seconds[kept]] for kept in (True, False))
            parts.append(
                f"{MANY:,} {name} in {spread(run)} s, {spread(ratios(run, bare), 3)} times as long as without it"
            )
        return "; ".join(parts)

    def _count_statements(self, todo) -> list[int]:
        activity_id, uid = next(todo)
        result = []
        for name in self.names:
            before = self.cursors[name].sql_log_count
            self._mark(name, [activity_id], uid)
            result.append(self.cursors[name].sql_log_count - before)
        return result
