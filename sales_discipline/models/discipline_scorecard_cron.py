import logging
from datetime import datetime, timedelta
from functools import partial

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from .discipline_scorecard_due import BATCH
from .sql_rows import sql_rows

_logger = logging.getLogger(__name__)

SCORE_LOCK = 19_051_802  # arbitrary, but one number for all processes: one of them scores at a time


class DisciplineScorecard(models.Model):
    """The work of the scheduled action: what is due is opened, measured and frozen, a batch of people at a time,
    each batch in a transaction of its own."""

    _inherit = "discipline.scorecard"

    @api.model
    def _cron_score(self) -> None:
        """Score what is due, a commit a batch. Killed at any point, the next run goes on where it stopped; a
        batch that fails is logged and does not hold up the others. A second process leaves at once."""
        self._run_chunks(fields.Datetime.now())

    def _run_steps(self, get_steps, failures: list, chunk=None, more: int = 0) -> bool:
        """Run some steps, a commit each.

        :param get_steps: returns them
        :param failures: where the error of a step that failed is added
        :param chunk: the people whom they are about, see `_lock`
        :param more: how much is to be done after them, for the progress that is shown
        :return: False if the time is up, or another process has begun to score
        """
        cron, steps = self.env["ir.cron"], []
        try:
            steps = get_steps()
        except Exception as error:
            self._add_failure(error, failures)
        for done, step in enumerate(steps, 1):
            try:
                if not self._lock(chunk) or not self._run_step(step, chunk):
                    return False
            except Exception as error:
                self._add_failure(error, failures)
            if not cron._commit_progress(1, remaining=len(steps) - done + more):
                return False
        return True

    def _add_failure(self, error, failures: list) -> None:
        """Undo the step that failed, and tell of it."""
        self.env.cr.rollback()
        failures.append(error)
        _logger.exception("A batch of scorecards could not be scored")

    def _run_step(self, step, chunk=None) -> bool:
        """Run one batch, and again if somebody changed one of its cards meanwhile (handed in a report, opened the page of
        an open one).

        :return: False if another process has begun to score
        """
        for last in (False, False, True):
            try:
                step()
                return True
            except SerializationFailure:
                if last:
                    raise
                self.env.cr.rollback()
                if not self._lock(chunk):
                    return False
        return True

    @api.model
    def _score(self, now: datetime):
        """Open, measure and freeze what is due at `now`, without commits.

        :param now: naive UTC; only what had been entered by each card's deadline counts, however late `now` is
        :return: the cards that were frozen
        """
        frozen = self.browse()
        if self._lock():
            for get_steps in (self._get_card_steps, self._get_steps):
                for step in get_steps(now):
                    frozen |= step() or self.browse()
        return frozen

    @api.model
    def _lock(self, chunk=None) -> bool:
        """Whether this transaction may score: nobody else does, or only others of other people; the lock goes with the
        transaction.

        :param chunk: `(company id, number)`, of `_get_chunks`; everybody if not given
        """
        if chunk is None:
            query = SQL("SELECT pg_try_advisory_xact_lock(%s)", SCORE_LOCK)
        else:
            query = SQL(
                "SELECT pg_try_advisory_xact_lock_shared(%s) AND pg_try_advisory_xact_lock(%s, hashtext(%s))",
                SCORE_LOCK,
                SCORE_LOCK,
                "{}/{}".format(*chunk),
            )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _get_card_steps(self, now: datetime, people: list[int] | None = None) -> list:
        """The work to do at `now`, in order, as functions of one batch each that return the cards they froze.

        :param people: ids of the employees whose cards are looked at; everybody's if not given. What becomes of a card
            does not depend on who else is looked at
        """
        scorecards = self.sudo()
        whose = [] if people is None else [("employee_id", "in", people)]
        due = scorecards._get_batches([("state", "=", "open"), ("deadline", "<=", now), *whose])
        opened = scorecards._get_batches([("state", "=", "open"), ("deadline", ">", now), *whose])
        held = {}
        steps = [partial(scorecards._freeze_batch, batch, now) for batch in due]
        steps += [
            partial(scorecards._open_batch, values, now, held)
            for values in scorecards._get_missing(now, people)
        ]
        steps += [partial(scorecards._refresh_batch, batch, now) for batch in opened]
        return steps + scorecards._get_late_steps(now, whose)

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """What follows from the cards, for everybody at once, when all that was due at `now` has been scored; in order, as
        functions for a transaction each that return nothing."""
        steps = self.env["discipline.assessment"]._get_steps(now)
        if companies := self._get_late_companies(now):
            steps.append(partial(companies._set_late_recounted, now.date()))
        # who has a new card has a plan to read
        steps.append(partial(self.env["discipline.plan.acknowledgement"].sudo()._add_scored, now))
        return steps

    def _get_batches(self, domain) -> list[list[int]]:
        """Ids of cards in batches of one period and date, in order."""
        groups = self._read_group(
            domain, ["date_from:day", "period"], ["id:array_agg"], order="date_from:day, period"
        )
        return [
            ids[start : start + BATCH] for _day, _period, ids in groups for start in range(0, len(ids), BATCH)
        ]

    def _refresh_batch(self, ids: list[int], now) -> None:
        """Measure cards whose deadline is still to come."""
        cards = self.search([("id", "in", ids), ("state", "=", "open")])
        cards._measure_and_store(now, freeze=False)

    def _freeze_batch(self, ids: list[int], now):
        """Freeze those of `ids` that are still open."""
        cards = self.search([("id", "in", ids), ("state", "=", "open")])
        return cards._measure_and_store(now, freeze=True)

    def _open_batch(self, values: list[dict], now, held: dict):
        """Open the cards; those whose deadline has passed are frozen at once.

        :param held: whose cards of which kind could not be opened, and for which day: their later days wait until
            that one is mended, for a missing day is looked for after the last card only
        """
        keys = [(vals["employee_id"], vals["period"], vals["trial"]) for vals in values]
        values = [
            vals
            for key, vals in zip(keys, values, strict=True)
            if held.get(key, vals["date_from"]) >= vals["date_from"]
        ]
        if not values:
            return self.browse()
        due = [vals for vals in values if vals["deadline"] <= now]
        try:
            self._open_cards([vals for vals in values if vals["deadline"] > now])
            frozen = self._open_cards(due, now)
        except Exception:
            for key in keys:
                held.setdefault(key, values[0]["date_from"])
            raise
        for key in keys:  # it went well the second time
            if held.get(key) == values[0]["date_from"]:
                del held[key]
        return frozen

    # ------------------------------------------------------------
    # Late entries of frozen cards
    # ------------------------------------------------------------

    def _get_late_companies(self, now: datetime):
        """Those whose late entries have not been recounted today."""
        companies = self.env["res.company"].sudo().search([])
        return companies.filtered(lambda company: company.discipline_late_recounted != now.date())

    def _get_late_steps(self, now: datetime, whose: list) -> list:
        """Recount once a day what was entered late for the cards of the last days of each company.

        :param whose: a domain of cards
        """
        steps = []
        for company in self._get_late_companies(now):
            since = now.date() - timedelta(days=company.discipline_late_days)
            domain = [("state", "=", "frozen"), ("date_to", ">=", since), ("company_id", "=", company.id)]
            steps += [
                lambda ids=ids: self.browse(ids)._recount_late() for ids in self._get_batches(domain + whose)
            ]
        return steps

    def _recount_late(self):
        """Store how much was entered late for these frozen cards; what was scored stays."""
        late = [
            (card_id, metric_id, scope, measure.late)
            for scope, measures in self._measure_lines(self.sudo()._get_plain()).items()
            for metric_id, found in measures.items()
            for card_id, measure in found.items()
        ]
        rows = sql_rows(
            self.env["discipline.scorecard.line"], ("scorecard_id", "metric_id", "scope", "late"), late
        )
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_scorecard_line l SET late = v.late FROM %s WHERE l.scorecard_id = v.scorecard_id"
                " AND l.metric_id = v.metric_id AND l.scope = v.scope AND l.late IS DISTINCT FROM v.late",
                rows,
            )
        )
        self.env["discipline.scorecard.line"].invalidate_model(["late"])
