from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools import agreements
from ..tools.effect import share
from ..tools.periods import local_date, utc_bounds

ZONES = [("green", "As Agreed"), ("yellow", "A Little Behind"), ("red", "Behind"), ("none", "No Data")]
TERMS = {"partner_id", "date_from", "amount", "user_id", "company_id", "agreed_on", "contact_id"}


class DisciplineForecast(models.Model):
    """What a client means to buy in a quarter, agreed with the client, beside what the client has bought.

    draft -> agreed -> closed. Sales are the ledger's: orders confirmed less cancellations, without taxes, brought up to
    date with every order. Once the quarter has begun, only the leader of the team or a manager changes what is agreed
    (the chatter keeps what it was); on its last day nobody does any more. What is closed stays.
    """

    _name = "discipline.forecast"
    _description = "Forecast Agreement"
    _inherit = [
        "discipline.moved.mixin",
        "discipline.amount.mixin",
        "discipline.own.company.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_from desc, amount desc, id desc"
    _check_company_auto = True
    _moved = frozenset(
        ("state", "agreed_at", "closed_at", "starts_at", "ends_at")
        + ("actual", "attainment", "gap", "base_amount", "date_to")
    )

    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, check_company=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "Quarter",
        required=True,
        index=True,
        default=lambda self: agreements.next_quarter(fields.Date.context_today(self)),
        help="Any day of the quarter: its first one is kept.",
    )
    date_to = fields.Date("Until", compute="_compute_date_to", store=True)
    quarter = fields.Char("Quarter's Name", compute="_compute_quarter")
    amount = fields.Monetary("Agreed", tracking=True, help="What the client means to order, without taxes.")
    contact_id = fields.Many2one("res.partner", "Agreed with", domain="[('id', 'child_of', partner_id)]")
    agreed_on = fields.Date(tracking=True, help="The day on which the client said so.")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        required=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    note = fields.Text(help="What was agreed besides the amount: articles, prices, conditions.")
    state = fields.Selection(
        [("draft", "To Be Agreed"), ("agreed", "Agreed"), ("closed", "Closed")],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    base_amount = fields.Monetary(
        "Year before", readonly=True, copy=False, help="Sales of the same quarter a year before."
    )
    actual = fields.Monetary(
        "Sales", readonly=True, copy=False, help="What the client has ordered in the quarter."
    )
    gap = fields.Monetary(
        "Difference",
        compute="_compute_attainment",
        store=True,
        help="Sales less what was agreed: below zero as long as something is missing.",
    )
    attainment = fields.Float("Reached (%)", compute="_compute_attainment", store=True, aggregator="avg")
    expected_amount = fields.Monetary(
        "Due by Now", compute="_compute_zone", help="Spread evenly over the days."
    )
    zone = fields.Selection(ZONES, compute="_compute_zone", search="_search_zone")
    agreed_at = fields.Datetime("Agreed, Entered on", readonly=True, copy=False, index="btree_not_null")
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    starts_at = fields.Datetime(readonly=True, copy=False)
    ends_at = fields.Datetime(readonly=True, copy=False)
    can_lead = fields.Boolean(compute="_compute_can_lead", compute_sudo=False)

    _once = models.Constraint(
        "UNIQUE(company_id, partner_id, date_from)",
        "There is an agreement with this client for this quarter already.",
    )
    _amount_check = models.Constraint("CHECK(amount >= 0)", "The field “Agreed” cannot be negative.")

    @api.depends("date_from")
    def _compute_date_to(self):
        for forecast in self:
            forecast.date_to = forecast.date_from and agreements.quarter_of(forecast.date_from)[1]

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_quarter(self):
        for forecast in self:
            day = forecast.date_from
            forecast.quarter = day and format_date(self.env, day, date_format="QQQ y")

    @api.depends("partner_id", "quarter")
    def _compute_display_name(self):
        for forecast in self:
            forecast.display_name = f"{forecast.partner_id.name or ''}, {forecast.quarter or ''}"

    @api.depends("partner_id")
    def _compute_user_id(self):
        for forecast in self:
            own = forecast.partner_id.commercial_partner_id.user_id
            forecast.user_id = forecast.user_id or own or self.env.user

    @api.depends("user_id")
    def _compute_team_id(self):
        """The team of the salesperson, as of when it was made."""
        led = self.env["crm.team"].sudo().search([("user_id", "in", self.user_id.ids)], order="id desc")
        by_leader = {team.user_id.id: team for team in led}
        for forecast in self:
            members = forecast.user_id.sudo().crm_team_member_ids.sorted("id")
            forecast.team_id = members.crm_team_id[:1] or by_leader.get(forecast.user_id.id, False)

    @api.depends("amount", "actual")
    def _compute_attainment(self):
        for forecast in self:
            forecast.gap = forecast.actual - forecast.amount
            forecast.attainment = share(forecast.actual, forecast.amount) or 0

    @api.depends("amount", "actual", "date_from", "date_to", "state")
    def _compute_zone(self):
        for forecast in self:
            current = forecast._get_today()
            days = (forecast.date_from, forecast.date_to)
            if not all(days):
                forecast.expected_amount, forecast.zone = 0, "none"
                continue
            forecast.expected_amount = agreements.expected(forecast.amount, *days, current)
            forecast.zone = agreements.zone(forecast.amount, forecast.actual, *days, current)

    def _search_zone(self, operator, value):
        if operator != "in":
            return NotImplemented
        zones = set(value)
        found = self.search_fetch(
            [("amount", ">", 0)], ["amount", "actual", "date_from", "date_to", "company_id"]
        )
        domain = Domain("id", "in", found.filtered(lambda forecast: forecast.zone in zones).ids)
        return domain | Domain("amount", "=", 0) if "none" in zones else domain

    @api.depends("team_id", "user_id")
    @api.depends_context("uid")
    def _compute_can_lead(self):
        me = self.env.user
        manages = me.has_group("sales_discipline.group_manager")
        for forecast in self:
            forecast.can_lead = manages or forecast.sudo().team_id.user_id == me

    # ------------------------------------------------------------
    # Days
    # ------------------------------------------------------------

    def _get_today(self, now=None):
        """Today where the company is."""
        return local_date(now or fields.Datetime.now(), self.company_id._get_discipline_tz())

    # ------------------------------------------------------------
    # What may be changed
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """An agreement begins as one to be made, with the company behind the contact, for a whole quarter."""
        default = self.default_get(["date_from"])
        clients = [vals["partner_id"] for vals in vals_list if vals.get("partner_id")]
        context = {key: value for key, value in self.env.context.items() if key != "default_team_id"}
        forecasts = super(DisciplineForecast, self.with_env(self.env(context=context))).create(
            [self._prepare_terms({**default, **vals, "team_id": False}, clients) for vals in vals_list]
        )
        forecasts = forecasts.with_env(self.env)
        forecasts._check_whose()
        forecasts._set_moments()
        return forecasts

    def write(self, vals):
        if self._is_moving():
            return super().write(vals)
        vals = self._prepare_terms(vals)
        self._check_change(vals)
        res = super().write(vals)
        if {"user_id", "company_id"}.intersection(vals):
            self._check_whose()
        if {"date_from", "partner_id", "company_id"}.intersection(vals):
            self._set_moments()
        return res

    @api.model
    def _prepare_terms(self, vals, prefetch=()) -> dict:
        """`vals`, with the company behind a contact, and the first day of the quarter.

        :param prefetch: ids of the clients to look up together
        """
        vals = {**vals}
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"]).sudo().with_prefetch(prefetch)
            vals["partner_id"] = partner.commercial_partner_id.id or vals["partner_id"]
        if vals.get("date_from"):
            day = fields.Date.to_date(vals["date_from"])
            if not 2000 <= day.year <= 2200:
                raise ValidationError(self.env._("“Quarter” lies between the years 2000 and 2200."))
            vals["date_from"] = agreements.quarter_of(day)[0]
        if "team_id" in vals:
            del vals["team_id"]
        return vals

    def _set_moments(self):
        """The UTC bounds of the quarter, what the client bought a year before, and by now."""
        moving = self.sudo()._moving()
        for (company, first), forecasts in moving.grouped(lambda f: (f.company_id, f.date_from)).items():
            zone = company._get_discipline_tz()
            starts_at, ends_at = utc_bounds(*agreements.quarter_of(first), zone)
            before = utc_bounds(*agreements.last_year(first), zone)
            base = self._get_sales(company, forecasts.partner_id, *before)
            forecasts.write({"starts_at": starts_at, "ends_at": ends_at})
            for forecast in forecasts:
                forecast.base_amount = base.get(forecast.partner_id.id, 0)
        self.sudo()._refresh_where(SQL("c.id = ANY(%s)", self.ids))

    def _check_change(self, vals):
        """:raise UserError: for what has been agreed for too long"""
        if not TERMS.intersection(vals):
            return
        for forecast in self:
            forecast._check_open()
            begun = forecast._get_today() >= forecast.date_from
            if forecast.state == "agreed" and begun and not (forecast.can_lead or self.env.su):
                raise UserError(
                    self.env._(
                        "“%(name)s”: the quarter has begun. The leader of the team or a manager changes what is agreed.",
                        name=forecast.display_name,
                    )
                )

    def _check_open(self):
        """:raise UserError: once it is closed, and for what is agreed on the quarter's last day or later"""
        for forecast in self:
            if forecast.state == "closed":
                raise UserError(
                    self.env._("“%(name)s” is closed: it stays as it is.", name=forecast.display_name)
                )
            if forecast.state == "agreed" and forecast._get_today() >= forecast.date_to:
                raise UserError(
                    self.env._(
                        "“%(name)s”: the quarter is over, what was agreed stays.", name=forecast.display_name
                    )
                )

    def _check_whose(self):
        """:raise AccessError: for an agreement of somebody whom one does not lead"""
        me = self.env.user
        if self.env.su or me.has_group("sales_discipline.group_manager"):
            return
        for forecast in self:
            if forecast.user_id != me and not forecast.can_lead:
                raise AccessError(
                    self.env._(
                        "“Salesperson”: you make agreements for yourself and for members of the teams that you lead."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        for forecast in self:
            if forecast.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(name)s” is agreed and stays: only what is still to be agreed can be deleted.",
                        name=forecast.display_name,
                    )
                )
