from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.suggestion import full_time, percentile, suggest

NUMBERS = st.lists(st.floats(0, 1e9), min_size=1, max_size=50)


@tagged("post_install", "-at_install")
class TestSuggestion(BaseCase):
    """What one in five reaches."""

    def test_percentile(self):
        cases = [
            ([], 0.8, None),
            ([7], 0.8, 7),
            ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0.8, 9),
            ([11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6], 0.2, 3),
            ([0, 10], 0.8, 8),
            ([0, 10], 0.0, 0),
            ([0, 10], 1.0, 10),
        ]
        for values, share, expected in cases:
            with self.subTest(values):
                self.assertEqual(percentile(values, share), expected)

    def test_suggest(self):
        cases = [
            ([0, 1, 2, 3, 4, 5], True, True, 4),
            ([0, 1, 2, 3, 4, 5], False, True, 1),
            ([0, 3], True, True, 2),  # 2.4
            ([0, 3.125], True, False, 2.5),
            ([0, 1.25], True, True, 1),
            ([0, 2.0], False, True, 0),  # 0.4
            ([1.2345], True, False, 1.23),
            ([], True, True, None),
        ]
        for values, higher, whole, expected in cases:
            with self.subTest(values):
                self.assertEqual(suggest(values, higher, whole), expected)

    def test_full_time(self):
        cases = [(6, 40, 40, 6), (6, 45, 40, 6), (6, 20, 40, 12), (6, 19.9, 40, None), (6, 8, 0, 6)]
        for value, hours, norm, expected in cases:
            with self.subTest((value, hours, norm)):
                self.assertEqual(full_time(value, hours, norm), expected)

    @given(NUMBERS, st.floats(0, 1))
    def test_within(self, values, share):
        found = percentile(values, share)
        self.assertLessEqual(min(values) - 1e-6, found)
        self.assertLessEqual(found, max(values) + 1e-6)
        below = sum(1 for value in values if value <= found * (1 + 1e-12) + 1e-9)
        self.assertGreaterEqual(below, int(share * (len(values) - 1)) + 1)

    @given(NUMBERS)
    def test_mirror(self, values):
        """Lower is better is higher is better upside down."""
        low, high = suggest(values, False, False), suggest([-value for value in values], True, False)
        self.assertAlmostEqual(low, -high, delta=0.011)
