"""Installing the addon in a database that people work in: how long it takes, and how long they wait meanwhile.

A server of its own works on the database, without the addon at first, as any server of a company does. A program logs in there
again and again, reads a lead, changes one and marks an activity as done, each every second, and notes how long it waited;
beside it the locks that keep others from reading or writing are noted. The same is measured with a bare addon that adds one
field to each of the models that this addon adds fields to.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import common
import psycopg2
from common import note, say

ADDON = "sales_discipline"
ROOT = Path(__file__).parents[1]
EVERY = 1.0  # seconds between two tries of the same
MODELS = ("crm.lead", "mail.activity", "res.partner", "res.users", "res.company", "digest.digest")
BLOCKING = ("AccessExclusiveLock", "ExclusiveLock", "ShareRowExclusiveLock", "ShareLock")
LOGIN = "bench"
LAST = 15  # seconds, of the installation: the rest of its own is over


class User:
    """Somebody at a browser: the web client's own requests."""

    def __init__(self, url: str, database: str):
        self.url, self.database = url, database
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def ask(self, path: str, **params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        with self.open(request, timeout=600) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["debug"])
        return answer["result"]

    def log_in(self) -> None:
        self.ask("/web/session/authenticate", db=self.database, login=LOGIN, password=LOGIN)

    def call(self, model: str, method: str, *args):
        return self.ask("/web/dataset/call_kw", model=model, method=method, args=args, kwargs={})


