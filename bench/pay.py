"""A month's pay of everybody: statements of six components, from real orders and frozen scorecards."""

import statistics
import sys
from unittest.mock import patch

import book
import common
import limit_pay
from common import Run, note, ratios, say, spread, table
from month import FIRST_DAY, LAST_DAY, Month

COMPONENTS = [
    {"name": "Base", "kind": "base", "tier_ids": [(0, 50), (70, 75), (90, 90), (100, 100)]},
    {"name": "Commission", "kind": "commission", "tier_ids": [(0, 1), (200_000, 2), (400_000, 3)]},
    {
        "name": "Commission by parts",
        "kind": "commission",
        "mode": "marginal",
        "tier_ids": [(0, 0.5), (100_000, 1)],
    },
    {
        "name": "Commission by plan",
        "kind": "commission",
        "ladder_by": "completion",
        "tier_ids": [(50, 0.5), (100, 1)],
    },
    {"name": "KPI bonus", "kind": "kpi_bonus", "fixed_amount": 10_000, "tier_ids": [(70, 50), (90, 100)]},
    {"name": "Points", "kind": "points", "basis": "month", "card_period": "month", "rate": 50},
]


class Pay(Month):
    """The payroll run of one month, in a database where no day has been scored yet; each run is rolled back."""

    def run(self) -> float:
        """Measure and print; seconds that computing and storing takes, the median. Everything is taken away again."""
        self.prepare()
        note("freezing the month to be paid")
        with common.environment(self.database) as env:
            self.score(env, LAST_DAY)
            env.cr.commit()
        self._prepare_scheme()
        note("paying")
        runs, parts, hand = [], [], []
        for _n in range(self.repeat):
            hand.append(self.pay_by_hand())
            found, steps = self.pay()
            if found.amounts != hand[-1].amounts:
                raise SystemExit("the addon and the hand-written SQL pay other amounts")
            runs.append(found)
            parts.append(steps)
        tenth, _steps = self.pay(10)
        self._write_book()
        say("### A month's pay: statements of six components computed and stored\n")
        table(
            ["", "statements of pay", "lines", "seconds, median (min..max)", "statements of SQL", "peak MB"],
            [
                self._get_pay_row("everybody", runs),
                self._get_pay_row("a tenth of the people", [tenth]),
            ],
        )
        times = [run.seconds for run in runs]
        by_hand = [run.seconds for run in hand]
        say(
            f"- hand-written SQL that pays the same: {spread(by_hand, 2)} s; the addon {spread(ratios(times, by_hand))} times"
        )
        for name in parts[0]:
            say(f"- {name}: {spread([steps[name] for steps in parts], 2)} s")
        say("")
        self.clear()
        return statistics.median(run.seconds for run in runs)

    def _write_book(self) -> None:
        with common.environment(self.database) as env:
            payroll = self._compute(env)
            book.measure(env, payroll, min(self.repeat, 3))

    def _compute(self, env):
        """The month's run, computed at once and not in batches that are committed: all of it is taken away again."""
        payroll = env["discipline.payroll"].create({"date_from": FIRST_DAY})
        env.flush_all()
        env.invalidate_all()
        jobs = sys.modules["odoo.addons.sales_discipline.models.discipline_payroll_job"]
        with patch.object(jobs, "AT_ONCE", sys.maxsize), Run(env.cr) as self.last:
            payroll.action_compute()
            env.flush_all()
        return payroll

    def _get_pay_row(self, name: str, runs: list[Run]) -> list:
        times = spread([run.seconds for run in runs])
        counts = "..".join(map(str, sorted({run.statements for run in runs})))
        return [
            name,
            f"{runs[0].people:,}",
            f"{runs[0].lines:,}",
            times,
            counts,
            f"{max(run.peak for run in runs):.0f}",
        ]

    def _prepare_scheme(self) -> None:
        """Six components for everybody, who all have a wage."""
        with common.environment(self.database) as env:
            env.cr.execute(
                "UPDATE hr_version SET wage = 3000 + 10 * (id % 100), contract_date_start = '2024-01-01',"
                " date_version = '2024-01-01' WHERE employee_id IN (SELECT employee_id FROM bench_person)"
            )
            env.invalidate_all()
            metric = env.ref("sales_discipline.metric_sales_confirmed")
            components = [
                {
                    **values,
                    "sequence": n,
                    "metric_id": metric.id if values["kind"] == "commission" else False,
                    "tier_ids": [
                        (0, 0, {"threshold": at, "value": value}) for at, value in values.get("tier_ids", ())
                    ],
                }
                for n, values in enumerate(COMPONENTS)
            ]
            scheme = env["discipline.scheme"].create(
                {
                    "name": "Bench",
                    "date_from": "2025-01-01",
                    "component_ids": [(0, 0, values) for values in components],
                }
            )
            scheme.action_activate()
            env.cr.commit()

    def pay(self, part: int = 1) -> tuple[Run, dict[str, float]]:
        """Compute the month once, of every `part`th of the people, and roll it back; `people` and `lines` say how much it
        was. With the seconds of reading and of storing."""
        self.vacuum()
        with common.environment(self.database) as env:
            if part > 1:
                for query in (
                    "DELETE FROM discipline_scorecard c USING bench_person p"
                    " WHERE p.employee_id = c.employee_id AND p.n %% %s <> 0",
                    "UPDATE hr_employee e SET active = FALSE FROM bench_person p"
                    " WHERE p.employee_id = e.id AND p.n %% %s <> 0",
                ):
                    env.cr.execute(query, [part])
                env.invalidate_all()
            payroll = self._compute(env)
            run = self.last
            env.cr.execute(
                "SELECT COUNT(DISTINCT statement_id), COUNT(*) FROM discipline_statement_line WHERE payroll_id = %s",
                [payroll.id],
            )
            run.people, run.lines = env.cr.fetchone()
            env.cr.execute(limit_pay.AMOUNTS, [payroll.id])
            run.amounts = env.cr.fetchall()
            env.invalidate_all()
            with Run(env.cr) as read:
                statements = payroll.sudo()._prepare_statements()
            with Run(env.cr) as store:
                payroll.sudo()._store_statements(statements)
        return run, {"reading and reckoning": read.seconds, "storing": store.seconds}

    def pay_by_hand(self) -> Run:
        """The same by one hand-written statement, rolled back; `amounts` are what it pays to whom."""
        self.vacuum()
        with common.environment(self.database) as env:
            payroll = env["discipline.payroll"].create({"date_from": FIRST_DAY})
            env.flush_all()
            values = {
                "payroll": payroll.id,
                "plan": self.plan_id,
                "scheme": env["discipline.scheme"].search([("name", "=", "Bench")]).id,
                "metric": env.ref("sales_discipline.metric_sales_confirmed").id,
                "first": FIRST_DAY,
                "last": LAST_DAY,
            }
            with Run(env.cr) as run:
                env.cr.execute(limit_pay.PAY, values)
            env.cr.execute(limit_pay.AMOUNTS, [payroll.id])
            run.amounts = env.cr.fetchall()
        return run
