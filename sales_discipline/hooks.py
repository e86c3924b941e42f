def post_init_hook(env):
    """Fill the ledger with the database's past, so that the first scorecard has something to compare with."""
    env["discipline.fact"]._fill_history(new=True)
