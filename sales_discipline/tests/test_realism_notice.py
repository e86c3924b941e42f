from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .realism_common import RealismCase

HIGH = (1000, 600, 700, 800, 500)


@tagged("post_install", "-at_install")
class TestRealismNotice(RealismCase):
    """When a month is closed, the plans are checked once, and whoever can do something about it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checks = cls.env["discipline.realism.check"]
        for month in (1, 2, 3):
            cls._sell(month, *HIGH)
        cls._sell(1, 1000, people=[cls.carla])

    def _get_told(self):
        """[(login, subject, text)] of the messages about plans, in order."""
        domain = [
            ("message_type", "=", "user_notification"),
            ("author_id", "=", self.env.ref("base.partner_root").id),
        ]
        told = []
        for message in self.env["mail.message"].search(domain, order="id"):
            for partner in message.partner_ids.sorted("name"):
                told.append((partner.user_ids.login, message.subject, str(message.body)))
        return told

    def _get_checks(self, team=None):
        domain = [("company_id", "=", self.company.id), ("team_id", "=", team.id if team else False)]
        return [
            (str(check.date), check.state, check.people, check.missed, check.in_row)
            for check in self.checks.search(domain, order="date")
        ]

    def test_alarm(self):
        """Two months: said to nobody. The third: mark hears of the company, lena of North; luis, whose one
        salesperson says nothing of a plan, hears nothing."""
        self._make_sales_plan()
        self._score("2026-02-01 12:00:00")
        self._score("2026-03-01 12:00:00")
        self.assertEqual(self._get_told(), [])
        self._score("2026-03-30 12:00:00")
        self.assertEqual(len(self._get_checks(self.north)), 2)
        self._score("2026-04-01 12:00:00")
        self.assertEqual(
            self._get_checks(self.north),
            [(f"2026-0{n}-01", "alarm" if n == 3 else "ok", 5, 4, n) for n in (1, 2, 3)],
        )
        self.assertEqual(
            [row[1:] for row in self._get_checks()], [("ok", 6, 4, 0), ("ok", 6, 5, 1), ("ok", 6, 5, 2)]
        )
        told = self._get_told()
        self.assertEqual([row[0] for row in told], ["sd_mark", "sd_lena"])
        sent = self.env["mail.message"].search([("subject", "=", told[0][1])])
        self.assertEqual({str(date) for date in sent.mapped("date")}, {"2026-04-01 12:00:00"})
        for _login, subject, body in told:
            self.assertEqual(subject, "Sales plans, March 2026: out of reach")
            self.assertIn("below plan 4 of 5 people (80%)", body)
            self.assertIn("/odoo/action-sales_discipline.sales_plans", body)
        self.assertIn("Discipline &amp; Co", told[0][2])
        self.assertNotIn("Discipline &amp; Co", told[1][2])

    def test_once(self):
        """However often the scheduled action runs, and whatever is scored afterwards."""
        self._make_sales_plan()
        self._score("2026-04-01 12:00:00")
        told, checks = self._get_told(), self._get_checks()
        self.assertEqual(len(told), 2)
        self._score("2026-04-01 12:10:00")
        self._score("2026-04-02 12:10:00")
        self.assertEqual((self._get_told(), self._get_checks()), (told, checks))

    def test_late_run(self):
        """Three months scored at once: they are all checked, and the last is told. What is long over is not."""
        self._make_sales_plan()
        self._score("2026-04-01 12:00:00")
        self.assertEqual([row[0] for row in self._get_checks()], ["2026-02-01", "2026-03-01"])
        self.assertEqual({row[1][13:23] for row in self._get_told()}, {"March 2026"})

    def test_order(self):
        """North closes half a day before New York: lena hears of it at once, mark when all is closed."""
        self._make_sales_plan()
        self._score("2026-03-31 16:30:00")
        self.assertEqual([row[0] for row in self._get_told()], ["sd_lena"])
        self._score("2026-03-31 20:00:00")
        self.assertEqual([row[0] for row in self._get_told()], ["sd_lena"], "New York works until 22:00")
        self._score("2026-03-31 23:00:00")
        told = self._get_told()
        self.assertEqual([row[0] for row in told], ["sd_lena", "sd_mark"])
        for words in ("Discipline &amp; Co: Realistic", "North: Out of Reach"):
            self.assertIn(words, told[1][2])
        self.assertNotIn("South", told[1][2])

    def test_everybody_excused(self):
        """Of a team in which every card is excused there is nothing to say."""
        self._make_sales_plan()
        self._score("2026-02-01 12:00:00")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET excused = TRUE WHERE team_id = %s; DELETE FROM discipline_realism_check",
            [self.south.id],
        )
        self.env.invalidate_all()
        self.checks._check_closed(datetime(2026, 2, 1, 12))
        self.assertEqual(self._get_checks(self.south), [("2026-01-01", "none", 0, 0, 0)])
        self.assertEqual([row[2] for row in self._get_checks()], [5])

    def test_later_month_first(self):
        """A month that is closed after the next one is checked, and nobody is told old news."""
        self._make_sales_plan()
        self._score("2026-03-01 12:00:00")
        check = self.checks.search([("team_id", "=", self.north.id)], order="date desc")[0]
        self.env.cr.execute("DELETE FROM discipline_realism_check WHERE id = %s", [check.id])
        self.env.invalidate_all()
        self.company.discipline_realism_notice = "always"
        self._score("2026-03-01 12:10:00")
        self.assertEqual(
            [row[:2] for row in self._get_told()], [("sd_lena", "Sales plans, February 2026: no alarm")]
        )
        self._score("2026-04-01 12:00:00")
        told = self._get_told()
        self.env.cr.execute("DELETE FROM discipline_realism_check WHERE date = '2026-02-01'")
        self.env.invalidate_all()
        self._score("2026-04-01 12:10:00")
        self.assertEqual(len(self._get_checks(self.north)), 3)
        self.assertEqual(self._get_told(), told)

    def test_switch(self):
        self.company.discipline_realism_notice = "never"
        self._make_sales_plan()
        self._score("2026-03-01 12:00:00")
        self._score("2026-04-01 12:00:00")
        self.assertEqual(self._get_told(), [])
        self.assertEqual(len(self._get_checks()), 3, "checked all the same")
        self.company.discipline_realism_notice = "always"
        self._sell(4, *[1000] * 5)
        self._score("2026-05-01 12:00:00")
        self.assertEqual(
            {row[0]: row[1] for row in self._get_told()},
            dict.fromkeys(("sd_mark", "sd_lena", "sd_luis"), "Sales plans, April 2026: no alarm"),
        )

    def test_language(self):
        """Everybody reads it in their own language, whatever that of the scheduled action is."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.lena.lang = "de_DE"
        self._make_sales_plan()
        self._score("2026-04-01 12:00:00")
        subjects = {row[0]: row[1] for row in self._get_told()}
        self.assertIn("März 2026", subjects["sd_lena"])
        self.assertIn("March 2026", subjects["sd_mark"])

    def test_only_sales_plans(self):
        """A monthly plan of calls, and money of which less is better, are no sales plans."""
        lines = [("deals_won", 3.0), ("receivables_overdue", 0.0)]
        self._make_plan(*lines, period="month", date_from="2026-01-01")
        self._score("2026-04-01 12:00:00")
        self.assertFalse(self._get_checks())

    def test_another_company(self):
        """olga hears nothing of this company, and managers of both hear of each."""
        self.mark.company_ids = [Command.link(self.outside.id)]
        self._make_sales_plan()
        self._score("2026-04-01 12:00:00")
        self.assertNotIn("sd_olga", [row[0] for row in self._get_told()])

    def test_statements(self):
        """Nothing to check: one statement, whatever there is."""
        self._make_sales_plan()
        self._score("2026-04-01 12:00:00")
        now = self.env.cr.now()
        count, _none = self._count_queries(self.checks._check_closed, now.replace(year=2020))
        self.assertLessEqual(count, 2)

    # ------------------------------------------------------------
    # Who may see it
    # ------------------------------------------------------------

    def test_access(self):
        self._make_sales_plan()
        self._score("2026-04-01 12:00:00")
        seen = {self.mark: [False, self.north.id, self.south.id], self.olga: []}
        seen |= {self.lena: self.north.ids, self.luis: self.south.ids}
        for user, teams in seen.items():
            with self.subTest(user.login):
                checks = self.checks.with_user(user).search([])
                self.assertEqual(sorted({check.team_id.id for check in checks}), teams)
        for user in (self.anna, self.paula, self.portal):
            with self.subTest(user.login), self._refused(AccessError, "Check of a Sales Plan"):
                self.checks.with_user(user).search([])
        check = self.checks.search([("company_id", "=", self.company.id)], limit=1)
        with self._refused(AccessError, "Check of a Sales Plan"):
            check.with_user(self.mark).write({"state": "ok"})
        with self._refused(AccessError, "Check of a Sales Plan"):
            check.with_user(self.mark).unlink()

    def test_settings(self):
        months = "discipline_seasonal_months"
        for value in ("13", "0", "January", "1;2", "-1", "1.5", "²"):
            with self.subTest(value), self._refused(ValidationError, "'Seasonal Months'"):
                self.company[months] = value
        with self._refused(ValidationError, "has all twelve"):
            self.company[months] = ",".join(map(str, range(1, 13)))
        self.company[months] = " 1, 12 ,"
        self.assertEqual(self.company._get_realism_settings().seasonal, {1, 12})
        self.company[months] = False
        self.assertEqual(self.company._get_realism_settings().seasonal, set())
        for name, value in [
            ("alarm_share", 100),
            ("alarm_share", -1),
            ("alarm_months", 0),
            ("enough_people", 1),
            ("met_share", 0),
            ("newcomer_months", -1),
            ("absence_limit", 101),
        ]:
            with self.subTest(name), self._refused(Exception, f"discipline_{name}_check"):
                self.company[f"discipline_{name}"] = value
                self.env.flush_all()
        with self._refused(AccessError, "Companies"):
            self.company.with_user(self.mark).write({"discipline_alarm_share": 10})
