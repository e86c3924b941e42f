from odoo.tests import freeze_time, tagged

from .correction_common import CorrectionCase


@tagged("post_install", "-at_install")
class TestPayCorrectionsTasks(CorrectionCase):
    """Tasks of a month that was confirmed without them, and tasks that are not what was paid."""

    def _approve(self, value, moment, name="Five customers won back"):
        with freeze_time(moment):
            task = self.env["discipline.task"].create(
                {
                    "name": name,
                    "employee_id": self.e_anna.id,
                    "company_id": self.company.id,
                    "date_due": "2026-09-30",
                    "value": value,
                    "result": "Done",
                }
            )
            task.with_user(self.lead).action_open()
            task.with_user(self.anna).action_submit()
            task.with_user(self.lead).action_approve()
            self.env.flush_all()
        return task

    def _pay_at(self, month, moment):
        with freeze_time(moment):
            run = self._run(f"{month}-01")
            run.action_compute()
            run.action_confirm()
        return run.sudo()

    def test_approved_within_the_month_after_the_run(self):
        """September is confirmed in Berlin while it still is September where Anna works."""
        self._component("task")
        self.e_anna.tz = "America/New_York"
        paid = self._approve(100, "2026-09-20 10:00:00")
        run = self._pay_at("2026-09", "2026-10-01 01:00:00")
        self.assertEqual(run.statement_ids.line_ids.mapped("amount"), [100])
        late = self._approve(500, "2026-10-01 02:00:00", "A late one")
        self._approve(300, "2026-10-01 12:00:00", "One of October")
        october = self._pay("2026-10")
        line = self._corrections(october)
        self.assertEqual((line.amount, line.cause, str(line.corrected_month)), (500, "task", "2026-09-01"))
        self.assertEqual((line.res_model, line.res_id), (late._name, late.id))
        self.assertEqual(
            self._words(line.explanation),
            "September 2026: task “A late one” (+500.00 €): 500.00 € instead of 0.00 €",
        )
        self.assertEqual(line.with_user(self.anna).action_open_changes()["res_id"], late.id)
        self.assertEqual(line.statement_id.total, 800)
        self.assertFalse(self._corrections(self._pay("2026-11")))
        # behind the program's back
        self.env.cr.execute("UPDATE discipline_task SET value = 450 WHERE id = %s", [late.id])
        self.env.cr.execute("UPDATE discipline_task SET state = 'rejected' WHERE id = %s", [paid.id])
        self.env.invalidate_all()
        lines = self._corrections(self._pay("2026-12"))
        self.assertEqual(sorted(lines.mapped("amount")), [-100, -50])
        self.assertEqual(set(lines.mapped("res_id")), {late.id, paid.id})
        self.env.cr.execute("UPDATE discipline_task SET state = 'approved' WHERE id = %s", [paid.id])
        self.env.invalidate_all()
        self.assertEqual(self._corrections(self._pay("2027-01")).amount, 100)
        self.assertFalse(self._corrections(self._pay("2027-02")))

    def test_held_against_the_guarantee_of_the_month(self):
        """Whoever had nothing but the guarantee gets only what goes beyond it."""
        scheme = self._component("task").scheme_id
        scheme.guaranteed = 200
        self.e_anna.tz = "America/New_York"
        run = self._pay_at("2026-09", "2026-10-01 01:00:00")
        anna = run.statement_ids.filtered(lambda s: s.employee_id == self.e_anna)
        self.assertEqual(anna.total, 200)
        self._approve(500, "2026-10-01 02:00:00")
        october = self._pay("2026-10")
        self.assertEqual(sorted(self._corrections(october).mapped("amount")), [-200, 500])

    def test_a_scheme_without_tasks_pays_none(self):
        self._commission()
        self.e_anna.tz = "America/New_York"
        self._pay_at("2026-09", "2026-10-01 01:00:00")
        self._approve(500, "2026-10-01 02:00:00")
        self.assertFalse(self._corrections(self._pay("2026-10")))
