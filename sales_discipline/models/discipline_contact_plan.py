from babel.dates import format_skeleton
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import babel_locale_parse, get_lang

from ..tools.contacts import count_contacts
from ..tools.periods import period_bounds

STORING = object()  # in the context of the wizard's own buttons; no remote call can send it
OWN = {"plan", "state"}
MOST = 1000  # clients at once
PER_DAY = 100  # contacts of one person at most
COLUMNS = 12  # of the table shown; beyond, a column is a week
NAMES = 10  # of those left out


class DisciplineContactPlan(models.TransientModel):
    """Plan contacts with clients: to-dos, or opportunities with a first to-do, spread over people and their working days.

    Two steps: who gets whom and when is worked out and shown, and stored only then, exactly as it was shown. Clients with
    whom the same is open already are left out, and named. Salespeople plan for themselves, leaders for the teams they
    lead, managers for everybody. Who plans on behalf of something else extends `_get_reasons` and `_after_plan`.
    """

    _name = "discipline.contact.plan"
    _inherit = ["discipline.own.company.mixin"]
    _description = "Plan Contacts"

    partner_ids = fields.Many2many("res.partner", string="Clients", required=True)
    partner_count = fields.Integer("Number of Clients", compute="_compute_partner_count")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("activity", "Activities"), ("opportunity", "Opportunities")],
        "Plan",
        required=True,
        default="activity",
        help="Opportunities: each with a first activity, so that none is left without a next step.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        required=True,
        domain=[("res_model", "in", [False, "res.partner"]), ("category", "!=", "upload_file")],
        default=lambda self: self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False),
    )
    summary = fields.Char(
        required=True,
        default=lambda self: self.env._("Get in touch"),
        help="What it is about, in a few words.",
    )
    note = fields.Text("Why", help="Is shown in the activity: why this client, what to say, what to offer.")
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today, help="The first day that is planned for."
    )
    per_day = fields.Integer(
        "A Day",
        required=True,
        default=5,
        help="How many contacts one person has on a day at most. Weekends, public holidays and days off are left out.",
    )
    count_planned = fields.Boolean(
        "Count What Is Planned Already",
        default=True,
        help="Activities of the same type that a person has on a day are taken off the number for it.",
    )
    who = fields.Selection(
        [("own", "Each client's own salesperson"), ("turns", "Chosen people, in turns")],
        "By",
        required=True,
        default="own",
        help="The salesperson of the client, else whoever made the last sale.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        domain="[('id', 'in', allowed_user_ids)]",
        help="In turns. With own salespeople: who takes the clients that have none.",
    )
    allowed_user_ids = fields.Many2many(
        "res.users", string="People to Plan for", compute="_compute_allowed_user_ids"
    )
    is_own = fields.Boolean(
        compute="_compute_allowed_user_ids", help="Whether the reader plans for nobody else."
    )
    state = fields.Selection(
        [("edit", "Edit"), ("preview", "Preview"), ("done", "Done")],
        default="edit",
        required=True,
        readonly=True,
    )
    plan = fields.Json("Who Gets Whom", readonly=True)
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        if "partner_ids" in fields_list and context.get("active_model") == "res.partner":
            values.setdefault("partner_ids", context.get("active_ids") or [])
        return values

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard._get_clients())

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_allowed_user_ids(self):
        for wizard in self:
            allowed = wizard._get_allowed_users()
            wizard.allowed_user_ids = allowed
            wizard.is_own = allowed <= self.env.user

    @api.depends("plan")
    @api.depends_context("lang")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.plan and wizard._render_plan()

    @api.constrains("per_day", "partner_ids")
    def _check_numbers(self):
        for wizard in self:
            if not 1 <= wizard.per_day <= PER_DAY:
                raise ValidationError(
                    self.env._("The field 'A Day' has to be between 1 and %(most)s.", most=PER_DAY)
                )
            if len(wizard.partner_ids) > MOST:
                raise ValidationError(
                    self.env._("Contacts with up to %(most)s clients can be planned at once.", most=MOST)
                )

    # ------------------------------------------------------------
    # Protection: what is stored is what was shown
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("plan") or vals.get("state", "edit") != "edit":
                raise UserError(self._get_own_text())
        fresh = {"state": "edit", "plan": False}  # whatever the defaults
        return super().create([{**vals, **fresh} for vals in vals_list])

    def write(self, vals):
        """What was shown does not hold any more when something else is written."""
        if self.env.context.get("discipline_contact") is STORING:
            return super().write(vals)
        if OWN & vals.keys():
            raise UserError(self._get_own_text())
        if "done" in self.mapped("state"):
            raise UserError(self._get_done_text())
        return super().write({**vals, "state": "edit", "plan": False})

    def _get_own_text(self) -> str:
        return self.env._("Who gets whom comes from the button 'Preview' and cannot be written.")

    def _get_done_text(self) -> str:
        return self.env._("These contacts are planned already: close this window.")

    def _store(self, **vals) -> None:
        """Write what only the buttons write."""
        self.with_context(discipline_contact=STORING).write(vals)

    # ------------------------------------------------------------
    # Who may plan for whom
    # ------------------------------------------------------------

    def _get_allowed_users(self):
        """Whom the reader may plan for: themselves; for leaders the members of the teams they lead; for managers everybody
        with scorecards in the company."""
        user, company = self.env.user, self.company_id or self.env.company
        group = self.env.ref("sales_discipline.group_user").sudo()
        people = user
        if user.has_group("sales_discipline.group_manager"):
            people |= group.all_user_ids
        elif user.has_group("sales_discipline.group_leader"):
            teams = self.env["crm.team"].sudo().search([("user_id", "=", user.id)])
            people |= teams.member_ids & group.all_user_ids
        return (
            people.sudo().filtered(lambda one: one.active and company in one.company_ids).with_env(self.env)
        )

    def _check_people(self, users) -> None:
        """:raise AccessError: if one of these is not whom the reader may plan for"""
        strangers = (users - self._get_allowed_users()).sudo()
        if strangers:
            raise AccessError(
                self.env._(
                    "You cannot plan contacts for %(names)s: leaders plan for the members of their teams, salespeople for"
                    " themselves.",
                    names=", ".join(strangers.mapped("name")),
                )
            )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_preview(self):
        """Work out who gets whom and when, and show it. :raise UserError: in words, if nothing can be planned"""
        self.ensure_one()
        self.check_access("write")
        if self.state == "done":
            raise UserError(self._get_done_text())
        self._store(plan=self._prepare_plan(), state="preview")
        return self._reopen()

    def action_back(self):
        self.ensure_one()
        if self.state == "done":
            raise UserError(self._get_done_text())
        self._store(plan=False, state="edit")
        return self._reopen()

    def action_apply(self):
        """Store what was shown, once. :raise UserError: if nothing was shown, or it is stored already"""
        self.ensure_one()
        self.check_access("write")
        if self.state == "done":
            raise UserError(self._get_done_text())
        if self.state != "preview" or not self.plan:
            raise UserError(self.env._("Look at the preview first."))
        self._store(state="done")
        self.flush_recordset()  # two at once: the wizard's own row tells
        records = self._create_contacts()
        return self._after_plan(records) or self._get_done_action(records)

    def _after_plan(self, records: dict):
        """What else is to happen once contacts are planned; for whoever extends this.

        :param records: `{client (res.partner): activity, or opportunity}`
        :return: an action to go on with, or None
        """
        return None

    def _get_done_action(self, records: dict):
        people = len({user_id for _client, user_id, _day in self.plan["contacts"]})
        text = self.env._(
            "Planned with %(clients)s clients, for %(people)s people.", clients=len(records), people=people
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": text, "next": {"type": "ir.actions.act_window_close"}},
        }

    def _reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_contact_plan_action"
        )
        return {**action, "name": self._get_title(), "res_id": self.id, "context": {"dialog_size": "large"}}

    def _get_title(self) -> str:
        return self.env._("Plan Contacts")

    # ------------------------------------------------------------
    # The table shown
    # ------------------------------------------------------------

    def _render_plan(self) -> Markup:
        """People by days, or by weeks if there are many, and who is left out for what reason."""
        self.ensure_one()
        table = count_contacts([(c, u, fields.Date.to_date(day)) for c, u, day in self.plan["contacts"]])
        users = {user.id: user.name for user in self.env["res.users"].sudo().browse(table)}
        days = sorted({day for row in table.values() for day in row})
        weekly = len(days) > COLUMNS
        places = {day: period_bounds("week", day)[0] if weekly else day for day in days}
        columns = sorted(set(places.values()))
        rows = []
        for user_id, counts in table.items():
            cells = dict.fromkeys(columns, 0)
            for day, count in counts.items():
                cells[places[day]] += count
            rows.append(
                {"name": users[user_id], "cells": list(cells.values()), "total": sum(counts.values())}
            )
        rows.sort(key=lambda row: row["name"])
        locale = babel_locale_parse(get_lang(self.env).code)
        return self.env["ir.qweb"]._render(
            "sales_discipline.discipline_contact_table",
            {
                "days": [format_skeleton("MMMEd", day, locale=locale) for day in columns],
                "weekly": weekly,
                "rows": rows,
                "sums": [sum(column) for column in zip(*(row["cells"] for row in rows), strict=True)],
                "total": len(self.plan["contacts"]),
                "left": self._get_left_out(),
            },
        )

    def _get_left_out(self) -> list[dict]:
        """Clients that nothing is planned with: dicts of `text` (why), `count` and `names` (the first ones)."""
        texts = self._get_left_texts()
        result = []
        for reason, ids in self.plan["left"].items():
            names = self.env["res.partner"].browse(ids[:NAMES]).sudo().mapped("display_name")
            more = len(ids) - len(names)
            result.append({"text": texts[reason], "count": len(ids), "names": ", ".join(names), "more": more})
        return result

    def _get_left_texts(self) -> dict[str, str]:
        """Why clients are left out, by the key of the reason."""
        return {
            "open": self.env._("The same is open with them already"),
            "nobody": self.env._("They have no salesperson to do it: choose somebody in 'People'"),
            "other": self.env._("They are clients of somebody whom you do not plan for"),
            "away": self.env._("Their salesperson has no free working day within a year"),
            "archived": self.env._("They are archived, or belong to another company"),
        }
