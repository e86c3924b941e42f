"""Read by `odoo shell` after an older database was updated: what is not as it should be, as JSON in the last line.

UPGRADE_FRESH names a database in which the addon was installed anew, whose records are held against these.
"""

import json
import os
import sys
from contextlib import contextmanager

import psycopg2

from odoo import fields
from odoo.modules.module import Manifest
from odoo.tools.safe_eval import safe_eval

env = globals()["env"]  # given by the shell
ADDON = "sales_discipline"
found = []
# what a database may have of its own in records that came with the addon
OWN = {"id", "create_uid", "create_date", "write_uid", "write_date", "sequence"}
# of scheduled actions: when they ran
OWN |= {"nextcall", "lastcall", "failure_count", "first_failure_date"}


# what pages ask for when they are opened
PAGES = (
    "get_morning",
    "get_my_day",
    "get_my_progress",
    "get_kpi_page",
    "get_team_board",
    "get_team_heat_map",
    "get_team_wall",
)
PAGES += (
    "get_sales_plans",
    "get_funnel_page",
    "get_my_pay",
    "get_report_page",
    "get_time_page",
    "get_time_result",
)


@contextmanager
def undone():
    """What is tried leaves nothing behind."""
    with env.cr.savepoint() as savepoint:
        yield
        savepoint.rollback()
    env.invalidate_all()


def check_version():
    module = env["ir.module.module"].search([("name", "=", ADDON)])
    if module.latest_version != Manifest.for_addon(ADDON)["version"]:
        found.append(f"the version is {module.latest_version}")


def check_ledger():
    """The ledger and the spans have what a fill of this moment finds: nothing is missing, nothing too much."""
    facts = env["discipline.fact"]
    with undone():
        env.cr.execute("SELECT MAX(id) FROM discipline_fact")
        last = env.cr.fetchone()[0]
        for kind in facts._get_kinds():
            facts._capture(kind, origin="sweep")
        env.cr.execute("SELECT kind, COUNT(*) FROM discipline_fact WHERE id > %s GROUP BY kind", [last])
        found.extend(
            f"{count} facts {kind} of the ledger are not as they would be now"
            for kind, count in env.cr.fetchall()
        )
    with undone():
        env.cr.execute("SELECT COUNT(*) FROM discipline_span")
        before = env.cr.fetchone()[0]
        facts._fill_history_spans()
        facts._fill_history_lead_spans()
        env.cr.execute("SELECT COUNT(*) FROM discipline_span")
        if after := env.cr.fetchone()[0] - before:
            found.append(f"{after} spans are missing")
    with undone():
        env.cr.execute("SELECT id, discipline_filled, discipline_required FROM crm_lead ORDER BY id")
        before = env.cr.fetchall()
        env["crm.lead"]._count_fill()
        env.flush_all()
        env.cr.execute("SELECT id, discipline_filled, discipline_required FROM crm_lead ORDER BY id")
        if before != env.cr.fetchall():
            found.append("the fill level of leads is another")


def check_seals():
    """Every frozen card has its seal, and is what was sealed."""
    people = env["hr.employee"].with_context(active_test=False).search([])
    result = env["discipline.seal"]._verify(people)
    env.cr.execute("SELECT COUNT(*) FROM discipline_scorecard WHERE state = 'frozen'")
    if result["findings"] or result["cards"] != env.cr.fetchone()[0]:
        found.append(f"seals: {result['cards']} cards, {result['findings'][:3]}")


def check_migrations():
    """What each migration is for, in words of SQL: rows that there must not be."""
    wrong = {
        "1.1: leads without a first touch that is in the history": """
            SELECT 1 FROM discipline_fact f WHERE f.kind = 'activity_done' AND f.res_model = 'crm.lead' AND f.quantity > 0
               AND f.user_id IS NOT NULL AND NOT EXISTS (
                   SELECT FROM discipline_fact t WHERE t.kind = 'lead_first_touch' AND t.source_id = f.res_id)""",
        "1.1: assessments with a score that are not done": """
            SELECT 1 FROM discipline_assessment WHERE scored_at IS NULL AND score IS NOT NULL AND state <> 'done'""",
        "1.2: cards that were adjusted without a moment": """
            SELECT 1 FROM discipline_scorecard c JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
             WHERE c.state = 'frozen' AND l.adjustment_reason IS NOT NULL AND c.amended_at IS NULL""",
        "1.2: frozen cards that will be looked through for signals": """
            SELECT 1 FROM discipline_scorecard c WHERE c.state = 'frozen' AND c.signals_at IS NULL
               AND c.period = 'day' AND c.frozen_at < now() AT TIME ZONE 'UTC' - interval '1 day'""",
        "1.4: steps without an outcome": "SELECT 1 FROM discipline_regulation_step WHERE outcome IS NULL",
        "1.4: open steps of nobody": """
            SELECT 1 FROM discipline_regulation_step WHERE state = 'open' AND user_id IS NOT NULL AND owner_id IS NULL""",
        "1.4: payroll runs at work that do not know where to go on": """
            SELECT 1 FROM discipline_payroll WHERE job IS NOT NULL AND job_left->>'first' IS NULL""",
    }
    for text, query in wrong.items():
        env.cr.execute(query)
        if env.cr.rowcount:
            found.append(f"{text}: {env.cr.rowcount}")


