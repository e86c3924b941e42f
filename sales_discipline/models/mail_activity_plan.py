from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST = 3660  # days from an event to what follows from it
DAYS = {"days": 1, "weeks": 7, "months": 31}


class MailActivityPlanTemplate(models.Model):
    """The to-dos of a regulation: Odoo's own, with what a rule has to say beside them."""

    _inherit = "mail.activity.plan.template"

    responsible_type = fields.Selection(
        selection_add=[("salesperson", "Salesperson"), ("leader", "Team Leader")],
        ondelete={"salesperson": "set default", "leader": "set default"},
    )
    discipline_title = fields.Char("To Do", translate=True)
    discipline_rules = fields.Html(
        "Rules", translate=True, help="How to do it: shown inside the activity to whoever does it."
    )
    discipline_working_days = fields.Boolean(
        "Working Time",
        help="Days, and minutes, are counted in the working time of whoever does it: by their schedule, less leave and public"
        " holidays.",
    )
    discipline_minutes = fields.Integer(
        "Within Minutes",
        help="To be done so many minutes after the event, instead of by the end of a day; 0 for days.",
    )
    discipline_result = fields.Selection(
        [
            ("none", "Nothing"),
            ("text", "A text"),
            ("reason", "The lost reason"),
            ("rating", "The client's rating"),
        ],
        "Has to Bring",
        default="none",
        required=True,
    )
    discipline_ends = fields.Selection(
        [
            ("closed", "When the document is closed"),
            ("touched", "When somebody acted on the lead"),
            ("answered", "When the client answered"),
            ("ordered", "When the client ordered"),
        ],
        "No Longer Needed",
        default="closed",
        required=True,
        help="Closed: won, lost, cancelled or paid. A lead that was acted on in time counts as done.",
    )

    _discipline_minutes_check = models.Constraint(
        "CHECK(discipline_minutes >= 0 AND discipline_minutes <= 10080)",
        "The field 'Within Minutes' has to be between 0 and 10080, a week.",
    )

    @api.constrains("discipline_result", "discipline_ends", "plan_id")
    def _check_discipline(self):
        for template in self:
            if template.res_model != "crm.lead" and (
                template.discipline_result == "reason" or template.discipline_ends == "touched"
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: only leads and opportunities have a lost reason, or are acted on first.",
                        name=template._get_title(),
                    )
                )

    @api.constrains("delay_count", "delay_unit", "plan_id")
    def _check_interval(self):
        """Of regulations: no date can be counted from an interval without bounds."""
        domain = [("plan_id", "in", self.plan_id.ids)]
        regulations = self.env["discipline.regulation"].sudo().with_context(active_test=False).search(domain)
        for template in self.filtered(lambda one: one.plan_id in regulations.plan_id):
            if not 0 <= template.delay_count * DAYS[template.delay_unit] <= LONGEST:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: the field 'Interval' has to be between 0 and ten years.",
                        name=template._get_title(),
                    )
                )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """For a plan that somebody launches by hand: the salesperson of the record, or the leader of its team."""
        if self.responsible_type not in ("salesperson", "leader"):
            return super()._determine_responsible(on_demand_responsible, applied_on_record)
        record = applied_on_record.sudo()
        person = next(
            (
                record[name]
                for name in ("user_id", "invoice_user_id")
                if record._fields.get(name) and record[name]
            ),
            self.env["res.users"],
        )
        team = record["team_id"] if "team_id" in record._fields else self.env["crm.team"]
        if self.responsible_type == "leader":
            person = (team or person.sale_team_id).user_id
        error = (
            False
            if person
            else self.env._("“%(name)s”: the record has nobody who could do it.", name=self._get_title())
        )
        return {"responsible": person, "error": error, "warning": False}

    def _get_title(self) -> str:
        """What is to be done, in the language of the context."""
        self.ensure_one()
        return self.discipline_title or self.summary or self.activity_type_id.name
