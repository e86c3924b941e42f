from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import realism


class ResCompany(models.Model):
    """When a plan counts as realistic: read by `discipline.realism`."""

    _inherit = "res.company"

    discipline_seasonal_months = fields.Char(
        "Seasonal Months",
        help="Numbers of months, 1 to 12, separated by commas. They do not count when a plan is checked.",
        prefetch="discipline",
    )
    discipline_newcomer_months = fields.Integer(
        "Months as a Newcomer",
        default=3,
        help="Whoever has been employed for fewer whole months does not count when a plan is checked.",
        prefetch="discipline",
    )
    discipline_absence_limit = fields.Float(
        "Hours Worked at Least (%)",
        default=50.0,
        help="Whoever worked a smaller share of their hours in a month does not count in it.",
        prefetch="discipline",
    )
    discipline_alarm_share = fields.Float(
        "People Below Plan (%)",
        default=70.0,
        help="With a larger share of people below plan, a month speaks against the plan.",
        prefetch="discipline",
    )
    discipline_alarm_months = fields.Integer(
        "Months in a Row",
        default=3,
        help="After so many such months in a row the plan is too high.",
        prefetch="discipline",
    )
    discipline_enough_people = fields.Integer(
        "People at Least",
        default=4,
        help="With fewer people it cannot be told whether a plan is realistic.",
        prefetch="discipline",
    )
    discipline_met_share = fields.Float(
        "Proposed Plan Met by (%)",
        default=60.0,
        help="The plan that is proposed instead is one that so many of the results would have met.",
        prefetch="discipline",
    )
    discipline_realism_notice = fields.Selection(
        [("never", "Never"), ("needed", "When something is to be done"), ("always", "Every month")],
        "Realism Notices",
        required=True,
        default="needed",
        help="Whether managers, and leaders for their team, get a message when a month is closed.",
        prefetch="discipline",
    )

    _discipline_newcomer_months_check = models.Constraint(
        "CHECK(discipline_newcomer_months >= 0)", "The field 'Months as a Newcomer' cannot be negative."
    )
    _discipline_absence_limit_check = models.Constraint(
        "CHECK(discipline_absence_limit >= 0 AND discipline_absence_limit <= 100)",
        "The field 'Hours Worked at Least' has to be between 0 and 100 %.",
    )
    _discipline_alarm_share_check = models.Constraint(
        "CHECK(discipline_alarm_share >= 0 AND discipline_alarm_share < 100)",
        "The field 'People Below Plan' has to be 0 % or more and less than 100 %: more than that many people raise"
        " the alarm.",
    )
    _discipline_alarm_months_check = models.Constraint(
        "CHECK(discipline_alarm_months BETWEEN 1 AND 6)",
        "The field 'Months in a Row' has to be between 1 and 6.",
    )
    _discipline_enough_people_check = models.Constraint(
        "CHECK(discipline_enough_people >= 2)", "The field 'People at Least' has to be 2 or more."
    )
    _discipline_met_share_check = models.Constraint(
        "CHECK(discipline_met_share > 0 AND discipline_met_share <= 100)",
        "The field 'Proposed Plan Met by' has to be more than 0 and at most 100 %.",
    )

    @api.constrains("discipline_seasonal_months")
    def _check_discipline_seasonal_months(self):
        for company in self:
            parts = (company.discipline_seasonal_months or "").split(",")
            months = [part.strip() for part in parts if part.strip()]
            if any(
                not month.isascii() or not month.isdigit() or not 1 <= int(month) <= 12 for month in months
            ):
                raise ValidationError(
                    self.env._(
                        "The field 'Seasonal Months' holds numbers of months from 1 to 12, separated by commas:"
                        " 1, 12 are January and December."
                    )
                )
            if len({int(month) for month in months}) == 12:
                raise ValidationError(
                    self.env._(
                        "The field 'Seasonal Months' has all twelve: leave at least one by which plans are checked."
                    )
                )

    def _get_realism_settings(self) -> realism.Settings:
        """The company's settings as tools/realism.py takes them."""
        self.ensure_one()
        company = self.sudo()
        months = (company.discipline_seasonal_months or "").split(",")
        return realism.Settings(
            frozenset(int(month) for month in months if month.strip()),
            company.discipline_alarm_share,
            company.discipline_alarm_months,
            company.discipline_enough_people,
            company.discipline_met_share,
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_seasonal_months = fields.Char(related="company_id.discipline_seasonal_months", readonly=False)
    discipline_newcomer_months = fields.Integer(
        related="company_id.discipline_newcomer_months", readonly=False
    )
    discipline_absence_limit = fields.Float(related="company_id.discipline_absence_limit", readonly=False)
    discipline_alarm_share = fields.Float(related="company_id.discipline_alarm_share", readonly=False)
    discipline_alarm_months = fields.Integer(related="company_id.discipline_alarm_months", readonly=False)
    discipline_enough_people = fields.Integer(related="company_id.discipline_enough_people", readonly=False)
    discipline_met_share = fields.Float(related="company_id.discipline_met_share", readonly=False)
    discipline_realism_notice = fields.Selection(
        related="company_id.discipline_realism_notice", readonly=False
    )
