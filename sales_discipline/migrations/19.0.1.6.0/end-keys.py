from odoo import SUPERUSER_ID, api

COPIED = ["company_id", "currency_id", "metric_id"]


def migrate(cr, version):
    """Scorecards' lines do without the keys that their cards and their plans' lines have, and activities without the index on
    a regulation's step; Odoo takes neither away. Companies, currencies and activities are locked for that, for a moment
    each, as when the addon is installed."""
    ledger = api.Environment(cr, SUPERUSER_ID, {})["discipline.fact"]
    cr.execute(
        """
        SELECT c.conname, c.confrelid::regclass::text,
               format('ALTER TABLE discipline_scorecard_line DROP CONSTRAINT %%I', c.conname)
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.conrelid = 'discipline_scorecard_line'::regclass AND a.attname = ANY(%s)
        """,
        [COPIED],
    )
    for name, table, drop in cr.fetchall():
        cr.execute("DELETE FROM ir_model_constraint WHERE name = %s AND type = 'f'", [name])
        ledger._commit_locked(table, "ACCESS EXCLUSIVE", [drop])
    drop = "DROP INDEX IF EXISTS mail_activity__discipline_step_id_index"
    ledger._commit_locked("mail_activity", "ACCESS EXCLUSIVE", [drop])
