from odoo import models

from ..tools.corrections import Change
from ..tools.periods import local_date
from .discipline_payroll_correction import PaidLine
from .discipline_payroll_correction_find import SLACK

TASK = "discipline.task"


class DisciplinePayroll(models.Model):
    """SMART tasks of locked months: those that were paid and are not approved any more, or with another value, and those
    that were approved within the month where the person works, after the run was confirmed elsewhere."""

    _inherit = "discipline.payroll"

    def _read_tasks_now(self, statements, seal):
        """What tasks are worth now; a task that has no line gets one here."""
        lines = [line for statement in statements for line in statement.lines if line.kind == "task"]
        late = self._find_late_tasks(statements, seal)
        if not lines and not late:
            return
        tasks = self.env[TASK].browse({line.inputs["task"] for line in lines}).exists()
        tasks.fetch(["name", "state", "value"])
        values = {task.id: task.value for task in tasks if task.state == "approved"}
        for line in lines:
            self._set_task(line, line.inputs["task"], values.get(line.inputs["task"], 0.0))
        for statement, task, day in late:
            self._add_task(statement, task, day)

    def _set_task(self, line, task_id, value):
        before = line.known.get("value", 0.0)
        if value == before and value == line.inputs.get("value"):
            return
        line.now = {**line.inputs, "task": task_id, "value": value}
        if value != before:
            task = self.env[TASK].browse(task_id).exists()
            line.changes = [(Change((TASK, task_id), task.name or line.name, before, value), "task")]

    def _find_late_tasks(self, statements, seal) -> list[tuple]:
        """`(statement, discipline.task, day)` of approved tasks of a statement's month that it has no line for."""
        if not statements:
            return []
        tasks = self.env[TASK].search(
            [
                ("employee_id", "in", [statement.employee_id for statement in statements]),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "approved"),
                ("approved_at", ">=", min(statement.since for statement in statements) - SLACK),
                ("approved_at", "<=", seal),
            ],
            order="approved_at, id",
        )
        by_month = {(statement.employee_id, statement.month): statement for statement in statements}
        found = []
        for task in tasks:
            day = local_date(task.approved_at, task.employee_id._get_discipline_tz())
            statement = by_month.get((task.employee_id.id, day.replace(day=1)))
            if (
                statement
                and task.approved_at >= statement.since - SLACK
                and task.id not in statement.task_ids
            ):
                found.append((statement, task, day))
        return found

    def _add_task(self, statement, task, day):
        """The line that the statement would have, had it known of the task, if a scheme of it pays tasks that day."""
        component = (
            self.env["discipline.scheme"]
            .browse(statement.schemes)
            .component_ids.filtered(
                lambda component: component.kind == "task" and component.scheme_id._is_valid_on(day)
            )[:1]
        )
        if not component:
            return
        paid, known = statement.tasks.get(task.id, (0.0, {}))
        line = PaidLine(
            None, component.id, "task", component.name, None, day, day, 0.0, {}, [], None, paid, known or {}
        )
        statement.rules.setdefault(component.id, component._prepare_inputs())
        statement.lines.append(line)
        self._set_task(line, task.id, task.value)
