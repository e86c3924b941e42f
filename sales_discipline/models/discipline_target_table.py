from odoo import api, fields, models
from odoo.exceptions import UserError

STORING = object()  # in the context of the wizard's own buttons; no remote call can send it
OWN = {"matrix", "state"}


class DisciplineTargetTable(models.AbstractModel):
    """A wizard that shows a table of targets and then stores it, exactly as it was shown, and once."""

    _name = "discipline.target.table.mixin"
    _inherit = ["discipline.own.company.mixin"]
    _description = "Table of Targets"

    metric_id = fields.Many2one("discipline.metric")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [("edit", "Edit"), ("preview", "Preview"), ("done", "Done")],
        default="edit",
        required=True,
        readonly=True,
    )
    matrix = fields.Json(readonly=True)
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("matrix")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.matrix and self.env["discipline.target"]._render_matrix(
                wizard.matrix, wizard.metric_id, wizard.company_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("matrix") or vals.get("state", "edit") != "edit":
                raise UserError(self._get_own_text())
        fresh = {"state": "edit", "matrix": False}  # whatever the defaults
        return super().create([{**vals, **fresh} for vals in vals_list])

    def write(self, vals):
        """What was shown does not hold any more when something else is written."""
        if self.env.context.get("discipline_table") is STORING:
            return super().write(vals)
        if OWN & vals.keys():
            raise UserError(self._get_own_text())
        return super().write({**vals, "state": "edit", "matrix": False})

    def _get_own_text(self) -> str:
        return self.env._("The table of targets comes from the button 'Preview' and cannot be written.")

    def _store(self, **vals) -> None:
        """Write what only the buttons write."""
        self.with_context(discipline_table=STORING).write(vals)

    def action_apply(self):
        """Store what was shown. Who presses twice, or two at once, store it once: the wizard's own row tells.

        :raise UserError: if nothing was shown, or it is stored already
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "done":
            raise UserError(self.env._("These targets are stored already: close this window."))
        if self.state != "preview" or not self.matrix:
            raise UserError(self.env._("Look at the preview first."))
        self._store(state="done")
        self.flush_recordset()
        targets = self.env["discipline.target"]
        targets._set_months(self.metric_id, self.company_id, targets._get_wanted(self.matrix))
        return {"type": "ir.actions.act_window_close"}
