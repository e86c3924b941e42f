from collections import defaultdict
from datetime import datetime

import pytz

from odoo import api, models
from odoo.tools import SQL

from ..tools.periods import DAY, period_bounds, timezone

MORNING = 8  # local hour from which on the summary of what ended yesterday is sent
STALE = 4 * DAY  # a summary later than that is nobody's news


class DisciplineNotice(models.Model):
    """The summary of a week and of a month, to each person and, of the team, to its leader: from the stored daily
    scorecards, on the morning after, where the reader is."""

    _inherit = "discipline.notice"

    @api.model
    def _send_summaries(self, now: datetime) -> None:
        """Send what ended and is closed. See `_get_windows` for when."""
        self.env.flush_all()
        for kind in ("week", "month"):
            windows = self._get_windows(kind, now)
            rows = self._get_summary_rows(kind, windows) if windows else []
            found = defaultdict(list)
            for row in rows:
                found[row["user_id"], row["scope"]].append(row)
            notices = []
            for window in windows:
                people = found[window["user_id"], window["scope"]]
                if any(row["days"] for row in people) and all(row["closed"] for row in people):
                    notices.append(self._prepare_summary(kind, window, people))
            self._send(kind, notices, now)

    @api.model
    def _get_windows(self, kind: str, now: datetime) -> list[dict]:
        """Whose summary of which days is due: for each who has scorecards, and for each leader, the last period that has
        ended where they are, from eight in the morning on and for four days, unless it was sent.

        :return: dicts of user_id, scope (own|team), lang, before (first day of the period before), first, last and key
        """
        windows = []
        for row in self._get_readers(kind, now):
            local = pytz.utc.localize(now).astimezone(timezone(row["tz"]))
            today = local.date() if local.hour >= MORNING else local.date() - DAY
            last = period_bounds(kind, today)[0] - DAY
            if today - last > STALE:
                continue
            first = period_bounds(kind, last)[0]
            before = period_bounds(kind, first - DAY)[0]
            key = f"{row['scope']}:{first}"
            windows.append({**row, "before": before, "first": first, "last": last, "key": key})
        return self._leave_out_sent(kind, windows)

    @api.model
    def _get_readers(self, kind: str, now: datetime) -> list[dict]:
        """user_id, scope, lang, tz and company_id of everybody who may be sent summaries of that kind."""
        query = SQL(
            """
            WITH c AS (SELECT DISTINCT ON (c.user_id) c.user_id, c.tz, c.company_id
                         FROM discipline_scorecard c JOIN res_company co ON co.id = c.company_id AND co.%(switch)s
                        WHERE c.period = 'day' AND c.date_from > %(today)s - 40
                        ORDER BY c.user_id, c.date_from DESC, c.id)
            SELECT c.user_id, 'own' AS scope, p.lang, c.tz, c.company_id
              FROM c JOIN res_users u ON u.id = c.user_id JOIN res_partner p ON p.id = u.partner_id
             WHERE u.active AND u.discipline_notice_summary != 'none'
               AND EXISTS (SELECT FROM res_company_users_rel r WHERE r.user_id = u.id AND r.cid = c.company_id)
             UNION ALL
            SELECT u.id, 'team', p.lang, COALESCE(MAX(c.tz), p.tz, 'UTC'), u.company_id
              FROM crm_team t JOIN res_users u ON u.id = t.user_id JOIN res_partner p ON p.id = u.partner_id
              JOIN res_company co ON co.id = u.company_id AND co.%(switch)s
              LEFT JOIN c ON c.user_id = u.id
             WHERE t.active AND u.active AND u.discipline_notice_summary != 'none' AND u.id = ANY(%(leaders)s)
             GROUP BY u.id, p.id
             ORDER BY 1, 2
            """,
            leaders=self._get_leader_ids(),
            switch=SQL.identifier(f"discipline_notice_{kind}"),
            today=now.date(),
        )
        return self.env.execute_query_dict(query)

    @api.model
    def _leave_out_sent(self, kind: str, windows: list[dict]) -> list[dict]:
        """Those of these that have not been sent."""
        query = SQL(
            "SELECT user_id, key FROM discipline_notice WHERE kind = %s AND key = ANY(%s)",
            kind,
            list({window["key"] for window in windows}),
        )
        sent = set(self.env.execute_query(query))
        return [window for window in windows if (window["user_id"], window["key"]) not in sent]

    @api.model
    def _get_summary_rows(self, kind: str, windows: list[dict]) -> list[dict]:
        """A row for each reader and person: `days` that counted, with something `missed`, `points`, those of the period
        `before`, `efficiency` (the mean of the days), and whether all is `closed`."""
        keys = ("user_id", "scope", "before", "first", "last")
        query = SQL(
            """
            WITH w AS (SELECT unnest(%(user_id)s::int4[]) AS user_id, unnest(%(scope)s) AS scope,
                              unnest(%(before)s::date[]) AS before, unnest(%(first)s::date[]) AS first,
                              unnest(%(last)s::date[]) AS last),
                 c AS (SELECT DISTINCT ON (w.user_id, w.scope, c.employee_id, c.date_from) w.user_id AS reader, w.scope,
                              w.first, c.*
                         FROM w JOIN discipline_scorecard c
                           ON c.period = 'day' AND c.date_from BETWEEN w.before AND w.last
                          AND CASE w.scope WHEN 'own' THEN c.user_id = w.user_id
                              ELSE c.team_id IN (SELECT id FROM crm_team WHERE user_id = w.user_id AND active) END
                         JOIN res_company co ON co.id = c.company_id AND co.%(switch)s
                        WHERE EXISTS (SELECT FROM res_company_users_rel r WHERE r.user_id = w.user_id AND r.cid = c.company_id)
                        ORDER BY w.user_id, w.scope, c.employee_id, c.date_from, c.trial IS TRUE, c.id)
            SELECT c.reader AS user_id, c.scope, e.name, COUNT(*) FILTER (WHERE now_ AND counts) AS days,
                   COUNT(*) FILTER (WHERE now_ AND counts AND missed) AS missed,
                   SUM(c.points) FILTER (WHERE now_ AND counts) AS points,
                   SUM(c.points) FILTER (WHERE NOT now_ AND counts) AS before,
                   AVG(c.efficiency) FILTER (WHERE now_ AND counts) AS efficiency,
                   COALESCE(BOOL_AND(c.state = 'frozen') FILTER (WHERE now_), TRUE) AS closed
              FROM c JOIN hr_employee e ON e.id = c.employee_id
             CROSS JOIN LATERAL (SELECT c.date_from >= c.first AS now_, c.excused IS NOT TRUE AS counts, EXISTS (
                    SELECT FROM discipline_scorecard_line l WHERE l.scorecard_id = c.id AND l.zone != 'none'
                       AND l.done IS NOT TRUE) AS missed) x
             GROUP BY c.reader, c.scope, e.id ORDER BY points DESC NULLS LAST, e.name, e.id
            """,
            switch=SQL.identifier(f"discipline_notice_{kind}"),
            **{key: [window[key] for window in windows] for key in keys},
        )
        return self.env.execute_query_dict(query)

    @api.model
    def _prepare_summary(self, kind: str, window: dict, people: list[dict]) -> dict:
        """The summary for one reader: a person's own, or the table of the team."""
        env = self.with_context(lang=window["lang"]).env
        own = window["scope"] == "own"
        period = self._say_period(env, kind, window["first"], window["last"])
        points = self._get_total(env, people)[0]
        if own:
            subject = env._("Points, %(period)s: %(points)s", period=period, points=points)
        else:
            subject = env._("Your team, %(period)s: points %(points)s", period=period, points=points)
        days, missed = (sum(row[name] for row in people) for name in ("days", "missed"))
        values = {
            "head": [env._("Person"), env._("Points"), env._("Efficiency")],
            "rows": [self._prepare_summary_row(env, row) for row in people if row["days"]],
            "total": False if own else self._get_total(env, people),
            "url": f"{self.get_base_url()}/odoo/{'kpi' if own else 'team-board'}",
        }
        return {
            "user_id": window["user_id"],
            "company_id": window["company_id"],
            "key": window["key"],
            "subject": subject,
            "text": env._("Days: %(days)s, with something missed: %(missed)s", days=days, missed=missed),
            "body": env["ir.qweb"]._render("sales_discipline.notice_table", values),
        }

    @api.model
    def _prepare_summary_row(self, env, row: dict) -> tuple:
        """Name, points (with those of the period before), efficiency, whether something was missed, and the days."""
        points, efficiency = self._get_numbers(env, row)
        if row["before"] is not None:
            points = env._(
                "%(points)s (before: %(before)s)", points=points, before=self._format(env, row["before"])
            )
        text = env._(
            "Something missed on %(missed)s of %(days)s days", missed=row["missed"], days=row["days"]
        )
        return row["name"], points, efficiency, bool(row["missed"]), text
