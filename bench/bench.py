"""The benchmarks of the addon: `./dev bench [--people N] [--activities N] [--leads N] [--orders N] [--repeat N]`.

Makes a sales department in a database without the addon, installs the addon in a copy of it, and measures there how
the ledger is filled, a day and a month are frozen, pages are opened and an activity is marked done. The results, as
Markdown, are in docs/performance.md. BENCH_DB is the database to use, BENCH_TEMPLATE one with Odoo and what the addon depends on.
"""

import argparse
import os
import platform
import time
from dataclasses import fields

import common
import curve
import install as installing
from common import Run, note, say
from data import Size, create_data
from freeze import Freeze
from mark_done import MarkDone
from month import Month
from pages import Pages
from pay import Pay
from peers import Payslips, Peers
from winback import Winback

from odoo.modules.registry import Registry


def main() -> None:
    """Run everything. :raise SystemExit: if the addon and the hand-written SQL do not agree"""
    parser = argparse.ArgumentParser(prog="./dev bench", description="The benchmarks of the addon.")
    for field in fields(Size):
        parser.add_argument(f"--{field.name}", type=int, default=field.default)
    parser.add_argument("--repeat", type=int, default=5, help="how often each thing is measured")
    parser.add_argument("--keep", action="store_true", help="leave the database for a look at it")
    parser.add_argument(
        "--only",
        choices=("install", "mark", "month", "pay", "freeze", "peers", "winback"),
        help="of what comes after the installation",
    )
    parser.add_argument(
        "--curve", help="nothing but how cost grows: '100x100000,1000x1000000' are people and activities"
    )
    options = parser.parse_args()
    size = Size(**{field.name: getattr(options, field.name) for field in fields(Size)})
    database = os.environ["BENCH_DB"]
    plain = f"{database}_plain"
    common.start_odoo()
    if options.curve:
        run_curve(options.curve, plain, database, options.repeat)
        return
    make_plain(plain, size)
    describe(plain, size)
    if options.only == "install":
        installing.run(plain, database)
    else:
        measure(options, size, plain, database)


def measure(options, size: Size, plain: str, database: str) -> None:
    """Everything but how cost grows, and installing while people work."""
    aims = [["filling the ledger, seconds", 30, f"{install(plain, database):.1f}"]]
    if options.only in (None, "mark"):
        note("marking activities done")
        found = MarkDone(plain, database, 300, options.repeat).run()
        aims.append(["marking an activity done, x plain Odoo", "1.10", f"{found:.2f}"])
    common.drop(plain)
    if options.only in (None, "month"):
        month = Pages(database, options.repeat)
        factor = Month.run(month)
        aims.append(["freezing a month of everybody, x hand-written SQL", 3, f"{factor:.2f}"])
        month.run()
        month.clear()
    if options.only in (None, "pay"):
        seconds = Pay(database, options.repeat).run()
        aims.append(
            [f"paying a month of {size.people:,} people, seconds", f"{size.people / 200:g}", f"{seconds:.2f}"]
        )
    freeze = Freeze(database, options.repeat)
    if options.only in (None, "freeze"):
        note("freezing")
        at_once, open_before = freeze.run()
        aims.append(["freezing a day in one go, x hand-written SQL", 1.5, f"{at_once:.2f}"])
        aims.append(["freezing cards that were open, x hand-written SQL", 3, f"{open_before:.2f}"])
    if options.only in (None, "peers"):
        peers = Peers(database, options.repeat)
        peers.prepare_from(freeze)
        aims.append(["ten goals of gamification, x the addon", "20 at least", f"{peers.run():.0f}"])
        Payslips(database, options.repeat).run()
    if options.only in (None, "winback"):
        seconds = Winback(database, options.repeat).run()
        aims.append(["the win-back page, 50,000 clients, seconds", 1, f"{seconds:.2f}"])
    say("### Aims\n")
    common.table(["", "at most", "measured"], aims)
    if not options.keep:
        common.drop(database)


def run_curve(points: str, plain: str, database: str, repeat: int) -> None:
    """The same at each of these sizes, one after the other; only one database is there at a time."""
    rows = []
    for size in curve.get_sizes(points):
        make_plain(plain, size)
        filled = install(plain, database)
        common.drop(plain)
        rows.append(curve.Curve(database, repeat).measure(size, filled))
        common.drop(database)
        say("### How cost grows\n")  # what there is so far: the next size may take an hour
        common.table(curve.HEADER, rows)


def make_plain(name: str, size: Size) -> None:
    """The database with the data and without the addon."""
    common.copy(os.environ["BENCH_TEMPLATE"], name)
    note("making the data")
    start = time.perf_counter()
    with common.environment(name) as env:
        create_data(env, size)
    with common.connection(name) as cr:
        cr.execute("VACUUM (ANALYZE)")
    note(f"made in {time.perf_counter() - start:.0f} s")


def describe(name: str, size: Size) -> None:
    """What is measured, and where."""
    with common.connection(name) as cr:
        cr.execute("SELECT current_setting('server_version'), current_setting('shared_buffers')")
        version, buffers = cr.fetchone()
    say(
        f"{size.people:,} people, {size.activities:,} activities done and {size.open_activities:,} open,"
        f" {size.leads:,} leads and opportunities, {size.orders:,} orders.\n"
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, Python {platform.python_version()},"
        f" PostgreSQL {version.split()[0]} with shared_buffers {buffers}.\n"
    )


def install(plain: str, name: str) -> float:
    """Install the addon in a copy of the database `plain`; seconds that it takes to fill its ledger."""
    from odoo.addons import sales_discipline as addon  # only where Odoo's paths are known

    common.copy(plain, name)
    note("installing the addon")
    filled = Run()
    post_init_hook = addon.post_init_hook

    def timed(env):
        filled.cr = env.cr
        with filled:
            post_init_hook(env)

    addon.post_init_hook = timed
    Registry.new(name, update_module=True, install_modules=["sales_discipline"])
    addon.post_init_hook = post_init_hook
    with common.connection(name) as cr:
        cr.execute("SELECT COUNT(*) FROM discipline_fact")
        facts = cr.fetchone()[0]
        cr.execute("SELECT COUNT(*) FROM discipline_span")
        spans = cr.fetchone()[0]
        cr.execute("VACUUM (ANALYZE) discipline_fact, discipline_span")
        cr.execute("SELECT pg_size_pretty(pg_total_relation_size('discipline_fact'))")
        ledger = cr.fetchone()[0]
    say("### Filling the ledger when the addon is installed\n")
    say(
        f"{filled.seconds:.1f} s for {facts:,} facts and {spans:,} spans of open items, {filled.statements} statements,"
        f" {filled.peak:.0f} MB; the ledger takes {ledger} with its indexes.\n"
    )
    return filled.seconds


if __name__ == "__main__":
    main()
