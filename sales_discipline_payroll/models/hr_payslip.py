from odoo import api, fields, models

from odoo.addons.sales_discipline.models.discipline_payroll import LOCKED


class HrPayslip(models.Model):
    """A payslip pays the confirmed statements of the months that end within it or that it lies in. A statement is paid
    once: by the first payslip that was computed after the run was confirmed, as long as that is neither cancelled nor
    refunded."""

    _inherit = "hr.payslip"

    discipline_statement_ids = fields.Many2many(
        "discipline.statement",
        "discipline_payslip_statement_rel",
        "payslip_id",
        "statement_id",
        "Pay Statements",
        readonly=True,
        copy=False,
        groups="sales_discipline.group_payroll",
        help="The confirmed statements that this payslip pays.",
    )

    def init(self):
        """Two that compute at the same time: PostgreSQL has the second one start over, and nobody is paid twice."""
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS discipline_payslip_statement_rel_once
                ON discipline_payslip_statement_rel (statement_id)
            """
        )
        return super().init()

    # ------------------------------------------------------------
    # Which statements
    # ------------------------------------------------------------

    def _find_discipline_statements(self):
        """What each of these payslips pays, in a fixed number of queries: `{payslip: statements}`, without those that
        another payslip pays. They are found for whoever may write the payslip, also without rights of their own."""
        if not self:
            return {}
        found = self._search_discipline_statements(
            self.employee_id._origin, min(self.mapped("date_from")), max(self.mapped("date_to"))
        )
        of_people = found.grouped(lambda statement: (statement.employee_id.id, statement.company_id.id))
        payers = {
            statement.id: payslip.id
            for payslip in self._get_discipline_holders(found)
            for statement in payslip.discipline_statement_ids
            if payslip._pays_discipline(statement)
        }
        result = {}
        for payslip in self:
            own = payslip._origin.id or payslip
            mine = of_people.get(payslip._get_discipline_key(), found.browse())
            result[payslip] = statements = mine.filtered(
                lambda statement, payslip=payslip, own=own: (
                    payers.get(statement.id, own) == own and payslip._is_discipline_month(statement)
                )
            )
            payers.update(dict.fromkeys(statements.ids, own))
        return result

    def _get_discipline_key(self):
        company = self.company_id or self.employee_id.company_id
        return (self.employee_id._origin.id, company._origin.id)

    @api.model
    def _search_discipline_statements(self, employees, date_from, date_to):
        """The confirmed statements of months that these days touch, the earliest first."""
        return (
            self.env["discipline.statement"]
            .sudo()
            .search(
                [
                    ("employee_id", "in", employees.ids),
                    ("state", "in", LOCKED),
                    ("date_from", "<=", date_to),
                    ("date_to", ">=", date_from),
                ],
                order="date_from, id",
            )
        )

    def _is_discipline_month(self, statement):
        """Does this payslip pay that statement's month? The month ends within the payslip, or holds all of it."""
        return self.date_from <= statement.date_to <= self.date_to or (
            statement.date_from <= self.date_from and self.date_to <= statement.date_to
        )

    @api.model
    def _get_discipline_holders(self, statements):
        """The payslips that paid, or still pay, any of these statements."""
        return self.sudo().search([("discipline_statement_ids", "in", statements.ids)])

    def _pays_discipline(self, statement):
        """Does this payslip pay the statement that it holds? Not after it was cancelled, refunded, or moved elsewhere."""
        refunded = self.refunded_id and self.refunded_id.state != "cancel"
        return (
            self.state != "cancel"
            and not self.credit_note
            and not refunded
            and self._is_discipline_month(statement)
        )

    # ------------------------------------------------------------
    # What a person reads
    # ------------------------------------------------------------

    def action_open_discipline_statements(self):
        """The statements that this payslip pays, under the reader's own rights."""
        self.ensure_one()
        statements = self.discipline_statement_ids
        domain = [("id", "in", statements.ids)]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Statements"),
            "res_model": "discipline.statement",
            "domain": domain,
            "views": [(False, "list"), (False, "form")],
        }
        if len(statements) == 1:
            action |= {"views": [(False, "form")], "res_id": statements.id}
        return action
