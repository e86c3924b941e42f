from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .pay_common import PayCase

TEXT = "The call of the 8th is missing"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayDisputes(PayCase):
    """A person asks about a line, an officer answers, both stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._card(cls.e_anna, "2026-09-08", 3)
        cls._card(cls.e_boris, "2026-09-08", -1)

    def _line(self, run, employee=None):
        return (
            run.sudo().statement_ids.filtered(lambda s: s.employee_id == (employee or self.e_anna)).line_ids
        )

    def _dispute(self, line, user=None, text=TEXT):
        disputes = self.env["discipline.dispute"].with_user(user or self.anna)
        return disputes.create({"line_id": line.id, "question": text})

    def _messages(self, user):
        return self.env["mail.message"].search(
            [("notified_partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")]
        )

    def test_nobody_answers_by_a_link(self):
        line = self._line(self._confirmed())
        forged = {
            "default_answer": "We pay you 5,000",
            "default_answered_by_id": self.officer.id,
            "default_answered_at": "2026-10-10 10:00:00",
        }
        disputes = self.env["discipline.dispute"].with_user(self.anna).with_context(**forged)
        dispute = disputes.create({"line_id": line.id, "question": TEXT})
        self.assertFalse(dispute.answer or dispute.answered_by_id or dispute.answered_at)

    def test_asked_and_answered(self):
        line = self._line(self._confirmed())
        mine = line.with_user(self.anna)
        self.assertTrue(mine.can_dispute)
        self.assertEqual(mine.action_dispute()["context"], {"default_line_id": line.id})
        dispute = self._dispute(line)
        self.assertEqual(
            (dispute.state, dispute.user_id, dispute.company_id, str(dispute.asked_at)),
            ("open", self.anna, self.company, "2026-10-20 12:00:00"),
        )
        self.assertEqual((mine.dispute_state, mine.can_dispute), ("open", False))
        message = self._messages(self.officer)
        self.assertEqual(message.subject, "Anna disputes a pay line")
        self.assertIn(TEXT, message.body)
        self.assertFalse(self._messages(self.boris) + self._messages(self.lead) + self._messages(self.head))

        answered = dispute.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Answer"):
            answered.action_accept()
        answered.answer = "It was entered on the 9th"
        answered.action_decline()
        self.assertEqual((mine.dispute_state, mine.can_dispute), ("declined", True))
        read = dispute.read(["answer", "answered_at", "answered_by_id", "question"])[0]
        self.assertEqual(
            (read["answer"], read["answered_by_id"][0], read["question"]),
            ("It was entered on the 9th", self.officer.id, TEXT),
        )
        self.assertIn("It was entered on the 9th", self._messages(self.anna).body)
        with self.assertRaisesRegex(UserError, "answered already"):
            answered.action_accept()
        with self.assertRaisesRegex(UserError, "answered already"):
            answered.write({"answer": "Another one"})

    def test_by_the_form(self):
        """As the window does it: the line is given, the question typed, the rest shown."""
        line = self._line(self._confirmed())
        action = line.with_user(self.anna).action_dispute()
        asked = self.env["discipline.dispute"].with_user(self.anna).with_context(**action["context"])
        with Form(asked, view="sales_discipline.discipline_dispute_view_form_ask") as form:
            self.assertEqual((form.line_name, form.amount), (line.name, line.amount))
            form.question = TEXT
        self.assertEqual(line.dispute_ids.question, TEXT)
        self.assertEqual(form.record.action_send()["type"], "ir.actions.act_window_close")

    def test_no_amount_changes(self):
        run = self._confirmed()
        before = run.statement_ids.line_ids.sorted("id").read(["amount", "explanation"])
        dispute = self._dispute(self._line(run)).with_user(self.officer)
        dispute.answer = "Right"
        dispute.action_accept()
        self.assertEqual(run.statement_ids.line_ids.sorted("id").read(["amount", "explanation"]), before)
        self.assertEqual(dispute.state, "accepted")

    def test_only_the_own_line(self):
        """Nobody else asks: no colleague, leader, manager, officer, administrator."""
        line = self._line(self._confirmed())
        for user in (self.boris, self.lead, self.head, self.officer, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._dispute(line, user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).action_dispute()

    def test_only_what_is_final(self):
        run = self._run()
        run.action_compute()
        with self.assertRaises(AccessError):
            self._dispute(self._line(run))
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self._line(run).with_user(self.anna).sudo()._check_disputable()

    def test_nothing_but_the_question_is_taken(self):
        line = self._line(self._confirmed())
        dispute = (
            self.env["discipline.dispute"]
            .with_user(self.anna)
            .create(
                {
                    "line_id": line.id,
                    "question": TEXT,
                    "state": "accepted",
                    "answer": "All right",
                    "answered_by_id": self.officer.id,
                    "asked_at": "2020-01-01",
                }
            )
        )
        self.assertEqual(
            (dispute.state, dispute.answer, dispute.answered_by_id.id, dispute.asked_at.year),
            ("open", False, False, 2026),
        )
        for text in ("", "  ", None):
            with self.assertRaisesRegex(UserError, "What Is Wrong"):
                self._dispute(
                    self._line(dispute.statement_id.payroll_id.sudo(), self.e_boris), self.boris, text
                )

    def test_what_was_written_stays(self):
        dispute = self._dispute(self._line(self._confirmed()))
        with self.assertRaises(AccessError):
            dispute.write({"question": "x"})
        with self.assertRaises(AccessError):
            dispute.action_accept()
        for records in (dispute, dispute.with_user(self.officer)):
            with self.assertRaises(AccessError):
                records.unlink()
        for values in ({"question": "x"}, {"state": "accepted"}, {"answer": "x", "asked_at": "2020-01-01"}):
            for records in (dispute.with_user(self.officer), dispute.sudo()):
                with self.assertRaises(UserError):
                    records.write(values)
        with self.assertRaises(UserError):
            dispute.sudo().unlink()

    def test_once_at_a_time(self):
        line = self._line(self._confirmed())
        dispute = self._dispute(line)
        with self.assertRaisesRegex(UserError, "disputed already"):
            self._dispute(line)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO discipline_dispute (line_id, question, state) VALUES (%s, 'x', 'open')",
                [line.id],
            )
        dispute.with_user(self.officer).answer = "No"
        dispute.with_user(self.officer).action_decline()
        self.assertTrue(self._dispute(line))

    def test_nobody_answers_themselves(self):
        self.anna.group_ids += self.env.ref("sales_discipline.group_payroll")
        dispute = self._dispute(self._line(self._confirmed()))
        with self.assertRaisesRegex(AccessError, "of their own"):
            dispute.write({"answer": "Of course"})
        with self.assertRaisesRegex(AccessError, "of their own"):
            dispute.action_accept()
        self.assertFalse(self._messages(self.anna))

    def test_who_sees_it(self):
        dispute = self._dispute(self._line(self._confirmed()))
        stranger = self._new_user(
            "stranger", "sales_discipline.group_payroll", self.env["res.company"].create({"name": "Other"})
        )
        for user, expected in (
            (self.anna, dispute),
            (self.officer, dispute),
            (self.boris, dispute.browse()),
            (self.lead, dispute.browse()),
            (self.head, dispute.browse()),
            (stranger, dispute.browse()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.env["discipline.dispute"].with_user(user).search([]), expected)
        self.assertFalse(self._messages(stranger))

    def test_check_list(self):
        """The next run points at disputes that wait."""
        dispute = self._dispute(self._line(self._confirmed()))
        run = self._run("2026-10-01")
        run.action_compute()
        self.assertEqual((run.dispute_count, run.has_checks), (1, True))
        action = run.action_open_disputes()
        found = self.env[action["res_model"]].with_user(self.officer).search(action["domain"])
        self.assertEqual(found.ids, dispute.ids)
        dispute.with_user(self.officer).answer = "Right"
        dispute.with_user(self.officer).action_accept()
        run.invalidate_recordset()
        self.assertEqual(run.dispute_count, 0)

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.officer.lang = "ru_RU"
        self._dispute(self._line(self._confirmed()))
        self.assertIn("2026", self._messages(self.officer).body)
        self.assertRegex(self._messages(self.officer).body, "[Сс]ентябрь 2026")

    def test_settled(self):
        """An accepted dispute leads to a manual line of the next run, which the person reads of once it is confirmed."""
        dispute = self._dispute(self._line(self._confirmed()))
        answered = dispute.with_user(self.officer)
        answered.answer = "You are right"
        answered.action_accept()
        with self.assertRaisesRegex(UserError, "no payroll run"):
            answered.action_add_entry()
        with self.assertRaises(AccessError):
            dispute.action_add_entry()
        with freeze_time("2026-11-05 12:00:00"):
            run = self._run("2026-10-01")
            action = answered.action_add_entry()
            entries = self.env["discipline.payroll.entry"].with_user(self.officer)
            with Form(entries.with_context(**action["context"])) as form:
                self.assertEqual((form.payroll_id, form.employee_id), (run, self.e_anna))
                self.assertIn("September 2026", form.reason)
                form.amount = 5
            self.assertEqual(answered.entry_ids, form.record)
            run.action_compute()
            dispute.invalidate_recordset()
            self.assertFalse(dispute.settlement)
            run.action_confirm()
            dispute.invalidate_recordset()
            self.assertRegex(
                dispute.settlement, r"^October 2026: 5\.00\s€, Dispute of “Daily points”, September 2026$"
            )
            with self.assertRaises(AccessError):
                dispute.read(["entry_ids"])

    def test_settles_a_dispute_of_the_same_person(self):
        dispute = self._dispute(self._line(self._confirmed()))
        run = self._run("2026-10-01")
        values = {"payroll_id": run.id, "amount": 5, "reason": "Due", "dispute_id": dispute.id}
        entries = self.env["discipline.payroll.entry"].with_user(self.officer)
        with self.assertRaisesRegex(ValidationError, "Settles"):  # not accepted
            entries.create({**values, "employee_id": self.e_anna.id})
        dispute.with_user(self.officer).write({"answer": "Yes"})
        dispute.with_user(self.officer).action_accept()
        entries.create({**values, "employee_id": self.e_anna.id})
        with self.assertRaisesRegex(ValidationError, "Settles"):
            entries.create({**values, "employee_id": self.e_boris.id})
