from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from .discipline_payroll import LOCKED, PAYING
from .readers import for_readers

STATES = [("open", "Open"), ("accepted", "Accepted"), ("declined", "Declined")]


class DisciplineDispute(models.Model):
    """What a person says against a line of their own statement, and what the payroll officer answers. Both stay as they
    were written. No amount is changed by it: what is accepted is paid by a later run."""

    _name = "discipline.dispute"
    _description = "Dispute of a Pay Line"
    _order = "asked_at desc, id desc"
    _rec_name = "line_name"

    line_id = fields.Many2one(
        "discipline.statement.line", "Pay Line", required=True, index=True, ondelete="cascade"
    )
    question = fields.Text("What Is Wrong", required=True)
    asked_at = fields.Datetime("Asked on", readonly=True)
    state = fields.Selection(STATES, "Status", default="open", required=True, readonly=True, index=True)
    answer = fields.Text()
    answered_at = fields.Datetime("Answered on", readonly=True)
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True, ondelete="restrict")
    statement_id = fields.Many2one(related="line_id.statement_id", store=True, index=True)
    user_id = fields.Many2one(related="line_id.user_id", store=True, index=True)
    employee_id = fields.Many2one(related="line_id.employee_id", store=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    month = fields.Date(related="line_id.month", store=True)
    month_name = fields.Char("Month in Words", related="statement_id.month_name")
    line_name = fields.Char("For", related="line_id.name")
    amount = fields.Monetary(related="line_id.amount")
    explanation = fields.Text(related="line_id.explanation")

    _one_open = models.UniqueIndex("(line_id) WHERE state = 'open'", "This line is disputed already.")

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Only the person, about a line of a final statement of their own. Only `line_id` and `question` are taken.

        :raise AccessError: for anybody else
        """
        self.check_access("create")
        now = fields.Datetime.now()
        lines = self.env["discipline.statement.line"].browse(vals.get("line_id") for vals in vals_list)
        lines.check_access("read")
        for line, vals in zip(lines, vals_list, strict=True):
            line._check_disputable()
            if not (vals.get("question") or "").strip():
                raise UserError(
                    self.env._("The field “What Is Wrong” is empty: say what you do not agree with.")
                )
        # defaults of a link would be answers that nobody gave
        plain = self.with_env(self.env(context=clean_context(self.env.context)))
        disputes = (
            super(DisciplineDispute, plain)
            .create(
                [
                    {
                        "line_id": vals["line_id"],
                        "question": vals["question"],
                        "asked_at": now,
                        "state": "open",
                    }
                    for vals in vals_list
                ]
            )
            .with_env(self.env)
        )
        for dispute in disputes:
            dispute.sudo()._notify_officers()
        return disputes

    def write(self, vals):
        """Officers write an answer while it is open; the rest is done by the buttons, and nobody changes a question."""
        if self.env.context.get("discipline_pay") is not PAYING:
            self._check_answer()
            if vals.keys() - {"answer"}:
                raise UserError(
                    self.env._(
                        "A dispute stays as it was written. Answer it by its buttons: Accept, Decline."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Disputes are kept: what was asked and what was answered."))

    def _check_answer(self):
        """:raise AccessError: for the person; :raise UserError: for one that is answered"""
        self.check_access("write")
        for dispute in self:
            if dispute.user_id == self.env.user:
                raise AccessError(self.env._("Nobody answers a dispute of their own: ask another officer."))
            if dispute.state != "open":
                raise UserError(self.env._("This dispute is answered already."))

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    @for_readers
    def action_send(self):
        """Close the window in which the person asked; the record was made when it was saved."""
        return {"type": "ir.actions.act_window_close"}

    def action_accept(self):
        """Open -> accepted."""
        return self._answer("accepted")

    def action_decline(self):
        """Open -> declined."""
        return self._answer("declined")

    def _answer(self, state):
        self._check_answer()
        for dispute in self:
            if not (dispute.answer or "").strip():
                raise UserError(
                    self.env._("The field “Answer” is empty: the person will read it on the statement.")
                )
        self.with_context(discipline_pay=PAYING).write(
            {"state": state, "answered_at": fields.Datetime.now(), "answered_by_id": self.env.uid}
        )
        self.flush_recordset(["state"])  # before the person asks again
        for dispute in self:
            dispute.sudo()._notify_person()
        return True

    # ------------------------------------------------------------
    # Notices
    # ------------------------------------------------------------

    def _get_officers(self):
        """Who is told of a new dispute: the payroll officers of the company but the person."""
        officers = self.env.ref("sales_discipline.group_payroll").sudo().all_user_ids
        return officers.filtered(
            lambda user: (
                user.active
                and not user.share
                and self.company_id in user.company_ids
                and user != self.user_id
                and user != self.env.ref("base.user_root")
            )
        )

    def _notify_officers(self):
        for lang, officers in self._get_officers().grouped("lang").items():
            me = self.with_context(lang=lang)
            subject = me.env._("%(person)s disputes a pay line", person=self.employee_id.name)
            me._notify(officers, subject, self.question, f"disputes/{self.id}", self.user_id)

    def _notify_person(self):
        if not self.user_id.active:
            return
        me = self.with_context(lang=self.user_id.lang)
        if self.state == "accepted":
            subject = me.env._("Your dispute was accepted")
        else:
            subject = me.env._("Your dispute was declined")
        me._notify(
            self.user_id, subject, self.answer, f"my-statements/{self.statement_id.id}", self.answered_by_id
        )

    def _notify(self, users, subject, text, path, author):
        """One message, into the inbox or by mail as they like it, in the language of the context."""
        what = self.env._(
            "%(line)s, %(month)s",
            line=self.line_name,
            month=self.env["discipline.payroll"]._format_month(self.month),
        )
        url = f"{self.get_base_url()}/odoo/{path}"
        body = Markup("<p><b>%s</b></p><p>%s</p><p><a href='%s'>%s</a></p>") % (
            what,
            text,
            url,
            self.env._("Open it"),
        )
        self.env["mail.thread"].with_context(mail_notify_force_send=False).message_notify(
            partner_ids=users.partner_id.ids,
            author_id=author.partner_id.id,
            subject=subject,
            body=body,
            force_email_lang=self.env.lang,
        )


class DisciplineStatementLine(models.Model):
    _inherit = "discipline.statement.line"

    dispute_ids = fields.One2many("discipline.dispute", "line_id", "Disputes", readonly=True)
    dispute_state = fields.Selection(STATES, "Dispute", compute="_compute_dispute")
    can_dispute = fields.Boolean(compute="_compute_dispute")

    @api.depends("dispute_ids.state", "user_id", "statement_id.state")
    @api.depends_context("uid")
    def _compute_dispute(self):
        for line in self:
            line.dispute_state = line.dispute_ids[:1].state
            mine = line.user_id == self.env.user and line.statement_id.state in LOCKED
            line.can_dispute = mine and "open" not in line.dispute_ids.mapped("state")

    def _check_disputable(self):
        """:raise AccessError: for a line of somebody else; :raise UserError: for one that is not final"""
        self.ensure_one()
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Only the person whose pay it is disputes a line."))
        if self.statement_id.state not in LOCKED:
            raise UserError(self.env._("The statement is not confirmed yet: there is nothing to dispute."))
        if "open" in self.dispute_ids.mapped("state"):
            raise UserError(
                self.env._("“%(name)s” is disputed already; it is not answered yet.", name=self.name)
            )

    def action_dispute(self):
        """Ask what is wrong with this line."""
        self.ensure_one()
        self.check_access("read")
        self._check_disputable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispute “%(name)s”", name=self.name),
            "res_model": "discipline.dispute",
            "view_mode": "form",
            "views": [(self.env.ref("sales_discipline.discipline_dispute_view_form_ask").id, "form")],
            "target": "new",
            "context": {"default_line_id": self.id},
        }


class DisciplinePayroll(models.Model):
    _inherit = "discipline.payroll"

    dispute_count = fields.Integer("Open Disputes", compute="_compute_dispute_count")

    @api.depends("company_id", "state")
    def _compute_dispute_count(self):
        for run in self:
            run.dispute_count = (
                self.env["discipline.dispute"].search_count(run._get_dispute_domain())
                if run.state == "computed"
                else 0
            )

    def _get_dispute_domain(self):
        """The disputes that wait for an answer, of whatever month of the company."""
        return [("company_id", "=", self.company_id.id), ("state", "=", "open")]

    def _get_check_fields(self):
        return [*super()._get_check_fields(), "dispute_count"]

    def action_open_disputes(self):
        """The disputes that wait for an answer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.action_dispute")
        return {**action, "domain": self._get_dispute_domain(), "context": {}}
