from odoo import models

from ..tools import remuneration


class DisciplineComponent(models.Model):
    """KPI bonus (S1.6): an amount x the efficiency of the monthly plan, through a ladder if there is one. Paid by the
    scheme in force on the last day of the month, which is the card's."""

    _inherit = "discipline.component"

    def _check_kpi_bonus(self):
        if self.fixed_amount <= 0:
            raise self._error("fixed_amount", self.env._("has to be above zero"))

    def _get_lines_kpi_bonus(self, month, people):
        return {employee_id: self._get_person_bonus(month, person) for employee_id, person in people.items()}

    def _get_person_bonus(self, month, person):
        """One line, or none for whom no monthly card is paid."""
        cards = month.get_month_cards(person, "month")
        if not cards:
            return []
        result = month.get_efficiency(cards)
        percent = remuneration.ladder_percent(month.get_steps(self), result, plain=True)
        amount = month.rounding(self.fixed_amount * percent.value / 100.0)
        step = percent.climb.step
        me = self.with_context(lang=person.lang)
        return [
            me._prepare_line(
                month.first,
                month.last,
                amount,
                me._explain_bonus(result, percent, amount),
                cards,
                base=self.fixed_amount,
                rate=percent.value,
                tier_id=step.id if step else None,
                next_step=me._explain_next_bonus(result, percent, amount, month.rounding),
                inputs={"efficiency": result, "percent": percent.value},
            )
        ]

    def _explain_bonus(self, result, percent, amount):
        if result is None:
            return self.env._("No indicator of the month had data, so there is no bonus")
        values = {
            "full": self._format_money(self.fixed_amount),
            "percent": self._format_percent(percent.value),
            "amount": self._format_money(amount),
        }
        reckoning = self.env._("%(full)s × %(percent)s = %(amount)s", **values)
        if self.tier_ids:
            why = self._explain_step(result, percent.climb.step)
        else:
            why = self.env._("Efficiency %(result)s", result=self._format_percent(result))
        return self.env._("%(why)s: %(reckoning)s", why=why, reckoning=reckoning)

    def _explain_next_bonus(self, result, percent, amount, rounding):
        following = percent.climb.next
        if not following or result is None or following.value <= percent.value:
            return None
        there = rounding(self.fixed_amount * following.value / 100.0)
        return self.env._(
            "%(missing)s more, from %(threshold)s on, would have paid %(more)s more",
            missing=self._format_percent(percent.climb.missing(result)),
            threshold=self._format_percent(following.threshold),
            more=self._format_money(rounding(there - amount)),
        )
