from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .field_change import differs
from .readers import for_readers

# what sets a rule off, and the kind of record that its to-dos are on
TRIGGERS = [
    ("lead_created", "A lead or an opportunity is created"),
    ("stage", "An opportunity reaches a stage"),
    ("won", "An opportunity is won"),
    ("lost", "An opportunity is lost"),
    ("quotation_sent", "A quotation is sent"),
    ("order_confirmed", "An order is confirmed"),
    ("delivered", "An order is delivered"),
    ("invoice_posted", "An invoice is posted"),
    ("invoice_due", "An invoice comes due"),
    ("client_silent", "A client is silent"),
    ("negative_rating", "A client rates badly"),
]
MODELS = dict.fromkeys(("lead_created", "stage", "won", "lost"), "crm.lead")
MODELS |= dict.fromkeys(("quotation_sent", "order_confirmed", "delivered"), "sale.order")
MODELS |= dict.fromkeys(("invoice_posted", "invoice_due"), "account.move")
MODELS |= dict.fromkeys(("client_silent", "negative_rating"), "res.partner")
FIXED = ("trigger", "company_id")  # once it has scheduled something


class DisciplineRegulation(models.Model):
    """A rule of working with clients: a goal in words, an event, and the to-dos that follow from it.

    The to-dos are an activity plan of Odoo's own, which this delegates to: company and activities. What it adds is
    when they are scheduled (by themselves, once per event), who does them, what each has to bring, and when it is no
    longer needed. What happened before it was started never schedules anything.
    """

    _name = "discipline.regulation"
    _inherit = ["discipline.moved.mixin"]
    _inherits = {"mail.activity.plan": "plan_id"}
    _description = "Regulation"
    _order = "sequence, id"
    _moved = frozenset({"state", "since", "looked_at", "shared_id"})

    plan_id = fields.Many2one(
        "mail.activity.plan", "Activity Plan", required=True, ondelete="restrict", index=True
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    goal = fields.Text(
        translate=True, help="What the rule is for, in the words that people read beside the to-do."
    )
    trigger = fields.Selection(TRIGGERS, "When", required=True, default="lead_created")
    stage_ids = fields.Many2many("crm.stage", string="Stages")
    lead_from = fields.Selection(
        [
            ("all", "All of them"),
            ("others", "Those that the salesperson did not enter"),
        ],
        "Which",
        default="all",
        required=True,
        help="What came from the web site, by e-mail, by an import or from a colleague, or all that is created.",
    )
    silent_days = fields.Integer("Silent for (Days)", default=90)
    silent_of = fields.Selection(
        [("contact", "No contact"), ("order", "No order")],
        "Silence",
        default="order",
        required=True,
        help="No contact: nothing done with the client, no mail, no quotation. Looked at are clients who ordered within"
        " the last year.",
    )
    rating_limit = fields.Float("Stars at Most", default=2.0)
    otherwise_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Who gets the to-do where the record has no salesperson and no team with a leader.",
    )
    state = fields.Selection(
        [("draft", "Off"), ("running", "Running")],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    since = fields.Datetime("Running since", readonly=True, copy=False)
    step_count = fields.Integer("Scheduled", compute="_compute_step_count")
    kept_share = fields.Float("Kept on Time (%)", compute="_compute_step_count")

    _plan_once = models.Constraint("UNIQUE(plan_id)", "An activity plan belongs to one regulation.")
    _silent_days_check = models.Constraint(
        "CHECK(silent_days BETWEEN 1 AND 3660)", "The field 'Silent for (Days)' has to be between 1 and 3660."
    )
    _rating_limit_check = models.Constraint(
        "CHECK(rating_limit >= 1 AND rating_limit <= 5)",
        "The field 'Stars at Most' has to be between 1 and 5.",
    )

    @api.depends_context("uid")
    def _compute_step_count(self):
        """Of what the reader may see: how many to-dos are due by now, and how many of them were done in time."""
        steps = self.env["discipline.regulation.step"]
        groups = steps._read_group(
            [("regulation_id", "in", self.ids), ("outcome", "!=", "stopped")],
            ["regulation_id"],
            ["__count", "kept:avg"],
        )
        found = {regulation.id: rest for regulation, *rest in groups}
        for regulation in self:
            count, kept = found.get(regulation.id, (0, None))
            regulation.step_count = count
            regulation.kept_share = kept or 0.0

    # ------------------------------------------------------------
    # What may be changed
    # ------------------------------------------------------------

    @api.constrains("otherwise_id")
    def _check_otherwise(self):
        for regulation in self:
            if regulation.otherwise_id.share:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: the field 'Otherwise' has to be an employee's user.",
                        name=regulation.name,
                    )
                )

    @api.constrains("trigger", "stage_ids")
    def _check_stages(self):
        for regulation in self:
            if regulation.trigger == "stage" and not regulation.stage_ids:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: the field 'Stages' is needed: which stages set it off?",
                        name=regulation.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["trigger"])
        rows = []
        for vals in vals_list:
            row = dict(vals)
            if not vals.get("plan_id"):
                model = MODELS.get(vals.get("trigger") or defaults.get("trigger"))
                row["plan_id"] = (
                    self.env["mail.activity.plan"].create({"name": vals.get("name"), "res_model": model}).id
                )
            rows.append(row)
        regulations = super().create(rows)
        regulations._check_plan_model()
        regulations._check_own_company()
        return regulations

    def write(self, vals):
        self._check_fixed(vals)
        if "trigger" in vals and "res_model" not in vals:
            vals = {**vals, "res_model": MODELS.get(vals["trigger"])}
        res = super().write(vals)
        if {"trigger", "plan_id", "res_model"}.intersection(vals):
            self._check_plan_model()
        if {"company_id", "plan_id"}.intersection(vals):
            self._check_own_company()
        return res

    def _check_fixed(self, vals):
        """:raise UserError: for another event, or company, of a rule that has scheduled to-dos"""
        changed = [
            name for name in FIXED if name in vals and any(self.mapped(lambda r, n=name: differs(r, n, vals)))
        ]
        if changed and self.env["discipline.regulation.step"].sudo().search_count(
            [("regulation_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._(
                    "The field '%(field)s' stays as it is once to-dos were scheduled: duplicate the regulation instead.",
                    field=self._fields[changed[0]]._description_string(self.env),
                )
            )

    def _check_plan_model(self):
        """:raise ValidationError: where the activity plan is for other records than the event is about, or counts too far"""
        self.sudo().template_ids._check_interval()
        for regulation in self.sudo():
            if regulation.plan_id.res_model != MODELS[regulation.trigger]:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: its activity plan is for other documents than those it is about.",
                        name=regulation.name,
                    )
                )

    def _check_own_company(self):
        """:raise AccessError: for a company that whoever writes does not work in"""
        if not self.env.su and self.sudo().company_id - self.env.companies:
            raise AccessError(
                self.env._(
                    "The field 'Company' cannot be a company that you do not work in: choose one of %(names)s.",
                    names=", ".join(self.env.companies.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        if (
            self.env["discipline.regulation.step"]
            .sudo()
            .search_count([("regulation_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._("A regulation that has scheduled to-dos is kept with them: stop or archive it.")
            )

    def unlink(self):
        plans = self.plan_id
        res = super().unlink()
        plans.unlink()
        return res

    def copy_data(self, default=None):
        """The copy has an activity plan of its own."""
        rows = super().copy_data(default)
        for regulation, row in zip(self, rows, strict=True):
            if not (default or {}).get("plan_id"):
                row.pop("plan_id", None)
                row["template_ids"] = [Command.create(vals) for vals in regulation.template_ids.copy_data()]
                if "name" not in (default or {}):
                    row["name"] = self.env._("%(name)s (copy)", name=regulation.name)
        return rows

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_start(self):
        """Off -> running: from now on, events schedule the to-dos."""
        self.check_access("write")
        for regulation in self:
            if not regulation.template_ids:
                raise UserError(
                    self.env._("“%(name)s” has no to-dos yet: add what is to be done.", name=regulation.name)
                )
        starting = self.filtered(lambda regulation: regulation.state == "draft").sudo()
        starting._moving().write({"state": "running", "since": fields.Datetime.now()})
        starting.filtered(lambda regulation: regulation.trigger == "delivered")._note_delivered()
        starting.filtered(lambda regulation: not regulation.active).action_unarchive()

    def action_stop(self):
        """Running -> off: nothing new is scheduled; what was scheduled stays to be done."""
        self.check_access("write")
        self.sudo()._moving().write({"state": "draft", "since": False})

    @for_readers
    def action_open_steps(self):
        """The to-dos that it has scheduled, with the reader's rights."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_regulation_step_action"
        )
        return {**action, "domain": [("regulation_id", "in", self.ids)], "context": {}}
