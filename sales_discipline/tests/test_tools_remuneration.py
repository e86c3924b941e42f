from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools.float_utils import float_compare, float_round

from ..tools import remuneration
from ..tools.ladder import Step, climb, falls, loss, marginal, whole
from ..tools.remuneration import Guard, Portion

HANDBOOK = [Step(200_000, 5), Step(400_000, 7)]  # 5 % from 200,000, 7 % from 400,000
BASE = [Step(0, 50), Step(70, 75), Step(90, 90), Step(100, 100)]
VOLUMES = st.integers(-10_000_000, 100_000_000).map(lambda cents: cents / 100)


def cents(amount):
    return float_round(amount, precision_digits=2)


@st.composite
def ladders(draw, rising=False):
    thresholds = draw(st.lists(st.integers(0, 100_000_000), unique=True, max_size=6))
    values = draw(st.lists(st.integers(0, 3000), min_size=len(thresholds), max_size=len(thresholds)))
    if rising:
        thresholds, values = sorted(thresholds), sorted(values)
    return [Step(cents_ / 100, value / 100) for cents_, value in zip(thresholds, values, strict=True)]


@tagged("post_install", "-at_install")
class TestLadder(BaseCase):
    def test_climb(self):
        cases = [  # steps, result, value, next threshold
            ([], 10, 0, None),
            (HANDBOOK, None, 0, 200_000),
            (HANDBOOK, -1, 0, 200_000),
            (HANDBOOK, 0, 0, 200_000),
            (HANDBOOK, 199_999.99, 0, 200_000),
            (HANDBOOK, 200_000, 5, 400_000),
            (HANDBOOK, 399_999.99, 5, 400_000),
            (HANDBOOK, 400_000, 7, None),
            (HANDBOOK, 4_000_000, 7, None),
            (HANDBOOK[::-1], 200_000, 5, 400_000),  # order does not matter
            (BASE, 0, 50, 70),
            (BASE, 69.999, 50, 70),
            (BASE, 70, 75, 90),
            (BASE, 89.99999999, 90, 100),  # the noise of a mean is no reason to pay less
            (BASE, 98.4, 90, 100),
            (BASE, 100, 100, None),
            (BASE, 130, 100, None),
            ([Step(0, 0), Step(50, 100)], 49.99, 0, 50),
        ]
        for steps, result, value, following in cases:
            with self.subTest(steps=steps, result=result):
                found = climb(steps, result)
                self.assertEqual((found.value, found.next and found.next.threshold), (value, following))

    def test_missing(self):
        self.assertEqual(climb(HANDBOOK, 391_970).missing(391_970), 8_030)
        self.assertIsNone(climb(HANDBOOK, 400_000).missing(400_000))

    def test_commission(self):
        cases = [  # volume, mode, amount
            (199_999.99, "whole", 0),
            (200_000, "whole", 10_000),
            (399_999, "whole", 19_999.95),
            (400_000, "whole", 28_000),
            (0, "whole", 0),
            (-50_000, "whole", 0),
            (199_999.99, "marginal", 0),
            (200_000, "marginal", 0),
            (300_000, "marginal", 5_000),
            (400_000, "marginal", 10_000),
            (500_000, "marginal", 17_000),
            (-50_000, "marginal", 0),
            (200_000.1, "marginal", 0.01),  # half a cent and more is a cent
        ]
        for volume, mode, amount in cases:
            with self.subTest(volume=volume, mode=mode):
                self.assertEqual(remuneration.commission(volume, HANDBOOK, mode, cents), amount)
        self.assertEqual(remuneration.commission(1_000, [], "whole", cents), 0)
        self.assertEqual(remuneration.commission(1_000, [], "marginal", cents), 0)
        with self.assertRaises(ValueError):
            remuneration.commission(1_000, HANDBOOK, "half", cents)

    def test_commission_by_completion(self):
        steps = [Step(80, 3), Step(100, 5)]
        cases = [  # volume, target, mode, amount
            (79_999, 100_000, "whole", 0),
            (80_000, 100_000, "whole", 2_400),
            (100_000, 100_000, "whole", 5_000),
            (100_000, 100_000, "marginal", 600),
            (120_000, 100_000, "marginal", 1_600),
            (120_000, None, "whole", 0),  # no target: no completion
            (120_000, 0, "whole", 0),
        ]
        for volume, target, mode, amount in cases:
            with self.subTest(volume=volume, target=target, mode=mode):
                ladder = remuneration.commission_steps(steps, "completion", target)
                self.assertEqual(remuneration.commission(volume, ladder, mode, cents), amount)

    @given(ladders(rising=True), VOLUMES, VOLUMES)
    def test_more_sales_never_earn_less(self, steps, one, other):
        """On a ladder that never falls: in either mode."""
        low, high = sorted((one, other))
        for mode in ("whole", "marginal"):
            earned = [remuneration.commission(volume, steps, mode, cents) for volume in (low, high)]
            self.assertLessEqual(*earned)

    @given(ladders(), VOLUMES, VOLUMES)
    def test_more_sales_never_earn_less_step_by_step(self, steps, one, other):
        """Each step on its own part: whatever the ladder, also where it falls."""
        low, high = sorted((one, other))
        earned = [remuneration.commission(volume, steps, "marginal", cents) for volume in (low, high)]
        self.assertLessEqual(*earned)

    @given(ladders(), VOLUMES, VOLUMES)
    def test_what_is_said_of_a_loss_is_true(self, steps, one, other):
        """The rate reached on the whole volume: more sales earn less only beyond the step that is named, if there is one,
        and around it they do."""
        low, high = sorted((one, other))
        lost = loss(steps)
        if not lost or high < lost[0].threshold:
            earned = [remuneration.commission(volume, steps, "whole", cents) for volume in (low, high)]
            self.assertLessEqual(*earned)
        if lost:
            step, best, again = lost
            self.assertLess(whole(steps, step.threshold), best)
            below = max(s.threshold for s in steps if s.threshold < step.threshold)
            just = step.threshold - min(0.001, (step.threshold - below) / 2)
            self.assertAlmostEqual(whole(steps, just), best, 0)
            if again < float("inf"):
                self.assertGreaterEqual(again, step.threshold)
                self.assertGreaterEqual(whole(steps, again), best - 0.01)
            between = step.threshold + (min(again, 2 * step.threshold) - step.threshold) / 2
            self.assertLessEqual(whole(steps, between), best + 0.01)

    def test_loss(self):
        cases = [  # steps, threshold, best below it, as much again from
            ([], None),
            (HANDBOOK, None),
            ([Step(0, 5), Step(0.5, 0)], (0.5, 0.025, float("inf"))),
            ([Step(200_000, 7), Step(400_000, 5)], (400_000, 28_000, 560_000)),
            ([Step(10, 5), Step(20, 8), Step(30, 4), Step(40, 2)], (30, 2.4, 120)),
            ([Step(10, 5), Step(20, 8), Step(30, 4), Step(40, 9)], (30, 2.4, 40)),
            ([Step(-10, 5), Step(0, 4)], None),  # nobody is paid on less than nothing
        ]
        for steps, expected in cases:
            with self.subTest(steps=steps):
                found = loss(steps)
                self.assertEqual(found and (found[0].threshold, *found[1:]), expected)

    @given(ladders(), st.none() | st.integers(0, 200))
    def test_who_meets_the_plan_never_gets_less(self, steps, result):
        met, missed = (remuneration.base_percent(steps, result, waived).value for waived in (True, False))
        self.assertGreaterEqual(met, missed)
        self.assertGreaterEqual(met, 100)

    @given(ladders(), VOLUMES)
    def test_marginal_is_the_sum_of_its_parts(self, steps, volume):
        """Recounted franc by franc of the thresholds passed, whatever the order of the steps."""
        ordered = sorted(steps)
        expected, floor, rate = 0.0, None, 0.0
        for step in [*ordered, Step(float("inf"), 0)]:
            if floor is not None and volume > floor:
                expected += (min(volume, step.threshold) - floor) * rate / 100
            floor, rate = step.threshold, step.value
        self.assertEqual(float_compare(marginal(steps, volume), expected, 4), 0)

    @given(ladders(), VOLUMES)
    def test_whole_pays_a_rate_of_the_ladder(self, steps, volume):
        self.assertIn(
            cents(whole(steps, volume)),
            [cents(volume * rate / 100) for rate in (0, *(s.value for s in steps))],
        )

    def test_falls(self):
        self.assertIsNone(falls(HANDBOOK))
        self.assertIsNone(falls([]))
        self.assertEqual(falls([Step(10, 5), Step(5, 7)]), Step(10, 5))


