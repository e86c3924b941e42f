from odoo import models
from odoo.exceptions import UserError


class DisciplineSignal(models.Model):
    _inherit = "discipline.signal"

    def decide(self, state: str, comment: str = "") -> None:
        """The button Harmless or Confirmed, with the comment in one go.

        :param state: harmless or confirmed
        :raise UserError: for another one, and for what the buttons refuse
        """
        buttons = {"harmless": self.action_harmless, "confirmed": self.action_confirm}
        decide = buttons.get(state) if isinstance(state, str) else None
        if not decide or not isinstance(comment, str):
            raise UserError(self.env._("A signal is decided as harmless or as confirmed, with a comment."))
        if comment.strip():
            self.write({"comment": comment.strip()})
        decide()


class DisciplineSpotCheck(models.Model):
    _inherit = "discipline.spot.check"

    def decide(self, state: str, comment: str = "") -> None:
        """The button of a result, with what the customer said in one go.

        :param state: confirmed, denied or unreachable
        :raise UserError: for another one
        """
        results = {
            "confirmed": self.action_confirmed,
            "denied": self.action_denied,
            "unreachable": self.action_unreachable,
        }
        if not isinstance(state, str) or state not in results or not isinstance(comment, str):
            raise UserError(
                self.env._("A spot check is confirmed, not confirmed or not reached, with a comment.")
            )
        if comment.strip():
            self.write({"comment": comment.strip()})
        results[state]()
