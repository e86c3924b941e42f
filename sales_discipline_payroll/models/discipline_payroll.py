from odoo import fields, models


class DisciplinePayroll(models.Model):
    _inherit = "discipline.payroll"

    payslip_count = fields.Integer(
        "Payslips", compute="_compute_payslip_count", groups="payroll.group_payroll_user"
    )

    def _compute_payslip_count(self):
        for run in self:
            run.payslip_count = len(run._get_payslips())

    def _get_payslips(self):
        """The payslips that pay statements of these runs, as far as the reader may see them."""
        statements = self.sudo().statement_ids
        payslips = self.env["hr.payslip"]._get_discipline_holders(statements)
        paying = payslips.filtered(
            lambda payslip: any(
                payslip._pays_discipline(statement)
                for statement in payslip.discipline_statement_ids & statements
            )
        )
        return paying.with_env(self.env)._filtered_access("read")

    def action_open_payslips(self):
        """The payslips that pay statements of these runs."""
        self.check_access("read")
        self.env["hr.payslip"].check_access("read")
        domain = [("id", "in", self._get_payslips().ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payslips"),
            "res_model": "hr.payslip",
            "domain": domain,
            "views": [(False, "list"), (False, "form")],
        }
