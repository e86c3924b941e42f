from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .funnel_common import FunnelCase

MARCH = {"period": "month", "date": "2026-03-15"}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFunnelPage(FunnelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._make_lead(cls.anna, expected_revenue=1000.0)
        cls._do(cls.anna, lead=cls.deal, count=4)
        cls._do(cls.anna, lead=cls.deal, activity_type=cls.meeting, count=2)
        cls._do(cls.anna, lead=cls.deal, activity_type=cls.proposal)
        cls._win(cls.deal)
        cls._do(cls.boris, activity_type=cls.incoming, count=2)
        cls._do(cls.carla, count=4)
        cls._do(cls.carla, "2026-02-05 12:00:00", count=5)
        cls._do(cls.carla, "2026-02-20 12:00:00", count=9)

    def _page(self, user=None, **options):
        return self.funnel.with_user(user or self.mark).get_funnel_page({**MARCH, **options})

    def test_company(self):
        page = self._page(scope="company")
        calls, meetings, proposals, deals = page["steps"]
        self.assertEqual(
            [step["key"] for step in page["steps"]], ["calls", "meetings", "proposals", "deals_won"]
        )
        self.assertEqual((calls["value"], calls["width"], calls["conversion"]), (10, 100, None))
        self.assertEqual([detail["value"] for detail in calls["details"]], [2, 8])
        self.assertEqual((meetings["value"], meetings["width"], meetings["conversion"]["value"]), (2, 20, 20))
        self.assertEqual((proposals["value"], proposals["conversion"]["value"]), (1, 50))
        self.assertEqual((deals["value"], deals["conversion"]["value"]), (1, 100))
        self.assertEqual([detail["value"] for detail in deals["details"]], [1000, 0])
        self.assertEqual((page["overall"]["value"], page["overall"]["before"]), (10, 0))
        groups = {group["name"]: [row["name"] for row in group["rows"]] for group in page["groups"]}
        self.assertEqual(groups, {"North": ["Anna", "Boris"], "South": ["Carla"]})
        self.assertEqual([group["values"]["calls"] for group in page["groups"]], [6, 4])
        self.assertIsNone(page["groups"][1]["values"]["conversion_meeting_proposal"], "no data, not 0")
        self.assertEqual(page["total"]["calls"], 10)
        self.assertEqual(page["currency_id"], self.company.currency_id.id)

    def test_before(self):
        """Ten days of March beside ten days of February; of March as a whole, as soon as it is over."""
        page = self._page(scope="company")
        self.assertEqual((page["title"], page["before"]), ("March 2026", "02/01/2026 – 02/10/2026"))
        self.assertEqual((page["steps"][0]["before"], page["steps"][0]["change"]), (5, 100))
        self.assertEqual(page["steps"][3]["change"], None, "there was none before")
        with freeze_time("2026-04-01 12:00:00"):
            page = self._page(scope="company")
        self.assertEqual((page["before"], page["steps"][0]["before"]), ("02/01/2026 – 02/28/2026", 14))

    def test_periods(self):
        titles = {"month": "March 2026", "quarter": "Q1 2026", "year": "2026", "day": "03/15/2026"}
        titles["week"] = "03/09/2026 – 03/15/2026"
        for period, title in titles.items():
            page = self._page(scope="company", period=period)
            self.assertEqual((period, page["title"]), (period, title))
        self.assertEqual(self._page(scope="company", period="quarter")["total"]["calls"], 24)
        page = self._page(scope="company", period="custom", date="2026-02-20", date_to="2026-03-09")
        self.assertEqual(page["total"]["calls"], 9)
        self.assertEqual(page["earlier"], {"date": "2026-02-02", "date_to": "2026-02-19"})
        page = self._page(scope="company", **page["earlier"])
        self.assertEqual(page["total"]["calls"], 14, "a month takes no notice of the last day")

    def test_empty(self):
        page = self._page(scope="company", date="2019-01-01")
        self.assertTrue(page["is_empty"])
        self.assertEqual([step["width"] for step in page["steps"]], [0, 0, 0, 0])

    def test_filters(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        self.deal.source_id = source
        self.customer.country_id = self.env.ref("base.be")
        small = self.env["product.category"].create({"name": "Small", "parent_id": self.tools.id})
        self._make_order(self.anna, (small, 100), lead=self.deal)
        self.env.flush_all()
        for options, calls in (
            ({"source_id": source.id}, 4),
            ({"country_id": self.env.ref("base.be").id}, 10),
            ({"country_id": self.env.ref("base.fr").id}, 0),
            ({"categ_id": small.id}, 4),
            ({"categ_id": self.tools.id}, 4),
            ({"categ_id": self.parts.id}, 0),
        ):
            with self.subTest(options):
                page = self._page(scope="company", **options)
                self.assertEqual(page["total"]["calls"], calls)

    def test_scopes(self):
        """A salesperson has the own funnel, a leader those of the teams led, a manager all; the widest opens."""
        seen = {
            user.name: (
                [scope["label"] for scope in page["scopes"]],
                page["options"]["scope"],
                page["total"]["calls"],
            )
            for user in (self.anna, self.lena, self.luis)
            for page in [self._page(user)]
        }
        self.assertEqual(seen["Anna"], (["My Funnel"], "me", 4))
        self.assertEqual(seen["Lena"], (["My Funnel", "North"], "team", 6))
        self.assertEqual(seen["Luis"], (["My Funnel", "South"], "team", 4))
        page = self._page(self.mark)
        self.assertEqual(page["options"]["scope"], "company")
        labels = [scope["label"] for scope in page["scopes"]]
        self.assertEqual((labels[0], labels[-1]), ("My Funnel", "Discipline & Co"))
        self.assertTrue({"North", "South"} < set(labels))
        self.assertEqual(self._page(self.mark, scope="team", team_id=self.south.id)["total"]["calls"], 4)

    def test_not_yours(self):
        cases = [
            (self.anna, "company", False),
            (self.anna, "team", self.north.id),
            (self.lena, "company", False),
        ]
        cases += [
            (self.lena, "team", self.south.id),
            (self.olga, "team", self.north.id),
            (self.mark, "all", False),
        ]
        for user, scope, team_id in cases:
            with self.subTest(user=user.name, scope=scope), self._refused(AccessError, "teams you lead"):
                self._page(user, scope=scope, team_id=team_id)
        with self.assertRaises(AccessError):
            self._page(self.portal)
        with self.assertRaises(AccessError):
            self._page(self.paula)

    def test_bad_options(self):
        for options, words in (
            ({"period": "decade"}, "decade"),
            ({"date": "tomorrow"}, "'tomorrow' is not a date"),
            ({"date": 7}, "'7' is not a date"),
            ({"date": "0001-01-01"}, "not a date"),
            ({"period": "custom", "date": "2026-03-02", "date_to": "2026-03-01"}, "before the first"),
            ({"source_id": "1; DROP"}, "Source"),
            ({"categ_id": [1]}, "Product Category"),
        ):
            with self.subTest(options), self._refused(UserError, words):
                self._page(scope="company", **options)
        with self._refused(UserError, "names and values"):
            self.funnel.with_user(self.mark).get_funnel_page([1])
        with self._refused(UserError, "'user_id'"):
            self.funnel.with_user(self.mark).get_rows_action(MARCH, "user_id")

    def test_rows(self):
        """Behind each number stand the rows that make it up."""
        funnel = self.funnel.with_user(self.mark)
        for scope, person, team in (
            ("company", None, None),
            ("company", self.anna, self.north),
            ("me", None, None),
        ):
            page = self._page(scope=scope)
            values = page["total"]
            if person:
                (group,) = (group for group in page["groups"] if group["team_id"] == team.id)
                (values,) = (row["values"] for row in group["rows"] if row["user_id"] == person.id)
            for measure in ("calls", "calls_in", "meetings", "proposals", "deals_won", "amount_won"):
                action = funnel.get_rows_action(
                    page["options"], measure, person and person.id, team and team.id
                )
                rows = funnel.search(action["domain"])
                with self.subTest(scope=scope, measure=measure):
                    self.assertEqual(sum(rows.mapped(measure)), values[measure])
                    self.assertTrue(all(rows.mapped(measure)))
        self.assertEqual(action["views"][0], (False, "list"))
        self.assertFalse(funnel.search(funnel.get_rows_action(page["options"], None, False)["domain"]))
        row = funnel.search([("user_id", "=", self.anna.id), ("step", "=", "won")])
        fact = row.action_open_fact()
        self.assertEqual((fact["res_model"], fact["res_id"]), ("discipline.fact", row.fact_id.id))

    def test_rows_of_others(self):
        action = self.funnel.with_user(self.anna).get_rows_action(MARCH, "calls", self.carla.id)
        self.assertFalse(self.funnel.with_user(self.anna).search(action["domain"]))

    def test_local_month(self):
        """What is April already where the person works is April's."""
        self._do(self.boris, "2026-03-31 16:00:00")
        self.assertEqual(self._page(scope="company")["total"]["calls"], 10)
        self.assertEqual(self._page(scope="company", date="2026-04-01")["total"]["calls"], 1)

    def test_two_companies(self):
        """The page is of the current company, and in its currency, whatever other company is chosen beside it."""
        self.mark.company_ids = [Command.link(self.outside.id)]
        self._do(self.olga)
        funnel = self.funnel.with_user(self.mark).with_context(
            allowed_company_ids=(self.company + self.outside).ids
        )
        self.assertEqual(funnel.get_funnel_page(MARCH)["total"]["calls"], 10)
        page = funnel.with_company(self.outside).get_funnel_page(MARCH)
        self.assertEqual((page["company"], page["total"]["calls"]), ("Outsider & Co", 1))

    def _count(self, **options):
        """Statements of a page, the rules of access being known."""
        return self._count_again(self._page, self.mark, scope="company", **options)

    def test_statements(self):
        """The number of statements does not grow with people, teams or rows."""
        few, _page = self._count(date="2026-02-01")
        people = [self._make_user(f"extra{n}", "sales_team.group_sale_salesman", "UTC") for n in range(10)]
        teams = [self._make_team(f"Team {n}", self.lena, user) for n, user in enumerate(people)]
        for user in people:
            self._do(user, count=2)
        many, page = self._count()
        self.assertGreater(len(page["groups"]), len(teams))
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 10)
