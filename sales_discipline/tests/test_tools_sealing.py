import json

from odoo.tests import BaseCase, tagged

from ..tools import sealing


def content(card=(), *lines):
    """A content of format 1: the card's values by name, and lines by name, the rest nothing."""
    card_names, line_names = sealing.FORMATS[1]
    values = [dict(card).get(name) for name in card_names]
    return json.dumps([1, values, [[line.get(name) for name in line_names] for line in lines]])


@tagged("post_install", "-at_install")
class TestToolsSealing(BaseCase):
    """How two contents of a card differ, and what a decision explains of it."""

    def test_differences(self):
        line = {"id": 1, "metric_id": 5, "actual": 2.0}
        same = content({"points": 1}, line)
        cases = [
            (same, []),
            (content({"points": 2}, line), [(None, None, "points", 1, 2)]),
            (content({"points": 1}, {**line, "actual": None}), [(1, 5, "actual", 2.0, None)]),
            (content({"points": 1}), [(1, 5, "id", 1, None)]),
            (content({"points": 1}, line, {"id": 2, "metric_id": 6}), [(2, 6, "id", None, 2)]),
        ]
        for stored, expected in cases:
            with self.subTest(expected):
                self.assertEqual(sealing.differences(same, stored), expected)

    def test_not_explained(self):
        def change(line_id, name):
            return sealing.Difference(line_id, 5, name, 1, 2)

        given, follows = change(1, "adjustment"), change(1, "points")
        total, fact, other = change(None, "points"), change(1, "actual"), change(2, "points")
        cases = [
            ("adjusted", [given, follows, total], []),
            ("adjusted", [follows, total], [follows]),
            ("adjusted", [given, fact, other], [fact, other]),
            ("adjusted", [change(None, "employee_id")], [change(None, "employee_id")]),
            ("excused", [follows, other, total], []),
            ("excused", [fact, change(2, "id")], [fact, change(2, "id")]),
        ]
        for what, changes, expected in cases:
            with self.subTest(what, changes=changes):
                self.assertEqual(sealing.not_explained(what, changes), expected)
