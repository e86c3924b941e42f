from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.funnel import PERIODS, bounds, bounds_after, bounds_before, change, ratio, widths

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@tagged("post_install", "-at_install")
class TestToolsFunnel(BaseCase):
    def test_ratio(self):
        cases = [((1, 4), 25), ((0, 4), 0), ((3, 0), None), ((0, 0), None), ((3, -1), None), ((-1, 2), -50)]
        for (above, below), expected in cases:
            with self.subTest(above=above, below=below):
                self.assertEqual(ratio(above, below), expected)

    def test_change(self):
        for (value, before), expected in [((12, 10), 20), ((0, 10), -100), ((5, 0), None), ((0, 0), None)]:
            with self.subTest(value=value, before=before):
                self.assertEqual(change(value, before), expected)

    def test_widths(self):
        self.assertEqual(widths([200, 50, -3, 0]), [100, 25, 0, 0])
        self.assertEqual(widths([1, 4]), [25, 100], "a later step can be the longest")
        self.assertEqual(widths([0, 0]), [0, 0])
        self.assertEqual(widths([]), [])

    def test_before(self):
        march, april = (date(2026, 3, 1), date(2026, 3, 31)), date(2026, 4, 15)
        cases = [
            ("month", *march, april, (date(2026, 2, 1), date(2026, 2, 28))),
            ("month", *march, march[1], (date(2026, 2, 1), date(2026, 2, 28))),
            ("month", *march, march[0], (date(2026, 2, 1), date(2026, 2, 1))),
            ("month", *march, date(2026, 3, 10), (date(2026, 2, 1), date(2026, 2, 10))),
            ("month", *march, date(2026, 3, 30), (date(2026, 2, 1), date(2026, 2, 28))),
            ("month", *march, date(2026, 1, 1), (date(2026, 2, 1), date(2026, 2, 28))),
            ("month", *march, None, (date(2026, 2, 1), date(2026, 2, 28))),
            ("quarter", date(2026, 1, 1), march[1], april, (date(2025, 10, 1), date(2025, 12, 31))),
            (
                "year",
                date(2026, 1, 1),
                date(2026, 12, 31),
                date(2026, 1, 31),
                (date(2025, 1, 1), date(2025, 1, 31)),
            ),
            ("week", date(2026, 3, 9), date(2026, 3, 15), april, (date(2026, 3, 2), date(2026, 3, 8))),
            ("day", march[0], march[0], march[0], (date(2026, 2, 28), date(2026, 2, 28))),
            ("custom", date(2026, 3, 5), date(2026, 3, 7), april, (date(2026, 3, 2), date(2026, 3, 4))),
            (
                "custom",
                date(2026, 3, 5),
                date(2026, 3, 7),
                date(2026, 3, 6),
                (date(2026, 3, 2), date(2026, 3, 3)),
            ),
        ]
        for period, first, last, today, expected in cases:
            with self.subTest(period, today=today):
                self.assertEqual(bounds_before(period, first, last, today), expected)

    def test_unknown(self):
        with self.assertRaises(ValueError):
            bounds("custom", date(2026, 3, 1))

    @given(st.sampled_from(PERIODS), DAYS)
    def test_periods_meet(self, period, day):
        """The day is in its period; the periods beside it begin and end where it does, and lead back to it."""
        first, last = bounds(period, day)
        self.assertTrue(first <= day <= last)
        before, after = bounds_before(period, first, last), bounds_after(period, first, last)
        self.assertEqual((before[1], after[0]), (first - timedelta(days=1), last + timedelta(days=1)))
        self.assertEqual(bounds_after(period, *before), (first, last))

    @given(DAYS, st.integers(0, 400))
    def test_custom(self, first, days):
        last = first + timedelta(days=days)
        before, after = bounds_before("custom", first, last), bounds_after("custom", first, last)
        self.assertEqual((before[1], after[0]), (first - timedelta(days=1), last + timedelta(days=1)))
        self.assertEqual({before[1] - before[0], after[1] - after[0]}, {last - first})
