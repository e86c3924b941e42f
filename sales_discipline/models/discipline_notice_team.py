from collections import defaultdict
from datetime import date, datetime

from odoo import api, models
from odoo.tools import SQL, format_date


class DisciplineNotice(models.Model):
    """The evening table: the team's day for its leader."""

    _inherit = "discipline.notice"

    @api.model
    def _send_team_days(self, now: datetime) -> None:
        """Send each leader the day of their team once its last scorecard is frozen; only the last day that is closed."""
        query = SQL(
            """
            SELECT c.team_id, c.company_id, c.date_from, u.id AS user_id, p.lang, %(name)s AS team
              FROM (SELECT DISTINCT ON (team_id, company_id) * FROM (
                        SELECT team_id, company_id, date_from
                          FROM discipline_scorecard
                         WHERE period = 'day' AND date_from >= %(today)s - 6 AND team_id IS NOT NULL
                         GROUP BY team_id, company_id, date_from
                        HAVING BOOL_AND(state = 'frozen') AND NOT BOOL_AND(backfilled IS TRUE)
                           AND MAX(frozen_at) > %(now)s - INTERVAL '1 day'
                           AND MAX(deadline) > %(now)s - INTERVAL '4 days') closed
                     ORDER BY team_id, company_id, date_from DESC) c
              JOIN res_company co ON co.id = c.company_id AND co.discipline_notice_team
              JOIN crm_team t ON t.id = c.team_id AND t.active
              JOIN res_users u ON u.id = t.user_id
              JOIN res_partner p ON p.id = u.partner_id
             WHERE %(reader)s AND u.id = ANY(%(leaders)s)
             ORDER BY c.team_id, c.company_id
            """,
            now=now,
            leaders=self._get_leader_ids(),
            today=now.date(),
            name=self.env["crm.team"].sudo()._field_to_sql("t", "name"),
            reader=self._sql_reader(
                "team_day", SQL("c.team_id || ':' || c.company_id || ':' || c.date_from")
            ),
        )
        self.env.flush_all()
        days = self.env.execute_query_dict(query)
        people = self._get_team_cards(days) if days else {}
        notices = [
            self._prepare_team_day(day, people.get((day["team_id"], day["company_id"], day["date_from"]), []))
            for day in days
        ]
        self._send("team_day", notices, now)

    @api.model
    def _get_leader_ids(self) -> list[int]:
        """Who may read of a team that they lead; a name on the team is no right."""
        return self.env.ref("sales_discipline.group_leader").sudo().all_user_ids.ids

    @api.model
    def _get_team_cards(self, days: list[dict]) -> dict[tuple, list[dict]]:
        """The scorecards of these days, by (team id, company id, date), the worst first."""
        query = SQL(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (c.employee_id, c.date_from) c.id, c.team_id, c.company_id, c.date_from, e.name,
                       c.points, c.efficiency, c.excused IS TRUE AS excused
                  FROM discipline_scorecard c JOIN hr_employee e ON e.id = c.employee_id
                 WHERE c.period = 'day' AND c.team_id = ANY(%s) AND c.date_from = ANY(%s)
                 ORDER BY c.employee_id, c.date_from, c.trial IS TRUE, c.id) found
             ORDER BY points, name, id
            """,
            [day["team_id"] for day in days],
            [day["date_from"] for day in days],
        )
        cards = self.env.execute_query_dict(query)
        lines = self._get_lines([card["id"] for card in cards])
        found = defaultdict(list)
        for card in cards:
            card["missed"] = self._get_missed(lines[card["id"]])
            found[card["team_id"], card["company_id"], card["date_from"]].append(card)
        return found

    @api.model
    def _prepare_team_day(self, day: dict, cards: list[dict]) -> dict:
        """The table of one team's day."""
        env = self.with_context(lang=day["lang"]).env
        counted = [card for card in cards if not card["excused"]]
        done = sum(1 for card in counted if not card["missed"])
        date_text = format_date(env, day["date_from"])
        rows = []
        for card in cards:
            missed = ", ".join(self._say_left(env, line) for line in card["missed"])
            if card["excused"]:
                missed = env._("Excused")
            rows.append((card["name"], *self._get_numbers(env, card), bool(card["missed"]), missed))
        subject = env._("%(team)s, %(day)s: %(done)s of %(people)s did everything", team=day["team"], day=date_text,
            done=done, people=len(counted))  # fmt: skip
        values = {
            "head": [env._("Person"), env._("Points"), env._("Efficiency")],
            "rows": rows,
            "total": self._get_total(env, counted),
            "url": f"{self.get_base_url()}/odoo/discipline-morning",
        }
        return {
            "user_id": day["user_id"],
            "company_id": day["company_id"],
            "key": f"{day['team_id']}:{day['company_id']}:{day['date_from']}",
            "subject": subject,
            "text": env._("Points together: %(points)s", points=self._get_total(env, counted)[0]),
            "body": env["ir.qweb"]._render("sales_discipline.notice_table", values),
        }

    @api.model
    def _get_numbers(self, env, row: dict) -> tuple[str, str]:
        """Points and efficiency in words."""
        return self._format(env, row["points"]), self._format(env, row["efficiency"], "percent")

    @api.model
    def _get_total(self, env, rows: list[dict]) -> tuple[str, str]:
        """Points together and the mean efficiency, of those that count."""
        known = [row["efficiency"] for row in rows if row["efficiency"] is not None]
        total = {
            "points": sum(row["points"] or 0.0 for row in rows) if rows else None,
            "efficiency": sum(known) / len(known) if known else None,
        }
        return self._get_numbers(env, total)

    @api.model
    def _say_period(self, env, kind: str, first: date, last: date) -> str:
        """'Mar 2 – Mar 8' in the language at hand, or 'March 2026'."""
        if kind == "month":
            return format_date(env, first, date_format="LLLL yyyy")
        return f"{format_date(env, first)} – {format_date(env, last)}"
