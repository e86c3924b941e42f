from datetime import date, datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .counting import counted
from .regulation_common import RegulationCase

NOW = datetime(2026, 3, 10, 12)  # a Tuesday
LATER = datetime(2026, 3, 10, 12, 10)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRegulationLeads(RegulationCase):
    """New leads are given to somebody who is at work, are to be answered within minutes of working time, and go to the
    leader where nobody does."""

    def _make_web_lead(self, **vals):
        values = {
            "name": "Inquiry",
            "user_id": False,
            "team_id": self.north.id,
            "company_id": self.company.id,
        }
        return self.env["crm.lead"].create({**values, **vals})

    def _make_rule(self, *steps, **vals):
        steps = steps or (
            {"discipline_minutes": 60, "discipline_working_days": True, "discipline_ends": "touched"},
        )
        return self._make_regulation("lead_created", *steps, assigns=True, **vals)

    def _make_leave(self, employee, start, stop):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    # ------------------------------------------------------------
    # To whom
    # ------------------------------------------------------------

    def test_in_turns(self):
        """Each lead gets a salesperson and their to-do, in turns; in the morning Tokyo works as well as Berlin."""
        self._make_rule(since="2026-03-10 07:00:00")
        with freeze_time("2026-03-10 07:30:00"):
            leads = self.env["crm.lead"].concat(*[self._make_web_lead() for _n in range(4)])
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = '2026-03-10 07:30:00' WHERE id IN %s", [leads._ids]
            )
            steps = self._run("2026-03-10 07:31:00").sorted("res_id")
        self.assertEqual([lead.user_id for lead in leads], [self.anna, self.boris] * 2)
        self.assertEqual([step.user_id for step in steps], [self.anna, self.boris] * 2)
        self.assertEqual(steps.activity_id.user_id, self.anna + self.boris)
        self.assertIn("Rule lead_created", "".join(leads[0].message_ids.mapped("body")))

    def test_who_is_at_work(self):
        """At noon it is night in Tokyo; whoever is on leave is not there either. If nobody works: who comes in first."""
        self._make_rule()
        leads = self._make_web_lead() + self._make_web_lead()
        self._run(LATER)
        self.assertEqual(leads.user_id, self.anna)
        self._make_leave(self.e_anna, "2026-03-10 00:00:00", "2026-03-11 22:00:00")
        lead = self._make_web_lead()
        self._run(LATER)
        self.assertEqual(lead.user_id, self.boris)
        self._make_leave(self.e_boris, "2026-03-10 00:00:00", "2026-03-13 22:00:00")
        lead = self._make_web_lead()
        self._run(LATER)
        self.assertEqual(lead.user_id, self.anna)

    def test_settings_of_odoo(self):
        """Pauses, capacities and domains of teams and their members are those of Odoo's own assignment."""
        self._make_rule()
        members = self.north.crm_team_member_ids
        anna = members.filtered(lambda member: member.user_id == self.anna)
        others = members - anna
        others[:1].assignment_optout = True
        others[1:].assignment_max = 0
        anna.assignment_domain = "[('name', 'ilike', 'big')]"
        lead, big = self._make_web_lead(), self._make_web_lead(name="Big inquiry")
        self._run(LATER)
        self.assertEqual((big.user_id, lead.user_id), (self.anna, self.env["res.users"]))
        step = self.steps.search([("res_id", "=", lead.id)])
        self.assertEqual(step.user_id, self.lena, "the leader sees to it")

    def test_without_a_team(self):
        """A team that takes such leads gets it."""
        self._make_rule()
        teams = self.env["crm.team"].search([("company_id", "in", (self.company.id, False))])
        (teams - self.north).assignment_domain = "[('name', '=', 'Nothing')]"
        lead = self._make_web_lead(team_id=False)
        self._run(LATER)
        self.assertEqual(lead.team_id, self.north)
        self.assertIn(lead.user_id, self.north.crm_team_member_ids.user_id)

    def test_only_if_the_rule_says_so(self):
        rule = self._make_regulation("lead_created", {})
        team = self.north
        lead = self._make_web_lead()
        self.assertFalse(lead._is_rule_based_assignment_activated())
        self._run(LATER)
        self.assertFalse(lead.user_id)
        rule.assigns = True
        self.assertTrue(
            lead._is_rule_based_assignment_activated(), "the form of the web site leaves it to us"
        )
        self.assertTrue(team.assignment_enabled)
        self._run("2026-03-10 12:20:00")
        self.assertFalse(lead.user_id, "it has its to-do")

    def test_statements_do_not_grow(self):
        rule = self._make_rule()
        counts = []
        for number in (3, 30):
            for _n in range(number):
                self._make_web_lead()
            self.env.flush_all()
            self.env.invalidate_all()
            written = patch.object(type(self.env["crm.lead"]), "write")  # Odoo's own, once a person
            logged = patch.object(type(self.env["crm.lead"]), "_message_log_batch")
            with written, logged, counted(self.env) as count:
                rule._assign(LATER)
            counts.append(count.statements)
            self._run(LATER)
        self.assertEqual(counts[1], counts[0])

    # ------------------------------------------------------------
    # By when
    # ------------------------------------------------------------

    def test_minutes_of_working_time(self):
        """An inquiry of Friday night is to be answered on Monday morning; by their own schedule and leave."""
        self._make_regulation("lead_created", {"discipline_minutes": 60, "discipline_working_days": True})
        with freeze_time("2026-03-13 20:00:00"):
            self._make_lead(self.anna)
            step = self._run("2026-03-13 20:10:00")
        self.assertEqual(step.due_at, datetime(2026, 3, 16, 8), "nine in Berlin")
        self._make_leave(self.e_anna, "2026-03-15 23:00:00", "2026-03-16 22:59:59")
        with freeze_time("2026-03-13 20:00:00"):
            self._make_lead(self.anna)
            step = self._run("2026-03-13 20:10:00")
        self.assertEqual((step.due_at, step.date_due), (datetime(2026, 3, 17, 8), date(2026, 3, 17)))

    def test_working_days_of_the_responsible(self):
        """Two working days are those of whoever does it: leave is none."""
        self._make_regulation("lead_created", {"delay_count": 2, "discipline_working_days": True})
        self._make_leave(self.e_anna, "2026-03-10 23:00:00", "2026-03-12 22:59:59")
        self._make_lead(self.anna), self._make_lead(self.boris)
        due = {step.user_id: step.date_due for step in self._run(LATER)}
        self.assertEqual(due, {self.anna: date(2026, 3, 16), self.boris: date(2026, 3, 12)})

    # ------------------------------------------------------------
    # And if nobody does
    # ------------------------------------------------------------

    def test_escalation(self):
        """Not touched within the hour: the leader has half an hour; touched then, the one is late and the other in time."""
        first = {"discipline_minutes": 60, "discipline_ends": "touched"}
        leaders = {
            "discipline_minutes": 30,
            "discipline_ends": "touched",
            "discipline_when": "missed",
            "responsible_type": "leader",
        }
        self._make_regulation("lead_created", first, leaders)
        slow, quick = (
            self._make_lead(self.anna, team_id=self.north.id),
            self._make_lead(self.anna, team_id=self.north.id),
        )
        steps = self._run(LATER)
        self.assertEqual(len(steps), 2, "nothing for the leader yet")
        self._make_fact(self.anna, at="2026-03-10 12:40:00", lead=quick)
        self.assertFalse(self._run("2026-03-10 12:59:00"))
        step = self._run("2026-03-10 13:00:00")
        self.assertEqual(
            (step.res_id, step.user_id, step.due_at), (slow.id, self.lena, datetime(2026, 3, 10, 13, 30))
        )
        self.assertEqual(step.missed_id, steps.filtered(lambda one: one.res_id == slow.id))
        self.assertFalse(self._run("2026-03-10 13:10:00"), "once")
        self._make_fact(self.anna, at="2026-03-10 13:20:00", lead=slow)
        self._run("2026-03-10 13:25:00")
        self.assertEqual([step.missed_id.outcome, step.outcome], ["late", "kept"])

    def test_what_is_done_after_all(self):
        """What was handed on is over when the one before is done, or skipped with a reason."""
        later = {"discipline_when": "missed", "responsible_type": "leader", "delay_count": 1}
        self._make_regulation("lead_created", {"delay_count": 1, "discipline_result": "text"}, later)
        self._make_lead(self.anna, team_id=self.north.id), self._make_lead(self.anna, team_id=self.north.id)
        first, second = self._run(LATER).sorted("res_id")
        handed = self._run("2026-03-12 08:00:00").sorted("res_id")
        self.assertEqual(handed.mapped("date_due"), [date(2026, 3, 13)] * 2)
        with freeze_time("2026-03-12 09:00:00"):
            first.with_user(self.anna)._hand_in("Talked")
            second.with_user(self.anna)._skip("Spam")
        self._run("2026-03-12 09:10:00")
        self.assertEqual(handed.mapped("outcome"), ["stopped", "stopped"])

    def test_nothing_before_it(self):
        with self.assertRaisesRegex(ValidationError, "first step"):
            self._make_regulation("lead_created", {"discipline_when": "missed"})
        rule = self._make_regulation("lead_created", {}, {"discipline_when": "missed"})
        with self.assertRaisesRegex(ValidationError, "first step"):
            rule.template_ids = [Command.delete(rule.template_ids[0].id)]
