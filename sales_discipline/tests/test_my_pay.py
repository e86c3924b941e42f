from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .pay_common import PayCase

COUNTED = "discipline_statement discipline_statement_line discipline_payroll discipline_scorecard discipline_scorecard_line"


@tagged("post_install", "-at_install")
@freeze_time("2026-09-16 12:00:00")  # a Wednesday
class TestMyPay(PayCase):
    """What My Pay is told, and that nobody is told of somebody else's."""

    def _page(self, user=None, month=False):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["discipline.statement"].with_user(user or self.anna).get_my_pay(month)

    def _part(self, page, kind):
        return next(part for part in page["parts"] if part["kind"] == kind)

    def _pay_wage(self, employee=None, wage=3000):
        (employee or self.e_anna).sudo().version_id.write(
            {"date_version": "2026-01-01", "contract_date_start": "2026-01-01", "wage": wage}
        )

    def _count_rows(self):
        counts = {}
        for table in COUNTED.split():
            self.env.cr.execute(f"SELECT COUNT(*) FROM {table}")  # pylint: disable=sql-injection
            counts[table] = self.env.cr.fetchone()[0]
        return counts

    # ------------------------------------------------------------
    # So far
    # ------------------------------------------------------------

    def test_so_far(self):
        """Closed scorecards count, open ones of days do not; nothing is stored."""
        self._week(self.e_anna, "2026-09-07", [1, 2, 3, 4, 5])
        self._card(self.e_anna, "2026-09-14", -4)
        self._card(self.e_anna, "2026-09-16", 100, state="open")
        self._card(self.e_boris, "2026-09-14", 1000)
        before = self._count_rows()
        page = self._page()
        self.assertEqual(self._count_rows(), before)
        self.assertEqual((page["state"], page["total"], page["statement_id"]), ("open", 55.0, False))
        self.assertEqual((str(page["month"]), page["month_name"]), ("2026-09-01", "September 2026"))
        self.assertTrue(page["is_running"])
        part = self._part(page, "points")
        self.assertEqual([line["amount"] for line in part["lines"]], [75.0, -20.0])
        self.assertEqual(part["amount"], 55.0)
        self.assertIn("Week 37", part["lines"][0]["explanation"])
        self.assertEqual(part["hint"], "A point more pays 5.00\xa0€. A point less takes 5.00\xa0€.")
        self.assertEqual(page["sums"], [("Earned", 75.0), ("Fines", -20.0)])
        self.assertTrue(any("still open: 1" in note for note in page["notes"]), page["notes"])

    def test_commission(self):
        """Sales as entered by now, with the way to the next step."""
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        self._component("commission", [(10_000, 5), (20_000, 7)], metric_id=metric.id)
        self._order(self.anna, 12_500, "2026-09-10 12:00:00")
        page = self._page()
        self.assertEqual(page["total"], 625.0)
        [step] = page["steps"]
        self.assertEqual(step, self._part(page, "commission")["step"])
        self.assertEqual((step["value"], step["start"], step["stop"]), (12_500.0, 10_000.0, 20_000.0))
        self.assertEqual((step["percent"], step["gain"]), (25.0, 775.0))
        self.assertEqual(step["text"], "7,500.00\xa0€ more to 7 %: 1,400.00\xa0€ instead of 625.00\xa0€")
        self.assertEqual(step["stop_text"], "7 % from 20,000.00\xa0€")
        self._order(self.anna, 10_000, "2026-09-15 12:00:00")
        page = self._page()
        self.assertEqual((page["total"], page["steps"]), (1575.0, []))

    def test_marginal_commission(self):
        """Reaching a step earns nothing at once where it pays on what is sold beyond it."""
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        self._component("commission", [(10_000, 5)], metric_id=metric.id, mode="marginal")
        self._order(self.anna, 4_000, "2026-09-10 12:00:00")
        [step] = self._page()["steps"]
        self.assertIsNone(step["gain"])
        self.assertEqual(
            step["text"], "6,000.00\xa0€ more to the step that pays 5 % of what is sold beyond it"
        )

    def test_base(self):
        self._pay_wage()
        self._component("base", [(0, 50), (60, 80), (90, 100)])
        self._card(self.e_anna, "2026-09-08", 1, efficiency=75)
        page = self._page()
        self.assertEqual(page["total"], 2400.0)
        [step] = page["steps"]
        self.assertEqual(
            (step["value"], step["stop"], step["percent"], step["gain"]), (75.0, 90.0, 50.0, 600.0)
        )
        self.assertEqual(step["text"], "15 % more of the plan, from 90 % on, pays 600.00\xa0€ more")

    def test_bonus_of_the_open_month(self):
        """The monthly scorecard is measured now, whatever was stored last, and nothing of it is stored."""
        self._component("kpi_bonus", fixed_amount=1000)
        card_id = self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", state="open")
        self._card_line(card_id, "sales_confirmed", 10_000, 0)
        self._order(self.anna, 4_000, "2026-09-10 12:00:00")
        page = self._page()
        self.assertEqual(page["total"], 400.0)
        [step] = page["steps"]
        self.assertEqual((step["percent"], step["gain"]), (40.0, 600.0))
        self.assertIn("10.00\xa0€", step["text"])
        self.assertTrue(any("as it stands now" in note for note in page["notes"]))
        self.env.cr.execute("SELECT actual FROM discipline_scorecard_line WHERE scorecard_id = %s", [card_id])
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_hidden_month(self):
        """What a report is due on is left out until it is handed in."""
        self._component("kpi_bonus", fixed_amount=1000)
        card_id = self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", state="open")
        self._card_line(card_id, "sales_confirmed", 10_000, 0)
        self.env.cr.execute("UPDATE discipline_scorecard SET ask_report = TRUE WHERE id = %s", [card_id])
        self._order(self.anna, 4_000, "2026-09-10 12:00:00")
        page = self._page()
        self.assertEqual((page["total"], page["parts"]), (0.0, []))
        self.assertTrue(any("handed in your report" in note for note in page["notes"]))
        self.company.discipline_show_measured = True
        self.assertEqual(self._page()["total"], 400.0)

    def test_limits(self):
        """A floor, a cap and a guarantee are lines of their own, with their reason."""
        self._week(self.e_anna, "2026-09-07", [1, 2, 3, 4, 5])
        self.scheme.write({"has_cap": True, "cap": 50})
        page = self._page()
        self.assertEqual(page["total"], 50.0)
        [line] = self._part(page, "limit")["lines"]
        self.assertEqual((line["amount"], line["limit"]), (-25.0, "cap"))
        self.assertIn("cap of “Points”", line["explanation"])

    def test_tasks(self):
        self._component("task")
        task = (
            self.env["discipline.task"]
            .with_user(self.head)
            .create(
                {
                    "name": "Win Acme back",
                    "employee_id": self.e_anna.id,
                    "date_due": "2026-09-30",
                    "value": 400,
                }
            )
        )
        task.action_open()
        [step] = self._page()["steps"]
        self.assertEqual((step["gain"], step["task_id"]), (400.0, task.id))
        self.assertIn("Win Acme back", step["text"])
        self.assertEqual(self._page(self.boris)["steps"], [])

    # ------------------------------------------------------------
    # The end of the month
    # ------------------------------------------------------------

    def test_estimate(self):
        """By the pace of the working hours gone by; too early, nothing is said."""
        self._pay_wage()
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        self._component("commission", [(0, 10)], metric_id=metric.id)
        self._order(self.anna, 5_000, "2026-09-02 12:00:00")
        with freeze_time("2026-09-16 00:00:00"):  # 11 of 22 working days are over
            page = self._page()
        self.assertEqual((page["total"], page["expected"]), (500.0, 1000.0))
        with freeze_time("2026-09-07 00:00:00"):
            self.assertIsNone(self._page()["expected"])
        with freeze_time("2026-10-02 12:00:00"):
            self.assertIsNone(self._page(month="2026-09-01")["expected"])

    def test_estimate_of_points(self):
        self._pay_wage()
        self._week(self.e_anna, "2026-09-07", [2, 2, 2, 2, 2])
        with freeze_time("2026-09-14 06:00:00"):
            page = self._page()
        # two points on each of the 13 working days to come, those after Sunday the 27th paid with October
        self.assertEqual((page["total"], page["expected"]), (50.0, 150.0))

    # ------------------------------------------------------------
    # Months that are over
    # ------------------------------------------------------------

    def test_confirmed(self):
        self._week(self.e_anna, "2026-09-07", [1, 2, 3, 4, 5])
        with freeze_time("2026-10-02 12:00:00"):
            page = self._page(month="2026-09-30")
            self.assertEqual((page["state"], page["total"]), ("over", 75.0))
            run = self._run()
            run.action_compute()
            self.assertEqual(self._page(month="2026-09-30")["state"], "over")
            run.action_confirm()
            self._card(self.e_anna, "2026-09-14", 1000)
            page = self._page(month="2026-09-30")
            statement = run.statement_ids.filtered(lambda one: one.employee_id == self.e_anna)
            self.assertEqual((page["state"], page["statement_id"]), ("confirmed", statement.id))
            self.assertEqual((page["total"], page["steps"], page["expected"]), (75.0, [], None))
            [line] = self._part(page, "points")["lines"]
            self.assertTrue(line["id"] and line["has_cards"])
            self.assertEqual(line["dispute_state"], False)
            line = self.env["discipline.statement.line"].browse(line["id"])
            self.env["discipline.dispute"].with_user(self.anna).create({"line_id": line.id, "question": "?"})
            page = self._page(month="2026-09-30")
            self.assertEqual(self._part(page, "points")["lines"][0]["dispute_state"], "open")
            self.assertEqual(str(page["next"]), "2026-10-01")
            history = self._page()["history"]
        self.assertEqual([row["total"] for row in history], [None] * 10 + [75.0, None])
        self.assertEqual(history[-2]["disputes"], 1)

    def test_nobody_of_a_confirmed_run(self):
        with freeze_time("2026-10-02 12:00:00"):
            self._card(self.e_boris, "2026-09-08", 1)
            self.scheme.employee_ids = self.e_boris
            self._confirmed()
            page = self._page(month="2026-09-01")
        self.assertIn("no statement for you", page["empty"])
        self.assertIsNone(page["total"])

    def test_corrections(self):
        """What changed in a month that is paid is in the month that follows it, once."""
        with freeze_time("2026-09-16 12:00:00"):
            metric = self.env.ref("sales_discipline.metric_sales_confirmed")
            self._component("commission", [(0, 10)], metric_id=metric.id)
            order = self._order(self.anna, 5_000, "2026-08-10 12:00:00")
            self._order(self.boris, 1_000, "2026-08-10 12:00:00")
        with freeze_time("2026-09-03 12:00:00"):
            self._confirmed("2026-08-01")
        with freeze_time("2026-09-10 12:00:00"):
            order._action_cancel()
            self.env.flush_all()
        page = self._page()
        self.assertEqual(page["total"], -500.0)
        self.assertEqual(dict(page["sums"])["Corrections"], -500.0)
        self.assertTrue(any("earlier months" in note for note in page["notes"]))
        self.assertEqual(self._page(self.boris)["total"], 0.0)
        with freeze_time("2026-10-05 12:00:00"):  # September is to be paid first
            self.assertEqual(self._page()["total"], 0.0)
            self.assertEqual(self._page(month="2026-09-01")["total"], -500.0)

    # ------------------------------------------------------------
    # Who, and what is asked
    # ------------------------------------------------------------

    def test_empty(self):
        self.scheme.action_draft()
        page = self._page()
        self.assertIn("No pay scheme is in force for you in September 2026", page["empty"])
        self.assertEqual((page["parts"], page["total"], page["history"][-1]["id"]), ([], None, False))
        self.assertIn("You are not an employee of Pay & Co", self._page(self.head)["empty"])
        self.assertIs(self.env["discipline.statement"].with_user(self.anna).get_my_pay_summary(), False)

    def test_only_ones_own(self):
        """There is no way to ask for somebody else's, and who reads nothing of pay is refused."""
        self._week(self.e_anna, "2026-09-07", [1, 2, 3, 4, 5])
        self._new_employee(self.lead)
        self.assertEqual(self._page(self.lead)["total"], 0.0)
        self.assertEqual(self._page(self.officer)["total"], None)
        stranger = self._new_user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._page(stranger)

    def test_companies(self):
        """Each company's pay by itself, in its currency."""
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.env.ref("base.USD").id})
        self.anna.company_ids = [Command.link(other.id)]
        self._week(self.e_anna, "2026-09-07", [1, 1, 1, 1, 1])
        statements = self.env["discipline.statement"].with_user(self.anna)
        page = statements.with_context(allowed_company_ids=[other.id, self.company.id]).get_my_pay()
        self.assertIn("Other", page["empty"])
        page = statements.with_context(allowed_company_ids=[self.company.id, other.id]).get_my_pay()
        self.assertEqual((page["total"], page["currency_id"]), (25.0, self.company.currency_id.id))

    def test_bad_input(self):
        for month in ("yesterday", "2026-13-01", "1999-12-31", 5, True, ["2026-09-01"], {}, "2026-10-01"):
            with self.subTest(month), self.assertRaises(UserError):
                self._page(month=month or "?")
        self.assertEqual(self._page(month=None)["month"], date(2026, 9, 1))

    def test_summary(self):
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        self._component("commission", [(10_000, 5), (20_000, 7)], metric_id=metric.id)
        self._order(self.anna, 12_500, "2026-09-10 12:00:00")
        summary = self.env["discipline.statement"].with_user(self.anna).get_my_pay_summary()
        self.assertEqual((summary["total"], summary["step"]["gain"]), (625.0, 775.0))

    def test_queries(self):
        """As many statements of SQL for many facts, days and colleagues as for few."""
        metric = self.env.ref("sales_discipline.metric_sales_confirmed")
        self._pay_wage()
        component = self._component("commission", [(10_000, 5), (20_000, 7)], metric_id=metric.id)
        self._component("base", [(0, 50), (90, 100)], component.scheme_id)
        self._component("kpi_bonus", scheme=component.scheme_id, fixed_amount=1000)
        self._component("points", scheme=component.scheme_id, rate=5)
        card_id = self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", state="open")
        self._card_line(card_id, "sales_confirmed", 10_000, 0)
        self._card(self.e_anna, "2026-09-07", 1, efficiency=50)
        self._order(self.anna, 100, "2026-09-10 12:00:00")

        def count():
            return self._count_again(self.env["discipline.statement"].with_user(self.anna).get_my_pay)[0]

        few = count()
        for day in (8, 9, 10, 11, 14, 15):
            self._card(self.e_anna, f"2026-09-{day:02}", 1, efficiency=50)
            self._order(self.anna, 100, f"2026-09-{day:02} 12:00:00")
        for n in range(10):
            user = self._new_user(f"more{n}", "sales_team.group_sale_salesman")
            self.team.member_ids = [Command.link(user.id)]
            self._card(self._new_employee(user), "2026-09-08", 1)
            self._order(user, 100, "2026-09-08 12:00:00")
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 110)
