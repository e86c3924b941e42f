from datetime import timedelta

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from .browser_common import BrowserCase
from .counting import counted
from .program_common import ProgramCase


class AgreementCase(ProgramCase):
    """On My Day: tasks, clients of programs, forecasts to agree on and those fallen behind."""

    @classmethod
    def _make_task(cls, employee, state="open", **vals):
        base = {"name": "Five calls", "date_due": "2026-03-20", "company_id": cls.company.id}
        task = (
            cls.env["discipline.task"]
            .with_user(cls.lena)
            .create({**base, "employee_id": employee.id, **vals})
        )
        if state != "draft":
            task.action_open()
        return task

    @classmethod
    def _make_forecast(cls, client, first="2026-01-01", agreed=True, amount=1000, user=None):
        with freeze_time("2026-01-05 10:00:00"):
            forecast = (
                cls.env["discipline.forecast"]
                .with_user(user or cls.anna)
                .create(
                    {
                        "partner_id": client.id,
                        "company_id": cls.company.id,
                        "amount": amount,
                        "date_from": first,
                    }
                )
            )
            if agreed:
                forecast.action_agree()
        return forecast


@tagged("post_install", "-at_install")
@freeze_time(ProgramCase.NOW)
class TestDayProgram(AgreementCase):
    def _day(self, user=None):
        self.env.flush_all()
        user = user or self.anna
        cards = self.cards.with_user(user).with_context(allowed_company_ids=user.company_id.ids)
        return cards._get_day_agreements(self.TODAY)

    def test_nothing(self):
        self._make_task(self.e_anna, "draft")
        self._make_forecast(self.big, "2026-07-01", agreed=False)  # the quarter after the next
        self._make_forecast(self.big, "2026-04-01")
        self.assertFalse(self._day())

    def test_what_waits(self):
        late = self._make_task(self.e_anna, name="Late", date_due="2026-03-09")
        task = self._make_task(self.e_anna)
        self._make_task(self.e_boris)
        program = self._running()
        self._order(self.big, "2026-03-09 10:00:00", 100)
        behind = self._make_forecast(self.big)
        draft = self._make_forecast(self.new, agreed=False)
        coming = self._make_forecast(self.new, "2026-04-01", agreed=False)
        day = self._day()
        self.assertEqual(
            [(row["id"], row["late"]) for row in day["tasks"]["rows"]], [(late.id, True), (task.id, False)]
        )
        [row] = day["programs"]["rows"]
        self.assertEqual((row["id"], row["waiting"], str(row["date"])), (program.id, 1, "2026-03-30"))
        [row] = day["behind"]["rows"]
        self.assertEqual((row["id"], row["name"], row["actual"], row["zone"]), (behind.id, "Big", 100, "red"))
        self.assertEqual(
            [(row["id"], row["late"]) for row in day["drafts"]["rows"]],
            [(draft.id, True), (coming.id, False)],
        )
        self._order(self.big, "2026-03-09 11:00:00", 900)
        self.assertFalse(self._day()["behind"]["count"])
        self.assertTrue(self._day(self.boris)["tasks"]["count"])
        self.assertFalse(self._day(self.olga))
        page = self.cards.with_user(self.anna).get_my_day()
        self.assertEqual(page["work"]["agreements"]["tasks"]["count"], 2)

    def test_rejected(self):
        task = self._make_task(self.e_anna)
        task.with_user(self.anna).result = "Done"
        task.with_user(self.anna).action_submit()
        self.assertFalse(self._day())
        task._reject("Two are missing")
        self.assertTrue(self._day()["tasks"]["rows"][0]["rejected"])

    def test_statements(self):
        """One, however much there is; five rows of each at most."""
        counts = []
        for number in (1, 9):
            for _n in range(number):
                self._make_task(self.e_anna)
                self._make_forecast(self._make_client(f"Client {number}", self.anna))
                self._running(domain=f"[('name', '=', 'Client {number}')]")
            self._count_queries(self._day)  # what the registry keeps
            self.env.invalidate_all()
            self.cards.env.companies.mapped("currency_id.name")
            with counted(self.env) as count:
                day = self._day()
            counts.append(count.statements)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 4)
        self.assertEqual((day["tasks"]["count"], len(day["tasks"]["rows"])), (10, 5))


@tagged("post_install", "-at_install")
class TestAgreementTour(AgreementCase, BrowserCase):
    """The main path in a browser: a program from its group to the tasks given, and what a salesperson sees of it."""

    def test_tour(self):
        self._make_program(
            template_ids=[Command.create({"name": "Visit every client"})], date_from="2026-03-01"
        )
        self.start_tour(
            "/odoo/sales-programs", "sales_discipline_program", login=self.mark.login, timeout=180
        )
        program = self.programs.search([("name", "=", "Autumn")])
        self.assertEqual((program.state, program.client_count), ("running", 4))
        self.assertEqual(set(program.task_ids.mapped("state")), {"open"})
        self.assertEqual(program.task_ids.employee_id, self.e_anna + self.e_boris + self.e_carla)

    def test_forecast_tour(self):
        today = fields.Date.today()
        self._order(self.big, fields.Datetime.now() - timedelta(days=3), 800)
        self.env["res.partner"]._classify(self.company, today)
        self.start_tour(
            "/odoo/forecast-agreements", "sales_discipline_forecast", login=self.anna.login, timeout=180
        )
        forecast = self.env["discipline.forecast"].search([("partner_id", "=", self.big.id)])
        self.assertEqual((forecast.state, forecast.amount, forecast.date_from > today), ("agreed", 300, True))

    def test_day_tour(self):
        self._make_task(self.e_anna, date_due=fields.Date.today())
        self.env["discipline.forecast"].with_user(self.anna).create(
            {"partner_id": self.big.id, "company_id": self.company.id, "amount": 5}
        )
        self.start_tour("/odoo/my-day", "sales_discipline_day_agreements", login=self.anna.login, timeout=180)
