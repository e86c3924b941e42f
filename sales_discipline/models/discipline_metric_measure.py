from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.domains import parse_domain
from ..tools.windows import Measure, Window

ZERO = Measure(0.0)
NO_DATA = Measure(None)


class DisciplineMetric(models.Model):
    """The engine: one SQL statement a metric for all people and all windows. It reads, and writes nothing."""

    _inherit = "discipline.metric"

    def _measure(self, windows: list[Window]) -> dict[tuple[int, object], Measure]:
        """Count these metrics in each of the windows.

        Windows are joined in as rows, so each may have bounds of its own (time zones, deadlines); people
        without facts get 0, and None means that there is no data. Runs as superuser: the caller says whose
        numbers it wants, and who may see them is a matter of the records they are stored in.

        :return: `{(metric id, window key): Measure}`, complete
        """
        keys = list(dict.fromkeys(window.key for window in windows))
        if not keys:
            return {}
        rows = self._sql_windows(windows, {key: index for index, key in enumerate(keys)})
        result = {}
        for metric in self.sudo():
            found = metric._measure_one(rows, windows)
            default = metric._get_default_measure()
            for index, key in enumerate(keys):
                result[metric.id, key] = found.get(index, default)
        return result

    def _get_default_measure(self) -> Measure:
        """What somebody gets of whom nothing was found."""
        return NO_DATA if self.source in ("formula", "assessment") or self.aggregate == "avg" else ZERO

    def _measure_one(self, rows: SQL, windows: list[Window]) -> dict[int, Measure]:
        """Count one metric: `{index of the window's key: Measure}` of those with something to count."""
        self.ensure_one()
        if self.source == "formula":
            return self._measure_formula(rows, windows)
        builtin = self._get_builtin()
        query = (builtin or getattr(self, f"_measure_{self.source}"))(rows, windows)
        self.env.flush_all()
        nothing = self._get_default_measure().value  # of somebody who has late facts only
        return {
            index: Measure(nothing if value is None else float(value), float(late or 0.0), tuple(ids or ()))
            for index, value, late, ids in self.env.execute_query(query)
        }

    @api.model
    def _sql_windows(self, windows: list[Window], index: dict) -> SQL:
        """The windows as a common table `w`, a row a window and user; a column is one parameter, which PostgreSQL
        reads several times faster than a list of values."""
        rows = [
            (
                index[window.key],
                user_id,
                window.company_id,
                window.start,
                window.stop,
                window.entered_by,
                window.entered_after,
                window.first_day,
                window.last_day,
                window.as_of,
            )
            for window in windows
            for user_id in window.user_ids
        ]
        types = ("int4", "int4", "int4", *["timestamp"] * 4, "date", "date", "timestamp")
        columns = zip(*rows, strict=True) if rows else [()] * len(types)
        arrays = [
            SQL(
                f"%s::{kind}[]",
                f"{{{','.join('NULL' if value is None else str(value) for value in column)}}}",
            )
            for kind, column in zip(types, columns, strict=True)
        ]
        return SQL(
            "WITH w AS (SELECT * FROM unnest(%s) AS w(key, user_id, company_id, start, stop, entered_by,"
            " entered_after, first_day, last_day, as_of))",
            SQL(", ").join(arrays),
        )

    # ------------------------------------------------------------
    # Sources
    # ------------------------------------------------------------

    def _measure_facts(self, rows: SQL, windows: list[Window]) -> SQL:
        """Facts of one kind in the ledger that fit the metric's domain."""
        facts = self.env["discipline.fact"].sudo()
        domain = Domain("kind", "=", self.fact_kind) & Domain(parse_domain(self.domain))
        query = facts.with_context(active_test=False)._search(domain, bypass_access=True)
        value = {
            "count": SQL("SUM(discipline_fact.quantity)"),
            "sum": SQL(
                "SUM(%s)", facts._field_to_sql("discipline_fact", self.value_field or "amount", query)
            ),
            "avg": SQL(
                "AVG(%s)", facts._field_to_sql("discipline_fact", self.value_field or "amount", query)
            ),
            "count_distinct": SQL(
                "COUNT(DISTINCT %s)",
                facts._field_to_sql("discipline_fact", self.value_field or "partner_id", query),
            ),
        }[self.aggregate]
        return SQL(
            """
            %(rows)s
            SELECT w.key, %(value)s FILTER (WHERE %(fact)s.entered_at <= w.entered_by),
                   %(value)s FILTER (WHERE %(fact)s.entered_at > w.entered_by AND w.entered_after IS NULL), NULL
              FROM %(source)s JOIN w ON %(join)s
             WHERE %(where)s
             GROUP BY w.key
            """,
            rows=rows,
            value=value,
            fact=SQL.identifier("discipline_fact"),
            source=query.from_clause,
            join=self._sql_in_window(SQL.identifier("discipline_fact"), windows),
            where=query.where_clause or SQL("TRUE"),
        )

    @api.model
    def _sql_in_window(self, fact: SQL, windows: list[Window]) -> SQL:
        """That a fact (a table's alias) lies in the window `w`. The bounds of all windows together, which follow
        from that, let PostgreSQL see how few facts it will be."""
        return SQL(
            "%(fact)s.user_id = w.user_id AND %(fact)s.happened_at >= w.start AND %(fact)s.happened_at < w.stop"
            " AND %(fact)s.happened_at >= %(first)s AND %(fact)s.happened_at < %(last)s"
            " AND (w.company_id IS NULL OR %(fact)s.company_id = w.company_id)"
            " AND (w.entered_after IS NULL OR %(fact)s.entered_at > w.entered_after)",
            fact=fact,
            first=min(window.start for window in windows),
            last=max(window.stop for window in windows),
        )

    def _measure_records(self, rows: SQL, windows: list[Window]) -> SQL:
        """Records of any model by domain, with the ids counted: no ledger keeps them."""
        model = self.env[self.model_name].sudo().with_context(active_test=False)
        query = model._search(Domain(parse_domain(self.domain)), bypass_access=True)
        owner = self._sql_owner(model, query)
        date_field = model._fields[self.date_field]
        date = model._field_to_sql(model._table, self.date_field, query)
        entered = model._field_to_sql(model._table, self.entered_field or "create_date", query)
        inside = (
            SQL("r.date >= w.first_day AND r.date <= w.last_day AND w.entered_after IS NULL")
            if date_field.type == "date"
            else SQL(
                "r.date >= w.start AND r.date < w.stop AND (w.entered_after IS NULL OR r.entered > w.entered_after)"
            )
        )
        value = {
            "count": "COUNT(*)",
            "sum": "SUM(r.value)",
            "avg": "AVG(r.value)",
            "count_distinct": "COUNT(DISTINCT r.value)",
        }
        company = "company_id" in model._fields and model._fields["company_id"].store
        return SQL(
            """
            %(rows)s, r AS (
                SELECT %(id)s AS id, %(owner)s AS owner, %(date)s AS date, %(entered)s AS entered, %(value)s AS value,
                       %(company)s AS company_id
                  FROM %(source)s WHERE %(where)s)
            SELECT w.key, %(aggregate)s FILTER (WHERE r.entered <= w.entered_by),
                   %(aggregate)s FILTER (WHERE r.entered > w.entered_by AND w.entered_after IS NULL),
                   ARRAY_AGG(r.id ORDER BY r.id) FILTER (WHERE r.entered <= w.entered_by)
              FROM r JOIN w ON r.owner = w.user_id AND %(inside)s
                   AND (w.company_id IS NULL OR r.company_id IS NULL OR r.company_id = w.company_id)
             GROUP BY w.key
            """,
            rows=rows,
            id=SQL.identifier(model._table, "id"),
            owner=owner,
            date=date,
            entered=entered,
            value=self._sql_value(model, query, date),
            company=SQL.identifier(model._table, "company_id") if company else SQL("NULL::int4"),
            source=query.from_clause,
            where=query.where_clause or SQL("TRUE"),
            aggregate=SQL(value[self.aggregate]),
            inside=inside,
        )

    def _sql_owner(self, model, query) -> SQL:
        """The user at the end of the owner path; an employee stands for the user that is theirs."""
        alias, step_model = model._table, model
        *path, last = self.owner_field.split(".")
        for step in path:
            field = step_model._fields[step]
            value = step_model._field_to_sql(alias, step, query)
            step_model = self.env[field.comodel_name].sudo()
            alias = self._join(query, alias, step, step_model, value)
        owner = step_model._field_to_sql(alias, last, query)
        if step_model._fields[last].comodel_name == "hr.employee":
            employees = self.env["hr.employee"].sudo()
            alias = self._join(query, alias, last, employees, owner)
            owner = SQL.identifier(alias, "user_id")
        return owner

    @api.model
    def _join(self, query, alias, step, comodel, value: SQL) -> str:
        joined = query.make_alias(alias, step)
        condition = SQL("%s = %s", value, SQL.identifier(joined, "id"))
        query.add_join("LEFT JOIN", joined, comodel._table, condition)
        return joined

    def _sql_value(self, model, query, date: SQL) -> SQL:
        """What is summed up; money in the currency of the record's company at the record's date."""
        if self.aggregate == "count":
            return SQL("1")
        field = model._fields[self.value_field]
        value = model._field_to_sql(model._table, self.value_field, query)
        if field.type != "monetary" or "company_id" not in model._fields:
            return value
        currency = model._field_to_sql(model._table, field.get_currency_field(model), query)
        return SQL(
            "%(value)s * COALESCE((SELECT CASE WHEN co.currency_id = %(currency)s THEN 1 ELSE"
            " %(own)s / %(theirs)s END FROM res_company co WHERE co.id = %(company)s), 1)",
            value=value,
            currency=currency,
            own=self._sql_rate(SQL("co.currency_id"), date),
            theirs=self._sql_rate(currency, date),
            company=SQL.identifier(model._table, "company_id"),
        )

    @api.model
    def _sql_rate(self, currency: SQL, date: SQL) -> SQL:
        """The rate of a currency at a date for the company `co`, as Odoo looks it up: the last one by then, the
        first there is if none; a company's own, which is its head office's, before the common one."""
        rates = SQL(
            "SELECT cr.rate FROM res_currency_rate cr WHERE cr.currency_id = %s AND (cr.company_id IS NULL"
            " OR cr.company_id = split_part(co.parent_path, '/', 1)::int4)",
            currency,
        )
        return SQL(
            "COALESCE((%(rates)s AND cr.name <= %(date)s::date ORDER BY cr.company_id, cr.name DESC LIMIT 1),"
            " (%(rates)s ORDER BY cr.company_id, cr.name LIMIT 1), 1)",
            rates=rates,
            date=date,
        )

    def _measure_formula(self, rows: SQL, windows: list[Window]) -> dict[int, Measure]:
        """Numerator by denominator, in percent if that is the unit; no data without a denominator."""
        above = self.numerator_id._measure_one(rows, windows)
        below = self.denominator_id._measure_one(rows, windows)
        factor = 100.0 if self.unit == "percent" else 1.0
        default = self.numerator_id._get_default_measure()
        return {
            index: Measure(factor * above.get(index, default).value / measure.value)
            for index, measure in below.items()
            if measure.value and above.get(index, default).value is not None
        }

    def _measure_assessment(self, rows: SQL, windows: list[Window]) -> SQL:
        """The mean of the experts' scores for the period; no score is no data."""
        return SQL(
            """
            %(rows)s
            SELECT w.key, AVG(a.score) FILTER (WHERE a.create_date <= w.entered_by),
                   COUNT(*) FILTER (WHERE a.create_date > w.entered_by), NULL
              FROM w
              JOIN hr_employee e ON e.user_id = w.user_id AND (w.company_id IS NULL OR e.company_id = w.company_id)
              JOIN discipline_assessment a ON a.employee_id = e.id AND a.metric_id = %(metric)s
                   AND a.date_from >= w.first_day AND a.date_to <= w.last_day
             WHERE w.entered_after IS NULL
             GROUP BY w.key
            """,
            rows=rows,
            metric=self.id,
        )
