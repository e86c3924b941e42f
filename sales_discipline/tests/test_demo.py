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
        self.assertLessEqual(expected | {"invoice_posted", "payment_collected"}, kinds)

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
