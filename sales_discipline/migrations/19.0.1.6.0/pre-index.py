def migrate(cr, version):
    """The index that facts are counted by has another column; one without a comment, which the installation had left, Odoo
    would keep as it is."""
    cr.execute("DROP INDEX IF EXISTS discipline_fact_count_idx")
