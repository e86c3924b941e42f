from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from .discipline_late_entry import LEFT_OUT
from .discipline_morning import SHOWN


class DisciplineMorning(models.AbstractModel):
    """What became of the last working day: who missed what, who handed in no report, what was entered too late."""

    _inherit = "discipline.morning"

    @api.model
    def _get_cards(self, since: date, day: date) -> list[dict]:
        """The frozen daily scorecards from `since` until before `day`, one a person and day, each with how many
        indicators were `missed`; the worst first."""
        seen = self.env["discipline.scorecard"]._search(self._get_card_domain(since, day))
        query = SQL(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (c.employee_id, c.date_from)
                       c.id, c.employee_id, e.name AS person, c.user_id, u.partner_id, %(team)s AS team, c.tz, c.deadline,
                       c.date_from, c.points, c.efficiency, c.excused IS TRUE AS excused, c.submitted_at,
                       c.ask_report IS TRUE AS ask_report, c.company_id,
                       (SELECT COUNT(*) FROM discipline_scorecard_line l
                         WHERE l.scorecard_id = c.id AND l.zone != 'none' AND l.done IS NOT TRUE) AS missed
                  FROM discipline_scorecard c
                  JOIN hr_employee e ON e.id = c.employee_id
                  JOIN res_users u ON u.id = c.user_id
                  LEFT JOIN crm_team t ON t.id = c.team_id
                 WHERE c.id IN %(seen)s
                 ORDER BY c.employee_id, c.date_from, c.trial IS TRUE, c.id) found
             ORDER BY points, missed DESC, person, id
            """,
            team=self.env["crm.team"].sudo()._field_to_sql("t", "name"),
            seen=seen.subselect(),
        )
        return self.env.execute_query_dict(query)

    @api.model
    def _get_card_domain(self, since: date, day: date) -> Domain:
        domain = Domain("period", "=", "day") & Domain("state", "=", "frozen")
        domain &= Domain("date_from", ">=", since) & Domain("date_from", "<", day)
        return domain & self._get_reach()

    @api.model
    def _get_summary(self, cards: list[dict]) -> dict:
        """`people` scored, `done` of them with nothing missed, `missed`, `excused`, and of those who count the sum of
        `points` and the mean `efficiency` (None for no data)."""
        counted = [card for card in cards if not card["excused"]]
        known = [card["efficiency"] for card in counted if card["efficiency"] is not None]
        return {
            "people": len({card["employee_id"] for card in cards}),
            "done": sum(1 for card in counted if not card["missed"]),
            "missed": sum(1 for card in counted if card["missed"]),
            "excused": len(cards) - len(counted),
            "points": sum(card["points"] or 0.0 for card in counted) if counted else None,
            "efficiency": sum(known) / len(known) if known else None,
        }

    @api.model
    def _get_missed(self, cards: list[dict]) -> dict:
        """Who missed an indicator, with what was missed."""
        missed = [card for card in cards if card["missed"] and not card["excused"]]
        shown = missed[:SHOWN]
        lines = self._get_missed_lines([card["id"] for card in shown])
        records = self.env["discipline.scorecard"].browse([card["id"] for card in shown])
        may_excuse = {record.id: record.can_excuse for record in records}
        zones = {record.id: record.zone for record in records}
        rows = []
        for card in shown:
            actions = ["message", "talk", "excuse"] if may_excuse[card["id"]] else ["message", "talk"]
            rows.append(
                self._prepare_card_row(
                    card, "", ["kpi", *actions], zone=zones[card["id"]], lines=lines[card["id"]]
                )
            )
        more = ("discipline_scorecard_action_team", [("id", "in", [card["id"] for card in missed])])
        return self._prepare_section("missed", len(missed), rows, more)

    @api.model
    def _prepare_card_row(self, card: dict, text: str, actions: list[str], **values) -> dict:
        """A row about a scorecard."""
        names = ("person", "user_id", "partner_id", "team", "points", "efficiency")
        shown = {name: card[name] for name in names}
        shown.update(date=card["date_from"], card_id=card["id"], **values)
        return self._prepare_row("discipline.scorecard", card["id"], text, actions, **shown)

    @api.model
    def _get_missed_lines(self, card_ids: list[int]) -> dict[int, list[dict]]:
        """The indicators missed on these scorecards: `{card id: [{id, name, unit, target, actual, currency_id}]}`."""
        metric = self.env["discipline.metric"].sudo()
        query = SQL(
            """
            SELECT l.scorecard_id, l.id, %(name)s AS name, m.unit, l.target, l.actual + COALESCE(l.adjustment, 0) AS actual,
                   l.currency_id
              FROM discipline_scorecard_line l JOIN discipline_metric m ON m.id = l.metric_id
             WHERE l.scorecard_id = ANY(%(cards)s) AND l.zone != 'none' AND l.done IS NOT TRUE
             ORDER BY l.points, l.sequence, l.id
            """,
            name=metric._field_to_sql("m", "name"),
            cards=card_ids,
        )
        lines = defaultdict(list)
        for line in self.env.execute_query_dict(query):
            lines[line.pop("scorecard_id")].append(line)
        return lines

    @api.model
    def _get_unreported(self, cards: list[dict]) -> dict:
        """Whose plan asks for a report, and who handed in none."""
        found = [
            card for card in cards if card["ask_report"] and not card["submitted_at"] and not card["excused"]
        ]
        rows = [
            self._prepare_card_row(card, self.env._("No report handed in"), ["message", "talk", "kpi"])
            for card in found[:SHOWN]
        ]
        more = ("discipline_scorecard_action_team", [("id", "in", [card["id"] for card in found])])
        return self._prepare_section("unreported", len(found), rows, more)

    @api.model
    def _get_late(self, cards: list[dict]) -> dict:
        """What was entered after the deadline of these scorecards, by person."""
        kinds = dict(self.env["discipline.fact"]._fields["kind"]._description_selection(self.env))
        by_card = {card["id"]: card for card in cards}
        query = SQL(
            """
            SELECT c.id, f.kind, COUNT(*), MAX(f.entered_at), ARRAY_AGG(f.id)
              FROM discipline_scorecard c
              JOIN discipline_fact f ON f.user_id = c.user_id AND f.company_id = c.company_id AND f.kind = ANY(%(kinds)s)
               AND f.happened_at BETWEEN c.date_from - INTERVAL '14 hours' AND c.date_from + INTERVAL '36 hours'
             WHERE c.id = ANY(%(cards)s) AND f.entered_at > c.deadline AND f.quantity != 0 AND f.is_transfer IS NOT TRUE
               AND (f.happened_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date = c.date_from
             GROUP BY c.id, f.kind ORDER BY c.id, COUNT(*) DESC, f.kind
            """,
            kinds=[kind for kind in kinds if kind not in LEFT_OUT],
            cards=list(by_card),
        )
        found = defaultdict(list)
        for card_id, *entry in self.env.execute_query(query):
            found[card_id].append(entry)
        order = sorted(found, key=lambda card_id: -sum(count for _kind, count, *_rest in found[card_id]))
        rows = []
        for card_id in order[:SHOWN]:
            card, entries = by_card[card_id], found[card_id]
            text = ", ".join(f"{kinds[kind]} ({count})" for kind, count, *_rest in entries)
            last = max(moment for _kind, _count, moment, _ids in entries)
            last = format_datetime(self.env, last, tz=card["tz"], dt_format="short")
            ids = [fact_id for entry in entries for fact_id in entry[3]]
            rows.append(
                self._prepare_card_row(
                    card,
                    text,
                    ["late", "message", "kpi"],
                    note=self.env._("last one entered on %(moment)s", moment=last),
                    fact_ids=ids,
                )
            )
        ids = [fact_id for entries in found.values() for entry in entries for fact_id in entry[3]]
        return self._prepare_section(
            "late", len(found), rows, ("discipline_late_entry_action", [("id", "in", ids)])
        )
