import xlsxwriter
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from .sheet import number_format, send_workbook

A4 = 9


class SalesPlansController(http.Controller):
    @http.route("/sales_discipline/sales_plans/xlsx", type="http", auth="user", readonly=True)
    def sales_plans_xlsx(self, metric_id="0", period="month", date="", **_kwargs):
        """The page of sales plans as a workbook, for those who may see it."""
        data = request.env["discipline.target"].get_sales_plans(_parse_id(metric_id), period, date or False)
        sheet = SalesPlansSheet(request.env, data)
        return send_workbook(sheet.save, f"{data['metric']['name']} {data['label']}")

    @http.route("/sales_discipline/targets/xlsx", type="http", auth="user", readonly=True)
    def targets_xlsx(self, metric_id="0", company_id="0", first="", last="", **_kwargs):
        """The targets of a metric as a sheet to edit and import again, for managers."""
        if not request.env.user.has_group("sales_discipline.group_manager"):
            raise AccessError(request.env._("Only managers export targets."))
        metric = request.env["discipline.metric"].browse(_parse_id(metric_id))
        company = request.env["res.company"].browse(_parse_id(company_id))
        if company not in request.env.user.company_ids or not metric.exists():
            raise NotFound()
        metric.check_access("read")
        targets = request.env["discipline.target"].with_company(company)
        first, last = targets._check_day(first), targets._check_day(last)
        if not 0 <= (last - first).days <= 366 * 5:
            raise NotFound()
        name = f"{metric.code} {first:%Y-%m} {last:%Y-%m}"
        return send_workbook(lambda file: targets._write_sheet(file, metric, company, first, last), name)


def _parse_id(text: str) -> int:
    """The id in a query; 0 for what is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class SalesPlansSheet:
    """The rows of `get_sales_plans` as a workbook: nothing is calculated here."""

    def __init__(self, env, data: dict):
        self.env, self.data = env, data
        self.metric = env["discipline.metric"].browse(data["metric"]["id"])
        self.title = f"{data['metric']['name']}, {data['label']}"
        percent = {"completion", "forecast_completion"}
        self.columns = [
            (name, label, "percent" if name in percent else "value") for name, label in self._get_columns()
        ]

    def _get_columns(self) -> list[tuple[str, str]]:
        env = self.env
        columns = {
            "plan": env._("Plan"),
            "people": env._("Sum of Those Below"),
            "people_gap": env._("Sum Less Own Plan"),
            "fact": env._("Fact"),
            "completion": env._("Completion (%)"),
        }
        if self.data["has_pace"]:
            columns |= {"due": env._("Due by Today"), "ahead": env._("Ahead (+) or Behind (-)")}
        if self.data["has_forecast"]:
            columns |= {"forecast": env._("Forecast"), "forecast_completion": env._("Forecast (%)")}
        return [*columns.items(), ("gap", env._("Gap to Plan"))]

    def save(self, file) -> None:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
            book.set_properties({"title": self.title})
            sheet = book.add_worksheet("Sales Plans")
            formats = self._add_formats(book)
            sheet.write_string(0, 0, self.title, formats["title"])
            sheet.write_string(1, 0, self.data["metric"]["description"])
            sheet.set_column(0, 0, 34)
            sheet.set_column(1, len(self.columns) + 1, 16)
            self._write_head(sheet, formats)
            for number, row in enumerate(self.data["rows"], start=4):
                self._write_row(sheet, formats, number, row)
            sheet.freeze_panes(4, 1)
            sheet.set_landscape()
            sheet.set_paper(A4)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(3)

    def _add_formats(self, book) -> dict:
        currency = self.env["res.currency"].browse(self.data["currency_id"])
        value = number_format(self.metric, currency)
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E7E9ED", "bottom": 1}
        formats = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "head": book.add_format(head),
            "head_number": book.add_format({**head, "align": "right"}),
        }
        for level in (0, 1, 2):
            bold = {"bold": level < 2}
            formats["name", level] = book.add_format({**bold, "indent": level})
            formats["value", level] = book.add_format({**bold, "num_format": value})
            formats["percent", level] = book.add_format({**bold, "num_format": "0.0"})
        return formats

    def _write_head(self, sheet, formats) -> None:
        sheet.write_string(3, 0, self.env._("Who"), formats["head"])
        for place, (_name, label, _kind) in enumerate(self.columns, start=1):
            sheet.write_string(3, place, label, formats["head_number"])
        sheet.write_string(3, len(self.columns) + 1, self.env._("Zone"), formats["head"])

    def _write_row(self, sheet, formats, number: int, row: dict) -> None:
        level = row["level"]
        sheet.write_string(number, 0, row["name"], formats["name", level])
        for place, (name, _label, kind) in enumerate(self.columns, start=1):
            if row[name] is not None:
                sheet.write_number(number, place, row[name], formats[kind, level])
        zones = dict(self.env["discipline.scorecard.line"]._fields["zone"]._description_selection(self.env))
        if row["zone"] != "none":
            sheet.write_string(number, len(self.columns) + 1, zones[row["zone"]])
