import base64
import io
import zipfile
from datetime import date, datetime

import openpyxl

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.plan_sheet import Fault, parse_month, parse_rows
from ..tools.sales_plan import plan_bounds
from .discipline_target_page import YEARS
from .discipline_target_sheet import HEAD

FILE = 5 * 2**20  # bytes
UNPACKED = 50 * 2**20
ROWS = 20000
MONTHS = 60
FAULTS = 20  # listed


class DisciplineTargetImport(models.TransientModel):
    """Targets out of a sheet as `discipline.target._write_sheet` makes it: read, checked and shown, then stored. One
    bad row, and nothing is imported."""

    _name = "discipline.target.import"
    _inherit = ["discipline.target.table.mixin"]
    _description = "Import Targets"

    metric_id = fields.Many2one(
        "discipline.metric",
        "Metric of the Sheet",
        default=lambda self: self.env.ref(
            "sales_discipline.metric_sales_confirmed", raise_if_not_found=False
        ),
        help="For a sheet to fill in; a file to import says itself which metric it is for.",
    )
    date_from = fields.Date(
        "From", default=lambda self: plan_bounds("year", fields.Date.context_today(self))[0]
    )
    date_to = fields.Date("To", default=lambda self: plan_bounds("year", fields.Date.context_today(self))[1])
    file = fields.Binary(attachment=False)
    filename = fields.Char()

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_download(self):
        """The sheet to fill in, with the targets there are."""
        self.ensure_one()
        self.check_access("write")
        if not (self.metric_id and self.date_from and self.date_to):
            raise UserError(self.env._("Fill in the metric, 'From' and 'To' of the sheet."))
        self._check_dates()
        query = f"metric_id={self.metric_id.id}&first={self.date_from}&last={self.date_to}"
        query += f"&company_id={self.company_id.id}"
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_discipline/targets/xlsx?{query}",
            "target": "download",
        }

    def _check_dates(self) -> None:
        self.env["discipline.target"]._check_day(self.date_from)
        self.env["discipline.target"]._check_day(self.date_to)
        months = (
            (self.date_to.year - self.date_from.year) * 12 + self.date_to.month - self.date_from.month + 1
        )
        if self.date_to < self.date_from or months > MONTHS:
            raise UserError(
                self.env._("The field 'To' has to be after 'From', by %(n)s months at most.", n=MONTHS)
            )

    def action_preview(self):
        """Read the file and show what would be set. :raise UserError: with every bad row and why"""
        self.ensure_one()
        self.check_access("write")
        if not self.file:
            raise UserError(self.env._("Choose the file to import in the field 'File'."))
        metric, matrix = self._read()
        self._store(metric_id=metric.id, matrix=matrix, state="preview")
        return self._reopen()

    def action_back(self):
        self._store(matrix=False, state="edit", file=False)
        return self._reopen()

    def _reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_target_import_action"
        )
        return {**action, "res_id": self.id, "context": {}}

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _read(self) -> tuple:
        """(metric, table) of the file. :raise UserError: in words"""
        lines = self._read_lines()
        metric = self._find_metric(lines)
        months, labels = self._read_months(lines)
        below = [(number, cells) for number, cells in enumerate(lines, start=1) if number > HEAD + 1]
        rows, faults = parse_rows(below, months, labels)
        targets = self.env["discipline.target"]
        known = {row["key"]: row for row in targets._get_sheet_rows(metric, self.company_id, months)}
        found, more = self._match(rows, known)
        faults += more or self._get_closed_faults(metric, found)
        if faults:
            raise UserError(self._get_fault_text(sorted(faults)))
        if not found:
            raise UserError(self.env._("The file has no row with targets below its headings."))
        table = [self._prepare_row(known[key], row, months) for key, row in found.items()]
        return metric, {"months": [fields.Date.to_string(month) for month in months], "rows": table}

    @api.model
    def _prepare_row(self, known: dict, row, months: list[date]) -> dict:
        scope, employee_id, team_id = known["owner"]
        return {
            "scope": scope,
            "employee_id": employee_id,
            "team_id": team_id,
            "name": known["name"],
            "team": known["what"],
            "amounts": [row.amounts[month] for month in months],
        }

    def _read_lines(self) -> list[list[tuple]]:
        """The cells of the first sheet as (kind, value). :raise UserError: for what is no workbook, or too big"""
        content = base64.b64decode(self.with_context(bin_size=False).file)
        if len(content) > FILE:
            raise UserError(self.env._("The file is bigger than %(n)s MB: split it.", n=FILE // 2**20))
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(part.file_size for part in archive.infolist()) > UNPACKED:
                    raise UserError(
                        self.env._("The file is bigger than %(n)s MB: split it.", n=UNPACKED // 2**20)
                    )
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            sheet = book.worksheets[0]
            lines = []
            for cells in sheet.iter_rows(max_row=ROWS + 1, max_col=3 + MONTHS + 1):
                lines.append([_get_cell(cell) for cell in cells])
        except UserError:
            raise
        except Exception as error:  # the library raises whatever it stumbles over
            raise UserError(
                self.env._(
                    "The file is no Excel workbook (.xlsx) that can be read: export one and fill it in."
                )
            ) from error
        if len(lines) > ROWS:
            raise UserError(self.env._("The file has more than %(n)s rows: split it.", n=ROWS))
        return lines

    def _find_metric(self, lines: list):
        """The metric that the file names in its first row, and that its company is the one imported into."""
        code, company = (
            str(line[2][1]).strip() if len(line) > 2 and line[2][0] != "empty" else ""
            for line in [*lines, [], []][:2]
        )
        domain = [("code", "=", code), ("company_id", "in", [False, self.company_id.id])]
        metric = self.env["discipline.metric"].search(domain, order="company_id", limit=1)
        if not code or not metric:
            raise UserError(
                self.env._(
                    "Row 1, column C: there is no metric with the code '%(code)s'. Export a sheet and fill it in.",
                    code=code,
                )
            )
        if company != str(self.company_id.id):
            raise UserError(
                self.env._(
                    "Row 2: the sheet was exported for another company than %(company)s.",
                    company=self.company_id.name,
                )
            )
        return metric

    def _read_months(self, lines: list) -> tuple[list[date], list[str]]:
        heads = lines[HEAD][3:] if len(lines) > HEAD else []
        while heads and heads[-1][0] == "empty":
            heads.pop()
        if not heads or len(heads) > MONTHS:
            raise UserError(
                self.env._(
                    "Row %(row)s has to name the months from column D on, %(n)s at most.",
                    row=HEAD + 1,
                    n=MONTHS,
                )
            )
        months = [parse_month(kind, value) for kind, value in heads]
        for month, (_kind, value) in zip(months, heads, strict=True):
            if not month or not YEARS[0] <= month.year <= YEARS[1]:
                raise UserError(
                    self.env._(
                        "Row %(row)s: '%(value)s' is no month. Write the first day of it, or 2026-05.",
                        row=HEAD + 1,
                        value=value,
                    )
                )
        if len(set(months)) < len(months):
            raise UserError(self.env._("Row %(row)s names a month twice.", row=HEAD + 1))
        targets = self.env["discipline.target"]
        return months, [targets._get_month_label(month) for month in months]

    @api.model
    def _match(self, rows: list, known: dict) -> tuple[dict, list[Fault]]:
        """Whose each row is, by its key, else by its name: `({key: row}, faults)`."""
        by_name = {}
        for key, row in known.items():
            if key.startswith("person:"):
                by_name.setdefault(row["name"].strip(), []).append(key)
        found, faults = {}, []
        for row in rows:
            key = f"{row.key[0]}:{row.key[1]}" if row.key else None
            code = None
            if key is None:
                same = by_name.get(row.name, [])
                key, code = (same[0], None) if len(same) == 1 else (None, "namesakes" if same else "unknown")
            elif key not in known:
                code = "stranger"
            elif row.name and row.name != known[key]["name"].strip():
                code = "other"
            if code is None and key in found:
                code = "twice"
            if code:
                faults.append(Fault(row.number, "", code, row.name or key or ""))
            else:
                found[key] = row
        return found, faults

    def _get_closed_faults(self, metric, found: dict) -> list[Fault]:
        """Rows that would change a closed month, all of them found in one statement."""
        targets = self.env["discipline.target"]
        owners = {key: targets._prepare_sheet_row((row_key(key)), "", "")["owner"] for key in found}
        months = sorted({month for row in found.values() for month in row.amounts})
        now = targets._get_months(metric, self.company_id, months)
        rows, places = [], []
        for key, row in found.items():
            for month, amount in row.amounts.items():
                if now.get(owners[key], {}).get(month) != amount:
                    rows.append(targets._get_month_span(metric, self.company_id, owners[key], month)[:8])
                    places.append((row, month))
        return [
            Fault(places[place][0].number, targets._get_month_label(places[place][1]), "closed")
            for place in targets._find_all_closed(rows)
        ]

    def _get_fault_text(self, faults: list[Fault]) -> str:
        texts = {
            "formula": self.env._("a formula; put in its value"),
            "number": self.env._("'%(value)s' is no number", value="%(value)s"),
            "negative": self.env._("'%(value)s' is negative", value="%(value)s"),
            "key": self.env._(
                "'%(value)s' is no key; leave the column as it was exported", value="%(value)s"
            ),
            "namesakes": self.env._("there are several '%(value)s': give the key", value="%(value)s"),
            "unknown": self.env._("there is nobody named '%(value)s' with targets", value="%(value)s"),
            "stranger": self.env._("the key of '%(value)s' is nobody's in this company", value="%(value)s"),
            "other": self.env._("the key is somebody else's than '%(value)s'", value="%(value)s"),
            "twice": self.env._("'%(value)s' has a row already", value="%(value)s"),
            "closed": self.env._("the period is closed, scorecards are frozen with its target"),
        }
        lines = []
        for fault in faults[:FAULTS]:
            why = texts[fault.code].replace("%(value)s", fault.value[:60])
            where = {"row": fault.row, "column": fault.column, "why": why}
            if fault.column:
                lines.append(self.env._("Row %(row)s, %(column)s: %(why)s.", **where))
            else:
                lines.append(self.env._("Row %(row)s: %(why)s.", **where))
        if len(faults) > FAULTS:
            lines.append(self.env._("… and %(n)s more.", n=len(faults) - FAULTS))
        return "\n".join([self.env._("Nothing was imported:"), *lines])


def row_key(text: str) -> tuple[str, int]:
    """'person:12' as ('person', 12)."""
    kind, number = text.split(":")
    return kind, int(number)


def _get_cell(cell) -> tuple:
    """A cell as (kind, value) for tools/plan_sheet.py."""
    value = cell.value
    if value is None:
        return "empty", None
    if getattr(cell, "data_type", "") == "f":
        return "formula", value
    if isinstance(value, bool):
        return "other", value
    if isinstance(value, int | float):
        return "number", value
    if isinstance(value, datetime | date):
        return "date", value
    return ("text", value) if isinstance(value, str) else ("other", value)
