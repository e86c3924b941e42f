from io import BytesIO

import openpyxl

from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .test_sales_plans import SalesPlanCase

URL = "/sales_discipline/sales_plans/xlsx"


@tagged("post_install", "-at_install")
@freeze_time(SalesPlanCase.NOON)
class TestSalesPlansOutput(SalesPlanCase, BrowserCase):
    """The page in a browser, and its workbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._target(cls.e_anna, 20000, "2026-05-01", "2026-05-31")
        cls._target(cls.north, 30000, "2026-05-01", "2026-05-31", scope="team")
        cls._sell(cls.anna, "2026-05-04", 9000)
        cls.e_carla.name = "=1+1"

    def test_tour(self):
        self.start_tour("/odoo/sales-plans", "sales_discipline_sales_plans", login=self.lena.login)

    def test_tour_of_a_manager(self):
        self.e_carla.name = "Carla"
        self.start_tour("/odoo/sales-plans", "sales_discipline_set_plan", login=self.mark.login)
        targets = self.targets.search([("employee_id", "!=", False), ("company_id", "=", self.company.id)])
        self.assertEqual(sum(targets.mapped("amount")), 5000)

    def _get_table(self, user, query=""):
        self.authenticate(user.login, user.login)
        response = self.url_open(f"{URL}?{query}")
        self.assertEqual(response.status_code, 200)
        sheet = openpyxl.load_workbook(BytesIO(response.content)).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def test_workbook(self):
        rows = self._get_table(self.mark, f"metric_id={self.sales.id}&period=month&date=2026-05-12")
        self.assertEqual(rows[0][0], "Sales Confirmed, May 2026")
        table = {row[0]: dict(zip(rows[3], row, strict=True)) for row in rows[4:]}
        north = table["North"]
        self.assertEqual((north["Plan"], north["Sum of Those Below"], north["Fact"]), (30000, 20000, 9000))
        self.assertEqual((north["Completion (%)"], north["Zone"]), (30, "Red"))
        self.assertIn("=1+1", table)  # a name, and no formula
        self.assertIsNone(table["=1+1"]["Plan"])

    def test_access(self):
        names = [row[0] for row in self._get_table(self.luis)[4:]]
        self.assertEqual(names, ["South", "=1+1", "Luis"])
        self.authenticate(self.anna.login, self.anna.login)
        response = self.url_open(URL)
        self.assertNotEqual(response.status_code, 200)
        self.assertNotIn(b"PK", response.content[:2])
