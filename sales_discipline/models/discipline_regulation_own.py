from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class DisciplineRegulation(models.Model):
    """Rules of all companies, as the shipped ones are: only who works in all of them changes, starts and stops these. For
    one company there is a version of its own, running or not, which takes the place of the shared one there."""

    _inherit = "discipline.regulation"

    shared_id = fields.Many2one(
        "discipline.regulation",
        "Instead of",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The rule of all companies that this one replaces in its company, also while it is off.",
    )
    own_ids = fields.One2many("discipline.regulation", "shared_id", "Versions of Companies", readonly=True)
    is_shared_only = fields.Boolean(compute="_compute_is_shared_only")

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_is_shared_only(self):
        """Whether it is of all companies, and the reader does not work in all."""
        for regulation in self:
            regulation.is_shared_only = (
                not regulation.company_id and not self.env["res.company"]._works_in_all()
            )

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def _check_shared(self) -> None:
        """:raise AccessError: for rules of all companies, unless the user works in all of them"""
        if not self.env.su and any(regulation.is_shared_only for regulation in self):
            raise AccessError(_refusal(self.env))

    @api.model_create_multi
    def create(self, vals_list):
        regulations = super().create(vals_list)
        regulations._check_shared()
        return regulations

    def write(self, vals):
        self._check_shared()
        res = super().write(vals)
        if "company_id" in vals or "plan_id" in vals:
            self._check_shared()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_own(self):
        self._check_shared()

    # ------------------------------------------------------------
    # Versions of companies
    # ------------------------------------------------------------

    def action_start(self):
        own = self.filtered("is_shared_only")
        if not own:
            return super().action_start()
        super(DisciplineRegulation, self - own).action_start()
        made = own._make_own()
        made.action_start()
        return made._get_form_action()

    def action_stop(self):
        """A rule of all companies is stopped for one's own alone by a version of its own that is off."""
        own = self.filtered("is_shared_only")
        if not own:
            return super().action_stop()
        super(DisciplineRegulation, self - own).action_stop()
        return own._make_own()._get_form_action()

    def action_make_own(self):
        """A version of the current company, which takes the place of the shared one there."""
        return self._make_own()._get_form_action()

    def _make_own(self):
        """The version of the current company of each, made where there is none."""
        self.check_access("read")
        self.browse().check_access("create")
        company = self.env.company
        made = self.browse()
        for regulation in self.with_context(active_test=False).sudo():
            own = regulation.own_ids.filtered(lambda one: one.company_id == company)[:1]
            if not own:
                values = {"company_id": company.id, "name": regulation.name}
                own = regulation.copy(values)
                own._moving().shared_id = regulation
            own.active = True
            made |= own
        return made.sudo(False)

    def _get_form_action(self) -> dict:
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_regulation_action"
        )
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", self.ids)]}

    def _sql_mine(self, company: SQL) -> SQL:
        if self.company_id:
            return super()._sql_mine(company)
        self.env["discipline.regulation"].flush_model()
        self.env["mail.activity.plan"].flush_model()
        return SQL(
            "%s NOT IN (SELECT p.company_id FROM discipline_regulation o JOIN mail_activity_plan p ON p.id = o.plan_id"
            " WHERE o.shared_id = %s AND p.active AND p.company_id IS NOT NULL)",
            company,
            self.id,
        )

    def _applies_to(self, company) -> bool:
        """Whether what happens in that company is this rule's business."""
        self.ensure_one()
        if self.company_id:
            return self.company_id == company
        return company not in self.own_ids.filtered("active").company_id


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _works_in_all(self) -> bool:
        """Whether the user works in every company there is."""
        own = self.env.user.sudo().company_ids
        return not self.sudo().search_count([("id", "not in", own.ids)], limit=1)


class MailActivityPlan(models.Model):
    """The activity plans of all companies: a manager of one company leaves them alone. Odoo's administrators do not."""

    _inherit = "mail.activity.plan"

    def _check_shared(self) -> None:
        if (
            not self.env.su
            and any(not plan.company_id for plan in self)
            and not self.env.user.has_group("base.group_system")
            and not self.env["res.company"]._works_in_all()
        ):
            raise AccessError(_refusal(self.env))

    def write(self, vals):
        self._check_shared()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_own(self):
        self._check_shared()


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates.plan_id._check_shared()
        return templates

    def write(self, vals):
        self.plan_id._check_shared()
        res = super().write(vals)
        if "plan_id" in vals:
            self.plan_id._check_shared()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_own(self):
        self.plan_id._check_shared()


def _refusal(env) -> str:
    return env._(
        "This rule is for all companies, and you do not work in all of them: press “Own Version” to have one of your company"
        " that takes its place there."
    )
