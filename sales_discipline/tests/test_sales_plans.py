from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .engine_common import at
from .freeze_common import FreezeCase


class SalesPlanCase(FreezeCase):
    """Sales confirmed: 10,000 a month for each by the plan, since March. Today is May 12th, the 8th of 21 working
    days of May; March and April are frozen."""

    NOON = "2026-05-12 12:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.targets = cls.env["discipline.target"]
        cls.sales = cls._metric("sales_confirmed")

    @classmethod
    def _sell(cls, user, day, amount, entered=None, **vals):
        moment = at(f"{day} 10:00:00")
        values = {"kind": "order_confirmed", "amount": amount, "partner_id": cls.customer.id, **vals}
        return cls._fact(user, moment, entered and at(entered), **values)

    @classmethod
    def _target(cls, owner, amount, first, last, **vals):
        name = {"crm.team": "team_id", "hr.employee": "employee_id"}.get(owner._name)
        base = {"metric_id": cls.sales.id, "company_id": cls.company.id, "amount": amount}
        base.update({"date_from": first, "date_to": last}, **({name: owner.id} if name else {}))
        return cls.targets.create({**base, **vals})

    def _page(self, user=None, period="month", day="2026-05-12", metric=None, now=NOON):
        with freeze_time(now):
            user = user or self.mark
            targets = self.targets.with_user(user).with_company(self.company)
            return targets.get_sales_plans((metric or self.sales).id, period, day)

    def _rows(self, *args, **kwargs):
        return {row["name"]: row for row in self._page(*args, **kwargs)["rows"]}


