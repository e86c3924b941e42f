from odoo.tests import BaseCase
from odoo.tools.float_utils import float_round

from ..tools import corrections

LADDER = [[200_000.0, 5.0, 1], [400_000.0, 7.0, 2]]


def cents(amount):
    return float_round(amount, precision_digits=2)


class TestToolsCorrections(BaseCase):
    def test_due(self):
        volume = {"steps": LADDER, "ladder_by": "volume", "mode": "whole"}
        parts = {**volume, "mode": "marginal"}
        completion = {"steps": [[80.0, 3.0], [100.0, 5.0]], "ladder_by": "completion", "mode": "whole"}
        base = {"steps": [[70.0, 75.0], [90.0, 90.0]]}
        month = {"wage": 60_000, "worked": 80, "norm": 160, "waived": False}
        points = {"rate": 5, "minus_rate": 4, "floor": -10, "cap": 50}
        cases = (
            ("commission", volume, {"volume": 199_999.99, "target": None}, 0),
            ("commission", volume, {"volume": 200_000, "target": None}, 10_000),
            ("commission", volume, {"volume": -5, "target": None}, 0),
            ("commission", parts, {"volume": 500_000, "target": None}, 17_000),
            ("commission", completion, {"volume": 90, "target": 100}, 2.7),
            ("commission", completion, {"volume": 90, "target": None}, 0),
            ("base", base, {**month, "efficiency": 89.9}, 22_500),
            ("base", base, {**month, "efficiency": None}, 30_000),
            ("base", base, {**month, "efficiency": 10, "waived": True}, 30_000),
            ("base", {"steps": []}, {**month, "efficiency": 10}, 30_000),
            ("kpi_bonus", {"steps": [], "fixed_amount": 1_000}, {"efficiency": 87.5}, 875),
            ("kpi_bonus", {"steps": [], "fixed_amount": 1_000}, {"efficiency": None}, 0),
            ("kpi_bonus", {"steps": [[80.0, 50.0]], "fixed_amount": 1_000}, {"efficiency": 80}, 500),
            ("points", points, {"points": 7}, 35),
            ("points", points, {"points": -2}, -8),
            ("points", points, {"points": -9}, -10),
            ("points", points, {"points": 99}, 50),
        )
        for kind, rule, numbers, expected in cases:
            with self.subTest(kind=kind, numbers=numbers):
                self.assertEqual(corrections.due(kind, rule, numbers, cents), expected)

    def test_limits(self):
        cases = (
            ((100, 50), {}, 0),
            ((100, 50), {"floor": None, "cap": 120}, -30),
            ((100, -250), {"floor": 0, "cap": None}, 150),
            ((100, -50), {"max_reduction": 20}, 30),
            ((100, -50), {"guaranteed": 80}, 30),
            ((100, 50), {"cap": 120, "guaranteed": 130}, 10 - 30),
            ((), {"floor": 5}, 5),
        )
        for amounts, rule, expected in cases:
            with self.subTest(amounts=amounts, rule=rule):
                self.assertEqual(corrections.limits(amounts, rule, cents), expected)

    def test_changes(self):
        before = [["o", 1, "A", 10.0], ["o", 2, "B", 5.0], ["o", 3, "C", 1.0]]
        after = [["o", 2, "B renamed", 5.0], ["o", 3, "C", 3.0], ["i", 1, "D", -4.0]]
        self.assertEqual(
            corrections.changes(before, after, cents),
            [(("o", 1), "A", 10, 0), (("i", 1), "D", 0, -4), (("o", 3), "C", 1, 3)],
        )
        self.assertFalse(corrections.changes(before, before, cents))
        self.assertFalse(corrections.changes([["o", 1, "A", 1.0]], [["o", 1, "A", 1.001]], cents))
