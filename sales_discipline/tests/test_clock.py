from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .regulation_common import RegulationCase
from .time_common import TimeCase

COLUMNS = (
    "res_model res_id triggered_at user_id team_id date_due due_at state kept is_late closed_at name".split()
)


@tagged("post_install", "-at_install")
class TestRegulationClock(RegulationCase):
    """The scheduled action of regulations comes late, or the server's clock is set back: to-dos are what they are on time."""

    def _live(self):
        """Events of ten days: an invoice, a lead that nobody touches, a deal lost and open again and lost."""
        self._make_regulation("invoice_posted", {"delay_count": 2, "discipline_working_days": True})
        self._make_regulation("lead_created", {"delay_count": 1}, {"discipline_minutes": 90})
        self._make_regulation("lost", {"delay_count": 3})
        deeds = {
            "2026-03-10 13:00:00": self._make_invoice,
            "2026-03-11 09:00:00": lambda: self._make_lead(self.anna),
            "2026-03-12 09:00:00": lambda: self._make_lead(self.boris, type="lead"),
            "2026-03-13 10:00:00": self._make_invoice,
            "2026-03-14 10:00:00": lambda: self._make_lead(self.carla),
        }
        for moment, deed in deeds.items():
            yield moment
            with freeze_time(moment):
                self._stamp(deed(), moment)
        yield "2026-03-16 10:00:00"
        with freeze_time("2026-03-16 10:00:00"):
            self.old.action_set_lost()
            self.env.flush_all()

    def _stamp(self, record, moment):
        """Odoo dates leads by the database's clock."""
        self.records.append(record)
        self.env.flush_all()
        if record._name == "crm.lead":
            query = "UPDATE crm_lead SET create_date = %s, open_since = %s WHERE id = %s"
            self.env.cr.execute(query, [moment, moment, record.id])
            self.env.invalidate_all()

    def _read(self):
        """All steps, with the numbers of the records in place of their ids, in order."""
        self.env.flush_all()
        numbers = {(record._name, record.id): number for number, record in enumerate(self.records)}
        rows = [[step[name] for name in COLUMNS] for step in self.steps.search([])]
        rows = [[numbers[model, res_id], *map(str, rest)] for model, res_id, *rest in rows]
        return sorted(rows)

    def _run_through(self, moments):
        """What there is after these passes, from events that are undone again."""
        with self.env.cr.savepoint() as savepoint:
            self.records = []
            with freeze_time("2026-03-09 10:00:00"):
                self.old = self._make_lead(self.anna)
                self._stamp(self.old, "2026-03-09 10:00:00")
            deeds = self._live()
            begins = next(deeds)
            for moment in moments:
                while begins and fields.Datetime.to_datetime(begins) <= moment:
                    begins = next(deeds, None)
                self._run(moment)
            rows = self._read()
            savepoint.rollback()
        self.env.invalidate_all()
        return rows

    def test_late_and_back(self):
        """Every two hours, once two weeks late, and with a clock that is set back again and again: the same to-dos, due at
        the same moments, each once."""
        end = fields.Datetime.to_datetime("2026-03-28 12:00:00")
        moments = [end - timedelta(hours=2 * number) for number in range(24 * 9)][::-1]
        on_time = self._run_through(moments[::6])
        self.maxDiff = None
        self.assertGreaterEqual(len(on_time), 9)
        self.assertEqual(self._run_through([end]), on_time)
        back = [moment - timedelta(hours=30 * (number % 2)) for number, moment in enumerate(moments[::12])]
        self.assertEqual(self._run_through([*back, end]), on_time)


@tagged("post_install", "-at_install")
class TestTimeClock(TimeCase):
    """The clock is set back or forward while a timer runs; the scheduled action comes two weeks late."""

    def _get_minutes(self):
        return [entry.minutes for entry in self.entries.search([("active", "in", (True, False))])]

    def test_back(self):
        """What would be less than nothing is nothing."""
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 08:00:00")
        page = self._as(self.anna, "get_time_page", at="2026-03-10 07:30:00")
        self.assertGreaterEqual(page["timer"]["minutes"], 0)
        self._as(self.anna, "stop_timer", at="2026-03-10 07:30:00")
        self.assertEqual(self._own(self.e_anna), [])
        self.assertEqual(self._get_minutes(), [0])
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 09:00:00")
        self._as(self.anna, "start_timer", self.claims.id, at="2026-03-10 08:50:00")
        self._as(self.anna, "stop_timer", at="2026-03-10 09:20:00")
        self.assertEqual(self._own(self.e_anna), [("2026-03-10", self.claims.name, 30)])

    def test_yesterday(self):
        """Set back beyond midnight."""
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 08:00:00")
        self._as(self.anna, "stop_timer", at="2026-03-09 10:00:00")
        self.assertEqual(self._own(self.e_anna), [])

    def test_forward(self):
        """Two days ahead: the timer ends with its working day."""
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 14:00:00")
        self._as(self.anna, "stop_timer", at="2026-03-12 10:00:00")
        self.assertEqual(self._own(self.e_anna), [("2026-03-10", self.selling.name, 120)])

    def test_two_weeks_late(self):
        """A study closes with what it would have closed with, and a forgotten timer ends as it would have."""
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-13 14:00:00")
        found = []
        for moments in (("2026-03-14 03:00:00", "2026-03-17 03:00:00"), ("2026-03-31 03:00:00",)):
            with self.env.cr.savepoint() as savepoint:
                for moment in moments:
                    with freeze_time(moment):
                        self.studies._cron_run()
                self.env.flush_all()
                self.env.invalidate_all()
                entry = self.entries.search([])
                found.append(
                    (self.study.state, entry.minutes, entry.is_cut, entry.stopped_at, entry.entered_at)
                )
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0][:3], ("closed", 120, True))
