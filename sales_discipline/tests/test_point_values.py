from datetime import date

from hypothesis import given, settings

from odoo import Command
from odoo.tests import BaseCase, tagged

from ..tools import payout
from ..tools.payout import Limits, Term
from .pay_common import DAY, PayCase
from .test_tools_payout import RATES, SMALL, cents, limits

WEDNESDAY = date(2026, 9, 9)


@tagged("post_install", "-at_install")
class TestPointsWorth(BaseCase):
    def test_worth(self):
        cases = [  # points so far, rate, minus rate, limits, change, worth
            (0, 5, 3, Limits(), 1, 5.0),
            (0, 5, 3, Limits(), -2, -6.0),
            (10, 5, 3, Limits(), -2, -10.0),  # what was earned is lost at the rate it was earned at
            (1, 5, 3, Limits(), -2, -8.0),
            (-4, 5, 3, Limits(), 1, 3.0),
            (0, 5, 3, Limits(floor=0), -2, 0.0),  # no fines
            (1, 5, 3, Limits(floor=0), -2, -5.0),
            (10, 5, 3, Limits(cap=50), 1, 0.0),
            (9, 5, 3, Limits(cap=50), 2, 5.0),
            (3, 5, 0, Limits(), -4, -15.0),
        ]
        for so_far, rate, minus, limit, change, worth in cases:
            with self.subTest(so_far=so_far, change=change, limit=limit):
                self.assertEqual(payout.points_worth(Term(so_far, rate, minus, limit), change, cents), worth)
        self.assertEqual(str(payout.points_worth(Term(0, 5, 0, Limits()), -1, cents)), "0.0")

    def test_no_fines(self):
        self.assertTrue(Term(0, 5, 0, Limits()).is_fine_free)
        self.assertTrue(Term(0, 5, 5, Limits(floor=0)).is_fine_free)
        self.assertFalse(Term(0, 5, 5, Limits(floor=-1)).is_fine_free)
        self.assertFalse(Term(0, 5, 5, Limits()).is_fine_free)

    @given(SMALL, SMALL, RATES, RATES, limits())
    @settings(max_examples=200)
    def test_worth_is_the_difference(self, so_far, change, rate, minus, limit):
        """What is said beside an indicator is what the pay of the period changes by."""
        term = Term(so_far, rate, minus, limit)
        before, after = (
            payout.pay_points(points, rate, minus, limit, cents).amount
            for points in (so_far, so_far + change)
        )
        worth = payout.points_worth(term, change, cents)
        self.assertAlmostEqual(worth, after - before, 6)
        self.assertTrue(worth == 0 or (worth > 0) == (change > 0))


@tagged("post_install", "-at_install")
class TestPointValues(PayCase):
    def _values(self, user=None, employees=None, day=WEDNESDAY, **args):
        schemes = self.env["discipline.scheme"].with_user(user or self.anna)
        return schemes._get_point_values((employees or self.e_anna).with_env(schemes.env), day, **args)

    def _money(self, value, points):
        return self.env["discipline.scheme"]._get_points_money(value, points)

    def test_value(self):
        self._week(self.e_anna, "2026-09-07", [3, -5])  # Monday and Tuesday
        self._card(self.e_anna, "2026-09-04", 100)  # of the week before
        self._card(self.e_anna, "2026-09-09", 50, state="open")
        self._card(self.e_anna, "2026-09-08", 50, period="week")
        value = self._values()[self.e_anna.id]
        self.assertEqual((value["rate"], value["minus_rate"], value["no_fines"]), (5.0, 5.0, False))
        self.assertEqual(value["currency_id"], self.company.currency_id.id)
        self.assertEqual([term.points for term in value["terms"]], [-2.0])
        self.assertEqual(self._money(value, 1), 5.0)
        self.assertEqual(self._money(value, -2), -10.0)

    def test_what_limits_leave(self):
        self.scheme.component_ids.write({"floor": 0, "cap": 20, "basis": "month"})
        self._week(self.e_anna, "2026-08-31", [3, 1, 0])  # four points, three of them of August
        value = self._values()[self.e_anna.id]
        self.assertTrue(value["no_fines"])
        self.assertEqual(self._money(value, 5), 15.0)
        self.assertEqual(self._money(value, -2), -5.0)

    def test_nothing_is_paid(self):
        """No scheme in force, or none with points of such plans: nothing is said, rather than zero."""
        self.assertFalse(self._values(day=date(2019, 12, 31)))
        self.assertFalse(self._values(card_period="week"))
        self.scheme.component_ids.write({"rate": 0, "minus_rate": 0})
        self.assertFalse(self._values())
        self.scheme.component_ids.write({"rate": 1})
        self.scheme.write({"date_to": WEDNESDAY})
        self.assertTrue(self._values())
        self.assertFalse(self._values(day=WEDNESDAY + DAY))
        self.scheme.write(
            {"date_to": False, "team_ids": [Command.create({"name": "South", "company_id": self.company.id})]}
        )
        self.assertFalse(self._values())

    def test_several_components(self):
        self.scheme.component_ids.copy({"rate": 2, "minus_rate": 0, "basis": "month", "has_floor": False})
        value = self._values()[self.e_anna.id]
        self.assertEqual((value["rate"], value["minus_rate"]), (7.0, 5.0))
        self.assertEqual((self._money(value, 2), self._money(value, -1)), (14.0, -5.0))

    def test_whose(self):
        """One's own; the teams' where leaders see pay; everybody's for who pays and for the head of sales."""
        everybody = self.e_anna | self.e_boris
        for user, seen in [
            (self.anna, self.e_anna),
            (self.lead, self.env["hr.employee"]),
            (self.head, everybody),
            (self.officer, everybody),
        ]:
            with self.subTest(user.name):
                self.assertEqual(set(self._values(user, everybody)), set(seen.ids))
        self.company.discipline_leaders_see_pay = True
        self.assertEqual(set(self._values(self.lead, everybody)), set(everybody.ids))
        self.team.user_id = self.head
        self.assertFalse(self._values(self.lead, everybody))
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user("stranger", "sales_discipline.group_payroll", other)
        self.assertFalse(self._values(stranger, everybody))

    def test_statements_do_not_grow(self):
        def count(employees):
            statements, values = self._count_again(self._values, self.officer, employees)
            self.assertEqual(len(values), len(employees))
            return statements

        few = count(self.e_anna | self.e_boris)
        users = [self._new_user(f"many{i}", "sales_team.group_sale_salesman") for i in range(18)]
        self.team.member_ids = [Command.link(user.id) for user in users]
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        many = self.env["hr.employee"].union(*(self._new_employee(user) for user in users))
        for employee in many:
            self._card(employee, WEDNESDAY, 1)
        self.assertEqual(count(self.e_anna | self.e_boris | many), few)
