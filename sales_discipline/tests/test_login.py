from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .engine_common import at
from .freeze_common import FreezeCase
from .invoice_common import Accounting

BEFORE, CHANGE, AFTER = "2026-03-13 10:00:00", "2026-03-16 09:00:00", "2026-03-20 10:00:00"


class LoginCase(Accounting, FreezeCase):
    """Anna has a second user at hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna_2 = cls._make_user("anna_2", "sales_team.group_sale_salesman", "Europe/Berlin")
        cls.month = cls._make_plan(
            ("companies_added", 1.0),
            ("deals_open", 1.0),
            ("sales_confirmed", 1.0),
            name="Month",
            period="month",
            employee_ids=[Command.set((cls.e_anna + cls.e_boris).ids)],
        )

    @classmethod
    def _give(cls, employee, user, moment=CHANGE):
        with freeze_time(moment):
            employee.user_id = user
            cls.env.flush_all()
            if user and user not in cls.north.member_ids:
                cls.north.member_ids += user
                cls.env.flush_all()
                cls.env.cr.execute(
                    "UPDATE crm_team_member SET create_date = '2020-01-01' WHERE user_id = %s", [user.id]
                )
                cls.env.invalidate_all()

    def _add(self, user, moment, count):
        for _number in range(count):
            self._fact(user, at(moment))

    def _line_of(self, employee, code="companies_added", day="2026-03-01", plan=None):
        return self._line(self._card(employee, day, plan or self.month), code)

    def _get_opened(self, line):
        return self.facts.search(line.action_open_facts()["domain"])


@tagged("post_install", "-at_install")
class TestLogin(LoginCase):
    """Somebody gets another user in mid-month, or one that a predecessor had: facts stay with whose the user was."""

    def test_another_user(self):
        """What one did as either user counts, in the month that the change is in, and is shown."""
        self._add(self.anna, BEFORE, 3)
        self._score("2026-03-14 12:00:00")
        self._add(self.anna_2, BEFORE, 7)  # nobody's then
        self._give(self.e_anna, self.anna_2)
        self._add(self.anna_2, AFTER, 4)
        self._add(self.anna, AFTER, 1)  # still signed in as the old one
        self._score("2026-03-21 12:00:00")
        card = self._card(self.e_anna, "2026-03-01", self.month)
        self.assertEqual((card.state, card.user_id, card.with_user(self.anna_2).employee_id), (
            "open", self.anna_2, self.e_anna
        ))  # fmt: skip
        self._score("2026-04-01 12:00:00")
        line = self._line_of(self.e_anna)
        self.assertEqual((line.actual, card.state), (8, "frozen"))
        self.assertEqual(len(self._get_opened(line)), 8)
        self.assertEqual(self._line_of(self.e_boris).actual, 0)

    def test_frozen_cards_stay(self):
        """Days before the change count what they counted, and open the same facts."""
        plan = self._make_plan(("companies_added", 1.0), name="Days", employee_ids=self.e_anna.ids)
        self._add(self.anna, BEFORE, 3)
        self._score("2026-03-14 12:00:00")
        before = self._snapshot()
        self._add(self.anna_2, BEFORE, 7)
        self._give(self.e_anna, self.anna_2)
        self._add(self.anna, "2026-03-16 08:00:00", 2)
        self._add(self.anna_2, "2026-03-16 08:00:00", 5)
        self._add(self.anna_2, "2026-03-16 11:00:00", 1)
        self._score("2026-03-17 12:00:00")
        self.assertEqual(self._snapshot()[: len(before)], before)
        friday, monday = (self._line_of(self.e_anna, day=f"2026-03-{day}", plan=plan) for day in (13, 16))
        self.assertEqual(([friday.actual, monday.actual]), [3, 3])
        self.assertEqual([len(self._get_opened(line)) for line in (friday, monday)], [3, 3])
        self.assertEqual(friday.scorecard_id.user_id, self.anna)

    def test_passed_on(self):
        """A successor takes the user over: the month is cut where the user changed hands, states as of its end."""
        self._add(self.anna, BEFORE, 3)
        with freeze_time("2026-03-02 08:00:00"):
            self._make_lead(self.anna)
            self._make_lead(self.anna)
            self._make_lead(self.boris)
        self._score("2026-03-14 12:00:00")
        self._give(self.e_anna, False)
        self._add(self.anna, "2026-03-17 10:00:00", 1)  # nobody's, but who had it last
        self._give(self.e_boris, self.anna, "2026-03-18 09:00:00")
        self._add(self.anna, AFTER, 4)
        self._add(self.boris, BEFORE, 2)
        self._score("2026-04-01 12:00:00")
        found = {
            employee: [self._line_of(employee, code).actual for code in ("companies_added", "deals_open")]
            for employee in (self.e_anna, self.e_boris)
        }
        self.assertEqual(found, {self.e_anna: [4, 0], self.e_boris: [6, 3]})
        self.assertEqual(len(self._get_opened(self._line_of(self.e_anna))), 4)
        self.assertEqual(len(self._get_opened(self._line_of(self.e_boris))), 6)

    def test_swapped_and_back(self):
        """There and back again: nothing twice, nothing lost."""
        anna, boris = self.anna, self.boris
        moment = at("2026-03-02 10:00:00")
        for first, second in ((boris, anna), (anna, boris)):
            for _day in range(3):
                self._add(anna, str(moment), 1)
                self._add(boris, str(moment), 10)
                moment = moment.replace(day=moment.day + 1)
            self._give(self.e_anna, False, moment.replace(hour=5))
            self._give(self.e_boris, second, moment.replace(hour=6))
            self._give(self.e_anna, first, moment.replace(hour=6))
        self._add(anna, str(moment), 1)
        self._add(boris, str(moment), 10)
        self._score("2026-04-01 12:00:00")
        found = [self._line_of(employee).actual for employee in (self.e_anna, self.e_boris)]
        self.assertEqual(found, [3 + 30 + 1, 30 + 3 + 10])

    def test_team(self):
        """A leader answers for what the members did as any user of theirs."""
        plan = self._make_plan(
            ("companies_added", 1.0, {"scope": "team"}),
            name="Team",
            period="month",
            employee_ids=self.e_lena.ids,
        )
        self._add(self.anna, BEFORE, 3)
        self._give(self.e_anna, self.anna_2)
        self._add(self.anna_2, AFTER, 4)
        self.north.member_ids = self.anna_2 + self.boris
        self._score("2026-04-01 12:00:00")
        line = self._line_of(self.e_lena, plan=plan)
        self.assertEqual((line.actual, len(self._get_opened(line))), (7, 7))
        self.assertEqual(line.member_ids, sorted((self.anna + self.anna_2 + self.boris).ids))

    def test_another_company(self):
        """Who has scorecards in one company is not moved to another: each is to score and pay its own."""
        self._score("2026-03-14 12:00:00")
        with self._refused(
            UserError, r"Anna has scorecards in Discipline & Co: the field 'Company'.*Outsider & Co"
        ):
            self.e_anna.company_id = self.outside
        self.e_anna.company_id = self.company
        self.e_lena.company_id = self.outside  # has none

    def test_cost(self):
        """However many have changed users, the number of statements is the same."""
        self._score("2026-03-14 12:00:00")
        cards = self.cards.search([("plan_id", "=", self.month.id)])._get_plain()

        def count():
            return self._count_again(self.cards._measure_lines, cards)[0]

        nobody = count()
        self._give(self.e_anna, self.anna_2)
        before = count()
        self.assertLessEqual(before - nobody, 3)
        self._give(self.e_boris, self.anna)
        self.assertEqual(count(), before)


@tagged("post_install", "-at_install")
class TestLoginPay(LoginCase):
    """Commission of who has got another user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tier = Command.create({"threshold": 0.0, "value": 10.0})
        values = {"name": "Commission", "kind": "commission", "tier_ids": [tier]}
        cls.env["discipline.scheme"].create(
            {
                "name": "Pay",
                "company_id": cls.company.id,
                "date_from": "2026-01-01",
                "component_ids": [
                    Command.create({**values, "metric_id": cls._metric("sales_invoiced").id}),
                ],
            }
        ).action_activate()

    def _invoice(self, user, amount, moment):
        with freeze_time(moment):
            invoice = self._make_invoice(user, amount, invoice_date=moment[:10])
            self.env.flush_all()
        return invoice

    def _refund(self, invoice, moment, user=None):
        with freeze_time(moment):
            values = {"invoice_date": moment[:10], "invoice_user_id": (user or invoice.invoice_user_id).id}
            refund = invoice._reverse_moves([values])
            refund.action_post()
            self.env.flush_all()

    def _run(self, month, confirm=True):
        """`{employee: (commission, correction)}` of that month's run."""
        with freeze_time(f"2026-{month + 1:02}-03 09:00:00"):
            run = self.env["discipline.payroll"].create(
                {"date_from": f"2026-{month:02}-01", "company_id": self.company.id}
            )
            run.action_compute()
            if confirm:
                run.action_confirm()
            self.env.flush_all()
        lines = self.env["discipline.statement.line"].search([("payroll_id", "=", run.id)])
        return {
            employee: tuple(
                sum(line.amount for line in mine if line.kind == kind)
                for kind in ("commission", "correction")
            )
            for employee, mine in lines.grouped("employee_id").items()
        }

    def test_pay(self):
        """Both users' invoices are paid, and what becomes of them is corrected, whoever is named on it."""
        first = self._invoice(self.anna, 1000, BEFORE)
        second = self._invoice(self.anna, 500, BEFORE)
        self._invoice(self.anna_2, 9000, BEFORE)  # not hers yet
        self._give(self.e_anna, self.anna_2)
        self._invoice(self.anna_2, 2000, AFTER)
        self._score("2026-04-02 12:00:00")
        self.assertEqual(self._run(3)[self.e_anna], (350, 0))
        self._refund(first, "2026-04-10 10:00:00")
        self._refund(second, "2026-04-10 10:00:00", self.anna_2)
        self._score("2026-05-02 12:00:00")
        self.assertEqual(self._run(4)[self.e_anna], (0, -150))

    def test_changed_afterwards(self):
        """Paid as one user, taken back when she has another: found and corrected."""
        first = self._invoice(self.anna, 1000, BEFORE)
        second = self._invoice(self.anna, 500, BEFORE)
        self._invoice(self.anna_2, 9000, BEFORE)
        self._score("2026-04-02 12:00:00")
        self.assertEqual(self._run(3)[self.e_anna], (150, 0))
        self._give(self.e_anna, self.anna_2, "2026-04-07 09:00:00")
        self._refund(second, "2026-04-10 10:00:00", self.anna_2)
        self._score("2026-05-02 12:00:00")
        self.assertEqual(self._run(4)[self.e_anna], (0, -50))
        self._refund(first, "2026-05-10 10:00:00")
        self._score("2026-06-02 12:00:00")
        self.assertEqual(self._run(5)[self.e_anna], (0, -100))

    def test_pay_passed_on(self):
        """Who left is paid for what they sold; the successor is neither paid nor fined for it."""
        sold = self._invoice(self.anna, 1000, BEFORE)
        self._score("2026-03-14 12:00:00")
        self._give(self.e_anna, False)
        self._give(self.e_boris, self.anna, "2026-03-18 09:00:00")
        self._invoice(self.anna, 4000, AFTER)
        self._score("2026-04-02 12:00:00")
        found = self._run(3)
        self.assertEqual((found[self.e_anna], found[self.e_boris]), ((100, 0), (400, 0)))
        self._refund(sold, "2026-04-10 10:00:00")
        self._score("2026-05-02 12:00:00")
        found = self._run(4)
        self.assertEqual((found[self.e_anna], found[self.e_boris]), ((0, -100), (0, 0)))
