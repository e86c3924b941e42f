from datetime import datetime

import pytz

from odoo import models
from odoo.fields import Domain

from ..tools import pace, payout, scoring
from ..tools.periods import DAY, period_bounds, timezone
from .discipline_pay_month import Card, CardLine, Outlook

LEAST_SHARE = 0.25  # of the month's working hours: before that nothing can be said of how it ends
END_OF_DAY = 18.0


class DisciplinePayroll(models.Model):
    """What a month comes to before its payroll run is confirmed: for its person to see, and never stored.

    It is computed by the rules of a payroll run, on a run that is not in the database.
    """

    _inherit = "discipline.payroll"

    def _prepare_so_far(self, employee, now: datetime) -> tuple[dict | None, dict]:
        """What the month of this run comes to for one person if it ended now. The monthly scorecard, if still open, is
        taken as it stands now, unless the person is not to see it yet.

        :param now: naive UTC; what was entered by then counts
        :return: the values of a statement (see `_prepare_statements`; None for whom the run has none), and a dict of
            `open`: scorecards that still have to be closed, by kind of period, `as_it_stands`: whether a monthly one is
            in it as of now, `is_hidden`: whether one is not, and `expected`: what the month comes to by its end if all
            goes on as until now, an estimate, or None where that cannot be said
        """
        open_cards = self.env["discipline.scorecard"].search(
            self._get_open_domain() & Domain("employee_id", "=", employee.id), order="date_to, id"
        )
        monthly = open_cards.filtered(lambda card: card.period == "month" and card.date_to >= self.date_from)
        seen = monthly.filtered(lambda card: not card._is_measured_hidden())
        rows = seen._get_page_rows() if seen else []
        if seen:
            seen._measure_page(rows)
        measured = [(card, [row for row in rows if row["card_id"] == card.id]) for card in seen]
        changed = None if self._is_next_to_be_paid() else []
        statement = next(
            iter(self._prepare_statements(employee.ids, now, changed, self._get_outlook(measured))), None
        )
        about = {
            "open": {
                kind: sum(card.period == kind for card in open_cards) for kind in ("day", "week", "month")
            },
            "as_it_stands": bool(seen),
            "is_hidden": bool(monthly - seen),
            "expected": statement and self._get_expected_total(employee, measured, statement, now),
        }
        return statement, about

    def _is_next_to_be_paid(self) -> bool:
        """Whether all months before are paid, as far as there are runs: only that run corrects them."""
        last = self.search(
            [("company_id", "=", self.company_id.id), ("date_from", "<", self.date_from)],
            order="date_from desc",
            limit=1,
        )
        return bool(last) and last.date_to + DAY == self.date_from

    def _get_outlook(self, measured, growth: float = 1.0) -> Outlook:
        """These open scorecards as they are measured now, or at the end of the month if what adds up goes on growing.

        :param measured: pairs of a `discipline.scorecard` and its measured lines, see `_get_page_rows`
        :param growth: how many times what has been added up so far
        """
        outlook = Outlook(growth=growth)
        for card, rows in measured:
            lines, points = [], 0.0
            for row in rows:
                fact, done = row["actual"], row["completion"]
                if fact is not None:
                    fact += row["adjustment"] or 0.0
                if growth != 1.0 and row["is_flow"] and fact is not None:
                    fact *= growth
                    done = scoring.completion(fact, row["target"])
                points += scoring.points(done, row["points_done"], row["points_missed"])
                names = ("metric_id", "category", "scope", "weight", "target")
                lines.append(CardLine(*(row[name] for name in names), fact, done))
            efficiency = card._get_efficiency(
                [(line.weight, line.completion) for line in lines], card.plan_id.completion_cap
            )
            owner = (card.id, card.employee_id.id, card.team_id.id, card.period, card.date_to)
            outlook.cards.append(Card(*owner, points, efficiency))
            outlook.lines[card.id] = lines
        return outlook

    # ------------------------------------------------------------
    # By the end of the month
    # ------------------------------------------------------------

    def _get_expected_total(self, employee, measured, statement, now: datetime) -> float | None:
        """What the month comes to by its end if sales and results go on as until now; None too early to say, or if it
        is over."""
        local = pytz.utc.localize(now).astimezone(timezone(employee._get_discipline_tz()))
        hours = {}
        for wage in employee._get_discipline_wages(self.date_from, self.date_to)[employee.id]:
            hours.update(wage.worked)
        total = sum(hours.values())
        passed = pace.hours_passed(hours, local.date(), local.hour + local.minute / 60, END_OF_DAY)
        if not total or not LEAST_SHARE <= passed / total < 1.0:
            return None
        outlook = self._get_outlook(measured, total / passed)
        for kind in ("day", "week"):
            outlook.cards += self._get_expected_cards(employee, kind, local.date(), hours)
        expected = next(iter(self._prepare_statements(employee.ids, now, [], outlook)), None)
        if not expected:
            return None
        # corrections of earlier months stay what they are
        return payout.total_money([expected["total"], statement["corrected"]], self.currency_id.round)

    def _get_expected_cards(self, employee, kind: str, today, hours) -> list[Card]:
        """The cards of that kind still to come in this month, each like the mean of those closed in it."""
        closed = [
            card
            for card in self._get_cards(employee.ids)
            if card.period == kind and card.day >= self.date_from
        ]
        if not closed:
            return []
        known = {card.day for card in closed}
        if kind == "day":
            days = [day for day in hours if day >= today]
        else:
            sundays = {period_bounds("week", day)[1] for day in hours if day >= today}
            days = [day for day in sundays if day <= self.date_to]
        points = sum(card.points for card in closed) / len(closed)
        efficiency = scoring.efficiency((1.0, card.efficiency) for card in closed)
        last = closed[-1]
        return [
            Card(-number, employee.id, last.team_id, kind, day, points, efficiency)
            for number, day in enumerate(sorted(set(days) - known), start=1)
        ]
