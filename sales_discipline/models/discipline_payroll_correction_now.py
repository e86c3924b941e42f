from collections import defaultdict
from datetime import date, datetime

from odoo import models

from ..tools import corrections, payout, scoring
from ..tools.corrections import Change
from .discipline_pay_volume import Bounds
from .discipline_payroll_correction import CARD


class DisciplinePayroll(models.Model):
    """What the lines of locked statements are computed from, as it is now: sales, scorecards, plans met, grades."""

    _inherit = "discipline.payroll"

    # ------------------------------------------------------------
    # Sales
    # ------------------------------------------------------------

    def _read_volumes_now(self, statements, seal):
        """Today's volume of each commission, by the rule that it was paid by, with the documents that differ."""
        lines = {
            line: (statement.rules[line.component_id]["metric_id"], line.inputs, statement.employee_id)
            for statement in statements
            for line in statement.lines
            if line.kind == "commission" and line.inputs.get("bounds")
        }
        for line, volume in self._measure_again(lines, seal):
            documents = volume.get_documents()
            line.now = {"volume": volume.amount, "target": line.inputs["target"], "documents": documents}
            line.changes = corrections.changes(line.known["documents"], documents, self.currency_id.round)
        self._read_causes([line for line in lines if line.changes])

    def _measure_again(self, lines, seal):
        """`(line, Volume)` of today by the rule of then; lines that no rule can be applied to again are left out.

        :param lines: `{PaidLine: (metric id, what the line remembers: 'rule' and 'bounds', employee id)}`
        """
        people = self.env["hr.employee"].browse(
            {employee_id for _metric, _known, employee_id in lines.values()}
        )
        logins = people._get_discipline_logins() if people else {}
        by_rule = defaultdict(list)
        for line, (metric_id, known, employee_id) in lines.items():
            asked = (line, known["bounds"], tuple(logins[employee_id]))
            by_rule[metric_id, tuple(sorted(known["rule"].items()))].append(asked)
        for (metric_id, rule), members in by_rule.items():
            metric = self.env["discipline.metric"].browse(metric_id)
            if "fact_kind" not in dict(rule) and dict(rule) != metric._get_volume_rule():
                continue  # no telling what the records would have come to by the words of then
            bounds = [
                Bounds(
                    line.id,
                    line.user_id,
                    *map(datetime.fromisoformat, moments[:2]),
                    *map(date.fromisoformat, moments[2:]),
                    theirs,
                )
                for line, moments, theirs in members
            ]
            volumes = self._read_volumes(metric, dict(rule), bounds, seal)
            for line, *_bounds in members:
                yield line, volumes[line.id]

    # ------------------------------------------------------------
    # Scorecards
    # ------------------------------------------------------------

    def _read_cards_now(self, statements):
        """Today's points and efficiency of the scorecards that a line was paid for, where any of them differs."""
        lines = [
            (statement, line)
            for statement in statements
            for line in statement.lines
            if line.card_ids and line.kind in ("base", "kpi_bonus", "points")
        ]
        if not lines:
            return
        self.env.cr.execute(
            "SELECT id, points, efficiency FROM discipline_scorecard WHERE id = ANY(%s)",
            [list({card_id for _statement, line in lines for card_id in line.card_ids})],
        )
        now = {card_id: tuple(values) for card_id, *values in self.env.cr.fetchall()}
        for statement, line in lines:
            if not all(card_id in statement.cards for card_id in line.card_ids):
                continue
            cards = {card_id: now.get(card_id, statement.cards[card_id]) for card_id in line.card_ids}
            paid = {card_id: statement.cards[card_id] for card_id in line.card_ids}
            if cards == paid and not line.known.get("cards"):
                continue
            line.now = {
                **line.inputs,
                "points": payout.total_points(points or 0.0 for points, _efficiency in cards.values()),
                "efficiency": scoring.efficiency((1.0, efficiency) for _points, efficiency in cards.values()),
                "cards": [[card_id, *values] for card_id, values in cards.items()],
            }
            before = {card_id: tuple(values) for card_id, *values in line.known.get("cards") or ()} or paid
            line.changes = self._get_card_changes(line.kind, before, cards)

    def _get_card_changes(self, kind, before, after) -> list[tuple]:
        """The scorecards that count for something else than was known, the largest change first."""
        which = 0 if kind == "points" else 1
        changes = [
            Change((CARD, card_id), "", before[card_id][which], after[card_id][which])
            for card_id in after
            if before[card_id][which] != after[card_id][which]
        ]
        changes.sort(key=lambda change: (-abs((change.after or 0.0) - (change.before or 0.0)), change.key))
        return [(change, "scorecard") for change in changes]

    # ------------------------------------------------------------
    # The base in full for who met the sales plan
    # ------------------------------------------------------------

    def _read_waivers_now(self, statements, seal):
        """Whether the sales plan that waives a base is met now: by the monthly scorecard, else by the sales."""
        lines = {
            line: (statement, metric_id)
            for statement in statements
            for line in statement.lines
            if line.kind == "base"
            and (metric_id := statement.rules[line.component_id].get("waiver_metric_id"))
        }
        if not lines:
            return
        met = self._read_plans_met(lines.values())
        sold = {
            line: (metric_id, line.inputs["waiver"], statement.employee_id)
            for line, (statement, metric_id) in lines.items()
            if (statement.id, metric_id) not in met and line.inputs.get("waiver")
        }
        volumes = dict(self._measure_again(sold, seal))
        for line, (statement, metric_id) in lines.items():
            if found := met.get((statement.id, metric_id)):
                self._waive(line, *found)
            elif line in volumes:
                percent = scoring.completion(volumes[line].amount, line.inputs["waiver"]["target"])
                self._waive(line, scoring.is_done(percent))

    def _waive(self, line, is_met, card_id=None):
        """Let a line know whether the plan is met, if that is not what was known."""
        numbers = line.now or line.inputs
        if is_met == numbers["waived"] and is_met == line.known["waived"]:
            return
        line.now = {**numbers, "waived": is_met}
        if is_met != line.known["waived"]:
            # what was measured of the days makes no difference, or none but for this
            line.changes = [(Change((CARD, card_id), "", None, None), "scorecard")] if card_id else []

    def _read_plans_met(self, wanted) -> dict[tuple[int, int], tuple[bool, int]]:
        """`{(statement id, metric id): (met, card id)}` by the monthly scorecards as they are now.

        :param wanted: pairs of a `PaidStatement` and a metric id
        """
        cards = {
            (card_id, metric_id): (statement.id, metric_id)
            for statement, metric_id in wanted
            for card_id in statement.month_card_ids
        }
        if not cards:
            return {}
        self.env.cr.execute(
            """
            SELECT scorecard_id, metric_id, completion FROM discipline_scorecard_line
             WHERE scorecard_id = ANY(%s) AND metric_id = ANY(%s) AND scope = 'own' AND completion IS NOT NULL
             ORDER BY scorecard_id, sequence, id
            """,
            [list({key[0] for key in cards}), list({key[1] for key in cards})],
        )
        return {
            cards[card_id, metric_id]: (scoring.is_done(completion), card_id)
            for card_id, metric_id, completion in self.env.cr.fetchall()
            if (card_id, metric_id) in cards
        }

    # ------------------------------------------------------------
    # Grades
    # ------------------------------------------------------------

    def _read_grades_now(self, statements):
        """Today's composite and grade of each month, which those of the months before have a part in."""
        lines = [
            (statement, line) for statement in statements for line in statement.lines if line.kind == "grade"
        ]
        if not lines:
            return
        components = self.env["discipline.component"].browse({line.component_id for _s, line in lines})
        families = {component.id: (component.family_id or component).id for component in components}
        people = {statement.employee_id for statement, _line in lines}
        grades = self._read_grades(people, set(families.values()))
        for statement, line in lines:
            grade = grades.get((families[line.component_id], statement.employee_id), {}).get(statement.month)
            known = line.known.get("composite"), line.known["held"]
            if not grade or (grade.now.composite, grade.now.held) == known:
                continue
            line.now = {
                **line.inputs,
                "composite": grade.now.composite,
                "held": grade.now.held,
                "held_name": grade.now.name,
            }
            line.changes = [
                (Change((CARD, card_id), "", None, None), "scorecard") for card_id in grade.changed_ids
            ]
