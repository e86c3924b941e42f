import base64
import io
import zipfile
from datetime import date, datetime

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, HttpCase, freeze_time, tagged

from ..models import discipline_target_import
from ..tools.plan_sheet import Fault, parse_amount, parse_key, parse_month, parse_rows
from .test_sales_plans import SalesPlanCase

MONTHS = [date(2026, month, 1) for month in range(5, 8)]


@tagged("post_install", "-at_install")
@freeze_time(SalesPlanCase.NOON)
class TestTargetImport(SalesPlanCase):
    """Export, edit, import; every bad row is named, and nothing imported with one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._target(cls.e_anna, 20000, "2026-01-01", "2026-12-31")
        cls._target(cls.north, 15000, "2026-05-01", "2026-05-31")
        cls._target(cls.north, 60000, "2026-05-01", "2026-05-31", scope="team")
        cls._target(cls.company, 80000, "2026-06-01", "2026-07-31", scope="company")

    def _export(self, user=None):
        file = io.BytesIO()
        targets = self.targets.with_user(user or self.mark).with_company(self.company)
        targets._write_sheet(file, self.sales, self.company, MONTHS[0], date(2026, 7, 31))
        return openpyxl.load_workbook(io.BytesIO(file.getvalue()))

    def _import(self, book, user=None, **vals):
        file = io.BytesIO()
        if isinstance(book, bytes):
            file.write(book)
        else:
            book.save(file)
        vals = {"file": base64.b64encode(file.getvalue()), "company_id": self.company.id, **vals}
        wizard = self.env["discipline.target.import"].with_user(user or self.mark).create(vals)
        wizard.action_preview()
        return wizard

    def _rows(self, book):
        """`{key: row number}` of a sheet."""
        return {row[0].value: row[0].row for row in book.active.iter_rows(min_row=5)}

    def _state(self):
        self.env.flush_all()
        rows = self.targets.search_read(
            [("company_id", "=", self.company.id)],
            ["scope", "employee_id", "team_id", "date_from", "date_to", "amount"],
            order="id",
            load="",
        )
        return rows

    def test_sheet(self):
        sheet = self._export().active
        rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows(min_row=5)}
        self.assertEqual(
            [cell.value for cell in sheet[1]][:3], ["Metric", "Sales Confirmed", "sales_confirmed"]
        )
        self.assertEqual([cell.value for cell in sheet[4]][3:], [datetime(2026, m, 1) for m in (5, 6, 7)])
        self.assertEqual(rows[f"person:{self.e_anna.id}"], ["Anna", "North", 20000, 20000, 20000])
        self.assertEqual(rows[f"person:{self.e_carla.id}"], ["Carla", "South", None, None, None])
        self.assertEqual(rows[f"each:{self.north.id}"][2:], [15000, None, None])
        self.assertEqual(rows[f"team:{self.north.id}"][2:], [60000, None, None])
        self.assertEqual(rows[f"company:{self.company.id}"][2:], [None, 80000, 80000])
        self.assertNotIn(f"person:{self.e_paula.id}", rows)

    def test_nothing_edited_nothing_changed(self):
        before = self._state()
        wizard = self._import(self._export())
        self.assertIn("Nothing would change", str(wizard.preview))
        wizard.action_apply()
        self.assertEqual(self._state(), before)

    def test_round_trip(self):
        book = self._export()
        rows, sheet = self._rows(book), book.active
        sheet.cell(rows[f"person:{self.e_anna.id}"], 5).value = 22000.5
        sheet.cell(rows[f"person:{self.e_carla.id}"], 4).value = 7
        sheet.cell(rows[f"team:{self.north.id}"], 4).value = None
        sheet.cell(rows[f"company:{self.company.id}"], 4).value = 0
        before = self._state()
        wizard = self._import(book)
        self.assertEqual(self._state(), before)  # only looked at
        wizard.action_apply()
        found = self.targets._get_months(self.sales, self.company, MONTHS)
        self.assertEqual(
            [found["own", self.e_anna.id, False][month] for month in MONTHS], [20000, 22000.5, 20000]
        )
        self.assertEqual(found["own", self.e_carla.id, False], {MONTHS[0]: 7})
        self.assertNotIn(("team", False, self.north.id), found)
        self.assertEqual(found["company", False, False][MONTHS[0]], 0)
        year = self.targets.search([("employee_id", "=", self.e_anna.id)], order="date_from")
        self.assertEqual(
            [(str(t.date_from), str(t.date_to)) for t in year],
            [("2026-01-01", "2026-05-31"), ("2026-06-01", "2026-06-30"), ("2026-07-01", "2026-12-31")],
        )
        again = self._export().active
        self.assertEqual(again.cell(rows[f"person:{self.e_anna.id}"], 5).value, 22000.5)

    def test_bad_rows(self):
        """All of them are named, with their row and what is wrong; none is imported, not even the good ones."""
        namesake = self._make_user("anna2", "sales_team.group_sale_salesman", "Europe/Berlin")
        self._make_employee(namesake, "Europe/Berlin", name="Anna")
        self.north.member_ids += namesake
        book = self._export()
        rows, sheet = self._rows(book), book.active
        number = {
            name: rows[f"person:{getattr(self, f'e_{name}').id}"]
            for name in ("anna", "boris", "carla", "lena")
        }
        sheet.cell(number["anna"], 4).value = "=1+1"
        sheet.cell(number["anna"], 5).value = -5
        sheet.cell(number["boris"], 4).value = "twenty"
        sheet.cell(number["boris"], 5).value = True
        sheet.cell(number["carla"], 1).value = f"person:{self.e_olga.id}"
        sheet.cell(number["lena"], 2).value = "Somebody"
        sheet.cell(rows[f"person:{self.e_luis.id}"], 4).value = 5  # a good one
        last = sheet.max_row
        for place, (key, name) in enumerate(
            [("nonsense", "X"), (None, "Anna"), (None, "Nobody"), (f"company:{self.company.id}", None)], 1
        ):
            sheet.cell(last + place, 1).value = key
            sheet.cell(last + place, 2).value = name
            sheet.cell(last + place, 4).value = 1
        before = self._state()
        with self.assertRaises(UserError) as caught:
            self._import(book)
        text = str(caught.exception)
        for words in (
            f"Row {number['anna']}, May 2026: a formula",
            f"Row {number['anna']}, Jun 2026: '-5' is negative",
            f"Row {number['boris']}, May 2026: 'twenty' is no number",
            f"Row {number['boris']}, Jun 2026: 'True' is no number",
            f"Row {number['carla']}: the key of 'Carla' is nobody's",
            f"Row {number['lena']}: the key is somebody else's than 'Somebody'",
            f"Row {last + 1}: 'nonsense' is no key",
            f"Row {last + 2}: there are several 'Anna'",
            f"Row {last + 3}: there is nobody named 'Nobody'",
            f"Row {last + 4}: 'company:{self.company.id}' has a row already",
        ):
            self.assertIn(words, text)
        self.assertEqual(self._state(), before)

    def test_by_name(self):
        book = self._export()
        row = self._rows(book)[f"person:{self.e_carla.id}"]
        book.active.cell(row, 1).value = None
        book.active.cell(row, 4).value = 5
        self._import(book).action_apply()
        self.assertEqual(self.targets.search([("employee_id", "=", self.e_carla.id)]).amount, 5)

    def test_closed(self):
        self._make_plan(("sales_confirmed", 10000.0), period="month")
        book = self._export()
        rows = self._rows(book)
        self._score("2026-06-01 18:00:00")
        for name in ("anna", "carla"):
            book.active.cell(rows[f"person:{getattr(self, f'e_{name}').id}"], 4).value = 5
            book.active.cell(rows[f"person:{getattr(self, f'e_{name}').id}"], 5).value = 5
        before = self._state()
        with self.assertRaises(UserError) as caught:
            self._import(book)
        for name in ("anna", "carla"):
            row = rows[f"person:{getattr(self, f'e_{name}').id}"]
            self.assertIn(f"Row {row}, May 2026: the period is closed", str(caught.exception))
        self.assertNotIn("Jun 2026", str(caught.exception))
        self.assertEqual(self._state(), before)

    def test_bad_files(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b" " * (discipline_target_import.UNPACKED + 1))
        cases = [
            (b"no workbook", "no Excel workbook"),
            (b"PK\x03\x04 nor this", "no Excel workbook"),
            (bomb.getvalue(), "bigger than 50 MB"),
            (b"x" * (discipline_target_import.FILE + 1), "bigger than 5 MB"),
            (openpyxl.Workbook(), "Row 1, column C"),
        ]
        for content, words in cases:
            with self.subTest(words), self._refused(UserError, words):
                self._import(content)
        edits = {
            "code 'gone'": ((1, 3), "gone"),
            "another company": ((2, 3), str(self.outside.id)),
            "'soon' is no month": ((4, 4), "soon"),
            "is no month": ((4, 5), datetime(2026, 6, 2)),
            "a month twice": ((4, 5), "2026-05"),
        }
        for words, ((row, column), value) in edits.items():
            book = self._export()
            book.active.cell(row, column).value = value
            with self.subTest(words), self._refused(UserError, words):
                self._import(book)
        book = self._export()
        book.active.delete_rows(5, 100)
        with self._refused(UserError, "no row with targets"):
            self._import(book)
        with self._refused(UserError, "'File'"):
            self.env["discipline.target.import"].with_user(self.mark).create({}).action_preview()
        with self._refused(UserError, "preview first"):
            self.env["discipline.target.import"].with_user(self.mark).create({}).action_apply()

    def test_access(self):
        book = self._export()
        for user in (self.anna, self.lena, self.paula, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._import(book, user)
        with self.assertRaises(AccessError):
            self._import(book, self.olga)
        with self.assertRaises(AccessError):
            self._import(book).with_user(self.olga).action_apply()

    def test_queries_do_not_grow(self):
        def count():
            book = self._export()
            return self._count_again(lambda: self._import(book).matrix)[0]

        few = count()
        for number in range(10):
            user = self._make_user(f"more{number}", "sales_team.group_sale_salesman", "Europe/Berlin")
            employee = self._make_employee(user, "Europe/Berlin")
            self.north.member_ids += user
            self._target(employee, 5, "2026-05-01", "2026-05-31")
        self.assertEqual(count(), few)


@tagged("post_install", "-at_install")
@freeze_time(SalesPlanCase.NOON)
class TestTargetSheetDownload(SalesPlanCase, HttpCase):
    def test_download(self):
        query = f"metric_id={self.sales.id}&company_id={self.company.id}&first=2026-05-01&last=2026-06-30"
        wizard = (
            self.env["discipline.target.import"]
            .with_user(self.mark)
            .create({"metric_id": self.sales.id, "date_from": "2026-05-01", "date_to": "2026-06-30"})
        )
        self.assertIn(query.split("&")[0], wizard.action_download()["url"])
        for user, status in ((self.mark, 200), (self.lena, 403), (self.anna, 403), (self.olga, 404)):
            self.authenticate(user.login, user.login)
            response = self.url_open(f"/sales_discipline/targets/xlsx?{query}")
            self.assertEqual(response.status_code, status, user.login)
        self.authenticate(self.mark.login, self.mark.login)
        for bad in ("first=soon", "last=2026-01-01", "last=2040-01-01", "metric_id=0", "company_id=x"):
            name, value = bad.split("=")
            parts = [f"{name}={value}" if part.startswith(name) else part for part in query.split("&")]
            response = self.url_open(f"/sales_discipline/targets/xlsx?{'&'.join(parts)}")
            self.assertIn(response.status_code, (404, 422), bad)


@tagged("post_install", "-at_install")
class TestPlanSheet(BaseCase):
    def test_cells(self):
        cases = {
            ("empty", None): (None, None),
            ("text", "  "): (None, None),
            ("number", 0): (0.0, None),
            ("number", 1.5): (1.5, None),
            ("number", -0.01): (None, "negative"),
            ("number", float("nan")): (None, "number"),
            ("number", 1e300): (None, "number"),
            ("text", "1 000"): (None, "number"),
            ("formula", "=1"): (None, "formula"),
            ("date", date(2026, 1, 1)): (None, "number"),
            ("other", True): (None, "number"),
        }
        for cell, expected in cases.items():
            self.assertEqual(parse_amount(*cell), expected, cell)
        months = {
            ("date", datetime(2026, 5, 1)): date(2026, 5, 1),
            ("date", date(2026, 5, 2)): None,
            ("text", " 2026-5 "): date(2026, 5, 1),
            ("text", "2026-13"): None,
            ("text", "0000-01"): None,
            ("number", 5): None,
        }
        for cell, expected in months.items():
            self.assertEqual(parse_month(*cell), expected, cell)
        keys = {
            ("text", "person:12"): (("person", 12), None),
            ("empty", None): (None, None),
            ("text", "person:-1"): (None, "key"),
            ("text", "person:1; DROP"): (None, "key"),
            ("number", 5): (None, "key"),
        }
        for cell, expected in keys.items():
            self.assertEqual(parse_key(*cell), expected, cell)

    def test_short_and_empty_rows(self):
        empty = ("empty", None)
        rows, faults = parse_rows(
            [
                (5, [("text", "person:1")]),
                (6, [empty, empty]),
                (7, [empty, ("text", "A"), empty, ("text", "x")]),
            ],
            [date(2026, 5, 1)],
            ["May"],
        )
        self.assertEqual([(row.number, row.amounts) for row in rows], [(5, {date(2026, 5, 1): None})])
        self.assertEqual(faults, [Fault(7, "May", "number", "x")])
