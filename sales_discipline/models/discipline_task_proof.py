from odoo import api, models
from odoo.exceptions import UserError

from .discipline_assessment_proof import CONTENT

KEPT = ("submitted", "approved")


class IrAttachment(models.Model):
    """The proof of a task stays as it was handed in: nobody changes, moves or deletes the files themselves either."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if names := CONTENT & vals.keys():
            # storing again what is there, as when the filestore is moved, changes nothing
            self._get_task_proofs().filtered(
                lambda file: any(file[name] != vals[name] for name in names)
            )._refuse_task_proof()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_task_proof(self):
        self._get_task_proofs()._refuse_task_proof()

    def _get_task_proofs(self):
        """Those of these files that are the proof of a task which was handed in and not rejected, as superuser."""
        files = self.sudo().filtered(lambda file: not file.res_field)
        if not files:
            return files
        tasks = self.env["discipline.task"].sudo()
        return files & tasks.search([("proof_ids", "in", files.ids), ("state", "in", KEPT)]).proof_ids

    def _refuse_task_proof(self) -> None:
        """:raise UserError: if there is any"""
        for file in self[:1]:
            raise UserError(
                self.env._(
                    "“%(file)s” is the proof of a task that has been handed in: it stays as it is.",
                    file=file.name,
                )
            )
