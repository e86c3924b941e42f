from datetime import datetime, time, timedelta

from odoo import models

from ..demo_company import time_study
from ..demo_company.calendar import DAY
from ..tools.periods import local_to_utc


class DisciplineDemo(models.AbstractModel):
    """Time studies of the demo company: two that are over, and one of this week."""

    _inherit = "discipline.demo"

    def _make_time_studies(self, calendar, users):
        employees = self._get_employees(users)
        for number, (name, _weeks, over, cost) in enumerate(time_study.STUDIES):
            monday = time_study.first_day(calendar, number)
            if monday < calendar.start:
                continue
            study = self.env["discipline.time.study"].create(
                {
                    "name": name,
                    "note": time_study.NOTE,
                    "company_id": self.env.company.id,
                    "date_from": monday,
                    "date_to": monday + 4 * DAY,
                    "cost_source": "fixed" if cost else "wage",
                    "hourly_cost": cost or 0.0,
                }
            )
            started = datetime.combine(monday, time(8)) - 3 * DAY
            study._moving().write({"state": "running", "started_on": started})
            study._enroll()
            self._enter_time(study, time_study.tell(calendar, number), employees, started, calendar.now)
            if over:
                study._close(datetime.combine(study.date_to, time(23)) + timedelta(days=3))

    def _enter_time(self, study, rows, employees, started, now):
        """What people estimated before, and what they entered: each day in its evening."""
        keys = {employee.id: key for key, employee in employees.items()}
        parts = {keys[one.employee_id.id]: one for one in study.participant_ids if one.employee_id.id in keys}
        for key, one in parts.items():
            guessed = time_study.guess(rows, key)
            if guessed is not None:
                one.write({"estimate": guessed, "estimated_at": started + timedelta(hours=2)})
        self.env["discipline.time.entry"].create(
            [
                {
                    "participant_id": parts[key].id,
                    "category_id": self.env.ref(f"sales_discipline.time_category_{category}").id,
                    "date": day,
                    "minutes": minutes,
                    "note": note,
                    "entered_at": min(now, local_to_utc(day, 17.75, parts[key].tz)),
                }
                for key, day, category, minutes, note in rows
                if key in parts
            ]
        )
