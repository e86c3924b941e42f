from collections import defaultdict
from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import scoring
from ..tools.periods import period_bounds
from .discipline_plan import PERIODS
from .page_date import parse_day

CATEGORIES = ("kpi", "standard", "smart")
PERSON = "id name user_id team_id card_id plan_id plan trial points efficiency currency_id company_id".split()


class DisciplineScorecard(models.Model):
    """The team board: people x indicators of a day, a week or a month, in one call and a number of SQL statements
    that does not grow with people. Open cards are measured now, and nothing is stored."""

    _inherit = "discipline.scorecard"

    @api.model
    @api.readonly
    def get_team_board(self, period="day", date=False) -> dict:
        """The scorecards of one period: leaders see the teams they lead, managers those of their companies.

        :param period: day, week or month
        :param date: ISO date; by default the last period that has begun and has cards
        :return: dict of `period`, `date_from`, `date_to`, `today`; `previous_date`, `next_date`, `last_date`: first days
            of periods with cards, or False; `columns` (see `_get_board_columns`), `teams`: dicts of id and name,
            `people`: a dict for each (see `_prepare_board_person`), by name, those without a card too; `totals`: by team
            id, and 'all' (see `_get_board_totals`); `is_manager`; `empty`: why there is nothing, in words
        :raise AccessError: for who leads nobody
        """
        return self._get_board_page(period, date)

    def _get_board_page(self, period, date=False) -> dict:
        """What `get_team_board` says of the scorecards, which the wall and the workbook are made of too."""
        day = self._check_board(period, date)
        self.env.flush_all()
        now, today = fields.Datetime.now(), fields.Date.context_today(self)
        rows = self._get_board_rows(period, day, today)
        bounds = (rows[0]["date_from"], rows[0]["date_to"]) if rows else period_bounds(period, day or today)
        lines = self._get_board_lines(rows, now)
        people = [self._prepare_board_person(row, lines[row["card_id"]]) for row in rows]
        self._add_board_past(people, rows)
        people += self._get_board_absent(period, bounds, today, {row["id"] for row in rows})
        people.sort(key=lambda person: (person["name"], person["id"]))
        page = {
            "period": period,
            "date_from": bounds[0],
            "date_to": bounds[1],
            "today": today,
            **self._get_board_dates(period, bounds, today),
            "columns": self._get_board_columns(lines),
            "teams": self._get_board_teams(people),
            "people": people,
            "totals": self._get_board_totals(rows, lines, people),
            "is_manager": self.env.user.has_group("sales_discipline.group_manager"),
        }
        page["empty"] = "" if rows else self._get_board_empty(page)
        return page

    def _check_board(self, period, day) -> date | None:
        """The day asked for. :raise AccessError: for who leads nobody :raise UserError: for no period or date"""
        self.check_access("read")
        if not self.env.user.has_group("sales_discipline.group_leader"):
            raise AccessError(self.env._("The team board is for those who lead a team, and for managers."))
        if not isinstance(period, str) or period not in dict(PERIODS):
            raise UserError(self.env._("The team board shows a day, a week or a month."))
        found = parse_day(day) if day else None
        if day and not found:
            raise UserError(self.env._("The team board was asked for a date that there is not: %s", day))
        return found

    # ------------------------------------------------------------
    # Cards
    # ------------------------------------------------------------

    def _get_board_rows(self, period: str, day: date | None, today: date) -> list[dict]:
        """The cards of the period as `_get_page_people` finds them, one a person."""
        return self._get_board_counting(self._get_page_people(period, day, False, today))

    def _get_board_counting(self, rows: list[dict]) -> list[dict]:
        """Of these rows of people the one card that counts, else that on trial, a person and period; managers see
        everybody's, others those of the teams they lead."""
        everybody = self.env.user.has_group("sales_discipline.group_manager")
        found = {}
        for row in sorted(rows, key=lambda row: bool(row["trial"])):
            if row["card_id"] and (everybody or row["is_led"]):
                found.setdefault((row["id"], row["date_from"]), row)
        return list(found.values())

    def _get_board_lines(self, rows: list[dict], now: datetime) -> dict[int, list[dict]]:
        """The lines of these cards by card id, judged, those of open cards as of now, each with its `cell` of the board.
        The totals of open cards are put into `rows`."""
        cards = self.browse([row["card_id"] for row in rows])
        found = cards._get_page_rows() if cards else []
        opened = {row["card_id"] for row in rows if row["state"] == "open"}
        live = [line for line in found if line["card_id"] in opened]
        if live:
            self.browse(opened)._measure_page(live)
        lines = defaultdict(list)
        for line in found:
            lines[line["card_id"]].append(line)
        for row in rows:
            mine, hours = lines[row["card_id"]], None
            if row["card_id"] in opened:
                row["points"], row["efficiency"], row["done_count"] = self._sum_up_page(
                    mine, row["completion_cap"]
                )
                hours = self._get_page_hours(row, now)
            for line in mine:
                line["cell"] = self._prepare_board_cell(line, self._prepare_page_line(line, [], hours))
        return lines

    def _prepare_board_person(self, row: dict, lines: list[dict]) -> dict:
        """A person of the board: what PERSON names, None for no data, and

        - `state`: open, frozen, excused (with the reason as `excused`), or without a card absent (by schedule or leave),
          none (no plan in force), waiting (the card is not there yet) or future
        - `zone` by the efficiency, `done` of `count` indicators, `deadline`: when it closes, in words
        - `points_change`, `efficiency_change` against the period before, None while the period is running
        - `cells`: by the key of the column (see `_prepare_board_cell`)
        """
        state = "excused" if row["excused"] else row["state"]
        rules = [(line["weight"], line["green_from"], line["yellow_from"]) for line in lines]
        return {
            **{name: row[name] for name in PERSON},
            "team": row["team"] or "",
            "state": state,
            "excused": row["excused"] and (row["excuse_reason"] or ""),
            "deadline": self._get_page_moment(row["deadline"], row["tz"]) if state == "open" else "",
            "zone": scoring.overall_zone(row["efficiency"], rules),
            "done": row["done_count"],
            "count": len(lines),
            "points_change": None,
            "efficiency_change": None,
            "cells": {self._get_board_key(line): line["cell"] for line in lines},
        }

    @api.model
    def _get_board_key(self, line: dict) -> str:
        return f"{line['metric_id']},{line['scope']}"

    @api.model
    def _prepare_board_cell(self, line: dict, shown: dict) -> dict:
        """A cell: `id` of the line, `fact` with its adjustment, `target`, `completion`, `zone`, `trend`, `is_better`;
        `change` against the period before (while a period is running, against as much of it); `late`, `adjusted`.

        :param shown: the line as the KPI page has it
        """
        before = line["previous"] if shown["previous_by_now"] is False else shown["previous_by_now"]
        known = None not in (shown["counted"], before)
        return {
            "id": line["id"],
            "fact": shown["counted"],
            "target": line["target"],
            "completion": shown["completion"],
            "zone": shown["zone"],
            "trend": shown["trend"],
            "is_better": shown["is_better"],
            "change": shown["counted"] - before if known else None,
            "late": bool(line["late"]),
            "adjusted": bool(line["adjustment"]),
        }

    def _add_board_past(self, people: list[dict], rows: list[dict]) -> None:
        """How frozen cards compare with those before them, in `people`."""
        frozen = [row["card_id"] for row in rows if row["state"] == "frozen" and not row["excused"]]
        query = SQL(
            """
            SELECT c.id, b.points, b.efficiency FROM discipline_scorecard c JOIN LATERAL (%s) p ON TRUE
              JOIN discipline_scorecard b ON b.id = p.id WHERE c.id = ANY(%s)
            """,
            self._sql_previous(excused=False),
            frozen,
        )
        before = {card_id: values for card_id, *values in self.env.execute_query(query)}
        for person in people:
            for name, past in zip(("points", "efficiency"), before.get(person["card_id"], ()), strict=False):
                if None not in (past, person[name]):
                    person[f"{name}_change"] = person[name] - past

    # ------------------------------------------------------------
    # Around the cards
    # ------------------------------------------------------------

    def _get_board_dates(self, period: str, bounds: tuple, today: date) -> dict:
        """The first days of the periods with cards before and after this one, and of the last one, or False."""
        before, after, last = (
            self._search([("period", "=", period), *domain], order=f"date_from {order}", limit=1).subselect(
                SQL.identifier(self._table, "date_from")
            )
            for domain, order in (
                ([("date_from", "<", bounds[0])], "DESC"),
                ([("date_from", ">", bounds[1])], "ASC"),
                ([("date_from", "<=", today)], "DESC"),
            )
        )
        found = self.env.execute_query(SQL("SELECT %s, %s, %s", before, after, last))[0]
        names = ("previous_date", "next_date", "last_date")
        return {name: day or False for name, day in zip(names, found, strict=True)}

    def _get_board_columns(self, lines: dict[int, list[dict]]) -> list[dict]:
        """All indicators of these cards, by category and in the order of the plans.

        :return: dicts of `key`, `metric_id`, `scope`, `name`, `description`, `category`, `unit`, `source`
        """
        columns = {}
        for found in lines.values():
            for place, line in enumerate(found):
                key = self._get_board_key(line)
                column = columns.setdefault(key, {"key": key, "place": place})
                column["place"] = max(column["place"], place)
                if len(column) == 2:
                    names = ("metric_id", "scope", "name", "description", "unit", "source")
                    column.update({name: line[name] for name in names})
                    column["category"] = line["category"] or "standard"
        order = [
            (CATEGORIES.index(one["category"]), one["scope"], one.pop("place"), one["name"], one)
            for one in columns.values()
        ]
        return [one for *_order, one in sorted(order, key=lambda found: found[:-1])]

    def _get_board_teams(self, people: list[dict]) -> list[dict]:
        """The teams of these people by name; those in no team come last."""
        teams = {person["team_id"] or False: person["team"] for person in people}
        found = [{"id": team_id, "name": name} for team_id, name in teams.items()]
        for team in found:
            team["name"] = team["name"] or self.env._("In no team")
        return sorted(found, key=lambda team: (not team["id"], team["name"]))

    def _get_board_empty(self, page: dict) -> str:
        """Why there is not one scorecard, and what to do."""
        if page["date_from"] > page["today"]:
            return self.env._("This period has not begun yet: its scorecards open on its first day.")
        if page["last_date"]:
            return self.env._(
                "Nobody has a scorecard for this period: there is one for each period in which a plan is in force and"
                " the person works."
            )
        if page["is_manager"]:
            return self.env._(
                "There are no scorecards of this kind yet. They are opened by themselves once a plan is active: see"
                " Configuration > Discipline > Plans."
            )
        return self.env._(
            "There are no scorecards of this kind in a team that you lead. Plans are made by the head of sales, who also"
            " says who leads which team."
        )
