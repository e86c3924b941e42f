import time
from pathlib import Path

from odoo.tests import tagged

from .crash_common import CrashCase

PEOPLE, DAYS, LINES = 12, 20, 3
CARDS = """
    SELECT e.name, c.date_from, c.state, c.deadline, c.frozen_at, c.points, c.efficiency, c.done_count, c.line_count,
           l.metric_id, l.target, l.actual, l.late, l.previous, l.completion, l.zone, l.trend, l.points, l.record_ids
      FROM discipline_scorecard c JOIN hr_employee e ON e.id = c.employee_id
      LEFT JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
     WHERE e.name LIKE 'Crash %' ORDER BY 1, 2, l.metric_id
"""

PAID = """
    SELECT r.state, r.job,
           (SELECT COALESCE(SUM(size), 0) FROM discipline_payroll_chunk c
             WHERE c.done AND c.payroll_id = r.id AND c.id >= (r.job_left->>'first')::int4),
           COUNT(s.id), COUNT(s.id) FILTER (WHERE s.state = 'confirmed'),
           (SELECT COUNT(*) FROM discipline_statement_line l WHERE l.payroll_id = r.id)
      FROM discipline_payroll r LEFT JOIN discipline_statement s ON s.payroll_id = r.id
     WHERE r.date_from = '{}' GROUP BY r.id
"""
LINES_OF = "SELECT * FROM discipline_statement_line WHERE payroll_id = {} ORDER BY id"
CORRECTED = """
    SELECT employee_id, COUNT(*), SUM(amount) FROM discipline_statement_line WHERE kind = 'correction' GROUP BY 1
"""
MARCH, APRIL = "2026-03-01", "2026-04-01"

FORGET_PAY = (
    "DELETE FROM discipline_statement_line; DELETE FROM discipline_statement; DELETE FROM discipline_payroll"
)
FORGET = """
    DELETE FROM discipline_scorecard_line; DELETE FROM discipline_scorecard;
    UPDATE discipline_plan SET state = 'draft' WHERE name->>'en_US' = 'Crash on Trial';
    UPDATE res_company SET discipline_late_recounted = NULL
"""
CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# a deal of everybody is lost after all, a month after it was paid
TAKEN_BACK = """
    INSERT INTO discipline_fact (kind, source_id, user_id, company_id, happened_at, entered_at, quantity, amount, origin,
                                 reverses_id)
    SELECT DISTINCT ON (user_id) kind, source_id, user_id, company_id, '2026-04-20 10:00', '2026-04-20 10:00', -1, -amount,
           'live', id
      FROM discipline_fact WHERE kind = 'lead_won' AND happened_at BETWEEN '2026-03-09' AND '2026-03-20' AND amount > 0
     ORDER BY user_id, id
"""


