from datetime import datetime

import pytz

from odoo import api, fields, models

from ..tools import scoring
from ..tools.periods import local_date, timezone


class DisciplineScorecard(models.Model):
    """The page 'My Day': what is left to do today, and what it is worth. Everything on it is the reader's own, as of
    now, and nothing is stored."""

    _inherit = "discipline.scorecard"

    @api.model
    @api.readonly
    def get_my_day(self) -> dict:
        """What the page shows.

        :return: dict of `now` (UTC), `date` (today where the person is), `name`, `cards` (see `_prepare_day_card`),
            `reports` (scorecards to report on, see `_get_report_cards`), `results` (see `_get_day_results`), `todo`
            (see `_get_day_todo`), `work` (see `_get_day_work`), `types` (see `_get_log_types`), `is_leader`, and
            `empty`: why there is no scorecard, in words, or ""
        """
        self.check_access("read")
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self._get_day_rows(now)
        today = self._get_day_date(rows, now)
        cards = self._measure_day(rows, now)
        self._add_money(cards)
        return {
            "now": now,
            "date": today,
            "name": self.env.user.name,
            "cards": cards,
            "reports": self._get_day_reports(cards, today, now),
            "results": self._get_day_results(today),
            "todo": self._get_day_todo(today),
            "work": self._get_day_work(today),
            "types": self._get_log_types(),
            "empty": "" if cards else self._get_day_empty(),
            "is_leader": self.env.user.has_group("sales_discipline.group_leader"),
        }

    @api.model
    @api.readonly
    def get_my_progress(self) -> dict | bool:
        """The same in brief, for the corner of every page: today's scorecard that counts (the week's or the month's if
        there is none of a day), or False without one.

        :return: dict of `now` and what `_prepare_day_card` says of the card
        """
        self.check_access("read")
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self._get_day_rows(now)
        first = next((row for row in rows if not row["trial"] and not row["excused"]), None)
        if not first:
            return False
        [card] = self._measure_day([first], now)
        return {**card, "now": now}

    @api.model
    def _get_day_work(self, today) -> dict:
        """What else waits for the reader, by the key of the card that shows it (registry `sales_discipline.my_day`): plain
        values, or False where there is nothing to show. A fixed number of statements each."""
        return {}

    def _get_day_date(self, rows: list[dict], now: datetime):
        """Today where the person works, as the deadline is."""
        return local_date(now, rows[0]["tz"]) if rows else fields.Date.context_today(self)

    def _get_day_empty(self) -> str:
        """Why there is no scorecard today, and who can change that."""
        domain = [("user_id", "=", self.env.uid), ("company_id", "in", self.env.companies.ids)]
        if self.sudo().search_count(domain, limit=1):
            return self.env._(
                "You have no scorecard today: it is a day off for you, or your plan has ended. What you do is recorded all"
                " the same."
            )
        if self.env.user.has_group("sales_discipline.group_leader"):
            return self.env._(
                "No plan asks anything of you: you look after those who have one. Plans for others, and for yourself, are"
                " made in Configuration > Discipline > Plans."
            )
        return self.env._(
            "No plan is in force for you yet: ask the head of sales for one. It shows here what is to be done each day."
        )

    def _get_day_reports(self, cards: list[dict], today, now: datetime) -> list[dict]:
        """Scorecards to report on today, as the page 'My Report' shows them, with what has been measured by now."""
        wanted = [
            card["id"]
            for card in cards
            if card["ask_report"] and (card["period"] == "day" or card["date_to"] <= today)
        ]
        own = self.sudo().browse(wanted)
        reports = [card._prepare_report_card(now, self.env) for card in own]
        counted = {line["id"]: line["counted"] for card in cards for line in card["lines"]}
        for report in reports:
            for line in report["lines"] if not report["is_hidden"] else ():
                claimed, measured = line["claimed"], counted[line["id"]]
                line.update(measured=measured, claim=scoring.trend(claimed, measured))
                line["gap"] = None if None in (claimed, measured) else claimed - measured
        return reports

    @api.model
    def _get_local_hour(self, moment: datetime, tz: str) -> str:
        """The hour and minute (18:00) of a UTC moment where the person works."""
        return pytz.utc.localize(moment).astimezone(timezone(tz)).strftime("%H:%M")
