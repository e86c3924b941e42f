from dataclasses import dataclass
from datetime import date, datetime

import pytz

from odoo import models
from odoo.tools import SQL

from ..tools import pace, scoring
from ..tools.periods import timezone
from ..tools.windows import Measure

JUDGED = ("completion", "zone", "trend", "done", "points")
SHOWN = (
    "id metric_id name description unit source category scope weight target actual previous late adjustment"
    " adjustment_reason higher_is_better claimed"
).split() + list(JUDGED)


@dataclass(frozen=True, slots=True)
class _Hours:
    """The working hours of a period that is running."""

    passed: float
    total: float


class DisciplineScorecard(models.Model):
    """What the KPI page shows of one card: its totals, and its lines, those of an open one as of now."""

    _inherit = "discipline.scorecard"

    def _get_page_card(self, row: dict, history: list[dict], now: datetime) -> dict:
        """`card` and `lines` of the KPI page.

        :param row: the card as `_get_page_people` found it
        """
        self.ensure_one()
        rows = self._get_page_rows()
        is_open = row["state"] == "open"
        totals = [row[name] for name in ("points", "efficiency", "done_count")]
        hours = None
        if is_open:
            self._measure_page(rows)
            totals = self._sum_up_page(rows, row["completion_cap"])
            hours = self._get_page_hours(row, now)
        lines = [self._prepare_page_line(line, history, hours) for line in rows]
        self._add_assessments(lines, row)
        return {"card": self._prepare_page_card(row, totals, rows, history), "lines": lines}

    def _get_page_rows(self) -> list[dict]:
        """The stored lines of these cards as plain values, where nothing is None and not zero."""
        metric, texts = self.env["discipline.metric"].sudo(), {}
        for name in ("name", "description"):
            texts[name] = metric._field_to_sql("m", name)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, l.scorecard_id AS card_id, l.metric_id, %(name)s AS name, %(description)s AS description,
                       m.unit, m.source, m.higher_is_better, m.numerator_id, m.denominator_id, l.category, l.scope,
                       l.weight, l.target, l.actual, l.previous, l.late, l.adjustment, l.adjustment_reason, l.claimed,
                       l.completion, l.zone, l.trend, l.done, l.points, pl.green_from, pl.yellow_from, pl.points_done,
                       pl.points_missed
                  FROM discipline_scorecard_line l
                  JOIN discipline_metric m ON m.id = l.metric_id
                  JOIN discipline_plan_line pl ON pl.id = l.plan_line_id
                 WHERE l.scorecard_id = ANY(%(cards)s)
                 ORDER BY l.sequence, l.id
                """,
                cards=self.ids,
                **texts,
            )
        )

    # ------------------------------------------------------------
    # As of now
    # ------------------------------------------------------------

    def _measure_page(self, rows: list[dict]) -> None:
        """Measure the lines of these open cards and judge them, in `rows` and nowhere else."""
        found = self._measure_page_lines(rows)
        metrics = self.env["discipline.metric"].sudo()
        for row in rows:
            measure = found[row["card_id"], row["scope"], row["metric_id"]]
            rule = scoring.Rule(
                *(row[name] for name in ("higher_is_better", "green_from", "yellow_from", "points_done")),
                row["points_missed"],
            )
            row.update(actual=measure.value, late=measure.late)
            row.update(
                zip(JUDGED, self._judge(rule, measure.value, row["target"], row["previous"]), strict=True)
            )
            row["is_flow"] = row["higher_is_better"] and metrics.browse(row["metric_id"])._is_flow()

    def _sum_up_page(self, rows: list[dict], cap: float) -> list:
        """Points, efficiency and number of lines done of a card, from its judged lines."""
        weighted = [(row["weight"], row["completion"]) for row in rows]
        efficiency = self._get_efficiency(weighted, cap)
        return [sum(row["points"] for row in rows), efficiency, sum(1 for row in rows if row["done"])]

    def _measure_page_lines(self, rows: list[dict]) -> dict[tuple[int, str, int], Measure]:
        """`{(card id, scope, metric id): Measure}` of the lines of these cards; what ratios are made of is read with
        them."""
        names = ("metric_id", "numerator_id", "denominator_id")
        everything = {row[name] for row in rows for name in names if row[name]}
        result = {}
        cards = self.sudo()._get_plain()
        before = self._get_before(cards)
        for scope in ("own", "team"):
            lines = [row for row in rows if row["scope"] == scope]
            ids = list(dict.fromkeys(row["metric_id"] for row in lines))
            metrics = self.env["discipline.metric"].sudo().browse(ids).with_prefetch(everything)
            asked = {row["card_id"] for row in lines}
            windows = self._prepare_windows([card for card in cards if card.id in asked], scope, before)
            for (metric_id, card_id), measure in metrics._measure(windows).items():
                result[card_id, scope, metric_id] = measure
        return result

    def _get_page_hours(self, row: dict, now: datetime) -> _Hours | None:
        """The working hours of this card's period, and those gone by; None where they are not known yet."""
        days = row["day_hours"] or {}
        if row["date_from"] == row["date_to"]:
            days = {str(row["date_from"]): row["hours"]}
        local = pytz.utc.localize(now).astimezone(timezone(row["tz"]))
        by_day = {date.fromisoformat(day): hours for day, hours in days.items()}
        hour = local.hour + local.minute / 60
        passed = pace.hours_passed(by_day, local.date(), hour, row["deadline_hour"])
        return _Hours(passed, sum(by_day.values()))

    def _get_pace(self, target: float | None, hours: _Hours) -> float | None:
        """Where one should be by now; the rule is in tools/pace.py."""
        return pace.expected(target, hours.passed, hours.total)

    # ------------------------------------------------------------
    # As the page wants it
    # ------------------------------------------------------------

    def _prepare_page_card(self, row: dict, totals: list, rows: list[dict], history: list[dict]) -> dict:
        """`card` of the KPI page."""
        points, efficiency, done = totals
        before = history[-1]["efficiency"] if history else None
        zones = [line["zone"] for line in rows]
        rules = [(line["weight"], line["green_from"], line["yellow_from"]) for line in rows]
        frozen = row["state"] == "frozen"
        may_adjust = row["is_led"] or self.env.user.has_group("sales_discipline.group_manager")
        return {
            "id": self.id,
            **{name: row[name] for name in ("plan_id", "plan", "trial", "state", "currency_id")},
            "deadline": self._get_page_moment(row["deadline"], row["tz"]),
            "frozen_at": frozen and self._get_page_moment(row["frozen_at"], row["tz"]),
            "points": points,
            "efficiency": efficiency,
            "efficiency_before": before,
            # a period under way stands against no whole one
            "efficiency_change": efficiency - before if frozen and None not in (efficiency, before) else None,
            "efficiency_trend": scoring.trend(efficiency, before) if frozen else "none",
            "done": done,
            "count": len(rows),
            "zone": scoring.overall_zone(efficiency, rules),
            "zones": [
                [zone, zones.count(zone)] for zone in ("green", "yellow", "red", "none") if zone in zones
            ],
            "is_adjustable": bool(frozen and may_adjust and not row["is_me"]),
            "is_appealable": bool(frozen and row["is_me"] and not row["excused"]),
            "excused": row["excused"] and (row["excuse_reason"] or ""),
        }

    def _prepare_page_line(self, row: dict, history: list[dict], hours: _Hours | None) -> dict:
        """One line of the KPI page: what SHOWN names, None for no data, and

        - `counted`: the fact with its adjustment; `is_better`: better, same, worse or False
        - `previous_by_now`: of an open card's line that adds up over time, as much of the period before as has passed of
          this one, which the trend is against; else False
        - `pace`: of an open card's line that adds up over time: what is `expected` by now, as `percent` of the target
          too, by how much one is `ahead`, and `trend`: up (ahead), flat or down (behind)
        - `claim`: what the person reported against `counted`: up (more), flat, down or none
        - `history`: dicts of date_from, target, actual and zone, of the periods before and of this one, the oldest first
        """
        actual = row["actual"]
        line = {name: row[name] for name in SHOWN}
        line["counted"] = None if actual is None else actual + (row["adjustment"] or 0.0)
        line["claim"] = scoring.trend(line["claimed"], line["counted"])
        line["pace"] = line["previous_by_now"] = False
        running = hours if row.get("is_flow") else None
        if running and row["previous"] is not None and actual is not None:
            # what has been added up so far against as much of the period before
            line["previous_by_now"] = self._get_pace(row["previous"], running)
            line["trend"] = scoring.trend(actual, line["previous_by_now"])
        line["is_better"] = scoring.change(line["trend"], row["higher_is_better"])
        expected = self._get_pace(row["target"], running) if running else None
        if expected is not None and actual is not None:
            line["pace"] = {
                "expected": expected,
                "ahead": actual - expected,
                "percent": scoring.completion(expected, row["target"]),
                "trend": scoring.trend(actual, expected),
            }
        key = f"{row['metric_id']},{row['scope']}"
        past = [(period["date_from"], (period["lines"] or {}).get(key)) for period in history]
        line["history"] = [
            dict(
                zip(
                    ("date_from", "target", "actual", "zone"),
                    (day, *(values or (None, None, "none"))),
                    strict=True,
                )
            )
            for day, values in past
        ]
        line["history"].append(
            {"date_from": False, "target": row["target"], "actual": line["counted"], "zone": row["zone"]}
        )
        line["assessments"] = []
        return line

    def _add_assessments(self, lines: list[dict], row: dict) -> None:
        """The experts' scores and comments beside the lines that they make up, as far as the reader may see them."""
        by_metric = {line["metric_id"]: line for line in lines if line["source"] == "assessment"}
        if not by_metric or not self.env["discipline.assessment"].has_access("read"):
            return
        domain = [("employee_id", "=", row["id"]), ("metric_id", "in", list(by_metric))]
        domain += [("date_from", ">=", row["date_from"]), ("date_to", "<=", row["date_to"])]
        query = SQL(
            """
            SELECT a.metric_id, p.name AS assessor, a.score, a.comment, a.state
              FROM discipline_assessment a
              JOIN res_users u ON u.id = a.assessor_id
              JOIN res_partner p ON p.id = u.partner_id
             WHERE a.id IN %s ORDER BY p.name, a.id
            """,
            self.env["discipline.assessment"]._search(domain).subselect(),
        )
        for found in self.env.execute_query_dict(query):
            by_metric[found.pop("metric_id")]["assessments"].append(found)
