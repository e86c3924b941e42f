from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .pay_common import PayCase

HANDBOOK = ((200_000, 5), (400_000, 7))
BASE = ((0, 50), (70, 75), (90, 90), (100, 100))
NBSP = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPayKinds(PayCase):
    """September 2026 has 22 working days of eight hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for employee in cls.e_anna + cls.e_boris:
            employee.sudo().version_id.write(
                {"date_version": "2026-01-01", "contract_date_start": "2026-01-01", "wage": 60_000}
            )

    def _line(self, employee=None):
        run = self.env["discipline.payroll"].search([("company_id", "=", self.company.id)]) or self._run()
        run.with_user(self.officer).action_compute()
        statement = run.sudo().statement_ids.filtered(lambda s: s.employee_id == (employee or self.e_anna))
        return statement.line_ids

    def _words(self, text):
        return text.replace(NBSP, " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    # ------------------------------------------------------------
    # Base
    # ------------------------------------------------------------

    def test_base_by_the_ladder(self):
        """98.4 % of the plan, step from 90 %: 60,000 x 0.9 = 54,000."""
        self._component("base", BASE)
        self._card(self.e_anna, "2026-09-07", 1, efficiency=100)
        self._card(self.e_anna, "2026-09-08", 1, efficiency=96.8)
        self._card(self.e_anna, "2026-09-09", 1)  # nothing to judge by
        line = self._line()
        self.assertEqual((line.amount, line.base, line.rate), (54_000, 60_000, 90))
        self.assertIn(
            "98.4 % of the plan, step from 90 %: 60,000.00 € × 90 % = 54,000.00 €",
            self._words(line.explanation),
        )
        self.assertIn(
            "1.6 % more of the plan, from 100 % on, would have paid 6,000.00 € more",
            self._words(line.next_step),
        )
        self.assertEqual(len(line.scorecard_ids), 3)
        self.assertEqual(line.tier_id.threshold, 90)

    def test_base_waived_when_the_sales_plan_is_met(self):
        self._component(
            "base", BASE, waiver_metric_id=self.env.ref("sales_discipline.metric_sales_confirmed").id
        )
        for employee, sold in ((self.e_anna, 500_000), (self.e_boris, 491_970)):
            self._card(employee, "2026-09-07", 1, efficiency=30)
            month = self._card(employee, "2026-09-01", 0, "month", "2026-09-30")
            self._card_line(month, "sales_confirmed", 500_000, sold)
        self.assertEqual(self._line().amount, 60_000)
        self.assertIn("Sales Confirmed", self._line().explanation)
        self.assertEqual(self._line(self.e_boris).amount, 30_000)

    def test_base_waived_by_a_target_without_a_monthly_card(self):
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        self._component("base", BASE, waiver_metric_id=metric.id)
        self._card(self.e_anna, "2026-09-07", 1, efficiency=30)
        self.env["discipline.target"].create(
            {
                "metric_id": metric.id,
                "company_id": self.company.id,
                "employee_id": self.e_anna.id,
                "date_from": "2026-09-01",
                "date_to": "2026-09-30",
                "amount": 1_000,
            }
        )
        self._order(self.anna, 999.99, "2026-09-10 10:00:00")
        self.assertEqual(self._line().amount, 30_000)
        self._order(self.anna, 0.01, "2026-09-11 10:00:00")
        self.assertEqual(self._line().amount, 60_000)

    def test_base_without_scorecards_is_paid_in_full(self):
        self._component("base", BASE)
        self.assertEqual(self._line().amount, 60_000)
        self.assertIn("No activity plan was scored", self._line().explanation)

    def test_base_of_a_month_begun_on_the_way(self):
        """Hired on 16 September: 11 of 22 working days."""
        self._component("base")
        self.e_anna.sudo().version_id.contract_date_start = "2026-09-16"
        line = self._line()
        self.assertEqual(line.amount, 30_000)
        self.assertIn("88 of 176 hours", line.explanation)

    def test_base_of_a_month_left_on_the_way(self):
        self._component("base")
        self.e_anna.sudo().version_id.contract_date_end = "2026-09-11"
        self.assertAlmostEqual(self._line().amount, round(60_000 * 9 / 22, 2))

    def test_base_with_a_rise_in_mid_month(self):
        self._component("base")
        self.e_anna.sudo().create_version({"date_version": "2026-09-16", "wage": 82_500})
        lines = self._line()
        self.assertEqual(lines.mapped("amount"), [30_000, 41_250])
        self.assertEqual([str(line.date_from) for line in lines], ["2026-09-01", "2026-09-16"])

    def test_base_less_own_leave(self):
        self._component("base")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Sick",
                "resource_id": self.e_anna.resource_id.id,
                "calendar_id": self.e_anna.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-09-07 00:00:00",
                "date_to": "2026-09-08 23:59:59",
                "time_type": "leave",
            }
        )
        self.assertAlmostEqual(self._line().amount, round(60_000 * 20 / 22, 2))

    def test_fixed_base(self):
        self._component("base", wage_source="fixed", fixed_amount=1_000)
        self.assertEqual(self._line().amount, 1_000)
        with self.assertRaisesRegex(ValidationError, "Amount a Month"):
            self._component("base", wage_source="fixed")

    # ------------------------------------------------------------
    # Commission
    # ------------------------------------------------------------

    def _commission(self, steps=HANDBOOK, **values):
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        return self._component("commission", steps, metric_id=metric.id, **values)

    def test_commission_on_the_whole(self):
        self._commission()
        self._order(self.anna, 391_970, "2026-09-10 10:00:00")
        line = self._line()
        self.assertEqual((line.amount, line.base, line.rate), (19_598.5, 391_970, 5))
        self.assertIn(
            "step from 200,000.00 €: 391,970.00 € × 5 % = 19,598.50 €", self._words(line.explanation)
        )
        self.assertIn(
            "8,030.00 € more to 7 %: 28,000.00 € instead of 19,598.50 €", self._words(line.next_step)
        )

    def test_commission_by_parts(self):
        self._commission(mode="marginal")
        self._order(self.anna, 500_000, "2026-09-10 10:00:00")
        line = self._line()
        self.assertEqual((line.amount, line.rate), (17_000, 3.4))
        self.assertIn("200,000.00 € × 5 % + 100,000.00 € × 7 % = 17,000.00 €", self._words(line.explanation))

    def test_commission_by_completion(self):
        self._commission([(80, 3), (100, 5)], ladder_by="completion")
        month = self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30")
        self._card_line(month, "sales_confirmed", 100_000, 90_000)
        self._order(self.anna, 90_000, "2026-09-10 10:00:00")
        line = self._line()
        self.assertEqual(line.amount, 2_700)
        self.assertIn("90 % of the plan of 100,000.00 €", self._words(line.explanation))
        self.assertIn("no sales plan", self._line(self.e_boris).explanation)

    def test_commission_belongs_to_the_month_of_the_deal(self):
        """Borders in the person's time zone; a cancellation entered before the seal takes the deal out of its month."""
        self._commission([(0, 10)])
        self.e_anna.tz = "Pacific/Auckland"  # 1 September begins at 12:00 UTC on 31 August
        self._order(self.anna, 1, "2026-08-31 11:59:59")
        self._order(self.anna, 10, "2026-08-31 12:00:00")
        self._order(self.anna, 100, "2026-09-30 10:59:59")  # summer time began on the 27th
        self._order(self.anna, 1_000, "2026-09-30 11:00:00")
        order = self._order(self.anna, 10_000, "2026-09-20 11:00:00")
        self.assertEqual(self._line().base, 10_110)
        with freeze_time("2026-10-03 10:00:00"):
            order._action_cancel()
            self.env.flush_all()
        self.assertEqual(self._line().base, 110)

    def test_commission_needs_sales(self):
        with self.assertRaisesRegex(ValidationError, "Paid on"):
            self._component("commission", HANDBOOK)
        with self.assertRaisesRegex(ValidationError, "amount of money"):
            self._component("commission", metric_id=self.env.ref("sales_discipline.metric_calls_done").id)

    # ------------------------------------------------------------
    # Bonus
    # ------------------------------------------------------------

    def test_bonus_follows_the_efficiency(self):
        self._component("kpi_bonus", fixed_amount=10_000)
        self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", efficiency=87.5)
        line = self._line()
        self.assertEqual(line.amount, 8_750)
        self.assertIn("Efficiency 87.5 %: 10,000.00 € × 87.5 % = 8,750.00 €", self._words(line.explanation))
        self.assertFalse(self._line(self.e_boris))  # no monthly card, no line

    def test_bonus_through_a_ladder(self):
        self._component("kpi_bonus", [(80, 50), (100, 100)], fixed_amount=10_000)
        self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", efficiency=99.99)
        line = self._line()
        self.assertEqual((line.amount, line.rate), (5_000, 50))
        self.assertIn("would have paid 5,000.00 € more", self._words(line.next_step))
        self.assertEqual(
            line.component_id.summary.replace(NBSP, " "), "10,000.00 € · 50 % from 80 %, 100 % from 100 %"
        )

    def test_where_more_sales_pay_less_is_said(self):
        """A commission whose percentage falls: on the whole volume that is a loss, on each part it is none."""
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        component = self._component("commission", [(200_000, 7), (400_000, 5)], metric_id=metric.id)
        self.assertEqual(
            self._words(component.warning),
            "More sales can pay less: just below 400,000.00 € they earn 28,000.00 €, at 400,000.00 € 20,000.00 €, and only "
            "560,000.00 € earn as much again. “Each step, on its part of the volume” never does that.",
        )
        self.assertEqual(component.scheme_id.ladder_warning, f"commission: {component.warning}")
        component.mode = "marginal"
        self.assertIn("more sales never pay less", component.warning)
        component.write({"mode": "whole", "ladder_by": "completion"})
        self.assertIn("on the whole volume: more sales can pay less", component.warning)
        component.tier_ids.sorted("threshold")[1].value = 7
        self.assertFalse(component.warning)
        base = self._component("base", [(0, 100), (50, 80)], scheme=component.scheme_id)
        self.assertIn("a better result can pay less", base.warning)

    def test_who_meets_the_plan_gets_what_the_ladder_pays_above_100(self):
        self._component(
            "base",
            [(0, 50), (90, 120)],
            waiver_metric_id=self.env.ref("sales_discipline.metric_sales_confirmed").id,
        )
        self._card(self.e_anna, "2026-09-07", 1, efficiency=95)
        month = self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30")
        self._card_line(month, "sales_confirmed", 500_000, 500_000)
        self.assertEqual(self._line().amount, 72_000)
