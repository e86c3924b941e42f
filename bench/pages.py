"""The pages that somebody waits for, on a department's ledger and a year of months."""

import statistics
from datetime import datetime, timedelta

import common
import limit_store
from common import note, say, spread, table
from freezegun import freeze_time
from month import BEFORE, FIRST_DAY, HISTORY, LAST_DAY, Month

from odoo.tools import date_utils

ADMIN = 2
NOW = datetime(2025, 11, 14, 12)
TARGETS = """
INSERT INTO discipline_target (metric_id, company_id, currency_id, scope, employee_id, period, date_from, date_to, amount,
                               create_uid, create_date, write_uid, write_date)
    SELECT %(metric)s, e.company_id, co.currency_id, 'own', e.id, 'month', m::date,
           (m + interval '1 month' - interval '1 day')::date, 400000, 1, now(), 1, now()
      FROM bench_person p JOIN hr_employee e ON e.id = p.employee_id JOIN res_company co ON co.id = e.company_id
     CROSS JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') m
"""
# what a report by hand would ask the ledger for: fewer questions than the funnel answers, so a limit from below
FUNNEL = """
SELECT f.user_id, SUM(f.quantity) FILTER (WHERE t.category = 'phonecall'),
       SUM(f.quantity) FILTER (WHERE t.category = 'meeting'), SUM(f.quantity) FILTER (WHERE f.kind = 'quotation_sent'),
       SUM(f.quantity) FILTER (WHERE f.kind = 'lead_won'), SUM(f.quantity) FILTER (WHERE f.kind = 'lead_lost'),
       SUM(f.amount) FILTER (WHERE f.kind = 'order_confirmed')
  FROM discipline_fact f LEFT JOIN mail_activity_type t ON t.id = f.activity_type_id
 WHERE f.kind IN ('activity_done', 'quotation_sent', 'lead_won', 'lead_lost', 'order_confirmed')
   AND f.happened_at >= %(first)s AND f.happened_at < %(stop)s AND f.company_id = %(company)s
 GROUP BY f.user_id
"""
SALES = """
SELECT f.user_id, date_trunc('month', f.happened_at), SUM(f.amount) FROM discipline_fact f
 WHERE f.kind = 'order_confirmed' AND f.happened_at >= %(first)s AND f.happened_at < %(stop)s
   AND f.company_id = %(company)s
 GROUP BY 1, 2
"""
# what the pages of scorecards count anew, by the hand-written statement of a freeze: everybody's ten metrics, or one person's
EVERYBODY = limit_store.MEASURE
ONE = EVERYBODY.replace("WHERE e.active", "WHERE e.id = %(employee)s AND e.active")
STORED = """
SELECT c.employee_id, c.date_from, c.points, c.efficiency, l.metric_id, l.actual, l.target, l.completion, l.zone, l.trend
  FROM discipline_scorecard c JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
 WHERE c.period = 'month' AND c.company_id = %(company)s AND c.date_from BETWEEN %(since)s AND %(first)s
"""
STORED_OF_ONE = STORED + " AND c.employee_id = %(employee)s"
DAYS = """
SELECT c.employee_id, c.date_from, c.points, c.efficiency FROM discipline_scorecard c
 WHERE c.period = 'day' AND c.company_id = %(company)s AND c.date_from BETWEEN %(first)s AND %(day)s
"""
MEASURES = [
    "calls:sum",
    "meetings:sum",
    "proposals:sum",
    "deals_won:sum",
    "deals_lost:sum",
    "amount_sold:sum",
]
MEASURES += ["conversion_call_meeting:avg", "conversion_proposal_won:avg"]


