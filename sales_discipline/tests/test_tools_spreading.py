from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.sales_plan import add_months, combine, difference, merge_months, plan_bounds, total
from ..tools.spans import Span, amount_of, replace_months
from ..tools.spreading import Shares, grow, largest_remainder, spread, spread_matrix

WEIGHTS = st.lists(st.floats(0, 1e9), min_size=1, max_size=30)
MONTHS = [add_months(date(2026, 1, 1), number) for number in range(12)]


def parse(text):
    return date.fromisoformat(text)


@tagged("post_install", "-at_install")
class TestSpreading(BaseCase):
    """Totals over people and months."""

    def test_cases(self):
        cases = [
            ((100, [1, 1, 1], 1), [34, 33, 33]),
            ((100, [1, 1, 1], 1, 2), [33, 33, 34]),
            ((100, [1, 1, 1], 10), [40, 30, 30]),
            ((105, [1, 2], 10), [30, 75]),  # the odd five with the larger share
            ((100, [0, 0], 1), [50, 50]),
            ((100, [0, 5], 1), [0, 100]),
            ((100, [-5, 5], 1), [0, 100]),
            ((0, [1, 2], 1), [0, 0]),
            ((0.1, [1, 1, 1], 0.01), [0.04, 0.03, 0.03]),
            ((7, [1], 100), [7]),
            ((1000, [3, 2, 2], 100), [400, 300, 300]),
        ]
        for arguments, expected in cases:
            with self.subTest(arguments):
                self.assertEqual(spread(*arguments), expected)
        for arguments in (
            (-1, [1], 1),
            (1, [1], 0),
            (1, [], 1),
            (float("nan"), [1], 1),
            (1, [1], float("inf")),
        ):
            with self.subTest(arguments), self.assertRaises(ValueError):
                spread(*arguments)

    @settings(deadline=None)
    @given(
        st.integers(0, 10**12), WEIGHTS, st.sampled_from([0.01, 0.5, 1, 10, 100, 1000]), st.integers(0, 11)
    )
    def test_the_sum_is_exact(self, cents, weights, step, start):
        amounts = spread(cents / 100, weights, step, start)
        self.assertEqual(sum(round(amount * 100) for amount in amounts), cents)
        self.assertTrue(all(amount >= 0 for amount in amounts))
        odd = [amount for amount in amounts if round(amount * 100) % round(step * 100)]
        self.assertLessEqual(len(odd), 1)

    @settings(deadline=None)
    @given(st.integers(0, 10**6), WEIGHTS)
    def test_fair(self, count, weights):
        """Nobody gets a whole piece more or less than their share, and nobody without weight gets any."""
        parts = largest_remainder(count, weights)
        whole = sum(weights)
        self.assertEqual(sum(parts), count)
        if whole > 0:
            for part, weight in zip(parts, weights, strict=True):
                self.assertLess(abs(part - count * (weight / whole)), 1 + 1e-6)
                self.assertFalse(part and not weight)

    @settings(deadline=None)
    @given(st.integers(0, 10**9), WEIGHTS, st.lists(st.floats(0, 1e6), min_size=1, max_size=12))
    def test_matrix(self, cents, rows, columns):
        table = spread_matrix(cents / 100, Shares(rows, columns), 100)
        self.assertEqual(sum(round(amount * 100) for row in table for amount in row), cents)
        self.assertEqual([len(row) for row in table], [len(columns)] * len(rows))

    def test_no_month_always_gets_more(self):
        table = spread_matrix(1_200_000, Shares([1] * 12, [1] * 12), 1000)
        months = [sum(column) for column in zip(*table, strict=True)]
        self.assertLessEqual(max(months) - min(months), 2000)

    def test_grow(self):
        cases = [
            ((1000, 10, 100), 1100),
            ((1049, 0, 100), 1000),
            ((1050, 0, 100), 1100),
            ((None, 10, 1), None),
        ]
        cases += [((100, -100, 1), 0), ((100, -150, 1), 0), ((0, 50, 1), 0), ((99.99, 10, 0.01), 109.99)]
        for arguments, expected in cases:
            with self.subTest(arguments):
                self.assertEqual(grow(*arguments), expected)


