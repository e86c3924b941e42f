from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .counting import counted
from .regulation_common import RegulationCase

NOW = datetime(2026, 3, 10, 12)
LATER = datetime(2026, 3, 10, 12, 10)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRegulation(RegulationCase):
    # ------------------------------------------------------------
    # When, for whom, and once
    # ------------------------------------------------------------

    def test_an_invoice_schedules_a_call(self):
        """Two working days after the invoice, with the rules inside the activity."""
        rule = self._make_regulation(
            "invoice_posted",
            {"delay_count": 2, "discipline_working_days": True, "discipline_rules": "<p>Ask for the day</p>"},
        )
        with freeze_time("2026-03-13 10:00:00"):  # a Friday
            invoice = self._make_invoice()
        steps = self._run("2026-03-13 10:05:00")
        self.assertEqual((steps.regulation_id, steps.user_id, steps.team_id), (rule, self.anna, self.north))
        self.assertEqual(
            (steps.res_model, steps.res_id, steps.partner_id), ("account.move", invoice.id, self.customer)
        )
        self.assertEqual(steps.date_due, date(2026, 3, 17), "Tuesday")
        self.assertEqual(steps.due_at, datetime(2026, 3, 17, 23), "the end of it in Berlin")
        activity = steps.activity_id
        self.assertEqual((activity.user_id, activity.summary), (self.anna, "Step 1"))
        self.assertEqual((activity.date_deadline, activity.res_id), (date(2026, 3, 17), invoice.id))
        self.assertIn("Ask for the day", activity.note)
        self.assertFalse(self._run("2026-03-13 10:15:00"), "once")

    def test_what_was_before_schedules_nothing(self):
        lead = self._make_lead(self.anna)
        lead.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-03-10 11:00:00' WHERE id = %s", [lead.id]
        )
        with freeze_time("2026-03-10 11:59:00"):
            self._make_invoice()
        self._make_regulation("invoice_posted", {}, since="2026-03-10 12:00:01")
        self._make_regulation("lead_created", {}, since="2026-03-10 12:00:01")
        self._make_regulation("won", {}, since="2026-03-10 12:00:01")
        self.assertFalse(self._run(LATER))
        with freeze_time(LATER):
            lead.action_set_won()
        self.assertEqual(self._run("2026-03-10 12:20:00").res_id, lead.id)

    def test_each_event_on_a_record_once(self):
        """A deal that is lost, reopened and lost again is asked about twice; of a lead that becomes an opportunity one
        creation is left."""
        self._make_regulation("lost", {})
        self._make_regulation("lead_created", {})
        lead = self._make_lead(self.anna, type="lead")
        self._run(NOW)
        lead.convert_opportunity(self.customer)
        for minute in (1, 2):
            with freeze_time(NOW + timedelta(minutes=minute)):
                lead.action_set_lost()
                self.env.flush_all()
                self._run(NOW + timedelta(minutes=minute, seconds=30))
                lead.action_unarchive()
                lead.probability = 10
        steps = self.steps.search([("res_id", "=", lead.id)])
        self.assertEqual(sorted(steps.mapped("regulation_id.trigger")), ["lead_created", "lost"])
        self.assertEqual(len(steps), 3)

    def test_records_made_by_sql(self):
        """What bypassed Odoo is found all the same: a lead by the next pass, an order once the nightly sweep has it."""
        self._make_regulation("lead_created", {})
        self._make_regulation("order_confirmed", {})
        self.env.cr.execute(
            "INSERT INTO crm_lead (name, type, active, user_id, company_id, create_date, probability, won_status)"
            " VALUES ('By SQL', 'opportunity', TRUE, %s, %s, '2026-03-10 12:05:00', 10, 'pending') RETURNING id",
            [self.anna.id, self.company.id],
        )
        lead_id = self.env.cr.fetchone()[0]
        order = self._make_order()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'sale', date_order = '2026-03-10 12:06:00' WHERE id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._run(LATER).mapped("res_id"), [lead_id])
        with freeze_time("2026-03-11 01:00:00"):
            self.facts._capture("order_confirmed", origin="sweep")
            self.assertEqual(self._run("2026-03-11 01:00:00").mapped("res_id"), order.ids)

    def test_whose_it_is(self):
        """The salesperson's; the leader's where the step says so or there is no salesperson; else whoever is named."""
        rule = self._make_regulation(
            "lead_created",
            {},
            {"responsible_type": "leader"},
            {"responsible_type": "other", "responsible_id": self.mark.id},
            otherwise_id=self.luis.id,
        )
        lead = self._make_lead(self.anna, team_id=self.north.id)
        nobodys = self._make_lead(self.anna, user_id=False, team_id=self.north.id, company_id=self.company.id)
        lost = self._make_lead(self.anna, user_id=False, team_id=False, company_id=self.company.id)
        steps = self._run(LATER)
        self.assertEqual(steps.regulation_id, rule)
        found = {
            record: steps.filtered(lambda step, record=record: step.res_id == record.id).sorted("id").user_id
            for record in (lead, nobodys)
        }
        self.assertEqual(list(found[lead]), list(self.anna + self.lena + self.mark))
        self.assertEqual(found[nobodys], self.lena + self.mark)
        self.assertIn(self.luis, steps.filtered(lambda step: step.res_id == lost.id).user_id)

    def test_other_company(self):
        """A rule is for the records of its company."""
        self._make_regulation("lead_created", {}, company_id=self.outside.id)
        self._make_lead(self.anna, company_id=self.company.id)
        values = {
            "name": "Theirs",
            "user_id": self.olga.id,
            "company_id": self.outside.id,
            "type": "opportunity",
        }
        theirs = self.env["crm.lead"].with_context(allowed_company_ids=self.outside.ids).create(values)
        self.assertEqual(self._run(LATER).mapped("res_id"), theirs.ids)

    def test_silent_clients(self):
        """Clients who ordered within the year, ninety days after the last order; again after the next silence."""
        order = self._make_order()
        with freeze_time("2026-01-05 10:00:00"):
            order.action_confirm()
        self.env.flush_all()
        rule = self._make_regulation("client_silent", {"discipline_ends": "ordered"}, silent_days=90)
        self.assertFalse(self._run("2026-04-05 09:00:00"), "the 90th day is not over")
        step = self._run("2026-04-05 16:00:00")
        self.assertEqual(
            (step.partner_id, step.res_model, step.user_id), (self.customer, "res.partner", self.anna)
        )
        self.assertFalse(self._run("2026-05-01 10:00:00"), "once a silence")
        with freeze_time("2026-05-02 10:00:00"):
            self._make_order().action_confirm()
            self.env.flush_all()
        self._run("2026-05-02 17:00:00")
        self.assertEqual(step.state, "stopped", "the client ordered")
        self.assertEqual(self._run("2026-08-01 10:00:00").regulation_id, rule)

    def test_invoice_due(self):
        """Days are counted from the due date, and may be before it; another due date is another event."""
        self._make_regulation("invoice_due", {"delay_count": 3, "delay_from": "before_plan_date"})
        invoice = self._make_invoice(invoice_date_due="2026-03-31")
        self.assertEqual(self._run(LATER).date_due, date(2026, 3, 28))
        invoice.invoice_date_due = date(2026, 4, 30)
        self.assertEqual(self._run(LATER).date_due, date(2026, 4, 27))

    def test_delivered(self):
        self._make_regulation("delivered", {"delay_count": 15, "discipline_result": "rating"})
        order = self._make_order()
        order.action_confirm()
        self.assertFalse(self._run(LATER))
        order.order_line.qty_delivered = 1
        self.assertFalse(self._run(LATER))
        order.order_line.qty_delivered = 2
        self.env.flush_all()
        self.assertEqual(self._run(LATER).res_id, order.id)

    def test_stage(self):
        """Of a stage that was left before the pass nothing is left to do."""
        stages = self.env["crm.stage"].create([{"name": "Offer"}, {"name": "Talks"}])
        self._make_regulation("stage", {}, stage_ids=[Command.set(stages[0].ids)])
        lead, other = self._make_lead(self.anna), self._make_lead(self.anna)
        (lead + other).stage_id = stages[0]
        other.stage_id = stages[1]
        step = self._run(LATER)
        self.assertEqual(step.res_id, lead.id)
        lead.stage_id = stages[1]
        self._run(LATER)
        self.assertEqual(step.state, "stopped")

    def test_negative_rating(self):
        """At once, to the leader of who looks after the client."""
        self._make_regulation("negative_rating", {"responsible_type": "leader"})
        self.customer.user_id = self.anna
        base = {"res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": self.customer.id}
        base.update(partner_id=self.customer.id, consumed=True)
        with freeze_time(LATER):
            self.env["rating.rating"].create([{**base, "rating": stars} for stars in (5, 1)])
        step = self._run(LATER)
        self.assertEqual(
            (step.user_id, step.partner_id, step.date_due), (self.lena, self.customer, date(2026, 3, 10))
        )

    # ------------------------------------------------------------
    # How many statements, and who may
    # ------------------------------------------------------------

    def test_statements_do_not_grow(self):
        """The engine's own statements; activities are created by Odoo, in bulk."""
        self._make_regulation("lead_created", {}, {"delay_count": 3, "discipline_working_days": True})
        rule = self.regulations.search([("state", "=", "running")])
        counts = []
        for number in (3, 30):
            self.env["crm.lead"].create([{"name": "Deal", "user_id": self.anna.id} for _n in range(number)])
            self.env.flush_all()
            rows = self.env.execute_query_dict(rule._sql_new_events(LATER))
            self.assertEqual(len(rows), number)
            self.env.invalidate_all()
            with counted(self.env) as count:
                rule._insert_steps(rule._prepare_steps(rows, rule.template_ids))
            counts.append(count.statements)
        self.assertEqual(counts[0], counts[1])

    def test_who_may(self):
        self._make_regulation("lead_created", {"discipline_result": "text"})
        self._make_lead(self.anna, team_id=self.north.id)
        step = self._run(LATER)
        for user, sees in (
            (self.anna, True),
            (self.lena, True),
            (self.mark, True),
            (self.boris, False),
            (self.luis, False),
            (self.olga, False),
        ):
            with self.subTest(user.name):
                steps = self.steps.with_user(user).with_context(allowed_company_ids=user.company_id.ids)
                self.assertEqual(bool(steps.search([("id", "=", step.id)])), sees)
        for user in (self.boris, self.olga):
            with self.assertRaises(AccessError):
                step.with_user(user).with_context(allowed_company_ids=user.company_id.ids)._skip("No")
        for user in (self.anna, self.mark):
            for values in ({"state": "done"}, {"kept": 100}):
                with self.assertRaises(AccessError):
                    step.with_user(user).write(values)
            with self.assertRaises(AccessError):
                step.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.steps.with_user(user).create({"name": "Mine", "regulation_id": step.regulation_id.id})
        with self.assertRaises(UserError):
            step.activity_id.with_user(self.anna).discipline_step_id = False
        forged = self._make_activity(self.anna, self._make_lead(self.anna), discipline_step_id=step.id)
        self.assertFalse(forged.discipline_step_id)

    def test_who_writes_the_rules(self):
        values = {
            "name": "Mine",
            "trigger": "won",
            "template_ids": [Command.create({"activity_type_id": self.call.id})],
        }
        rule = self.regulations.with_user(self.mark).create(values)
        rule.action_start()
        self.assertEqual(rule.res_model, "crm.lead")
        with self.assertRaises(AccessError):
            rule.company_id = self.outside
        for user in (self.lena, self.anna, self.paula):
            with self.assertRaises(AccessError):
                self.regulations.with_user(user).create(values)
        with self.assertRaises(AccessError):
            rule.with_user(self.olga).name = "Ours"
        with self.assertRaisesRegex(UserError, "buttons of the form"):
            rule.state = "draft"
        with self.assertRaises(UserError):
            self.regulations.create({"name": "Empty", "trigger": "won"}).action_start()
        for wrong in ({"trigger": "stage"}, {"otherwise_id": self.portal.id}):
            with self.assertRaises(ValidationError):
                self.regulations.create({**values, **wrong})
        copy = rule.copy()
        self.assertNotEqual(copy.plan_id, rule.plan_id)
        self.assertEqual((copy.state, len(copy.template_ids)), ("draft", 1))
        self._make_lead(self.anna).action_set_won()
        self.env.flush_all()
        self.assertTrue(self._run(LATER))
        for values in ({"trigger": "lost"}, {"company_id": self.company.id}):
            if rule.company_id.id != values.get("company_id"):
                with self.assertRaisesRegex(UserError, "stays as it is"):
                    rule.write(values)
        with self.assertRaises(UserError):
            rule.unlink()
        copy.unlink()

    def test_right_after_the_event(self):
        """The scheduled action is woken once a transaction, by what a running rule waits for alone."""
        trigger = self.env["ir.cron.trigger"].search_count
        cron = [("cron_id", "=", self.env.ref("sales_discipline.cron_regulation").id)]
        self._make_lead(self.anna)
        before = trigger(cron)
        self._make_regulation("lead_created", {})
        self._make_lead(self.anna), self._make_lead(self.anna)
        self.assertEqual(trigger(cron) - before, 1)

    # ------------------------------------------------------------
    # Compliance
    # ------------------------------------------------------------

    def test_the_metric(self):
        """Of five steps due on the day: one in time, one late, one skipped, one not done, one no longer needed."""
        self._make_regulation("lead_created", {"delay_count": 1})
        leads = [self._make_lead(self.anna) for _number in range(5)]
        self._make_lead(self.boris)
        steps = {step.res_id: step for step in self._run(LATER)}
        plan = self._make_plan(("rules_compliance", 100))
        with freeze_time("2026-03-11 10:00:00"):
            self.cards._score(datetime(2026, 3, 11, 10))
            steps[leads[0].id].activity_id.with_user(self.anna).action_feedback()
            steps[leads[2].id].with_user(self.anna)._skip("Gone")
            leads[4].unlink()
            self._run("2026-03-11 10:30:00")
        with freeze_time("2026-03-11 18:30:00"):
            steps[leads[1].id].activity_id.with_user(self.anna).action_feedback()
        with freeze_time("2026-03-11 20:00:00"):
            self.cards._score(datetime(2026, 3, 11, 20))
        card = self.cards.search(
            [("plan_id", "=", plan.id), ("user_id", "=", self.anna.id), ("date_from", "=", "2026-03-11")]
        )
        self.assertEqual((card.state, card.line_ids.actual), ("frozen", 25))
        action = card.line_ids.with_user(self.anna).action_open_facts()
        self.assertEqual(action["res_model"], "discipline.regulation.step")
