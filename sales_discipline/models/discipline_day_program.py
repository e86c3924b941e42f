from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools import agreements

MOST = 5  # of each kind on the card


class DisciplineScorecard(models.Model):
    """What is agreed on, on My Day: SMART tasks to hand in, clients of programs to win, and forecasts to agree on or
    fallen behind."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_day_work(self, today: date) -> dict:
        return {**super()._get_day_work(today), "agreements": self._get_day_agreements(today)}

    @api.model
    def _get_day_agreements(self, today: date) -> dict | bool:
        """What the card shows, or False where nothing is agreed on: one statement.

        :return: dict of `tasks`, `programs`, `drafts` and `behind`, each a dict of `count` and of the most pressing
            `rows`: dicts of `id`, `name`, and what is shown beside it
        """
        found = {"task": [], "program": [], "forecast": []}
        for kind, *values in self.env.execute_query(self._sql_day_agreements(today)):
            found[kind].append(values)
        tasks = [
            {"id": row, "name": name, "date": day, "late": day < today, "rejected": state == "rejected"}
            for row, name, day, _until, state, _amount, _actual in found["task"]
        ]
        programs = [
            {"id": row, "name": name, "date": until, "waiting": int(amount)}
            for row, name, _day, until, _state, amount, _actual in found["program"]
        ]
        drafts, behind = [], []
        for row, name, day, until, state, amount, actual in found["forecast"]:
            line = {"id": row, "name": name, "date": day, "amount": amount, "actual": actual}
            if state == "draft":
                drafts.append({**line, "late": day <= today})
            elif (zone := agreements.zone(amount, actual, day, until, today)) in ("red", "yellow"):
                behind.append({**line, "zone": zone, "missing": amount - actual})
        behind.sort(key=lambda line: (-line["missing"], line["id"]))
        parts = {"tasks": tasks, "programs": programs, "drafts": drafts, "behind": behind}
        if not any(parts.values()):
            return False
        shown = {key: {"count": len(rows), "rows": rows[:MOST]} for key, rows in parts.items()}
        return {**shown, "currency_id": self.env.company.currency_id.id}

    @api.model
    def _sql_day_agreements(self, today: date) -> SQL:
        """SELECT of (kind, id, name, first day, last day, state, amount, sales) of what is the reader's own, of the
        companies chosen: what is due first comes first."""
        for model in (
            "discipline.task",
            "discipline.program",
            "discipline.program.client",
            "discipline.forecast",
        ):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT * FROM (
                SELECT 'task' AS kind, t.id, t.name, t.date_due AS day, NULL::date AS until, t.state, 0::float8, 0::float8
                  FROM discipline_task t JOIN hr_employee e ON e.id = t.employee_id
                 WHERE e.user_id = %(uid)s AND t.state IN ('open', 'rejected') AND t.company_id = ANY(%(companies)s)
                UNION ALL
                SELECT 'program', p.id, p.name, p.date_from, p.date_to, p.state, COUNT(*)::float8, 0
                  FROM discipline_program_client c JOIN discipline_program p ON p.id = c.program_id
                 WHERE c.user_id = %(uid)s AND NOT COALESCE(c.ordered, FALSE) AND p.state = 'running'
                   AND p.company_id = ANY(%(companies)s)
                 GROUP BY p.id
                UNION ALL
                SELECT 'forecast', f.id, r.complete_name, f.date_from, f.date_to, f.state, f.amount::float8,
                       COALESCE(f.actual, 0)::float8
                  FROM discipline_forecast f JOIN res_partner r ON r.id = f.partner_id
                 WHERE f.user_id = %(uid)s AND f.company_id = ANY(%(companies)s)
                   AND (f.state = 'draft' AND f.date_to >= %(today)s AND f.date_from <= %(next)s
                        OR f.state = 'agreed' AND %(today)s BETWEEN f.date_from AND f.date_to)) x
             ORDER BY day, id
            """,
            uid=self.env.uid,
            companies=self.env.companies.ids,
            today=today,
            next=agreements.next_quarter(today),
        )
