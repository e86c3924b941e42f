from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPayrollEntry(PayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_ = cls._run()
        cls.entries = cls.env["discipline.payroll.entry"].with_user(cls.officer)

    def _enter(self, amount, employee=None, reason="Trade fair", **values):
        return self.entries.create(
            {
                "payroll_id": self.run_.id,
                "employee_id": (employee or self.e_anna).id,
                "amount": amount,
                "reason": reason,
                **values,
            }
        )

    def _statement(self, employee=None):
        self.run_.action_compute()
        return self.run_.sudo().statement_ids.filtered(lambda s: s.employee_id == (employee or self.e_anna))

    def test_line(self):
        self._card(self.e_anna, "2026-09-08", 3)
        entry = self._enter(70.005, author_id=self.anna.id)
        self.assertEqual(entry.author_id, self.officer)
        self._enter(-20, reason=" Phone ")
        statement = self._statement()
        lines = statement.line_ids.filtered(lambda line: line.kind == "manual")
        self.assertEqual(lines.mapped("amount"), [70.01, -20])
        self.assertEqual(lines[1].explanation, "Phone (entered by Officer)")
        self.assertEqual((statement.total, statement.manual), (65.01, 50.01))
        self.assertEqual((statement.bonus, statement.fine), (15, 0))
        table = self.run_._get_table()
        self.assertIn("Manual Lines", [column["label"] for column in table["columns"]])
        self.assertEqual(table["totals"][-1], self.run_.total)

    def test_amount_that_could_be_paid(self):
        with self.assertRaisesRegex(ValidationError, "“Amount” has to be"):
            self._enter(1e300)

    def test_beside_the_cap_but_not_beside_the_guard(self):
        self.scheme.write({"cap": 10, "guaranteed": 5})
        self._card(self.e_anna, "2026-09-08", 3)
        self._enter(100)
        self.assertEqual(self._statement().total, 110)
        self._enter(-109)
        statement = self._statement()
        self.assertEqual((statement.total, statement.line_ids[-1].limit), (5, "guaranteed"))
        self.assertEqual(statement.inputs["schemes"][0]["manual"], [100, -109])

    def test_without_a_scheme_or_scorecard(self):
        self.scheme.action_draft()
        self._enter(10)
        statement = self._statement()
        self.assertEqual((statement.total, statement.line_ids.kind), (10, "manual"))
        self.e_anna.action_archive()
        self.assertEqual(self._statement().total, 10)

    def test_a_change_has_to_be_computed(self):
        entry = self._enter(10)
        self._statement()
        entry.amount = 20
        with self.assertRaisesRegex(UserError, "Compute it again"):
            self.run_.action_confirm()
        self._statement()
        self.run_.action_confirm()
        for change in (lambda: entry.write({"amount": 30}), entry.unlink, lambda: self._enter(5)):
            with self.subTest(change), self.assertRaisesRegex(UserError, "is confirmed"):
                change()
        with self.assertRaisesRegex(UserError, "is confirmed"):
            self._run("2026-10-01").write({"entry_ids": [(4, entry.id)]})

    def test_form(self):
        with Form(self.run_) as form, form.entry_ids.new() as line:
            line.employee_id = self.e_anna.with_user(self.officer)
            line.amount = 10
            line.reason = "Trade fair"
        self.assertEqual((self.run_.entry_ids.amount, self.run_.entry_ids.author_id), (10, self.officer))

    def test_refused(self):
        mine = self._new_employee(self.officer)
        with self.assertRaisesRegex(UserError, "their own pay"):
            self._enter(10, mine)
        with self.assertRaisesRegex(UserError, "their own pay"):
            self._enter(10).write({"employee_id": mine.id})
        with self.assertRaisesRegex(ValidationError, "“Amount”"):
            self._enter(0.001)
        with self.assertRaisesRegex(ValidationError, "“Reason”"):
            self._enter(1, reason="  ")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["hr.employee"].create({"name": "Stranger", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            self._enter(1, stranger)
        self.scheme.action_close()
        self.company.discipline_no_fines = True
        with self.assertRaisesRegex(ValidationError, "no-fine mode"):
            self._enter(-1)
        self._enter(1)

    def test_who_may(self):
        entry = self._enter(10)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user("stranger", "sales_discipline.group_payroll", other)
        for user in (self.head, self.lead, self.anna, stranger):
            with self.subTest(user.name), self.assertRaises(AccessError):
                entry.with_user(user).read(["amount"])
        for user in (self.head, self.lead, self.anna, stranger):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.entries.with_user(user).create(
                    {"payroll_id": self.run_.id, "employee_id": self.e_boris.id, "amount": 1, "reason": "x"}
                )
