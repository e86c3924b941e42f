"""What ./dev upgrade and ./dev uninstall do with whole databases: ask one, run a command of Odoo's on one, read its log."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg2

ROOT = Path(__file__).parents[1]
NOISE = re.compile(r"security risk|superuser|Running as user|unaccent|inotify|watchdog")
TROUBLE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (WARNING|ERROR|CRITICAL) .*")


def query(database: str, text: str) -> list[tuple]:
    connection = psycopg2.connect(dbname=database)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall()
    finally:
        connection.close()


def run_odoo(
    *arguments: str, folder: Path, log: Path, addons: Path = ROOT, script: str | None = None, **variables
) -> subprocess.CompletedProcess:
    """Run a command of Odoo's, and add what it says to `log`.

    :param folder: where its files are to be
    :param script: what a shell is to do
    :param variables: of the environment
    """
    config = folder / f"{'new' if addons == ROOT else 'old'}.conf"
    config.write_text(
        f"[options]\naddons_path = {addons}\ndata_dir = {folder}\nhttp_interface = 127.0.0.1\n", "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "odoo", *arguments],
        input=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "ODOO_RC": str(config), **variables},
    )
    with open(log, "a", encoding="utf-8") as file:
        file.write(done.stdout)
    return done


def get_trouble(said: str) -> list[str]:
    """The warnings and errors of a log, but for what every installation says."""
    return [line for line in said.splitlines() if TROUBLE.match(line) and not NOISE.search(line)]
