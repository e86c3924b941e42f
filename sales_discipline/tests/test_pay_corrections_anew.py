from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import freeze_time, tagged

from .correction_common import CorrectionCase

# what happens before a run: (what, to which of the cards or deals there are, by how much)
CHANGES = st.tuples(
    st.sampled_from(("adjust", "adjust", "excuse", "cancel", "confirm", "price", "deal", "task", "manual")),
    st.integers(0, 20),
    st.integers(1, 130),
)
MONTHS = st.lists(st.lists(CHANGES, max_size=4), min_size=2, max_size=3)
money = st.sampled_from((None, 0, 1_500, 3_000, 10_000))
LIMITS = st.fixed_dictionaries(
    {"floor": money, "cap": money, "guaranteed": money, "max_reduction": st.sampled_from((None, 0, 10, 50))}
)


@tagged("post_install", "-at_install")
class TestPayCorrectionsAnew(CorrectionCase):
    """Months of all kinds of pay, with appeals granted late, excuses, deals and tasks between the runs."""

    @settings(
        max_examples=5,
        phases=[Phase.explicit, Phase.generate],  # an example takes seconds: a smaller one minutes
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(MONTHS, LIMITS)
    def test_with_its_corrections_a_month_is_what_it_comes_to_anew(self, months, limits):
        """What each month was paid, with all corrections of it, is what it comes to if it is computed again from the
        beginning, limits included; a run without a change corrects nothing; what is confirmed never changes."""
        with self.env.cr.savepoint() as savepoint:
            self._make_scheme(limits)
            self.deals, runs = [], []
            for number, changes in enumerate(months, start=9):
                self._work(f"2026-{number:02}")
                locked = self._read(runs)
                for step, change in enumerate(changes):
                    self._change(f"2026-{number:02}", f"2026-{number:02}-{15 + step} 10:00:00", *change)
                runs.append(self._pay(f"2026-{number:02}"))
                self.assertEqual(self._read(runs[:-1]), locked)
                self._assert_made_up_for(runs)
            quiet = self._pay(f"2026-{9 + len(months):02}")
            self.assertFalse(self._corrections(quiet))
            savepoint.rollback()
        self.env.invalidate_all()

    def _make_scheme(self, limits):
        if None not in (limits["floor"], limits["cap"]):
            limits["floor"], limits["cap"] = sorted((limits["floor"], limits["cap"]))
        self.scheme.action_draft()
        scheme = self.scheme.copy({"name": "All", "component_ids": False, **limits})
        sales = self.env.ref("sales_discipline.metric_sales_confirmed")
        base = [(0, 50), (60, 80), (90, 100)]
        self._component("base", base, scheme=scheme, wage_source="fixed", fixed_amount=2_000,
                        waiver_metric_id=sales.id)  # fmt: skip
        self._component("commission", [(0, 1), (100_000, 2)], scheme=scheme, metric_id=sales.id)
        self._component("kpi_bonus", scheme=scheme, fixed_amount=777.77)
        self._component(
            "points", scheme=scheme, basis="week", card_period="day", rate=33.33, minus_rate=200, floor=-900
        )
        self._component("task", scheme=scheme)
        grades = [("C", 40, 300), ("B", 70, 600), ("A", 90, 1_200)]
        tiers = [
            Command.create({"name": name, "threshold": at, "value": value}) for name, at, value in grades
        ]
        self._component("grade", scheme=scheme, tier_ids=tiers, grade_months=2)
        scheme.action_activate()

    def _work(self, month):
        """A month of Anna: three days, a monthly scorecard, a deal."""
        last = f"{month}-31" if month[-2:] in ("10", "12") else f"{month}-30"
        for day, made in (("07", 3), ("08", 10), ("22", 6)):
            card = self._card(self.e_anna, f"{month}-{day}", 1 if made == 10 else -2)
            self._card_line(card, "calls_done", 10, made)
        card = self._card(self.e_anna, f"{month}-01", 0, "month", last)
        self._card_line(card, "sales_confirmed", 100, 80)
        self._card_line(card, "meetings_done", 10, 5, category="smart")
        self.env.cr.execute("UPDATE discipline_scorecard SET efficiency = 65 WHERE id = %s", [card])
        self.deals.append(self._order(self.anna, 90_000, f"{month}-10 10:00:00"))

    def _change(self, month, moment, what, which, amount):
        if what == "deal":
            self.deals.append(self._order(self.anna, 1_000 * amount, moment))
            return
        order = self.deals[which % len(self.deals)]
        with freeze_time(moment):
            if what in ("adjust", "excuse"):
                cards = self.env["discipline.scorecard"].search(
                    [("employee_id", "=", self.e_anna.id)], order="id"
                )
                self._judge_again(cards[which % len(cards)], what, amount)
            elif what == "cancel" and order.state == "sale":
                order._action_cancel()
            elif what == "confirm" and order.state == "cancel":
                order.action_draft()
                order.action_confirm()
            elif what == "price" and order.state == "sale":
                order.order_line.price_unit = 1_000 * amount
            elif what == "task":
                self._approve(amount)
            elif what == "manual":
                self._enter(month, amount)
            self.env.flush_all()

    def _judge_again(self, card, what, amount):
        if what == "excuse":
            self.env.cr.execute(
                "UPDATE discipline_scorecard SET points = 0, efficiency = NULL, amended_at = now() + interval '9 years'"
                " WHERE id = %s",
                [card.id],
            )
            self.env.invalidate_all()
        else:
            line = card.line_ids[amount % len(card.line_ids)].with_user(self.lead)
            line._adjust(line.target * amount / 100 - line.actual, "Appeal", late=True)

    def _approve(self, value):
        task = self.env["discipline.task"].create(
            {
                "name": "Task",
                "employee_id": self.e_anna.id,
                "company_id": self.company.id,
                "date_due": "2026-12-31",
                "value": value,
                "result": "Done",
            }
        )
        task.with_user(self.lead).action_open()
        task.with_user(self.anna).action_submit()
        task.with_user(self.lead).action_approve()

    def _enter(self, month, amount):
        run = self.env["discipline.payroll"].search([("date_from", "=", f"{month}-01")]) or self._run(
            f"{month}-01"
        )
        self.env["discipline.payroll.entry"].with_user(self.officer).create(
            {
                "payroll_id": run.id,
                "employee_id": self.e_anna.id,
                "amount": 10 * amount - 654.32,
                "reason": "By hand",
            }
        )

    def _read(self, runs):
        """What is stored of these runs."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT l.id, l.amount, l.explanation, l.inputs, s.total, s.inputs FROM discipline_statement_line l"
            " JOIN discipline_statement s ON s.id = l.statement_id WHERE l.payroll_id = ANY(%s) ORDER BY l.id",
            [[run.id for run in runs]],
        )
        return self.env.cr.fetchall()

    def _assert_made_up_for(self, runs):
        lines = self.env["discipline.statement.line"].search([("employee_id", "=", self.e_anna.id)])
        for run in runs:
            paid = lines.filtered(lambda line: line.payroll_id == run and line.kind != "correction")  # noqa: B023
            paid += lines.filtered(lambda line: line.corrected_month == run.date_from)  # noqa: B023
            with freeze_time(runs[-1].confirmed_at):
                anew = {values["employee_id"]: values["lines"] for values in run._prepare_statements()}
            due = [line["amount"] for line in anew[self.e_anna.id] if line["kind"] != "correction"]
            self.assertAlmostEqual(sum(paid.mapped("amount")), sum(due), 2, run.name)
