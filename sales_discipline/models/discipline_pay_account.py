from odoo import fields, models


class DisciplinePayAccount(models.Model):
    """The account that one kind of pay is an expense of, where it is another than the company's account for pay."""

    _name = "discipline.pay.account"
    _description = "Account of a Kind of Pay"
    _order = "company_id, kind, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    kind = fields.Selection(lambda self: self._get_kinds(), required=True)
    account_id = fields.Many2one(
        "account.account",
        "Expense Account",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable', 'off_balance'))]",
    )

    _company_kind_uniq = models.Constraint(
        "UNIQUE (company_id, kind)",
        "This kind of pay has an account in this company already: change that one.",
    )

    def _get_kinds(self):
        """The kinds of lines. A correction is booked like the line that it corrects."""
        kinds = self.env["discipline.statement.line"]._fields["kind"]._description_selection(self.env)
        return [(kind, label) for kind, label in kinds if kind != "correction"]
