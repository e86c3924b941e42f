from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.payout import Limits
from ..tools.remuneration import Guard, settle

FREE, NONE = Limits(), Guard()
NO_FINES = Limits(floor=0.0)


def cents(amount):
    return round(amount, 2)


money = st.integers(-10_000_000, 10_000_000).map(lambda n: n / 100)
maybe = st.none() | st.integers(0, 20_000_000).map(lambda n: n / 100)


@tagged("post_install", "-at_install")
class TestSettle(BaseCase):
    def test_table(self):
        cases = [  # amounts, limits, guard, by hand; what the floor or cap adds, which, what the guard adds
            ([], FREE, NONE, [], 0, None, []),
            ([100, -30], FREE, NONE, [], 0, None, []),
            ([100, -30], Limits(floor=70), NONE, [], 0, None, []),  # just at it
            ([100, -30], Limits(floor=70.01), NONE, [], 0.01, "floor", []),
            ([100, -130], NO_FINES, NONE, [], 30, "floor", []),
            ([-30], NO_FINES, NONE, [], 30, "floor", []),
            ([], Limits(floor=50), NONE, [], 50, "floor", []),
            ([100], Limits(cap=100), NONE, [], 0, None, []),
            ([100.01], Limits(cap=100), NONE, [], -0.01, "cap", []),
            ([200, -50], Limits(cap=100), NONE, [], -50, "cap", []),
            ([200], Limits(floor=100, cap=100), NONE, [], -100, "cap", []),
            ([20], Limits(floor=100, cap=100), NONE, [], 80, "floor", []),
            # the guarantee
            ([100, -30], FREE, Guard(70), [], 0, None, []),
            ([100, -30], FREE, Guard(70.01), [], 0, None, [("guaranteed", 0.01)]),
            ([], FREE, Guard(70), [], 0, None, [("guaranteed", 70)]),
            ([], FREE, Guard(0), [], 0, None, []),
            ([-30], FREE, Guard(0), [], 0, None, [("guaranteed", 30)]),
            ([100, -130], NO_FINES, Guard(70), [], 30, "floor", [("guaranteed", 70)]),
            ([200], Limits(cap=50), Guard(70), [], -150, "cap", [("guaranteed", 20)]),
            ([200], Limits(cap=100), Guard(70), [], -100, "cap", []),
            # the share that minus amounts may take
            ([100, -20], FREE, Guard(None, 20), [], 0, None, []),
            ([100, -20.01], FREE, Guard(None, 20), [], 0, None, [("max_reduction", 0.01)]),
            ([100, -100], FREE, Guard(None, 0), [], 0, None, [("max_reduction", 100)]),
            ([100, -100], FREE, Guard(None, 100), [], 0, None, []),
            ([100, -130], FREE, Guard(None, 100), [], 0, None, [("max_reduction", 30)]),
            ([50, 50, -15, -15], FREE, Guard(None, 20), [], 0, None, [("max_reduction", 10)]),
            ([33.33, -20], FREE, Guard(None, 33), [], 0, None, [("max_reduction", 9)]),
            # a cap is no reduction: 20 % of the 100 that are left may go
            ([200], Limits(cap=100), Guard(None, 20), [], -100, "cap", []),
            ([200, -50], Limits(cap=100), Guard(None, 20), [], -50, "cap", []),
            # a floor gives back first what was taken
            ([100, -130], NO_FINES, Guard(None, 20), [], 30, "floor", [("max_reduction", 80)]),
            ([100, -130], Limits(floor=80), Guard(None, 20), [], 110, "floor", []),
            ([100, -30], Limits(floor=200), Guard(None, 20), [], 130, "floor", []),
            # both
            ([100, -50], FREE, Guard(90, 20), [], 0, None, [("max_reduction", 30), ("guaranteed", 10)]),
            ([100, -50], FREE, Guard(80, 20), [], 0, None, [("max_reduction", 30)]),
            # by hand: beside the floor and the cap, but not beside the guard
            ([100], Limits(cap=100), NONE, [50], 0, None, []),
            ([], NO_FINES, NONE, [-50], 0, None, []),
            ([100], FREE, Guard(70), [-50], 0, None, [("guaranteed", 20)]),
            ([100], FREE, Guard(None, 20), [-50], 0, None, [("max_reduction", 30)]),
            ([100, -20], FREE, Guard(None, 20), [-5], 0, None, [("max_reduction", 5)]),
            ([100, -50], FREE, Guard(None, 20), [100], 0, None, [("max_reduction", 10)]),
            ([], FREE, Guard(70), [30], 0, None, [("guaranteed", 40)]),
            # nobody earns more by a fine: the cap holds for what is given back
            ([120, -20], Limits(None, 100), Guard(None, 0), [], 0, None, []),
            ([120, -40], Limits(None, 100), Guard(None, 10), [], 0, None, [("max_reduction", 10)]),
        ]
        self.assertGreaterEqual(len(cases), 40)
        for amounts, limits, guard, manual, limited, limit, guarded in cases:
            with self.subTest(amounts=amounts, limits=limits, guard=guard, manual=manual):
                self.assertEqual(settle(amounts, limits, guard, cents, manual), (limited, limit, guarded))

    @given(
        st.lists(money, max_size=5),
        st.tuples(money, money).map(sorted),
        maybe,
        maybe,
        maybe,
        st.none() | st.integers(0, 100),
        st.lists(money, max_size=2),
    )
    def test_more_of_a_line_never_pays_less(self, amounts, line, low, high, guaranteed, percent, manual):
        """Whatever the limits and the guard: a line that is higher never makes the month lower."""
        low, high = sorted((low, high)) if None not in (low, high) else (low, high)
        totals = []
        for amount in line:
            rows = [*amounts, amount]
            settled = settle(rows, Limits(low, high), Guard(guaranteed, percent), cents, manual)
            totals.append(cents(sum(rows) + sum(manual) + settled.total))
        self.assertLessEqual(totals[0], totals[1] + 0.011)  # the part that may go is rounded

    @given(
        st.lists(money, max_size=8),
        maybe,
        maybe,
        maybe,
        st.none() | st.integers(0, 100),
        st.lists(money, max_size=3),
    )
    def test_what_always_holds(self, amounts, low, high, guaranteed, percent, manual):
        """Lines are whole cents, the sum of all keeps to the guarantee, and to the limits where nothing is guarded."""
        low, high = sorted((low, high)) if None not in (low, high) else (low, high)
        limits = Limits(low, high)
        settled = settle(amounts, limits, Guard(guaranteed, percent), cents, manual)
        added = [amount for _which, amount in settled.guarded]
        self.assertTrue(all(amount > 0 for amount in added))
        for amount in (settled.limited, *added):
            self.assertEqual(amount, cents(amount))
        total = cents(sum(amounts) + sum(manual) + settled.total)
        self.assertEqual(total, cents(sum([*amounts, *manual, settled.limited, *added])))
        if guaranteed is not None:
            self.assertGreaterEqual(total, guaranteed)
        earned = cents(sum(amounts) + settled.limited)
        self.assertTrue(low is None or earned >= low)
        self.assertTrue(high is None or earned <= high)
        if guaranteed is None and percent is None:
            self.assertFalse(added)
