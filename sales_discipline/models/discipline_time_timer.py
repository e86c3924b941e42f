from datetime import datetime

from odoo import models
from odoo.tools import SQL

from ..tools.periods import local_date
from ..tools.time_study import DAY_MINUTES, minutes_between, timer_end


class DisciplineTimeParticipant(models.Model):
    """Timers: one at a time, by the server's clock, and none that runs overnight."""

    _inherit = "discipline.time.participant"

    def _get_timers(self):
        """The timers of these people that run."""
        return (
            self.env["discipline.time.entry"]
            .sudo()
            .search(
                [("participant_id", "in", self.ids), ("started_at", "!=", False), ("stopped_at", "=", False)]
            )
        )

    def _touch(self, now: datetime) -> None:
        """Entries of one person are made one after the other: whoever comes second waits here, and looks again."""
        self.ensure_one()
        self.env.cr.execute(
            SQL("UPDATE discipline_time_participant SET entered_at = %s WHERE id = %s", now, self.id)
        )
        self.invalidate_recordset(["entered_at"])

    def _start_timer(self, category, now: datetime):
        """Start a timer; one that runs already stops. :return: what was cut, if the old one had been forgotten"""
        self.ensure_one()
        self._touch(now)
        cut = self._stop_timers(now)
        self.env["discipline.time.entry"].sudo().create(
            {
                "participant_id": self.id,
                "category_id": category.id,
                "date": local_date(now, self.tz),
                "started_at": now,
                "entered_at": now,
            }
        )
        return cut

    def _stop_timers(self, now: datetime):
        """Stop the timers of these people. Less than half a minute was a slip of the finger: nothing is kept of it.

        :return: those that had been forgotten, and were cut
        """
        timers = self._get_timers()
        cut, rooms = timers.browse(), timers._get_rooms()
        for timer in timers:
            person = timer.participant_id
            midnight = person._get_midnight(timer.date)
            end, is_cut = timer_end(timer.started_at, now, midnight, person._get_day_end(timer.date))
            minutes = min(minutes_between(timer.started_at, end), rooms[timer.id])
            values = {"stopped_at": end, "minutes": minutes, "is_cut": is_cut}
            # a forgotten one counts since the midnight at which it was over, whenever that was noticed
            values["entered_at"] = midnight if is_cut else now
            if not minutes:
                values.update(active=False, removed_at=now)
            timer.write(values)
            cut |= timer.filtered(lambda entry: entry.active and entry.is_cut)
        return cut

    def _cut_timers(self, now: datetime):
        """Cut the timers of these people that have run since an earlier day. :return: those"""
        old = self._get_timers().filtered(lambda timer: now >= timer.participant_id._get_midnight(timer.date))
        return old.participant_id._stop_timers(now)


class DisciplineTimeEntry(models.Model):
    _inherit = "discipline.time.entry"

    def _get_rooms(self) -> dict[int, int]:
        """How many of the 24 hours of its day are left for each of these, beside what else is entered."""
        rows = self._read_group(
            [
                ("participant_id", "in", self.participant_id.ids),
                ("date", "in", list(set(self.mapped("date")))),
            ],
            ["participant_id", "date:day"],
            ["minutes:sum"],
        )
        entered = {(person.id, day): minutes for person, day, minutes in rows}
        return {
            entry.id: max(
                0, DAY_MINUTES - entered.get((entry.participant_id.id, entry.date), 0) + entry.minutes
            )
            for entry in self
        }