class Watch:
    """Waits of users, and locks, while something is being installed."""

    def __init__(self, url: str, database: str, leads: list[int], activities: list[int]):
        self.url, self.database = url, database
        self.leads, self.activities = leads, list(activities)
        self.waits: dict[str, list[tuple[float, float]]] = {}
        self.locks: dict[tuple[str, str], float] = {}
        self.errors: list[str] = []
        self.stopped = threading.Event()
        jobs = {
            "logging in": self.log_in,
            "reading a lead": self.read,
            "changing a lead": self.write,
            "marking an activity as done": self.mark,
        }
        self.threads = [threading.Thread(target=self.repeat, args=job) for job in jobs.items()]
        self.threads.append(threading.Thread(target=self.look_at_locks))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(5)
        return self

    def __exit__(self, *_error):
        time.sleep(5)
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def log_in(self, _user) -> None:
        User(self.url, self.database).log_in()

    def read(self, user) -> None:
        user.call("crm.lead", "web_read", self.leads[:1], {"name": {}, "stage_id": {}, "user_id": {}})

    def write(self, user) -> None:
        user.call("crm.lead", "web_save", self.leads[:1], {"description": f"{time.time()}"}, {"name": {}})

    def mark(self, user) -> None:
        user.call("mail.activity", "action_feedback", [self.activities.pop()])

    def repeat(self, name, job) -> None:
        user = User(self.url, self.database)
        user.log_in()
        waits = self.waits.setdefault(name, [])
        while not self.stopped.is_set():
            start = time.monotonic()
            try:
                job(user)
            except Exception as error:
                self.errors.append(f"{name}: {error}"[-2000:])
            waits.append((start, time.monotonic() - start))
            self.stopped.wait(max(0, EVERY - (time.monotonic() - start)))

    def look_at_locks(self) -> None:
        """How long tables of Odoo's own are locked against reading or writing, by samples."""
        connection = psycopg2.connect(dbname=self.database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            last = time.monotonic()
            while not self.stopped.wait(0.1):
                cursor.execute(
                    "SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                    " WHERE l.granted AND l.mode = ANY(%s) AND l.database = (SELECT oid FROM pg_database WHERE datname = %s)"
                    " AND c.relname = ANY(%s)",
                    [list(BLOCKING), self.database, [name.replace(".", "_") for name in MODELS]],
                )
                now = time.monotonic()
                for row in set(cursor.fetchall()):
                    self.locks[row] = self.locks.get(row, 0.0) + now - last
                last = now
        connection.close()


def measure(plain: str, database: str, addons: str, addon: str) -> dict:
    """Install that addon in a copy of the database while a server and its users work there."""
    common.copy(plain, database)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "odoo.conf"
        config.write_text(
            f"[options]\naddons_path = {addons}\ndata_dir = {folder}\nhttp_interface = 127.0.0.1\n", "utf-8"
        )
        port = get_port()
        command = [
            sys.executable,
            "-m",
            "odoo",
            "server",
            "-c",
            str(config),
            "-d",
            database,
            "--max-cron-threads=0",
        ]
        env = {**os.environ, "ODOO_RC": str(config)}
        with open(Path(folder) / "server.log", "w", encoding="utf-8") as log:
            server = subprocess.Popen([*command, f"--http-port={port}"], env=env, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            with Watch(url, database, *get_records(database)) as watch:
                start = time.monotonic()
                more = [
                    "-i",
                    addon,
                    "--no-http",
                    "--stop-after-init",
                    "--skip-auto-install",
                    "--log-level=warn",
                ]
                subprocess.run([*command, *more], env=env, check=True)
                seconds = time.monotonic() - start
        finally:
            server.terminate()
            server.wait()
    return {"seconds": seconds, "start": start, "watch": watch}


def get_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(url: str) -> None:
    for _again in range(240):
        try:
            urllib.request.urlopen(f"{url}/web/health", timeout=60).read()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server does not answer")


def get_records(database: str) -> tuple[list[int], list[int]]:
    """A lead, and activities to be done, of the user who works; ids."""
    with common.connection(database) as cr:
        cr.execute("SELECT id FROM crm_lead WHERE active ORDER BY id DESC LIMIT 1")
        leads = [key for (key,) in cr.fetchall()]
        cr.execute("SELECT id FROM mail_activity WHERE active ORDER BY id LIMIT 600")
        return leads, [key for (key,) in cr.fetchall()]


def add_user(database: str) -> None:
    """Who works: a manager of sales with that name and password."""
    with common.environment(database) as env:
        groups = [env.ref("base.group_user").id, env.ref("sales_team.group_sale_manager").id]
        if not env["res.users"].search([("login", "=", LOGIN)]):
            env["res.users"].with_context(no_reset_password=True).create(
                {"name": LOGIN, "login": LOGIN, "password": LOGIN, "group_ids": [(6, 0, groups)]}
            )
        env.cr.commit()


def write_bare(folder: Path) -> None:
    """An addon that adds one field to each of these models, and nothing else."""
    addon = folder / "bare"
    addon.mkdir()
    (addon / "__manifest__.py").write_text(
        repr(
            {
                "name": "Bare",
                "version": "19.0.1.0.0",
                "depends": ["crm", "hr", "rating", "sale_crm"],
                "license": "LGPL-3",
            }
        )
    )
    models = "".join(
        f"\n\nclass M{number}(models.Model):\n    _inherit = {name!r}\n\n    bare = fields.Integer()\n"
        for number, name in enumerate(MODELS)
    )
    (addon / "__init__.py").write_text(f"from odoo import fields, models\n{models}")


def get_longest_before(found: dict) -> float:
    """The longest wait that has nothing to do with the end, when every server has to load the addon's code."""
    end = found["start"] + found["seconds"] - LAST
    waits = [wait for waits in found["watch"].waits.values() for at, wait in waits if at + wait < end]
    return max(waits, default=0.0)


def run(plain: str, database: str) -> None:
    """Measure both, and print how long it took and how long people waited."""
    add_user(plain)
    rows, result = [], {}
    with tempfile.TemporaryDirectory() as folder:
        write_bare(Path(folder))
        for name, addons, addon in (("bare", folder, "bare"), ("the addon", str(ROOT), ADDON)):
            note(f"installing {name} while people work")
            result[name] = measure(plain, database, addons, addon)
    say("### Installing while people work\n")
    for name, found in result.items():
        longest = max(
            (wait, at - found["start"], job)
            for job, waits in found["watch"].waits.items()
            for at, wait in waits
        )
        say(
            f"{name}: {found['seconds']:.1f} s; the longest wait, {longest[2]}, began after {longest[1]:.1f} s;"
            f" the longest that was over {LAST} s before the end: {get_longest_before(found):.2f} s"
        )
        for error in found["watch"].errors[:3]:
            say(f"    {error}")
    say()
    for job in result["bare"]["watch"].waits:
        row = [job]
        for found in result.values():
            waits = [wait for _at, wait in found["watch"].waits[job]]
            row += [f"{common.statistics.median(waits):.2f}", f"{max(waits):.2f}"]
        rows.append(row)
    common.table(["", "bare addon: median wait, s", "longest", "the addon: median wait, s", "longest"], rows)
    tables = sorted({key for found in result.values() for key in found["watch"].locks})
    common.table(
        ["table locked", "how", "bare addon, s", "the addon, s"],
        [
            [table, mode, *(f"{found['watch'].locks.get((table, mode), 0):.1f}" for found in result.values())]
            for table, mode in tables
        ],
    )
