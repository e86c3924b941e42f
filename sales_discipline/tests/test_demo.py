from datetime import datetime

from odoo.tests import TransactionCase, tagged

from ..demo_company.people import PEOPLE
from ..demo_company.simulation import simulate

NOW = datetime(2026, 6, 12, 20, 0)


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["discipline.demo"]
        cls.made_before = bool(cls.demo._find_company())
        cls.company = cls.demo._generate(now=NOW, days=18)
        cls.cards = cls.env["discipline.scorecard"].search([("company_id", "=", cls.company.id)])

    def test_story_is_deterministic(self):
        """The same seed tells the same story, another seed another one."""

        def numbers(seed):
            story = simulate(seed, NOW, 30)
            return [(task.kind, task.created, task.done, task.customer.name) for task in story.tasks]

        self.assertEqual(numbers(1), numbers(1))
        self.assertNotEqual(numbers(1), numbers(2))

    def test_nobody_works_on_free_days(self):
        """What is simulated lies on working days, in the past."""
        story = simulate(3, NOW)
        done = [task for task in story.tasks if task.done]
        self.assertGreater(len(done), 3000)
        self.assertLessEqual(max(task.done for task in done), NOW)
        self.assertFalse([task for task in done if task.done.weekday() > 5])
        self.assertLessEqual(max(order.confirmed for order in story.orders if order.confirmed), NOW)

    def test_people(self):
        """Fourteen people in three teams and three time zones, everybody with a login."""
        teams = self.env["crm.team"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(teams), 3)
        self.assertEqual(len(teams.member_ids), len(PEOPLE))
        employees = teams.member_ids.with_company(self.company).employee_id
        self.assertEqual(len(employees), 14)
        self.assertEqual(len(set(employees.mapped("tz"))), 3)
        self.assertEqual(teams.user_id & teams.member_ids, teams.user_id)
        for _role, login, _password in self.demo._get_logins():
            self.assertTrue(self.env["res.users"].search([("login", "=", login)]), login)

    def test_generated_once(self):
        self.assertEqual(self.demo._generate(), self.company)

    def test_company_lives(self):
        """There is something to see on every screen, and it is in the ledger."""
        for model, least in (("crm.lead", 100), ("sale.order", 40), ("account.move", 20)):
            domain = [("company_id", "=", self.company.id)]
            self.assertGreater(
                self.env[model].with_context(active_test=False).search_count(domain), least, model
            )
        kinds = set(self.env["discipline.fact"].search([("company_id", "=", self.company.id)]).mapped("kind"))
        expected = {
            "activity_done",
            "opportunity_created",
            "lead_won",
            "lead_lost",
            "company_created",
            "order_confirmed",
        }
        expected |= {
            "invoice_posted",
            "payment_collected",
            "quotation_sent",
            "lead_created",
            "lead_first_touch",
        }
        self.assertLessEqual(expected, kinds)
        users = self.env["res.users"].search([("company_id", "=", self.company.id)])
        done = self.env["mail.activity"].with_context(active_test=False)
        for name in ("call_in", "visit", "measurement", "estimate"):
            kind = self.env.ref(f"sales_discipline.activity_type_{name}")
            domain = [
                ("activity_type_id", "=", kind.id),
                ("active", "=", False),
                ("user_id", "in", users.ids),
            ]
            self.assertTrue(done.search_count(domain, limit=1), name)

    def test_monthly_plans(self):
        """Indicators of all categories, some of them assessed by experts; leaders answer for their team."""
        plans = self.env["discipline.plan"].search(
            [("company_id", "=", self.company.id), ("period", "=", "month")]
        )
        self.assertEqual(set(plans.line_ids.mapped("category")), {"kpi", "standard", "smart"})
        assessed = plans.line_ids.filtered(lambda line: line.metric_id.source == "assessment")
        self.assertTrue(assessed.assessor_ids)
        self.assertTrue(any(assessed.mapped("assessed_by_leader")))
        month = self.cards.filtered(lambda card: card.period == "month")
        leaders = self.env["crm.team"].search([("company_id", "=", self.company.id)]).user_id
        led = month.filtered(lambda card: "team" in card.line_ids.mapped("scope"))
        self.assertEqual(led.user_id, leaders)
        levels = month.line_ids.filtered(lambda line: line.metric_id.code == "crm_fill_rate")
        self.assertTrue(any(level and level < 100 for level in levels.mapped("actual")))

    def test_sales_plans(self):
        """Each person, each team and the company have a sales plan for the months to come."""
        targets = self.env["discipline.target"].search([("company_id", "=", self.company.id)])
        targets = targets.filtered(lambda target: target.date_from <= NOW.date() <= target.date_to)
        self.assertEqual(len(targets.employee_id), len(PEOPLE))
        self.assertEqual(sorted(targets.mapped("scope")), ["company"] + ["own"] * 14 + ["team"] * 3)
        open_deals = self.env["crm.lead"].search(
            [("company_id", "=", self.company.id), ("date_deadline", ">=", NOW.date())]
        )
        self.assertGreater(len(open_deals), 20)

    def test_days_are_scored(self):
        """Some reach their targets and some do not; nobody is scored on leave or before being hired."""
        daily = self.cards.filtered(lambda card: card.period == "day" and card.state == "frozen")
        self.assertGreater(len(daily), 100)
        self.assertLessEqual({"green", "red"}, set(daily.line_ids.mapped("zone")))
        self.assertGreater(max(daily.mapped("points")), 0)
        self.assertLess(min(daily.mapped("points")), 0)
        if self.made_before:
            return
        by_login = daily.grouped(lambda card: card.user_id.login)
        self.assertFalse([card for card in by_login["lena"] if card.date_from >= datetime(2026, 6, 1).date()])
        self.assertLess(len(by_login["felix"]), len(by_login["katrin"]))
        self.assertGreater(sum(by_login["sophie"].mapped("points")), sum(by_login["dmitry"].mapped("points")))

    def test_pay(self):
        """Every kind of pay is there, and what goes on around a run: tasks, shares, lines by hand, a question."""
        if self.made_before:
            return
        run = self.env["discipline.payroll"].search([("company_id", "=", self.company.id)])
        self.assertEqual(run.mapped("state"), ["confirmed"])
        schemes = self.env["discipline.scheme"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(schemes.mapped("state")), {"active"})
        kinds = {"base", "commission", "points", "grade", "kpi_bonus", "manual"}
        self.assertLessEqual(kinds, set(run.statement_ids.line_ids.mapped("kind")))
        self.assertFalse(run.statement_ids.filtered(lambda statement: statement.total < 500))
        tasks = self.env["discipline.task"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(tasks.mapped("state")), {"draft", "open", "submitted", "approved", "rejected"})
        self.assertTrue(self.env["discipline.credit"].search([("company_id", "=", self.company.id)]))
        self.assertEqual(
            self.env["discipline.dispute"].search([("company_id", "=", self.company.id)]).mapped("state"),
            ["open"],
        )

    def test_agreements(self):
        """Programs in each state, with clients, tasks and an effect; forecasts of the last quarter, this one and the next."""
        of_company = [("company_id", "=", self.company.id)]
        programs = self.env["discipline.program"].search(of_company)
        if self.made_before:
            return
        self.assertEqual(set(programs.mapped("state")), {"draft", "running", "closed"})
        begun = programs.filtered(lambda program: program.state != "draft")
        self.assertTrue(all(begun.mapped("client_count")) and any(begun.mapped("effect_amount")))
        self.assertTrue(any(begun.mapped("task_done_count")))
        forecasts = self.env["discipline.forecast"].search(of_company)
        self.assertEqual(set(forecasts.mapped("state")), {"draft", "agreed", "closed"})
        self.assertEqual(len(set(forecasts.mapped("date_from"))), 3)

    def test_truth(self):
        """Reports, signals, spot checks with a result, appeals: and the frozen cards are what they were sealed as."""
        if self.made_before:
            return
        of_company = [("company_id", "=", self.company.id)]
        asked = self.cards.filtered("ask_report")
        self.assertTrue(asked.filtered("submitted_at"))
        self.assertTrue(asked.filtered(lambda card: card.report_state == "missing"))
        signals = self.env["discipline.signal"].search(of_company)
        self.assertIn("claimed", signals.mapped("kind"))
        self.assertGreater(len(set(signals.mapped("kind"))), 1)
        self.assertLessEqual(set(signals.mapped("user_id.login")), {"dmitry", "megan"})
        checks = self.env["discipline.spot.check"].search(of_company)
        self.assertLessEqual({"pending", "confirmed"}, set(checks.mapped("state")))
        self.assertTrue(self.env["discipline.appeal"].search(of_company))
        seals = self.env["discipline.seal"].sudo()
        self.assertEqual(seals._verify(seals._get_people(self.company))["findings"], [])
