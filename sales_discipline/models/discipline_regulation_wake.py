from odoo import api, models
from odoo.tools import ormcache

from .discipline_regulation_find import FACTS

DECIDING = {"state", "trigger", "active", "assigns"}  # what a regulation waits for
# the facts by which a step may be over: acted on, paid, ordered
ENDS = {
    "lead_created": ("lead_first_touch", "lead_won", "lead_lost"),
    "stage": ("lead_won", "lead_lost"),
    "quotation_sent": ("order_confirmed",),
    "invoice_posted": ("payment_collected",),
    "invoice_due": ("payment_collected",),
    "client_silent": ("order_confirmed",),
}


class DisciplineRegulation(models.Model):
    """Right after an event that Odoo or the ledger tells of, the scheduled action is woken: it schedules the to-dos in a
    transaction of its own, so that whoever caused the event does not wait for it."""

    _inherit = "discipline.regulation"

    @api.model
    @ormcache()
    def _get_awaited(self) -> frozenset:
        """The triggers of running regulations, the kinds of facts that set one off or end what one has scheduled, and
        "assigns" if one gives leads to people."""
        running = self.sudo().search([("state", "=", "running")])
        triggers = set(running.mapped("trigger"))
        kinds = {kind for trigger in triggers for kind in (*FACTS.get(trigger, ()), *ENDS.get(trigger, ()))}
        assigns = (
            {"assigns"} if any(one.assigns and one.trigger == "lead_created" for one in running) else set()
        )
        return frozenset(triggers | kinds | assigns)

    @api.model
    def _wake_for(self, trigger: str) -> None:
        """Something happened that a running regulation may wait for."""
        if trigger in self._get_awaited():
            self._wake()

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
    def _append_selected(self, kind, select, origin, spans=()):
        count = super()._append_selected(kind, select, origin, spans)
        if count and origin != "history":
            self.env["discipline.regulation"]._wake_for(kind)
        return count


class CrmLead(models.Model):
    """Leads without a salesperson are not in the ledger, nor are stages."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        self.env["discipline.regulation"]._wake_for("lead_created")
        return leads

    def write(self, vals):
        res = super().write(vals)
        if "stage_id" in vals:
            self.env["discipline.regulation"]._wake_for("stage")
        elif "user_id" in vals:
            self.env["discipline.regulation"]._wake_for("lead_created")
        return res


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        res = super().write(vals)
        if "qty_delivered" in vals:
            self.env["discipline.regulation"]._wake_for("delivered")
        return res

    def _compute_qty_delivered(self):
        # where pickings, timesheets or milestones say what is delivered
        res = super()._compute_qty_delivered()
        if any(line.qty_delivered and isinstance(line.id, int) for line in self):
            self.env["discipline.regulation"]._wake_for("delivered")
        return res


class RatingRating(models.Model):
    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        if any(rating.consumed for rating in ratings):
            self.env["discipline.regulation"]._wake_for("negative_rating")
        return ratings

    def write(self, vals):
        res = super().write(vals)
        if vals.get("consumed"):
            self.env["discipline.regulation"]._wake_for("negative_rating")
        return res
