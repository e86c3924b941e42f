import io

import openpyxl
import pypdf

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .pay_common import PayCase


class OutputCase(HttpCase, PayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.e_anna.name = '=HYPERLINK("http://example.com")'
        cls.e_boris.name = "Борис Иванов"
        cls._week(cls.e_anna, "2026-09-07", [3, 3, -2, 5, 3])
        cls._card(cls.e_boris, "2026-09-08", -14)
        cls.run_ = cls._run()
        cls.run_.action_compute()

    def _get(self, url, user):
        self.authenticate(user.login, user.login)
        return self.url_open(url)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayrollXlsx(OutputCase):
    def _sheet(self, user=None):
        response = self._get(f"/sales_discipline/payroll/{self.run_.id}/xlsx", user or self.officer)
        self.assertEqual(response.status_code, 200)
        self.assertIn("payroll_Pay_Co_2026-09.xlsx", response.headers["Content-Disposition"])
        return openpyxl.load_workbook(io.BytesIO(response.content)).active

    def test_sheet(self):
        """What a payroll clerk needs: headings, a row a person, live totals, formats, and a page that prints."""
        sheet = self._sheet()
        self.assertEqual(sheet["A1"].value, "Payroll: September 2026")
        headings = {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in range(2, 7)}
        self.assertEqual(headings["Company"], "Pay & Co")
        self.assertEqual(headings["Period"], "09/01/2026 – 09/30/2026")
        self.assertIn("Computed", headings["Status"])
        self.assertIn("Officer", headings["Status"])
        head = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "Person")
        titles = [cell.value for cell in sheet[head]]
        self.assertEqual(
            titles,
            [
                "Person",
                "Department",
                "Sales Team",
                "Days Scored",
                "Points",
                "Daily points",
                "Earned",
                "Fines",
                "Total",
            ],
        )
        anna, boris, total = ([cell.value for cell in sheet[head + i]] for i in (1, 2, 3))
        self.assertEqual(
            anna,
            ['=HYPERLINK("http://example.com")', "Sales", "North", 5, 12, 60, 60, 0, f"=SUM(F{head + 1})"],
        )
        self.assertEqual(boris, ["Борис Иванов", "Sales", "North", 1, -14, -70, 0, -70, f"=SUM(F{head + 2})"])
        self.assertEqual((total[0], total[-1]), ("Total", f"=SUBTOTAL(9,I{head + 1}:I{head + 2})"))
        self.assertNotEqual(sheet.cell(head + 1, 1).data_type, "f", "a name that begins with = is text")
        self.assertEqual(sheet.cell(head + 3, 9).data_type, "f")
        self.assertEqual(sheet.cell(head + 1, 9).number_format, '#,##0.00 "€";[Red]-#,##0.00 "€"')
        self.assertEqual(sheet.freeze_panes, f"B{head + 1}")
        self.assertEqual(sheet.auto_filter.ref, f"A{head}:I{head + 2}")
        self.assertGreater(sheet.column_dimensions["A"].width, 20)
        self.assertEqual(sheet.page_setup.orientation, "landscape")
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.assertIn(sheet.page_setup.fitToWidth, (None, 1))
        self.assertEqual(sheet.page_setup.fitToHeight, 0)
        self.assertEqual(sheet.print_title_rows, f"${head}:${head}")
        self.assertEqual(sheet.oddFooter.right.text, "&P / &N")

    def test_cached_totals(self):
        """Programs that do not calculate (previews, imports) find the totals too."""
        response = self._get(f"/sales_discipline/payroll/{self.run_.id}/xlsx", self.officer)
        sheet = openpyxl.load_workbook(io.BytesIO(response.content), data_only=True).active
        last = [cell.value for cell in sheet[sheet.max_row]]
        self.assertEqual(last[3:], [6, -2, -10, 60, -70, -10])

    def test_nobody(self):
        empty = self._run("2019-01-01")
        response = self._get(f"/sales_discipline/payroll/{empty.id}/xlsx", self.officer)
        self.assertEqual(response.status_code, 200)
        openpyxl.load_workbook(io.BytesIO(response.content))

    def test_refused(self):
        url = f"/sales_discipline/payroll/{self.run_.id}/xlsx"
        for user in (self.anna, self.lead, self.head):
            self.assertEqual(self._get(url, user).status_code, 403)
        self.assertEqual(self._get("/sales_discipline/payroll/0/xlsx", self.officer).status_code, 404)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayrollPdf(OutputCase):
    def _pages(self, report, records, user):
        reports = self.env["ir.actions.report"].with_user(user).with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(f"sales_discipline.{report}", records.ids)
        self.assertEqual(kind, "pdf")
        return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]

    def test_summary(self):
        pages = self._pages("report_payroll", self.run_, self.officer)
        self.assertEqual(len(pages), 1)
        for text in (
            "September 2026",
            "Pay & Co",
            "Борис Иванов",
            "HYPERLINK",
            "60.00",
            "-70.00",
            "Daily points",
            "Total",
        ):
            self.assertIn(text, pages[0])

    def test_kinds_and_departments(self):
        """The sum of each department and kind; no table of corrections where there are none."""
        self.e_boris.department_id = self.department.create({"name": "Export", "company_id": self.company.id})
        self.run_.action_compute()
        (page,) = self._pages("report_payroll", self.run_, self.officer)
        for text in ("Total Export", "Total Sales", "By kind of pay", "Points 2 -10.00"):
            self.assertIn(text, page.replace("\N{ZERO WIDTH SPACE}", ""))
        self.assertNotIn("Corrections of earlier months", page)

    def test_corrections(self):
        anna = self.run_.statement_ids.sudo().filtered(lambda s: s.employee_id == self.e_anna)
        self.env.cr.execute(
            """
            UPDATE discipline_statement_line
            SET kind = 'correction', cause = 'refund', corrected_month = '2026-08-01', next_step = 'One deal more'
            WHERE statement_id = %s
            """,
            [anna.id],
        )
        self.env.invalidate_all()
        (page,) = self._pages("report_payroll", self.run_, self.officer)
        for text in ("Corrections of earlier months", "Credit Note", "August 2026"):
            self.assertIn(text, page)
        (page,) = self._pages("report_statement", anna, self.officer)
        self.assertIn("One deal more", page)

    def test_statements(self):
        """A page a person, in one file."""
        pages = self._pages("report_statement", self.run_.statement_ids, self.officer)
        self.assertEqual(len(pages), 2)
        self.assertIn("12 points", pages[0])
        self.assertIn("Борис Иванов", pages[1])
        self.assertIn("Preliminary", pages[1])

    def test_own_statement(self):
        """A salesperson prints the own one, and no other."""
        self.run_.action_confirm()
        anna, boris = self.run_.statement_ids
        pages = self._pages("report_statement", anna, self.anna)
        self.assertEqual(len(pages), 1)
        self.assertNotIn("Preliminary", pages[0])
        with self.assertRaises(AccessError):
            self._pages("report_statement", boris, self.anna)
