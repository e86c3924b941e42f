from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .pay_common import PayCase

NBSP = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPayGuard(PayCase):
    """September 2026 has 22 working days. Anna's wage is 1,000; points are 5 each, minus points too, and no floor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.e_anna.sudo().version_id.write(
            {"date_version": "2026-01-01", "contract_date_start": "2026-01-01", "wage": 1_000}
        )
        cls.scheme.action_draft()
        cls.guarded = cls._new_scheme("Guarded", activate=False, rate=5.0, minus_rate=5.0)
        cls._component("base", scheme=cls.guarded)

    def _statement(self, month="2026-09-01"):
        run = self.env["discipline.payroll"].search(
            [("company_id", "=", self.company.id), ("date_from", "=", month)]
        ) or self._run(month)
        run.with_user(self.officer).action_compute()
        return run.sudo().statement_ids.filtered(lambda s: s.employee_id == self.e_anna)

    def _limits(self, statement=None):
        lines = (statement or self._statement()).line_ids.filtered(lambda line: line.kind == "limit")
        return [(line.limit, line.amount) for line in lines]

    def test_reduction(self):
        """100 minus points cost 500 of 1,000; at most 20 % may go."""
        self.guarded.max_reduction = 20
        self._card(self.e_anna, "2026-09-07", -100)
        statement = self._statement()
        self.assertEqual(self._limits(statement), [("max_reduction", 300)])
        self.assertEqual((statement.total, statement.fine, statement.correction), (800, -500, 300))
        self.assertIn(
            "at most 20 % of the month: 500.00 € becomes 800.00 €",
            statement.line_ids[-1].explanation.replace(NBSP, " "),
        )

    def test_guarantee(self):
        self.guarded.guaranteed = 900
        self._card(self.e_anna, "2026-09-07", -100)
        self.assertEqual(self._limits(), [("guaranteed", 400)])
        self.guarded.max_reduction = 20
        self.assertEqual(self._limits(), [("max_reduction", 300), ("guaranteed", 100)])
        self.assertEqual(self._statement().total, 900)

    def test_guarantee_of_part_of_a_month(self):
        """Hired on 16 September: 11 of 22 days, so half of the wage, and half of the guarantee."""
        self.guarded.guaranteed = 900
        self.e_anna.sudo().version_id.contract_date_start = "2026-09-16"
        self._card(self.e_anna, "2026-09-17", -100)
        statement = self._statement()
        self.assertEqual((statement.total, self._limits(statement)), (450, [("guaranteed", 450)]))
        self.assertIn("for 50 % of the month", statement.line_ids[-1].explanation.replace(NBSP, " "))
        self.assertEqual(statement.inputs["schemes"][0]["guaranteed"], 450)

    def test_the_floor_comes_first(self):
        self.guarded.write({"floor": 700, "guaranteed": 900, "max_reduction": 20})
        self._card(self.e_anna, "2026-09-07", -100)
        self.assertEqual(self._limits(), [("floor", 200), ("max_reduction", 100), ("guaranteed", 100)])

    def test_a_cap_is_no_reduction(self):
        self.guarded.write({"cap": 600, "max_reduction": 20})
        self.assertEqual(self._limits(), [("cap", -400)])

    def test_nothing_to_add(self):
        self.guarded.write({"guaranteed": 900, "max_reduction": 20})
        self._card(self.e_anna, "2026-09-07", -20)
        self.assertEqual((self._statement().total, self._limits()), (900, []))

    def test_boxes(self):
        """An amount without its box is meant; a box without an amount guarantees nothing below zero."""
        self.guarded.guaranteed = 0
        self.assertTrue(self.guarded.has_guaranteed)
        self.guarded.guaranteed = False
        self.assertFalse(self.guarded.has_guaranteed)
        self.assertIsNone(self.guarded._get_guard().guaranteed)
        self._card(self.e_anna, "2026-09-07", -300)
        self.assertEqual(self._statement().total, -500)
        self.guarded.has_guaranteed = True
        self.assertEqual(self._statement().total, 0)

    # ------------------------------------------------------------
    # What is said
    # ------------------------------------------------------------

    def test_warning(self):
        points, base = self.guarded.component_ids
        self.assertFalse(self.guarded.guard_warning)
        self.guarded.guaranteed = 500
        self.assertIn("“Daily points” have no floor", self.guarded.guard_warning)
        points.floor = -10
        self.assertIn("100 % of the wage and −50.00 € besides", self.guarded.guard_warning.replace(NBSP, " "))
        points.floor = 0
        self.assertFalse(self.guarded.guard_warning)  # the wage in full is the contract's business
        base.tier_ids = [(0, 0, {"threshold": 0, "value": 60})]
        self.assertIn("60 % of the wage", self.guarded.guard_warning.replace(NBSP, " "))
        base.write({"wage_source": "fixed", "fixed_amount": 1_000})
        self.assertFalse(self.guarded.guard_warning)
        base.fixed_amount = 800
        self.assertIn("can come to 480.00 €", self.guarded.guard_warning.replace(NBSP, " "))
        self.guarded.floor = 500
        self.assertFalse(self.guarded.guard_warning)
        self.guarded.write({"floor": None, "cap": 400})
        self.assertIn("The cap of a month", self.guarded.guard_warning)

    def test_warning_on_activation(self):
        self.guarded.action_draft()
        self.assertIsNone(self.guarded.action_activate())
        self.guarded.action_draft()
        self.guarded.guaranteed = 500
        action = self.guarded.with_user(self.officer).action_activate()
        self.assertEqual((action["params"]["type"], self.guarded.state), ("warning", "active"))
        self.assertIn("have no floor", action["params"]["message"])
        self.assertIn("have no floor", self.guarded.message_ids[0].body)

    def test_form(self):
        with Form(self.guarded.with_user(self.officer)) as form:
            form.has_guaranteed = True
            form.guaranteed = 500
            self.assertIn("have no floor", form.guard_warning)
        self.assertEqual(self.guarded._get_guard().guaranteed, 500)

    def test_refused_values(self):
        for values, words in (({"guaranteed": -1}, "negative"), ({"max_reduction": 101}, "0 to 100")):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError) as error,
                self.cr.savepoint(),
            ):
                self.guarded.write(values)
                self.env.flush_all()
            name = error.exception.diag.constraint_name.removeprefix("discipline_scheme_")
            self.assertIn(
                words, self.env["discipline.scheme"]._table_objects[f"discipline_scheme_{name}"].message
            )

    # ------------------------------------------------------------
    # No fines
    # ------------------------------------------------------------

    def test_no_fine_mode(self):
        points = self.guarded.component_ids[0]
        with self.assertRaisesRegex(ValidationError, "“Daily points” could take money away"):
            self.company.discipline_no_fines = True
        self.scheme.action_close()
        points.floor = 0
        self.company.discipline_no_fines = True
        for values in ({"floor": -1}, {"floor": None}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "no-fine mode"):
                points.with_user(self.officer).write(values)
        with self.assertRaisesRegex(ValidationError, "the floor of “Guarded” cannot be below zero"):
            self.guarded.with_user(self.officer).floor = -1
        with self.assertRaisesRegex(ValidationError, "“Money per Minus Point” to 0"):
            self._new_scheme("Fines", activate=False, rate=1)
        self._new_scheme("Plus", activate=False, rate=1, minus_rate=0)
        self.company.discipline_no_fines = False
        points.write({"floor": -1})
