from datetime import date, datetime, timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import discipline_scorecard_cron, discipline_scorecard_due
from .engine_common import at
from .freeze_common import FreezeCase


def failing(original, errors: list):
    """A method that raises these errors first, one a call, and then does what the original does."""

    def method(self, *args):
        if errors:
            raise errors.pop()
        return original(self, *args)

    return method


@tagged("post_install", "-at_install")
class TestFreezeCron(FreezeCase):
    """The scheduled action through its own record, and what scoring costs."""

    def _run_cron(self, now):
        cron = self.env.ref("sales_discipline.cron_score")
        with freeze_time(now), self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()

    def _small_batches(self):
        for module in (discipline_scorecard_cron, discipline_scorecard_due):
            patcher = patch.object(module, "BATCH", 2)
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_cron(self):
        """Missed days come in their order, in batches, each with the one before; running again changes nothing."""
        self._small_batches()
        self._make_plan(("companies_added", 2.0), ("deals_open", 1.0), date_from="2026-03-09")
        counts = {9: 1, 10: 3, 11: 2, 12: 2}
        for day, count in counts.items():
            self._work(self.anna, f"2026-03-{day:02}", count, hour=8)
        self._run_cron("2026-03-13 01:00:00")
        cards = self.cards.search([("employee_id", "=", self.e_anna.id)], order="date_from")
        lines = [self._line(card, "companies_added") for card in cards]
        self.assertEqual([card.date_from.day for card in cards], [9, 10, 11, 12, 13])
        self.assertEqual(cards.mapped("state"), ["frozen"] * 4 + ["open"])
        self.assertEqual([line.actual for line in lines], [1, 3, 2, 2, 0])
        self.assertEqual([line.previous for line in lines], [0, 1, 3, 2, 2])
        self.assertEqual([line.trend for line in lines], ["none", "up", "down", "flat", "down"])
        self.assertEqual(set(cards[:4].mapped("frozen_at")), {at("2026-03-13 01:00")})
        self.assertEqual(self.cards.search_count([("state", "=", "frozen")]), 5 * 4)
        snapshot = self._snapshot()
        self._run_cron("2026-03-13 01:10:00")
        self.assertEqual(self._snapshot(), snapshot)

    def test_cron_and_score_agree(self):
        self._make_plan(("companies_added", 2.0), ("deals_open", 1.0), date_from="2026-03-09")
        self._work(self.anna, "2026-03-10", 3)
        savepoint = self.env.cr.savepoint()
        self._score("2026-03-11 08:00:00")
        expected = self._snapshot()
        savepoint.rollback()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self._run_cron("2026-03-11 08:00:00")
        self.assertEqual(self._snapshot(), expected)

    def test_order_of_the_work(self):
        """However it is interrupted, what has been done is the earlier days."""
        self._small_batches()
        self._make_plan(("companies_added", 2.0), date_from="2026-03-02")
        steps = self.cards._get_card_steps(at("2026-03-14 12:00:00"))
        self.assertGreater(len(steps), 20)
        days = [date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
        with (
            freeze_time("2026-03-14 12:00:00"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress,
        ):
            progress.side_effect = [60.0] * 7 + [0.0]  # the time is up after eight batches
            self.cards._cron_score()
        done = self.cards.search([])
        self.assertEqual(len(done), 2 + 2 + 1 + 2 + 2 + 1 + 2 + 2)
        self.assertEqual(sorted(set(done.mapped("date_from"))), days[:3])
        remaining = [call.kwargs["remaining"] for call in progress.call_args_list]
        # what follows from the cards comes after them
        self.assertEqual(remaining, list(range(len(steps), len(steps) - 8, -1)))

    def test_another_is_at_work(self):
        """While somebody else has the lock, nothing is scored, and nothing is said to have been."""
        self._make_plan(("companies_added", 2.0), date_from="2026-03-09")
        with self.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [discipline_scorecard_cron.SCORE_LOCK])
            self.assertFalse(self._score("2026-03-11 08:00:00"))
            self.cards._cron_score()
            self.assertFalse(self.cards.search([]))
        self.assertTrue(self._score("2026-03-11 08:00:00"))

    @mute_logger("odoo.addons.sales_discipline.models.discipline_scorecard_cron")
    def test_a_batch_that_fails(self):
        """It is rolled back and told of; the days of the others come, the same people's later days wait for it."""
        self._make_plan(
            ("companies_added", 2.0),
            date_from="2026-03-10",
            date_to="2026-03-11",
            employee_ids=self.e_anna.ids,
        )
        self._make_plan(
            ("contacts_added", 2.0),
            date_from="2026-03-11",
            date_to="2026-03-11",
            employee_ids=self.e_carla.ids,
        )
        original = type(self.cards)._prepare_rows

        def fail(model, cards):
            if self.e_anna.id in [card.employee_id for card in cards]:
                raise ZeroDivisionError
            return original(model, cards)

        cron = type(self.env["ir.cron"])
        with (
            freeze_time("2026-03-12 08:00:00"),
            patch.object(type(self.cards), "_prepare_rows", fail),
            patch.object(cron, "_commit_progress", return_value=60.0),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            try:  # assertRaises would undo what was scored
                self.cards._cron_score()
            except ZeroDivisionError:
                rollback.assert_called_once()
            else:
                self.fail("nobody was told")
        self.assertEqual(self._card(self.e_carla, "2026-03-11").state, "frozen")
        self.assertFalse(self._card(self.e_anna, "2026-03-11"), "or nobody would come back to the day before")

    def test_in_the_way(self):
        """A batch that somebody was in the way of is done again, three times at most; then it is told of, and the others
        are done."""
        for failures in (2, 3):
            with self.subTest(failures), self.env.cr.savepoint() as savepoint:
                left = [SerializationFailure()] * failures
                self._make_plan(
                    ("companies_added", 2.0),
                    date_from="2026-03-10",
                    date_to="2026-03-10",
                    employee_ids=self.e_anna.ids,
                )
                fail = failing(type(self.cards)._insert_cards, left)
                with (
                    freeze_time("2026-03-12 08:00:00"),
                    patch.object(type(self.cards), "_insert_cards", fail),
                    patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0),
                    patch.object(self.env.cr, "rollback") as rollback,
                    mute_logger("odoo.addons.sales_discipline.models.discipline_scorecard_cron"),
                ):
                    told = []
                    try:
                        self.cards._cron_score()
                    except SerializationFailure as error:
                        told.append(error)
                self.assertEqual((rollback.call_count, len(told), left), (failures, failures // 3, []))
                if not told:
                    card = self._card(self.e_anna, "2026-03-10")
                    self.assertEqual((card.state, len(card.line_ids)), ("frozen", 1))
                savepoint.rollback()
            self.env.invalidate_all()

    # ------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------

    @classmethod
    def _make_crowd(cls, count):
        """That many salespeople; returns their employees."""
        zones = ("Europe/Berlin", "Asia/Tokyo", "America/New_York")
        companies = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        users = cls.env["res.users"].create(
            [{"name": f"Crowd {n}", "login": f"sd_crowd_{count}_{n}", **companies} for n in range(count)]
        )
        calendar = cls.company.resource_calendar_id.id
        base = {"company_id": cls.company.id, "resource_calendar_id": calendar, "date_version": "2020-01-01"}
        base["contract_date_start"] = "2020-01-01"
        return cls.env["hr.employee"].create(
            [
                {**base, "name": user.name, "user_id": user.id, "tz": zones[n % 3]}
                for n, user in enumerate(users)
            ]
        )

    def _get_cost(self, employees, facts=1):
        """SQL statements of opening and freezing four days of these people with so many facts each."""
        lines = [(metric.code, 1.0) for metric in self.env["discipline.metric"].search([])]
        savepoint = self.env.cr.savepoint()
        self._make_plan(*lines, date_from="2026-03-09", date_to="2026-03-12", employee_ids=employees.ids)
        moment = datetime(2026, 3, 10, 8)
        rows = [
            {
                "kind": kind,
                "source_id": n,
                "user_id": user.id,
                "partner_id": self.customer.id,
                "happened_at": moment + timedelta(minutes=n % 60),
            }
            for n in range(facts)
            for user in employees.user_id
            for kind in ("company_created", "lead_won", "order_confirmed", "quotation_sent")
        ]
        self._insert_facts(rows)
        cost, frozen = self._count_queries(self._score, "2026-03-13 12:00:00")
        self.assertEqual(len(frozen), 4 * len(employees))
        savepoint.rollback()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        return cost

    def test_cost(self):
        """As many statements for three people as for thirty, and for one fact as for ten of each."""
        few, many = self._make_crowd(3), self._make_crowd(30)
        self._get_cost(few)  # what is looked up once and kept
        cost = self._get_cost(few)
        self.assertEqual(self._get_cost(many), cost)
        self.assertEqual(self._get_cost(few, facts=10), cost)
