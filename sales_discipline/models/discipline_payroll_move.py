from odoo import Command, fields, models
from odoo.exceptions import UserError

from .discipline_payroll import LOCKED
from .readers import for_readers


class DisciplinePayroll(models.Model):
    """A confirmed run as a draft entry in accounting, once: expenses by kind of pay and department against what is owed.

    Whoever pays need not be an accountant: the officer's button makes the entry, as a draft, in the journal and on the
    accounts that the company has chosen, and nothing else. Reading, changing and posting it is for accountants."""

    _inherit = "discipline.payroll"

    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    move_state = fields.Selection(related="move_id.state", string="Status of the Entry", tracking=False)

    def action_create_move(self):
        """Make the entry, unless there is one that is not cancelled, and show it.

        :raise UserError: if the run is not confirmed, there is nothing to enter, or a setting is missing
        """
        self.ensure_one()
        run = self._open()
        if run.state not in LOCKED:
            raise UserError(
                self.env._("Only a confirmed run can be entered; “%(name)s” is not.", name=run.name)
            )
        if not run.move_id or run.move_state == "cancel":
            move = run.env["account.move"].with_company(run.company_id).create(run._prepare_move())
            run.write({"move_id": move.id})
            note = self.env._("%(user)s made a draft journal entry of this run.", user=self.env.user.name)
            run.message_post(body=note, author_id=self.env.user.partner_id.id)
        return self.action_open_move()

    @for_readers
    def action_open_move(self):
        """The entry for those who can read it, a word for those who cannot."""
        self.ensure_one()
        move = self.sudo().move_id.with_env(self.env)
        if move and move.has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Journal Entry"),
                "res_model": "account.move",
                "view_mode": "form",
                "views": [(False, "form")],
                "res_id": move.id,
            }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The journal entry is with the accountants, who check and post it."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # What is entered
    # ------------------------------------------------------------

    def _prepare_move(self):
        """The values of the entry: balanced to the cent, since it adds up amounts that are rounded already."""
        company = self.company_id
        if self.currency_id != company.currency_id:
            raise UserError(
                self.env._(
                    "“%(name)s” was computed in %(currency)s, the company keeps its books in %(own)s: enter it by hand.",
                    name=self.name,
                    currency=self.currency_id.name,
                    own=company.currency_id.name,
                )
            )
        amounts = self._read_move_amounts()
        if not amounts:
            raise UserError(
                self.env._("There is nothing to enter: nobody is paid in “%(name)s”.", name=self.name)
            )
        accounts = self._get_accounts({kind for kind, _department in amounts})
        labels = self._get_kind_labels()
        lines = [
            self._prepare_move_line(
                accounts[kind], amount, ", ".join(filter(None, (labels[kind], department, self.name)))
            )
            for (kind, department), amount in amounts.items()
        ]
        owed = self.currency_id.round(sum(amounts.values()))
        if owed:
            lines.append(self._prepare_move_line(company.discipline_pay_payable_account_id, -owed, self.name))
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company.discipline_pay_journal_id.id,
            "date": self.date_to,
            "ref": self.env._("Payroll: %(name)s", name=self.name),
            "line_ids": [Command.create(line) for line in lines],
        }

    def _prepare_move_line(self, account, balance, name):
        """:param balance: a debit, or a credit if it is negative"""
        return {
            "account_id": account.id,
            "name": name,
            "debit": max(balance, 0.0),
            "credit": max(-balance, 0.0),
        }

    def _read_move_amounts(self):
        """`{(kind, department): amount}` without zeros, in the order of departments; a correction belongs to the kind of
        the line that it corrects. The department is '' where there is none or departments are not told apart."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT CASE WHEN l.kind <> 'correction' THEN l.kind ELSE COALESCE(c.kind, 'limit') END,
                   CASE WHEN %s THEN COALESCE(s.department_name, '') ELSE '' END AS department,
                   SUM(l.amount)
              FROM discipline_statement_line l
              JOIN discipline_statement s ON s.id = l.statement_id
              LEFT JOIN discipline_statement_line c ON c.id = l.corrects_line_id
             WHERE l.payroll_id = %s
             GROUP BY 1, 2
             ORDER BY department, 1
            """,
            [self.company_id.discipline_pay_by_department, self.id],
        )
        return {
            (kind, department): amount
            for kind, department, value in self.env.cr.fetchall()
            if (amount := self.currency_id.round(value))
        }

    def _get_accounts(self, kinds):
        """The expense account of each of these kinds: `{kind: account}`. :raise UserError: naming what is not set"""
        company = self.company_id
        own = self.env["discipline.pay.account"].search(
            [("company_id", "=", company.id), ("kind", "in", kinds)]
        )
        accounts = {kind: company.discipline_pay_expense_account_id for kind in kinds}
        accounts.update({row.kind: row.account_id for row in own})
        names = ["discipline_pay_journal_id", "discipline_pay_payable_account_id"]
        if not all(accounts.values()):
            names.append("discipline_pay_expense_account_id")
        missing = [company._fields[name]._description_string(self.env) for name in names if not company[name]]
        if missing:
            raise UserError(
                self.env._(
                    "Choose first, in Settings > Discipline > Pay of %(company)s: %(fields)s.",
                    company=company.name,
                    fields=", ".join(missing),
                )
            )
        return accounts
