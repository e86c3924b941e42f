from odoo import api, models
from odoo.tools.misc import formatLang

NO_DATA = "–"
BLANK = ""  # a cell that has no meaning, unlike one without data


class DisciplineFunnelReport(models.Model):
    """The page Funnel as tables, read by the PDF and the workbook: neither computes anything of its own."""

    _inherit = "discipline.funnel.report"

    @api.model
    def _get_print(self, options) -> dict:
        """The page of these options in the language of the context.

        :return: `{"title", "file", "headings": [(label, text)], "tables": [{"name", "columns": [{"label", "kind"}],
            "rows": [{"style", "cells"}]}]}`; kinds are text, count, money and percent; styles row, group and total;
            cells are values, None without data, BLANK where none belongs
        """
        page = self.get_funnel_page(options)
        return {
            "title": self.env._("Sales funnel: %(period)s", period=page["title"]),
            "file": self.env._("Funnel %(period)s", period=page["title"]),
            "headings": self._get_headings(page),
            "tables": [self._get_steps_table(page), self._get_people_table(page)],
        }

    @api.model
    def _get_headings(self, page: dict) -> list[tuple[str, str]]:
        options = page["options"]
        scope = next(
            scope["label"]
            for scope in page["scopes"]
            if (scope["scope"], scope["team_id"]) == (options["scope"], options["team_id"])
        )
        headings = [
            (self.env._("Company"), page["company"]),
            (self.env._("Funnel of"), self.env.user.name if options["scope"] == "me" else scope),
            (self.env._("Period"), page["dates"]),
            (self.env._("Compared with"), page["before"]),
        ]
        for name in ("country_id", "state_id", "source_id", "categ_id"):
            if options[name]:
                record = self.env[self._fields[name].comodel_name].browse(options[name])
                headings.append((self._get_label(name), record.exists().display_name or NO_DATA))
        return headings

    @api.model
    def _get_steps_table(self, page: dict) -> dict:
        columns = [
            {"label": self.env._("Step"), "kind": "text"},
            {"label": self.env._("Number"), "kind": "count"},
            {"label": self.env._("Before"), "kind": "count"},
            {"label": self.env._("Change"), "kind": "percent"},
            {"label": self.env._("Amount"), "kind": "money"},
            {"label": self.env._("From the step before"), "kind": "percent"},
            {"label": self.env._("Before"), "kind": "percent"},
        ]
        rows = []
        for step in page["steps"]:
            conversion = step["conversion"] or {"value": BLANK, "before": BLANK}
            amount = next((detail["value"] for detail in step["details"] if detail["unit"] == "money"), BLANK)
            cells = [step["label"], step["value"], step["before"], step["change"], amount]
            rows.append({"style": "group", "cells": [*cells, conversion["value"], conversion["before"]]})
            for detail in step["details"]:
                if detail["unit"] == "count":
                    cells = [detail["label"], detail["value"], detail["before"], detail["change"]]
                    rows.append({"style": "row", "cells": [*cells, BLANK, BLANK, BLANK]})
        overall = page["overall"]
        cells = [overall["label"], *[BLANK] * 4, overall["value"], overall["before"]]
        rows.append({"style": "total", "cells": cells})
        return {"name": self.env._("Steps"), "columns": columns, "rows": rows}

    @api.model
    def _get_people_table(self, page: dict) -> dict:
        columns = [{"label": self.env._("Salesperson"), "kind": "text"}]
        columns += [{"label": column["label"], "kind": column["unit"]} for column in page["columns"]]

        def row(style, name, values):
            return {"style": style, "cells": [name, *(values[column["key"]] for column in page["columns"])]}

        rows = []
        for group in page["groups"]:
            if group["name"]:
                rows.append(row("group", group["name"], group["values"]))
            rows += [row("row", person["name"], person["values"]) for person in group["rows"]]
        if rows:
            rows.append(row("total", self.env._("Total"), page["total"]))
        return {"name": self.env._("People"), "columns": columns, "rows": rows}

    @api.model
    def _format_cell(self, kind: str, value) -> str:
        """A cell as text, in the language of the context."""
        if value is None:
            return NO_DATA
        if kind == "text" or value == BLANK:
            return value
        if kind == "money":
            return formatLang(self.env, value, currency_obj=self.env.company.currency_id)
        if kind == "percent":
            return f"{formatLang(self.env, value, digits=1)}%"
        return formatLang(self.env, value, digits=0 if value == round(value) else 2)


class ReportFunnel(models.AbstractModel):
    _name = "report.sales_discipline.report_funnel"
    _description = "Sales Funnel (PDF)"

    @api.model
    def _get_report_values(self, docids, data=None):
        """The page of the options that the browser sends; they are checked as those of the page are."""
        funnel = self.env["discipline.funnel.report"]
        return {"funnel": funnel, "found": funnel._get_print((data or {}).get("funnel") or {})}
