from odoo import Command

from .common import DisciplineCase


class Accounting:
    """The company keeps books: a sales journal, a bank, a tax of 20 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_accounting()

    @classmethod
    def _set_up_accounting(cls):
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        income, cash, transit = (cls._make_account(*args) for args in (
            ("income", "40"), ("asset_cash", "10"), ("asset_current", "11"),
        ))  # fmt: skip
        customer = cls.customer.with_company(cls.company)
        customer.property_account_receivable_id = cls._make_account("asset_receivable", "12", reconcile=True)
        customer.property_account_payable_id = cls._make_account("liability_payable", "20", reconcile=True)
        cls.journal = cls._make_journal("sale", income)
        cls.purchases = cls._make_journal("purchase", cls._make_account("expense", "60"))
        cls.bank = cls._make_journal("bank", cash)
        transit.reconcile = True
        (
            cls.bank.inbound_payment_method_line_ids + cls.bank.outbound_payment_method_line_ids
        ).payment_account_id = transit
        cls.company.account_fiscal_country_id = cls.env.ref("base.be")
        base = {"name": "20 %", "company_id": cls.company.id, "country_id": cls.env.ref("base.be").id}
        group = cls.env["account.tax.group"].create(base)
        cls.tax = cls.env["account.tax"].create({**base, "amount": 20, "tax_group_id": group.id})

    @classmethod
    def _make_account(cls, account_type, code, **vals):
        base = {"name": account_type, "code": f"{code}0000", "account_type": account_type}
        return cls.env["account.account"].create({**base, **vals})

    @classmethod
    def _make_journal(cls, journal_type, account):
        return cls.env["account.journal"].create(
            {
                "name": journal_type,
                "code": journal_type[:4].upper(),
                "type": journal_type,
                "company_id": cls.company.id,
                "default_account_id": account.id,
            }
        )

    @classmethod
    def _make_invoice(cls, user=None, amount=1000, post=True, **vals):
        line = {"name": "Widget", "price_unit": amount, "tax_ids": [Command.set(cls.tax.ids)]}
        base = {"move_type": "out_invoice", "partner_id": cls.customer.id, "journal_id": cls.journal.id}
        base.update(
            invoice_user_id=(user or cls.anna).id,
            team_id=cls.north.id,
            invoice_line_ids=[Command.create(line)],
        )
        invoice = cls.env["account.move"].create({**base, **vals})
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _pay(cls, invoice, amount, day="2026-03-10"):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(
            {"amount": amount, "payment_date": day, "journal_id": cls.bank.id}
        )._create_payments()

    @classmethod
    def _partials(cls, invoice):
        lines = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return lines.matched_credit_ids + lines.matched_debit_ids


class InvoiceCase(Accounting, DisciplineCase):
    """The cast, with books."""
