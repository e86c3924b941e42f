from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

LEVELS = ("employee_ids", "job_ids", "team_ids")  # the more special first


class DisciplineAudience(models.AbstractModel):
    """For whom and when something is in force: employees, jobs or sales teams of a company; all empty means
    every member of a sales team. The more special beats the more general, then the later start."""

    _name = "discipline.audience.mixin"
    _inherit = ["discipline.own.company.mixin"]
    _description = "Audience and Validity"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_from = fields.Date(
        "Valid from", required=True, default=lambda self: fields.Date.context_today(self), tracking=True
    )
    date_to = fields.Date("Valid until", tracking=True, help="Empty: until further notice.")
    team_ids = fields.Many2many("crm.team", string="Sales Teams", check_company=True)
    job_ids = fields.Many2many("hr.job", string="Jobs", check_company=True)
    employee_ids = fields.Many2many("hr.employee", string="Employees", check_company=True)
    audience = fields.Char(compute="_compute_audience")

    @api.depends("team_ids", "job_ids", "employee_ids")
    def _compute_audience(self):
        for record in self.sudo():
            who = record.employee_ids or record.job_ids or record.team_ids
            names = who.mapped("display_name")
            more = self.env._(" and %(n)s more", n=len(names) - 3) if len(names) > 3 else ""
            record.audience = ", ".join(names[:3]) + more if names else self.env._("Every sales team member")

    # Odoo wants the right to read employees of whoever puts one in a list, which neither heads of sales nor
    # payroll officers have: links alone are written for them.

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        audiences = [self._get_audience(vals) for vals in vals_list]
        rest = [{name: value for name, value in vals.items() if name not in LEVELS} for vals in vals_list]
        records = super().create(rest)
        for record, audience in zip(records, audiences, strict=True):
            if audience:
                record.sudo().write(audience)
        return records

    def write(self, vals):
        audience = {} if self.env.su else self._get_audience(vals)
        res = super().write({name: value for name, value in vals.items() if name not in audience})
        if audience:
            self.check_access("write")
            self.sudo().write(audience)
        return res

    @api.model
    def _get_audience(self, vals) -> dict:
        """The audience in `vals`. :raise AccessError: if it would change more than who is in it"""
        audience = {name: vals[name] for name in LEVELS if name in vals}
        for commands in audience.values():
            for command in commands or ():
                if not isinstance(command, int) and command[0] in (
                    Command.CREATE,
                    Command.UPDATE,
                    Command.DELETE,
                ):
                    raise AccessError(self.env._("People, jobs and teams can be chosen here, not changed."))
        return audience

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for record in self:
            if record.date_to and record.date_to < record.date_from:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the field 'Valid until' (%(to)s) has to be on or after 'Valid from' (%(from)s).",
                        name=record.display_name,
                        **{
                            "to": format_date(self.env, record.date_to),
                            "from": format_date(self.env, record.date_from),
                        },
                    )
                )

    def _get_in_force(
        self, employees, day: date, teams: dict | None = None, joined_by: date | None = None
    ) -> dict:
        """Which of these records is in force for each employee on that day.

        :param employees: hr.employee, of any company; those of another company are left out
        :param teams: what `employees._get_discipline_teams()` returns, if the caller has it already
        :param joined_by: who joined the team by that day is in (the end of a period that begins on `day`)
        :return: `{employee id: record}`, without those for whom none is
        """
        valid = self.sudo().filtered(lambda r: r.date_from <= day and (not r.date_to or day <= r.date_to))
        result = {}
        if not valid:
            return result
        teams = employees._get_discipline_teams() if teams is None else teams
        by_level = valid._get_by_level()
        # Odoo works jobs out one by one
        by_job = any(level == "job_ids" for _company, level, _id in by_level)
        for employee in employees.sudo():
            team_id, since = teams.get(employee.id, (None, None))
            member = team_id is not None and since <= (joined_by or day)
            keys = [("employee_ids", employee.id)]
            keys += [("job_ids", employee.job_id.id)] if by_job else []
            keys += [("team_ids", team_id), (None, None)] if member else []
            company_id = employee.company_id.id
            found = (by_level.get((company_id, *key)) for key in keys)
            if record := next(filter(None, found), None):
                result[employee.id] = record
        return result

    def _get_by_level(self) -> dict:
        """`{(company id, level, id): record}` with the latest start of each."""
        result = {}
        for record in self.sorted(lambda r: (r.date_from, r.id)):
            level, ids = record._get_level()
            for res_id in ids:
                result[record.company_id.id, level, res_id] = record
        return result

    def _get_level(self) -> tuple:
        """The most special of the filled-in audiences and its ids; (None, [None]) for everybody."""
        self.ensure_one()
        for name in LEVELS:
            if self[name]:
                return name, self[name].ids
        return None, [None]

    def _find_overlap(self, others):
        """The first of `others` that is in force for the same people on the same days as this one."""
        self.ensure_one()
        level, ids = self._get_level()
        for other in others - self:
            other_level, other_ids = other._get_level()
            if (
                other.company_id == self.company_id
                and other_level == level
                and set(other_ids) & set(ids)
                and (not self.date_to or other.date_from <= self.date_to)
                and (not other.date_to or self.date_from <= other.date_to)
            ):
                return other
        return self.browse()
