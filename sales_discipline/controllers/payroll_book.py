import re

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from .payroll_book_lines import CorrectionsSheet, LinesSheet

A4 = 9
WIDEST = 40  # characters


class PayrollBook:
    """A payroll run as a workbook of three sheets: what everybody gets, each amount with its reason, and corrections of
    earlier months. Written row by row: memory does not grow with lines. Rows must come in order."""

    def __init__(self, run):
        self.run = run
        self.title = run.env._("Payroll: %(name)s", name=run.name)

    def save(self, file):
        """Write the workbook to a binary file, and leave the position at its end."""
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
            book.set_properties({"title": self.title, "company": self.run.company_id.name})
            formats = self._add_formats(book)
            TotalsSheet(self, book, formats).write()
            lines, corrections = LinesSheet(self, book, formats), CorrectionsSheet(self, book, formats)
            for statement in self.run._iter_statements():
                lines.add(statement)
                corrections.add(statement)
            lines.close()
            corrections.close()
        file.seek(0, 2)

    def add_sheet(self, book, name):
        """A sheet with that name as far as the format allows it."""
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("' "))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.set_footer("&L" + self.title.replace("&", "&&")[:120] + "&R&P / &N")
        return sheet

    def _add_formats(self, book):
        currency = self.run.currency_id
        number = "#,##0" + ("." + "0" * currency.decimal_places if currency.decimal_places else "")
        symbol = (currency.symbol or currency.name).replace('"', "")
        money = f'"{symbol}" {number}' if currency.position == "before" else f'{number} "{symbol}"'
        kinds = {
            "text": {"num_format": "@"},
            "wrap": {"num_format": "@", "text_wrap": True},
            "date": {"num_format": "yyyy-mm-dd", "align": "left"},
            "month": {"num_format": "yyyy-mm", "align": "left"},
            "count": {"num_format": "#,##0"},
            "whole": {"num_format": "#,##0"},
            "number": {"num_format": "#,##0.00##"},
            "money": {"num_format": f"{money};[Red]-{money}"},
        }
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E7E9ED", "bottom": 1}
        group = {"bold": True, "top": 4, "bg_color": "#F4F5F7"}
        formats = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "label": book.add_format({"font_color": "#666666"}),
            "head": book.add_format(head),
            "head_number": book.add_format({**head, "align": "right"}),
        }
        for kind, values in kinds.items():
            formats[kind] = book.add_format({**values, "valign": "top"})
            formats[f"total_{kind}"] = book.add_format({**values, "bold": True, "top": 1})
            formats[f"group_{kind}"] = book.add_format({**values, **group})
        return formats


class TotalsSheet:
    """A row a person, by department, with the sum of each department and of all; sums are live."""

    def __init__(self, book, file, formats):
        self.run, self.formats = book.run, formats
        self.table = self.run._get_table()
        self.columns = [dict(column) for column in self.table["columns"]]
        for i, column in enumerate(self.columns):
            if column["kind"] == "points":
                fractions = any(row[i] != round(row[i]) for row in self.table["rows"])
                column["kind"] = "number" if fractions else "whole"
        self.title = book.title
        self.sheet = book.add_sheet(file, self.run.env._("Totals"))

    def write(self):
        """All of the sheet."""
        self._set_columns()
        top = self._write_headings()
        for i, column in enumerate(self.columns):
            style = "head" if column["kind"] == "text" else "head_number"
            self.sheet.write_string(top, i, column["label"], self.formats[style])
        last = self._write_rows(top)
        self.sheet.freeze_panes(top + 1, 1)
        self.sheet.repeat_rows(top)
        if last > top:
            label = self.run.env._("Total")
            self._write_sums("total", last + 1, label, self.table["totals"], top + 1, last)
            if len(self.table["groups"]) == 1:
                self.sheet.autofilter(top, 0, last, len(self.columns) - 1)

    def _set_columns(self):
        for i, column in enumerate(self.columns):
            if column["kind"] == "text":
                width = max([len(column["label"]), *(len(row[i]) for row in self.table["rows"])])
            else:
                width = max(len(column["label"]), 14 if column["kind"] == "money" else 8)
            self.sheet.set_column(i, i, min(width, WIDEST) + 2)

    def _write_headings(self):
        """:return: the row of the table's header"""
        headings = self.run._get_headings()
        self.sheet.write_string(0, 0, self.title, self.formats["title"])
        for row, (label, text) in enumerate(headings, start=1):
            self.sheet.write_string(row, 0, label, self.formats["label"])
            self.sheet.write_string(row, 1, text or "")
        return len(headings) + 2

    def _write_rows(self, top):
        """:return: the last row that was written"""
        row, groups = top, self.table["groups"]
        for group in groups:
            first = row + 1
            for values in group["rows"]:
                row += 1
                self._write_person(row, values)
                if len(groups) > 1:
                    self.sheet.set_row(row, None, None, {"level": 1})
            if len(groups) > 1:
                label = self.run.env._("Total %(department)s", department=group["label"])
                self._write_sums("group", row + 1, label, group["totals"], first, row)
                row += 1
        return row

    def _write_person(self, row, values):
        """A person's row: the last cell adds up what it consists of."""
        for i, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            style = self.formats[column["kind"]]
            if column["kind"] == "text":
                self.sheet.write_string(row, i, value, style)
            elif column["key"] == "total" and self.table["parts"]:
                cells = ",".join(xl_rowcol_to_cell(row, part) for part in self.table["parts"])
                self.sheet.write_formula(row, i, f"=SUM({cells})", style, value)
            else:
                self.sheet.write_number(row, i, value, style)

    def _write_sums(self, style, row, label, values, first, last):
        """Sums over the rows `first` .. `last`; sums among them are not counted twice."""
        self.sheet.write_string(row, 0, label, self.formats[f"{style}_text"])
        for i, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            form = self.formats[f"{style}_{column['kind']}"]
            if column["kind"] != "text":
                formula = f"=SUBTOTAL(9,{xl_range(first, i, last, i)})"
                self.sheet.write_formula(row, i, formula, form, value)
            elif i:
                self.sheet.write_blank(row, i, None, form)
