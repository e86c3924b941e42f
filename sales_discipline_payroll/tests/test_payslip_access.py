from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .payslip_common import PayslipCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPayslipAccess(PayslipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._card(cls.e_anna, "2026-09-08", 3)

    def test_clerk_needs_no_right_in_pay_runs(self):
        run = self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        self.assertEqual(self._lines(slip)["SD_TOTAL"], 15)
        slip.invalidate_recordset()
        slip.web_read({"name": {}, "input_line_ids": {"fields": {"amount": {}}}})
        for read in (
            lambda: run.statement_ids.with_user(self.clerk).read(["total"]),
            lambda: slip.read(["discipline_statement_ids"]),
            lambda: slip.action_open_discipline_statements(),
        ):
            with self.assertRaises(AccessError):
                read()

    def test_officer_of_pay_is_no_clerk(self):
        """Who may run the pay of sales sees its payslips only with rights in payroll."""
        run = self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        for read in (
            lambda: slip.with_user(self.officer).read(["name"]),
            lambda: slip.with_user(self.officer).compute_sheet(),
            lambda: run.with_user(self.officer).read(["payslip_count"]),
            lambda: run.with_user(self.officer).action_open_payslips(),
        ):
            with self.assertRaises(AccessError):
                read()
        with self.assertRaises(AccessError):
            run.with_user(self.clerk).read(["payslip_count"])

    def test_both(self):
        both = self._new_user("both", "payroll.group_payroll_manager,sales_discipline.group_payroll")
        run = self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        self.assertEqual(run.with_user(both).payslip_count, 1)
        self.assertEqual(run.with_user(both).action_open_payslips()["domain"], [("id", "in", slip.ids)])
        action = slip.with_user(both).action_open_discipline_statements()
        self.assertEqual(action["res_id"], run.statement_ids.filtered("total").id)

    def test_salespeople_and_managers_read_nothing(self):
        self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        for user in (self.anna, self.lead, self.head):
            for records in (slip, slip.input_line_ids, slip.line_ids):
                with self.subTest(user=user.name, model=records._name), self.assertRaises(AccessError):
                    records.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            self.env["hr.payslip"].with_user(self.boris).get_payslip_vals(
                "2026-09-01", "2026-09-30", self.e_anna.id
            )

    def test_officer_of_a_department(self):
        """OCA's officer sees the payslips of the departments led, and no other's inputs and lines either."""
        boss = self._new_user("boss", "payroll.group_payroll_user")
        self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        line, amount = slip.line_ids[:1], slip.input_line_ids[:1]
        for records in (slip, line, amount):
            self.assertFalse(records.with_user(boss).search([("id", "in", records.ids)]))
        self.department.manager_id = self._new_employee(boss)
        for records in (slip, line, amount):
            self.assertTrue(records.with_user(boss).search([("id", "in", records.ids)]))
        slip.with_user(boss).compute_sheet()
        self.assertEqual(self._lines(slip)["SD_TOTAL"], 15)

    def test_other_company(self):
        """A payslip of another company pays nothing of this one, and its clerk sees nothing of it."""
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user("stranger", "payroll.group_payroll_manager", company=other)
        self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        for records in (slip, slip.line_ids, slip.input_line_ids):
            self.assertFalse(records.with_user(stranger).search([("id", "in", records.ids)]))
        both = self._slip()
        self.clerk.company_ids = [Command.link(other.id)]
        both.with_context(allowed_company_ids=[other.id, self.company.id]).write({"company_id": other.id})
        slip.action_payslip_cancel()
        both.compute_sheet()
        self.assertFalse(self._amounts(both))
