from odoo import api, models

CONTENT = {"name", "raw", "datas", "db_datas", "url", "type", "mimetype", "res_model", "res_id", "res_field"}


class IrAttachment(models.Model):
    """Proof is locked with the score that it is proof of: none is added, changed, moved or deleted."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._check_proof()
        return files

    def write(self, vals):
        proof = self.sudo()
        if vals.get("res_model") != "discipline.assessment":
            proof = proof.filtered(lambda file: file.res_model == "discipline.assessment")
        # storing again what is there, as when the filestore is moved, changes nothing
        changed = proof.filtered(lambda file: any(file[name] != vals[name] for name in CONTENT & vals.keys()))
        changed._check_proof()
        res = super().write(vals)
        changed._check_proof()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        self._check_proof()

    def _check_proof(self) -> None:
        """:raise ValidationError: if one of these belongs to an assessment that is locked, whoever asks"""
        proofs = self.sudo().filtered(lambda file: file.res_model == "discipline.assessment" and file.res_id)
        if proofs:
            self.env["discipline.assessment"].sudo().browse(proofs.mapped("res_id")).exists()._check_open()
