from odoo import api, fields, models
from odoo.exceptions import UserError

from .readers import for_readers


class DisciplineCountedMixin(models.AbstractModel):
    """The way from a record to the facts that were counted of it: who got credit for what, and when."""

    _name = "discipline.counted.mixin"
    _description = "Facts of a Record"

    discipline_fact_count = fields.Integer(
        "Facts",
        compute="_compute_discipline_fact_count",
        groups="sales_discipline.group_leader",
        help="What was counted here, and whose credit it was: as far as you may see it.",
    )

    @api.depends_context("uid")
    def _compute_discipline_fact_count(self):
        facts = self.env["discipline.fact"]
        counts = {}
        if facts.has_access("read") and self.ids:
            name = self._get_discipline_fact_field()
            groups = facts._read_group(self._get_discipline_fact_domain(), [name], ["__count"])
            counts = {getattr(key, "id", key): count for key, count in groups}
        for record in self:
            record.discipline_fact_count = counts.get(record.id, 0)

    def _get_discipline_fact_field(self) -> str:
        """The field of facts that names these records."""
        return "res_id"

    def _get_discipline_fact_domain(self) -> list:
        return [("res_model", "=", self._name), ("res_id", "in", self.ids)]

    def action_discipline_facts(self):
        """What was counted of this record, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_fact_action")
        name = self.env._("Facts of %(name)s", name=self.display_name)
        return {
            **action,
            "name": name,
            "domain": self._get_discipline_fact_domain(),
            "context": {"create": False},
        }


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "discipline.counted.mixin"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "discipline.counted.mixin"]

    def _get_discipline_fact_field(self) -> str:
        return "partner_id"

    def _get_discipline_fact_domain(self) -> list:
        # the ledger names the company that a contact belongs to
        return [("partner_id", "in", self.ids)]


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    discipline_card_count = fields.Integer(
        "Scorecards",
        compute="_compute_discipline_card_count",
        groups="sales_discipline.group_leader",
        help="As far as you may see them.",
    )

    @api.depends_context("uid")
    def _compute_discipline_card_count(self):
        cards = self.env["discipline.scorecard"]
        counts = {}
        if cards.has_access("read") and self.ids:
            groups = cards._read_group([("employee_id", "in", self.ids)], ["employee_id"], ["__count"])
            counts = {employee.id: count for employee, count in groups}
        for employee in self:
            employee.discipline_card_count = counts.get(employee.id, 0)

    @for_readers
    def action_discipline_cards(self):
        """The scorecards of this person that the reader may see."""
        self.ensure_one()
        name = "sales_discipline.discipline_scorecard_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        return {**action, "domain": [("employee_id", "=", self.id)], "context": {}}

    @for_readers
    def action_discipline_kpi(self):
        """This person on the KPI page."""
        return self._get_discipline_kpi_action()

    def _get_discipline_kpi_action(self) -> dict:
        """The page says itself whose numbers the reader may see; a leader reads no employees of HR's."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("sales_discipline.discipline_kpi_action")
        return {**action, "params": {"employee_id": self.id}}


class ResUsers(models.Model):
    _inherit = "res.users"

    @for_readers
    def action_discipline_kpi(self):
        """This user on the KPI page, as the employee that they are in the company at hand."""
        self.ensure_one()
        employee = self.sudo().employee_id or self.sudo().employee_ids[:1]
        if not employee:
            raise UserError(self.env._("%(name)s is no employee: there is nothing to show.", name=self.name))
        return employee._get_discipline_kpi_action()
