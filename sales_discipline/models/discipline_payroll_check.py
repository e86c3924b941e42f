from odoo import api, fields, models
from odoo.tools import SQL


class DisciplineStatement(models.Model):
    _inherit = "discipline.statement"

    previous_total = fields.Monetary(
        "Month Before",
        compute="_compute_previous_total",
        help="The total of the same person in the month before.",
    )

    @api.depends("employee_id", "date_from", "total")
    def _compute_previous_total(self):
        totals = {}
        for run, statements in self.grouped("payroll_id").items():
            before = run.sudo()._get_run_before()
            known = self.search(
                [("payroll_id", "=", before.id), ("employee_id", "in", statements.employee_id.ids)]
            )
            by_employee = {statement.employee_id: statement.total for statement in known}
            totals |= {statement: by_employee.get(statement.employee_id) for statement in statements}
        for statement in self:
            statement.previous_total = totals[statement]


class DisciplinePayroll(models.Model):
    """What needs a look before a computed run is confirmed: always as of now, with the people behind each point. Nothing
    of it stands in the way of confirming but open scorecards, see `_check_confirm`."""

    _inherit = "discipline.payroll"

    no_wage_count = fields.Integer("People without a Wage", compute="_compute_checks")
    no_card_count = fields.Integer("People without Scorecards", compute="_compute_checks")
    moved_count = fields.Integer("Amounts That Moved", compute="_compute_checks")
    has_checks = fields.Boolean("Something Needs a Look", compute="_compute_has_checks")
    moved_share = fields.Float("Moved by More Than", related="company_id.discipline_moved_share")

    @api.depends("state", "computed_at", "statement_ids.total", "company_id.discipline_moved_share")
    def _compute_checks(self):
        for run in self:
            found = run._get_statements_to_check() if run.state == "computed" else {}
            for name in ("no_wage", "no_card", "moved"):
                run[f"{name}_count"] = len(found.get(name, ()))

    def _get_check_fields(self) -> list[str]:
        """The fields that count what is on the check list."""
        return ["open_card_count", "no_scheme_count", "no_wage_count", "no_card_count", "moved_count"]

    @api.depends(lambda self: self._get_check_fields())
    def _compute_has_checks(self):
        for run in self:
            run.has_checks = any(run[name] for name in run._get_check_fields())

    def _get_run_before(self):
        """The run of the month before, of the same company; none if that month was not paid."""
        self.ensure_one()
        return self.search(
            [("company_id", "=", self.company_id.id), ("date_from", "<", self.date_from)], limit=1
        ).filtered(lambda run: fields.Date.add(run.date_to, days=1) == self.date_from)

    def _get_statements_to_check(self) -> dict[str, list[int]]:
        """The ids of the statements that need a look, by what is odd with them, in one statement of SQL:

        no_wage   a base is paid on the wage of the contract, and there is none
        no_card   no scorecard reached the month (people who are here for corrections alone are left out)
        moved     the total moved from that of the month before by more than the company's share; people who had no
                  statement then are left out
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id,
                       EXISTS (SELECT FROM discipline_component c WHERE c.scheme_id = s.scheme_id AND c.kind = 'base'
                                  AND c.wage_source = 'employee')
                       AND COALESCE(b.wage, (SELECT MAX(v.wage)::float8 FROM hr_version v
                                              WHERE v.employee_id = s.employee_id AND v.active), 0) <= 0,
                       jsonb_array_length(s.inputs->'cards') = 0 AND (b.others > 0 OR s.corrected IS NULL OR s.corrected = 0),
                       p.id IS NOT NULL AND ABS(s.total - p.total) > %(share)s * ABS(p.total) / 100
                  FROM discipline_statement s
                 CROSS JOIN LATERAL (
                       SELECT MIN((l.inputs->>'wage')::float8) FILTER (WHERE l.kind = 'base') AS wage,
                              COUNT(*) FILTER (WHERE l.kind <> 'correction') AS others
                         FROM discipline_statement_line l WHERE l.statement_id = s.id) b
                  LEFT JOIN discipline_statement p ON p.payroll_id = %(before)s AND p.employee_id = s.employee_id
                 WHERE s.payroll_id = %(run)s
                """,
                share=self.company_id.discipline_moved_share,
                before=self._get_run_before().id or None,
                run=self.id,
            )
        )
        return {
            name: [row[0] for row in rows if row[index]]
            for index, name in enumerate(("no_wage", "no_card", "moved"), start=1)
        }

    def action_open_check(self):
        """The people behind one point of the check list, which the context names: `check`."""
        self.ensure_one()
        self.check_access("read")
        check = self.env.context.get("check")
        ids = self._get_statements_to_check().get(check, [])
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.action_statement")
        return {
            **action,
            "domain": [("id", "in", ids)],
            "context": {"show_previous": check == "moved"},
        }
