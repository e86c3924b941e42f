from odoo import fields, models

EXPENSE = [("account_type", "not in", ("asset_receivable", "liability_payable", "off_balance"))]


class ResCompany(models.Model):
    _inherit = "res.company"

    discipline_pay_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Pay",
        domain=[("type", "=", "general")],
        ondelete="restrict",
        help="In which payroll runs are entered.",
        prefetch="discipline",
    )
    discipline_pay_expense_account_id = fields.Many2one(
        "account.account",
        "Expenses of Pay",
        domain=EXPENSE,
        ondelete="restrict",
        help="For every kind of pay that has no account of its own.",
        prefetch="discipline",
    )
    discipline_pay_payable_account_id = fields.Many2one(
        "account.account",
        "Pay Owed",
        domain=EXPENSE,
        ondelete="restrict",
        help="What the company owes its people once a month is confirmed.",
        prefetch="discipline",
    )
    discipline_pay_by_department = fields.Boolean(
        "A Line per Department",
        default=True,
        help="Without it one line a kind. With it, whoever reads the entry sees what departments of one person are paid.",
        prefetch="discipline",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_pay_journal_id = fields.Many2one(
        related="company_id.discipline_pay_journal_id", readonly=False
    )
    discipline_pay_expense_account_id = fields.Many2one(
        related="company_id.discipline_pay_expense_account_id", readonly=False
    )
    discipline_pay_payable_account_id = fields.Many2one(
        related="company_id.discipline_pay_payable_account_id", readonly=False
    )
    discipline_pay_by_department = fields.Boolean(
        related="company_id.discipline_pay_by_department", readonly=False
    )
