from odoo import fields, models

from ..tools.periods import period_bounds


class DisciplineTimeStudy(models.Model):
    """What an hour costs by the wages that people have: known to payroll, and to others as a mean of several."""

    _inherit = "discipline.time.study"

    cost_source = fields.Selection(
        selection_add=[("wage", "Wages")],
        ondelete={"wage": "set default"},
        help="Wages: of each person by their contract. Only payroll officers see what somebody's time costs; others see"
        " means of three people or more.",
    )

    def _get_hour_costs(self, participants) -> dict[int, float | None]:
        """What an hour of each costs. Once the study is closed, what it cost then."""
        self.ensure_one()
        if self.cost_source != "wage":
            return super()._get_hour_costs(participants)
        people = participants.sudo()
        if self.state == "closed":
            return {one.id: one.hour_cost or None for one in people}
        return people._get_wages_per_hour(self.date_from)

    def _is_cost_private(self) -> bool:
        return super()._is_cost_private() or self.cost_source == "wage"

    def _sees_wages(self) -> bool:
        return self.env.user.has_group("sales_discipline.group_payroll")


class DisciplineTimeParticipant(models.Model):
    _inherit = "discipline.time.participant"

    hour_cost = fields.Monetary(
        "Cost of an Hour", readonly=True, groups="sales_discipline.group_payroll", aggregator="avg"
    )

    def _get_wages_per_hour(self, day) -> dict[int, float | None]:
        """The wage in force on that day by the hours of its month by schedule; None without a wage or hours."""
        first, last = period_bounds("month", day)
        wages = self.employee_id._get_discipline_wages(first, last)
        result = {}
        for one in self:
            parts = [part for part in wages.get(one.employee_id.id, ()) if part.first <= day <= part.last]
            [part] = parts[:1] or [None]
            result[one.id] = part.wage / part.norm if part and part.wage and part.norm else None
        return result

    def _freeze_costs(self):
        """Write down what an hour of each costs, so that a closed study stays as it is."""
        res = super()._freeze_costs()
        for study, people in self.grouped("study_id").items():
            if study.cost_source == "wage":
                for participant_id, cost in study._get_hour_costs(people).items():
                    people.browse(participant_id).hour_cost = cost or 0.0
        return res
