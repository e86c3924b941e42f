from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.periods import local_date
from ..tools.time_study import DAY_MINUTES

NOTE_LENGTH = 500


class DisciplineTimeStudy(models.Model):
    """What can be done on the page 'Time Study'. Each method changes one thing and shows what it has come to; everything
    is the reader's own, whatever is sent."""

    _inherit = "discipline.time.study"

    @api.model
    def add_time(self, category_id: int, minutes: int, day: str | bool = False, note: str = "") -> dict:
        """So many minutes of that day went into something."""
        me, now = self._get_writable()
        day = self._check_day_open(me, self._parse_day(day) or local_date(now, me.tz), now)
        values = {
            "category_id": self._check_category(me, category_id).id,
            "minutes": self._check_minutes(minutes),
            "note": self._check_note(note),
        }
        me._touch(now)
        entry = (
            self.env["discipline.time.entry"]
            .sudo()
            .create({**values, "participant_id": me.id, "date": day, "entered_at": now})
        )
        return {**me._prepare_page(day, now), "added": entry.id}

    @api.model
    def start_timer(self, category_id: int) -> dict:
        """What is done now; a timer that runs already stops."""
        me, now = self._get_writable()
        today = self._check_day_open(me, local_date(now, me.tz), now)
        cut = me._start_timer(self._check_category(me, category_id), now)
        return me._prepare_page(today, now, cut)

    @api.model
    def stop_timer(self) -> dict:
        """Stop the timer that runs, if there is one."""
        me, now = self._get_writable(estimated=False)
        me._touch(now)
        cut = me._stop_timers(now)
        return me._prepare_page(self._choose_day(me, False, now), now, cut)

    @api.model
    def change_entry(self, entry_id: int, values: dict) -> dict:
        """Correct an own entry.

        :param values: any of category_id, minutes, date (ISO), note, lead_id (False for none)
        """
        me, now = self._get_writable()
        entry = self._get_own_entry(me, entry_id)
        if not isinstance(values, dict) or set(values) - {
            "category_id",
            "minutes",
            "date",
            "note",
            "lead_id",
        }:
            raise UserError(self.env._("An entry has a category, minutes, a day, a note and an opportunity."))
        checked = {}
        if "category_id" in values and values["category_id"] != entry.category_id.id:
            checked["category_id"] = self._check_category(me, values["category_id"]).id
        if "minutes" in values:
            checked["minutes"] = self._check_minutes(values["minutes"])
        if "date" in values:
            checked["date"] = self._check_day_open(me, self._parse_day(values["date"]) or entry.date, now)
        if "note" in values:
            checked["note"] = self._check_note(values["note"])
        if "lead_id" in values:
            checked["lead_id"] = self._check_lead(values["lead_id"])
        me._touch(now)
        entry._revise(checked, now)
        return me._prepare_page(checked.get("date", entry.date), now)

    @api.model
    def remove_entry(self, entry_id: int) -> dict:
        me, now = self._get_writable(estimated=False)
        entry = self._get_own_entry(me, entry_id, timers=True)
        me._touch(now)
        entry._remove(now)
        return {**me._prepare_page(entry.date, now), "removed": entry.id}

    @api.model
    def restore_entry(self, entry_id: int) -> dict:
        """Take back a removal."""
        me, now = self._get_writable(estimated=False)
        entry = self._get_own_entry(me, entry_id, active=False, timers=True)
        me._touch(now)
        if entry.started_at and not entry.stopped_at and me._get_timers():
            raise UserError(self.env._("Another timer runs by now: stop it first."))
        entry._restore(now)
        return me._prepare_page(entry.date, now)

    @api.model
    def set_estimate(self, percent: float) -> dict:
        """How much of one's time, in one's own opinion, is not selling: said once, before the first entry."""
        me, now = self._get_writable(estimated=False)
        number = isinstance(percent, (int, float)) and not isinstance(percent, bool)
        if not number or not 0 <= percent <= 100:
            raise UserError(self.env._("An estimate is a percentage: from 0 to 100."))
        if me.estimated_at or me._has_begun():
            raise UserError(self.env._("An estimate is made before the first entry, and stays as it is."))
        me._touch(now)
        me.write({"estimate": percent, "estimated_at": now})
        return me._prepare_page(self._choose_day(me, False, now), now)

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    def _get_writable(self, estimated: bool = True) -> tuple:
        """The reader's part in the study that runs, and the moment. :raise UserError: without one"""
        now = fields.Datetime.now()
        me = self._get_mine(now)
        if not me:
            raise UserError(self.env._("You take part in no time study that is running."))
        me._cut_timers(now)
        if estimated and me.study_id.ask_estimate and not me.estimated_at and not me._has_begun():
            raise UserError(
                self.env._("Estimate first how much of your time is not selling: you are asked for it once.")
            )
        return me, now

    def _check_day_open(self, me, day: date, now: datetime) -> date:
        """:raise UserError: for a day outside of the study, or in the future"""
        me.study_id._check_day(day)
        if day > local_date(now, me.tz):
            raise UserError(self.env._("%(date)s has not come yet.", date=format_date(self.env, day)))
        return day

    def _check_category(self, me, category_id):
        chosen = me.study_id.category_ids.filtered("active")
        category = chosen.filtered(lambda one: one.id == category_id)
        if not category:
            raise UserError(
                self.env._("This category is not asked for in “%(name)s”.", name=me.study_id.name)
            )
        return category

    def _check_minutes(self, minutes) -> int:
        if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= DAY_MINUTES:
            raise UserError(self.env._("Minutes are a whole number from 1 to %(most)s.", most=DAY_MINUTES))
        return minutes

    def _check_note(self, note) -> str | bool:
        if not note:
            return False
        if not isinstance(note, str) or len(note) > NOTE_LENGTH:
            raise UserError(self.env._("A note has %(n)s characters at most.", n=NOTE_LENGTH))
        return note.strip()

    def _check_lead(self, lead_id) -> int | bool:
        """An opportunity that the reader may see."""
        if not lead_id:
            return False
        lead = isinstance(lead_id, int) and self.env["crm.lead"].search([("id", "=", lead_id)])
        if not lead:
            raise UserError(self.env._("Choose an opportunity that you may see."))
        return lead.id

    def _get_own_entry(self, me, entry_id, active: bool = True, timers: bool = False):
        """An own entry of the study that runs. :raise UserError: if it is none, or a timer that runs"""
        entries = self.env["discipline.time.entry"].sudo().with_context(active_test=False)
        found = entries
        if isinstance(entry_id, int) and not isinstance(entry_id, bool):
            domain = [("id", "=", entry_id), ("participant_id", "=", me.id), ("active", "=", active)]
            found = entries.search(domain).with_context(active_test=True)
        if not found:
            raise UserError(
                self.env._(
                    "This entry is not there any more: it was changed or removed elsewhere. Load the page again."
                )
            )
        if found.started_at and not found.stopped_at and not timers:
            raise UserError(self.env._("Stop the timer first."))
        return found


class DisciplineTimeParticipant(models.Model):
    _inherit = "discipline.time.participant"

    def _has_begun(self) -> bool:
        """Whether anything was ever entered, removed or not."""
        entries = self.env["discipline.time.entry"].sudo().with_context(active_test=False)
        return bool(entries.search_count([("participant_id", "=", self.id)], limit=1))
