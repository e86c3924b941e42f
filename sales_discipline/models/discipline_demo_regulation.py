from datetime import datetime, time, timedelta
from random import Random

from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from ..demo_company import regulations
from ..demo_company.calendar import DAY
from .sql_rows import sql_rows

OVERDUE = 2  # of somebody who is careless, today


class DisciplineDemo(models.AbstractModel):
    """The rules of working with clients have been running since there are daily plans."""

    _inherit = "discipline.demo"

    def _make_regulations(self, company, story, users):
        """Start the ready rules as of then, schedule what they would have scheduled, let people do it, or not."""
        calendar = story.calendar
        random = Random(calendar.start.toordinal() + 7)
        since = datetime.combine(calendar.recent, time())
        rules = self._start_rules(company, since)
        self._deliver(story, random)
        steps = self.env["discipline.regulation.step"].sudo()
        for rule in rules.filtered(lambda one: one.trigger != "negative_rating"):
            self._schedule_past(rule, calendar.now)
        self._keep_rules(steps.search([("regulation_id", "in", rules.ids)]), random, users, calendar.now)
        self._review(steps, rules, random)
        bad = rules.filtered(lambda one: one.trigger == "negative_rating")
        self._schedule_past(bad, calendar.now)
        self._keep_rules(steps.search([("regulation_id", "=", bad.id)]), random, users, calendar.now)
        left = steps.search([("regulation_id", "in", rules.ids), ("state", "=", "open")])
        left.with_context(mail_activity_quick_update=True)._schedule_activities(calendar.now)

    def _start_rules(self, company, since):
        """The shipped ones; versions of the company's own where there are other companies."""
        rules = self.env["discipline.regulation"].sudo().browse()
        for name in regulations.RULES:
            rules |= self.env.ref(f"sales_discipline.regulation_{name}").sudo()
        if self.env["res.company"].sudo().search_count([]) > 1:
            rules = rules.with_company(company)._make_own()
        rules.sudo().action_start()
        rules.sudo()._moving().write({"since": since})
        return rules.sudo()

    def _deliver(self, story, random):
        """Orders of the last months are delivered some days after they were confirmed."""
        low, high = regulations.DELIVERY
        rows = [
            (order.record.id, order.confirmed + random.randint(low, high) * DAY)
            for order in story.orders
            if order.confirmed and order.confirmed.date() >= story.calendar.recent - 30 * DAY
        ]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order_line l SET qty_delivered = l.product_uom_qty, write_date = v.write_date"
                " FROM %s WHERE l.order_id = v.id AND v.write_date <= %s",
                sql_rows(self.env["sale.order"], ("id", "write_date"), rows),
                story.calendar.now,
            )
        )
        self.env.invalidate_all()

    def _schedule_past(self, rule, now):
        """Steps of all events so far, as if each had been scheduled when it happened; without their activities."""
        templates = rule.template_ids.filtered(lambda one: one.discipline_when == "event")
        steps = self.env["discipline.regulation.step"].sudo()
        events = None
        if rule.trigger == "lead_created":  # the closed ones as well: they were open when they came
            events = SQL(
                "SELECT d.id, 'created', d.create_date, NULL::date FROM crm_lead d"
                " WHERE d.create_date >= %s AND d.create_uid = %s",
                rule.since,
                SUPERUSER_ID,
            )
        while rows := self.env.execute_query_dict(rule._sql_new_events(now, events)):
            steps |= rule._insert_steps(rule._prepare_steps(rows, templates))
        if steps:
            self.env.cr.execute(
                "UPDATE discipline_regulation_step SET create_date = triggered_at + interval '1 minute' WHERE id IN %s",
                [steps._ids],
            )
            steps.invalidate_recordset(["create_date"])

    def _keep_rules(self, steps, random, users, now):
        """What the program knows to be over is over, as far as that was in time; the rest is up to those who do it."""
        people, overdue = regulations.by_user(users), {}
        while found := self.env.execute_query(steps._sql_over(now)):
            rows = []
            for step_id, state, moment in found:
                step = steps.browse(step_id)
                if step.result == "reason":
                    moment = step.triggered_at  # entered with it
                if state == "done" or moment < step.due_at:
                    rows.append((step.id, state, moment, None))
                else:
                    rows.append(self._become(step, random, people, now))
            steps._close_rows(rows)
        rows = []
        for step in steps.filtered(lambda one: one.state == "open" and one.due_at <= now).sorted("id"):
            person, missed = people.get(step.user_id.id), overdue.setdefault(step.user_id, [])
            careless = person and person.care < 0.8 and step.due_at > now - 3 * DAY
            if careless and len(missed) < OVERDUE:
                missed.append(step)
            else:
                rows.append(self._become(step, random, people, now))
        steps._close_rows(rows)

    def _become(self, step, random, people, now) -> tuple:
        person = people.get(step.user_id.id)
        state, moment, reason = regulations.become(random, person, step.triggered_at, step.due_at, now)
        return step.id, state, min(moment, now), reason

    def _review(self, steps, rules, random):
        """What clients said when they were asked."""
        asked = steps.search(
            [("regulation_id", "in", rules.ids), ("result", "=", "rating"), ("state", "=", "done")]
        )
        model = self.env["ir.model"]._get_id("sale.order")
        values, stamps = [], []
        for step in asked.sorted("id"):
            stars = random.choice(regulations.STARS)
            values.append(
                {
                    "res_model_id": model,
                    "res_id": step.res_id,
                    "partner_id": step.partner_id.id,
                    "rated_partner_id": step.user_id.partner_id.id,
                    "rating": stars,
                    "feedback": random.choice(regulations.REVIEWS[stars]),
                    "consumed": True,
                }
            )
        ratings = self.env["rating.rating"].sudo().create(values)
        for rating, step in zip(ratings, asked.sorted("id"), strict=True):
            stamps.append((rating.id, step.closed_at, step.closed_at, step.closed_at))
        given = [(step.id, rating.rating) for rating, step in zip(ratings, asked.sorted("id"), strict=True)]
        self._backdate("rating.rating", ("rated_on", "create_date", "write_date"), stamps)
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_regulation_step s SET rating = v.rating FROM %s WHERE v.id = s.id",
                sql_rows(steps, ("id", "rating"), given),
            )
        )
        self.env.invalidate_all()
        self._note_reviews(ratings, asked.sorted("id"))

    def _note_reviews(self, ratings, asked):
        """In the chatter of the orders, and the bad ones on the client, where they were noted when they came."""
        noted = [
            ("model", "=", "res.partner"),
            ("res_id", "in", ratings.partner_id.ids),
            ("body", "like", "Rated %"),
        ]
        self.env["mail.message"].sudo().search(noted).unlink()
        rows = []
        for rating, step in zip(ratings, asked, strict=True):
            places = [("sale.order", step.res_id)]
            if rating.rating <= 2:
                places.append(("res.partner", step.partner_id.id))
            rows += [
                {
                    "model": model,
                    "res_id": res_id,
                    "body": rating._get_said(),
                    "author_id": rating.partner_id.id if model == "sale.order" else False,
                    "message_type": "comment" if model == "sale.order" else "notification",
                    "subtype_id": self.env.ref("mail.mt_note").id,
                    "date": step.closed_at + timedelta(seconds=1),
                }
                for model, res_id in places
            ]
        self.env["mail.message"].sudo().create(rows)
