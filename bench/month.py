"""A month of everybody frozen, by the addon and by hand-written SQL: ten indicators, with a year of months before it."""

from datetime import datetime, time, timedelta

import common
import limit_store
from common import note, say
from data import CLOSING
from freeze import METRICS, Freeze
from roads import FREEZE, WHOLE

from odoo.tools import date_utils

LAST_DAY = datetime(2025, 10, 31).date()  # of the month that is measured
FIRST_DAY = LAST_DAY.replace(day=1)
BEFORE = date_utils.subtract(FIRST_DAY, months=1)
HISTORY = 11  # months before the one before, copied from it
WORKING_DAYS = 23


class Month(Freeze):
    """The freeze of one month, in a database where no day has been scored yet; each measured run is rolled back."""

    def run(self) -> float:
        """Measure and print; how many times the hand-written SQL a freeze takes. The month is frozen afterwards.
        :raise SystemExit: if the addon and the SQL do not agree"""
        self.prepare()
        note("freezing the month before, and copying it")
        with common.environment(self.database) as env:
            self.score(env, FIRST_DAY - timedelta(days=1))
            self._copy_history(env)
            self.score(
                env, FIRST_DAY - timedelta(days=1)
            )  # checks the plans of the months copied, once for all
            env.cr.commit()
        note("freezing a month")
        self.compare(limit_store.FREEZE, limit_store.FREEZE_LEDGER)
        factor = self.one_go()
        with common.environment(self.database) as env:
            run = self.score(env, LAST_DAY)
            env.cr.commit()
        say(
            f"{run.cards:,} cards; with the months before them {run.cards * (HISTORY + 2) * len(METRICS):,} lines.\n"
        )
        return factor

    def prepare(self) -> None:
        """A monthly plan of ten metrics for everybody."""
        with common.environment(self.database) as env:
            self.make_plan(env, factor=20, name="Bench, month", period="month", date_from=BEFORE)
            env.cr.commit()

    def one_go(self) -> float:
        """Cards of the month opened and frozen at once."""
        roads = {
            "hand-written, Odoo's tables": lambda env: self.limit(env, limit_store.FREEZE, LAST_DAY),
            "hand-written, the ledger": lambda env: self.limit(env, limit_store.FREEZE_LEDGER, LAST_DAY),
            FREEZE: lambda env: self.freeze(env, LAST_DAY),
            WHOLE: lambda env: self.score(env, LAST_DAY),
        }
        return self._race("A month of everybody: cards opened and frozen in one go", roads)

    def compare(self, *queries) -> None:
        self._compare(LAST_DAY, FIRST_DAY, *queries)

    def clear(self) -> None:
        """Take the month away again, for what is measured by the day."""
        with common.environment(self.database) as env:
            for query in (
                "DELETE FROM discipline_scorecard_line l USING discipline_scorecard c"
                " WHERE c.id = l.scorecard_id AND c.plan_id = %s",
                "DELETE FROM discipline_scorecard WHERE plan_id = %s",
                "UPDATE discipline_plan SET state = 'draft' WHERE id = %s",
            ):
                env.cr.execute(query, [self.plan_id])
            env.cr.commit()
        self.vacuum()

    def _parameters(self, day, now=None) -> dict:
        month = {"period": "month", "first": FIRST_DAY, "before": BEFORE, "hours": 8 * WORKING_DAYS}
        now = now or datetime.combine(day, time()) + CLOSING
        return {**super()._parameters(day, now), **month}

    def _copy_history(self, env) -> None:
        """The cards of the month before and their lines once more, for each of the months before that."""
        for months in range(1, HISTORY + 1):
            first = date_utils.subtract(BEFORE, months=months)
            self.copy_cards(env, BEFORE, first, date_utils.end_of(first, "month"))
