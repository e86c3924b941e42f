import logging
import re
import threading
import time
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from odoo.tests import HttpCase


class Console(logging.Handler):
    """Keeps what the browser of a test writes on its console and begins with a word: the rest of it, each time."""

    def __init__(self, pattern: str):
        super().__init__()
        self.pattern = re.compile(pattern, re.DOTALL)
        self.found = []

    def emit(self, record):
        if found := self.pattern.search(record.getMessage()):
            self.found.append(found[1])


@contextmanager
def listen_to_console(case, pattern: str):
    """A list of what group 1 of `pattern` was in each line that matches, as it fills up while `case` drives a browser."""
    logger, console = case._logger.getChild("browser"), Console(pattern)
    logger.addHandler(console)
    try:
        yield console.found
    finally:
        logger.removeHandler(console)


class BrowserCase(HttpCase):
    """Tests that drive a browser, whose requests are over when the test is. A browser that is closed may have sent one a
    moment before, which Odoo does not see yet when it waits for those under way: it was answered between two classes, on
    the database without what the test had made, and now and then the log had an error in the middle of the next one."""

    def _wait_remaining_requests(self, timeout=10):
        deadline = time.monotonic() + timeout
        # connections are taken in the order they came in: once this one is answered, those before it have their threads
        address = urlsplit(self.base_url())
        connection = HTTPConnection(address.hostname, address.port, timeout=timeout)
        with suppress(OSError, HTTPException), closing(connection):
            connection.request("GET", "/web/static/img/favicon.ico", headers={"Connection": "close"})
            connection.getresponse().read()
        # a thread that has only just begun has not got its name yet, by which Odoo looks for it
        for thread in threading.enumerate():
            if getattr(thread, "type", "") == "http":
                thread.join(max(deadline - time.monotonic(), 0))
        return super()._wait_remaining_requests(timeout)
