from odoo import models


class DisciplineSignal(models.Model):
    """A signal about reports opens what was stated beside what was measured, with the day of each."""

    _inherit = "discipline.signal"

    def action_open_records(self):
        action = super().action_open_records()
        ids = self.sudo().line_ids
        if not ids or not self.env["discipline.claim.report"].has_access("read"):
            return action
        name = "sales_discipline.discipline_claim_report_action"
        report = self.env["ir.actions.act_window"]._for_xml_id(name)
        views = sorted(report["views"], key=lambda view: view[1] != "list")
        return {**action, **report, "name": self.display_name, "views": views, "domain": [("id", "in", ids)]}
