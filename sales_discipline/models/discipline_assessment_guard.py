from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..tools.periods import local_date, period_bounds
from .discipline_assessment import FIXED, VERDICT

PERIODS = ("day", "week", "month")


class DisciplineAssessment(models.Model):
    """Who may assess whom on what, for which dates: an expert of the plan in force, for a period of it. The system's
    own code, which asks the experts by the cards, goes past it as superuser."""

    _inherit = "discipline.assessment"

    @api.model_create_multi
    def create(self, vals_list):
        assessments = super().create(vals_list)
        if not self.env.su:
            assessments._check_expert(fields.Datetime.now())
        return assessments

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            self._check_not_about_oneself()
            if VERDICT.intersection(vals):
                self._check_own()
            if FIXED.intersection(vals):
                raise UserError(
                    self.env._(
                        "The fields 'Metric', 'From' and 'To' say what was assessed and cannot be changed: delete this"
                        " assessment and give another."
                    )
                )
        return super().write(vals)

    def unlink(self):
        if not self.env.su:
            self.check_access("unlink")
            self._check_not_about_oneself()
            self.filtered(lambda one: one.state == "done")._check_own()
        return super().unlink()

    def _check_not_about_oneself(self) -> None:
        """:raise AccessError: if one of these is about the user, whoever they are"""
        if any(one.employee_id.sudo().user_id == self.env.user for one in self):
            raise AccessError(
                self.env._("You are the 'Employee' of this assessment, and cannot change or delete it.")
            )

    def _check_own(self) -> None:
        """:raise AccessError: if the score of one of these is another's to give, to change or to take back"""
        if others := self.filtered(lambda one: one.assessor_id != self.env.user)[:1]:
            raise AccessError(
                self.env._(
                    "%(name)s: the 'Score', with its comment and proof, is given, changed and taken back by"
                    " %(assessor)s only.",
                    name=others.display_name,
                    assessor=others.assessor_id.sudo().name,
                )
            )

    def _check_expert(self, now: datetime) -> None:
        """:raise ValidationError: for a period that no plan has or that has not begun at `now`
        :raise AccessError: for whoever is no expert for this person and metric then
        """
        employees = self.employee_id.sudo()
        teams = employees._get_discipline_teams()
        plans = self.env["discipline.plan"].sudo()
        plans = plans.search([("state", "!=", "draft"), ("company_id", "in", employees.company_id.ids)])
        for one in self.sudo():
            period = next(
                (
                    name
                    for name in PERIODS
                    if period_bounds(name, one.date_from) == (one.date_from, one.date_to)
                ),
                None,
            )
            if not period:
                raise ValidationError(
                    self.env._(
                        "The fields 'From' and 'To' of an assessment have to be the first and the last day of one"
                        " period of the plan: a day, a week from Monday on, or a month."
                    )
                )
            if one.date_from > local_date(now, one.employee_id._get_discipline_tz()):
                raise ValidationError(
                    self.env._("The period has not begun yet: choose an earlier 'From' for the assessment.")
                )
            if self.env.user not in one._get_experts(plans.filtered(lambda p: p.period == period), teams):  # noqa: B023
                raise AccessError(
                    self.env._(
                        "%(name)s: you are no expert for it by any plan in force on %(date)s (%(period)s)."
                        " Managers choose the 'Experts' of a plan.",
                        name=one.display_name,
                        date=format_date(self.env, one.date_from),
                        period=dict(plans._fields["period"]._description_selection(self.env))[period],
                    )
                )

    def _get_experts(self, plans, teams: dict):
        """The users who may assess this person on this metric by the one of `plans`, all of the same kind of period,
        that is in force from its first day on.

        :param teams: what `_get_discipline_teams()` returns for the employee
        """
        self.ensure_one()
        experts = self.env["res.users"]
        employee, leader = self.employee_id, experts
        if employee.id in teams:
            leader = self.env["crm.team"].browse(teams[employee.id][0]).user_id
        for trial in (False, True):
            same = plans.filtered(lambda plan: bool(plan.trial) == trial)  # noqa: B023
            found = same._get_in_force(employee, self.date_from, teams, joined_by=self.date_to)
            lines = found.get(employee.id, plans.browse()).line_ids
            for line in lines.filtered(lambda row: row.metric_id == self.metric_id and row.scope == "own"):
                experts |= line.assessor_ids
                if line.assessed_by_leader:
                    experts |= leader
        return experts