def check_screens():
    """Every action that a menu opens has views that load, and rows that can be read by its own conditions."""
    admin = env(user=env.ref("base.user_admin"))
    admin.user.group_ids += env.ref(f"{ADDON}.group_manager") + env.ref(f"{ADDON}.group_payroll")
    names = {
        "uid": admin.uid,
        "user": admin.user,
        "context_today": lambda: fields.Date.context_today(admin.user),
    }
    for data in env["ir.model.data"].search(
        [("module", "=", ADDON), ("model", "=", "ir.actions.act_window")]
    ):
        action = admin["ir.actions.act_window"].browse(data.res_id)
        try:
            model = admin[action.res_model]
            names["allowed_company_ids"] = admin.companies.ids
            context = safe_eval(action.context or "{}", {**names, "active_id": 1, "active_ids": [1]})
            model = model.with_context({key: value for key, value in context.items() if key != "group_by"})
            views = [
                (view, "form" if kind == "form" else kind) for view, kind in action.views if kind != "qweb"
            ]
            model.get_views([*views, (action.search_view_id.id, "search")])
            domain = safe_eval(action.domain or "[]", {**names, "active_id": 1, "active_ids": [1]})
            if not model._transient:
                model.search_read(domain, limit=5)
        except Exception as error:
            found.append(f"the action {data.name} does not open: {error!r}")


def check_pages():
    """The pages' own requests, for the administrator's companies."""
    admin = env(user=env.ref("base.user_admin"))
    company = admin["res.company"].search(
        [("id", "in", env["discipline.plan"].search([]).company_id.ids)], limit=1
    )
    admin = admin(context={"allowed_company_ids": company.ids})
    for method in PAGES:
        models = [
            name for name in env.registry if name.startswith("discipline.") and hasattr(env[name], method)
        ]
        if not models:
            found.append(f"{method} is not there")
        for name in models[:1]:
            try:
                getattr(admin[name], method)()
            except Exception as error:
                found.append(f"{name}.{method}: {error!r}")


def get_shipped(cr):
    """What came with the addon: {model: {name: id}}, of those that are not brought up to date by themselves."""
    cr.execute(
        "SELECT model, name, res_id FROM ir_model_data WHERE module = %s AND noupdate ORDER BY model, name",
        [ADDON],
    )
    result = {}
    for model, name, key in cr.fetchall():
        result.setdefault(model, {})[name] = key
    return result


def check_shipped():
    """Rules, types and metrics that Odoo does not bring up to date by itself are those of an installation anew."""
    connection = psycopg2.connect(dbname=os.environ["UPGRADE_FRESH"])
    with connection, connection.cursor() as other:
        mine, fresh = get_shipped(env.cr), get_shipped(other)
        for model, names in fresh.items():
            for name in sorted(names.keys() - mine.get(model, {}).keys()):
                found.append(f"{model} {name} is missing")
            for name in sorted(mine.get(model, {}).keys() - names.keys()):
                found.append(f"{model} {name} is left over")
            table = env[model]._table
            for name in sorted(names.keys() & mine.get(model, {}).keys()):
                values = []
                for cr, key in ((env.cr, mine[model][name]), (other, names[name])):
                    cr.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = %s', [key])
                    values.append(cr.fetchone()[0])
                if model == "discipline.regulation" and values[0]["state"] != "draft":
                    continue  # once it was started it is the company's own
                for column in sorted(values[1].keys() - OWN):
                    field = env[model]._fields.get(column)
                    before, after = values[0].get(column), values[1][column]
                    if field and not field.relational and before != after:
                        found.append(f"{model} {name}.{column}: {before} where it is {after} anew")
        for table, mine_of, other_of, columns in (
            ("rule_group_rel", "ir.rule", "res.groups", ("rule_group_id", "group_id")),
        ):
            query = f"""
                SELECT a.name || ' ' || b.module || '.' || b.name FROM {table} r
                  JOIN ir_model_data a ON a.model = '{mine_of}' AND a.res_id = r.{columns[0]} AND a.module = '{ADDON}'
                  JOIN ir_model_data b ON b.model = '{other_of}' AND b.res_id = r.{columns[1]}"""
            env.cr.execute(query)
            here = {row for (row,) in env.cr.fetchall()}
            other.execute(query)
            there = {row for (row,) in other.fetchall()}
            found.extend(f"{table}: {row} is missing" for row in sorted(there - here))
            found.extend(f"{table}: {row} is left over" for row in sorted(here - there))
    connection.close()


def run_crons():
    """Each scheduled action, as Odoo runs it."""
    for name in (
        env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", "ir.cron")]).mapped("name")
    ):
        env.ref(f"{ADDON}.{name}").method_direct_trigger()
        env.cr.commit()


for check in (
    check_version,
    check_ledger,
    check_seals,
    check_migrations,
    check_shipped,
    check_screens,
    check_pages,
):
    try:
        with env.cr.savepoint():
            check()
    except Exception as error:
        found.append(f"{check.__name__}: {error!r}")
env.cr.rollback()
run_crons()
sys.stdout.write(f"FOUND: {json.dumps(found)}\n")
sys.stdout.flush()
