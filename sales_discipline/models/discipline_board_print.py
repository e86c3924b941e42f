from odoo import api, models
from odoo.tools import format_date

UNITS = {"money": "money", "percent": "percent"}


class DisciplineScorecard(models.Model):
    """The team board as a table of a workbook, in the language of the reader."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_board_print(self, period, date) -> dict:
        """The same as `get_team_board` in the form of the funnel's workbook (`discipline.funnel.report._get_print`)."""
        page = self._get_board_page(period, date)
        days = sorted({page["date_from"], page["date_to"]})
        dates = " – ".join(format_date(self.env, day) for day in days)
        title = self.env._("Team board: %(period)s", period=dates)
        currencies = {person["currency_id"] for person in page["people"]}
        is_own = currencies == {self.env.company.currency_id.id}
        headings = [(self.env._("Period"), dates), (self.env._("People"), str(len(page["people"])))]
        if not is_own:
            headings.append(
                (self.env._("Amounts"), self.env._("Of each person in the currency of their company"))
            )
        name = self.env._("Team Board")
        table = {
            "name": name,
            "columns": self._get_board_headings(page["columns"], is_own),
            "rows": self._get_board_print_rows(page),
        }
        return {"title": title, "file": title, "headings": headings, "tables": [table]}

    @api.model
    def _get_board_headings(self, columns: list[dict], is_own_currency: bool) -> list[dict]:
        texts = (self.env._("Person"), self.env._("Sales Team"), self.env._("State"))
        result = [{"label": label, "kind": "text"} for label in texts]
        result += [
            {"label": self.env._("Points"), "kind": "count"},
            {"label": self.env._("Efficiency"), "kind": "percent"},
            {"label": self.env._("Done"), "kind": "count"},
            {"label": self.env._("Number of Indicators"), "kind": "count"},
        ]
        for column in columns:
            kind = (
                UNITS.get(column["unit"], "count")
                if column["unit"] != "money" or is_own_currency
                else "count"
            )
            name = column["name"]
            if column["scope"] == "team":
                name = self.env._("%(name)s (team)", name=name)
            plan = self.env._("%(name)s: plan", name=name)
            result += [{"label": name, "kind": kind}, {"label": plan, "kind": kind}]
        return result

    def _get_board_print_rows(self, page: dict) -> list[dict]:
        """People by team, each team with its total above them, and the total of all."""
        states = self._get_board_state_labels()
        rows = []
        for team in page["teams"]:
            people = [person for person in page["people"] if (person["team_id"] or False) == team["id"]]
            if len(page["teams"]) > 1:
                rows.append(
                    self._prepare_board_print_row(
                        page, page["totals"][team["id"] or 0], team["name"], "group"
                    )
                )
            for person in people:
                state = states[person["state"]]
                rows.append(
                    self._prepare_board_print_row(page, person, person["name"], "row", person["team"], state)
                )
        return [
            *rows,
            self._prepare_board_print_row(page, page["totals"]["all"], self.env._("Total"), "total"),
        ]

    @api.model
    def _prepare_board_print_row(self, page, found: dict, name: str, style: str, team="", state="") -> dict:
        cells = [name, team, state, *(found[key] for key in ("points", "efficiency", "done", "count"))]
        for column in page["columns"]:
            cell = found["cells"].get(column["key"]) or {}
            cells += [cell.get("fact"), cell.get("target")]
        return {"style": style, "cells": cells}

    @api.model
    def _get_board_state_labels(self) -> dict[str, str]:
        """What the states of a scorecard on the board are called."""
        return {
            "open": self.env._("Open"),
            "frozen": self.env._("Frozen"),
            "excused": self.env._("Excused"),
            "absent": self.env._("Not at work"),
            "waiting": self.env._("Not opened yet"),
            "none": self.env._("No plan"),
            "future": self.env._("Not begun"),
        }
