import io
from functools import partial
from unittest.mock import patch

import openpyxl

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..controllers import sheet
from ..controllers.sheet import XLSX
from .browser_common import BrowserCase
from .test_board import NOW, BoardCase


@tagged("post_install", "-at_install")
class TestBoardTour(BoardCase, BrowserCase):
    """The team board in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(("companies_added", 2.0), ("deals_won", 1.0), date_from="2026-03-09")
        cls._work(cls.anna, "2026-03-09", 1)
        cls._score("2026-03-10 08:00:00")
        cls._work(cls.anna, "2026-03-10", 3)
        cls._work(cls.boris, "2026-03-10", 5, hour=1)
        cls.env.flush_all()

    def _tour(self, name, user):
        with freeze_time(NOW):
            self.start_tour("/odoo/team-board", f"sales_discipline_board_{name}", login=user.login)

    def test_leader(self):
        self._tour("leader", self.lena)

    def test_manager(self):
        self._tour("manager", self.mark)

    def test_map(self):
        self._tour("map", self.mark)

    def test_full_disk(self):
        """There is no room for the file: it is said in words, and there is nothing of it."""
        full = partial(open, "/dev/full", "w+b")
        with freeze_time(NOW), patch.object(sheet.tempfile, "TemporaryFile", full):
            self.authenticate(self.mark.login, self.mark.login)
            with mute_logger("odoo.http", "odoo.addons.sales_discipline.controllers.sheet"):
                answer = self.url_open("/sales_discipline/team_board/xlsx?period=day&date=2026-03-10")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("no room left", answer.text)
        self.assertNotEqual(answer.headers.get("Content-Type"), XLSX)

    def test_workbook(self):
        """The board as a workbook, by another library; salespeople get none."""
        with freeze_time(NOW):
            self.authenticate(self.mark.login, self.mark.login)
            answer = self.url_open("/sales_discipline/team_board/xlsx?period=day&date=2026-03-10")
            self.assertEqual(answer.status_code, 200)
            sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
            rows = [list(row) for row in sheet.iter_rows(values_only=True)]
            head = next(row for row in rows if row[0] == "Person")
            names = ["Companies Added", "Companies Added: plan", "Points", "State"]
            places = [head.index(name) for name in names]
            found = {row[0]: [row[place] for place in places] for row in rows if row[0]}
            self.assertEqual(found["Anna"], [3, 2, -1, "Open"])
            self.assertEqual(found["North"][:2], [8, 6])
            self.assertEqual(found["Total"][:2], [8, 10])
            self.authenticate(self.anna.login, self.anna.login)
            with mute_logger("odoo.http"):
                answer = self.url_open("/sales_discipline/team_board/xlsx")
            self.assertNotEqual(answer.headers.get("Content-Type"), XLSX)
            self.assertIn(answer.status_code, (403, 400, 404))


@tagged("post_install", "-at_install")
class TestBoardMobile(TestBoardTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_leader(self):
        self._tour("mobile", self.lena)

    def test_manager(self):
        self._tour("mobile", self.mark)

    test_map = test_workbook = None
