import codecs
import csv
import io
import json

# The columns of the CSV file, and with them the names in the JSON file: a contract with other programs. Add at the end,
# never rename or take away; what changes the meaning of one makes a new VERSION.
VERSION = 1
RUN = ("run_id", "company_id", "company", "month", "state", "currency")
STATEMENT = ("employee_id", "personnel_number", "name", "department", "team")
LINE = (
    "line_id",
    "kind",
    "component_id",
    "component",
    "date_from",
    "date_to",
    "base",
    "rate",
    "amount",
    "corrected_month",
    "cause",
    "documents",
    "explanation",
)
TOTALS = (
    "statement_id",
    *STATEMENT,
    "days",
    "points",
    "bonus",
    "fine",
    "limit",
    "manual",
    "corrections",
    "total",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PayrollFiles:
    """A payroll run for another program: every line with its reason, dates as ISO 8601 has them, numbers with a point,
    kinds and causes by their technical names. Written a person at a time: memory does not grow with lines."""

    def __init__(self, run):
        self.run = run
        self.head = {
            "run_id": run.id,
            "company_id": run.company_id.id,
            "company": run.company_id.name,
            "month": f"{run.date_from:%Y-%m}",
            "state": run.state,
            "currency": run.currency_id.name,
        }

    def save_csv(self, file):
        """A row a line, UTF-8 with its mark, separated by commas; several documents are separated by semicolons."""
        file.write(codecs.BOM_UTF8)
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        rows = csv.writer(text)
        rows.writerow([*RUN, *STATEMENT, *LINE])
        head = [_get_text(self.head[key]) for key in RUN]
        for statement in self.run._iter_statements():
            person = [_get_text(statement[key]) for key in STATEMENT]
            for line in statement["lines"]:
                rows.writerow([*head, *person, *(_get_text(line[key]) for key in LINE)])
        text.flush()
        text.detach()

    def save_json(self, file):
        """`{"format", "version", "run": {...}, "statements": [{..., "lines": [{...}]}]}`; what is missing is null."""
        head = {"format": "sales_discipline.payroll", "version": VERSION, "run": self.head}
        opening = json.dumps(head, ensure_ascii=False)[:-1]
        file.write(f'{opening}, "statements": ['.encode())
        for number, statement in enumerate(self.run._iter_statements()):
            values = {key: statement[key] for key in TOTALS}
            lines = [{key: line[key] for key in LINE} for line in statement["lines"]]
            text = json.dumps({**values, "lines": lines}, ensure_ascii=False, default=str)
            file.write(f"{',' if number else ''}\n{text}".encode())
        file.write(b"\n]}\n")


def _get_text(value):
    """A cell of the CSV file. What a spreadsheet would take for a formula is led by an apostrophe, as Odoo's exports do."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = "; ".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
