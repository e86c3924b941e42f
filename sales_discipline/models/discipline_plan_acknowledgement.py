from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .discipline_plan import RULES
from .discipline_plan_line import EXPERTS
from .sql_rows import sql_rows


class DisciplinePlanAcknowledgement(models.Model):
    """Who has read a version of a plan, and when; a row without a date is somebody who has not yet.

    Rows are made by the program for everybody whom the plan is in force for; the only way to fill one in is the
    person's own button, and nobody takes it back.
    """

    _name = "discipline.plan.acknowledgement"
    _description = "Acknowledgement of a Plan"
    _order = "plan_id desc, acknowledged_at desc, employee_id, id"
    _rec_name = "employee_id"

    plan_id = fields.Many2one("discipline.plan", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="cascade")
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, index=True, ondelete="set null")
    acknowledged_at = fields.Datetime("Acknowledged on", readonly=True, help="The server's stamp.")
    state = fields.Selection(
        [("open", "Not Yet"), ("done", "Acknowledged")], compute="_compute_state", search="_search_state"
    )

    _once = models.Constraint("UNIQUE(plan_id, employee_id)", "A person acknowledges a plan only once.")

    @api.depends("acknowledged_at")
    def _compute_state(self):
        for row in self:
            row.state = "done" if row.acknowledged_at else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        if {"open", "done"} <= set(value):
            return [(1, "=", 1)]
        return [("acknowledged_at", "!=" if "done" in value else "=", False)] if value else [(0, "=", 1)]

    @api.model
    def _sync(self, plans, now: datetime) -> None:
        """A row for everybody whom these plans are in force for; open ones of those who left are taken away."""
        rows = []
        for plan in plans:
            people = plan._get_people(now.date())
            teams = people._get_discipline_teams()
            rows += [
                (plan.id, one.id, one.user_id.id, teams.get(one.id, (None,))[0], plan.company_id.id)
                for one in people
            ]
        names = ("plan_id", "employee_id", "user_id", "team_id", "company_id")
        table = sql_rows(self, names, rows)
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM discipline_plan_acknowledgement a WHERE a.plan_id = ANY(%s) AND a.acknowledged_at IS NULL
                   AND NOT EXISTS (SELECT FROM %s WHERE v.plan_id = a.plan_id AND v.employee_id = a.employee_id)
                """,
                plans.ids,
                table,
            )
        )
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO discipline_plan_acknowledgement AS a (%(columns)s, create_uid, create_date, write_uid, write_date)
                SELECT %(columns)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM %(rows)s
                ON CONFLICT (plan_id, employee_id) DO UPDATE SET user_id = excluded.user_id, team_id = excluded.team_id
                 WHERE a.acknowledged_at IS NULL
                   AND (a.user_id, a.team_id) IS DISTINCT FROM (excluded.user_id, excluded.team_id)
                """,
                columns=columns,
                rows=table,
                uid=self.env.uid,
                now=now,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _add_scored(self, now: datetime) -> None:
        """A row for whoever is scored by a plan and has none yet, who joined after it was activated for example."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO discipline_plan_acknowledgement (plan_id, employee_id, user_id, team_id, company_id,
                       create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (c.plan_id, c.employee_id) c.plan_id, c.employee_id, c.user_id, c.team_id,
                       c.company_id, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM discipline_scorecard c JOIN discipline_plan p ON p.id = c.plan_id
                 WHERE c.state = 'open' AND p.state IN ('trial', 'active')
                 ORDER BY c.plan_id, c.employee_id, c.date_from DESC
                ON CONFLICT (plan_id, employee_id) DO NOTHING
                """,
                uid=self.env.uid,
                now=now,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(flush=False)


