import json

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, freeze_time, tagged

from .pay_common import PayCase

AMOUNT = 15.0


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayRoads(PayCase, HttpCase):
    """Nobody's pay is found out on any road by whoever is neither that person nor a payroll officer of the company:
    colleagues, leaders (unless the company says so), managers, other companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._card(cls.e_anna, "2026-09-08", 3)
        cls._card(cls.e_boris, "2026-09-08", -1)
        other = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = cls._new_user("stranger", "sales_discipline.group_payroll", other)
        cls.strangers = (cls.boris, cls.lead, cls.head, cls.stranger)
        for user in cls.strangers:
            user.group_ids += cls.env.ref("base.group_allow_export")

    def setUp(self):
        super().setUp()
        self.run_ = self._confirmed()
        self.statement = self.run_.sudo().statement_ids.filtered(lambda s: s.employee_id == self.e_anna)
        self.dispute = (
            self.env["discipline.dispute"]
            .with_user(self.anna)
            .create({"line_id": self.statement.line_ids.id, "question": "Why?"})
        )

    def _each(self):
        """Each model's record, as each of those who must not see it."""
        return [
            records.with_env(self.env(user=user))
            for user in self.strangers
            for records in (self.statement, self.statement.line_ids, self.dispute)
        ]

    def _sub_test(self, records):
        records.env.invalidate_all()
        return self.subTest(user=records.env.user.login, model=records._name)

    def test_list_and_search_by_amount(self):
        for records in self._each():
            with self._sub_test(records):
                name = "amount" if "amount" in records._fields else "total"
                if records._fields[name].store:
                    self.assertNotIn(records, records.search([(name, "=", AMOUNT)]))
                    self.assertFalse(records.search_count([("id", "in", records.ids), (name, ">", 0)]))
                self.assertNotIn(records, records.search([]))
                self.assertFalse(records.name_search("Anna", domain=Domain("id", "in", records.ids)))

    def test_search_from_beside(self):
        """Questions about pay, asked of what is not pay: of the run, of the employee, of the person's user."""
        for user in (self.boris, self.lead, self.head):
            env = self.env(user=user)
            with self.assertRaises(AccessError):
                env["discipline.payroll"].search([("statement_ids.total", ">", 10)])
            with self.assertRaises(AccessError):
                env["discipline.scheme"].with_user(self.boris).search([])
            found = env["discipline.statement.line"].search([("statement_id.total", "=", AMOUNT)])
            self.assertNotIn(self.statement.line_ids, found)
            found = env["discipline.dispute"].search([("line_id.amount", "=", AMOUNT)])
            self.assertFalse(found)

    def test_group(self):
        """No sum with somebody else's pay in it."""
        for records in self._each():
            with self._sub_test(records):
                domain = [("company_id", "=", self.company.id)]
                fields = [
                    name
                    for name in ("total", "amount")
                    if name in records._fields and records._fields[name].store
                ]
                for name in fields:
                    rows = records._read_group(domain, ["employee_id"], [f"{name}:sum"])
                    self.assertNotIn(self.e_anna.id, [employee.id for employee, _total in rows])
                    rows = records.formatted_read_group(domain, ["employee_id"], [f"{name}:sum"])
                    self.assertNotIn(AMOUNT, [row[f"{name}:sum"] for row in rows])

    def test_read(self):
        for records in self._each():
            with self._sub_test(records):
                for road in (
                    lambda records=records: records.read(["create_date"]),
                    lambda records=records: records.web_read({"display_name": {}}),
                    lambda records=records: records.export_data(["id", "create_date"]),
                ):
                    with self.assertRaises(AccessError):
                        road()
                self.assertFalse(
                    records.web_search_read([("id", "in", records.ids)], {"display_name": {}})["length"]
                )

    def test_buttons(self):
        for user in self.strangers:
            line = self.statement.line_ids.with_user(user)
            for method in ("action_open_documents", "action_open_changes", "action_dispute"):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(line, method)()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.action_open_cards()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.statement.with_user(user).action_open_cards()

    def test_report_and_files(self):
        """The print of a statement, and the files of the run."""
        report = "sales_discipline.action_report_statement"
        for user in self.strangers:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(report, self.statement.ids)
        self.authenticate("sd_boris", "sd_boris")
        for what in ("xlsx", "csv", "json"):
            answer = self.url_open(f"/sales_discipline/payroll/{self.run_.id}/{what}")
            self.assertIn(answer.status_code, (403, 404), what)
            self.assertNotIn(b"Anna", answer.content)

    def test_rpc(self):
        self.authenticate("sd_boris", "sd_boris")
        for method, arguments in (
            ("read", [self.statement.ids, ["total"]]),
            ("export_data", [self.statement.ids, ["total"]]),
        ):
            payload = {"model": "discipline.statement", "method": method, "args": arguments, "kwargs": {}}
            answer = self.url_open(
                "/web/dataset/call_kw",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": payload}),
                headers={"Content-Type": "application/json"},
            ).json()
            self.assertIn("AccessError", answer["error"]["data"]["name"])

    def test_chatter_and_attachments(self):
        """Messages and files of a run and of a statement belong to whoever may read these."""
        message = self.run_.sudo().message_post(body="Anna gets 15")
        files = self.env["ir.attachment"].create(
            [
                {"name": "pay.txt", "raw": b"15", "res_model": records._name, "res_id": records.id}
                for records in (self.run_, self.statement, self.statement.line_ids, self.dispute)
            ]
        )
        for user in self.strangers:
            with self.subTest(user=user.login):
                self.assertNotIn(message, self.env["mail.message"].with_user(user).search([]))
                self.assertFalse(self.env["ir.attachment"].with_user(user).search([("id", "in", files.ids)]))
                for file in files:
                    with self.assertRaises(AccessError):
                        file.with_user(user).read(["raw"])

    def test_the_person_reads_all_of_it(self):
        """The statement and its line as the form shows them, with the rights of a salesperson."""
        env = self.env(user=self.anna)
        mine = self.statement.with_env(env)
        specification = {
            "explanation": {},
            "next_step": {},
            "dispute_state": {},
            "has_cards": {},
            "has_documents": {},
        }
        specification |= {"tier_id": {"fields": {"display_name": {}}}, "can_dispute": {}, "amount": {}}
        specification["dispute_ids"] = {"fields": {"question": {}, "answer": {}, "answered_by_id": {}}}
        read = mine.web_read({"total": {}, "line_ids": {"fields": specification}})[0]
        self.assertEqual(read["total"], AMOUNT)
        line = read["line_ids"][0]
        self.assertEqual(
            (line["dispute_state"], line["has_cards"], line["has_documents"]), ("open", True, False)
        )
        self.assertEqual(line["dispute_ids"][0]["question"], "Why?")

    def test_leaders_if_the_company_says_so(self):
        """Confirmed statements of the teams led, with sums and lines; disputes, runs and other teams' pay not."""
        env = self.env(user=self.lead)
        self.assertFalse(env["discipline.statement"].search([]))
        self.company.discipline_leaders_see_pay = True
        env.invalidate_all()
        self.assertEqual(env["discipline.statement"].search([]).ids, self.run_.sudo().statement_ids.ids)
        self.assertEqual(
            env["discipline.statement.line"].search([]).ids, self.run_.sudo().statement_ids.line_ids.ids
        )
        self.assertFalse(env["discipline.dispute"].search([]))
        with self.assertRaises(AccessError):
            env["discipline.payroll"].search([])
        with self.assertRaises(AccessError):
            self.statement.line_ids.with_env(env).action_dispute()
        run = self._run("2026-10-01")
        run.action_compute()
        self.assertNotIn(run, env["discipline.statement"].search([]).sudo().payroll_id)
        self.team.user_id = self.head
        env.invalidate_all()
        self.assertFalse(env["discipline.statement"].search([]))
        self.assertTrue(self.env["discipline.statement"].with_user(self.head).search([]))
        for user in (self.boris, self.stranger):
            self.assertNotIn(self.statement, self.env["discipline.statement"].with_user(user).search([]))
