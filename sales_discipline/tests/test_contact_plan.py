from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


class ContactCase(DisciplineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients = cls.env["res.partner"].create(
            [
                {"name": f"Client {number}", "is_company": True, "user_id": user.id}
                for number, user in enumerate((cls.anna, cls.anna, cls.anna, cls.boris, cls.carla))
            ]
        )

    def _wizard(self, user=None, clients=None, **vals):
        base = {
            "partner_ids": [Command.set((self.clients if clients is None else clients).ids)],
            "per_day": 1,
        }
        return self.env["discipline.contact.plan"].with_user(user or self.mark).create({**base, **vals})

    def _plan(self, user=None, clients=None, **vals):
        wizard = self._wizard(user, clients, **vals)
        wizard.action_preview()
        wizard.action_apply()
        return wizard

    def _planned(self):
        """[(client, user, day)] of the activities on the clients."""
        domain = [("res_model", "=", "res.partner"), ("res_id", "in", self.clients.ids)]
        found = self.env["mail.activity"].search(domain, order="id")
        return [(one.res_name, one.user_id.name, one.date_deadline) for one in found]


@tagged("post_install", "-at_install")
@freeze_time(ContactCase.NOW)
class TestContactPlan(ContactCase):
    """Contacts planned with clients: spread over people and their working days, shown before they are stored."""

    def test_own_salespeople(self):
        wizard = self._wizard(note="They have not ordered")
        wizard.action_preview()
        self.assertFalse(self._planned())  # nothing is stored yet
        for name in ("Anna", "Boris", "Carla", "Tue, Mar 10", "Thu, Mar 12"):
            self.assertIn(name, str(wizard.preview))
        wizard.action_apply()
        self.assertEqual(
            sorted(self._planned()),
            [
                ("Client 0", "Anna", date(2026, 3, 10)),
                ("Client 1", "Anna", date(2026, 3, 11)),
                ("Client 2", "Anna", date(2026, 3, 12)),
                ("Client 3", "Boris", date(2026, 3, 10)),
                ("Client 4", "Carla", date(2026, 3, 10)),
            ],
        )
        activity = self.env["mail.activity"].search([("res_id", "=", self.clients[0].id)])
        self.assertEqual(activity.create_uid, self.mark)
        self.assertIn("They have not ordered", activity.note)

    def test_weekend_holiday_leave(self):
        """From Friday on, Monday a public holiday, Tuesday Anna's own day off."""
        leaves = self.env["resource.calendar.leaves"]
        days = [("2026-03-16", False), ("2026-03-17", self.e_anna.resource_id.id)]
        for day, resource in days:
            leaves.with_company(self.company).create(
                {
                    "name": "Off",
                    "resource_id": resource,
                    "calendar_id": self.company.resource_calendar_id.id,
                    "date_from": f"{day} 00:00:00",
                    "date_to": f"{day} 23:59:59",
                }
            )
        self._plan(clients=self.clients[:3], date_from="2026-03-13")
        self.assertEqual([day.day for _client, _user, day in self._planned()], [13, 18, 19])

    def test_turns(self):
        people = self.anna + self.boris
        self._plan(who="turns", user_ids=[Command.set(people.ids)])
        self.assertEqual(
            [(user, day.day) for _client, user, day in self._planned()],
            [("Anna", 10), ("Boris", 10), ("Anna", 11), ("Boris", 11), ("Anna", 12)],
        )

    def test_who_bought_most_comes_first(self):
        facts = self.env["discipline.fact"].sudo()
        base = {"user_id": self.anna.id, "company_id": self.company.id, "res_model": "sale.order"}
        facts._append_event(
            "order_confirmed",
            [
                {**base, "source_id": 9001, "partner_id": self.clients[2].id, "amount": 50},
                {**base, "source_id": 9002, "partner_id": self.clients[1].id, "amount": 10},
            ],
        )
        self._plan(clients=self.clients[:3])
        self.assertEqual(
            [client for client, _user, _day in self._planned()], ["Client 2", "Client 1", "Client 0"]
        )

    def test_no_salesperson(self):
        """Whoever made the last sale; nobody at all: those chosen, else left out and named."""
        self.clients[:2].user_id = False
        self.env["discipline.fact"].sudo()._append_event(
            "order_confirmed",
            [
                {
                    "user_id": self.boris.id,
                    "company_id": self.company.id,
                    "source_id": 9001,
                    "partner_id": self.clients[0].id,
                }
            ],
        )
        wizard = self._plan(clients=self.clients[:2])
        self.assertEqual([row[:2] for row in self._planned()], [("Client 0", "Boris")])
        self.assertIn("no salesperson", str(wizard.preview))
        self.assertIn("Client 1", str(wizard.preview))
        self._plan(clients=self.clients[1], user_ids=[Command.set(self.carla.ids)])
        self.assertEqual(self._planned()[1][:2], ("Client 1", "Carla"))

    def test_what_is_planned_is_left_out(self):
        contact = self.env["res.partner"].create({"name": "Ms Contact", "parent_id": self.clients[0].id})
        self._make_activity(self.boris, contact)
        lead = self._make_lead(self.boris, partner_id=self.clients[1].id)
        self._make_activity(self.boris, lead)
        wizard = self._wizard(clients=self.clients[:3] + contact)
        wizard.action_preview()
        self.assertEqual([client for client, _user, _day in wizard.plan["contacts"]], self.clients[2].ids)
        self.assertEqual(sorted(wizard.plan["left"]["open"]), self.clients[:2].ids)
        self.assertIn("Client 0", str(wizard.preview))
        meeting = self._wizard(clients=self.clients[:3], activity_type_id=self.meeting.id)
        meeting.action_preview()
        self.assertEqual(len(meeting.plan["contacts"]), 3)

    def test_planned_by_somebody_else_meanwhile(self):
        wizard = self._wizard(clients=self.clients[:2])
        wizard.action_preview()
        self._make_activity(self.boris, self.clients[0])
        wizard.action_apply()
        self.assertEqual([client for client, *_rest in self._planned()], ["Client 0", "Client 1"])

    def test_room_on_a_day(self):
        """A call that somebody has on a day counts, unless told not to."""
        self._make_activity(self.anna, self._make_lead(self.anna))
        self._plan(clients=self.clients[0])
        self.assertEqual(self._planned()[0][2], date(2026, 3, 11))
        self._plan(clients=self.clients[1], count_planned=False)
        self.assertEqual(self._planned()[1][2], date(2026, 3, 10))

    def test_opportunities(self):
        self._make_lead(self.anna, partner_id=self.clients[0].id)
        wizard = self._plan(clients=self.clients[:4], kind="opportunity", summary="Back again")
        self.assertEqual(wizard.plan["left"], {"open": self.clients[0].ids})
        leads = self.env["crm.lead"].search([("partner_id", "in", self.clients[1:4].ids)], order="id")
        self.assertEqual(leads.mapped("name"), [f"Back again: Client {n}" for n in (1, 2, 3)])
        self.assertEqual([lead.user_id for lead in leads], [self.anna, self.anna, self.boris])
        self.assertEqual(leads.team_id, self.north)
        self.assertEqual({lead.type for lead in leads}, {"opportunity"})
        days = [lead.activity_ids.date_deadline.day for lead in leads]
        self.assertEqual(days, [10, 11, 10])  # each has a next step
        self.assertEqual(len(self._facts_of(leads, "opportunity_created")), 3)

    def test_after_plan(self):
        """Callers get what was created, by client."""
        got = {}
        self.patch(
            self.registry["discipline.contact.plan"],
            "_after_plan",
            lambda _self, records: got.update(records),
        )
        self._plan(clients=self.clients[:2])
        self.assertEqual(list(got), list(self.clients[:2]))
        self.assertEqual([one.res_id for one in got.values()], self.clients[:2].ids)

    def test_people_are_told_once(self):
        self._plan(user=self.lena, clients=self.clients[:4])
        domain = [("message_type", "=", "user_notification"), ("subject", "ilike", "Contacts planned")]
        told = self.env["mail.message"].sudo().search(domain, order="id")
        self.assertEqual(told.mapped("partner_ids"), (self.anna + self.boris).partner_id)
        self.assertEqual(len(told), 2)
        self.assertIn("Contacts planned for you: 3", told.mapped("subject"))

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_salespeople_plan_for_themselves(self):
        wizard = self._plan(user=self.anna)
        self.assertTrue(wizard.is_own)
        self.assertEqual({user for _client, user, _day in self._planned()}, {"Anna"})
        self.assertEqual(wizard.plan["left"], {"other": self.clients[3:].ids})
        with self._refused(AccessError, "cannot plan contacts for Boris"):
            self._wizard(self.anna, who="turns", user_ids=[Command.set(self.boris.ids)]).action_preview()

    def test_leaders_plan_for_their_teams(self):
        wizard = self._plan(user=self.lena)
        self.assertEqual({user for _client, user, _day in self._planned()}, {"Anna", "Boris"})
        self.assertEqual(wizard.plan["left"], {"other": self.clients[4].ids})
        with self._refused(AccessError, "cannot plan contacts for Carla"):
            self._wizard(self.lena, who="turns", user_ids=[Command.set(self.carla.ids)]).action_preview()

    def test_strangers(self):
        for user in (self.paula, self.portal):
            with self.subTest(user.login), self._refused(AccessError, "."):
                self._wizard(user)
        wizard = self._wizard(self.anna)
        with self._refused(AccessError, "."):
            wizard.with_user(self.boris).action_preview()
        with self._refused(AccessError, "company"):
            self._wizard(self.olga, clients=self.clients).company_id = self.company
        outside = self._wizard(self.olga)
        outside.action_preview()  # her company has no clients of the first one's people
        self.assertFalse(outside.plan["contacts"])

    def test_a_plan_cannot_be_forged(self):
        forged = {"contacts": [[self.clients[0].id, self.boris.id, "2026-03-10"]], "left": {}}
        for vals in ({"plan": forged}, {"state": "preview"}):
            with self.subTest(vals), self._refused(UserError, "cannot be written"):
                self._wizard(self.anna, **vals)
            with self.subTest(vals), self._refused(UserError, "cannot be written"):
                self._wizard(self.anna).with_context(discipline_contact=True).write(vals)
        wizard = self._wizard(self.anna)
        wizard.action_preview()
        wizard.per_day = 2
        with self._refused(UserError, "Look at the preview first"):
            wizard.action_apply()
        with_default = self.env["discipline.contact.plan"].with_user(self.anna)
        with_default = with_default.with_context(default_state="preview", default_plan=forged)
        self.assertFalse(with_default.create({"partner_ids": [Command.set(self.clients.ids)]}).plan)

    def test_rights_lost_meanwhile(self):
        wizard = self._wizard(self.lena)
        wizard.action_preview()
        self.north.user_id = self.luis
        with self._refused(AccessError, "cannot plan contacts"):
            wizard.action_apply()

    def test_stored_once(self):
        wizard = self._plan(clients=self.clients[0])
        for refused in (wizard.action_apply, wizard.action_preview, wizard.action_back):
            with self._refused(UserError, "planned already"):
                refused()
        self.assertEqual(len(self._planned()), 1)

    # ------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------

    def test_bad_input(self):
        for per_day in (0, -1, 101):
            with self.subTest(per_day), self._refused(ValidationError, "'A Day' has to be between 1 and 100"):
                self._wizard(per_day=per_day)
        for day in ("2026-03-09", "2027-04-01"):
            with self.subTest(day), self._refused(UserError, "'From' has to be today"):
                self._wizard(date_from=day).action_preview()
        with self._refused(UserError, "Choose the clients first"):
            self._wizard(clients=self.env["res.partner"]).action_preview()
        with self._refused(UserError, "fill in the field 'People'"):
            self._wizard(who="turns").action_preview()
        many = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(1001)])
        with self._refused(ValidationError, "up to 1000 clients"):
            self._wizard(clients=many)

    def test_nothing_to_plan(self):
        self.clients.action_archive()
        wizard = self._wizard()
        wizard.action_preview()
        self.assertIn("There is nobody to plan a contact with", str(wizard.preview))
        self.assertIn("archived", str(wizard.preview))
        with self._refused(UserError, "nothing to plan"):
            wizard.action_apply()

    def test_statements(self):
        """Ten times the clients and days cost the same statements to plan."""
        more = self.env["res.partner"].create([{"name": f"C{n}", "user_id": self.anna.id} for n in range(50)])
        counts = []
        for clients in (self.clients, self.clients, self.clients + more):
            wizard = self._wizard(clients=clients)
            counts.append(self._count_queries(wizard._prepare_plan)[0])
        self.assertEqual(counts[1], counts[2])
