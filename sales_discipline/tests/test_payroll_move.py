from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .correction_common import CorrectionCase
from .pay_common import PayCase


class MoveCase(PayCase):
    @classmethod
    def _set_up_books(cls):
        cls.books = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company.account_fiscal_country_id = cls.env.ref("base.be")
        cls.wages, cls.bonuses, cls.owed = (
            cls.books["account.account"].create({"name": name, "code": code, "account_type": kind})
            for name, code, kind in (
                ("Wages", "620000", "expense"),
                ("Bonuses", "621000", "expense"),
                ("Owed", "455000", "liability_current"),
            )
        )
        cls.journal = cls.books["account.journal"].create(
            {"name": "Pay", "code": "PAY", "type": "general", "company_id": cls.company.id}
        )
        cls.company.write(
            {
                "discipline_pay_journal_id": cls.journal.id,
                "discipline_pay_expense_account_id": cls.wages.id,
                "discipline_pay_payable_account_id": cls.owed.id,
            }
        )
        cls.accountant = cls._new_user("accountant", "account.group_account_manager")

    def _rows(self, move):
        return [(line.account_id.name, line.name, line.balance) for line in move.line_ids]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayrollMove(MoveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_books()
        cls._week(cls.e_anna, "2026-09-07", [3, 3, -2, 5, 3])
        cls._card(cls.e_boris, "2026-09-08", -3)
        cls.e_boris.department_id = cls.department.create({"name": "Export", "company_id": cls.company.id})

    def test_entry(self):
        """A balanced draft: a line per department and kind, fines on the other side, against what is owed."""
        run = self._confirmed()
        run.action_create_move()
        move = run.sudo().move_id
        self.assertEqual((move.state, str(move.date), move.journal_id), ("draft", "2026-09-30", self.journal))
        self.assertEqual((move.ref, move.company_id), ("Payroll: September 2026", self.company))
        self.assertEqual(
            self._rows(move),
            [
                ("Wages", "Points, Export, September 2026", -15),
                ("Wages", "Points, Sales, September 2026", 60),
                ("Owed", "September 2026", -45),
            ],
        )
        self.assertFalse(move.line_ids.partner_id)
        self.assertIn("Officer made a draft journal entry", run.message_ids[0].body)
        move.with_user(self.accountant).action_post()
        self.assertEqual(run.move_state, "posted")

    def test_accounts_by_kind(self):
        """Another account for a kind, and departments that are not told apart."""
        self.env["discipline.pay.account"].with_user(self.accountant).create(
            {"company_id": self.company.id, "kind": "points", "account_id": self.bonuses.id}
        )
        self.company.discipline_pay_by_department = False
        run = self._confirmed()
        run.action_create_move()
        self.assertEqual(
            self._rows(run.sudo().move_id),
            [("Bonuses", "Points, September 2026", 45), ("Owed", "September 2026", -45)],
        )

    def test_once(self):
        """A second click opens the first entry; after it is cancelled or deleted there can be another."""
        run = self._confirmed()
        run.action_create_move()
        first = run.sudo().move_id
        run.action_create_move()
        self.assertEqual(run.sudo().move_id, first)
        first.button_cancel()
        run.action_create_move()
        second = run.sudo().move_id
        self.assertNotEqual(second, first)
        second.unlink()
        self.env.invalidate_all()
        self.assertFalse(run.move_state)
        run.action_paid()
        run.action_create_move()
        self.assertEqual(run.move_state, "draft")

    def test_not_yet(self):
        run = self._run()
        run.action_compute()
        with self.assertRaisesRegex(UserError, "Only a confirmed run"):
            run.action_create_move()

    def test_settings_missing(self):
        """What is missing is named; nothing is half made."""
        run = self._confirmed()
        self.company.write({"discipline_pay_journal_id": False, "discipline_pay_expense_account_id": False})
        with self.assertRaisesRegex(UserError, "Pay & Co: Journal of Pay, Expenses of Pay"):
            run.action_create_move()
        self.assertFalse(run.sudo().move_id)

    def test_nobody_paid(self):
        run = self._confirmed("2019-01-01")
        with self.assertRaisesRegex(UserError, "nothing to enter"):
            run.action_create_move()

    def test_rights(self):
        """Officers make it without a right in accounting; nobody else does, and nobody writes the link."""
        run = self._confirmed()
        for user in (self.anna, self.lead, self.head, self.accountant):
            with self.assertRaises(AccessError):
                run.with_user(user).action_create_move()
        action = run.action_create_move()
        self.assertEqual(action["tag"], "display_notification", "the officer cannot read entries")
        move = run.sudo().move_id
        with self.assertRaises(AccessError):
            move.with_user(self.officer).read(["name"])
        self.officer.group_ids = [Command.link(self.env.ref("account.group_account_invoice").id)]
        self.assertEqual(run.action_open_move()["res_id"], move.id)
        with self.assertRaises(UserError):
            run.write({"move_id": False})
        draft = self._run("2026-10-01")
        with self.assertRaises(UserError):
            draft.write({"move_id": move.id})
        other = self._run("2026-11-01")
        self.assertFalse(other.copy({"date_from": "2026-12-01", "move_id": move.id}).sudo().move_id)

    def test_accounts_access(self):
        """Officers read the accounts of kinds, accountants of the company change them."""
        accounts = self.env["discipline.pay.account"]
        values = {"company_id": self.company.id, "kind": "base", "account_id": self.wages.id}
        account = accounts.with_user(self.accountant).create(values)
        self.assertEqual(account.with_user(self.officer).kind, "base")
        for user in (self.officer, self.head, self.anna):
            with self.assertRaises(AccessError):
                account.with_user(user).write({"account_id": self.bonuses.id})
        abroad = self.env["res.company"].create({"name": "Abroad"})
        foreign = self._new_user("foreign", "account.group_account_manager", abroad)
        with self.assertRaises(AccessError):
            account.with_user(foreign).read(["kind"])


@tagged("post_install", "-at_install")
class TestPayrollMoveCorrections(MoveCase, CorrectionCase):
    def test_corrections(self):
        """A correction is booked like the line that it corrects."""
        self._set_up_books()
        self.env["discipline.pay.account"].create(
            {"company_id": self.company.id, "kind": "commission", "account_id": self.bonuses.id}
        )
        self._commission()
        order = self._order(self.anna, 400_000, "2026-09-10 10:00:00")
        self._pay("2026-09")
        self._cancel(order, "2026-10-12 10:00:00")
        run = self._pay("2026-10").with_user(self.officer)
        run.action_create_move()
        self.assertEqual(
            self._rows(run.sudo().move_id),
            [("Bonuses", "Commission, Sales, October 2026", -28_000), ("Owed", "October 2026", 28_000)],
        )
