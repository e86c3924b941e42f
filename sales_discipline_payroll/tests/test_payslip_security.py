from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, freeze_time, tagged

from odoo.addons.sales_discipline.tests import (
    security_common,
    security_surface,
    test_security_matrix,
    test_security_methods,
)


@tagged("post_install", "-at_install")
class TestPayslipSurface(TransactionCase):
    def test_everything_is_tried(self):
        """Whoever adds something here: say below, or in the other tests of this file, who may do what with it."""
        surface = security_surface.get_surface(self.env, "sales_discipline_payroll")
        rights = surface.pop("rights")
        self.assertTrue(
            all(name.startswith(("rule_payslip_input_", "rule_payslip_line_")) for name in rights)
        )
        self.assertEqual(
            surface,
            {
                "fields": [
                    "discipline.payroll.payslip_count payroll.group_payroll_user",
                    "hr.payslip.discipline_statement_ids sales_discipline.group_payroll",
                ],
                "methods": [
                    "discipline.payroll.action_open_payslips",
                    "hr.payslip.action_open_discipline_statements",
                    "hr.payslip.compute_sheet",  # of the other addon, with its rights
                    "hr.payslip.get_inputs",  # likewise
                    "hr.payslip.init",
                    "res.company.create",
                ],
            },
        )


class PayslipSecurityCase(security_common.SecurityCase):
    """Everybody's payslip, with an input and a line. Hanna, the head of HR, is manager of the payslips, and Ivan their officer:
    these read those of people without a department."""

    ADDONS = frozenset({"sales_discipline_payroll"})
    FOLDER = Path(__file__).parent
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user, group in ((cls.hanna, "manager"), (cls.ivan, "user")):
            user.group_ids = [Command.link(cls.env.ref(f"payroll.group_payroll_{group}").id)]
        cls.payslips = {}
        for owner in security_common.OWNERS:
            slip = cls._insert_slip(owner)
            cls.owners[owner]["hr.payslip"] = slip
            cls.payslips[owner] = {"hr.payslip": slip}
            for name in ("hr.payslip.input", "hr.payslip.line"):
                cls.payslips[owner][name] = cls._insert(cls.env[name], owner, {})
        cls.env.invalidate_all()

    @classmethod
    def _insert_slip(cls, owner):
        return cls._insert(cls.env["hr.payslip"], owner, {"date_from": "2026-03-01", "date_to": "2026-03-31"})


@tagged("post_install", "-at_install")
@freeze_time(security_common.SecurityCase.NOW)
class TestPayslipMatrix(PayslipSecurityCase, test_security_matrix.TestSecurityMatrix):
    """What is paid is read by those who read the payslip, over every road."""

    test_every_report_has_rows = None  # there are no reports here

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("hr.payslip", "hr.payslip.input", "hr.payslip.line")
        cls.rows = {
            name: {(owner, ""): cls.env[name].browse(ids[name]) for owner, ids in cls.payslips.items()}
            for name in names
        }


@tagged("post_install", "-at_install")
@freeze_time(security_common.SecurityCase.NOW)
class TestPayslipMethods(PayslipSecurityCase, test_security_methods.TestSecurityMethods):
    """The buttons between payslips and statements, by every role at everybody's."""

    def test_fields(self):
        slip = self.env["hr.payslip"].browse(self.payslips["anna"]["hr.payslip"])
        run = self.rows["discipline.payroll"]["anna", ""]
        for user in (self.anna, self.lena, self.mark, self.hanna, self.ivan, self.portal, self.public):
            with self.subTest(user.login), self.assertRaises(AccessError):
                slip.with_user(user).read(["discipline_statement_ids"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                run.with_user(user).read(["payslip_count"])
