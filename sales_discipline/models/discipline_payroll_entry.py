from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .discipline_payroll import LOCKED


class DisciplinePayrollEntry(models.Model):
    """An amount that a payroll officer adds to a run by hand, with the reason: it becomes a line of the person's
    statement when the run is computed. Nobody gives anything to themselves."""

    _name = "discipline.payroll.entry"
    _description = "Manual Line of a Payroll Run"
    _inherit = ["discipline.amount.mixin", "discipline.own.company.mixin"]
    _order = "month desc, payroll_id, id"
    _rec_name = "reason"

    payroll_id = fields.Many2one(
        "discipline.payroll",
        "Payroll Run",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("state", "in", ("draft", "computed")), ("job", "=", False)],
    )
    company_id = fields.Many2one(related="payroll_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="payroll_id.currency_id")
    month = fields.Date(related="payroll_id.date_from", store=True)
    state = fields.Selection(related="payroll_id.state")
    employee_id = fields.Many2one(
        "hr.employee",
        "Person",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('company_id', '=', company_id)]",
    )
    amount = fields.Monetary(required=True, help="Above zero it is paid, below zero it is taken off.")
    reason = fields.Char(required=True, help="What the person reads on their statement.")
    dispute_id = fields.Many2one(
        "discipline.dispute",
        "Settles",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('employee_id', '=', employee_id), ('state', '=', 'accepted')]",
        help="The accepted dispute that this amount settles: its person reads so beside it.",
    )
    author_id = fields.Many2one(
        "res.users", "Entered by", readonly=True, copy=False, ondelete="restrict", help="Who changed it last."
    )

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create([{**vals, "author_id": self.env.uid} for vals in vals_list])
        entries._check_changeable()
        return entries

    def write(self, vals):
        self._check_changeable()
        res = super().write({**vals, "author_id": self.env.uid})
        self._check_changeable()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_changeable()

    def _check_changeable(self):
        """:raise UserError: for a run that is confirmed, and for an entry of one's own"""
        self.check_access("read")  # a refusal names the run
        for entry in self.sudo():
            if entry.payroll_id.state in LOCKED:
                raise UserError(entry.payroll_id._explain_lock())
            entry.payroll_id._check_idle()
            if entry.employee_id.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "Nobody changes their own pay: ask another payroll officer for this manual line."
                    )
                )

    @api.constrains("dispute_id", "employee_id")
    def _check_dispute(self):
        for entry in self.sudo().filtered("dispute_id"):
            if entry.dispute_id.employee_id != entry.employee_id or entry.dispute_id.state != "accepted":
                raise ValidationError(
                    self.env._(
                        "“Settles” has to be a dispute of %(name)s that was accepted.",
                        name=entry.employee_id.name,
                    )
                )

    @api.constrains("amount", "reason", "employee_id", "payroll_id")
    def _check_entry(self):
        for entry in self.sudo():
            company = entry.company_id
            if entry.currency_id.is_zero(entry.amount):
                raise ValidationError(self.env._("Fill in “Amount”: a manual line of zero changes nothing."))
            if not (entry.reason or "").strip():
                raise ValidationError(self.env._("Fill in “Reason”: the person reads it on the statement."))
            if entry.employee_id.company_id != company:
                raise ValidationError(
                    self.env._(
                        "“Person”: %(name)s does not work for %(company)s, whose run this is.",
                        name=entry.employee_id.name,
                        company=company.name,
                    )
                )
            if company.discipline_no_fines and entry.amount < 0:
                raise ValidationError(
                    self.env._(
                        "%(company)s is in no-fine mode: “Amount” of a manual line cannot be below zero.",
                        company=company.name,
                    )
                )

    def _prepare_line(self, lang):
        """The values of the line of a statement, in that language."""
        self.ensure_one()
        me = self.with_context(lang=lang)
        amount = self.currency_id.round(self.amount)
        return {
            "component_id": False,
            "name": me.env._("Manual line"),
            "kind": "manual",
            "date_from": self.payroll_id.date_from,
            "date_to": self.payroll_id.date_to,
            "base": 0.0,
            "rate": 0.0,
            "amount": amount,
            "limit": None,
            "tier_id": None,
            "explanation": me.env._(
                "%(reason)s (entered by %(author)s)", reason=self.reason.strip(), author=self.author_id.name
            ),
            "next_step": None,
            "scorecard_ids": [],
            "inputs": {"entry": self.id, "amount": amount, "author": self.author_id.id},
        }


class DisciplinePayroll(models.Model):
    _inherit = "discipline.payroll"

    entry_ids = fields.One2many("discipline.payroll.entry", "payroll_id", "Manual Lines", copy=False)

    def _get_manual_lines(self, people=None):
        """The values of the lines made by hand (for these employee ids only): `{employee id: [values of
        discipline.statement.line]}`."""
        found = {}
        for entry in self.entry_ids.sorted("id"):
            if people is not None and entry.employee_id.id not in people:
                continue
            found.setdefault(entry.employee_id.id, []).append(
                entry._prepare_line(self._get_lang(entry.employee_id))
            )
        return found
