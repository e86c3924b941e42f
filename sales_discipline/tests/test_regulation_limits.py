from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .regulation_common import RegulationCase

NOW = datetime(2026, 3, 10, 12)
LATER = datetime(2026, 3, 10, 12, 10)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRegulationLimits(RegulationCase):
    """What one entry, or one person, cannot do to the rules and steps of everybody else."""

    def test_interval(self):
        """An interval that no date can be counted from is refused, wherever it is entered."""
        for step in (
            {"delay_count": 10**8},
            {"delay_count": 121, "delay_unit": "months"},
            {"delay_count": -1},
            {"delay_count": 10**6, "discipline_working_days": True},
        ):
            with self.subTest(step), self._refused(ValidationError, "Interval"):
                self._make_regulation("lead_created", step)
        rule = self._make_regulation("lead_created", {"delay_count": 3660})
        with self._refused(ValidationError, "Interval"):
            rule.template_ids.delay_count = 3661
        loose = self.env["mail.activity.plan"].create({"name": "Loose", "res_model": "crm.lead"})
        self.env["mail.activity.plan.template"].create(
            {"plan_id": loose.id, "activity_type_id": self.call.id, "delay_count": 10**8}
        )
        with self._refused(ValidationError, "Interval"):
            rule.plan_id = loose

    def test_due_date_at_the_end_of_time(self):
        self._make_regulation("invoice_due", {"delay_count": 5})
        self._make_invoice(invoice_date_due="9999-12-30")
        near = self._make_invoice(invoice_date_due="2026-03-31")
        self.assertEqual(self._run(LATER).mapped("res_id"), near.ids)

    def test_nobody_who_has_left(self):
        self.luis.active = False
        self._make_regulation("lead_created", {}, otherwise_id=self.luis.id)
        self._make_lead(self.anna, user_id=False, team_id=False, company_id=self.company.id)
        self.assertFalse(self._run(LATER).user_id)

    @mute_logger("odoo.addons.sales_discipline.models.discipline_regulation_run")
    def test_a_rule_that_fails(self):
        """It is told of, and the others go on."""
        bad = self._make_regulation("lead_created", {}, sequence=1)
        good = self._make_regulation("lead_created", {}, sequence=2)
        self._make_lead(self.anna)
        self.env.flush_all()
        original = type(self.regulations)._prepare_steps

        def fail(regulation, rows, templates):
            if regulation == bad:
                raise OverflowError
            return original(regulation, rows, templates)

        with (
            freeze_time(LATER),
            patch.object(type(self.regulations), "_prepare_steps", fail),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            try:  # assertRaises would undo what was scheduled
                self.regulations._cron_run()
            except OverflowError:
                rollback.assert_called_once()
            else:
                self.fail("nobody was told")
        self.assertEqual(self.steps.search([]).regulation_id & (bad + good), good)

    def test_what_the_program_sets(self):
        """Neither the moment that a rule was looked at, nor the step of an activity made by the program itself."""
        rule = self._make_regulation("lead_created", {"discipline_result": "text"})
        with self.assertRaisesRegex(UserError, "buttons of the form"):
            rule.with_user(self.mark).looked_at = NOW
        lead = self._make_lead(self.anna)
        step = self._run(LATER)
        forged = self.env["mail.activity"].with_context(default_discipline_step_id=step.id)
        values = {"res_model_id": self.env["ir.model"]._get_id("crm.lead"), "res_id": lead.id}
        made = forged.create({**values, "activity_type_id": self.call.id})
        self.assertFalse(made.discipline_step_id)

    def test_the_question_of_somebody_else(self):
        """What a step asks for is for those who may see the step."""
        self._make_regulation("lead_created", {"discipline_result": "text"})
        self._make_lead(self.anna, team_id=self.north.id)
        step = self._run(LATER)
        for user in (self.anna, self.lena, self.mark):
            wizard = self.env["discipline.regulation.result"].with_user(user)
            self.assertEqual(wizard.create({"step_id": step.id}).result, "text")
        for user in (self.boris, self.luis, self.olga):
            wizard = self.env["discipline.regulation.result"].with_user(user)
            wizard = wizard.with_context(allowed_company_ids=user.company_id.ids)
            with self.subTest(user.name), self.assertRaises(AccessError):
                wizard.create({"step_id": step.id})

    def test_many_are_lost(self):
        """Whether a reason is wanted is asked once, however many are marked as lost."""
        reason = self.env["crm.lost.reason"].create({"name": "Price"})
        self._make_regulation("won", {})
        counts = []
        for number in (2, 20):
            leads = self.env["crm.lead"].create(
                [{"name": "Deal", "user_id": self.anna.id, "company_id": self.company.id}] * number
            )
            statements, found = self._count_queries(leads._get_reason_rules)
            self.assertFalse(found)
            counts.append(statements)
        self.assertEqual(counts[0], counts[1])
        rule = self._make_regulation("lost", {"discipline_result": "reason"})
        theirs = self._make_regulation("lost", {"discipline_result": "reason"}, company_id=self.outside.id)
        self.assertEqual(set(leads._get_reason_rules().values()), {rule})
        rule.action_stop()
        self.assertFalse(leads._get_reason_rules())
        theirs.company_id = False
        self.assertEqual(set(leads._get_reason_rules().values()), {theirs})
        with self.assertRaisesRegex(UserError, "Lost Reason"):
            leads.action_set_lost()
        leads.action_set_lost(lost_reason_id=reason.id)