@tagged("post_install", "-at_install")
class TestSalesPlans(SalesPlanCase):
    """The page: who has to reach what, and where they stand."""

    def test_agreed(self):
        """Beside a quarter's plan, what clients agreed to buy; nothing in other periods, of drafts, or of other metrics."""
        clients = self.env["res.partner"].create([{"name": f"C{n}", "is_company": True} for n in range(4)])
        with freeze_time("2026-03-20 12:00:00"):
            for client, user, amount in zip(
                clients, (self.anna, self.anna, self.carla, self.boris), (100, 20, 7, 5000), strict=True
            ):
                forecast = self.env["discipline.forecast"].create(
                    {"partner_id": client.id, "user_id": user.id, "date_from": "2026-04-01", "amount": amount,
                     "company_id": self.company.id}
                )  # fmt: skip
                if user != self.boris:
                    forecast.with_user(self.mark).action_agree()
        for who in (self.e_anna, self.e_boris, self.e_carla):
            self._target(who, 1000, "2026-04-01", "2026-06-30")
        page = self._page(period="quarter")
        self.assertTrue(page["has_agreed"])
        agreed = {row["name"]: row["agreed"] for row in page["rows"] if row["agreed"]}
        self.assertEqual(agreed, {"Anna": 120, "Carla": 7, "North": 120, "South": 7, "Discipline & Co": 127})
        rows = self._rows(self.lena, period="quarter")
        self.assertEqual(
            {name: row["agreed"] for name, row in rows.items() if row["agreed"]}, {"Anna": 120, "North": 120}
        )
        for values in ({"period": "month"}, {"period": "quarter", "day": "2026-08-01"},
                       {"period": "quarter", "metric": self._metric("calls_done")}):  # fmt: skip
            self.assertFalse(self._page(**values)["has_agreed"])

    def test_plans(self):
        """The person's own beats the team's for each, which beats the plan's; a team's own stands beside the sum."""
        self._make_plan(("sales_confirmed", 10000.0), period="month", prorate=False)
        self._target(self.e_anna, 20000, "2026-05-01", "2026-12-31")
        self._target(self.north, 15000, "2026-05-01", "2026-12-31")
        self._target(self.north, 60000, "2026-05-01", "2026-05-31", scope="team")
        self._target(self.company, 80000, "2026-05-01", "2026-05-31", scope="company")
        rows = self._rows()
        plans = {name: row["plan"] for name, row in rows.items()}
        people = {"Anna": 20000, "Boris": 15000, "Lena": 15000, "Carla": 10000, "Luis": 10000}
        self.assertEqual(plans, {**people, "North": 60000, "South": 20000, "Discipline & Co": 80000})
        north, south, whole = rows["North"], rows["South"], rows["Discipline & Co"]
        self.assertEqual((north["own"], north["people"], north["people_gap"]), (60000, 50000, -10000))
        self.assertEqual((south["own"], south["people"], south["people_gap"]), (None, 20000, None))
        self.assertEqual((whole["own"], whole["people"], whole["people_gap"]), (80000, 80000, 0))
        self.assertEqual([row["level"] for row in rows.values()], [0, 1, 2, 2, 2, 1, 2, 2])
        quarter = {name: row["plan"] for name, row in self._rows(period="quarter").items()}
        self.assertEqual(quarter["Anna"], 10000 + 2 * 20000)
        self.assertEqual(quarter["North"], 30000 + 60000 + 50000)  # its own in May alone
        self.assertEqual(quarter["Discipline & Co"], 30000 + 20000 + 80000 + 50000 + 20000)

    def test_the_same_as_the_card(self):
        """Leave, part time, late entries and adjustments: what a card says is what the page says."""
        self._make_plan(("sales_confirmed", 21000.0), period="month")
        self._target(self.e_boris, 8400, "2026-05-01", "2026-05-31")
        self._make_leave("2026-05-04 00:00:00", "2026-05-08 22:00:00", self.e_anna)
        self._make_leave("2026-05-04 00:00:00", "2026-05-08 22:00:00", self.e_boris)
        self._sell(self.anna, "2026-04-10", 5000)
        self._sell(self.anna, "2026-04-30", 700, entered="2026-05-03 10:00:00")  # late
        self._sell(self.anna, "2026-05-04", 900)
        for now in ("2026-05-11 12:00:00", self.NOON):
            self._score(now)
        card = self._card(self.e_anna, "2026-04-01")
        card.line_ids.with_user(self.lena)._adjust(250.0, "An order of hers")
        for employee in (self.e_anna, self.e_boris, self.e_carla):
            for day in ("2026-03-01", "2026-04-01", "2026-05-01"):
                line = self._card(employee, day).line_ids
                row = self._rows(day=day)[employee.name]
                fact = line.actual + line.adjustment
                self.assertEqual((row["plan"], row["fact"]), (line.target, fact), f"{employee.name} {day}")
                self.assertAlmostEqual(row["completion"], line.completion)
        rows = self._rows()
        self.assertEqual(rows["Anna"]["plan"], 16000)
        self.assertEqual((rows["Anna"]["given"], rows["Boris"]["given"]), (21000, 8400))
        self.assertEqual(self._rows(day="2026-04-01")["Anna"]["fact"], 5250)
        self.assertEqual(self._rows(period="quarter")["Anna"]["fact"], 5250 + 900)
        self.assertEqual(self._rows(period="quarter")["North"]["fact"], 5250 + 900)
        april = self._rows(day="2026-04-01")
        self.assertTrue(april["Anna"]["closed"] and april["North"]["closed"])
        self.assertFalse(rows["Anna"]["closed"])

    def test_due_and_gap(self):
        """8 of May's 21 working days are over or today."""
        self._target(self.e_anna, 21000, "2026-05-01", "2026-06-30")
        self._target(self.north, 42000, "2026-05-01", "2026-05-31", scope="team")
        self._sell(self.anna, "2026-05-04", 9000)
        row = self._rows()["Anna"]
        self.assertAlmostEqual(row["due"], 8000)
        self.assertAlmostEqual(row["ahead"], 1000)
        self.assertEqual((row["gap"], row["zone"]), (-12000, "red"))
        self.assertAlmostEqual(row["completion"], 100 * 9000 / 21000)
        self.assertAlmostEqual(self._rows()["North"]["due"], 16000)
        quarter = self._rows(period="quarter")["Anna"]
        self.assertAlmostEqual(quarter["due"], 8000)
        self.assertEqual((quarter["plan"], quarter["gap"]), (42000, -33000))
        june = self._rows(day="2026-06-01")["Anna"]
        self.assertEqual((june["plan"], june["due"], june["fact"], june["zone"]), (21000, 0, None, "none"))
        self.assertEqual((june["gap"], june["completion"]), (None, None))

    def test_forecast(self):
        """The fact and the weighted pipeline that is expected to close in the period."""
        self._target(self.e_anna, 20000, "2026-05-01", "2026-06-30")
        self._sell(self.anna, "2026-05-04", 9000)
        for day, revenue, probability in [
            ("2026-05-20", 10000, 50),
            ("2026-05-01", 1000, 10),
            ("2026-06-01", 7000, 100 / 7),
            ("2026-04-30", 9999, 90),
            (False, 9999, 90),
        ]:
            lead = self._make_lead(self.anna, expected_revenue=revenue, date_deadline=day)
            lead.write({"probability": probability})
        lost = self._make_lead(self.anna, expected_revenue=10000, date_deadline="2026-05-20")
        lost.action_set_lost()
        nobody = self._make_lead(self.boris, expected_revenue=400, date_deadline="2026-05-31")
        nobody.write(
            {"probability": 50, "user_id": False, "team_id": self.south.id, "company_id": self.company.id}
        )
        other = self._make_lead(self.olga, expected_revenue=10000, date_deadline="2026-05-20")
        other.write({"probability": 50})
        rows = self._rows()
        self.assertEqual((rows["Anna"]["pipeline"], rows["Anna"]["forecast"]), (5100, 14100))
        self.assertAlmostEqual(rows["Anna"]["forecast_completion"], 70.5)
        self.assertEqual((rows["North"]["forecast"], rows["South"]["forecast"]), (14100, 200))
        self.assertEqual(rows["Discipline & Co"]["forecast"], 14300)
        self.assertEqual(self._rows(day="2026-06-01")["Anna"]["forecast"], 1000)
        self.assertEqual(self._rows(period="quarter")["Anna"]["pipeline"], 5100 + 1000 + 9999 * 0.9)
        self.assertIsNone(self._rows(day="2026-04-01")["Anna"]["forecast"])  # over
        self.assertFalse(self._page(metric=self._metric("calls_done"))["has_forecast"])

    def test_everybody_is_counted(self):
        """The company's number is all that was sold: by somebody in no team, gone, or no employee at all."""
        gone = self._make_user("gone", "sales_team.group_sale_salesman", "Europe/Berlin")
        employee = self._make_employee(gone, "Europe/Berlin")
        outsider = self._make_user("temp", "sales_team.group_sale_salesman", "Europe/Berlin")
        for user, amount in (
            (self.anna, 1),
            (self.mark, 10),
            (gone, 100),
            (outsider, 1000),
            (self.olga, 10000),
        ):
            company = self.outside if user == self.olga else self.company
            self._sell(user, "2026-05-04", amount, company_id=company.id)
        employee.active = False
        gone.active = False
        rows = self._rows()
        self.assertEqual(rows["Discipline & Co"]["fact"], 1111)
        self.assertEqual([rows[name]["fact"] for name in ("Anna", "North", "Mark", "Gone")], [1, 1, 10, 100])
        self.assertEqual(rows["In no team"]["fact"], 1110)
        self.assertEqual(rows["Users who are no employees, or nobody"]["fact"], 1000)
        self.assertNotIn("Paula", rows)

    def test_who_has_moved(self):
        """Frozen months stay with the team of then."""
        self._make_plan(("sales_confirmed", 10000.0), period="month")
        self._sell(self.anna, "2026-04-10", 5000)
        self._score("2026-05-11 12:00:00")
        self.south.member_ids += self.anna
        self._sell(self.anna, "2026-06-10", 300)
        page = self._page(period="quarter", day="2026-06-15", now="2026-06-15 12:00:00")
        found = {(row["team_id"], row["fact"]) for row in page["rows"] if row["name"] == "Anna"}
        self.assertEqual(found, {(self.north.id, 5000), (self.south.id, 300)})
        facts = {row["name"]: row["fact"] for row in page["rows"] if row["level"] < 2}
        self.assertEqual(facts, {"Discipline & Co": 5300, "North": 5000, "South": 300})

    def test_other_metrics(self):
        """What does not add up is measured for all together: different customers, ratios; states as of the end."""
        other = self.env["res.partner"].create({"name": "Other"})
        for user, partner in ((self.anna, self.customer), (self.boris, self.customer), (self.boris, other)):
            self._sell(user, "2026-05-04", 1, partner_id=partner.id)
        distinct = self.env["discipline.metric"].create(
            {
                "name": "Customers",
                "code": "customers",
                "fact_kind": "order_confirmed",
                "aggregate": "count_distinct",
                "value_field": "partner_id",
            }
        )
        rows = self._rows(metric=distinct)
        self.assertEqual([rows[name]["fact"] for name in ("Anna", "Boris", "North")], [1, 2, 2])
        self.assertEqual(rows["Discipline & Co"]["fact"], 2)
        ratio = self.env["discipline.metric"].create(
            {
                "name": "Per order",
                "code": "per_order",
                "source": "formula",
                "unit": "money",
                "numerator_id": self.sales.id,
                "denominator_id": distinct.id,
            }
        )
        self._sell(self.anna, "2026-05-05", 9)
        self._target(self.e_anna, 10, "2026-04-01", "2026-06-30", metric_id=ratio.id)
        self._target(self.e_boris, 20, "2026-04-01", "2026-06-30", metric_id=ratio.id)
        rows = self._rows(metric=ratio, period="quarter")
        self.assertEqual([rows[name]["fact"] for name in ("Anna", "Boris", "North")], [10, 1, 6])
        self.assertEqual([rows[name]["plan"] for name in ("Anna", "North")], [10, 15])
        self.assertEqual((rows["Anna"]["due"], rows["Carla"]["fact"]), (None, None))
        with freeze_time("2026-04-10 12:00:00"):
            self._make_lead(self.anna)
        with freeze_time("2026-05-10 12:00:00"):
            self._make_lead(self.anna)
        deals = self._metric("deals_open")
        self._target(self.e_anna, 3, "2026-04-01", "2026-04-30", metric_id=deals.id)
        self._target(self.e_anna, 4, "2026-05-01", "2026-12-31", metric_id=deals.id)
        row = self._rows(metric=deals, period="quarter")["Anna"]
        self.assertEqual((row["fact"], row["plan"], row["due"]), (2, 4, None))
        self.assertEqual(self._rows(metric=deals, day="2026-04-30")["North"]["fact"], 1)

    def test_queries_do_not_grow(self):
        self._make_plan(("sales_confirmed", 10000.0), period="month")
        self._score(self.NOON)
        self._target(self.north, 15000, "2026-05-01", "2026-12-31")
        few, _page = self._count_again(self._page, period="year")
        for number in range(10):
            user = self._make_user(f"more{number}", "sales_team.group_sale_salesman", "Europe/Berlin")
            employee = self._make_employee(user, "Europe/Berlin")
            (self.north if number % 2 else self.south).member_ids += user
            self._target(employee, 100, "2026-05-01", "2026-12-31")
            self._sell(user, "2026-05-04", 1)
        self._score(self.NOON)
        many, page = self._count_again(self._page, period="year")
        self.assertEqual(len(page["rows"]), 8 + 10)
        self.assertEqual(many, few)

    def test_bad_input(self):
        targets = self.targets.with_user(self.mark)
        with self._refused(UserError, "month, quarter or year"):
            targets.get_sales_plans(False, "week")
        with self._refused(UserError, "choose another"):
            targets.get_sales_plans(2**30)
        self.assertEqual(targets.get_sales_plans()["metric"]["id"], self.sales.id)


