"""What people use instead, on the same data: goals of Odoo's gamification, a loop of search_count, OCA's payslips."""

import statistics
from datetime import timedelta

import common
import limit_store
from common import Run, note, ratios, say, spread, table
from data import LAST_DAY
from freeze import Freeze
from month import FIRST_DAY
from month import LAST_DAY as LAST_OF_MONTH
from roads import WHOLE

from odoo.modules.registry import Registry

TOMORROW = LAST_DAY + timedelta(days=1)
PHONE, MEETING = (("activity_type_id.category", "=", category) for category in ("phonecall", "meeting"))
DONE = ("active", "=", False)
# the ten metrics as somebody would set them up by hand: model, domain, date, what is summed up
COUNTED = {
    "calls_done": ("mail.activity", [DONE, PHONE], "date_done", None),
    "calls_cold": ("mail.activity", [DONE, ("activity_type_id", "=", "cold")], "date_done", None),
    "meetings_done": ("mail.activity", [DONE, MEETING], "date_done", None),
    "proposals_sent": ("sale.order", [("state", "=", "sent")], "date_order", None),
    "opportunities_new": ("crm.lead", [("type", "=", "opportunity")], "create_date", None),
    "deals_won": ("crm.lead", [("won_status", "=", "won")], "date_closed", None),
    "deals_won_amount": ("crm.lead", [("won_status", "=", "won")], "date_closed", "expected_revenue"),
    "deals_lost": ("crm.lead", [DONE, ("won_status", "=", "lost")], "date_closed", None),
    "sales_confirmed": ("sale.order", [("state", "=", "sale")], "date_order", "amount_untaxed"),
    "activities_overdue": ("mail.activity", [("date_deadline", "<", str(LAST_DAY))], None, None),
}
RULES = {  # of a payslip, six as the scheme of bench/pay.py has components
    "BASE": "result = contract.wage",
    "COMMISSION": "result = inputs.SALES.amount * 0.02",
    "PARTS": "result = min(inputs.SALES.amount, 100000) * 0.005 + max(inputs.SALES.amount - 100000, 0) * 0.01",
    "PLAN": "result = inputs.SALES.amount * (0.01 if inputs.SALES.amount >= 400000 else 0.005)",
    "BONUS": "result = 10000 if inputs.KPI.amount >= 90 else 5000 if inputs.KPI.amount >= 70 else 0",
    "POINTS": "result = inputs.POINTS.amount * 50",
}


class Peers(Freeze):
    """The day of everybody by other means, in a database whose days before have been frozen."""

    def prepare_from(self, freeze: Freeze) -> None:
        """Go on where `freeze` stopped, or freeze the days before if it has not begun."""
        if freeze.plan_id:
            self.plan_id, self.types = freeze.plan_id, freeze.types
            self.forget(LAST_DAY)  # of which the cards have been opened
            return
        self.prepare()
        with common.environment(self.database) as env:
            self.score(env, LAST_DAY - timedelta(days=1))
            env.cr.commit()

    def run(self) -> float:
        """Measure and print; how many times the addon's time goals take, as they are set up (not in batch mode)."""
        note("installing gamification")
        Registry.new(self.database, update_module=True, install_modules=["gamification"])
        self._prepare_goals()
        roads = {
            "the addon: opened, counted, judged, stored, sealed": lambda env: self.freeze(env, LAST_DAY),
            WHOLE: lambda env: self.score(env, LAST_DAY),
            "hand-written SQL that stores and seals the same": lambda env: self.limit(
                env, limit_store.FREEZE
            ),
            "the addon: counted alone, of the day before": lambda env: self.measure(
                [("date_from", "=", LAST_DAY - timedelta(days=1))], env
            ),
            "ten goals of gamification in batch mode, counted and stored": lambda env: self.goals(env, True),
            "a loop of search_count and sums, nothing stored": self.loop,
            "ten goals of gamification, counted and stored": lambda env: self.goals(env, False),
        }
        runs = {name: [] for name in roads}
        for _n in range(min(self.repeat, 2)):
            for name, road in roads.items():
                self.vacuum()
                note(name)
                with common.environment(self.database) as env:
                    env.cr.execute("SELECT 1")
                    runs[name].append(road(env))
        say("### A day's ten numbers of everybody by other means\n")
        ours = [run.seconds for run in next(iter(runs.values()))]
        rows = []
        for name, found in runs.items():
            times = [run.seconds for run in found]
            factor = spread(ratios(times, ours), 1)
            rows.append(
                [name, spread(times), factor, "..".join(map(str, sorted({r.statements for r in found})))]
            )
        table(["", "seconds, median (min..max)", "x the addon, same repetition", "statements"], rows)
        return statistics.median(ratios([run.seconds for run in found], ours))

    def _prepare_goals(self) -> None:
        """Ten definitions twice, once in batch mode, and a goal of each for everybody."""
        with common.environment(self.database) as env:
            env.cr.execute("SELECT user_id FROM bench_person ORDER BY n")
            users = [user_id for (user_id,) in env.cr.fetchall()]
            for code, (model, domain, date, value) in self._get_counted(env).items():
                get = env["ir.model.fields"]._get
                values = {
                    "name": code,
                    "computation_mode": "sum" if value else "count",
                    "model_id": env["ir.model"]._get_id(model),
                    "field_id": value and get(model, value).id,
                    "field_date_id": date and get(model, date).id,
                }
                mine = str(domain)[:-1] + ", ('user_id', '=', user.id)]"
                batch = {
                    "batch_mode": True,
                    "batch_distinctive_field": get(model, "user_id").id,
                    "batch_user_expression": "user.id",
                }
                whole = date == "date_done"  # a date, the others are moments
                for definition in env["gamification.goal.definition"].create(
                    [{**values, "domain": mine}, {**values, "domain": str(domain), **batch}]
                ):
                    dates = {"start_date": LAST_DAY, "end_date": LAST_DAY if whole else TOMORROW}
                    goal = {"definition_id": definition.id, "target_goal": 5, "state": "inprogress", **dates}
                    env["gamification.goal"].create([{**goal, "user_id": user_id} for user_id in users])
            env.cr.commit()

    def _get_counted(self, env) -> dict:
        """COUNTED with the id of the activity type."""
        return {
            code: (
                model,
                [(a, b, self.types["cold"] if c == "cold" else c) for a, b, c in domain],
                date,
                value,
            )
            for code, (model, domain, date, value) in COUNTED.items()
        }

    def goals(self, env, batch: bool) -> Run:
        """What gamification's scheduled action does with these goals."""
        goals = env["gamification.goal"].search([("definition_id.batch_mode", "=", batch)])
        env.flush_all()
        with Run(env.cr) as run:
            goals.update_goal()
            env.flush_all()
        return run

    def loop(self, env) -> Run:
        """Each number of each person asked for by itself, for the day in UTC."""
        env.cr.execute("SELECT user_id FROM bench_person ORDER BY n")
        users = [user_id for (user_id,) in env.cr.fetchall()]
        with Run(env.cr) as run:
            for user_id in users:
                for model, domain, date, value in self._get_counted(env).values():
                    wanted = [*domain, ("user_id", "=", user_id)]
                    if date:
                        stop = LAST_DAY if date == "date_done" else TOMORROW
                        wanted += [(date, ">=", str(LAST_DAY)), (date, "<=", str(stop))]
                    if value:
                        env[model]._read_group(wanted, [], [f"{value}:sum"])
                    else:
                        env[model].search_count(wanted)
        return run