class DisciplinePlan(models.Model):
    """Reading the rules, and seeing who has."""

    _inherit = "discipline.plan"

    acknowledgement_ids = fields.One2many(
        "discipline.plan.acknowledgement",
        "plan_id",
        "Acknowledgements",
        readonly=True,
        copy=False,
        groups="sales_discipline.group_user",
    )
    acknowledged_count = fields.Char(
        "Acknowledged",
        compute="_compute_acknowledged",
        help="Who has read this version, of all whom it is for.",
    )
    my_acknowledgement = fields.Selection(
        [("open", "Not Yet"), ("done", "Acknowledged")], compute="_compute_acknowledged"
    )
    my_acknowledged_at = fields.Datetime("You have read it on", compute="_compute_acknowledged")

    @api.depends_context("uid")
    def _compute_acknowledged(self):
        rows = self.env["discipline.plan.acknowledgement"]
        if rows.has_access("read"):  # payroll officers read plans only
            rows = rows.search([("plan_id", "in", self.ids)])
        by_plan = rows.grouped("plan_id")
        for plan in self:
            found = by_plan.get(plan, rows.browse())
            done = found.filtered("acknowledged_at")
            mine = found.filtered(lambda row: row.user_id == self.env.user)[:1]
            plan.acknowledged_count = f"{len(done)} / {len(found)}" if found - mine else False
            plan.my_acknowledgement = mine.state
            plan.my_acknowledged_at = mine.acknowledged_at

    def _get_people(self, day):
        """Employees whom this plan is in force for on `day` (on its first day if that is still to come), as scoring
        sees it: who has a more special plan is not among them."""
        self.ensure_one()
        plan = self.sudo()
        day = max(day, plan.date_from)
        day = min(day, plan.date_to) if plan.date_to else day
        employees = self.env["hr.employee"].sudo()
        employees = employees.search([("company_id", "=", plan.company_id.id), ("user_id", "!=", False)])
        domain = [("company_id", "=", plan.company_id.id), ("period", "=", plan.period)]
        others = plan.search([*domain, ("state", "=", "trial" if plan.state == "trial" else "active")])
        in_force = (plan | others)._get_in_force(employees, day)
        return employees.filtered(lambda one: in_force.get(one.id) == plan)

    def _sync_acknowledgements(self) -> None:
        """See to it that everybody whom these plans are for can acknowledge them."""
        plans = self.sudo().filtered(lambda plan: plan.state in ("trial", "active"))
        if plans:
            self.env["discipline.plan.acknowledgement"].sudo()._sync(plans, fields.Datetime.now())

    def write(self, vals):
        if RULES.intersection(vals):
            self._forget_acknowledgements()
        return super().write(vals)

    def _forget_acknowledgements(self) -> None:
        """Whoever has read rules that change, which they do until somebody is scored by them, has to read again."""
        rows = self.env["discipline.plan.acknowledgement"].sudo()
        rows = rows.search([("plan_id", "in", self.ids), ("acknowledged_at", "!=", False)])
        if rows:
            rows.write({"acknowledged_at": False})

    def action_trial(self):
        res = super().action_trial()
        self._sync_acknowledgements()
        return res

    def action_activate(self):
        res = super().action_activate()
        versions = self.search([("family_id", "in", (self.family_id | self).ids)])
        (self | versions)._sync_acknowledgements()
        return res

    def action_acknowledge(self):
        """The user has read this version.

        :raise UserError: if it is not in force, or not for them
        """
        self.ensure_one()
        self.check_access("read")
        self._sync_acknowledgements()
        rows = self.env["discipline.plan.acknowledgement"].sudo()
        row = rows.search([("plan_id", "=", self.id), ("user_id", "=", self.env.uid)], limit=1)
        if self.state not in ("trial", "active") or not row:
            raise UserError(
                self.env._("The plan '%(plan)s' is not in force for you.", plan=self.display_name)
            )
        if not row.acknowledged_at:
            row.acknowledged_at = fields.Datetime.now()

    def action_view_acknowledgements(self):
        """Who has acknowledged this version and who has not, as far as the user may see."""
        self.ensure_one()
        self.check_access("read")
        self._sync_acknowledgements()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_plan_acknowledgement_action"
        )
        return {**action, "domain": [("plan_id", "=", self.id)]}


class DisciplinePlanLine(models.Model):
    _inherit = "discipline.plan.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._forget_acknowledgements()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if not EXPERTS.issuperset(vals):
            self.plan_id._forget_acknowledgements()
        return res

    def unlink(self):
        self.plan_id._forget_acknowledgements()
        return super().unlink()
