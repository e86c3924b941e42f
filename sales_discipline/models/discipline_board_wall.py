from odoo import api, models
from odoo.exceptions import UserError

from ..tools import board
from .discipline_board_total import ALL

TOGETHER = ("people", "points", "efficiency", "zone", "zones", "done", "count")


class DisciplineScorecard(models.Model):
    """The team board on a wall: the ranking of the period under way, which is asked for again every minute."""

    _inherit = "discipline.scorecard"

    @api.model
    @api.readonly
    def get_team_wall(self, period="day", team_id=False) -> dict:
        """The people of the team board's last period by rank: more points come first, then the higher efficiency.

        Those without a card, and those who were excused, have no rank. Where the company wants ranks without names
        (of several companies: where one of them does), names and teams of people do not leave the server.

        :param team_id: only that team; 0 for those in no team
        :return: dict of `period`, `date_from`, `date_to`, `is_anonymous`, `rows`: dicts of `rank`, `key` (without a meaning),
            `name`, `team`, `user_id`, `points`, `efficiency`, `zone`, `done`, `count`, `state`; `teams`: dicts of TOGETHER and
            `name`, by rank; `total`; `empty`
        :raise AccessError: for who leads nobody
        """
        if team_id is True or not isinstance(team_id, int):
            raise UserError(self.env._("The sales team on the wall has to be given as a number."))
        page = self._get_board_page(period)
        chosen = ALL if team_id is False else team_id
        if chosen not in page["totals"]:
            chosen = ALL
        people = [
            person
            for person in page["people"]
            if person["state"] in ("open", "frozen") and chosen in (ALL, person["team_id"] or 0)
        ]
        is_anonymous = any(self.env.companies.mapped("discipline_board_anonymous"))
        teams = [
            {**self._prepare_wall_sum(page, team["id"] or 0), "name": team["name"]} for team in page["teams"]
        ]
        return {
            **{name: page[name] for name in ("period", "date_from", "date_to", "empty")},
            "is_anonymous": is_anonymous,
            "rows": self._get_wall_rows(people, is_anonymous),
            "teams": self._rank(teams, lambda team: (team["efficiency"],)) if chosen == ALL else [],
            "total": self._prepare_wall_sum(page, chosen),
            "title": next((team["name"] for team in page["teams"] if (team["id"] or 0) == chosen), ""),
        }

    def _get_wall_rows(self, people: list[dict], is_anonymous: bool) -> list[dict]:
        """The people by rank, as the wall has them."""
        names = ("points", "efficiency", "zone", "done", "count", "state")
        rows = [
            {
                **{name: person[name] for name in names},
                "name": "" if is_anonymous else person["name"],
                "team": "" if is_anonymous else person["team"],
                "user_id": False if is_anonymous else person["user_id"],
            }
            for person in people
        ]
        rows = self._rank(rows, lambda row: (row["points"], row["efficiency"]))
        return [{**row, "key": place} for place, row in enumerate(rows, start=1)]

    @api.model
    def _rank(self, rows: list[dict], score) -> list[dict]:
        """These dicts in the order of their `rank`, by what `score` says of each; the rule is in tools/board.py."""
        found = board.ranks(score(row) for row in rows)
        ranked = [{**row, "rank": rank} for row, rank in zip(rows, found, strict=True)]
        return sorted(ranked, key=lambda row: (row["rank"], row["name"]))

    @api.model
    def _prepare_wall_sum(self, page: dict, key) -> dict:
        return {name: page["totals"][key][name] for name in TOGETHER}
