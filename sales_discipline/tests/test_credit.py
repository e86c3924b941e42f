from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .browser_common import BrowserCase
from .common import DisciplineCase


class CreditCase(DisciplineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "Thing", "taxes_id": False})

    @classmethod
    def _order(cls, user, amount, confirm=True, **values):
        line = {"product_id": cls.product.id, "price_unit": amount, "tax_ids": False}
        order = (
            cls.env["sale.order"]
            .with_company(cls.company)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "user_id": user.id,
                    "order_line": [Command.create(line)],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        cls.env.flush_all()
        return order

    def _credited(self, record, *kinds):
        """`{user's first name: (quantity, amount)}` by the ledger, without those whose facts add up to nothing."""
        facts = self._facts_of(record, *kinds)
        sums = {
            user.name.lower(): tuple(round(value, 6) for value in self._sums(own))
            for user, own in facts.grouped("user_id").items()
        }
        return {name: values for name, values in sums.items() if any(values)}


@tagged("post_install", "-at_install")
@freeze_time(DisciplineCase.NOW)
class TestCredit(CreditCase):
    # ------------------------------------------------------------
    # The ledger
    # ------------------------------------------------------------

    def test_order_shared_before_it_is_confirmed(self):
        order = self._order(self.anna, 100.01, confirm=False)
        order._set_credit_shares([(self.anna, 60), (self.boris, 40)])
        self.assertFalse(self._facts_of(order, "order_confirmed"))
        with freeze_time("2026-03-12 09:00:00"):
            order.action_confirm()
        self.assertEqual(self._credited(order), {"anna": (0.6, 60.01), "boris": (0.4, 40)})
        facts = self._facts_of(order, "order_confirmed")
        self.assertEqual(self._sums(facts), (1, 100.01))
        self.assertEqual(facts.mapped("is_transfer"), [False, True, True])
        self.assertEqual(len(set(facts.mapped("happened_at"))), 1)
        self.assertEqual(facts.filtered(lambda f: f.user_id == self.boris).team_id, self.north)

    def test_thirds_to_the_cent(self):
        """The rest of the rounding is the salesperson's; without a share of theirs, the largest one's."""
        order = self._order(self.anna, 100)
        order._set_credit_shares([(self.anna, 33.34), (self.boris, 33.33), (self.carla, 33.33)])
        self.assertEqual(self._credited(order)["anna"], (0.3334, 33.34))
        order = self._order(self.anna, 0.05)
        order._set_credit_shares([(self.boris, 50), (self.carla, 50)])
        credited = self._credited(order)
        self.assertEqual(sorted(amount for _quantity, amount in credited.values()), [0.02, 0.03])
        self.assertNotIn("anna", credited)

    def test_shares_changed_later_move_at_their_own_date(self):
        order = self._order(self.anna, 1_000)
        with freeze_time("2026-03-20 09:00:00"):
            order._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        moved = self._facts_of(order, "order_confirmed").filtered("is_transfer")
        self.assertEqual({str(fact.happened_at) for fact in moved}, {"2026-03-20 09:00:00"})
        with freeze_time("2026-03-21 09:00:00"):
            order._set_credit_shares([(self.boris, 25), (self.carla, 75)])
        self.assertEqual(self._credited(order), {"boris": (0.25, 250), "carla": (0.75, 750)})
        with freeze_time("2026-03-22 09:00:00"):
            order._set_credit_shares([])
        self.assertEqual(self._credited(order), {"anna": (1, 1_000)})
        count = len(self._facts_of(order))
        order._set_credit_shares([])
        self.assertEqual(len(self._facts_of(order)), count)

    def test_amount_changed_and_cancelled(self):
        order = self._order(self.anna, 1_000)
        order._set_credit_shares([(self.anna, 70), (self.boris, 30)])
        order.order_line.price_unit = 2_000
        self.env.flush_all()
        self.assertEqual(self._credited(order), {"anna": (0.7, 1_400), "boris": (0.3, 600)})
        order._action_cancel()
        self.env.flush_all()
        self.assertEqual(self._credited(order, "order_confirmed"), {})
        order.action_draft()
        order.user_id = self.carla  # what is confirmed anew is the new salesperson's
        order.action_confirm()
        self.env.flush_all()
        self.assertEqual(
            self._credited(order, "order_confirmed"), {"anna": (0.7, 1_400), "boris": (0.3, 600)}
        )
        self.assertFalse(self.facts._capture("order_confirmed", origin="sweep"))

    def test_other_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 1.3}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": dollar.id, "company_id": self.company.id}
        )
        order = self._order(self.anna, 100, confirm=False, pricelist_id=pricelist.id)
        order.order_line.price_unit = 100
        order._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        order.action_confirm()
        self.env.flush_all()
        self.assertEqual(
            self._credited(order, "order_confirmed"), {"anna": (0.5, 38.46), "boris": (0.5, 38.46)}
        )

    def test_opportunity_and_its_orders(self):
        """Shares of the opportunity hold for its orders; an order may have its own."""
        lead = self._make_lead(self.anna, expected_revenue=500)
        lead._set_credit_shares([(self.anna, 80), (self.boris, 20)])
        lead.action_set_won()
        self.assertEqual(self._credited(lead, "lead_won"), {"anna": (0.8, 400), "boris": (0.2, 100)})
        first = self._order(self.anna, 100, opportunity_id=lead.id)
        second = self._order(self.anna, 200)
        self.assertEqual(first.credit_summary, "Anna 80 %, Boris 20 %")
        self.assertEqual(self._credited(first, "order_confirmed")["boris"], (0.2, 20))
        second.opportunity_id = lead
        self.assertEqual(self._credited(second, "order_confirmed")["boris"], (0.2, 40))
        second._set_credit_shares([(self.anna, 10), (self.carla, 90)])
        self.assertEqual(self._credited(second, "order_confirmed"), {"anna": (0.1, 20), "carla": (0.9, 180)})
        lead._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        self.assertEqual(self._credited(first, "order_confirmed")["boris"], (0.5, 50))
        self.assertEqual(self._credited(second, "order_confirmed")["carla"], (0.9, 180))
        second._set_credit_shares([])
        self.assertEqual(self._credited(second, "order_confirmed")["boris"], (0.5, 100))

    def test_won_and_reopened(self):
        lead = self._make_lead(self.anna, expected_revenue=500)
        lead.action_set_won()
        lead._set_credit_shares([(self.anna, 80), (self.boris, 20)])
        lead.expected_revenue = 1_000
        self.assertEqual(self._credited(lead, "lead_won"), {"anna": (0.8, 800), "boris": (0.2, 200)})
        lead.write({"stage_id": self.env["crm.stage"].search([("is_won", "=", False)], limit=1).id})
        self.assertEqual(self._credited(lead, "lead_won"), {})

    def test_deleted_document_keeps_its_shares(self):
        lead = self._make_lead(self.anna, expected_revenue=500)
        lead._set_credit_shares([(self.anna, 80), (self.boris, 20)])
        lead.action_set_won()
        facts = self._facts_of(lead, "lead_won")
        lead.unlink()
        self.assertFalse(self.facts._capture("lead_won", origin="sweep"))
        self.facts._capture("lead_won", origin="sweep")
        self.assertEqual(round(sum(facts.filtered(lambda f: f.user_id == self.boris).mapped("amount"))), 100)
        self.assertEqual(
            len(facts.search([("kind", "=", "lead_won"), ("source_id", "=", facts[0].source_id)])), 3
        )

    def test_merged_opportunities(self):
        first, second = (self._make_lead(self.anna, expected_revenue=10) for _ in range(2))
        second._set_credit_shares([(self.anna, 80), (self.boris, 20)])
        merged = (first + second).merge_opportunity(auto_unlink=True)
        self.assertEqual(merged.credit_summary, "Anna 80 %, Boris 20 %")

    def test_sweep_divides_what_bypassed_the_hooks(self):
        lead = self._make_lead(self.anna)
        lead._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        order = self._order(self.anna, 100)
        self.env.cr.execute("UPDATE sale_order SET opportunity_id = %s WHERE id = %s", [lead.id, order.id])
        self.env.invalidate_all()
        self.facts._capture("order_confirmed", origin="sweep")
        self.assertEqual(self._credited(order, "order_confirmed")["boris"], (0.5, 50))

    def test_metrics_follow(self):
        order = self._order(self.anna, 1_000)
        order._set_credit_shares([(self.anna, 75), (self.carla, 25)])
        plan = self._make_plan(("sales_confirmed", 1_000), ("customers_new", 1))
        self._score("2026-03-10 23:00:00")
        for employee, amount, new in ((self.e_anna, 750, 1), (self.e_carla, 250, 0)):
            card = self._card(employee, self.TODAY, plan)
            self.assertEqual(self._line(card, "sales_confirmed").actual, amount)
            self.assertEqual(self._line(card, "customers_new").actual, new)

    def test_statements_do_not_grow_with_documents(self):
        lead = self._make_lead(self.anna)

        def count(shares):
            return self._count_queries(lead._set_credit_shares, shares)[0]

        self._order(self.anna, 100, opportunity_id=lead.id)
        for percent in (50, 60, 50):  # the chatter looks at what was said before
            count([(self.anna, percent), (self.boris, 100 - percent)])
        few = count([(self.anna, 60), (self.boris, 40)])
        for _number in range(9):
            self._order(self.anna, 100, opportunity_id=lead.id)
        count([(self.anna, 50), (self.boris, 50)])
        self.assertEqual(count([(self.anna, 60), (self.boris, 40)]), few)

    # ------------------------------------------------------------
    # Who may do what
    # ------------------------------------------------------------

    def _edit(self, user, document, shares):
        """What a user does in the window."""
        action = document.with_user(user).action_share_credit()
        edit = self.env["discipline.credit.edit"].with_user(user).browse(action["res_id"])
        with Form(edit) as form:
            while len(form.line_ids):
                form.line_ids.remove(0)
            for person, percent in shares:
                with form.line_ids.new() as line:
                    line.user_id = person
                    line.percent = percent
        edit.action_apply()

    def test_who_shares(self):
        lead = self._make_lead(self.anna, team_id=self.north.id)
        for number, user in enumerate((self.anna, self.lena, self.mark)):
            self._edit(user, lead, [(self.anna, 90 - number), (self.boris, 10 + number)])
            self.assertEqual(lead.credit_summary, f"Anna {90 - number} %, Boris {10 + number} %")
        for user in (self.boris, self.carla, self.luis, self.paula, self.olga):
            with self.assertRaises(AccessError):
                lead.with_user(user)._set_credit_shares([(user, 100)])
        message = lead.message_ids.filtered(lambda m: "Credit shares changed" in (m.body or ""))[:1]
        self.assertEqual(message.author_id, self.mark.partner_id)
        self.assertIn("from: Anna 89 %, Boris 11 %, to: Anna 88 %, Boris 12 %", message.body)

    def test_nobody_writes_shares_past_the_window(self):
        lead = self._make_lead(self.anna)
        lead._set_credit_shares([(self.anna, 50), (self.boris, 50)])
        credit = self.env["discipline.credit"].search([("lead_id", "=", lead.id)])[:1]
        for user in (self.anna, self.lena, self.mark):
            own = credit.with_user(user)
            for call in (lambda c: c.write({"percent": 99}), lambda c: c.unlink()):  # noqa: B023
                with self.assertRaises(AccessError):
                    call(own)
            with self.assertRaises(AccessError):
                own.create(
                    {"lead_id": lead.id, "user_id": user.id, "percent": 1, "company_id": self.company.id}
                )
        edit = (
            self.env["discipline.credit.edit"]
            .with_user(self.anna)
            .browse(lead.with_user(self.anna).action_share_credit()["res_id"])
        )
        with self.assertRaises(AccessError):
            edit.with_user(self.boris).action_apply()

    def test_who_reads(self):
        lead = self._make_lead(self.anna, team_id=self.north.id)
        lead._set_credit_shares([(self.anna, 50), (self.carla, 50)])
        credits = self.env["discipline.credit"]
        domain = [("lead_id", "=", lead.id)]
        expected = {
            self.anna: 2,
            self.carla: 1,
            self.boris: 0,
            self.lena: 2,
            self.luis: 1,
            self.mark: 2,
            self.olga: 0,
        }
        for user, count in expected.items():
            self.assertEqual(credits.with_user(user).search_count(domain), count, user.name)

    def test_refused_in_words(self):
        lead = self._make_lead(self.anna, company_id=self.company.id)
        cases = (
            ([(self.anna, 50), (self.boris, 49.99)], "adds up to 99.99 %"),
            ([(self.anna, 60), (self.boris, 60), (self.carla, -20)], "has to be above 0"),
            ([(self.anna, 50), (self.anna, 50)], "twice"),
            ([(self.portal, 100)], "internal user"),
            ([(self.olga, 100)], "of its company"),
        )
        for shares, words in cases:
            with self._refused(ValidationError, words):
                lead._set_credit_shares(shares)
        self.assertFalse(lead.credit_summary)

    def test_split_evenly(self):
        lead = self._make_lead(self.anna)
        edit = (
            self.env["discipline.credit.edit"]
            .with_user(self.anna)
            .create(
                {
                    "res_model": "crm.lead",
                    "res_id": lead.id,
                    "line_ids": [
                        Command.create({"user_id": user.id, "percent": 0})
                        for user in (self.anna, self.boris, self.carla)
                    ],
                }
            )
        )
        edit.action_split_evenly()
        self.assertEqual(edit.line_ids.mapped("percent"), [33.34, 33.33, 33.33])
        edit.action_apply()
        self.assertEqual(lead.credit_summary, "Anna 33.34 %, Boris 33.33 %, Carla 33.33 %")


@tagged("post_install", "-at_install")
class TestCreditTour(DisciplineCase, BrowserCase):
    def test_share_a_deal(self):
        lead = self._make_lead(self.anna)
        self.start_tour(f"/odoo/crm.lead/{lead.id}", "sales_discipline_credit", login=self.anna.login)
        self.assertEqual(lead.credit_summary, "Anna 50 %, Boris 50 %")
        action = (
            self.env["discipline.credit"].search([("lead_id", "=", lead.id)], limit=1).action_open_document()
        )
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
