from datetime import date, timedelta
from random import Random

from odoo import Command
from odoo.tests import freeze_time, tagged

from .program_common import ProgramCase


@tagged("post_install", "-at_install")
@freeze_time(ProgramCase.NOW)
class TestProgramEffect(ProgramCase):
    """The sales of the group beside those of the days compared with, and beside everybody else's."""

    def test_numbers(self):
        """Ten of thirty days have gone by, beside the first ten of the thirty before (30 January to 28 February)."""
        self._order(self.big, "2026-01-30 00:00:00", 100)  # the first moment
        self._order(self.big, "2026-02-08 23:59:59", 200)  # the last of the tenth day
        self._order(self.middle, "2026-02-09 00:00:00", 400)
        self._order(self.big, "2026-01-29 23:59:59", 9000)  # too early
        program = self._running(
            domain="[('name', 'in', ('Big', 'Middle'))]", planned_amount=200, planned_clients=2
        )
        self._order(self.big, "2026-03-02 10:00:00", 450)
        self._order(self.small, "2026-02-01 10:00:00", 100)
        self._order(self.small, "2026-03-05 10:00:00", 130)
        self.env.invalidate_all()
        self.assertEqual((program.day_count, program.days_passed), (30, 10))
        self.assertEqual((program.base_amount, program.base_now, program.amount), (700, 300, 450))
        self.assertEqual((program.effect_amount, program.forecast_amount), (150, 1150))
        self.assertEqual((program.forecast_effect, program.progress), (450, 225))
        self.assertEqual((program.client_count, program.ordered_count), (2, 1))
        self.assertEqual((program.ordered_share, program.client_progress), (50, 50))
        self.assertEqual((program.growth_share, program.has_growth), (50, True))
        self.assertEqual((program.others_amount, program.others_base), (130, 100))
        self.assertAlmostEqual(program.others_growth, 30)

    def test_year_before(self):
        self._order(self.big, "2025-03-05 10:00:00", 300)
        self._order(self.big, "2025-03-20 10:00:00", 100)
        program = self._running(domain="[('name', '=', 'Big')]", baseline="year")
        self.assertEqual((program.base_amount, program.base_now), (400, 300))

    def test_nothing_before(self):
        program = self._running(domain="[('name', '=', 'New')]")
        self.assertEqual((program.has_growth, program.has_others, program.growth_share), (False, False, 0))

    def test_days_of_the_company(self):
        """Midnight is where the company is."""
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        program = self._running(domain="[('name', '=', 'Big')]")
        self._order(self.big, "2026-02-28 14:59:59", 1)
        self._order(self.big, "2026-02-28 15:00:00", 10)
        self._order(self.big, "2026-03-30 14:59:59", 100)
        self._order(self.big, "2026-03-30 15:00:00", 1000)
        self.env.invalidate_all()
        self.assertEqual(program.amount, 110)

    def test_every_road(self):
        """Confirmed, changed, cancelled, shared, of another company, by SQL and the sweep."""
        program = self._running(domain="[('name', '=', 'Big')]")
        [row] = program.sudo().client_ids
        order = self._order(self.big, "2026-03-11 10:00:00", 100)
        self.assertEqual(
            (row.amount, row.order_count, row.ordered, str(row.last_order)), (100, 1, True, "2026-03-11")
        )
        with freeze_time("2026-03-12 10:00:00"):
            order.order_line.price_unit = 150
        self.assertEqual((row.amount, row.order_count), (150, 1))
        with freeze_time("2026-03-12 11:00:00"):
            shares = [Command.create({"user_id": user.id, "percent": 50}) for user in (self.anna, self.boris)]
            order.write({"discipline_credit_ids": shares} if "discipline_credit_ids" in order._fields else {})
        self.assertEqual((row.amount, row.order_count), (150, 1))
        with freeze_time("2026-03-13 10:00:00"):
            order._action_cancel()
        self.assertEqual(
            (row.amount, row.order_count, row.ordered, row.last_order), (0, 0, False, row.last_order)
        )
        self._order(self.big, "2026-03-13 11:00:00", 70, user=self.olga, company=self.outside)
        self.assertEqual(row.amount, 0)
        draft = self._order(self.big, "2026-03-13 12:00:00", 60, confirm=False)
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'sale', date_order = '2026-03-13 12:00:00' WHERE id = %s",
            draft.ids,
        )
        self.env.invalidate_all()
        with freeze_time("2026-03-14 01:00:00"):
            self.facts._capture("order_confirmed", origin="sweep")
        self.assertEqual((row.amount, row.order_count), (60, 1))

    def test_recount(self):
        """Fifty orders of five clients at random moments, some cancelled: the same as counted by hand."""
        random = Random(7)
        clients = [self.big, self.middle, self.small, self.new, self.customer]
        self.customer.user_id = self.anna
        program = self._running(at="2026-02-01 10:00:00", date_from="2026-02-01", date_to="2026-03-02")
        expected = {client.id: [0.0, 0] for client in clients}
        first, day = date(2026, 2, 1), timedelta(days=1)
        for _number in range(50):
            client = random.choice(clients)
            at = first + random.randint(-20, 37) * day
            amount = float(random.randint(1, 500))
            order = self._order(client, f"{at} {random.randint(0, 23):02}:30:00", amount)
            cancelled = at + random.randint(0, 5) * day if random.random() < 0.3 else None
            if cancelled:
                with freeze_time(f"{cancelled} 23:45:00"):
                    order._action_cancel()
            inside = [moment and first <= moment <= date(2026, 3, 2) for moment in (at, cancelled)]
            expected[client.id][0] += amount * (bool(inside[0]) - bool(inside[1]))
            expected[client.id][1] += bool(inside[0]) - bool(inside[1])
        self.env.invalidate_all()
        for row in program.sudo().client_ids:
            self.assertEqual([row.amount, row.order_count], expected[row.partner_id.id], row.partner_id.name)
            self.assertEqual(row.growth, row.amount - row.base_amount)
        self.assertNotIn(self.customer, program.client_ids.partner_id)
        self.assertAlmostEqual(
            program.amount, sum(expected[row.partner_id.id][0] for row in program.client_ids)
        )

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_statements(self):
        """A page of programs costs as much for one as for ten, a start as much for two clients as for forty."""
        names = ["client_count", "effect_amount", "forecast_effect", "progress", "task_progress"]
        programs = self.programs
        for number in range(10):
            programs += self._running(name=f"Program {number}").sudo()
        few, many = (self._count_again(some.read, names)[0] for some in (programs[:1], programs))
        self.assertEqual(few, many)
        counts = []
        for number in (2, 40):
            self.env["res.partner"].create(
                [
                    {"name": f"Many {number}", "is_company": True, "user_id": self.anna.id}
                    for _n in range(number)
                ]
            )
            program = self._make_program(domain=f"[('name', '=', 'Many {number}')]").sudo()
            counts.append(self._count_queries(program.action_start)[0])
        self.assertEqual(*counts)

    def test_confirmation(self):
        """An order costs one statement more, whatever is agreed on."""
        order = self._order(self.big, "2026-03-09 10:00:00", confirm=False)
        other = self._order(self.big, "2026-03-09 10:00:00", confirm=False)
        alone, _done = self._count_queries(order.action_confirm)
        for number in range(5):
            self._running(name=f"Program {number}")
        self.assertLessEqual(self._count_queries(other.action_confirm)[0], alone)
