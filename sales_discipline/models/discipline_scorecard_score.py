from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.cards import Card
from .sql_rows import sql_rows

# what is measured and judged of a line
LINE_COLUMNS = (
    "scorecard_id plan_line_id weight target actual late previous completion zone trend done points record_ids member_ids"
).split()
# what a line takes from its plan's line `p`, its plan `r` and company `co`
LINE_COPIES = {
    "metric_id": "p.metric_id",
    "sequence": "p.sequence",
    "category": "p.category",
    "scope": "p.scope",
    "company_id": "r.company_id",
    "currency_id": "co.currency_id",
    "adjustment": "0",
}


class DisciplineScorecard(models.Model):
    """Scoring a batch of cards: measured by the engine, judged by tools/scoring.py, stored in bulk.

    The number of SQL statements does not depend on how many people, lines or facts there are.
    """

    _inherit = "discipline.scorecard"

    def _measure_and_store(self, now: datetime, freeze: bool):
        """Measure the open cards of this batch, judge their lines, store both, and freeze them if asked.

        :return: the cards, less those whose person turned out not to work that day (they are taken away)
        """
        if not self:
            return self
        cards = self.sudo().search_fetch(
            [("id", "in", self.ids)], [*Card._fields[1:], "day_hours"], order="date_from, id"
        )
        cards = cards._refresh_users()._refresh_hours()
        if not cards:
            return cards
        rows, totals = self._prepare_rows(cards._get_plain())
        self._store_lines(rows)
        self._store_totals(totals, now if freeze else None)
        cards.invalidate_recordset()
        self.env["discipline.scorecard.line"].invalidate_model()
        return cards

    @api.model
    def _prepare_rows(self, cards: list[Card]) -> tuple[list[tuple], list[tuple]]:
        """The lines of these cards, measured and judged, as tuples of LINE_COLUMNS, and of each card (id, points,
        efficiency, done, lines)."""
        plans = self.env["discipline.plan"].sudo().browse({card.plan_id for card in cards})
        indicators = {plan.id: [line._get_indicator() for line in plan.line_ids] for plan in plans}
        caps = {plan.id: plan.completion_cap for plan in plans}
        previous = self._get_previous(cards)
        measured = self._measure_lines(cards)
        personal = self._get_personal_targets(cards, plans.line_ids.metric_id.ids)
        teams = any(indicator.scope == "team" for found in indicators.values() for indicator in found)
        members = self._get_scope_users(cards, "team") if teams else {}
        rows, totals = [], []
        judged = {}  # most people share their numbers with others: each set of numbers is judged once
        for card in cards:
            card_id, given, sums = card.id, self._get_target_inputs(card), []
            for indicator in indicators[card.plan_id]:
                scope, metric_id = indicator.scope, indicator.metric_id
                measure = measured[scope][metric_id][card_id]
                target = self._resolve_target(indicator, personal, *given)[0]
                past = previous.get((card_id, metric_id, scope))
                numbers = (indicator.id, measure.value, target, past)
                if numbers not in judged:
                    judged[numbers] = self._judge(indicator.rule, *numbers[1:])
                judgement = judged[numbers]
                sums.append((indicator.weight, judgement.completion, judgement.points, judgement.done))
                counted = members[card_id] if scope == "team" else None
                ids = measure.ids if indicator.keeps_ids else None
                line = (card_id, indicator.id, indicator.weight, target, measure.value, measure.late, past)
                rows.append((*line, *judgement, ids, counted))
            totals.append((card_id, *self._sum_up(sums, caps[card.plan_id])))
        return rows, totals

    def _refresh_users(self):
        """Somebody may have got another user since the card was opened: it is theirs to see from then on."""
        others = self.filtered(
            lambda card: card.employee_id.user_id not in (card.user_id, card.user_id.browse())
        )
        if others:
            self.env["hr.employee"].flush_model(["user_id"])
            self.env.cr.execute(
                "UPDATE discipline_scorecard c SET user_id = e.user_id FROM hr_employee e"
                " WHERE e.id = c.employee_id AND c.id = ANY(%s) AND c.state = 'open'",
                [others.ids],
            )
            others.invalidate_recordset(["user_id"])
        return self

    def _refresh_hours(self):
        """Leave and schedules may have changed since the card was opened; who does not work has no card."""
        hours, gone = [], []
        groups = self.grouped(lambda card: (card.date_from, card.date_to))
        for (date_from, date_to), cards in groups.items():
            worked = cards.employee_id._get_discipline_hours(date_from, date_to)
            for card in cards:
                total = sum(worked[card.employee_id.id].values())
                days = card._get_day_hours(card.period, worked[card.employee_id.id])
                if not total:
                    gone.append(card.id)
                elif abs(total - card.hours) > 0.001 or days != (card.day_hours or None):
                    hours.append((card.id, total, days))
        if hours:
            query = "UPDATE discipline_scorecard c SET hours = v.hours, day_hours = v.day_hours FROM %s WHERE c.id = v.id"
            self.env.cr.execute(SQL(query, sql_rows(self, ("id", "hours", "day_hours"), hours)))
        if gone:
            self.env.cr.execute(
                "DELETE FROM discipline_scorecard WHERE id = ANY(%s) AND state = 'open'", [gone]
            )
        if hours or gone:
            self.invalidate_recordset(["hours", "day_hours"])
        return self.filtered(lambda card: card.id not in set(gone))

    @api.model
    def _get_day_hours(self, period: str, days: dict) -> dict | None:
        """Hours by day (ISO date) as they are kept on a card; a day's card needs none, it has its hours."""
        return None if period == "day" else {str(day): hours for day, hours in sorted(days.items()) if hours}

    @api.model
    def _measure_lines(self, cards: list[Card]) -> dict:
        """`{scope: {metric id: {card id: Measure}}}` of all lines of the plans of these cards."""
        result = {}
        before = self._get_before(cards) if cards else {}
        plans = self.env["discipline.plan"].sudo().browse({card.plan_id for card in cards})
        for scope in ("own", "team"):
            lines = plans.line_ids.filtered(lambda line: line.scope == scope)  # noqa: B023
            wanted = set(lines.plan_id.ids)
            asked = [card for card in cards if card.plan_id in wanted]
            result[scope] = lines.metric_id._measure_each(self._prepare_windows(asked, scope, before))
        return result

    @api.model
    def _get_previous(self, cards: list[Card]) -> dict[tuple[int, int, str], float]:
        """`{(card id, metric id, scope): fact of the period before, as adjusted}` where there is one."""
        query = SQL(
            """
            SELECT c.id, l.metric_id, l.scope, l.actual + COALESCE(l.adjustment, 0) FROM %s
              JOIN LATERAL (%s) p ON TRUE
              JOIN discipline_scorecard_line l ON l.scorecard_id = p.id AND l.actual IS NOT NULL
            """,
            self._sql_cards(cards),
            self._sql_previous(excused=False),
        )
        return {tuple(key): actual for *key, actual in self.env.execute_query(query)}

    @api.model
    def _judge(self, rule: scoring.Rule, actual, target, previous) -> scoring.Judgement:
        """What follows from a fact; the rules are in tools/scoring.py."""
        return scoring.judge(rule, actual, target, previous)

    @api.model
    def _sum_up(self, rows: list[tuple], cap: float) -> tuple:
        """(points, efficiency, done, lines) of a card, from (weight, completion, points, done) of each line.

        :param cap: how many percent a line counts at most
        """
        efficiency = self._get_efficiency([row[:2] for row in rows], cap)
        return sum(row[2] for row in rows), efficiency, sum(1 for row in rows if row[3]), len(rows)

    @api.model
    def _get_efficiency(self, weighted: list, cap: float) -> float | None:
        """What a card's lines, (weight, completion), come to; the rule is in tools/scoring.py."""
        return scoring.efficiency(weighted, cap)

    @api.model
    def _store_lines(self, rows: list[tuple], new: bool = False) -> None:
        """Insert lines, or update those there are; one that has not changed is not written again.

        :param new: their cards have just been stored, so there are none yet
        """
        if not rows:
            return
        names = [*LINE_COLUMNS, *LINE_COPIES]
        kept = names[2:]
        update = SQL(
            "ON CONFLICT (scorecard_id, plan_line_id) DO UPDATE SET (%(kept)s) = (%(new)s)"
            " WHERE (%(old)s) IS DISTINCT FROM (%(new)s)",
            kept=SQL(", ").join(map(SQL.identifier, kept)),
            old=SQL(", ").join(SQL.identifier("l", name) for name in kept),
            new=SQL(", ").join(SQL.identifier("excluded", name) for name in kept),
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO discipline_scorecard_line AS l (%(columns)s)
                SELECT v.*, %(copies)s
                  FROM %(rows)s
                  JOIN discipline_plan_line p ON p.id = v.plan_line_id
                  JOIN discipline_plan r ON r.id = p.plan_id
                  JOIN res_company co ON co.id = r.company_id
                 ORDER BY v.scorecard_id, v.plan_line_id
                %(update)s
                """,
                columns=SQL(", ").join(map(SQL.identifier, names)),
                copies=SQL(", ").join(map(SQL, LINE_COPIES.values())),
                rows=sql_rows(self.env["discipline.scorecard.line"], LINE_COLUMNS, rows),
                update=SQL() if new else update,
            )
        )

    @api.model
    def _store_totals(self, totals: list[tuple], frozen_at) -> None:
        """Store the cards' totals, and freeze them if there is a moment for it."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE discipline_scorecard c
                   SET points = v.points, efficiency = v.efficiency, done_count = v.done_count,
                       line_count = v.line_count, state = %(state)s, frozen_at = %(frozen_at)s
                  FROM %(rows)s
                 WHERE c.id = v.id AND c.state = 'open'
                   AND (c.points, c.efficiency, c.done_count, c.line_count, c.state)
                       IS DISTINCT FROM (v.points, v.efficiency, v.done_count, v.line_count, %(state)s)
                """,
                state="frozen" if frozen_at else "open",
                frozen_at=frozen_at,
                rows=sql_rows(self, ("id", "points", "efficiency", "done_count", "line_count"), totals),
            )
        )
