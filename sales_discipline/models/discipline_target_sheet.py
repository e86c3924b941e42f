from datetime import date

import xlsxwriter

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.sales_plan import month_starts

HEAD = 3  # rows above the headings of the table


class DisciplineTarget(models.Model):
    """The targets of a metric as a sheet, who x months, that can be edited and read again."""

    _inherit = "discipline.target"

    @api.model
    def _get_sheet_rows(self, metric, company, months: list[date]) -> list[dict]:
        """Everybody who may have a target: the company, each team as a whole, its members each, its people.

        :return: dicts of "key", "name", "what", "owner" (as `_set_months` wants it), "amounts" by month
        """
        found = self._get_months(metric, company, months)
        rows = [
            self._prepare_sheet_row(("company", company.id), company.name, self.env._("Company as a whole"))
        ]
        for team in self.with_company(company)._get_company_teams():
            rows.append(self._prepare_sheet_row(("team", team.id), team.name, self.env._("Team as a whole")))
            rows.append(
                self._prepare_sheet_row(("each", team.id), team.name, self.env._("Each person of the team"))
            )
        employees = self.env["hr.employee"].sudo()
        domain = Domain("company_id", "=", company.id) & Domain("user_id", "!=", False)
        employees = employees.search(domain, order="name, id")
        teams = employees._get_discipline_teams()
        planned = {employee_id for _scope, employee_id, _team in found}
        names = {
            team.id: team.name for team in self.env["crm.team"].sudo().browse({t for t, _d in teams.values()})
        }
        for employee in employees:
            if employee.id in teams or employee.id in planned:
                team = names.get(teams.get(employee.id, (None,))[0], "")
                rows.append(self._prepare_sheet_row(("person", employee.id), employee.name, team))
        for row in rows:
            row["amounts"] = found.get(row["owner"], {})
        return rows

    @api.model
    def _prepare_sheet_row(self, key: tuple, name: str, what: str) -> dict:
        kind, number = key
        owner = {
            "company": ("company", False, False),
            "team": ("team", False, number),
            "each": ("own", False, number),
            "person": ("own", number, False),
        }[kind]
        return {"key": f"{kind}:{number}", "name": name, "what": what, "owner": owner}

    @api.model
    def _write_sheet(self, file, metric, company, first: date, last: date) -> None:
        """Write the sheet to a binary file; the position is left at its end."""
        self.check_access("read")
        months = month_starts(first, last)
        with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties({"title": metric.name, "company": company.name})
            sheet = book.add_worksheet("Targets")
            head = book.add_format({"bold": True, "bg_color": "#E7E9ED", "bottom": 1})
            month_head = book.add_format(
                {"bold": True, "bg_color": "#E7E9ED", "bottom": 1, "num_format": "mmm yyyy", "align": "right"}
            )
            muted = book.add_format({"font_color": "#666666"})
            number = book.add_format({"num_format": "#,##0.##", "locked": False})
            for line, texts in enumerate(
                (
                    [self.env._("Metric"), metric.name, metric.code],
                    [self.env._("Company"), company.name, str(company.id)],
                )
            ):
                for place, text in enumerate(texts):
                    sheet.write_string(line, place, text)  # `write` makes formulas of {=1+1}
            labels = [self.env._("Key"), self.env._("Who"), self.env._("What")]
            for place, label in enumerate(labels):
                sheet.write_string(HEAD, place, label, head)
            for place, month in enumerate(months, start=3):
                sheet.write_datetime(HEAD, place, month, month_head)
            for line, row in enumerate(self._get_sheet_rows(metric, company, months), start=HEAD + 1):
                sheet.write_string(line, 0, row["key"], muted)
                sheet.write_string(line, 1, row["name"])
                sheet.write_string(line, 2, row["what"], muted)
                for place, month in enumerate(months, start=3):
                    if month in row["amounts"]:
                        sheet.write_number(line, place, row["amounts"][month], number)
                    else:
                        sheet.write_blank(line, place, None, number)
            sheet.set_column(0, 0, 14)
            sheet.set_column(1, 2, 28)
            sheet.set_column(3, 2 + len(months), 13)
            sheet.freeze_panes(HEAD + 1, 3)
        file.seek(0, 2)

    @api.model
    def _get_month_label(self, month: date) -> str:
        return format_date(self.env, month, date_format="MMM y")
