from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.discipline_payroll import PAYING
from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayroll(PayCase):
    def _statement(self, run, employee):
        return run.statement_ids.filtered(lambda statement: statement.employee_id == employee)

    # ------------------------------------------------------------
    # What a run comes to
    # ------------------------------------------------------------

    def test_week(self):
        cards = self._week(self.e_anna, "2026-09-07", [3, 3, -2, 5, 3])
        self._card(self.e_boris, "2026-09-08", -14)
        run = self._run()
        run.action_compute()
        anna, boris = (self._statement(run, employee) for employee in (self.e_anna, self.e_boris))
        self.assertEqual(run.state, "computed")
        self.assertRecordValues(
            anna + boris,
            [
                {
                    "total": 60.0,
                    "bonus": 60.0,
                    "fine": 0.0,
                    "points": 12.0,
                    "days": 5,
                    "department_name": "Sales",
                },
                {
                    "total": -70.0,
                    "bonus": 0.0,
                    "fine": -70.0,
                    "points": -14.0,
                    "days": 1,
                    "department_name": "Sales",
                },
            ],
        )
        self.assertEqual(set(anna.line_ids.sudo().scorecard_ids.ids), set(cards))
        self.assertEqual(run.total, -10.0)
        self.assertIn("Week 37 (7 Sep – 13 Sep)", anna.line_ids.explanation)
        self.assertRegex(anna.line_ids.explanation, r": 12 points × 5\.00\s€ = 60\.00\s€$")
        self.assertRegex(boris.line_ids.explanation, r": −14 points × 5\.00\s€ = −70\.00\s€$")

    def test_week_at_the_end_of_a_month(self):
        """A week is paid once, with the month of its Sunday, and each card is in one run only."""
        self._card(self.e_anna, "2026-08-31", 2)  # Monday of the week that ends on 6 September
        self._card(self.e_anna, "2026-09-30", 3)  # Wednesday of the week that ends on 4 October
        self._card(self.e_anna, "2026-10-01", 4)
        runs = [self._run(month) for month in ("2026-08-01", "2026-09-01", "2026-10-01")]
        for run in runs:
            run.action_compute()
        self.assertEqual([self._statement(run, self.e_anna).points for run in runs], [0.0, 2.0, 7.0])

    def test_month(self):
        self.scheme.component_ids.write({"basis": "month"})
        self._card(self.e_anna, "2026-08-31", 2)
        self._card(self.e_anna, "2026-09-01", 3)
        self._card(self.e_anna, "2026-09-30", 4)
        run = self._run()
        run.action_compute()
        line = self._statement(run, self.e_anna).line_ids
        self.assertEqual((line.base, line.amount), (7.0, 35.0))
        self.assertIn("September 2026", line.explanation)

    def test_weekly_and_monthly_cards(self):
        """Each component pays the cards of its own kind of plan."""
        self.scheme.component_ids = [
            Command.create(
                {"name": "Weeks", "card_period": "week", "basis": "month", "rate": 10, "sequence": 20}
            ),
            Command.create(
                {"name": "KPI", "card_period": "month", "basis": "month", "rate": 100, "sequence": 30}
            ),
        ]
        self._card(self.e_anna, "2026-09-07", 1)
        self._card(self.e_anna, "2026-09-28", 7, period="week", last="2026-10-04")  # October's
        self._card(self.e_anna, "2026-09-07", 2, period="week", last="2026-09-13")
        self._card(self.e_anna, "2026-09-01", 3, period="month", last="2026-09-30")
        run = self._run()
        run.action_compute()
        lines = self._statement(run, self.e_anna).line_ids
        self.assertEqual(lines.mapped("amount"), [5.0, 20.0, 300.0])
        self.assertEqual(self._statement(run, self.e_anna).total, 325.0)

    def test_limits(self):
        self.scheme.component_ids.write({"floor": -50, "cap": 100})
        self.scheme.write({"floor": -80})
        self._card(self.e_anna, "2026-09-08", -14)
        self._card(self.e_anna, "2026-09-15", -14)
        self._card(self.e_boris, "2026-09-08", 30)
        run = self._run()
        run.action_compute()
        anna, boris = (self._statement(run, employee) for employee in (self.e_anna, self.e_boris))
        self.assertEqual(anna.line_ids.mapped("amount"), [-50.0, -50.0, 20.0])
        self.assertEqual((anna.total, anna.fine, anna.correction), (-80.0, -100.0, 20.0))
        self.assertEqual(anna.line_ids.mapped("limit"), ["floor"] * 3)
        self.assertRegex(anna.line_ids[0].explanation, r"= −70\.00\s€, limited to the floor of −50\.00\s€$")
        self.assertRegex(
            anna.line_ids[2].explanation,
            r"^Limited by the floor of “Points”: −100\.00\s€ becomes −80\.00\s€$",
        )
        self.assertEqual((boris.total, boris.line_ids.limit), (100.0, "cap"))

    def test_no_fines(self):
        self.scheme.component_ids.write({"floor": 0})
        self._card(self.e_anna, "2026-09-08", -14)
        run = self._run()
        run.action_compute()
        self.assertEqual(self._statement(run, self.e_anna).total, 0.0)

    def test_what_does_not_count(self):
        """Trial cards, open cards, cards before the scheme; and people without cards get a statement of zero."""
        self.scheme.write({"date_from": "2026-09-10"})
        self._card(self.e_anna, "2026-09-09", 5)
        self._card(self.e_anna, "2026-09-11", 7)
        self._card(self.e_anna, "2026-09-14", 11, trial=True)
        self._card(self.e_anna, "2026-09-15", 13, state="open")
        run = self._run()
        run.action_compute()
        self.assertEqual(self._statement(run, self.e_anna).points, 7.0)
        self.assertEqual(self._statement(run, self.e_boris).total, 0.0)
        self.assertEqual(run.open_card_count, 1)

    def test_scheme_changes_within_the_month(self):
        """Each card is paid by the scheme in force on its day."""
        self.scheme.write({"date_to": "2026-09-15"})
        following = self._new_scheme("Next", activate=False, rate=10)
        following.date_from = "2026-09-16"
        following.action_activate()
        self._card(self.e_anna, "2026-09-15", 1)
        self._card(self.e_anna, "2026-09-16", 1)
        run = self._run()
        run.action_compute()
        statement = self._statement(run, self.e_anna)
        self.assertEqual(statement.line_ids.mapped("amount"), [5.0, 10.0])
        self.assertEqual(statement.scheme_id.name, "Next")

    def test_left_the_team(self):
        """Who has left since is still paid by the scheme of the team that they were in."""
        self._card(self.e_anna, "2026-09-08", 2)
        self.scheme.team_ids = self.team
        self.team.member_ids -= self.anna
        self.e_anna.active = False
        run = self._run()
        run.action_compute()
        self.assertEqual(self._statement(run, self.e_anna).total, 10.0)

    def test_no_scheme(self):
        self.scheme.action_close()
        self.scheme.date_to = "2026-08-31"
        self._card(self.e_anna, "2026-09-08", 2)
        run = self._run()
        run.action_compute()
        self.assertEqual(run.statement_ids.employee_id, self.e_anna, "nobody else had a card or a scheme")
        self.assertEqual((run.total, run.no_scheme_count), (0.0, 1))

    def test_not_employed(self):
        self.e_boris.version_id.write({"contract_date_start": "2026-10-01"})
        run = self._run()
        run.action_compute()
        self.assertEqual(run.statement_ids.employee_id, self.e_anna)

    def test_paid_cards_are_not_adjusted(self):
        """An adjustment is refused once the card is paid, and welcome before: the run then wants to be computed again."""
        card = self.env["discipline.scorecard"].browse(self._card(self.e_anna, "2026-09-08", 3))
        line = self.env["discipline.scorecard.line"].new({"scorecard_id": card.id})
        line._check_adjustable()
        self._confirmed()
        with self.assertRaisesRegex(UserError, "September 2026"):
            line._check_adjustable()

    def test_paid_cards_are_adjusted_late(self):
        """What was asked for before the card was paid can still be granted, with all the other refusals."""
        card = self.env["discipline.scorecard"].browse(self._card(self.e_anna, "2026-09-08", -2))
        self._card_line(card.id, "calls_done", 10, 9)
        self._confirmed()
        line = card.line_ids.with_user(self.lead)
        with self.assertRaisesRegex(UserError, "September 2026"):
            line._adjust(1.0, "Appeal")
        for user in (self.anna, self.boris):
            with self.assertRaises(AccessError):
                card.line_ids.with_user(user)._adjust(1.0, "Appeal", late=True)
        line._adjust(1.0, "Appeal", late=True)
        self.assertEqual((card.points, card.efficiency), (1.0, 100.0))

    def test_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.boris.lang = "ru_RU"
        self._card(self.e_boris, "2026-09-08", 3)
        run = self._run()
        run.action_compute()
        self.assertRegex(self._statement(run, self.e_boris).line_ids.explanation, r"7 сент.* = 15,00\s€$")

    def test_compute_again(self):
        """Nothing is doubled, people stay the same records, and what has changed is taken in."""
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._run()
        run.action_compute()
        before = run.statement_ids.read(["employee_id", "total", "inputs"])
        run.action_compute()
        self.assertEqual(run.statement_ids.read(["employee_id", "total", "inputs"]), before)
        self._card(self.e_anna, "2026-09-09", 1)
        run.action_compute()
        self.assertEqual(len(self._statement(run, self.e_anna).line_ids), 1)
        self.assertEqual(run.total, 20.0)

    def test_inputs(self):
        card = self._card(self.e_anna, "2026-09-08", 3)
        run = self._confirmed()
        inputs = self._statement(run, self.e_anna).inputs
        self.assertEqual(inputs["cards"], [[card, "2026-09-08", "day", 3.0, None]])
        self.assertEqual(inputs["components"][0]["rate"], 5.0)

    def test_queries_do_not_grow(self):
        """As many statements for 2 people as for 12 (Odoo's own batches of 100 aside)."""
        self.env["crm.team"].flush_model()

        def count():
            run = self._run()
            sent, _done = self._count_queries(run.action_compute)
            run.unlink()
            return sent

        self._card(self.e_anna, "2026-09-08", 3)
        count()  # fills the caches
        few = count()
        for i in range(10):
            user = self._new_user(f"more{i}", "sales_team.group_sale_salesman")
            self.team.member_ids += user
            self._week(self._new_employee(user), "2026-09-07", [1, 2, 3, 4, -2])
        count()
        self.assertEqual(count(), few)

    # ------------------------------------------------------------
    # From draft to paid
    # ------------------------------------------------------------

    def test_states(self):
        run = self._run()
        for button in ("action_confirm", "action_paid"):
            with self.assertRaises(UserError):
                getattr(run, button)()
        run.action_compute()
        with self.assertRaises(UserError):
            run.action_paid()
        run.action_confirm()
        for button in ("action_compute", "action_confirm"):
            with self.assertRaises(UserError):
                getattr(run, button)()
        run.action_paid()
        self.assertRecordValues(
            run, [{"state": "paid", "computed_by_id": self.officer.id, "confirmed_by_id": self.officer.id}]
        )

    def test_confirm_refused(self):
        card = self._card(self.e_anna, "2026-09-08", 3, state="open")
        run = self._run()
        run.action_compute()
        with self.assertRaisesRegex(UserError, "^1 scorecards? of this month"):
            run.action_confirm()
        self.env.cr.execute("UPDATE discipline_scorecard SET state = 'frozen' WHERE id = %s", [card])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Compute it again"):
            run.action_confirm()
        run.action_compute()
        run.action_confirm()
        self.assertEqual(run.total, 15.0)

    def test_confirm_too_early(self):
        run = self._run("2026-10-01")
        run.action_compute()
        with self.assertRaisesRegex(UserError, "not over"):
            run.action_confirm()

    def test_rate_changed_since(self):
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._run()
        run.action_compute()
        self.scheme.component_ids.rate = 6
        with self.assertRaisesRegex(UserError, "Compute it again"):
            run.action_confirm()

    def test_later_changes_do_not_reach_a_confirmed_run(self):
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._confirmed()
        self.env.cr.execute("UPDATE discipline_component SET rate = 99")
        self.env.invalidate_all()
        self._card(self.e_anna, "2026-09-09", 50)
        self.assertEqual(self._statement(run, self.e_anna).total, 15.0)

    def test_locked(self):
        """For everybody, the superuser included, on every road of the ORM."""
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._confirmed().sudo()
        statement, line = run.statement_ids[0], run.statement_ids.line_ids[0]
        attempts = [
            lambda: run.write({"state": "draft"}),
            lambda: run.write({"name": "x"}),
            lambda: run.write({"statement_ids": [Command.clear()]}),
            lambda: run.write({"date_from": "2026-01-01"}),
            lambda: run.unlink(),
            lambda: statement.write({"total": 1000}),
            lambda: statement.unlink(),
            lambda: statement.copy(),
            lambda: line.write({"amount": 1000}),
            lambda: line.with_context(discipline_pay=True).write({"amount": 1000}),
            lambda: line.with_context(discipline_pay=PAYING).write({"amount": 1000}),
            lambda: line.unlink(),
            lambda: line.copy(),
            lambda: run.env["discipline.statement"].create(
                {"payroll_id": run.id, "employee_id": self.e_anna.id}
            ),
            lambda: run.action_compute(),
            lambda: self.scheme.component_ids.unlink(),
            lambda: self.scheme.unlink(),
        ]
        for attempt in attempts:
            with self.assertRaises(UserError):
                attempt()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.total), ("confirmed", 15.0))

    def test_computed_is_protected_too(self):
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._run()
        run.action_compute()
        for attempt in (
            lambda: run.write({"state": "confirmed"}),
            lambda: run.write({"fingerprint": "x"}),
            lambda: run.write({"date_from": "2026-01-01"}),
            lambda: run.sudo().statement_ids[0].write({"total": 1}),
            lambda: run.sudo().statement_ids.line_ids[0].unlink(),
        ):
            with self.assertRaises(UserError):
                attempt()
        run.unlink()  # the run as a whole may go
        self.assertFalse(self.env["discipline.statement"].search([("company_id", "=", self.company.id)]))

    def test_default_in_context(self):
        """A context that carries defaults cannot make a confirmed run, nor change what is computed."""
        self._card(self.e_anna, "2026-09-08", 3)
        runs = self.env["discipline.payroll"].with_user(self.officer)
        forged = runs.with_context(default_state="confirmed", default_fingerprint="x", default_amount=1000)
        run = forged.create({"date_from": "2026-09-01", "company_id": self.company.id})
        self.assertEqual((run.state, run.fingerprint), ("draft", False))
        run.with_context(default_amount=1000, default_total=1000).action_compute()
        self.assertEqual(run.total, 15.0)
        with self.assertRaises(UserError):
            runs.create({"date_from": "2026-08-01", "company_id": self.company.id, "state": "confirmed"})

    def test_one_run_a_month(self):
        self._run("2026-09-17")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._run("2026-09-01")

    def test_month_and_name(self):
        run = self._run("2026-02-17")
        self.assertRecordValues(run, [{"date_from": run.date_from.replace(day=1), "name": "February 2026"}])
        self.assertEqual(str(run.date_to), "2026-02-28")
