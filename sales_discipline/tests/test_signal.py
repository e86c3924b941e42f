from datetime import datetime, timedelta
from hashlib import md5

from odoo.tests import freeze_time, tagged

from .signal_common import KINDS, SignalCase, words

DAY = "2026-03-10"  # a Tuesday; Anna works in Berlin, an hour before UTC: her deadline is 17:00 UTC


@tagged("post_install", "-at_install")
class TestSignal(SignalCase):
    """What is a signal and what is just below its limit; that each is found once, and later what was missed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(("calls_done", 1), date_from="2026-03-09")

    def _only(self, kind, *values):
        """The day has this signal, and no other one."""
        self._close()
        self.assertEqual(self._found(), {(DAY, kind): values})

    def _nothing(self):
        self._close()
        self.assertEqual(self._found(), {})

    # ------------------------------------------------------------ what the ledger keeps

    def test_details(self):
        """The hooks and the rule for what bypassed them keep the same of a text."""
        lead = self._make_lead(self.anna)
        details = []
        for text in (
            "Er will  ein Angebot!",
            "er will ein angebot",
            "Перезвонить в мае.",
            "перезвонить В МАЕ",
            "...",
            False,
        ):
            activity = self._make_activity(self.anna, lead)
            activity.with_user(self.anna).action_feedback(feedback=text)
            details.append(self._facts_of(activity).details)
            self.env.flush_all()
            select = self.facts._select_activity_done(activity.ids, "sweep")
            self.assertEqual(self.env.execute_query_dict(select)[0]["details"], details[-1])
        hashes = [detail.get("text") for detail in details]
        self.assertEqual(hashes[0], md5(b"er will ein angebot").hexdigest())
        self.assertEqual(hashes[0], hashes[1])
        self.assertEqual(hashes[2], hashes[3])
        self.assertEqual(hashes[4:], [None, None])
        self.assertEqual([detail.get("chars") for detail in details], [19, 19, 17, 17, None, None])
        self.assertEqual({type(detail["age"]) for detail in details}, {int})
        self.assertEqual(words("Er will  ein Angebot!"), "er will ein angebot")

    def test_real_activities(self):
        """From the button to the signal: a lot marked as done at once."""
        with freeze_time(f"{DAY} 12:00:00"):
            lead = self._make_lead(self.anna)
            activities = self.env["mail.activity"].concat(
                *(self._make_activity(self.anna, lead) for _n in range(12))
            )
            activities.with_user(self.anna).action_feedback()
        self._close()
        found = self._found()
        self.assertEqual(found[DAY, "burst"], (12, 12))
        self.assertEqual(found[DAY, "no_text"], (12, 12))
        self.assertEqual(found[DAY, "client"], (12, 12))

    def test_undone(self):
        """What was taken back by the deadline is not there."""
        rows = self._log(10, "10:00:00", gap=1)
        self._insert_facts(
            [
                {**row, "quantity": -1.0, "happened_at": row["happened_at"] + timedelta(hours=1)}
                for row in rows[:1]
            ]
        )
        self.env.cr.execute(
            "UPDATE discipline_fact SET reverses_id = %s WHERE quantity < 0 AND source_id = %s",
            [rows[0]["id"], rows[0]["source_id"]],
        )
        self._nothing()

    # ------------------------------------------------------------ kinds

    def test_burst(self):
        self._log(10, "10:00:00", gap=13)  # 117 seconds
        self._only("burst", 10, 10)

    def test_burst_is_slower(self):
        self._log(10, "10:00:00", gap=14)  # 126 seconds
        self._nothing()

    def test_bursts_of_a_day(self):
        """The largest one says how many; the records of all are shown."""
        self._log(10, "09:00:00", gap=2)
        self._log(14, "10:00:00", gap=2)
        self._only("burst", 14, 24)

    def test_deadline(self):
        self._log(2, "09:00:00")
        self._log(4, "16:31:00", gap=200)
        self._log(4, "16:32:00", gap=200, text="Called")
        self._only("deadline", 8, 8)

    def test_deadline_in_own_words(self):
        """The day written down in the evening is no signal."""
        self._log(20, "16:31:00", gap=60)
        self._nothing()

    def test_deadline_of_a_day_at_work(self):
        self._log(3, "09:00:00")
        self._log(8, "16:31:00", gap=100, text=None)
        self._nothing()

    def test_client(self):
        for number in range(8):
            self._log(1, f"{8 + number:02}:00:00", client=self.customer)
        self._log(6, "09:00:00", kind=self.meeting, client=self.customer)
        self._only("client", 8, 8)

    def test_client_of_all_kinds(self):
        for number in range(7):
            self._log(1, f"{8 + number:02}:00:00", client=self.customer)
        self._log(7, "09:00:00", kind=self.meeting, client=self.customer)
        self._nothing()

    def test_no_text(self):
        self._log(2, "08:00:00")
        self._log(4, "09:00:00", text=None)
        self._log(4, "11:00:00", text="ok")
        self._only("no_text", 8, 8)

    def test_some_without_text(self):
        self._log(3, "08:00:00")
        self._log(8, "09:00:00", text=None)
        self._nothing()

    def test_same_text(self):
        self._log(5, "08:00:00", text="Called, all fine")
        self._log(4, "10:00:00", text="called: ALL fine!")
        self._log(6, "12:00:00")
        self._only("same_text", 9, 9)

    def test_texts_that_may_repeat(self):
        self._log(20, "08:00:00", text="No answer.")
        self._nothing()

    def test_same_text_now_and_then(self):
        self._log(8, "08:00:00", text="Sent the price list")
        self._log(6, "12:00:00")
        self._nothing()

    def test_at_once(self):
        self._log(5, "08:00:00", age=60, text=None)
        self._log(5, "10:00:00", age=10)
        self._log(2, "12:00:00")
        self._only("at_once", 10, 10)

    def test_at_once_in_own_words(self):
        """A call logged when it was over has its result."""
        self._log(4, "08:00:00", age=20, text=None)
        self._log(6, "10:00:00", age=20)
        self._nothing()

    def _lose(self, lead, day, quantity=1.0):
        self._fact(self.anna, f"{day} 12:00:00", kind="lead_lost", source_id=lead, quantity=quantity)

    def test_lost(self):
        for lead in range(700_001, 700_006):
            self._lose(lead, "2026-02-01")
            self._log(1, f"{DAY} 09:00:00", lead=lead)
        self._only("lost", 5, 5)

    def test_lost_of_late_or_open_again(self):
        for lead in range(700_001, 700_006):
            self._lose(lead, "2026-02-01")
            self._log(1, f"{DAY} 09:00:00", lead=lead)
        self._lose(700_001, "2026-02-20", -1.0)
        self._lose(700_001, "2026-02-25")
        self._nothing()

    def _claim(self, day, claimed, measured=10):
        self._score(f"{day} 23:00:00")
        line = self._line(self._card(self.e_anna, day), "calls_done")
        self.env.cr.execute(
            "UPDATE discipline_scorecard_line SET claimed = %s, actual = %s WHERE id = %s",
            [claimed, measured, line.id],
        )
        self.env.cr.execute("UPDATE discipline_scorecard SET signals_at = NULL")
        self.env.invalidate_all()
        self.signals._find(datetime.fromisoformat(f"{day} 23:30:00"))

    def test_claimed(self):
        for day, claimed in (("09", 13), ("10", 12), ("11", 20), ("12", 10), ("13", 13)):
            self._claim(f"2026-03-{day}", claimed)
        self.assertEqual(self._found(), {("2026-03-13", "claimed"): (3, 0)})
        signal = self.signals.search([])
        self.assertEqual(len(signal.line_ids), 3)
        self.assertIn("3 reports in 14 days", signal.explanation)

    # ------------------------------------------------------------ when

    def test_what_counts(self):
        """The day ends at the deadline; a day of the person, not of the server."""
        self._log(10, "17:00:01", gap=1)  # a second late
        self._log(9, "16:59:51", gap=1)
        self._nothing()

    def test_late_entries_of_the_evening_before(self):
        """Where they count for the next day, they are looked at with it."""
        self.plan.late_policy = "next_period"
        self._log(10, "2026-03-09 20:00:00", gap=1)
        self._only("burst", 10, 10)

    def test_found_once(self):
        self._log(10, "10:00:00", gap=1)
        self._close()
        before = self.signals.search([]).read()
        self._close("2026-03-10 23:10:00")
        self.env.cr.execute("UPDATE discipline_scorecard SET signals_at = NULL")
        self.signals._find(datetime(2026, 3, 11, 3))
        self.assertEqual(self.signals.search([]).read(), before)

    def test_caught_up(self):
        """A cron that stood still for days finds the same."""
        for day in ("2026-03-09", "2026-03-10", "2026-03-11"):
            self._log(12, f"{day} 10:00:00", gap=1)
        self._close("2026-03-13 23:00:00")
        self.assertEqual(self._found(), {(f"2026-03-{day}", "burst"): (12, 12) for day in ("09", "10", "11")})

    def test_days_of_a_month(self):
        """Whoever has no card of the day is looked at when the month is closed."""
        self.plan.action_close()
        self._make_plan(("calls_done", 1), period="month", date_from="2026-03-01", close_delay_days=0)
        self._log(10, "2026-03-05 10:00:00", gap=1)
        self._log(10, "2026-03-07 10:00:00", gap=1)
        self._close("2026-04-01 12:00:00")
        self.assertEqual(set(self._found()), {("2026-03-05", "burst"), ("2026-03-07", "burst")})

    def test_moves_to_another_time_zone(self):
        """East overnight: what was done when the new day had begun there belongs to the day before alone."""
        self._log(12, "2026-03-10 15:00:00", gap=1)
        self._close("2026-03-10 22:30:00")
        self.e_anna.tz = "Asia/Vladivostok"
        self._close("2026-03-13 23:00:00")
        self.assertEqual(self._found(), {("2026-03-10", "burst"): (12, 12)})

    def test_switch_and_own_limits(self):
        """A company's own rule stands for the general one, also when it is switched off."""
        rule = self._rule("burst")
        self._log(9, "10:00:00", gap=1)
        own = rule.copy({"company_id": self.company.id, "at_least": 9})
        self._only("burst", 9, 9)
        self.env.cr.execute(
            "DELETE FROM discipline_signal; UPDATE discipline_scorecard SET signals_at = NULL"
        )
        own.active = False
        self.signals._find(datetime(2026, 3, 11))
        self.assertEqual(self._found(), {})

    def test_statements_do_not_grow(self):
        """One statement a kind, for one person and for thirty, for one day and for five."""
        users, _employees, _team = self._make_crew(30)
        self._log(12, "2026-03-09 10:00:00", gap=1)
        self._score("2026-03-09 23:00:00")
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET signals_at = NULL WHERE user_id = %s", [self.anna.id]
        )
        few, found = self._count_queries(self.signals._find, datetime(2026, 3, 10))
        self.assertFalse(found, "found already")
        for user in users:
            self._log(12, "2026-03-11 10:00:00", gap=1, user=user)
        self._score("2026-03-13 23:00:00")
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET signals_at = NULL; DELETE FROM discipline_signal"
        )
        many, found = self._count_queries(self.signals._find, datetime(2026, 3, 14))
        self.assertEqual(len(found), 31)
        self.assertEqual(many, few)
        self.assertLessEqual(few, len(KINDS) + 4)

    def test_points_are_not_touched(self):
        self._log(12, "10:00:00", gap=1)
        before = self._snapshot()
        self._close()
        card = self._card(self.e_anna, DAY)
        self.assertFalse(before)
        self.assertEqual((card.points, self._line(card, "calls_done").actual), (1, 12))
        snapshot = self._snapshot()
        self.signals.search([]).with_user(self.lena).action_harmless()
        self.assertEqual(self._snapshot(), snapshot)
