from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import models

from ..demo_company import pay
from ..demo_company.calendar import DAY
from ..demo_company.people import MANAGER


class DisciplineDemo(models.AbstractModel):
    """SMART tasks of the demo company."""

    _inherit = "discipline.demo"

    def _make_tasks(self, story, users):
        """Tasks of the last months and of this one, in every state."""
        employees = self._get_employees(users)
        values, rows = [], []
        for key, back, state, value, goal, measure, result in pay.TASKS:
            first = self._get_month(story, back)
            due = first + relativedelta(months=1) - (DAY if back else 3 * DAY)
            values.append(
                {
                    "name": goal,
                    "measure": measure,
                    "date_due": due,
                    "value": value,
                    "employee_id": employees[key].id,
                    "company_id": self.env.company.id,
                    "result": result,
                }
            )
            rows.append((state, first))
        tasks = self.env["discipline.task"].create(values)
        self._settle_tasks(tasks, rows, users, story.calendar.now)

    def _settle_tasks(self, tasks, rows, users, now):
        """Set the tasks to where they have come by now: handed in on the 18th, judged a week later."""
        stamps = []
        for task, (state, first) in zip(tasks, rows, strict=True):
            handed_in = min(
                datetime.combine(first, time(14, 20)) + timedelta(days=17), now - timedelta(hours=3)
            )
            judged = handed_in + timedelta(days=7, hours=1)
            leader, person = task.team_id.user_id, task.employee_id.user_id
            judge = users[MANAGER[0]] if leader == person else leader
            was_in = state in ("submitted", "approved", "rejected")
            stamps.append(
                (
                    task.id,
                    state,
                    handed_in if was_in else None,
                    judged if state == "approved" else None,
                    judge.id if state == "approved" else None,
                    pay.REJECTED if state == "rejected" else None,
                )
            )
            if state == "submitted":
                task.activity_schedule(
                    "mail.mail_activity_data_todo", summary="Approve the task", user_id=judge.id
                )
        names = ("state", "submitted_at", "approved_at", "approved_by_id", "reject_reason")
        self._backdate("discipline.task", names, stamps)
