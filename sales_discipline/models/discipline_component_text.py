from math import inf

from odoo import api, fields, models
from odoo.tools.float_utils import float_is_zero
from odoo.tools.misc import format_date

from ..tools import payout
from ..tools.ladder import falls, loss
from .discipline_component import FIELDS, LADDERS
from .number_text import format_number


class DisciplineScheme(models.Model):
    _inherit = "discipline.scheme"

    ladder_warning = fields.Text(compute="_compute_ladder_warning")

    @api.depends("component_ids.name", "component_ids.warning")
    @api.depends_context("lang")
    def _compute_ladder_warning(self):
        """Where more earns less, of all components."""
        for scheme in self:
            warned = scheme.component_ids.filtered("warning")
            scheme.ladder_warning = "\n".join(
                f"{component.name}: {component.warning}" for component in warned
            )


class DisciplineComponent(models.Model):
    """Numbers in words, in the language of the context: with a real minus sign, without decimals that say nothing."""

    _inherit = "discipline.component"

    summary = fields.Char(compute="_compute_summary", help="How the component pays, in a line.")
    warning = fields.Char(compute="_compute_warning")
    ladder_unit = fields.Selection(
        [("money", "Money"), ("percent", "Percent")], compute="_compute_ladder_unit"
    )

    @api.depends("kind", "ladder_by")
    def _compute_ladder_unit(self):
        for component in self:
            by_volume = component.kind == "commission" and component.ladder_by == "volume"
            component.ladder_unit = "money" if by_volume else "percent"

    @api.depends(
        "kind",
        *{name for names in FIELDS.values() for name in names},
        "tier_ids.name",
        "tier_ids.threshold",
        "tier_ids.value",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for component in self:
            component.summary = getattr(component, f"_summarise_{component.kind}", lambda: "")()

    @api.depends("kind", "mode", "ladder_by", "tier_ids.threshold", "tier_ids.value")
    @api.depends_context("lang")
    def _compute_warning(self):
        """Where more earns less: said, for it may be meant."""
        for component in self:
            steps = component.tier_ids._get_steps() if component.kind in LADDERS else []
            fall = falls(steps)
            component.warning = fall and component._explain_fall(fall, steps)

    def _explain_fall(self, fall, steps):
        """What a step that is lower than the one before it means for pay."""
        values = {"threshold": self._format_threshold(fall.threshold)}
        if self.kind == "grade":
            return self.env._(
                "The grade from %(threshold)s pays less than the one before it: a better result can pay less.",
                **values,
            )
        if self.kind != "commission":
            return self.env._(
                "The step from %(threshold)s pays a lower percentage than the one before it: a better result can pay less.",
                **values,
            )
        lost = self.mode == "whole" and loss(steps)
        if not lost:
            return self.env._(
                "The step from %(threshold)s pays a lower percentage than the one before it, on its own part only: more sales "
                "never pay less.",
                **values,
            )
        if self.ladder_by == "volume":
            values["before"] = self._format_money(self.currency_id.round(lost[1]))
            values["after"] = self._format_money(lost[0].threshold * lost[0].value / 100.0)
            if lost[2] == inf:
                return self.env._(
                    "More sales can pay less: just below %(threshold)s they earn %(before)s, from there on %(after)s.",
                    **values,
                )
            return self.env._(
                "More sales can pay less: just below %(threshold)s they earn %(before)s, at %(threshold)s %(after)s, and only "
                "%(again)s earn as much again. “Each step, on its part of the volume” never does that.",
                again=self._format_money(self.currency_id.round(lost[2])),
                **values,
            )
        return self.env._(
            "The step from %(threshold)s pays a lower percentage on the whole volume: more sales can pay less. “Each step, on "
            "its part of the volume” never does that.",
            **values,
        )

    def _summarise_points(self):
        plus, minus = self._format_rate(self.rate), self._format_rate(self.minus_rate)
        labels = self._fields["card_period"]._description_selection(self.env)
        scores = dict(labels)[self.card_period]
        if self.basis == "week":
            return self.env._(
                "%(scores)s scores, by the week: %(plus)s a point, −%(minus)s a minus point",
                scores=scores,
                plus=plus,
                minus=minus,
            )
        return self.env._(
            "%(scores)s scores, by the month: %(plus)s a point, −%(minus)s a minus point",
            scores=scores,
            plus=plus,
            minus=minus,
        )

    def _summarise_base(self):
        what = self.env._("Wage") if self.wage_source == "employee" else self._format_money(self.fixed_amount)
        return " · ".join(filter(None, (what, self._format_ladder())))

    def _summarise_commission(self):
        return " · ".join(filter(None, (self.metric_id.name, self._format_ladder())))

    def _summarise_kpi_bonus(self):
        return " · ".join(filter(None, (self._format_money(self.fixed_amount), self._format_ladder())))

    def _format_ladder(self):
        """'5 % from 200,000, 7 % from 400,000'."""
        return ", ".join(
            self.env._(
                "%(value)s from %(threshold)s",
                value=self._format_percent(step.value),
                threshold=self._format_threshold(step.threshold),
            )
            for step in self.tier_ids._get_steps()
        )

    def _format_threshold(self, threshold):
        return (
            self._format_money(threshold) if self.ladder_unit == "money" else self._format_percent(threshold)
        )

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
        return format_number(self.env, number, digits).replace("-", "−")

    def _format_rate(self, rate):
        """Money per point: with as many decimals as the rate has, at least those of the currency."""
        if float_is_zero(rate - self.currency_id.round(rate), precision_digits=payout.PRECISION):
            return self._format_money(rate)
        return format_number(self.env, rate, 4)

    def _format_percent(self, value):
        """A percentage: '98.4 %'."""
        digits = next((digits for digits in (0, 1) if float_is_zero(value - round(value, digits), 3)), 2)
        number = format_number(self.env, value, digits).replace("-", "−")
        return self.env._("%(number)s %%", number=number)
