def migrate(cr, version):
    """Assessments given before they could be pending: all of them are done, when they were entered."""
    cr.execute(
        "UPDATE discipline_assessment SET state = 'done', scored_at = create_date"
        " WHERE scored_at IS NULL AND score IS NOT NULL"
    )
