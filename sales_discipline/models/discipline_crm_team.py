from odoo import api, fields, models
from odoo.tools import format_date

from .number_text import format_number
from .readers import for_readers


class CrmTeam(models.Model):
    """Today's score on the team's card in Sales Teams: what the Team Board says, in brief."""

    _inherit = "crm.team"

    discipline_score = fields.Json(
        "Score of the Day",
        compute="_compute_discipline_score",
        help="Of the last day with scorecards: how many people are done and behind, their points and efficiency.",
    )

    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_discipline_score(self):
        """See `_get_discipline_scores`; False for those who lead nobody, and for teams without scorecards."""
        scores = {}
        if self.env.user.has_group("sales_discipline.group_leader"):
            scores = self._get_discipline_scores()
        for team in self:
            team.discipline_score = scores.get(team.id, False)

    @api.model
    def _get_discipline_scores(self) -> dict[int, dict]:
        """By team id, of the teams that the reader leads or manages, on the last day that has scorecards.

        :return: dicts of `day` (in words), `people`, `done` and `behind` (how many), `points` and `percent` as text, `zone`
            and `zone_label`
        """
        cards = self.env["discipline.scorecard"]
        self.env.flush_all()
        now, today = fields.Datetime.now(), fields.Date.context_today(self)
        rows = cards._get_board_rows("day", None, today)
        lines = cards._get_board_lines(rows, now)
        labels = dict(cards._fields["zone"]._description_selection(self.env))
        groups = {}
        for row in rows:
            if not row["excused"] and row["team_id"]:
                groups.setdefault(row["team_id"], []).append(row)
        scores = {}
        for team_id, found in groups.items():
            people = [cards._prepare_board_person(row, lines[row["card_id"]]) for row in found]
            mine = [lines[row["card_id"]] for row in found]
            total = cards._prepare_board_total(people, mine, {})
            behind = sum(
                any(line["completion"] is not None and not line["done"] for line in one) for one in mine
            )
            day = found[0]["date_from"]
            scores[team_id] = {
                "day": self.env._("Today") if day == today else format_date(self.env, day),
                "people": len(people),
                "done": len(people) - behind,
                "behind": behind,
                "points": self._format_score(total["points"]),
                "percent": self._format_score(total["efficiency"], "%"),
                "zone": total["zone"],
                "zone_label": labels.get(total["zone"], ""),
            }
        return scores

    @api.model
    def _format_score(self, number: float | None, sign: str = "") -> str:
        """A number as people read it, a dash for no data."""
        if number is None:
            return "–"
        digits = 0 if abs(number - round(number)) < 0.05 else 1
        return f"{format_number(self.env, number, digits)}{sign}".replace("-", "−")

    @for_readers
    def action_discipline_board(self):
        """The Team Board of the day."""
        action = self.env["ir.actions.client"]._for_xml_id("sales_discipline.discipline_team_board_action")
        return {**action, "params": {"period": "day"}}
