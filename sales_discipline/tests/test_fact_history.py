from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..models.discipline_fact import HISTORY
from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestFactHistory(DisciplineCase):
    """A database that was used for years before the addon came: no ledger, no stamps, and what Odoo up to 18 left
    of an activity done is a message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead(cls.boris)
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM discipline_span; DELETE FROM discipline_fact")
        cls.facts._fill_history()  # what the rest of the database has of a past
        cls.known = cls.facts.search([]).ids

    def _update(self, record, **values):
        """Back-date: what the database holds, whatever Odoo makes of it. Its facts and spans are forgotten."""
        self.env.flush_all()
        columns = ", ".join(f"{name} = %s" for name in values)
        query = f"UPDATE {record._table} SET {columns} WHERE id = %s"  # pylint: disable=sql-injection
        self.env.cr.execute(query, [*values.values(), record.id])
        self.env.cr.execute("DELETE FROM discipline_fact WHERE id <> ALL(%s)", [self.known])
        self.env.cr.execute("DELETE FROM discipline_span WHERE res_id = %s", [record.id])
        self.env.invalidate_all()

    def _fill(self):
        """The facts that filling in adds, but for the first touches (see test_fact_touch.py)."""
        before = self.facts.search([])
        count = self.facts._fill_history()
        new = self.facts.search([], order="id") - before
        self.assertEqual(len(new), count)
        self.assertEqual(self.facts._fill_history(), 0, "nothing is entered twice")
        self.assertEqual(set(new.mapped("origin")) - {"history"}, set())
        self.assertEqual(new.mapped("happened_at"), new.mapped("entered_at"))
        return new.filtered(lambda fact: fact.kind != "lead_first_touch")

    def _make_old_activity(self, **values):
        activity = self._make_activity(self.boris, self.lead)
        activity.with_user(self.boris).action_feedback()
        message = self.lead.message_ids[:1]
        self.assertTrue(message.mail_activity_type_id)
        base = {
            "done_at": None,
            "done_by": None,
            "open_since": None,
            "date_done": "2024-05-06",
            "active": False,
        }
        self._update(
            activity, **{**base, "create_date": "2024-05-01 08:00", "date_deadline": "2024-05-06", **values}
        )
        return activity, message

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def test_activity_written_on_the_day_it_was_done(self):
        activity, message = self._make_old_activity(write_date="2024-05-06 13:30", write_uid=self.carla.id)
        self._update(message, date="2024-05-06 13:30")
        fact = self._fill()
        self.assertEqual(
            (fact.kind, fact.source_id, fact.user_id), ("activity_done", activity.id, self.carla)
        )
        self.assertEqual((fact.happened_at, fact.quantity), (datetime(2024, 5, 6, 13, 30), 1))
        self.assertEqual((fact.res_id, fact.activity_type_id), (self.lead.id, self.call))
        self.assertEqual((fact.team_id, fact.company_id), (self.south, self.company))

    def test_activity_touched_since(self):
        """The message tells moment and doer."""
        _activity, message = self._make_old_activity(write_date="2025-01-01 10:00", write_uid=self.mark.id)
        self._update(message, date="2024-05-06 09:15", author_id=self.lena.partner_id.id)
        fact = self._fill()
        self.assertEqual((fact.user_id, fact.happened_at), (self.lena, datetime(2024, 5, 6, 9, 15)))

    def test_activity_without_a_trace(self):
        """Noon of the day, by the assignee."""
        _activity, message = self._make_old_activity(write_date="2025-01-01 10:00", write_uid=self.mark.id)
        message.unlink()
        fact = self._fill()
        self.assertEqual((fact.user_id, fact.happened_at), (self.boris, datetime(2024, 5, 6, 12)))

    def test_messages_without_activities(self):
        """Up to Odoo 18 done was deleted: two calls on one day, of which one is known otherwise."""
        _activity, message = self._make_old_activity(write_date="2024-05-06 13:30", write_uid=self.boris.id)
        self._update(message, date="2024-05-06 13:30")
        second = message.copy({"author_id": self.lena.partner_id.id})
        other_day = message.copy()
        self._update(second, date="2024-05-06 17:00")
        self._update(other_day, date="2023-02-03 10:00", author_id=self.boris.partner_id.id)
        facts = self._fill()
        self.assertEqual(len(facts), 3)
        old = facts.filtered(lambda fact: fact.source_id < 0).sorted("happened_at")
        self.assertEqual(old.mapped("source_id"), [-other_day.id, -second.id])
        self.assertEqual(old.mapped("happened_at"), [datetime(2023, 2, 3, 10), datetime(2024, 5, 6, 17)])
        self.assertEqual([fact.user_id for fact in old], [self.boris, self.lena])
        self.assertEqual((old.activity_type_id, old.mapped("res_id")), (self.call, [self.lead.id] * 2))
        self.assertEqual((old.partner_id, old.company_id), (self.customer, self.company))

    def test_open_activity_is_no_fact(self):
        activity = self._make_activity(self.boris, self.lead)
        self._update(activity, create_date="2024-05-01 08:00", open_since=None)
        self.assertFalse(self._fill())

    def test_after_the_history_life_goes_on(self):
        activity, message = self._make_old_activity(write_date="2024-05-06 13:30", write_uid=self.boris.id)
        self._update(message, date="2024-05-06 13:30")
        first = self._fill()
        self.assertEqual(self.facts._capture("activity_done", origin="sweep"), 0)
        with freeze_time("2026-03-10 12:00:00"):
            activity.action_unarchive()
        back = self._facts_of(activity) - first
        self.assertEqual((back.quantity, back.reverses_id, back.origin), (-1, first, "live"))
        self.assertEqual((back.user_id, back.happened_at), (self.boris, datetime(2026, 3, 10, 12)))

    # ------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------

    def test_leads(self):
        won = self._make_lead(self.anna, expected_revenue=500)
        won.action_set_won()
        lost = self._make_lead(self.anna, type="lead", expected_revenue=80)
        lost.convert_opportunity(self.customer)
        lost.action_set_lost()
        self._update(won, create_date="2023-01-02 08:00", date_closed="2023-04-05 16:00", open_since=None)
        dates = {"create_date": "2023-02-01 08:00", "date_conversion": "2023-02-03 08:00"}
        self._update(lost, **dates, date_closed="2023-03-01 16:00", open_since=None)
        facts = {(fact.kind, fact.source_id): fact for fact in self._fill()}
        happened = {key: fact.happened_at for key, fact in facts.items()}
        self.assertEqual(
            happened,
            {
                ("opportunity_created", won.id): datetime(2023, 1, 2, 8),
                ("lead_won", won.id): datetime(2023, 4, 5, 16),
                ("lead_created", lost.id): datetime(2023, 2, 1, 8),
                ("opportunity_created", lost.id): datetime(2023, 2, 3, 8),
                ("lead_lost", lost.id): datetime(2023, 3, 1, 16),
            },
        )
        self.assertEqual([facts["lead_won", won.id].amount, facts["lead_lost", lost.id].amount], [500, 80])
        self.assertEqual({fact.user_id for fact in facts.values()}, {self.anna})

    def test_spans(self):
        """What was open when: an activity until it was done, an opportunity until it was closed."""
        activity, message = self._make_old_activity(write_date="2024-05-06 13:30", write_uid=self.boris.id)
        self._update(message, date="2024-05-06 13:30")
        won = self._make_lead(self.anna)
        won.action_set_won()
        self._update(won, create_date="2023-01-02 08:00", date_closed="2023-04-05 16:00", open_since=None)
        self._fill()
        spans = self.env["discipline.span"].search([("res_id", "in", [activity.id, won.id])], order="kind")
        self.assertEqual(
            [(span.kind, span.res_id, span.user_id, span.date_from, span.date_to) for span in spans],
            [
                ("activity", activity.id, self.boris, datetime(2024, 5, 1, 8), datetime(2024, 5, 6, 13, 30)),
                ("opportunity", won.id, self.anna, datetime(2023, 1, 2, 8), datetime(2023, 4, 5, 16)),
            ],
        )

    def test_partners(self):
        company = self.env["res.partner"].with_user(self.anna).create({"name": "Old Ltd", "is_company": True})
        contact = self.env["res.partner"].with_user(self.anna).create({"name": "Old Man"})
        for partner in company + contact:
            self._update(partner, create_date="2023-01-02 08:00")
        facts = self._fill().sorted("source_id")
        self.assertEqual(facts.mapped("kind"), ["company_created", "contact_created"])
        self.assertEqual(
            (facts.user_id, set(facts.mapped("happened_at"))), (self.anna, {datetime(2023, 1, 2, 8)})
        )

    def test_orders(self):
        product = self.env["product.product"].create({"name": "Widget", "type": "service", "taxes_id": False})
        line = {"product_id": product.id, "price_unit": 100, "tax_ids": False}
        base = {"partner_id": self.customer.id, "user_id": self.anna.id, "company_id": self.company.id}
        sent, confirmed, silent = self.env["sale.order"].create(
            [{**base, "order_line": [Command.create(line)]} for _number in range(3)]
        )
        sent.action_quotation_sent()
        message = confirmed.message_post(body="Here is our offer", message_type="comment")
        (confirmed + silent).action_confirm()
        self._update(message, date="2023-05-01 09:00")
        self._update(sent, date_order="2023-06-01 10:00")
        self._update(silent, date_order="2023-05-03 10:00")
        self._update(confirmed, date_order="2023-05-02 10:00")
        facts = {(fact.kind, fact.source_id): fact.happened_at for fact in self._fill()}
        self.assertEqual(
            facts,
            {
                ("quotation_sent", sent.id): datetime(2023, 6, 1, 10),
                ("quotation_sent", confirmed.id): datetime(2023, 5, 1, 9),
                ("order_confirmed", confirmed.id): datetime(2023, 5, 2, 10),
                ("order_confirmed", silent.id): datetime(2023, 5, 3, 10),
            },
        )

    def test_loading_a_past_in_silence(self):
        """A program of this process may load old data without the hooks, and have it filled in afterwards."""
        lead = self._make_lead(self.anna)
        silent = lead.with_context(discipline_history=HISTORY)
        before = self._facts_of(lead)
        silent.action_set_won()
        self.assertEqual(self._facts_of(lead), before)
        self._fill()
        self.assertEqual(self._facts_of(lead, "lead_won").origin, "history")
