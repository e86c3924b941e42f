from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, formatLang

from .discipline_component import KINDS
from .discipline_payroll import LOCKED, PAYING

STATES = [("draft", "Draft"), ("computed", "Computed"), ("confirmed", "Confirmed"), ("paid", "Paid")]


class DisciplinePaidMixin(models.AbstractModel):
    """Results of a payroll run: made and changed by the run alone, never by hand, an administrator included."""

    _name = "discipline.paid.mixin"
    _description = "Result of a Payroll Run"

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        self._check_paying()
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        self._check_paying()
        self._check_unlocked()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_run(self):
        self._check_paying()
        self._check_unlocked()

    def _check_paying(self):
        if self.env.context.get("discipline_pay") is not PAYING:
            raise UserError(
                self.env._("Pay statements are made by a payroll run. Compute the run again to change them.")
            )

    def _check_unlocked(self):
        for run in self.payroll_id:
            if run.state in LOCKED:
                raise UserError(run._explain_lock())


class DisciplineStatement(models.Model):
    """What one person gets for one month, and why: every line explains itself."""

    _name = "discipline.statement"
    _description = "Pay Statement"
    _inherit = ["discipline.paid.mixin"]
    _order = "date_from desc, name, id"

    payroll_id = fields.Many2one(
        "discipline.payroll", "Payroll Run", required=True, readonly=True, ondelete="cascade", index=True
    )
    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, ondelete="restrict", index=True
    )
    name = fields.Char("Person", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, ondelete="restrict")
    department_name = fields.Char("Department", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    scheme_id = fields.Many2one("discipline.scheme", "Pay Scheme", readonly=True, ondelete="restrict")
    date_from = fields.Date("Month", related="payroll_id.date_from", store=True, precompute=True)
    date_to = fields.Date("Last Day", related="payroll_id.date_to", store=True, precompute=True)
    month_name = fields.Char("Month in Words", compute="_compute_month_name")
    state = fields.Selection(
        STATES,
        "Status",
        readonly=True,
        index=True,
        help="The run's, which writes it to all of its statements.",
    )
    line_ids = fields.One2many("discipline.statement.line", "statement_id", "Lines", readonly=True)
    days = fields.Integer("Days Scored", readonly=True, help="Daily scorecards paid in this run.")
    points = fields.Float(readonly=True, digits=(16, 2), help="Of the scorecards paid in this run.")
    bonus = fields.Monetary("Earned", readonly=True, help="The lines above zero, base pay included.")
    fine = fields.Monetary("Fines", readonly=True)
    correction = fields.Monetary(
        "Limit", readonly=True, help="What the floor or the cap of the scheme adds or takes away."
    )
    manual = fields.Monetary("Manual Lines", readonly=True, help="Entered by hand, each with its reason.")
    total = fields.Monetary(readonly=True)
    inputs = fields.Json(
        "Numbers Used", readonly=True, help="Scorecards, points, rates and limits as they were."
    )
    fingerprint = fields.Char(
        readonly=True, help="Of everything that was computed, to see whether it still holds."
    )

    _payroll_employee_uniq = models.Constraint(
        "UNIQUE (payroll_id, employee_id)", "One statement a person and month."
    )

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for statement in self:
            month = statement.date_from
            name = month and format_date(self.env, month, date_format="LLLL yyyy")
            statement.month_name = name and name[:1].upper() + name[1:]

    @api.depends("name", "month_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = " – ".join(filter(None, (statement.name, statement.month_name)))

    def _format_points(self):
        """The points in the language of the context, without decimals that say nothing."""
        return formatLang(self.env, self.points, digits=0 if self.points == round(self.points) else 2)

    def _get_report_lang(self):
        """The language that the person reads."""
        return self.sudo().user_id.lang or self.company_id.sudo().partner_id.lang or self.env.lang

    def action_open_cards(self):
        """The scorecards that these statements pay for."""
        self.check_access("read")
        return self.line_ids.action_open_cards()


class DisciplineStatementLine(models.Model):
    """One amount of a statement, with what it applies to, the rate, and the reckoning in words."""

    _name = "discipline.statement.line"
    _description = "Pay Statement Line"
    _inherit = ["discipline.paid.mixin"]
    _order = "statement_id, sequence, id"

    statement_id = fields.Many2one(
        "discipline.statement", required=True, readonly=True, ondelete="cascade", index=True
    )
    payroll_id = fields.Many2one(
        "discipline.payroll", "Payroll Run", required=True, readonly=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(readonly=True, aggregator=None)
    component_id = fields.Many2one(
        "discipline.component", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    kind = fields.Selection(
        [*KINDS, ("manual", "Manual Line"), ("limit", "Limit of the Scheme")], required=True, readonly=True
    )
    name = fields.Char(readonly=True)
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    state = fields.Selection(related="statement_id.state")
    month = fields.Date(related="statement_id.date_from", store=True, precompute=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("Until", readonly=True)
    base = fields.Float(readonly=True, digits=(16, 2), aggregator=None, help="What the rate applies to.")
    rate = fields.Float(readonly=True, digits=(16, 4), aggregator=None)
    limit = fields.Selection(
        [
            ("floor", "Floor"),
            ("cap", "Cap"),
            ("max_reduction", "Maximal Reduction"),
            ("guaranteed", "Guaranteed Pay"),
        ],
        "Limited by",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)
    explanation = fields.Text(readonly=True)
    next_step = fields.Text("What Would Raise It", readonly=True)
    tier_id = fields.Many2one("discipline.tier", "Step", readonly=True, ondelete="restrict")
    inputs = fields.Json("Numbers Used", readonly=True, help="From which the amount can be computed again.")
    scorecard_ids = fields.Many2many(
        "discipline.scorecard", string="Scorecards", readonly=True, ondelete="restrict"
    )

    has_cards = fields.Boolean(compute="_compute_evidence")
    has_documents = fields.Boolean(compute="_compute_evidence")

    @api.depends("scorecard_ids", "inputs", "kind")
    def _compute_evidence(self):
        """What a reader can open: the scorecards, and the documents, that a line was computed from."""
        for line in self:
            line.has_cards = bool(line.sudo().scorecard_ids)
            line.has_documents = line.kind != "correction" and bool(line._get_documents())

    def _get_documents(self):
        """`[[model, id, name, amount]]` of the documents that the amount was computed from, as they were."""
        return (self.inputs or {}).get("documents") or []

    def action_open_documents(self):
        """The documents that the amount was computed from, each under the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        documents = self._get_documents()
        if not documents:
            raise UserError(self.env._("“%(name)s” was not computed from documents.", name=self.name))
        model = documents[0][0]
        return self._open_documents(
            model, {key: name for kind, key, name, *_rest in documents if kind == model}
        )

    def action_open_cards(self):
        """The scorecards that these lines pay for."""
        self.check_access("read")
        cards = self.sudo().scorecard_ids
        return self.env["discipline.payroll"]._get_card_action(
            [("id", "in", cards.ids)], self.env._("Scorecards")
        )
