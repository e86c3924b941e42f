from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .realism_common import RealismCase


@tagged("post_install", "-at_install")
class TestRealism(RealismCase):
    """The panel of the closed months of a sales plan."""

    def _run_three_months(self, *months):
        for number, amounts in enumerate(months, 1):
            self._sell(number, *amounts)
        self._make_sales_plan()
        self._score("2026-04-02 00:00:00")

    def test_alarm(self):
        """Four of five below plan three months in a row; the company has one more, who sold nothing."""
        self._run_three_months(*[(1000, 600, 700, 800, 500)] * 3)
        panels = self._panel()
        north = panels["teams"][self.north.id]
        self.assertEqual(north["state"], "alarm")
        self.assertEqual(
            [(item["date"], item["people"], item["missed"], item["share"]) for item in north["months"]],
            [(f"2026-0{month}-01", 5, 4, 80.0) for month in (1, 2, 3)],
        )
        self.assertEqual([item["above"] for item in north["months"]], [True] * 3)
        self.assertEqual((north["in_row"], north["proposal"], north["scale"]), (3, 700.0, 70))
        self.assertRegex(north["text"], r"March 2026: below plan 4 of 5 people \(80%\)\..* 60% .*700")
        self.assertEqual(north["training"], [])
        self.assertEqual(panels["company"]["months"][2]["missed"], 5)
        self.assertEqual(panels["teams"][self.south.id]["state"], "few")
        self.assertIn("too few to tell", panels["teams"][self.south.id]["text"])

    def test_no_alarm(self):
        """Three of four is above 70 %, 70 % itself is not; two months are not three."""
        self.company.discipline_alarm_share = 80
        self._run_three_months(*[(1000, 600, 700, 800, 500)] * 3)
        panel = self._panel()["teams"][self.north.id]
        self.assertEqual((panel["state"], panel["in_row"], panel["proposal"]), ("ok", 0, None))
        self.company.discipline_alarm_share = 70
        panel = self._panel(day=date(2026, 2, 15))["teams"][self.north.id]
        self.assertEqual((panel["state"], panel["in_row"], len(panel["months"])), ("ok", 2, 2))
        self.assertIn("Months in a row with more than 70% below plan: 2.", panel["text"])
        self.company.discipline_alarm_months = 2
        self.assertEqual(
            self._panel(day=date(2026, 2, 15))["teams"][self.north.id]["state"], "alarm", "as settings say"
        )

    def test_training(self):
        self._run_three_months(*[(999.99, 1000, 1200, 1000, 1000)] * 3)
        panel = self._panel()["teams"][self.north.id]
        self.assertEqual(panel["state"], "training")
        self.assertEqual(
            panel["training"], [{"employee_id": self.e_anna.id, "name": "Anna", "missed": 3, "of": 3}]
        )
        self.assertIn("Anna (3 of 3)", panel["text"])
        self.assertEqual(panel["proposal"], None)

    def test_training_in_a_team_whose_plan_is_too_high(self):
        """North meets its plan but for anna; South misses its own altogether. In the company most people met theirs:
        it is anna who needs training, not all of South."""
        users = [self._make_seller(name) for name in ("gerd", "hans", "ines")]
        south = [self.carla, *(user for user, _employee in users)]
        for user, _employee in users:
            self.env["crm.team.member"].create({"crm_team_id": self.south.id, "user_id": user.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        more = [self._make_seller(f"more{n}") for n in range(6)]  # of no team, who meet it
        for month in (1, 2, 3):
            self._sell(month, 500, 1000, 1000, 1000, 1000)
            self._sell(month, 900, 900, 900, 900, people=south)
            self._sell(month, *[1000] * 6, people=[user for user, _employee in more])
        people = self.staff + [employee for _user, employee in users + more] + [self.e_carla]
        self._make_sales_plan(employee_ids=[employee.id for employee in people])
        self._score("2026-04-02 00:00:00")
        panels = self._panel()
        self.assertEqual(panels["teams"][self.south.id]["state"], "alarm")
        self.assertEqual(panels["company"]["state"], "training")
        self.assertEqual([item["name"] for item in panels["company"]["training"]], ["Anna"])
        self.assertEqual(self._panel(teams=self.north)["company"], panels["company"], "whoever is asked for")

    def test_seasonal(self):
        self.company.discipline_seasonal_months = "3, 12"
        self._run_three_months(*[(1000, 600, 700, 800, 500)] * 3)
        panel = self._panel()["teams"][self.north.id]
        self.assertEqual((panel["state"], panel["in_row"]), ("ok", 2))
        marks = [(item["seasonal"], item["above"]) for item in panel["months"]]
        self.assertEqual(marks, [(False, True), (False, True), (True, False)])

    def test_none(self):
        """Without a closed month there is nothing to say, for a team that is asked for too."""
        self._make_sales_plan()
        self._score("2026-01-10 00:00:00")
        panels = self._panel(teams=self.north)
        for panel in (panels["company"], panels["teams"][self.north.id]):
            self.assertEqual((panel["state"], panel["months"], panel["proposal"]), ("none", [], None))
            self.assertTrue(panel["text"])

    def test_open_month(self):
        """A month counts for a team when the last of its cards is frozen, for the company when all are."""
        self._sell(1, 1000, 600, 700, 800, 500)
        self._make_sales_plan()
        # midnight of the last day: January is over in Tokyo and Berlin, not in New York, where carla works
        self._score("2026-01-31 20:00:00")
        panels = self._panel()
        self.assertEqual(len(panels["teams"][self.north.id]["months"]), 1)
        self.assertEqual(panels["company"]["months"], [])
        self._score("2026-01-31 23:30:00")
        self.assertEqual(len(self._panel()["company"]["months"]), 1)

    def test_newcomers_and_absentees(self):
        """Whoever is new, or away for more than half of the month, is shown and does not count."""
        self._make_leave("2026-01-01 00:00:00", "2026-01-25 00:00:00", self.e_anna)
        newcomer = self.extra[0][1]
        newcomer.version_ids.contract_date_start = "2025-11-01"
        self._run_three_months((0, 600, 0, 800, 500), *[(1000, 600, 700, 800, 500)] * 2)
        months = self._panel()["teams"][self.north.id]["months"]
        counted = [(item["people"], item["missed"], item["left_out"]) for item in months]
        self.assertEqual(counted, [(3, 3, 2), (5, 4, 0), (5, 4, 0)])
        self.company.write({"discipline_newcomer_months": 0, "discipline_absence_limit": 0})
        months = self._panel()["teams"][self.north.id]["months"]
        self.assertEqual([item["people"] for item in months], [5, 5, 5])

    def test_adjustment_and_no_data(self):
        """An adjusted fact is what counts; a month without data is neither met nor missed."""
        self._run_three_months(*[(1000, 600, 1000, 1000, 1000)] * 3)
        card = self._card(self.e_boris, "2026-03-01")
        self._line(card, "sales_confirmed")._adjust(400, "A sale in the old system")
        months = self._panel()["teams"][self.north.id]["months"]
        self.assertEqual([item["missed"] for item in months], [1, 1, 0])

    def test_trial(self):
        """The shadow month counts where there is no real one beside it."""
        self._sell(1, 1000, 600, 700, 800, 500)
        self._make_sales_plan(state="trial")
        self._make_plan(
            ("sales_confirmed", 500.0),
            period="month",
            date_from="2026-01-01",
            employee_ids=self.e_boris.ids,
            name="Real",
        )
        self._score("2026-02-02 00:00:00")
        months = self._panel()["teams"][self.north.id]["months"]
        self.assertEqual((months[0]["people"], months[0]["missed"]), (5, 3))

    def test_other_metric_scope_and_period(self):
        """A team's line on its leader's card is no person's plan, and a week is no month."""
        self._run_three_months(*[(1000, 600, 700, 800, 500)] * 3)
        team = {"scope": "team"}
        self._make_plan(
            ("sales_confirmed", 9999.0, team),
            period="month",
            date_from="2026-01-01",
            employee_ids=self.e_lena.ids,
        )
        self._make_plan(("sales_confirmed", 1.0), period="week", date_from="2026-03-02")
        self._score("2026-04-02 00:00:00")
        months = self._panel()["teams"][self.north.id]["months"]
        self.assertEqual([item["people"] for item in months], [5, 5, 5])
        self.assertEqual(self._panel(metric=self._metric("deals_won"))["company"]["state"], "none")

    def test_statements(self):
        """As many for six people in two teams as for sixty in twenty."""
        self._make_sales_plan(employee_ids=False)
        self._score("2026-04-02 00:00:00")
        few, panels = self._count_again(self._panel)
        self.assertEqual(panels["company"]["months"][0]["people"], 8)
        for number in range(18):
            users = [self._make_person(f"x{number}_{n}", "base.group_user", "UTC")[0] for n in range(3)]
            self._make_team(f"Team {number}", self.mark, sum(users, self.env["res.users"]))
        self._score("2026-05-02 00:00:00")
        many, panels = self._count_again(self._panel, day=date(2026, 4, 1))
        self.assertEqual(len(panels["teams"]), 20)
        self.assertEqual(panels["company"]["months"][-1]["people"], 63, "54 more, and mark leads")
        self.assertEqual(many, few)
        self.assertLess(many, 20)

    # ------------------------------------------------------------
    # Who may see it
    # ------------------------------------------------------------

    def test_leaders_see_their_teams(self):
        self._run_three_months(*[(1000, 600, 700, 800, 500)] * 3)
        panels = self._panel(self.lena)
        self.assertIsNone(panels["company"])
        self.assertEqual(list(panels["teams"]), self.north.ids)
        self.assertEqual(panels["teams"], {self.north.id: self._panel()["teams"][self.north.id]})
        both = self.north + self.south
        self.assertEqual(list(self._panel(self.luis, teams=both)["teams"]), self.south.ids)
        self.assertEqual(set(self._panel(self.mark, teams=both)["teams"]), set(both.ids))

    def test_nobody_else(self):
        for user in (self.anna, self.paula, self.olga, self.portal):
            with self.subTest(user.login), self._refused(AccessError, "leaders and managers"):
                self._panel(user)

    @mute_logger("odoo.http")
    def test_not_by_remote_call(self):
        from odoo.service.model import get_public_method

        with self.assertRaises(AccessError):
            get_public_method(self.realism, "_get_panel")
