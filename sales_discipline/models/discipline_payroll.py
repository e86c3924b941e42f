from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools.misc import format_date

from ..tools.periods import period_bounds

# In the context of code of this process that computes, confirms or marks as paid. An object, so that no
# remote call can send it: without it nobody changes a result, an administrator included.
PAYING = object()

# what only the buttons change, in any state: who did what when, and the results
STAMPS = (
    "fingerprint",
    "computed_at",
    "computed_by_id",
    "confirmed_at",
    "confirmed_by_id",
    "paid_at",
    "paid_by_id",
    "move_id",
    "job",
    "job_user_id",
    "job_started_at",
    "job_left",
    "job_total",
    "job_error",
)
BUTTONS = {*STAMPS, "state", "statement_ids", "date_to", "currency_id"}
LOCKED = ("confirmed", "paid")


class DisciplinePayroll(models.Model):
    """What one company pays for one month: a statement a person. It can be computed again and again until it is
    confirmed; from then on nothing in it changes, only that it is paid."""

    _name = "discipline.payroll"
    _description = "Payroll Run"
    _inherit = ["discipline.own.company.mixin", "mail.thread"]
    _order = "date_from desc, company_id, id"

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True, required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
        tracking=True,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True, precompute=True)
    date_from = fields.Date(
        "Month",
        required=True,
        default=lambda self: self._default_date_from(),
        tracking=True,
        help="Any day of the month.",
    )
    date_to = fields.Date("Last Day", compute="_compute_date_to", store=True, precompute=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computing", "Computing"),
            ("computed", "Computed"),
            ("confirmed", "Confirmed"),
            ("paid", "Paid"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    statement_ids = fields.One2many(
        "discipline.statement", "payroll_id", "Statements", readonly=True, copy=False
    )
    statement_count = fields.Integer("People", compute="_compute_totals")
    no_scheme_count = fields.Integer("People without a Scheme", compute="_compute_totals")
    total = fields.Monetary(compute="_compute_totals")
    open_card_count = fields.Integer("Open Scorecards", compute="_compute_open_card_count")
    computed_at = fields.Datetime(readonly=True, copy=False)
    computed_by_id = fields.Many2one(
        "res.users", "Computed by", readonly=True, copy=False, ondelete="restrict"
    )
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        "res.users", "Confirmed by", readonly=True, copy=False, ondelete="restrict"
    )
    paid_at = fields.Datetime(readonly=True, copy=False)
    paid_by_id = fields.Many2one("res.users", "Paid by", readonly=True, copy=False, ondelete="restrict")
    fingerprint = fields.Char(
        readonly=True, copy=False, help="Of everything that was computed, to see whether it still holds."
    )

    _company_month_uniq = models.Constraint(
        "UNIQUE (company_id, date_from)",
        "This company has a payroll run for that month already: open that one.",
    )

    # ------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------

    def _default_date_from(self):
        """The month that is to be paid next: the last one that is over, or the one after the last run."""
        over = fields.Date.context_today(self).replace(day=1) - relativedelta(months=1)
        last = self.search(
            [("company_id", "=", self.env.company.id)], order="date_from desc", limit=1
        ).date_from
        return max(over, last + relativedelta(months=1)) if last else over

    @api.depends("date_from")
    def _compute_name(self):
        for run in self:
            run.name = (
                run.date_from and format_date(run.env, run.date_from, date_format="LLLL yyyy").capitalize()
            )

    @api.depends("date_from")
    def _compute_date_to(self):
        for run in self:
            run.date_to = run.date_from and period_bounds("month", run.date_from)[1]

    @api.depends("company_id")  # not on the company's currency: what was computed keeps its own
    def _compute_currency_id(self):
        for run in self:
            run.currency_id = run.company_id.currency_id

    @api.depends("statement_ids.total", "statement_ids.scheme_id")
    def _compute_totals(self):
        rows = self.env["discipline.statement"]._read_group(
            [("payroll_id", "in", self.ids)], ["payroll_id"], ["__count", "total:sum", "scheme_id:count"]
        )
        totals = {run.id: values for run, *values in rows}
        for run in self:
            count, total, with_scheme = totals.get(run.id, (0, 0.0, 0))
            run.statement_count = count
            run.total = run.currency_id.round(total) if run.currency_id else total
            run.no_scheme_count = count - with_scheme

    @api.depends("company_id", "date_from", "state")
    def _compute_open_card_count(self):
        for run in self:
            locked = run.state in LOCKED or not run.date_from
            run.open_card_count = (
                0 if locked else self.env["discipline.scorecard"].sudo().search_count(run._get_open_domain())
            )

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A run begins as a draft, whatever the context or the caller says, on the first day of its month and in the
        currency of its company."""
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(
                    self.env._(
                        "A payroll run begins as a draft. Use its buttons: Compute, Confirm, Mark as Paid."
                    )
                )
        fresh = {"state": "draft", "statement_ids": [], **dict.fromkeys(STAMPS, False)}
        rows = []
        for vals in vals_list:
            row = self._normalise({**self.default_get(["date_from", "company_id"]), **vals})
            currency = self.env["res.company"].browse(row["company_id"]).sudo().currency_id
            rows.append({**row, **fresh, "currency_id": currency.id})
        return super().create(rows)

    def write(self, vals):
        """Results and states change by the buttons alone; a confirmed run does not change at all."""
        if self.env.context.get("discipline_pay") is not PAYING:
            own = {
                name
                for name in vals
                if name in self._fields and not name.startswith(("message_", "website_message_"))
            }
            if own and (locked := self.filtered(lambda run: run.state in LOCKED)):
                raise UserError(locked[0]._explain_lock())
            if own & BUTTONS:
                raise UserError(
                    self.env._("Use the buttons of the payroll run: Compute, Confirm, Mark as Paid.")
                )
            if own.intersection(("company_id", "date_from")) and self.filtered(
                lambda run: run.state != "draft"
            ):
                raise UserError(
                    self.env._(
                        "The month and the company of a computed run stay. Delete it and make a new one."
                    )
                )
        result = super().write(self._normalise(vals))
        if vals.keys() & {"state", "date_from"}:
            self._update_statements()
        return result

    @api.model
    def _normalise(self, vals):
        if vals.get("date_from"):
            try:
                day = fields.Date.to_date(vals["date_from"])
            except (TypeError, ValueError):
                day = None
            if not day or not 2000 <= day.year <= 2100:
                raise UserError(self.env._("The field 'Month' has to be a day between 2000 and 2100."))
            first, last = period_bounds("month", day)
            return {**vals, "date_from": first, "date_to": last}
        return vals

    def _explain_lock(self):
        self.ensure_one()
        return self.env._(
            "The payroll run “%(name)s” is confirmed: nothing in it can be changed or deleted any more.",
            name=self.name,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        for run in self:
            if run.state in LOCKED:
                raise UserError(run._explain_lock())

    def _open(self):
        """The runs, locked in the database and with the right to change them."""
        self.check_access("write")
        try:
            self.lock_for_update()
        except LockError:
            raise UserError(
                self.env._("Somebody else works on this payroll run right now. Try again in a moment.")
            ) from None
        clean = {key: value for key, value in self.env.context.items() if not key.startswith("default_")}
        runs = self.sudo().with_context(clean)  # pylint: disable=context-overridden
        return runs.with_context(discipline_pay=PAYING)
