"""What is left of the addon when it goes: a database that never had it beside one in which it was installed, used and taken away.

    ./dev uninstall

TEMPLATE has what the addons need and not them; it is copied, the addons named are installed, months of work are made, scored
and paid in it, then they are uninstalled. Says each difference that EXPECTED does not explain, and fails if there is one.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from databases import get_trouble, query, run_odoo

NAME = os.environ.get("UNINSTALL_DB", "uninstalled")
OPTIONS = ("--no-http", "--max-cron-threads=0", "--skip-auto-install", "--stop-after-init")

# what Odoo's tables say of the schema and of themselves; one text a row
LISTS = {
    "table": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S') AND relnamespace = 'public'::regnamespace",
    "column": """
        SELECT format('%s.%s %s%s%s', table_name, column_name, udt_name, CASE is_nullable WHEN 'NO' THEN ' not null' END,
                      ' default ' || column_default)
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": """
        SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace
    """,
    "function": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "xmlid": "SELECT format('%s.%s %s', module, name, model) FROM ir_model_data",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT format('%s.%s', model, name) FROM ir_model_fields",
    "inherit": """
        SELECT format('%s %s', m.model, p.model) FROM ir_model_inherit i JOIN ir_model m ON m.id = i.model_id
          JOIN ir_model p ON p.id = i.parent_id
    """,
    "database constraint": "SELECT name FROM ir_model_constraint",
    "relation": "SELECT name FROM ir_model_relation",
    "selection": """
        SELECT format('%s.%s %s', f.model, f.name, s.value) FROM ir_model_fields_selection s
          JOIN ir_model_fields f ON f.id = s.field_id
    """,
    "access": "SELECT name FROM ir_model_access",
    "rule": "SELECT name->>'en_US' FROM (SELECT to_jsonb(name) AS name FROM ir_rule) r",
    "group": "SELECT format('%s', name) FROM res_groups",
    "group of a group": """
        SELECT format('%s > %s', a.name, b.name) FROM res_groups_implied_rel r JOIN res_groups a ON a.id = r.gid
          JOIN res_groups b ON b.id = r.hid
    """,
    "privilege": "SELECT format('%s', name) FROM res_groups_privilege",
    "category": "SELECT format('%s', name) FROM ir_module_category",
    "menu": "SELECT format('%s %s', name, action) FROM ir_ui_menu",
    "action": "SELECT format('%s %s %s', type, name, path) FROM ir_actions",
    "view": "SELECT format('%s %s %s', model, name, type) FROM ir_ui_view",
    "asset": "SELECT format('%s %s', bundle, path) FROM ir_asset",
    "scheduled action": "SELECT format('%s', c.cron_name) FROM ir_cron c",
    "trigger of one": "SELECT format('%s', cron_id) FROM ir_cron_trigger",
    "parameter": "SELECT key FROM ir_config_parameter",
    "default": "SELECT format('%s %s', f.model, f.name) FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id",
    "filter": "SELECT format('%s %s', model_id, name) FROM ir_filters",
    "export": "SELECT format('%s %s', resource, name) FROM ir_exports",
    "sequence": "SELECT format('%s %s', code, name) FROM ir_sequence",
    "tour": "SELECT name FROM web_tour_tour",
    "subtype": "SELECT format('%s %s', res_model, name) FROM mail_message_subtype",
    "template": "SELECT format('%s %s', model, name) FROM mail_template",
    "activity type": "SELECT format('%s %s', category, name) FROM mail_activity_type",
    "activity plan": "SELECT format('%s %s', res_model, name) FROM mail_activity_plan",
    "digest tip": "SELECT format('%s', name) FROM digest_tip",
    "paper": "SELECT name FROM report_paperformat",
    "message on": "SELECT DISTINCT model FROM mail_message WHERE model LIKE 'discipline.%'",
    "activity on": "SELECT DISTINCT res_model FROM mail_activity WHERE res_model LIKE 'discipline.%'",
    "follower of": "SELECT DISTINCT res_model FROM mail_followers WHERE res_model LIKE 'discipline.%'",
    "attachment of": "SELECT DISTINCT res_model FROM ir_attachment WHERE res_model LIKE 'discipline.%'",
    "rating of": "SELECT DISTINCT res_model FROM rating_rating WHERE res_model LIKE 'discipline.%'",
}
# what stays, and why: docs/install.md; of groups, what the demo company has switched on in Odoo's own settings
EXPECTED: tuple[tuple[str, str], ...] = (
    ("xmlid", r"^__sales_discipline__\.activity_type_\w+ mail\.activity\.type$"),
    ("xmlid", r"^__sales_discipline_payroll__\.\w+ hr\.(salary\.rule|salary\.rule\.category|rule\.input)$"),
    ("activity type", r"Estimate|Measurement|Proposal|Visit|Call"),
    ("group of a group", r"Role / User.* > .*(Basic Pricelists|Multi Currencies|Show Lead Menu)"),
)


def read(database: str) -> dict[str, list[str]]:
    return {kind: sorted(str(row) for (row,) in query(database, text)) for kind, text in LISTS.items()}


def odoo(folder: Path, *arguments, script: str | None = None) -> None:
    """Run a command of Odoo's; its warnings are differences too."""
    done = run_odoo(*arguments, folder=folder, log=folder / "log", script=script)
    trouble = get_trouble(done.stdout)
    if done.returncode:
        raise SystemExit("\n".join(done.stdout.splitlines()[-30:]))
    for line in trouble:
        sys.stdout.write(f"in the log: {line}\n")
    if trouble:
        WRONG.append(f"{len(trouble)} lines in the log")


WRONG: list[str] = []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--template", required=True)
    parser.add_argument("addons", nargs="+")
    options = parser.parse_args()
    before = read(options.template)
    subprocess.run(["dropdb", "--if-exists", "--force", NAME], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["createdb", "-T", options.template, NAME], check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        odoo(folder, "server", "-d", NAME, "-i", ",".join(options.addons), *OPTIONS)
        script = Path(__file__).with_name("upgrade_fill.py").read_text("utf-8")
        odoo(folder, "shell", "-d", NAME, "--no-http", script=script)
        odoo(folder, "module", "uninstall", "-d", NAME, *options.addons)
    after = read(NAME)
    for kind, rows in after.items():
        old = before[kind]
        left = [row for row in rows if row not in old]
        gone = [row for row in old if row not in rows]
        for what, found in (("left", left), ("gone", gone)):
            for row in found:
                if any(kind == of and re.search(pattern, row) for of, pattern in EXPECTED):
                    continue
                WRONG.append(f"{kind} {what}: {row}")
    for text in WRONG:
        sys.stdout.write(text + "\n")
    if WRONG:
        raise SystemExit(1)
    subprocess.run(["dropdb", "--force", NAME], check=True)
    sys.stdout.write("well: nothing is left but what docs/install.md names\n")


if __name__ == "__main__":
    main()
