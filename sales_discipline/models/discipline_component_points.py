from odoo import models

from ..tools import payout


class DisciplineComponent(models.Model):
    """Points x rate, by the week or the month (S4.5)."""

    _inherit = "discipline.component"

    def _get_lines_points(self, month, people):
        return {employee_id: self._get_person_points(month, person) for employee_id, person in people.items()}

    def _get_person_points(self, month, person):
        periods = {}
        for card in person.cards:
            if card.period == self.card_period and payout.pay_month(self.basis, card.day) == month.first:
                periods.setdefault(payout.pay_period(self.basis, card.day), []).append(card)
        return [
            self._prepare_points_line(person, *bounds, cards) for bounds, cards in sorted(periods.items())
        ]

    def _prepare_points_line(self, person, first, last, cards):
        pay = self._get_points_pay(payout.total_points(card.points for card in cards))
        explanation = self.with_context(lang=person.lang)._explain_points(first, last, pay)
        return self._prepare_line(
            first, last, pay.amount, explanation, cards, base=pay.base, rate=pay.rate, limit=pay.limit
        )

    def _get_points_pay(self, points):
        """The `payout.Pay` of the points of one period."""
        return payout.pay_points(
            points, self.rate, self.minus_rate, self._get_limits(), self.currency_id.round
        )

    def _explain_points(self, first, last, pay):
        """How an amount came about, in the language of the context."""
        values = {
            "period": self._format_period(first, last),
            "points": self._format_number(pay.base),
            "rate": self._format_rate(pay.rate),
            "full": self._format_money(pay.full),
        }
        if abs(pay.base) == 1:
            earned = self.env._("%(period)s: %(points)s point × %(rate)s = %(full)s", **values)
        else:
            earned = self.env._("%(period)s: %(points)s points × %(rate)s = %(full)s", **values)
        if not pay.limit:
            return earned
        amount = self._format_money(pay.amount)
        if pay.limit == "floor":
            return self.env._("%(earned)s, limited to the floor of %(amount)s", earned=earned, amount=amount)
        return self.env._("%(earned)s, limited to the cap of %(amount)s", earned=earned, amount=amount)
