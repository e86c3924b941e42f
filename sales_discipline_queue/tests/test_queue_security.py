from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.sales_discipline.tests.security_surface import get_surface


@tagged("post_install", "-at_install")
class TestQueueSecurity(TransactionCase):
    def test_everything_is_tried(self):
        """Whoever adds something that can be called, read or written: try who may, as below."""
        known = {"methods": ["queue.job.related_action_discipline_payroll"]}
        self.assertEqual(get_surface(self.env, "sales_discipline_queue"), known)

    def test_runs_are_opened_by_those_who_read_jobs_and_runs(self):
        company = self.env["res.company"].create({"name": "Queue & Co"})
        run = self.env["discipline.payroll"].create({"company_id": company.id, "date_from": "2026-03-01"})
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO discipline_payroll_chunk (payroll_id, company_id) VALUES (%s, %s) RETURNING id",
            [run.id, company.id],
        )
        chunk = self.env["discipline.payroll.chunk"].browse(self.env.cr.fetchone()[0])
        job = chunk.with_company(company).with_delay()._job_run().db_record()
        for group, refused in (
            ("sales_discipline.group_manager", True),
            ("sales_discipline.group_payroll", True),
            ("queue_job.group_queue_job_manager", True),
            ("queue_job.group_queue_job_manager,sales_discipline.group_payroll", False),
        ):
            user = new_test_user(
                self.env,
                f"sd_{group}",
                groups=f"base.group_user,{group}",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            with self.subTest(group):
                if refused:
                    with self.assertRaises(AccessError):
                        job.with_user(user).related_action_discipline_payroll()
                else:
                    action = job.with_user(user).related_action_discipline_payroll()
                    self.assertEqual(action["res_id"], run.id)
