from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import realism
from ..tools.realism import Result, Settings, judge


def month(number):
    """The first day of a month, counted from January 2025 as 0."""
    return date(2025 + number // 12, number % 12 + 1, 1)


def team(*missed, people=10, first=0, **values):
    """Results of `people` in one month after the other, of whom so many missed each: the first ones."""
    return [
        Result(
            person, month(first + index), 80.0 if below else 120.0, 80.0 if below else 120.0, below, **values
        )
        for index, count in enumerate(missed)
        for person in range(people)
        for below in [person < count]
    ]


@tagged("post_install", "-at_install")
class TestToolsRealism(BaseCase):
    """Too high a plan is told from people who need training."""

    def test_alarm(self):
        cases = [
            # below plan of ten, month by month
            ((7, 7, 7), "ok", 0),  # 70.0 % is not above 70 %
            ((8, 8, 8), "alarm", 3),
            ((8, 8), "ok", 2),
            ((8, 8, 7, 8, 8), "ok", 2),
            ((8, 8, 8, 7), "ok", 0),  # it is over
            ((0, 8, 8, 8), "alarm", 3),
            ((10, 10, 10, 10), "alarm", 4),
            ((0, 0, 0), "ok", 0),
            ((0,), "ok", 0),
            ((), "none", 0),
        ]
        for missed, state, in_row in cases:
            with self.subTest(missed=missed):
                verdict = judge(team(*missed), Settings())
                self.assertEqual((verdict.state, verdict.in_row), (state, in_row))

    def test_share_without_a_finite_decimal(self):
        """Two of three is 66.67 %, whatever floats make of it."""
        third = Settings(alarm_share=100 * 2 / 3, enough_people=3)
        self.assertEqual(judge(team(2, 2, 2, people=3), third).state, "ok")
        self.assertEqual(judge(team(3, 3, 3, people=3), third).state, "alarm")

    def test_few(self):
        self.assertEqual(judge(team(3, 3, 3, people=3), Settings()).state, "few")
        self.assertEqual(judge(team(4, 4, 4, people=4), Settings()).state, "alarm")
        mixed = team(4, people=4) + team(3, people=3, first=1) + team(4, 4, people=4, first=2)
        verdict = judge(mixed, Settings())
        self.assertEqual((verdict.state, verdict.in_row), ("ok", 2), "a month of three people says nothing")
        self.assertEqual(judge(team(4, 4, people=4) + team(3, people=3, first=2), Settings()).state, "few")

    def test_seasonal(self):
        seasonal = Settings(seasonal=frozenset({1, 2}))
        self.assertEqual(judge(team(10, 10, 10), seasonal).in_row, 1)
        self.assertEqual(judge(team(10, 10), seasonal).state, "none")
        # December, then January and February that do not count, then March and April
        verdict = judge(team(8, 0, 0, 8, 8, first=11), seasonal)
        self.assertEqual((verdict.state, verdict.in_row), ("alarm", 3))
        self.assertEqual([item.seasonal for item in verdict.months], [False, True, True, False, False])
        self.assertEqual(judge(team(8, 0, 0, 8, 8, first=11), Settings()).in_row, 2)
        # the last closed month is a seasonal one: the verdict is about the one before
        self.assertEqual(judge(team(8, 8, 8, 0, first=9), seasonal).judged.month, month(11))

    def test_gap(self):
        """A month of which nothing is known is not a month in a row."""
        self.assertEqual(judge(team(8, 8) + team(8, first=3), Settings()).in_row, 1)

    def test_left_out(self):
        away = [item._replace(person=item.person + 100, left_out=True) for item in team(5, 5, 5, people=5)]
        verdict = judge(team(7, 7, 7) + away, Settings())
        self.assertEqual(verdict.state, "ok")
        self.assertEqual([item[1:4] for item in verdict.months], [(10, 7, 5)] * 3)
        verdict = judge(away, Settings())
        self.assertEqual((verdict.state, verdict.months[0].share), ("few", None))

    def test_no_data(self):
        """No data is neither met nor missed."""
        unknown = [Result(100 + n, month(0), None, None, True) for n in range(20)]
        self.assertEqual(judge(unknown, Settings()).state, "none")
        verdict = judge(team(2) + unknown, Settings())
        self.assertEqual((verdict.state, verdict.months[0].people), ("ok", 10))

    def test_training(self):
        cases = [
            # whether somebody missed, month by month; how many of nine others did; (missed, of) or None
            ("111111", (0, 0, 0, 0, 0, 0), (6, 6)),
            ("111100", (0, 0, 0, 0, 0, 0), (4, 6)),
            ("111000", (0, 0, 0, 0, 0, 0), None),  # half is not most
            ("111", (0, 4, 4), (3, 3)),
            ("111", (5, 4, 4), None),  # in one of the three, most others missed it too
            ("1111", (9, 4, 4, 4), (3, 3)),
            ("11", (0, 0), None),
            ("000000", (9, 9, 9, 9, 0, 0), None),
            ("111111000", (0,) * 9, None),  # long ago: six months are looked at
            ("000111111", (0,) * 9, (6, 6)),
        ]
        for own, others, expected in cases:
            with self.subTest(own=own, others=others):
                results = [
                    Result(9, month(n), 1, 50.0 if miss == "1" else 100.0, miss == "1")
                    for n, miss in enumerate(own)
                ]
                for person in range(9):  # who of the others missed rotates, so that none of them stands out
                    for n, count in enumerate(others):
                        below = (person + 4 * n) % 9 < count
                        results.append(Result(person, month(n), 1, 50.0 if below else 100.0, below))
                verdict = judge(results, Settings())
                found = {item.person: item[1:] for item in verdict.training}
                self.assertEqual(found.get(9), expected)
                self.assertFalse(set(found) - {9})
                if expected and not verdict.in_row:
                    self.assertEqual(verdict.state, "training")

    def test_training_in_a_group_too_small(self):
        self.assertEqual(judge(team(1, 1, 1, people=3), Settings()).training, [])
        self.assertEqual(judge(team(1, 1, 1, people=4), Settings()).state, "training")
        grown = team(1, 1, 1, people=3) + team(0, people=4, first=3)
        self.assertEqual(judge(grown, Settings()).state, "ok", "months of three people do not tell")

    def test_excused(self):
        verdict = judge(team(2, 2, 2), Settings())
        self.assertEqual((verdict.state, len(verdict.training)), ("training", 2))
        self.assertEqual(realism.excuse(verdict, [0]), verdict._replace(training=verdict.training[1:]))
        self.assertEqual(realism.excuse(verdict, [0, 1])[0::4], ("ok", []))
        alarm = judge(team(8, 8, 8), Settings())
        self.assertEqual(realism.excuse(alarm, range(10)).state, "alarm")

    def test_most_constant_first(self):
        results = team(1, 1, 1, 1, 1, 0) + [Result(50, month(n), 1, 50.0, True) for n in range(6)]
        self.assertEqual(
            [tuple(item) for item in judge(results, Settings()).training], [(50, 6, 6), (0, 5, 6)]
        )

    def test_proposal(self):
        facts = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
        results = [
            Result(n, month(m), fact, fact / 2, True) for n, fact in enumerate(facts) for m in range(3)
        ]
        verdict = judge(results, Settings())
        self.assertEqual((verdict.state, verdict.proposal, verdict.scale), ("alarm", 50.0, 25))
        # lower is better: a plan of 10 minutes was missed by all
        slow = [item._replace(completion=1000 / item.fact) for item in results if item.fact > 10]
        verdict = judge(slow, Settings(), higher_is_better=False)
        self.assertEqual((verdict.state, verdict.proposal, verdict.scale), ("alarm", 70.0, 700))
        old = [
            item._replace(month=month(3), fact=item.fact * 10) for item in results if item.month == month(0)
        ]
        self.assertEqual(judge(results + old, Settings()).proposal, 70.0, "of the last three months")
        nothing = [item._replace(fact=0, completion=0.0) for item in results]
        self.assertEqual(judge(nothing, Settings())[-2:], (None, None), "a plan of nothing is none")
        self.assertIsNone(judge(team(7, 7, 7), Settings()).proposal)
        strict = Settings(alarm_share=30.0)
        self.assertEqual(judge(team(4, 4, 4), strict)[-2:], (None, None), "60 % meet the plan as it is")
        self.assertEqual(judge(team(5, 5, 5), strict)[-2:], (80.0, 80))

    def test_round_plan(self):
        cases = [
            (491_970, 491_000, 492_000),
            (500_000, 500_000, 500_000),
            (7, 7, 7),
            (12.5, 12.5, 12.5),
            (0.123456, 0.123, 0.124),
            (999_999, 999_000, 1_000_000),
            (0, 0, 0),
            (2.675, 2.67, 2.68),
            (0.1 + 0.2, 0.3, 0.3),
        ]
        for value, down, up in cases:
            with self.subTest(value=value):
                self.assertAlmostEqual(realism.round_plan(value), down, 9)
                self.assertAlmostEqual(realism.round_plan(value, higher_is_better=False), up, 9)

    def test_newcomer(self):
        cases = [
            # first day, month, newcomer within three months
            (date(2026, 3, 1), date(2026, 3, 1), True),
            (date(2026, 3, 1), date(2026, 5, 1), True),
            (date(2026, 3, 1), date(2026, 6, 1), False),
            (date(2026, 3, 2), date(2026, 6, 1), True),
            (date(2026, 3, 2), date(2026, 7, 1), False),
            (date(2025, 12, 1), date(2026, 2, 1), True),
            (date(2020, 1, 1), date(2026, 2, 1), False),
        ]
        for start, first, expected in cases:
            with self.subTest(start=start, month=first):
                self.assertIs(realism.is_newcomer(start, first, 3), expected)
        self.assertFalse(realism.is_newcomer(date(2026, 3, 1), date(2026, 3, 1), 0))

    def test_absent(self):
        cases = [(79.9, 160, True), (80, 160, False), (0, 160, True), (0, 0, False), (160, 160, False)]
        for hours, norm, expected in cases:
            with self.subTest(hours=hours):
                self.assertIs(realism.is_absent(hours, norm, 50.0), expected)


RESULTS = st.lists(
    st.builds(
        lambda person, number, fact, target, left_out: Result(
            person, month(number), fact, 100 * fact / target, fact < target, left_out
        ),
        st.integers(0, 7),
        st.integers(0, 6),
        st.integers(0, 20),
        st.integers(5, 15),
        st.booleans(),
    ),
    max_size=60,
    unique_by=lambda result: (result.person, result.month),
)
SETTINGS = st.builds(
    Settings,
    seasonal=st.frozensets(st.integers(1, 7), max_size=2),
    alarm_share=st.sampled_from([0.0, 50.0, 70.0, 75.0]),
    alarm_months=st.integers(1, 4),
    enough_people=st.integers(2, 5),
    met_share=st.sampled_from([1.0, 50.0, 60.0, 100.0]),
)


@tagged("post_install", "-at_install")
class TestToolsRealismProperties(BaseCase):
    @given(RESULTS, SETTINGS, st.randoms())
    @settings(max_examples=300, deadline=None)
    def test_alarm_as_the_words_say_it(self, results, rules, random):
        verdict = judge(results, rules)
        shuffled = list(results)
        random.shuffle(shuffled)
        self.assertEqual(judge(shuffled, rules), verdict, "the order of the results means nothing")
        present = {item.month for item in results if item.month.month not in rules.seasonal}
        if not present:
            self.assertEqual(verdict.state, "none")
            return
        run, last = [], max(present)
        for number in range(6, -1, -1):
            first = month(number)
            if first <= last and first.month not in rules.seasonal and len(run) < rules.alarm_months:
                counted = [item for item in results if item.month == first and not item.left_out]
                run.append((len(counted), sum(item.missed for item in counted)))
        above = [
            people >= rules.enough_people and 100 * missed > rules.alarm_share * people
            for people, missed in run
        ]
        self.assertEqual(verdict.state == "few", run[0][0] < rules.enough_people)
        self.assertEqual(verdict.state == "alarm", len(run) == rules.alarm_months and all(above))

    @given(RESULTS, SETTINGS)
    @settings(max_examples=200, deadline=None)
    def test_left_out_changes_nothing(self, results, rules):
        verdict = judge(results, rules)
        counted = judge([item for item in results if not item.left_out], rules)
        months = {item.month: item[1:3] for item in verdict.months if item.people}
        self.assertEqual({item.month: item[1:3] for item in counted.months}, months)
        lonely = {item.person for item in verdict.training}
        self.assertLessEqual(lonely, {item.person for item in results if not item.left_out})
        for item in verdict.training:
            self.assertGreater(2 * item.missed, item.of)
            self.assertGreaterEqual(item.of, rules.alarm_months)

    @given(st.lists(st.integers(1, 10**9), min_size=1), st.integers(1, 100), st.booleans())
    @settings(max_examples=300, deadline=None)
    def test_proposal_is_met_by_so_many(self, facts, share, higher):
        met = realism.reached_by(facts, share, higher)
        sign = 1 if higher else -1
        self.assertGreaterEqual(sum(sign * fact >= sign * met for fact in facts) * 100, share * len(facts))
        harder = [fact for fact in facts if sign * fact > sign * met]
        self.assertLess(len(harder) * 100, share * len(facts), "and no harder one is")
        rounded = realism.round_plan(met, higher)
        self.assertLessEqual(sign * rounded, sign * met + 1e-6)
        self.assertLessEqual(abs(rounded - met), 0.01 * met + 1e-6)
