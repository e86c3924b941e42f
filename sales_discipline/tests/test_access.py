from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DisciplineCase

NOBODY = ""
SCORED = "anna lena mark paula"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 20:00:00")
class TestAccess(DisciplineCase):
    """Who sees and who changes what: rows are Anna's (team North, led by Lena) unless they say otherwise."""

    ONCE = ("discipline.assessment", "discipline.target", "discipline.plan.line")  # a copy would be a double
    ROLES = ("anna", "boris", "carla", "lena", "luis", "mark", "paula", "olga", "portal", "public")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.fact = cls._make_fact(cls.anna, "2026-03-10 09:00:00")
        cls.plan = cls._make_plan(("calls_done", 1), date_from="2026-03-09")
        cls.draft = cls._make_plan(("calls_done", 1), period="month", state="draft")
        cls._score("2026-03-10 18:00:00")
        cls.card = cls._card(cls.e_anna, "2026-03-10", cls.plan)
        cls.quality = cls.env["discipline.metric"].create(
            {
                "name": "Quality",
                "code": "quality",
                "source": "assessment",
                "unit": "score",
                "company_id": cls.company.id,
            }
        )
        base = {"metric_id": cls._metric("deals_won_amount").id, "company_id": cls.company.id, "amount": 100}
        base.update(date_from="2026-03-01", date_to="2026-03-31")
        cls.target, cls.team_target = cls.env["discipline.target"].create(
            [{**base, "employee_id": cls.e_anna.id}, {**base, "team_id": cls.north.id, "scope": "team"}]
        )
        line = {"metric_id": cls.quality.id, "target": 80, "assessed_by_leader": True}
        assessed = cls._make_plan(("calls_done", 1), period="month", state="draft", name="Assessed")
        assessed.line_ids = [Command.create({**line, "assessor_ids": [Command.link(cls.mark.id)]})]
        assessed.action_activate()
        cls.assessment = (
            cls.env["discipline.assessment"].with_user(cls.lena).create(cls._assessment_vals(cls.e_anna))
        )
        activity = cls._make_activity(cls.anna, cls._make_lead(cls.anna))
        with freeze_time("2026-03-10 21:00:00"):
            activity.unlink()
        cls.span = cls.env["discipline.span"].search([("res_id", "=", activity.id)])
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _assessment_vals(cls, employee):
        period = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
        return {"metric_id": cls.quality.id, "employee_id": employee.id, "score": 80, **period}

    def _rows(self):
        """(record, who reads it)"""
        report = self.env["discipline.scorecard.report"].browse(self.card.line_ids.id)
        members = "anna boris carla lena luis mark paula"
        return [
            (self.fact, "anna lena mark"),
            (self.span, "mark"),
            (self.card, SCORED),
            (self.card.line_ids, SCORED),
            (report, SCORED),
            (self.plan, members),
            (self.plan.line_ids, members),
            (self.draft, "mark paula"),
            (self.draft.line_ids, "mark paula"),
            (self.quality, members),
            (self._metric("calls_done"), f"{members} olga"),
            (self.target, "anna lena mark"),
            (self.team_target, "anna boris lena mark"),
            (self.assessment, "anna lena mark"),
        ]

    def _visible(self, record, user):
        """By which roads the user gets at the record."""
        model = record.with_user(user).browse()
        domain = [("id", "=", record.id)]
        roads = {
            "access": lambda: record.with_user(user).has_access("read"),
            "read": lambda: bool(record.with_user(user).read()),
            "search": lambda: bool(model.search(domain)),
            "name": lambda: bool(model.name_search("", domain)),
            "group": lambda: bool(model.formatted_read_group(domain, [], ["__count"])[0]["__count"]),
            "web": lambda: bool(model.web_search_read(domain, {"display_name": {}})["length"]),
        }
        found = set()
        for road, take in roads.items():
            try:
                if take():
                    found.add(road)
            except AccessError:
                continue
        return found

    def test_reading(self):
        for record, readers in self._rows():
            self.assertEqual(len(record), 1)
            for role in self.ROLES:
                with self.subTest(f"{record} by {role}"):
                    expected = (
                        {"access", "read", "search", "name", "group", "web"}
                        if role in readers.split()
                        else set()
                    )
                    self.assertEqual(self._visible(record, getattr(self, role)), expected)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_changing(self):
        """Rules are the manager's; an assessment is its assessor's; the evidence is nobody's."""
        rows = [
            (self.draft, {"name": "Other"}, "mark"),
            (self.draft.line_ids, {"target": 5}, "mark"),
            (self.quality, {"name": "Other"}, "mark"),
            (self.target, {"amount": 5}, "mark"),
            (self.team_target, {"amount": 5}, "mark"),
            (self.assessment, {"score": 5}, "lena"),
            (self.fact, {"amount": 5}, NOBODY),
            (self.span, {"deadline": "2026-03-01"}, NOBODY),
            (self.card, {"points": 5}, NOBODY),
            (self.card.line_ids, {"actual": 5}, NOBODY),
        ]
        for record, vals, writers in rows:
            for role in self.ROLES:
                user = getattr(self, role)
                for operation, change in (
                    ("write", lambda own: own.write(vals)),  # noqa: B023
                    ("unlink", lambda own: own.unlink()),
                    ("copy", lambda own: own.copy()),
                ):
                    if (
                        operation == "copy"
                        and record._name in self.ONCE
                        or operation == "unlink"
                        and record == self.quality
                    ):
                        continue  # not for reasons of access
                    with self.subTest(f"{operation} {record} by {role}"):
                        self.assertEqual(self._can(change, record.with_user(user)), role in writers.split())

    def _can(self, change, record):
        with self.env.cr.savepoint() as savepoint:
            try:
                change(record)
                self.env.flush_all()
                return True
            except UserError:  # AccessError is one
                return False
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def test_creating(self):
        target = {"metric_id": self._metric("deals_won").id, "employee_id": self.e_anna.id, "amount": 1}
        target.update(date_from="2026-03-01", date_to="2026-03-31", company_id=self.company.id)
        vals = {
            "discipline.plan": {"name": "Mine", "company_id": self.company.id, "date_from": "2026-04-01"},
            "discipline.plan.line": {
                "plan_id": self.draft.id,
                "metric_id": self._metric("deals_won").id,
                "target": 1,
            },
            "discipline.metric": {
                "name": "M",
                "code": "m",
                "fact_kind": "lead_won",
                "company_id": self.company.id,
            },
            "discipline.target": target,
        }
        for model, values in vals.items():
            for role in self.ROLES:
                with self.subTest(f"{model} by {role}"):
                    records = self.env[model].with_user(getattr(self, role))
                    self.assertEqual(self._can(lambda own: own.create(values), records), role == "mark")  # noqa: B023

    def test_manager_needs_no_rights_in_hr(self):
        plan = self.draft.with_user(self.mark)
        job = self.env["hr.job"].create({"name": "Seller", "company_id": self.company.id})
        plan.write({"employee_ids": [Command.set(self.e_anna.ids)], "job_ids": [Command.set(job.ids)]})
        self.assertEqual(plan.read(["employee_ids"])[0]["employee_ids"], self.e_anna.ids)
        self.assertEqual(plan.audience, "Anna")
        plan.write({"employee_ids": [Command.clear()]})
        wizard = self.env["discipline.plan.version"].with_user(self.mark)
        wizard.create({"plan_id": self.plan.id, "date_from": "2026-03-11"}).action_create()
        new = self.env["discipline.plan"].with_user(self.mark).search([("family_id", "=", self.plan.id)])
        self.assertEqual((new.version, new.line_ids.target), (2, 1))

    def test_rules_of_another_company(self):
        """Olga is a manager, but elsewhere."""
        for model, values in (
            ("discipline.plan", {"name": "X", "company_id": self.company.id}),
            (
                "discipline.plan.line",
                {"plan_id": self.draft.id, "metric_id": self._metric("deals_won").id, "target": 1},
            ),
            (
                "discipline.metric",
                {"name": "M", "code": "m", "fact_kind": "lead_won", "company_id": self.company.id},
            ),
            ("discipline.plan.version", {"plan_id": self.plan.id, "date_from": "2026-04-01"}),
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.olga).create(values)
        with self.assertRaises(UserError):
            self.env["discipline.plan"].with_user(self.olga).create(
                {"name": "X", "team_ids": [Command.set(self.north.ids)]}
            )

    def test_buttons(self):
        """A button is no back door to what its user may not write."""
        for role in ("anna", "lena", "paula", "olga", "portal"):
            plan = self.draft.with_user(getattr(self, role))
            for button in ("action_trial", "action_activate", "action_close"):
                with self.subTest(f"{button} by {role}"), self.assertRaises(AccessError):
                    getattr(plan, button)()
        for role in ("boris", "luis", "olga", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.card.with_user(getattr(self, role)).action_refresh()
            with self.subTest(role), self.assertRaises(AccessError):
                self.card.line_ids.with_user(getattr(self, role)).action_open_facts()
        for role in SCORED.split():
            action = self.card.line_ids.with_user(getattr(self, role)).action_open_facts()
            self.assertEqual(action["res_model"], "discipline.fact")

    def test_export(self):
        allowed = self.env.ref("base.group_allow_export")
        (self.luis + self.anna).write({"group_ids": [Command.link(allowed.id)]})
        rows = self.card.line_ids.with_user(self.anna).export_data(
            ["metric_id", "actual", "scorecard_id/employee_id"]
        )
        self.assertEqual(rows["datas"], [["Calls", 1.0, "Anna"]])
        for record in (self.card, self.card.line_ids, self.fact, self.target):
            with self.assertRaises(AccessError):
                record.with_user(self.luis).export_data(["id", "display_name"])

    # ------------------------------------------------------------
    # People and leaders who move
    # ------------------------------------------------------------

    def test_leader_moved_off_the_team(self):
        self.north.user_id = self.luis
        self.env.invalidate_all()
        for record in (self.fact, self.card, self.card.line_ids, self.target, self.team_target):
            self.assertFalse(record.with_user(self.lena).has_access("read"), record)
            self.assertTrue(record.with_user(self.luis).has_access("read"), record)

    def test_member_moved_to_another_team(self):
        """What was done in North stays with North's leader; what comes is for South's eyes."""
        self.south.member_ids += self.anna
        self.assertNotIn(self.anna, self.north.member_ids)
        new = self._make_fact(self.anna, "2026-03-10 22:00:00")
        self.assertEqual(new.team_id, self.south)
        self.assertTrue(self.card.with_user(self.lena).has_access("read"))
        self.assertFalse(self.card.with_user(self.luis).has_access("read"))
        self.assertTrue(self.fact.with_user(self.lena).has_access("read"))
        self.assertFalse(new.with_user(self.lena).has_access("read"))
        self.assertFalse(
            new.with_user(self.lena).with_context(active_test=False).search([("id", "=", new.id)])
        )
        self.assertTrue(new.with_user(self.luis).has_access("read"))
        self.assertFalse(self.target.with_user(self.lena).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["discipline.assessment"].with_user(self.lena).create(
                {**self._assessment_vals(self.e_anna), "date_from": "2026-02-01", "date_to": "2026-02-28"}
            )

    # ------------------------------------------------------------
    # Assessments
    # ------------------------------------------------------------

    def test_assessment_in_another_name(self):
        vals = {**self._assessment_vals(self.e_boris), "assessor_id": self.mark.id}
        assessment = self.env["discipline.assessment"].with_user(self.lena).create(vals)
        self.assertEqual(assessment.assessor_id, self.lena)
        with self._refused(UserError, "Assessed by"):
            assessment.with_user(self.lena).write({"assessor_id": self.mark.id})
        with self._refused(UserError, "Assessed by"):
            assessment.with_user(self.mark).write({"assessor_id": self.mark.id})

    def test_assessment_of_oneself(self):
        with self._refused(ValidationError, "Employee"):
            self.env["discipline.assessment"].with_user(self.mark).create(self._assessment_vals(self.e_mark))
        assessment = (
            self.env["discipline.assessment"].with_user(self.mark).create(self._assessment_vals(self.e_lena))
        )
        with self._refused(UserError, "Employee"):
            assessment.with_user(self.mark).write({"employee_id": self.e_mark.id})
        # Lena reads what Mark thinks of her, and does not correct it
        own = assessment.with_user(self.lena)
        self.assertEqual(own.score, 80)
        for change in (lambda: own.write({"score": 100}), own.unlink):
            with self.assertRaises(AccessError):
                change()

    def test_assessment_of_another_team(self):
        with self.assertRaises(AccessError):
            self.env["discipline.assessment"].with_user(self.luis).create(self._assessment_vals(self.e_boris))
        with self._refused(UserError, "Employee"):
            self.assessment.with_user(self.lena).write({"employee_id": self.e_carla.id})
        for role in ("anna", "paula", "olga"):
            with self.assertRaises(UserError):
                self.env["discipline.assessment"].with_user(getattr(self, role)).create(
                    self._assessment_vals(self.e_boris)
                )
