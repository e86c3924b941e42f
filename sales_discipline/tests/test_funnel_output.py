import io
import json

import openpyxl
import pypdf

from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .funnel_common import FunnelCase

MARCH = {"period": "month", "date": "2026-03-15"}


class FunnelOutputCase(HttpCase, FunnelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.name = "=HYPERLINK(1)"
        cls.boris.name = "Борис Иванов"
        lead = cls._make_lead(cls.anna, expected_revenue=1234.5)
        cls._do(cls.anna, lead=lead, count=4)
        cls._do(cls.anna, lead=lead, activity_type=cls.meeting, count=2)
        cls._do(cls.anna, lead=lead, activity_type=cls.proposal)
        cls._win(lead)
        cls._do(cls.boris, count=2)
        cls._do(cls.carla, count=3)

    def _get(self, url, user):
        self.authenticate(user.login, user.login)
        return self.url_open(url)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFunnelXlsx(FunnelOutputCase):
    def _book(self, user, **options):
        url = f"/sales_discipline/funnel/xlsx?options={json.dumps({**MARCH, **options})}"
        response = self._get(url, user)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Funnel_March_2026.xlsx", response.headers["Content-Disposition"])
        return openpyxl.load_workbook(io.BytesIO(response.content))

    def test_book(self):
        book = self._book(self.mark)
        self.assertEqual(book.sheetnames, ["Steps", "People"])
        steps, people = book.worksheets
        self.assertEqual(steps["A1"].value, "Sales funnel: March 2026")
        headings = {row[0]: row[1] for row in steps.iter_rows(min_row=2, max_row=5, values_only=True)}
        self.assertEqual(headings["Funnel of"], "Discipline & Co")
        self.assertEqual(headings["Compared with"], "02/01/2026 – 02/10/2026")
        rows = {row[0]: list(row[1:]) for row in steps.iter_rows(min_row=7, values_only=True)}
        self.assertEqual(rows["Calls"], [9, 0, None, None, None, None])
        self.assertEqual(rows["Outgoing Calls"][:2], [9, 0])
        self.assertEqual(rows["Proposals"], [1, 0, None, 0, 50, None])
        self.assertEqual(rows["Deals Won"], [1, 0, None, 1234.5, 100, None])
        self.assertAlmostEqual(rows["Call → Deal"][4], 100 / 9)
        rows = [list(row) for row in people.iter_rows(min_row=7, values_only=True)]
        self.assertEqual(rows[0][:4], ["Salesperson", "Calls", "Call → Meeting", "Meetings"])
        self.assertEqual(
            [row[0] for row in rows[1:]],
            ["North", "=HYPERLINK(1)", "Борис Иванов", "South", "Carla", "Total"],
        )
        anna, boris = rows[2], rows[3]
        self.assertEqual(anna[1:], [4, 50, 2, 50, 1, 100, 1, 1234.5, 25])
        self.assertEqual(boris[1:], [2, 0, 0, None, 0, None, 0, 0, 0], "no data stays empty")
        cells = people["A9"], people["B9"], people["C9"], people["I9"]
        self.assertEqual(
            [cell.data_type for cell in cells], ["s", "n", "n", "n"], "a name is text, never a formula"
        )
        self.assertEqual(cells[1].number_format, "#,##0")
        self.assertEqual(cells[3].number_format, '#,##0.00 "€"')
        self.assertEqual(people.freeze_panes, "B8")
        self.assertEqual(people.page_setup.orientation, "landscape")

    def test_own(self):
        """A salesperson's workbook holds nobody else."""
        people = self._book(self.boris).worksheets[1]
        names = [row[0] for row in people.iter_rows(min_row=8, values_only=True)]
        self.assertEqual(names, ["Борис Иванов", "Total"])

    def test_filters_are_told(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        steps, people = self._book(self.mark, source_id=source.id).worksheets
        self.assertEqual((steps["A6"].value, steps["B6"].value), ("Source", "Fair"))
        self.assertEqual(people.max_row, 8, "nobody")

    @mute_logger("odoo.http")
    def test_refused(self):
        for user, options, status in (
            (self.boris, '{"scope": "company"}', 403),
            (self.lena, json.dumps({"scope": "team", "team_id": self.south.id}), 403),
            (self.paula, "{}", 403),
            (self.mark, "{nothing", 422),
            (self.mark, '{"period": "decade"}', 422),
        ):
            with self.subTest(user=user.name, options=options):
                response = self._get(f"/sales_discipline/funnel/xlsx?options={options}", user)
                self.assertEqual(response.status_code, status)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFunnelPdf(FunnelOutputCase):
    def _pdf(self, user, **options):
        reports = self.env["ir.actions.report"].with_user(user).with_context(force_report_rendering=True)
        data = {"funnel": {**MARCH, **options}}
        content, kind = reports._render_qweb_pdf("sales_discipline.report_funnel", data=data)
        self.assertEqual(kind, "pdf")
        return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]

    def test_pdf(self):
        (text,) = self._pdf(self.mark)
        for words in (
            "Sales funnel: March 2026",
            "Discipline & Co",
            "03/01/2026 – 03/31/2026",
            "HYPERLINK",
            "Борис Иванов",
            "North",
            "Outgoing Calls 9 0 –",
            "Meetings 2 0 – 22.2% –",
            "1,234.50",
            "Total 9",
        ):
            self.assertIn(words, text)

    def test_own(self):
        (text,) = self._pdf(self.boris)
        self.assertIn("Борис Иванов", text)
        for name in ("HYPERLINK", "Carla", "North"):
            self.assertNotIn(name, text)

    def test_empty(self):
        (text,) = self._pdf(self.mark, date="2019-01-01")
        self.assertIn("Nothing was recorded in this period", text)

    def test_route(self):
        """As the browser asks for it: the options come as JSON in the address (a test gets the PDF's page)."""
        options = json.dumps({"funnel": {**MARCH, "scope": "team", "team_id": self.north.id}})
        response = self._get(f"/report/pdf/sales_discipline.report_funnel?options={options}", self.mark)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Борис Иванов", response.text)
        self.assertNotIn("Carla", response.text)

    @mute_logger("odoo.http")
    def test_refused(self):
        options = json.dumps({"funnel": {"scope": "company"}})
        for user in (self.boris, self.paula):
            url = f"/report/pdf/sales_discipline.report_funnel?options={options}"
            self.assertEqual(self._get(url, user).status_code, 403)
