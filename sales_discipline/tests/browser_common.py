import logging
import re
from contextlib import contextmanager


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
