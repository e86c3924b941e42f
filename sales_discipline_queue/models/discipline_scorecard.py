from datetime import datetime

from odoo import api, models

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.sales_discipline.models.discipline_scorecard_chunk import FOLLOWING

KEY = "discipline.scorecard/"
SOON = 5  # seconds until a job that something is in the way of is tried again


class DisciplineScorecard(models.Model):
    """Chunks of people are scored by the workers of the job queue, several at once; when they are done, one of them does
    what follows from the cards. Jobs are the same however often the scheduled action comes: one a chunk."""

    _inherit = "discipline.scorecard"

    @api.model
    def _run_chunks(self, now: datetime) -> None:
        """Hand over what is due. One chunk alone, and everything where no job runner is there, is done here."""
        jobs = self.env["queue.job"]
        chunks = list(self._get_chunks(now)) if jobs._is_discipline_runner_there() else []
        if len(chunks) < 2:
            super()._run_chunks(now)
            return
        chunks.append(FOLLOWING)
        jobs._take_discipline_again([self._get_chunk_key(chunk) for chunk in chunks])
        for chunk in chunks:
            self._delay_chunk(chunk)

    @api.model
    def _get_chunk_key(self, chunk) -> str:
        """What the job of a chunk is known by."""
        return KEY + "{}/{}".format(*chunk)

    @api.model
    def _delay_chunk(self, chunk):
        """A job of this chunk, unless there is one that has not begun."""
        if chunk == FOLLOWING:
            text = self.env._("Signals, checks and notices after the scorecards")
        else:
            company = self.env["res.company"].sudo().browse(chunk[0])
            text = self.env._(
                "Scorecards of %(company)s, part %(part)s", company=company.name, part=chunk[1] + 1
            )
        delayed = self.sudo().with_delay(
            description=text,
            identity_key=self._get_chunk_key(chunk),
            priority=20 if chunk == FOLLOWING else None,
        )
        return delayed._job_run_chunk(list(chunk))

    @api.model
    def _job_run_chunk(self, chunk: list[int]) -> None:
        """Score a chunk of people, or do what follows from all cards.

        :raise RetryableJobError: while another process is in the way, or chunks are still to be scored
        """
        if tuple(chunk) == FOLLOWING and self._is_chunk_undone():
            raise RetryableJobError("Scorecards are still to be scored", seconds=SOON, ignore_retry=True)
        if not self._run_chunk(chunk):
            raise RetryableJobError("Another process is at it", seconds=SOON, ignore_retry=True)

    @api.model
    def _is_chunk_undone(self) -> bool:
        """Whether chunks that were handed over before the job at work are still to be scored. One that failed is not
        waited for: the others' people want to be told."""
        job = self.env["queue.job"].sudo().search([("uuid", "=", self.env.context.get("job_uuid"))])
        return bool(job and job._get_discipline_undone(KEY))
