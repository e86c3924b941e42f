import os
import socket
import subprocess
import sys
import threading
import time
import xmlrpc.client
from contextlib import closing, suppress
from itertools import count

from odoo.tests import tagged
from odoo.tools.misc import exec_pg_environ

from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID
from odoo.addons.sales_discipline.models.discipline_scorecard_chunk import PARAMETER
from odoo.addons.sales_discipline.tests.crash_common import CrashCase
from odoo.addons.sales_discipline.tests.test_crash import CARDS, DAYS, FORGET, PEOPLE

LAST_DAY = "2026-03-27"  # of the plan: what the clock says makes no difference after it
FROZEN_AT = 4  # the column of CARDS that says when
PATIENCE = 300  # seconds
# While there is a row in `brake`, storing seals or statements takes that long: a worker can be killed in the middle
BRAKE = """
    CREATE TABLE brake (seconds float);
    CREATE FUNCTION brake() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(COALESCE((SELECT MAX(seconds) FROM brake), 0)); RETURN NULL; END';
    CREATE TRIGGER brake AFTER INSERT ON discipline_seal FOR EACH STATEMENT EXECUTE FUNCTION brake();
    CREATE TRIGGER brake AFTER INSERT ON discipline_statement FOR EACH STATEMENT EXECUTE FUNCTION brake();
"""


