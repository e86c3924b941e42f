from odoo import api, fields, models
from odoo.tools import SQL


class DisciplineFact(models.Model):
    """A report of one's own that was handed in by the deadline of its scorecard: once per scorecard, the first time.

    It belongs to the period that it is about: handed in after the end of a week or a month, while the scorecard was
    still open, it happened in the last second of that.
    """

    _inherit = "discipline.fact"

    kind = fields.Selection(
        selection_add=[("report_submitted", "Report Handed In")], ondelete={"report_submitted": "cascade"}
    )

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), "report_submitted": True}

    @api.model
    def _sql_happened(self, kind, origin, now):
        return (
            SQL("s.happened_at") if kind == "report_submitted" else super()._sql_happened(kind, origin, now)
        )

    @api.model
    def _select_report_submitted(self, ids, origin):
        """Scorecards for which the person has stated their numbers."""
        self.env["discipline.scorecard"].flush_model(["submitted_at"])
        return SQL(
            """
            SELECT c.id AS source_id, c.user_id, c.team_id, c.company_id, NULL::integer AS partner_id,
                   NULL::integer AS activity_type_id, 'discipline.scorecard' AS res_model, c.id AS res_id,
                   e.name || ', ' || c.date_from AS res_name, NULL::date AS deadline,
                   LEAST(c.submitted_at, (c.date_to + 1)::timestamp AT TIME ZONE c.tz AT TIME ZONE 'UTC' - INTERVAL '1 second')
                       AS happened_at, 1 AS quantity, 0.0 AS amount, NULL::jsonb AS details
              FROM discipline_scorecard c JOIN hr_employee e ON e.id = c.employee_id
             WHERE c.submitted_at IS NOT NULL AND %s
            """,
            self._sql_ids(SQL("c.id"), ids),
        )


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    def _record_reports(self) -> None:
        """Enter into the ledger that the reports on these scorecards were handed in."""
        self.env["discipline.fact"].sudo()._capture("report_submitted", self.ids)