@tagged("post_install", "-at_install")
@freeze_time(SalesPlanCase.NOON)
class TestSalesPlansAccess(SalesPlanCase):
    """Leaders see the teams they lead, managers the company, nobody else anything."""

    def test_who_sees_what(self):
        self._target(self.company, 80000, "2026-05-01", "2026-05-31", scope="company")
        expected = {
            self.lena: ["North", "Anna", "Boris", "Lena"],
            self.luis: ["South", "Carla", "Luis"],
            self.mark: ["Discipline & Co", "North", "Anna", "Boris", "Lena", "South", "Carla", "Luis"],
        }
        for user, names in expected.items():
            self.assertEqual(list(self._rows(user)), names, user.login)
        self.assertEqual(list(self._rows(self.olga)), ["Outsider & Co"])
        for user in (self.anna, self.paula, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._page(user)
        self.assertEqual([self._page(user)["can_edit"] for user in (self.lena, self.mark)], [False, True])
        self.north.user_id = self.luis
        self.assertEqual(self._page(self.lena)["rows"], [])

    def _page(self, user=None, **kwargs):
        company = user.company_id if user else self.company
        targets = self.targets.with_user(user or self.mark).with_company(company)
        return targets.get_sales_plans(self.sales.id, "month", "2026-05-12")

    def test_opening_a_row(self):
        own = self._sell(self.anna, "2026-05-04", 1)[0]["id"]
        other = self._sell(self.carla, "2026-05-04", 1)[0]["id"]
        person = ("person", self.e_anna.id, self.north.id)
        rows = [
            (self.lena, person, {own}),
            (self.lena, ("team", self.north.id, self.north.id), {own}),
            (self.mark, ("team", self.south.id, self.south.id), {other}),
            (self.mark, ("company", self.company.id, 0), {own, other}),
        ]
        for user, row, expected in rows:
            targets = self.targets.with_user(user)
            action = targets.action_open_row(self.sales.id, "month", "2026-05-12", *row)
            found = self.env[action["res_model"]].with_user(user).search(action["domain"])
            self.assertEqual(set(found.ids), expected, (user.login, row))
        for row in (
            ("team", self.south.id, self.south.id),
            ("company", self.company.id, 0),
            ("others", 0, 0),
        ):
            with self.subTest(row), self.assertRaises(AccessError):
                self.targets.with_user(self.lena).action_open_row(self.sales.id, "month", "2026-05-12", *row)
        with self.assertRaises(AccessError):
            self.targets.with_user(self.anna).action_open_row(self.sales.id, "month", "2026-05-12", *person)
        # somebody of another team, by the id alone
        sly = ("person", self.e_carla.id, self.north.id)
        with self.assertRaises(AccessError):
            self.targets.with_user(self.lena).action_open_row(self.sales.id, "month", "2026-05-12", *sly)

    def test_opening_targets(self):
        first = self._target(self.e_anna, 1, "2026-05-01", "2026-05-31")
        each = self._target(self.north, 2, "2026-05-01", "2026-05-31")
        whole = self._target(self.north, 3, "2026-05-01", "2026-05-31", scope="team")
        self._target(self.e_anna, 4, "2026-06-01", "2026-06-30")
        for row, expected in (
            (("person", self.e_anna.id, self.north.id), first + each),
            (("team", self.north.id, self.north.id), each + whole),
        ):
            action = self.targets.with_user(self.lena).action_open_row(
                self.sales.id, "month", "2026-05-12", *row, what="targets"
            )
            self.assertEqual(self.targets.search(action["domain"]), expected, row)

    def test_records_behind_a_state(self):
        lead = self._make_lead(self.anna)
        self.anna.group_ids = [Command.link(self.env.ref("sales_team.group_sale_salesman").id)]
        row = ("person", self.e_anna.id, self.north.id)
        deals = self._metric("deals_open")
        action = self.targets.with_user(self.lena).action_open_row(deals.id, "month", date(2026, 5, 12), *row)
        self.assertEqual((action["res_model"], action["domain"]), ("crm.lead", [("id", "in", lead.ids)]))
