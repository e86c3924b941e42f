from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged

from ..tools import remuneration
from ..tools.ladder import Step
from .correction_common import HANDBOOK, CorrectionCase

# what happens between two runs: (which deal, what, to which amount)
CHANGES = st.tuples(
    st.integers(0, 3),
    st.sampled_from(("cancel", "confirm", "price", "deal", "share", "hand")),
    st.integers(1, 600_000),
)
MONTHS = st.lists(st.lists(CHANGES, max_size=3), min_size=1, max_size=3)


@tagged("post_install", "-at_install")
class TestPayCorrectionsProperty(CorrectionCase):
    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(MONTHS, st.sampled_from(("whole", "marginal")), st.sampled_from((None, 9_999.99)))
    def test_corrections_make_up_for_every_change(self, months, mode, cap):
        """Whatever happens to deals between the runs: what a month was paid, with its corrections, is what it would
        be paid if it were computed anew; and what is confirmed never changes."""
        with self.env.cr.savepoint() as savepoint:
            component = self._commission(mode=mode)
            component.scheme_id.write({"has_cap": cap is not None, "cap": cap or 0})
            deals = [
                self._order(user, amount, "2026-09-10 10:00:00")
                for user, amount in ((self.anna, 150_000), (self.anna, 250_000), (self.boris, 399_999))
            ]
            runs = [self._pay("2026-09")]
            for number, changes in enumerate(months, start=10):
                locked = self._read(runs)
                for step, (which, what, amount) in enumerate(changes):
                    moment = f"2026-{number}-{12 + step} 10:00:00"
                    self._change(deals, which, what, amount, moment)
                runs.append(self._pay(f"2026-{number}"))
                self.assertEqual(self._read(runs[:-1]), locked)
                for employee in self.e_anna + self.e_boris:
                    self._assert_made_up_for(runs, employee, deals, mode, cap)
            savepoint.rollback()
        self.env.invalidate_all()

    def _change(self, deals, which, what, amount, moment):
        if what == "deal":
            deals.append(self._order(self.anna, amount, moment))
            return
        order = deals[which % len(deals)]
        with freeze_time(moment):
            if what == "cancel" and order.state == "sale":
                order._action_cancel()
            elif what == "confirm" and order.state == "cancel":
                order.action_draft()
                order.action_confirm()
            elif what == "price" and order.state == "sale":
                order.order_line.price_unit = amount
            elif what == "share":
                percent = amount % 101
                shares = [(self.anna, percent), (self.boris, 100 - percent)]
                order._set_credit_shares([share for share in shares if share[1]])
            elif what == "hand":
                order.user_id = self.boris if order.user_id == self.anna else self.anna
            self.env.flush_all()

    def _read(self, runs):
        """What is stored of these runs."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT l.id, l.amount, l.explanation, l.inputs, s.total FROM discipline_statement_line l"
            " JOIN discipline_statement s ON s.id = l.statement_id WHERE l.payroll_id = ANY(%s) ORDER BY l.id",
            [[run.id for run in runs]],
        )
        return self.env.cr.fetchall()

    def _assert_made_up_for(self, runs, employee, deals, mode, cap):
        lines = self.env["discipline.statement.line"].search([("employee_id", "=", employee.id)])
        for run in runs:
            paid = lines.filtered(lambda line: line.payroll_id == run and line.kind != "correction")  # noqa: B023
            paid += lines.filtered(lambda line: line.corrected_month == run.date_from)  # noqa: B023
            volume = self._count(run, employee.user_id)
            steps = [Step(*step) for step in HANDBOOK]
            due = remuneration.commission(volume, steps, mode, run.currency_id.round)
            if cap is not None:
                due = min(due, cap)
            self.assertAlmostEqual(
                sum(paid.mapped("amount")), due, 2, f"{run.name}, {employee.name}: {volume}"
            )

    def _count(self, run, user):
        """The sales of a month counted fact by fact: those of the documents whose first fact is in it."""
        facts = self.env["discipline.fact"].search(
            [("kind", "=", "order_confirmed"), ("company_id", "=", self.company.id)], order="id"
        )
        start = Datetime.to_datetime(run.date_from)
        stop = Datetime.to_datetime(run.date_to) + timedelta(days=1)
        total = 0.0
        for source in set(facts.mapped("source_id")):
            own = facts.filtered(lambda fact: fact.source_id == source)  # noqa: B023
            if start <= min(own.mapped("happened_at")) < stop:
                total += sum(own.filtered(lambda fact: fact.user_id == user).mapped("amount"))
        return run.currency_id.round(total)
