import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

WORKER = Path(__file__).with_name("crash_worker.py")
PEOPLE, DAYS, LINES = 12, 20, 3
CARDS = """
    SELECT e.name, c.date_from, c.state, c.deadline, c.frozen_at, c.points, c.efficiency, c.done_count, c.line_count,
           l.metric_id, l.target, l.actual, l.late, l.previous, l.completion, l.zone, l.trend, l.points, l.record_ids
      FROM discipline_scorecard c JOIN hr_employee e ON e.id = c.employee_id
      LEFT JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
     WHERE e.name LIKE 'Crash %' ORDER BY 1, 2, l.metric_id
"""

PAID = """
    SELECT r.state, r.job, r.job_done, COUNT(s.id), COUNT(s.id) FILTER (WHERE s.state = 'confirmed'),
           (SELECT COUNT(*) FROM discipline_statement_line l WHERE l.payroll_id = r.id)
      FROM discipline_payroll r LEFT JOIN discipline_statement s ON s.payroll_id = r.id GROUP BY r.id
"""

FORGET = """
    DELETE FROM discipline_scorecard_line; DELETE FROM discipline_scorecard;
    UPDATE res_company SET discipline_late_recounted = NULL
"""


@tagged("post_install", "-at_install")
class TestCrash(BaseCase):
    """Scoring by real processes on a copy of this database: killed halfway, killed at any moment, two at once.

    The copy is made by PostgreSQL's own tools, as Odoo's backup does; without them or without the right to create
    a database this fails, for nothing else would show that no card is lost or scored twice.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.database = f"{get_db_name()}_crash"
        cls.config = cls.folder / "odoo.conf"
        names = ("data_dir", "db_host", "db_port", "db_user", "db_password", "db_sslmode")
        options = {name: config[name] for name in names if config[name]}
        options["addons_path"] = ",".join(config["addons_path"])
        text = "".join(f"{name} = {value}\n" for name, value in options.items())
        cls.config.write_text("[options]\n" + text, "utf-8")
        drop = f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)'
        cls._admin(drop)
        cls.addClassCleanup(cls._admin, drop)
        cls._copy_database()
        cls._wait(cls._start("setup"))
        cls.undisturbed = cls._query(CARDS)
        cls._admin(FORGET, cls.database)

    @classmethod
    def _admin(cls, query, database="postgres"):
        with closing(psycopg2.connect(**connection_info_for(database)[1])) as connection:
            connection.autocommit = True
            connection.cursor().execute(query)

    @classmethod
    def _copy_database(cls):
        cls._admin(f'CREATE DATABASE "{cls.database}"')
        env, dump = exec_pg_environ(), cls.folder / "dump"
        leave_out = [
            f"--exclude-table-data={table}" for table in ("ir_attachment", "mail_message", "bus_bus")
        ]
        run = {"env": env, "check": True, "stdout": subprocess.DEVNULL}
        subprocess.run(
            [find_pg_tool("pg_dump"), "-Fc", "-Z0", "-f", dump, *leave_out, get_db_name()], timeout=120, **run
        )
        # foreign keys to what was left out cannot be restored, and are not missed
        subprocess.run(
            [find_pg_tool("pg_restore"), "-j2", "--no-owner", "-d", cls.database, dump],
            timeout=240,
            **{**run, "check": False, "stderr": subprocess.DEVNULL},
        )
        dump.unlink()

    # ------------------------------------------------------------
    # Processes
    # ------------------------------------------------------------

    @classmethod
    def _start(cls, job="score", **variables):
        """A process of the worker; what it logs goes to a file beside it."""
        env = {
            **exec_pg_environ(),
            "CRASH_JOB": job,
            **{f"CRASH_{k.upper()}": str(v) for k, v in variables.items()},
        }
        log = tempfile.NamedTemporaryFile(dir=cls.folder, suffix=".log", delete=False)
        with open(WORKER, encoding="utf-8") as script, log:
            command = [
                sys.executable,
                "-m",
                "odoo",
                "shell",
                "-c",
                str(cls.config),
                "-d",
                cls.database,
                "--no-http",
            ]
            worker = subprocess.Popen(
                command, stdin=script, stdout=subprocess.PIPE, stderr=log, env=env, text=True
            )
        worker.log = log.name
        cls.addClassCleanup(cls._stop, worker)
        return worker

    @classmethod
    def _stop(cls, worker):
        if worker.poll() is None:
            worker.kill()
            worker.wait()
        worker.stdout.close()

    @classmethod
    def _wait(cls, worker):
        """Its last words, once it has ended well."""
        out, _err = worker.communicate(timeout=300)
        log = Path(worker.log).read_text("utf-8")
        if worker.returncode or "Traceback" in log or " ERROR " in log:
            raise AssertionError(f"status {worker.returncode}\n{out}\n{log[-4000:]}")
        return out

    def _listen(self, worker, word):
        for line in worker.stdout:
            if line.strip() == word:
                return
        self.fail(f"{word} was never said:\n{Path(worker.log).read_text('utf-8')[-4000:]}")

    def _kill(self, worker):
        os.kill(worker.pid, signal.SIGKILL)
        self.assertEqual(worker.wait(60), -signal.SIGKILL)

    # ------------------------------------------------------------
    # What is in the database
    # ------------------------------------------------------------

    @classmethod
    def _query(cls, query):
        with closing(psycopg2.connect(**connection_info_for(cls.database)[1])) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()

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
        go = self.folder / "go"
        workers = [self._start(go=go) for _number in range(2)]
        for worker in workers:
            self._listen(worker, "READY")
        go.touch()
        for worker in workers:
            self._wait(worker)
        self.assertEqual(self._count(), PEOPLE * DAYS)
        found = self._query(CARDS)
        self.assertEqual(len(found), PEOPLE * DAYS * LINES)
        self.assertEqual(found, self.undisturbed)
        self.assertGreater(len({row[11] for row in found}), 3, "there was something to count")

    def _count_paid(self):
        """`(state of the run, its job, people done, statements, of which confirmed, lines)`."""
        return self._query(PAID)[0]

    def test_payroll_killed(self):
        """A long run killed halfway and at any moment, by two at once: what was computed at once comes out. One that is
        being confirmed is confirmed for everybody or for nobody."""
        fingerprint = self._wait(self._start("setup_pay")).split()[-1]
        self.assertEqual(self._count_paid()[:3], ("computing", "compute", 0))
        worker = self._start("pay", stop=2)
        self._listen(worker, "HALFWAY")
        self._kill(worker)
        # the second batch is undone
        self.assertEqual(self._count_paid()[:3], ("computing", "compute", 2))
        self._kill_when(self._start("pay"), lambda row: row[2] >= 6)
        go = self.folder / "go_pay"
        workers = [self._start("pay", go=go) for _number in range(2)]
        for worker in workers:
            self._listen(worker, "READY")
        go.touch()
        for worker in workers:
            self._wait(worker)
        state, job, _done, *stored = self._count_paid()
        self.assertEqual((state, job, stored), ("computed", None, [PEOPLE, 0, PEOPLE]))
        self.assertEqual(self._query("SELECT fingerprint FROM discipline_payroll"), [(fingerprint,)])
        self._kill_when(self._start("confirm"), lambda row: row[1] == "confirm" and row[2] >= 4)
        self.assertEqual(self._count_paid()[0::4], ("computed", 0))
        self._wait(self._start("confirm"))
        state, job, _done, *stored = self._count_paid()
        self.assertEqual((state, job, stored), ("confirmed", None, [PEOPLE, PEOPLE, PEOPLE]))

    def _kill_when(self, worker, is_there):
        end = time.monotonic() + 120
        while not is_there(self._count_paid()) and time.monotonic() < end:
            time.sleep(0.01)
        self._kill(worker)
        row = self._count_paid()
        self.assertTrue(is_there(row) and row[2] < PEOPLE, row)
