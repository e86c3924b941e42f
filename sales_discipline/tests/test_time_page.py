from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .time_common import TimeCase


@tagged("post_install", "-at_install")
class TestTimePage(TimeCase):
    """Entering time: by minutes, by timer, corrections; one's own alone."""

    def test_add(self):
        """Minutes are added to today, or to another day of the study that has come."""
        page = self._add(self.anna, self.selling, 30)
        self._add(self.anna, self.claims, 15, "2026-03-09", note=" Broken probe ")
        self.assertEqual(
            self._own(self.e_anna),
            [("2026-03-10", self.selling.name, 30), ("2026-03-09", self.claims.name, 15)],
        )
        self.assertEqual((str(page["date"]), str(page["today"])), ("2026-03-10", "2026-03-10"))
        [row] = [one for one in page["categories"] if one["id"] == self.selling.id]
        self.assertEqual((row["minutes"], row["width"]), (30, 100 * 30 / 480))
        monday, tuesday, *_rest = self._as(self.anna, "get_time_page")["days"]
        self.assertEqual((monday["minutes"], monday["planned"], monday["left"]), (15, 480, 465))
        self.assertEqual((tuesday["minutes"], tuesday["filled"], tuesday["is_today"]), (30, 6, True))
        page = self._as(self.anna, "get_time_page", "2026-03-09")
        self.assertEqual([entry["note"] for entry in page["entries"]], ["Broken probe"])

    def test_today_is_local(self):
        """Tuesday evening in Berlin is Wednesday in Tokyo."""
        self._add(self.anna, self.selling, 5, at="2026-03-10 20:00:00")
        self._add(self.boris, self.selling, 5, at="2026-03-10 20:00:00")
        self.assertEqual(self._own(self.e_anna)[0][0], "2026-03-10")
        self.assertEqual(self._own(self.e_boris)[0][0], "2026-03-11")

    def test_bad_input(self):
        """What does not fit is refused in words, and nothing is stored."""
        cases = [
            ((self.selling, 0), "whole number from 1 to 1440"),
            ((self.selling, -5), "whole number"),
            ((self.selling, 1441), "whole number"),
            ((self.selling, 2.5), "whole number"),
            ((self.selling, "30"), "whole number"),
            ((self.selling, True), "whole number"),
            ((self.selling, 30, "2026-03-08"), "about the days from"),
            ((self.selling, 30, "2026-03-14"), "about the days from"),
            ((self.selling, 30, "2026-03-11"), "has not come yet"),
            ((self.selling, 30, "yesterday"), "is no date"),
            ((self.selling, 30, [1]), "is no date"),
        ]
        for args, words in cases:
            with self.subTest(args), self._refused(UserError, words):
                self._add(self.anna, *args)
        for note in ("x" * 501, 5, ["a"]):
            with self.subTest(note), self._refused(UserError, "500 characters"):
                self._add(self.anna, self.selling, 5, note=note)
        for category_id in (0, False, "1", 10**9, [1]):
            with self.subTest(category_id), self._refused(UserError, "not asked for"):
                self._as(self.anna, "add_time", category_id, 5)
        self.assertFalse(self._own(self.e_anna))

    def test_a_day_has_24_hours(self):
        self._add(self.anna, self.selling, 1440)
        with self._refused(UserError, "has 24 hours"):
            self._add(self.anna, self.claims, 1)
        self._add(self.anna, self.claims, 1, "2026-03-09")
        [entry] = self.entries.search([("date", "=", "2026-03-09")])
        with self._refused(UserError, "has 24 hours"):
            self._as(self.anna, "change_entry", entry.id, {"date": "2026-03-10"})

    # ------------------------------------------------------------
    # Timers
    # ------------------------------------------------------------

    def test_timer(self):
        """One timer at a time, by the server's clock: starting another stops the first."""
        page = self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 08:00:00")
        self.assertEqual((page["timer"]["category_id"], page["timer"]["since"]), (self.selling.id, "09:00"))
        page = self._as(self.anna, "start_timer", self.claims.id, at="2026-03-10 08:40:20")
        self.assertEqual((page["timer"]["category_id"], page["timer"]["minutes"]), (self.claims.id, 0))
        page = self._as(self.anna, "stop_timer", at="2026-03-10 09:00:40")
        self.assertFalse(page["timer"])
        self.assertEqual(
            self._own(self.e_anna),
            [("2026-03-10", self.selling.name, 40), ("2026-03-10", self.claims.name, 20)],
        )
        self.assertEqual([(e["since"], e["until"]) for e in page["entries"]][1], ("09:00", "09:40"))
        self._as(self.anna, "stop_timer", at="2026-03-10 09:05:00")  # nothing runs: nothing happens
        self.assertEqual(len(self._own(self.e_anna)), 2)

    def test_slip(self):
        """A tap that is taken back within half a minute leaves nothing."""
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 08:00:00")
        self._as(self.anna, "stop_timer", at="2026-03-10 08:00:20")
        self.assertFalse(self._own(self.e_anna))

    def test_one_timer_in_the_database(self):
        """Also if two requests come at once."""
        values = {"participant_id": self._part(self.e_anna).id, "category_id": self.selling.id}
        values.update(date="2026-03-10", started_at=self.NOW)
        self.entries.create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.entries.create(values)

    def test_forgotten(self):
        """A timer that runs overnight ends with the working day, and that is said; the cron and the page find the same."""
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 14:00:00")
        page = self._as(self.anna, "get_time_page", at="2026-03-10 22:59:00")
        self.assertTrue(page["timer"])
        page = self._as(self.anna, "get_time_page", at="2026-03-10 23:00:00")  # midnight in Berlin
        self.assertEqual([row["minutes"] for row in page["cut"]], [120])
        self.assertFalse(page["timer"])
        [entry] = self.entries.search([])
        self.assertEqual((str(entry.stopped_at), entry.is_cut), ("2026-03-10 16:00:00", True))
        self.assertEqual(str(entry.entered_at), "2026-03-10 23:00:00")
        self.assertFalse(self._as(self.anna, "get_time_page", at="2026-03-10 23:05:00")["cut"])
        page = self._as(self.anna, "change_entry", entry.id, {"minutes": 90}, at="2026-03-11 08:00:00")
        self.assertFalse(page["entries"][0]["is_cut"])

    def test_forgotten_cron(self):
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 14:00:00")
        self._as(
            self.boris, "start_timer", self.claims.id, at="2026-03-10 09:00:00"
        )  # 18:00 there, after work
        with freeze_time("2026-03-11 03:00:00"):
            self.studies._cron_run()
        found = {entry.user_id: (entry.minutes, entry.is_cut) for entry in self.entries.search([])}
        self.assertEqual(found, {self.anna: (120, True), self.boris: (60, True)})

    def test_timer_has_room(self):
        """A forgotten timer takes no more than the day has left."""
        self._add(self.anna, self.claims, 1380)
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 08:00:00")
        with freeze_time("2026-03-11 03:00:00"):
            self.studies._cron_run()
        self.assertEqual(sum(row[2] for row in self._own(self.e_anna)), 1440)

    def test_timer_only_today(self):
        with self._refused(UserError, "about the days from"):
            self._as(self.anna, "start_timer", self.selling.id, at="2026-03-14 12:00:00")

    # ------------------------------------------------------------
    # Corrections
    # ------------------------------------------------------------

    def test_correct(self):
        """A correction keeps what was said before, with both moments."""
        page = self._add(self.anna, self.selling, 30, at="2026-03-10 10:00:00")
        values = {"minutes": 20, "category_id": self.claims.id, "note": "Probe", "date": "2026-03-09"}
        page = self._as(self.anna, "change_entry", page["added"], values, at="2026-03-10 11:00:00")
        self.assertEqual(str(page["date"]), "2026-03-09")
        self.assertEqual(self._own(self.e_anna), [("2026-03-09", self.claims.name, 20)])
        every = self.entries.with_context(active_test=False).search([], order="active")
        self.assertEqual(every.mapped("minutes"), [30, 20])
        self.assertEqual([str(entry.entered_at)[11:16] for entry in every], ["10:00", "11:00"])
        self.assertEqual(str(every[0].removed_at)[11:16], "11:00")

    def test_remove_and_undo(self):
        added = self._add(self.anna, self.selling, 30)["added"]
        page = self._as(self.anna, "remove_entry", added)
        self.assertFalse(page["entries"])
        page = self._as(self.anna, "restore_entry", page["removed"])
        self.assertEqual([row["minutes"] for row in page["entries"]], [30])
        with self._refused(UserError, "not there any more"):
            self._as(self.anna, "remove_entry", added)

    def test_lead(self):
        """An opportunity that one may see can be named."""
        added = self._add(self.anna, self.selling, 30)["added"]
        lead, foreign = self._make_lead(self.anna), self._make_lead(self.boris)
        page = self._as(self.anna, "change_entry", added, {"lead_id": lead.id})
        [entry] = page["entries"]
        self.assertEqual(entry["lead"], lead.name)
        for lead_id in (foreign.id, 10**9, "x"):
            with self.subTest(lead_id), self._refused(UserError, "opportunity that you may see"):
                self._as(self.anna, "change_entry", entry["id"], {"lead_id": lead_id})

    def test_change_bad_input(self):
        added = self._add(self.anna, self.selling, 30)["added"]
        for values in ({"user_id": self.boris.id}, {"study_id": 1}, "x", None, [1]):
            with self.subTest(values), self._refused(UserError, "An entry has"):
                self._as(self.anna, "change_entry", added, values)
        for entry_id in (0, False, "1", None, True, 10**9):
            with self.subTest(entry_id), self._refused(UserError, "not there any more"):
                self._as(self.anna, "change_entry", entry_id, {"minutes": 5})
        self._as(self.anna, "start_timer", self.selling.id)
        [timer] = self.entries.search([("stopped_at", "=", False), ("started_at", "!=", False)])
        with self._refused(UserError, "Stop the timer"):
            self._as(self.anna, "change_entry", timer.id, {"minutes": 5})

    def test_own_alone(self):
        """Nobody changes what others have entered, a leader and a manager included."""
        added = self._add(self.anna, self.selling, 30)["added"]
        for user in (self.boris, self.lena):  # a leader takes part as well
            with self.subTest(user.login), self._refused(UserError, "not there any more"):
                self._as(user, "remove_entry", added)
        for user in (self.carla, self.luis, self.mark):
            with self.subTest(user.login), self._refused(UserError, "take part in no time study"):
                self._as(user, "remove_entry", added)
            with self.subTest(user.login), self._refused(UserError, "take part in no time study"):
                self._add(user, self.selling, 5)
        entry = self.entries.browse(added)
        for user in (self.anna, self.lena, self.mark):
            with self.subTest(user.login):
                for method, args in (("write", ({"minutes": 5},)), ("unlink", ()), ("copy", ())):
                    with self.assertRaises(AccessError):
                        getattr(entry.with_user(user), method)(*args)
                with self.assertRaises(AccessError):
                    self.entries.with_user(user).create({"participant_id": entry.participant_id.id})
                with self.assertRaises(AccessError):
                    entry.participant_id.with_user(user).estimate = 5

    # ------------------------------------------------------------
    # The estimate
    # ------------------------------------------------------------

    def test_estimate(self):
        """Asked before the first entry, and locked after it."""
        self.env.cr.execute("UPDATE discipline_time_study SET ask_estimate = TRUE")
        self.env.invalidate_all()
        self.assertTrue(self._as(self.anna, "get_time_page")["estimate"]["asked"])
        for method, args in (("add_time", (self.selling.id, 5)), ("start_timer", (self.selling.id,))):
            with self.subTest(method), self._refused(UserError, "Estimate first"):
                self._as(self.anna, method, *args)
        for percent in (-1, 101, "30", None, True, float("nan")):
            with self.subTest(percent), self._refused(UserError, "from 0 to 100"):
                self._as(self.anna, "set_estimate", percent)
        page = self._as(self.anna, "set_estimate", 0)
        self.assertEqual(page["estimate"], {"asked": False, "value": 0.0})
        with self._refused(UserError, "stays as it is"):
            self._as(self.anna, "set_estimate", 30)
        self._add(self.anna, self.selling, 5)
        self.assertEqual(self._part(self.e_anna).estimate, 0)

    def test_no_estimate_after_an_entry(self):
        """Whoever has entered something cannot estimate any more, even if it was removed since."""
        page = self._add(self.anna, self.selling, 5)
        self._as(self.anna, "remove_entry", page["added"])
        with self._refused(UserError, "before the first entry"):
            self._as(self.anna, "set_estimate", 30)

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_statements(self):
        """A page of sixty entries takes as many statements as one of two."""
        for minutes in (5, 10):
            self._add(self.anna, self.selling, minutes)
        few, _page = self._count_again(self._as, self.anna, "get_time_page")
        for number in range(58):
            day = f"2026-03-{9 + number % 2:02}"
            self._add(self.anna, self.claims if number % 3 else self.travel, 5, day)
        self.assertEqual(self._count_again(self._as, self.anna, "get_time_page")[0], few)
        self.assertLessEqual(few, 20)
