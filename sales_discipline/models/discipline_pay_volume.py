from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.domains import parse_domain
from ..tools.periods import utc_bounds
from ..tools.windows import Window
from .discipline_span import EVER
from .hr_employee_login import Login


class Bounds(NamedTuple):
    """Whose sales of which local days: naive UTC, `[start, stop)`. `key` is what the caller knows them by, `logins` are what
    `_get_discipline_logins` says of the person."""

    key: Hashable
    user_id: int
    start: datetime
    stop: datetime
    first: date
    last: date
    logins: tuple = ()

    @property
    def moments(self) -> list[str]:
        """What a statement remembers."""
        return [str(moment) for moment in (self.start, self.stop, self.first, self.last)]

    def get_parts(self) -> list[tuple]:
        """(key, user id, start, stop, since) of what is the person's: documents made in `[start, stop)` by a user of theirs,
        with what became of them from `since` on.

        A document is whose the user was when it was made; of what was made when the user was nobody's, it is what has
        happened since then.
        """
        logins = self.logins
        if self.user_id and self.user_id not in {login.user_id for login in logins}:
            logins = (Login(self.user_id),)  # nobody has written down whose it was
        parts = []
        for user_id, since, until, is_first, _company_id in logins:
            start, stop = max(since or EVER, self.start), min(until or self.stop, self.stop)
            parts.append((self.key, user_id, start, stop, EVER))
            if since and is_first:
                parts.append((self.key, user_id, self.start, min(since, self.stop), since))
        return [part for part in parts if part[2] < part[3]]


@dataclass
class Volume:
    """What a person sold in a month: `amount` in company currency, and the same by document,
    `{(model, id, name): amount}`, without those that come to nothing; empty where the source keeps none. `bounds` is
    None for people who are no users."""

    amount: float = 0.0
    documents: dict = field(default_factory=dict)
    bounds: Bounds | None = None

    def get_documents(self) -> list[list]:
        """The documents as a line remembers them: `[[model, id, name, amount]]`, in order."""
        return [[*document, amount] for document, amount in sorted(self.documents.items())]


class DisciplineMetric(models.Model):
    _inherit = "discipline.metric"

    def _get_volume_rule(self) -> dict:
        """How the volume of this metric is found, for a statement to remember. Of a sum of facts: kind, domain and
        field, from which it can be found again whatever becomes of the metric; else the words of the metric."""
        self.ensure_one()
        if self.source == "facts" and self.aggregate == "sum" and not self._get_builtin():
            names = {"value_field": self.value_field or "amount", "domain": self.domain or ""}
            return {"fact_kind": self.fact_kind, **names}
        names = (
            "source",
            "model_name",
            "domain",
            "owner_field",
            "date_field",
            "entered_field",
            "value_field",
        )
        return {name: self[name] or "" for name in (*names, "aggregate")}


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
        logins = employees._get_discipline_logins()
        windows = [
            Bounds(
                employee.id,
                employee.user_id.id,
                *utc_bounds(first, last, employee._get_discipline_tz()),
                first,
                last,
                tuple(logins[employee.id]),
            )
            for employee in employees
            if logins[employee.id]
        ]
        nothing = {employee.id: Volume() for employee in employees}
        return nothing | self._read_volumes(metric, metric._get_volume_rule(), windows, seal)

    def _read_volumes(self, metric, rule, windows, seal) -> dict:
        """`{key: Volume}` of these `Bounds`, complete, in one statement.

        :param rule: see `_get_volume_rule`: of facts as it is given, so that a metric which was changed since does not
            change what was paid on it; anything else as the metric is now
        """
        volumes = {window.key: Volume(bounds=window) for window in windows}
        if not windows:
            return volumes
        rounding = self.currency_id.round
        if "fact_kind" in rule:
            for key, *document, amount in self._select_volumes(rule, windows, seal):
                if amount := rounding(amount):
                    volumes[key].documents[tuple(document)] = amount
            for volume in volumes.values():
                volume.amount = rounding(sum(volume.documents.values()))
            return volumes
        for key, amount in self._measure_volumes(metric, windows, seal):
            volumes[key].amount = rounding(amount or 0.0)
        return volumes

    def _measure_volumes(self, metric, windows, seal):
        """`(key, amount)` of a metric that is no sum of facts, from the engine."""
        asked = [
            Window(
                w.key,
                tuple({w.user_id, *(login.user_id for login in w.logins)} - {False, None}),
                w.start,
                w.stop,
                seal,
                w.first,
                w.last,
                self.company_id.id,
                held=tuple(login[:3] for login in w.logins if login.since or login.until),
            )
            for w in windows
        ]
        return [(key, measure.value) for (_metric, key), measure in metric._measure(asked).items()]

    def _select_volumes(self, rule, windows, seal) -> list[tuple]:
        """Rows (key, model, id, name, amount) of the documents made in each person's window.

        A source is made when the first of its facts happened; a credit note, and money paid back for one, belong to
        the invoice that it reverses, if the ledger knows it.
        """
        facts = self.env["discipline.fact"]
        kind = rule["fact_kind"]
        domain = Domain("kind", "=", kind) & Domain(parse_domain(rule["domain"]))
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("entered_at", "<=", seal)
        query = facts.with_context(active_test=False)._search(domain, bypass_access=True)
        value = facts._field_to_sql("discipline_fact", rule["value_field"], query)
        columns = list(zip(*(part for w in windows for part in w.get_parts()), strict=True)) or [()] * 5
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH w AS (
                    SELECT * FROM unnest(%(keys)s::int4[], %(users)s::int4[], %(starts)s::timestamp[],
                                         %(stops)s::timestamp[], %(sinces)s::timestamp[])
                              AS w(key, user_id, start, stop, since)
                ), f AS MATERIALIZED (
                    SELECT discipline_fact.id, discipline_fact.source_id, discipline_fact.user_id, discipline_fact.res_model,
                           discipline_fact.res_id, discipline_fact.res_name, discipline_fact.happened_at, %(value)s AS value,
                           CASE WHEN discipline_fact.res_model = 'account.move' THEN m.reversed_entry_id END AS reversed_id
                      FROM %(source)s
                      LEFT JOIN account_move m ON discipline_fact.res_model = 'account.move' AND m.id = discipline_fact.res_id
                     WHERE %(where)s AND discipline_fact.user_id = ANY(%(users)s)
                       AND discipline_fact.source_id IN (%(touched)s)
                )
                SELECT w.key, f.res_model, f.res_id, MAX(f.res_name), SUM(f.value)
                  FROM f
                 CROSS JOIN LATERAL (SELECT COALESCE(%(reversed)s, %(own)s) AS made) o
                  JOIN w ON w.user_id = f.user_id AND o.made >= w.start AND o.made < w.stop AND f.happened_at >= w.since
                 GROUP BY w.key, f.res_model, f.res_id
                """,
                keys=list(columns[0]),
                users=list(columns[1]),
                starts=list(columns[2]),
                stops=list(columns[3]),
                sinces=list(columns[4]),
                value=value,
                source=query.from_clause,
                where=query.where_clause,
                touched=self._sql_touched(kind, min(w.start for w in windows), max(w.stop for w in windows)),
                reversed=self._sql_made_reversed(kind, seal),
                own=self._sql_made(kind, SQL("e.source_id = f.source_id"), seal),
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
