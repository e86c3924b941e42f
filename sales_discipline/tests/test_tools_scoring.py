from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.scoring import completion, efficiency, is_done, overall_zone, points, prorate, trend, zone

numbers = st.floats(0, 1e9, allow_nan=False).map(lambda number: round(number, 2))
percents = st.none() | st.floats(-50, 400, allow_nan=False)


@tagged("post_install", "-at_install")
class TestToolsScoring(BaseCase):
    # ------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------

    def test_completion(self):
        cases = [
            # fact, target, higher is better, percent
            (5, 10, True, 50),
            (10, 10, True, 100),
            (25, 10, True, 250),
            (0, 10, True, 0),
            (-2, 10, True, -20),  # more taken back than done
            (0, 0, True, 100),
            (7, 0, True, 100),
            (491_970, 500_000, True, 98.394),
            (5, 10, False, 100),
            (10, 10, False, 100),
            (20, 10, False, 50),
            (0, 0, False, 100),
            (1, 0, False, 0),
            (None, 10, True, None),
            (10, None, True, None),
            (None, 0, False, None),
            (0.1 + 0.2, 0.3, False, 100),  # a float's last digit is nobody's fault
        ]
        for actual, target, higher, expected in cases:
            with self.subTest(actual=actual, target=target, higher=higher):
                found = completion(actual, target, higher)
                self.assertEqual(found is None, expected is None)
                self.assertAlmostEqual(found or 0, expected or 0)

    def test_zone(self):
        cases = [
            # percent, green from, yellow from
            (100, 100, 100, "green"),
            (99.99, 100, 100, "red"),
            (99.9999999, 100, 100, "green"),  # equal, as far as six decimals say
            (99.99, 100, 80, "yellow"),
            (80, 100, 80, "yellow"),
            (79.99, 100, 80, "red"),
            (95, 95, 80, "green"),
            (0, 100, 0, "yellow"),
            (-20, 100, 0, "red"),
            (0, 0, 0, "green"),
            (None, 100, 100, "none"),
            (None, 0, 0, "none"),
        ]
        for percent, green, yellow, expected in cases:
            with self.subTest(percent=percent, green=green, yellow=yellow):
                self.assertEqual(zone(percent, green, yellow), expected)

    def test_reference(self):
        """491,970 of 500,000 with 100/100 is red; after 470,000 the trend is up."""
        percent = completion(491_970, 500_000)
        self.assertEqual(zone(percent, 100, 100), "red")
        self.assertFalse(is_done(percent))
        self.assertEqual(points(percent, 1, -2), -2)
        self.assertEqual(trend(491_970, 470_000), "up")

    def test_overall_zone(self):
        """One red indicator of little weight does not make a card red."""
        cases = [  # efficiency, (weight, green from, yellow from) of each line, zone
            (100, [(1, 100, 100)], "green"),
            (99.9, [(1, 100, 100)], "red"),
            (95, [(3, 100, 80), (1, 80, 80)], "green"),
            (94.9, [(3, 100, 80), (1, 80, 80)], "yellow"),
            (79.9, [(3, 100, 80), (1, 80, 80)], "red"),
            (50, [(1, 40, 40), (0, 100, 100)], "green"),
            (None, [(1, 100, 100)], "none"),
            (100, [], "none"),
            (100, [(0, 100, 100)], "none"),
        ]
        for percent, lines, expected in cases:
            with self.subTest(percent=percent, lines=lines):
                self.assertEqual(overall_zone(percent, lines), expected)

    def test_trend(self):
        cases = [
            (2, 1, "up"),
            (1, 2, "down"),
            (1, 1, "flat"),
            (0, 0, "flat"),
            (0.1 + 0.2, 0.3, "flat"),
            (1, None, "none"),
            (None, 1, "none"),
            (None, None, "none"),
            (0, None, "none"),
        ]
        for actual, previous, expected in cases:
            with self.subTest(actual=actual, previous=previous):
                self.assertEqual(trend(actual, previous), expected)

    def test_points(self):
        cases = [(100, 1), (250, 1), (99.9, -2), (0, -2), (-20, -2), (None, 0)]
        for percent, expected in cases:
            with self.subTest(percent=percent):
                self.assertEqual(points(percent, 1.0, -2.0), expected)

    def test_efficiency(self):
        cases = [
            ([(1, 50), (1, 100)], 100, 75),
            ([(3, 50), (1, 100)], 100, 62.5),
            ([(1, 300), (1, 50)], 100, 75),  # capped
            ([(1, 300), (1, 50)], 120, 85),
            ([(1, 300), (1, 50)], 1000, 175),
            ([(1, None), (1, 50)], 100, 50),  # no data is left out
            ([(0, 10), (1, 50)], 100, 50),
            ([(0, 10)], 100, None),
            ([(1, None)], 100, None),
            ([], 100, None),
        ]
        for lines, cap, expected in cases:
            with self.subTest(lines=lines, cap=cap):
                self.assertEqual(efficiency(lines, cap), expected)

    def test_prorate(self):
        cases = [
            # target, hours, norm, whole
            (20, 8, 8, True, 20),
            (20, 4, 8, True, 10),
            (25, 4, 8, True, 13),  # half up
            (25, 4, 8, False, 12.5),
            (10, 12, 8, True, 10),  # never above the target
            (10, 0, 8, True, 0),
            (10, -1, 8, True, 0),
            (10, 8, 0, True, 10),  # no full-time hours: nothing to compare with
            (500_000, 40, 168, False, 500_000 * 40 / 168),
            (None, 4, 8, True, None),
            (0, 4, 8, True, 0),
        ]
        for target, hours, norm, whole, expected in cases:
            with self.subTest(target=target, hours=hours, norm=norm, whole=whole):
                self.assertEqual(prorate(target, hours, norm, whole), expected)

    # ------------------------------------------------------------
    # Properties
    # ------------------------------------------------------------

    @given(numbers, numbers, numbers, st.booleans())
    @settings(deadline=None)
    def test_completion_is_monotone(self, one, other, target, higher):
        less, more = sorted((one, other))
        gain = completion(more, target, higher) - completion(less, target, higher)
        self.assertTrue(gain >= -1e-6 if higher else gain <= 1e-6)

    @given(numbers, numbers, st.booleans())
    @settings(deadline=None)
    def test_done_is_reaching_the_target(self, actual, target, higher):
        percent = completion(actual, target, higher)
        reached = actual >= target if higher else actual <= target
        assume(abs(actual - target) >= 0.01 * max(1, target / 1e6) or actual == target)
        self.assertEqual(is_done(percent), reached)
        self.assertGreaterEqual(percent, 0)

    @given(percents, st.floats(-10, 10), st.floats(-10, 10))
    @settings(deadline=None)
    def test_points_are_one_of_three(self, percent, done, missed):
        expected = 0.0 if percent is None else done if is_done(percent) else missed
        self.assertEqual(points(percent, done, missed), expected)

    @given(percents, st.floats(0, 200), st.floats(0, 200))
    @settings(deadline=None)
    def test_zones_are_ordered(self, percent, one, other):
        yellow, green = sorted((one, other))
        found = zone(percent, green, yellow)
        self.assertEqual(found == "none", percent is None)
        if percent is not None:
            order = ("red", "yellow", "green")
            self.assertGreaterEqual(order.index(zone(percent + 1, green, yellow)), order.index(found))

    @given(numbers, numbers)
    @settings(deadline=None)
    def test_trend_is_antisymmetric(self, one, other):
        opposite = {"up": "down", "down": "up", "flat": "flat"}
        self.assertEqual(trend(one, other), opposite[trend(other, one)])

    @given(st.lists(st.tuples(st.floats(0, 10), percents)), st.floats(100, 200))
    @settings(deadline=None)
    def test_efficiency_is_a_mean(self, lines, cap):
        found = efficiency(lines, cap)
        counted = [min(percent, cap) for weight, percent in lines if percent is not None and weight]
        self.assertEqual(found is None, not counted)
        if counted:
            self.assertTrue(min(counted) - 1e-6 <= found <= max(counted) + 1e-6)
            self.assertLessEqual(found, cap + 1e-6)

    @given(numbers, st.floats(0, 300), st.floats(1, 300), st.booleans())
    @settings(deadline=None)
    def test_prorate_never_asks_for_more(self, target, hours, norm, whole):
        part = prorate(target, hours, norm, whole)
        self.assertTrue(0 <= part <= target + (0.5 if whole else 0))
        if whole and hours < norm:
            self.assertEqual(part, round(part))
        self.assertLessEqual(part, prorate(target, hours + 1, norm, False) + 0.5)
