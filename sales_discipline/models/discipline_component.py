from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.float_utils import float_is_zero
from odoo.tools.misc import format_date, formatLang

from ..tools import payout


class DisciplineComponent(models.Model):
    """One thing that a scheme pays for. Each `kind` is a method `_get_lines_<kind>(run, people)`, see `_get_lines`."""

    _name = "discipline.component"
    _description = "Pay Component"
    _inherit = ["discipline.limit.mixin"]
    _order = "scheme_id, sequence, id"

    scheme_id = fields.Many2one("discipline.scheme", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, default=lambda self: self.env._("Points"))
    company_id = fields.Many2one(related="scheme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="scheme_id.currency_id", store=True)
    kind = fields.Selection([("points", "Points")], default="points", required=True)
    basis = fields.Selection(
        [("week", "Week"), ("month", "Month")],
        string="Paid per",
        default="week",
        required=True,
        help="Points are added up over this period, then turned into money and held against the floor and the cap. "
        "A week is paid with the month in which its Sunday lies.",
    )
    card_period = fields.Selection(
        [("day", "Daily"), ("week", "Weekly"), ("month", "Monthly")],
        string="Scorecards",
        default="day",
        required=True,
        help="The points of which plans are paid: the daily, the weekly or the monthly ones.",
    )
    rate = fields.Float("Money per Point", digits=(16, 4), help="What a plus point earns.")
    minus_rate = fields.Float(
        "Money per Minus Point",
        digits=(16, 4),
        help="What a minus point takes away, if the points of the period add up to less than zero.",
    )
    floor = fields.Monetary(
        help="Never less than this in a week or month. A floor of 0 means that there are no fines."
    )
    cap = fields.Monetary(help="Never more than this in a week or month.")

    _rates_not_negative = models.Constraint(
        "CHECK (rate >= 0 AND minus_rate >= 0)",
        "The money per point cannot be negative: points have the sign.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Without a rate for minus points they cost what plus points earn."""
        return super().create([{"minus_rate": vals.get("rate", 0.0), **vals} for vals in vals_list])

    @api.onchange("rate")
    def _onchange_rate(self):
        if self.minus_rate == self._origin.rate:
            self.minus_rate = self.rate

    @api.constrains("basis", "card_period")
    def _check_basis(self):
        if self.filtered(lambda c: c.basis == "week" and c.card_period == "month"):
            raise ValidationError(
                self.env._("Monthly scorecards cannot be paid by the week: choose “Month” as “Paid per”.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        line = (
            self.env["discipline.statement.line"].sudo().search([("component_id", "in", self.ids)], limit=1)
        )
        if line:
            raise UserError(
                self.env._(
                    "“%(name)s” is part of the statements of %(run)s and stays. Close the scheme and make a new one instead.",
                    name=line.component_id.name,
                    run=line.payroll_id.name,
                )
            )

    # ------------------------------------------------------------
    # What a component pays
    # ------------------------------------------------------------

    def _get_lines(self, run, people):
        """The lines of this component in a run, computed for all people at once.

        :param run: the `discipline.payroll`, as superuser
        :param people: `{employee id: Person}` (see discipline_payroll_compute) with the cards that this component's scheme pays
        :return: `{employee id: [values of discipline.statement.line]}`, amounts rounded; nobody, and nothing, missing is an error
        """
        self.ensure_one()
        return getattr(self, f"_get_lines_{self.kind}")(run, people)

    def _get_lines_points(self, run, people):
        return {employee_id: self._get_person_points(run, person) for employee_id, person in people.items()}

    def _get_person_points(self, run, person):
        periods = {}
        for card in person.cards:
            if card.period == self.card_period and payout.pay_month(self.basis, card.day) == run.date_from:
                periods.setdefault(payout.pay_period(self.basis, card.day), []).append(card)
        return [
            self._prepare_points_line(person, *bounds, cards) for bounds, cards in sorted(periods.items())
        ]

    def _prepare_points_line(self, person, first, last, cards):
        pay = self._get_points_pay(payout.total_points(card.points for card in cards))
        return {
            "component_id": self.id,
            "name": self.name,
            "kind": self.kind,
            "date_from": first,
            "date_to": last,
            "base": pay.base,
            "rate": pay.rate,
            "amount": pay.amount,
            "limit": pay.limit,
            "explanation": self.with_context(lang=person.lang)._explain_points(first, last, pay),
            "scorecard_ids": [card.id for card in cards],
        }

    def _get_points_pay(self, points):
        """The `payout.Pay` of the points of one period."""
        return payout.pay_points(
            points, self.rate, self.minus_rate, self._get_limits(), self.currency_id.round
        )

    def _get_order(self):
        """Where a component stands among those of all schemes."""
        return (self.scheme_id.id, self.sequence, self.id)

    def _prepare_inputs(self):
        """What a statement remembers of its component."""
        limits = self._get_limits()
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "basis": self.basis,
            "card_period": self.card_period,
            "rate": self.rate,
            "minus_rate": self.minus_rate,
            "floor": limits.floor,
            "cap": limits.cap,
        }

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

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

    def _format_period(self, first, last):
        if self.basis == "month":
            return format_date(self.env, first, date_format="LLLL yyyy").capitalize()
        return self.env._(
            "Week %(number)s (%(first)s – %(last)s)",
            number=first.isocalendar().week,
            first=format_date(self.env, first, date_format="d MMM"),
            last=format_date(self.env, last, date_format="d MMM"),
        )

    def _format_number(self, number):
        """Points without decimals that say nothing, with a real minus sign."""
        digits = 0 if number == round(number) else 2
        return formatLang(self.env, number, digits=digits).replace("-", "−")

    def _format_rate(self, rate):
        """Money per point: with as many decimals as the rate has, at least those of the currency."""
        if float_is_zero(rate - self.currency_id.round(rate), precision_digits=payout.PRECISION):
            return self._format_money(rate)
        return formatLang(self.env, rate, digits=4)
