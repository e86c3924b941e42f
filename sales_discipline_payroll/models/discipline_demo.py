from odoo import Command, models

from odoo.addons.sales_discipline.demo_company.people import PAYROLL
from odoo.addons.sales_discipline.models.discipline_payroll import LOCKED

from .hr_payroll_structure import CODE


class DisciplineDemo(models.AbstractModel):
    """Payslips of the demo company: a batch for each confirmed run, closed where the run is paid."""

    _inherit = "discipline.demo"

    def _make_pay(self, story, users):
        res = super()._make_pay(story, users)
        users[PAYROLL[0]].group_ids = [Command.link(self.env.ref("payroll.group_payroll_manager").id)]
        for run in self.env["discipline.payroll"].search(
            [("company_id", "=", self.env.company.id), ("state", "in", LOCKED)], order="date_from"
        ):
            self._make_payslips(run)
        return res

    def _make_payslips(self, run):
        people = run.statement_ids.employee_id
        structure = self.env["hr.payroll.structure"].search(
            [("company_id", "=", run.company_id.id), ("code", "=", CODE)], limit=1
        )
        people.version_ids.struct_id = structure
        batch = self.env["hr.payslip.run"].create(
            {
                "name": run.name,
                "company_id": run.company_id.id,
                "date_start": run.date_from,
                "date_end": run.date_to,
            }
        )
        wizard = self.env["hr.payslip.employees"].create({"employee_ids": [Command.set(people.ids)]})
        wizard.with_context(active_id=batch.id).compute_sheet()
        if run.state == "paid":
            batch.slip_ids.with_context(without_compute_sheet=True).action_payslip_done()
            batch.close_payslip_run()
