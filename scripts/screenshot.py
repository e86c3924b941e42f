"""Take a PNG of a page of a running Odoo: ./dev screenshot URL FILE.png [options]

Logs in over HTTP, opens the page in a headless Chromium and talks to it over
the DevTools protocol, so nothing but the browser itself is needed. What the
page writes to its console as an error is printed; an uncaught error fails.

URL may be a path (/odoo/...): the server is then http://localhost:$DEV_PORT.
"""

import argparse
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
import websocket

BROWSERS = ("google-chrome", "chromium-headless-shell", "chromium", "chromium-browser")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-translate",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-client-side-phishing-detection",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--metrics-recording-only",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-address=127.0.0.1",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
IDLE = 0.6  # seconds without a request, after which a page counts as loaded

# true once the page shows its content: Odoo's web client, or any other page
READY = """
document.readyState === 'complete' && !document.querySelector('.o_loading_indicator, .o_blockUI')
    && (!document.body.classList.contains('o_web_client')
        || !!document.querySelector('.o_action_manager > *, .o_home_menu, .modal'))
"""
# Community's server always links the light style sheet, and its dark bundle is
# the light one plus every addon's own *.dark.scss
DARK = """
(async () => {
    for (const link of document.querySelectorAll('link[href*="web.assets_web."]')) {
        await new Promise((done) => {
            const dark = link.cloneNode();
            dark.onload = dark.onerror = done;
            dark.href = '/web/assets/debug/web.assets_web_dark.css'; // the one that is kept may be of yesterday
            link.after(dark);
        });
        link.remove();
    }
})()
"""


class Browser:
    """One page of a headless Chromium, spoken to over a websocket."""

    def __init__(self, port, timeout):
        self.timeout = timeout
        self.errors, self.crashed = [], False
        self.pending, self.last_traffic = {}, time.monotonic()
        self._id = 0
        pages = requests.get(f"http://127.0.0.1:{port}/json/list", timeout=10).json()
        page = next(page for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=timeout)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method, **params):
        self._id += 1
        self.socket.send(json.dumps({"id": self._id, "method": method, "params": params}))
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            message = self._receive(deadline - time.monotonic())
            if message and message.get("id") == self._id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
        raise TimeoutError(f"{method}: no answer of the browser")

    def _receive(self, seconds):
        self.socket.settimeout(max(seconds, 0.05))
        with suppress(websocket.WebSocketTimeoutException):
            message = json.loads(self.socket.recv())
            self._notice(message.get("method"), message.get("params", {}))
            return message

    def _notice(self, event, params):
        url = params.get("request", {}).get("url", "")
        # the worker of the bus never tells the page that it is there
        if event == "Network.requestWillBeSent" and not re.search(r"^data:|/bus/|/websocket", url):
            self.pending[params["requestId"]] = url
            self.last_traffic = time.monotonic()
        elif event in ("Network.loadingFinished", "Network.loadingFailed"):
            self.pending.pop(params["requestId"], None)
            self.last_traffic = time.monotonic()
        elif event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
            self.crashed = True
        elif event == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.errors.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif event == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    def evaluate(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{answer['exceptionDetails']['text']} in {expression}")
        return answer["result"].get("value")

    def wait(self, expression, what):
        """Until the expression is true and the network has been quiet for a moment."""
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            quiet = not self.pending and time.monotonic() - self.last_traffic > IDLE
            with suppress(RuntimeError):  # the page may be changing under our hands
                if quiet and self.evaluate(expression):
                    return
            self._receive(0.1)
        raise TimeoutError(
            f"waited {self.timeout} s for {what}; open requests: {list(self.pending.values())}"
        )

    def open(self, url):
        self.last_traffic = time.monotonic()
        failure = self.send("Page.navigate", url=url).get("errorText")
        if failure:
            raise RuntimeError(f"{url}: {failure}")
        self.wait(READY, f"the content of {url}")

    def click(self, selector):
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait(f"!!{found}", selector)
        self.evaluate(f"{found}.click()")
        self.last_traffic = time.monotonic()
        self.wait(READY, f"the page after a click on {selector}")

    def picture(self, full):
        self.evaluate("document.fonts.ready.then(() => true)")
        if full:  # the client scrolls inside itself: make the window as high as what it holds
            size = self.evaluate(
                "[innerWidth, innerHeight + Math.max(0, ...[...document.querySelectorAll('html, .o_content,"
                " .o_content *')].filter((e) => e.matches('html') || /auto|scroll/.test(getComputedStyle(e)"
                ".overflowY)).map((e) => e.scrollHeight - e.clientHeight))]"
            )
            self.resize(*size)
            time.sleep(IDLE)
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def resize(self, width, height):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=width < 600)


