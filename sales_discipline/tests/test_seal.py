import contextlib
import io
from argparse import Namespace

from odoo.cli.command import find_command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import DisciplineCase
from .counting import counted


@tagged("post_install", "-at_install")
class TestSeal(DisciplineCase):
    """The frozen day proves itself: whatever is changed behind the program's back is named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seals = cls.env["discipline.seal"]
        cls.plan = cls._make_plan(
            ("calls_done", 2), ("activities_overdue", 0), ("sales_confirmed", 100.5), date_from="2026-03-09"
        )
        cls._make_fact(cls.anna, "2026-03-09 09:00:00")
        cls._make_fact(cls.anna, "2026-03-10 09:00:00", count=2)
        for day in ("2026-03-09", "2026-03-10", "2026-03-11"):
            cls._score(f"{day} 23:59:00")
        cls.first, cls.second, cls.third = (
            cls._card(cls.e_anna, day) for day in ("2026-03-09", "2026-03-10", "2026-03-11")
        )

    def _verify(self, *employees):
        people = self.env["hr.employee"].union(*employees) or self.seals._get_people(self.company)
        return self.seals._verify(people)

    def _tamper(self, query, *params):
        """What somebody does who has the database."""
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def _found(self, *employees):
        """`(kind, date, [(metric code, field, sealed, stored)])` of what is wrong."""
        metrics = self.env["discipline.metric"]
        return [
            (
                finding["kind"],
                str(finding["date"]),
                [
                    (metrics.browse(change.metric_id or 0).code or None, *change[2:])
                    for change in finding["differences"]
                ],
            )
            for finding in self._verify(*employees)["findings"]
        ]

    def test_all_is_as_sealed(self):
        result = self._verify()
        self.assertEqual(result["findings"], [])
        frozen = self.cards.search_count([("company_id", "=", self.company.id), ("state", "=", "frozen")])
        self.assertEqual(result["cards"], frozen)
        self.assertGreater(frozen, 10)
        self.assertIn(f"{frozen} frozen scorecards", self.seals._get_text(result))

    def test_chained_to_the_card_before(self):
        seals = self.seals.search([("employee_id", "=", self.e_anna.id)], order="number")
        self.assertEqual(seals.scorecard_id, self.first + self.second + self.third)
        self.assertEqual(seals.mapped("number"), [1, 2, 3])
        self.assertEqual(seals.mapped("previous_hash"), [False, *seals.mapped("hash")[:2]])
        self.assertEqual(seals[-1].hash, self.third.hash)
        self.assertEqual(len(self.third.hash), 64)
        opened = self.cards.search([("state", "=", "open")])
        self.assertFalse(opened.seal_ids)

    def test_every_stored_number_is_sealed(self):
        """Each column that is evidence, changed by SQL, is found and named; `late` alone is recounted later."""
        self._make_plan(("meetings_done", 1), state="draft", name="Other")
        line = self._line(self.second, "calls_done")
        for record in (self.second, line):
            self.env.cr.execute(
                "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s",
                [record._table],
            )
            columns = dict(self.env.cr.fetchall())
            for name in columns.keys() & (record._evidence - {"late", "scorecard_id", "signals_at"}):
                field = record._fields[name]
                with self.subTest(f"{record._table}.{name}"), self.env.cr.savepoint() as savepoint:
                    self._tamper(
                        f"UPDATE {record._table} SET {name} = {self._other(field, columns[name], record)} WHERE id = %s",
                        record.id,
                    )
                    found = [finding for finding in self._found(self.e_anna, self.e_boris) if finding[2]]
                    self.assertEqual(len(found), 1)
                    self.assertEqual(found[0][0], "changed")
                    self.assertIn(name, [change[1] for change in found[0][2]])
                    savepoint.rollback()
                self.env.invalidate_all()

    def _other(self, field, kind, record):
        """SQL of another value that the column can hold."""
        if field.type == "many2one":
            records = self.env[field.comodel_name].with_context(active_test=False)
            return str(records.search([("id", "!=", record[field.name].id)], order="id desc", limit=1).id)
        values = {
            "float8": "COALESCE({0}, 0) + 0.001",
            "numeric": "COALESCE({0}, 0) + 0.01",
            "int4": "COALESCE({0}, 0) + 1",
            "bool": "NOT COALESCE({0}, FALSE)",
            "date": "{0} - 2",
            "timestamp": "COALESCE({0}, now()) + interval '1 second'",
            "jsonb": "'[1, 2, 3]'",
            "varchar": "COALESCE({0}, '') || 'x'",
            "text": "COALESCE({0}, '') || 'x'",
        }
        return values[kind].format(field.name)

    def test_names_the_first_number(self):
        line = self._line(self.second, "calls_done")
        self._tamper("UPDATE discipline_scorecard_line SET actual = 7 WHERE id = %s", line.id)
        self._tamper("UPDATE discipline_scorecard SET points = 50 WHERE id = %s", self.third.id)
        found = self._found()
        self.assertEqual(
            found[0], ("changed", "2026-03-10", [("calls_done", "actual", 2.0, 7.0)]), "the first in time"
        )
        self.assertEqual([finding[1] for finding in found], ["2026-03-10", "2026-03-11"])
        text = self.seals._get_text(self._verify())
        self.assertIn("Findings: 2.", text)
        self.assertIn("Anna, 03/10/2026", text)
        self.assertIn("Fact: 2 was sealed, 7 is stored", text)

    def test_lines_taken_away_and_put_in(self):
        line = self._line(self.second, "calls_done")
        self._tamper("DELETE FROM discipline_scorecard_line WHERE id = %s", line.id)
        self.assertEqual(self._found(), [("changed", "2026-03-10", [("calls_done", "id", line.id, None)])])
        self.assertIn("was deleted", self.seals._get_text(self._verify()))

    def test_deleted_card(self):
        self._tamper("DELETE FROM discipline_scorecard WHERE id = %s", self.second.id)
        self.assertEqual(self._found(), [("deleted", "2026-03-10", [])])

    def test_card_put_in(self):
        self._tamper(
            "INSERT INTO discipline_scorecard (employee_id, user_id, team_id, plan_id, company_id, period, date_from,"
            " date_to, tz, deadline, state, points) SELECT employee_id, user_id, team_id, plan_id, company_id, period,"
            " date_from - 7, date_to - 7, tz, deadline, state, 99 FROM discipline_scorecard WHERE id = %s",
            self.first.id,
        )
        self.assertEqual(self._found(), [("unsealed", "2026-03-02", [])])

    def test_opened_again(self):
        """A frozen card that is set back to open would be measured again."""
        self._tamper("UPDATE discipline_scorecard SET state = 'open' WHERE id = %s", self.second.id)
        self.assertEqual(self._found(), [("changed", "2026-03-10", [(None, "state", "frozen", "open")])])

    def test_forged_seals(self):
        card, seal = self.second, self.second.seal_ids
        deleted = "DELETE FROM discipline_seal WHERE id = %s"
        forged = (
            "UPDATE discipline_seal SET content = replace(content, 'calls', 'x') || ' ' WHERE id = %s",
            "UPDATE discipline_seal SET content = '' WHERE id = %s",
            "UPDATE discipline_seal SET hash = repeat('0', 64) WHERE id = %s",
            "UPDATE discipline_seal SET sealed_at = sealed_at - interval '1 day' WHERE id = %s",
            "UPDATE discipline_seal SET what = 'adjusted' WHERE id = %s",
            "UPDATE discipline_seal SET user_id = 2 WHERE id = %s",
        )
        for query in (*forged, deleted):
            with self.subTest(query), self.env.cr.savepoint() as savepoint:
                self._tamper(query, seal.id)
                found = self._found()
                self.assertIn("chain", [finding[0] for finding in found])
                day = "2026-03-11" if query == deleted else str(card.date_from)
                chain = [finding[1] for finding in found if finding[0] == "chain"]
                self.assertEqual(chain, [day])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_forged_with_its_own_hash(self):
        """Card and seal both rewritten, hash included: the next seal tells."""
        line = self._line(self.second, "calls_done")
        for card in (self.second, self.third):
            with self.subTest(card.date_from), self.env.cr.savepoint() as savepoint:
                line = self._line(card, "calls_done")
                self._tamper("UPDATE discipline_scorecard_line SET actual = 7 WHERE id = %s", line.id)
                content = self.seals._sql_content(self._sql("c"))
                self.env.cr.execute(
                    self._sql(
                        "UPDATE discipline_seal s SET content = %s FROM discipline_scorecard c"
                        " WHERE c.id = s.scorecard_id AND c.id = %s",
                        content,
                        card.id,
                    )
                )
                names = ("COALESCE(previous_hash, '')", "what", "sealed_at", "user_id", "content")
                self.env.cr.execute(
                    self._sql(
                        "UPDATE discipline_seal SET hash = %s WHERE scorecard_id = %s",
                        self.seals._sql_hash(*map(self._sql, names)),
                        card.id,
                    )
                )
                self.env.invalidate_all()
                self.assertEqual(self._found(), [("chain", str(card.date_from), [])])
                savepoint.rollback()
            self.env.invalidate_all()

    def _sql(self, *args):
        return SQL(*args)

    def test_seals_cut_off(self):
        """Card and seals of the last day deleted: the person's head says that there were more."""
        self._tamper("DELETE FROM discipline_seal WHERE scorecard_id = %s", self.third.id)
        self._tamper("DELETE FROM discipline_scorecard WHERE id = %s", self.third.id)
        self.assertEqual([finding[0] for finding in self._found()], ["chain"])
        self._tamper("DELETE FROM discipline_seal WHERE employee_id = %s", self.e_anna.id)
        self.assertIn("chain", [finding[0] for finding in self._found()])

    def test_adjustment_is_sealed(self):
        line = self._line(self.first, "calls_done")
        before = self.first.hash
        line.with_user(self.lena)._adjust(1.0, "The telephone was down")
        self.assertEqual(self.first.seal_ids.mapped("what"), ["adjusted", "frozen"])
        self.assertEqual(self.first.seal_ids[0].user_id, self.lena)
        self.assertNotEqual(self.first.hash, before)
        self.assertEqual(self._verify()["findings"], [])
        line.with_user(self.mark)._adjust(0.0, "It was not")
        self.assertEqual(self._verify()["findings"], [])
        self._tamper("UPDATE discipline_scorecard_line SET adjustment = 5 WHERE id = %s", line.id)
        self.assertEqual(self._found(), [("changed", "2026-03-09", [("calls_done", "adjustment", 0.0, 5.0)])])

    def test_nothing_hides_behind_an_adjustment(self):
        line, other = (self._line(self.first, code) for code in ("calls_done", "activities_overdue"))
        for name in ("target", "points"):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self._tamper(f"UPDATE discipline_scorecard_line SET {name} = 77 WHERE id = %s", other.id)
                line.with_user(self.lena)._adjust(1.0, "The telephone was down")
                found = self._found()
                self.assertEqual([finding[1] for finding in found], ["2026-03-09"])
                self.assertIn(("activities_overdue", name, 77.0), [(c[0], c[1], c[3]) for c in found[0][2]])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_frozen_in_any_order(self):
        """Several cards of one person in one go: a plan on trial beside, and the days that were missed."""
        self._make_plan(("meetings_done", 1), state="trial", date_from="2026-03-12", name="Trial")
        self._score("2026-03-18 23:59:00")
        result = self._verify()
        self.assertEqual(result["findings"], [])
        numbers = self.seals.search([("employee_id", "=", self.e_anna.id)], order="number").mapped("number")
        self.assertEqual(numbers, list(range(1, 14)))

    def test_statements_do_not_grow(self):
        counts = []
        for users in (self.anna, self.anna + self.boris + self.carla):
            cards = self.cards.search([("user_id", "in", users.ids), ("date_from", "<", "2026-03-12")])
            with counted(self.env) as count:
                self.seals._append(cards.ids, "upgraded")
            counts.append(count.statements)
        self.assertEqual(counts[0], counts[1])

    def test_upgrade(self):
        """Cards of a time without seals are sealed as they stand."""
        self._tamper("DELETE FROM discipline_seal; DELETE FROM discipline_seal_head")
        self.assertEqual({finding[0] for finding in self._found()}, {"unsealed"})
        self.cards._seal_unsealed()
        self.assertEqual(self._verify()["findings"], [])
        self.assertEqual(self.first.seal_ids.what, "upgraded")
        self.cards._seal_unsealed()
        self.assertEqual(len(self.first.seal_ids), 1)

    def test_button(self):
        line = self._line(self.second, "calls_done")
        check = (
            self.env["discipline.seal.check"]
            .with_user(self.mark)
            .browse(self.second.with_user(self.mark).action_verify()["res_id"])
        )
        self.assertEqual((check.state, check.line_ids.ids), ("good", []))
        self._tamper("UPDATE discipline_scorecard_line SET actual = 7 WHERE id = %s", line.id)
        check.action_verify()
        self.assertEqual((check.state, check.line_ids.scorecard_id), ("bad", self.second))
        self.assertIn("7 is stored", check.line_ids.fault)
        check.write({"date_from": "2026-03-11", "date_to": "2026-03-11"})
        check.action_verify()
        self.assertEqual(check.state, "good")
        check.write({"date_from": "2026-03-12"})
        with self._refused(UserError, "'From' is later"):
            check.action_verify()

    def test_command(self):
        """odoo discipline_verify -d DATABASE"""
        command = find_command("discipline_verify")
        line = self._line(self.second, "calls_done")
        self._tamper("UPDATE discipline_scorecard_line SET actual = 7 WHERE id = %s", line.id)
        self.env.flush_all()
        out = io.StringIO()
        with self.enter_registry_test_mode(), contextlib.redirect_stdout(out):
            count = command().verify(self.env.cr.dbname, Namespace(lang="en_US", limit=5))
        self.assertGreaterEqual(count, 1)
        self.assertRegex(out.getvalue(), r"Discipline & Co: Findings: 1\..*Anna, 03/10/2026: .*7 is stored")

    def test_for_managers_only(self):
        for user in (self.anna, self.lena, self.paula):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.second.with_user(user).action_verify()
        foreign = self.env["discipline.seal.check"].with_user(self.olga)
        with self.assertRaises(AccessError):
            foreign.create({"company_id": self.company.id}).action_verify()

    def test_who_sees_seals(self):
        seal = self.second.seal_ids
        for user in (self.anna, self.lena, self.mark):
            seal.with_user(user).read(["hash"])
        for user in (self.boris, self.luis, self.olga, self.paula, self.portal):
            with self.subTest(user.name), self.assertRaises(AccessError):
                seal.with_user(user).read(["hash"])

    def test_nobody_writes_seals(self):
        seal = self.second.seal_ids
        head = self.env["discipline.seal.head"].search([("employee_id", "=", self.e_anna.id)])
        for record in (seal, head):
            for action in (
                lambda record=record: record.write({"hash": "0"}),
                lambda record=record: record.unlink(),
                lambda record=record: record.create({"hash": "0", "number": 9}),
                lambda record=record: record.copy(),
            ):
                with self.subTest(record._name), self.assertRaises(UserError):
                    action()

    @freeze_time("2026-03-12 10:00:00")
    def test_recount_of_late_entries_is_no_change(self):
        self._make_fact(self.anna, "2026-03-11 22:30:00")
        self.third._recount_late()
        self.assertEqual(self._verify()["findings"], [])
