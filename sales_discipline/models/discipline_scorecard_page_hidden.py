from datetime import date

from odoo import models
from odoo.tools import SQL

from ..tools.periods import period_bounds

MEASURED = ("efficiency", "points", "done_count")


class DisciplineScorecard(models.Model):
    """One's own scorecard on the KPI page while a report on it is due: the plan is there, what was measured is not."""

    _inherit = "discipline.scorecard"

    def _get_page_people(self, period: str, day: date | None, employee_id, today: date) -> list[dict]:
        rows = super()._get_page_people(period, day, employee_id, today)
        if not any(self._may_be_hidden(row, day, employee_id, today) for row in rows):
            return rows
        hidden = [
            row for row in self._get_hidden_rows(period, day, today) if employee_id in (False, 0, row["id"])
        ]
        known = {row["card_id"] for row in rows}
        hidden = [row for row in hidden if row["card_id"] not in known]  # leaders and managers see theirs
        if not hidden:
            return rows
        mine = {row["id"] for row in hidden}
        # without a day the page opens on the last period, and the reader's own is the last one
        rows = [row for row in rows if row["id"] not in mine or row["date_from"] == hidden[0]["date_from"]]
        return sorted(rows + hidden, key=lambda row: (row["name"], row["id"], bool(row["trial"])))

    def _may_be_hidden(self, row: dict, day: date | None, employee_id, today: date) -> bool:
        """Whether this row is about the reader, and may be so without the card that is asked for."""
        shown = row["card_id"] and (day or row["date_to"] >= today)
        return row["is_me"] and not shown and employee_id in (False, 0, row["id"])

    def _get_hidden_rows(self, period: str, day: date | None, today: date) -> list[dict]:
        """The reader's own scorecards of that period (the last one that has begun if there is no `day`) that rules hide,
        without what was measured."""
        own = SQL(
            "%(c)s.user_id = %(uid)s AND %(c)s.ask_report AND %(c)s.state = 'open' AND %(c)s.submitted_at IS NULL"
            " AND %(c)s.company_id = ANY(%(companies)s)",
            c=SQL.identifier("c"),
            uid=self.env.uid,
            companies=self.env.companies.ids,
        )
        first = (
            SQL("%s", period_bounds(period, day)[0])
            if day
            else SQL(
                "(SELECT MAX(c.date_from) FROM discipline_scorecard c WHERE %s AND c.period = %s AND c.date_from <= %s)",
                own,
                period,
                today,
            )
        )
        query = self._sql_page_people(period, SQL("%s AND c.date_from = %s", own, first))
        rows = [row for row in self.env.execute_query_dict(query) if row["card_id"]]
        return [{**row, **dict.fromkeys(MEASURED), "is_hidden": True} for row in rows]

    def _get_page_card(self, row, history, now):
        if not row.get("is_hidden"):
            return super()._get_page_card(row, history, now)
        rows = self._get_page_rows()
        for line in rows:
            line.update(dict.fromkeys(("actual", "late", "completion"), None), zone="none", trend="none")
            line.update(done=False, points=None)
        lines = [self._prepare_page_line(line, history, None) for line in rows]
        return {"card": self._prepare_page_card(row, [None] * 3, rows, history), "lines": lines}

    def _prepare_page_card(self, row, totals, rows, history):
        card = super()._prepare_page_card(row, totals, rows, history)
        return {**card, "is_hidden": bool(row.get("is_hidden"))}
