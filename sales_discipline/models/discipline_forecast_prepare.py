from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import agreements
from ..tools.amounts import is_amount
from ..tools.periods import local_date, utc_bounds
from .res_partner_class import CLASSES

MOST = 500  # clients at once


class DisciplineForecastPrepare(models.TransientModel):
    """Prepares a quarter: an agreement to be made with each client of the classes chosen, proposed from what the client
    bought in the same quarter a year before. Shown before it is stored, and every amount can be changed there."""

    _name = "discipline.forecast.prepare"
    _description = "Prepare a Quarter"
    _inherit = ["discipline.amount.mixin"]

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "Quarter",
        required=True,
        default=lambda self: agreements.next_quarter(fields.Date.context_today(self)),
        help="Any day of the quarter.",
    )
    possible_user_ids = fields.Many2many("res.users", compute="_compute_possible")
    user_ids = fields.Many2many(
        "res.users", string="Salespeople", compute="_compute_user_ids", store=True, readonly=False
    )
    class_a = fields.Boolean(default=True)
    class_b = fields.Boolean(default=True)
    class_c = fields.Boolean()
    growth = fields.Float("Growth (%)", help="10 for ten percent more than a year before, -10 for less.")
    step = fields.Monetary("Round to", default=100.0, required=True)
    line_ids = fields.One2many(
        "discipline.forecast.prepare.line",
        "wizard_id",
        "Clients",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    known_count = fields.Integer("Have One Already", compute="_compute_line_ids", store=True)
    total = fields.Monetary(compute="_compute_total")

    @api.constrains("growth", "step", "date_from")
    def _check_numbers(self):
        for wizard in self:
            if not is_amount(wizard.growth) or not -100 <= wizard.growth <= 1000:
                raise ValidationError(self.env._("The field “Growth” has to be between -100 % and 1,000 %."))
            if not is_amount(wizard.step) or wizard.step <= 0:
                raise ValidationError(self.env._("The field “Round to” has to be above zero."))
            if not 2000 <= wizard.date_from.year <= 2200:
                raise ValidationError(self.env._("“Quarter” lies between the years 2000 and 2200."))

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_possible(self):
        for wizard in self:
            wizard.possible_user_ids = wizard._get_people()

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_user_ids(self):
        """Oneself, where one sells; else everybody whom one may prepare for."""
        for wizard in self:
            people = wizard._get_people()
            leads = self.env.user.has_group("sales_discipline.group_leader")
            wizard.user_ids = people if leads else self.env.user

    def _get_people(self):
        """For whom the reader may prepare: oneself, members of the teams led, or of all teams."""
        me, teams = self.env.user, self.env["crm.team"].sudo()
        domain = [("company_id", "in", [False, self.company_id.id])]
        if not me.has_group("sales_discipline.group_manager"):
            domain.append(("user_id", "=", me.id))
        teams = teams.search(domain)
        users = teams.crm_team_member_ids.user_id | teams.user_id | me
        return users.filtered(lambda user: user.active and self.company_id in user.company_ids).sudo(False)

    @api.depends("date_from", "user_ids", "class_a", "class_b", "class_c", "growth", "step", "company_id")
    def _compute_line_ids(self):
        for wizard in self:
            rows, known = wizard._find_clients()
            wizard.known_count = known
            wizard.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]

    @api.depends("line_ids.amount")
    def _compute_total(self):
        for wizard in self:
            wizard.total = sum(wizard.line_ids.mapped("amount"))

    def _find_clients(self) -> tuple[list[dict], int]:
        """Lines of the clients of these people and classes without an agreement for the quarter, the largest first, and
        how many have one: one statement."""
        self.ensure_one()
        classes = [key for key, _label in CLASSES if self[f"class_{key}"]]
        users = (self.user_ids._origin or self.user_ids) & self._get_people()
        if not (classes and users and self.date_from and self.step and self.step > 0):
            return [], 0
        zone = self.company_id._get_discipline_tz()
        first = agreements.quarter_of(self.date_from)[0]
        today = local_date(fields.Datetime.now(), zone)
        start, stop = utc_bounds(*agreements.last_year(first), zone)
        since, until = utc_bounds(fields.Date.add(today, months=-12), today, zone)
        self.env["discipline.forecast"].flush_model()
        self.env["discipline.fact"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id, p.user_id, p.discipline_class ->> %(key)s AS class,
                       COALESCE(s.year_ago, 0)::float8 AS year_ago, COALESCE(s.months, 0)::float8 AS months,
                       EXISTS (SELECT 1 FROM discipline_forecast a WHERE a.partner_id = p.id AND a.company_id = %(company)s
                                  AND a.date_from = %(first)s) AS known
                  FROM res_partner p
                  LEFT JOIN LATERAL (
                       SELECT SUM(f.amount) FILTER (WHERE f.happened_at >= %(start)s AND f.happened_at < %(stop)s) AS year_ago,
                              SUM(f.amount) FILTER (WHERE f.happened_at >= %(since)s AND f.happened_at < %(until)s) AS months
                         FROM discipline_fact f
                        WHERE f.partner_id = p.id AND f.kind = 'order_confirmed' AND f.company_id = %(company)s
                          AND f.is_transfer IS NOT TRUE) s ON TRUE
                 WHERE p.user_id = ANY(%(users)s) AND p.active AND p.commercial_partner_id = p.id
                   AND p.discipline_class ->> %(key)s = ANY(%(classes)s)
                   AND (p.company_id IS NULL OR p.company_id = %(company)s)
                 ORDER BY 4 DESC, 5 DESC, p.id
                """,
                key=str(self.company_id.id),
                company=self.company_id.id,
                first=first,
                start=start,
                stop=stop,
                since=since,
                until=until,
                users=users.ids,
                classes=classes,
            )
        )
        lines = [
            {
                "partner_id": row["id"],
                "user_id": row["user_id"],
                "client_class": row["class"],
                "base_amount": row["year_ago"],
                "amount": self._round(agreements.propose(row["year_ago"], row["months"], self.growth)),
            }
            for row in rows
            if not row["known"]
        ]
        return lines[:MOST], len(rows) - len(lines)

    def _round(self, amount: float) -> float:
        return round(amount / self.step) * self.step

    def action_apply(self):
        """Store the agreements as they are shown. :return: what opens them"""
        self.ensure_one()
        lines = self.line_ids.filtered("partner_id")
        if not lines:
            raise UserError(
                self.env._("There is no client to prepare: choose other salespeople or classes of clients.")
            )
        first = agreements.quarter_of(self.date_from)[0]
        forecasts = self.env["discipline.forecast"].create(
            [
                {
                    "partner_id": line.partner_id.id,
                    "user_id": line.user_id.id,
                    "date_from": first,
                    "amount": line.amount,
                    "company_id": self.company_id.id,
                }
                for line in lines
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_forecast_action")
        return {**action, "domain": [("id", "in", forecasts.ids)], "context": {}}


class DisciplineForecastPrepareLine(models.TransientModel):
    _name = "discipline.forecast.prepare.line"
    _description = "Client to Agree with"
    _inherit = ["discipline.amount.mixin"]
    _order = "base_amount desc, id"

    wizard_id = fields.Many2one("discipline.forecast.prepare", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Client", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Salesperson", required=True, ondelete="cascade")
    client_class = fields.Selection(CLASSES, "Class")
    base_amount = fields.Monetary("Year before")
    amount = fields.Monetary("Proposed")
