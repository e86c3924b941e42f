from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.pace import expected, hours_passed

numbers = st.floats(0, 1e9, allow_nan=False)


@tagged("post_install", "-at_install")
class TestToolsPace(BaseCase):
    def test_table(self):
        cases = [
            # target, passed, total, expected
            (500_000, 10, 20, 250_000),
            (10, 0, 8, 0),
            (10, 8, 8, 10),
            (10, 9, 8, 10),  # after the end
            (10, -1, 8, 0),  # before the beginning
            (0, 4, 8, 0),
            (None, 4, 8, None),
            (10, 0, 0, None),  # nobody works in this period
            (7, 1, 3, 7 / 3),
        ]
        for target, passed, total, answer in cases:
            with self.subTest(target=target, passed=passed, total=total):
                self.assertAlmostEqual(expected(target, passed, total), answer)

    @given(numbers, numbers, numbers, numbers)
    def test_properties(self, target, passed, more, total):
        """Never more than the target, never less later on, all of it at the end."""
        now, later = expected(target, passed, total), expected(target, passed + more, total)
        if not total:
            self.assertIsNone(now)
            return
        self.assertTrue(0 <= now <= later <= target)
        self.assertEqual(expected(target, total, total), target)

    def test_hours_passed(self):
        week = {date(2026, 3, day): 8.0 for day in range(9, 13)} | {date(2026, 3, 13): 4.0}
        cases = [
            # current day, hour, hours gone by of a week whose days end at 18:00
            (date(2026, 3, 8), 23, 0),
            (date(2026, 3, 9), 9, 0),
            (date(2026, 3, 9), 14, 4),
            (date(2026, 3, 9), 18, 8),
            (date(2026, 3, 9), 23.5, 8),
            (date(2026, 3, 13), 13, 32),
            (date(2026, 3, 13), 16, 34),
            (date(2026, 3, 14), 9, 36),  # a day off
            (date(2026, 4, 1), 9, 36),
        ]
        for current, hour, answer in cases:
            with self.subTest(current=current, hour=hour):
                self.assertEqual(hours_passed(week, current, hour, 18.0), answer)
        self.assertEqual(hours_passed({}, date(2026, 3, 9), 14, 18.0), 0)
