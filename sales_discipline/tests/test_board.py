from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..models import discipline_metric_engine
from .freeze_common import FreezeCase

NOW = "2026-03-10 12:00:00"


class BoardCase(FreezeCase):
    """What the tests of the team board share."""

    def _board(self, user, **asked):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.cards.with_user(user).get_team_board(**asked)

    def _make_ratio(self):
        """A metric of the code 'ratio': companies added by contacts added, in percent."""
        values = {"source": "formula", "unit": "percent", "name": "Ratio", "code": "ratio"}
        parts = {"numerator_id": "companies_added", "denominator_id": "contacts_added"}
        values.update({name: self._metric(code).id for name, code in parts.items()})
        metric = self.env["discipline.metric"].create(values)
        xmlid = {
            "module": "sales_discipline",
            "name": "metric_ratio",
            "model": metric._name,
            "res_id": metric.id,
        }
        self.env["ir.model.data"].create(xmlid)

    def _make_crowd(self, count):
        """So many more people in team North."""
        names = [f"Person {number}" for number in range(count)]
        group = self.env.ref("sales_team.group_sale_salesman")
        values = {
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
            "tz": "Asia/Tokyo",
        }
        values["group_ids"] = [Command.set(group.ids)]
        users = self.env["res.users"].create(
            [{**values, "name": name, "login": f"sd_{name}"} for name in names]
        )
        for user in users:
            self._make_employee(user, "Asia/Tokyo")
        self.north.member_ids += users
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self.env.invalidate_all()

    def _person(self, page, employee):
        return next(person for person in page["people"] if person["id"] == employee.id)

    def _cell(self, page, who, code, scope="own"):
        """The cell of a person, or of the total of a team (its id, or 'all')."""
        found = page["totals"][who] if who in page["totals"] else self._person(page, who)
        return found["cells"].get(f"{self._metric(code).id},{scope}")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestBoard(BoardCase):
    """What the team board is told, and who is told."""

    def test_cells(self):
        """An open day is measured now as on the KPI page, a frozen one is what it was."""
        lines = [("companies_added", 4.0), ("deals_won", 1.0), ("crm_fill_rate", 50.0)]
        self._make_plan(*lines, date_from="2026-03-09")
        self._work(self.anna, "2026-03-09", 3)
        self._score("2026-03-09 20:00:00")
        self._line(self._card(self.e_anna, "2026-03-09"), "companies_added").with_user(self.lena)._adjust(
            2.0, "Fair"
        )
        self._score("2026-03-10 08:00:00")
        self._work(self.anna, "2026-03-10", 6)
        page = self._board(self.lena)
        self.assertEqual((str(page["date_from"]), page["period"]), ("2026-03-10", "day"))
        self.assertEqual([str(page["previous_date"]), page["next_date"]], ["2026-03-09", False])
        cell = self._cell(page, self.e_anna, "companies_added")
        shown = [cell[name] for name in ("fact", "target", "completion", "zone", "trend", "is_better")]
        self.assertEqual(shown, [6.0, 4.0, 150.0, "green", "up", "better"])
        fill = self._cell(page, self.e_anna, "crm_fill_rate")
        self.assertEqual((fill["fact"], fill["completion"], fill["zone"]), (None, None, "none"))
        for day in ("2026-03-10", "2026-03-09"):
            page = self._board(self.lena, date=day)
            for employee in (self.e_anna, self.e_boris):
                kpi = self.cards.with_user(self.lena).get_kpi_page(employee.id, "day", day)
                person = self._person(page, employee)
                for line in kpi["lines"]:
                    cell = person["cells"][f"{line['metric_id']},{line['scope']}"]
                    names = ("id", "target", "completion", "zone", "trend", "is_better")
                    self.assertEqual([cell[name] for name in names], [line[name] for name in names])
                    self.assertEqual(cell["fact"], line["counted"])
                names = ("points", "efficiency", "zone", "state", "plan")
                self.assertEqual([person[name] for name in names], [kpi["card"][name] for name in names])
        cell = self._cell(page, self.e_anna, "companies_added")
        self.assertEqual((cell["fact"], cell["adjusted"], cell["zone"]), (5.0, True, "green"))

    def test_totals(self):
        """Counts are added up, ratios are those of all together, no data stays none, the excused count for nothing."""
        self._make_ratio()
        self._make_plan(
            ("companies_added", 4.0), ("ratio", 50.0), ("crm_fill_rate", 50.0), date_from="2026-03-09"
        )
        self._work(self.anna, "2026-03-09", 3)
        self._work(self.boris, "2026-03-09", 4, hour=5)
        self._work(self.carla, "2026-03-09", 8, hour=15)
        for user, hour, count in ((self.anna, 11, 12), (self.boris, 6, 2)):
            for minute in range(count):
                self._fact(user, f"2026-03-09 {hour:02}:{minute:02}:00", kind="contact_created")
        self._score("2026-03-10 08:00:00")
        card = self._card(self.e_lena, "2026-03-09")
        card._excuse("Ill")
        page = self._board(self.mark, date="2026-03-09")
        north = page["totals"][self.north.id]
        self.assertEqual(
            (north["people"], dict(map(tuple, north["states"]))), (2, {"frozen": 2, "excused": 1})
        )
        cell = self._cell(page, self.north.id, "companies_added")
        self.assertEqual(
            [cell[name] for name in ("fact", "target", "completion", "zone")], [7.0, 8.0, 87.5, "red"]
        )
        cell = self._cell(page, "all", "companies_added")
        self.assertEqual((cell["fact"], cell["target"]), (15.0, 16.0))
        ratios = [self._cell(page, employee, "ratio")["fact"] for employee in (self.e_anna, self.e_boris)]
        self.assertEqual(ratios, [25.0, 200.0])
        cell = self._cell(page, self.north.id, "ratio")
        self.assertEqual((cell["fact"], cell["target"], cell["change"]), (50.0, 50.0, None), "7 of 14")
        self.assertIsNone(self._cell(page, "all", "crm_fill_rate"))
        points = [self._person(page, employee)["points"] for employee in (self.e_anna, self.e_boris)]
        self.assertEqual(north["points"], sum(points))
        self.assertEqual(self._person(page, self.e_lena)["state"], "excused")

    def test_union_of_columns(self):
        """Teams with different plans stand side by side; who has no such indicator has no cell."""
        self._make_plan(
            ("companies_added", 4.0, {"category": "kpi"}), ("deals_won", 1.0), team_ids=self.north.ids
        )
        self._make_plan(("contacts_added", 2.0), ("deals_won", 1.0), team_ids=self.south.ids)
        self._score("2026-03-10 08:00:00")
        page = self._board(self.mark)
        names = [column["name"] for column in page["columns"]]
        self.assertEqual(names[0], "Companies Added")
        self.assertEqual(set(names), {"Companies Added", "Contacts Added", "Deals Won"})
        self.assertIsNone(self._cell(page, self.e_anna, "contacts_added"))
        self.assertIsNone(self._cell(page, self.e_carla, "companies_added"))
        self.assertIsNone(self._cell(page, self.south.id, "companies_added"))
        self.assertEqual([team["name"] for team in page["teams"]], ["North", "South"])

    def test_changes(self):
        """Frozen against the period before; a running one against as much of it, its points against nothing."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-06")
        self._work(self.anna, "2026-03-06", 1)
        self._work(self.anna, "2026-03-09", 4)
        self._score("2026-03-10 08:00:00")
        page = self._board(self.lena, date="2026-03-09")
        person, cell = self._person(page, self.e_anna), self._cell(page, self.e_anna, "companies_added")
        self.assertEqual(
            (cell["change"], person["points_change"], person["efficiency_change"]), (3.0, 3.0, 50.0)
        )
        self.assertEqual(self._cell(page, "all", "companies_added")["change"], 3.0)
        person = self._person(self._board(self.lena), self.e_anna)
        self.assertEqual((person["points_change"], person["efficiency_change"]), (None, None))

    def test_without_card(self):
        """Who has no card is there with the reason why; in Tokyo it is evening already."""
        self._make_plan(("companies_added", 1.0), date_from="2026-03-09", team_ids=self.north.ids)
        self._make_leave("2026-03-10 00:00:00", "2026-03-10 23:00:00", self.e_anna)
        self._score("2026-03-10 12:00:00")
        states = {person["name"]: person["state"] for person in self._board(self.mark)["people"]}
        expected = {"Anna": "absent", "Boris": "frozen", "Lena": "open", "Carla": "none", "Luis": "none"}
        self.assertEqual(states, expected)
        page = self._board(self.mark, date="2026-03-20")
        self.assertEqual({person["state"] for person in page["people"]}, {"future"})
        self.assertRegex(page["empty"], "not begun")
        self.assertRegex(self._board(self.mark, date="2026-03-08")["empty"], "Nobody has a scorecard")
        self.assertRegex(self._board(self.mark, period="week")["empty"], "Configuration")
        self.assertRegex(self._board(self.lena, period="week")["empty"], "head of sales")

    def test_trial(self):
        """One row a person: the card that counts, and the one on trial only without it."""
        self._make_plan(("companies_added", 1.0), date_from="2026-03-10", team_ids=self.north.ids)
        self._make_plan(("contacts_added", 1.0), date_from="2026-03-10", state="trial", name="New")
        self._score("2026-03-10 08:00:00")
        page = self._board(self.mark)
        found = {person["name"]: (person["plan"], bool(person["trial"])) for person in page["people"]}
        self.assertEqual((found["Anna"], found["Carla"]), (("Plan", False), ("New", True)))
        self.assertEqual(len(page["people"]), 5)

    def test_rights(self):
        """Leaders see the teams they lead, managers their companies, salespeople and payroll officers nothing."""
        self._make_plan(("companies_added", 1.0), date_from="2026-03-09")
        self._score("2026-03-10 08:00:00")
        self.south.member_ids += self.lena  # whose own card will be of the other team
        seen = {
            self.lena: ["Anna", "Boris", "Lena"],
            self.luis: ["Carla", "Lena", "Luis"],
            self.mark: ["Anna", "Boris", "Carla", "Lena", "Luis"],
            self.olga: [],
        }
        for user, names in seen.items():
            people = [person["name"] for person in self._board(user)["people"] if person["card_id"]]
            self.assertEqual(people, names if user != self.luis else ["Carla", "Luis"], user.name)
        for user in (self.anna, self.paula, self.portal):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._board(user)
        action = self.env["discipline.scorecard.line"].browse(
            self._cell(self._board(self.lena), self.e_anna, "companies_added")["id"]
        )
        self.assertTrue(action.with_user(self.lena).action_open_facts()["domain"])
        with self.assertRaises(AccessError):
            action.with_user(self.luis).action_open_facts()

    def test_bad_input(self):
        bad = [{"period": "year"}, {"period": ["day"]}, {"period": False}, {"date": "tomorrow"}]
        bad += [{"date": "2026-02-30"}, {"date": True}, {"date": 7}, {"date": [1]}, {"date": "0001-01-01"}]
        for asked in bad:
            with self.subTest(asked=asked), self._refused(UserError, "team board"):
                self._board(self.mark, **asked)

    def test_date_of_another_type(self):
        """A date as Python gives it is one too."""
        self.assertEqual(self._board(self.mark, date=date(2026, 3, 9))["date_from"], date(2026, 3, 9))

    def test_queries(self):
        """As many statements for forty people as for three, once the engine asks metric by metric."""
        self.startPatcher(patch.object(discipline_metric_engine, "FEW_WINDOWS", 0))
        self._make_ratio()
        lines = [("companies_added", 2.0), ("deals_won", 1.0), ("ratio", 1.0)]
        lines += [("contacts_added", 2.0, {"scope": "team"})]
        self._make_plan(*lines, date_from="2026-03-09", period="day")
        self._make_plan(*lines, date_from="2026-03-02", period="week", employee_ids=self.e_boris.ids)
        counts = {}
        for size in (1, 37):
            self._make_crowd(size) if size > 1 else None
            self._score("2026-03-10 08:00:00")
            for reader in (self.lena, self.mark):
                context = {"lang": "en_US", "tz": "Europe/Berlin", "allowed_company_ids": self.company.ids}
                board = self.cards.with_user(reader).with_context(**context).get_team_board
                for asked in ({}, {"date": "2026-03-09"}, {"period": "week"}):
                    key = (reader.name, *asked.values())
                    count, page = self._count_again(board, **asked)
                    counts.setdefault(key, []).append(count)
                    self.assertGreaterEqual(len(page["people"]), size)
        for key, (few, many) in counts.items():
            self.assertEqual(few, many, key)
        self.assertLessEqual(max(max(found) for found in counts.values()), 30, counts)
