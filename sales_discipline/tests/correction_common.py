from odoo import Command
from odoo.tests import freeze_time

from .pay_common import PayCase

HANDBOOK = ((200_000, 5), (400_000, 7))


class CorrectionCase(PayCase):
    """Two salespeople on commission; September 2026 is confirmed on 5 October, October on 5 November and so on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for employee in cls.e_anna + cls.e_boris:
            employee.sudo().version_id.write(
                {"date_version": "2026-01-01", "contract_date_start": "2026-01-01"}
            )

    @classmethod
    def _commission(cls, steps=HANDBOOK, metric="sales_confirmed", **values):
        metric = cls.env.ref(f"sales_discipline.metric_{metric}")
        return cls._component("commission", steps, metric_id=metric.id, **values)

    def _pay(self, month, confirm=True):
        """The run of that month ('2026-09'), confirmed on the fifth of the next one."""
        year, number = map(int, month.split("-"))
        moment = f"{year + number // 12}-{number % 12 + 1:02}-05 12:00:00"
        with freeze_time(moment):
            run = self.env["discipline.payroll"].search(
                [("company_id", "=", self.company.id), ("date_from", "=", f"{month}-01")]
            ) or self._run(f"{month}-01")
            run = run.with_user(self.officer)
            run.action_compute()
            if confirm:
                run.action_confirm()
        return run.sudo()

    def _corrections(self, run, employee=None):
        """The correction lines of a run, of that person or of Anna."""
        return run.statement_ids.line_ids.filtered(
            lambda line: line.kind == "correction" and line.employee_id == (employee or self.e_anna)
        )

    def _cancel(self, order, moment):
        with freeze_time(moment):
            order._action_cancel()
            self.env.flush_all()

    def _words(self, text):
        return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    # ------------------------------------------------------------
    # Invoices
    # ------------------------------------------------------------

    @classmethod
    def _set_up_accounting(cls):
        env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company.account_fiscal_country_id = cls.env.ref("base.be")
        accounts = {
            kind: env["account.account"].create(
                {
                    "name": kind,
                    "code": f"{code}0000",
                    "account_type": kind,
                    "reconcile": kind != "income",
                }
            )
            for kind, code in (("income", "40"), ("asset_receivable", "12"), ("liability_payable", "20"))
        }
        cls.journal = env["account.journal"].create(
            {
                "name": "Sales",
                "code": "SALE",
                "type": "sale",
                "company_id": cls.company.id,
                "default_account_id": accounts["income"].id,
            }
        )
        cls.customer = env["res.partner"].create({"name": "Customer"})
        customer = cls.customer.with_company(cls.company)
        customer.property_account_receivable_id = accounts["asset_receivable"]
        customer.property_account_payable_id = accounts["liability_payable"]

    @classmethod
    def _invoice(cls, user, amount, moment, **values):
        """A customer invoice posted at that moment, and dated by it unless `invoice_date` says otherwise."""
        with freeze_time(moment):
            move = cls.journal.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "journal_id": cls.journal.id,
                    "invoice_user_id": user.id,
                    "invoice_date": moment[:10],
                    "invoice_line_ids": [
                        Command.create({"name": "Thing", "price_unit": amount, "tax_ids": False})
                    ],
                    **values,
                }
            )
            move.action_post()
        cls.env.flush_all()
        return move

    @classmethod
    def _refund(cls, invoice, moment):
        """A credit note over all of the invoice."""
        with freeze_time(moment):
            values = {"invoice_date": moment[:10], "date": moment[:10]}
            refund = invoice._reverse_moves([{**values, "invoice_user_id": invoice.invoice_user_id.id}])
            refund.action_post()
        cls.env.flush_all()
        return refund
