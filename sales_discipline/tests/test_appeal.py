from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase

MORNING = "2026-03-11 07:00:00"


class AppealCase(DisciplineCase):
    """Anna's scorecard of March 10th is frozen: one call of two, no meeting of one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(("calls_done", 2), ("meetings_done", 1), date_from="2026-03-09")
        cls._make_fact(cls.anna, "2026-03-10 09:00:00")
        cls._score("2026-03-10 18:00:00")
        cls.card = cls._card(cls.e_anna, "2026-03-10")
        cls.line = cls._line(cls.card, "calls_done")
        cls.appeals = cls.env["discipline.appeal"]

    def _appeal(self, line=True, user=None, at=MORNING, **vals):
        base = {"scorecard_id": self.card.id, "reason": "system", "text": "The app was offline"}
        base.update({"line_id": self.line.id, "amount": 1.0} if line else {})
        with freeze_time(at):
            return self.appeals.with_user(user or self.anna).create({**base, **vals})

    def _decide(self, appeal, user, result="adjust", answer="I was in the car with her", amount=1.0):
        with freeze_time("2026-03-11 09:00:00"):
            wizard = self.env["discipline.appeal.decide"].with_user(user)
            wizard = wizard.create(
                {"appeal_id": appeal.id, "result": result, "answer": answer, "amount": amount}
            )
            wizard.action_apply()
        self.env.flush_all()
        self.env.invalidate_all()

    def _raw(self):
        """(points, efficiency) of the card as stored, and (fact, completion, zone, points) of the calls."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT points, efficiency FROM discipline_scorecard WHERE id = %s", [self.card.id]
        )
        card = self.env.cr.fetchone()
        self.env.cr.execute(
            "SELECT actual, completion, zone, points FROM discipline_scorecard_line WHERE id = %s",
            [self.line.id],
        )
        return card, self.env.cr.fetchone()