@tagged("post_install", "-at_install")
class TestSpans(BaseCase):
    """Single months of longer targets."""

    def test_cases(self):
        year = Span(parse("2026-01-01"), parse("2026-12-31"), 10.0)
        may, june = parse("2026-05-01"), parse("2026-06-01")
        result = replace_months({1: year}, {may: 12.0})
        self.assertEqual(result.changed, {1: Span(parse("2026-01-01"), parse("2026-04-30"), 10.0)})
        self.assertEqual(
            sorted(result.new),
            [Span(may, parse("2026-05-31"), 12.0), Span(june, parse("2026-12-31"), 10.0)],
        )
        result = replace_months({1: year}, {may: None, june: None})
        self.assertEqual((result.gone, len(result.new)), ([], 1))
        for months in ({may: 10.0}, {}):
            result = replace_months({1: year}, months)
            self.assertFalse(result.changed or result.new or result.gone)
        result = replace_months({1: Span(may, parse("2026-05-31"), 1.0)}, {may: 2.0})
        self.assertEqual((result.changed, result.new), ({1: Span(may, parse("2026-05-31"), 2.0)}, []))
        result = replace_months({1: Span(may, parse("2026-05-31"), 1.0)}, {may: None})
        self.assertEqual(result.gone, [1])
        result = replace_months({}, dict.fromkeys(MONTHS, 5.0))
        self.assertEqual(result.new, [Span(MONTHS[0], parse("2026-12-31"), 5.0)])

    @settings(deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 364), st.integers(0, 60), st.integers(0, 3)), max_size=5),
        st.dictionaries(st.sampled_from(MONTHS), st.none() | st.integers(0, 3)),
    )
    def test_every_month_has_what_it_should(self, drawn, months):
        spans, free = {}, parse("2026-01-01")
        for key, (start, length, amount) in enumerate(sorted(drawn)):
            first = max(free, parse("2026-01-01") + timedelta(days=start))
            spans[key] = Span(first, first + timedelta(days=length), amount)
            free = spans[key].last + timedelta(days=1)
        result = replace_months(spans, months)
        after = {key: span for key, span in spans.items() if key not in result.gone} | result.changed
        after = sorted([*after.values(), *result.new])
        for month in MONTHS:
            expected = months.get(month, amount_of(spans.values(), month))
            self.assertEqual(amount_of(after, month), expected, month)
        for left, right in zip(after, after[1:], strict=False):
            self.assertLess(left.last, right.first)


@tagged("post_install", "-at_install")
class TestSalesPlanTools(BaseCase):
    """Months, quarters, years; sums of what there is."""

    def test_periods(self):
        cases = {
            ("month", "2026-02-10"): ("2026-02-01", "2026-02-28"),
            ("quarter", "2026-02-10"): ("2026-01-01", "2026-03-31"),
            ("quarter", "2026-12-31"): ("2026-10-01", "2026-12-31"),
            ("year", "2024-02-29"): ("2024-01-01", "2024-12-31"),
        }
        for (period, day), expected in cases.items():
            self.assertEqual(tuple(map(str, plan_bounds(period, parse(day)))), expected)
        with self.assertRaises(ValueError):
            plan_bounds("week", parse("2026-01-01"))
        for number, expected in (
            (-1, "2025-12-01"),
            (0, "2026-01-01"),
            (12, "2027-01-01"),
            (-25, "2023-12-01"),
        ):
            self.assertEqual(str(add_months(parse("2026-01-01"), number)), expected)

    def test_runs(self):
        runs = merge_months([MONTHS[1], MONTHS[0], MONTHS[3]])
        self.assertEqual(
            [(str(a), str(b)) for a, b in runs], [("2026-01-01", "2026-02-28"), ("2026-04-01", "2026-04-30")]
        )

    def test_no_data_is_not_zero(self):
        self.assertIsNone(total([None, None]))
        self.assertEqual((total([None, 0.0]), total([1, None, 2])), (0.0, 3))
        self.assertEqual((combine([1, None, 3], True), combine([1, None, 3], False)), (4, 2))
        self.assertEqual((difference(3, 1), difference(None, 1), difference(1, None)), (2, None, None))
