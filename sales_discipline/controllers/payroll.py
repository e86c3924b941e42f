import re
import tempfile

import xlsxwriter
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
WIDEST = 40  # characters


class PayrollController(http.Controller):
    @http.route("/sales_discipline/payroll/<int:payroll_id>/xlsx", type="http", auth="user", readonly=True)
    def payroll_xlsx(self, payroll_id, **_kwargs):
        """The run as a workbook, for those who can read it."""
        run = request.env["discipline.payroll"].browse(payroll_id)
        run.check_access("read")
        if not run.exists():
            raise NotFound()
        name = re.sub(r"[^\w.-]+", "_", f"{run.company_id.name} {run.date_from:%Y-%m}").strip("._")
        book = tempfile.TemporaryFile()
        PayrollSheet(run).save(book)
        size = book.tell()
        book.seek(0)
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", size),
            ("Content-Disposition", content_disposition(f"payroll_{name}.xlsx")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(wrap_file(request.httprequest.environ, book), headers=headers)


class PayrollSheet:
    """A payroll run written row by row: memory does not grow with people. Rows must come in order."""

    def __init__(self, run):
        self.run = run
        self.table = run._get_table()
        self.columns = self.table["columns"]
        self.headings = run._get_headings()
        self.title = run.env._("Payroll: %(name)s", name=run.name)

    def save(self, file):
        """Write the workbook to a binary file, and leave the position at its end."""
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
            book.set_properties({"title": self.title, "company": self.run.company_id.name})
            sheet = book.add_worksheet(
                re.sub(r"[\[\]:*?/\\]", " ", self.run.name)[:31].strip("' ") or "Payroll"
            )
            formats = self._add_formats(book)
            self._set_columns(sheet)
            top = self._write_headings(sheet, formats)
            self._write_table(sheet, formats, top)
            self._set_print(sheet, top)
        file.seek(0, 2)

    def _add_formats(self, book):
        currency = self.run.currency_id
        number = "#,##0" + ("." + "0" * currency.decimal_places if currency.decimal_places else "")
        symbol = (currency.symbol or currency.name).replace('"', "")
        money = f'"{symbol}" {number}' if currency.position == "before" else f'{number} "{symbol}"'
        points = "#,##0.00" if self._has_fractions() else "#,##0"
        kinds = {"text": "@", "count": "#,##0", "points": points, "money": f"{money};[Red]-{money}"}
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E7E9ED", "bottom": 1}
        total = {"bold": True, "top": 1}
        formats = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "label": book.add_format({"font_color": "#666666"}),
            "head": book.add_format(head),
            "head_number": book.add_format({**head, "align": "right"}),
            "total_label": book.add_format(total),
        }
        for kind, pattern in kinds.items():
            formats[kind] = book.add_format({"num_format": pattern})
            formats[f"total_{kind}"] = book.add_format({"num_format": pattern, **total})
        return formats

    def _has_fractions(self):
        places = [i for i, column in enumerate(self.columns) if column["kind"] == "points"]
        return any(row[i] != round(row[i]) for row in self.table["rows"] for i in places)

    def _set_columns(self, sheet):
        for i, column in enumerate(self.columns):
            if column["kind"] == "text":
                width = max([len(column["label"]), *(len(row[i]) for row in self.table["rows"])])
            else:
                width = max(len(column["label"]), 14 if column["kind"] == "money" else 8)
            sheet.set_column(i, i, min(width, WIDEST) + 2)

    def _write_headings(self, sheet, formats):
        """:return: the row of the table's header"""
        sheet.write_string(0, 0, self.title, formats["title"])
        for row, (label, text) in enumerate(self.headings, start=1):
            sheet.write_string(row, 0, label, formats["label"])
            sheet.write_string(row, 1, text or "")
        return len(self.headings) + 2

    def _write_table(self, sheet, formats, top):
        for i, column in enumerate(self.columns):
            sheet.write_string(
                top, i, column["label"], formats["head" if column["kind"] == "text" else "head_number"]
            )
        for row, values in enumerate(self.table["rows"], start=top + 1):
            for i, (column, value) in enumerate(zip(self.columns, values, strict=True)):
                if column["kind"] == "text":
                    sheet.write_string(row, i, value, formats["text"])
                else:
                    sheet.write_number(row, i, value, formats[column["kind"]])
        count = len(self.table["rows"])
        last = top + count
        if not count:
            return
        sheet.write_string(last + 1, 0, self.run.env._("Total"), formats["total_label"])
        for i, (column, value) in enumerate(zip(self.columns, self.table["totals"], strict=True)):
            if column["kind"] != "text":
                cells = xlsxwriter.utility.xl_range(top + 1, i, last, i)
                sheet.write_formula(last + 1, i, f"=SUM({cells})", formats[f"total_{column['kind']}"], value)
            elif i:
                sheet.write_blank(last + 1, i, None, formats["total_label"])
        sheet.autofilter(top, 0, last, len(self.columns) - 1)

    def _set_print(self, sheet, top):
        sheet.freeze_panes(top + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.repeat_rows(top)
        sheet.set_footer("&L" + self.title.replace("&", "&&")[:120] + "&R&P / &N")
