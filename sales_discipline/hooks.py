def post_init_hook(env):
    """Fill the ledger with the database's past, so that the first scorecard has something to compare with."""
    env["discipline.fact"]._fill_history(new=True)


def uninstall_hook(env):
    """Empty the addon's tables before Odoo takes its data away record by record: evidence holds on to metrics and
    plans, and would have each refusal logged as an error."""
    tables = [
        env[name]._table
        for name in env.registry
        if name.startswith("discipline.") and env[name]._auto and not env[name]._abstract
    ]
    env.cr.execute(f"TRUNCATE {', '.join(sorted(tables))} CASCADE")
    env.invalidate_all()
