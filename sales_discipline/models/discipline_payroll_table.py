from odoo import models
from odoo.tools import groupby
from odoo.tools.misc import format_date, format_datetime, formatLang

from .discipline_payroll import LOCKED
from .discipline_payroll_export import APART


class DisciplinePayroll(models.Model):
    """The run as one table, read by the workbook and by the printed summary: neither computes anything of its own."""

    _inherit = "discipline.payroll"

    def _get_table(self):
        """A row a person, by department, in the language of the context.

        :return: `{"columns": [{"key", "label", "kind"}], "groups": [{"label", "rows", "totals"}], "rows", "totals",
            "parts"}`: `rows` are those of all groups, a group is a department. Kinds are text, count, points and
            money; a money value is rounded, an empty text is ''. `parts` are the columns that add up to the last one
        """
        self.ensure_one()
        statements = self._read_statements()
        amounts = self._read_amounts()
        components = self._get_table_components({key for values in amounts.values() for key in values})
        # components of several schemes that are called the same are one thing to whoever reads: one column
        keys = {name: [key for key in components if components[key] == name] for name in components.values()}
        components = {same[0]: name for name, same in keys.items()}
        columns = self._get_table_columns(statements, components)
        for statement in statements:
            values = amounts.get(statement["statement_id"], {})
            statement.update(
                (same[0], self.currency_id.round(sum(values.get(key, 0.0) for key in same)))
                for same in keys.values()
            )
        groups = [
            self._prepare_group(columns, label, list(people))
            for label, people in groupby(statements, key=lambda statement: statement["department"])
        ]
        rows = [row for group in groups for row in group["rows"]]
        parts = [*components, "limit", "manual", "corrections"]
        return {
            "columns": columns,
            "groups": groups,
            "rows": rows,
            "totals": self._get_totals(columns, rows),
            "parts": [i for i, column in enumerate(columns) if column["key"] in parts],
        }

    def _prepare_group(self, columns, label, people):
        rows = [[person[column["key"]] for column in columns] for person in people]
        return {
            "label": label or self.env._("No department"),
            "rows": rows,
            "totals": self._get_totals(columns, rows),
        }

    def _get_totals(self, columns, rows):
        return [
            None if column["kind"] == "text" else self._get_column_total(column, [row[i] for row in rows])
            for i, column in enumerate(columns)
        ]

    def _get_table_columns(self, statements, components):
        """The columns, without those in which nobody has anything that few have.

        :param statements: see `_read_statements`
        :param components: see `_get_table_components`
        """
        # labels in dicts: out of tuples, Odoo's export of terms takes the names of the fields as well
        texts = {
            "name": self.env._("Person"),
            "personnel_number": self.env._("Personnel No."),
            "department": self.env._("Department"),
            "team": self.env._("Sales Team"),
        }
        numbers = {"days": self.env._("Days Scored"), "points": self.env._("Points")}
        sums = {
            "bonus": self.env._("Earned"),
            "fine": self.env._("Fines"),
            "limit": self.env._("Limit"),
            "manual": self.env._("Manual Lines"),
            "corrections": self.env._("Corrections"),
            "total": self.env._("Total"),
        }
        rare = ("personnel_number", "limit", "manual", "corrections")
        without = {key for key in rare if not any(statement[key] for statement in statements)}
        kinds = {**dict.fromkeys(texts, "text"), "days": "count", "points": "points"}
        return [
            {"key": key, "label": label, "kind": kinds.get(key, "money")}
            for key, label in {**texts, **numbers, **components, **sums}.items()
            if key not in without
        ]

    def _get_table_components(self, keys):
        """`{key: its name as of the run}`, in the order of schemes and components, then kinds without a component.

        :param keys: see `_read_amounts`
        """
        kinds = self._get_kind_labels()
        lines = self.env["discipline.statement.line"]._read_group(
            [("payroll_id", "=", self.id), ("kind", "not in", APART)],
            ["component_id", "name"],
        )
        names = {component: name for component, name in lines if component}
        found = {
            component.id: names[component] for component in sorted(names, key=lambda c: c.sudo()._get_order())
        }
        return {
            **found,
            **{f"kind_{kind}": label for kind, label in kinds.items() if f"kind_{kind}" in keys},
        }

    def _get_kind_totals(self):
        """What each kind of line comes to: `[(name of the kind, people, amount)]`, in the order of the kinds."""
        self.ensure_one()
        found = {
            kind: (people, self.currency_id.round(amount))
            for kind, people, amount in self.env["discipline.statement.line"]._read_group(
                [("payroll_id", "=", self.id)], ["kind"], ["employee_id:count_distinct", "amount:sum"]
            )
        }
        return [(label, *found[kind]) for kind, label in self._get_kind_labels().items() if kind in found]

    def _get_correction_rows(self):
        """The lines that correct earlier months, by department and person, in the order of the table."""
        self.ensure_one()
        lines = self.env["discipline.statement.line"].search(
            [("payroll_id", "=", self.id), ("kind", "=", "correction")]
        )
        return lines.sorted(
            lambda line: (
                not line.statement_id.department_name,
                line.statement_id.department_name or "",
                line.statement_id.name or "",
                line.corrected_month,
                line.id,
            )
        )

    def _get_column_total(self, column, values):
        return self.currency_id.round(sum(values)) if column["kind"] == "money" else round(sum(values), 6)

    def _format_cell(self, column, value):
        """A value of the table as text, in the language of the context."""
        if column["kind"] == "money":
            return formatLang(self.env, value, currency_obj=self.currency_id)
        if column["kind"] == "text":
            return value
        return formatLang(self.env, value, digits=0 if value == round(value) else 2)

    def _get_headings(self):
        """What stands above the table: `[(label, text)]`, in the language of the context."""
        self.ensure_one()
        headings = [
            (self.env._("Company"), self.company_id.name),
            (
                self.env._("Period"),
                f"{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}",
            ),
            (self.env._("Status"), self._get_state_words()),
            (self.env._("Currency"), self.currency_id.name),
        ]
        if self.state not in LOCKED:
            headings.append((self.env._("Note"), self.env._("Preliminary: amounts can still change.")))
        return headings

    def _get_state_words(self):
        """The state of the run with who brought it there, and when."""
        label = dict(self._fields["state"]._description_selection(self.env))[self.state]
        if self.state == "draft":
            return label
        moment, user = self[f"{self.state}_at"], self[f"{self.state}_by_id"].sudo()
        return self.env._(
            "%(state)s, %(moment)s, %(user)s",
            state=label,
            moment=format_datetime(self.env, moment, dt_format="short"),
            user=user.name,
        )
