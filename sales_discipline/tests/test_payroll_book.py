import io
import tempfile
import tracemalloc
from datetime import datetime

import openpyxl

from odoo.tests import freeze_time, tagged

from ..controllers.payroll_book import PayrollBook
from .correction_common import CorrectionCase
from .pay_common import PayCase


class BookCase(PayCase):
    def _book(self, run, **options):
        file = io.BytesIO()
        PayrollBook(run).save(file)
        file.seek(0)
        return openpyxl.load_workbook(file, **options)

    def _table(self, sheet, first="Person"):
        """The rows below the header as dicts, and the sums below them."""
        rows = list(sheet.iter_rows(values_only=True))
        top = next(i for i, row in enumerate(rows) if row[0] == first)
        return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayrollBook(BookCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carla = cls._new_user("carla", "sales_team.group_sale_salesman")
        cls.e_carla = cls._new_employee(cls.carla)
        cls.e_carla.department_id = cls.department.create({"name": "Export", "company_id": cls.company.id})
        cls.e_carla.barcode = "007"
        cls._week(cls.e_anna, "2026-09-07", [3, 3, -2, 5, 3])
        cls._card(cls.e_boris, "2026-09-08", -14)
        cls._card(cls.e_carla, "2026-09-08", 0.5)
        cls.run_ = cls._run()
        cls.run_.action_compute()

    def test_departments(self):
        """Each department with its sum; no sum counts twice; a person's total is the sum of its parts."""
        table = self._table(self._book(self.run_)["Totals"])
        names = ["Carla", "Total Export", "Anna", "Boris", "Total Sales", "Total"]
        self.assertEqual([row["Person"] for row in table], names)
        book = self._book(self.run_, data_only=True)
        self.assertEqual(
            [row["Total"] for row in self._table(book["Totals"])], [2.5, 2.5, 60, -70, -10, -7.5]
        )
        self.assertEqual([row["Personnel No."] for row in table][:3], ["007", None, ""])
        top = next(row for row in range(1, 20) if book["Totals"].cell(row, 1).value == "Person")
        letter = openpyxl.utils.get_column_letter(len(table[0]))
        self.assertEqual(table[1]["Total"], f"=SUBTOTAL(9,{letter}{top + 1})")
        self.assertEqual(table[-1]["Total"], f"=SUBTOTAL(9,{letter}{top + 1}:{letter}{top + 5})")
        self.assertEqual(book["Totals"].row_dimensions[top + 1].outlineLevel, 1)

    def test_lines(self):
        """Every amount with its reason; they add up to the totals."""
        sheet = self._book(self.run_, data_only=True)["Lines"]
        *rows, total = self._table(sheet)
        lines = self.run_.statement_ids.line_ids
        self.assertEqual(len(rows), len(lines))
        self.assertEqual(total["Amount"], self.run_.total)
        anna = next(row for row in rows if row["Person"] == "Anna")
        line = lines.filtered(lambda line: line.employee_id == self.e_anna)
        self.assertEqual(
            anna,
            {
                "Person": "Anna",
                "Personnel No.": "",
                "Department": "Sales",
                "Component": "Daily points",
                "Kind": "Points",
                "From": datetime(2026, 9, 7),
                "Until": datetime(2026, 9, 13),
                "Base": line.base,
                "Rate": line.rate,
                "Amount": 60,
                "How it was reckoned": line.explanation,
            },
        )
        self.assertEqual(sheet.auto_filter.ref, f"A1:K{len(rows) + 1}")

    def test_no_corrections(self):
        sheet = self._book(self.run_)["Corrections"]
        self.assertEqual(sheet["A2"].value, "Nothing of earlier months is corrected in this run.")

    def test_statements_do_not_grow(self):
        """As many SQL statements for three people as for ten."""
        users = [self._new_user(f"more{i}", "sales_team.group_sale_salesman") for i in range(7)]
        employees = [self._new_employee(user) for user in users]
        few = self._count_again(self._book, self.run_)[0]
        for employee in employees:
            self._card(employee, "2026-09-09", 3)
        self.run_.action_compute()
        self.assertEqual(self._count_again(self._book, self.run_)[0], few)

    def test_memory(self):
        """Ten thousand lines are never in memory at once."""
        self._add_people(1_000)
        self.env.invalidate_all()
        tracemalloc.start()
        try:
            with tempfile.TemporaryFile() as file:
                PayrollBook(self.run_).save(file)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        self.assertLess(peak / 1e6, 12)

    def _add_people(self, count):
        """So many people with ten lines each, in the run."""
        self.env.cr.execute(
            """
            WITH person AS (
                INSERT INTO hr_employee (resource_id, company_id, active)
                SELECT %(resource)s, %(company)s, true FROM generate_series(1, %(count)s) RETURNING id
            ), statement AS (
                INSERT INTO discipline_statement (payroll_id, employee_id, company_id, currency_id, name, total)
                SELECT %(run)s, id, %(company)s, %(currency)s, 'Person ' || id, 1000 FROM person
                RETURNING id, employee_id
            )
            INSERT INTO discipline_statement_line (statement_id, payroll_id, employee_id, company_id, currency_id,
                kind, component_id, name, base, rate, amount, explanation)
            SELECT id, %(run)s, employee_id, %(company)s, %(currency)s,
                'points', %(component)s, 'Daily points', 20, 5, 100, repeat('Week ' || n || ' of ' || id, 10)
              FROM statement, generate_series(1, 10) n
            """,
            {
                "resource": self.e_anna.resource_id.id,
                "company": self.company.id,
                "currency": self.run_.currency_id.id,
                "run": self.run_.id,
                "component": self.scheme.component_ids.id,
                "count": count,
            },
        )


@tagged("post_install", "-at_install")
class TestPayrollBookCorrections(BookCase, CorrectionCase):
    def test_corrections(self):
        """What was paid, what is due, and the document that changed it."""
        self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._cancel(order, "2026-10-12 10:00:00")
        run = self._pay("2026-10")
        row, total = self._table(self._book(run)["Corrections"])
        self.assertEqual(
            (row["Person"], row["Corrected Month"], row["Cause"], row["Documents"]),
            ("Anna", datetime(2026, 9, 1), "Cancelled", order.name),
        )
        self.assertEqual((row["Paid"], row["Owed"], row["Amount"]), (28_000, 0, "=I2-H2"))
        self.assertEqual(total["Amount"], "=SUBTOTAL(9,J2)")
        cached = self._table(self._book(run, data_only=True)["Corrections"])
        self.assertEqual([line["Amount"] for line in cached], [-28_000, -28_000])
        totals = self._table(self._book(run, data_only=True)["Totals"])
        self.assertEqual(totals[0]["Corrections"], -28_000)
        self.assertEqual(totals[-1]["Total"], run.total)