class Payslips:
    """The same people's payslips by OCA's payroll: six lines each, of numbers that are given to them."""

    def __init__(self, database: str, repeat: int):
        self.database, self.repeat = database, repeat

    def run(self) -> None:
        """Measure and print; nothing where OCA's payroll is not there."""
        note("installing OCA's payroll")
        registry = Registry.new(self.database, update_module=True, install_modules=["payroll"])
        if "hr.payslip" not in registry:
            note("OCA's payroll is not among the addons: left out")
            return
        structure_id = self._prepare()
        runs = []
        for _n in range(min(self.repeat, 2)):
            with common.environment(self.database) as env:
                runs.append(self.compute(env, structure_id))
        say(
            f"OCA's payslips of {runs[0].people:,} people with six lines each, created and computed:"
            f" {spread([run.seconds for run in runs])} s, {runs[0].statements:,} statements.\n"
        )

    def _prepare(self) -> int:
        """The structure of six rules, for people who are employed with a wage; its id."""
        with common.environment(self.database) as env:
            env.cr.execute(
                "UPDATE hr_version SET wage = 3000, contract_date_start = '2024-01-01', date_version = '2024-01-01'"
                " WHERE employee_id IN (SELECT employee_id FROM bench_person)"
            )
            env.invalidate_all()
            category = env["hr.salary.rule.category"].search([], limit=1)
            rules = env["hr.salary.rule"].create(
                [
                    {
                        "name": code,
                        "code": code,
                        "sequence": n,
                        "category_id": category.id,
                        "amount_select": "code",
                        "amount_python_compute": RULES[code],
                    }
                    for n, code in enumerate(RULES)
                ]
            )
            structure = env["hr.payroll.structure"].create(
                {"name": "Bench", "code": "BENCH", "parent_id": False, "rule_ids": [(6, 0, rules.ids)]}
            )
            env.cr.commit()
            return structure.id

    def compute(self, env, structure_id: int) -> Run:
        """Payslips made as a program would make them, for everybody, and computed; rolled back by whoever asked."""
        env.cr.execute("SELECT employee_id FROM bench_person ORDER BY n")
        people = env["hr.employee"].browse([employee_id for (employee_id,) in env.cr.fetchall()])
        inputs = [("SALES", 250_000.0), ("KPI", 85.0), ("POINTS", 12.0)]
        with Run(env.cr) as run:
            slips = env["hr.payslip"].create(
                [
                    {
                        "name": employee.name,
                        "employee_id": employee.id,
                        "struct_id": structure_id,
                        "contract_id": employee.version_id.id,
                        "date_from": FIRST_DAY,
                        "date_to": LAST_OF_MONTH,
                        "input_line_ids": [
                            (
                                0,
                                0,
                                {
                                    "name": code,
                                    "code": code,
                                    "amount": amount,
                                    "contract_id": employee.version_id.id,
                                },
                            )
                            for code, amount in inputs
                        ],
                    }
                    for employee in people
                ]
            )
            slips.compute_sheet()
            env.flush_all()
        run.people = len(slips)
        if len(slips.line_ids) != len(slips) * len(RULES):
            raise SystemExit(f"OCA's payroll made {len(slips.line_ids)} lines of {len(slips)} payslips")
        return run
