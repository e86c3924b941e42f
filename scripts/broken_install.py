"""The installation killed with SIGKILL again and again, and started again: nothing is lost, twice, or left behind.

    ./dev crash

TEMPLATE has what the addon needs and not the addon. It is copied and filled with a sales department's past (`bench/data.py`);
in copies of that the addon is installed without a break, which says how long it takes, and with each of BREAKS. What Odoo's
tables say of the schema and the addon, and the ledger, have to be the same.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from databases import ROOT, get_trouble, query, run_odoo
from uninstall import LISTS

sys.path.insert(0, str(ROOT / "bench"))
import common
from data import Size, create_data

ADDON = "sales_discipline"
PLAIN, WHOLE, BROKEN = "broken_plain", "broken_whole", "broken_install"
SIZE = Size(people=50, activities=40_000, leads=8_000, orders=4_000)
# of the time that it takes: again and again in one database, then once in each of others
BREAKS = ((0.2, 0.35, 0.5, 0.6), (0.7,), (0.75,), (0.8,), (0.85,), (0.9,), (0.95,))
INSTALL = (
    "server",
    "-i",
    ADDON,
    "--no-http",
    "--max-cron-threads=0",
    "--skip-auto-install",
    "--stop-after-init",
)
KEPT = {  # of the ledger, what has to be the same to the last digit
    "fact": "SELECT format('%s %s %s %s %s %s %s %s', kind, source_id, user_id, team_id, happened_at, quantity, amount, origin)"
    " FROM discipline_fact",
    "span": "SELECT format('%s %s %s %s %s %s', kind, res_id, user_id, deadline, date_from, date_to) FROM discipline_span",
    "stamp of a lead": "SELECT format('%s %s %s', id, discipline_filled, discipline_required) FROM crm_lead",
    "module": "SELECT format('%s %s', name, state) FROM ir_module_module",
    "scheduled action": "SELECT format('%s %s', cron_name, active) FROM ir_cron",
}


def read(database: str) -> dict[str, list[str]]:
    """What has to be the same, in lists of texts."""
    lists = {**LISTS, **KEPT}
    del lists["trigger of one"]  # one a time that it was begun
    return {kind: sorted(str(row) for (row,) in query(database, text)) for kind, text in lists.items()}


def install(database: str, folder: Path) -> None:
    done = run_odoo(*INSTALL, "-d", database, folder=folder, log=folder / "log")
    if done.returncode or (trouble := get_trouble(done.stdout)):
        raise SystemExit("\n".join(trouble if not done.returncode else done.stdout.splitlines()[-40:]))


def break_off(database: str, folder: Path, seconds: float) -> bool:
    """Begin to install and kill that after so many seconds. Whether it was still at work."""
    config = folder / "new.conf"
    command = [sys.executable, "-m", "odoo", *INSTALL, "-d", database]
    with open(folder / "broken.log", "a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "ODOO_RC": str(config)}
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
    return False


def compare(found: dict[str, list[str]], expected: dict[str, list[str]]) -> list[str]:
    """What is not the same, in words."""
    wrong = []
    for kind, rows in found.items():
        different = sorted(set(rows) ^ set(expected[kind]))
        if different or len(rows) != len(expected[kind]):
            wrong.append(f"    {kind}: {len(rows)} instead of {len(expected[kind])}")
            wrong += [f"        {'more' if row in rows else 'missing'}: {row}" for row in different[:10]]
    return wrong


def main() -> None:
    common.start_odoo()
    common.copy(sys.argv[1], PLAIN)
    with common.environment(PLAIN) as env:
        create_data(env, SIZE)
    failed = killed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        common.copy(PLAIN, WHOLE)
        start = time.monotonic()
        install(WHOLE, folder)
        seconds = time.monotonic() - start
        expected = read(WHOLE)
        common.say(f"An installation takes {seconds:.0f} s and enters {len(expected['fact']):,} facts.")
        for shares in BREAKS:
            common.copy(PLAIN, BROKEN)
            broken = [f"{share:.0%}" for share in shares if break_off(BROKEN, folder, seconds * share)]
            [(state,)] = query(BROKEN, f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'")
            install(BROKEN, folder)
            wrong = compare(read(BROKEN), expected)
            killed, failed = killed + bool(broken), failed + bool(wrong)
            verdict = "WRONG" if wrong else "well"
            common.say(
                f"{verdict}: killed at {', '.join(broken) or 'no time, it was done'} ({state}), installed again"
            )
            for text in wrong:
                common.say(text)
    if failed or killed < 4:
        raise SystemExit(1)
    for database in (PLAIN, WHOLE, BROKEN):
        common.drop(database)


if __name__ == "__main__":
    main()
