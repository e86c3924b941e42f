from odoo import api, models
from odoo.exceptions import UserError

# In the context of this process's own code that changes what is evidence. An object: no remote call can send it.
ENGINE = object()


class DisciplineEvidence(models.AbstractModel):
    """Evidence: written by the program alone, whoever asks for anything else, administrators and superuser included.

    `_evidence` names the fields that are protected; others (chatter, followers) stay as writable as rights allow.
    """

    _name = "discipline.evidence.mixin"
    _description = "Evidence"
    _evidence = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: scoring stores cards and their lines in bulk."""
        raise UserError(self.env._("Scorecards are opened by the system for everybody whom a plan is for."))

    def write(self, vals):
        """:raise UserError: if a field of the evidence is among `vals` and the program itself is not at work"""
        if self._evidence.intersection(vals) and self.env.context.get("discipline_engine") is not ENGINE:
            raise UserError(
                self.env._("A scorecard is evidence: what was measured cannot be changed by hand.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A scorecard is evidence and cannot be deleted."))
