from odoo import Command
from odoo.tests import Form

from odoo.addons.sales_discipline.tests.correction_common import CorrectionCase


class PayslipCase(CorrectionCase):
    """Anna and Boris are employed since January 2026 on the structure that this addon brings.

    clerk     manager of OCA's payroll: all payslips; no right in pay runs
    officer   of PayCase: all of pay; no right in payslips
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._new_user("clerk", "payroll.group_payroll_manager")
        cls.structure = cls.env["hr.payroll.structure"].search([("company_id", "=", cls.company.id)])
        for employee in cls.e_anna + cls.e_boris:
            employee.sudo().version_id.write({"struct_id": cls.structure.id, "wage": 2_000})

    @classmethod
    def _slip(cls, employee=None, first="2026-09-01", last="2026-09-30", user=None, **values):
        """A payslip as the form makes it, not computed."""
        form = Form(cls.env["hr.payslip"].with_user(user or cls.clerk))
        form.employee_id = (employee or cls.e_anna).with_user(cls.clerk)
        slip = form.save()
        slip.write({"date_from": first, "date_to": last, **values})
        slip.onchange_employee()
        return slip

    def _amounts(self, slip):
        """The inputs that are not zero, by code."""
        return {line.code: line.amount for line in slip.input_line_ids if line.amount}

    def _lines(self, slip):
        return {line.code: line.total for line in slip.line_ids}

    def _total(self, run, employee=None):
        statements = run.sudo().statement_ids
        return statements.filtered(lambda s: s.employee_id == (employee or self.e_anna)).total

    def _rich_month(self):
        """September with base pay, commission, points, a cap that bites, a manual line; and a correction of August."""
        self.scheme.action_draft()
        metric = self.env.ref("sales_discipline.metric_sales_confirmed").id
        ladder = [Command.create({"threshold": at, "value": value}) for at, value in ((100, 5), (400, 7.5))]
        self.rich = self.scheme.copy(
            {"name": "Rich", "component_ids": False, "has_cap": True, "cap": 2_050.55}
        )
        self.env["discipline.component"].create(
            [
                {
                    "scheme_id": self.rich.id,
                    "name": "Wage",
                    "kind": "base",
                    "wage_source": "fixed",
                    "fixed_amount": 2_000,
                },
                {
                    "scheme_id": self.rich.id,
                    "name": "Sales",
                    "kind": "commission",
                    "metric_id": metric,
                    "tier_ids": ladder,
                },
                {
                    "scheme_id": self.rich.id,
                    "name": "Points",
                    "kind": "points",
                    "rate": 3.33,
                    "minus_rate": 3.33,
                },
            ]
        )
        self.rich.action_activate()
        order = self._order(self.anna, 333.33, "2026-08-11 10:00:00")
        self._order(self.anna, 777.77, "2026-09-09 10:00:00")
        self._pay("2026-08")
        self._cancel(order, "2026-09-11 10:00:00")
        self._card(self.e_anna, "2026-09-08", 7)
        run = self._run("2026-09-01")
        self.env["discipline.payroll.entry"].with_user(self.officer).create(
            {
                "payroll_id": run.id,
                "employee_id": self.e_anna.id,
                "amount": -12.34,
                "reason": "Advance in cash",
            }
        )
        return run
