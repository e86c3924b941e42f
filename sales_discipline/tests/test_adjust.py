from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestAdjust(DisciplineCase):
    """A leader adds to a frozen fact, with a reason; nobody to their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(("calls_done", 2), ("activities_overdue", 0))
        cls._make_fact(cls.anna, "2026-03-10 09:00:00")
        cls._score("2026-03-10 18:00:00")
        cls.card = cls._card(cls.e_anna, "2026-03-10")
        cls.line = cls._line(cls.card, "calls_done")

    def test_adjustment_counts_and_is_logged(self):
        self.assertEqual((self.line.actual, self.line.done, self.card.points), (1.0, False, -1.0))
        self.line.with_user(self.lena)._adjust(1.0, "The telephone was down")
        self.assertEqual((self.line.actual, self.line.adjustment), (1.0, 1.0), "the measured fact stays")
        self.assertEqual((self.line.done, self.line.zone, self.line.points), (True, "green", 1.0))
        self.assertEqual((self.card.points, self.card.efficiency, self.card.done_count), (2.0, 100.0, 2))
        message = self.card.message_ids[:1]
        self.assertIn("The telephone was down", message.body)
        self.assertEqual(message.author_id, self.lena.partner_id)

    def test_adjusting_again_replaces(self):
        self.line.with_user(self.lena)._adjust(1.0, "Telephone")
        self.line.with_user(self.lena)._adjust(0.0, "It worked after all")
        self.assertEqual((self.card.points, self.line.done), (-1.0, False))

    def test_numbers_that_no_page_can_show(self):
        for number in (float("inf"), float("nan"), 1e300):
            with self.assertRaisesRegex(UserError, "'Adjustment'"):
                self.line.with_user(self.lena)._adjust(number, "Telephone")
        self.assertEqual((self.line.adjustment, self.card.points), (0.0, -1.0))

    def test_nobody_adjusts_their_own(self):
        self._score("2026-03-11 23:00:00")
        own = self._make_card_of_leader()
        with self.assertRaises(AccessError):
            own.with_user(self.lena)._adjust(5.0, "I was there")
        with self.assertRaises(AccessError):
            self.line.with_user(self.anna)._adjust(5.0, "I was there")

    def _make_card_of_leader(self):
        """Lena leads North and is scored with it: her own card is one she can see."""
        card = self._card(self.e_lena, "2026-03-11")
        self.assertTrue(card, "a leader is in the audience of the plan for everybody")
        return self._line(card, "calls_done")

    def test_other_teams_leader_cannot(self):
        with self.assertRaises(AccessError):
            self.line.with_user(self.luis)._adjust(1.0, "Why not")
        with self.assertRaises(AccessError):
            self.line.with_user(self.olga)._adjust(1.0, "Why not")

    def test_manager_can(self):
        self.line.with_user(self.mark)._adjust(1.0, "System outage")
        self.assertTrue(self.line.done)

    def test_reason_and_frozen_card_needed(self):
        with self.assertRaisesRegex(UserError, "Reason"):
            self.line.with_user(self.lena)._adjust(1.0, "  ")
        self._score("2026-03-11 08:00:00")
        opened = self._line(self._card(self.e_anna, "2026-03-11"), "calls_done")
        with self.assertRaisesRegex(UserError, "still open"):
            opened.with_user(self.lena)._adjust(1.0, "Early")

    def test_not_below_nothing(self):
        with self.assertRaisesRegex(UserError, "more than the 1"):
            self.line.with_user(self.lena)._adjust(-50.0, "Never happened")
        self.line.with_user(self.lena)._adjust(-1.0, "Never happened")
        self.assertEqual((self.line.completion, self.line.points), (0.0, -2.0))

    def test_button_only_for_who_may(self):
        def shown(user):
            return self.line.with_user(user).can_adjust

        self.assertEqual([shown(user) for user in (self.lena, self.mark, self.anna)], [True, True, False])

    def test_wizard_shows_nothing_of_others(self):
        """The form's values come with the rights of whoever opens it."""
        wizard = self.env["discipline.scorecard.adjust"].with_user(self.luis)
        with self.assertRaises(AccessError):
            wizard.create({"line_id": self.line.id, "adjustment": 1, "reason": "x"}).action_apply()
        self.assertEqual(self.line.adjustment, 0.0)

    def test_wizard_is_its_users_own(self):
        wizard = self.env["discipline.scorecard.adjust"].with_user(self.lena)
        wizard = wizard.create({"line_id": self.line.id, "adjustment": 1, "reason": "Telephone"})
        self.assertEqual(wizard.reason, "Telephone")
        self.env.invalidate_all()
        for other in (self.luis, self.mark):
            with self.assertRaises(AccessError):
                wizard.with_user(other).read(["reason"])


@tagged("post_install", "-at_install")
class TestOpenFacts(DisciplineCase):
    """'Open the facts' shows exactly what was counted, whatever came later."""

    def _open(self, line, user=None):
        action = line.with_user(user or self.mark).action_open_facts()
        return self.env[action["res_model"]].with_context(active_test=False).search(action["domain"])

    def test_facts_counted_and_no_others(self):
        plan = self._make_plan(("calls_done", 1), ("meetings_done", 1))
        counted = self._make_fact(self.anna, "2026-03-10 09:00:00", count=2)
        late = self._make_fact(self.anna, "2026-03-10 17:30:00")
        self._make_fact(self.boris, "2026-03-10 08:00:00")
        self._make_fact(self.anna, "2026-03-10 09:00:00", self.meeting)
        self._score("2026-03-10 23:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-10", plan), "calls_done")
        self.assertEqual((line.actual, line.late), (2.0, 1.0))
        self.assertEqual(self._open(line), counted)
        self.assertEqual(self._open(line, self.anna), counted, "the person scored sees the same rows")
        self.assertNotIn(late, self._open(line))
        action = line.with_user(self.anna).action_open_late()
        self.assertEqual(self.facts.search(action["domain"]), late, "what came too late can be opened too")

    def test_carried_facts_are_among_them(self):
        self._make_plan(("calls_done", 1), late_policy="next_period")
        self._score("2026-03-09 23:00:00")
        self._make_fact(self.anna, "2026-03-10 09:00:00")
        late = self._make_fact(self.anna, "2026-03-10 18:30:00")
        self._score("2026-03-10 23:00:00")
        self._score("2026-03-11 23:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-11"), "calls_done")
        self.assertEqual(line.actual, 1.0)
        self.assertEqual(self._open(line), late)

    def test_records_of_a_state_are_kept(self):
        self._make_plan(("deals_open", 1))
        lead = self._make_lead(self.anna)
        self.env.cr.execute("UPDATE crm_lead SET open_since = '2026-03-01', create_date = '2026-03-01'")
        self.env.invalidate_all()
        self._score("2026-03-10 23:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-10"), "deals_open")
        self.assertEqual(self._open(line), lead)
        lead.with_user(self.anna).action_set_lost()
        self.assertEqual(self._open(line), lead)

    def test_team_line_counts_the_members_of_then(self):
        self._make_plan(("calls_done", 1, {"scope": "team"}), employee_ids=self.e_lena.ids)
        counted = self._make_fact(self.anna, "2026-03-10 09:00:00") | self._make_fact(
            self.boris, "2026-03-10 09:00:00"
        )
        self._score("2026-03-10 23:00:00")
        line = self._line(self._card(self.e_lena, "2026-03-10"), "calls_done")
        self.assertEqual(line.actual, 2.0)
        self.north.member_ids = self.anna
        self.assertEqual(self._open(line), counted)
