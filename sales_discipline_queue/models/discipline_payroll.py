from odoo import models

from odoo.addons.queue_job.exception import RetryableJobError

KEY = "discipline.payroll.chunk/"


class DisciplinePayroll(models.Model):
    """Chunks of a long run are computed, and compared before it is confirmed, by the workers of the job queue."""

    _inherit = "discipline.payroll"

    def _run_chunks(self) -> bool:
        """Hand over what is left. One chunk alone, and everything where no job runner is there, is done here."""
        jobs = self.env["queue.job"]
        chunks = self.env["discipline.payroll.chunk"]._get_left(self)
        if len(chunks) < 2 or not jobs._is_discipline_runner_there():
            return super()._run_chunks()
        jobs._take_discipline_again([chunk._get_job_key() for chunk in chunks])
        for chunk in chunks:
            chunk._delay()
        return bool(self.env["ir.cron"]._commit_progress(len(chunks), remaining=0))


class DisciplinePayrollChunk(models.Model):
    _inherit = "discipline.payroll.chunk"

    def _get_job_key(self) -> str:
        """What the job of this chunk is known by."""
        return f"{KEY}{self.id}"

    def _delay(self):
        """A job of this chunk, unless there is one that has not begun."""
        run = self.payroll_id
        delayed = self.sudo().with_delay(
            description=self.env._(
                "Payroll of %(month)s, %(company)s: %(count)s people",
                month=run.name,
                company=run.company_id.name,
                count=self.size,
            ),
            identity_key=self._get_job_key(),
        )
        return delayed._job_run()

    def _job_run(self) -> None:
        """Do the chunk; whoever does the last one ends the work of the run.

        :raise RetryableJobError: while another process is about this chunk, which may be killed
        """
        self._run()  # before anything is read
        cron = self.env["ir.cron"]
        cron._commit_progress()
        run = self.payroll_id
        if self in self._get_left(run):
            raise RetryableJobError("Another process is at it", seconds=5, ignore_retry=True)
        cron._commit_progress()  # what others have done since is to be seen
        run._try_finish()
