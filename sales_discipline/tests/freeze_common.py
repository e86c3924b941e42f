from datetime import date, datetime, timedelta

from odoo import Command

from .engine_common import EngineCase

SNAPSHOT = """
    SELECT c.employee_id, c.plan_id, c.date_from, c.state, c.deadline, c.hours, c.points, c.efficiency, c.done_count,
           c.line_count, c.trial, l.metric_id, l.scope, l.target, l.actual, l.previous, l.completion, l.zone, l.trend,
           l.done, l.points, l.record_ids, l.member_ids, l.late
      FROM discipline_scorecard c LEFT JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
     WHERE c.state = 'frozen'
     ORDER BY c.employee_id, c.plan_id, c.date_from, l.sequence, l.metric_id, l.scope
"""


class FreezeCase(EngineCase):
    """What the tests of the freeze share."""

    @classmethod
    def _make_calendar(cls, weekdays=range(7), hours=((8, 12), (13, 17))):
        attendances = [
            Command.create({"name": "Work", "dayofweek": str(day), "hour_from": start, "hour_to": stop})
            for day in weekdays
            for start, stop in hours
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": "Schedule",
                "company_id": cls.company.id,
                "tz": "UTC",
                "attendance_ids": [Command.clear(), *attendances],
            }
        )

    @classmethod
    def _make_leave(cls, start, stop, employee=None):
        """Leave of an employee, or a public holiday, between two naive UTC moments."""
        vals = {
            "name": "Away",
            "date_from": start,
            "date_to": stop,
            "resource_id": employee and employee.resource_id.id,
        }
        leave = cls.env["resource.calendar.leaves"].with_company(cls.company).create(vals)
        leave.flush_recordset()  # its company is computed, from the one at hand
        return leave

    @classmethod
    def _fact(cls, user, happened, entered=None, kind="company_created", **values):
        """One fact put into the ledger (companies added, if nothing else is said)."""
        row = {
            "kind": kind,
            "source_id": 1,
            "user_id": user.id,
            "happened_at": happened,
            "entered_at": entered,
        }
        return cls._insert_facts([{**row, **values}])

    @classmethod
    def _work(cls, user, day, count, hour=10):
        """Companies that `user` adds at that UTC hour."""
        moment = datetime.combine(date.fromisoformat(day), datetime.min.time()) + timedelta(hours=hour)
        for number in range(count):
            cls._fact(user, moment + timedelta(minutes=number))

    def _snapshot(self, late=True):
        """All that frozen cards say, as rows."""
        self.env.flush_all()
        self.env.cr.execute(SNAPSHOT)
        return [row if late else row[:-1] for row in self.env.cr.fetchall()]

    def _actuals(self, employee, code="companies_added"):
        """`{first day: (fact, late)}` of that metric on the frozen cards of a person."""
        cards = self.cards.search([("employee_id", "=", employee.id), ("state", "=", "frozen")])
        lines = [self._line(card, code) for card in cards]
        return {str(line.date_from): (line.actual, line.late) for line in lines}