@tagged("post_install", "-at_install")
class TestCrash(CrashCase):
    """Scoring and paying by real processes: killed halfway, killed at any moment, cut off by PostgreSQL, two at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._wait(cls._start("setup"))
        cls.undisturbed = cls._query(CARDS)

    def setUp(self):
        super().setUp()
        self._admin(FORGET_PAY, self.database)

    def _count(self):
        """Cards so far; none of which may be half a one."""
        cards = {}
        for name, day, state, *_rest, record_ids in self._query(CARDS):
            del record_ids
            cards.setdefault((name, day, state), []).append(_rest)
        for (name, day, state), rows in cards.items():
            self.assertEqual((state, len(rows)), ("frozen", LINES), f"{name}, {day}")
        self.assertEqual(len(cards), len({key[:2] for key in cards}))
        return len(cards)

    def test_killed_and_two_at_once(self):
        self._admin(FORGET, self.database)
        # killed in the middle of a batch: its lines are stored, its cards are not frozen yet
        worker = self._start(stop=8)
        self._listen(worker, "HALFWAY")
        self._kill(worker)
        after_first = self._count()
        self.assertTrue(0 < after_first < PEOPLE * DAYS)
        # killed at any moment
        worker = self._start()
        end = time.monotonic() + 120
        while self._count() < after_first + 20 and time.monotonic() < end:
            time.sleep(0.01)
        self._kill(worker)
        after_second = self._count()
        self.assertTrue(after_first + 20 <= after_second < PEOPLE * DAYS, after_second)
        # two at once, which take the work out of each other's hands
        for worker in self._start_together("score"):
            self._wait(worker)
        self._check_undisturbed()

    def _check_undisturbed(self):
        """Everything is as if nothing had happened."""
        self.assertEqual(self._count(), PEOPLE * DAYS)
        found = self._query(CARDS)
        self.assertEqual(len(found), PEOPLE * DAYS * LINES)
        self.assertEqual(found, self.undisturbed)
        self.assertGreater(len({row[11] for row in found}), 3, "there was something to count")

    def test_cut_off(self):
        """PostgreSQL ends the connections in the middle of a batch, as when it is restarted: whatever the process does then,
        the next one goes on where the last commit was."""
        self._admin(FORGET, self.database)
        worker = self._start(stop=8, pause=3)
        self._listen(worker, "HALFWAY")
        self._admin(CUT, self.database)
        worker.communicate(timeout=60)
        self.assertNotEqual(worker.returncode, 0)
        self.assertTrue(0 < self._count() < PEOPLE * DAYS)
        self._wait(self._start())
        self._check_undisturbed()

    def _count_paid(self, month=MARCH):
        """`(state of the run, its job, people done, statements, of which confirmed, lines)`."""
        return self._query(PAID.format(month))[0]

    def _get_run(self, month):
        """`(id, fingerprint)` of the run of that month."""
        return self._query(f"SELECT id, fingerprint FROM discipline_payroll WHERE date_from = '{month}'")[0]

    def test_payroll_killed(self):
        """A long run killed halfway and at any moment, by two at once: what was computed at once comes out. One that is
        being confirmed is confirmed for everybody or for nobody."""
        fingerprint = self._wait(self._start("setup_pay")).split()[-1]
        self.assertEqual(self._count_paid()[:3], ("computing", "compute", 0))
        self._compute_killed(MARCH)
        state, job, _done, *stored = self._count_paid()
        self.assertEqual((state, job, stored), ("computed", None, [PEOPLE, 0, 2 * PEOPLE]))
        self.assertEqual(self._get_run(MARCH)[1], fingerprint)
        self._kill_when(self._start("confirm"), lambda row: row[1] == "confirm" and row[2] >= 4)
        self.assertEqual(self._count_paid()[0::4], ("computed", 0))
        self._wait(self._start("confirm"))
        state, job, _done, *stored = self._count_paid()
        self.assertEqual((state, job, stored), ("confirmed", None, [PEOPLE, PEOPLE, 2 * PEOPLE]))
        self._check_correction_killed()

    def _check_correction_killed(self):
        """The run that corrects that month, killed on its way: each is corrected, once, as if it had been left alone; what
        was confirmed stays."""
        march = LINES_OF.format(self._get_run(MARCH)[0])
        paid = self._query(march)
        self._admin(TAKEN_BACK, self.database)
        fingerprint = self._wait(self._start("setup_pay_again", month=APRIL)).split()[-1]
        self._compute_killed(APRIL)
        self.assertEqual(self._get_run(APRIL)[1], fingerprint)
        corrected = self._query(CORRECTED)
        self.assertEqual(len(corrected), PEOPLE)
        self.assertTrue(all(count == 1 and amount < 0 for _who, count, amount in corrected), corrected)
        self.assertEqual(self._query(march), paid)

    def _compute_killed(self, month):
        worker = self._start("pay", stop=2, month=month)
        self._listen(worker, "HALFWAY")
        self._kill(worker)
        # the second batch is undone
        self.assertEqual(self._count_paid(month)[:3], ("computing", "compute", 2))
        self._kill_when(self._start("pay", month=month), lambda row: row[2] >= 6, month)
        for worker in self._start_together("pay", month=month):
            self._wait(worker)

    def test_two_officers(self):
        """Two who press Confirm at the same moment: one confirms, the other reads that it is done, and nothing is twice."""
        self._wait(self._start("setup_pay"))
        self._wait(self._start("pay"))
        said = sorted(self._wait(worker).split()[-1] for worker in self._start_together("press"))
        self.assertEqual(said, ["CONFIRMED", "REFUSED"])
        state, job, _done, *stored = self._count_paid()
        self.assertEqual((state, job, stored), ("confirmed", None, [PEOPLE, PEOPLE, 2 * PEOPLE]))

    def test_buttons_at_once(self):
        """Two who put a plan in force, close a study, close a campaign at the same moment: it happens once."""
        self._admin(FORGET, self.database)
        self._wait(self._start("setup_buttons"))
        go = self.folder / "go_buttons"
        workers = [self._start("buttons", go=go) for _number in range(2)]
        for number in (1, 2, 3):
            for worker in workers:
                self._listen(worker, f"READY{number}")
            Path(f"{go}{number}").touch()
        for worker in workers:
            self._wait(worker)
        plans = "SELECT state, version, date_from FROM discipline_plan WHERE name->>'en_US' = 'Crash on Trial' ORDER BY version"
        found = self._query(plans)
        self.assertEqual([row[:2] for row in found], [("closed", 1), ("active", 2)])
        for table in ("discipline_time_study", "discipline_winback_campaign"):
            rows = self._query(f"SELECT state FROM {table} WHERE name = 'Crash'")
            self.assertEqual(rows, [("closed",)], table)

    def _kill_when(self, worker, is_there, month=MARCH):
        end = time.monotonic() + 120
        while not is_there(self._count_paid(month)) and time.monotonic() < end:
            time.sleep(0.01)
        self._kill(worker)
        row = self._count_paid(month)
        self.assertTrue(is_there(row) and row[2] < PEOPLE, row)
