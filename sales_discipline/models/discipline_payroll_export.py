from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .readers import for_readers

# people whose lines are in memory at a time
BATCH = 250
# the kinds of lines that are a column of the statement, and not one of the components
APART = ("limit", "manual", "correction")
STATEMENT = (
    "id",
    "employee_id",
    "name",
    "department_name",
    "team_id",
    "days",
    "points",
    "bonus",
    "fine",
    "correction",
    "manual",
    "corrected",
    "total",
)
LINE = (
    "id",
    "kind",
    "component_id",
    "name",
    "date_from",
    "date_to",
    "base",
    "rate",
    "amount",
    "corrected_month",
    "cause",
    "explanation",
    "inputs",
)


class DisciplinePayroll(models.Model):
    """The run as plain values under names that stay, read by the workbook, the CSV and the JSON file: none computes
    anything of its own. Lines are read for a batch of people at a time, so memory grows with neither."""

    _inherit = "discipline.payroll"

    def _read_statements(self):
        """What everybody gets, by department and name; those without a department come last.

        :return: `[{"statement_id", "employee_id", "personnel_number", "name", "department", "team", "days", "points",
            "bonus", "fine", "limit", "manual", "corrections", "total"}]`; a text that is missing is ''
        """
        self.ensure_one()
        statements = self.env["discipline.statement"]
        rows = self._select(statements, Domain("payroll_id", "=", self.id), STATEMENT)
        numbers = self._get_personnel_numbers([row["employee_id"] for row in rows])
        teams = self.env["crm.team"].sudo().browse({row["team_id"] for row in rows if row["team_id"]})
        names = {team.id: team.name for team in teams}
        found = [
            {
                "statement_id": row["id"],
                "employee_id": row["employee_id"],
                "personnel_number": numbers.get(row["employee_id"], ""),
                "name": row["name"] or "",
                "department": row["department_name"] or "",
                "team": names.get(row["team_id"], ""),
                "days": row["days"] or 0,
                "points": row["points"] or 0.0,
                "bonus": row["bonus"] or 0.0,
                "fine": row["fine"] or 0.0,
                "limit": row["correction"] or 0.0,
                "manual": row["manual"] or 0.0,
                "corrections": row["corrected"] or 0.0,
                "total": row["total"] or 0.0,
            }
            for row in rows
        ]
        return sorted(
            found,
            key=lambda row: (not row["department"], row["department"], row["name"], row["statement_id"]),
        )

    def _iter_statements(self):
        """The statements as `_read_statements` has them, each with its lines, which say why.

        :return: an iterator of the same dicts with `"lines": [{"line_id", "kind", "component_id", "component",
            "date_from", "date_to", "base", "rate", "amount", "corrected_month", "cause", "paid", "due", "documents",
            "explanation"}]`; dates are dates, what a line does not have is None
        """
        statements = self._read_statements()
        for start in range(0, len(statements), BATCH):
            batch = statements[start : start + BATCH]
            lines = self._read_lines([statement["statement_id"] for statement in batch])
            for statement in batch:
                yield {**statement, "lines": lines.get(statement["statement_id"], [])}

    def _read_lines(self, statement_ids):
        """`{statement id: [values of its lines, in their order]}`, see `_iter_statements`."""
        lines = self.env["discipline.statement.line"]
        found = {}
        names = ("statement_id", *LINE)
        domain = Domain("statement_id", "in", statement_ids)
        for row in self._select(lines, domain, names, order="statement_id, sequence, id"):
            found.setdefault(row["statement_id"], []).append(self._prepare_export_line(row))
        return found

    def _prepare_export_line(self, row):
        inputs = (row["kind"] == "correction" and row["inputs"]) or {}
        documents = [name for _model, _id, name, *_amounts in inputs.get("changes") or () if name]
        return {
            "line_id": row["id"],
            "kind": row["kind"],
            "component_id": row["component_id"],
            "component": row["name"] or "",
            "date_from": row["date_from"],
            "date_to": row["date_to"],
            "base": row["base"],
            "rate": row["rate"],
            "amount": row["amount"] or 0.0,
            "corrected_month": row["corrected_month"],
            "cause": row["cause"],
            "paid": inputs.get("paid"),
            "due": inputs.get("due"),
            "documents": documents,
            "explanation": row["explanation"] or "",
        }

    def _select(self, model, domain, names, order=None):
        """The stored values of records that the user may read, as dicts, past the cache: in it they would stay."""
        model.env.flush_all()
        query = model._search(domain, order=order)
        columns = [model._field_to_sql(query.table, name, query) for name in names]
        return [dict(zip(names, row, strict=True)) for row in self.env.execute_query(query.select(*columns))]

    def _read_amounts(self):
        """What each component came to, without the kinds that are columns of their own.

        :return: `{statement id: {key: amount}}`, not rounded; the key is the id of the component, or
            'kind_' and the kind of a line that has none
        """
        lines = self.env["discipline.statement.line"]
        lines.flush_model()
        query = lines._search([("payroll_id", "=", self.id), ("kind", "not in", APART)], order=None)
        names = ("statement_id", "component_id", "kind")
        columns = [lines._field_to_sql(query.table, name, query) for name in names]
        query.groupby = SQL(", ").join(columns)
        amount = lines._field_to_sql(query.table, "amount", query)
        found = {}
        for statement_id, component_id, kind, value in self.env.execute_query(
            query.select(*columns, SQL("SUM(%s)", amount))
        ):
            amounts = found.setdefault(statement_id, {})
            key = component_id or f"kind_{kind}"
            amounts[key] = amounts.get(key, 0.0) + value
        return found

    def _get_personnel_numbers(self, employee_ids):
        """The number by which pay departments know people: the badge ID of the employee. The one place to change that.

        :return: `{employee id: number}`, only of those who have one
        """
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        rows = employees.search_fetch([("id", "in", employee_ids), ("barcode", "!=", False)], ["barcode"])
        return {employee.id: employee.barcode for employee in rows}

    def _get_kind_labels(self):
        """`{kind of a line: its name}`, in the language of the context."""
        return dict(self.env["discipline.statement.line"]._fields["kind"]._description_selection(self.env))

    def _get_cause_labels(self):
        """`{cause of a correction: its name}`, in the language of the context."""
        return dict(self.env["discipline.statement.line"]._fields["cause"]._description_selection(self.env))

    @for_readers
    def action_csv(self):
        """The lines of the run as a CSV file."""
        return self._get_download("csv")

    @for_readers
    def action_json(self):
        """The run as a JSON file."""
        return self._get_download("json")

    def _get_download(self, kind):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_discipline/payroll/{self.id}/{kind}",
            "target": "download",
        }
