from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, freeze_time, tagged

from ..tools.remuneration import months_to_go
from .pay_common import PayCase

NBSP = "\N{NO-BREAK SPACE}"
CODES = {"kpi": "sales_confirmed", "standard": "calls_done", "smart": "meetings_done"}


@tagged("post_install", "-at_install")
class TestMonthsToGo(BaseCase):
    def test_table(self):
        cases = [  # held, reached, months, to go
            (1, [2], 3, 2),
            (1, [None, None, 2], 3, 2),
            (1, [0, 2, 2], 3, 1),
            (1, [2, 1, 2], 3, 2),
            (1, [2, 0], 3, 2),
            (1, [0, 0], 3, 1),
            (1, [1], 3, None),
            (1, [2, None], 3, None),
            (None, [2], 3, None),
            (1, [], 3, None),
            (2, [3, 4, 3], 2, 1),
        ]
        for held, reached, months, left in cases:
            with self.subTest(held=held, reached=reached, months=months):
                self.assertEqual(months_to_go(held, reached, months), left)


@tagged("post_install", "-at_install")
@freeze_time("2027-01-20 12:00:00")
class TestPayGrade(PayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grade = cls._component("grade", scheme=cls._draft(), **cls._grades())
        cls.grade.scheme_id.action_activate()

    @classmethod
    def _draft(cls):
        cls.scheme.action_draft()
        return cls.scheme.copy({"name": "Grades", "component_ids": False})

    @classmethod
    def _grades(cls, **values):
        steps = (("C", 60, 1_000), ("B", 80, 2_000), ("A", 95, 3_000))
        return {
            "tier_ids": [
                Command.create({"name": name, "threshold": at, "value": value}) for name, at, value in steps
            ],
            **values,
        }

    def _month(self, first, **completions):
        """Compute the run of a month with these completions of the indicators of each category; its line."""
        first = fields.Date.to_date(first)
        last = first + relativedelta(months=1, days=-1)
        if completions:
            card = self._card(self.e_anna, first, 0, "month", last)
            for category, percent in completions.items():
                self._card_line(card, CODES[category], 100, percent, category=category)
        run = self._run(first)
        run.action_compute()
        return run.sudo().statement_ids.filtered(lambda s: s.employee_id == self.e_anna).line_ids

    def _paid(self, first, **completions):
        line = self._month(first, **completions)
        line.payroll_id.with_user(self.officer).action_confirm()
        return line

    def test_composite(self):
        """50 % of 90, 30 % of 80, 20 % of 100 (capped): 89, grade B."""
        line = self._month("2026-09-01", kpi=90, standard=80, smart=130)
        self.assertEqual((line.amount, line.tier_id.display_name), (2_000, "B"))
        self.assertEqual(
            line.explanation.replace(NBSP, " "),
            "Composite 89 % (KPI 90 % × 50, STANDARD 80 % × 30, SMART 100 % × 20): grade “B”: 2,000.00 €",
        )
        self.assertIn("95 % or more for 3 months running is grade “A”", line.next_step.replace(NBSP, " "))

    def test_missing_categories_are_left_out(self):
        self.assertEqual(self._month("2026-09-01", kpi=96).tier_id.name, "A")
        self.assertFalse(self._month("2026-10-01"))  # neither a card nor a grade held

    def test_below_the_first_grade(self):
        line = self._month("2026-09-01", kpi=59.99)
        self.assertEqual((line.amount, line.tier_id.id), (0, False))
        self.assertIn("no grade", line.explanation)

    def test_the_grade_held_moves_after_three_months(self):
        self.assertEqual(self._paid("2026-08-01", kpi=70).tier_id.name, "C")
        line = self._paid("2026-09-01", kpi=96)
        self.assertEqual((line.amount, line.tier_id.name), (1_000, "C"))
        self.assertIn("grade reached “A”, grade held “C” (months to go until it moves: 2)", line.explanation)
        self.assertIn("moves: 1)", self._paid("2026-10-01", kpi=85).explanation)
        line = self._paid("2026-11-01", kpi=99)
        self.assertEqual(line.tier_id.name, "B")  # the least that all three support
        self.assertIn("moves from “C” to “B”", line.explanation)
        line = self._paid("2026-12-01")
        self.assertEqual((line.amount, line.tier_id.name), (2_000, "B"))
        self.assertIn("No scorecard of the month, so the grade stays “B”", line.explanation)

    def test_history_is_what_was_confirmed(self):
        self._month("2026-08-01", kpi=70)
        self.assertEqual(self._month("2026-09-01", kpi=96).tier_id.name, "A")

    def test_history_goes_on_with_the_next_version(self):
        self._paid("2026-09-01", kpi=70)
        with self.assertRaisesRegex(UserError, "New Version"):
            self.grade.tier_ids[0].name = "X"
        new = self.grade.scheme_id._create_version(fields.Date.to_date("2026-10-01"))
        new.component_ids.grade_months = 2
        new.component_ids.tier_ids[0].write({"threshold": 50, "value": 1_500})
        new.action_activate()
        line = self._paid("2026-10-01", kpi=96)
        self.assertEqual((line.amount, line.component_id), (1_500, new.component_ids))
        self.assertEqual(self._paid("2026-11-01", kpi=96).amount, 3_000)

    def test_percent_of_the_wage(self):
        self.grade.grade_pays = "percent"
        self.grade.tier_ids.sorted("threshold")[1].value = 10
        self.e_anna.sudo().version_id.write(
            {"date_version": "2026-01-01", "contract_date_start": "2026-09-16", "wage": 60_000}
        )
        line = self._month("2026-09-01", kpi=85)
        self.assertEqual((line.amount, line.base, line.rate), (3_000, 30_000, 10))
        self.assertIn("30,000.00 € × 10 % = 3,000.00 €", line.explanation.replace(NBSP, " "))

    def test_refused(self):
        for values, words in (
            ({"grade_months": 0}, "Months"),
            ({"weight_kpi": 0, "weight_standard": 0, "weight_smart": 0}, "at least one category"),
            ({"tier_ids": [Command.clear()]}, "a name of its own"),
            ({"tier_ids": [Command.create({"threshold": 99, "value": 1})]}, "a name of its own"),
            ({"tier_ids": [Command.create({"name": "A", "threshold": 99, "value": 1})]}, "a name of its own"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, words),
                self.cr.savepoint(),
            ):
                self.grade.write(values)

    def test_words(self):
        self.assertIn("B from 80 %: 2,000.00 €", self.grade.summary.replace(NBSP, " "))
        self.assertFalse(self.grade.warning)
        self.grade.tier_ids.sorted("threshold")[2].value = 1
        self.assertIn("pays less", self.grade.warning)

    def test_statements_of_sql_do_not_grow_with_months(self):
        """One statement reads the months before, however many there are."""
        self._paid("2026-09-01", kpi=70)
        self._month("2026-11-01", kpi=70)
        run = self.env["discipline.payroll"].search([("date_from", "=", "2026-11-01")])
        counts = []
        for first in (None, "2026-10-01"):
            if first:
                self._paid(first, kpi=70)
            counts.append(self._count_queries(lambda: run._open()._prepare_statements())[0])
        self.assertLessEqual(counts[1], counts[0])
