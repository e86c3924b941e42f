from odoo import api, models

from odoo.addons.queue_job.job import CANCELLED, ENQUEUED, FAILED, PENDING, STARTED, WAIT_DEPENDENCIES
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

UNDONE = (WAIT_DEPENDENCIES, PENDING, ENQUEUED, STARTED)


class QueueJob(models.Model):
    _inherit = "queue.job"

    @api.model
    def _is_discipline_runner_there(self) -> bool:
        """Whether a job runner serves this database: it holds a lock in it for as long as it lives. Jobs of a database that
        nobody serves would wait for ever, and days would not be frozen."""
        self.env.cr.execute(
            """
            SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
               AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
               AND (classid::bigint << 32) | objid::bigint = %s
             LIMIT 1
            """,
            [PG_ADVISORY_LOCK_ID],
        )
        return bool(self.env.cr.fetchone())

    @api.model
    def _take_discipline_again(self, keys: list[str]) -> None:
        """Put the jobs with these identity keys that failed or were cancelled back into the queue: what they are about is
        still to be done, and by one job."""
        jobs = self.sudo().search(
            [("identity_key", "in", keys), ("state", "in", (FAILED, CANCELLED))], order="id desc"
        )
        again = {}
        for job in jobs:
            again.setdefault(job.identity_key, job)
        self.browse(job.id for job in again.values()).sudo().requeue()

    def _get_discipline_undone(self, prefix: str):
        """The jobs before this one whose identity key begins so and that are still to be done."""
        domain = [("identity_key", "=like", f"{prefix}%"), ("state", "in", UNDONE), ("id", "<", self.id)]
        return self.sudo().search(domain, limit=1)

    def related_action_discipline_payroll(self):
        """The payroll run that the job is about, for those who read it: a job holds its records as superuser."""
        self.ensure_one()
        runs = self.records.exists().payroll_id.with_env(self.env)
        if not runs:
            return None
        runs.check_access("read")
        return {
            "name": runs[:1].display_name,
            "type": "ir.actions.act_window",
            "res_model": runs._name,
            "view_mode": "form",
            "res_id": runs[:1].id,
        }
