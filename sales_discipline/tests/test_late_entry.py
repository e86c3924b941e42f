from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestLateEntry(DisciplineCase):
    """What was entered after the deadline or dated back: seen by day, with who and when, and never scored."""

    DAY = "2026-03-10"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(
            ("calls_done", 1),
            ("meetings_done", 1),
            ("deals_won", 1),
            ("sales_confirmed", 1),
            date_from="2026-03-02",
        )
        for day in ("2026-03-02", "2026-03-09"):
            cls._score(f"{day} 23:59:00")

    def _late(self, *users):
        self.env.flush_all()
        domain = [("user_id", "in", [user.id for user in users or [self.anna]])]
        domain.append(
            ("kind", "in", ("activity_done", "invoice_posted"))
        )  # not the leads made for the purpose
        return self.env["discipline.late.entry"].search(domain, order="entered_at, id")

    def _imported(self, day, done="0"):
        """A call that Anna imports as done on that day."""
        model = str(self.env["ir.model"]._get_id("crm.lead"))
        names = "summary activity_type_id/.id res_model_id/.id res_id user_id/.id active date_done".split()
        lead = self._make_lead(self.anna)
        row = ["Call", str(self.call.id), model, str(lead.id), str(self.anna.id), done, day]
        result = self.env["mail.activity"].with_user(self.anna).load(names, [row])
        self.assertFalse(result["messages"])
        self.env.flush_all()

    def _actual(self, code, day):
        self._score("2026-03-13 23:59:00")
        return self._line(self._card(self.e_anna, day), code).actual

    def test_after_the_deadline(self):
        self._score("2026-03-10 12:00:00")
        self._make_fact(self.anna, "2026-03-10 17:00:00")  # 18:00 in Berlin: the last second in time
        self._make_fact(self.anna, "2026-03-10 18:30:00")
        self._make_fact(self.boris, "2026-03-10 08:00:00")  # 17:00 in Tokyo
        self._make_fact(self.boris, "2026-03-10 10:00:00")  # 19:00 in Tokyo
        (entry,) = self._late()
        self.assertEqual((entry.date, entry.lateness, entry.hours), (date(2026, 3, 10), "after", 1.5))
        self.assertEqual(entry.scorecard_id, self._card(self.e_anna, self.DAY))
        self.assertEqual(entry.action_open()["res_id"], entry.fact_id.id)
        (entry,) = self._late(self.boris)
        self.assertEqual((entry.date, entry.lateness, entry.hours), (date(2026, 3, 10), "after", 1.0))
        self._score("2026-03-10 23:59:00")
        line = self._line(self._card(self.e_anna, self.DAY), "calls_done")
        self.assertEqual((line.actual, line.late), (1.0, 1.0))

    def test_dated_back(self):
        with freeze_time("2026-03-10 09:00:00"):
            self._imported("2026-03-09")
            self._imported("2026-03-10")
        (entry,) = self._late()
        self.assertEqual((entry.date, entry.lateness), (date(2026, 3, 9), "back"))
        self.assertEqual(entry.hours, 16.0, "after the deadline of that day")
        self.assertEqual(entry.entered_at, datetime(2026, 3, 10, 9))
        self.assertEqual(self._actual("calls_done", "2026-03-09"), 0)
        self.assertEqual(self._line(self._card(self.e_anna, "2026-03-09"), "calls_done").late, 1)

    def test_recounted_for_recent_days(self):
        """A card that is frozen learns by the cron what was dated back to it; once a day, its score stays."""
        card = self._card(self.e_anna, "2026-03-09")
        line = self._line(card, "calls_done")
        before = (line.actual, line.points, card.points, card.hash)
        with freeze_time("2026-03-10 09:00:00"):
            self._imported("2026-03-09")
        self._score("2026-03-10 10:00:00")
        self.assertEqual(line.late, 1)
        self.assertEqual((line.actual, line.points, card.points, card.hash), before)
        self.company.discipline_late_days = 3
        with freeze_time("2026-03-16 09:00:00"):
            self._imported("2026-03-09")
        self._score("2026-03-16 10:00:00")
        self.assertEqual(line.late, 1, "the setting says for how many days")
        self.assertEqual(len(self._late()), 2, "seen all the same")

    def test_found_by_night(self):
        with freeze_time("2026-03-09 09:00:00"):
            lead = self._make_lead(self.anna)
            activity = self._make_activity(self.anna, lead)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_activity SET active = FALSE, date_done = '2026-03-09', done_at = '2026-03-09 10:00:00' WHERE id = %s",
            [activity.id],
        )
        self.env.invalidate_all()
        with freeze_time("2026-03-10 01:00:00"):
            self.facts._capture("activity_done", origin="sweep")
        (entry,) = self._late()
        self.assertEqual((entry.date, entry.lateness, entry.hours), (date(2026, 3, 9), "found", 8.0))

    def test_taken_back_after_the_deadline(self):
        """Archived before the deadline and opened again after it: the card has counted it, so it stands here."""
        self._score("2026-03-10 12:00:00")
        fact = self._make_fact(self.anna, "2026-03-10 16:59:00")
        activity = self.env["mail.activity"].with_context(active_test=False).browse(fact.source_id)
        with freeze_time("2026-03-10 17:30:00"):
            activity.with_user(self.anna).action_unarchive()
        (entry,) = self._late()
        self.assertEqual((entry.lateness, entry.quantity, entry.hours), ("undone", -1, 0.5))
        self.assertEqual(entry.fact_id.reverses_id, fact)
        self._score("2026-03-10 23:59:00")
        line = self._line(self._card(self.e_anna, self.DAY), "calls_done")
        self.assertEqual((line.actual, line.late), (1.0, -1.0))
        self.env.invalidate_all()
        self.assertRegex(fact.since, "^Taken back on 3/10/26")

    # ------------------------------------------------------------
    # Back-dating by writing dates: the server's stamp decides
    # ------------------------------------------------------------

    def test_date_of_an_activity_rewritten(self):
        with freeze_time("2026-03-10 09:00:00"):
            activity = self._make_activity(self.anna, self._make_lead(self.anna))
            activity.with_user(self.anna).action_feedback()
            activity.with_user(self.anna).write({"date_done": "2026-03-09", "date_deadline": "2026-03-09"})
            fact = self._facts_of(activity, "activity_done")
        self.assertEqual(fact.happened_at, datetime(2026, 3, 10, 9))
        self.assertRegex(fact.since, "Now dated 03/09/2026")
        self.assertEqual(self._actual("calls_done", "2026-03-09"), 0)
        self.assertEqual(self._actual("calls_done", self.DAY), 1)

    def test_meeting_in_the_past(self):
        with freeze_time("2026-03-10 09:00:00"):
            event = (
                self.env["calendar.event"]
                .with_user(self.anna)
                .create(
                    {
                        "name": "Visit",
                        "start": "2026-03-09 09:00:00",
                        "stop": "2026-03-09 10:00:00",
                        "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                        "res_id": self._make_lead(self.anna).id,
                        "user_id": self.anna.id,
                    }
                )
            )
            event.activity_ids.with_user(self.anna).action_feedback()
            fact = self._facts_of(
                event.sudo().activity_ids
                or self.env["mail.activity"]
                .sudo()
                .with_context(active_test=False)
                .search([("calendar_event_id", "=", event.id)])
            )
        self.assertEqual(fact.happened_at, datetime(2026, 3, 10, 9))
        self.assertEqual(self._actual("meetings_done", "2026-03-09"), 0)
        self.assertEqual(self._actual("meetings_done", self.DAY), 1)

    def test_deal_closed_on_another_date(self):
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        with freeze_time("2026-03-10 09:00:00"):
            lead = self._make_lead(self.anna, expected_revenue=10.0)
            lead.with_user(self.anna).write({"stage_id": won.id, "date_closed": "2026-03-09 10:00:00"})
            lead.with_user(self.anna).write({"date_closed": "2026-03-09 10:00:00"})
            fact = self._facts_of(lead, "lead_won")
            self.assertEqual(fact.happened_at, datetime(2026, 3, 10, 9))
            self.assertRegex(fact.since, "Now dated 03/09/2026")
        self.assertEqual(self._actual("deals_won", "2026-03-09"), 0)
        self.assertEqual(self._actual("deals_won", self.DAY), 1)

    def _order(self):
        product = self.env["product.product"].create({"name": "Thing", "list_price": 100, "taxes_id": False})
        line = Command.create({"product_id": product.id, "price_unit": 100})
        base = {"partner_id": self.customer.id, "user_id": self.anna.id, "company_id": self.company.id}
        return self.env["sale.order"].create({**base, "order_line": [line]})

    def test_order_on_another_date(self):
        with freeze_time("2026-03-10 09:00:00"):
            order = self._order()
            order.date_order = "2026-03-09 09:00:00"
            order.action_confirm()
            order.date_order = "2026-03-09 09:00:00"
            fact = self._facts_of(order, "order_confirmed")
            self.assertEqual(fact.happened_at, datetime(2026, 3, 10, 9))
            self.assertRegex(fact.since, "Now dated 03/09/2026")
        self.assertEqual(self._actual("sales_confirmed", "2026-03-09"), 0)
        self.assertEqual(self._actual("sales_confirmed", self.DAY), 100)

    def test_invoice_on_another_date(self):
        """Invoices keep their own date, with today's stamp: a late entry, like one that is posted late."""
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        with freeze_time("2026-03-10 09:00:00"):
            invoice = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "invoice_user_id": self.anna.id,
                    "invoice_date": "2026-03-09",
                    "invoice_line_ids": [
                        Command.create({"name": "Thing", "price_unit": 100, "tax_ids": False})
                    ],
                }
            )
            invoice.action_post()
            (entry,) = self._late()
        self.assertEqual(
            (entry.kind, entry.date, entry.lateness), ("invoice_posted", date(2026, 3, 9), "back")
        )
        self.assertEqual((entry.amount, entry.fact_id.since_state), (100.0, "same"))

    # ------------------------------------------------------------

    def test_what_is_no_late_entry(self):
        self._score("2026-03-10 12:00:00")
        activity = self._make_activity(self.anna, self._make_lead(self.anna), date_deadline="2026-03-10")
        with freeze_time("2026-03-10 19:00:00"):
            activity.with_user(self.anna).write({"date_deadline": "2026-03-12"})
            activity.with_user(self.anna).action_cancel()
        self._make_fact(self.mark, "2026-03-10 22:00:00")  # no card, no deadline
        self.assertFalse(
            self._late(self.anna, self.mark).filtered(lambda entry: entry.date == date(2026, 3, 10))
        )

    def test_two_cards_of_a_day(self):
        """A plan on trial beside: each entry stands here once, by the deadline that is paid by."""
        self._make_plan(
            ("calls_done", 1), state="trial", deadline_hour=12.0, date_from="2026-03-10", name="Trial"
        )
        self._score("2026-03-10 09:00:00")
        self._make_fact(self.anna, "2026-03-10 13:00:00")
        self.assertFalse(self._late())
        self._make_fact(self.anna, "2026-03-10 17:30:00")
        (entry,) = self._late()
        self.assertEqual((entry.hours, entry.scorecard_id.plan_id), (0.5, self.plan))

    def test_who_sees_what(self):
        self._score("2026-03-10 12:00:00")
        for user, hour in ((self.anna, 17), (self.boris, 9), (self.carla, 23)):
            self._make_fact(user, f"2026-03-10 {hour:02}:30:00")
        seen = {"anna": "anna", "lena": "anna boris", "luis": "carla", "mark": "anna boris carla", "olga": ""}
        for name, expected in seen.items():
            entries = self.env["discipline.late.entry"].with_user(getattr(self, name)).search([])
            people = entries.sudo().user_id & (self.anna + self.boris + self.carla)
            with self.subTest(name):
                self.assertEqual(people.sorted("id"), self._users(expected))
        for user in (self.paula, self.portal):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.env["discipline.late.entry"].with_user(user).search([])

    def _users(self, names):
        return self.env["res.users"].union(*(getattr(self, name) for name in names.split())).sorted("id")
