import json

from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.sales_discipline.tests.browser_common import BrowserCase
from odoo.addons.sales_discipline.tests.freeze_common import FreezeCase
from odoo.addons.spreadsheet.utils.validate_data import (
    fields_in_spreadsheet,
    menus_xml_ids_in_spreadsheet,
    odoo_charts,
)

FILES = "sales_discipline_dashboard/data/files"


def load(name):
    with file_open(f"{FILES}/{name}.json") as stream:
        return json.load(stream)


@tagged("post_install", "-at_install")
class TestDashboard(FreezeCase, BrowserCase):
    """The dashboard among Odoo's: what it names is there, and leaders see their teams in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("sales_discipline_dashboard.dashboard_discipline")
        cls.plan = cls._make_plan(("companies_added", 2), ("calls_done", 1), date_from="2026-03-09")
        cls._work(cls.anna, "2026-03-09", 2)
        cls._work(cls.carla, "2026-03-09", 1, hour=15)
        cls._score("2026-03-10 04:00:00")
        cls.env.flush_all()

    def test_everything_named_exists(self):
        """Models, fields down to the last of a path, measures that can be added up, menus, filters."""
        for name in ("discipline_dashboard", "discipline_sample_dashboard"):
            data = load(name)
            for model, names in fields_in_spreadsheet(data).items():
                for path in names:
                    self.assertTrue(self._find_field(model, path), f"{model}: {path}")
            for xmlid in menus_xml_ids_in_spreadsheet(data):
                self.assertEqual(self.env.ref(xmlid)._name, "ir.ui.menu")
            figures = [figure["id"] for sheet in data["sheets"] for figure in sheet["figures"]]
            self.assertEqual(sorted(figures), sorted(data["chartOdooMenusReferences"]))
        data = load("discipline_dashboard")
        filters = {found["id"] for found in data["globalFilters"]}
        for source in (*data["pivots"].values(), *odoo_charts(data)):
            model = source.get("model") or source["metaData"]["resModel"]
            self.assertLessEqual(set(source["fieldMatching"]), filters)
            for match in source["fieldMatching"].values():
                self.assertEqual(self._find_field(model, match["chain"]).type, match["type"])
        for pivot in data["pivots"].values():
            fields = self.env[pivot["model"]]._fields
            for measure in pivot["measures"]:
                field = measure["fieldName"]
                self.assertTrue(field == "__count" or fields[field].aggregator, field)

    def _find_field(self, model, path):
        field = None
        for name in path.split(":")[0].split("."):
            field = self.env[model]._fields[name]
            model = field.comodel_name
        return field

    def _read(self, user, number):
        """What a pivot of the dashboard says to that user, without the filter of the period."""
        pivot = load("discipline_dashboard")["pivots"][number]
        report = self.env[pivot["model"]].with_user(user)
        by = [row["fieldName"] for row in pivot["rows"]]
        domain = [*pivot["domain"], ("company_id", "=", self.company.id)]
        specs = [
            name if name == "__count" else f"{name}:{report._fields[name].aggregator}"
            for name in (measure["fieldName"] for measure in pivot["measures"])
        ]
        return report.formatted_read_group(domain, by, specs)

    def test_each_sees_their_own_teams(self):
        people = {
            user: {row["user_id"][0] for row in self._read(user, "1")}
            for user in (self.lena, self.luis, self.mark)
        }
        everybody = self.cards.search([("plan_id", "=", self.plan.id), ("state", "=", "frozen")]).user_id
        self.assertLessEqual({self.anna.id, self.boris.id}, people[self.lena])
        self.assertNotIn(self.carla.id, people[self.lena])
        self.assertIn(self.carla.id, people[self.luis])
        self.assertFalse(people[self.luis] & {self.anna.id, self.boris.id})
        self.assertEqual(people[self.mark], set(everybody.ids))
        self.assertEqual(self._read(self.olga, "1"), [])

    def test_numbers_are_those_of_the_cards(self):
        [row] = [row for row in self._read(self.lena, "1") if row["user_id"][0] == self.anna.id]
        card = self._card(self.e_anna, "2026-03-09", self.plan)
        self.assertEqual((row["points:sum"], row["efficiency:avg"]), (card.points, card.efficiency))
        for number in load("discipline_dashboard")["pivots"]:
            self._read(self.mark, number)

    def test_who_may_open_it(self):
        url = f"/spreadsheet/dashboard/data/{self.dashboard.id}"
        for user in (self.lena, self.mark):
            self.authenticate(user.login, user.login)
            data = self.url_open(url).json()
            self.assertFalse(data.get("is_sample"))
            self.assertEqual(data["translation_namespace"], "sales_discipline_dashboard")
            self.assertEqual(len(data["snapshot"]["pivots"]), 11)
        self.authenticate(self.anna.login, self.anna.login)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
        groups = self.env["spreadsheet.dashboard.group"].with_user(self.anna).search([])
        self.assertNotIn(
            self.dashboard,
            groups.sudo().published_dashboard_ids.with_user(self.anna)._filtered_access("read"),
        )

    def test_sample_until_there_are_results(self):
        """Who has nothing to see yet is shown what it will look like."""
        self.authenticate(self.olga.login, self.olga.login)
        data = self.url_open(f"/spreadsheet/dashboard/data/{self.dashboard.id}").json()
        self.assertTrue(data["is_sample"])
        self.assertFalse(data["snapshot"]["pivots"])

    def test_in_the_browser(self):
        """It is drawn, for a leader, without an error."""
        self.browser_js(
            f"/odoo/dashboards?dashboard_id={self.dashboard.id}",
            "console.log('test successful')",
            "document.querySelectorAll('.o-figure').length >= 5",
            login=self.lena.login,
        )
