from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase

NIGHT = datetime(2026, 3, 11, 2)


@tagged("post_install", "-at_install")
class TestFactSweep(DisciplineCase):
    """What SQL or another program did behind Odoo's back is found by night, and nothing else is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sweep()
        cls.product = cls.env["product.product"].create(
            {"name": "Widget", "type": "service", "taxes_id": False}
        )

    @classmethod
    def _sweep(cls, now=NIGHT):
        """Facts found, by kind; kinds without any are left out."""
        with freeze_time(now):
            kinds = reversed(cls.facts._get_kinds())  # in the order of the cron
            found = {kind: cls.facts._capture(kind, origin="sweep") for kind in kinds}
        return {kind: count for kind, count in found.items() if count}

    def _sql(self, query, *params):
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def _make_order(self):
        line = Command.create({"product_id": self.product.id, "price_unit": 100, "tax_ids": False})
        vals = {"partner_id": self.customer.id, "user_id": self.anna.id, "company_id": self.company.id}
        return self.env["sale.order"].create({**vals, "order_line": [line]})

    def test_nothing_to_add_after_a_busy_day(self):
        with freeze_time("2026-03-10 12:00:00"):
            self._make_fact(self.anna, count=2)
            lead = self._make_lead(self.anna, expected_revenue=100)
            other = self._make_lead(self.anna, type="lead")
            other.convert_opportunity(self.customer)
            lead.action_set_won()
            other.action_set_lost()
            other.action_unarchive()
            undone = self._make_fact(self.boris).source_id
            self.env["mail.activity"].browse(undone).action_unarchive()
            self.env["res.partner"].with_user(self.anna).create(
                [{"name": "A", "is_company": True}, {"name": "B"}]
            )
            order = self._make_order()
            order.action_quotation_sent()
            order.action_confirm()
            order.order_line.product_uom_qty = 3
            order._action_cancel()
            self._make_order().action_confirm()
        self.assertEqual(self._sweep(), {})

    def test_activity(self):
        done = self._make_activity(self.anna, self._make_lead(self.anna))
        undone = self.env["mail.activity"].browse(
            self._make_fact(self.boris, "2026-03-10 12:00:00").source_id
        )
        self._sql("UPDATE mail_activity SET active = FALSE, date_done = '2026-03-09' WHERE id = %s", done.id)
        self._sql(
            "UPDATE mail_activity SET active = TRUE, date_done = NULL, done_at = NULL WHERE id = %s",
            undone.id,
        )
        self.assertEqual(self._sweep(), {"activity_done": 2, "lead_first_touch": 1})
        fact = self._facts_of(done)
        self.assertEqual((fact.user_id, fact.quantity, fact.origin), (self.anna, 1, "sweep"))
        self.assertEqual((fact.happened_at, fact.entered_at), (datetime(2026, 3, 9, 12), NIGHT))
        first, back = self._facts_of(undone)
        self.assertEqual((back.quantity, back.reverses_id, back.user_id), (-1, first, self.boris))
        self.assertEqual((back.happened_at, back.entered_at), (NIGHT, NIGHT))
        self.assertEqual(self._sweep(), {})

    def test_lead(self):
        won, lost = (
            self._make_lead(self.anna, expected_revenue=70),
            self._make_lead(self.boris, expected_revenue=30),
        )
        self._sql(
            "UPDATE crm_lead SET won_status = 'won', date_closed = '2026-03-09 15:00' WHERE id = %s", won.id
        )
        self._sql(
            "UPDATE crm_lead SET won_status = 'lost', active = FALSE, date_closed = '2026-03-09 16:00' WHERE id = %s",
            lost.id,
        )
        self.assertEqual(self._sweep(), {"lead_won": 1, "lead_lost": 1})
        fact = self._facts_of(won, "lead_won")
        self.assertEqual(
            (fact.user_id, fact.amount, fact.happened_at), (self.anna, 70, datetime(2026, 3, 9, 15))
        )
        self.assertEqual(self._facts_of(lost, "lead_lost").happened_at, datetime(2026, 3, 9, 16))
        self._sql("UPDATE crm_lead SET won_status = 'pending' WHERE id = %s", won.id)
        self.assertEqual(self._sweep(), {"lead_won": 1})
        self.assertEqual(self._sums(self._facts_of(won, "lead_won")), (0, 0))
        self.assertEqual(self._sweep(), {})

    def test_lead_and_partner_inserted(self):
        self._sql(
            "INSERT INTO crm_lead (name, type, user_id, company_id, active, won_status, expected_revenue, create_date)"
            " VALUES ('Raw', 'opportunity', %s, %s, TRUE, 'pending', 9, '2026-03-09 08:00')",
            self.anna.id,
            self.company.id,
        )
        self._sql(
            "INSERT INTO res_partner (name, complete_name, is_company, type, active, autopost_bills, create_uid, create_date)"
            " VALUES ('Raw', 'Raw', TRUE, 'contact', TRUE, 'ask', %s, '2026-03-09 09:00')",
            self.anna.id,
        )
        self.assertEqual(self._sweep(), {"opportunity_created": 1, "company_created": 1})
        for kind, hour in (("opportunity_created", 8), ("company_created", 9)):
            fact = self.facts.search(
                [("kind", "=", kind), ("origin", "=", "sweep"), ("res_name", "=", "Raw")]
            )
            self.assertEqual((fact.user_id, fact.happened_at), (self.anna, datetime(2026, 3, 9, hour)))
        self.assertEqual(self._sweep(), {})

    def test_order(self):
        order = self._make_order()
        self._sql(
            "UPDATE sale_order SET state = 'sale', date_order = '2026-03-09 10:00' WHERE id = %s", order.id
        )
        self.assertEqual(self._sweep(), {"order_confirmed": 1})
        fact = self._facts_of(order)
        self.assertEqual((fact.amount, fact.happened_at), (100, datetime(2026, 3, 9, 10)))
        self._sql("UPDATE sale_order SET amount_untaxed = 60 WHERE id = %s", order.id)
        self.assertEqual(self._sweep(), {"order_confirmed": 1})
        self.assertEqual(self._sums(self._facts_of(order)), (1, 60))
        self._sql("UPDATE sale_order SET state = 'cancel' WHERE id = %s", order.id)
        self.assertEqual(self._sweep(), {"order_confirmed": 1})
        self.assertEqual(self._sums(self._facts_of(order)), (0, 0))
        self.assertEqual(self._sweep(), {})

    def test_hooks_go_on_after_the_sweep(self):
        lead = self._make_lead(self.anna, expected_revenue=70)
        self._sql("UPDATE crm_lead SET expected_revenue = 90 WHERE id = %s", lead.id)
        lead.action_set_won()
        self.assertEqual(self._sums(self._facts_of(lead, "lead_won")), (1, 90))
        lead.expected_revenue = 95
        self.assertEqual(
            self._sums(self._facts_of(lead, "opportunity_created", "opportunity_revalued"))[1], 95
        )

    def test_scheduled_action(self):
        activity = self._make_activity(self.anna, self._make_lead(self.anna))
        self._sql(
            "UPDATE mail_activity SET active = FALSE, date_done = '2026-03-09' WHERE id = %s", activity.id
        )
        with self.enter_registry_test_mode():
            self.env.ref("sales_discipline.cron_sweep").method_direct_trigger()
        self.assertEqual(self._facts_of(activity).origin, "sweep")
        self.assertEqual(self._sweep(), {})
