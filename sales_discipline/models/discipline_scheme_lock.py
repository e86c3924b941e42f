from odoo import api, fields, models
from odoo.exceptions import UserError

from .discipline_component import FIELDS
from .discipline_payroll import LOCKED

LIMITS = {"has_floor", "floor", "has_cap", "cap"}
# what pay depends on: fixed once a confirmed run has paid by it, a change makes the next version
COMPONENT_RULES = {
    "kind",
    "scheme_id",
    "tier_ids",
    *LIMITS,
    *(name for names in FIELDS.values() for name in names),
}
SCHEME_RULES = {"company_id", *LIMITS, "has_guaranteed", "guaranteed", "has_max_reduction", "max_reduction"}


class DisciplineScheme(models.Model):
    _inherit = "discipline.scheme"

    is_locked = fields.Boolean(compute="_compute_is_locked", help="A confirmed payroll run has paid by it.")

    def _compute_is_locked(self):
        locked = self._origin._get_locked_runs()
        for scheme in self:
            scheme.is_locked = scheme._origin.id in locked

    def write(self, vals):
        if SCHEME_RULES.intersection(vals):
            self._check_unlocked()
        return super().write(vals)

    def _get_locked_runs(self):
        """`{scheme id: the last confirmed run that paid by it}`; the others are left out."""
        domain = [("payroll_id.state", "in", LOCKED)]
        found = {}
        for model, path in (
            ("discipline.statement.line", "component_id.scheme_id"),
            ("discipline.statement", "scheme_id"),
        ):
            rows = self.env[model].sudo()._read_group([*domain, (path, "in", self.ids)], [path, "payroll_id"])
            for scheme, run in rows:
                if scheme.id not in found or found[scheme.id].date_from < run.date_from:
                    found[scheme.id] = run
        return found

    def _check_unlocked(self):
        """:raise UserError: if a confirmed run has paid by one of these schemes, whose rules stay as they were"""
        for scheme_id, run in self._get_locked_runs().items():
            raise UserError(self._explain_lock(self.browse(scheme_id).name, run))

    @api.model
    def _explain_lock(self, name, run):
        return self.env._(
            "The confirmed run of %(run)s has paid by “%(name)s”, so its rules stay as they are. Press “New Version” on the"
            " scheme to change them from a month on.",
            name=name,
            run=run.name,
        )


class DisciplineComponent(models.Model):
    _inherit = "discipline.component"

    is_locked = fields.Boolean(compute="_compute_is_locked", help="A confirmed payroll run has paid by it.")

    def _compute_is_locked(self):
        locked = self._origin._get_locked_runs()
        for component in self:
            component.is_locked = component._origin.id in locked

    def write(self, vals):
        if COMPONENT_RULES.intersection(vals):
            self._check_unlocked()
        return super().write(vals)

    def _get_locked_runs(self):
        """`{component id: a confirmed run that paid by it}`; the others are left out."""
        rows = (
            self.env["discipline.statement.line"]
            .sudo()
            ._read_group(
                [("component_id", "in", self.ids), ("payroll_id.state", "in", LOCKED)],
                ["component_id", "payroll_id"],
            )
        )
        return {component.id: run for component, run in rows}

    def _check_unlocked(self):
        """:raise UserError: if a confirmed run has paid by one of these components, whose rules stay as they were"""
        for component_id, run in self._get_locked_runs().items():
            raise UserError(self.env["discipline.scheme"]._explain_lock(self.browse(component_id).name, run))


class DisciplineTier(models.Model):
    _inherit = "discipline.tier"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals["component_id"] for vals in vals_list if vals.get("component_id")}
        self.env["discipline.component"].browse(ids)._check_unlocked()
        return super().create(vals_list)

    def write(self, vals):
        self.component_id._check_unlocked()
        res = super().write(vals)
        if "component_id" in vals:
            self.component_id._check_unlocked()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.component_id._check_unlocked()
