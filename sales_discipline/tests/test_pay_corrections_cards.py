from odoo import Command
from odoo.tests import freeze_time, tagged

from .correction_common import CorrectionCase

CODES = {"kpi": "sales_confirmed", "standard": "calls_done", "smart": "meetings_done"}


@tagged("post_install", "-at_install")
class TestPayCorrectionsCards(CorrectionCase):
    """What an appeal granted late makes of months that were paid: grades and the months after them, plans met after all."""

    def _month_card(self, month, efficiency=None, **completions):
        """Anna's scorecard of a month ('2026-09') with an indicator of each category at that completion."""
        last = f"{month}-{'31' if month[-2:] in ('10', '12') else '30'}"
        card_id = self._card(self.e_anna, f"{month}-01", 0, "month", last, efficiency=efficiency)
        for category, percent in completions.items():
            self._card_line(card_id, CODES[category], 100, percent, category=category)
        return self.env["discipline.scorecard"].browse(card_id)

    def _appeal(self, card, adjustment, moment):
        """The card's first indicator is adjusted at that moment, whether it was paid or not."""
        with freeze_time(moment):
            card.line_ids[:1].with_user(self.lead)._adjust(adjustment, "Appeal", late=True)
            self.env.flush_all()

    # ------------------------------------------------------------
    # Grades
    # ------------------------------------------------------------

    def _grades(self, **values):
        self.scheme.action_draft()
        scheme = self.scheme.copy({"name": "Grades", "component_ids": False})
        steps = (("C", 60, 1_000), ("B", 80, 2_000), ("A", 95, 3_000))
        tiers = [Command.create({"name": name, "threshold": at, "value": value}) for name, at, value in steps]
        component = self._component("grade", scheme=scheme, tier_ids=tiers, **values)
        scheme.action_activate()
        return component

    def _get(self, run):
        """`[(corrected month, amount)]`, and the amount of this month's grade."""
        lines = run.statement_ids.line_ids.filtered(lambda line: line.employee_id == self.e_anna)
        corrections = lines.filtered(lambda line: line.kind == "correction")
        return (
            [(str(line.corrected_month)[:7], line.amount) for line in corrections],
            sum((lines - corrections).mapped("amount")),
        )

    def test_grade_of_the_month(self):
        self._grades()
        card = self._month_card("2026-09", kpi=70)
        run = self._pay("2026-09")
        self.assertEqual(self._get(run), ([], 1_000))
        self._appeal(card, 12, "2026-10-12 10:00:00")
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.cause), (1_000, "scorecard"))
        self.assertEqual((line.res_model, line.res_id), (card._name, card.id))
        self.assertEqual(line.action_open_changes()["res_id"], card.id)
        self.assertEqual(
            self._words(line.explanation),
            "September 2026: scorecards changed, composite 82 % instead of 70 %, grade “B” instead of “C”: 2,000.00 € instead "
            "of 1,000.00 €",
        )
        # taken back: the correction is corrected
        self._appeal(card, 0, "2026-11-12 10:00:00")
        self.assertEqual(self._get(self._pay("2026-11"))[0][0], ("2026-09", -1_000))
        self.assertEqual(self._get(self._pay("2026-12"))[0], [])

    def test_months_after_hold_another_grade(self):
        """B is held after two months above C; September's appeal makes it two in October already."""
        self._grades(grade_months=2)
        self._month_card("2026-08", kpi=70)
        september = self._month_card("2026-09", kpi=75)
        self._month_card("2026-10", kpi=85)
        self._month_card("2026-11", kpi=75)
        self._month_card("2026-12", kpi=75)
        for month in ("08", "09", "10"):
            self.assertEqual(self._get(self._pay(f"2026-{month}")), ([], 1_000))
        self._appeal(september, 10, "2026-11-12 10:00:00")
        # of September nothing changes but its composite; October had B, and November still has
        run = self._pay("2026-11")
        self.assertEqual(self._get(run), ([("2026-10", 1_000)], 2_000))
        self.assertEqual(self._corrections(run).res_id, september.id)
        self.assertEqual(self._get(self._pay("2026-12")), ([], 1_000))
        self._appeal(september, 0, "2027-01-12 10:00:00")
        self.assertEqual(self._get(self._pay("2027-01")), ([("2026-10", -1_000), ("2026-11", -1_000)], 1_000))

    def test_percent_of_the_wage(self):
        """Parts of a month are rounded as they were when they were paid."""
        component = self._grades(grade_pays="percent")
        component.tier_ids.sorted("threshold")[0].value = 10
        component.tier_ids.sorted("threshold")[1].value = 33
        self.e_anna.sudo().version_id.wage = 1_000
        self.e_anna.sudo().create_version({"date_version": "2026-09-16", "wage": 1_111.11})
        card = self._month_card("2026-09", kpi=70)
        september = self._pay("2026-09")
        self._appeal(card, 12, "2026-10-12 10:00:00")
        anew = september._prepare_statements()[0]["lines"][0]["amount"]
        paid = september.statement_ids.line_ids.amount
        self.assertGreater(anew, paid)
        self.assertEqual(
            self._get(self._pay("2026-10"))[0], [("2026-09", september.currency_id.round(anew - paid))]
        )

    # ------------------------------------------------------------
    # The plan is met after all
    # ------------------------------------------------------------

    def _base(self):
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        self._component("base", [(0, 50), (90, 100)], wage_source="fixed", fixed_amount=1_000,
                        waiver_metric_id=metric.id)  # fmt: skip
        self._card(self.e_anna, "2026-09-07", 1, efficiency=30)
        return metric

    def test_waived_by_the_monthly_card(self):
        self._base()
        card = self._month_card("2026-09", kpi=98)
        self._pay("2026-09")
        self._appeal(card, 1, "2026-10-11 10:00:00")
        self.assertFalse(self._corrections(self._pay("2026-10")))
        self._appeal(card, 2, "2026-11-12 10:00:00")
        line = self._corrections(self._pay("2026-11"))
        self.assertEqual((line.amount, line.cause, line.res_id), (500, "scorecard", card.id))
        self.assertEqual(
            self._words(line.explanation),
            "September 2026: the sales plan (Sales Confirmed) is met after all, so the base is paid in full: 1,000.00 € "
            "instead of 500.00 €",
        )
        self._appeal(card, 0, "2026-12-12 10:00:00")
        line = self._corrections(self._pay("2026-12"))
        self.assertEqual(line.amount, -500)
        self.assertIn("is not met after all", line.explanation)

    def test_waived_by_sales_against_a_target(self):
        metric = self._base()
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
        order = self._order(self.anna, 1_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._cancel(order, "2026-10-12 10:00:00")
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.cause), (-500, "changed"))
        with freeze_time("2026-11-12 10:00:00"):
            order.action_draft()
            order.action_confirm()
            self.env.flush_all()
        self.assertEqual(self._corrections(self._pay("2026-11")).amount, 500)
        self.assertFalse(self._corrections(self._pay("2026-12")))

    # ------------------------------------------------------------
    # Days
    # ------------------------------------------------------------

    def test_documents_are_the_cards(self):
        component = self._component("points", basis="week", card_period="day", rate=5, minus_rate=5)
        days = [self._card(self.e_anna, f"2026-09-0{day}", -2) for day in (7, 8)]
        cards = self.env["discipline.scorecard"].browse(days)
        for card in cards:
            self._card_line(card.id, "calls_done", 10, 8)
        self._pay("2026-09")
        self._appeal(cards[1], 2, "2026-10-12 10:00:00")
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.cause, line.res_id), (15, "scorecard", cards[1].id))
        self.assertEqual(line.scorecard_ids, cards[1])
        self.assertEqual(line.component_id, component)
        self.assertEqual(
            line.inputs["changes"], [[cards._name, cards[1].id, cards[1].display_name, -2, 1, "scorecard"]]
        )
        self.assertEqual(line.with_user(self.anna).action_open_changes()["res_id"], cards[1].id)
        self._appeal(cards, 2, "2026-11-12 10:00:00")
        line = self._corrections(self._pay("2026-11"))
        self.assertEqual((line.amount, line.res_id), (15, cards[0].id), "the other one is known by now")

    def test_excused(self):
        """An excused day has no points, and is out of the mean."""
        points = self._component("points", basis="month", card_period="day", rate=5, minus_rate=5)
        self._component(
            "base", [(0, 50), (90, 100)], scheme=points.scheme_id, wage_source="fixed", fixed_amount=1_000
        )
        sick = self._card(self.e_anna, "2026-09-07", -4, efficiency=0)
        self._card(self.e_anna, "2026-09-08", 1, efficiency=100)
        self._pay("2026-09")
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET points = 0, efficiency = NULL, amended_at = '2026-10-12' WHERE id = %s",
            [sick],
        )
        self.env.invalidate_all()
        lines = self._corrections(self._pay("2026-10"))
        self.assertEqual(sorted(lines.mapped("amount")), [20, 500])
        self.assertEqual(set(lines.mapped("res_id")), {sick})

    def test_statements_do_not_grow_with_cards_and_months(self):
        self._grades(grade_months=2)
        months = ("2026-08", "2026-09", "2026-10")
        cards = [self._month_card(month, kpi=70) for month in months]
        for month in months:
            self._pay(month)
        run = self._run("2026-11-01").sudo()

        with freeze_time("2026-12-01 10:00:00"):
            self._appeal(cards[2], 30, "2026-12-01 10:00:00")
            few, one = self._count_again(run._get_corrections, run.create_date)
            for card in cards:
                self._appeal(card, 30, "2026-12-01 10:00:00")
            many, more = self._count_again(run._get_corrections, run.create_date)
        self.assertEqual([len(found.get(self.e_anna.id, ())) for found in (one, more)], [0, 3])
        self.assertEqual(many, few)
