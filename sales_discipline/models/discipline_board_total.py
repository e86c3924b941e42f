from dataclasses import replace

from odoo import api, models

from ..tools import board, scoring

ALL = "all"
STATES = ("open", "frozen", "excused", "absent", "waiting", "none", "future")


class DisciplineMetric(models.Model):
    _inherit = "discipline.metric"

    def _is_board_ratio(self) -> bool:
        """Whether the engine can say what it is of several people together, rather than the mean of theirs."""
        return not self._is_additive() and self.source not in ("assessment", "records")


class DisciplineScorecard(models.Model):
    """The totals of the team board. Scorecards that were excused count for nothing here either."""

    _inherit = "discipline.scorecard"

    def _get_board_totals(self, rows: list[dict], lines: dict[int, list[dict]], people: list[dict]) -> dict:
        """The totals by team id, and of all as 'all'.

        Counts and money are added up. A conversion or another ratio is measured of all of them together, for a
        mean of percentages says nothing; scores are the mean of those that there are.

        :return: dicts of `people` (with a card that counts), `points`, `efficiency` (the mean), their `points_change` and
            `efficiency_change`, `zone`, `zones` (`[[zone, people]]`), `states` (`[[state, people]]`,
            those without a card too), `done` of `count`, `currency_id` (False if there are
            several) and `cells`, as those of people but without `id`
        """
        counted = [row for row in rows if not row["excused"]]
        ratios = self._measure_board_ratios(counted, lines)
        shown = {person["id"]: person for person in people}
        groups = {ALL: counted} | {person["team_id"] or 0: [] for person in people}
        for row in counted:
            groups[row["team_id"] or 0].append(row)
        totals = {
            key: self._prepare_board_total(
                [shown[row["id"]] for row in group],
                [lines[row["card_id"]] for row in group],
                ratios.get(key, {}),
            )
            for key, group in groups.items()
        }
        for key, total in totals.items():
            states = [person["state"] for person in people if key in (ALL, person["team_id"] or 0)]
            total["states"] = [[state, states.count(state)] for state in STATES if state in states]
        return totals

    def _prepare_board_total(self, people: list[dict], cards: list[list[dict]], ratios: dict) -> dict:
        """The total of these people, and of the lines of their cards."""
        efficiency = board.mean(person["efficiency"] for person in people)
        everything = [line for lines in cards for line in lines]
        rules = [(line["weight"], line["green_from"], line["yellow_from"]) for line in everything]
        zones = [person["zone"] for person in people]
        currencies = {person["currency_id"] for person in people}
        columns = {}
        for line in everything:
            columns.setdefault(self._get_board_key(line), []).append(line)
        cells = {
            key: self._prepare_board_sum(found, ratios.get(key), len(currencies) == 1)
            for key, found in columns.items()
        }
        return {
            "people": len(people),
            "points": board.add_up(person["points"] for person in people),
            "points_change": board.add_up(person["points_change"] for person in people),
            "efficiency": efficiency,
            "efficiency_change": board.mean(person["efficiency_change"] for person in people),
            "zone": scoring.overall_zone(efficiency, rules),
            "zones": [
                [zone, zones.count(zone)] for zone in ("green", "yellow", "red", "none") if zone in zones
            ],
            "done": sum(person["done"] or 0 for person in people),
            "count": sum(person["count"] for person in people),
            "currency_id": currencies.pop() if len(currencies) == 1 else False,
            "cells": {key: cell for key, cell in cells.items() if cell},
        }

    @api.model
    def _prepare_board_sum(self, lines: list[dict], ratio: float | None, one_currency: bool) -> dict | None:
        """The cell of a total from the lines of one column; None if nothing is known, or money would be mixed."""
        first = lines[0]
        if first["unit"] == "money" and not one_currency:
            return None
        is_sum = self.env["discipline.metric"].sudo().browse(first["metric_id"])._is_additive()
        found = board.total(
            [
                board.Cell(
                    line["cell"]["fact"],
                    line["target"],
                    line["cell"]["change"],
                    line["green_from"],
                    line["yellow_from"],
                )
                for line in lines
            ],
            is_sum,
        )
        if not found:
            return None
        fact = found.fact if ratio is None else ratio
        percent = scoring.completion(fact, found.target, first["higher_is_better"])
        direction = scoring.trend(found.change, 0.0)
        return {
            "fact": fact,
            "target": found.target,
            "completion": percent,
            "zone": scoring.zone(percent, found.green_from, found.yellow_from),
            "trend": direction,
            "is_better": scoring.change(direction, first["higher_is_better"]),
            "change": found.change,
        }

    def _measure_board_ratios(self, rows: list[dict], lines: dict[int, list[dict]]) -> dict:
        """What ratios and means come to for each team and for all, measured over everybody's windows at once.

        :return: `{team id or 'all': {key of the column: number}}`
        """
        found = [(row, line) for row in rows for line in lines[row["card_id"]]]
        metrics = self.env["discipline.metric"].sudo().browse({line["metric_id"] for _row, line in found})
        ratios = metrics.filtered(lambda metric: metric._is_board_ratio())
        result = {}
        for scope in ("own", "team"):
            asked = [
                (row, line)
                for row, line in found
                if line["scope"] == scope and line["metric_id"] in ratios._ids
            ]
            teams = {row["card_id"]: row["team_id"] or 0 for row, _line in asked}
            wanted = ratios.browse(dict.fromkeys(line["metric_id"] for _row, line in asked))
            cards = self.browse(teams).sudo()._get_plain()
            windows = self._prepare_windows(cards, scope)
            by_team = [replace(window, key=teams[window.key]) for window in windows]
            together = [replace(window, key=ALL) for window in windows]
            for (metric_id, key), measure in wanted._measure(by_team + together).items():
                if measure.value is not None:
                    result.setdefault(key, {})[f"{metric_id},{scope}"] = measure.value
        return result
