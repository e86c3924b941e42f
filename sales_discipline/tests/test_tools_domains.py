from dataclasses import FrozenInstanceError
from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.domains import parse_domain
from ..tools.windows import Measure, Window

values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers() | st.text())
conditions = st.tuples(st.text(), st.sampled_from(["=", "!=", "in", "ilike", ">"]), values)


@tagged("post_install", "-at_install")
class TestToolsDomains(BaseCase):
    def test_read(self):
        cases = [
            (None, []),
            ("", []),
            ("  ", []),
            ("[]", []),
            ("[('a', '=', 1)]", [("a", "=", 1)]),
            ('[["a", "in", [1, 2]]]', [("a", "in", [1, 2])]),
            (
                "['|', ('a', '=', False), '!', ('b.c', '=', None)]",
                ["|", ("a", "=", False), "!", ("b.c", "=", None)],
            ),
            ("\n[('a', '=', 'today -7d'),\n]", [("a", "=", "today -7d")]),
        ]
        for text, expected in cases:
            with self.subTest(text=text):
                self.assertEqual(parse_domain(text), expected)

    def test_long_texts_are_not_repeated(self):
        for text in ("x" * 1_000_000, repr([("a", "=", "x" * 1_000_000, 5)]), repr(["x" * 1_000_000])):
            with self.assertRaises(ValueError) as caught:
                parse_domain(text)
            self.assertLess(len(str(caught.exception)), 400)

    def test_refused(self):
        cases = [
            ("[('a', '=', 1)", "not a list of conditions"),
            ("[('a', '=', uid)]", "not a list of conditions"),
            ("[('a', '=', __import__('os').getcwd())]", "not a list of conditions"),
            ("[('a', '=', (lambda: 1)())]", "not a list of conditions"),
            ("[x for x in ()]", "not a list of conditions"),
            ("{'a': 1}", "not a list of conditions"),
            ("1", "not a list of conditions"),
            ("'a = 1'", "not a list of conditions"),
            ("[" * 5000, "not a list of conditions"),
            ("[('a', '=')]", "three parts"),
            ("[('a', '=', 1, 2)]", "three parts"),
            ("[1]", "three parts"),
            ("['or', ('a', '=', 1)]", "'or' is none of"),
            ("[(1, '=', 1)]", "texts"),
            ("[('a', None, 1)]", "texts"),
            ("[('a', '=', 1)]\x00", "not a list of conditions"),
        ]
        for text, message in cases:
            with self.subTest(text=text[:40]), self.assertRaisesRegex(ValueError, message):
                parse_domain(text)

    @given(st.lists(conditions | st.sampled_from("&|!")))
    @settings(deadline=None)
    def test_there_and_back(self, domain):
        self.assertEqual(parse_domain(repr(domain)), domain)

    @given(st.text())
    @settings(deadline=None)
    def test_any_text_is_read_or_refused(self, text):
        try:
            self.assertIsInstance(parse_domain(text), list)
        except ValueError as error:
            self.assertTrue(str(error))

    # ------------------------------------------------------------
    # Windows
    # ------------------------------------------------------------

    def test_window(self):
        day, start, stop = date(2026, 3, 10), datetime(2026, 3, 9, 23), datetime(2026, 3, 10, 23)
        for entered_by, as_of in (
            (datetime(2026, 3, 10, 17), datetime(2026, 3, 10, 17)),  # within the day
            (datetime(2026, 3, 12, 17), stop),  # a closing delay: the state is that of the period's end
        ):
            window = Window("key", (1,), start, stop, entered_by, day, day)
            self.assertEqual(window.as_of, as_of)
        with self.assertRaises(FrozenInstanceError):
            window.start = stop
        self.assertEqual(window, Window("key", (1,), start, stop, entered_by, day, day))
        self.assertEqual(len({window, window}), 1)

    def test_measure(self):
        self.assertEqual(Measure(None), (None, 0.0, ()))
        self.assertNotEqual(Measure(None), Measure(0.0), "no data is not zero")
