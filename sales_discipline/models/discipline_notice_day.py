from collections import defaultdict
from datetime import datetime
from functools import partial

from odoo import api, models
from odoo.tools import SQL, format_date, format_time

from ..tools import scoring
from .discipline_notice import PREFERENCE
from .number_text import format_number


class DisciplineNotice(models.Model):
    """What is told of a day: what is left before the deadline, and what came of it. Who is told is found in one statement a
    kind, what they are told in a few more, however many they are."""

    _inherit = "discipline.notice"

    # ------------------------------------------------------------
    # Before the deadline
    # ------------------------------------------------------------

    @api.model
    def _send_reminders(self, now: datetime) -> None:
        """Remind whoever has something left to do, so many minutes before the deadline as the company says; never after
        it. The open scorecards were measured by the step before."""
        query = SQL(
            """
            SELECT DISTINCT ON (c.employee_id, c.date_from) c.id, c.user_id, c.company_id, c.deadline, c.tz, c.date_from,
                   p.lang, c.ask_report IS TRUE AND c.submitted_at IS NULL AS unreported,
                   c.ask_report IS TRUE AND c.submitted_at IS NULL AND co.discipline_show_measured IS NOT TRUE AS hidden
              FROM discipline_scorecard c
              JOIN res_company co ON co.id = c.company_id AND co.discipline_reminder_minutes > 0
              JOIN res_users u ON u.id = c.user_id
              JOIN res_partner p ON p.id = u.partner_id
             WHERE c.state = 'open' AND c.period = 'day' AND c.deadline > %(now)s AND c.excused IS NOT TRUE
               AND c.deadline <= %(now)s + co.discipline_reminder_minutes * INTERVAL '1 minute'
               AND %(reader)s
             ORDER BY c.employee_id, c.date_from, c.trial IS TRUE, c.id
            """,
            now=now,
            reader=self._sql_reader("reminder", SQL("c.company_id || ':' || c.date_from")),
        )
        self.env.flush_all()
        rows = self.env.execute_query_dict(query)
        lines = self._get_lines([row["id"] for row in rows])
        notices = []
        for row in rows:
            undone = self._get_missed(lines[row["id"]])
            if undone or row["unreported"]:
                notices.append(self._prepare_reminder(row, [] if row["hidden"] else undone))
        self._send("reminder", notices, now)

    @api.model
    def _sql_reader(self, kind: str, key: SQL) -> SQL:
        """A condition on the users `u` and the cards or teams `c`: they are to be told, and have not been."""
        return SQL(
            """
            u.active AND u.%(preference)s != 'none'
            AND EXISTS (SELECT FROM res_company_users_rel r WHERE r.user_id = u.id AND r.cid = c.company_id)
            AND NOT EXISTS (SELECT FROM discipline_notice n WHERE n.user_id = u.id AND n.kind = %(kind)s AND n.key = %(key)s)
            """,
            preference=SQL.identifier(PREFERENCE[kind]),
            kind=kind,
            key=key,
        )

    @api.model
    def _prepare_reminder(self, row: dict, undone: list[dict]) -> dict:
        """The reminder of one person. What was measured is not in it while they are to state their own numbers."""
        env = self.with_context(lang=row["lang"]).env
        hour = format_time(env, row["deadline"], tz=row["tz"], time_format="short")
        items = [self._say_left(env, line) for line in undone]
        if row["unreported"]:
            items.append(env._("Your report is not handed in yet."))
        subject = env._("Left to do until %(hour)s", hour=hour)
        intro = env._("Until %(hour)s (%(tz)s) there is still to be done:", hour=hour, tz=row["tz"])
        values = {"items": items, "intro": intro, "url": f"{self.get_base_url()}/odoo/my-day"}
        return {
            "user_id": row["user_id"],
            "company_id": row["company_id"],
            "key": f"{row['company_id']}:{row['date_from']}",
            "subject": subject,
            "text": ", ".join(items),
            "body": env["ir.qweb"]._render("sales_discipline.notice_reminder", values),
        }

    # ------------------------------------------------------------
    # After it
    # ------------------------------------------------------------

    @api.model
    def _send_results(self, now: datetime) -> None:
        """Tell people what came of their scorecards: of each kind of period only the last one that was closed, also when
        the scheduled action has some to catch up with."""
        query = SQL(
            """
            SELECT c.id, c.employee_id, c.user_id, c.company_id, c.period, c.date_from, c.date_to, c.points, c.efficiency,
                   p.lang
              FROM (SELECT DISTINCT ON (employee_id, period) * FROM discipline_scorecard
                     WHERE state = 'frozen' AND frozen_at > %(now)s - INTERVAL '1 day'
                       AND deadline > %(now)s - INTERVAL '4 days' AND backfilled IS NOT TRUE
                     ORDER BY employee_id, period, date_from DESC, trial IS TRUE, id) c
              JOIN res_company co ON co.id = c.company_id AND co.discipline_notice_result
              JOIN res_users u ON u.id = c.user_id
              JOIN res_partner p ON p.id = u.partner_id
             WHERE c.excused IS NOT TRUE AND %(reader)s
             ORDER BY c.employee_id, c.period
            """,
            now=now,
            reader=self._sql_reader("result", SQL("c.id::varchar")),
        )
        self.env.flush_all()
        rows = self.env.execute_query_dict(query)
        lines = self._get_lines([row["id"] for row in rows])
        cards = self.env["discipline.scorecard"].sudo().browse(row["id"] for row in rows)
        zones = {card.id: card.zone for card in cards}
        self._send("result", [self._prepare_result(row, lines[row["id"]], zones) for row in rows], now)

    @api.model
    def _get_missed(self, lines: list[dict]) -> list[dict]:
        """Of these lines those that are not done; what has no data is not missed."""
        return [line for line in lines if line["zone"] != "none" and not line["done"]]

    @api.model
    def _prepare_result(self, row: dict, lines: list[dict], zones: dict) -> dict:
        """The result of one person's scorecard."""
        env = self.with_context(lang=row["lang"]).env
        days = " – ".join(format_date(env, day) for day in sorted({row["date_from"], row["date_to"]}))
        points = self._format(env, row["points"])
        zone = dict(env["discipline.scorecard.line"]._fields["zone"]._description_selection(env))[
            zones[row["id"]]
        ]
        missed = [self._say_left(env, line) for line in self._get_missed(lines)]
        intro = env._(
            "%(period)s – points: %(points)s, efficiency: %(efficiency)s (%(zone)s)",
            period=days,
            points=points,
            efficiency=self._format(env, row["efficiency"], "percent"),
            zone=zone,
        )
        values = {
            "intro": intro,
            "missed": missed,
            "url": f"{self.get_base_url()}/odoo/kpi?period={row['period']}&date={row['date_from']}",
        }
        subject = env._("Points, %(period)s: %(points)s", period=days, points=points)
        return {
            "user_id": row["user_id"],
            "company_id": row["company_id"],
            "key": str(row["id"]),
            "subject": subject,
            "text": ", ".join(missed) or env._("Everything done."),
            "body": env["ir.qweb"]._render("sales_discipline.notice_result", values),
        }

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    @api.model
    def _get_lines(self, card_ids: list[int]) -> dict[int, list[dict]]:
        """The indicators of these scorecards as plain values, by card."""
        lines = defaultdict(list)
        query = SQL(
            """
            SELECT l.scorecard_id, l.metric_id, l.currency_id, l.target, l.actual + COALESCE(l.adjustment, 0) AS actual,
                   l.zone, l.done IS TRUE AS done, m.unit, m.higher_is_better
              FROM discipline_scorecard_line l JOIN discipline_metric m ON m.id = l.metric_id
             WHERE l.scorecard_id = ANY(%s) ORDER BY l.scorecard_id, l.sequence, l.id
            """,
            card_ids,
        )
        for line in self.env.execute_query_dict(query):
            lines[line["scorecard_id"]].append(line)
        return lines

    @api.model
    def _say_left(self, env, line: dict) -> str:
        """'Calls: 2 more (3 of 5)', or of what should be low 'Overdue Activities: 2, at most 0'."""
        number = partial(self._format, env, unit=line["unit"], currency_id=line["currency_id"])
        values = {
            "name": env["discipline.metric"].sudo().browse(line["metric_id"]).name,
            "actual": number(line["actual"]),
            "target": number(line["target"]),
        }
        if not line["higher_is_better"]:
            return env._("%(name)s: %(actual)s, at most %(target)s", **values)
        left = number(scoring.left(line["actual"], line["target"], True))
        return env._("%(name)s: %(left)s more (%(actual)s of %(target)s)", left=left, **values)

    @api.model
    def _format(self, env, value: float | None, unit: str = "count", currency_id: int | None = None) -> str:
        """A number in its unit, in the language of `env`; a dash for no data."""
        if value is None:
            return "–"
        if unit == "money":
            return format_number(env, value, currency=env["res.currency"].browse(currency_id))
        digits = 0 if round(value, 2) == round(value) else 1
        text = format_number(env, value, digits=digits)
        if unit == "minutes":
            return env._("%s min", text)
        return f"{text}%" if unit == "percent" else text
