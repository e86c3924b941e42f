from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.misc import formatLang

from ..models.number_text import format_number
from .counting import counted
from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestPaySpeed(PayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.e_anna + cls.e_boris
        component = cls._component("base", [(0, 50), (90, 100)])
        for values in (
            {"kind": "commission", "metric_id": cls.env.ref("sales_discipline.metric_sales_confirmed").id},
            {"kind": "kpi_bonus", "fixed_amount": 1000},
            {"kind": "points", "rate": 5},
        ):
            steps = [(0, 1)] if "metric_id" in values else []
            cls._component(values.pop("kind"), steps, component.scheme_id, **values)
        cls._score(cls.people)

    @classmethod
    def _score(cls, people):
        for n, employee in enumerate(people):
            employee.sudo().version_id.write(
                {"date_version": "2026-01-01", "contract_date_start": "2026-01-01", "wage": 3000 + n}
            )
            cls._week(employee, "2026-09-07", [1, 2, 3, 4, 5])
            card_id = cls._card(employee, "2026-09-01", 1, "month", "2026-09-30", efficiency=95)
            cls._card_line(card_id, "calls_done", 100, 95)
            cls._order(employee.user_id, 10_000, "2026-09-10 12:00:00")

    def _count_steps(self):
        """`(statements of SQL of each step of a run, the run)`, caches of the registry warm."""
        for _n in range(2):
            self.env.cr.execute("DELETE FROM discipline_payroll")  # a paid run is not deleted otherwise
            self.env.invalidate_all()
            run, counts = self._run(), []
            for step in ("action_compute", "action_compute", "action_confirm", "action_paid"):
                counts.append(self._count_queries(getattr(run, step))[0])
        return counts, run

    def test_queries_do_not_grow(self):
        """As many statements of SQL for twenty people as for two: computed anew, again, confirmed, paid."""
        few, run = self._count_steps()
        self.assertEqual(run.statement_count, 2)
        users = [self._new_user(f"more{n}", "sales_team.group_sale_salesman") for n in range(18)]
        self.team.member_ids = [Command.link(user.id) for user in users]
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self._score([self._new_employee(user) for user in users])
        many, run = self._count_steps()
        self.assertEqual((run.statement_count, len(run.statement_ids.line_ids)), (20, 80))
        self.assertEqual(many, few)

    def test_queries_of_other_kinds(self):
        """The same with grades that were held before, SMART tasks, manual lines and corrections: of everybody."""
        scheme = self.env["discipline.scheme"].search(
            [("company_id", "=", self.company.id), ("state", "=", "active")]
        )
        names = [
            Command.create({"name": name, "threshold": at, "value": at}) for name, at in (("B", 0), ("A", 90))
        ]
        scheme.action_draft()
        self._component("grade", scheme=scheme, tier_ids=names)
        self._component("task", scheme=scheme)
        counts = []
        for size in (2, 2, 12):
            while len(self.people) < size:
                user = self._new_user(f"kind{len(self.people)}", "sales_team.group_sale_salesman")
                type(self).people += self._new_employee(user)
                self._score(self.people[-1])
            with self.env.cr.savepoint(flush=True) as savepoint:
                counts.append(self._count_second_month())
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(counts[1], counts[2])

    def _count_second_month(self):
        """The statements of SQL of a run after a month that was confirmed, and changed for everybody since."""
        self._confirmed()
        orders = self.env["sale.order"].search([("user_id", "in", self.people.user_id.ids)])
        with freeze_time("2026-10-20 12:00:00"):
            orders._action_cancel()
            values = {"name": "Goal", "company_id": self.company.id, "date_due": "2026-10-30", "value": 50}
            tasks = self.env["discipline.task"].create([{**values, "employee_id": e.id} for e in self.people])
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE discipline_task SET state = 'approved', approved_at = '2026-10-20', approved_by_id = %s"
                " WHERE id = ANY(%s)",
                [self.lead.id, tasks.ids],
            )
            for employee in self.people:
                card_id = self._card(employee, "2026-10-01", 1, "month", "2026-10-31", efficiency=95)
                self._card_line(card_id, "calls_done", 100, 95)
        with freeze_time("2026-11-05 12:00:00"):
            run = self._run("2026-10-01")
            entry = {"payroll_id": run.id, "amount": 5, "reason": "Prize"}
            entries = self.env["discipline.payroll.entry"].with_user(self.officer)
            entries.create([{**entry, "employee_id": employee.id} for employee in self.people])
            self.env.flush_all()
            self.env.invalidate_all()
            with counted(self.env) as count:
                run.action_compute()
                run.action_confirm()
        for kind in ("grade", "task", "manual", "correction"):
            lines = run.statement_ids.line_ids.filtered(lambda line, kind=kind: line.kind == kind)
            self.assertEqual(lines.employee_id, self.people, kind)
        return count.statements

    def test_what_is_stored(self):
        """Every column as the component gave it, in statements that stay the same records when computed again."""
        run = self._run()
        run.action_compute()
        before = run.statement_ids
        prepared = run.sudo()._prepare_statements()
        run.action_compute()
        self.assertEqual(run.statement_ids, before)
        for statement, values in zip(run.statement_ids, prepared, strict=True):
            lines = values.pop("lines")
            stored = {
                name: statement._fields[name].convert_to_write(statement[name], statement) for name in values
            }
            self.assertEqual(
                {name: value or False for name, value in stored.items()},
                {name: value or False for name, value in values.items()},
            )
            self.assertEqual((statement.state, str(statement.date_from)), ("computed", "2026-09-01"))
            self.assertEqual(statement.create_uid, self.officer)
            for line, wanted in zip(statement.line_ids, lines, strict=True):
                self.assertEqual(sorted(line.scorecard_ids.ids), sorted(wanted["scorecard_ids"]))
                self.assertEqual(line.inputs or None, wanted["inputs"])
                for name in ("kind", "amount", "base", "rate", "explanation", "date_from"):
                    self.assertEqual(line[name], wanted[name], name)
                self.assertEqual((line.month, line.user_id), (run.date_from, statement.user_id))

    def test_numbers_read_as_odoo_writes_them(self):
        """The short cut says what formatLang says, in languages of either kind of grouping."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["res.lang"]._activate_lang("ru_RU")
        odd = self.env["res.lang"]._activate_lang("fr_FR")
        odd.grouping = "[3,2,0]"
        euro, dollar = self.env.ref("base.EUR"), self.env.ref("base.USD")
        for lang in ("en_US", "de_DE", "ru_RU", "fr_FR", None):
            env = self.env(context={"lang": lang})
            for value in (0, -0.0, 0.005, -0.004, 1, 999.995, 1000, -1234567.891, 12345678901.5):
                for digits, currency in ((0, None), (2, None), (4, None), (2, euro), (2, dollar)):
                    with self.subTest(lang=lang, value=value, digits=digits, currency=currency):
                        self.assertEqual(
                            format_number(env, value, digits, currency),
                            formatLang(env, value, digits=digits, currency_obj=currency),
                        )
