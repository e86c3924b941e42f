import io
import json
import re

import xlsxwriter

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .payroll_book import A4, WIDEST
from .sheet import send_workbook


class FunnelController(http.Controller):
    @http.route("/sales_discipline/funnel/xlsx", type="http", auth="user", readonly=True)
    def funnel_xlsx(self, options="{}", **_kwargs):
        """The page Funnel as a workbook. :param options: those of `get_funnel_page`, as JSON"""
        try:
            values = json.loads(options)
        except ValueError as error:
            raise UserError(request.env._("The options of the funnel cannot be read.")) from error
        found = request.env["discipline.funnel.report"]._get_print(values)
        book = FunnelBook(request.env.company, found)
        return send_workbook(lambda file: file.write(book.save()), found["file"])


class FunnelBook:
    """The tables of a funnel, each on a sheet of its own."""

    def __init__(self, company, found):
        self.company = company
        self.found = found

    def save(self) -> bytes:
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
            book.set_properties({"title": self.found["title"], "company": self.company.name})
            self.formats = self._add_formats(book)
            for table in self.found["tables"]:
                name = re.sub(r"[\[\]:*?/\\]", " ", table["name"])[:31].strip("' ")
                self._write_table(book.add_worksheet(name), table)
        return file.getvalue()

    def _add_formats(self, book):
        currency = self.company.currency_id
        number = "#,##0" + ("." + "0" * currency.decimal_places if currency.decimal_places else "")
        symbol = (currency.symbol or currency.name).replace('"', "")
        money = f'"{symbol}" {number}' if currency.position == "before" else f'{number} "{symbol}"'
        kinds = {"text": "@", "count": "#,##0.##", "money": money, "percent": '0.0"%"'}
        styles = {"row": {}, "group": {"bold": True}, "total": {"bold": True, "top": 1}}
        styles["head"] = {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "bg_color": "#E7E9ED",
            "bottom": 1,
        }
        formats = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "label": book.add_format({"font_color": "#666666"}),
        }
        for style, look in styles.items():
            for kind, pattern in kinds.items():
                align = {} if kind == "text" else {"align": "right"}
                formats[style, kind] = book.add_format({"num_format": pattern, **align, **look})
        # a count is mostly whole: no decimal point for nothing
        for style, look in styles.items():
            formats[style, "whole"] = book.add_format({"num_format": "#,##0", "align": "right", **look})
        return formats

    def _write_table(self, sheet, table):
        sheet.write_string(0, 0, self.found["title"], self.formats["title"])
        for row, (label, text) in enumerate(self.found["headings"], start=1):
            sheet.write_string(row, 0, label, self.formats["label"])
            sheet.write_string(row, 1, text)
        top = len(self.found["headings"]) + 2
        for i, column in enumerate(table["columns"]):
            sheet.write_string(top, i, column["label"], self.formats["head", column["kind"]])
            names = [len(row["cells"][i]) for row in table["rows"]] if column["kind"] == "text" else [12]
            sheet.set_column(i, i, min(max(names, default=12), WIDEST) + 2)
        for number, row in enumerate(table["rows"], start=top + 1):
            for i, (column, value) in enumerate(zip(table["columns"], row["cells"], strict=True)):
                self._write_cell(sheet, number, i, value, row["style"], column["kind"])
        sheet.freeze_panes(top + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        sheet.set_footer("&L" + self.found["title"].replace("&", "&&")[:120] + "&R&P / &N")

    def _write_cell(self, sheet, row, column, value, style, kind):
        if value in (None, ""):  # no data stays empty, so that it counts in no mean
            sheet.write_blank(row, column, None, self.formats[style, kind])
        elif kind == "text":
            sheet.write_string(row, column, value, self.formats[style, kind])
        else:
            whole = kind == "count" and value == round(value)
            sheet.write_number(row, column, value, self.formats[style, "whole" if whole else kind])
