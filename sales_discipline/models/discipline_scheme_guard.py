from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.float_utils import float_compare

from ..tools.payout import PRECISION
from ..tools.remuneration import Guard, settle


class DisciplineScheme(models.Model):
    """What nothing may touch: pay that is guaranteed, and how much of a month minus amounts may take at most. Both hold
    after the scheme's own floor and cap, and each is a line that explains itself."""

    _inherit = "discipline.scheme"

    has_guaranteed = fields.Boolean("Has a Guarantee", tracking=True)
    guaranteed = fields.Monetary(
        "Guaranteed Pay",
        tracking=True,
        help="Pay of a full month never falls below this; of a part of the month, below its share, e.g. the minimum wage.",
    )
    has_max_reduction = fields.Boolean("Has a Maximal Reduction", tracking=True)
    max_reduction = fields.Float(
        "Maximal Reduction",
        tracking=True,
        help="Minus points and minus amounts take at most so many percent of what the month's other lines add up to.",
    )
    guard_warning = fields.Text(compute="_compute_guard_warning")

    _guaranteed_not_negative = models.Constraint(
        "CHECK (guaranteed IS NULL OR guaranteed >= 0)", "“Guaranteed Pay” cannot be negative."
    )
    _max_reduction_percent = models.Constraint(
        "CHECK (max_reduction IS NULL OR max_reduction >= 0 AND max_reduction <= 100)",
        "“Maximal Reduction” has to be from 0 to 100 percent.",
    )

    @api.model
    def _prepare_limits(self, vals):
        """As for the floor and the cap: whoever gives an amount without the box means that it holds."""
        boxes = {
            f"has_{name}": vals[name] is not None and vals[name] is not False
            for name in ("guaranteed", "max_reduction")
            if name in vals and f"has_{name}" not in vals
        }
        return {**super()._prepare_limits(vals), **boxes}

    @api.depends(
        "has_guaranteed", "guaranteed", "has_floor", "floor", "has_cap", "cap", "component_ids.guard_key"
    )
    @api.depends_context("lang")
    def _compute_guard_warning(self):
        """How low the rules alone can get, where that is below the guarantee."""
        for scheme in self:
            scheme.guard_warning = scheme._explain_guard()

    def _explain_guard(self):
        if not self.has_guaranteed or not self.guaranteed:
            return False
        guaranteed = self._format_money(self.guaranteed)
        if self.has_cap and self.currency_id.compare_amounts(self.cap, self.guaranteed) < 0:
            return self.env._(
                "The cap of a month, %(cap)s, is below the guaranteed pay of %(guaranteed)s: whoever reaches it is paid the "
                "guaranteed pay.",
                cap=self._format_money(self.cap),
                guaranteed=guaranteed,
            )
        if self.has_floor and self.currency_id.compare_amounts(self.floor, self.guaranteed) >= 0:
            return False
        if endless := self.component_ids.filtered(lambda component: component._get_least() is None):
            return self.env._(
                "The minus points of “%(name)s” have no floor, so the rules can cut below the guaranteed pay of %(guaranteed)s."
                " Whoever falls below it is paid the difference.",
                name=endless[0].name,
                guaranteed=guaranteed,
            )
        share = sum(component._get_least_share() for component in self.component_ids)
        least = sum(component._get_least() for component in self.component_ids)
        least = max(least, self.floor) if self.has_floor and not share else least
        if self.currency_id.compare_amounts(least, self.guaranteed) >= 0 or share >= 100 and least >= 0:
            return False
        values = {"least": self._format_money(least), "guaranteed": guaranteed}
        if share:
            values["share"] = self.component_ids[:1]._format_percent(share)
            return self.env._(
                "In a bad month the rules come to %(share)s of the wage and %(least)s besides: where that is below the "
                "guaranteed pay of %(guaranteed)s, the difference is paid.",
                **values,
            )
        return self.env._(
            "In a bad month the rules can come to %(least)s, below the guaranteed pay of %(guaranteed)s: whoever falls below it"
            " is paid the difference.",
            **values,
        )

    def action_activate(self):
        """Schemes whose rules could cut below the guarantee say so."""
        action = super().action_activate()
        warned = self.filtered("guard_warning")
        for scheme in warned:
            scheme.message_post(body=scheme.guard_warning)
        if not warned:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Active, but look at the guarantee"),
                "message": warned[0].guard_warning,
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ------------------------------------------------------------
    # No fines
    # ------------------------------------------------------------

    @api.constrains("has_floor", "floor", "company_id", "component_ids")
    def _check_no_fines(self):
        """:raise ValidationError: if the company fines nobody, but a floor below zero would let a month be one"""
        for scheme in self.filtered("company_id.discipline_no_fines"):
            if scheme.has_floor and scheme.currency_id.compare_amounts(scheme.floor, 0.0) < 0:
                raise ValidationError(
                    self.env._(
                        "%(company)s is in no-fine mode: the floor of “%(name)s” cannot be below zero.",
                        company=scheme.company_id.name,
                        name=scheme.name,
                    )
                )
            scheme.component_ids._check_no_fines()

    # ------------------------------------------------------------
    # What a month comes to
    # ------------------------------------------------------------

    def _get_guard(self, share=1.0):
        """The `Guard` of this scheme for a share of the month, 0..1."""
        return Guard(
            self.currency_id.round(self.guaranteed * share) if self.has_guaranteed else None,
            self.max_reduction if self.has_max_reduction else None,
        )

    def _get_settlement_lines(self, month, person, rows):
        """The lines that bring the sum of `rows` within the floor and the cap, and then within the guard."""
        share = month.get_share(person) if self.has_guaranteed else 1.0
        guard = self._get_guard(share)
        amounts = [row["amount"] for row in rows]
        manual = month.manual.get((person.employee.id, self.id), [])
        by_hand = [row["amount"] for row in manual]
        settled = settle(amounts, self._get_limits(), guard, month.rounding, by_hand)
        month.guards[person.employee.id][self.id] = {**asdict(guard), "manual": by_hand}
        me = self.with_context(lang=person.lang)
        lines = []
        total = month.rounding(sum(amounts))
        if settled.limit:
            lines.append(me._prepare_limit_line(settled.limit, total, settled.limited))
        lines += manual
        total = month.rounding(total + settled.limited + sum(by_hand))
        for which, amount in settled.guarded:
            lines.append(me._prepare_guard_line(which, total, amount, guard, share))
            total = month.rounding(total + amount)
        return lines

    def _prepare_limit_line(self, limit, total, amount):
        values = {
            "name": self.name,
            "total": self._format_money(total),
            "allowed": self._format_money(self.currency_id.round(total + amount)),
        }
        if limit == "cap":
            text = self.env._("Limited by the cap of “%(name)s”: %(total)s becomes %(allowed)s", **values)
        else:
            text = self.env._("Limited by the floor of “%(name)s”: %(total)s becomes %(allowed)s", **values)
        return self._prepare_own_line(self.env._("Limit of the scheme"), limit, total, amount, text)

    def _prepare_guard_line(self, which, total, amount, guard, share):
        values = {
            "name": self.name,
            "total": self._format_money(total),
            "allowed": self._format_money(self.currency_id.round(total + amount)),
        }
        percent = self.component_ids[:1]._format_percent
        if which == "max_reduction":
            text = self.env._(
                "Minus amounts take at most %(percent)s of the month: %(total)s becomes %(allowed)s",
                percent=percent(guard.max_reduction),
                **values,
            )
            return self._prepare_own_line(self.env._("Maximal Reduction"), which, total, amount, text)
        if float_compare(share, 1.0, PRECISION) < 0:
            text = self.env._(
                "Guaranteed by “%(name)s”, %(guaranteed)s for %(share)s of the month: %(total)s becomes %(allowed)s",
                guaranteed=self._format_money(guard.guaranteed),
                share=percent(100.0 * share),
                **values,
            )
        else:
            text = self.env._("Guaranteed by “%(name)s”: %(total)s becomes %(allowed)s", **values)
        return self._prepare_own_line(self.env._("Guaranteed Pay"), which, total, amount, text)

    def _prepare_own_line(self, name, limit, total, amount, text):
        """The values of a line of the scheme itself: `total` is what it had come to, `amount` what is added."""
        return {
            "component_id": False,
            "name": name,
            "kind": "limit",
            "date_from": False,
            "date_to": False,
            "base": total,
            "rate": 0.0,
            "amount": amount,
            "limit": limit,
            "tier_id": None,
            "explanation": text,
            "next_step": None,
            "scorecard_ids": [],
            "inputs": None,
        }
