import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
STDLIB = {
    "ast",
    "bisect",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
}
STDLIB |= {"json", "math", "operator", "re", "typing"}
ALLOWED = {"pytz", "odoo.tools.float_utils", "odoo.tools.date_utils"}
CLOCKS = {"today", "now", "utcnow", "fromtimestamp", "localtime", "gmtime", "context_today"}

# Rooms of models/, each with the models that it defines; a room may use those before it and itself.
WORK = ["discipline_regulation", "mail_activity_plan", "mail_activity_step", "crm_lead_regulation"]
WORK += ["discipline_contact", "discipline_winback", "discipline_time", "discipline_program"]
WORK += ["discipline_forecast", "discipline_task", "discipline_audience"]
ENGINE = ["discipline_metric", "discipline_assessment"]
RECORDS = ["discipline_plan", "discipline_target", "discipline_scorecard"]
RECORDS += ["discipline_realism", "discipline_seal", "discipline_signal", "discipline_spot"]
RECORDS += ["discipline_assessment_task", "discipline_assessment_activity"]
RECORDS += ["discipline_assessment_guard", "discipline_appeal", "discipline_fact_report"]
RECORDS += ["discipline_decided", "discipline_report_mixin", "discipline_time_report"]
PAY = [
    "discipline_scheme",
    "discipline_component",
    "discipline_tier",
    "discipline_pay",
    "hr_employee_wage",
    "discipline_limit",
    "discipline_payroll",
    "discipline_statement",
    "discipline_dispute",
]
PAY += ["discipline_scorecard_paid", "discipline_task_proof", "discipline_appeal_pay"]
SHOWN = [
    "discipline_board",
    "discipline_crm",
    "discipline_day",
    "digest",
    "discipline_demo",
    "discipline_funnel",
    "discipline_claim",
    "discipline_late",
    "discipline_morning",
    "discipline_notice",
    "discipline_onboarding",
    "discipline_postponement",
]


def parse(path):
    return ast.parse(path.read_text("utf-8"), str(path))


def room_of(name):
    """The number of the room that a file of models/ lives in; the facts' is the first."""
    rooms = enumerate((WORK, ENGINE, RECORDS, PAY, SHOWN), 1)
    found = [(len(start), number) for number, room in rooms for start in room if name.startswith(start)]
    return max(found, default=(0, 0))[1]


def get_imports(tree):
    """`(line, module)` of every import, with the dots of relative ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            if node.module and module != "odoo" and module != "odoo.tools":
                yield node.lineno, module
            else:  # from . import x
                dot = "" if module.endswith(".") else "."
                yield from ((node.lineno, f"{module}{dot}{alias.name}") for alias in node.names)


def get_faults_of_tool(tree, siblings):
    """What a file of tools/ must not have: `line: what` of each."""
    faults = []
    for line, module in get_imports(tree):
        own = (
            module.startswith(".")
            and module.lstrip(".").split(".")[0] in siblings
            and not module.startswith("..")
        )
        if not own and module not in ALLOWED and module.split(".")[0] not in STDLIB:
            faults.append(f"{line}: imports {module}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS | {"env"}:
            faults.append(f"{node.lineno}: .{node.attr}")
        elif isinstance(node, ast.Name) and node.id in CLOCKS | {"env", "open", "eval", "exec", "__import__"}:
            faults.append(f"{node.lineno}: {node.id}")
        elif isinstance(node, ast.Global):
            faults.append(f"{node.lineno}: global")
    return faults


def get_models_named(tree):
    """`(line, name)` of the models of this addon that a file names: `self.env["..."]`, `_inherit`, comodels."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value.startswith("discipline.") and " " not in node.value:
                yield node.lineno, node.value


@tagged("post_install", "-at_install")
class TestArchitecture(BaseCase):
    """Doors open one way: tools <- facts <- engine <- records <- pay <- presentation."""

    def test_tools_are_pure(self):
        files = sorted((ADDON / "tools").glob("*.py"))
        self.assertGreaterEqual(len(files), 5)
        siblings = {path.stem for path in files}
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(get_faults_of_tool(parse(path), siblings), [])

    def test_models_do_not_import_upwards(self):
        for path in sorted((ADDON / "models").glob("*.py")):
            if path.stem == "__init__":
                continue
            with self.subTest(path.name):
                for line, module in get_imports(parse(path)):
                    if module.startswith("...") or "controllers" in module or "wizard" in module:
                        self.fail(f"{path.name}:{line} imports {module}")
                    if module.startswith(".") and not module.startswith(".."):
                        self.assertLessEqual(
                            room_of(module.strip(".")), room_of(path.stem), f"line {line}: {module}"
                        )

    def test_models_do_not_name_upwards(self):
        """Facts know nothing of metrics, the engine nothing of plans and points, records nothing of pay."""
        for path in sorted((ADDON / "models").glob("*.py")):
            with self.subTest(path.name):
                for line, model in get_models_named(parse(path)):
                    room = room_of(model.replace(".", "_"))
                    if (path.stem, model) in {("discipline_assessment", "discipline.scorecard")}:
                        continue  # a score is locked together with the card that it counts on
                    self.assertLessEqual(room, room_of(path.stem), f"{path.name}:{line} knows of {model}")

    def test_records_do_not_read_the_crm(self):
        """Scorecards get numbers from the engine, and never look at deals, orders or activities themselves."""
        sources = {
            "crm.lead",
            "sale.order",
            "account.move",
            "mail.activity",
            "discipline.fact",
            "discipline.span",
        }
        for path in sorted((ADDON / "models").glob("discipline_scorecard*.py")):
            with self.subTest(path.name):
                constants = [node for node in ast.walk(parse(path)) if isinstance(node, ast.Constant)]
                self.assertFalse([(node.lineno, node.value) for node in constants if node.value in sources])

    def test_the_engine_writes_nothing(self):
        writing = {"create", "write", "unlink", "commit"}
        for path in (ADDON / "models").glob("discipline_metric_*.py"):
            tree = parse(path)
            called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
            self.assertFalse([f.lineno for f in called if isinstance(f, ast.Attribute) and f.attr in writing])
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    self.assertNotRegex(node.value, r"\b(INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b")

    def test_this_test_sees(self):
        """The checks above find what they look for."""
        faults = {
            "import requests": "imports requests",
            "from odoo import models": "imports odoo.models",
            "from odoo.tools import SQL": "imports odoo.tools.SQL",
            "from odoo.addons.crm import x": "imports odoo.addons.crm",
            "from ..models import discipline_fact": "imports ..models",
            "from .. import models": "imports ..models",
            "import os": "imports os",
            "import time": "imports time",
            "def f():\n    import psycopg2": "imports psycopg2",
            "date.today()": ".today",
            "x = datetime.now": ".now",
            "self.env['x']": ".env",
            "eval('1')": "eval",
        }
        for code, expected in faults.items():
            with self.subTest(code):
                self.assertIn(expected, str(get_faults_of_tool(ast.parse(code), {"scoring"})))
        clean = "from datetime import date\nfrom . import scoring\nfrom odoo.tools.float_utils import x"
        self.assertEqual(get_faults_of_tool(ast.parse(clean), {"scoring"}), [])
        self.assertEqual(
            list(get_models_named(ast.parse("self.env['discipline.plan']"))), [(1, "discipline.plan")]
        )
        self.assertEqual([room_of(name) for name in ("mail_activity", "discipline_metric_builtin")], [0, 2])
        self.assertLess(room_of("discipline_plan"), room_of("discipline_statement"))
