from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from .discipline_scorecard_due import BATCH

PARAMETER = "sales_discipline.chunk_people"
FOLLOWING = (0, 0)  # instead of people: what follows from the cards of all of them


class DisciplineScorecard(models.Model):
    """The work of the scheduled action in chunks: people of one company, so many at most. What is done for a chunk does
    not depend on the others: they can be done here one after the other, or by several processes at once."""

    _inherit = "discipline.scorecard"

    @api.model
    def _run_chunks(self, now: datetime) -> None:
        """Do everything that is due at `now`: the cards, a chunk at a time, then what follows from them. Here, in this
        process; another addon may hand the chunks to others.

        :raise Exception: of a step that failed, when all others are done
        """
        # before anything is read: what another process has just scored must not look undone
        if not self._lock():
            return
        failures = []
        parts = [partial(self._get_card_steps, now, people) for people in self._get_chunks(now).values()]
        parts.append(partial(self._get_steps, now))
        for left, get_steps in zip(range(len(parts) - 1, -1, -1), parts, strict=True):
            if not self._lock() or not self._run_steps(get_steps, failures, more=left):
                return
        if failures:
            raise failures[-1]

    @api.model
    def _run_chunk(self, chunk) -> bool:
        """Do what is due now for the people of one chunk, or what follows from all cards, a commit a step.

        :param chunk: a key of `_get_chunks`, or FOLLOWING
        :return: False if another process is, or has come, in the way: it is to be tried again
        :raise Exception: of a step that failed, when all others are done
        """
        chunk = tuple(chunk)
        if not self._lock(chunk):
            return False
        now, failures = fields.Datetime.now(), []
        if chunk == FOLLOWING:
            get_steps = partial(self._get_steps, now)
        else:
            get_steps = partial(self._get_card_steps, now, self._get_chunks(now, chunk).get(chunk, []))
        done = self._run_steps(get_steps, failures, chunk)
        if failures:
            raise failures[-1]
        return done

    @api.model
    def _get_chunks(self, now: datetime, chunk=None) -> dict[tuple[int, int], list[int]]:
        """Whose cards are to be looked at, by chunk: `{(company id, number): ids of employees}`, in order. Somebody stays in
        the same chunk whoever comes and goes.

        :param chunk: only this one
        """
        for name, names in (
            ("hr.employee", ["active", "company_id", "user_id"]),
            ("discipline.plan", ["state", "active"]),
        ):
            self.env[name].flush_model(names)
        self.flush_model(["state", "date_to"])
        days = self._get_late_companies(now).mapped("discipline_late_days")
        size = self._get_chunk_size()
        query = SQL(
            """
            SELECT e.company_id, e.id / %(size)s, ARRAY_AGG(e.id ORDER BY e.id)
              FROM (SELECT id FROM hr_employee
                     WHERE active AND user_id IS NOT NULL AND company_id IN (
                           SELECT company_id FROM discipline_plan WHERE active AND state <> 'draft')
                     UNION SELECT employee_id FROM discipline_scorecard WHERE state = 'open'
                     UNION SELECT employee_id FROM discipline_scorecard WHERE date_to >= %(since)s
                   ) wanted
              JOIN hr_employee e ON e.id = wanted.id
             WHERE %(which)s
             GROUP BY 1, 2 ORDER BY 1, 2
            """,
            size=size,
            since=(now - timedelta(days=max(days))).date() if days else None,
            which=SQL("e.company_id = %s AND e.id / %s = %s", chunk[0], size, chunk[1])
            if chunk
            else SQL("TRUE"),
        )
        return {(company_id, number): ids for company_id, number, ids in self.env.execute_query(query)}

    @api.model
    def _get_chunk_size(self) -> int:
        """How many people are in a chunk at most."""
        value = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        return int(value) if (value or "").isdecimal() and int(value) else BATCH
