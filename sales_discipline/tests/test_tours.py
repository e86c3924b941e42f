from odoo import Command
from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestTours(DisciplineCase, BrowserCase):
    """The main path in a real browser: rules, a call, the frozen day, the month's pay."""

    def test_main_path(self):
        with freeze_time("2026-03-10 08:00:00"):
            self.start_tour("/odoo/discipline-plans", "sales_discipline_rules", login=self.mark.login)
            plan = self.env["discipline.plan"].search([("company_id", "=", self.company.id)])
            self.assertEqual((plan.state, plan.line_ids.target), ("active", 1.0))
            lead = self._make_lead(self.anna)
            self._make_activity(self.anna, lead)
            self._make_fact(
                self.boris, "2026-03-10 08:00:00", lead=self._make_lead(self.boris, name="Secret")
            )
        with freeze_time("2026-03-10 09:00:00"):
            self.start_tour(f"/odoo/crm.lead/{lead.id}", "sales_discipline_work", login=self.anna.login)
        self._score("2026-03-10 17:30:00")
        card = self._card(self.e_anna, "2026-03-10", plan)
        self.assertEqual((card.state, card.points), ("frozen", 1.0))
        with freeze_time("2026-03-10 17:30:00"):
            self.start_tour("/odoo/my-scorecards", "sales_discipline_card", login=self.anna.login)
        self._pay_march()

    def _pay_march(self):
        self.env["discipline.scheme"].create(
            {
                "name": "Points",
                "company_id": self.company.id,
                "date_from": "2026-03-01",
                "component_ids": [
                    Command.create({"name": "Points", "basis": "month", "rate": 10.0, "floor": 0.0})
                ],
            }
        ).action_activate()
        self._score("2026-04-02 12:00:00")
        with freeze_time("2026-04-02 12:00:00"):
            self.start_tour("/odoo/sales-payroll", "sales_discipline_pay", login=self.paula.login)
            run = self.env["discipline.payroll"].search([("company_id", "=", self.company.id)])
            self.assertEqual(run.state, "confirmed")
            self.assertIn(self.e_anna, run.statement_ids.employee_id)
            self.start_tour("/odoo/my-statements", "sales_discipline_my_pay", login=self.anna.login)
