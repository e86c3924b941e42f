from odoo import api, models
from odoo.exceptions import AccessError


class MailActivity(models.Model):
    """The to-do of whoever decides on an appeal: it is theirs, or done by itself when the appeal is decided. The person
    who appeals can write to the appeal, and Odoo lets such people finish any activity there."""

    _inherit = "mail.activity"

    def write(self, vals):
        self._check_deciding()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_deciding(self):
        self._check_deciding()

    def _check_deciding(self) -> None:
        """:raise AccessError: for the person whom an appeal is about, with the to-do of somebody else on it"""
        if self.env.su:
            return
        others = self.sudo().filtered(
            lambda one: one.res_model == "discipline.appeal" and one.user_id != self.env.user
        )
        if not others:
            return
        appeals = others.env["discipline.appeal"].browse(others.mapped("res_id")).exists()
        if any(appeal.scorecard_id._is_about(self.env.user) for appeal in appeals):
            raise AccessError(
                self.env._(
                    "This activity belongs to %(name)s, who decides on your appeal: it is done by itself then.",
                    name=others[0].user_id.name,
                )
            )
