from odoo import api, fields, models


class DisciplineRegulationResult(models.TransientModel):
    """Asks for what a step has to bring, or why it is not done."""

    _name = "discipline.regulation.result"
    _description = "Result of a Step"

    step_id = fields.Many2one("discipline.regulation.step", required=True, readonly=True, ondelete="cascade")
    outcome = fields.Selection(
        [("done", "Done"), ("skipped", "Not Done")], required=True, default="done", readonly=True
    )
    result = fields.Selection(related="step_id.result")
    goal = fields.Text(related="step_id.regulation_id.goal")
    rules = fields.Html(related="step_id.template_id.discipline_rules", string="Rules")
    text = fields.Text("Result")
    reason = fields.Text("Why Not")
    lost_reason_id = fields.Many2one("crm.lost.reason")
    stars = fields.Selection(
        [("0", "None"), ("1", "Very bad"), ("2", "Bad"), ("3", "So-so"), ("4", "Good"), ("5", "Very good")],
        "Rating",
        default="0",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for a step that is not the reader's to see: what it asks for is on the form"""
        results = super().create(vals_list)
        results.step_id._check_mine()
        return results

    def write(self, vals):
        res = super().write(vals)
        if "step_id" in vals:
            self.step_id._check_mine()
        return res

    def action_apply(self):
        """Hand in, or skip, what was asked for."""
        self.ensure_one()
        if self.outcome == "skipped":
            self.step_id._skip(self.reason)
        else:
            self.step_id._hand_in(self.text or "", self.lost_reason_id, int(self.stars or 0))
        return {"type": "ir.actions.act_window_close"}
