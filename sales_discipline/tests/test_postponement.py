from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .engine_common import EngineCase, at


@tagged("post_install", "-at_install")
class TestPostponement(EngineCase):
    """What is overdue at 18:00 cannot be emptied at 17:59, whatever road is taken; and each time is listed."""

    LAST_MINUTE = "2026-03-10 16:59:00"  # in Berlin
    CLOSED = "2026-03-10 17:00:00"

    def setUp(self):
        super().setUp()
        with freeze_time("2026-03-06 09:00:00"):
            self.lead = self._make_lead(self.anna)
            self.activity = self._make_activity(self.anna, self.lead, date_deadline="2026-03-09")
            self.env.flush_all()

    def _overdue(self, user=None, day="2026-03-10"):
        """(number, ids) of a person's overdue activities at 18:00 in Berlin."""
        first = date.fromisoformat(day)
        window = self._window("key", user or self.anna, first, entered_by=at(f"{day} 17:00:00"))
        metric = self._metric("activities_overdue")
        found = metric._measure([window])[metric.id, "key"]
        self.assertEqual(found.value, len(found.ids))
        return found.value

    def _own(self, user=None):
        return self.activity.with_user(user or self.anna)

    def test_overdue_before(self):
        self.assertEqual(self._overdue(), 1)

    def test_roads_of_moving_it(self):
        """Form, list and RPC write; an import loads; a button moves it to tomorrow; a meeting takes it along."""
        roads = {
            "written": lambda: self._own().write({"date_deadline": "2026-03-20"}),
            "imported": lambda: self._own().load(
                [".id", "date_deadline"], [[str(self.activity.id), "2026-03-20"]]
            ),
            "rescheduled": lambda: self._own().action_reschedule_tomorrow(),
            "with others": lambda: (
                self._own() + self._make_activity(self.anna, self.lead).with_user(self.anna)
            ).write({"date_deadline": "2026-03-20"}),
            "twice": lambda: [
                self._own().write({"date_deadline": day}) for day in ("2026-03-10", "2026-03-21")
            ],
            "there and back": lambda: [
                self._own().write({"date_deadline": day}) for day in ("2026-03-20", "2026-03-10")
            ],
        }
        for road, take in roads.items():
            with self.subTest(road), self.env.cr.savepoint() as savepoint:
                with freeze_time(self.LAST_MINUTE):
                    take()
                self.assertGreaterEqual(self._overdue(), 1)
                self.assertEqual(self._overdue(day="2026-03-09"), 0, "it was due that day, not overdue")
                self.assertGreaterEqual(self.activity.postponed_count, 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_deleted_and_made_again(self):
        with freeze_time(self.LAST_MINUTE):
            self._own().unlink()
            self._make_activity(self.anna, self.lead, date_deadline="2026-03-20")
        self.assertEqual(self._overdue(), 1)
        self.assertEqual(self._overdue(day="2026-03-11"), 0, "for that day alone")

    def test_cancelled(self):
        with freeze_time(self.LAST_MINUTE):
            self._own().action_cancel()
        self.assertEqual(self._overdue(), 1)

    def test_deleted_by_the_leader(self):
        """A leader who takes a task away has decided so."""
        with freeze_time(self.LAST_MINUTE):
            self._own(self.mark).unlink()
        self.assertEqual(self._overdue(), 0)

    def test_deleted_before_it_was_overdue(self):
        with freeze_time(self.LAST_MINUTE):
            self._make_activity(self.anna, self.lead, date_deadline="2026-03-10").with_user(
                self.anna
            ).unlink()
            self._make_activity(self.anna, self.lead, date_deadline="2026-03-12").with_user(
                self.anna
            ).unlink()
        self.assertEqual(self._overdue(), 1)

    def test_deleted_with_its_meeting(self):
        with freeze_time("2026-03-06 09:00:00"):
            event = (
                self.env["calendar.event"]
                .with_user(self.anna)
                .create(
                    {
                        "name": "Visit",
                        "start": "2026-03-09 09:00:00",
                        "stop": "2026-03-09 10:00:00",
                        "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                        "res_id": self.lead.id,
                        "user_id": self.anna.id,
                    }
                )
            )
            self.env.flush_all()
        self.assertEqual(self._overdue(), 2)
        with freeze_time(self.LAST_MINUTE):
            event.unlink()
        self.assertEqual(self._overdue(), 2)
        self.assertEqual(self._overdue(day="2026-03-11"), 1)

    def test_handed_over(self):
        """It stays with whoever hands it over for that day; who gets it has it from the next day on."""
        with freeze_time(self.LAST_MINUTE):
            self._own().write({"user_id": self.carla.id})
        self.assertEqual((self._overdue(), self._overdue(self.carla)), (1, 0))
        self.assertEqual([self._overdue(user, "2026-03-11") for user in (self.anna, self.carla)], [0, 1])

    def test_handed_over_and_moved_at_once(self):
        with freeze_time(self.LAST_MINUTE):
            self._own().write({"user_id": self.carla.id, "date_deadline": "2026-03-20"})
        self.assertEqual((self._overdue(), self._overdue(self.carla)), (1, 0))

    def test_handed_over_and_taken_back(self):
        with freeze_time(self.LAST_MINUTE):
            self._own().write({"user_id": self.carla.id})
            self._own(self.carla).sudo().write({"user_id": self.anna.id})
        self.assertEqual((self._overdue(), self._overdue(self.carla)), (1, 0))

    def test_handed_over_to_nobody(self):
        with freeze_time(self.LAST_MINUTE):
            self._own().write({"user_id": False})
        self.assertEqual(self._overdue(), 1)

    def test_handed_over_and_done(self):
        with freeze_time("2026-03-10 12:00:00"):
            self._own().write({"user_id": self.carla.id})
        with freeze_time(self.LAST_MINUTE):
            self._own(self.carla).action_feedback()
        self.assertEqual((self._overdue(), self._overdue(self.carla)), (0, 0))

    def test_handed_over_by_the_leader(self):
        with freeze_time(self.LAST_MINUTE):
            self._own(self.mark).write({"user_id": self.carla.id})
        self.assertEqual((self._overdue(), self._overdue(self.carla)), (0, 1))

    def test_archived(self):
        """In Odoo archived is done: it counts as done, and not as overdue; undone, it is overdue again."""
        with freeze_time(self.LAST_MINUTE):
            self._own().action_archive()
        self.assertEqual(self._overdue(), 0)
        self.assertEqual(self._facts_of(self.activity).mapped("kind"), ["activity_done"])
        with freeze_time("2026-03-11 09:00:00"):
            self._own().action_unarchive()
        self.assertEqual(self._overdue(day="2026-03-11"), 1)
        self.assertEqual(self._facts_of(self.activity).mapped("quantity"), [1, -1])

    def test_done_and_made_again(self):
        with freeze_time(self.LAST_MINUTE):
            self._own().action_feedback()
            self._make_activity(self.anna, self.lead, date_deadline="2026-03-09")
        self.assertEqual(self._overdue(), 1, "made anew with the date that it had, it is overdue as before")

    def test_same_number_late(self):
        """A cron that runs on the next day finds what one at the deadline finds."""
        with freeze_time("2026-03-10 12:00:00"):
            self._own().write({"user_id": self.carla.id})
        on_time = (self._overdue(), self._overdue(self.carla))
        with freeze_time("2026-03-10 19:00:00"):
            self._own(self.carla).unlink()
        self.assertEqual((self._overdue(), self._overdue(self.carla)), on_time)

    # ------------------------------------------------------------
    # The list
    # ------------------------------------------------------------

    def _rows(self, user=None, domain=()):
        rows = self.env["discipline.postponement"].with_user(user or self.mark)
        return rows.search([("activity_id", "=", self.activity.id), *domain], order="id")

    def test_who_from_to_how_often(self):
        with freeze_time("2026-03-09 10:00:00"):
            self._own().write({"date_deadline": "2026-03-10"})
        with freeze_time("2026-03-10 10:00:00"):
            self._own().write({"date_deadline": "2026-03-20"})
            self._own().write({"date_deadline": "2026-03-21"})
        with freeze_time("2026-03-21 10:00:00"):
            self._own().write({"user_id": self.boris.id})
        with freeze_time("2026-03-22 10:00:00"):
            self._own(self.boris).unlink()
        rows = self._rows()
        self.assertEqual(
            rows.mapped("kind"),
            ["activity_postponed", "activity_postponed", "activity_handed_over", "activity_cancelled"],
        )
        self.assertEqual(rows.mapped("number"), [1, 2, 3, 4])
        self.assertEqual(rows.mapped("is_last"), [False, False, False, True])
        self.assertEqual(rows.user_id, self.anna + self.boris)
        first, second, third, _last = rows
        self.assertEqual(
            (first.deadline, first.deadline_to, first.days), (date(2026, 3, 9), date(2026, 3, 10), 1)
        )
        self.assertEqual((second.deadline_to, second.days), (date(2026, 3, 20), 10))
        self.assertEqual((third.to_user_id, third.happened_at), (self.boris, datetime(2026, 3, 21, 10)))
        self.assertEqual(first.action_open()["res_id"], first.fact_id.id)

    def test_who_sees_what(self):
        with freeze_time(self.LAST_MINUTE):
            self._own().write({"date_deadline": "2026-03-20"})
        for user, expected in (
            (self.anna, 1),
            (self.lena, 1),
            (self.mark, 1),
            (self.boris, 0),
            (self.luis, 0),
        ):
            with self.subTest(user.name):
                self.assertEqual(len(self._rows(user)), expected)
        self.assertFalse(self._rows(self.olga))
        for user in (self.paula, self.portal):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._rows(user)
