import importlib.util
from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.misc import file_path

from ..models.discipline_payroll import PAYING
from .common import DisciplineCase
from .pay_common import PayCase
from .regulation_common import RegulationCase


class MigrationMixin:
    """Rows are put back into the form that an older version stored, and the script is run."""

    def _put_back(self, query, *params):
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def _migrate(self, script, version="19.0.1.0.0", cr=None):
        path = file_path(f"sales_discipline/migrations/{script}.py")
        spec = importlib.util.spec_from_file_location("migration", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.env.flush_all()
        module.migrate(cr or self.env.cr, version)
        self.env.invalidate_all()

    def _read(self, query, *params):
        self.env.flush_all()
        self.env.cr.execute(query, params)
        return self.env.cr.fetchall()


@tagged("post_install", "-at_install")
@freeze_time(DisciplineCase.NOW)
class TestMigrations(MigrationMixin, DisciplineCase):
    """What the scripts of each version do to rows of the version before; `./dev upgrade` does it to whole databases."""

    def test_first_touch(self):
        """1.1: the ledger learns who touched each lead first, and when leads had been open."""
        lead = self._make_lead(self.anna, type="lead")
        self._make_fact(self.anna, "2026-03-10 13:00:00", lead=lead)
        with freeze_time("2026-03-10 15:00:00"):
            lead.convert_opportunity(self.customer)
            self.env.flush_all()
        touched = "SELECT user_id, happened_at FROM discipline_fact WHERE kind = 'lead_first_touch' AND source_id = %s"
        span = "SELECT date_to FROM discipline_span WHERE kind = 'lead' AND res_id = %s"
        before = self._read(touched, lead.id), self._read(span, lead.id)
        self.assertEqual([len(rows) for rows in before], [1, 1])
        self._put_back(
            "UPDATE crm_lead SET create_date = %s, date_conversion = '2026-03-10 15:00:00' WHERE id = %s",
            self.NOW,
            lead.id,
        )
        self._put_back("DELETE FROM discipline_fact WHERE kind = 'lead_first_touch'")
        self._put_back("DELETE FROM discipline_span WHERE kind = 'lead'")
        for _again in range(2):
            self._migrate("19.0.1.1.0/post-first_touch")
            self.assertEqual((self._read(touched, lead.id), self._read(span, lead.id)), before)

    def test_assessments(self):
        """1.1: a score that was there without a state is done, as of when it was entered."""
        metric = self.env["discipline.metric"].create(
            {"name": "Manners", "code": "manners", "source": "assessment", "unit": "percent"}
        )
        base = {"metric_id": metric.id, "assessor_id": self.lena.id, "date_from": "2026-03-01"}
        scored, pending = self.env["discipline.assessment"].create(
            [
                {**base, "employee_id": person.id, "date_to": "2026-03-31", "due_date": "2026-03-31"}
                for person in (self.e_anna, self.e_boris)
            ]
        )
        self._put_back(
            "UPDATE discipline_assessment SET score = 70, state = 'pending', scored_at = NULL,"
            " create_date = '2026-03-05 10:00:00' WHERE id = %s",
            scored.id,
        )
        self._migrate("19.0.1.1.0/post-assessments")
        self.assertEqual((scored.state, str(scored.scored_at)), ("done", "2026-03-05 10:00:00"))
        self.assertEqual((pending.state, pending.scored_at), ("pending", False))

    def test_seals(self):
        """1.2: what was frozen before there were seals is sealed as it stands; pay knows what was adjusted since; days that
        are closed are no signals."""
        self._make_plan(("calls_done", 2))
        self._score("2026-03-10 23:00:00")
        cards = self.cards.search([("state", "=", "frozen")])
        card = self._card(self.e_anna, "2026-03-10")
        card.line_ids.with_user(self.lena)._adjust(1.0, "The telephone was down")
        self._put_back(
            "UPDATE discipline_scorecard SET amended_at = NULL, signals_at = NULL;"
            " DELETE FROM discipline_seal; DELETE FROM discipline_seal_head"
        )
        stored = "SELECT to_jsonb(l) FROM discipline_scorecard_line l ORDER BY id"
        before = self._read(stored)
        self._migrate("19.0.1.2.0/post-migrate", "19.0.1.1.0")
        result = self.env["discipline.seal"]._verify(cards.employee_id)
        self.assertEqual((result["findings"], result["cards"]), ([], len(cards)))
        self.assertEqual(cards.filtered("amended_at"), card)
        self.assertTrue(all(cards.mapped("signals_at")))
        self.assertEqual(self._read(stored), before)

    def test_hidden_scorecards(self):
        """1.2: one's own open card is hidden while a report is due."""
        names = ("rule_scorecard_own", "rule_scorecard_line_own", "rule_scorecard_report_own")
        rules = self.env["ir.rule"].union(*(self.env.ref(f"sales_discipline.{name}") for name in names))
        shipped = rules.mapped("domain_force")
        rules.domain_force = "[('user_id', '=', user.id)]"
        self._migrate("19.0.1.2.0/post-migrate", "19.0.1.1.0")
        squeezed = [text.replace("\n", "").replace(" ", "") for text in rules.mapped("domain_force")]
        self.assertEqual(squeezed, [text.replace("\n", "").replace(" ", "") for text in shipped])

    def test_names(self):
        """1.5: a metric that the company has named keeps its name."""
        first, second = self._metric("conversion_call_meeting"), self._metric("conversion_proposal_won")
        now = first.name
        self._put_back(
            "UPDATE discipline_metric SET name = %s WHERE id = %s",
            '{"en_US": "Calls to Meetings (%)", "ru_RU": "?"}',
            first.id,
        )
        second.name = "From paper to money"
        self._migrate("19.0.1.5.0/post-names", "19.0.1.4.0")
        self.assertEqual(
            self._read("SELECT name FROM discipline_metric WHERE id = %s", first.id), [({"en_US": now},)]
        )
        self.assertEqual(second.name, "From paper to money")

    def test_unused(self):
        """1.5: an index on what is found by another is gone, and a column that nothing is stored in."""
        name = "discipline_scorecard__employee_id_index"
        self._put_back(f"CREATE INDEX {name} ON discipline_scorecard (employee_id)")
        self._put_back("ALTER TABLE discipline_payroll ADD COLUMN job_done int4")
        self._migrate("19.0.1.5.0/post-unused", "19.0.1.4.0")
        self.assertFalse(self._read("SELECT 1 FROM pg_indexes WHERE indexname = %s", name))
        column = "SELECT 1 FROM information_schema.columns WHERE table_name = 'discipline_payroll' AND column_name = 'job_done'"
        self.assertFalse(self._read(column))

    def test_keys(self):
        """1.6: keys of what lines copy are gone, and nothing else; activities have one index of this addon."""
        table, name = "discipline_scorecard_line", "discipline_scorecard_line_metric_id_fkey"
        index = "mail_activity__discipline_step_id_index"
        self._put_back(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (metric_id) REFERENCES discipline_metric(id)"
        )
        self._put_back(f"CREATE INDEX {index} ON mail_activity (discipline_step_id)")
        constraints = self.env["ir.model.constraint"]
        constraints._reflect_constraint(
            self.env[table.replace("_", ".")], name, "f", None, "sales_discipline"
        )
        keys = f"SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = '{table}'::regclass"
        before = {row[0] for row in self._read(keys)}
        locked = []

        def execute(ledger, tables, _mode, queries):  # without the commits
            locked.append(tables)
            for query in queries:
                ledger.env.cr.execute(query)

        with patch.object(type(self.env["discipline.fact"]), "_commit_locked", execute):
            self._migrate("19.0.1.6.0/end-keys", "19.0.1.5.0")
        self.assertEqual({row[0] for row in self._read(keys)}, before - {name})
        self.assertEqual((len(before), locked), (3, [["discipline_metric", table], ["mail_activity"]]))
        self.assertFalse(self._read("SELECT 1 FROM ir_model_constraint WHERE name = %s", name))
        self.assertFalse(self._read("SELECT 1 FROM pg_indexes WHERE indexname = %s", index))

    def test_keys_that_somebody_holds(self):
        """1.6: what somebody works in is left as it is, after a while, and the update goes on."""
        module = "odoo.addons.sales_discipline.models.discipline_fact_install"
        with (
            patch(f"{module}.TRIES", 1),
            patch(f"{module}.PATIENCE", "50ms"),
            self.registry.cursor() as reader,
            self.registry.cursor() as cr,
            self.assertLogs("migration", "WARNING") as log,
        ):
            reader.execute("SELECT 1 FROM mail_activity LIMIT 1")
            cr.execute("SET SESSION lock_timeout = '100ms'")
            self._migrate("19.0.1.6.0/end-keys", "19.0.1.5.0", cr)
        self.assertEqual([record.args[0] for record in log.records], ["mail_activity"])

    def test_comments_of_indexes(self):
        """1.6: what Odoo knows an index by, which an installation had left out."""
        comments = (
            "SELECT c.relname, obj_description(c.oid, 'pg_class') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid IN ('discipline_fact'::regclass, 'discipline_span'::regclass) ORDER BY 1"
        )
        before = self._read(comments)
        self._put_back("COMMENT ON INDEX discipline_fact_source_idx IS NULL")
        self.assertNotEqual(self._read(comments), before)
        self._migrate("19.0.1.6.0/post-index", "19.0.1.5.0")
        self.assertEqual(self._read(comments), before)
        self._migrate("19.0.1.6.0/pre-index", "19.0.1.5.0")
        self.assertEqual(
            {row[0] for row in before} - {row[0] for row in self._read(comments)},
            {"discipline_fact_count_idx"},
        )

    def test_rules(self):
        """Each update: rules that nobody has changed are those of this version, others stay the company's own."""
        rule, own, wide = (
            self.env.ref(f"sales_discipline.rule_{name}")
            for name in ("fact_led", "target_led", "assessment_own")
        )
        shipped = rule.domain_force, rule.groups, wide.perm_write
        rule.write({"domain_force": "[(1, '=', 1)]", "groups": [Command.clear()]})
        wide.perm_write = True
        own.with_user(self.env.ref("base.user_admin")).domain_force = "[(0, '=', 1)]"
        self._migrate("0.0.0/post-rules", "19.0.1.4.0")
        self.assertEqual((rule.domain_force, rule.groups, wide.perm_write), shipped)
        self.assertEqual(own.domain_force, "[(0, '=', 1)]")
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.rule"), ("module", "=", "sales_discipline")]
        )
        self.assertTrue(all(data.mapped("noupdate")))


