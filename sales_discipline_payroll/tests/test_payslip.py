from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.sales_discipline.tests.counting import counted

from ..hooks import pre_init_hook, uninstall_hook
from ..models.discipline_statement import CODES, INPUTS
from .payslip_common import PayslipCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPayslip(PayslipCase):
    def test_every_kind_has_a_rule(self):
        """A kind of line without a rule would be missing in the payslip's lines."""
        kinds = self.env["discipline.statement.line"]._fields["kind"].get_values(self.env)
        self.assertEqual(set(kinds), CODES.keys())
        self.assertEqual(set(self.structure.rule_ids.input_ids.mapped("code")), set(INPUTS))
        self.assertTrue(
            self.env["ir.module.module"].search([("name", "=", "sales_discipline_payroll")]).auto_install
        )

    def test_amounts_arrive_to_the_cent(self):
        run = self._rich_month()
        run.action_compute()
        run.action_confirm()
        slip = self._slip()
        amounts = self._amounts(slip)
        self.assertEqual(
            amounts.keys(),
            {"SD_BASE", "SD_COMMISSION", "SD_POINTS", "SD_MANUAL", "SD_LIMIT", "SD_CORRECTION"},
        )
        self.assertEqual((amounts["SD_BASE"], amounts["SD_MANUAL"]), (2_000, -12.34))
        self.assertLess(amounts["SD_LIMIT"], 0)
        self.assertLess(amounts["SD_CORRECTION"], 0)
        slip.compute_sheet()
        self.assertEqual(self._amounts(slip), amounts)
        lines = self._lines(slip)
        self.assertEqual(lines.pop("SD_TOTAL"), self._total(run))
        self.assertEqual(lines, amounts)
        self.assertEqual(round(sum(amounts.values()), 2), self._total(run))
        self.assertEqual(slip.sudo().discipline_statement_ids.payroll_id, run)

    def test_computing_again_changes_nothing(self):
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        inputs, lines = slip.input_line_ids.ids, self._lines(slip)
        slip.compute_sheet()
        slip.compute_sheet()
        self.assertEqual(slip.input_line_ids.ids, inputs)
        self.assertEqual(self._lines(slip), lines)
        self.assertEqual(lines, {"SD_POINTS": 15, "SD_TOTAL": 15})
        slip.action_payslip_done()
        self.assertEqual(self._lines(slip), lines)

    def test_nothing_before_the_run_is_confirmed(self):
        """A computed run can still change. Once it is confirmed, computing the payslip again fetches it."""
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._pay("2026-09", confirm=False)
        slip = self._slip()
        slip.compute_sheet()
        self.assertEqual((self._amounts(slip), self._lines(slip)), ({}, {}))
        run.with_user(self.officer).action_confirm()
        slip.action_payslip_done()
        self.assertEqual(self._lines(slip), {"SD_POINTS": 15, "SD_TOTAL": 15})
        run.with_user(self.officer).action_paid()
        other = self._slip(self.e_boris)
        other.compute_sheet()
        self.assertEqual(self._amounts(other), {})

    def test_typed_amounts_are_replaced(self):
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        slip = self._slip()
        points = slip.input_line_ids.filtered(lambda line: line.code == "SD_POINTS")
        points.amount = 1_000
        points.copy({"amount": 500})
        slip.input_line_ids.filtered(lambda line: line.code == "SD_BASE").amount = 7
        slip.compute_sheet()
        self.assertEqual(self._lines(slip), {"SD_POINTS": 15, "SD_TOTAL": 15})
        slip.input_line_ids.unlink()
        slip.compute_sheet()
        self.assertEqual(self._lines(slip), {"SD_POINTS": 15, "SD_TOTAL": 15})

    def test_which_month(self):
        """The month that ends within the payslip; or that holds all of it, such as that of a leaver."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        for first, last, amount in (
            ("2026-08-01", "2026-08-31", 0),
            ("2026-08-25", "2026-09-24", 0),
            ("2026-09-25", "2026-10-24", 15),
            ("2026-10-01", "2026-10-31", 0),
            ("2026-09-16", "2026-09-30", 15),
            ("2026-09-01", "2026-09-15", 15),
            ("2026-07-01", "2026-09-30", 15),
        ):
            with self.subTest(first=first, last=last):
                slip = self._slip(first=first, last=last)
                slip.compute_sheet()
                self.assertEqual(sum(self._amounts(slip).values()), amount)
                slip.action_payslip_cancel()

    def test_a_quarter(self):
        for month, points in (("07", 1), ("08", 2), ("09", 4)):
            self._card(self.e_anna, f"2026-{month}-08", points)
            self._pay(f"2026-{month}")
        slip = self._slip(first="2026-07-01")
        slip.compute_sheet()
        self.assertEqual(self._lines(slip), {"SD_POINTS": 35, "SD_TOTAL": 35})

    def test_paid_once(self):
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._pay("2026-09")
        first, second = self._slip(last="2026-09-15"), self._slip(first="2026-09-16")
        (first + second).compute_sheet()
        self.assertEqual([sum(self._amounts(slip).values()) for slip in first + second], [15, 0])
        second.compute_sheet()
        self.assertEqual(sum(self._amounts(second).values()), 0)
        first.action_payslip_cancel()
        second.compute_sheet()
        self.assertEqual(sum(self._amounts(second).values()), 15)
        first.action_payslip_draft()
        first.compute_sheet()
        self.assertEqual(sum(self._amounts(first).values()), 0)
        self.assertEqual(run._get_payslips(), second.sudo())

    def test_moved_to_another_month(self):
        """A payslip whose days were changed lets go of the statement, in one go with the one that takes it."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        first = self._slip()
        first.compute_sheet()
        second = self._slip()
        first.write({"date_from": "2026-08-01", "date_to": "2026-08-31"})
        (second + first).compute_sheet()
        self.assertEqual([sum(self._amounts(slip).values()) for slip in first + second], [0, 15])

    def test_refund(self):
        """A refund takes back what was paid; a new payslip pays it again."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        slip = self._slip()
        slip.action_payslip_done()
        slip.refund_sheet()
        refund = slip.refunded_id
        self.assertEqual(self._amounts(refund), {"SD_POINTS": 15})
        refund.compute_sheet()
        self.assertEqual(self._amounts(refund), {"SD_POINTS": 15})
        self.assertFalse(refund.sudo().discipline_statement_ids)
        again = self._slip()
        again.compute_sheet()
        self.assertEqual(self._lines(again), {"SD_POINTS": 15, "SD_TOTAL": 15})

    def test_batch(self):
        self._card(self.e_anna, "2026-09-08", 3)
        self._card(self.e_boris, "2026-09-08", -2)
        run = self._pay("2026-09")
        batch = (
            self.env["hr.payslip.run"]
            .with_user(self.clerk)
            .create({"name": "September", "date_start": "2026-09-01", "date_end": "2026-09-30"})
        )
        wizard = self.env["hr.payslip.employees"].with_user(self.clerk)
        wizard.create({"employee_ids": [Command.set((self.e_anna + self.e_boris).ids)]}).with_context(
            active_id=batch.id
        ).compute_sheet()
        totals = {slip.employee_id.name: self._lines(slip)["SD_TOTAL"] for slip in batch.slip_ids}
        self.assertEqual(totals, {"Anna": 15, "Boris": -10})
        self.assertEqual(run.payslip_count, 2)

    def test_structure_of_ones_own(self):
        """The rules of this addon by way of the parent, and its inputs and category in rules of one's own."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        rules = self.env["hr.salary.rule"].create(
            [
                {
                    "name": "Tax",
                    "code": "TAX",
                    "sequence": 50,
                    "company_id": self.company.id,
                    "amount_select": "code",
                    "amount_python_compute": "result = -0.1 * categories.SD",
                },
                {
                    "name": "Half",
                    "code": "HALF",
                    "sequence": 51,
                    "company_id": self.company.id,
                    "amount_select": "code",
                    "amount_python_compute": "result = inputs.SD_POINTS.amount / 2",
                },
            ]
        )
        own = self.env["hr.payroll.structure"].create(
            {
                "name": "Own",
                "company_id": self.company.id,
                "parent_id": self.structure.id,
                "rule_ids": [Command.set(rules.ids)],
            }
        )
        self.e_anna.sudo().version_id.struct_id = own
        slip = self._slip()
        slip.compute_sheet()
        self.assertEqual(self._lines(slip), {"SD_POINTS": 15, "SD_TOTAL": 15, "TAX": -1.5, "HALF": 7.5})

    def test_two_contracts_in_a_month(self):
        """Somebody who left and came back is paid once, whatever contracts the payslip goes through."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        employee = self.e_anna.sudo()
        employee.version_id.contract_date_end = "2026-09-10"
        employee.create_version(
            {
                "date_version": "2026-09-15",
                "contract_date_start": "2026-09-15",
                "contract_date_end": False,
                "struct_id": self.structure.id,
            }
        )
        slip = self._slip()
        slip.write({"contract_id": False, "struct_id": self.structure.id})
        self.assertEqual(len(slip._get_employee_contracts()), 2)
        slip.compute_sheet()
        self.assertEqual(
            slip.line_ids.mapped(lambda line: (line.code, line.total)), [("SD_POINTS", 15), ("SD_TOTAL", 15)]
        )

    def test_no_contract(self):
        """Without a contract a payslip has no lines, so it pays nothing either: the statement waits."""
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._pay("2026-09")
        slip = self._slip()
        slip.contract_id = False
        self.e_anna.sudo().version_id.write({"contract_date_start": False})
        slip.compute_sheet()
        self.assertFalse(slip.line_ids)
        self.assertFalse(run._get_payslips())

    def test_other_currency_or_precision(self):
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        slip = self._slip()
        self.env.cr.execute(
            "UPDATE res_company SET currency_id = %s WHERE id = %s",
            [self.env.ref("base.USD").id, self.company.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "was computed in EUR, payslips of Pay & Co are in USD"):
            slip.compute_sheet()

    def test_every_company_has_a_structure(self):
        structures = self.env["hr.payroll.structure"].search([("code", "=", "SD_PAY")])
        self.assertEqual(structures.company_id, self.env["res.company"].search([]))
        self.assertEqual(len(structures), len(structures.company_id))

    def test_uninstalled_and_back(self):
        """Rules by which payslips were computed stay, archived, and are taken back, not made twice."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._pay("2026-09")
        slip = self._slip()
        slip.compute_sheet()
        rule = slip.line_ids.salary_rule_id[0]
        uninstall_hook(self.env)
        self.env.cr.execute(
            "SELECT name FROM ir_model_constraint WHERE starts_with(name, 'discipline_payslip_statement_rel')"
        )
        self.assertEqual(self.env.cr.fetchall(), [])
        self.assertFalse(rule.active)
        self.assertFalse(self.env.ref("sales_discipline_payroll.rule_points", False))
        pre_init_hook(self.env)
        self.assertTrue(rule.active)
        self.assertEqual(self.env.ref("sales_discipline_payroll.rule_points"), rule)
        self.assertEqual(self._lines(slip), {"SD_POINTS": 15, "SD_TOTAL": 15})

    def test_uninstalled_without_use(self):
        """Then Odoo deletes them, and nothing of this addon stays behind."""
        uninstall_hook(self.env)
        self.assertTrue(self.env.ref("sales_discipline_payroll.rule_points").active)

    def test_queries_do_not_grow_with_people(self):
        """Finding and adding up what N payslips pay; storing an input is a row each."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._card(self.e_boris, "2026-09-08", 3)
        self._pay("2026-09")
        slips = self._slip() + self._slip(self.e_boris)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped(lambda slip: (slip.employee_id.company_id, slip.refunded_id))
            with counted(self.env) as counter:
                some._get_discipline_amounts(some._find_discipline_statements())
            return counter.statements

        count(slips)
        self.assertEqual(count(slips[:1]), count(slips))
