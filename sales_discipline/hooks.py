from odoo import fields
from odoo.tools import SQL

# whose the activity types are, in the eyes of Odoo, that stay when the addon goes
KEPT = "__sales_discipline__"


def pre_init_hook(env):
    """Take back the activity types that stayed when the addon was uninstalled, so that none is there twice."""
    env.cr.execute("UPDATE ir_model_data SET module = 'sales_discipline' WHERE module = %s", [KEPT])


def post_init_hook(env):
    """Fill the ledger with the database's past, so that the first scorecard has something to compare with."""
    env["discipline.fact"]._fill_history(new=True)
    env["discipline.fact"]._expect_gap()
    env["discipline.winback"]._refresh_changed(fields.Datetime.now())


def uninstall_hook(env):
    """Empty the addon's tables before Odoo takes its data away record by record: evidence holds on to metrics and
    plans, and would have each refusal logged as an error. Types of activities that were used stay with them; the
    activity plans that regulations were made of go."""
    tables = tuple(
        env[name]._table
        for name in env.registry
        if name.startswith("discipline.") and env[name]._auto and not env[name]._abstract
    )
    env.cr.execute("DELETE FROM mail_activity WHERE starts_with(res_model, 'discipline.')")
    env.cr.execute(
        """
        UPDATE ir_model_data d SET module = %s
         WHERE d.module = 'sales_discipline' AND d.model = 'mail.activity.type'
           AND EXISTS (SELECT 1 FROM mail_activity a WHERE a.activity_type_id = d.res_id)
        """,
        [KEPT],
    )
    _forget(env.cr)
    plans = env["discipline.regulation"].with_context(active_test=False).search([]).plan_id
    _let_go(env.cr, tables)
    env.cr.execute(f"TRUNCATE {', '.join(sorted(tables))}")
    env.invalidate_all()
    plans.unlink()


def _forget(cr):
    """What Odoo notes down of an addon's models in other addons' names, and of keys between tables of its own, it forgets to
    take away."""
    cr.execute(
        """
        DELETE FROM ir_model_data
         WHERE module <> 'sales_discipline' AND model IN ('ir.model.inherit', 'ir.model.fields.selection', 'ir.model.fields')
           AND name ~ '^(model_inherit|selection|field)_+discipline_'
        """
    )
    cr.execute(
        """
        DELETE FROM ir_model_constraint c USING ir_module_module m, ir_model o
         WHERE m.id = c.module AND m.name = 'sales_discipline' AND o.id = c.model AND c.type = 'f'
           AND NOT starts_with(o.model, 'discipline.')
        """
    )


def _let_go(cr, tables):
    """Drop the foreign keys by which tables of Odoo, and relations, hold on to these: emptying what they point at would
    otherwise be refused, or empty them too."""
    cr.execute(
        """
        SELECT t.relname, c.conname
          FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
         WHERE c.contype = 'f' AND r.relname IN %s AND t.relname NOT IN %s
        """,
        [tables, tables],
    )
    for table, constraint in cr.fetchall():
        cr.execute(
            SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(constraint))
        )
