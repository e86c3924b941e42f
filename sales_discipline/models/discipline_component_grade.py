from datetime import date

from odoo import fields, models

from ..tools import grades, remuneration
from .discipline_pay_grade import CATEGORIES


class DisciplineComponent(models.Model):
    """Grade (S1.6): the efficiencies of the categories of the monthly scorecard, weighted, reach a grade of the ladder. The
    grade held, which is paid, moves only after its corridor was left for some months running.

    What was reached before is read from the confirmed statements, of all versions of the component, as their scorecards
    are now. Where a grade is a number, 0 is 'below the first step' and 1 the lowest.
    """

    _inherit = "discipline.component"

    weight_kpi = fields.Float("Weight of KPI", default=50.0)
    weight_standard = fields.Float("Weight of STANDARD", default=30.0)
    weight_smart = fields.Float("Weight of SMART", default=20.0)
    grade_pays = fields.Selection(
        [("amount", "An amount a month"), ("percent", "A percentage of the wage")],
        string="A Grade Pays",
        default="amount",
        required=True,
    )
    grade_months = fields.Integer(
        "Moves after (Months)",
        default=3,
        help="The grade moves after the results of so many months running lie above, or below, the one held.",
    )

    _grade_weights_not_negative = models.Constraint(
        "CHECK (weight_kpi >= 0 AND weight_standard >= 0 AND weight_smart >= 0)",
        "The weight of a category cannot be negative.",
    )

    def _check_grade(self):
        if not any(self[name] for name in CATEGORIES.values()):
            raise self._error("weight_kpi", self.env._("at least one category needs a weight"))
        if not 1 <= self.grade_months <= 24:
            raise self._error("grade_months", self.env._("has to be from 1 to 24"))
        names = [(tier.name or "").strip() for tier in self.tier_ids]
        if not names or not all(names) or len(set(names)) < len(names):
            raise self._error("tier_ids", self.env._("each grade needs a name of its own"))

    # ------------------------------------------------------------
    # Pay
    # ------------------------------------------------------------

    def _get_lines_grade(self, month, people):
        history, grid = self._get_grade_history(month), self._get_grid()
        return {
            employee_id: self._get_person_grade(month, person, history.get(employee_id, {}), grid)
            if person.is_paid_on(month.last)
            else []
            for employee_id, person in people.items()
        }

    def _get_grade_history(self, month) -> dict[int, dict[date, grades.Result]]:
        """`{employee id: {first day of a month: what it came to}}` of the months confirmed before."""
        family = self.family_id or self
        paid = month.run._read_grades(month.employees.ids, family.ids)
        return {
            employee_id: {first: grade.now for first, grade in months.items()}
            for (_family_id, employee_id), months in paid.items()
        }

    def _get_person_grade(self, month, person, history, grid):
        """One line, or none for whom neither a monthly card nor a grade held says anything."""
        cards = month.get_month_cards(person, "month")
        results = month.get_category_efficiencies(cards)
        result = remuneration.composite(
            (self[weight], results.get(category)) for category, weight in CATEGORIES.items()
        )
        held = grades.hold(history, month.first, grid, result)
        if held.held is None:
            return []
        me = self.with_context(lang=person.lang)
        return [me._prepare_grade_line(month, person, cards, results, result, held)]

    def _get_grid(self):
        """The grades of this component."""
        names = self.tier_ids.sorted("threshold").mapped("name")
        return grades.Grid(self.tier_ids._get_steps(), names, self.grade_months)

    def _prepare_grade_line(self, month, person, cards, results, result, graded):
        reached, was, held = graded
        tiers = self.tier_ids.sorted("threshold")
        tier = tiers[held - 1] if held else tiers.browse()
        parts = month.get_portions(person) if self.grade_pays == "percent" else []
        base = month.rounding(sum(part.wage * part.share for _wage, part in parts))
        if self.grade_pays == "percent":
            amount = remuneration.base_pay([part for _wage, part in parts], tier.value, month.rounding)
        else:
            amount = month.rounding(tier.value)
        names = [self.env._("no grade"), *tiers.mapped("name")]
        left = remuneration.months_to_go(held, reached, self.grade_months)
        return self._prepare_line(
            month.first,
            month.last,
            amount,
            self._explain_grade(results, result, reached[-1], was, held, names, left, base, amount),
            cards,
            base=base if self.grade_pays == "percent" else amount,
            rate=tier.value if self.grade_pays == "percent" else 100.0,
            tier_id=tier.id,
            next_step=self._explain_next_grade(tiers, result, held),
            inputs={
                "composite": result,
                "categories": results,
                "reached": reached[-1],
                "held": held,
                "held_name": tier.name or "",
                "value": tier.value,
                "wage": base,
                "portions": [list(part) for _wage, part in parts],
            },
        )

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def _explain_grade(self, results, result, reached, was, held, names, left, base, amount):
        """'Composite 84 % (KPI 90 % × 50, …): grade reached “B”, grade held “C”, moves in 2 more months: 10,000'."""
        if result is None:
            why = self.env._("No scorecard of the month, so the grade stays “%(held)s”", held=names[held])
        else:
            labels = {"kpi": "KPI", "standard": "STANDARD", "smart": "SMART"}
            parts = ", ".join(
                f"{labels[key]} {self._format_percent(results[key])} × {self._format_number(self[weight])}"
                for key, weight in CATEGORIES.items()
                if results.get(key) is not None and self[weight]
            )
            values = {
                "composite": self._format_percent(result),
                "parts": parts,
                "reached": names[reached],
                "held": names[held],
                "before": names[was] if was is not None else "",
                "months": left,
            }
            if was is not None and was != held:
                why = self.env._(
                    "Composite %(composite)s (%(parts)s): grade reached “%(reached)s”, the grade held moves from “%(before)s” to "
                    "“%(held)s”",
                    **values,
                )
            elif left:
                why = self.env._(
                    "Composite %(composite)s (%(parts)s): grade reached “%(reached)s”, grade held “%(held)s” (months to go until"
                    " it moves: %(months)s)",
                    **values,
                )
            else:
                why = self.env._("Composite %(composite)s (%(parts)s): grade “%(held)s”", **values)
        if self.grade_pays == "amount" or not held:
            return self.env._("%(why)s: %(amount)s", why=why, amount=self._format_money(amount))
        reckoning = self.env._(
            "%(wage)s × %(percent)s = %(amount)s",
            wage=self._format_money(base),
            percent=self._format_percent(self.tier_ids.sorted("threshold")[held - 1].value),
            amount=self._format_money(amount),
        )
        return self.env._("%(why)s: %(reckoning)s", why=why, reckoning=reckoning)

    def _explain_next_grade(self, tiers, result, held):
        """What reaches the next grade, and what that pays; None at the top, and where it pays no more."""
        if held >= len(tiers):
            return None
        following = tiers[held]
        if held and following.value <= tiers[held - 1].value:
            return None
        values = {
            "threshold": self._format_percent(following.threshold),
            "grade": following.name,
            "value": self._format_tier(following),
            "months": self.grade_months,
        }
        return self.env._(
            "A composite of %(threshold)s or more for %(months)s months running is grade “%(grade)s”: %(value)s",
            **values,
        )

    def _format_tier(self, tier):
        """What a grade pays."""
        if self.grade_pays == "amount":
            return self._format_money(tier.value)
        return self._format_percent(tier.value)

    def _summarise_grade(self):
        """'A 12,000 from 90 %, B …'."""
        return ", ".join(
            self.env._(
                "%(grade)s from %(threshold)s: %(value)s",
                grade=tier.name,
                threshold=self._format_percent(tier.threshold),
                value=self._format_tier(tier),
            )
            for tier in self.tier_ids.sorted("threshold")
        )
