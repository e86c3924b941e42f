from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools.float_utils import float_round

from ..tools import payout
from ..tools.payout import Limits

DAY = timedelta(days=1)
SMALL = st.integers(-1000, 1000).map(lambda n: n / 4)
RATES = st.integers(0, 100000).map(lambda n: n / 10000)
MONEY = st.integers(-100000, 100000).map(lambda n: n / 100)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def cents(amount):
    return float_round(amount, precision_digits=2)


@st.composite
def limits(draw):
    low, high = sorted((draw(MONEY), draw(MONEY)))
    return Limits(draw(st.sampled_from((None, low))), draw(st.sampled_from((None, high))))


@tagged("post_install", "-at_install")
class TestPayout(BaseCase):
    def test_points_in_money(self):
        cases = [  # points, rate, minus rate, limits, full, amount, limit reached
            (12, 5, 5, Limits(), 60.0, 60.0, None),
            (-14, 5, 5, Limits(), -70.0, -70.0, None),
            (-14, 5, 5, Limits(floor=-50), -70.0, -50.0, "floor"),
            (-14, 5, 5, Limits(floor=0), -70.0, 0.0, "floor"),  # no fines
            (-10, 5, 5, Limits(floor=-50), -50.0, -50.0, None),  # just at it
            (12, 5, 5, Limits(cap=50), 60.0, 50.0, "cap"),
            (10, 5, 5, Limits(cap=50), 50.0, 50.0, None),
            (-4, 5, 2.5, Limits(), -10.0, -10.0, None),
            (-4, 5, 0, Limits(), 0.0, 0.0, None),
            (0, 5, 5, Limits(), 0.0, 0.0, None),
            (0, 5, 5, Limits(floor=10), 0.0, 10.0, "floor"),  # a guaranteed amount
            (3, 0.3333, 0, Limits(), 1.0, 1.0, None),
            (0.1 + 0.2, 10, 10, Limits(cap=3), 3.0, 3.0, None),
        ]
        for points, rate, minus, limit, full, amount, reached in cases:
            with self.subTest(points=points, rate=rate, minus=minus, limit=limit):
                pay = payout.pay_points(points, rate, minus, limit, cents)
                self.assertEqual((pay.full, pay.amount, pay.limit), (full, amount, reached))

    def test_no_minus_zero(self):
        self.assertEqual(str(payout.pay_points(-4, 5, 0, Limits(), cents).amount), "0.0")

    def test_floor_above_cap(self):
        with self.assertRaises(ValueError):
            Limits(floor=10, cap=5)

    def test_limit_total(self):
        cases = [  # amounts, limits, correction, limit reached
            ([60, -20], Limits(), 0.0, None),
            ([60, 60, 60], Limits(cap=100), -80.0, "cap"),
            ([-60, -60], Limits(floor=-100), 20.0, "floor"),
            ([-60, 10], Limits(floor=0), 50.0, "floor"),
            ([0.1] * 3, Limits(cap=0.3), 0.0, None),
            ([], Limits(), 0.0, None),
            ([], Limits(floor=100), 100.0, "floor"),
        ]
        for amounts, limit, correction, reached in cases:
            with self.subTest(amounts=amounts, limit=limit):
                self.assertEqual(payout.limit_total(amounts, limit, cents), (correction, reached))

    def test_week_to_month(self):
        cases = [  # day, month that pays it by the week
            ("2026-09-28", "2026-10-01"),  # Monday of the week that ends on 4 October
            ("2026-09-27", "2026-09-01"),  # the Sunday before
            ("2026-10-31", "2026-11-01"),  # Saturday, its Sunday is 1 November
            ("2026-11-01", "2026-11-01"),
            ("2026-12-28", "2027-01-01"),  # week 53 of 2026 ends on 3 January
            ("2027-01-03", "2027-01-01"),
            ("2024-12-30", "2025-01-01"),  # week 1 of 2025 begins in 2024
            ("2024-02-26", "2024-03-01"),
            ("2023-01-01", "2023-01-01"),  # Sunday: the week of December belongs to January
            ("2022-12-26", "2023-01-01"),
        ]
        for day, month in cases:
            with self.subTest(day=day):
                found = payout.pay_month("week", date.fromisoformat(day))
                self.assertEqual(found, date.fromisoformat(month))

    def test_run_span(self):
        cases = [  # month, first day that its run may pay, last one
            ("2026-10-01", "2026-09-28", "2026-10-31"),
            ("2026-06-01", "2026-06-01", "2026-06-30"),  # begins on a Monday
            ("2026-11-01", "2026-10-26", "2026-11-30"),  # begins on a Sunday
            ("2026-01-01", "2025-12-29", "2026-01-31"),
        ]
        for month, first, last in cases:
            with self.subTest(month=month):
                span = payout.run_span(date.fromisoformat(month))
                self.assertEqual(span, (date.fromisoformat(first), date.fromisoformat(last)))

    def test_unknown_basis(self):
        for basis in ("day", "year", ""):
            with self.assertRaises(ValueError):
                payout.pay_period(basis, date(2026, 1, 1))

    @settings(deadline=None)
    @given(DAYS)
    def test_every_week_in_one_month(self, day):
        first, last = payout.pay_period("week", day)
        self.assertEqual(
            (first.isocalendar()[:2], first.weekday(), last - first), (day.isocalendar()[:2], 0, 6 * DAY)
        )
        months = {payout.pay_month("week", first + i * DAY) for i in range(7)}
        self.assertEqual(len(months), 1)
        month = months.pop()
        span_first, span_last = payout.run_span(month)
        self.assertTrue(span_first <= first and last <= span_last, "the month's run reads the whole week")

    @settings(deadline=None)
    @given(SMALL, RATES, RATES, limits())
    def test_within_limits(self, points, rate, minus, limit):
        pay = payout.pay_points(points, rate, minus, limit, cents)
        self.assertEqual(pay.amount, cents(pay.amount))
        self.assertTrue(limit.floor is None or pay.amount >= limit.floor)
        self.assertTrue(limit.cap is None or pay.amount <= limit.cap)
        if pay.limit is None:
            self.assertEqual(pay.amount, pay.full)

    @settings(deadline=None)
    @given(SMALL, SMALL, RATES, RATES, limits())
    def test_more_points_never_less_money(self, one, other, rate, minus, limit):
        low, high = sorted((one, other))
        amounts = [payout.pay_points(points, rate, minus, limit, cents).amount for points in (low, high)]
        self.assertLessEqual(*amounts)

    @settings(deadline=None)
    @given(st.lists(MONEY, max_size=12), limits())
    def test_total_is_sum_of_lines(self, amounts, limit):
        correction, reached = payout.limit_total(amounts, limit, cents)
        total = payout.total_money([*amounts, correction], cents)
        self.assertEqual(reached is None, correction == 0.0)
        self.assertEqual(total, payout.clamp(cents(sum(amounts)), limit, cents)[0])
