"""Databases of every version that landed, filled by that version, brought up to date.

    ./dev upgrade [VERSION]

Each version comes out of git into a folder of its own and is installed in a copy of TEMPLATE; `upgrade_fill.py` fills the
database with what that version could hold; then it is updated to the addon as it stands here. Whatever was stored has to be
the same afterwards, but for what MEANT names; `upgrade_check.py` looks at the rest, and all that Odoo keeps of the addon has
to be what INSTALLED has, where it was installed anew. Databases are called upgrade_*; the last one stays if something is wrong.
"""

import argparse
import ast
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from databases import ROOT, get_trouble, query, run_odoo

ADDON = "sales_discipline"
OPTIONS = ("--no-http", "--max-cron-threads=0", "--skip-auto-install")


@dataclass(frozen=True)
class Landed:
    """A version, as it was at that commit: the first of all, then the last one of each."""

    version: str
    commit: str
    what: str


VERSIONS = (
    Landed("19.0.1.0.0", "7e8ca46a", "the first commit that could be installed, without screens and pay"),
    Landed("19.0.1.0.0", "37c7367c", "points and pay by schemes"),
    Landed("19.0.1.1.0", "2c478743", "KPIs, sales plans, commission, corrections"),
    Landed("19.0.1.2.0", "91f84d7f", "seals, reports, appeals, signals; the screens of 1.3"),
    Landed("19.0.1.3.0", "f956015f", "regulations as they were first"),
    Landed("19.0.1.4.0", "2df04830", "regulations, win-back, programs, time studies"),
    Landed("19.0.1.5.0", "5cf9d148", "users with their days, leads told from memory"),
)

# what a migration changes in rows that were there: table, columns
MEANT = {"discipline_metric": {"name"}, "discipline_payroll": {"job_done"}}

