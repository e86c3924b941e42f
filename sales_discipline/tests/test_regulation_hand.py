from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .counting import counted
from .regulation_common import RegulationCase

NOW = datetime(2026, 3, 10, 12)
LATER = datetime(2026, 3, 10, 12, 10)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRegulationHand(RegulationCase):
    """Who answers for a to-do when it, or its document, goes to somebody else; and what was missed before it was over."""

    # ------------------------------------------------------------
    # From hand to hand
    # ------------------------------------------------------------

    def test_the_activity_is_handed_over(self):
        """Whoever has it by now answers for it and does it; the other one no longer."""
        self._make_regulation("lead_created", {"delay_count": 1, "discipline_result": "text"})
        self._make_lead(self.anna)
        step = self._run(LATER)
        step.activity_id.with_user(self.anna).user_id = self.boris
        self.assertEqual(step.user_id, self.boris)
        with self.assertRaises(AccessError):
            step.with_user(self.anna)._hand_in("Not mine")
        step.with_user(self.boris)._hand_in("Talked")
        self.assertEqual((step.state, step.kept), ("done", 100))

    def test_what_was_missed_stays_missed(self):
        """A to-do that is overdue can be given away, the blame cannot."""
        self._make_regulation("lead_created", {"delay_count": 1})
        self._make_lead(self.anna)
        step = self._run(LATER)
        with freeze_time("2026-03-12 09:00:00"):
            step.activity_id.with_user(self.anna).user_id = self.boris
            self.assertEqual((step.user_id, step.activity_id.user_id), (self.anna, self.boris))
            self.assertIn(step, self.steps.with_user(self.boris).search([]))
            step.with_user(self.boris)._hand_in("Talked")
        self.assertEqual((step.state, step.kept), ("done", 0))

    def test_the_document_gets_another_salesperson(self):
        """The salesperson's to-dos go along, the leader's and those that somebody took over do not."""
        self._make_regulation(
            "lead_created", {"delay_count": 1}, {"delay_count": 1, "responsible_type": "leader"}
        )
        lead = self._make_lead(self.anna, team_id=self.north.id)
        nobodys = self._make_lead(self.anna, user_id=False, team_id=self.north.id, company_id=self.company.id)
        taken = self._make_lead(self.anna, team_id=self.north.id)
        steps = self._run(LATER)
        first = {lead: steps.filtered(lambda s, lead=lead: s.res_id == lead.id).sorted("id")[0] for lead in
                 (lead, nobodys, taken)}  # fmt: skip
        self.assertEqual(first[nobodys].user_id, self.lena)
        first[taken].activity_id.user_id = self.mark
        (lead + nobodys + taken).user_id = self.boris
        self._run("2026-03-10 12:20:00")
        self.assertEqual([step.user_id for step in first.values()], [self.boris, self.boris, self.mark])
        self.assertEqual(
            [step.activity_id.user_id for step in first.values()], [self.boris, self.boris, self.mark]
        )
        leaders = steps.filtered(lambda step: step.template_id.responsible_type == "leader")
        self.assertEqual(leaders.user_id, self.lena)

    def test_statements_do_not_grow(self):
        self._make_regulation("lead_created", {"delay_count": 1})
        counts = []
        for number in (3, 30):
            leads = self.env["crm.lead"].create(
                [{"name": "Deal", "user_id": self.anna.id} for _n in range(number)]
            )
            self._run(LATER)
            leads.user_id = self.boris
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.cr.execute("SELECT 1")
            written = patch.object(type(self.env["mail.activity"]), "write")  # Odoo's own, one by one
            with written, counted(self.env) as count:
                self.steps._follow()
            counts.append(count.statements)
            self._run(LATER)
        self.assertEqual(counts[0], counts[1])

    # ------------------------------------------------------------
    # Over too late
    # ------------------------------------------------------------

    def test_over_after_it_was_due(self):
        """Paid before the call was due: it counts for nothing. Paid later without a call: it was missed."""
        rule = self._make_regulation("invoice_posted", {"delay_count": 2})
        early, late = self._make_invoice(), self._make_invoice()
        steps = self._run(LATER).sorted("res_id")
        with freeze_time("2026-03-11 10:00:00"):
            self._pay(early, early.amount_total)
        with freeze_time("2026-03-13 10:00:00"):
            self._pay(late, late.amount_total)
        self._run("2026-03-16 10:00:00")
        self.assertEqual([(s.outcome, s.is_late) for s in steps], [("stopped", False), ("missed", True)])
        self.assertEqual(
            steps.mapped("closed_at"),
            [datetime(2026, 3, 11, 10), datetime(2026, 3, 13, 10)],
            "when they paid",
        )
        self.assertEqual((rule.step_count, rule.kept_share), (1, 0))
        groups = self.steps._read_group([("id", "in", steps.ids)], [], ["kept:avg"])
        self.assertEqual(groups, [(0,)])
        self.assertEqual(self.steps.search([("is_late", "=", True), ("id", "in", steps.ids)]), steps[1])

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    def test_delivered_before_the_start(self):
        """An invoice for what was delivered long ago is no delivery."""
        orders = self._make_order() + self._make_order()
        orders.action_confirm()
        orders[0].order_line.qty_delivered = 2
        self.env.flush_all()
        self._make_regulation("delivered", {})
        orders.order_line.write({"name": "Touched"})
        self.assertFalse(self._run(LATER))
        orders[1].order_line.qty_delivered = 2
        self.env.flush_all()
        self.assertEqual(self._run(LATER).res_id, orders[1].id)

    def test_leads_that_others_entered(self):
        """One's own are left out if the rule says so; what the web site or a colleague entered is not."""
        self._make_regulation("lead_created", {}, lead_from="others")
        values = {"name": "Deal", "user_id": self.anna.id, "team_id": self.north.id}
        leads = self.env["crm.lead"]
        leads.with_user(self.anna).create(values)
        given = leads.with_user(self.lena).create(values)
        web = leads.create({**values, "user_id": False, "company_id": self.company.id})
        self.assertEqual(set(self._run(LATER).mapped("res_id")), {given.id, web.id})

    def test_leads_without_a_date(self):
        """Another program need not say when it wrote a lead."""
        self._make_regulation("lead_created", {})
        self.env.cr.execute(
            "INSERT INTO crm_lead (name, type, active, company_id, probability, won_status)"
            " VALUES ('By SQL', 'lead', TRUE, %s, 10, 'pending') RETURNING id",
            [self.company.id],
        )
        lead_id = self.env.cr.fetchone()[0]
        step = self._run(LATER)
        self.assertEqual((step.res_id, step.triggered_at), (lead_id, LATER))
        self.assertFalse(self._run("2026-03-10 12:30:00"))

    def test_what_wakes_the_program(self):
        """Right after the event, whatever the ledger knows of it; and only if a rule waits for it."""
        order = self._make_order()
        order.action_confirm()
        rating = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.customer.id,
            "rating": 1,
        }
        stage = self.env["crm.stage"].create({"name": "Offer"})
        lead = self._make_lead(self.anna)
        events = {
            "lead_created": lambda: self.env["crm.lead"].create({"name": "From the web", "user_id": False}),
            "stage": lambda: lead.write({"stage_id": stage.id}),
            "delivered": lambda: order.order_line.write({"qty_delivered": 2}),
            "negative_rating": lambda: self.env["rating.rating"].create({**rating, "consumed": True}),
        }
        rules = type(self.regulations)
        for trigger, happen in events.items():
            with self.subTest(trigger), patch.object(rules, "_wake") as wake:
                happen()
                wake.assert_not_called()
                self._make_regulation(trigger, {}, stage_ids=stage.ids)
                stage = self.env["crm.stage"].create({"name": "Talks"})
                order = self._make_order()
                happen()
                wake.assert_called()
