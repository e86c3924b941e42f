import importlib.util
from datetime import datetime, timedelta
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..models.discipline_fact import HISTORY
from .common import DisciplineCase
from .counting import counted

CREATED = datetime(2026, 3, 10, 10, 30)
NOW = datetime(2026, 3, 10, 12)
NIGHT = datetime(2026, 3, 11, 2)
MIGRATION = Path(__file__).parents[1] / "migrations" / "19.0.1.1.0" / "post-first_touch.py"


class TouchCase(DisciplineCase):
    @classmethod
    def _make_lead_at(cls, user, moment, **vals):
        """A lead created at that moment, also for the database."""
        with freeze_time(moment):
            lead = cls._make_lead(user, **vals)
        cls._set(lead, create_date=moment)
        return lead

    @classmethod
    def _set(cls, record, **values):
        """Write behind Odoo's back."""
        cls.env.flush_all()
        columns = ", ".join(f"{name} = %s" for name in values)
        query = f"UPDATE {record._table} SET {columns} WHERE id = %s"  # pylint: disable=sql-injection
        cls.env.cr.execute(query, [*values.values(), record.id])
        cls.env.invalidate_all()

    @classmethod
    def _say(cls, user, lead, **values):
        """A message to the customer."""
        return lead.with_user(user).message_post(
            body="Hello", **{"message_type": "comment", "subtype_xmlid": "mail.mt_comment", **values}
        )

    @classmethod
    def _touches(cls, leads):
        return cls._facts_of(leads, "lead_first_touch")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFactTouch(TouchCase):
    """Who acted on a lead first, and when, by whatever road."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Widget", "type": "service", "taxes_id": False}
        )

    def _call(self, lead):
        self._make_activity(self.anna, lead).with_user(self.lena).action_feedback()

    def _meet(self, lead, start="2026-03-10 10:45:00", stop="2026-03-10 11:30:00", **more):
        vals = {"name": "At theirs", "start": start, "stop": stop, "user_id": self.lena.id, **more}
        return self.env["calendar.event"].with_user(self.lena).create({**vals, "opportunity_id": lead.id})

    def _offer(self, lead):
        vals = {"partner_id": self.customer.id, "opportunity_id": lead.id, "user_id": self.anna.id}
        vals.update(company_id=self.company.id, order_line=[Command.create({"product_id": self.product.id})])
        return self.env["sale.order"].with_user(self.lena).create(vals)

    def _mail_all(self, leads, user):
        composer = self.env["mail.compose.message"].with_user(user)
        composer = composer.with_context(active_ids=leads.ids, default_composition_mode="mass_mail")
        vals = {"model": "crm.lead", "res_ids": repr(leads.ids), "subject": "News", "body": "<p>New</p>"}
        composer.create(vals)._action_send_mail()

    # ------------------------------------------------------------
    # What is one
    # ------------------------------------------------------------

    def test_every_road(self):
        """Credit goes to who did it: lena, though it is anna's lead and anna's call."""
        roads = {
            "activity": self._call,
            "message": lambda lead: self._say(self.lena, lead),
            "quotation": lambda lead: self._offer(lead).action_quotation_sent(),
            "meeting": self._meet,
        }
        for kind in ("lead", "opportunity"):
            for via, act in roads.items():
                with self.subTest(via, kind=kind):
                    lead = self._make_lead_at(self.anna, CREATED, type=kind)
                    self.assertFalse(self._touches(lead))
                    act(lead)
                    fact = self._touches(lead)
                    self.assertEqual((fact.user_id, fact.team_id), (self.lena, self.env["crm.team"]))
                    self.assertEqual((fact.happened_at, fact.entered_at, fact.origin), (NOW, NOW, "live"))
                    self.assertEqual((fact.details["via"], fact.details["minutes"]), (via, 90))
                    self.assertEqual(
                        (fact.res_model, fact.res_id, fact.res_name), ("crm.lead", lead.id, "Deal")
                    )
                    self.assertEqual((fact.partner_id, fact.company_id), (self.customer, self.company))
                    self.assertEqual((fact.quantity, fact.amount), (1, 0))

    def test_done_by_the_system_is_the_assignees(self):
        lead = self._make_lead_at(self.anna, CREATED)
        call = self._make_activity(self.anna, lead, user_id=self.boris.id)
        call.with_user(self.env.ref("base.user_root")).action_feedback()
        self.assertEqual((self._touches(lead).user_id, self._touches(lead).team_id), (self.boris, self.north))

    def test_answer_by_email(self):
        lead = self._make_lead_at(self.anna, CREATED)
        root = self.env.ref("base.user_root")
        self._say(root, lead, message_type="email", author_id=self.customer.id)
        self.assertFalse(self._touches(lead), "the customer's")
        self._say(root, lead, message_type="email", author_id=self.boris.partner_id.id)
        self.assertEqual(self._touches(lead).user_id, self.boris)

    def test_mailing(self):
        leads = self._make_lead_at(self.anna, CREATED) + self._make_lead_at(self.anna, NOW)
        self._mail_all(leads, self.lena)
        self.assertEqual(self._touches(leads).user_id, self.lena)
        self.assertEqual(sorted(fact.details["minutes"] for fact in self._touches(leads)), [0, 90])

    def test_import_of_what_was_done(self):
        """An activity that comes with its date was done at noon of that day."""
        lead = self._make_lead_at(self.anna, "2026-03-05 09:00:00")
        self._make_activity(self.anna, lead, active=False, date_done="2026-03-06")
        fact = self._touches(lead)
        self.assertEqual((fact.happened_at, fact.entered_at), (datetime(2026, 3, 6, 12), NOW))
        self.assertEqual(fact.details["minutes"], 27 * 60)

    def test_older_than_its_lead(self):
        """Never less than no time at all."""
        lead = self._make_lead_at(self.anna, NOW + timedelta(seconds=1))
        self._call(lead)
        self.assertEqual(self._touches(lead).details["minutes"], 0)

    def test_credit_goes_to_who_acts(self):
        """Not to whom a message names as its author, or a meeting as its organizer."""
        lead, other, third = (self._make_lead_at(self.lena, CREATED) for _number in range(3))
        self._say(self.lena, lead, author_id=self.boris.partner_id.id)
        subtype = self.env.ref("mail.mt_comment").id
        vals = {"model": "crm.lead", "res_id": other.id, "message_type": "comment", "subtype_id": subtype}
        vals.update(author_id=self.boris.partner_id.id, body="Hello")
        self.env["mail.message"].with_user(self.lena).create(vals)
        self._meet(third, user_id=self.boris.id)
        self.assertEqual(self._touches(lead + other + third).user_id, self.lena)

    # ------------------------------------------------------------
    # What is none
    # ------------------------------------------------------------

    def test_nothing_of_that(self):
        lead = self._make_lead_at(self.anna, CREATED)
        self._make_activity(self.anna, lead)
        self._make_activity(self.anna, lead).unlink()
        self._say(self.anna, lead, subtype_xmlid="mail.mt_note")
        self._say(self.anna, lead, message_type="notification")
        self._say(self.env.ref("base.user_root"), lead)
        self._meet(lead, "2026-03-10 11:45:00", "2026-03-10 12:15:00")
        self._offer(lead)
        self._say(self.anna, self.customer)
        self._make_activity(self.anna, self.customer).action_feedback()
        lead.with_user(self.anna).write({"name": "Renamed", "expected_revenue": 7.0, "user_id": self.lena.id})
        self._mail_all(lead, self.env.ref("base.user_root"))
        self.assertFalse(self._touches(lead))

    def test_once(self):
        lead = self._make_lead_at(self.anna, CREATED)
        activity = self._make_activity(self.anna, lead)
        activity.with_user(self.anna).action_feedback()
        first = self._touches(lead)
        with freeze_time("2026-03-12 12:00:00"):
            activity.action_unarchive()
            self._say(self.lena, lead)
            lead.with_user(self.lena).write({"user_id": self.boris.id})
            activity.with_user(self.boris).action_feedback()
        self.assertEqual(self._touches(lead), first)
        self.assertEqual((first.user_id, first.quantity), (self.anna, 1))

    def test_in_silence(self):
        lead = self._make_lead_at(self.anna, CREATED).with_context(discipline_history=HISTORY)
        self._say(self.anna, lead)
        self.assertFalse(self._touches(lead))

    def test_meeting_moved_into_the_past(self):
        lead = self._make_lead_at(self.anna, CREATED)
        event = self._meet(lead, "2026-03-10 14:00:00", "2026-03-10 15:00:00")
        event.write({"name": "Elsewhere"})
        self.assertFalse(self._touches(lead))
        event.write({"start": "2026-03-10 11:00:00", "stop": "2026-03-10 12:00:00"})
        self.assertEqual(self._touches(lead).details["via"], "meeting")

    def test_meeting_before_there_was_the_lead(self):
        lead = self._make_lead_at(self.anna, CREATED)
        event = self._meet(lead, "2019-03-10 09:00:00", "2019-03-10 10:00:00")
        with freeze_time(NIGHT):
            self.facts._capture("lead_first_touch", origin="sweep")
        self.assertFalse(self._touches(lead))
        event.write({"start": "2026-03-10 10:00:00", "stop": "2026-03-10 10:30:00"})
        self.assertEqual(self._touches(lead).user_id, self.lena)

    def test_meeting_on_a_lead_that_one_may_not_see(self):
        lead = self._make_lead_at(self.boris, CREATED)
        events = self.env["calendar.event"].with_user(self.anna)
        vals = {"name": "Mine", "start": "2026-03-10 10:45:00", "stop": "2026-03-10 11:30:00"}
        event = events.create(vals)
        with self._refused(AccessError, "'Opportunity'"):
            event.write({"opportunity_id": lead.id})
        with self._refused(AccessError, "'Opportunity'"):
            events.create({**vals, "opportunity_id": lead.id})
        with self._refused(AccessError, "'Opportunity'"):
            events.with_context(default_opportunity_id=lead.id).create(vals)
        self.assertFalse(self._touches(lead))
        own = self._make_lead_at(self.anna, CREATED)
        event.write({"opportunity_id": own.id})
        self.assertEqual(self._touches(own).user_id, self.anna)
        own.user_id = self.boris
        event.write({"opportunity_id": own.id, "name": "Was mine"})  # as it was

    # ------------------------------------------------------------
    # Many, merged, found by night, from before
    # ------------------------------------------------------------

    def test_statements(self):
        """One look into the index for leads that were touched, two statements for new ones, however many at once; none
        for activities on something else."""
        for count in (1, 10):
            leads = self.env["crm.lead"].union(
                *(self._make_lead_at(self.anna, CREATED) for _number in range(count))
            )
            for expected in (2, 1):
                activities = [self._make_activity(self.anna, lead) for lead in leads]
                activities = self.env["mail.activity"].union(*activities)
                activities.with_context(discipline_history=HISTORY).write({"active": False})
                self.facts._capture("activity_done", activities.ids, origin="sweep")
                found = {activity.id: activity.res_id for activity in activities}
                self.env.ref("mail.mt_comment")  # kept once it was looked up
                self.env.flush_all()
                with counted(self.env) as counter:
                    self.facts._capture_touch("activity", found)
                self.assertEqual(counter.statements, expected)
                self.assertEqual(len(self._touches(leads)), count)
        with counted(self.env) as counter:
            self.facts._capture_touch("activity", {})
        self.assertEqual(counter.statements, 0)

    def test_merged(self):
        """What was touched stays touched, but the lead that swallows it was not answered any faster."""
        lead, other = (self._make_lead_at(self.anna, CREATED, probability=p) for p in (80, 10))
        self._say(self.lena, other)
        self.assertEqual((lead + other).with_user(self.lena).merge_opportunity(), lead)
        fact = self._touches(lead)
        self.assertEqual((fact.user_id, fact.details), (self.lena, {"merged": other.id}))
        self.assertEqual(len(self._touches(lead + other)), 2, "the other has kept its own")

    def test_merged_into_one_that_was_touched(self):
        lead, other = (self._make_lead_at(self.anna, CREATED, probability=p) for p in (80, 10))
        self._say(self.anna, lead)
        self._say(self.lena, other)
        first = self._touches(lead)
        (lead + other).with_user(self.lena).merge_opportunity()
        self.assertEqual(self._touches(lead), first)

    def test_sweep(self):
        """What bypassed the hooks, and meetings that are over: the earliest, when it was, entered by night."""
        held, said, none = (self._make_lead_at(self.anna, CREATED) for _number in range(3))
        self._set(self._meet(held, "2026-03-10 14:00:00", "2026-03-10 15:30:00"), create_date=CREATED)
        self._meet(none, "2026-03-11 14:00:00", "2026-03-11 15:30:00")
        cancelled = self._meet(none, "2026-03-10 14:00:00", "2026-03-10 15:30:00")
        cancelled.active = False
        silent = said.with_context(discipline_history=HISTORY)
        later, earlier = self._say(self.anna, silent), self._say(self.lena, silent)
        self._set(later, date="2026-03-10 13:00:00")
        self._set(earlier, date="2026-03-10 11:30:00")
        with freeze_time(NIGHT):
            self.assertEqual(self.facts._capture("lead_first_touch", origin="sweep"), 2)
            self.assertEqual(self.facts._capture("lead_first_touch", origin="sweep"), 0)
        facts = {fact.source_id: fact for fact in self._touches(held + said + none)}
        self.assertEqual(
            {key: (fact.user_id, fact.happened_at, fact.details["minutes"]) for key, fact in facts.items()},
            {
                held.id: (self.lena, datetime(2026, 3, 10, 15, 30), 300),
                said.id: (self.lena, datetime(2026, 3, 10, 11, 30), 60),
            },
        )
        self.assertEqual({(fact.entered_at, fact.origin) for fact in facts.values()}, {(NIGHT, "sweep")})

    def test_sweep_finds_nothing_to_add(self):
        for act in (self._call, lambda lead: self._offer(lead).action_quotation_sent(), self._meet):
            act(self._make_lead_at(self.anna, CREATED))
        self._mail_all(self._make_lead_at(self.anna, CREATED), self.lena)
        self._say(self.anna, self._make_lead_at(self.anna, CREATED))
        with freeze_time(NIGHT):
            self.assertEqual(self.facts._capture("lead_first_touch", origin="sweep"), 0)

    def test_cron_sweeps_it_last(self):
        """What it looks at is found before: an activity done in SQL is a touch in the same night."""
        kinds = list(reversed(self.facts._get_kinds()))
        self.assertEqual(kinds[-1], "lead_first_touch")

    def test_migration(self):
        """A database with version 1.0.0, which knew nothing of it: from what it has, at its own time."""
        lead = self._make_lead_at(self.anna, CREATED)
        converted = self._make_lead_at(self.anna, CREATED, type="lead")
        converted.with_user(self.anna).convert_opportunity(self.customer)
        lost = self._make_lead_at(self.boris, CREATED, type="lead")
        lost.with_user(self.boris).action_set_lost()
        self._call(lead)
        self._set(converted, date_conversion=NOW)
        self.env.cr.execute("DELETE FROM discipline_fact WHERE kind = 'lead_first_touch'")
        self.env.cr.execute("DELETE FROM discipline_span WHERE kind = 'lead'")
        spec = importlib.util.spec_from_file_location("migration", MIGRATION)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for _twice in range(2):
            module.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            fact = self._touches(lead + converted + lost)
            self.assertEqual((fact.res_id, fact.user_id, fact.origin), (lead.id, self.lena, "history"))
            self.assertEqual((fact.happened_at, fact.entered_at), (NOW, NOW))
            spans = self.env["discipline.span"].search(
                [("kind", "=", "lead"), ("res_id", "in", (lead + converted + lost).ids)], order="res_id"
            )
            self.assertEqual(
                [(span.res_id, span.user_id, span.date_from, span.date_to) for span in spans],
                [(converted.id, self.anna, CREATED, NOW), (lost.id, self.boris, CREATED, NOW)],
            )
