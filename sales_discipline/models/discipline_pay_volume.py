from dataclasses import dataclass, field

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.domains import parse_domain
from ..tools.periods import utc_bounds
from ..tools.windows import Window


@dataclass
class Volume:
    """What a person sold in a month: `amount` in company currency, and the same by document,
    `{(model, id, name): amount}`, without those that come to nothing; empty where the source keeps none."""

    amount: float = 0.0
    documents: dict = field(default_factory=dict)


class DisciplinePayroll(models.Model):
    """Sales that commissions are paid on: the ledger's facts by the month in which each deal was made.

    A refund, a cancellation or a change of an order belongs to the month of what it changes, however late it comes:
    that month was paid with it, so that month is corrected. (A scorecard looks at the same facts by their own dates.)
    """

    _inherit = "discipline.payroll"

    def _get_volumes(self, metric, employees, first, last, seal) -> dict[int, Volume]:
        """The volume of each of these people from `first` to `last` (local days, inclusive) as known at `seal` (UTC).

        :param metric: one on facts that are summed up; any other is measured by the engine as of the seal, by the
            dates of its own records
        :return: `{employee id: Volume}`, complete
        """
        volumes = {employee.id: Volume() for employee in employees}
        people = employees.filtered("user_id")
        windows = [(employee, *utc_bounds(first, last, employee._get_discipline_tz())) for employee in people]
        if not windows:
            return volumes
        if metric.source == "facts" and metric.aggregate == "sum" and not metric._get_builtin():
            rounding = self.currency_id.round
            for employee_id, *document, amount in self._select_volumes(metric, windows, seal):
                if amount := rounding(amount):
                    volumes[employee_id].documents[tuple(document)] = amount
            for volume in volumes.values():
                volume.amount = rounding(sum(volume.documents.values()))
            return volumes
        for employee_id, amount in self._measure_volumes(metric, windows, first, last, seal):
            volumes[employee_id].amount = self.currency_id.round(amount or 0.0)
        return volumes

    def _measure_volumes(self, metric, windows, first, last, seal):
        """`(employee id, amount)` of a metric that is no sum of facts, from the engine."""
        asked = [
            Window(employee.id, (employee.user_id.id,), start, stop, seal, first, last, self.company_id.id)
            for employee, start, stop in windows
        ]
        return [(key, measure.value) for (_metric, key), measure in metric._measure(asked).items()]

    def _select_volumes(self, metric, windows, seal) -> list[tuple]:
        """Rows (employee id, model, id, name, amount) of the documents made in each person's window.

        A source is made when the first of its facts happened; a credit note, and money paid back for one, belong to
        the invoice that it reverses, if the ledger knows it.
        """
        facts = self.env["discipline.fact"]
        domain = Domain("kind", "=", metric.fact_kind) & Domain(parse_domain(metric.domain))
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("entered_at", "<=", seal)
        query = facts.with_context(active_test=False)._search(domain, bypass_access=True)
        value = facts._field_to_sql("discipline_fact", metric.value_field or "amount", query)
        columns = list(
            zip(
                *((employee.id, employee.user_id.id, start, stop) for employee, start, stop in windows),
                strict=True,
            )
        )
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH w AS (
                    SELECT * FROM unnest(%(employees)s::int4[], %(users)s::int4[], %(starts)s::timestamp[],
                                         %(stops)s::timestamp[]) AS w(employee_id, user_id, start, stop)
                ), f AS MATERIALIZED (
                    SELECT discipline_fact.id, discipline_fact.source_id, discipline_fact.user_id, discipline_fact.res_model,
                           discipline_fact.res_id, discipline_fact.res_name, %(value)s AS value,
                           CASE WHEN discipline_fact.res_model = 'account.move' THEN m.reversed_entry_id END AS reversed_id
                      FROM %(source)s
                      LEFT JOIN account_move m ON discipline_fact.res_model = 'account.move' AND m.id = discipline_fact.res_id
                     WHERE %(where)s AND discipline_fact.source_id IN (%(touched)s)
                )
                SELECT w.employee_id, f.res_model, f.res_id, MAX(f.res_name), SUM(f.value)
                  FROM f
                 CROSS JOIN LATERAL (SELECT COALESCE(%(reversed)s, %(own)s) AS made) o
                  JOIN w ON w.user_id = f.user_id AND o.made >= w.start AND o.made < w.stop
                 GROUP BY w.employee_id, f.res_model, f.res_id
                """,
                employees=list(columns[0]),
                users=list(columns[1]),
                starts=list(columns[2]),
                stops=list(columns[3]),
                value=value,
                source=query.from_clause,
                where=query.where_clause,
                touched=self._sql_touched(metric.fact_kind, min(columns[2]), max(columns[3])),
                reversed=self._sql_made_reversed(metric.fact_kind, seal),
                own=self._sql_made(metric.fact_kind, SQL("e.source_id = f.source_id"), seal),
            )
        )

    def _sql_made(self, kind, whose, seal) -> SQL:
        """When the first fact of a source (alias `e`) happened."""
        return SQL(
            "(SELECT MIN(e.happened_at) FROM discipline_fact e WHERE e.kind = %s AND %s AND e.entered_at <= %s)",
            kind,
            whose,
            seal,
        )

    def _sql_made_reversed(self, kind, seal) -> SQL:
        """The same of the invoice that the source reverses; null if it reverses none that the ledger knows."""
        whose = {
            "invoice_posted": "e.source_id = f.reversed_id",
            "payment_collected": "e.res_id = f.reversed_id",
        }
        if kind not in whose:
            return SQL("NULL")
        return SQL(
            "CASE WHEN f.reversed_id IS NOT NULL THEN %s END", self._sql_made(kind, SQL(whose[kind]), seal)
        )

    def _sql_touched(self, kind, start, stop) -> SQL:
        """Sources with a fact in the windows, and those that reverse one of them."""
        inside = SQL("e.kind = %s AND e.happened_at >= %s AND e.happened_at < %s", kind, start, stop)
        return SQL(
            """
            SELECT e.source_id FROM discipline_fact e WHERE %(inside)s
            UNION
            SELECT r.source_id FROM discipline_fact e
              JOIN account_move m ON m.reversed_entry_id = e.res_id
              JOIN discipline_fact r ON r.kind = %(kind)s AND r.res_model = 'account.move' AND r.res_id = m.id
             WHERE %(inside)s AND e.res_model = 'account.move'
            """,
            inside=inside,
            kind=kind,
        )
