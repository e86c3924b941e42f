from collections import defaultdict
from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.periods import DAY, local_date
from .discipline_plan import PERIODS

ORDER = list(dict(PERIODS))
HIDDEN = {"actual": None, "late": None, "completion": None, "zone": "none", "trend": "none"}
HIDDEN.update(done=False, points=None)
KEPT = (
    "id metric_id name description unit source category scope weight target counted late adjustment completion zone done"
    " pace"
).split()


class DisciplineScorecard(models.Model):
    """Today's scorecards on the page 'My Day'."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_day_rows(self, now: datetime) -> list[dict]:
        """The reader's scorecards that today belongs to where they work, the shortest period first; and open ones of
        periods gone by whose deadline is still to come. Also those that are hidden while a report is due."""
        query = SQL(
            """
            SELECT c.id, c.employee_id, c.plan_id, %(plan)s AS plan, p.completion_cap, p.deadline_hour, c.trial, c.state,
                   c.period, c.date_from, c.date_to, c.deadline, c.tz, c.hours, c.day_hours, c.efficiency, c.points,
                   c.done_count, c.excused, c.excuse_reason, c.ask_report, c.ask_report AND c.state = 'open'
                   AND c.submitted_at IS NULL AND co.discipline_show_measured IS NOT TRUE AS is_hidden, co.currency_id
              FROM discipline_scorecard c
              JOIN discipline_plan p ON p.id = c.plan_id
              JOIN res_company co ON co.id = c.company_id
             WHERE c.user_id = %(uid)s AND c.company_id = ANY(%(companies)s)
               AND (c.state = 'open' OR c.date_to >= %(yesterday)s) AND c.date_from <= %(tomorrow)s
            """,
            plan=self.env["discipline.plan"].sudo()._field_to_sql("p", "name"),
            uid=self.env.uid,
            companies=self.env.companies.ids,
            yesterday=now.date() - DAY,
            tomorrow=now.date() + DAY,
        )
        rows = []
        for row in self.env.execute_query_dict(query):
            today = local_date(now, row["tz"])
            is_due = row["state"] == "open" and row["deadline"] >= now
            if row["date_from"] <= today and (row["date_to"] >= today or is_due):
                rows.append(row)
        return sorted(
            rows,
            key=lambda row: (bool(row["trial"]), ORDER.index(row["period"]), row["date_from"], row["id"]),
        )

    @api.model
    def _measure_day(self, rows: list[dict], now: datetime) -> list[dict]:
        """These scorecards (of `_get_day_rows`) as the page shows them; open ones are measured now."""
        cards = self.sudo().browse([row["id"] for row in rows])
        lines = defaultdict(list)
        for line in cards._get_page_rows() if cards else ():
            lines[line["card_id"]].append(line)
        live = [row["id"] for row in rows if row["state"] == "open" and not row["is_hidden"]]
        if live:
            cards.browse(live)._measure_page([line for card_id in live for line in lines[card_id]])
        return [card._get_day_card(row, lines[card.id], now) for card, row in zip(cards, rows, strict=True)]

    def _get_day_card(self, row: dict, lines: list[dict], now: datetime) -> dict:
        """One of them, from its judged lines; without what was measured while a report is due."""
        totals = [row["points"], row["efficiency"], row["done_count"]]
        hours = None
        if row["is_hidden"]:
            for line in lines:
                line.update(HIDDEN)
            totals = [None] * 3
        elif row["state"] == "open":
            totals = self._sum_up_page(lines, row["completion_cap"])
            hours = self._get_page_hours(row, now) if now < row["deadline"] else None
        return self._prepare_day_card(row, lines, totals, hours, now)

    def _prepare_day_card(self, row: dict, rows: list[dict], totals: list, hours, now: datetime) -> dict:
        """One scorecard on the page, None for no data.

        - `id`, `plan`, `plan_id`, `employee_id`, `period`, `date_from`, `date_to`, `trial`, `ask_report`, `currency_id`
        - `state`: open, closed (the deadline has passed, it is frozen within minutes) or frozen; `deadline` (UTC), and
          `closes` as words; `is_hidden`: a report comes before what was measured; `excused`: why, or False
        - `points`: what it comes to as it stands; `earned` by what is done, `possible` with everything done; `done` of
          `count` indicators; `efficiency` and its `zone`
        - `lines`: see `_prepare_day_line`
        """
        lines = [self._prepare_day_line(line, hours) for line in rows]
        points, efficiency, done = totals
        rules = [(line["weight"], line["green_from"], line["yellow_from"]) for line in rows]
        names = "id plan_id plan employee_id period date_from date_to ask_report is_hidden currency_id"
        names += " deadline"
        is_open = row["state"] == "open"
        return {
            **{name: row[name] for name in names.split()},
            "trial": bool(row["trial"]),
            "state": "frozen" if not is_open else "open" if now < row["deadline"] else "closed",
            "closes": self._get_page_moment(row["deadline"], row["tz"]),
            "closes_at": self._get_local_hour(row["deadline"], row["tz"]),
            "excused": (row["excuse_reason"] or "") if row["excused"] else False,
            "points": points,
            "earned": None if points is None else sum(line["points_done"] for line in lines if line["done"]),
            "possible": sum(line["points_done"] for line in lines),
            "done": done,
            "count": len(lines),
            "efficiency": efficiency,
            "zone": scoring.overall_zone(efficiency, rules),
            "lines": lines,
        }

    def _prepare_day_line(self, row: dict, hours) -> dict:
        """One indicator on the page: what KEPT names as on the KPI page, `points_done`, `points_missed`, `points`, and
        `left`: how much is missing, or too much where less is better; None for no data."""
        line = self._prepare_page_line(row, [], hours)
        return {
            **{name: line[name] for name in KEPT},
            "higher_is_better": row["higher_is_better"],
            "points": row["points"],
            "points_done": row["points_done"],
            "points_missed": row["points_missed"],
            "left": scoring.left(line["counted"], row["target"], row["higher_is_better"]),
            "money_done": None,
            "money_missed": None,
        }

    @api.model
    def _add_money(self, cards: list[dict]) -> None:
        """Say in money what done earns and missed costs on these scorecards (see `_prepare_day_card`), where points pay:
        `money_done` and `money_missed` of each line, `money_points` and `money_possible` of the card; None elsewhere."""
        schemes = self.env["discipline.scheme"]
        found = {}
        for card in cards:
            names = ("money_points", "money_possible", "money_currency_id", "no_fines")
            card.update(dict.fromkeys(names))
            if card["trial"] or card["state"] == "frozen" or card["excused"] is not False:
                continue
            key = (card["employee_id"], card["date_to"], card["period"])
            if key not in found:
                person = self.env["hr.employee"].browse(card["employee_id"])
                found[key] = schemes._get_point_values(person, *key[1:]).get(person.id)
            if found[key]:
                self._add_card_money(card, found[key])

    @api.model
    def _add_card_money(self, card: dict, value: dict) -> None:
        """:param value: of `discipline.scheme._get_point_values`"""
        cache = {None: None}

        def worth(points):
            if points not in cache:
                cache[points] = self.env["discipline.scheme"]._get_points_money(value, points)
            return cache[points]

        for line in card["lines"]:
            line["money_done"] = worth(line["points_done"])
            line["money_missed"] = worth(line["points_missed"])
        card["money_points"] = worth(card["points"])
        card["money_possible"] = worth(card["possible"])
        card["money_currency_id"] = value["currency_id"]
        card["no_fines"] = value["no_fines"]