class Pages(Month):
    """What a manager sees, asked as the web client asks it: a new environment each time."""

    def run(self) -> None:
        """Measure and print; the month has been frozen before."""
        note("opening pages")
        self._prepare_reader()
        rows = []
        with freeze_time(NOW, ignore=["common"]):
            for name, road, *limits in self._get_roads():
                rows.append(self._open(name, road, limits))
        say("### Pages that somebody waits for\n")
        header = [
            "",
            "seconds, median (min..max)",
            "statements",
            "hand-written SQL, seconds",
            "x hand-written",
        ]
        table(header, rows)

    def clear(self) -> None:
        """The day's cards too."""
        month_plan_id = self.plan_id
        self.plan_id = self.day_plan_id
        super().clear()
        self.plan_id = month_plan_id
        super().clear()

    def _prepare_reader(self) -> None:
        """The administrator manages; everybody has a sales plan for each month of the year."""
        with common.environment(self.database) as env:
            month_plan_id = self.plan_id
            self.make_plan(env, name="Bench, day", period="day", date_from=NOW.date())
            self.day_plan_id, self.plan_id = self.plan_id, month_plan_id
            self.score(env, NOW.date(), NOW)  # opens the month under way, and the day
            env.ref("base.user_admin").group_ids = [
                (4, env.ref("sales_discipline.group_manager").id),
                (4, env.ref("sales_team.group_sale_manager").id),
            ]
            env.flush_all()
            values = {
                "metric": env.ref("sales_discipline.metric_sales_confirmed").id,
                "first": date_utils.subtract(BEFORE, months=HISTORY),
                "last": datetime(2025, 12, 1),
            }
            env.cr.execute(TARGETS, values)
            env.cr.execute("SELECT MIN(employee_id), MIN(user_id) FROM bench_person")
            self.employee_id, self.user_id = env.cr.fetchone()
            self.company_id = env.company.id
            env.cr.commit()

    def _get_roads(self) -> list[tuple]:
        """`(name, function of an environment, (hand-written SQL, its parameters), ...)` of what is measured."""
        month = {"first": FIRST_DAY, "stop": LAST_DAY + timedelta(days=1), "company": self.company_id}
        year = {**month, "first": datetime(2025, 1, 1), "stop": datetime(2026, 1, 1)}
        ids = {"company": self.company_id, "employee": self.employee_id}
        today = {**self._parameters(NOW.date(), NOW), **ids, "first": NOW.date()}
        under_way = {**today, "first": NOW.date().replace(day=1)}
        closed = {**ids, "since": FIRST_DAY, "first": FIRST_DAY}
        year_before = {**closed, "since": date_utils.subtract(FIRST_DAY, years=1)}

        def kpi(date):
            # with what a browser sends: without a language Odoo looks one up
            return lambda env: (
                env["discipline.scorecard"]
                .with_context(lang="en_US", tz="Europe/Berlin")
                .get_kpi_page(self.employee_id, "month", date)
            )

        def own(name):
            context = {"lang": "en_US", "tz": "Europe/Berlin"}
            return lambda env: getattr(
                env(user=self.user_id, context=context)["discipline.scorecard"], name
            )()

        def lead(method, *asked):
            # what the administrator, who manages, sees of everybody
            context = {"lang": "en_US", "tz": "Europe/Berlin"}
            return lambda env: getattr(env["discipline.scorecard"].with_context(**context), method)(*asked)

        def plans(period):
            return lambda env: env["discipline.target"].get_sales_plans(False, period, LAST_DAY)

        def funnel(groups, values):
            domain = [("date", ">=", values["first"]), ("date", "<", values["stop"])]
            return lambda env: env["discipline.funnel.report"].formatted_read_group(domain, groups, MEASURES)

        def page(period):
            options = {"scope": "company", "period": period, "date": LAST_DAY.isoformat()}
            return lambda env: env["discipline.funnel.report"].get_funnel_page(options)

        def realism(env):
            metric = env.ref("sales_discipline.metric_sales_confirmed")
            return env["discipline.realism"]._get_panel(env.company, metric, LAST_DAY)

        return [
            (
                "My Day, a day and a month counted anew",
                own("get_my_day"),
                (ONE, today),
                (ONE, under_way),
            ),
            ("one's own progress, in the corner of every page", own("get_my_progress"), (ONE, today)),
            (
                "KPI page, a closed month and twelve before it",
                kpi(LAST_DAY),
                (STORED_OF_ONE, year_before),
            ),
            (
                "KPI page, the month under way, counted anew",
                kpi(NOW.date()),
                (ONE, under_way),
                (STORED_OF_ONE, year_before),
            ),
            (
                "Team Board of everybody, a closed month",
                lead("get_team_board", "month", LAST_DAY),
                (STORED, closed),
            ),
            (
                "Team Board of everybody, the month under way",
                lead("get_team_board", "month", NOW.date()),
                (EVERYBODY, under_way),
            ),
            (
                "Team Board on a wall, the month under way",
                lead("get_team_wall", "month"),
                (EVERYBODY, under_way),
            ),
            (
                "Team Board, everybody's days of a month",
                lead("get_team_heat_map", NOW.date()),
                (DAYS, under_way),
                (EVERYBODY, today),
            ),
            ("sales plans of everybody, a month", plans("month"), (SALES, month)),
            ("sales plans of everybody, a year", plans("year"), (SALES, year)),
            ("whether the plans are realistic, the company and its teams", realism),
            ("funnel page, a month and the one before", page("month"), (FUNNEL, month)),
            ("funnel page, a year and the one before", page("year"), (FUNNEL, year)),
            ("funnel of a month, by person", funnel(["user_id"], month), (FUNNEL, month)),
            ("funnel of everything, the total", funnel([], year), (FUNNEL, year)),
            (
                "funnel of everything, by team and month",
                funnel(["team_id", "date:month"], year),
                (FUNNEL, year),
            ),
            ("funnel of everything, by product category", funnel(["categ_id"], year)),
        ]

    def _open(self, name: str, road, limits: list[tuple]) -> list:
        """One page, opened once to warm up and then `repeat` times, with the hand-written statements that answer the same or
        less: a row of the table."""
        runs, hand = [], []
        for n in range(self.repeat + 1):
            with common.environment(self.database, ADMIN) as env:
                with common.Run(env.cr) as run:
                    road(env)
                if limits:
                    with common.Run(env.cr) as hand_run:
                        for limit in limits:
                            env.cr.execute(*limit)
                            env.cr.fetchall()
                    hand += [hand_run.seconds] if n else []
                runs += [run] if n else []
        seconds = [run.seconds for run in runs]
        statements = "..".join(map(str, sorted({run.statements for run in runs})))
        factor = common.spread(common.ratios(seconds, hand), 1) if hand else "–"
        return [
            name,
            spread(seconds, 3),
            statements,
            f"{statistics.median(hand):.3f}" if hand else "–",
            factor,
        ]
