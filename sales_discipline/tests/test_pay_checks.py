from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestPayChecks(PayCase):
    """What a computed run asks its officer to look at."""

    def _computed(self, month="2026-09-01"):
        run = self._run(month)
        run.action_compute()
        return run

    def _people(self, run, check):
        action = run.with_context(check=check).action_open_check()
        return (
            self.env["discipline.statement"].with_user(self.officer).search(action["domain"]).mapped("name")
        )

    def _counts(self, run):
        return {name: run[name] for name in run._get_check_fields() if run[name]}

    def test_nothing(self):
        self._card(self.e_anna, "2026-09-08", 3)
        self._card(self.e_boris, "2026-09-08", 3)
        run = self._computed()
        self.assertEqual((self._counts(run), run.has_checks), ({}, False))

    def test_no_card(self):
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._computed()
        self.assertEqual(self._counts(run), {"no_card_count": 1})
        self.assertEqual(self._people(run, "no_card"), ["Boris"])

    def test_no_wage(self):
        """Who has a wage and was away all month is not without a wage."""
        self.e_anna.sudo().version_id.write({"contract_date_start": "2026-01-01", "wage": 1000})
        self._component("base")
        for employee in self.e_anna + self.e_boris:
            self._card(employee, "2026-09-08", 3)
        run = self._computed()
        self.assertEqual(self._counts(run), {"no_wage_count": 1})
        self.assertEqual(self._people(run, "no_wage"), ["Boris"])
        self.e_boris.sudo().version_id.wage = 1
        run.action_compute()
        self.assertEqual(self._counts(run), {})

    def test_no_wage_is_fine_where_none_is_paid(self):
        self._component("base", wage_source="fixed", fixed_amount=100)
        for employee in self.e_anna + self.e_boris:
            self._card(employee, "2026-09-08", 3)
        self.assertEqual(self._counts(self._computed()), {})

    def test_moved(self):
        """By more than the share: 30 % exactly is not more; who had no statement then has nothing to move from."""
        for employee, before, now in ((self.e_anna, 10, 13), (self.e_boris, 10, 6)):
            self._card(employee, "2026-08-05", before)
            self._card(employee, "2026-09-08", now)
        self._computed("2026-08-01")
        self._card(self._new_employee(self.lead), "2026-09-08", 1)
        run = self._computed()
        self.assertEqual(self._counts(run)["moved_count"], 1)
        self.assertEqual(self._people(run, "moved"), ["Boris"])
        boris = run.statement_ids.filtered(lambda s: s.name == "Boris")
        self.assertEqual((boris.previous_total, boris.total), (50.0, 30.0))
        self.company.discipline_moved_share = 29.9
        self.assertEqual(self._people(run, "moved"), ["Anna", "Boris"])
        self.assertEqual(run.moved_count, 2)
        self.company.discipline_moved_share = 40
        self.assertEqual(run.moved_count, 0)

    def test_a_month_left_out_moves_nothing(self):
        self._card(self.e_anna, "2026-07-07", 1)
        self._card(self.e_anna, "2026-09-08", 100)
        self._computed("2026-07-01")
        self.assertEqual(self._computed().moved_count, 0)

    def test_open_cards_and_no_scheme(self):
        self._card(self.e_anna, "2026-09-08", 3)
        self._card(self.e_boris, "2026-09-08", 3, state="open")
        self.scheme.action_draft()
        run = self._computed()
        self.assertTrue(run.has_checks)
        self.assertEqual((run.open_card_count, run.no_scheme_count), (1, 1))

    def test_confirm_is_not_blocked(self):
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._computed()
        self.assertTrue(run.has_checks)
        run.action_confirm()
        self.assertEqual((run.state, self._counts(run)), ("confirmed", {}))

    def test_access(self):
        run = self._computed()
        for user in (self.anna, self.lead, self.head):
            with self.assertRaises(AccessError):
                run.with_user(user).with_context(check="moved").action_open_check()
            with self.assertRaises(AccessError):
                run.with_user(user).read(["moved_count"])
