from datetime import datetime, time, timedelta
from random import Random

from odoo import Command, models

from ..demo_company.calendar import DAY
from ..demo_company.people import MANAGER, TEAMS
from ..demo_company.programs import ADDITIONAL, NOTES, PROGRAMS
from ..tools import agreements

SILENT = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class DisciplineDemo(models.AbstractModel):
    """Sales programs and forecast agreements of the demo company."""

    _inherit = "discipline.demo"

    def _make_rules(self, company, story):
        res = super()._make_rules(company, story)
        demo = self.sudo().with_company(company)
        demo.env["res.partner"]._classify(company, story.calendar.now.date())
        tag = self.env.ref("sales_discipline.product_tag_additional")
        products = self.env["product.template"].search([("default_code", "in", ADDITIONAL)])
        products.product_tag_ids = [Command.link(tag.id)]
        users, random = demo._get_users(), Random(story.calendar.start.toordinal())
        for row in PROGRAMS:
            demo._make_program(row, users, story.calendar.now, random)
        demo._make_forecasts(users, story.calendar.now, random)
        return res

    # ------------------------------------------------------------
    # Programs
    # ------------------------------------------------------------

    def _make_program(self, row, users, now, random):
        """One program, begun as long ago as it says, with its tasks."""
        key, teams, first, last, classes, baseline, growth, share, name, goal, tasks = row
        owner, today = users[key or MANAGER[0]], now.date()
        found = self.env["crm.team"].search([("company_id", "=", self.env.company.id)])
        program = (
            self.env["discipline.program"]
            .with_user(owner)
            .with_company(self.env.company)
            .create(
                {
                    "name": name,
                    "goal": goal,
                    "company_id": self.env.company.id,
                    "owner_id": owner.id,
                    "team_ids": found.filtered(lambda team: team.name in [TEAMS[one] for one in teams]).ids,
                    "date_from": today + first * DAY,
                    "date_to": today + last * DAY,
                    "baseline": baseline,
                    **{f"class_{one}": one in classes for one in "abc"},
                    "template_ids": [
                        Command.create({"name": text, "measure": measure, "days": days, "value": value})
                        for text, measure, days, value in tasks
                    ],
                }
            )
        )
        program.planned_amount = round(program.candidate_amount * growth / 100, -3)
        program.planned_clients = round(program.candidate_count * share)
        if first >= 0 or not program.candidate_count:
            return
        program.action_start()
        begun = datetime.combine(today + first * DAY, time(8, 5))
        self._backdate("discipline.program", ("started_at",), [(program.id, begun)])
        rows = program.sudo().client_ids
        self._backdate("discipline.program.client", ("added_at",), [(row.id, begun) for row in rows])
        self._give_tasks(program, owner, begun, now, random)
        if last < 0:
            program.sudo().action_close()
            closed = datetime.combine(today + (last + 1) * DAY, time(2, 10))
            self._backdate("discipline.program", ("closed_at",), [(program.id, closed)])

    def _give_tasks(self, program, owner, begun, now, random):
        """Give the tasks to who has clients in it; what was due is approved or nearly so."""
        wizard = self.env["discipline.program.give"].with_user(owner).with_company(self.env.company)
        wizard = wizard.create({"program_id": program.id})
        if not wizard.new_count:
            return
        wizard.with_context(**SILENT).action_apply()
        stamps = []
        for task in program.sudo().task_ids:
            days = (task.date_due - now.date()).days
            done = task.state == "open" and random.random() < (0.9 if days < 0 else 0.25 if days < 25 else 0)
            if not done or owner == task.employee_id.user_id:
                continue
            handed_in = min(datetime.combine(task.date_due, time(14)), now) - timedelta(
                days=random.randint(1, 5)
            )
            handed_in = max(handed_in, begun + timedelta(days=1))
            stamps.append((task.id, "approved", handed_in, min(handed_in + DAY, now), owner.id))
        names = ("state", "submitted_at", "approved_at", "approved_by_id")
        if stamps:
            self._backdate("discipline.task", names, stamps)

    # ------------------------------------------------------------
    # Forecasts
    # ------------------------------------------------------------

    def _make_forecasts(self, users, now, random):
        """The last quarter is closed, this one is agreed on with most clients, the next one is prepared by some."""
        this = agreements.quarter_of(now.date())[0]
        for first in (agreements.quarter_of(this - DAY)[0], this):
            self._make_quarter(first, users, now, random)
        self.env["discipline.forecast"].with_context(**SILENT)._close_ended(now)
        for key in ("tobias", "sophie", "rachel"):
            self._prepare_quarter(agreements.next_quarter(this), users[key], users[key])

    def _prepare_quarter(self, first, user, people):
        """Forecasts to be made with the class A clients of these people, as the wizard proposes them."""
        wizard = self.env["discipline.forecast.prepare"].with_user(user).with_company(self.env.company)
        wizard = wizard.new(
            {"company_id": self.env.company.id, "date_from": first, "user_ids": people.ids, "class_b": False,
             "growth": 5, "step": 500}
        )  # fmt: skip
        rows, _known = wizard._find_clients()
        return self.env["discipline.forecast"].with_context(**SILENT).create(
            [
                {
                    **{name: row[name] for name in ("partner_id", "user_id", "amount")},
                    "date_from": first,
                    "company_id": self.env.company.id,
                }
                for row in rows
            ]
        )  # fmt: skip

    def _make_quarter(self, first, users, now, random):
        """What was agreed on a few days before the quarter: near to what clients bought, as far as it is known."""
        people = self.env["res.users"].union(*users.values())
        forecasts = self._prepare_quarter(first, users[MANAGER[0]], people)
        last = agreements.quarter_of(first)[1]
        stamps = []
        for forecast in forecasts:
            passed = max(agreements.expected(1.0, first, last, now.date()), 0.2)
            amount = 0.6 * forecast.actual / passed + 0.4 * forecast.amount
            amount = max(500, round(amount * random.uniform(0.8, 1.3), -2))
            agreed = datetime.combine(first - random.randint(2, 12) * DAY, time(random.randint(8, 15), 20))
            state = "agreed" if last < now.date() or random.random() < 0.85 else "draft"
            contact = forecast.partner_id.child_ids[:1]
            was = (agreed, agreed.date()) if state == "agreed" else (None, None)
            shown = (amount, forecast.actual - amount, 100 * forecast.actual / amount)
            note = random.choice(NOTES) or None
            stamps.append((forecast.id, state, *was, contact.id or None, note, *shown))
        names = ("state", "agreed_at", "agreed_on", "contact_id", "note", "amount", "gap", "attainment")
        if stamps:
            self._backdate("discipline.forecast", names, stamps)