class Balancer(threading.Thread):
    """Hands each connection to the next server that is there, as the load balancer before several hosts does."""

    def __init__(self, ports):
        super().__init__(daemon=True)
        self.ports, self.turn = ports, count()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            if server := self.connect():
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self.pump, args=pair, daemon=True).start()
            else:
                client.close()

    def connect(self):
        for _server in self.ports:
            port = self.ports[next(self.turn) % len(self.ports)]
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", port), 5)
                server.settimeout(None)
                return server
        return None

    @staticmethod
    def pump(source, target):
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@tagged("post_install", "-at_install")
class TestQueueProcesses(CrashCase):
    """The job runner of queue_job and two Odoo servers on a copy of this database. The server that runs the runner is killed
    in the middle of a chunk; what comes out is what one process alone makes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._wait(cls._start("setup"))
        cls.undisturbed = cls._query(CARDS)
        cls._admin(FORGET, cls.database)
        cls._admin(BRAKE, cls.database)
        cls._admin(
            f"UPDATE discipline_plan SET date_to = '{LAST_DAY}' WHERE name->>'en_US' = 'Crash'", cls.database
        )
        cls._admin(f"INSERT INTO ir_config_parameter (key, value) VALUES ('{PARAMETER}', '2')", cls.database)

    # ------------------------------------------------------------
    # Processes
    # ------------------------------------------------------------

    def _serve(self):
        """Two servers behind a balancer, the first with the runner. :return: (first, second, the balancer's port)"""
        ports = []
        for _server in range(2):
            with closing(socket.create_server(("127.0.0.1", 0))) as probe:
                ports.append(probe.getsockname()[1])
        balancer = Balancer(ports)
        balancer.start()
        self.addCleanup(balancer.listener.close)
        first = self._start_server(ports[0], balancer.port)
        self._wait_for(self._is_served, "the runner is there")
        second = self._start_server(ports[1], balancer.port)
        self._wait_for(lambda: self._answers(ports[1]), "the second server is there")
        return first, second, balancer.port

    def _start_server(self, port, balancer):
        env = {
            **exec_pg_environ(),
            "ODOO_QUEUE_JOB_CHANNELS": "root:4,root.discipline:4",
            "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
            "ODOO_QUEUE_JOB_PORT": str(balancer),
        }
        options = {"c": str(self.config), "d": self.database}
        command = [
            sys.executable,
            "-m",
            "odoo",
            "server",
            *(x for k, v in options.items() for x in (f"-{k}", v)),
        ]
        command += ["--load=base,rpc,web,queue_job", "--http-interface=127.0.0.1", f"--http-port={port}"]
        command += ["--max-cron-threads=0", "--log-level=warn"]
        log = self.folder / f"server_{port}.log"
        with open(log, "w", encoding="utf-8") as output:
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=output, env=env)
        server.stdout, server.log = open(os.devnull, encoding="utf-8"), log
        self.addCleanup(self._stop, server)
        return server

    def _answers(self, port):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    def _is_served(self):
        return self._query(
            f"""
            SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
             WHERE d.datname = CURRENT_DATABASE() AND locktype = 'advisory'
               AND (classid::bigint << 32) | objid::bigint = {PG_ADVISORY_LOCK_ID}
            """
        )

    def _call(self, port, model, method, *args):
        """As the administrator, from outside."""
        url = f"http://127.0.0.1:{port}/xmlrpc/2/"
        uid = xmlrpc.client.ServerProxy(url + "common").authenticate(self.database, "admin", "admin", {})
        proxy = xmlrpc.client.ServerProxy(url + "object", allow_none=True)
        return proxy.execute_kw(self.database, uid, "admin", model, method, list(args))

    def _run_cron(self, port, name):
        [(cron_id,)] = self._query(
            f"SELECT res_id FROM ir_model_data WHERE module = 'sales_discipline' AND name = '{name}'"
        )
        self._call(port, "ir.cron", "method_direct_trigger", [cron_id])

    def _wait_for(self, is_there, what):
        end = time.monotonic() + PATIENCE
        while not is_there():
            if time.monotonic() > end:
                logs = [log.read_text("utf-8")[-3000:] for log in self.folder.glob("server_*.log")]
                self.fail(f"Not in time: {what}\n{self._get_jobs()}\n" + "\n".join(logs))
            time.sleep(0.2)

    # ------------------------------------------------------------
    # What is in the database
    # ------------------------------------------------------------

    def _get_jobs(self, state=None):
        """(identity key, state, pid of who did it last, tries) of each job."""
        rows = self._query("SELECT identity_key, state, worker_pid, retry FROM queue_job ORDER BY id")
        return [row for row in rows if state is None or row[1] == state]

    def _brake(self, seconds):
        self._admin("DELETE FROM brake", self.database)
        if seconds:
            self._admin(f"INSERT INTO brake VALUES ({seconds})", self.database)

    def _kill_at_work(self, first, second):
        """Kill the first server when both are at work, and let the other one go on.

        :return: the jobs of the first that were not done
        """

        def is_shared():
            return {row[2] for row in self._get_jobs("started")} == {first.pid, second.pid}

        self._wait_for(is_shared, "both are at work")
        self._kill(first)
        mine = {key for key, _state, pid, _retry in self._get_jobs("started") if pid == first.pid}
        self.assertTrue(mine)
        self._brake(0)
        # the other runner looks for jobs that nobody is at when something happens, or once a minute
        self._wait_for(self._is_served, "the other runner takes over")
        self._wait_for(self._poke_done, "all jobs are done")
        return mine

    def _poke_done(self):
        self._admin("NOTIFY queue_job, 'somebody'", self.database)
        return {row[1] for row in self._get_jobs()} == {"done"}

    def _check_jobs(self, mine, second):
        """Each was done once: what the first began and did not end, by the second."""
        jobs = self._get_jobs()
        self.assertEqual(len(jobs), len({row[0] for row in jobs}))
        for key, state, pid, retry in jobs:
            self.assertEqual(state, "done")
            if key in mine:
                self.assertEqual((pid, retry > 1), (second.pid, True), key)
        self._admin("DELETE FROM queue_job", self.database)

    # ------------------------------------------------------------
    # Tests
    # ------------------------------------------------------------

    def test_days(self):
        first, second, port = self._serve()
        self._brake(0.4)
        self._run_cron(port, "cron_score")
        self.assertGreater(len(self._get_jobs()), PEOPLE // 2)
        mine = self._kill_at_work(first, second)
        self._check_jobs(mine, second)
        found = self._query(CARDS)
        without = [(*row[:FROZEN_AT], *row[FROZEN_AT + 1 :]) for row in found]
        self.assertEqual(without, [(*row[:FROZEN_AT], *row[FROZEN_AT + 1 :]) for row in self.undisturbed])
        seals = self._query(
            "SELECT COUNT(*), COUNT(DISTINCT scorecard_id) FROM discipline_seal WHERE scorecard_id IS NOT NULL"
        )
        self.assertEqual(seals, [(PEOPLE * DAYS, PEOPLE * DAYS)], "each day was frozen once")

    def test_payroll(self):
        fingerprint = self._wait(self._start("setup_pay")).split()[-1]
        first, second, port = self._serve()
        self._brake(3)
        self._run_cron(port, "cron_payroll")
        self.assertGreaterEqual(len(self._get_jobs()), PEOPLE // 2)
        mine = self._kill_at_work(first, second)
        self._check_jobs(mine, second)
        run = "SELECT state, job, fingerprint FROM discipline_payroll"
        self.assertEqual(self._query(run), [("computed", None, fingerprint)])
        statements = "SELECT COUNT(*), COUNT(DISTINCT employee_id) FROM discipline_statement"
        self.assertEqual(self._query(statements), [(PEOPLE, PEOPLE)])
