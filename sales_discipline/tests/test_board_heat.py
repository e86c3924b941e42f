from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, freeze_time, tagged

from ..tools import board
from .test_board import NOW, BoardCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestBoardHeat(BoardCase):
    """The heat map and the wall of the team board."""

    def _call(self, user, method, **asked):
        self.env.flush_all()
        self.env.invalidate_all()
        return getattr(self.cards.with_user(user), method)(**asked)

    def _map(self, user, **asked):
        return self._call(user, "get_team_heat_map", **asked)

    def test_days(self):
        """Each day of the month says what it was: scored, excused, running, leave, holiday, weekend or to come."""
        self.company.resource_calendar_id = self._make_calendar(weekdays=range(5))
        self.e_anna.resource_calendar_id = self.company.resource_calendar_id
        self._make_leave("2026-03-04 00:00:00", "2026-03-04 23:00:00", self.e_anna)
        self._make_leave("2026-03-05 00:00:00", "2026-03-05 23:00:00")
        self._make_plan(("companies_added", 2.0), date_from="2026-03-03")
        self._work(self.anna, "2026-03-06", 2)
        self._score("2026-03-10 08:00:00")
        self._card(self.e_anna, "2026-03-09")._excuse("Ill")
        self._work(self.anna, "2026-03-10", 1)
        page = self._map(self.lena)
        person = self._person(page, self.e_anna)
        days = person["days"]
        states = {day: days[f"2026-03-{day:02}"]["state"] for day in range(1, 13)}
        expected = {
            1: "off",
            2: "none",
            3: "frozen",
            4: "leave",
            5: "holiday",
            6: "frozen",
            7: "off",
            8: "off",
        }
        self.assertEqual(states, {**expected, 9: "excused", 10: "open", 11: "future", 12: "future"})
        shown = [
            (days[day]["points"], days[day]["efficiency"], days[day]["zone"])
            for day in ("2026-03-06", "2026-03-10")
        ]
        self.assertEqual(shown, [(1.0, 100.0, "green"), (-2.0, 50.0, "red")], "today as of now")
        self.assertEqual((person["points"], person["efficiency"], person["cards"]), (-3.0, 50.0, 3))
        total = page["totals"][self.north.id]["days"]
        self.assertEqual((total["2026-03-06"]["points"], total["2026-03-06"]["cards"]), (-3.0, 3))
        self.assertEqual(total["2026-03-09"]["cards"], 2, "excused")
        off = [str(day["date"]) for day in page["days"] if day["is_off"]]
        self.assertEqual(off[:4], ["2026-03-01", "2026-03-05", "2026-03-07", "2026-03-08"])

    def test_as_the_board(self):
        """The map's day is the board's."""
        self._make_plan(("companies_added", 2.0), ("deals_won", 1.0), date_from="2026-03-05")
        self._work(self.anna, "2026-03-09", 2)
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-10", 3)
        page = self._map(self.mark)
        for day in ("2026-03-09", "2026-03-10"):
            table = self._board(self.mark, date=day)
            for person in table["people"]:
                found = next(one for one in page["people"] if one["id"] == person["id"])["days"][day]
                names = ("points", "efficiency", "zone", "state")
                self.assertEqual([found[name] for name in names], [person[name] for name in names])
            for key, total in table["totals"].items():
                found = page["totals"][key]["days"][day]
                names = ("points", "efficiency", "zone")
                self.assertEqual([found[name] for name in names], [total[name] for name in names], key)

    def test_map_rights(self):
        self._make_plan(("companies_added", 1.0), date_from="2026-03-09")
        self._score("2026-03-10 08:00:00")
        names = [person["name"] for person in self._map(self.lena)["people"]]
        self.assertEqual(names, ["Anna", "Boris", "Lena"])
        self.assertEqual(len(self._map(self.mark)["people"]), 5)
        self.assertEqual(self._map(self.olga)["people"], [])
        for user in (self.anna, self.paula, self.portal):
            for method in ("get_team_heat_map", "get_team_wall"):
                with self.subTest(user.name), self.assertRaises(AccessError):
                    self._call(user, method)
        with self._refused(UserError, "date that there is not"):
            self._map(self.mark, date="2026-02-30")
        self.assertRegex(self._map(self.mark, date="2026-05-05")["empty"], "not begun")

    def test_queries(self):
        """As many statements for many people and days as for few."""
        self._make_plan(("companies_added", 2.0), ("deals_won", 1.0), date_from="2026-03-09")
        counts = {}
        for size in (0, 20):
            self._make_crowd(size) if size else None
            self._score("2026-03-10 08:00:00")
            for reader in (self.lena, self.mark):
                context = {"lang": "en_US", "tz": "Europe/Berlin", "allowed_company_ids": self.company.ids}
                cards = self.cards.with_user(reader).with_context(**context)
                counts.setdefault(reader.name, []).append(self._count_again(cards.get_team_heat_map)[0])
        for name, (few, many) in counts.items():
            self.assertEqual(few, many, name)
        self.assertLessEqual(max(max(found) for found in counts.values()), 30, counts)

    # ------------------------------------------------------------
    # On the wall
    # ------------------------------------------------------------

    def test_wall(self):
        """Points first, then the efficiency; equals share a rank; who was excused has none."""
        self._make_plan(("companies_added", 4.0), date_from="2026-03-09")
        self._score("2026-03-10 08:00:00")
        for user, count, hour in (
            (self.anna, 5, 9),
            (self.boris, 1, 1),
            (self.carla, 3, 14),
            (self.lena, 1, 9),
        ):
            self._work(user, "2026-03-10", count, hour)
        with freeze_time("2026-03-10 15:00:00"):
            page = self._call(self.mark, "get_team_wall")
        found = [(row["rank"], row["name"], row["points"], row["efficiency"]) for row in page["rows"]]
        expected = [(1, "Anna", 1.0, 100.0), (2, "Carla", -2.0, 75.0), (3, "Boris", -2.0, 25.0)]
        self.assertEqual(found, [*expected, (3, "Lena", -2.0, 25.0), (5, "Luis", -2.0, 0.0)])
        self.assertEqual(
            [(team["rank"], team["name"]) for team in page["teams"]], [(1, "North"), (2, "South")]
        )
        page = self._call(self.mark, "get_team_wall", team_id=self.south.id)
        self.assertEqual(([row["name"] for row in page["rows"]][-1], page["title"]), ("Luis", "South"))
        self.assertEqual((len(page["rows"]), page["teams"], page["total"]["people"]), (2, [], 2))
        page = self._call(self.luis, "get_team_wall", team_id=self.north.id)
        self.assertEqual({row["name"] for row in page["rows"]}, {"Carla", "Luis"}, "nobody else's")
        for team_id in ("1", True, None, [1]):
            with self._refused(UserError, "number"):
                self._call(self.mark, "get_team_wall", team_id=team_id)

    def test_wall_without_names(self):
        """Where the company wants it, no name leaves the server."""
        self._make_plan(("companies_added", 1.0), date_from="2026-03-10")
        self._score("2026-03-10 08:00:00")
        self.assertIn("Anna", str(self._call(self.lena, "get_team_wall")))
        self.company.discipline_board_anonymous = True
        page = self._call(self.lena, "get_team_wall")
        self.assertTrue(page["is_anonymous"])
        self.assertEqual([row["rank"] for row in page["rows"]], [1, 1, 1])
        for name in ("Anna", "Boris", "Lena", str(self.e_anna.id) + ","):
            self.assertNotIn(name, str(page["rows"]))
        self.assertEqual({row["user_id"] for row in page["rows"]}, {False})
        self.assertIn("Anna", str(self._board(self.lena)["people"]))


@tagged("post_install", "-at_install")
class TestToolsBoard(BaseCase):
    def test_total(self):
        cell = board.Cell
        cells = [cell(3.0, 4.0, 1.0, 100, 80), cell(None, 4.0, None, 100, 80), cell(5.0, 6.0, None, 90, 70)]
        self.assertEqual(board.total(cells, True), cell(8.0, 10.0, 1.0, 95, 75))
        self.assertEqual(board.total(cells, False), cell(4.0, 5.0, None, 95, 75))
        self.assertIsNone(board.total(cells[1:2], True))
        self.assertIsNone(board.total([], True))
        self.assertIsNone(board.total([cell(1.0, None, None, 100, 100)], True).target)

    def test_ranks(self):
        cases = [
            ([], []),
            ([(1,), (3,), (2,)], [3, 1, 2]),
            ([(1, 5), (1, 7), (0, 9)], [2, 1, 3]),
            ([(2,), (2,), (1,)], [1, 1, 3]),
            ([(None,), (-5,)], [2, 1]),
            ([(0.1 + 0.2,), (0.3,)], [1, 1]),
        ]
        for scores, expected in cases:
            with self.subTest(scores=scores):
                self.assertEqual(board.ranks(scores), expected)
