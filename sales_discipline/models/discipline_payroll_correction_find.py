from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ..tools.periods import DAY
from .discipline_payroll import LOCKED
from .discipline_payroll_correction import PaidLine, PaidStatement

# facts are stamped before their transaction is over, so those of the last moments of a run may be unknown to it
SLACK = timedelta(hours=1)


class DisciplinePayroll(models.Model):
    """Which statements of confirmed runs may have to be corrected, and what they remember."""

    _inherit = "discipline.payroll"

    def _get_corrected_runs(self):
        """The runs that this one corrects: locked ones of the months before, as far back as the company says.

        One run at a time makes corrections, the first that is not locked: a later one would make the same again.
        """
        self.ensure_one()
        others = self.search([("company_id", "=", self.company_id.id), ("date_from", "<", self.date_from)])
        if others.filtered(lambda run: run.state not in LOCKED):
            return self.browse()
        first = self.date_from - relativedelta(months=self.company_id.discipline_correction_months)
        return others.filtered(lambda run: run.date_from >= first and run.currency_id == self.currency_id)

    def _read_paid_statements(self, runs, people=None, changed=None) -> list[PaidStatement]:
        """The statements of these runs with something that was entered after their run was confirmed, in order; see
        `_get_corrections` for the parameters."""
        ids = (self._find_changed_statements(runs, people) if runs else []) if changed is None else changed
        if not ids:
            return []
        self.env.cr.execute(
            """
            SELECT s.id, s.employee_id, s.date_from, s.inputs, r.confirmed_at
              FROM discipline_statement s JOIN discipline_payroll r ON r.id = s.payroll_id
             WHERE s.id = ANY(%s) AND (%s::int4[] IS NULL OR s.employee_id = ANY(%s)) ORDER BY s.date_from, s.id
            """,
            [ids, people, people],
        )
        statements = {}
        for statement_id, employee_id, month, inputs, confirmed_at in self.env.cr.fetchall():
            statements[statement_id] = PaidStatement(
                statement_id,
                employee_id,
                month,
                {rule["id"]: rule for rule in inputs["components"]},
                {rule["id"]: rule for rule in inputs["schemes"]},
                {
                    card_id: (points, efficiency)
                    for card_id, _day, _period, points, efficiency in inputs["cards"]
                },
                [
                    card_id
                    for card_id, day, period, _points, _efficiency in inputs["cards"]
                    if period == "month" and day >= str(month)
                ],
                confirmed_at,
            )
        self._read_paid_lines(statements)
        return list(statements.values())

    def _read_paid_lines(self, statements):
        """Give statements their lines, and the lines the corrections made of them so far."""
        lines = {}
        self.env.cr.execute(
            """
            SELECT l.statement_id, l.id, l.component_id, l.kind, l.name, l.user_id, l.date_from, l.date_to, l.amount::float8,
                   l.inputs, l.base::float8, ARRAY(SELECT m.discipline_scorecard_id
                             FROM discipline_scorecard_discipline_statement_line_rel m
                            WHERE m.discipline_statement_line_id = l.id ORDER BY 1)
              FROM discipline_statement_line l
             WHERE l.statement_id = ANY(%s) AND l.component_id IS NOT NULL AND l.kind <> 'correction'
             ORDER BY l.statement_id, l.sequence, l.id
            """,
            [list(statements)],
        )
        for statement_id, *values, inputs, base, card_ids in self.env.cr.fetchall():
            numbers = {"points": base, **(inputs or {})}
            statement = statements[statement_id]
            line = PaidLine(*values, numbers, card_ids, statement.since, values[-1], numbers)
            statement.lines.append(line)
            lines[line.id] = line
        self.env.cr.execute(
            """
            SELECT l.corrects_statement_id, l.corrects_line_id, l.amount::float8, l.inputs, r.confirmed_at
              FROM discipline_statement_line l JOIN discipline_payroll r ON r.id = l.payroll_id
             WHERE l.corrects_statement_id = ANY(%s) AND r.state IN %s AND r.id <> %s
             ORDER BY r.confirmed_at, l.id
            """,
            [list(statements), LOCKED, self.id or 0],
        )
        for statement_id, line_id, amount, inputs, confirmed_at in self.env.cr.fetchall():
            if not line_id and inputs.get("task"):
                paid, _inputs = statements[statement_id].tasks.get(inputs["task"], (0.0, None))
                statements[statement_id].tasks[inputs["task"]] = (paid + amount, inputs)
            elif not line_id:
                statements[statement_id].corrected[inputs["scheme"]] += amount
            elif line := lines.get(line_id):
                line.paid = self.currency_id.round(line.paid + amount)
                line.known, line.since = inputs, confirmed_at

    # ------------------------------------------------------------
    # Which
    # ------------------------------------------------------------

    def _find_changed_statements(self, runs, people=None) -> list[int]:
        """The ids of the statements of these runs whose person has sales of that month with a fact entered after the
        run was confirmed, or a scorecard of that month (of one before it, where a grade was paid) that was changed since,
        or a task that was approved since or is not what was paid, or pay on records that no ledger keeps.

        :param people: ids of the employees whose statements are asked for; with a few of them less of the ledger is read
        """
        self.env.flush_all()
        components = self.env["discipline.component"].search([("kind", "in", ("commission", "base"))])
        kinds = components.metric_id | components.waiver_metric_id
        kinds = {metric.fact_kind for metric in kinds if "fact_kind" in metric._get_volume_rule()}
        rows = self.env.execute_query(
            SQL(
                """
                WITH touched AS MATERIALIZED (%(sales)s), logins AS (%(logins)s)
                SELECT s.id FROM discipline_statement s JOIN touched t ON t.run_id = s.payroll_id AND t.user_id = s.user_id
                UNION
                SELECT s.id FROM discipline_statement s JOIN touched t ON t.run_id = s.payroll_id
                  JOIN logins l ON l.employee_id = s.employee_id AND l.user_id = t.user_id
                UNION
                SELECT s.id
                  FROM discipline_scorecard c
                  JOIN discipline_statement s ON s.employee_id = c.employee_id AND s.company_id = c.company_id
                  JOIN discipline_payroll r ON r.id = s.payroll_id
                 WHERE c.amended_at >= r.confirmed_at - %(slack)s AND r.id IN %(runs)s AND c.date_to <= s.date_to
                   AND (c.date_to > s.date_from - 7 OR EXISTS (
                        SELECT FROM discipline_statement_line l WHERE l.statement_id = s.id AND l.kind = 'grade'))
                UNION
                SELECT l.statement_id FROM discipline_statement_line l JOIN discipline_component c ON c.id = l.component_id
                  JOIN discipline_metric m ON m.id IN (c.metric_id, c.waiver_metric_id)
                 WHERE l.payroll_id IN %(runs)s AND l.kind IN ('commission', 'base') AND m.source = 'records'
                UNION
                SELECT l.statement_id
                  FROM discipline_statement_line l LEFT JOIN discipline_task t ON t.id = (l.inputs->>'task')::int
                 WHERE l.payroll_id IN %(runs)s AND l.kind = 'task'
                   AND (t.state = 'approved' AND t.value = (l.inputs->>'value')::numeric) IS NOT TRUE
                UNION
                SELECT s.id FROM discipline_statement_line l JOIN discipline_statement s ON s.id = l.corrects_statement_id
                 WHERE s.payroll_id IN %(runs)s AND l.kind = 'correction' AND l.inputs ? 'task'
                UNION
                SELECT s.id
                  FROM discipline_task t
                  JOIN discipline_statement s ON s.employee_id = t.employee_id AND s.company_id = t.company_id
                  JOIN discipline_payroll r ON r.id = s.payroll_id
                 WHERE t.approved_at >= r.confirmed_at - %(slack)s AND r.id IN %(runs)s AND t.state = 'approved'
                   AND t.approved_at >= r.date_from - 1 AND t.approved_at < r.date_to + 2
                """,
                sales=self._sql_touched_since(
                    runs, kinds | set(self.env["discipline.fact"]._get_money_kinds()), people
                ),
                logins=self.env["hr.employee"]._sql_discipline_logins(),
                runs=runs._ids,
                slack=SLACK,
            )
        )
        return sorted(row[0] for row in rows)

    def _sql_touched_since(self, runs, kinds, people=None) -> SQL:
        """(run_id, user_id) of those with a fact on a source that was made in the month of a run and had a fact after
        the run was confirmed. A credit note, and money paid back for one, were made when their invoice was.

        It may name more than have changed (months are cut in UTC, a day wide), never fewer.
        """
        return SQL(
            """
            WITH r AS MATERIALIZED (
                SELECT * FROM unnest(%(ids)s::int4[], %(firsts)s::timestamp[], %(lasts)s::timestamp[], %(known)s::timestamp[])
                           AS r(id, first, last, known)
            ), s AS MATERIALIZED (
                SELECT kind, source_id, MIN(happened_at) AS made, MAX(entered_at) AS entered, MIN(res_model) AS res_model,
                       MIN(res_id) AS res_id
                  FROM discipline_fact
                 WHERE kind IN %(kinds)s AND company_id = %(company)s AND happened_at >= %(first)s AND %(theirs)s
                 GROUP BY kind, source_id
            ), i AS (
                SELECT s.kind, s.source_id, MIN(e.happened_at) AS made
                  FROM s JOIN account_move m ON s.res_model = 'account.move' AND m.id = s.res_id
                  JOIN discipline_fact e ON e.kind = s.kind AND e.company_id = %(company)s
                       AND e.res_model = 'account.move' AND e.res_id = m.reversed_entry_id
                 GROUP BY s.kind, s.source_id
            ), t AS (
                SELECT DISTINCT r.id, s.kind, s.source_id
                  FROM s LEFT JOIN i ON i.kind = s.kind AND i.source_id = s.source_id
                  JOIN r ON COALESCE(i.made, s.made) >= r.first AND COALESCE(i.made, s.made) < r.last AND s.entered > r.known
            )
            SELECT DISTINCT t.id AS run_id, f.user_id
              FROM t JOIN discipline_fact f ON f.kind = t.kind AND f.source_id = t.source_id
            """,
            ids=runs.ids,
            firsts=[run.date_from - DAY for run in runs],
            lasts=[run.date_to + 2 * DAY for run in runs],
            known=[run.confirmed_at - SLACK for run in runs],
            first=min(run.date_from for run in runs) - DAY,
            kinds=tuple(kinds),
            theirs=self._sql_sources_of(people, kinds),
            company=self.company_id.id,
        )

    def _sql_sources_of(self, people, kinds) -> SQL:
        """Whether a source has a fact of one of these people (employee ids), at whatever time; of anybody if not given."""
        if people is None:
            return SQL("TRUE")
        return SQL(
            "source_id IN (SELECT o.source_id FROM discipline_fact o WHERE o.kind IN %(kinds)s AND o.user_id IN ("
            "SELECT user_id FROM discipline_statement WHERE employee_id = ANY(%(people)s) UNION "
            "SELECT l.user_id FROM (%(logins)s) l WHERE l.employee_id = ANY(%(people)s)))",
            kinds=tuple(kinds),
            people=list(people),
            logins=self.env["hr.employee"]._sql_discipline_logins(),
        )

    def _read_causes(self, lines):
        """Say of each changed document why it differs: pairs `(Change, cause)` in `changes`."""
        if not lines:
            return
        rows = [
            (line.id, line.user_id, line.inputs["rule"]["fact_kind"], *change.key, line.since)
            for line in lines
            for change in line.changes
        ]
        columns = list(zip(*rows, strict=True))
        self.env.cr.execute(
            """
            SELECT c.line_id, c.model, c.id, COALESCE(m.move_type = 'out_refund', FALSE),
                   COALESCE(BOOL_OR(f.is_transfer AND f.entered_at >= c.since AND f.user_id = c.user_id), FALSE),
                   ABS(SUM(f.amount) FILTER (WHERE f.is_transfer IS NOT TRUE)) < 0.005
              FROM unnest(%s::int4[], %s::int4[], %s::varchar[], %s::varchar[], %s::int4[], %s::timestamp[])
                       AS c(line_id, user_id, kind, model, id, since)
              LEFT JOIN discipline_fact f ON f.kind = c.kind AND f.res_model = c.model AND f.res_id = c.id
              LEFT JOIN account_move m ON c.model = 'account.move' AND m.id = c.id
             GROUP BY c.line_id, c.model, c.id, m.move_type
            """,
            [list(column) for column in columns],
        )
        facts = {(line_id, (model, key)): signs for line_id, model, key, *signs in self.env.cr.fetchall()}
        for line in lines:
            first = {(model, key) for model, key, *_rest in line.inputs["documents"]}
            line.changes = [
                (change, self._get_cause(change, *facts[line.id, change.key], change.key in first))
                for change in line.changes
            ]

    def _get_cause(self, change, is_refund, is_moved, is_nothing, was_paid) -> str:
        """Why a document differs from what was known.

        :param is_refund: it is a credit note
        :param is_moved: its credit was moved to or from the person
        :param is_nothing: it comes to nothing, for anybody
        :param was_paid: it was among what was paid in the first place
        """
        if is_refund:
            return "refund"
        if is_nothing:
            return "cancelled"
        if is_moved:
            return "credit"
        return "changed" if change.before or was_paid else "backdated"
