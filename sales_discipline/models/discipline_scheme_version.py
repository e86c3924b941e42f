from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools.periods import DAY
from .readers import for_readers


class DisciplineScheme(models.Model):
    """Versions: what has been paid by stays as it was, and the next version holds from the first of a month on."""

    _inherit = "discipline.scheme"

    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    family_id = fields.Many2one(
        "discipline.scheme", "First Version", readonly=True, copy=False, index=True, ondelete="restrict"
    )

    @api.depends("name", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for scheme in self:
            version = self.env._(" (version %(n)s)", n=scheme.version) if scheme.version > 1 else ""
            scheme.display_name = f"{scheme.name or ''}{version}"

    @for_readers
    def action_new_version(self):
        """Ask from which month on the next version pays."""
        self.ensure_one()
        this_month = fields.Date.context_today(self).replace(day=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Version"),
            "res_model": "discipline.scheme.version",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_scheme_id": self.id,
                "default_date_from": max(this_month, self._get_next_start()),
            },
        }

    def _get_next_start(self):
        """The first month that no confirmed run of this scheme has paid, and that it does not begin with."""
        self.ensure_one()
        run = self._get_locked_runs().get(self.id)
        last = max(filter(None, (self.date_from, run and run.date_to)))
        return last.replace(day=1) + relativedelta(months=1)

    def _create_version(self, date_from):
        """The next version, a draft that pays from `date_from`, the first of a month, on; this one ends the day before.

        :raise UserError: if that is no such day, or a month paid already
        """
        self.ensure_one()
        self.check_access("write")
        first = self._get_next_start()
        if date_from.day != 1 or date_from < first:
            raise UserError(
                self.env._(
                    "“Valid from” has to be the first of a month, %(date)s or later: what has been paid, or begins with this"
                    " version, stays.",
                    date=format_date(self.env, first),
                )
            )
        family = self.family_id or self
        latest = self.with_context(active_test=False).search(
            ["|", ("id", "=", family.id), ("family_id", "=", family.id)], order="version desc", limit=1
        )
        date_to = self.date_to and self.date_to >= date_from and self.date_to
        # as superuser: officers may choose employees, not read them
        new = self.sudo().copy({"date_from": date_from, "date_to": date_to}).with_env(self.env)
        new._moving().write({"version": latest.version + 1, "family_id": family.id})
        for old, component in zip(self.component_ids.sorted(), new.component_ids.sorted(), strict=True):
            component._moving().family_id = old.family_id or old
        if not self.date_to or self.date_to >= date_from:
            self.date_to = date_from - DAY
        return new


class DisciplineComponent(models.Model):
    _inherit = "discipline.component"

    family_id = fields.Many2one(
        "discipline.component",
        "First Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )


class DisciplineSchemeVersion(models.TransientModel):
    """Asks from when the next version of a scheme pays."""

    _name = "discipline.scheme.version"
    _description = "New Version of a Pay Scheme"

    scheme_id = fields.Many2one("discipline.scheme", required=True, ondelete="cascade")
    date_from = fields.Date("Valid from", required=True, help="The first of a month.")

    def action_create(self):
        """Create the version and open it."""
        self.ensure_one()
        new = self.scheme_id._create_version(self.date_from)
        return {
            "type": "ir.actions.act_window",
            "res_model": new._name,
            "res_id": new.id,
            "views": [(False, "form")],
        }
