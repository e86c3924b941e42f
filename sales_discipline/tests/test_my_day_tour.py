from odoo import Command
from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .common import DisciplineCase
from .report_common import ReportCase


class MyDayTourCase(DisciplineCase, BrowserCase):
    """My Day in a real browser: Anna has two calls to make, one of them overdue, and a deal without a next step. A point
    is worth 5; nobody is fined."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = [("calls_done", 2.0), ("activities_overdue", 0.0), ("deals_without_activity", 0.0)]
        plan = cls._make_plan(*lines, date_from="2026-03-10", state="draft")
        plan.employee_ids = cls.e_anna
        plan.action_activate()
        points = {"name": "Points", "basis": "month", "rate": 5.0, "minus_rate": 5.0, "floor": 0.0}
        scheme = {"name": "Points", "company_id": cls.company.id, "date_from": "2026-03-01"}
        cls.env["discipline.scheme"].create(
            {**scheme, "component_ids": [Command.create(points)]}
        ).action_activate()
        cls._score("2026-03-10 08:00:00")
        with freeze_time("2026-03-10 09:00:00"):
            cls.lead = cls._make_lead(cls.anna)
            cls._make_activity(cls.anna, cls.lead, date_deadline="2026-03-11")
            cls.late = cls._make_activity(cls.anna, cls.lead, date_deadline="2026-03-08")
            cls.forgotten = cls._make_lead(cls.anna, name="Forgotten")
        cls.env.flush_all()

    def _tour(self, name, user):
        with freeze_time("2026-03-10 12:00:00"):
            self.start_tour("/odoo/my-day", name, login=user.login)
        self.env.invalidate_all()

    def _check_work(self):
        self._tour("sales_discipline_my_day", self.anna)
        self.assertEqual((self.late.active, self.late.feedback), (False, "Wants an offer"))
        every = self.forgotten.with_context(active_test=False).activity_ids
        self.assertEqual(sorted(every.mapped("active")), [False, True])
        self.assertEqual(every.filtered(lambda activity: not activity.active).feedback, "Rang them up")
        self.assertEqual(set(every.user_id), {self.anna})


@tagged("post_install", "-at_install")
class TestMyDayTour(MyDayTourCase):
    def test_work(self):
        self._check_work()

    def test_leader(self):
        self._tour("sales_discipline_my_day_leader", self.mark)


@tagged("post_install", "-at_install")
class TestMyDayMobile(MyDayTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_work(self):
        self._check_work()


@tagged("post_install", "-at_install")
class TestMyDayReportTour(ReportCase, BrowserCase):
    def test_report(self):
        self.env.flush_all()
        with freeze_time("2026-03-10 12:30:00"):
            self.start_tour("/odoo/my-day", "sales_discipline_my_day_report", login=self.anna.login)
        self.env.invalidate_all()
        self.assertEqual(self._claims()["calls_done"], (5.0, 2.0))
