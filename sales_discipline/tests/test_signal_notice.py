from datetime import datetime, timedelta

from odoo.tests import tagged

from .signal_common import SignalCase


@tagged("post_install", "-at_install")
class TestSignalNotice(SignalCase):
    """Leaders are told once a day, in the morning; Anna's and Boris' leader is Lena (Berlin), Carla's Luis (New York)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(("calls_done", 1), date_from="2026-03-09")

    def _told(self):
        """[(login, subject, text)] of the messages about signals, in order."""
        domain = [("message_type", "=", "user_notification"), ("subject", "like", "New signals")]
        messages = self.env["mail.message"].search(domain, order="id")
        return [
            (partner.user_ids.login, message.subject, str(message.body))
            for message in messages
            for partner in message.partner_ids.sorted("name")
        ]

    def _burst(self, user, day, hour=10):
        self._log(10, f"{day} {hour:02}:00:00", gap=1, user=user)

    def test_once_a_day_in_the_morning(self):
        for user, hour in ((self.anna, 10), (self.boris, 5)):  # Boris works in Tokyo
            self._burst(user, "2026-03-09", hour)
        self._score("2026-03-09 20:00:00")
        self.assertEqual(len(self.signals.search([])), 2)
        self.assertFalse(self._told())
        self._burst(self.anna, "2026-03-10")
        self._score("2026-03-10 06:59:00")
        self._score("2026-03-10 07:01:00")
        self._score("2026-03-10 18:00:00")
        told = self._told()
        self.assertEqual([login for login, *_rest in told], ["sd_lena"])
        self.assertEqual(told[0][1], "New signals: 2 of 2 people")
        self.assertIn("Anna: Done in a Burst (1)", told[0][2])
        self._score("2026-03-11 06:00:00")
        self.assertEqual(len(self._told()), 1)
        self._score("2026-03-11 07:30:00")
        self._score("2026-03-11 12:00:00")
        told = self._told()
        self.assertEqual([subject for _login, subject, _text in told[1:]], ["New signals: 1 of Anna"])

    def test_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        kind = self.env.ref("sales_discipline.field_discipline_signal__kind").selection_ids
        burst = kind.filtered(lambda option: option.value == "burst")
        burst.with_context(lang="ru_RU").name = "Залпом"
        self.lena.lang = "ru_RU"
        self._burst(self.anna, "2026-03-09")
        self._burst(self.carla, "2026-03-09", 15)
        self._score("2026-03-10 14:00:00")
        messages = self.env["mail.message"].search([("message_type", "=", "user_notification")])
        texts = {message.partner_ids.user_ids.login: str(message.body) for message in messages}
        self.assertIn("Anna: Залпом (1)", texts["sd_lena"])
        self.assertIn("Carla: Done in a Burst (1)", texts["sd_luis"])

    def test_of_a_leader_and_without_one(self):
        """Managers are told of leaders, and of whoever has none."""
        self.south.user_id = False
        self.north.member_ids += self.lena
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        self._burst(self.lena, "2026-03-09")
        self._burst(self.carla, "2026-03-09", 15)
        self._score("2026-03-10 12:00:00")
        self.assertEqual(
            [(login, subject) for login, subject, _text in self._told() if login.startswith("sd_")],
            [("sd_mark", "New signals: 2 of 2 people")],
        )

    def test_decided_before(self):
        """What was decided on needs no message."""
        self._burst(self.anna, "2026-03-09")
        self.lena.discipline_told_on = "2026-03-09"
        self._score("2026-03-09 20:00:00")
        self.signals.search([]).with_user(self.lena).action_harmless()
        self._score("2026-03-10 12:00:00")
        self.assertFalse(self._told())

    def test_statements_do_not_grow(self):
        """Managers and messages are looked up and written once, however many there are to be told of."""
        users, _employees, team = self._make_crew(20)
        team.user_id = False  # the managers are told
        counts = []
        for day, people in (("2026-03-09", 2), ("2026-03-10", 20)):
            for user in users[:people]:
                self._burst(user, day)
            self._score(f"{day} 20:00:00")
            now = datetime.fromisoformat(f"{day} 12:00:00") + timedelta(days=1)
            counts.append(self._count_queries(self.signals._tell, now)[0])
            told = self.signals.search([("date", "=", day)])
            self.assertEqual((len(told), told.filtered("told_on")), (people, told))
        self.assertLessEqual(counts[1], counts[0] + 3)
