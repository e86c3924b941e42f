from odoo import SUPERUSER_ID, api

from odoo.addons.sales_discipline.models.discipline_payroll import PAYING


def migrate(cr, version):
    """A long payroll run that was at work goes on with the people who were left."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for run in env["discipline.payroll"].search([("job", "!=", False)]).with_context(discipline_pay=PAYING):
        left = run.job_left or {}
        if "first" not in left:
            chunks = env["discipline.payroll.chunk"]._divide(run, left.get("people") or [0])
            run.job_left = {"first": chunks[0].id, "changed": left.get("changed", [])}
