from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .correction_common import CorrectionCase

SEAL = datetime(2026, 11, 5, 12)


@tagged("post_install", "-at_install")
class TestPayCorrections(CorrectionCase):
    def _paid(self, *runs, employee=None):
        """What the person got in these runs."""
        statements = self.env["discipline.statement"].browse(s.id for run in runs for s in run.statement_ids)
        return sum(statements.filtered(lambda s: s.employee_id == (employee or self.e_anna)).mapped("total"))

    def test_no_change_finds_none(self):
        self._commission()
        self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._order(self.anna, 250_000, "2026-10-10 10:00:00")
        run = self._pay("2026-10")
        self.assertFalse(self._corrections(run))
        self.assertEqual(run.statement_ids.mapped("corrected"), [0, 0])

    def test_cancelled_order(self):
        """A deal of September is cancelled in October: October's run takes back what it had paid, to the cent."""
        self._commission()
        self._order(self.anna, 300_000, "2026-09-09 10:00:00")
        order = self._order(self.anna, 100_000, "2026-09-10 10:00:00")
        september = self._pay("2026-09")
        self.assertEqual(self._paid(september), 28_000)
        self._cancel(order, "2026-10-12 10:00:00")
        october = self._pay("2026-10")
        line = self._corrections(october)
        self.assertEqual((line.amount, line.cause), (-13_000, "cancelled"))
        self.assertEqual((str(line.corrected_month), str(line.date_to)), ("2026-09-01", "2026-09-30"))
        self.assertEqual(line.corrects_line_id, september.statement_ids.line_ids.filtered("amount"))
        self.assertEqual((line.res_model, line.res_id), ("sale.order", order.id))
        self.assertEqual(
            self._words(line.explanation),
            f"September 2026: {order.name} cancelled (−100,000.00 €). Sales Confirmed 300,000.00 € instead of "
            "400,000.00 €: 15,000.00 € instead of 28,000.00 €",
        )
        self.assertEqual(line.action_open_changes()["res_id"], order.id)
        statement = line.statement_id
        self.assertEqual((statement.corrected, statement.bonus, statement.fine), (-13_000, 0, 0))
        self.assertEqual(self._paid(september, october), 15_000)
        self.assertFalse(self._corrections(october, self.e_boris))

    def test_change_below_a_step_pays_the_same(self):
        self._commission([(100, 0), (1_000, 5)])
        order = self._order(self.anna, 500, "2026-09-10 10:00:00")
        self._pay("2026-09")
        with freeze_time("2026-10-12 10:00:00"):
            order.order_line.price_unit = 400
            self.env.flush_all()
        self.assertFalse(self._corrections(self._pay("2026-10")))
        with freeze_time("2026-11-12 10:00:00"):
            order.order_line.price_unit = 1_000
            self.env.flush_all()
        line = self._corrections(self._pay("2026-11"))
        self.assertEqual((line.amount, line.cause), (50, "changed"))
        self.assertIn("changed (+500.00 €)", self._words(line.explanation))

    def test_a_correction_is_corrected_again(self):
        """Cancelled, corrected, confirmed after all: each month finds what changed since the one before."""
        self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        runs = [self._pay("2026-09")]
        self._cancel(order, "2026-10-12 10:00:00")
        runs.append(self._pay("2026-10"))
        self.assertEqual(self._corrections(runs[-1]).amount, -28_000)
        with freeze_time("2026-11-12 10:00:00"):
            order.action_draft()
            order.action_confirm()
            self.env.flush_all()
        runs.append(self._pay("2026-11"))
        line = self._corrections(runs[-1])
        self.assertEqual((line.amount, line.cause), (28_000, "changed"))
        self.assertEqual(str(line.corrected_month), "2026-09-01")
        runs.append(self._pay("2026-12"))
        self.assertFalse(self._corrections(runs[-1]))
        self.assertEqual(self._paid(*runs), 28_000)

    def test_refund_nets_to_zero(self):
        self._set_up_accounting()
        self._commission([(0, 3.33)], "sales_invoiced")
        invoice = self._invoice(self.anna, 123_456.78, "2026-09-10 10:00:00")
        september = self._pay("2026-09")
        self.assertEqual(self._paid(september), 4_111.11)
        refund = self._refund(invoice, "2026-10-12 10:00:00")
        october = self._pay("2026-10")
        line = self._corrections(october)
        self.assertEqual((line.amount, line.cause), (-4_111.11, "refund"))
        self.assertEqual((line.res_model, line.res_id), ("account.move", refund.id))
        self.assertIn(f"credit note {refund.name} (−123,456.78 €)", self._words(line.explanation))
        self.assertEqual(self._paid(september, october), 0)

    def test_backdated_invoice(self):
        self._set_up_accounting()
        self._commission([(0, 10)], "sales_invoiced")
        self._invoice(self.anna, 100, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._invoice(self.anna, 50, "2026-10-12 10:00:00", invoice_date="2026-09-29")
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.cause), (5, "backdated"))
        self.assertIn("entered afterwards (+50.00 €)", self._words(line.explanation))

    def test_several_causes(self):
        self._commission([(0, 10)])
        cancelled, changed = (self._order(self.anna, 1_000, "2026-09-10 10:00:00") for _ in range(2))
        self._pay("2026-09")
        self._cancel(cancelled, "2026-10-12 10:00:00")
        with freeze_time("2026-10-12 10:00:00"):
            changed.order_line.price_unit = 900
            self.env.flush_all()
        line = self._corrections(self._pay("2026-10"))
        self.assertEqual((line.amount, line.cause, line.res_id), (-110, "several", cancelled.id))
        action = line.action_open_changes()
        self.assertEqual(set(action["domain"][0][2]), {cancelled.id, changed.id})

    def test_people_who_left_get_theirs(self):
        component = self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self.e_anna.sudo().version_id.contract_date_end = "2026-09-30"
        self.e_anna.sudo().active = False
        self._cancel(order, "2026-10-12 10:00:00")
        october = self._pay("2026-10")
        line = self._corrections(october)
        self.assertEqual(line.amount, -28_000)
        self.assertEqual(line.statement_id.scheme_id, component.scheme_id)
        self.assertFalse(october.no_scheme_count)

    def test_rules_as_they_were(self):
        """What is corrected is reckoned by the rules that it was paid by, whatever they are today."""
        component = self._commission()
        order = self._order(self.anna, 500_000, "2026-09-10 10:00:00")
        self._order(self.anna, 50_000, "2026-09-01 00:30:00")  # the person's own time zone of then
        self._pay("2026-09")
        # rules that have been paid by are locked: behind the program's back
        self.env.cr.execute(
            "UPDATE discipline_tier SET value = 50; UPDATE discipline_component SET mode = 'marginal'"
        )
        self.env.invalidate_all()
        component.metric_id.domain = "[('amount', '>', 100000)]"
        self.e_anna.tz = "America/New_York"
        with freeze_time("2026-10-12 10:00:00"):
            order.order_line.price_unit = 400_000
            self.env.flush_all()
        self.assertEqual(self._corrections(self._pay("2026-10")).amount, -7_000)

    def test_limit_of_the_scheme(self):
        """The cap had taken most of it already, so only what is left below it is taken back."""
        component = self._commission()
        component.scheme_id.write({"has_cap": True, "cap": 20_000})
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        september = self._pay("2026-09")
        self.assertEqual(self._paid(september), 20_000)
        self.env.cr.execute("UPDATE discipline_scheme SET cap = 1")
        self.env.invalidate_all()
        with freeze_time("2026-10-12 10:00:00"):
            order.order_line.price_unit = 380_000
            self.env.flush_all()
        october = self._pay("2026-10")
        lines = self._corrections(october)
        self.assertEqual(lines.mapped("amount"), [-9_000, 8_000])
        self.assertEqual(lines.mapped("cause"), ["changed", "limit"])
        self.assertEqual(self._paid(september, october), 19_000)
        with freeze_time("2026-11-12 10:00:00"):
            order.order_line.price_unit = 400_000
            self.env.flush_all()
        november = self._pay("2026-11")
        self.assertEqual(self._corrections(november).mapped("amount"), [9_000, -8_000])
        self.assertEqual(self._paid(september, october, november), 20_000)

    def test_one_run_at_a_time_corrects(self):
        self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._cancel(order, "2026-10-01 10:00:00")
        self._cancel(self._order(self.anna, 1, "2026-10-02 10:00:00"), "2026-11-30 10:00:00")
        self._cancel(order, "2026-11-30 10:00:00")
        self._pay("2026-10", confirm=False)
        november = self._pay("2026-11", confirm=False)
        self.assertFalse(self._corrections(november))
        self._pay("2026-10")
        with freeze_time("2026-12-06 12:00:00"):
            november.with_user(self.officer).action_confirm()  # as computed: nothing was added by October's

    def test_months_looked_back(self):
        self._commission()
        self.company.discipline_correction_months = 1
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._pay("2026-10")
        self._cancel(order, "2026-11-12 10:00:00")
        self.assertFalse(self._corrections(self._pay("2026-11", confirm=False)))
        self.company.discipline_correction_months = 2
        self.assertEqual(self._corrections(self._pay("2026-11")).amount, -28_000)

    def test_confirmed_stays(self):
        self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        run = self._pay("2026-09")
        self.env.invalidate_all()
        lines = run.statement_ids.line_ids
        # but for what points at them from other runs
        names = [name for name in lines._fields if name not in ("correction_ids", "dispute_ids")]
        before = [run.statement_ids.read(), lines.read(names)]
        self._cancel(order, "2026-10-12 10:00:00")
        line = self._corrections(self._pay("2026-10"))
        self.env.invalidate_all()
        self.assertEqual([run.statement_ids.read(), lines.read(names)], before)
        with self.assertRaises(UserError):
            line.write({"amount": 0})

    # ------------------------------------------------------------
    # Scorecards
    # ------------------------------------------------------------

    def _adjusted(self, card_id, **values):
        """The card as an adjustment granted late leaves it."""
        card = self.env["discipline.scorecard"].browse(card_id)
        if not card.line_ids:
            self._card_line(card_id, "calls_done", 10, 10)
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET amended_at = '2030-01-01' WHERE id = %s", [card_id]
        )
        for name, value in values.items():
            self.env.cr.execute(
                f"UPDATE discipline_scorecard SET {name} = %s WHERE id = %s", [value, card_id]
            )
        self.env.invalidate_all()

    def test_scorecards_changed(self):
        """Points, base and bonus by the cards as they are now; undone, it is taken back."""
        points = self._component(
            "points", basis="month", card_period="day", rate=5, minus_rate=5, name="Points"
        )
        values = {"wage_source": "fixed", "fixed_amount": 1_000}
        self._component("base", [(0, 50), (90, 100)], scheme=points.scheme_id, **values)
        self._component("kpi_bonus", scheme=points.scheme_id, fixed_amount=2_000)
        day = self._card(self.e_anna, "2026-09-07", -2, efficiency=80)
        self._card(self.e_anna, "2026-09-08", 1, efficiency=80)
        month = self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", efficiency=70)
        self._pay("2026-09")
        self._adjusted(day, points=3, efficiency=100)
        self._adjusted(month, efficiency=75)
        october = self._pay("2026-10")
        lines = self._corrections(october)
        # 4 points instead of -1, 90 % instead of 80 %, 75 % of 2,000 instead of 70 %
        self.assertEqual(dict(zip(lines.component_id.mapped("kind"), lines.mapped("amount"), strict=True)),
                         {"points": 25, "base": 500, "kpi_bonus": 100})  # fmt: skip
        self.assertEqual(set(lines.mapped("cause")), {"scorecard"})
        self.assertIn("4 points instead of −1", lines[0].explanation)
        self.assertIn("efficiency 90 % instead of 80 %", self._words(lines[1].explanation))
        self.assertIn(day, lines[0].scorecard_ids.ids)
        self._adjusted(day, points=-2, efficiency=80)
        november = self._pay("2026-11")
        self.assertEqual(sorted(self._corrections(november).mapped("amount")), [-500, -25])

    # ------------------------------------------------------------
    # Who sees them, and what they cost
    # ------------------------------------------------------------

    def test_access(self):
        self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._cancel(order, "2026-10-12 10:00:00")
        line = self._corrections(self._pay("2026-10"))
        own = line.with_user(self.anna)
        self.assertEqual((own.amount, own.corrects_line_id.amount), (-28_000, 28_000))
        for other in self.boris + self.lead + self.head:
            with self.assertRaises(AccessError):
                line.with_user(other).read(["amount"])
            with self.assertRaises(AccessError):
                line.with_user(other).action_open_changes()

    def test_statements_do_not_grow_with_people(self):
        component = self._commission([(0, 10)])
        users = [self._new_user(f"seller{i}", "sales_team.group_sale_salesman") for i in range(8)]
        employees = [self._new_employee(user) for user in users]
        for employee in employees:
            employee.sudo().version_id.write(
                {"date_version": "2026-01-01", "contract_date_start": "2026-01-01"}
            )
            component.scheme_id.employee_ids += employee
        orders = [self._order(user, 1_000, "2026-09-10 10:00:00") for user in users]
        self._pay("2026-09")
        run = self._run("2026-10-01").sudo()

        self._cancel(orders[0], "2026-10-12 10:00:00")
        few, one = self._count_again(run._get_corrections, SEAL)
        for order in orders[1:]:
            self._cancel(order, "2026-10-12 10:00:00")
        many, all_of_them = self._count_again(run._get_corrections, SEAL)
        self.assertEqual((len(one), len(all_of_them)), (1, 8))
        self.assertEqual(few, many)
