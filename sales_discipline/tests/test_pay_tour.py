from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..models import discipline_payroll_job as jobs
from .browser_common import BrowserCase
from .pay_common import PayCase


@tagged("post_install", "-at_install")
class TestPayTour(PayCase, BrowserCase):
    """Pay in a real browser: a month computed, looked at, confirmed and downloaded; a line disputed and answered."""

    def test_month(self):
        self.scheme.team_ids = self.team
        self._week(self.e_anna, "2026-09-07", [1, 2, 3, 4, 5])
        self._week(self.e_boris, "2026-09-07", [1, 1, 1, 1, 1])
        carl = self._new_employee(self._new_user("carl", "sales_team.group_sale_salesman"))
        self.env.cr.execute("UPDATE discipline_scorecard SET team_id = %s", [self.team.id])
        self._card(carl, "2026-09-08", 1)
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET team_id = NULL WHERE employee_id = %s", [carl.id]
        )
        self.env.invalidate_all()
        runs = self.env["discipline.payroll"]
        with freeze_time("2026-10-05 12:00:00"):
            self.start_tour("/odoo/sales-payroll", "sales_discipline_pay_month", login=self.officer.login)
            run = runs.search([("company_id", "=", self.company.id)])
            self.assertEqual((run.state, str(run.date_from)), ("confirmed", "2026-09-01"))
            self.start_tour("/odoo/my-statements", "sales_discipline_pay_dispute", login=self.anna.login)
        with freeze_time("2026-11-05 12:00:00"):
            self._run("2026-10-01")
            self.start_tour("/odoo/disputes", "sales_discipline_pay_answer", login=self.officer.login)
            dispute = self.env["discipline.dispute"].search([("employee_id", "=", self.e_anna.id)])
            self.assertEqual((dispute.state, dispute.answer), ("accepted", "You are right"))
            self.assertEqual(dispute.entry_ids.mapped("amount"), [25.0])

    def test_long_run(self):
        carl = self._new_employee(self._new_user("carl", "sales_team.group_sale_salesman"))
        for employee in (self.e_anna, self.e_boris, carl):
            self._card(employee, "2026-09-08", 1)
        with freeze_time("2026-10-05 12:00:00"), patch.object(jobs, "AT_ONCE", 2):
            self.start_tour("/odoo/sales-payroll", "sales_discipline_pay_long", login=self.officer.login)
