from odoo import models
from odoo.tools.float_utils import float_round

from ..tools import ladder, remuneration, scoring


class DisciplineComponent(models.Model):
    """Commission (S1.5): a percentage of a volume of sales, that grows with it. A month is paid by the scheme in force
    on its last day, as its monthly scorecard is."""

    _inherit = "discipline.component"

    def _check_commission(self):
        if not self.metric_id:
            raise self._error("metric_id", self.env._("choose the sales that the commission is paid on"))
        if self.metric_id.unit != "money" or self.metric_id.source in ("formula", "assessment"):
            raise self._error("metric_id", self.env._("has to be a metric that is an amount of money"))

    def _get_lines_commission(self, month, people):
        volumes = month.get_volumes(self.metric_id)
        targets = month.get_targets(self.metric_id)
        rule = self.metric_id._get_volume_rule()
        return {
            employee_id: [
                self._prepare_commission_line(
                    month, person, rule, volumes[employee_id], targets.get(employee_id)
                )
            ]
            if person.is_paid_on(month.last)
            else []
            for employee_id, person in people.items()
        }

    def _prepare_commission_line(self, month, person, rule, volume, target):
        inputs = {
            "volume": volume.amount,
            "target": target,
            "documents": volume.get_documents(),
            "bounds": volume.bounds and volume.bounds.moments,
            "rule": rule,
        }
        me = self.with_context(lang=person.lang)
        values = me._get_commission(month.get_steps(self), volume.amount, target, month.rounding)
        return me._prepare_line(
            month.first, month.last, values.pop("amount"), values.pop("explanation"), inputs=inputs, **values
        )

    def _get_commission(self, ladder_steps, volume, target, rounding):
        """What a volume earns, and why: amount, base, rate, tier_id, explanation and next_step, the last two in the
        language of the context."""
        steps = remuneration.commission_steps(ladder_steps, self.ladder_by, target)
        amount = remuneration.commission(volume, steps, self.mode, rounding)
        found = ladder.climb(steps, volume)
        rate = found.value if self.mode == "whole" or not volume else float_round(100.0 * amount / volume, 4)
        return {
            "amount": amount,
            "base": volume,
            "rate": rate,
            "tier_id": found.step.id if found.step else None,
            "explanation": self._explain_commission(volume, target, steps, found, amount),
            "next_step": self._explain_next_commission(volume, steps, found, amount, rounding),
        }

    def _explain_commission(self, volume, target, steps, found, amount):
        values = {
            "metric": self.metric_id.name,
            "volume": self._format_money(volume),
            "rate": self._format_percent(found.value),
            "amount": self._format_money(amount),
        }
        what = self.env._("%(metric)s %(volume)s", **values)
        if self.ladder_by == "completion":
            if not target:
                return self.env._("%(what)s: no sales plan, so no step is reached", what=what)
            percent = self._format_percent(scoring.completion(volume, target))
            plan = self._format_money(target)
            what = self.env._(
                "%(what)s, %(percent)s of the plan of %(plan)s", what=what, percent=percent, plan=plan
            )
        if not found.step:
            return self.env._("%(what)s: below the first step", what=what)
        if self.mode == "whole":
            return self.env._(
                "%(what)s, step from %(threshold)s: %(volume)s × %(rate)s = %(amount)s",
                what=what,
                threshold=self._format_money(found.step.threshold),
                **values,
            )
        parts = self._explain_parts(volume, steps)
        return self.env._("%(what)s: %(parts)s = %(amount)s", what=what, parts=parts, amount=values["amount"])

    def _explain_parts(self, volume, steps):
        """'200,000 × 5 % + 100,000 × 7 %'."""
        ordered = sorted(steps)
        tops = [step.threshold for step in ordered[1:]] + [volume]
        return " + ".join(
            f"{self._format_money(min(volume, top) - step.threshold)} × {self._format_percent(step.value)}"
            for step, top in zip(ordered, tops, strict=True)
            if volume > step.threshold
        ) or self._format_money(0.0)

    def _explain_next_commission(self, volume, steps, found, amount, rounding):
        """'8,030 more to 7 %', and what that would pay; None at the top."""
        if not found.next or found.next.value <= found.value:
            return None
        there = remuneration.commission(found.next.threshold, steps, self.mode, rounding)
        return self.env._(
            "%(missing)s more to %(rate)s: %(amount)s instead of %(now)s",
            missing=self._format_money(found.missing(volume)),
            rate=self._format_percent(found.next.value),
            amount=self._format_money(there),
            now=self._format_money(amount),
        )
