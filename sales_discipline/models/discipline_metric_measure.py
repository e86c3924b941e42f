from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.domains import parse_domain
from ..tools.windows import Window


class DisciplineMetric(models.Model):
    """The sources of metrics: each `_measure_<source>` gets how its statement begins (WITH, and the windows as the
    common table `w`) and the windows as a list, and returns a SELECT of (key, value, late, ids)."""

    _inherit = "discipline.metric"

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

    def _measure_assessment(self, rows: SQL, windows: list[Window]) -> SQL:
        """The mean of the experts' scores for the period, one of each expert: that of the longest time, the newest of
        them; no score is no data."""
        return SQL(
            """
            %(rows)s
            SELECT s.key, AVG(s.score) FILTER (WHERE s.in_time), COUNT(*) FILTER (WHERE NOT s.in_time), NULL
              FROM (SELECT DISTINCT ON (w.key, a.employee_id, a.assessor_id, a.scored_at <= w.entered_by)
                           w.key, a.score, a.scored_at <= w.entered_by AS in_time
                      FROM w
                      JOIN hr_employee e ON e.user_id = w.user_id
                           AND (w.company_id IS NULL OR e.company_id = w.company_id)
                      JOIN discipline_assessment a ON a.employee_id = e.id AND a.metric_id = %(metric)s
                           AND a.date_from >= w.first_day AND a.date_to <= w.last_day
                     WHERE w.entered_after IS NULL AND a.scored_at IS NOT NULL
                     ORDER BY w.key, a.employee_id, a.assessor_id, a.scored_at <= w.entered_by,
                              a.date_to - a.date_from DESC, a.scored_at DESC, a.id DESC) s
             GROUP BY s.key
            """,
            rows=rows,
            metric=self.id,
        )
