from random import Random

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .time_common import TimeCase

FRIDAY = "2026-03-13 19:00:00"


@tagged("post_install", "-at_install")
class TestTimeResult(TimeCase):
    """What a study has come to: shares, people who entered too little, what was estimated, what it costs, the study
    before; and who is told what."""

    def _result(self, user, study=None, at=FRIDAY):
        return self._as(user, "get_time_result", (study or self.study).id, at=at)

    def _fill(self, user, *minutes, study_day=9, at=FRIDAY):
        """Minutes of selling, servicing and other things, on each day of the week."""
        for day in range(study_day, study_day + 5):
            for category, number in zip((self.selling, self.claims, self.travel), minutes, strict=True):
                if number:
                    self._add(user, category, number, f"2026-03-{day:02}", at=at)

    def _close(self, study=None, at="2026-03-15 12:00:00"):
        with freeze_time(at):
            (study or self.study).with_user(self.mark).action_close()
        self.env.invalidate_all()

    def _row(self, rows, name):
        [found] = [row for row in rows if row["name"] == name]
        return found

    # ------------------------------------------------------------
    # Shares
    # ------------------------------------------------------------

    def test_shares(self):
        """Of a person, of a team as the sum of its people's minutes, of a category."""
        self._fill(self.anna, 300, 120, 60)
        self._fill(self.boris, 180, 60, 0)
        self._fill(self.lena, 60, 0, 0)  # an eighth of the hours: not counted
        self._close()
        page = self._result(self.mark)
        self.assertEqual(self._row(page["people"], "Anna")["share"], 37.5)
        self.assertEqual(self._row(page["people"], "Boris")["share"], 25)
        team = self._row(page["teams"], "North")
        self.assertEqual((team["people"], team["minutes"], team["idle"]), (2, 5 * 720, 5 * 240))
        self.assertAlmostEqual(team["share"], 100 / 3)
        self.assertEqual(team["coverage"], 75)
        self.assertEqual((page["total"]["share"], page["is_everybody"]), (team["share"], True))
        self.assertEqual([row["name"] for row in page["left_out"]], ["Lena"])
        self.assertEqual(page["left_out"][0]["coverage"], 12.5)
        claims = self._row(page["categories"], self.claims.name)
        self.assertEqual((claims["minutes"], claims["share"]), (900, 25))

    def test_brute_force(self):
        """The same as adding up each entry by hand, with corrections and removals among them."""
        random = Random(7)
        people = {self.anna: self.e_anna, self.boris: self.e_boris, self.lena: self.e_lena}
        for number in range(30):
            user = random.choice(list(people))
            category = random.choice((self.selling, self.claims, self.travel))
            day = f"2026-03-{random.randint(9, 13):02}"
            added = self._add(user, category, random.randint(1, 200), day, at=FRIDAY)["added"]
            if number % 5 == 0:
                self._as(user, "change_entry", added, {"minutes": random.randint(1, 60)}, at=FRIDAY)
            elif number % 7 == 0:
                self._as(user, "remove_entry", added, at=FRIDAY)
        self.study.limit_percent = 0
        self._close()
        page = self._result(self.mark)
        entries = self.entries.search([("study_id", "=", self.study.id)])
        for user in people:
            own = entries.filtered(lambda entry: entry.user_id == user)  # noqa: B023
            every = sum(own.mapped("minutes"))
            idle = sum(own.filtered(lambda entry: entry.kind != "selling").mapped("minutes"))
            row = self._row(page["people"], user.name)
            self.assertEqual((row["minutes"], row["idle"]), (every, idle))
            self.assertAlmostEqual(row["share"], 100 * idle / every)
        self.assertEqual(page["total"]["minutes"], sum(entries.mapped("minutes")))

    def test_running(self):
        """While it runs, the days up to yesterday count."""
        self._add(self.anna, self.selling, 240, "2026-03-09")
        self._add(self.anna, self.claims, 240)
        page = self._result(self.mark, at=self.NOW)
        row = self._row(page["people"], "Anna")
        self.assertEqual((row["coverage"], row["share"], len(page["categories"])), (50, 0, 1))
        self.assertEqual({row["name"] for row in page["left_out"]}, {"Boris", "Lena"})
        self.assertEqual(page["study"]["state"], "running")

    def test_no_data(self):
        """Nothing entered is no share, not one of zero."""
        page = self._result(self.mark, at=FRIDAY)
        self.assertEqual((page["total"]["share"], page["total"]["gap"]), (None, None))
        self.assertEqual((page["people"], page["categories"], page["teams"]), ([], [], []))

    def test_estimate_and_previous(self):
        """Beside what people had thought, and beside the study before."""
        self._part(self.e_anna).write({"estimate": 20, "estimated_at": self.NOW})
        self._fill(self.anna, 240, 240, 0)
        self._close()
        with freeze_time("2026-03-15 13:00:00"):
            second = self._make_study(
                date_from="2026-03-16", date_to="2026-03-20", name="Second", start="2026-03-15 13:00:00"
            )
        for day in range(16, 21):
            self._add(self.anna, self.selling, 300, f"2026-03-{day}", at="2026-03-20 20:00:00")
            self._add(self.anna, self.claims, 100, f"2026-03-{day}", at="2026-03-20 20:00:00")
        first = self._result(self.mark)
        row = self._row(first["people"], "Anna")
        self.assertEqual((row["estimate"], row["gap"], first["previous"]), (20, 30, False))
        page = self._result(self.mark, second, at="2026-03-20 20:00:00")
        row = self._row(page["people"], "Anna")
        self.assertEqual((row["share"], row["previous"], row["change"]), (25, 50, -25))
        self.assertEqual((row["estimate"], row["gap"]), (None, None))
        self.assertEqual(page["total"]["change"], -25)
        claims = self._row(page["categories"], self.claims.name)
        self.assertEqual((claims["share"], claims["previous"]), (25, 50))
        self.assertEqual(page["previous"]["name"], "Where time goes")

    # ------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------

    def test_fixed_cost(self):
        """Hours that are not selling at the amount of the study: told to all who see the hours."""
        self.study.write({"cost_source": "fixed", "hourly_cost": 30})
        self._fill(self.anna, 300, 120, 60)
        self._close()
        for user in (self.anna, self.lena, self.mark, self.paula):
            with self.subTest(user.login):
                page = self._result(user)
                self.assertEqual(self._row(page["people"], "Anna")["cost"], 5 * 3 * 30)
                self.assertEqual(page["total"]["cost"], 5 * 3 * 30)
        report = self.env["discipline.time.report"].with_user(self.lena)
        [[cost]] = report._read_group([("study_id", "=", self.study.id)], [], ["cost:sum"])
        self.assertEqual(cost, 5 * 3 * 30)

    def _set_wages(self, **wages):
        for name, wage in wages.items():
            getattr(self, f"e_{name}").sudo().version_id.wage = wage

    def test_wages(self):
        """What one person's time costs by their wage is told to payroll alone; others are told means of three people."""
        self._set_wages(anna=3520, boris=1760, lena=5280)  # March 2026 has 22 working days of eight hours
        self.study.write({"cost_source": "wage"})
        for user in (self.anna, self.boris, self.lena):
            self._fill(user, 240, 240, 0)
        self._close()
        page = self._result(self.paula)
        self.assertEqual(
            [self._row(page["people"], name)["cost"] for name in ("Anna", "Boris", "Lena")], [400, 200, 600]
        )
        for user in (self.lena, self.mark):
            with self.subTest(user.login):
                page = self._result(user)
                self.assertEqual([row["cost"] for row in page["people"]], [None] * 3)
                self.assertEqual(self._row(page["teams"], "North")["cost"], 1200)
                self.assertEqual(page["total"]["cost"], 1200)
        page = self._result(self.anna)
        self.assertEqual([row["name"] for row in page["people"]], ["Anna"])
        self.assertEqual((page["people"][0]["cost"], page["total"]["cost"], page["teams"]), (None, None, []))
        self.assertEqual([row["cost"] for row in page["categories"]], [None] * 2)
        for user in (self.lena, self.mark):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.people.with_user(user).search([]).read(["hour_cost"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.people.with_user(user).search([("hour_cost", ">", 10)])
        report = self.env["discipline.time.report"].with_user(self.mark)
        self.assertFalse(report._read_group([], [], ["cost:sum"])[0][0])

    def test_mean_of_a_few_is_not_told(self):
        """Neither of a team of two, nor of a team from which it would follow."""
        self.study.team_ids += self.south  # Carla and Luis
        self._set_wages(anna=3520, boris=1760, lena=5280, carla=3520, luis=3520)
        self.study.write({"cost_source": "wage"})
        for user in (self.anna, self.boris, self.lena, self.carla, self.luis):
            self._fill(user, 240, 240, 0)
        self._close()
        page = self._result(self.mark)
        self.assertEqual({row["name"]: row["cost"] for row in page["teams"]}, {"North": None, "South": None})
        self.assertGreater(page["total"]["cost"], 0)
        page = self._result(self.luis)
        self.assertEqual((page["total"]["cost"], page["teams"][0]["cost"]), (None, None))

    def test_wages_are_frozen(self):
        """A rise, or another contract, changes nothing in a closed study; without a wage there is no cost."""
        self._set_wages(anna=3520, boris=1760)
        self.study.write({"cost_source": "wage"})
        self._fill(self.anna, 240, 240, 0)
        self._fill(self.lena, 240, 240, 0)
        self._close()
        self._set_wages(anna=7040)
        page = self._result(self.paula)
        self.assertEqual(self._row(page["people"], "Anna")["cost"], 400)
        self.assertEqual((self._row(page["people"], "Lena")["cost"], page["total"]["cost"]), (None, None))

    # ------------------------------------------------------------
    # Who is told, and what it takes
    # ------------------------------------------------------------

    def test_who(self):
        self._fill(self.anna, 300, 120, 60)
        self._fill(self.boris, 240, 240, 0)
        self._close()
        seen = {self.anna: ["Anna"], self.lena: ["Anna", "Boris"], self.mark: ["Anna", "Boris"]}
        for user, names in seen.items():
            with self.subTest(user.login):
                found = self._result(user)
                self.assertEqual(sorted(row["name"] for row in found["people"]), names)
        for user in (self.carla, self.luis, self.olga):
            with self.subTest(user.login), self._refused(UserError, "you may not see it"):
                self._result(user)
            self.assertFalse(self._as(user, "get_time_result")["study"])
        with self.assertRaises(AccessError):
            self._result(self.portal)
        for study_id in ("1", True, 10**9, [1], -1):
            with self.subTest(study_id), self._refused(UserError, "no such time study"):
                self._as(self.mark, "get_time_result", study_id)
        draft = self._make_study(start=None)
        with self._refused(UserError, "that has begun"):
            self._result(self.mark, draft)

    def test_report(self):
        """In the pivot a group's share is the one sum by the other."""
        self._fill(self.anna, 300, 120, 60)
        self._fill(self.boris, 180, 60, 0)
        self.env.flush_all()
        report = self.env["discipline.time.report"].with_user(self.lena)
        domain = [("study_id", "=", self.study.id)]
        rows = report._read_group(domain, ["employee_id"], ["nonselling_share:avg", "hours:sum"])
        found = {employee.name: (share, hours) for employee, share, hours in rows}
        self.assertEqual(found, {"Anna": (37.5, 40), "Boris": (25, 20)})
        [[share, servicing]] = report._read_group(domain, [], ["nonselling_share:avg", "servicing_share:avg"])
        self.assertAlmostEqual(share, 100 / 3)
        self.assertEqual(servicing, 25)
        self.assertTrue(report.search_read(domain, ["nonselling_share", "cost", "category_id"], limit=1))

    def test_statements(self):
        """Thirty more people cost no more statements, neither the start nor the result."""
        self._fill(self.anna, 300, 120, 60)
        few, _page = self._count_again(self._result, self.mark, self.study)
        users = self.env["res.users"].create(
            [
                {"name": f"Seller {n}", "login": f"time_{n}", "company_id": self.company.id,
                 "company_ids": [Command.set(self.company.ids)], "tz": "Europe/Berlin"}
                for n in range(30)
            ]
        )  # fmt: skip
        for user in users:
            self._make_employee(user, user.tz)
        team = self._make_team("Many", self.mark, users)
        study = self._make_study(
            teams=team, date_from="2026-03-02", date_to="2026-03-06", start="2026-03-02 12:00:00"
        )
        for user in users:
            self._add(user, self.selling, 60, "2026-03-02", at="2026-03-02 20:00:00")
        study.limit_percent = 0
        many, _page = self._count_again(self._result, self.mark, study)
        self.assertEqual(many, few)
        self.assertLessEqual(few, 25)