@tagged("post_install", "-at_install")
@freeze_time(RegulationCase.NOW)
class TestMigrationsRegulation(MigrationMixin, RegulationCase):
    def test_outcomes(self):
        """1.4: each step has an outcome, what was missed stays missed, and open to-dos know whose they are."""
        self._make_regulation("lead_created", {"discipline_minutes": 60})
        for _number in range(7):
            self._make_lead(self.anna)
        steps = self._run("2026-03-10 12:10:00")
        before = (  # state, kept, closed after it was due?
            ("stopped", None, True),
            ("stopped", None, False),
            ("skipped", None, True),
            ("done", 100, False),
            ("done", 0, True),
            ("open", 0, None),
            ("open", None, None),
        )
        for step, (state, kept, late) in zip(steps, before, strict=True):
            self._put_back(
                "UPDATE discipline_regulation_step SET state = %s, kept = %s, outcome = 'open', owner_id = NULL, closed_at ="
                " CASE %s::bool WHEN TRUE THEN due_at WHEN FALSE THEN due_at - interval '1 minute' END WHERE id = %s",
                state,
                kept,
                late,
                step.id,
            )
        self._migrate("19.0.1.4.0/post-regulations", "19.0.1.3.0")
        outcomes = ["missed", "stopped", "skipped", "kept", "late", "missed", "open"]
        self.assertEqual(steps.mapped("outcome"), outcomes)
        self.assertEqual(
            self._read("SELECT kept FROM discipline_regulation_step WHERE id = %s", steps[0].id), [(0,)]
        )
        self.assertEqual(steps.mapped("owner_id"), self.anna)
        self.assertEqual([bool(step.owner_id) for step in steps], [False] * 5 + [True] * 2)

    def test_web_leads(self):
        """1.4: the rule for leads from the web gives them out, unless it is used already."""
        rule = self.env.ref("sales_discipline.regulation_web_lead")
        old = {"lead_from": "all", "assigns": False}
        rule.write(old)
        self._migrate("19.0.1.4.0/post-regulations", "19.0.1.3.0")
        self.assertEqual((rule.lead_from, rule.assigns), ("others", True))
        rule.write(old)
        self._put_back("UPDATE discipline_regulation SET state = 'running' WHERE id = %s", rule.id)
        self._migrate("19.0.1.4.0/post-regulations", "19.0.1.3.0")
        self.assertEqual((rule.lead_from, rule.assigns), ("all", False))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 12:00:00")
class TestMigrationsPay(MigrationMixin, PayCase):
    def test_long_run(self):
        """1.4: a run at work goes on with the people who were left; one that has chunks keeps them."""
        run = self._run()
        people = (self.e_anna + self.e_boris).ids
        run.with_context(discipline_pay=PAYING).write(
            {"job": "compute", "state": "computing", "job_left": {"people": people, "changed": [7]}}
        )
        self._migrate("19.0.1.4.0/post-payroll_chunks", "19.0.1.3.0")
        chunk = self.env["discipline.payroll.chunk"].search([("payroll_id", "=", run.id)])
        self.assertEqual((chunk.people, run.job_left), (people, {"first": chunk.id, "changed": [7]}))
        self._migrate("19.0.1.4.0/post-payroll_chunks", "19.0.1.3.0")
        self.assertEqual(self.env["discipline.payroll.chunk"].search([("payroll_id", "=", run.id)]), chunk)
