from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools.periods import DAY


class DisciplineScheme(models.Model):
    """How results become money, for an audience, while it is valid. What exactly is paid is said by its components;
    its own floor and cap hold for all of them together, a month."""

    _name = "discipline.scheme"
    _description = "Pay Scheme"
    # hr.mixin: an officer without HR rights can choose employees
    _inherit = [
        "discipline.moved.mixin",
        "discipline.limit.mixin",
        "discipline.audience.mixin",
        "hr.mixin",
        "mail.thread",
    ]
    _order = "state, date_from desc, name, id"
    _moved = frozenset({"state", "version", "family_id"})
    _settled = frozenset({"company_id"})
    _at_work = frozenset({"active"})

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    date_from = fields.Date(default=lambda self: fields.Date.context_today(self).replace(day=1))
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("closed", "Closed")],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Only active schemes pay. A closed one still pays for the days up to its last day.",
    )
    has_floor = fields.Boolean(tracking=True)
    floor = fields.Monetary(tracking=True)
    has_cap = fields.Boolean(tracking=True)
    cap = fields.Monetary(tracking=True)
    component_ids = fields.One2many("discipline.component", "scheme_id", "Components", copy=True)

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains(
        "state", "active", "company_id", "date_from", "date_to", "team_ids", "job_ids", "employee_ids"
    )
    def _check_overlap(self):
        """Two schemes in force for the same people at the same time: nobody could tell which one pays."""
        for scheme in self.filtered(lambda scheme: scheme.active and scheme.state == "active"):
            others = self.sudo().search([("state", "=", "active"), ("company_id", "=", scheme.company_id.id)])
            if other := scheme.sudo()._find_overlap(others):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” and “%(other)s” would both pay: %(audience)s. Change “Valid from” or “Valid until” of"
                        " one of them (“%(other)s”: %(first)s – %(last)s), or its audience, or close it.",
                        name=scheme.name,
                        other=other.name,
                        audience=other.audience,
                        first=format_date(self.env, other.date_from),
                        last=format_date(self.env, other.date_to) or self.env._("open end"),
                    )
                )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_activate(self):
        """Let the schemes pay. :raise UserError: for one that pays nothing."""
        for scheme in self:
            if not scheme.component_ids:
                raise UserError(
                    self.env._("“%(name)s” has no component yet: add what it pays for.", name=scheme.name)
                )
        self._moving().write({"state": "active"})

    def action_close(self):
        """End the schemes: the last day that they pay is today, unless it is over already."""
        today = fields.Date.context_today(self)
        for scheme in self:
            last = max(today, scheme.date_from or today)
            scheme._moving().write({"state": "closed", "date_to": min(scheme.date_to or last, last)})

    def action_draft(self):
        """Back to draft: the schemes pay nobody."""
        self._moving().write({"state": "draft"})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        self.component_ids._unlink_except_paid()

    # ------------------------------------------------------------
    # What runs ask
    # ------------------------------------------------------------

    @api.model
    def _get_spans(self, company, employees, teams, first, last):
        """Which schemes pay whom, and when.

        :param teams: `{employee id: team id}` as of then, for people who have left their team since
        :return: `[(first day, last day, {employee id: scheme})]` of `first` .. `last`, inclusive, without gaps
            and in order; cut where a scheme begins or ends
        """
        schemes = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("active", "closed")),
                ("date_from", "<=", last),
                *(Domain("date_to", "=", False) | Domain("date_to", ">=", first)),
            ]
        )
        starts = {
            first,
            *schemes.mapped("date_from"),
            *(day + DAY for day in schemes.mapped("date_to") if day),
        }
        starts = sorted(day for day in starts if first <= day <= last)
        stops = [day - DAY for day in starts[1:]] + [last]
        return [
            # as of the last day: who joined a team on the way is in
            (
                start,
                stop,
                schemes._get_in_force_of_teams(teams, stop) | schemes._get_in_force(employees, stop),
            )
            for start, stop in zip(starts, stops, strict=True)
        ]

    def _get_in_force_of_teams(self, teams, day):
        """The scheme in force for members of a team on that day: `{employee id: scheme}`, from `{employee id: team id}`."""
        valid = self.filtered(lambda scheme: scheme._is_valid_on(day))
        by_level = {key[1:]: scheme for key, scheme in valid._get_by_level().items()}
        found = {
            employee_id: by_level.get(("team_ids", team_id)) or by_level.get((None, None))
            for employee_id, team_id in teams.items()
        }
        return {employee_id: scheme for employee_id, scheme in found.items() if scheme}

    def _get_lines(self, month, people):
        """The lines of this scheme for a month, its own limits as the last ones.

        :param month: the `PayMonth` that components read from
        :param people: `{employee id: Person}`
        :return: `{employee id: [values of discipline.statement.line]}`
        """
        self.ensure_one()
        lines = {employee_id: [] for employee_id in people}
        for component in self.component_ids:
            for employee_id, rows in component._get_lines(month, people).items():
                lines[employee_id] += rows
        for employee_id, rows in lines.items():
            # a scheme that ended before the month may still pay the week that the month begins in
            if rows or people[employee_id].spans[-1][1] >= month.first:
                rows += self._get_settlement_lines(month, people[employee_id], rows)
        return lines

    def _is_valid_on(self, day) -> bool:
        return self.date_from <= day and (not self.date_to or day <= self.date_to)

    def _prepare_inputs(self):
        """What a statement remembers of its scheme."""
        limits = self._get_limits()
        return {"id": self.id, "name": self.name, "floor": limits.floor, "cap": limits.cap}
