# names that metrics were shipped with, and what they are called since
RENAMED = {
    "metric_conversion_call_meeting": ("Calls to Meetings (%)", "Conversion: Calls to Meetings"),
    "metric_conversion_meeting_proposal": ("Meetings to Proposals (%)", "Conversion: Meetings to Proposals"),
    "metric_conversion_proposal_won": ("Proposals to Deals (%)", "Conversion: Proposals to Deals"),
}


def migrate(cr, version):
    """Metrics that nobody has named otherwise are called as they are now; translations follow with the update."""
    for name, (before, now) in RENAMED.items():
        cr.execute(
            """
            UPDATE discipline_metric m SET name = jsonb_build_object('en_US', %s::text)
              FROM ir_model_data d
             WHERE d.module = 'sales_discipline' AND d.model = 'discipline.metric' AND d.name = %s AND d.res_id = m.id
               AND m.name->>'en_US' = %s
            """,
            [now, name, before],
        )
