from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.classes import classify
from ..tools.effect import BEFORE, YEAR, baseline, change, days_passed, forecast, outcome, share

AMOUNTS = st.lists(st.integers(-100, 10_000).map(float), max_size=30)


@tagged("post_install", "-at_install")
class TestClasses(BaseCase):
    def test_worked_case(self):
        """80 % of 1,000 are reached with the second client, 95 % with the fourth."""
        amounts = [("a", 500.0), ("b", 300.0), ("c", 100.0), ("d", 50.0), ("e", 50.0), ("f", 0.0)]
        self.assertEqual(classify(amounts), {"a": "a", "b": "a", "c": "b", "d": "b", "e": "c", "f": "c"})
        self.assertEqual(classify([("only", 5.0)]), {"only": "a"})
        self.assertEqual(classify([]), {})
        self.assertEqual(classify([("x", -5.0), ("y", 0.0)]), {"x": "c", "y": "c"})

    def test_whoever_crosses_the_line_is_in(self):
        self.assertEqual(classify([("a", 79.0), ("b", 21.0)]), {"a": "a", "b": "a"})
        self.assertEqual(classify([("a", 80.0), ("b", 15.0), ("c", 5.0)]), {"a": "a", "b": "b", "c": "c"})

    @given(AMOUNTS)
    def test_properties(self, values):
        """Classes follow the rank; the As bring the first part of the sales, and without the last of them not yet."""
        amounts = list(enumerate(values))
        classes = classify(amounts)
        ranked = sorted(amounts, key=lambda pair: (-pair[1], pair[0]))
        self.assertEqual(len(classes), len(values))
        letters = [classes[key] for key, _amount in ranked]
        self.assertEqual(letters, sorted(letters))
        total = sum(amount for amount in values if amount > 0)
        best = [amount for key, amount in ranked if classes[key] == "a"]
        if total:
            self.assertGreaterEqual(sum(best), 0.8 * total - 1e-6)
            self.assertLess(sum(best[:-1]), 0.8 * total)


@tagged("post_install", "-at_install")
class TestEffect(BaseCase):
    def test_baseline(self):
        first, last = date(2026, 3, 1), date(2026, 3, 31)
        self.assertEqual(baseline(BEFORE, first, last), (date(2026, 1, 29), date(2026, 2, 28)))
        self.assertEqual(baseline(YEAR, first, last), (date(2025, 3, 1), date(2025, 3, 31)))
        self.assertEqual(
            baseline(YEAR, date(2028, 2, 29), date(2028, 3, 1)), (date(2027, 2, 28), date(2027, 3, 1))
        )
        with self.assertRaises(ValueError):
            baseline("other", first, last)

    @given(st.dates(date(2001, 1, 1), date(2100, 1, 1)), st.integers(0, 800), st.sampled_from([BEFORE, YEAR]))
    def test_as_many_days(self, first, length, kind):
        start, stop = baseline(kind, first, first + timedelta(days=length))
        self.assertEqual((stop - start).days, length)
        self.assertLess(start, first)

    def test_days_passed(self):
        days = [days_passed(date(2026, 3, 1), date(2026, 3, 30), date(2026, *day)) for day in (
            (2, 28), (3, 1), (3, 10), (3, 30), (4, 5))]  # fmt: skip
        self.assertEqual(days, [0, 1, 10, 30, 30])

    def test_numbers(self):
        self.assertEqual(forecast(100.0, 10, 30), 300.0)
        self.assertIsNone(forecast(0.0, 0, 30))
        self.assertEqual((change(120.0, 100.0), change(80.0, 100.0)), (20.0, -20.0))
        for value, before in ((5.0, 0.0), (5.0, None), (None, 5.0), (5.0, -1.0)):
            self.assertIsNone(change(value, before))
        self.assertEqual((share(3, 12), share(0, 12), share(3, 0), share(3, None)), (25.0, 0.0, None, None))

    def test_outcome(self):
        """What is beyond the days before goes on growing, whenever they were sold in; nothing is sold back."""
        self.assertEqual(outcome(450.0, 300.0, 700.0, 10, 30), 1150.0)
        self.assertEqual(outcome(450.0, 300.0, 300.0, 10, 30), 750.0)
        self.assertEqual(
            outcome(300.0, 300.0, 700.0, 10, 30), 700.0, "as much as before so far: as much in all"
        )
        self.assertEqual(outcome(10.0, 300.0, 700.0, 1, 30), 10.0)
        self.assertIsNone(outcome(0.0, 0.0, 700.0, 0, 30))
