import datetime as dt

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import scoring
from .page_date import parse_day


class DisciplineScorecard(models.Model):
    """The page 'My Report': one's own scorecards that ask for a report, with a number to state for each indicator. What
    was measured is on it only once it may be seen."""

    _inherit = "discipline.scorecard"

    @api.model
    def get_report_page(self, date=False) -> dict:
        """What the page shows of a day.

        :param date: ISO date; by default today where the person is. Today has the scorecards of periods gone by too whose
            deadline is still to come
        :return: dict of `date`, `is_today`, `previous_date` and `next_date` (or False), `empty` (why there is nothing, in
            words) and `cards`, see `_get_report_cards`
        """
        self.check_access("read")
        today = fields.Date.context_today(self)
        day = self._check_report_date(date) or today
        own = Domain("user_id", "=", self.env.uid) & Domain("ask_report", "=", True)
        own &= Domain("company_id", "in", self.env.companies.ids)
        cards = self.sudo()  # own ones, which their person does not see while a report is due
        wanted = Domain("date_from", "<=", day) & Domain("date_to", ">=", day)
        now = fields.Datetime.now()
        if day == today:
            wanted |= (
                Domain("date_to", "<", day) & Domain("state", "=", "open") & Domain("deadline", ">=", now)
            )
        found = cards.search(own & wanted, order="deadline, id")
        before = cards.search(own & Domain("date_to", "<", day), order="date_to desc", limit=1)
        after = cards.search(own & Domain("date_from", ">", day), order="date_from", limit=1)
        shown = found.with_env(self.env)._get_report_cards(now)
        return {
            "date": day,
            "is_today": day == today,
            "previous_date": before.date_to,
            "next_date": after.date_from or (today if day < today else False),
            "cards": shown,
            "empty": "" if shown else self._get_report_empty(day == today, bool(before or after)),
        }

    def _check_report_date(self, day) -> dt.date | None:
        """:raise UserError: for what is no date"""
        found = parse_day(day) if day else None
        if day and not found:
            raise UserError(self.env._("The report was asked for a date that there is not: %s", day))
        return found

    def _get_report_empty(self, is_today: bool, asked: bool) -> str:
        """Why there is no report to hand in."""
        if not asked:
            return self.env._(
                "No plan asks you for a report. Managers switch it on in a plan: Configuration > Discipline > Plans,"
                " “Ask for a Report of One's Own”."
            )
        if is_today:
            return self.env._(
                "Nothing to report today: you have no scorecard for this day, or it opens within minutes."
            )
        return self.env._("Nothing to report: you have no scorecard for this day.")

    def _is_measured_hidden(self) -> bool:
        """Whether the person is not to see yet what was measured on this scorecard."""
        self.ensure_one()
        return (
            self.ask_report
            and self.state == "open"
            and not self.submitted_at
            and not self.company_id.discipline_show_measured
        )

    def _get_report_cards(self, now: dt.datetime) -> list[dict]:
        """These scorecards of the person at work as the page shows them; open ones are measured now where that may be
        seen.

        :return: dicts of `id`, `plan`, `period`, `date_from`, `date_to`, `state` (due, done, missing), `can_submit`,
            `is_hidden` (what was measured), `deadline` and `submitted_at` in words, `comment`, `currency_id`, and `lines`:
            dicts of id, name, description, unit, target, claimed, measured (with adjustment), gap and claim (up, flat,
            down, none); None for no data
        """
        cards = self.sudo()
        opened = cards.filtered(lambda card: card.state == "open" and now <= card.deadline)
        opened.filtered(lambda card: not card._is_measured_hidden())._measure_and_store(now, freeze=False)
        return [card._prepare_report_card(now, self.env) for card in cards.exists()]

    def _prepare_report_card(self, now: dt.datetime, env) -> dict:
        """One of them; `env` is that of the reader."""
        hidden = self._is_measured_hidden()
        lines = self._get_report_lines()
        numbers = lines._get_report_numbers()
        card = self.with_env(env(su=True))
        return {
            "id": self.id,
            "plan": card.plan_id.name,
            "period": self.period,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "state": self.report_state,
            "can_submit": bool(
                self.state == "open" and now <= self.deadline and lines and not self._is_report_final()
            ),
            "is_hidden": hidden,
            "deadline": card._get_page_moment(self.deadline, self.tz),
            "submitted_at": self.submitted_at and card._get_page_moment(self.submitted_at, self.tz),
            "comment": self.report_comment or "",
            "currency_id": self.currency_id.id,
            "lines": [
                line._prepare_report_line(*numbers[line.id], hidden) for line in lines.with_env(card.env)
            ],
        }


class DisciplineScorecardLine(models.Model):
    _inherit = "discipline.scorecard.line"

    def _get_report_numbers(self) -> dict[int, tuple]:
        """`{line id: (target, stated, fact with its adjustment)}`, None for no data."""
        self.flush_recordset()
        query = SQL(
            "SELECT id, target, claimed, actual + COALESCE(adjustment, 0) FROM discipline_scorecard_line WHERE id = ANY(%s)",
            self.ids,
        )
        return {line_id: tuple(numbers) for line_id, *numbers in self.env.execute_query(query)}

    def _prepare_report_line(self, target, claimed, measured, hidden: bool) -> dict:
        """One line of the page, see `_get_report_cards`."""
        measured = None if hidden else measured
        known = None not in (claimed, measured)
        return {
            "id": self.id,
            "name": self.metric_id.name,
            "description": self.metric_id.description or "",
            "unit": self.unit,
            "target": target,
            "claimed": claimed,
            "measured": measured,
            "gap": claimed - measured if known else None,
            "claim": scoring.trend(claimed, measured),
        }
