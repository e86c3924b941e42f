from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .freeze_common import FreezeCase

OFF = (
    "discipline_notice_result",
    "discipline_notice_team",
    "discipline_notice_week",
    "discipline_notice_month",
)


class NoticeCase(FreezeCase):
    """A daily plan of the North: two companies to add, nothing overdue. Anna and Lena, who leads them, are in Berlin (18:00
    is 17:00 UTC), Boris in Tokyo (9:00 UTC). Whoever is told of what is found in the log, and in the messages and mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).write(
            dict.fromkeys(OFF, False) | {"discipline_reminder_minutes": 0}
        )
        cls.notices = cls.env["discipline.notice"]
        cls.plan = cls._make_plan(
            ("companies_added", 2.0),
            ("activities_overdue", 0.0),
            date_from="2026-03-09",
            team_ids=[Command.set(cls.north.ids)],
        )

    def _told(self, kind=None):
        """[(login, subject)] in order."""
        domain = [("kind", "=", kind)] if kind else []
        return [
            (one.user_id.login.removeprefix("sd_"), one.subject)
            for one in self.notices.search(domain, order="id")
        ]

    def _inbox(self, user):
        """Texts in the inbox of a user."""
        domain = [("partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")]
        found = self.env["mail.message"].search(domain, order="id")
        found = found.filtered(
            lambda one: one.notification_ids.filtered(lambda n: n.notification_type == "inbox")
        )
        return [str(one.body) for one in found]

    def _mails(self, user):
        domain = [("recipient_ids", "in", user.partner_id.ids)]
        return [str(one.body_html) for one in self.env["mail.mail"].search(domain, order="id")]


@tagged("post_install", "-at_install")
class TestNoticeDay(NoticeCase):
    """The reminder before the deadline, the result after it, and the leader's table."""

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    def test_reminder(self):
        """In the hour before the deadline, where the person is; once; only to those with something left."""
        self.company.discipline_reminder_minutes = 60
        self._score("2026-03-10 06:00:00")
        self.assertFalse(self._told())
        self._work(self.anna, "2026-03-10", 1, hour=7)
        self._work(self.boris, "2026-03-10", 2, hour=7)
        self._score("2026-03-10 08:05:00")
        self.assertFalse(self._told(), "Boris has done it")
        self._score("2026-03-10 15:59:59")
        self.assertFalse(self._told())
        self._score("2026-03-10 16:00:00")
        self._score("2026-03-10 16:10:00")
        self.assertEqual(sorted(login for login, _subject in self._told("reminder")), ["anna", "lena"])
        [(login, subject)] = [one for one in self._told("reminder") if one[0] == "anna"]
        self.assertEqual((login, subject.replace("\u202f", " ")), ("anna", "Left to do until 6:00 PM"))
        [inbox], [mail] = self._inbox(self.anna), self._mails(self.anna)
        for text in (inbox, mail):
            self.assertIn("Companies Added: 1 more (1 of 2)", text)
            self.assertIn("/odoo/my-day", text)
            self.assertNotIn("Overdue", text)

    def test_reminder_too_late(self):
        """A cron that comes late reminds nobody of a deadline that has passed."""
        self.company.discipline_reminder_minutes = 60
        self._score("2026-03-10 06:00:00")
        self._score("2026-03-10 17:00:00")
        self._score("2026-03-10 20:00:00")
        self.assertFalse([login for login, _subject in self._told() if login == "anna"])

    def test_reminder_clock_change(self):
        """On the evening of the change to summer time 18:00 in Berlin is 16:00 UTC."""
        self.company.discipline_reminder_minutes = 30
        self.plan.company_id.resource_calendar_id = self._make_calendar()
        (self.e_anna + self.e_boris).resource_calendar_id = self.company.resource_calendar_id
        self._score("2026-03-29 05:00:00")
        self.assertTrue(self._card(self.e_anna, "2026-03-29"))
        self._score("2026-03-29 15:29:00")
        self.assertNotIn("anna", dict(self._told()))
        self._score("2026-03-29 15:30:00")
        self.assertIn("anna", dict(self._told()))

    def test_reminder_zones(self):
        """Five people in five zones are each reminded in the last half hour of their own day."""
        self.company.discipline_reminder_minutes = 30
        zones = {
            "Pacific/Auckland": 5,
            "Asia/Kolkata": 12.5,
            "Europe/Berlin": 17,
            "America/New_York": 22,
            "America/Los_Angeles": 25,
        }
        expected = []
        for number, (zone, hour) in enumerate(zones.items()):
            user, _employee = self._make_person(f"z{number}", "sales_team.group_sale_salesman", zone)
            self.north.member_ids += user
            expected.append((f"z{number}", hour))
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        found = {}
        for half in range(6, 53):  # the evening before in Los Angeles is left out
            day, hour = 10 + half // 48, half % 48
            self._score(f"2026-03-{day} {hour // 2:02}:{30 * (hour % 2) + 1:02}:00")
            for login, _subject in self._told("reminder"):
                found.setdefault(login, half / 2)
        # the run at one minute past is the first within the last half hour
        self.assertEqual({login: found[login] for login, _hour in expected if login in found},
                         {login: hour - 0.5 for login, hour in expected})  # fmt: skip

    def test_reminder_of_the_report(self):
        """Who has to state their own numbers is told of that, and not what was measured."""
        self.company.discipline_reminder_minutes = 60
        self.plan.ask_report = True
        self._work(self.anna, "2026-03-10", 1, hour=7)
        self._score("2026-03-10 06:00:00")
        self._score("2026-03-10 16:30:00")
        [text] = self._inbox(self.anna)
        self.assertIn("Your report is not handed in yet.", text)
        self.assertNotIn("Companies Added", text)

    def test_channels(self):
        """In the inbox, by mail, both or not at all, as everybody likes it; who has no address gets no mail."""
        self.company.discipline_reminder_minutes = 60
        (self.lena + self.luis + self.carla).write({"discipline_notice_reminder": "app"})
        self.north.member_ids += self.carla
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        for choice, inbox, mails in (("app", 1, 0), ("mail", 0, 1), ("none", 0, 0), ("both", 1, 1)):
            with self.subTest(choice), self.env.cr.savepoint() as savepoint:
                self.anna.with_user(self.anna).discipline_notice_reminder = choice
                self._score("2026-03-10 06:00:00")
                self._score("2026-03-10 16:30:00")
                self.assertEqual((len(self._inbox(self.anna)), len(self._mails(self.anna))), (inbox, mails))
                savepoint.rollback()
            self.env.invalidate_all()
        self.anna.partner_id.email = False
        self._score("2026-03-10 06:00:00")
        self._score("2026-03-10 16:30:00")
        self.assertEqual((len(self._inbox(self.anna)), len(self._mails(self.anna))), (1, 0))

    def test_who_is_left_out(self):
        """Archived users, and those who have left the company."""
        self.company.discipline_reminder_minutes = 60
        self._score("2026-03-10 06:00:00")
        self.boris.active = False
        self.anna.write({"company_id": self.outside.id, "company_ids": [Command.set(self.outside.ids)]})
        self._score("2026-03-10 08:30:00")
        self._score("2026-03-10 16:30:00")
        self.assertEqual([login for login, _subject in self._told() if login in ("anna", "boris")], [])

    # ------------------------------------------------------------
    # Results
    # ------------------------------------------------------------

    def test_result(self):
        self.company.discipline_notice_result = True
        self._work(self.anna, "2026-03-10", 2)
        self._score("2026-03-10 06:00:00")
        self._score("2026-03-10 09:30:00")
        self.assertEqual(
            [one for one in self._told() if "03/10" in one[1]], [("boris", "Points, 03/10/2026: -1")]
        )
        self._score("2026-03-10 17:10:00")
        self._score("2026-03-10 17:20:00")
        self.assertEqual(dict(self._told("result"))["anna"], "Points, 03/10/2026: 2")
        self.assertEqual(len(self._told()), len(set(self._told())))
        self.assertIn("Well done", self._inbox(self.anna)[-1])
        text = self._inbox(self.boris)[-1]
        self.assertIn("Companies Added: 2 more (0 of 2)", text)
        self.assertIn("Red", text)

    def test_result_catching_up(self):
        """After days without the scheduled action only the last day is told."""
        self.company.discipline_notice_result = True
        self._score("2026-03-09 06:00:00")
        self._score("2026-03-12 20:00:00")
        subjects = [subject for login, subject in self._told("result") if login == "anna"]
        self.assertEqual(subjects, ["Points, 03/12/2026: -1"])
        self._score("2026-03-12 20:10:00")
        self.assertEqual(len([login for login, _subject in self._told("result") if login == "anna"]), 1)

    def test_result_long_ago(self):
        """A plan from a date long gone by tells nobody of those days, nor does an excused card."""
        self.company.discipline_notice_result = True
        self._score("2026-03-20 06:00:00")
        self.assertFalse([one for one in self._told("result") if "03/19" not in one[1]])

    def test_russian(self):
        """In the reader's language, with its dates."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self.anna.lang = "ru_RU"
        self._metric("companies_added").with_context(lang="ru_RU").name = "Новые компании"
        self.company.discipline_notice_result = True
        self._score("2026-03-10 06:00:00")
        self._score("2026-03-10 17:10:00")
        self.assertIn("10.03.2026", str([one for one in self._told("result") if one[0] == "anna"]))
        self.assertIn("Новые компании", self._inbox(self.anna)[-1])
        self.assertIn("Companies Added", self._inbox(self.boris)[-1])

    # ------------------------------------------------------------
    # The leader's table
    # ------------------------------------------------------------

    def test_team_day(self):
        """Once the last of the team is closed, to the leader, once; a table with what was missed."""
        self.company.discipline_notice_team = True
        self._work(self.anna, "2026-03-10", 2)
        self._score("2026-03-10 06:00:00")
        self._score("2026-03-10 09:30:00")
        self.assertNotIn("03/10", str(self._told("team_day")), "Anna's is open")
        self._score("2026-03-10 17:10:00")
        self._score("2026-03-10 17:20:00")
        [(login, subject)] = [one for one in self._told("team_day") if "03/10" in one[1]]
        self.assertEqual((login, subject), ("lena", "North, 03/10/2026: 1 of 3 did everything"))
        text = self._mails(self.lena)[-1]
        self.assertIn("<table", text)
        self.assertRegex(text, r"(?s)✘.*Boris.*Companies Added: 2 more.*✘.*Lena.*✔.*Anna.*Together")
        self.assertFalse(self._mails(self.luis))

    def test_team_day_of_no_leader(self):
        """Whoever stands on a team as its leader without the rights of one reads nobody's numbers."""
        self.company.write({"discipline_notice_team": True, "discipline_notice_week": True})
        leader = self.env.ref("sales_discipline.group_leader")
        self.lena.group_ids = [
            Command.unlink(leader.id),
            Command.link(self.env.ref("sales_discipline.group_user").id),
        ]
        for moment in ("2026-03-10 06:00:00", "2026-03-10 17:10:00", "2026-03-16 09:00:00"):
            self._score(moment)
        self.assertFalse(self._told("team_day"))
        self.assertNotIn("Your team", str(self._told("week")))

    def test_never_twice(self):
        """Whoever has found the same person to be told of the same thing sends nothing if somebody was quicker."""
        now = fields.Datetime.to_datetime("2026-03-10 16:30:00")
        one = {"user_id": self.anna.id, "company_id": self.company.id, "key": "1", "subject": "Hello"}
        one.update(body="Hello", text="Hello")
        for _run in range(2):
            self.notices._send("reminder", [one, {**one, "user_id": self.boris.id}], now)
        self.assertEqual([login for login, _subject in self._told()], ["anna", "boris"])
        self.assertEqual((len(self._inbox(self.anna)), len(self._mails(self.anna))), (1, 1))
        self.notices._send("reminder", [one, {**one, "key": "2"}], now)
        self.assertEqual(len(self._inbox(self.anna)), 2)

    def test_forgotten_after_a_year(self):
        now = fields.Datetime.to_datetime("2026-03-10 16:30:00")
        one = {
            "user_id": self.anna.id,
            "company_id": self.company.id,
            "subject": "Hello",
            "body": "",
            "text": "",
        }
        for key, moment in (("old", now.replace(year=2025, month=3, day=1)), ("new", now)):
            self.notices._send("reminder", [{**one, "key": key}], moment)
        with freeze_time(now):
            self.notices._gc_notices()
        self.assertEqual(self.notices.search([("user_id", "=", self.anna.id)]).mapped("key"), ["new"])

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_access(self):
        """One's own notices; managers those of their company; nobody writes one. Preferences are one's own to write."""
        self.company.discipline_notice_result = True
        self._score("2026-03-10 06:00:00")
        self._score("2026-03-10 17:10:00")
        own = self.notices.with_user(self.anna).search([])
        self.assertEqual(own.user_id, self.anna)
        self.assertLess(len(own), len(self.notices.with_user(self.mark).search([])))
        self.assertFalse(self.notices.with_user(self.olga).search([("company_id", "=", self.company.id)]))
        for user in (self.anna, self.lena, self.mark):
            notice = self.notices.with_user(user).search([], limit=1)
            with self.subTest(user.name), self._refused(AccessError, "allowed"):
                own.with_user(user).write({"subject": "Hello"})
            with self.subTest(user.name), self._refused(AccessError, "allowed"):
                notice.create({"kind": "result", "key": "x", "user_id": user.id, "company_id": self.company.id,
                               "sent_at": "2026-03-10"})  # fmt: skip
        self.anna.with_user(self.anna).write({"discipline_notice_result": "mail"})
        self.assertEqual(self.anna.with_user(self.anna).discipline_notice_result, "mail")
        with self.assertRaises(AccessError):
            self.boris.with_user(self.anna).write({"discipline_notice_result": "none"})
        with Form(self.anna.with_user(self.anna), view="base.view_users_form_simple_modif") as form:
            form.discipline_notice_summary = "app"

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_queries(self):
        """What is to be told is found and said in as many statements for forty people as for four, and stored in a few
        for each batch of Odoo's."""
        self.company.write(
            {
                "discipline_reminder_minutes": 60,
                "discipline_notice_result": True,
                "discipline_notice_team": True,
            }
        )
        counts = {}
        users = self.env["res.users"]
        for number in (4, 40):
            users += self._hire(number - len(users))
            self._score(f"2026-03-{10 if number == 4 else 11} 06:00:00")
            counts[number] = self._count_notices(f"2026-03-{10 if number == 4 else 11} 16:30:00", number)
        growth = (counts[40] - counts[4]) / 36
        self.assertLess(growth, 3.0, counts)

    def test_preferences_of_those_who_are_told(self):
        """Only users of this addon are asked, and of the team only who may lead one."""
        plain = self.env["res.users"].create({"name": "Plain", "login": "sd_plain_user"})
        self.assertEqual((plain.discipline_is_user, plain.discipline_is_leader), (False, False))
        self.assertEqual((self.anna.discipline_is_user, self.anna.discipline_is_leader), (True, False))
        self.assertEqual((self.lena.discipline_is_user, self.lena.discipline_is_leader), (True, True))
        self.assertTrue(self.anna.with_user(self.anna).read(["discipline_is_user"])[0]["discipline_is_user"])

    def _hire(self, count):
        start = len(self.env["res.users"].search([("login", "like", "crew_")]))
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Crew {start + number}",
                    "login": f"crew_{start + number}",
                    "email": f"crew_{start + number}@example.com",
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.set(self.env.ref("sales_team.group_sale_salesman").ids)],
                }
                for number in range(count)
            ]
        )
        for user in users:
            self._make_employee(user, "Europe/Berlin")
        self.north.member_ids += users
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        return users

    def _count_notices(self, now, number):
        now = fields.Datetime.to_datetime(now)
        count, _result = self._count_queries(self.notices._send_reminders, now)
        self.assertGreaterEqual(len(self.notices.search([("sent_at", "=", now)])), number)
        return count