ROWS = "SELECT id, to_jsonb(t) FROM {} t"
TABLES = """
    SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
       AND (c.relname LIKE 'discipline_%' OR c.relname = 'hr_employee_wage') AND EXISTS (
           SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id') ORDER BY 1
"""
# of every table, what this addon's or another's code made of it
SCHEMA = {
    "column": """
        SELECT format('%s.%s %s%s', table_name, column_name, udt_name, CASE is_nullable WHEN 'NO' THEN ' not null' END)
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": """
        SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    """,
}


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run(*command, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(part) for part in command], check=True, **options)


def read_rows(database: str) -> dict[str, dict[int, dict]]:
    """All rows of the addon's tables: {table: {id: {column: value}}}."""
    tables = [name for (name,) in query(database, TABLES)]
    return {name: dict(query(database, ROWS.format(name))) for name in tables}


def read_schema(database: str) -> dict[str, set[str]]:
    return {kind: {row for (row,) in query(database, text)} for kind, text in SCHEMA.items()}


class Upgrade:
    """One version's way to here."""

    def __init__(self, landed: Landed, folder: Path, template: str, installed: str):
        self.landed, self.folder = landed, folder / landed.commit
        self.template, self.installed = template, installed
        self.database = f"upgrade_{landed.commit}"
        self.log = folder / f"{landed.commit}.log"
        self.wrong: list[str] = []

    # ------------------------------------------------------------ steps

    def run(self) -> list[str]:
        start = time.monotonic()
        self.unpack()
        self.install()
        before = self.fill()
        corrections = self.find("upgrade_next_run.py", addons=self.folder)
        seconds = self.update()
        self.compare_rows(before, "the update")
        if (now := self.find("upgrade_next_run.py")) != corrections:
            self.wrong.append(f"the next run would correct {now} where it was {corrections}")
        self.wrong += self.find("upgrade_check.py", UPGRADE_FRESH=self.installed)
        self.compare_rows(before, "the scheduled actions")
        rows = sum(map(len, before.values()))
        say(
            f"{'well' if not self.wrong else 'WRONG'}: {self.landed.version} ({self.landed.what}), {rows:,} rows,"
            f" updated in {seconds:.0f} s, all in {time.monotonic() - start:.0f} s"
        )
        for text in self.wrong[:60]:
            say(f"    {text}")
        return self.wrong

    def unpack(self) -> None:
        """The addon of then, out of git."""
        self.folder.mkdir()
        archive = run("git", "-C", ROOT, "archive", self.landed.commit, ADDON, stdout=subprocess.PIPE)
        run("tar", "-x", "-C", self.folder, input=archive.stdout)

    def install(self) -> None:
        """The addon of then in a database that has what it needed and no more."""
        run("dropdb", "--if-exists", "--force", self.database, stderr=subprocess.DEVNULL)
        run("createdb", "-T", self.template, self.database)
        more = self.get_depends(ROOT) - self.get_depends(self.folder)
        if more:
            self.odoo("module", "uninstall", "-d", self.database, *sorted(more), addons=self.folder)
        self.odoo(
            "server", "-d", self.database, "-i", ADDON, "--stop-after-init", *OPTIONS, addons=self.folder
        )

    def fill(self) -> dict[str, dict[int, dict]]:
        """Months of work, scored and paid by the code of then; what is stored of it."""
        self.shell("upgrade_fill.py", addons=self.folder)
        return read_rows(self.database)

    def update(self) -> float:
        start = time.monotonic()
        said = self.odoo("server", "-d", self.database, "-u", ADDON, "--stop-after-init", *OPTIONS)
        self.wrong += [f"in the log: {line}" for line in get_trouble(said)]
        self.compare_schema()
        return time.monotonic() - start

    def find(self, script: str, **options) -> list:
        """What a script says of the database; trouble in its log is wrong."""
        said = self.shell(script, **options)
        if "addons" not in options:
            self.wrong += [f"in the log: {line}" for line in get_trouble(said)]
        found = [line[7:] for line in said.splitlines() if line.startswith("FOUND: ")]
        return json.loads(found[-1]) if found else [f"{script} did not end"]

    # ------------------------------------------------------------ what is compared

    def compare_rows(self, before: dict, what: str) -> None:
        """Every column that there was, of every row; open cards and the like are at work and left out."""
        after = read_rows(self.database)
        skipped = self.get_working(before)
        for table, rows in before.items():
            if table not in after:
                self.wrong.append(f"{table} is gone")
                continue
            meant = MEANT.get(table, set()) | {"write_date", "write_uid"}
            changed: dict[str, list[int]] = {}
            for key, row in rows.items():
                now = after[table].get(key)
                if key in skipped.get(table, ()):
                    continue
                if now is None:
                    changed.setdefault("(the row is gone)", []).append(key)
                    continue
                for column in row.keys() - meant:
                    if column not in now or now[column] != row[column]:
                        changed.setdefault(column, []).append(key)
            self.wrong += [
                f"after {what}: {table}.{column} of {len(keys)} rows is another, such as {keys[0]}:"
                f" {rows[keys[0]].get(column)} -> {after[table].get(keys[0], {}).get(column)}"
                for column, keys in changed.items()
            ]

    @staticmethod
    def get_working(before: dict) -> dict[str, set[int]]:
        """Ids of rows that are meant to change day by day, by table."""
        cards = {key for key, row in before["discipline_scorecard"].items() if row["state"] == "open"}
        lines = before["discipline_scorecard_line"].items()
        runs = before.get("discipline_payroll", {}).items()
        return {
            "discipline_scorecard": cards,
            "discipline_scorecard_line": {key for key, row in lines if row["scorecard_id"] in cards},
            "discipline_payroll": {key for key, row in runs if row.get("job")},
        }

    def compare_schema(self) -> None:
        """Columns, keys and indexes are those of an installation anew."""
        mine, fresh = read_schema(self.database), read_schema(self.installed)
        for kind, rows in fresh.items():
            self.wrong += [f"{kind} is missing: {row}" for row in sorted(rows - mine[kind])]
            self.wrong += [f"{kind} is left over: {row}" for row in sorted(mine[kind] - rows)]

    # ------------------------------------------------------------ Odoo

    @staticmethod
    def get_depends(folder: Path) -> set[str]:
        return set(ast.literal_eval((folder / ADDON / "__manifest__.py").read_text("utf-8"))["depends"])

    def odoo(self, *arguments, addons: Path = ROOT, script: Path | None = None, **variables) -> str:
        """Run a command of Odoo's with these addons; what it said."""
        text = script.read_text("utf-8") if script else None
        done = run_odoo(*arguments, folder=self.folder, log=self.log, addons=addons, script=text, **variables)
        if done.returncode:
            kept = Path(tempfile.gettempdir()) / f"{self.database}.log"
            shutil.copy(self.log, kept)
            raise SystemExit(
                f"{self.landed.version}: Odoo failed, see {kept}\n"
                + "\n".join(done.stdout.splitlines()[-15:])
            )
        return done.stdout

    def shell(self, name: str, addons: Path = ROOT, **variables) -> str:
        script = Path(__file__).with_name(name)
        return self.odoo("shell", "-d", self.database, "--no-http", addons=addons, script=script, **variables)


def has_history() -> bool:
    """Whether git knows the commits: not in an archive, nor in a clone of the last commits only."""
    for landed in VERSIONS:
        command = ["git", "-C", str(ROOT), "cat-file", "-e", f"{landed.commit}^{{commit}}"]
        try:
            if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
                return False
        except OSError:
            return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--template", required=True, help="a database with what the addon needs")
    parser.add_argument("--installed", required=True, help="a database in which it was installed anew")
    parser.add_argument("version", nargs="?", help="only this one, or the commit")
    options = parser.parse_args()
    if not has_history():
        raise SystemExit(
            "The versions that landed are not in this copy of the project: it takes the whole history of git"
            " (git fetch --unshallow)."
        )
    wanted = [v for v in VERSIONS if options.version in (None, v.version, v.commit)]
    if not wanted:
        raise SystemExit(f"There are {', '.join(f'{v.version} ({v.commit})' for v in VERSIONS)}.")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for landed in wanted:
            upgrade = Upgrade(landed, Path(folder), options.template, options.installed)
            if found := upgrade.run():
                wrong += len(found)
            else:
                run("dropdb", "--force", upgrade.database)
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
