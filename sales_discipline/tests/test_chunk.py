from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.discipline_scorecard_chunk import FOLLOWING, PARAMETER
from ..models.discipline_scorecard_cron import SCORE_LOCK
from .engine_common import at
from .freeze_common import FreezeCase

NOW = "2026-03-13 12:00:00"


@tagged("post_install", "-at_install")
class TestChunk(FreezeCase):
    """Scoring a chunk of the people at a time, as several processes do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(("companies_added", 2.0), ("deals_open", 1.0), date_from="2026-03-09")
        cls._make_plan(("companies_added", 9.0), period="week", date_from="2026-03-02", close_delay_days=0)
        for day, count in {9: 1, 10: 3, 11: 2}.items():
            cls._work(cls.anna, f"2026-03-{day:02}", count, hour=8)
            cls._work(cls.carla, f"2026-03-{day:02}", count + 1, hour=9)

    def _set_size(self, size):
        self.env["ir.config_parameter"].set_param(PARAMETER, size)

    def _run_chunk(self, chunk):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0):
            return self.cards._run_chunk(chunk)

    def _get_people(self, now=NOW):
        return sorted(one for people in self.cards._get_chunks(at(now)).values() for one in people)

    @freeze_time(NOW)
    def test_as_at_once(self):
        """Whatever the size of the chunks and their order, the cards are those of all people at once."""
        savepoint = self.env.cr.savepoint()
        self._score(NOW)
        expected = self._snapshot()
        self.assertGreater(len({row[0] for row in expected}), 3)
        savepoint.rollback()
        for size in (1, 2, 1000):
            with self.subTest(size=size):
                self.env.invalidate_all()
                self._set_size(size)
                for chunk in reversed(self.cards._get_chunks(fields.Datetime.now())):
                    self.assertTrue(self._run_chunk(list(chunk)))
                self.assertTrue(self._run_chunk(FOLLOWING))
                self.assertEqual(self._snapshot(), expected)
                self.assertFalse(
                    self.cards.search_count([("state", "=", "frozen"), ("signals_at", "=", False)]),
                    "what follows from the cards was done",
                )
                savepoint.rollback()
        savepoint.close(rollback=True)

    def test_everybody_is_in_one(self):
        """Chunks are people of one company, and together everybody who has a card or ought to."""
        for size in (1, 2, 7, 1000):
            self._set_size(size)
            chunks = self.cards._get_chunks(at(NOW))
            for (company_id, number), people in chunks.items():
                employees = self.env["hr.employee"].browse(people)
                self.assertEqual(employees.company_id.ids, [company_id])
                self.assertLessEqual(len(people), size)
                self.assertEqual({one // size for one in people}, {number})
                self.assertEqual(
                    self.cards._get_chunks(at(NOW), (company_id, number)), {(company_id, number): people}
                )
            self.assertEqual(len(self._get_people()), len(set(self._get_people())))
        planned = self.env["discipline.plan"].search([("state", "!=", "draft")]).company_id
        domain = [("user_id", "!=", False), ("company_id", "in", planned.ids)]
        self.assertEqual(self._get_people(), sorted(self.env["hr.employee"].search(domain).ids))

    def test_who_left_stays_in_one(self):
        """Somebody who is gone is looked at while a card of theirs is open, and while what they entered late is counted."""
        self._score(NOW)
        self.e_anna.active = False
        self.assertIn(self.e_anna.id, self._get_people(), "their card of the day is open")
        later = "2026-03-30 12:00:00"
        self._score(later)
        self.assertFalse(self.cards.search([("employee_id", "=", self.e_anna.id), ("state", "=", "open")]))
        self.assertNotIn(self.e_anna.id, self._get_people(later), "late entries of today have been recounted")
        self.company.discipline_late_days = 60
        self.env["res.company"].search([]).discipline_late_recounted = False
        self.assertIn(self.e_anna.id, self._get_people(later))

    def test_size(self):
        """What is no number is not taken for one."""
        default = self.cards._get_chunk_size()
        for value in ("", "0", "-5", "many", "2.5", False):
            self._set_size(value)
            self.assertEqual(self.cards._get_chunk_size(), default, value)
        self._set_size("7")
        self.assertEqual(self.cards._get_chunk_size(), 7)

    @freeze_time(NOW)
    def test_locks(self):
        """A chunk is done by one process at a time, several chunks at once; everybody at once by nobody beside them."""
        self._set_size(1)
        first, second = list(self.cards._get_chunks(at(NOW)))[:2]
        with self.registry.cursor() as other:
            other.execute("SELECT pg_try_advisory_xact_lock(%s)", [SCORE_LOCK])
            self.assertFalse(self._run_chunk(first))
        with self.registry.cursor() as other:
            self.assertTrue(self.cards.with_env(self.env(cr=other))._lock(first))
            self.assertFalse(self._run_chunk(first))
            self.assertFalse(self._score(NOW))
            self.cards._cron_score()
            self.assertFalse(self.cards.search([]))
            self.assertTrue(self._run_chunk(second))
            self.assertTrue(self.cards.search([]))

    @freeze_time(NOW)
    @mute_logger("odoo.addons.sales_discipline.models.discipline_scorecard_cron")
    def test_a_chunk_that_fails(self):
        """One that cannot even be looked through is told of; the others are done, and what follows from them."""
        self._set_size(1)
        original = type(self.cards)._get_missing

        def fail(cards, now, people=None):
            if people == self.e_anna.ids:
                raise ZeroDivisionError
            return original(cards, now, people)

        with (
            patch.object(type(self.cards), "_get_missing", fail),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0) as progress,
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            try:  # assertRaises would undo what was scored
                self.cards._cron_score()
            except ZeroDivisionError:
                rollback.assert_called_once()
            else:
                self.fail("nobody was told")
        self.assertFalse(self.cards.search([("employee_id", "=", self.e_anna.id)]))
        self.assertEqual(self._card(self.e_carla, "2026-03-12").state, "frozen")
        remaining = [call.kwargs["remaining"] for call in progress.call_args_list]
        self.assertEqual(remaining[-1], 0)
        self.assertTrue(all(remaining[:-1]), "the scheduled action comes again until everything is done")

    def test_cost(self):
        """As many statements to find the chunks of three people as of thirty."""
        self._set_size(2)
        few = self._count_again(self.cards._get_chunks, at(NOW))[0]
        companies = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        users = self.env["res.users"].create(
            [{"name": f"Chunk {n}", "login": f"sd_chunk_{n}", **companies} for n in range(30)]
        )
        self.env["hr.employee"].create(
            [{"name": user.name, "user_id": user.id, "company_id": self.company.id} for user in users]
        )
        self.assertEqual(self._count_again(self.cards._get_chunks, at(NOW))[0], few)
        self.assertGreater(len(self.cards._get_chunks(at(NOW))), 15)
