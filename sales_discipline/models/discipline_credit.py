from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.float_utils import float_compare, float_is_zero
from odoo.tools.misc import formatLang

PRECISION = 2  # decimals of a percentage


class DisciplineCredit(models.Model):
    """Who gets which share of a deal, in percent that add up to 100 for each document.

    Shares of an opportunity hold for the opportunity, its orders, their invoices and payments; those of an order, if
    it has any, for the order and what follows from it. They are stored by `_set_credit_shares` of the document
    alone, all of a document at once; the ledger follows at once (discipline_credit_ledger.py).
    """

    _name = "discipline.credit"
    _description = "Credit Share"
    _order = "lead_id, order_id, percent desc, id"
    _rec_name = "user_id"

    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    order_id = fields.Many2one(
        "sale.order", "Sales Order", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "Salesperson", required=True, readonly=True, ondelete="restrict", index=True
    )
    percent = fields.Float("Share (%)", required=True, readonly=True, digits=(16, PRECISION), aggregator=None)

    _document_check = models.Constraint(
        "CHECK ((lead_id IS NULL) <> (order_id IS NULL))",
        "A credit share belongs to an opportunity or to an order.",
    )
    _percent_check = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "A credit share is above 0 and at most 100 %."
    )
    _lead_user_uniq = models.UniqueIndex(
        "(lead_id, user_id) WHERE lead_id IS NOT NULL", "A salesperson has one share of an opportunity."
    )
    _order_user_uniq = models.UniqueIndex(
        "(order_id, user_id) WHERE order_id IS NOT NULL", "A salesperson has one share of an order."
    )

    def action_open_document(self):
        """The opportunity or the order, under the reader's own rights."""
        self.ensure_one()
        document = self.order_id or self.lead_id
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
        }

    def _format_shares(self):
        """'Anna 60 %, Boris 40 %', in the language of the context."""
        return ", ".join(
            self.env._("%(name)s %(percent)s %%", name=credit.user_id.name, percent=credit._format_percent())
            for credit in self
        )

    def _format_percent(self):
        digits = next(
            d for d in (0, 1, PRECISION) if d == PRECISION or float_is_zero(self.percent % 10**-d, PRECISION)
        )
        return formatLang(self.env, self.percent, digits=digits)


