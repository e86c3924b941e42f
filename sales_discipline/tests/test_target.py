from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..models.discipline_target_lock import get_changed
from .freeze_common import FreezeCase


@tagged("post_install", "-at_install")
@freeze_time("2026-05-12 12:00:00")
class TestTarget(FreezeCase):
    """Targets of people, teams and the company, and that closed periods stay as they were judged.

    Monthly plan since March: companies added, 10 each. March and April are frozen, May is open.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.targets = cls.env["discipline.target"]
        cls.metric = cls._metric("companies_added")
        cls.plan = cls._make_plan(("companies_added", 10.0), period="month")
        cls.year = cls._target(cls.e_anna, 20.0, "2026-01-01", "2026-12-31")
        cls.team = cls._target(cls.north, 30.0, "2026-01-01", "2026-12-31", scope="team")
        cls.whole = cls._target(cls.company, 50.0, "2026-01-01", "2026-12-31", scope="company")
        cls._score("2026-05-12 12:00:00")

    @classmethod
    def _prepare(cls, owner, amount, first, last, **vals):
        name = {"crm.team": "team_id", "hr.employee": "employee_id"}.get(owner._name)
        base = {"metric_id": cls.metric.id, "company_id": cls.company.id, "amount": amount}
        base.update({"date_from": first, "date_to": last}, **({name: owner.id} if name else {}))
        return {**base, **vals}

    @classmethod
    def _target(cls, *args, **vals):
        return cls.env["discipline.target"].create(cls._prepare(*args, **vals))

    def test_cards_are_frozen_with_it(self):
        for day, state in (("2026-03-01", "frozen"), ("2026-04-01", "frozen"), ("2026-05-01", "open")):
            card = self._card(self.e_anna, day)
            self.assertEqual((card.state, card.line_ids.target), (state, 20), day)
        self.assertEqual(self._card(self.e_boris, "2026-04-01").line_ids.target, 10)

    def test_company(self):
        self.assertEqual(self.whole.display_name, "Companies Added – Discipline & Co")
        for vals in ({"employee_id": self.e_anna.id}, {"team_id": self.north.id}):
            with self.subTest(vals), self._refused(ValidationError, "'Company as a whole'"):
                self._target(self.company, 1, "2027-01-01", "2027-01-31", scope="company", **vals)
        with self._refused(ValidationError, "There is a target for .*Discipline & Co"):
            self._target(self.company, 1, "2026-12-31", "2027-01-31", scope="company")
        self._target(self.company, 1, "2027-01-01", "2027-01-31", scope="company")

    def test_amount_is_a_number(self):
        for amount in (float("nan"), float("inf")):
            with self._refused(ValidationError, "'Value'"):
                self._target(self.e_anna, amount, "2027-01-01", "2027-01-31")

    def test_closed_is_refused(self):
        """Nothing that changes what a frozen card was judged by, neither as manager nor as administrator."""
        april = ("2026-04-01", "2026-04-30")
        changes = {
            "amount": lambda: self.year.write({"amount": 5}),
            "end before": lambda: self.year.write({"date_to": "2026-03-31"}),
            "begin after": lambda: self.year.write({"date_from": "2026-04-02"}),
            "other person": lambda: self.year.write({"employee_id": self.e_boris.id}),
            "other metric": lambda: self.year.write({"metric_id": self._metric("contacts_added").id}),
            "other period": lambda: self.year.write({"period": "week"}),
            "gone": self.year.unlink,
            "team": lambda: self.team.write({"amount": 5}),
            "team gone": self.team.unlink,
            "company": lambda: self.whole.write({"amount": 5}),
            "company gone": self.whole.unlink,
            "new": lambda: self._target(self.e_boris, 5, *april),
            "new for each": lambda: self._target(self.north, 5, *april),
            "new team": lambda: self._target(self.south, 5, *april, scope="team"),
            "new from outside": lambda: self._target(self.e_carla, 5, "2025-01-01", "2027-01-01"),
        }
        for user in (self.mark, self.env.ref("base.user_root")):
            self.year, self.team, self.whole, self.targets = (
                records.with_user(user) for records in (self.year, self.team, self.whole, self.targets)
            )
            for name, change in changes.items():
                with self.subTest(name, user=user.login):
                    with self._refused(UserError, "closed until 0?4/30/2026.*'Valid until'.*'Valid from'"):
                        change()
        self.env.invalidate_all()
        self.assertEqual((self.year.amount, self.year.date_to), (20, date(2026, 12, 31)))

    def test_open_is_allowed(self):
        year = self.year.with_user(self.mark)
        year.write({"date_to": "2026-04-30"})  # ends with the last closed period
        may = self._target(self.e_anna, 25.0, "2026-05-01", "2026-05-31")
        self._score("2026-05-12 12:00:00")
        self.assertEqual(self._card(self.e_anna, "2026-05-01").line_ids.target, 25)
        self.assertEqual(self._card(self.e_anna, "2026-04-01").line_ids.target, 20)
        may.with_user(self.mark).unlink()
        year.write({"date_to": "2027-12-31"})
        self._target(self.e_carla, 5, "2026-04-02", "2026-05-31")  # in force for no period that began before
        for other in (
            {"period": "week"},
            {"metric_id": self._metric("contacts_added").id},
        ):
            self._target(self.e_boris, 5, "2026-04-01", "2026-04-30", **other)
        self._target(self.e_mark, 5, "2026-04-01", "2026-04-30")  # has no card

    def test_what_has_changed(self):
        key, day = (1, 2), date.fromisoformat
        base = ((*key, day("2026-03-01"), day("2026-03-31")), 5.0)
        cases = [
            (("2026-03-01", "2026-03-31", 5.0), []),
            (("2026-03-01", "2026-03-20", 5.0), [("2026-03-21", "2026-03-31")]),
            (("2026-03-01", "2026-04-02", 5.0), [("2026-04-01", "2026-04-02")]),
            (("2026-02-28", "2026-03-31", 5.0), [("2026-02-28", "2026-02-28")]),
            (
                ("2026-02-27", "2026-03-30", 5.0),
                [("2026-02-27", "2026-02-28"), ("2026-03-31", "2026-03-31")],
            ),
            (
                ("2026-04-01", "2026-04-30", 5.0),
                [("2026-03-01", "2026-03-31"), ("2026-04-01", "2026-04-30")],
            ),
            (
                ("2026-03-01", "2026-03-20", 6.0),
                [("2026-03-01", "2026-03-31"), ("2026-03-01", "2026-03-20")],
            ),
        ]
        for (first, last, amount), expected in cases:
            parts = get_changed(base, ((*key, day(first), day(last)), amount))
            self.assertEqual([(str(span[-2]), str(span[-1])) for span, _amount in parts], expected)

    def test_queries_do_not_grow(self):
        people = self.e_anna + self.e_boris + self.e_carla + self.e_lena + self.e_luis
        rows = [
            self._prepare(employee, 1, f"20{year}-01-01", f"20{year}-12-31")
            for employee in people
            for year in range(30, 38)
        ]
        self._target(self.e_mark, 1, "2030-01-01", "2030-12-31")  # what is asked once only
        few, _made = self._count_queries(self.targets.create, rows[:4])
        many, made = self._count_queries(self.targets.create, rows[4:])
        self.assertEqual(many, few)
        few, _gone = self._count_queries(made[:3].unlink)
        many, _gone = self._count_queries(made[3:].unlink)
        self.assertEqual(many, few)

    def test_who_sees_the_company(self):
        for user in (self.anna, self.lena, self.paula, self.olga):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.whole.with_user(user).read(["amount"])
        self.assertEqual(self.whole.with_user(self.mark).amount, 50)
        self.assertFalse(self.targets.with_user(self.lena).search([("scope", "=", "company")]))
