from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import discipline_payroll_chunk as chunks
from ..models import discipline_payroll_job as jobs
from .pay_common import PayCase

LOGGER = "odoo.addons.sales_discipline.models.discipline_payroll_job"
PEOPLE = 5


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPayrollJob(PayCase):
    """Runs of more than three people are long here, and two people a batch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        component = cls._component("base", [(0, 50), (90, 100)])
        metric = cls.env.ref("sales_discipline.metric_sales_confirmed")
        scheme = component.scheme_id
        cls._component("commission", [(0, 1), (15_000, 2)], scheme, metric_id=metric.id)
        cls._component("points", scheme=scheme, rate=5)
        users = [cls._new_user(f"more{n}", "sales_team.group_sale_salesman") for n in range(PEOPLE - 2)]
        cls.team.member_ids = [Command.link(user.id) for user in users]
        cls.people = cls.e_anna + cls.e_boris
        for user in users:
            cls.people += cls._new_employee(user)
        for n, employee in enumerate(cls.people):
            employee.version_id.write(
                {"date_version": "2026-01-01", "contract_date_start": "2026-01-01", "wage": 3000 + n}
            )
            cls._week(employee, "2026-09-07", [1, 2, 3, n, 5])
            cls._order(employee.user_id, 5000 * n + 1, "2026-09-10 12:00:00")
        cls.cron = cls.env.ref("sales_discipline.cron_payroll")

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM discipline_payroll")
        self._set_size(3, 2)

    def _set_size(self, at_once, batch):
        for module, name, value in ((jobs, "AT_ONCE", at_once), (chunks, "BATCH", batch)):
            patcher = patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _work(self):
        """The scheduled action, until nothing is left to do."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.assertIs(self.cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def _do_chunk(self, run):
        """The first that is left, and no more."""
        return self.env["discipline.payroll.chunk"].sudo()._get_left(run.sudo())[0]._run()

    def _computed(self, **kwargs):
        run = self._run(**kwargs)
        run.action_compute()
        self._work()
        self.assertEqual((run.state, run.job, run.job_error), ("computed", False, False))
        return run

    def _read(self, run):
        """Everything that was stored, but the ids of its own."""
        own = {"id", "display_name", "statement_id", "line_ids", "write_date", "create_date"}
        found = []
        for records in (run.statement_ids, run.statement_ids.line_ids):
            names = [name for name in records.sudo()._fields if name not in own]
            found.append(records.sudo().read(names))
            for values in found[-1]:
                del values["id"]
        return found

    def _messages(self, user):
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")]
        )

    # ------------------------------------------------------------
    # Computing
    # ------------------------------------------------------------

    def test_as_at_once(self):
        """The same statements, the same fingerprint, in batches of any size."""
        self._set_size(1000, 2)
        run = self._run()
        run.action_compute()
        self.assertEqual((run.state, run.statement_count), ("computed", PEOPLE))
        at_once, fingerprint = self._read(run), run.fingerprint
        for batch in (1, 3, PEOPLE, 100):
            with self.subTest(batch=batch):
                self._set_size(3, batch)
                run.action_compute()
                self.assertEqual((run.state, run.job, run.job_total), ("computing", "compute", PEOPLE))
                self._work()
                self.assertEqual((run.state, run.job, run.fingerprint), ("computed", False, fingerprint))
                self.assertEqual(self._read(run), at_once)

    def test_corrections(self):
        """What changed since the month before was confirmed is found once, whatever batch the person is in."""
        first = self._computed()
        first.action_confirm()
        self._work()
        self.assertEqual(first.state, "confirmed")
        with freeze_time("2026-10-20 12:00:00"):
            self.env["sale.order"].search([("company_id", "=", self.company.id)])._action_cancel()
            self.env.flush_all()
        with freeze_time("2026-11-05 12:00:00"):
            second = self._computed(month="2026-10-01")
            corrected = second.statement_ids.line_ids.filtered(lambda line: line.kind == "correction")
            self.assertEqual(len(corrected), PEOPLE)
            fingerprint = second.fingerprint
            self._set_size(1000, 2)
            second.action_compute()
            self.assertEqual((second.state, second.fingerprint), ("computed", fingerprint))

    def test_killed_on_the_way(self):
        """What was done is kept, the next one goes on with the rest."""
        run = self._run()
        run.action_compute()
        self.assertTrue(self._do_chunk(run))
        self.assertEqual((run.state, run.job_done, run.statement_count), ("computing", 2, 2))
        self.assertEqual(set(run.statement_ids.mapped("state")), {"draft"})
        self._work()
        self.assertEqual((run.state, run.statement_count), ("computed", PEOPLE))

    def test_people_who_are_gone(self):
        """Statements of an earlier run of people who have nothing to do with it any more go."""
        run = self._computed()
        self.env.cr.execute(
            "DELETE FROM discipline_statement_line WHERE employee_id = %(id)s;"
            "DELETE FROM discipline_scorecard WHERE employee_id = %(id)s",
            {"id": self.e_boris.id},
        )
        self.e_boris.version_id.contract_date_end = "2026-08-01"
        self.env.invalidate_all()
        run.action_compute()
        self._work()
        self.assertEqual((run.state, run.statement_count), ("computed", PEOPLE - 1))

    def test_in_the_way(self):
        """A batch that somebody was in the way of is done again; after many times the run says so."""
        run = self._run()
        run.action_compute()
        prepare = type(run)._prepare_statements
        failures = [SerializationFailure()] * 3
        with patch.object(
            type(run),
            "_prepare_statements",
            lambda me, *args: (_ for _ in ()).throw(failures.pop()) if failures else prepare(me, *args),
        ):
            self._work()
        self.assertEqual((run.state, failures, run.statement_count), ("computed", [], PEOPLE))

    def test_fails(self):
        """An error stops the run, which is a draft without statements; the officer reads why."""
        run = self._run()
        run.action_compute()
        self._do_chunk(run)
        with (
            patch.object(type(run), "_prepare_statements", side_effect=ValueError("<b>broken</b>")),
            mute_logger(LOGGER),
        ):
            self._work()
        self.assertEqual((run.state, run.job, run.statement_count), ("draft", False, 0))
        self.assertIn("broken", run.job_error)
        message = self._messages(self.officer)[0]
        self.assertIn("could not be computed", message.subject)
        self.assertNotIn("<b>broken", message.body)
        run.action_compute()
        self._work()
        self.assertEqual((run.state, run.job_error), ("computed", False))

    def test_stop(self):
        run = self._run()
        run.action_compute()
        self._do_chunk(run)
        run.action_stop()
        self.assertEqual((run.state, run.job), ("draft", False))
        self._work()
        self.assertFalse(run.statement_ids)
        run.action_compute()
        self._work()
        self.assertEqual((run.state, run.statement_count), ("computed", PEOPLE))
        run.action_confirm()
        run.action_stop()
        self._work()
        self.assertEqual((run.state, run.statement_count), ("computed", PEOPLE))

    def test_refused_meanwhile(self):
        run = self._run()
        run.action_compute()
        entry = {"payroll_id": run.id, "employee_id": self.e_anna.id, "amount": 5, "reason": "Prize"}
        for refused in (
            run.action_compute,
            run.action_confirm,
            run.unlink,
            lambda: run.write({"job": False}),
            lambda: run.write({"job_left": {"first": 1, "changed": []}}),
            lambda: run.write({"date_from": "2026-08-01"}),
            lambda: self.env["discipline.payroll.entry"].with_user(self.officer).create(entry),
        ):
            with self.assertRaises(UserError):
                refused()
        for user in (self.anna, self.lead, self.head):
            with self.assertRaises(AccessError):
                run.with_user(user).action_stop()
        self._work()
        self.assertEqual(run.state, "computed")
        forged = self.env["discipline.payroll"].with_user(self.officer)
        forged = forged.create({"date_from": "2026-08-01", "job": "compute", "job_left": {"first": 1}})
        self.assertEqual((forged.job, forged.job_left), (False, False))

    # ------------------------------------------------------------
    # Confirming
    # ------------------------------------------------------------

    def test_confirm(self):
        """Everything is compared first; then all are confirmed together, as of when the button was pressed."""
        run = self._computed()
        run.action_confirm()
        self.assertEqual((run.state, run.job), ("computed", "confirm"))
        self._do_chunk(run)
        self.assertEqual((run.state, set(run.statement_ids.mapped("state"))), ("computed", {"computed"}))
        with freeze_time("2026-10-05 13:00:00"):
            self._work()
        self.assertEqual((run.state, run.job), ("confirmed", False))
        self.assertEqual(set(run.statement_ids.mapped("state")), {"confirmed"})
        self.assertEqual((str(run.confirmed_at), run.confirmed_by_id), ("2026-10-05 12:00:00", self.officer))

    def test_confirm_after_a_change(self):
        """A person whose pay has changed since, in whatever batch, and nobody is confirmed."""
        run = self._computed()
        self.people[-1].version_id.wage = 9999
        run.action_confirm()
        self._work()
        self.assertEqual((run.state, run.job, run.statement_count), ("computed", False, PEOPLE))
        self.assertIn("Compute it again", run.job_error)
        self.assertIn("could not be confirmed", self._messages(self.officer)[0].subject)

    def test_confirm_with_somebody_new(self):
        run = self._computed()
        user = self._new_user("late", "sales_team.group_sale_salesman")
        self._week(self._new_employee(user), "2026-09-07", [1])
        run.action_confirm()
        self._work()
        self.assertEqual(run.state, "computed")
        self.assertIn("Compute it again", run.job_error)

    def test_notice(self):
        """The officer is told, in their own language and nobody else."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.officer.lang = "de_DE"
        run = self._computed()
        message = self._messages(self.officer)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.partner_ids, self.officer.partner_id)
        self.assertIn(f"/odoo/sales-payroll/{run.id}", message.body)
        self.assertIn("5", message.body)
        self.assertEqual(run.computed_by_id, self.officer)
        self.assertEqual(run.statement_ids.create_uid, self.officer)

    def test_queries_of_a_batch(self):
        """As many statements of SQL for a batch of four people as for one of two."""
        run, counts = self._run(), []
        for size in (2, 2, 4):
            self._set_size(3, size)
            run.action_compute()
            counts.append(self._count_queries(self._do_chunk, run)[0])
            run.action_stop()
        self.assertEqual(counts[1], counts[2])
