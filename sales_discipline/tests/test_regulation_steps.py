from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .regulation_common import RegulationCase

NOW = datetime(2026, 3, 10, 12)
LATER = datetime(2026, 3, 10, 12, 10)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRegulationSteps(RegulationCase):
    """What becomes of the steps: no longer needed, done, late, skipped."""

    # ------------------------------------------------------------
    # No longer needed
    # ------------------------------------------------------------

    def test_paid_is_not_asked_for(self):
        self._make_regulation("invoice_posted", {"delay_count": 2})
        invoice, other = self._make_invoice(), self._make_invoice()
        steps = self._run(LATER)
        self._pay(invoice, invoice.amount_total)
        self._run("2026-03-11 10:00:00")
        states = {step.res_id: (step.state, bool(step.activity_id)) for step in steps}
        self.assertEqual(states, {invoice.id: ("stopped", False), other.id: ("open", True)})

    def test_answered(self):
        self._make_regulation("quotation_sent", {"delay_count": 7, "discipline_ends": "answered"})
        order = self._make_order()
        order.action_quotation_sent()
        self.env.flush_all()
        step = self._run(LATER)
        with freeze_time("2026-03-12 10:00:00"):
            order.message_post(
                body="We think about it", author_id=self.anna.partner_id.id, message_type="comment"
            )
            self._run("2026-03-12 10:00:00")
            self.assertEqual(step.state, "open", "that was us")
            order.message_post(body="Fine with us", author_id=self.customer.id, message_type="email")
        self._run("2026-03-12 10:10:00")
        self.assertEqual((step.state, bool(step.activity_id)), ("stopped", False))

    def test_touched_in_time(self):
        """Whatever somebody does on a new lead first is what the rule wanted."""
        self._make_regulation("lead_created", {"discipline_minutes": 60, "discipline_ends": "touched"})
        lead, slow = self._make_lead(self.anna), self._make_lead(self.anna)
        steps = self._run(LATER).sorted("res_id")
        self.assertEqual(steps.mapped("due_at"), [datetime(2026, 3, 10, 13)] * 2)
        self._make_fact(self.anna, at="2026-03-10 12:40:00", lead=lead)
        self._make_fact(self.anna, at="2026-03-10 13:00:00", lead=slow)
        self._run("2026-03-10 13:10:00")
        self.assertEqual(steps.mapped(lambda s: (s.state, s.kept)), [("done", 100), ("done", 0)])

    def test_deleted(self):
        self._make_regulation("lead_created", {})
        lead, archived = self._make_lead(self.anna), self._make_lead(self.anna)
        steps = self._run(LATER)
        lead.unlink()
        archived.probability = 10  # at 0, archived is lost
        archived.action_archive()
        self._run("2026-03-10 12:20:00")
        self.assertEqual(
            steps.sorted("res_id").mapped("state"), ["stopped", "open"], "archiving is no way out"
        )

    # ------------------------------------------------------------
    # Done, late, skipped
    # ------------------------------------------------------------

    def test_done_and_late(self):
        self._make_regulation("lead_created", {"delay_count": 1})
        self._make_lead(self.anna), self._make_lead(self.anna)
        first, second = self._run(LATER).sorted("res_id")
        with freeze_time("2026-03-11 22:59:00"):
            first.activity_id.with_user(self.anna).action_feedback(feedback="Talked")
        with freeze_time("2026-03-11 23:00:00"):
            self.assertTrue(second.is_late)
            second.activity_id.with_user(self.anna).action_feedback()
        self.assertEqual(
            [(s.state, s.kept, s.is_late) for s in first + second], [("done", 100, False), ("done", 0, True)]
        )
        self.assertEqual(self.steps.search([("is_late", "=", True)]), second)
        self.assertEqual((first + second).mapped("outcome"), ["kept", "late"])
        second.activity_id.action_unarchive()
        self.assertEqual((second.outcome, second.closed_at), ("open", False), "taken back")
        self._run("2026-03-12 10:00:00")
        self.assertEqual(second.outcome, "missed")
        groups = self.steps._read_group([("id", "in", (first + second).ids)], [], ["kept:avg"])
        self.assertEqual(groups, [(50,)], "what is due and not done is not kept")

    def test_a_postponed_step_is_late_all_the_same(self):
        self._make_regulation("lead_created", {"delay_count": 1})
        self._make_lead(self.anna)
        step = self._run(LATER)
        step.activity_id.with_user(self.anna).date_deadline = date(2026, 3, 20)
        with freeze_time("2026-03-13 10:00:00"):
            step.activity_id.with_user(self.anna).action_feedback()
        self.assertEqual((step.state, step.kept), ("done", 0))

    def test_a_text_is_asked_for(self):
        self._make_regulation("lead_created", {"discipline_result": "text"})
        self._make_lead(self.anna)
        step = self._run(LATER)
        activity = step.activity_id.with_user(self.anna)
        dialog = activity.action_done()
        self.assertEqual((dialog["res_model"], step.state), ("discipline.regulation.result", "open"))
        for try_it in (activity.action_feedback, activity.action_archive):
            with self.assertRaisesRegex(UserError, "Step 1.*Rule lead_created"):
                try_it()
        with self.assertRaisesRegex(UserError, "result in words"):
            activity.action_feedback(feedback="  ")
        activity.action_feedback(feedback="They want two")
        self.assertEqual(step.state, "done")

    def test_a_rating_is_kept(self):
        self._make_regulation("order_confirmed", {"discipline_result": "rating"})
        order = self._make_order()
        order.action_confirm()
        step = self._run(LATER)
        with self.assertRaisesRegex(UserError, "rating"):
            step.activity_id.with_user(self.anna).action_feedback(feedback="Fine")
        wizard = self.env["discipline.regulation.result"].with_user(self.anna)
        wizard.create({"step_id": step.id, "stars": "4", "text": "Content"}).action_apply()
        rating = self.env["rating.rating"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual((rating.rating, rating.feedback, rating.partner_id), (4, "Content", self.customer))
        self.assertEqual((rating.rated_partner_id, rating.consumed), (self.anna.partner_id, True))
        self.assertEqual((step.state, step.rating, step.activity_id.active), ("done", 4, False))

    def test_the_lost_reason(self):
        """Asked for when it is marked as lost, and afterwards where another road was taken."""
        reason = self.env["crm.lost.reason"].create({"name": "Too expensive"})
        self._make_regulation("lost", {"discipline_result": "reason"})
        lead, other = self._make_lead(self.anna), self._make_lead(self.anna)
        with self.assertRaisesRegex(UserError, "Lost Reason"):
            lead.with_user(self.anna).action_set_lost()
        lead.with_user(self.anna).action_set_lost(lost_reason_id=reason.id)
        other.with_user(self.anna).write({"active": False, "probability": 0})
        self.env.flush_all()
        self._run(LATER)
        self._run(LATER)
        steps = {step.res_id: step for step in self.steps.search([("res_id", "in", (lead + other).ids)])}
        self.assertEqual(steps[other.id].state, "open")
        self.assertEqual(steps[lead.id].state, "done", "the reason is there")
        steps[other.id].with_user(self.anna)._hand_in("", reason)
        self.assertEqual((steps[other.id].state, other.lost_reason_id), ("done", reason))

    def test_why_not(self):
        """A step is not deleted without a word; skipped, it is not kept, with the reason on record."""
        self._make_regulation("lead_created", {})
        lead = self._make_lead(self.anna)
        step = self._run(LATER)
        with self.assertRaisesRegex(UserError, "Skip"):
            step.activity_id.with_user(self.anna).unlink()
        wizard = self.env["discipline.regulation.result"].with_user(self.anna)
        with self.assertRaisesRegex(UserError, "Why Not"):
            wizard.create({"step_id": step.id, "outcome": "skipped", "reason": " "}).action_apply()
        wizard.create({"step_id": step.id, "outcome": "skipped", "reason": "Is on holiday"}).action_apply()
        self.assertEqual((step.state, step.kept, step.reason), ("skipped", 0, "Is on holiday"))
        self.assertFalse(step.activity_id)
        self.assertFalse(self._run("2026-03-11 12:00:00"), "it does not come again")
        lead.unlink()