@tagged("post_install", "-at_install")
class TestAppeal(AppealCase):
    """The person says what is wrong, the leader decides, and all of it stays."""

    # ------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------

    def test_numbers_that_no_page_can_show(self):
        for number in (float("inf"), float("nan"), 1e300):
            with self.assertRaisesRegex(UserError, "'Missing'"):
                self._appeal(amount=number)
        with self.assertRaisesRegex(UserError, "'Scorecard'"):
            self._appeal(line=False, scorecard_id=False)

    def test_nobody_decides_by_a_link(self):
        forged = {"default_answer": "Granted", "default_decided_by_id": self.mark.id, "default_granted": 5.0}
        self.appeals = self.appeals.with_context(**forged, default_excused=True)
        appeal = self._appeal()
        self.assertFalse(appeal.answer or appeal.decided_by_id or appeal.granted or appeal.excused)

    def test_handed_in(self):
        appeal = self._appeal()
        self.assertEqual((appeal.state, appeal.user_id, appeal.team_id), ("open", self.anna, self.north))
        self.assertEqual(appeal.asked_at, datetime(2026, 3, 11, 7))
        activity = appeal.sudo().activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline.isoformat()), (self.lena, "2026-03-11"))
        self.assertIn("Anna", activity.summary)
        self.assertIn("Calls", activity.summary)
        self.assertEqual(
            self._raw(), ((-4.0, 25.0), (1.0, 50.0, "red", -2.0)), "nothing is changed by asking"
        )

    def test_own_and_frozen_only(self):
        for user in (self.boris, self.lena, self.mark, self.olga, self.paula, self.portal):
            with self._refused(AccessError, "."):
                self._appeal(user=user)
        theirs = self._card(self.e_boris, "2026-03-10")
        with self._refused(AccessError, "."):
            self._appeal(line=False, scorecard_id=theirs.id)
        self._score("2026-03-11 06:00:00")
        opened = self._card(self.e_anna, "2026-03-11")
        with self._refused(UserError, "still open"):
            self._appeal(line=False, scorecard_id=opened.id)
        with self._refused(UserError, "not on this scorecard"):
            self._appeal(line_id=opened.line_ids[0].id)
        with self._refused(UserError, "What Happened"):
            self._appeal(text="  ")

    def test_only_what_is_the_persons_to_say(self):
        appeal = self._appeal(
            state="granted", answer="Yes", decided_by_id=self.lena.id, asked_at="2026-01-01", granted=5
        )
        self.assertEqual((appeal.state, appeal.answer, appeal.granted), ("open", False, 0.0))
        self.assertFalse(appeal.decided_by_id)
        self.assertEqual(appeal.asked_at.year, 2026)
        for user in (self.anna, self.lena, self.mark, self.env.ref("base.user_root")):
            for vals in ({"state": "granted"}, {"text": "Other"}, {"amount": 9}, {"user_id": user.id}):
                with self._refused(UserError, "."):
                    appeal.with_user(user).write(vals)
            with self._refused(UserError, "."):
                appeal.with_user(user).sudo().unlink()

    def test_once_at_a_time(self):
        appeal = self._appeal()
        with self._refused(Exception, "not decided yet|duplicate"), self.env.cr.savepoint():
            self._appeal()
        self._appeal(line=False)
        self._decide(appeal, self.lena, "refuse")
        self._appeal(text="Here is the telephone bill")

    def test_proof(self):
        file = self.env["ir.attachment"].with_user(self.anna).create({"name": "bill.txt", "raw": b"2 calls"})
        appeal = self._appeal(attachment_ids=[Command.set(file.ids)])
        self.env.invalidate_all()
        for user in (self.anna, self.lena, self.mark):
            self.assertEqual(appeal.with_user(user).attachment_ids.raw, b"2 calls")
        for user in (self.boris, self.luis, self.olga):
            with self._refused(AccessError, "."):
                file.with_user(user).read(["raw"])
        self._decide(appeal, self.lena, "refuse")
        other = self.env["ir.attachment"].with_user(self.boris).create({"name": "x", "raw": b"secret"})
        with self._refused(AccessError, "."):
            self._appeal(attachment_ids=[Command.link(other.id)])
        with self._refused(UserError, "uploaded here"):
            self._appeal(attachment_ids=[Command.create({"name": "y"})])

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def test_granted_by_adjustment(self):
        appeal = self._appeal()
        self._decide(appeal, self.lena)
        self.assertEqual((self.line.actual, self.line.adjustment, self.line.zone), (1.0, 1.0, "green"))
        self.assertEqual((appeal.state, appeal.granted, appeal.excused), ("granted", 1.0, False))
        self.assertEqual((appeal.decided_by_id, appeal.decided_at), (self.lena, datetime(2026, 3, 11, 9)))
        self.assertFalse(appeal.sudo().activity_ids, "the leader's activity is done")
        self.assertEqual(self.card.seal_ids[:1].what, "adjusted")
        with self._refused(UserError, "decided already"):
            self._decide(appeal, self.lena)

    def test_what_is_granted_adds_to_what_was(self):
        self.line.with_user(self.lena)._adjust(1.0, "One")
        self._decide(self._appeal(), self.lena)
        self.assertEqual(self.line.adjustment, 2.0)

    def test_refused(self):
        appeal = self._appeal()
        with self._refused(UserError, "Answer"):
            self._decide(appeal, self.lena, "refuse", " ")
        with self._refused(UserError, "is zero"):
            self._decide(appeal, self.lena, "adjust", amount=0)
        self._decide(appeal, self.lena, "refuse", "The list of calls says one")
        self.assertEqual((appeal.state, appeal.answer), ("refused", "The list of calls says one"))
        self.assertEqual(self.line.adjustment, 0.0)

    def test_person_is_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.anna.lang = "ru_RU"
        appeal = self._appeal()
        self._decide(appeal, self.lena)
        message = self.env["mail.message"].search([("partner_ids", "in", self.anna.partner_id.ids)], limit=1)
        self.assertIn("I was in the car with her", message.body)
        self.assertEqual(message.author_id, self.lena.partner_id)
        term = self.env(context={"lang": "ru_RU"})._("Your appeal was granted")
        self.assertEqual(message.subject, term)

    def test_nobody_decides_their_own(self):
        own = self._card(self.e_lena, "2026-03-10")
        appeal = self._appeal(user=self.lena, line=False, scorecard_id=own.id)
        self.assertNotEqual(appeal.sudo().activity_ids.user_id, self.lena)
        with self._refused(AccessError, "of their own"):
            self._decide(appeal, self.lena, "excuse")
        self.assertFalse(appeal.can_decide)
        self._decide(appeal, self.mark, "excuse")
        self.assertTrue(own.excused)

    def test_nobody_decides_their_own_by_another_login(self):
        """A second login of the same person: as the employee's user by now, or with the same contact."""
        own = self._card(self.e_lena, "2026-03-10")
        appeal = self._appeal(user=self.lena, line=False, scorecard_id=own.id)
        second = self._make_user("lena2", "sales_discipline.group_manager", "Europe/Berlin")
        self.assertTrue(appeal.with_user(second).can_decide)
        self.e_lena.user_id = second
        with self._refused(AccessError, "of their own"):
            self._decide(appeal, second, "excuse")
        self.e_lena.user_id = self.lena
        self.e_lena.work_contact_id = second.partner_id
        with self._refused(AccessError, "of their own"):
            self._decide(appeal, second, "excuse")

    def test_the_to_do_belongs_to_who_decides(self):
        """The person cannot tick off, move or delete what asks the leader to decide; deciding does it."""
        appeal = self._appeal()
        todo = appeal.activity_ids
        self.assertEqual(todo.user_id, self.lena)
        mine = todo.with_user(self.anna)
        with self._refused(AccessError, "belongs to Lena"):
            mine.action_feedback(feedback="Never mind")
        with self._refused(AccessError, "belongs to Lena"):
            mine.write({"user_id": self.anna.id})
        with self._refused(AccessError, "belongs to Lena"):
            mine.unlink()
        own = appeal.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.anna.id
        )
        own.action_feedback()
        self._decide(appeal, self.lena)
        self.assertFalse(todo.active)

    def test_who_decides(self):
        appeal = self._appeal()
        for user in (self.anna, self.boris, self.luis, self.olga, self.paula, self.portal):
            with self._refused(AccessError, "."):
                self._decide(appeal, user)
            with self._refused(AccessError, "."):
                appeal.with_user(user)._decide("refuse", "No")
        self._decide(appeal, self.mark)
        self.assertEqual(appeal.state, "granted")

    def test_who_sees(self):
        appeal = self._appeal()
        self.env.flush_all()
        self.env.invalidate_all()
        seen = {
            user: bool(self.appeals.with_user(user).search([("id", "=", appeal.id)]))
            for user in (self.anna, self.boris, self.lena, self.luis, self.mark, self.paula, self.olga)
        }
        self.assertEqual(
            {user for user, found in seen.items() if found}, {self.anna, self.lena, self.mark, self.paula}
        )
        with self._refused(AccessError, "."):
            self.appeals.with_user(self.portal).search([])

    # ------------------------------------------------------------
    # Excusing
    # ------------------------------------------------------------

    def test_excused_day(self):
        before = self._raw()
        appeal = self._appeal(line=False, reason="sick")
        self._decide(appeal, self.lena, "excuse", "Sick, she rang at eight")
        self.assertEqual(self._raw(), ((0.0, None), (1.0, None, "none", 0.0)), "the fact stays")
        self.assertEqual((self.card.excused, self.card.excuse_reason), (True, "Sick, she rang at eight"))
        self.assertEqual((self.card.zone, self.card.done_count), ("none", 0))
        self.assertEqual(self.card.seal_ids[:1].what, "excused")
        with self._refused(UserError, "excused"):
            self.line.with_user(self.lena)._adjust(1.0, "More")
        with self._refused(UserError, "excused"):
            self._appeal()
        with self._refused(AccessError, "Only managers"):
            self.card.with_user(self.lena)._reinstate("She was seen at the lake")
        with self._refused(UserError, "Reason"):
            self.card.with_user(self.mark)._reinstate(" ")
        self.card.with_user(self.mark)._reinstate("She was seen at the lake")
        self.assertEqual(self._raw(), before)
        self.assertEqual((self.card.excused, self.card.seal_ids[:1].what), (False, "reinstated"))
        bodies = " ".join(self.card.message_ids.mapped("body"))
        self.assertIn("Sick, she rang at eight", bodies)
        self.assertIn("She was seen at the lake", bodies)

    def test_trend_skips_an_excused_day(self):
        self._score("2026-03-09 18:00:00")
        self.card.with_user(self.lena)._excuse("System down")
        self._score("2026-03-11 18:00:00")
        line = self._line(self._card(self.e_anna, "2026-03-11"), "calls_done")
        self.assertEqual(
            (line.previous, line.trend), (0.0, "flat"), "as on the 9th, not the one call of the 10th"
        )

    def test_who_excuses(self):
        for user in (self.anna, self.boris, self.luis, self.olga, self.paula):
            with self._refused(AccessError, "."):
                self.card.with_user(user)._excuse("Please")
            with self._refused(AccessError, "."):
                wizard = self.env["discipline.scorecard.excuse"].with_user(user)
                wizard.create({"scorecard_id": self.card.id, "reason": "Please"}).action_apply()
        self.assertFalse(self.card.excused)
        buttons = [self.card.with_user(user).can_excuse for user in (self.lena, self.mark, self.anna)]
        self.assertEqual(buttons, [True, True, False])
        wizard = self.env["discipline.scorecard.excuse"].with_user(self.lena)
        wizard.create({"scorecard_id": self.card.id, "reason": "Sick"}).action_apply()
        self.assertTrue(self.card.excused)
        with self._refused(UserError, "excused already"):
            self.card.with_user(self.lena)._excuse("Again")

    def test_seals_hold(self):
        self._decide(self._appeal(line=False), self.lena, "excuse", "Sick")
        self.card.with_user(self.mark)._reinstate("Not sick")
        self._decide(self._appeal(), self.mark, "adjust")
        found = self.env["discipline.seal"].sudo()._verify(self.e_anna)
        self.assertEqual((found["cards"], found["findings"]), (2, []))

    def test_open_card_is_not_excused(self):
        self._score("2026-03-11 08:00:00")
        opened = self._card(self.e_anna, "2026-03-11")
        with self._refused(UserError, "still open"):
            opened.with_user(self.lena)._excuse("Sick")
