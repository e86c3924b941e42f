"""The installation killed with SIGKILL again and again, and started again: nothing is lost, twice, or left behind.

    ./dev crash

TEMPLATE has what the addon needs and not the addon. It is copied and filled with a sales department's past (`bench/data.py`);
in copies of that the addon is installed without a break, which says how long it takes, and with each of BREAKS. What Odoo's
tables say of the schema and the addon, and the ledger, have to be the same.
"""

import os
import re
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
# what it says, and how many seconds afterwards it is killed: in one database again and again, then once in each of others
TABLES, DATA, VIEWS = (
    "creating or updating database tables",
    "discipline_rules.xml",
    "discipline_plan_views.xml",
)
BREAKS = (
    ((TABLES, 0.3), (TABLES, 1), (TABLES, 2), (DATA, 0.1), (VIEWS, 0.1)),
    (("History of lead_created", 0),),
    (("History of order_confirmed", 0.2),),
    (("History of report_submitted", 1.5),),
    (("History of activity_done", 0),),
    (("History of lead_first_touch", 0),),
    (("Win-back: all", 0),),
)
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
    found = {kind: sorted(str(row) for (row,) in query(database, text)) for kind, text in lists.items()}
    found["menu"] = [
        re.sub(r",\d+$", "", row) for row in found["menu"]
    ]  # numbers that were taken and given up
    return found


def install(database: str, folder: Path) -> None:
    done = run_odoo(*INSTALL, "-d", database, folder=folder, log=folder / "log")
    if done.returncode or (trouble := get_trouble(done.stdout)):
        raise SystemExit("\n".join(trouble if not done.returncode else done.stdout.splitlines()[-40:]))


def break_off(database: str, folder: Path, text: str, seconds: float) -> None:
    """Begin to install, and kill that so many seconds after it has said something.

    :raise SystemExit: if it was done before
    """
    command = [sys.executable, "-m", "odoo", *INSTALL, "-d", database]
    env = {**os.environ, "ODOO_RC": str(folder / "new.conf")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, text=True)
    for line in process.stdout:
        if text in line:
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.read()
    if process.wait() != -signal.SIGKILL:
        raise SystemExit(f"The installation was not killed at {text!r}")


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
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        common.copy(PLAIN, WHOLE)
        start = time.monotonic()
        install(WHOLE, folder)
        seconds = time.monotonic() - start
        expected = read(WHOLE)
        common.say(f"An installation takes {seconds:.0f} s and enters {len(expected['fact']):,} facts.")
        for moments in BREAKS:
            common.copy(PLAIN, BROKEN)
            for text, after in moments:
                break_off(BROKEN, folder, text, after)
            [(state,)] = query(BROKEN, f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'")
            install(BROKEN, folder)
            wrong = compare(read(BROKEN), expected)
            failed += bool(wrong)
            said = ", ".join(f"“{text}” + {after} s" for text, after in moments)
            common.say(f"{'WRONG' if wrong else 'well'}: killed at {said}; {state}; installed again")
            for text in wrong:
                common.say(text)
    if failed:
        raise SystemExit(1)
    for database in (PLAIN, WHOLE, BROKEN):
        common.drop(database)


if __name__ == "__main__":
    main()
