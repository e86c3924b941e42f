from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.assigning import Candidate, Wish, hand_out
from ..tools.working_time import after_working, next_at_work

NOW = datetime(2026, 3, 10, 12)
HOUR = timedelta(hours=1)
DAY = [(NOW.replace(hour=9), NOW.replace(hour=12, minute=30)), (NOW.replace(hour=13), NOW.replace(hour=17))]
WEEK = [(start + n * 24 * HOUR, stop + n * 24 * HOUR) for n in range(3) for start, stop in DAY]


@tagged("post_install", "-at_install")
class TestToolsAssigning(BaseCase):
    """Who gets what comes in, and how working time is counted, without a database."""

    def test_after_working(self):
        cases = [
            (NOW, 20, NOW + timedelta(minutes=20)),
            (NOW, 30, NOW + timedelta(minutes=30)),  # to the last minute before the break
            (NOW, 31, NOW.replace(hour=13, minute=1)),
            (NOW.replace(hour=20), 60, NOW.replace(day=11, hour=10)),
            (NOW.replace(hour=16, minute=45), 60, NOW.replace(day=11, hour=9, minute=45)),
            (NOW.replace(hour=7), 0, NOW.replace(hour=9)),
        ]
        for moment, minutes, expected in cases:
            with self.subTest(moment=moment, minutes=minutes):
                self.assertEqual(after_working(moment, minutes, WEEK), expected)
        self.assertEqual(after_working(NOW, 60, []), NOW + HOUR, "no schedule: by the clock")

    def test_next_at_work(self):
        self.assertEqual(next_at_work(NOW, WEEK), NOW)
        self.assertEqual(next_at_work(NOW.replace(hour=12, minute=30), WEEK), NOW.replace(hour=13))
        self.assertIsNone(next_at_work(NOW, []))

    @given(st.integers(0, 3000), st.integers(0, 1440))
    def test_working_time_adds_up(self, later, minutes):
        """What is worked between the two moments is what was asked for, brute force by the minute."""
        moment = NOW.replace(hour=0) + timedelta(minutes=later)
        stop = after_working(moment, minutes, WEEK)
        if stop < WEEK[-1][1]:
            worked = sum(
                any(a <= moment + timedelta(minutes=n) < b for a, b in WEEK)
                for n in range(int((stop - moment).total_seconds() // 60))
            )
            self.assertEqual(worked, minutes)

    def test_turns(self):
        """Each in turn, whoever waited longest first; who has little room gets less."""
        people = {n: Candidate(NOW, 3.0, last=NOW - n * HOUR) for n in (1, 2, 3)}
        wishes = [Wish(f"w{n}", frozenset((1, 2, 3))) for n in range(6)]
        self.assertEqual(list(hand_out(wishes, people, NOW).values()), [3, 2, 1, 3, 2, 1][:3] + [1, 2, 3])
        people[1] = Candidate(NOW, 1.0, load=1)
        self.assertNotIn(1, hand_out(wishes[:4], people, NOW).values())

    def test_at_work_first(self):
        """Somebody at work before somebody with room; if nobody is, whoever comes in first; nobody is better than none."""
        people = {
            "away": Candidate(NOW + HOUR, 5.0),
            "here": Candidate(NOW, 1.0, load=4),
            "unknown": Candidate(None, 9.0),
        }
        everybody = frozenset(people)
        self.assertEqual(hand_out([Wish(1, everybody)], people, NOW), {1: "here"})
        self.assertEqual(hand_out([Wish(1, everybody - {"here"})], people, NOW), {1: "away"})
        self.assertEqual(hand_out([Wish(1, frozenset({"unknown"}))], people, NOW), {1: "unknown"})
        self.assertEqual(hand_out([Wish(1, frozenset())], people, NOW), {})

    def test_who_wants_it(self):
        people = {1: Candidate(NOW, 5.0), 2: Candidate(NOW, 5.0, load=3)}
        self.assertEqual(hand_out([Wish(1, frozenset(people), frozenset({2}))], people, NOW), {1: 2})

    @given(st.lists(st.sets(st.integers(1, 4))), st.integers(0, 3))
    def test_everything_that_fits_is_given(self, fits, load):
        people = {n: Candidate(NOW, 1.0, load) for n in range(1, 4)}
        wishes = [Wish(n, frozenset(one)) for n, one in enumerate(fits)]
        given_to = hand_out(wishes, people, NOW)
        self.assertEqual(set(given_to), {wish.key for wish in wishes if wish.fits & set(people)})
        self.assertTrue(all(given_to[wish.key] in wish.fits for wish in wishes if wish.key in given_to))
