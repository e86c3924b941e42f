from odoo import models
from odoo.tools.misc import format_date


class DisciplineComponent(models.Model):
    """SMART tasks (S1.4): each approved task of the month pays its value, by the scheme in force on the day of approval."""

    _inherit = "discipline.component"

    def _get_lines_task(self, month, people):
        return {
            employee_id: [
                self._prepare_task_line(month, person, task, day)
                for task, day in month.tasks.get(employee_id, ())
                if person.is_paid_on(day)
            ]
            for employee_id, person in people.items()
        }

    def _prepare_task_line(self, month, person, task, day):
        me = self.with_context(lang=person.lang)
        amount = month.rounding(task.value)
        explanation = me.env._(
            "“%(task)s”, approved on %(day)s by %(who)s: %(amount)s",
            task=task.name,
            day=format_date(me.env, day),
            who=task.approved_by_id.name,
            amount=me._format_money(amount),
        )
        inputs = {"task": task.id, "value": task.value, "approved_by": task.approved_by_id.id}
        return me._prepare_line(day, day, amount, explanation, base=amount, rate=100.0, inputs=inputs)

    def _summarise_task(self):
        return self.env._("The value of each task approved in the month")
