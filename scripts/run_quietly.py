"""Run Odoo with its output in a log: run_quietly.py LOG COMMAND...

The screen gets one line that moves (in a terminal) or a line now and then, and
at the end, if the command failed, the last errors of the log. Standard library
only: this runs with the system's Python.
"""

import re
import subprocess
import sys
import time

MODULE = re.compile(r"[Ll]oading module (\S+) \((\d+)/(\d+)\)")
OWN = re.compile(r" INFO \S+ odoo\.addons\.sales_discipline\S*: (?P<text>.*)")
PLAIN_EVERY = 15  # seconds between lines where the screen is no terminal


class Progress:
    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self.shown_at = time.monotonic()

    def show(self, text, always=False):
        now = time.monotonic()
        if self.terminal:
            sys.stderr.write(f"\r\033[K  {text[:100]}")
        elif always or now - self.shown_at > PLAIN_EVERY:
            sys.stderr.write(f"  {text}\n")
            self.shown_at = now
        sys.stderr.flush()

    def end(self):
        if self.terminal:
            sys.stderr.write("\r\033[K")


def follow(lines, log, progress):
    """Copy the output to the log; the lines worth showing if the command fails."""
    trouble = []
    keep = False
    for line in lines:
        log.write(line)
        log.flush()
        if found := MODULE.search(line):
            progress.show(f"module {found[2]} of {found[3]}: {found[1]}")
        elif found := OWN.search(line):
            progress.show(found["text"], always=True)
        if re.match(r"\d{4}-\d\d-\d\d ", line):
            keep = re.search(r" (ERROR|CRITICAL) ", line) is not None
        if keep or line.startswith("Traceback") or trouble and line.startswith((" ", "\t")):
            trouble.append(line)
        elif re.match(r"[\w.]*(Error|Exception)\b", line):
            trouble.append(line)
    return trouble


def main(log_path, *command):
    progress = Progress()
    with open(log_path, "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        try:
            trouble = follow(process.stdout, log, progress)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            progress.end()
            return 130
    progress.end()
    status = process.wait()
    if status:
        sys.stderr.writelines(trouble[-40:])
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
