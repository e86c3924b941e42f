from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_sales_plans import SalesPlanCase


@tagged("post_install", "-at_install")
@freeze_time(SalesPlanCase.NOON)
class TestTargetSpread(SalesPlanCase):
    """Plans for people and months: evenly, by history, as last year; shown before they are stored."""

    def _wizard(self, user=None, **vals):
        base = {"metric_id": self.sales.id, "company_id": self.company.id, "total": 1000.0, "step": 10.0}
        base.update(date_from="2026-06-01", date_to="2026-07-31")
        return self.env["discipline.target.spread"].with_user(user or self.mark).create({**base, **vals})

    def _amounts(self):
        """`{name of whom: [(first day, last day, amount)]}` of all targets."""
        result = {}
        for target in self.targets.search([("company_id", "=", self.company.id)], order="date_from"):
            name = target.employee_id.name or target.team_id.name or target.company_id.name
            span = (str(target.date_from)[5:], str(target.date_to)[5:], target.amount)
            result.setdefault(name, []).append(span)
        return result

    def test_evenly(self):
        wizard = self._wizard(total=1005.0, with_sums=True)
        wizard.action_preview()
        self.assertFalse(self._amounts())  # nothing is stored yet
        self.assertIn("Anna", str(wizard.preview))
        self.assertEqual(wizard.action_apply()["type"], "ir.actions.act_window_close")
        people = [self.e_anna, self.e_boris, self.e_carla, self.e_lena, self.e_luis]
        targets = self.targets.search([("employee_id", "in", [employee.id for employee in people])])
        months = [date(2026, 6, 1), date(2026, 7, 1)]
        found = self.targets._get_months(self.sales, self.company, months)
        amounts = [found["own", employee.id, False][month] for employee in people for month in months]
        self.assertEqual(sum(amounts), 1005)
        self.assertEqual(len([amount for amount in amounts if amount % 10]), 1)
        self.assertEqual({target.company_id for target in targets}, {self.company})
        whole = found["company", False, False]
        teams = [found["team", False, team.id] for team in (self.north, self.south)]
        self.assertEqual(sum(whole.values()), 1005)
        self.assertEqual([sum(team[month] for team in teams) for month in months], [*whole.values()])

    def test_by_history(self):
        """Anna has sold three times what Boris has; June three times what July has."""
        for user, day, amount in (
            (self.anna, "2025-06-10", 200),
            (self.anna, "2025-07-10", 25),
            (self.boris, "2025-06-10", 25),
            (self.boris, "2025-07-10", 50),
            (self.carla, "2025-04-10", 999),  # more than a year ago
            (self.carla, "2026-05-10", 999),  # the month is not over
        ):
            self._sell(user, day, amount)
        wizard = self._wizard(mode="history")
        wizard.action_preview()
        rows = {row["name"]: row["amounts"] for row in wizard.matrix["rows"]}
        self.assertEqual((rows["Anna"], rows["Boris"]), ([560.0, 190.0], [190.0, 60.0]))
        self.assertEqual(rows["Carla"], [None, None])

    def test_history_of_nothing(self):
        with self._refused(UserError, "evenly"):
            self._wizard(mode="history").action_preview()

    def test_copy(self):
        """Last year's own plan, else what the team's each or the plan gave; grown and rounded."""
        self._target(self.e_anna, 1000, "2025-06-01", "2025-06-30")
        self._target(self.north, 500, "2025-06-01", "2025-07-31")
        self._target(self.north, 3000, "2025-07-01", "2025-07-31", scope="team")
        self._sell(self.carla, "2025-06-10", 777)
        copy = {"mode": "copy", "growth": 10.0, "total": 0.0, "step": 100.0}
        wizard = self._wizard(**copy)
        wizard.action_preview()
        rows = {row["name"]: row["amounts"] for row in wizard.matrix["rows"]}
        self.assertEqual(
            (rows["Anna"], rows["Boris"], rows["Carla"]), ([1100, 600], [600, 600], [None, None])
        )
        wizard = self._wizard(**copy, level="teams")
        wizard.action_preview()
        rows = {row["name"]: row["amounts"] for row in wizard.matrix["rows"]}
        self.assertEqual(rows, {"North": [2300, 3300], "South": [None, None]})
        wizard = self._wizard(**copy, copy_of="fact", team_ids=[Command.set(self.south.ids)])
        wizard.action_preview()
        rows = {row["name"]: row["amounts"] for row in wizard.matrix["rows"]}
        self.assertEqual(rows, {"Carla": [900, 0], "Luis": [None, None]})

    def test_a_newcomer_keeps_the_plan(self):
        """Where there is no last year to go by, the target that there is stays, and is part of the sums."""
        self._target(self.e_anna, 1000, "2025-06-01", "2025-07-31")
        kept = self._target(self.e_carla, 17, "2026-06-01", "2026-06-30")
        for values in ({"mode": "copy", "total": 0.0}, {"mode": "copy", "copy_of": "fact", "total": 0.0}):
            self._sell(self.anna, "2025-06-10", 777)
            wizard = self._wizard(**values)
            wizard.action_preview()
            rows = {row["name"]: row["amounts"] for row in wizard.matrix["rows"]}
            self.assertEqual(rows["Carla"], [17, None])
            wizard.action_apply()
            self.assertEqual(kept.exists().amount, 17)

    def test_longer_targets_are_cut(self):
        target = self._target(self.e_carla, 50, "2026-01-01", "2026-12-31")
        wizard = self._wizard(total=400.0, team_ids=[Command.set(self.south.ids)])
        wizard.action_preview()
        self.assertEqual(target.date_to, date(2026, 12, 31))
        wizard.action_apply()
        spans = [("01-01", "05-31", 50), ("06-01", "07-31", 100), ("08-01", "12-31", 50)]
        self.assertEqual(self._amounts(), {"Carla": spans, "Luis": [("06-01", "07-31", 100)]})
        again = self._wizard(total=400.0, team_ids=[Command.set(self.south.ids)])
        again.action_preview()
        self.assertIn("Nothing would change", str(again.preview))
        again.action_apply()
        self.assertEqual(self._amounts()["Carla"], spans)

    def test_closed_periods(self):
        self._make_plan(("sales_confirmed", 10000.0), period="month")
        self._target(self.e_anna, 50, "2026-01-01", "2026-12-31")
        self._score(self.NOON)
        before = self._amounts()
        with self._refused(UserError, "closed until 0?4/30/2026"):
            self._wizard(date_from="2026-04-01").action_preview()
        wizard = self._wizard(date_from="2026-05-01", date_to="2026-05-31")
        wizard.action_preview()
        self.assertEqual(self._amounts(), before)
        self._score("2026-06-01 18:00:00")  # closed while somebody looked at the preview
        with self._refused(UserError, "closed until 0?5/31/2026"):
            wizard.action_apply()
        self.assertEqual(self._amounts(), before)

    def test_bad_input(self):
        cases = [
            ({"total": 0.0}, "'Total'"),
            ({"date_to": "2026-05-31"}, "'To'.*'From'"),
            ({"date_to": "2029-05-31"}, "24 months"),
            ({"metric_id": self._metric("conversion_call_meeting").id}, "one by one"),
            ({"mode": "copy"}, "nothing to copy"),
        ]
        for vals, words in cases:
            with self.subTest(vals), self._refused(UserError, words):
                self._wizard(**vals).action_preview()
        with self._refused(UserError, "preview first"):
            self._wizard().action_apply()
        for vals in ({"step": 0.0}, {"total": -1.0}):
            with self.subTest(vals), self._refused(Exception, "_check"):
                self._wizard(**vals)

    def test_access(self):
        for user in (self.anna, self.lena, self.paula, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._wizard(user)
        with self.assertRaises(AccessError):
            self._wizard(self.olga)
        wizard = self._wizard()
        with self.assertRaises(AccessError):
            wizard.with_user(self.olga).action_preview()
        bare = self._make_user("bare", "sales_discipline.group_manager", "Europe/Berlin")
        wizard = self._wizard(bare, team_ids=[Command.set(self.south.ids)])
        wizard.action_preview()
        wizard.action_apply()
        self.assertEqual(set(self._amounts()), {"Carla", "Luis"})

    def test_names_are_text(self):
        self.e_anna.name = "<script>alert(1)</script>"
        wizard = self._wizard()
        wizard.action_preview()
        self.assertNotIn("<script>", str(wizard.preview))
        self.assertIn("&lt;script&gt;", str(wizard.preview))

    def test_queries_do_not_grow(self):
        def run():
            wizard = self._wizard(mode="history")
            wizard.action_preview()
            return len(wizard.matrix["rows"])

        self._sell(self.anna, "2025-06-10", 200)
        few, count = self._count_again(run)
        for number in range(10):
            user = self._make_user(f"more{number}", "sales_team.group_sale_salesman", "Europe/Berlin")
            self._make_employee(user, "Europe/Berlin")
            self.north.member_ids += user
        many, more = self._count_again(run)
        self.assertEqual((many, more), (few, count + 10))
