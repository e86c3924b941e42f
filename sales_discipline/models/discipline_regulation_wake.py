from odoo import api, models
from odoo.tools import ormcache

from .discipline_regulation_find import FACTS

DECIDING = {"state", "trigger", "active"}  # what a regulation waits for


class DisciplineRegulation(models.Model):
    """Right after an event that the ledger records, the scheduled action is woken: it schedules the to-dos in a
    transaction of its own, so that whoever caused the event does not wait for it."""

    _inherit = "discipline.regulation"

    @api.model
    @ormcache()
    def _get_kinds_awaited(self) -> frozenset:
        """The kinds of facts that set off a running regulation, or fulfil what one has scheduled."""
        triggers = self.sudo().search([("state", "=", "running")]).mapped("trigger")
        kinds = {kind for trigger in triggers for kind in FACTS.get(trigger, ())}
        if "lead_created" in triggers:
            kinds.add("lead_first_touch")
        return frozenset(kinds)

    @api.model
    def _wake(self) -> None:
        """Once a transaction."""
        pending = self.env.cr.precommit.data
        if not pending.get("discipline_regulations"):
            pending["discipline_regulations"] = True
            self.env.ref("sales_discipline.cron_regulation").sudo()._trigger()

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if DECIDING.intersection(vals):
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class DisciplineFact(models.Model):
    _inherit = "discipline.fact"

    @api.model
    def _append_selected(self, kind, select, origin):
        count = super()._append_selected(kind, select, origin)
        if count and origin != "history" and kind in self.env["discipline.regulation"]._get_kinds_awaited():
            self.env["discipline.regulation"]._wake()
        return count
