from datetime import date, datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import DisciplineCase

NOW = datetime(2026, 3, 10, 12)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFactActivity(DisciplineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead(cls.anna)

    def _assert_done(self, activity, user, happened_at=NOW, entered_at=NOW):
        fact = self._facts_of(activity)
        self.assertEqual(fact.mapped("kind"), ["activity_done"])
        self.assertEqual((fact.user_id, fact.quantity, fact.origin), (user, 1, "live"))
        self.assertEqual((fact.happened_at, fact.entered_at), (happened_at, entered_at))
        return fact

    # ------------------------------------------------------------
    # Done, whatever the road
    # ------------------------------------------------------------

    def test_statements(self):
        """The fact and the span that ends are one statement, and one looks whether it was the first touch, for any number."""
        found = []
        execute = Cursor.execute

        def watch(cursor, query, *args, **kwargs):
            found.append(query.code if isinstance(query, SQL) else str(query))
            return execute(cursor, query, *args, **kwargs)

        for count in (1, 10):
            with freeze_time("2026-03-10 09:00:00"):
                self._make_activity(self.anna, self.lead).action_feedback()
                activities = [self._make_activity(self.anna, self.lead) for _number in range(count)]
                activities = self.env["mail.activity"].union(*activities)
                self.env.flush_all()
            found.clear()
            with patch.object(Cursor, "execute", watch):
                activities.write({"active": False})
                self.env.flush_all()
            ours = [text for text in found if "discipline_" in text]
            self.assertEqual(len(ours), 2, ours)
            spans = self.env["discipline.span"].search([("res_id", "in", activities.ids)])
            self.assertEqual(len(spans), count)
            self.assertEqual(len(self._facts_of(activities)), count)

    def test_every_road(self):
        load = self.env["mail.activity"].with_user(self.anna).load
        roads = {
            "done with feedback": lambda activity: activity.action_feedback(feedback="Fine"),
            "done": lambda activity: activity.action_done(),
            "done, next one scheduled": lambda activity: activity.action_feedback_schedule_next(),
            "archived": lambda activity: activity.action_archive(),
            "written": lambda activity: activity.write({"active": False}),
            "imported": lambda activity: load([".id", "active"], [[str(activity.id), "0"]]),
        }
        for road, take in roads.items():
            with self.subTest(road):
                activity = self._make_activity(self.anna, self.lead)
                take(activity.with_user(self.anna))
                fact = self._assert_done(activity, self.anna)
                self.assertEqual(activity.done_at, NOW)
                self.assertEqual(activity.done_by, self.anna)
                self.assertEqual((fact.team_id, fact.company_id), (self.north, self.company))
                self.assertEqual(fact.activity_type_id, self.call)
                self.assertEqual(
                    (fact.res_model, fact.res_id, fact.res_name), ("crm.lead", self.lead.id, "Deal")
                )
                self.assertEqual((fact.partner_id, fact.deadline), (self.customer, self.TODAY))

    def test_bulk(self):
        first = self._make_activity(self.anna, self.lead)
        second = self._make_activity(self.boris, self._make_lead(self.boris))
        (first + second).with_user(self.lena).action_feedback()
        for activity in first + second:
            self._assert_done(activity, self.lena)

    def test_imported_as_done(self):
        model = str(self.env["ir.model"]._get_id("crm.lead"))
        result = (
            self.env["mail.activity"]
            .with_user(self.anna)
            .load(
                [
                    "summary",
                    "activity_type_id/.id",
                    "res_model_id/.id",
                    "res_id",
                    "user_id/.id",
                    "active",
                    "date_done",
                ],
                [
                    ["Today", str(self.call.id), model, str(self.lead.id), str(self.anna.id), "0", ""],
                    [
                        "Friday",
                        str(self.call.id),
                        model,
                        str(self.lead.id),
                        str(self.anna.id),
                        "0",
                        "2026-03-06",
                    ],
                ],
            )
        )
        self.assertFalse(result["messages"])
        today, friday = self.env["mail.activity"].browse(result["ids"])
        self._assert_done(today, self.anna)
        # of the past: on its own day, but entered now, which is after that day's deadline
        self._assert_done(friday, self.anna, happened_at=datetime(2026, 3, 6, 12))

    def test_without_document(self):
        activity = self.env["mail.activity"].create({"user_id": self.anna.id, "summary": "Tidy up"})
        activity.with_user(self.anna).action_done()
        fact = self._assert_done(activity, self.anna)
        self.assertFalse(fact.res_model)
        self.assertEqual(fact.company_id, self.company)

    # ------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------

    def test_credit_to_the_doer(self):
        activity = self._make_activity(self.anna, self.lead)
        activity.with_user(self.lena).action_feedback()
        self._assert_done(activity, self.lena)
        self.assertEqual(activity.done_by, self.lena)

    def test_odoobot_does_it_for_the_assignee(self):
        activity = self._make_activity(self.anna, self.lead)
        activity.with_user(self.env.ref("base.user_root")).action_feedback()
        self._assert_done(activity, self.anna)
        self.assertFalse(activity.done_by)

    def test_credit_stays(self):
        activity = self._make_activity(self.anna, self.lead)
        activity.with_user(self.anna).action_feedback()
        activity.user_id = self.boris
        self.north.member_ids -= self.anna
        fact = self._assert_done(activity, self.anna)
        self.assertEqual(fact.team_id, self.north)

    # ------------------------------------------------------------
    # Once only, taken back, and what becomes of it afterwards
    # ------------------------------------------------------------

    def test_done_twice_is_one(self):
        activity = self._make_activity(self.anna, self.lead)
        activity.with_user(self.anna).action_feedback()
        activity.with_user(self.boris).sudo().action_feedback()
        activity.write({"active": False})
        self._assert_done(activity, self.anna)

    def test_reopened_and_done_again(self):
        activity = self._make_activity(self.anna, self.lead)
        activity.with_user(self.anna).action_feedback()
        with freeze_time("2026-03-11 09:00:00"):
            activity.with_user(self.lena).action_unarchive()
            self.assertFalse(activity.done_at)
            self.assertFalse(activity.done_by)
        with freeze_time("2026-03-12 09:00:00"):
            activity.with_user(self.boris).sudo().action_feedback()
        first, back, again = self._facts_of(activity)
        self.assertEqual((back.quantity, back.user_id, back.reverses_id), (-1, self.anna, first))
        self.assertEqual(back.happened_at, datetime(2026, 3, 11, 9))
        self.assertEqual((again.quantity, again.user_id), (1, self.boris))
        self.assertEqual(again.happened_at, datetime(2026, 3, 12, 9))
        self.assertEqual(first.happened_at, NOW, "what is recorded stays")

    def test_rewritten_date_done(self):
        activity = self._make_activity(self.anna, self.lead)
        activity.with_user(self.anna).action_feedback()
        activity.with_user(self.anna).write({"date_done": "2026-03-02"})
        self._assert_done(activity, self.anna)
        self.facts._capture("activity_done", origin="sweep")
        self._assert_done(activity, self.anna)

    def test_deleting_the_source_keeps_the_fact(self):
        done = self._make_activity(self.anna, self.lead)
        done.with_user(self.anna).action_feedback()
        of_deleted_lead = self._make_activity(self.anna, self.lead)
        of_deleted_lead.with_user(self.anna).action_feedback()
        event = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": NOW,
                "stop": NOW,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": self.lead.id,
                "user_id": self.anna.id,
            }
        )
        visit = event.activity_ids
        self.assertTrue(visit)
        visit.with_user(self.anna).action_feedback()
        expected = [self._facts_of(activity).ids for activity in (done, of_deleted_lead, visit)]
        done.unlink()
        event.unlink()
        self.lead.unlink()
        self.env.invalidate_all()
        self.assertFalse((of_deleted_lead + visit).exists())
        self.assertEqual([self._facts_of(a).ids for a in (done, of_deleted_lead, visit)], expected)
        self.facts._capture("activity_done", origin="sweep")
        self.assertEqual([self._facts_of(a).ids for a in (done, of_deleted_lead, visit)], expected)

    # ------------------------------------------------------------
    # Cancelled and postponed
    # ------------------------------------------------------------

    def test_cancelled(self):
        activity = self._make_activity(self.anna, self.lead, date_deadline="2026-03-12")
        activity.with_user(self.anna).action_cancel()
        fact = self._facts_of(activity)
        self.assertEqual(fact.kind, "activity_cancelled")
        self.assertEqual((fact.user_id, fact.deadline, fact.happened_at), (self.anna, date(2026, 3, 12), NOW))

    def test_cancelled_with_its_lead(self):
        activity = self._make_activity(self.anna, self.lead)
        self.lead.unlink()
        self.assertEqual(self._facts_of(activity).mapped("kind"), ["activity_cancelled"])

    def test_postponed_only_when_due(self):
        cases = [
            ("overdue", "2026-03-09", "2026-03-11", 1),
            ("due today", "2026-03-10", "2026-03-11", 1),
            ("not yet due", "2026-03-11", "2026-03-20", 0),
            ("moved forward", "2026-03-10", "2026-03-09", 0),
            ("not moved", "2026-03-09", "2026-03-09", 0),
        ]
        for case, deadline, new, expected in cases:
            with self.subTest(case):
                activity = self._make_activity(self.anna, self.lead, date_deadline=deadline)
                activity.with_user(self.anna).write({"date_deadline": new})
                facts = self._facts_of(activity)
                self.assertEqual(len(facts), expected)
                self.assertEqual(activity.postponed_count, expected)
                if expected:
                    self.assertEqual(facts.kind, "activity_postponed")
                    self.assertEqual(facts.deadline, fields.Date.to_date(deadline))
                    self.assertEqual(facts.details, {"to": new})
                    self.assertEqual(facts.user_id, self.anna)

    def test_due_where_the_assignee_is(self):
        """16:30 UTC is tomorrow in Tokyo and today in New York."""
        for user, expected in ((self.boris, 1), (self.carla, 0)):
            activity = self._make_activity(user, self._make_lead(user), date_deadline="2026-03-11")
            with freeze_time("2026-03-10 16:30:00"):
                activity.write({"date_deadline": "2026-03-12"})
            self.assertEqual(len(self._facts_of(activity)), expected, user.name)

    def test_postponed_by_moving_the_meeting(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": NOW,
                "stop": NOW,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": self.lead.id,
                "user_id": self.anna.id,
            }
        )
        activity = event.activity_ids
        event.with_user(self.anna).write({"start": "2026-03-12 10:00:00", "stop": "2026-03-12 11:00:00"})
        self.assertEqual(self._facts_of(activity).mapped("kind"), ["activity_postponed"])
        self.assertEqual(activity.postponed_count, 1)

    def test_done_with_a_new_date_is_not_postponed_twice(self):
        activity = self._make_activity(self.anna, self.lead)
        activity.write({"date_deadline": "2026-03-11"})
        with freeze_time("2026-03-11 10:00:00"):
            activity.write({"date_deadline": "2026-03-12"})
            activity.with_user(self.anna).action_feedback()
        kinds = self._facts_of(activity).mapped("kind")
        self.assertEqual(kinds, ["activity_postponed", "activity_postponed", "activity_done"])
        self.assertEqual(activity.postponed_count, 2)

    # ------------------------------------------------------------
    # Stamps
    # ------------------------------------------------------------

    def test_stamps_are_the_servers(self):
        stamps = {
            "done_at": "2026-03-01 08:00:00",
            "done_by": self.boris.id,
            "open_since": "2026-03-01 08:00:00",
            "postponed_count": 0,
        }
        activity = self._make_activity(self.anna, self.lead)
        admin = activity.with_user(self.env.ref("base.user_admin"))
        for name, value in stamps.items():
            label = activity._fields[name]._description_string(self.env)
            with self.subTest(name):
                for record in (activity.with_user(self.anna), admin, activity):
                    with self._refused(UserError, label):
                        record.write({name: value})
                with self._refused(UserError, label):
                    self._make_activity(self.anna, self.lead, **{name: value})
        defaults = {f"default_{name}": value for name, value in {**stamps, "postponed_count": 9}.items()}
        other = (
            self.env["mail.activity"]
            .with_context(**defaults)
            .create({"summary": "X", "user_id": self.anna.id})
        )
        self.assertEqual([other[name] or None for name in stamps], [None, None, NOW, None])
        result = activity.with_user(self.anna).load(
            [".id", "done_at"], [[str(activity.id), "2026-03-01 08:00:00"]]
        )
        self.assertIn("Done on", result["messages"][0]["message"])
        self.assertFalse(activity.done_at)
        with self._refused(UserError, "Open Since"):
            self._make_lead(self.anna, open_since="2026-03-01 08:00:00")
        with self._refused(UserError, "Open Since"):
            self.lead.write({"open_since": "2026-03-01 08:00:00"})