@tagged("post_install", "-at_install")
class TestRemuneration(BaseCase):
    def test_percent(self):
        cases = [  # steps, result, waived, plain, percent
            (BASE, 98.4, False, False, 90),
            (BASE, 98.4, True, False, 100),
            (BASE, None, False, False, 0),
            (BASE, None, True, False, 100),
            ([], 40, False, False, 100),  # a base without a ladder is paid in full
            ([], 87.5, False, True, 87.5),  # a bonus without one follows the result
            ([], None, False, True, 0),
            ([Step(80, 50), Step(100, 100)], 87.5, False, True, 50),
        ]
        for steps, result, waived, plain, percent in cases:
            with self.subTest(steps=steps, result=result, waived=waived):
                found = remuneration.ladder_percent(steps, result, waived, plain)
                self.assertEqual((found.value, found.waived), (percent, waived))

    def test_base(self):
        cases = [  # portions, percent, amount
            ([Portion(60_000, 168, 168)], 90, 54_000),
            ([Portion(60_000, 84, 168)], 100, 30_000),  # half of the month
            ([Portion(60_000, 80, 160), Portion(80_000, 80, 160)], 100, 70_000),  # a rise in mid-month
            ([Portion(60_000, 200, 168)], 100, 60_000),  # never more than a month
            ([Portion(60_000, 0, 168)], 100, 0),
            ([Portion(60_000, 10, 0)], 100, 0),  # a month without working hours
            ([], 100, 0),
            ([Portion(100, 1, 3), Portion(100, 1, 3), Portion(100, 1, 3)], 100, 99.99),  # parts are rounded
        ]
        for portions, percent, amount in cases:
            with self.subTest(portions=portions, percent=percent):
                self.assertEqual(remuneration.base_pay(portions, percent, cents), amount)

    def test_composite(self):
        cases = [
            ([(50, 100), (30, 80), (20, 50)], 84),
            ([(50, 100), (50, None)], 100),
            ([(0, 100), (1, 40)], 40),
            ([(50, None)], None),
            ([], None),
        ]
        for results, value in cases:
            with self.subTest(results=results):
                self.assertEqual(remuneration.composite(results), value)

    def test_grades_move_after_so_many_months(self):
        cases = [  # held, reached, months, held afterwards
            (None, [2], 3, 2),
            (None, [None], 3, None),
            (1, [2, 2], 3, 1),
            (1, [2, 2, 2], 3, 2),
            (1, [2, 3, 3], 3, 2),  # the least that all months support
            (1, [3, 3, 3], 3, 3),
            (1, [2, 1, 2], 3, 1),
            (2, [1, 0, 1], 3, 1),
            (2, [0, 0, 0], 3, 0),
            (2, [0, None, 0], 3, 2),  # a month without data breaks the row
            (2, [0, 0, None], 3, 2),
            (2, [], 3, 2),
            (1, [2], 1, 2),
            (1, [0, 0, 0, 2, 2], 2, 2),
            (1, [2], 0, 2),
        ]
        for held, reached, months, after in cases:
            with self.subTest(held=held, reached=reached, months=months):
                self.assertEqual(remuneration.move_grade(held, reached, months), after)

    def test_guard(self):
        cases = [  # amounts, guard, what is added
            ([60_000, -5_000], Guard(), []),
            ([60_000, -15_000], Guard(max_reduction=20), [("max_reduction", 3_000)]),
            ([60_000, -12_000], Guard(max_reduction=20), []),  # just at it
            ([60_000, -12_000.01], Guard(max_reduction=20), [("max_reduction", 0.01)]),
            ([60_000, -15_000], Guard(guaranteed=50_000), [("guaranteed", 5_000)]),
            ([60_000, -15_000], Guard(guaranteed=45_000), []),
            (
                [60_000, -15_000],
                Guard(guaranteed=50_000, max_reduction=20),
                [("max_reduction", 3_000), ("guaranteed", 2_000)],
            ),
            ([60_000, -15_000], Guard(guaranteed=40_000, max_reduction=0), [("max_reduction", 15_000)]),
            ([], Guard(guaranteed=100), [("guaranteed", 100)]),
            ([-100], Guard(max_reduction=50), [("max_reduction", 100)]),
            ([-100], Guard(guaranteed=0), [("guaranteed", 100)]),
        ]
        for amounts, guard, added in cases:
            with self.subTest(amounts=amounts, guard=guard):
                self.assertEqual(remuneration.guard_lines(amounts, guard, cents), added)

    @given(
        st.lists(st.integers(-10_000_000, 10_000_000).map(lambda n: n / 100), max_size=8),
        st.integers(0, 20_000_000).map(lambda n: n / 100),
        st.integers(0, 100),
    )
    def test_the_guard_holds(self, amounts, guaranteed, percent):
        added = [
            amount for _name, amount in remuneration.guard_lines(amounts, Guard(guaranteed, percent), cents)
        ]
        self.assertTrue(all(amount > 0 for amount in added))
        self.assertGreaterEqual(cents(sum(amounts) + sum(added)), guaranteed)
        plus = sum(amount for amount in amounts if amount > 0)
        self.assertGreaterEqual(
            cents(sum(amounts) + sum(added)), cents(plus - cents(plus * percent / 100)) - 0.01
        )
