from odoo.tools import SQL

# fields that are found by another index since; Odoo makes indexes and takes none away
UNUSED = ("discipline_scorecard__employee_id_index", "discipline_scorecard_line__metric_id_index")


def migrate(cr, version):
    """Indexes that nothing is found by any more cost every card that is stored; a number that is worked out now has no
    column."""
    for name in UNUSED:
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))
    cr.execute("ALTER TABLE discipline_payroll DROP COLUMN IF EXISTS job_done")
