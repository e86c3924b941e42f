from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DisciplineCase

WAGE = "you may not read"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestBadMetric(DisciplineCase):
    """What does not fit is refused when it is saved, in a sentence that names the field."""

    FACTS = {"name": "Bad", "code": "bad", "source": "facts", "fact_kind": "activity_done"}
    RECORDS = {
        "name": "Bad",
        "code": "bad",
        "source": "records",
        "owner_field": "user_id",
        "date_field": "create_date",
    }

    def _assert_refused(self, vals, words, user=None):
        before = self.env["discipline.metric"].search_count([])
        with self.subTest(repr(vals)):
            with self._refused(ValidationError, words):
                self.env["discipline.metric"].with_user(user or self.mark).create(vals)
            self.assertEqual(self.env["discipline.metric"].search_count([]), before)

    def _records(self, model="crm.lead", **vals):
        return {**self.RECORDS, "model_id": self.env["ir.model"]._get_id(model), **vals}

    def test_domains(self):
        for domain, words in [
            ("[('activity_type_id', '=', ", "'Domain'.*not a list of conditions"),
            ("activity_type_id = 1", "'Domain'.*not a list"),
            ("[('a', '=', __import__('os').getcwd())]", "'Domain'.*not a list"),
            ("[('user_id', '=', uid)]", "'Domain'.*not a list"),
            ("[('user_id', '=', user.id)]", "'Domain'.*not a list"),
            ("[(lambda: 1)()]", "'Domain'.*not a list"),
            ("{'a': 1}", "'Domain'.*not a list"),
            ("[('kind', '=')]", "'Domain'.*three parts"),
            ("[(1, '=', 1)]", "'Domain'.*texts"),
            ("['&', ('kind', '=', 'lead_won')]", "'Domain'"),
            ("['^', ('kind', '=', 'lead_won')]", "'Domain'.*none of"),
            ("[('kind', 'resembles', 'x')]", "'Domain'"),
            ("[('colour', '=', 'red')]", "'Domain'.*colour"),
            ("[('partner_id.colour', '=', 'red')]", "'Domain'.*colour"),
            ("[('kind.name', '=', 'x')]", "'Domain'.*nothing can follow"),
            ("[('amount', '>', 'plenty')]", "'Domain'.*plenty[^\n]*$"),
            ("[('happened_at', '>', 'soon')]", "'Domain'.*soon[^\n]*$"),
            ("[('partner_id', 'any!', [('name', '=', 'x')])]", "'Domain'.*any!"),
            ("[('user_id.password', 'like', 'a%')]", "'Domain'.*password"),
            ("[('amount', 'any', [('kind', '=', 'x')])]", "'Domain'.*nothing can follow 'amount'"),
            ("(" * 500, "'Domain'"),
        ]:
            self._assert_refused({**self.FACTS, "domain": domain}, words)

    def test_facts(self):
        self._assert_refused({**self.FACTS, "fact_kind": False}, "'Fact'")
        self._assert_refused(
            {**self.FACTS, "aggregate": "sum", "value_field": "res_name"}, "'Value'.*not a number"
        )
        self._assert_refused({**self.FACTS, "aggregate": "sum", "value_field": "profit"}, "'Value'.*no field")
        self._assert_refused(
            {**self.FACTS, "aggregate": "sum", "value_field": "partner_id.color"}, "'Value'.*another"
        )
        self._assert_refused(
            {**self.FACTS, "aggregate": "count_distinct", "value_field": "currency_id"}, "'Value'.*stored"
        )

    def test_codes(self):
        for code in ("Calls", "два", "2calls", "calls done", "calls-done", ""):
            self._assert_refused({**self.FACTS, "code": code}, "Code")

    def test_codes_that_the_program_needs(self):
        """A metric may be called like a source: it is no rule of the program for all that."""
        for code in ("facts", "records", "formula", "assessment"):
            metric = self.env["discipline.metric"].create({**self.FACTS, "code": code})
            self.assertFalse(metric.is_builtin, code)
            with self._refused(ValidationError, "'Domain'"):
                metric.write({"domain": "[("})
            plan = self._make_plan((("calls_done"), 1), state="draft", name=code)
            plan.line_ids.metric_id = metric
            plan.action_trial()
            self._score("2026-03-10 19:00:00")
            self.assertEqual(self._card(self.e_anna, self.TODAY, plan).line_ids.actual, 0)
            plan.action_close()

    def test_records(self):
        records = self._records
        for vals, words in [
            ({**self.RECORDS}, "'Records'"),
            (records("discipline.scorecard.report"), "'Records'.*cannot be counted"),
            (records("discipline.audience.mixin"), "'Records'.*cannot be counted"),
            (records("discipline.plan.version", owner_field="create_uid"), "'Records'.*cannot be counted"),
            (records(owner_field=False), "'Owner'.*fill it in"),
            (records(owner_field="partner_id"), "'Owner'.*does not end at a user"),
            (records(owner_field="name"), "'Owner'.*does not end at a user"),
            (records(owner_field="user_id.partner_id"), "'Owner'.*does not end at a user"),
            (records(owner_field="user_id.boss"), "'Owner'.*has no field 'boss'"),
            (records(owner_field="name.user_id"), "'Owner'.*nothing can follow"),
            (records(owner_field="order_ids.user_id"), "'Owner'.*order_ids"),
            (records("crm.team", owner_field="member_ids"), "'Owner'"),
            (records(date_field=False), "'Date'.*fill it in"),
            (records(date_field="deadline_day"), "'Date'.*has no field"),
            (records(date_field="user_id.create_date"), "'Date'.*another model"),
            (records(date_field="name"), "'Date'.*neither a date nor a time"),
            (records(date_field="activity_date_deadline"), "'Date'.*not stored"),
            (records(entered_field="name"), "'Entered'.*neither a date nor a time"),
            (records(aggregate="sum"), "'Value'.*fill it in"),
            (records(aggregate="avg", value_field="name"), "'Value'.*not a number"),
            (records(domain="[('stage', '=', 1)]"), "'Domain'.*has no field 'stage'"),
        ]:
            self._assert_refused(vals, words)

    def test_records_without_a_creation_date(self):
        vals = self._records("discipline.scorecard.line", owner_field="scorecard_id.user_id")
        self._assert_refused({**vals, "date_field": "scorecard_id"}, "'Date'")
        vals = self._records("discipline.span", date_field="date_from")
        self._assert_refused(vals, "'Entered'", user=self.mark)
        self.env["discipline.metric"].with_user(self.mark).create({**vals, "entered_field": "date_from"})

    def test_what_the_manager_may_not_read(self):
        """Counting is reading: a manager without HR rights cannot find out wages by a metric."""
        version = {"owner_field": "employee_id", "date_field": "date_version"}
        self._assert_refused(self._records("hr.version", **version), f"'Records'.*{WAGE}")
        for domain in (
            "[('user_id.employee_id.wage', '>', 1000)]",
            "[('user_id.employee_ids.version_ids.wage', '>', 1000)]",
            "[('user_id', 'any', [('employee_ids', 'any', [('wage', '>', 1000)])])]",
            "['!', ('user_id', 'not any', [('employee_ids.wage', '>', 1000)])]",
        ):
            self._assert_refused({**self.FACTS, "domain": domain}, f"'Domain'.*{WAGE}")
            self._assert_refused(self._records(domain=domain), f"'Domain'.*{WAGE}")
        wage = self._records("hr.employee", date_field="create_date", aggregate="sum", value_field="wage")
        self._assert_refused(wage, WAGE)

    def test_what_another_prepared_cannot_be_bent(self):
        """What an administrator set up over wages, a manager can neither widen nor copy."""
        vals = {
            **self._records("hr.version", owner_field="employee_id.user_id", date_field="date_version"),
            "code": "w",
        }
        metric = self.env["discipline.metric"].create({**vals, "aggregate": "sum", "value_field": "wage"})
        with self._refused(ValidationError, "Records"):
            metric.with_user(self.mark).write({"domain": "[('wage', '>', 1000)]"})
        with self._refused(ValidationError, "Records"):
            metric.with_user(self.mark).copy()

    def test_formulas(self):
        calls, won = self._metric("calls_done"), self._metric("deals_won")
        formula = {"name": "Bad", "code": "bad", "source": "formula", "unit": "percent"}
        self._assert_refused({**formula, "numerator_id": won.id}, "'Denominator'.*two metrics")
        self._assert_refused(
            {**formula, "numerator_id": won.id, "denominator_id": won.id}, "'Denominator'.*itself"
        )
        first = self.env["discipline.metric"].create(
            {**formula, "code": "first", "numerator_id": won.id, "denominator_id": calls.id}
        )
        second = self.env["discipline.metric"].create(
            {**formula, "code": "second", "numerator_id": first.id, "denominator_id": calls.id}
        )
        for name in ("numerator_id", "denominator_id"):
            with self._refused(ValidationError, "'Numerator'.*circle"):
                first.write({name: second.id})
        self.assertEqual((first.numerator_id, first.denominator_id), (won, calls))

    def test_other_sources(self):
        self._assert_refused({"name": "Bad", "code": "bad", "source": "state"}, "'Code'.*built in")
        self._assert_refused(
            {"name": "Bad", "code": "bad", "source": "assessment", "unit": "money"}, "'Unit'.*score"
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestBadRules(DisciplineCase):
    def _load(self, model, vals, words):
        """Refused by the database, said as an import or a form says it."""
        names, row = list(vals), [str(value) for value in vals.values()]
        with mute_logger("odoo.sql_db"):
            result = self.env[model].load(names, [row])
        self.assertFalse(result["ids"])
        self.assertRegex(" ".join(message["message"] for message in result["messages"]), words)

    def test_plan_numbers(self):
        plan = self._make_plan(("calls_done", 1), state="draft")
        for name, values, words in [
            ("deadline_hour", (25, 0, -1), "'Deadline'"),
            ("close_delay_days", (-1, 61), "'Closing Delay'"),
            ("completion_cap", (99, -1), "'Completion Cap"),
        ]:
            for value in values:
                with self.subTest(name, value=value):
                    self._load("discipline.plan", {".id": plan.id, name: value}, words)
        self.assertEqual((plan.deadline_hour, plan.close_delay_days, plan.completion_cap), (18, 0, 100))

    def test_company_hour(self):
        self._load("res.company", {".id": self.company.id, "discipline_deadline_hour": 25}, "deadline.*hour")
        self._load("res.company", {".id": self.company.id, "discipline_late_days": -1}, "days")

    def test_plan_dates(self):
        with self._refused(ValidationError, "'Valid until'.*'Valid from'"):
            self._make_plan(("calls_done", 1), date_from="2026-03-10", date_to="2026-03-09")
        for period, date_from in (("week", "2026-03-10"), ("month", "2026-03-02")):
            with self._refused(ValidationError, "'Valid from'"):
                self._make_plan(("calls_done", 1), period=period, date_from=date_from)
        self.assertFalse(self.env["discipline.plan"].search([("company_id", "=", self.company.id)]))

    def test_line_numbers(self):
        cases = [
            ({"weight": -1}, "'Weight'"),
            ({"target": -1}, "'Target'"),
            ({"green_from": -1, "yellow_from": -1}, "'Green from"),
            ({"yellow_from": -1}, "'Yellow from"),
            ({"green_from": 80}, "'Yellow from.*above 'Green from"),
            ({"green_from": 80, "yellow_from": 90}, "'Yellow from.*above 'Green from"),
            ({"target": float("nan")}, "'Target'"),
            ({"points_done": float("inf")}, "'Points if Done'"),
        ]
        for more, words in cases:
            with self.subTest(more), self._refused(ValidationError, words):
                self._make_plan(("calls_done", 1, more))
        self.assertFalse(
            self.env["discipline.plan"].search([("company_id", "=", self.company.id)]), "nothing half-saved"
        )
        plan = self._make_plan(("calls_done", 1), state="draft")
        for more, words in cases:
            with self.subTest(more), self._refused(ValidationError, words):
                plan.line_ids.write(more)

    def test_indicator_twice(self):
        plan = self._make_plan(("calls_done", 1), state="draft")
        self._load(
            "discipline.plan.line",
            {"plan_id/.id": plan.id, "metric_id/.id": self._metric("calls_done").id, "target": 5},
            "only once",
        )

    def test_plan_without_lines(self):
        plan = self._make_plan(state="draft")
        for button in (plan.action_trial, plan.action_activate):
            with self._refused(ValidationError, "'Indicators'"):
                button()
            self.assertEqual(plan.state, "draft")
        plan = self._make_plan(("calls_done", 1))
        with self._refused(ValidationError, "'Indicators'"):
            plan.write({"line_ids": [Command.clear()]})
        with self._refused(ValidationError, "'Indicators'"):
            plan.line_ids.unlink()

    def test_overlapping_plans(self):
        self._make_plan(("calls_done", 1), name="First", date_to="2026-03-31")
        for vals in ({}, {"date_from": "2026-03-31"}, {"date_to": "2026-03-01"}):
            other = self._make_plan(("calls_done", 2), state="draft", **vals)
            with self.subTest(vals), self._refused(ValidationError, "'First'.*'Valid from'.*'Valid until'"):
                other.action_activate()
            self.assertEqual(other.state, "draft")
        for vals in (
            {"date_from": "2026-04-01"},
            {"date_to": "2026-02-28", "date_from": "2026-02-01"},
            {"period": "week", "date_from": "2026-03-02"},
            {"team_ids": [Command.set(self.north.ids)]},
            {"employee_ids": [Command.set(self.e_anna.ids)]},
        ):
            self._make_plan(("calls_done", 2), **vals)
        with self._refused(ValidationError, "overlaps"):
            self._make_plan(("calls_done", 2), team_ids=[Command.set((self.north + self.south).ids)])

    def test_plan_of_another_companys_people(self):
        for vals in (
            {"employee_ids": [Command.set(self.e_olga.ids)]},
            {"team_ids": [Command.set(self.north.ids)]},
        ):
            company = self.company if "employee_ids" in vals else self.outside
            with self._refused(UserError, "(?i)compan"):
                self._make_plan(("calls_done", 1), company_id=company.id, **vals)

    def test_plan_with_results(self):
        plan = self._make_plan(("calls_done", 1))
        draft = self._make_plan(("deals_won", 1), state="draft")
        self._score("2026-03-10 18:00:00")
        edits = {
            "deadline": lambda: plan.write({"deadline_hour": 20}),
            "start": lambda: plan.write({"date_from": "2026-03-02"}),
            "people": lambda: plan.write({"team_ids": [Command.set(self.north.ids)]}),
            "target": lambda: plan.line_ids.write({"target": 2}),
            "target on the plan": lambda: plan.write(
                {"line_ids": [Command.update(plan.line_ids.id, {"target": 2})]}
            ),
            "line more": lambda: draft.line_ids.copy({"plan_id": plan.id}),
            "line moved in": lambda: draft.line_ids.write({"plan_id": plan.id}),
            "line moved out": lambda: plan.line_ids.write({"plan_id": draft.id}),
            "line less": lambda: plan.line_ids.unlink(),
            "deletion": plan.unlink,
        }
        for edit, change in edits.items():
            with self.subTest(edit), self._refused(UserError, "(has scorecards already)|(evidence)"):
                change()
        with self._refused(UserError, "'Valid until'"):
            plan.write({"date_to": "2026-03-09"})
        for day in ("2026-03-10", "2026-03-02", "2026-03-01", "2026-02-01"):
            wizard = self.env["discipline.plan.version"].create({"plan_id": plan.id, "date_from": day})
            with self.subTest(day), self._refused(UserError, "'Valid (from|until)'"):
                wizard.action_create()
        self.assertEqual((plan.line_ids.target, plan.deadline_hour, plan.date_to), (1, 18, False))
        self.assertFalse(self.env["discipline.plan"].search([("family_id", "=", plan.id)]))
        plan.write({"name": "Still to be renamed", "date_to": "2026-03-31"})

    def test_targets(self):
        base = {"metric_id": self._metric("deals_won").id, "company_id": self.company.id, "amount": 1}
        base.update(date_from="2026-03-01", date_to="2026-03-31", employee_id=self.e_anna.id)
        target = self.env["discipline.target"]
        for vals, words in [
            ({"date_to": "2026-02-28"}, "'Valid until'"),
            ({"employee_id": False}, "'Employee'.*'Sales Team'"),
            ({"team_id": self.north.id}, "'Employee'.*'Sales Team'"),
            ({"scope": "team"}, "'Team as a whole'"),
            ({"employee_id": self.e_olga.id}, "(?i)compan"),
        ]:
            with self.subTest(vals), self._refused(UserError, words):
                target.create({**base, **vals})
        target.create(base)
        for vals in ({"date_from": "2026-03-31", "date_to": "2026-04-30"}, {"date_to": "2026-03-01"}):
            with self.subTest(vals), self._refused(ValidationError, "'Valid from' or 'Valid until'"):
                target.create({**base, **vals})
        for vals in (
            {"period": "week"},
            {"employee_id": self.e_boris.id},
            {"date_from": "2026-04-01", "date_to": "2026-04-30"},
        ):
            target.create({**base, **vals})
        row = {
            "metric_id/.id": base["metric_id"],
            "team_id/.id": self.north.id,
            "company_id/.id": self.company.id,
        }
        row.update(date_from="2026-03-01", date_to="2026-03-31", amount=-1)
        self._load("discipline.target", row, "'Value'")

    def test_assessments(self):
        metric = self.env["discipline.metric"].create(
            {"name": "Quality", "code": "quality", "source": "assessment", "unit": "score"}
        )
        base = {"metric_id": metric.id, "employee_id": self.e_anna.id, "score": 80}
        base.update(date_from="2026-03-10", date_to="2026-03-10")
        assessments = self.env["discipline.assessment"].with_user(self.lena)
        with self._refused(ValidationError, "'To'.*'From'"):
            assessments.create({**base, "date_to": "2026-03-09"})
        with self._refused(ValidationError, "'Metric'"):
            assessments.create({**base, "metric_id": self._metric("calls_done").id})
        row = {"metric_id/.id": metric.id, "employee_id/.id": self.e_anna.id, "score": 101}
        self._load(
            "discipline.assessment", {**row, "date_from": "2026-03-10", "date_to": "2026-03-10"}, "'Score'"
        )
        plan = self._make_plan(("calls_done", 1), state="draft")
        plan.line_ids.metric_id = metric
        with self._refused(ValidationError, "Quality.*'Experts'"):
            plan.action_activate()
        plan.line_ids.assessor_ids = self.lena
        plan.action_activate()
        given = assessments.create(base)
        given.flush_recordset()
        self.env.cr.execute("UPDATE discipline_assessment SET scored_at = %s", ["2026-03-10 12:00:00"])
        self._score("2026-03-10 18:00:00")
        self.assertEqual(self._card(self.e_anna, self.TODAY, plan).line_ids.actual, 80)
        others = assessments.with_user(self.mark)
        for change in (lambda: given.write({"score": 100}), given.unlink, lambda: others.create(base)):
            with self._refused(ValidationError, "'Score'"):
                change()

    def test_time_zones(self):
        for record in (self.e_anna, self.anna, self.company.resource_calendar_id):
            with self.subTest(record), self._refused(UserError, "'Time ?[zZ]one'.*Mars/Olympus"):
                record.write({"tz": "Mars/Olympus"})
        for model, vals in (("hr.employee", {"name": "X"}), ("res.users", {"name": "X", "login": "x"})):
            with self.subTest(model), self._refused(UserError, "'Time ?[zZ]one'.*Mars/Olympus"):
                self.env[model].create({**vals, "tz": "Mars/Olympus"})
        self.assertEqual((self.e_anna.tz, self.anna.tz), ("Europe/Berlin", "Europe/Berlin"))

    def test_plan_by_who_may_not(self):
        with self.assertRaises(AccessError):
            self.env["discipline.plan"].with_user(self.lena).create({"name": "X"})
