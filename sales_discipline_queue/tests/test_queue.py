from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID
from odoo.addons.sales_discipline.models import discipline_payroll_chunk, discipline_payroll_job
from odoo.addons.sales_discipline.models.discipline_scorecard_chunk import FOLLOWING, PARAMETER
from odoo.addons.sales_discipline.tests.freeze_common import FreezeCase
from odoo.addons.sales_discipline.tests.pay_common import PayCase

NOW = "2026-03-13 12:00:00"


class QueueMixin:
    """Jobs are looked at, or done here one by one, as the runner of the other process would have them done."""

    @contextmanager
    def _runner(self):
        """A connection that holds what a job runner holds."""
        with self.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [PG_ADVISORY_LOCK_ID])
            yield

    @contextmanager
    def _no_commits(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0) as progress:
            yield progress

    def _jobs(self, state=None):
        domain = [("channel", "=", "root.discipline"), *([("state", "=", state)] if state else [])]
        return self.env["queue.job"].search(domain, order="id")

    def _do(self, job):
        """What the job does, without its bookkeeping."""
        records = job.records.with_context(job_uuid=job.uuid)
        return getattr(records, job.method_name)(*job.args, **job.kwargs)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestQueueScore(QueueMixin, FreezeCase):
    """The chunks of the freeze as jobs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(("companies_added", 2.0), ("deals_open", 1.0), date_from="2026-03-09")
        for day, count in {9: 1, 10: 3, 11: 2}.items():
            cls._work(cls.anna, f"2026-03-{day:02}", count, hour=8)
        cls.env["ir.config_parameter"].set_param(PARAMETER, 2)

    def _hand_over(self):
        with self._runner(), self._no_commits():
            self.cards._cron_score()
        return self._jobs("pending")

    def test_installs_itself(self):
        module = self.env["ir.module.module"].search([("name", "=", "sales_discipline_queue")])
        self.assertTrue(module.auto_install)
        self.assertEqual(set(module.dependencies_id.mapped("name")), {"sales_discipline", "queue_job"})

    def test_without_a_runner(self):
        """Jobs would wait for ever: the work is done by the scheduled action."""
        with self._no_commits():
            self.cards._cron_score()
        self.assertFalse(self._jobs())
        self.assertEqual(self._card(self.e_anna, "2026-03-11").state, "frozen")

    def test_one_chunk(self):
        """It is not worth a job."""
        self.env["ir.config_parameter"].set_param(PARAMETER, 1_000_000)
        self.assertFalse(self._hand_over())
        self.assertEqual(self._card(self.e_anna, "2026-03-11").state, "frozen")

    def test_jobs(self):
        """One a chunk and one for what follows, on the channel, allowed to commit; none twice however often one looks."""
        jobs = self._hand_over()
        chunks = self.cards._get_chunks(fields.Datetime.now())
        self.assertGreater(len(chunks), 1)
        self.assertEqual([tuple(*job.args) for job in jobs], [*chunks, FOLLOWING])
        self.assertEqual(len(set(jobs.mapped("identity_key"))), len(jobs))
        self.assertFalse(self.cards.search([]))
        self.assertIn(self.company.name, "".join(jobs.mapped("name")))
        function = jobs.job_function_id
        self.assertEqual(function, self.env.ref("sales_discipline_queue.job_function_scorecard"))
        self.assertTrue(function.allow_commit)
        self.assertGreater(jobs[-1].priority, jobs[0].priority)
        self.assertEqual(self._hand_over(), jobs)

    def test_same_as_without(self):
        savepoint = self.env.cr.savepoint()
        self._score(NOW)
        expected = self._snapshot()
        self.assertTrue(expected)
        savepoint.rollback()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        *chunks, following = self._hand_over()
        with self._no_commits():
            for job in reversed(chunks):
                self._do(job)
                job.state = "done"
            self._do(following)
        self.assertEqual(self._snapshot(), expected)
        self.assertFalse(self.cards.search_count([("state", "=", "frozen"), ("signals_at", "=", False)]))

    def test_what_follows_waits(self):
        """For all chunks handed over before; not for one that failed, nor for those that come later."""
        *chunks, following = self._hand_over()
        with self._no_commits():
            for job in chunks:
                with self.assertRaises(RetryableJobError) as caught:
                    self._do(following)
                self.assertTrue(caught.exception.ignore_retry)
                job.state = "started"
                with self.assertRaises(RetryableJobError):
                    self._do(following)
                job.state = "failed" if job == chunks[0] else "done"
            self.assertEqual(len(self._hand_over()), len(chunks) + 1, "the next time round")
            chunks[0].state = "failed"
            self._do(following)

    def test_one_that_failed(self):
        """It is put back into the queue, the same job: a chunk that goes on failing does not fill the list."""
        first = self._hand_over()[0]
        first.write({"state": "failed", "exc_info": "broken"})
        count = len(self._jobs())
        self._hand_over()
        self.assertEqual((first.state, len(self._jobs())), ("pending", count))
        first.state = "cancelled"
        self._hand_over()
        self.assertEqual((first.state, len(self._jobs())), ("pending", count))
        first.state = "started"
        self._hand_over()
        self.assertEqual(len(self._jobs()), count + 1, "what came up meanwhile is looked at afterwards")

    def test_another_is_at_it(self):
        """The job comes back later, and counts as none."""
        job = self._hand_over()[0]
        with self.registry.cursor() as other:
            self.assertTrue(self.cards.with_env(self.env(cr=other))._lock(tuple(*job.args)))
            with self.assertRaises(RetryableJobError) as caught:
                self._do(job)
        self.assertTrue(caught.exception.ignore_retry)
        self.assertFalse(self.cards.search([]))

    def test_a_failure_is_seen(self):
        """The job fails, and so does not look done."""
        job = self._hand_over()[0]
        with (
            self._no_commits(),
            patch.object(type(self.cards), "_get_missing", side_effect=ZeroDivisionError),
            patch.object(self.env.cr, "rollback"),
            self.assertLogs("odoo.addons.sales_discipline.models.discipline_scorecard_cron", "ERROR"),
            self.assertRaises(ZeroDivisionError),
        ):
            self._do(job)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestQueuePay(QueueMixin, PayCase):
    """The chunks of a payroll run as jobs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._component("points", rate=5)
        users = [cls._new_user(f"more{n}", "sales_team.group_sale_salesman") for n in range(3)]
        cls.people = cls.e_anna + cls.e_boris
        for user in users:
            cls.people += cls._new_employee(user)
        for n, employee in enumerate(cls.people):
            cls._week(employee, "2026-09-07", [1, 2, 3, n, 5])

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM discipline_payroll")
        for module, name, value in (
            (discipline_payroll_job, "AT_ONCE", 3),
            (discipline_payroll_chunk, "BATCH", 2),
        ):
            patcher = patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _hand_over(self):
        with self._runner(), self._no_commits():
            self.env["discipline.payroll"].sudo()._cron_pay()
        return self._jobs("pending")

    def _work(self, jobs):
        with self._no_commits():
            for job in jobs:
                self._do(job)
                job.state = "done"

    def test_same_as_without(self):
        """Computed, and confirmed, by jobs in any order: the last one ends it."""
        run = self._run()
        with patch.object(discipline_payroll_job, "AT_ONCE", 1000):
            run.action_compute()
        fingerprint, total = run.fingerprint, run.total
        self.assertTrue(total)
        run.action_compute()
        jobs = self._hand_over()
        self.assertEqual(len(jobs), 3)
        self.assertEqual(self._hand_over(), jobs, "none twice")
        self.assertIn(run.name, jobs[0].name)
        self._work(reversed(jobs[1:]))
        self.assertEqual((run.state, run.job_done), ("computing", 3))
        self._work(jobs[0])
        self.assertEqual(
            (run.state, run.job, run.fingerprint, run.total), ("computed", False, fingerprint, total)
        )
        run.action_confirm()
        jobs = self._hand_over()
        self.assertEqual((run.state, len(jobs)), ("computed", 3))
        self._work(jobs)
        self.assertEqual((run.state, run.job), ("confirmed", False))
        self.assertEqual(set(run.statement_ids.mapped("state")), {"confirmed"})

    def test_done_again(self):
        """A job that was done and is taken again, since its worker was killed just then, changes nothing."""
        run = self._run()
        run.action_compute()
        jobs = self._hand_over()
        self._work(jobs[0])
        before = run.statement_ids.read(["fingerprint", "total"]), run.statement_ids.line_ids.ids
        self._work(jobs[0])
        self.assertEqual(
            (run.statement_ids.read(["fingerprint", "total"]), run.statement_ids.line_ids.ids), before
        )
        self._work(jobs[1:])
        self.assertEqual(run.state, "computed")

    def test_stopped(self):
        """Jobs of a run that was stopped do nothing, also when it is computed anew meanwhile."""
        run = self._run()
        run.action_compute()
        jobs = self._hand_over()
        self._work(jobs[0])
        run.action_stop()
        self._work(jobs[1])
        self.assertEqual((run.state, run.job), ("draft", False))
        run.action_compute()
        self._work(jobs[2])
        self.assertEqual((run.state, run.job_done), ("computing", 0))
        self._work(self._hand_over())
        self.assertEqual(run.state, "computed")

    def test_without_a_runner(self):
        run = self._run()
        run.action_compute()
        with self._no_commits():
            self.env["discipline.payroll"].sudo()._cron_pay()
        self.assertFalse(self._jobs())
        self.assertEqual(run.state, "computed")

    def test_another_is_at_it(self):
        run = self._run()
        run.action_compute()
        job = self._hand_over()[0]
        with (
            self._no_commits(),
            patch.object(type(job.records), "_lock", return_value=False),
            self.assertRaises(RetryableJobError) as caught,
        ):
            self._do(job)
        self.assertTrue(caught.exception.ignore_retry)
        self.assertEqual(run.job_done, 0)

    def test_way_to_the_run(self):
        run = self._run()
        run.action_compute()
        job = self._hand_over()[0]
        action = job.open_related_action()
        self.assertEqual((action["res_model"], action["res_id"]), ("discipline.payroll", run.id))
