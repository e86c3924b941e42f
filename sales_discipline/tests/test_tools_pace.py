from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.pace import expected

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
