from odoo import fields, models
from odoo.exceptions import UserError

CAUSES = [
    ("refund", "Credit Note"),
    ("cancelled", "Cancelled"),
    ("changed", "Changed"),
    ("backdated", "Entered Afterwards"),
    ("credit", "Credit Moved"),
    ("scorecard", "Scorecard Changed"),
    ("task", "Task Approved or Changed"),
    ("limit", "Limit of the Scheme"),
    ("several", "Several Causes"),
]


class DisciplineStatement(models.Model):
    _inherit = "discipline.statement"

    corrected = fields.Monetary(
        "Corrections", readonly=True, help="Of earlier months, for what changed after they were confirmed."
    )


class DisciplineStatementLine(models.Model):
    """A correction says which line of which month it corrects, why, and by which documents."""

    _inherit = "discipline.statement.line"

    kind = fields.Selection(selection_add=[("correction", "Correction")], ondelete={"correction": "cascade"})
    corrects_statement_id = fields.Many2one(
        "discipline.statement", "Corrects", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    corrects_line_id = fields.Many2one(
        "discipline.statement.line",
        "Line Corrected",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty where limits of a scheme are corrected.",
    )
    correction_ids = fields.One2many(
        "discipline.statement.line", "corrects_line_id", "Corrections", readonly=True
    )
    corrected_month = fields.Date(readonly=True, help="The first day of the month that is corrected.")
    cause = fields.Selection(CAUSES, readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document",
        model_field="res_model",
        readonly=True,
        aggregator=None,
        help="What changed the amount most.",
    )

    def action_open_changes(self):
        """What changed: the documents or the scorecards behind a correction, each under the reader's own rights."""
        self.ensure_one()
        if not self.res_model:
            return self.action_open_cards()
        changes = (self.inputs or {}).get("changes") or []
        names = {key: name for model, key, name, *_amounts in changes if model == self.res_model}
        return self._open_documents(self.res_model, names)

    def _open_documents(self, model, names):
        """A window on documents behind this line, those of `{id: name}` that the reader may see.

        :raise UserError: if there are none
        """
        documents = self.env[model].with_context(active_test=False).browse(names).exists()
        documents = documents._filtered_access("read")
        if not documents:
            raise UserError(
                self.env._(
                    "You have no access to the documents behind this line, or they were deleted: %(names)s.",
                    names=", ".join(filter(None, names.values())),
                )
            )
        action = {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model,
            "context": {"active_test": False, "create": False},
        }
        if len(documents) == 1:
            return {**action, "view_mode": "form", "views": [(False, "form")], "res_id": documents.id}
        views = [(False, "list"), (False, "form")]
        return {**action, "view_mode": "list,form", "views": views, "domain": [("id", "in", documents.ids)]}
