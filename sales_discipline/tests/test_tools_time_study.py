from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.time_study import (
    Person,
    hidden_groups,
    is_enough,
    mean_rate,
    minutes_between,
    money,
    summarize,
    timer_end,
)

MIDNIGHT = datetime(2026, 3, 11)


def at(hour, minute=0):
    return datetime(2026, 3, 10, hour, minute)


def person(number, selling=0, servicing=0, other=0, planned=480, estimate=None):
    minutes = {"selling": selling, "servicing": servicing, "other": other}
    return Person(number, minutes, planned, estimate)


PEOPLE = st.lists(
    st.builds(
        person,
        st.just(1),
        st.integers(0, 900),
        st.integers(0, 900),
        st.integers(0, 900),
        st.integers(0, 2400),
        st.none() | st.floats(0, 100),
    ),
    max_size=8,
)


@tagged("post_install", "-at_install")
class TestToolsTimeStudy(BaseCase):
    def test_timer_end(self):
        cases = [
            # started, now, end of the working day -> end, whether it was cut
            (at(9), at(10), at(17), at(10), False),
            (at(9), at(23, 59), at(17), at(23, 59), False),  # overtime of the same day is work
            (at(9), MIDNIGHT, at(17), at(17), True),
            (at(9), MIDNIGHT + timedelta(days=3), at(17), at(17), True),
            (at(18), MIDNIGHT, at(17), at(19), True),  # after work: an hour
            (at(17), MIDNIGHT, at(17), at(18), True),
            (at(23, 30), MIDNIGHT, at(17), MIDNIGHT, True),
            (at(9), MIDNIGHT, None, at(10), True),  # a day off
            (at(9), at(8), at(17), at(9), False),  # a clock that was set back
        ]
        for started, now, day_end, *expected in cases:
            with self.subTest(started=started, now=now):
                self.assertEqual(list(timer_end(started, now, MIDNIGHT, day_end)), expected)

    def test_minutes(self):
        for seconds, minutes in [(0, 0), (29, 0), (30, 1), (89, 1), (90, 2), (3600, 60)]:
            with self.subTest(seconds):
                self.assertEqual(minutes_between(at(9), at(9) + timedelta(seconds=seconds)), minutes)

    def test_summarize(self):
        found = summarize([person(1, 240, 120, 120, estimate=20), person(2, 360, 60, 60)])
        self.assertEqual((found.total, found.idle, found.share, found.coverage), (960, 360, 37.5, 100.0))
        self.assertEqual(
            (found.estimate, found.gap), (20, 30.0)
        )  # of the first, who gave one: 50 % less 20 %
        nothing = summarize([person(1, estimate=30)])
        self.assertEqual(
            (nothing.share, nothing.coverage, nothing.estimate, nothing.gap), (None, 0.0, 30, None)
        )
        self.assertIsNone(summarize([person(1, 60, planned=0)]).coverage)
        self.assertEqual(summarize([]).share, None)

    def test_enough(self):
        cases = [((240, 480), 50, True), ((239, 480), 50, False), ((0, 0), 0, False), ((1, 0), 50, True)]
        for (entered, planned), limit, expected in cases:
            with self.subTest(entered=entered, planned=planned):
                self.assertEqual(is_enough(person(1, entered, planned=planned), limit), expected)

    def test_money(self):
        self.assertEqual((money(90, 40.0), money(90, None)), (60.0, None))
        self.assertEqual((mean_rate([10, 20]), mean_rate([10, None]), mean_rate([])), (15, None, None))

    def test_hidden(self):
        cases = [
            ({"a": 5, "b": 4}, set()),
            ({"a": 5, "b": 2}, {"a", "b"}),  # b would be the whole less a
            ({"a": 5, "b": 2, "c": 1}, {"b", "c"}),  # three people together
            ({"a": 5, "b": 4, "c": 2}, {"b", "c"}),
            ({"a": 2}, {"a"}),
            ({"a": 3}, set()),
            ({}, set()),
        ]
        for sizes, expected in cases:
            with self.subTest(sizes):
                self.assertEqual(hidden_groups(sizes, 3), expected)

    @given(PEOPLE)
    def test_summary_adds_up(self, people):
        found = summarize(people)
        self.assertEqual(found.total, sum(found.minutes.values()))
        self.assertEqual(found.idle + found.minutes["selling"], found.total)
        if found.share is not None:
            shares = [one for one in map(summarize, ([p] for p in people)) if one.share is not None]
            self.assertLessEqual(min(one.share for one in shares) - 1e-9, found.share)
            self.assertGreaterEqual(max(one.share for one in shares) + 1e-9, found.share)

    @given(st.dictionaries(st.integers(0, 9), st.integers(1, 6), max_size=6))
    def test_nothing_private_follows(self, sizes):
        hidden = hidden_groups(sizes, 3)
        self.assertTrue(all(size >= 3 for key, size in sizes.items() if key not in hidden))
        untold = sum(sizes[key] for key in hidden)
        self.assertTrue(untold == 0 or untold >= 3 or len(hidden) == len(sizes))
