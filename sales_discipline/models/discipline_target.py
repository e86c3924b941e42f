from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .discipline_plan import PERIODS


class DisciplineTarget(models.Model):
    """A personal or a team's target of a metric, in place of the plan's default. Sales plans are the targets on
    a money metric. `amount` is for each `period` within the validity, in the unit of the metric (money: the
    company's currency)."""

    _name = "discipline.target"
    _description = "Target"
    _order = "date_from desc, metric_id, scope, id desc"
    _check_company_auto = True

    metric_id = fields.Many2one(
        "discipline.metric", required=True, ondelete="restrict", check_company=True, index=True
    )
    unit = fields.Selection(related="metric_id.unit")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    scope = fields.Selection(
        [("own", "Each person"), ("team", "Team as a whole")],
        required=True,
        default="own",
        help="For a team: what each of its members has to reach, or the team's total, which its leader answers for.",
    )
    employee_id = fields.Many2one("hr.employee", check_company=True, ondelete="cascade", index=True)
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True, ondelete="cascade", index=True)
    period = fields.Selection(
        PERIODS, required=True, default="month", help="The value is for each day, week or month."
    )
    date_from = fields.Date("Valid from", required=True)
    date_to = fields.Date("Valid until", required=True)
    amount = fields.Float("Value", required=True)

    _amount_check = models.Constraint(
        "CHECK(amount >= 0)", "The field 'Value' of a target cannot be negative."
    )

    @api.depends("metric_id", "employee_id", "team_id")
    def _compute_display_name(self):
        for target in self:
            who = target.employee_id.sudo().name or target.team_id.name
            target.display_name = f"{target.metric_id.name} – {who}" if who else target.metric_id.name

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for target in self:
            if target.date_to < target.date_from:
                raise ValidationError(
                    self.env._("The field 'Valid until' of a target has to be on or after 'Valid from'.")
                )

    @api.constrains("employee_id", "team_id", "scope")
    def _check_whose(self):
        for target in self:
            if bool(target.employee_id) == bool(target.team_id):
                raise ValidationError(
                    self.env._("A target is either for an 'Employee' or for a 'Sales Team': fill in one.")
                )
            if target.employee_id and target.scope == "team":
                raise ValidationError(
                    self.env._("'Team as a whole' is for the targets of a sales team, not of an employee.")
                )

    @api.constrains(
        "metric_id", "company_id", "period", "scope", "employee_id", "team_id", "date_from", "date_to"
    )
    def _check_overlap(self):
        for target in self:
            domain = [
                (name, "=", target[name].id) for name in ("metric_id", "company_id", "employee_id", "team_id")
            ]
            domain += [(name, "=", target[name]) for name in ("period", "scope")]
            domain += [
                ("date_from", "<=", target.date_to),
                ("date_to", ">=", target.date_from),
                ("id", "!=", target.id),
            ]
            if other := self.search(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "There is a target for %(target)s already, valid from %(from)s until %(to)s: change the field"
                        " 'Valid from' or 'Valid until'.",
                        target=other.display_name,
                        **{
                            "from": format_date(self.env, other.date_from),
                            "to": format_date(self.env, other.date_to),
                        },
                    )
                )
