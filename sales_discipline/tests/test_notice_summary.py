from odoo.tests import tagged

from .test_notice import NoticeCase


@tagged("post_install", "-at_install")
class TestNoticeSummary(NoticeCase):
    """The week and the month: on the morning after, to each person and to the leader."""

    def _live(self, first, last):
        """Score every day of March from `first` to `last`, in the morning and at night."""
        for day in range(first, last + 1):
            self._score(f"2026-03-{day:02} 05:00:00")
            self._score(f"2026-03-{day:02} 22:30:00")

    def test_week(self):
        """On Monday from eight o'clock on, where the reader is."""
        self.company.discipline_notice_week = True
        self._work(self.anna, "2026-03-10", 2)
        self._live(9, 15)
        self._score("2026-03-16 06:59:00")
        self.assertNotIn("anna", dict(self._told()))
        self._score("2026-03-16 07:00:00")
        self._score("2026-03-16 09:00:00")
        told = self._told("week")
        self.assertEqual(sorted(login for login, _subject in told), ["anna", "boris", "lena", "lena"])
        self.assertIn(("anna", "Points, 03/09/2026 – 03/15/2026: -2"), told)
        self.assertIn(("lena", "Your team, 03/09/2026 – 03/15/2026: points -12"), told)
        self.assertIn("missed on 4 of 5 days", self._inbox(self.anna)[0])
        self.assertRegex(" ".join(self._inbox(self.lena)), "(?s)Anna.*Boris.*Lena.*Together")
        self._score("2026-03-17 09:00:00")
        self.assertEqual(len(self._told("week")), 4)

    def test_week_late(self):
        """A summary that could not be sent for four days is not sent any more."""
        self._live(9, 15)
        self.company.discipline_notice_week = True
        self._score("2026-03-20 09:00:00")
        self.assertFalse(self._told("week"))

    def test_month(self):
        """On the first of April, of the whole of March; with the month before where there was one."""
        self.company.discipline_notice_month = True
        self._live(30, 31)
        self.assertFalse([one for one in self._told() if one[0] == "anna"])
        self._score("2026-04-01 05:59:00")
        self.assertNotIn("anna", dict(self._told("month")))
        self._score("2026-04-01 06:01:00")  # summer time: eight o'clock in Berlin
        self.assertIn("March 2026", dict(self._told("month"))["anna"])
        self.assertIn("of 17 days", self._inbox(self.anna)[0])
        self._score("2026-04-02 09:00:00")
        self.assertEqual(len([one for one in self._told("month") if one[0] == "anna"]), 1)

    def test_before(self):
        """The points of the week before stand beside those of the week."""
        self._live(9, 15)
        self.company.discipline_notice_week = True
        self._live(16, 22)
        self._score("2026-03-23 09:00:00")
        self.assertIn("(before: -5)", self._inbox(self.anna)[-1])