@contextmanager
def chromium(timeout):
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        sys.exit(f"No browser: one of {', '.join(BROWSERS)} is needed")
    with tempfile.TemporaryDirectory(prefix="screenshot.", ignore_cleanup_errors=True) as profile:
        command = [program, *SWITCHES, "--lang=en-US", f"--user-data-dir={profile}", "about:blank"]
        log = Path(profile) / "log"
        with log.open("wb") as stream:
            # a session of its own: the program is a shell script around the browser
            process = subprocess.Popen(command, stdout=stream, stderr=stream, start_new_session=True)
        try:
            port_file, deadline = Path(profile) / "DevToolsActivePort", time.monotonic() + 30
            while not (port_file.exists() and port_file.read_text().count("\n")):
                if process.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"The browser did not start:\n{log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.1)
            yield Browser(int(port_file.read_text().splitlines()[0]), timeout)
        finally:
            for kind in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, kind)
                    process.wait(10)


class Session:
    """A login at Odoo; its cookies are handed to the browser."""

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.http = requests.Session()

    def login(self, login, password):
        self.http.cookies.clear()
        params = {"db": self.database} if self.database else {}
        form = self.http.get(f"{self.server}/web/login", params=params, timeout=60)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)
        if not token:
            sys.exit(f"{form.url} shows no login form; several databases? Then give --db")
        data = {"csrf_token": token[1], "login": login, "password": password, "type": "password"}
        answer = self.http.post(f"{self.server}/web/login", data=data, timeout=60)
        if "/web/login" in answer.url:
            sys.exit(f"{self.server} does not let {login} in with that password")

    def call(self, model, method, *args):
        body = {"params": {"model": model, "method": method, "args": args, "kwargs": {}}}
        url = f"{self.server}/web/dataset/call_kw/{model}/{method}"
        answer = self.http.post(url, json=body, timeout=60).json()
        if "error" in answer:
            sys.exit(f"{model}.{method}: {answer['error']['data']['message']}")
        return answer["result"]

    @contextmanager
    def language(self, code, login, password):
        """The user's own setting, put back afterwards."""
        if not code:
            yield
            return
        info = self.http.post(f"{self.server}/web/session/get_session_info", json={}, timeout=60)
        uid = info.json()["result"]["uid"]
        before = self.call("res.users", "read", [uid], ["lang"])[0]["lang"]
        self.call("res.users", "write", [uid], {"lang": code})
        try:
            self.login(login, password)
            yield
        finally:
            self.call("res.users", "write", [uid], {"lang": before})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("url", help="of the page, or a path of it")
    parser.add_argument("file", type=Path, help="the PNG to write")
    parser.add_argument("--login", default="admin", help="user (default: admin); '' for nobody")
    parser.add_argument("--password", help="default: the same as the login")
    parser.add_argument("--db", help="where the server has several databases")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--full", action="store_true", help="as high as the page's content")
    parser.add_argument("--lang", help="of the user while the picture is taken, e.g. ru_RU")
    parser.add_argument("--dark", action="store_true", help="Odoo's dark colours")
    parser.add_argument("--click", action="append", default=[], metavar="SELECTOR", help="repeatable")
    parser.add_argument("--wait", metavar="SELECTOR", help="what has to be there at the end")
    parser.add_argument("--timeout", type=int, default=60, help="seconds to wait for anything")
    return parser.parse_args()


def visit(browser, url, options):
    """Bring the page into the state that is asked for; what was in vain to wait for, if anything."""
    if options.dark:
        browser.send("Network.setCookie", name="color_scheme", value="dark", url=url)
    browser.resize(options.width, options.height)
    try:
        browser.open(url)
        for selector in options.click:
            browser.click(selector)
        if options.wait:
            browser.wait(f"!!document.querySelector({json.dumps(options.wait)})", options.wait)
    except TimeoutError as error:
        return error
    if options.dark:
        browser.evaluate(DARK)
    time.sleep(0.4)  # for charts and transitions


def main():
    options = arguments()
    server = "http://localhost:" + os.environ.get("DEV_PORT", "8069")
    url = urllib.parse.urljoin(server, options.url)
    server = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
    password = options.password or options.login
    session = Session(server, options.db)
    try:
        if options.login:
            session.login(options.login, password)
        with session.language(options.lang, options.login, password), chromium(options.timeout) as browser:
            for cookie in session.http.cookies:
                browser.send("Network.setCookie", name=cookie.name, value=cookie.value, url=server)
            failure = visit(browser, url, options)
            png = browser.picture(options.full)
    except requests.ConnectionError:
        sys.exit(f"No server at {server}: start it with ./dev demo")
    except (RuntimeError, TimeoutError, websocket.WebSocketException) as error:
        sys.exit(f"No picture: {error}")
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_bytes(png)
    for error in browser.errors:
        print(f"browser: {error}", file=sys.stderr)
    print(f"{options.file} ({len(png) // 1024} kB)")
    if failure:
        print(f"That is what was there when this failed: {failure}", file=sys.stderr)
    return 1 if failure or browser.crashed else 0


if __name__ == "__main__":
    sys.exit(main())
