from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .time_common import TimeCase


@tagged("post_install", "-at_install")
class TestTimeStudy(TimeCase):
    """The course of a study, and who may do what with it."""

    # ------------------------------------------------------------
    # Who takes part
    # ------------------------------------------------------------

    def test_participants(self):
        """The members of the team and its leader, with the team and the hours as of the start."""
        self.assertEqual(self.study.participant_ids.employee_id, self.e_anna + self.e_boris + self.e_lena)
        anna = self._part(self.e_anna)
        self.assertEqual((anna.team_id, anna.user_id, anna.planned_minutes), (self.north, self.anna, 5 * 480))
        self.assertEqual(anna.schedule["2026-03-10"], [480, "2026-03-10 16:00:00"])
        self.assertEqual(self._part(self.e_boris).schedule["2026-03-10"], [480, "2026-03-10 08:00:00"])

    def test_leave(self):
        """Leave and holidays are no hours to enter."""
        leaves = self.env["resource.calendar.leaves"]
        leaves.create(
            {
                "name": "Leave",
                "resource_id": self.e_anna.resource_id.id,
                "date_from": "2026-03-11 00:00:00",
                "date_to": "2026-03-12 23:00:00",
            }
        )
        study = self._make_study(teams=self.north, date_from="2026-03-10", date_to="2026-03-13", start=None)
        self.study.sudo()._close(self._at("2026-03-10 12:00:00"))
        with freeze_time("2026-03-10 12:00:00"):
            study.action_start()
        self.assertEqual(self._part(self.e_anna, study).planned_minutes, 2 * 480)
        self.assertEqual(self._part(self.e_boris, study).planned_minutes, 4 * 480)

    def test_audience(self):
        """By people, jobs, teams; nobody chosen is every member of a team."""
        everybody = self._make_study(teams=self.env["crm.team"], date_from="2026-03-16", date_to="2026-03-20")
        people = self.e_anna + self.e_boris + self.e_carla + self.e_lena + self.e_luis  # leaders of teams too
        self.assertEqual(everybody.participant_ids.employee_id, people)
        chosen = self._make_study(
            teams=self.env["crm.team"],
            employee_ids=[Command.set(self.e_mark.ids)],
            date_from="2026-03-23",
            date_to="2026-03-27",
        )
        self.assertEqual(chosen.participant_ids.employee_id, self.e_mark)

    def test_later_member(self):
        """Whoever is chosen while it runs takes part from then on; who leaves with entries stays."""
        self._add(self.anna, self.selling, 5)
        with freeze_time(self.NOW):
            self.study.with_user(self.mark).write({"team_ids": [Command.set(self.south.ids)]})
        people = self.study.participant_ids.employee_id
        self.assertEqual(people, self.e_anna + self.e_carla + self.e_luis)  # who has entries stays

    def test_nobody(self):
        study = self._make_study(teams=self.env["crm.team"].create({"name": "Empty"}), start=None)
        with self._refused(UserError, "Nobody would take part"), freeze_time("2026-03-06"):
            study.with_user(self.mark).action_start()

    def test_two_at_once(self):
        """Nobody takes part in two studies on the same days."""
        study = self._make_study(date_from="2026-03-13", date_to="2026-03-16", start=None)
        with (
            self._refused(UserError, "takes part in “Where time goes” on the same days"),
            freeze_time("2026-03-06"),
        ):
            study.with_user(self.mark).action_start()

    def test_notice(self):
        """Each is told once, in their language."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self.boris.lang = "ru_RU"
        self._make_study(
            date_from="2026-03-16", date_to="2026-03-20", name="Second", note="Five minutes a day"
        )
        messages = self.env["mail.message"].search([("subject", "ilike", "Second")])
        self.assertEqual(len(messages), 2)
        self.assertEqual(messages.notified_partner_ids, (self.anna + self.boris + self.lena).partner_id)
        self.assertTrue(all("Five minutes a day" in body for body in messages.mapped("body")))
        self.assertTrue(all("/odoo/time-study" in body for body in messages.mapped("body")))

    # ------------------------------------------------------------
    # The course
    # ------------------------------------------------------------

    def test_start_checks(self):
        cases = [
            ({"category_ids": [Command.set(self.selling.ids)]}, "at least one of selling"),
            ({"category_ids": [Command.set((self.claims + self.travel).ids)]}, "at least one of selling"),
            ({"date_from": "2026-02-02", "date_to": "2026-02-06"}, "is over"),
        ]
        for vals, words in cases:
            with self.subTest(words):
                study = self._make_study(start=None, **vals)
                with self._refused(UserError, words), freeze_time("2026-03-06"):
                    study.with_user(self.mark).action_start()
                self.assertEqual((study.state, study.participant_ids.ids), ("draft", []))
        with self._refused(UserError, "has been started already"):
            self.study.with_user(self.mark).action_start()

    def test_bad_input(self):
        cases = [
            ({"name": " "}, "Fill in “Name”"),
            ({"date_from": "2026-03-13", "date_to": "2026-03-09"}, "Last Day"),
            ({"date_from": "2026-03-01", "date_to": "2026-04-01"}, "31 days at most"),
        ]
        for vals, words in cases:
            with self.subTest(words), self._refused(ValidationError, words):
                self._make_study(start=None, **vals)

    def test_close(self):
        """Timers stop, and nothing changes any more: not by the page, not by fields, not by the superuser."""
        self._add(self.anna, self.selling, 30)
        self._as(self.anna, "start_timer", self.claims.id, at="2026-03-10 12:00:00")
        with freeze_time("2026-03-10 13:00:00"):
            self.study.with_user(self.mark).action_close()
        self.assertEqual([row[2] for row in self._own(self.e_anna)], [30, 60])
        with self._refused(UserError, "take part in no time study"):
            self._add(self.anna, self.selling, 5)
        entry = self.entries.search([], limit=1)
        for change in (
            lambda: entry.write({"minutes": 1}),
            lambda: entry.copy(),
            lambda: entry._remove(None),
        ):
            with self._refused(UserError, "is closed"):
                change()
        for vals in (
            {"name": "x"},
            {"limit_percent": 0},
            {"date_to": "2026-03-20"},
            {"cost_source": "fixed"},
        ):
            with self.subTest(vals), self._refused(UserError, "is closed"):
                self.study.with_user(self.mark).write(vals)
        with self._refused(UserError, "has entries and stays"):
            self.study.with_user(self.mark).unlink()

    def test_closes_by_itself(self):
        """So many days after the last one; late entries are possible until then."""
        self._add(self.anna, self.selling, 30, "2026-03-13", at="2026-03-16 20:00:00")
        with freeze_time("2026-03-16 23:59:00"):
            self.studies._cron_run()
        self.assertEqual(self.study.state, "running")
        with freeze_time("2026-03-17 00:00:00"):
            self.studies._cron_run()
        self.assertEqual(self.study.state, "closed")

    def test_running_terms(self):
        """What entries were made by stays once it runs; the state is changed by buttons alone."""
        mine = self.study.with_user(self.mark)
        for vals in (
            {"date_from": "2026-03-02"},
            {"category_ids": [Command.clear()]},
            {"ask_estimate": True},
        ):
            with self.subTest(vals), self._refused(UserError, "is running"):
                mine.write(vals)
        for vals in ({"state": "closed"}, {"closed_on": self.NOW}):
            with self.subTest(vals), self._refused(UserError, "Use the buttons"):
                mine.write(vals)
        self._add(self.anna, self.selling, 5)
        with self._refused(UserError, "there are entries after"):
            mine.date_to = "2026-03-09"
        mine.date_to = "2026-03-10"
        with self._refused(UserError, "Use the buttons"):
            self.studies.with_user(self.mark).create({"name": "x", "state": "closed"})

    def test_leaders_study_their_own(self):
        """A draft too is about teams that one leads, and of one's own."""
        draft = self._make_study(self.lena, start=None, team_ids=[Command.set(self.north.ids)])
        mine = draft.with_user(self.lena)
        for vals in (
            {"team_ids": [Command.link(self.south.id)]},
            {"team_ids": [Command.clear()]},
            {"employee_ids": [Command.set(self.e_carla.ids)]},
            {"user_id": self.anna.id},
        ):
            with self.subTest(vals), self._refused(AccessError, "teams that you lead|is your own"):
                mine.write(vals)
        mine.employee_ids = self.e_boris

    def test_copy(self):
        with freeze_time("2026-03-18"):
            copied = self.study.with_user(self.mark).copy()
        self.assertEqual((str(copied.date_from), str(copied.date_to)), ("2026-03-23", "2026-03-27"))
        self.assertEqual((copied.state, copied.participant_ids.ids), ("draft", []))

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def test_leader(self):
        """A leader studies the own team, and neither another nor everybody."""
        self.study.with_user(self.mark).action_close()
        own = self._make_study(self.lena)
        self.assertEqual(own.participant_ids.employee_id, self.e_anna + self.e_boris + self.e_lena)
        none = self.env["crm.team"]
        for vals in (
            {"teams": self.south},
            {"teams": self.north + self.south},
            {"teams": none},
            {"teams": none, "employee_ids": [Command.set(self.e_carla.ids)]},
            {"user_id": self.mark.id},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                self._make_study(self.lena, start=None, **vals)
        with self.assertRaises(AccessError):
            own.with_user(self.lena).write({"team_ids": [Command.set(self.south.ids)]})
        for user in (self.luis, self.anna, self.olga):
            for method in ("action_close", "action_start"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    getattr(own.with_user(user), method)()
            with self.subTest(user.login), self.assertRaises(AccessError):
                own.with_user(user).write({"name": "Mine"})
        own.with_user(self.lena).action_close()

    def test_who_sees(self):
        """Own, teams led, all of the company; payroll reads."""
        self._add(self.anna, self.selling, 5)
        self._add(self.boris, self.selling, 5)
        self._add(self.lena, self.selling, 5)
        self.env.flush_all()
        seen = {self.anna: 1, self.boris: 1, self.carla: 0, self.lena: 3, self.luis: 0, self.mark: 3}
        seen |= {self.paula: 3, self.olga: 0}
        for user, count in seen.items():
            with self.subTest(user.login):
                found = [
                    self.env[name].with_user(user).search_count([("study_id", "=", self.study.id)])
                    for name in (
                        "discipline.time.participant",
                        "discipline.time.entry",
                        "discipline.time.report",
                    )
                ]
                self.assertEqual(found, [count] * 3)
                studies = self.studies.with_user(user).search([("id", "=", self.study.id)])
                self.assertEqual(bool(studies), bool(count))
        for name in ("study", "participant", "entry", "report", "category"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[f"discipline.time.{name}"].with_user(self.portal).search([])

    def test_salesperson_starts_none(self):
        for user in (self.anna, self.paula):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._make_study(user, start=None)

    # ------------------------------------------------------------
    # Categories
    # ------------------------------------------------------------

    def test_categories(self):
        """One's own company's; those shared by all are changed by whoever works in all of them."""
        self._add(self.anna, self.claims, 5)
        categories = self.env["discipline.time.category"].with_user(self.mark)
        own = categories.create({"name": "Fairs", "kind": "selling", "company_id": self.company.id})
        own.kind = "other"
        with self._refused(AccessError, "shared by all companies"):
            self.claims.with_user(self.mark).name = "Complaints"
        with self._refused(AccessError, "shared by all companies"):
            categories.create({"name": "Fairs"})
        with self.assertRaises(AccessError):
            own.with_user(self.olga).read(["name"])
        with self.assertRaises(AccessError):
            categories.with_user(self.lena).create({"name": "x", "company_id": self.company.id})
        with self._refused(UserError, "its kind decides"):
            self.claims.kind = "selling"
        with self._refused(UserError, "has entries and stays"):
            self.claims.unlink()
        self.claims.name = "Complaints"
        with self._refused(ValidationError, "Fill in “Name”"):
            own.name = " "

    def test_archived_category(self):
        """Is not offered any more, but what was entered is shown."""
        self._add(self.anna, self.claims, 5)
        self.claims.active = False
        page = self._as(self.anna, "get_time_page")
        [row] = [row for row in page["categories"] if row["id"] == self.claims.id]
        self.assertEqual((row["minutes"], row["is_active"]), (5, False))
        with self._refused(UserError, "not asked for"):
            self._add(self.anna, self.claims, 5)
