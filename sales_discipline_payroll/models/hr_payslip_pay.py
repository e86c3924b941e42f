from odoo import Command, api, models
from odoo.exceptions import UserError

from .discipline_statement import INPUTS


class HrPayslip(models.Model):
    """How amounts become inputs: shown when a payslip is filled in, and settled each time it is computed. Amounts typed
    into these inputs are replaced: what a person gets is changed in the payroll run, with a reason."""

    _inherit = "hr.payslip"

    @api.model
    def get_inputs(self, contracts, date_from, date_to):
        """Those of the salary rules, ours once and with their amounts, and ours that no rule asks for."""
        lines = super().get_inputs(contracts, date_from, date_to)
        payslip = self[:1]
        if not contracts or payslip.credit_note or not self.has_access("create"):
            return lines
        contract = contracts[:1]
        if not payslip:
            employee = contract.employee_id
            payslip = self.new(
                {
                    "employee_id": employee.id,
                    "company_id": employee.company_id.id,
                    "date_from": date_from,
                    "date_to": date_to,
                }
            )
        amounts = payslip._get_discipline_amounts(payslip._find_discipline_statements())[payslip]
        asked = {line["code"] for line in lines if line["code"] in INPUTS}
        return [line for line in lines if line["code"] not in INPUTS] + [
            payslip._prepare_discipline_input(code, amounts.get(code, 0.0), contract)
            for code in INPUTS
            if code in asked or amounts.get(code)
        ]

    def compute_sheet(self):
        """The amounts as they stand now are in the inputs before the salary rules read them."""
        self._fetch_discipline_pay()
        return super().compute_sheet()

    def _fetch_discipline_pay(self):
        """Bring the inputs in step with the confirmed statements. Doing it again changes nothing."""
        self.check_access("write")
        payslips = self.filtered(lambda payslip: not payslip.credit_note)
        contracts = {payslip: payslip._get_employee_contracts()[:1] for payslip in payslips}
        payslips = payslips.filtered(
            contracts.get
        )  # without a contract a payslip has neither inputs nor lines
        found = payslips._find_discipline_statements()
        payslips._link_discipline_statements(found)
        amounts = payslips._get_discipline_amounts(found)
        missing = []
        for payslip in payslips:
            wanted = {code: amount for code, amount in amounts[payslip].items() if amount}
            own = payslip.input_line_ids.filtered(lambda line: line.code in INPUTS).grouped("code")
            for code, lines in own.items():
                lines[1:].unlink()  # salary rules see but one line a code
                lines[0]._set_discipline_amount(wanted.pop(code, 0.0), contracts[payslip])
            missing += [
                {
                    **payslip._prepare_discipline_input(code, amount, contracts[payslip]),
                    "payslip_id": payslip.id,
                }
                for code, amount in wanted.items()
            ]
        self.env["hr.payslip.input"].create(missing)

    def _link_discipline_statements(self, found):
        """:param found: see `_find_discipline_statements`. Payslips that pay a statement no more let go of it first."""
        statements = self.env["discipline.statement"].sudo().union(*found.values())
        theirs = {payslip.id: wanted for payslip, wanted in found.items()}
        holders = self._get_discipline_holders(statements) | self.sudo()
        for payslip in holders:
            held = payslip.discipline_statement_ids
            gone = held - theirs.get(payslip.id, held - statements)
            if gone:
                payslip.discipline_statement_ids = [Command.unlink(key) for key in gone.ids]
        for payslip in self.sudo():
            payslip.discipline_statement_ids = [Command.link(key) for key in theirs[payslip.id].ids]

    def _get_discipline_amounts(self, found):
        """`{payslip: {code: amount}}`. :param found: see `_find_discipline_statements`"""
        statements = self.env["discipline.statement"].sudo().union(*found.values())
        by_statement = statements._get_payslip_amounts()
        amounts = {}
        for payslip, theirs in found.items():
            payslip._check_discipline_currency(theirs)
            amounts[payslip] = of_codes = {}
            for statement in theirs:
                for code, amount in by_statement[statement.id].items():
                    of_codes[code] = statement.currency_id.round(of_codes.get(code, 0.0) + amount)
        return amounts

    def _check_discipline_currency(self, statements):
        """Payslips are in the company's currency, and rounded by a setting of their own.

        :raise UserError: where an amount would become another one
        """
        company = statements.company_id
        digits = self.env["decimal.precision"].precision_get("Payroll")
        for currency in statements.currency_id:
            if currency != company.currency_id:
                raise UserError(
                    self.env._(
                        "The pay of %(person)s was computed in %(currency)s, payslips of %(company)s are in %(own)s: enter"
                        " it by hand.",
                        person=self.employee_id.name,
                        currency=currency.name,
                        company=company.name,
                        own=company.currency_id.name,
                    )
                )
            if currency.decimal_places > digits:
                raise UserError(
                    self.env._(
                        "Amounts in %(currency)s have %(places)s decimals, payslips only %(digits)s: raise the decimal"
                        " accuracy “Payroll” in the technical settings first.",
                        currency=currency.name,
                        places=currency.decimal_places,
                        digits=digits,
                    )
                )

    def _prepare_discipline_input(self, code, amount, contract):
        return {
            "name": self._get_discipline_labels()[code],
            "code": code,
            "amount": amount,
            "contract_id": contract.id,
            "sequence": 50 + INPUTS.index(code),
        }

    @api.model
    def _get_discipline_labels(self):
        """`{code of an input: its name}`, in the language of the context."""
        statements = self.env["discipline.statement"]
        labels = {
            statements._get_payslip_code(kind): label
            for kind, label in self.env["discipline.payroll"]._get_kind_labels().items()
        }
        return {
            code: labels[code] if code != INPUTS[-1] else self.env._("Other Sales Pay") for code in INPUTS
        }


class HrPayslipInput(models.Model):
    _inherit = "hr.payslip.input"

    def _set_discipline_amount(self, amount, contract):
        """Written only where it changes something."""
        values = {}
        if self.amount != amount:
            values["amount"] = amount
        if self.contract_id != contract:
            values["contract_id"] = contract.id
        if values:
            self.write(values)
