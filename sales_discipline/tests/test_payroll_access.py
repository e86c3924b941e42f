from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .pay_common import PayCase

MODELS = ("scheme", "component", "payroll", "statement", "statement.line")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayrollAccess(PayCase):
    """Least rights that must be enough, and most rights that must not be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._card(cls.e_anna, "2026-09-08", 3)
        cls._card(cls.e_boris, "2026-09-08", -1)

    def _visible(self, user, model="statement"):
        return self.env[f"discipline.{model}"].with_user(user).search([("company_id", "=", self.company.id)])

    def test_officer(self):
        """Every step with group_payroll alone."""
        scheme = (
            self.env["discipline.scheme"]
            .with_user(self.officer)
            .create(
                {
                    "name": "New",
                    "company_id": self.company.id,
                    "team_ids": [Command.set(self.team.ids)],
                    "component_ids": [Command.create({"name": "Points", "rate": 1})],
                }
            )
        )
        scheme.action_activate()
        scheme.action_close()
        run = self._run()
        run.action_compute()
        self.assertEqual(len(run.statement_ids), 2)
        self.assertTrue(run.statement_ids.line_ids.mapped("explanation"))
        run.action_confirm()
        run.action_paid()
        self.assertIn(
            "total",
            run.web_read(
                {
                    "total": {},
                    "statement_ids": {"fields": {"name": {}, "team_id": {"fields": {"display_name": {}}}}},
                }
            )[0],
        )
        self.assertFalse(self.officer.has_group("sales_team.group_sale_salesman"))
        self.assertFalse(self.officer.has_group("hr.group_hr_user"))

    def test_officer_opens_scorecards(self):
        run = self._run()
        run.action_compute()
        action = run.statement_ids[0].action_open_cards()
        cards = self.env[action["res_model"]].with_user(self.officer).search(action["domain"])
        self.assertEqual(cards.mapped("points"), [3.0])

    def test_officer_makes_no_results_by_hand(self):
        run = self._run()
        run.action_compute()
        for records in (run.statement_ids, run.statement_ids.line_ids):
            with self.assertRaises(AccessError):
                records[0].write({"name": "x"})
            with self.assertRaises(AccessError):
                records[0].unlink()
            with self.assertRaises(AccessError):
                records.create({"name": "x"})

    def test_salesperson(self):
        """Own statements only, and only when they are final."""
        run = self._run()
        run.action_compute()
        self.assertFalse(self._visible(self.anna) + self._visible(self.boris))
        self.assertFalse(self._visible(self.anna, "statement.line"))
        run.action_confirm()
        mine = self._visible(self.anna)
        self.assertEqual((mine.name, mine.total, mine.user_id), ("Anna", 15.0, self.anna))
        self.assertEqual(self._visible(self.anna, "statement.line"), mine.line_ids)
        run.action_paid()
        self.assertEqual(self._visible(self.anna), mine)
        boris = self._visible(self.boris)
        for records in (boris, boris.line_ids):
            with self.assertRaises(AccessError):
                records.with_user(self.anna).read(["name"])
        for values in ({"total": 1000}, {"name": "x"}):
            with self.assertRaises(AccessError):
                mine.write(values)
        for model in ("payroll", "scheme", "component"):
            with self.assertRaises(AccessError):
                self.env[f"discipline.{model}"].with_user(self.anna).search([])
        with self.assertRaises(AccessError):
            run.with_user(self.anna).action_compute()

    def test_own_statement_is_readable_in_full(self):
        """All that the form and the print show, with the rights of a salesperson."""
        self._confirmed()
        mine = self._visible(self.anna)
        names = [
            "display_name",
            "total",
            "department_name",
            "team_id",
            "days",
            "points",
            "state",
            "currency_id",
        ]
        self.assertEqual(mine.read(names)[0]["display_name"], "Anna – September 2026")
        action = mine.action_open_cards()
        self.assertEqual(len(self.env[action["res_model"]].with_user(self.anna).search(action["domain"])), 1)

    def test_leader_and_head_of_sales(self):
        """Other people's pay is none of their business; the head of sales reads the schemes."""
        run = self._confirmed()
        for user in (self.lead, self.head):
            self.assertFalse(self._visible(user))
            self.assertFalse(self._visible(user, "statement.line"))
            with self.assertRaises(AccessError):
                run.with_user(user).read(["state"])
        self.assertIn(self.scheme, self._visible(self.head, "scheme"))
        self.assertTrue(self._visible(self.head, "component"))
        with self.assertRaises(AccessError):
            self.scheme.with_user(self.head).write({"name": "x"})
        with self.assertRaises(AccessError):
            self._visible(self.lead, "scheme")

    def test_other_company(self):
        """An officer of one company neither sees nor makes the pay of another."""
        run = self._confirmed()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user("stranger", "sales_discipline.group_payroll", company=other)
        for model in MODELS:
            with self.subTest(model=model):
                self.assertFalse(self._visible(stranger, model))
        with self.assertRaises(AccessError):
            run.with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            self._run("2026-08-01", user=stranger)

    def test_records_stay_in_ones_company(self):
        """What an officer or a manager may change is not moved to a company that they do not work in."""
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_employee(self._new_user("stranger", "base.group_user", company=other))
        theirs = self._new_scheme("Theirs", other, kind="kpi_bonus", fixed_amount=1, activate=False)
        plan = self._new_plan("day", other)
        run, scheme = self._run(), self.scheme.copy()
        values = {"reason": "Fair", "amount": 1.0, "employee_id": self.e_anna.id}
        entry = self.env["discipline.payroll.entry"].create({"payroll_id": run.id, **values})
        step = {
            "component_id": scheme.component_ids.copy({"kind": "kpi_bonus", "fixed_amount": 1}).id,
            "threshold": 1,
            "value": 2,
        }
        values = {"name": "Goal", "date_due": "2026-10-30", "company_id": self.company.id}
        task = self.env["discipline.task"].create({**values, "employee_id": self.e_anna.id})
        metric = self.env.ref("sales_discipline.metric_calls_done")
        line = self.env["discipline.plan.line"].create(
            {"plan_id": self._new_plan("week").id, "metric_id": metric.id, "target": 1}
        )
        for user, record, vals in (
            (self.officer, run, {"company_id": other.id}),
            (self.officer, entry, {"payroll_id": self._run(company=other, user=self.env.user).id}
             | {"employee_id": stranger.id}),
            (self.officer, scheme.component_ids[0], {"scheme_id": theirs.id}),
            (self.officer, self.env["discipline.tier"].create(step), {"component_id": theirs.component_ids.id}),
            (self.head, task, {"company_id": other.id, "employee_id": stranger.id}),
            (self.head, line, {"plan_id": plan.id}),
        ):  # fmt: skip
            refused = self.assertRaisesRegex(AccessError, "do not work in")
            with self.subTest(record._name), refused, self.env.cr.savepoint():
                record.with_user(user).write(vals)

    def test_two_companies(self):
        """Cards and schemes of one company never reach the run of the other."""
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids += other
        run = self._run(company=other)
        run.action_compute()
        self.assertFalse(run.statement_ids)
        self.assertEqual(len(self._visible(self.officer, "payroll")), 0)
        here = self._run()
        here.action_compute()
        self.assertEqual(here.total, 10.0)

    def test_currency_is_the_companys(self):
        """A run is in the currency of its company, whatever somebody sends."""
        dollar = self.env.ref("base.USD").id
        runs = self.env["discipline.payroll"].with_user(self.officer).with_context(default_currency_id=dollar)
        run = runs.create(
            {"company_id": self.company.id, "date_from": "2026-09-01", "currency_id": dollar}
        ).with_context(default_currency_id=False)
        self.assertEqual(run.currency_id, self.company.currency_id)
        with self.assertRaisesRegex(UserError, "buttons"):
            run.currency_id = dollar
