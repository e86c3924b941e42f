"""What the benchmarks share: databases, timing, memory, and tables of figures."""

import resource
import statistics
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config


def start_odoo() -> None:
    """Read Odoo's configuration (the file that ODOO_RC names) as a server would, without starting one."""
    config.parse_config(
        ["--no-http", "--max-cron-threads=0", "--log-level=warn", "--skip-auto-install"], setup_logging=True
    )


@contextmanager
def environment(database: str, uid: int = SUPERUSER_ID):
    """An environment in `database`; what is not committed is rolled back."""
    with Registry(database).cursor() as cr:
        try:
            yield api.Environment(cr, uid, {})
        finally:
            cr.rollback()


@contextmanager
def connection(database: str):
    """A plain connection in autocommit, beside Odoo: for VACUUM, and to create and drop databases."""
    cnx = psycopg2.connect(dbname=database)
    try:
        cnx.autocommit = True
        with cnx.cursor() as cr:
            yield cr
    finally:
        cnx.close()


def drop(name: str) -> None:
    """Drop a database of the benchmark, if it is there, with what Odoo knows of it."""
    Registry.delete(name)
    close_db(name)
    with connection("postgres") as cr:
        cr.execute(f'DROP DATABASE IF EXISTS "{name}"')


def copy(source: str, name: str) -> None:
    """Make the database `name` anew, as a copy of `source`."""
    drop(name)
    Registry.delete(source)
    close_db(source)
    with connection("postgres") as cr:
        cr.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


class Run:
    """One measured run: `seconds`, `statements` of SQL, `peak` resident memory in MB above where it began."""

    def __init__(self, cr=None):
        self.cr = cr

    def __enter__(self):
        self._memory = _reset_peak()
        self._statements = self.cr.sql_log_count if self.cr else 0
        self._start = time.perf_counter()
        return self

    def __exit__(self, *_error):
        self.seconds = time.perf_counter() - self._start
        self.statements = self.cr.sql_log_count - self._statements if self.cr else 0
        self.peak = max(0.0, _peak() - self._memory)


def _reset_peak() -> float:
    """Forget the peak so far, where the system can (Linux); MB resident now."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass
    return _peak()


def _peak() -> float:
    """Peak resident memory in MB since the last reset."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def spread(values, digits: int = 2) -> str:
    """`median (min..max)` of numbers."""
    values = list(values)
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}..{max(values):.{digits}f})"


def ratios(values, limits) -> list[float]:
    """What each repetition took of the limit's time in the same repetition."""
    return [value / limit for value, limit in zip(values, limits, strict=True)]


def say(text: str = "") -> None:
    """A line of progress or result, at once."""
    print(text, flush=True)


def note(text: str) -> None:
    """A line of progress that is no result."""
    print(f"» {text}", file=sys.stderr, flush=True)


def table(header: list[str], rows: list[list]) -> None:
    """Print a table that docs/performance.md takes as it is (Markdown)."""
    say("| " + " | ".join(header) + " |")
    say("|" + "---|" * len(header))
    for row in rows:
        say("| " + " | ".join(str(cell) for cell in row) + " |")
    say()
