from odoo import models
from odoo.tools.misc import format_date, format_datetime, formatLang

from .discipline_payroll import LOCKED


class DisciplinePayroll(models.Model):
    """The run as one table, read by the workbook and by the printed summary: neither computes anything of its own."""

    _inherit = "discipline.payroll"

    def _get_table(self):
        """A row a person, in the language of the context.

        :return: `{"columns": [{"label", "kind"}], "rows": [[value]], "totals": [value | None]}`; kinds are
            text, count, points and money; a money value is rounded, an empty text is ''
        """
        self.ensure_one()
        components = self._get_table_components()
        amounts = {
            (statement.id, component.id): amount
            for statement, component, amount in self.env["discipline.statement.line"]._read_group(
                [("payroll_id", "=", self.id), ("kind", "not in", ("limit", "manual", "correction"))],
                ["statement_id", "component_id"],
                ["amount:sum"],
            )
        }
        statements = self.statement_ids.sorted(lambda statement: (statement.name or "", statement.id))
        sometimes = [name for name in ("correction", "manual", "corrected") if any(statements.mapped(name))]
        fixed, end = self._get_table_columns(sometimes)
        rows = [
            [statement._get_cell(name) for name, *_column in fixed]
            + [self.currency_id.round(amounts.get((statement.id, key), 0.0)) for key in components]
            + [statement._get_cell(name) for name, *_column in end]
            for statement in statements
        ]
        columns = [
            *({"label": label, "kind": kind} for _name, label, kind in fixed),
            *({"label": label, "kind": "money"} for label in components.values()),
            *({"label": label, "kind": kind} for _name, label, kind in end),
        ]
        totals = [
            None if column["kind"] == "text" else self._get_column_total(column, [row[i] for row in rows])
            for i, column in enumerate(columns)
        ]
        return {"columns": columns, "rows": rows, "totals": totals}

    def _get_table_columns(self, sometimes):
        """`(columns before the components, columns after)`, each `(field of a statement, label, kind)`.

        :param sometimes: which of the columns are there that are left out where nobody has anything in them
        """
        # labels in dicts: out of tuples, Odoo's export of terms takes the names of the fields as well
        texts = {
            "name": self.env._("Person"),
            "department_name": self.env._("Department"),
            "team_id": self.env._("Sales Team"),
        }
        numbers = {"days": self.env._("Days Scored"), "points": self.env._("Points")}
        money = {"bonus": self.env._("Bonus"), "fine": self.env._("Fines")}
        rare = {
            "correction": self.env._("Limit"),
            "manual": self.env._("Manual Lines"),
            "corrected": self.env._("Corrections"),
        }
        money.update({name: label for name, label in rare.items() if name in sometimes})
        money["total"] = self.env._("Total")
        fixed = [(name, label, "text") for name, label in texts.items()]
        fixed += [(name, numbers[name], kind) for name, kind in (("days", "count"), ("points", "points"))]
        return fixed, [(name, label, "money") for name, label in money.items()]

    def _get_table_components(self):
        """`{component id: its name as of the run}`, in the order of schemes and components."""
        names = {
            component: name
            for component, name in self.env["discipline.statement.line"]._read_group(
                [("payroll_id", "=", self.id), ("kind", "not in", ("limit", "manual", "correction"))],
                ["component_id", "name"],
            )
        }
        return {
            component.id: names[component] for component in sorted(names, key=lambda c: c.sudo()._get_order())
        }

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
