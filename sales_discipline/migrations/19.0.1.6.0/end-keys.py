import logging

from psycopg2.errors import DeadlockDetected, LockNotAvailable

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

LINES = "discipline_scorecard_line"
COPIED = ["company_id", "currency_id", "metric_id"]

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Scorecards' lines do without the keys that their cards and their plans' lines have, and activities without the index on
    a regulation's step; Odoo takes neither away. Companies, currencies, activities and the lines are locked for that, for a
    moment each. What somebody holds for minutes stays: all works with it, only slower."""
    ledger = api.Environment(cr, SUPERUSER_ID, {})["discipline.fact"]
    cr.execute(
        """
        SELECT c.conname, c.confrelid::regclass::text
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attname = ANY(%s)
        """,
        [LINES, COPIED],
    )
    drops = [
        (
            [table, LINES],
            SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(LINES), SQL.identifier(name)),
            SQL("DELETE FROM ir_model_constraint WHERE name = %s AND type = 'f'", name),
        )
        for name, table in cr.fetchall()
    ]
    drops.append((["mail_activity"], SQL("DROP INDEX IF EXISTS mail_activity__discipline_step_id_index")))
    for tables, *queries in drops:
        try:
            ledger._commit_locked(tables, "ACCESS EXCLUSIVE", queries)
        except (LockNotAvailable, DeadlockDetected):
            cr.rollback()
            _logger.warning("Somebody works in %s; do it when nobody does: %s", tables[0], queries[0].code)
