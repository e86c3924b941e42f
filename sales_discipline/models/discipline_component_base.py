from odoo import models

from ..tools import remuneration


class DisciplineComponent(models.Model):
    """Base pay (S1.2, S1.3): wage x share of the month worked x ladder over the month's mean efficiency; in full for
    whoever met the sales plan, and for whom there is nothing to judge by."""

    _inherit = "discipline.component"

    def _check_base(self):
        if self.wage_source == "fixed" and self.fixed_amount <= 0:
            raise self._error("fixed_amount", self.env._("has to be above zero"))

    def _get_lines_base(self, month, people):
        met = month.get_plans_met(self.waiver_metric_id) if self.waiver_metric_id else {}
        return {
            employee_id: self._get_person_base(month, person, met.get(employee_id))
            for employee_id, person in people.items()
        }

    def _get_person_base(self, month, person, met):
        portions = month.get_portions(person)
        if self.wage_source == "fixed":
            portions = [(wage, part._replace(wage=self.fixed_amount)) for wage, part in portions]
        cards = month.get_month_cards(person, self.card_period) if self.tier_ids else []
        result = month.get_efficiency(cards)
        percent = remuneration.base_percent(month.get_steps(self), result, bool(met and met.is_met))
        me = self.with_context(lang=person.lang)
        waiver = {"waiver": met.numbers} if met and met.numbers else {}
        return [
            me._prepare_base_line(month, wage, part, result, percent, cards, waiver)
            for wage, part in portions
            if part.worked > 0
        ]

    def _prepare_base_line(self, month, wage, part, result, percent, cards, waiver):
        amount = remuneration.base_pay([part], percent.value, month.rounding)
        step = percent.climb.step
        return self._prepare_line(
            max(wage.first, month.first),
            min(wage.last, month.last),
            amount,
            self._explain_base(part, result, percent, amount),
            cards,
            base=month.rounding(part.wage * part.share),
            rate=percent.value,
            tier_id=step.id if step and not percent.waived and result is not None else None,
            next_step=self._explain_next_base(part, result, percent, month.rounding),
            inputs={
                "wage": part.wage,
                "worked": part.worked,
                "norm": part.norm,
                "efficiency": result,
                "waived": percent.waived,
                "percent": percent.value,
                **waiver,
            },
        )

    def _explain_base(self, part, result, percent, amount):
        """How the base came about, in the language of the context."""
        values = {
            "wage": self._format_money(part.wage),
            "share": self._format_share(part),
            "percent": self._format_percent(percent.value),
            "amount": self._format_money(amount),
        }
        if part.share < 1:
            reckoning = self.env._("%(wage)s × %(share)s × %(percent)s = %(amount)s", **values)
        else:
            reckoning = self.env._("%(wage)s × %(percent)s = %(amount)s", **values)
        if percent.waived:
            why = self.env._(
                "The sales plan (%(metric)s) is met, so the base is paid in full",
                metric=self.waiver_metric_id.name,
            )
        elif not self.tier_ids:
            return reckoning
        elif result is None:
            why = self.env._("No activity plan was scored this month, so the base is paid in full")
        else:
            why = self._explain_step(result, percent.climb.step)
        return self.env._("%(why)s: %(reckoning)s", why=why, reckoning=reckoning)

    def _explain_step(self, result, step):
        """Which step of the ladder a result reached."""
        reached = self._format_percent(result)
        if not step:
            return self.env._("%(result)s of the plan, below the first step", result=reached)
        return self.env._(
            "%(result)s of the plan, step from %(threshold)s",
            result=reached,
            threshold=self._format_percent(step.threshold),
        )

    def _explain_next_base(self, part, result, percent, rounding):
        """What would have raised it; None at the top, or where nothing is judged."""
        following = percent.climb.next
        if percent.waived or result is None or not following or following.value <= percent.value:
            return None
        more = remuneration.base_pay([part], following.value, rounding) - remuneration.base_pay(
            [part], percent.value, rounding
        )
        return self.env._(
            "%(missing)s more of the plan, from %(threshold)s on, would have paid %(more)s more",
            missing=self._format_percent(percent.climb.missing(result)),
            threshold=self._format_percent(following.threshold),
            more=self._format_money(more),
        )

    def _format_share(self, part):
        """'80 of 160 hours'."""
        return self.env._(
            "%(worked)s of %(norm)s hours",
            worked=self._format_number(round(part.worked, 2)),
            norm=self._format_number(round(part.norm, 2)),
        )
