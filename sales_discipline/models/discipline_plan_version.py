from odoo import fields, models


class DisciplinePlanVersion(models.TransientModel):
    """Asks from when the next version of a plan is in force."""

    _name = "discipline.plan.version"
    _description = "New Version of a Plan"

    plan_id = fields.Many2one("discipline.plan", required=True, ondelete="cascade")
    date_from = fields.Date("Valid from", required=True)

    def action_create(self):
        """Create the version and open it."""
        self.ensure_one()
        return self.plan_id._create_version(self.date_from)._open()