class DisciplineCreditMixin(models.AbstractModel):
    """A document whose credit can be shared. A model that inherits it has `user_id`, `team_id` and `company_id`, and
    says which field of a share points at it."""

    _name = "discipline.credit.mixin"
    _description = "Document with Credit Shares"
    _credit_field = None

    credit_summary = fields.Char(
        "Credit Shares",
        compute="_compute_credit_summary",
        compute_sudo=True,
        help="Who gets which share of the sale, for plans, scorecards and pay. Without shares all of it is the salesperson's.",
    )
    can_share_credit = fields.Boolean(compute="_compute_can_share_credit", compute_sudo=False)

    @api.depends_context("lang")
    def _compute_credit_summary(self):
        shares = self._get_credit_shares()
        for document in self:
            document.credit_summary = shares.get(document.id, self.env["discipline.credit"])._format_shares()

    @api.depends("user_id", "team_id")
    @api.depends_context("uid")
    def _compute_can_share_credit(self):
        for document in self:
            document.can_share_credit = document._may_share_credit()

    def _get_credit_shares(self) -> dict:
        """`{id: shares (discipline.credit)}` in force of each of these documents, without those that have none."""
        shares = self.env["discipline.credit"].sudo().search([(self._credit_field, "in", self.ids)])
        return {document.id: found for document, found in shares.grouped(self._credit_field).items()}

    def _may_share_credit(self) -> bool:
        """Whether the user may share: the salesperson of the document, who leads them or the document's team, and
        managers."""
        document, user = self.sudo(), self.env.user
        if self.env.su or document.user_id == user or user.has_group("sales_discipline.group_manager"):
            return True
        teams = document.team_id | document.user_id.crm_team_member_ids.crm_team_id
        return user.has_group("sales_discipline.group_leader") and user in teams.user_id

    def _check_credit_access(self) -> None:
        """:raise AccessError: for whoever may not share the credit of the document"""
        self.ensure_one()
        self.check_access("read")
        if not self._may_share_credit():
            raise AccessError(
                self.env._(
                    "The credit of “%(name)s” is shared by its salesperson, by who leads the team, and by managers.",
                    name=self.display_name,
                )
            )

    def action_share_credit(self):
        """Ask for the shares, beginning with those in force, or with all of it for the salesperson."""
        self._check_credit_access()
        shares = self._get_credit_shares().get(self.id)
        rows = [(share.user_id.id, share.percent) for share in shares or ()]
        if not rows and self.user_id:
            rows = [(self.user_id.id, 100.0)]
        edit = self.env["discipline.credit.edit"].create(
            {
                "res_model": self._name,
                "res_id": self.id,
                "line_ids": [
                    fields.Command.create({"user_id": user, "percent": percent}) for user, percent in rows
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Shares: %(name)s", name=self.display_name),
            "res_model": "discipline.credit.edit",
            "view_mode": "form",
            "res_id": edit.id,
            "target": "new",
        }

    def _set_credit_shares(self, shares) -> None:
        """Give the document these shares in the place of those it has; the ledger follows.

        :param shares: `[(user, percent)]`; none at all: all of it is the salesperson's again
        :raise AccessError: see `_check_credit_access`
        :raise ValidationError: unless they add up to 100 %, each above 0, each person once
        """
        self._check_credit_access()
        self._check_shares(shares)
        credits = self.env["discipline.credit"].sudo()
        old = credits.search([(self._credit_field, "=", self.id)])
        before = {(share.user_id.id, share.percent) for share in old}
        if before == {(user.id, round(percent, PRECISION)) for user, percent in shares}:
            return
        words = old._format_shares()
        old.unlink()
        document = self.sudo()
        company = document.company_id or document.user_id.company_id or self.env.company
        new = credits.create(
            [
                {
                    self._credit_field: self.id,
                    "company_id": company.id,
                    "user_id": user.id,
                    "percent": percent,
                }
                for user, percent in shares
            ]
        )
        self.env["discipline.fact"].sudo()._balance_documents(document)
        none = self.env._("all to the salesperson")
        document.message_post(
            body=self.env._(
                "Credit shares changed from: %(before)s, to: %(after)s",
                before=words or none,
                after=new._format_shares() or none,
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _check_shares(self, shares) -> None:
        """:raise ValidationError: see `_set_credit_shares`"""
        total = sum(round(percent, PRECISION) for _user, percent in shares)
        people = [user for user, _percent in shares]
        if shares and float_compare(total, 100.0, PRECISION):
            raise ValidationError(
                self.env._(
                    "The field 'Share (%%)' has to add up to 100 %% for “%(name)s”; it adds up to %(total)s %%.",
                    name=self.display_name,
                    total=formatLang(self.env, total, digits=PRECISION),
                )
            )
        for user, percent in shares:
            if round(percent, PRECISION) <= 0:
                raise ValidationError(
                    self.env._("The field 'Share (%%)' of %(user)s has to be above 0.", user=user.name)
                )
            if people.count(user) > 1:
                raise ValidationError(
                    self.env._("%(user)s is there twice: put both shares into one line.", user=user.name)
                )
            if user.share or self.company_id and self.company_id not in user.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot get a share of “%(name)s”: choose an internal user of its company.",
                        user=user.name,
                        name=self.display_name,
                    )
                )


class DisciplineCreditEdit(models.TransientModel):
    """The shares of a document while somebody types them; checked and stored as a whole."""

    _name = "discipline.credit.edit"
    _description = "Share the Credit"

    res_model = fields.Selection(
        [("crm.lead", "Opportunity"), ("sale.order", "Sales Order")], required=True, readonly=True
    )
    res_id = fields.Many2oneReference("Document", model_field="res_model", required=True, readonly=True)
    line_ids = fields.One2many("discipline.credit.edit.line", "edit_id", "Shares")
    total = fields.Float("Total (%)", compute="_compute_total", digits=(16, PRECISION))

    @api.depends("line_ids.percent")
    def _compute_total(self):
        for edit in self:
            edit.total = sum(round(line.percent, PRECISION) for line in edit.line_ids)

    def action_split_evenly(self):
        """The same share for everybody, the rest of the division to the first."""
        self.ensure_one()
        count = len(self.line_ids)
        for line in self.line_ids:
            line.percent = int(10_000 / count) / 100.0
        if count:
            self.line_ids[0].percent += 100.0 - self.total
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "res_id": self.id,
            "target": "new",
            "name": self.env._("Credit Shares"),
        }

    def action_apply(self):
        """Store the shares."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        if document:
            document._set_credit_shares([(line.user_id, line.percent) for line in self.line_ids])


class DisciplineCreditEditLine(models.TransientModel):
    _name = "discipline.credit.edit.line"
    _description = "Share Being Typed"
    _inherit = ["discipline.amount.mixin"]

    edit_id = fields.Many2one("discipline.credit.edit", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Salesperson", required=True, domain="[('share', '=', False)]")
    percent = fields.Float("Share (%)", required=True, digits=(16, PRECISION))
