from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import models

from ..tools import remuneration
from ..tools.grades import Grid, Result, hold_again
from ..tools.ladder import Step
from .discipline_pay_month import category_efficiencies
from .discipline_payroll import LOCKED

CATEGORIES = {"kpi": "weight_kpi", "standard": "weight_standard", "smart": "weight_smart"}
LOOKED_BACK = relativedelta(years=3)


def _is_amended(months) -> bool:
    return any(grade.amended_ids for grade in months.values())


@dataclass
class PaidGrade:
    """A grade as a locked statement has it: `paid` is what the month came to then, `now` what it comes to by its
    scorecards of now and those of the months before. `amended_ids`: those of its cards that were changed at some time
    after they were frozen; `changed_ids`: the same of all months that have a part in what is held now, the last first."""

    line_id: int
    component_id: int
    paid: Result
    now: Result
    amended_ids: list[int] = field(default_factory=list)
    changed_ids: list[int] = field(default_factory=list)


class DisciplinePayroll(models.Model):
    """The grades that locked statements have paid, as they would be if the scorecards had always been what they are now:
    the months after a card that was changed may hold another grade too."""

    _inherit = "discipline.payroll"

    def _read_grades(
        self, employee_ids: Iterable[int], family_ids: Iterable[int]
    ) -> dict[tuple[int, int], dict[date, PaidGrade]]:
        """What was paid before this run, `{(component's first version, employee): {first day of the month: PaidGrade}}`,
        the oldest month first. The number of statements does not depend on that of people, months and components."""
        self.ensure_one()
        found = defaultdict(dict)
        grades = {}
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(c.family_id, c.id), l.employee_id, l.month, l.id, l.component_id, l.inputs
              FROM discipline_statement_line l
              JOIN discipline_component c ON c.id = l.component_id
              JOIN discipline_payroll r ON r.id = l.payroll_id
             WHERE l.kind = 'grade' AND COALESCE(c.family_id, c.id) = ANY(%s) AND l.employee_id = ANY(%s)
               AND r.state IN %s AND l.month < %s AND l.month >= %s
             ORDER BY l.month, l.id
            """,
            [list(family_ids), list(employee_ids), LOCKED, self.date_from, self.date_from - LOOKED_BACK],
        )
        for family_id, employee_id, month, line_id, component_id, inputs in self.env.cr.fetchall():
            result = Result(inputs["composite"], inputs["held"], inputs["held_name"])
            grade = PaidGrade(line_id, component_id, result, result)
            found[family_id, employee_id][month] = grades[line_id] = grade
        self._read_amended_ids(grades)
        if people := {key: months for key, months in found.items() if _is_amended(months)}:
            self._hold_grades_again(people)
        return found

    def _read_amended_ids(self, grades):
        """Say of each grade which of its scorecards were changed after they were frozen.

        :param grades: `{line id: PaidGrade}`
        """
        if not grades:
            return
        self.env.cr.execute(
            """
            SELECT m.discipline_statement_line_id, d.id
              FROM discipline_scorecard d
              JOIN discipline_scorecard_discipline_statement_line_rel m ON m.discipline_scorecard_id = d.id
             WHERE d.amended_at IS NOT NULL AND m.discipline_statement_line_id = ANY(%s)
             ORDER BY d.date_to, d.id
            """,
            [list(grades)],
        )
        for line_id, card_id in self.env.cr.fetchall():
            grades[line_id].amended_ids.append(card_id)

    def _read_remembered_rules(self, line_ids) -> dict[int, tuple[dict, list[int]]]:
        """The rule that each of these lines was paid by, and the scorecards: `{line id: (rule, card ids)}`."""
        self.env.cr.execute(
            """
            SELECT l.id, e.rule, ARRAY(SELECT m.discipline_scorecard_id
                                         FROM discipline_scorecard_discipline_statement_line_rel m
                                        WHERE m.discipline_statement_line_id = l.id)
              FROM discipline_statement_line l
              JOIN discipline_statement s ON s.id = l.statement_id
             CROSS JOIN LATERAL (SELECT rule FROM jsonb_array_elements(s.inputs->'components') AS c(rule)
                                  WHERE (rule->>'id')::int = l.component_id LIMIT 1) e
             WHERE l.id = ANY(%s)
            """,
            [line_ids],
        )
        return {line_id: (rule, card_ids) for line_id, rule, card_ids in self.env.cr.fetchall()}

    def _get_remembered_grid(self, component_id, rule) -> Grid:
        """The grades that a statement paid by. It remembers their names since they count, else they are the component's,
        which are locked."""
        tiers = self.env["discipline.component"].browse(component_id).tier_ids
        names = rule.get("names") or tiers.sorted("threshold").mapped("name")
        return Grid([Step(*step) for step in rule["steps"]], names, rule["grade_months"])

    def _hold_grades_again(self, people):
        """Fill in what the grades are now.

        :param people: those of `_read_grades` with a card that was changed
        """
        grades = [grade for months in people.values() for grade in months.values()]
        rules = self._read_remembered_rules([grade.line_id for grade in grades])
        efficiencies = self._read_category_efficiencies(
            {grade.line_id: rules[grade.line_id][1] for grade in grades if grade.amended_ids}
        )
        for months in people.values():
            composites, changed, held = {}, [], []
            for month, grade in months.items():
                rule, _card_ids = rules[grade.line_id]
                if grade.amended_ids:
                    results = efficiencies[grade.line_id]
                    weighted = [(rule[weight], results.get(key)) for key, weight in CATEGORIES.items()]
                    composites[month] = remuneration.composite(weighted)
                    changed = [*reversed(grade.amended_ids), *changed]
                grade.changed_ids = changed
                held.append((month, self._get_remembered_grid(grade.component_id, rule), grade.paid))
            for month, result in hold_again(held, composites).items():
                months[month].now = result

    def _read_category_efficiencies(self, card_ids) -> dict[int, dict[str, float | None]]:
        """The efficiencies of the categories of some scorecards together, as the cards are now.

        :param card_ids: `{key: [card id]}`
        :return: `{key: {category: percent or None}}`
        """
        if not card_ids:
            return {}
        self.env.cr.execute(
            """
            SELECT c.id, l.category, l.weight, l.completion, p.completion_cap
              FROM discipline_scorecard c
              JOIN discipline_plan p ON p.id = c.plan_id
              JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
             WHERE c.id = ANY(%s) AND c.efficiency IS NOT NULL ORDER BY c.date_to, c.id, l.sequence, l.id
            """,
            [list({card_id for ids in card_ids.values() for card_id in ids})],
        )
        lines = defaultdict(list)
        for card_id, *line in self.env.cr.fetchall():
            lines[card_id].append(line)
        return {
            key: category_efficiencies(line for card_id in ids for line in lines[card_id])
            for key, ids in card_ids.items()
        }
