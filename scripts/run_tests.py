"""Run the tests, say what happened, and be the judge of it.

    run_tests.py --log FILE -- COMMAND...      Odoo's own runner: reads its log
    run_tests.py --junit FILE -- COMMAND...    pytest: reads its report

An exit status alone is not trusted: Odoo stays green when no browser starts (the
tours are "skipped"), when a tag selects nothing, and when something logs an error.
The last line of the output is `N passed, N failed, N skipped`. Standard library only.
"""

import argparse
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

RECORD = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>[\w.]+): (?P<text>.*)"
)
START = re.compile(r"Starting (?P<test>\w+\.\w+) \.\.\.")
SKIP = re.compile(r"skipped (?P<test>\S+)(?: : )?(?P<reason>.*)", re.I)
TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database")
# what must never be skipped: it means that the set-up is broken
REQUIRED = re.compile(r"chrome|chromium|browser|devtools|websocket|wkhtmltopdf", re.I)
# what a developer's machine says anyway
NOISE = re.compile(r"security risk|unaccent|Running as user|inotify|watchdog", re.I)


def say(text):
    print(text, file=sys.stderr, flush=True)


class OdooLog:
    """What the log of one run of Odoo's test runner tells, line by line."""

    def __init__(self):
        self.total = self.failed = 0
        self.started, self.skipped, self.errors = [], [], []
        self.level = None

    def feed(self, line):
        """Take note of a line; the text to show for it, if any."""
        record = RECORD.match(line)
        if not record:  # goes on with the record before: a traceback, for example
            if self.level not in ("ERROR", "CRITICAL"):
                return None
            if self.errors and line.strip():
                self.errors[-1]["reason"] = line.strip()  # what a traceback ends with
            return line
        self.level, text = record["level"], record["text"]
        if found := TOTAL.search(text):
            failed, errors, total = map(int, found.groups())
            self.failed += failed + errors
            self.total += total
            return None
        if self.level in ("ERROR", "CRITICAL"):
            if "odoo.tests.result" not in record["logger"]:
                self.errors.append(
                    {"test": self.started[-1] if self.started else "-", "text": text, "reason": ""}
                )
            return line
        if self.level == "WARNING":
            return None if NOISE.search(text) else line
        if found := START.search(text):
            self.started.append(found["test"])
            return f"  {len(self.started):4}  {found['test']}"
        if text.startswith("skipped ") and (found := SKIP.match(text)):
            self.skipped.append((found["test"], found["reason"]))
            return f"        skipped: {found['reason']}"
        return None

    def verdict(self):
        """(passed, failed, skipped, complaints)"""
        complaints = []
        unseen = [test for test, reason in self.skipped if REQUIRED.search(reason)]
        failed, skipped = self.failed + len(unseen), len(self.skipped) - len(unseen)
        if unseen:
            complaints.append(
                f"{len(unseen)} tests were skipped for want of a browser or of wkhtmltopdf: {unseen}"
            )
        if self.total == 0:
            complaints.append("no test was run")
        if self.errors and not self.failed:
            # a test that wants an error to be logged mutes that logger
            complaints.append(f"{len(self.errors)} lines of level ERROR in the log")
            failed += 1
        complaints += ["in {test}: {text} {reason}".format_map(error) for error in self.errors[:10]]
        return max(self.total - failed - skipped, 0), failed, skipped, complaints


def run_odoo(command, log_path):
    log = OdooLog()
    with open(log_path, "w", encoding="utf-8") as copy:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        try:
            for line in process.stdout:
                copy.write(line)
                shown = log.feed(line.rstrip("\n"))
                if shown:
                    say(shown)
        except KeyboardInterrupt:
            process.terminate()
        status = process.wait()
    return status, log.verdict()


def run_pytest(command, report):
    status = subprocess.call(command, stdout=sys.stderr)
    passed = failed = skipped = 0
    complaints = []
    try:
        cases = ET.parse(report).iter("testcase")
    except (OSError, ET.ParseError):
        return status or 1, (0, 0, 0, ["pytest wrote no report"])
    for case in cases:
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skip is not None and REQUIRED.search(skip.get("message", "")):
            failed += 1
            complaints.append(f"{case.get('name')} was skipped: {skip.get('message')}")
        elif skip is not None:
            skipped += 1
        else:
            passed += 1
    if not passed + failed + skipped:
        complaints.append("no test was run")
    return status, (passed, failed, skipped, complaints)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--log")
    parser.add_argument("--junit")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    if options.junit:
        status, (passed, failed, skipped, complaints) = run_pytest(options.command, options.junit)
    else:
        status, (passed, failed, skipped, complaints) = run_odoo(options.command, options.log)
    for complaint in complaints:
        say(f"» {complaint}")
    if status and not failed and not complaints:
        say(f"» the run ended with status {status}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if status or failed or complaints else 0


if __name__ == "__main__":
    sys.exit(main())
