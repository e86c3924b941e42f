"""PostgreSQL killed with SIGKILL in the middle of scoring and of paying, on a cluster of its own.

    ./dev crash

DATABASE, the argument, has the addon installed; it is copied. Says what was seen, and fails if anything is lost, twice, or
other than without the crash. PG_BIN is the folder of PostgreSQL's programs.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "sales_discipline" / "tests"
WORKER = TESTS / "crash_worker.py"
NAME = "crash"
PEOPLE, DAYS = 12, 20
CARDS = """
    SELECT e.name, c.date_from, c.state, c.frozen_at, c.points, c.efficiency, l.metric_id, l.target, l.actual, l.late,
           l.previous, l.zone, l.points
      FROM discipline_scorecard c JOIN hr_employee e ON e.id = c.employee_id
      JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
     WHERE e.name LIKE 'Crash %' ORDER BY 1, 2, l.metric_id
"""
FORGET = """
    DELETE FROM discipline_scorecard_line; DELETE FROM discipline_scorecard;
    UPDATE res_company SET discipline_late_recounted = NULL
"""
RUN = """
    SELECT (SELECT COALESCE(SUM(size), 0) FROM discipline_payroll_chunk c
             WHERE c.done AND c.payroll_id = r.id AND c.id >= (r.job_left->>'first')::int4),
           r.state, r.fingerprint, (SELECT COUNT(*) FROM discipline_statement s WHERE s.payroll_id = r.id),
           (SELECT SUM(amount) FROM discipline_statement_line l WHERE l.payroll_id = r.id)
      FROM discipline_payroll r
"""


class Cluster:
    """A PostgreSQL server of its own, reached by a socket in a folder."""

    def __init__(self, folder: Path):
        self.data, self.socket = folder / "data", folder
        self.bin = Path(os.environ["PG_BIN"])
        root = os.geteuid() == 0
        self.as_owner = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] if root else []
        )
        if root:
            shutil.chown(folder, "postgres", "postgres")
        self.run("initdb", "-D", self.data, "-U", "odoo", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")

    def run(self, program: str, *arguments) -> None:
        command = [*self.as_owner, self.bin / program, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        options = f"-k {self.socket} -c listen_addresses=''"
        self.run("pg_ctl", "-w", "-D", self.data, "-l", self.socket / "log", "-o", options, "start")

    def kill(self) -> None:
        """All of its processes at once, as when the power is cut; what it promised is on the disk."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = subprocess.run(["pgrep", "-P", str(first)], capture_output=True, text=True, check=False)
        for pid in (first, *map(int, children.stdout.split())):
            os.kill(pid, signal.SIGKILL)
        (self.data / "postmaster.pid").unlink()

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


class Crash:
    def __init__(self, folder: Path, source: str):
        self.folder, self.cluster = folder, Cluster(folder)
        self.cluster.start()
        dump = folder / "dump"
        subprocess.run(["pg_dump", "-Fc", "-Z0", "-f", dump, source], check=True)
        self.env = {**os.environ, "PGHOST": str(folder), "PGUSER": "odoo", "PGPORT": "5432"}
        subprocess.run(["createdb", NAME], check=True, env=self.env)
        subprocess.run(["pg_restore", "-j2", "--no-owner", "-d", NAME, dump], check=True, env=self.env)
        dump.unlink()
        self.config = folder / "odoo.conf"
        self.config.write_text(f"[options]\naddons_path = {ROOT}\ndata_dir = {folder}\n", "utf-8")

    def query(self, text: str) -> list[tuple]:
        connection = psycopg2.connect(host=str(self.folder), user="odoo", dbname=NAME)
        with connection, connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall() if cursor.description else []

    def begin(self, job: str, **variables) -> subprocess.Popen:
        names = {f"CRASH_{name.upper()}": str(value) for name, value in variables.items()}
        command = [sys.executable, "-m", "odoo", "shell", "-c", self.config, "-d", NAME, "--no-http"]
        with (
            open(WORKER, encoding="utf-8") as script,
            open(self.folder / f"{job}.log", "a", encoding="utf-8") as log,
        ):
            return subprocess.Popen(
                command,
                stdin=script,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**self.env, "CRASH_JOB": job, **names},
                text=True,
            )

    def finish(self, job: str) -> str:
        worker = self.begin(job)
        said, _err = worker.communicate(timeout=600)
        if worker.returncode:
            raise SystemExit((self.folder / f"{job}.log").read_text("utf-8")[-4000:])
        return said

    def crash(self, job: str, stop: int) -> None:
        """Kill the server in the middle of the batch, and start it again."""
        worker = self.begin(job, stop=stop, pause=2)
        for line in worker.stdout:
            if line.strip() == "HALFWAY":
                break
        self.cluster.kill()
        worker.communicate(timeout=120)
        self.cluster.start()

    def scoring(self) -> None:
        self.finish("setup")
        expected = self.query(CARDS)
        self.query(FORGET)
        self.crash("score", 8)
        kept = self.query("SELECT COUNT(*) FROM discipline_scorecard WHERE state = 'frozen'")[0][0]
        half = self.query(
            "SELECT COUNT(*) FROM discipline_scorecard_line l JOIN discipline_scorecard c"
            " ON c.id = l.scorecard_id WHERE c.frozen_at IS NULL AND l.actual <> 0"
        )[0][0]
        self.finish("score")
        self.check(
            "freeze", self.query(CARDS) == expected and half == 0, f"{kept} of {PEOPLE * DAYS} cards kept"
        )

    def paying(self) -> None:
        fingerprint = self.finish("setup_pay").split()[-1]
        self.crash("pay", 3)
        before = self.query(RUN)[0]
        self.finish("pay")
        after = self.query(RUN)[0]
        same = after[1:4] == ("computed", fingerprint, PEOPLE) and before[1] == "computing"
        self.check("payroll compute", same and 0 < before[0] < PEOPLE, f"{before[0]} of {PEOPLE} people kept")
        self.crash("confirm", 3)
        nobody = self.query(RUN)[0][1] == "computed"
        self.finish("confirm")
        everybody = self.query(RUN)[0][1:] == ("confirmed", *after[2:])
        self.check("payroll confirm", nobody and everybody, "nobody confirmed in between")

    @staticmethod
    def check(what: str, is_well: bool, seen: str) -> None:
        sys.stdout.write(f"{'well' if is_well else 'WRONG'}: {what}, {seen}\n")
        if not is_well:
            raise SystemExit(1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        crash = Crash(Path(folder), sys.argv[1])
        try:
            crash.scoring()
            crash.paying()
        finally:
            crash.cluster.stop()


if __name__ == "__main__":
    main()
