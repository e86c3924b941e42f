from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.float_utils import float_round

from .sql_rows import sql_rows

LINKS = "discipline_scorecard_discipline_statement_line_rel"
# of a statement, which its lines have as well
SHARED = ("payroll_id", "employee_id", "user_id", "team_id", "company_id", "currency_id")


class DisciplinePayroll(models.Model):
    """How statements, lines and their links to scorecards are stored: each in one statement of SQL whatever their number.
    Whoever extends the two models finds every stored field that is in the values stored as well."""

    _inherit = "discipline.payroll"

    def _store_statements(self, statements, people=None):
        """Replace what the run held: statements of the same people stay the same records, lines are made anew.

        :param statements: see `_prepare_statements`
        :param people: ids of the employees whom these are all statements of; of everybody if not given
        """
        self.ensure_one()
        self.env.flush_all()
        for table, others in (("discipline_statement_line", []), ("discipline_statement", statements)):
            self.env.execute_query(
                SQL(
                    "DELETE FROM %(table)s WHERE payroll_id = %(run)s AND employee_id <> ALL(%(kept)s)"
                    " AND (%(people)s::int4[] IS NULL OR employee_id = ANY(%(people)s)) RETURNING id",
                    table=SQL.identifier(table),
                    run=self.id,
                    kept=[values["employee_id"] for values in others],
                    people=people,
                )
            )
        ids = self._insert_statements(statements)
        lines = [
            {
                **line,
                "statement_id": ids[values["employee_id"]],
                "sequence": sequence,
                "month": self.date_from,
            }
            | {name: values[name] for name in SHARED}
            for values in statements
            for sequence, line in enumerate(values["lines"], start=1)
        ]
        self._insert_links(lines, self._insert_lines(lines))
        self.invalidate_recordset(["statement_ids"])
        self.env["discipline.statement"].invalidate_model()
        self.env["discipline.statement.line"].invalidate_model()

    def _insert_statements(self, statements) -> dict[int, int]:
        """Insert or update the statements. :return: `{employee id: statement id}`"""
        dates = {"date_from": self.date_from, "date_to": self.date_to, "state": self._get_statement_state()}
        names, rows = self._get_rows("discipline.statement", [{**values, **dates} for values in statements])
        if not rows:
            return {}
        columns = SQL(", ").join(map(SQL.identifier, names))
        return dict(
            self.env.execute_query(
                SQL(
                    "INSERT INTO discipline_statement (%(columns)s) SELECT %(columns)s FROM %(rows)s"
                    " ON CONFLICT (payroll_id, employee_id) DO UPDATE SET (%(columns)s) = (%(new)s)"
                    " RETURNING employee_id, id",
                    columns=columns,
                    rows=sql_rows(self.env["discipline.statement"], names, rows),
                    new=SQL(", ").join(SQL.identifier("excluded", name) for name in names),
                )
            )
        )

    def _insert_lines(self, lines) -> dict[tuple[int, int], int]:
        """Insert lines. :return: `{(statement id, sequence): line id}`"""
        names, rows = self._get_rows("discipline.statement.line", lines)
        if not rows:
            return {}
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO discipline_statement_line (%(columns)s) SELECT %(columns)s FROM %(rows)s"
                " RETURNING statement_id, sequence, id",
                columns=SQL(", ").join(map(SQL.identifier, names)),
                rows=sql_rows(self.env["discipline.statement.line"], names, rows),
            )
        )
        return {(statement_id, sequence): line_id for statement_id, sequence, line_id in inserted}

    def _insert_links(self, lines, ids):
        """Link lines to the scorecards that they pay for."""
        pairs = [
            (ids[line["statement_id"], line["sequence"]], card_id)
            for line in lines
            for card_id in dict.fromkeys(line["scorecard_ids"])
        ]
        if pairs:
            self.env.execute_query(
                SQL(
                    "INSERT INTO %s (discipline_statement_line_id, discipline_scorecard_id) SELECT * FROM unnest(%s, %s)",
                    SQL.identifier(LINKS),
                    *map(list, zip(*pairs, strict=True)),
                )
            )

    @api.model
    def _get_rows(self, model, values_list):
        """`(names, rows)` of the columns that these values fill, as `sql_rows` wants them. Whatever is no column of the
        model (the lines of a statement, the scorecards of a line) is left out."""
        if not values_list:
            return [], []
        records = self.env[model]
        given = {name for values in values_list for name in values}
        names = [name for name in sorted(given) if (field := records._fields.get(name)) and field.column_type]
        digits = {
            name: field.get_digits(self.env)
            for name in names
            if (field := records._fields[name]).type == "float"
        }
        now = fields.Datetime.now()
        stamps = {
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        rows = [
            tuple(
                [self._get_column(values.get(name), digits.get(name)) for name in names]
                + list(stamps.values())
            )
            for values in values_list
        ]
        return [*names, *stamps], rows

    @api.model
    def _get_column(self, value, digits):
        """A value as the column holds it: an empty one is null, a number has the decimals of its field."""
        if value is None or value is False:
            return None
        return float_round(value, precision_digits=digits[1]) if digits else value

    def _get_statement_state(self):
        """The state of the run's statements; those of one that is being computed are drafts."""
        return "draft" if self.state == "computing" else self.state

    def _update_statements(self):
        """Let the statements say what the run says: in one statement, their number does not matter."""
        self.flush_recordset(["state", "date_from", "date_to"])
        self.env.cr.execute(
            """
            UPDATE discipline_statement s SET state = r.state, date_from = r.date_from, date_to = r.date_to
              FROM (SELECT id, CASE state WHEN 'computing' THEN 'draft' ELSE state END AS state, date_from, date_to
                      FROM discipline_payroll WHERE id = ANY(%s)) r
             WHERE r.id = s.payroll_id
               AND (s.state, s.date_from, s.date_to) IS DISTINCT FROM (r.state, r.date_from, r.date_to)
            """,
            [self.ids],
        )
        self.env["discipline.statement"].invalidate_model(["state", "date_from", "date_to"])
