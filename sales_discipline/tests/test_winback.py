import random
import statistics
from collections import defaultdict
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .counting import counted
from .winback_common import WinbackCase


@tagged("post_install", "-at_install")
@freeze_time(WinbackCase.NOW)
class TestWinback(WinbackCase):
    """What clients have bought and whether they buy as they used to."""

    def test_states(self):
        """By the client's own rhythm: ten days and thirty days are not the same silence."""
        monthly, often, few, lost, active = self.clients
        self._orders(monthly, "2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01")  # 68 days, usually 31
        self._orders(often, "2026-01-20", "2026-01-30", "2026-02-09", "2026-02-19")  # 19 days, usually 10
        self._orders(few, "2026-01-01", "2025-12-01")
        self._orders(lost, "2025-01-01", "2025-02-01", "2025-03-01")
        self._orders(active, "2026-01-01", "2026-02-01", "2026-03-01")
        self._refresh()
        states = {client.name: self._row(client).state for client in self.clients}
        self.assertEqual(list(states.values()), ["lapsed", "late", "few", "lost", "active"])
        row = self._row(monthly)
        self.assertEqual((row.usual_interval, row.days_since, row.next_order), (31, 68, date(2026, 2, 1)))
        self.assertAlmostEqual(row.overdue, 68 / 31)
        self.assertFalse(self._row(few).usual_interval)

    def test_limits(self):
        """Exactly on a limit is not beyond it; nobody is late within the shortest silence."""
        client = self.clients[0]
        self._orders(client, "2026-01-29", "2026-02-08", "2026-02-18")  # 20 days, usually 10
        self._refresh(client)
        self.assertEqual(self._row(client).state, "late")
        self.company.discipline_winback_lapsed = 1.9
        self._refresh(client)
        self.assertEqual(self._row(client).state, "lapsed")
        self.company.discipline_winback_days = 21
        self._refresh(client)
        self.assertEqual(self._row(client).state, "active")
        self.company.discipline_winback_days = 20
        self._refresh(client)
        self.assertEqual(self._row(client).state, "lapsed")

    def test_amounts(self):
        """Nine months, and nine before those; the day nine months ago is no longer in them."""
        client = self.clients[0]
        for day, amount in (("2025-06-11", 1), ("2025-06-10", 20), ("2024-09-11", 300), ("2024-09-10", 4000)):
            self._order(client, day, amount)
        self._refresh(client)
        row = self._row(client)
        self.assertEqual((row.amount, row.amount_before, row.amount_total), (1, 320, 4321))
        self.assertEqual((row.orders, row.orders_total), (1, 4))
        self.assertEqual((row.first_order, row.last_order), (date(2024, 9, 10), date(2025, 6, 11)))

    def test_cancelled_and_changed(self):
        client = self.clients[0]
        order, other = self._orders(client, "2026-02-01", "2026-03-01")
        self._order(client, "2026-03-02", -30, order=order, quantity=0)
        self._order(client, "2026-03-03", -100, order=other, quantity=-1)
        self._refresh(client)
        row = self._row(client)
        self.assertEqual((row.amount, row.orders, row.last_order), (70, 1, date(2026, 2, 1)))
        self._order(client, "2026-03-04", -70, order=order, quantity=-1)
        self._refresh(client)
        self.assertFalse(self._row(client))  # no order stands

    def test_credit_shares_are_nothing_new(self):
        client = self.clients[0]
        order = self._order(client, "2026-02-01")
        for user, sign in ((self.anna, -1), (self.boris, 1)):
            self._order(
                client, "2026-03-01", sign * 40, user=user, order=order, quantity=sign * 0.4, transfer=True
            )
        self._refresh(client)
        row = self._row(client)
        self.assertEqual((row.amount, row.orders, row.last_order), (100, 1, date(2026, 2, 1)))

    def test_days_are_the_companys(self):
        """An order at eleven in the evening UTC is on the next day in Tokyo; two on one day are one step of a rhythm."""
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        client = self.clients[0]
        for moment in (
            "2026-01-09 23:00:00",
            "2026-01-10 12:00:00",
            "2026-01-20 01:00:00",
            "2026-01-30 01:00:00",
        ):
            self._order(client, moment)
        self._refresh(client)
        row = self._row(client)
        self.assertEqual((row.first_order, row.usual_interval), (date(2026, 1, 10), 10))

    def test_contacts_belong_to_their_company(self):
        """Who became a contact of a company later is counted with it."""
        client, person = self.clients[0], self.env["res.partner"].create({"name": "Ms Contact"})
        self._order(client, "2026-01-01")
        self._order(person, "2026-02-01")
        person.parent_id = client
        self._refresh()
        self.assertFalse(self._row(person))
        self.assertEqual(self._row(client).orders_total, 2)

    def test_whose_client(self):
        self.clients[:2].user_id = False
        self._order(self.clients[0], "2026-01-01", user=self.boris)
        self._order(self.clients[0], "2026-02-01", user=self.carla)
        self._order(self.clients[2], "2026-02-01", user=self.carla)
        self._refresh()
        rows = [self._row(self.clients[0]), self._row(self.clients[2])]
        self.assertEqual([row.user_id for row in rows], [self.carla, self.anna])
        self.assertEqual([row.team_id for row in rows], [self.south, self.north])
        self.clients[2].user_id = self.boris  # seen at once
        self.assertEqual((rows[1].user_id, rows[1].team_id), (self.boris, self.north))

    def test_rank(self):
        for client, amount in zip(self.clients[:4], (10, 30, 20, 500), strict=True):
            self._order(client, "2026-02-01", amount)
        self._refresh()
        self.assertEqual([self._row(client).rank for client in self.clients[:4]], [3, 1, 2, 1])
        self._order(self.clients[0], "2026-02-02", 15)
        self._refresh(self.clients[0])
        self.assertEqual([self._row(client).rank for client in self.clients[:3]], [2, 1, 3])

    def test_last_contact(self):
        client = self.clients[0]
        self._order(client, "2026-02-01")
        self._call(client, "2026-02-20 09:00:00")
        self._refresh()
        self.assertEqual(str(self._row(client).last_contact), "2026-02-20 09:00:00")
        for day, found in (("2026-02-20", False), ("2026-02-21", True)):
            rows = self.rows.search([("partner_id", "=", client.id), ("last_contact", "<", day)])
            self.assertEqual(bool(rows), found)

    def test_brute_force(self):
        """Random orders, cancellations and changes: the same as counted one by one."""
        rng = random.Random(7)
        orders = {}
        for _number in range(120):
            client = rng.choice(self.clients)
            day = date(2026, 3, 10) - timedelta(rng.randrange(900))
            amount = rng.randrange(1, 900)
            order = self._order(client, str(day), amount)
            orders[order] = [client, day, amount]
            fate = rng.random()
            if fate < 0.15:
                self._order(client, "2026-03-10", -amount, order=order, quantity=-1)
                del orders[order]
            elif fate < 0.3:
                self._order(client, "2026-03-10", 50, order=order, quantity=0)
                orders[order][2] += 50
        self._refresh()
        by_client = defaultdict(list)
        for client, day, amount in orders.values():
            by_client[client].append((day, amount))
        since, before = date(2025, 6, 10), date(2024, 9, 10)
        for client, found in by_client.items():
            days = sorted({day for day, _amount in found})
            gaps = [(after - day).days for day, after in zip(days, days[1:], strict=False)]
            row = self._row(client)
            self.assertEqual(row.amount, sum(amount for day, amount in found if day > since))
            self.assertEqual(row.amount_before, sum(amount for day, amount in found if before < day <= since))
            self.assertEqual(row.orders_total, len(found))
            self.assertEqual(row.usual_interval, statistics.median(gaps) if len(days) > 2 else 0)
            self.assertEqual(row.days_since, (self.TODAY - days[-1]).days)

    # ------------------------------------------------------------
    # What is planned, and what they stopped buying
    # ------------------------------------------------------------

    def test_planned(self):
        for client in self.clients:
            self._order(client, "2026-02-01")
        contact = self.env["res.partner"].create({"name": "Ms Contact", "parent_id": self.clients[0].id})
        self._make_activity(self.boris, contact, date_deadline="2026-03-20")
        self._make_activity(self.boris, self.clients[0], date_deadline="2026-03-15")
        self._make_lead(self.anna, partner_id=self.clients[1].id)
        lead = self._make_lead(self.anna, partner_id=self.clients[2].id, type="lead")
        self._make_lead(self.anna, partner_id=self.clients[3].id).action_set_lost()
        self._refresh()
        rows = [self._row(client) for client in self.clients]
        self.assertEqual((rows[0].activity_date, rows[0].activity_user_id), (date(2026, 3, 15), self.boris))
        self.assertEqual([row.opportunity_count for row in rows], [0, 1, 0, 0, 0])
        self.assertEqual([row.is_planned for row in rows], [True, True, False, False, False])
        planned = self.rows.search([("is_planned", "=", True), ("partner_id", "in", self.clients.ids)])
        self.assertEqual(planned.partner_id, self.clients[:2])
        self._make_activity(self.anna, lead)
        self.env.invalidate_all()
        self.assertTrue(rows[2].is_planned)
        free = self.rows.search([("is_planned", "=", False), ("partner_id", "in", self.clients.ids)])
        self.assertEqual(free.partner_id, self.clients[3:])

    def test_stopped(self):
        """Paint was bought until November, nails still are; of a cancelled order nothing."""
        paint, nails, glue = self.env["product.category"].create(
            [{"name": name} for name in ("Paint", "Nails", "Glue")]
        )
        products = {
            category: self.env["product.product"].create(
                {"name": category.name, "categ_id": category.id, "type": "service", "taxes_id": False}
            )
            for category in (paint, nails, glue)
        }
        for moment, category, price in (
            ("2025-10-01 10:00:00", paint, 100),
            ("2025-11-01 10:00:00", paint, 50),
            ("2025-10-01 10:00:00", nails, 70),
            ("2026-02-01 10:00:00", nails, 70),
            ("2025-10-02 10:00:00", glue, 10),
        ):
            with freeze_time(moment):
                order = self.env["sale.order"].create(
                    {
                        "partner_id": self.clients[0].id,
                        "company_id": self.company.id,
                        "order_line": [
                            Command.create({"product_id": products[category].id, "price_unit": price})
                        ],
                    }
                )
                order.action_confirm()
                if category == glue:
                    order._action_cancel()
        self._refresh()
        row = self._row(self.clients[0]).with_user(self.anna)
        [stopped] = row._get_stopped()
        self.assertEqual(stopped["category"], "Paint")
        self.assertEqual((stopped["orders"], float(stopped["amount"])), (2, 150))
        self.assertEqual(str(stopped["last"]), "2025-11-01")
        self.assertIn("Paint", row.stopped)
        self.assertNotIn("Nails", row.stopped)

    def test_on_the_client(self):
        client = self.clients[0]
        self._orders(client, "2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01")
        self._refresh()
        text = client.with_user(self.anna).discipline_winback_text
        self.assertEqual(text, "Every 31 days, last 68 days ago")
        self.assertEqual(client.with_user(self.anna).action_open_winback()["res_id"], self._row(client).id)
        self.assertFalse(client.with_user(self.boris).discipline_winback_text)  # not his
        self.assertFalse(client.with_user(self.paula).discipline_winback_text)
        contact = self.env["res.partner"].create({"name": "Ms Contact", "parent_id": client.id})
        self.assertEqual(contact.with_user(self.mark).discipline_winback_text, text)

    # ------------------------------------------------------------
    # Rights and costs
    # ------------------------------------------------------------

    def test_rights(self):
        for client in self.clients:
            self._order(client, "2026-02-01")
        self._refresh()
        for user, clients in (
            (self.anna, self.clients[:3]),
            (self.boris, self.clients[3]),
            (self.lena, self.clients[:4]),
            (self.luis, self.clients[4]),
            (self.mark, self.clients),
            (self.olga, self.clients.browse()),
        ):
            with self.subTest(user.name):
                rows = self.rows.with_user(user).search([])
                self.assertEqual(rows.partner_id.sudo() & self.clients, clients)
        for user in (self.paula, self.portal):
            with self.subTest(user.name), self._refused(AccessError, "."):
                self.rows.with_user(user).search([])
            with self.subTest(user.name), self._refused(AccessError, "."):
                self.rows.with_user(user).action_open_list()
        with self._refused(AccessError, "."):
            self._row(self.clients[4]).with_user(self.anna).action_plan_calls()
        with self._refused(AccessError, "."):
            self._row(self.clients[4]).with_user(self.anna).read(["stopped"])

    def test_two_companies(self):
        client = self.clients[0]
        self._order(client, "2026-02-01", 10)
        self._order(client, "2026-02-01", 7, company_id=self.outside.id, user=self.olga)
        self._refresh()
        self.assertEqual(self._row(client).amount, 10)
        self.assertEqual(self._row(client, self.outside).amount, 7)
        both = self._row(client) + self._row(client, self.outside)
        with self._refused(UserError, "one company at a time"):
            both.action_plan_calls()
        with self._refused(UserError, "Choose the clients"):
            self.rows.browse().action_plan_calls()

    def test_statements(self):
        """A page of ten times the clients, and working all of them out, cost the same statements."""
        more = self.env["res.partner"].create([{"name": f"C{n}", "user_id": self.anna.id} for n in range(50)])
        fields_shown = {name: {} for name in ("amount", "state", "activity_date", "opportunity_count")}
        counts = []
        for clients in (self.clients, more):
            for client in clients:
                self._order(client, "2026-02-01")
            self.env.flush_all()
            with counted(self.env) as refreshed:
                self._refresh()
            page = self.rows.with_user(self.mark).web_search_read
            shown, _rows = self._count_again(page, [], fields_shown, limit=80, order="amount desc")
            counts.append((refreshed.statements, shown))
        self.assertEqual(counts[0], counts[1])
