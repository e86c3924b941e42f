from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from .payroll_book import PayrollBook
from .payroll_files import PayrollFiles
from .sheet import send_file, send_workbook


class PayrollController(http.Controller):
    @http.route("/sales_discipline/payroll/<int:payroll_id>/xlsx", type="http", auth="user", readonly=True)
    def payroll_xlsx(self, payroll_id, **_kwargs):
        """The run as a workbook, for those who can read it."""
        run = self._get_run(payroll_id)
        return send_workbook(PayrollBook(run).save, self._get_name(run))

    @http.route("/sales_discipline/payroll/<int:payroll_id>/csv", type="http", auth="user", readonly=True)
    def payroll_csv(self, payroll_id, **_kwargs):
        """The lines of the run for another program, a row each."""
        run = self._get_run(payroll_id)
        return send_file(PayrollFiles(run).save_csv, self._get_name(run), "csv", "text/csv; charset=utf-8")

    @http.route("/sales_discipline/payroll/<int:payroll_id>/json", type="http", auth="user", readonly=True)
    def payroll_json(self, payroll_id, **_kwargs):
        """The run for another program: everybody with their lines."""
        run = self._get_run(payroll_id)
        return send_file(PayrollFiles(run).save_json, self._get_name(run), "json", "application/json")

    def _get_run(self, payroll_id):
        run = request.env["discipline.payroll"].browse(payroll_id)
        run.check_access("read")
        if not run.exists():
            raise NotFound()
        return run

    def _get_name(self, run):
        """The name of a file with the run, without its ending."""
        return f"payroll_{run.company_id.name} {run.date_from:%Y-%m}"
