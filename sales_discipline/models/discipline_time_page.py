from datetime import MAXYEAR, MINYEAR, date, datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.periods import DAY, local_date, timezone
from ..tools.time_study import minutes_between, timer_end
from .page_date import parse_day


class DisciplineTimeStudy(models.Model):
    """The page 'Time Study': what the reader's own day has gone into so far."""

    _inherit = "discipline.time.study"

    # ------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------

    @api.model
    def get_time_page(self, day: str | bool = False) -> dict:
        """What the page shows.

        :param day: ISO date of the day shown, today by default
        :return: dict of `now`, `study` (False if the reader takes part in none that runs), and if there is one `date`,
            `today`, `days`, `categories`, `entries`, `timer`, `estimate`, `totals`, `cut`; see the methods below
        """
        day = self._parse_day(day)
        now = fields.Datetime.now()
        me = self._get_mine(now)
        if not me:
            return {"now": now, "study": False, "empty": self._get_time_empty()}
        cut = me._cut_timers(now)
        return me._prepare_page(self._choose_day(me, day, now), now, cut)

    @api.model
    def _parse_day(self, day) -> date | bool:
        found = parse_day(day, (MINYEAR, MAXYEAR)) if day else False
        if found is None:
            raise UserError(self.env._("“%(day)s” is no date.", day=day))
        return found

    @api.model
    def _get_mine(self, now: datetime):
        """The reader's part in the study that runs: of those that have begun the last, or else the next."""
        found = (
            self.env["discipline.time.participant"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("study_id.state", "=", "running"),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        begun = found.filtered(lambda one: one.study_id.date_from <= local_date(now, one.tz))
        return (begun or found).sorted(lambda one: (one.study_id.date_from, one.id), reverse=bool(begun))[:1]

    @api.model
    def _choose_day(self, me, day, now: datetime) -> date:
        """The day that was asked for, or today, within the days of the study."""
        day = day or local_date(now, me.tz)
        return min(max(day, me.study_id.date_from), me.study_id.date_to)

    @api.model
    def _get_time_empty(self) -> dict:
        """What there is to say to whoever takes part in no study: how the last one went."""
        last = self.env["discipline.time.participant"].search(
            [("user_id", "=", self.env.uid), ("state", "=", "closed")], order="study_id desc", limit=1
        )
        last = last.sudo()
        return {
            "last": {
                "study_id": last.study_id.id,
                "name": last.study_id.name,
                "entered": last.entered_minutes,
                "share": last.nonselling_share if last.entered_minutes else None,
                "estimate": last.estimate if last.estimated_at else None,
            }
            if last
            else False,
            "can_start": self.env.user.has_group("sales_discipline.group_leader"),
        }


class DisciplineTimeParticipant(models.Model):
    _inherit = "discipline.time.participant"

    def _prepare_page(self, day: date, now: datetime, cut=None) -> dict:
        """The page of one participant, on that day. Minutes are whole; the timer that runs is not in them."""
        self.ensure_one()
        study = self.study_id
        today = local_date(now, self.tz)
        entries = self.env["discipline.time.entry"].sudo().search([("participant_id", "=", self.id)])
        entries.lead_id.fetch(["name"])
        timer = entries.filtered(lambda entry: entry.started_at and not entry.stopped_at)
        done = entries - timer
        of_day = done.filtered(lambda entry: entry.date == day)
        asked = study.ask_estimate and not self.estimated_at and not entries and not self._has_begun()
        return {
            "now": now,
            "study": {
                "id": study.id,
                "name": study.name,
                "note": study.note or "",
                "date_from": study.date_from,
                "date_to": study.date_to,
                "closes": format_date(self.env, local_date(study._get_closing(), self.tz) - DAY),
                "has_begun": study.date_from <= today,
                "is_over": study.date_to < today,
            },
            "date": day,
            "today": today,
            "is_open": day <= today,
            "days": self._prepare_days(done, today),
            "categories": self._prepare_categories(day, of_day, timer),
            "entries": [self._prepare_entry(entry) for entry in of_day.sorted("id", reverse=True)],
            "timer": self._prepare_timer(timer, now),
            "estimate": {"asked": asked, "value": self.estimate if self.estimated_at else None},
            "cut": [self._prepare_entry(entry) for entry in cut or ()],
        }

    def _prepare_days(self, entries, today: date) -> list[dict]:
        """Each day of the study: minutes entered, by kind, and scheduled."""
        rows, day = [], self.study_id.date_from
        while day <= self.study_id.date_to:
            found = entries.filtered(lambda entry: entry.date == day)  # noqa: B023
            planned = self._get_day_minutes(day)
            minutes = sum(found.mapped("minutes"))
            if planned or minutes or day == today:
                rows.append(
                    {
                        "date": day,
                        "minutes": minutes,
                        "planned": planned,
                        "left": max(planned - minutes, 0),
                        "filled": min(round(100 * minutes / planned), 100)
                        if planned
                        else 100 * bool(minutes),
                        "is_today": day == today,
                        "is_future": day > today,
                    }
                )
            day += DAY
        return rows

    def _prepare_categories(self, day: date, entries, timer) -> list[dict]:
        """What can be chosen, with the minutes of the day; the width of its part of the day's bar in percent."""
        study = self.study_id
        chosen = study.category_ids.filtered("active") | entries.category_id
        total = sum(entries.mapped("minutes"))
        planned = max(self._get_day_minutes(day), total, 1)
        rows = []
        for category in chosen.sorted(lambda one: (one.kind_order, one.sequence, one.id)):
            minutes = sum(entries.filtered(lambda entry: entry.category_id == category).mapped("minutes"))  # noqa: B023
            rows.append(
                {
                    "id": category.id,
                    "name": category.name,
                    "kind": category.kind,
                    "icon": category.icon,
                    "color": category.color,
                    "minutes": minutes,
                    "width": 100 * minutes / planned,
                    "is_running": timer.category_id == category,
                    "is_active": category.active and category in study.category_ids,
                }
            )
        return rows

    def _get_day_minutes(self, day: date) -> int:
        """Minutes scheduled on that day."""
        return (self.schedule or {}).get(str(day), (0,))[0]

    def _prepare_entry(self, entry) -> dict:
        return {
            "id": entry.id,
            "category_id": entry.category_id.id,
            "category": entry.category_id.name,
            "date": entry.date,
            "minutes": entry.minutes,
            "note": entry.note or "",
            "lead_id": entry.lead_id.id,
            "lead": entry.lead_id.name or "",
            "since": self._get_hour(entry.started_at),
            "until": self._get_hour(entry.stopped_at),
            "is_cut": entry.is_cut,
        }

    def _prepare_timer(self, timer, now: datetime) -> dict | bool:
        """The timer that runs: what for, since when, and for how many minutes."""
        if not timer:
            return False
        end, _cut = timer_end(
            timer.started_at, now, self._get_midnight(timer.date), self._get_day_end(timer.date)
        )
        return {
            "id": timer.id,
            "category_id": timer.category_id.id,
            "category": timer.category_id.name,
            "started_at": timer.started_at,
            "since": self._get_hour(timer.started_at),
            "minutes": minutes_between(timer.started_at, end),
        }

    def _get_hour(self, moment) -> str:
        """The hour and minute where the person works."""
        if not moment:
            return ""
        return pytz.utc.localize(moment).astimezone(timezone(self.tz)).strftime("%H:%M")
