from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..tools.periods import period_bounds
from ..tools.sales_plan import total

SHOWN = 200  # rows of a preview


class DisciplineTarget(models.Model):
    """A table of who x months, as the wizards keep it: `{"months": [ISO], "rows": [{"scope", "employee_id", "team_id",
    "name", "team", "amounts": [number or None by month]}]}`. Checked, shown, and turned into targets."""

    _inherit = "discipline.target"

    @api.model
    def _get_wanted(self, matrix: dict) -> dict[tuple, dict]:
        """The table as `_set_months` wants it. :raise UserError: for what is not the first of a month"""
        months = [self._check_day(month) for month in matrix["months"]]
        if any(month.day != 1 for month in months):
            raise UserError(self.env._("The months of a table of targets are named by their first days."))
        return {
            (row["scope"], row["employee_id"] or False, row["team_id"] or False): dict(
                zip(months, row["amounts"], strict=True)
            )
            for row in matrix["rows"]
        }

    @api.model
    def _check_matrix(self, matrix: dict, metric, company) -> None:
        """:raise UserError: if a month that would change is closed"""
        months = [fields.Date.to_date(month) for month in matrix["months"]]
        now = self._get_months(metric, company, months)
        changes = []
        for key, amounts in self._get_wanted(matrix).items():
            changes += [
                (self._get_month_span(metric, company, key, month), amount)
                for month, amount in amounts.items()
                if now.get(key, {}).get(month) != amount
            ]
        self._refuse_closed(changes)

    @api.model
    def _get_month_span(self, metric, company, key: tuple, month) -> tuple:
        scope, employee_id, team_id = key
        owner = (metric.id, company.id, "month", scope, employee_id or None, team_id or None)
        return (*owner, month, period_bounds("month", month)[1])

    @api.model
    def _render_matrix(self, matrix: dict, metric, company):
        """The table in HTML: what there is to be set, what was there before it, and the sums."""
        months = [fields.Date.to_date(month) for month in matrix["months"]]
        now = self._get_months(metric, company, months)
        rows = []
        for row, (key, amounts) in zip(matrix["rows"], self._get_wanted(matrix).items(), strict=True):
            before = now.get(key, {})
            cells = [
                {
                    "text": self._format_amount(amount),
                    "changed": amount != before.get(month),
                    "before": self._format_amount(before.get(month)),
                }
                for month, amount in amounts.items()
            ]
            rows.append({**row, "cells": cells, "total": self._format_amount(total(row["amounts"]))})
        own = [row["amounts"] for row in matrix["rows"] if row["scope"] == "own"]
        own = own or [row["amounts"] for row in matrix["rows"] if row["scope"] == "team"]
        sums = [total(column) for column in zip(*own, strict=True)] if own else []
        return self.env["ir.qweb"]._render(
            "sales_discipline.discipline_target_matrix",
            {
                "months": [format_date(self.env, month, date_format="MMM y") for month in months],
                "rows": rows[:SHOWN],
                "more": max(len(rows) - SHOWN, 0),
                "changed": sum(1 for row in rows for cell in row["cells"] if cell["changed"]),
                "sums": [self._format_amount(value) for value in sums],
                "total": self._format_amount(total(sums)),
                "symbol": company.currency_id.symbol if metric.unit == "money" else "",
            },
        )

    @api.model
    def _format_amount(self, value) -> str:
        if value is None:
            return "–"
        return formatLang(self.env, value, digits=0 if value == round(value) else 2)
