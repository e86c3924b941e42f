import os
import signal
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

WORKER = Path(__file__).with_name("crash_worker.py")


class CrashCase(BaseCase):
    """Real processes on a copy of this database, which the tests kill.

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

    def _start_together(self, job, count=2, **variables):
        """Processes that begin at the same moment, once all of them are ready."""
        go = self.folder / f"go_{job}"
        workers = [self._start(job, go=go, **variables) for _number in range(count)]
        for worker in workers:
            self._listen(worker, "READY")
        go.touch()
        return workers

    def _kill(self, worker):
        os.kill(worker.pid, signal.SIGKILL)
        self.assertEqual(worker.wait(60), -signal.SIGKILL)

    @classmethod
    def _query(cls, query):
        with closing(psycopg2.connect(**connection_info_for(cls.database)[1])) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()
