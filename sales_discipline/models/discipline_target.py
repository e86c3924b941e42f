from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.amounts import is_amount
from .discipline_plan import PERIODS


class DisciplineTarget(models.Model):
    """A person's, a team's or the company's target of a metric, in place of the plan's default. Sales plans are the
    targets on a money metric. `amount` is for each `period` that begins within the validity, in the unit of the
    metric (money: the company's currency).

    Which one is in force is said in one place, `_find_amount`: scorecards and the page of sales plans both ask it.
    """

    _name = "discipline.target"
    _inherit = ["discipline.own.company.mixin"]
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
        [("own", "Each person"), ("team", "Team as a whole"), ("company", "Company as a whole")],
        required=True,
        default="own",
        help="For a team: what each of its members has to reach, or the team's total, which its leader answers for."
        " The company's total stands above those of its teams.",
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

    @api.depends("metric_id", "employee_id", "team_id", "scope", "company_id")
    def _compute_display_name(self):
        for target in self:
            who = target.employee_id.sudo().name or target.team_id.name
            if target.scope == "company":
                who = target.company_id.sudo().name
            target.display_name = f"{target.metric_id.name} – {who}" if who else target.metric_id.name

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "own":
            self.employee_id = False
        if self.scope == "company":
            self.team_id = False

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    @api.constrains("amount")
    def _check_amount(self):
        for target in self:
            if not is_amount(target.amount):
                raise ValidationError(
                    self.env._("The field 'Value' of a target has to be a number below 10^15.")
                )

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
            if target.scope == "company":
                if target.employee_id or target.team_id:
                    raise ValidationError(
                        self.env._(
                            "'Company as a whole' is for a target of neither an 'Employee' nor a 'Sales Team':"
                            " empty both fields."
                        )
                    )
            elif bool(target.employee_id) == bool(target.team_id):
                raise ValidationError(
                    self.env._("A target is either for an 'Employee' or for a 'Sales Team': fill in one.")
                )
            elif target.employee_id and target.scope == "team":
                raise ValidationError(
                    self.env._("'Team as a whole' is for the targets of a sales team, not of an employee.")
                )

    @api.constrains(
        "metric_id", "company_id", "period", "scope", "employee_id", "team_id", "date_from", "date_to"
    )
    def _check_overlap(self):
        """One statement for all of them: a year's plan of a company is some ten thousand."""
        self.flush_model()
        self._lock_metrics(self.metric_id.ids)
        query = SQL(
            """
            SELECT o.id FROM discipline_target t
              JOIN discipline_target o
                ON o.metric_id = t.metric_id AND o.company_id = t.company_id AND o.period = t.period
               AND o.scope = t.scope AND COALESCE(o.employee_id, 0) = COALESCE(t.employee_id, 0)
               AND COALESCE(o.team_id, 0) = COALESCE(t.team_id, 0)
               AND o.date_from <= t.date_to AND o.date_to >= t.date_from AND o.id != t.id
             WHERE t.id = ANY(%s) LIMIT 1
            """,
            self.ids,
        )
        if found := self.env.execute_query(query):
            other = self.browse(found[0][0])
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

    @api.model
    def _lock_metrics(self, metric_ids: list[int]) -> None:
        """One transaction after the other sets targets of a metric. A transaction sees nothing of what others do after
        its begin, so that waiting alone would not help: writing the same row makes the later one begin anew."""
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_metric m SET sequence = m.sequence FROM (SELECT id FROM discipline_metric"
                " WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE) o WHERE o.id = m.id",
                metric_ids,
            )
        )

    # ------------------------------------------------------------
    # Which target is in force
    # ------------------------------------------------------------

    @api.model
    def _get_index(self, metric_ids, company_ids, first: date, last: date) -> dict:
        """The targets that may be in force from `first` to `last`, in one query, as `_find_amount` wants them.

        :return: `{(metric id, company id, period, scope, whose): [(date_from, date_to, amount)]}`; whose is
            ('employee', id), ('team', id) or ('company', id)
        """
        domain = Domain("metric_id", "in", metric_ids) & Domain("company_id", "in", company_ids)
        domain &= Domain("date_from", "<=", last) & Domain("date_to", ">=", first)
        index = defaultdict(list)
        for target in self.sudo().search(domain):
            key = (
                target.metric_id.id,
                target.company_id.id,
                target.period,
                target.scope,
                target._get_whose(),
            )
            index[key].append((target.date_from, target.date_to, target.amount))
        return dict(index)

    def _get_whose(self) -> tuple[str, int]:
        self.ensure_one()
        if self.employee_id:
            return "employee", self.employee_id.id
        return ("team", self.team_id.id) if self.team_id else ("company", self.company_id.id)

    @api.model
    def _find_amount(self, index: dict, key: tuple, day: date, owners) -> tuple[float | None, str | None]:
        """The target in force on `day` (the first of a period): the first of `owners` that has one.

        :param index: what `_get_index` returns
        :param key: (metric id, company id, period, scope)
        :param owners: pairs like ('employee', id), the one that beats the others first
        :return: `(amount, 'employee' | 'team' | 'company')`, `(None, None)` if there is none
        """
        for owner in owners:
            for date_from, date_to, amount in index.get((*key, owner), ()):
                if date_from <= day <= date_to:
                    return amount, owner[0]
        return None, None
