from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How clients are classed by their sales, and by when is agreed with them."""

    _inherit = "res.company"

    discipline_class_months = fields.Integer(
        "Months of Sales",
        default=12,
        help="The sales of so many months say which class a client is of.",
        prefetch="discipline",
    )
    discipline_class_a = fields.Float(
        "Class A up to (%)",
        default=80.0,
        help="The clients who bring the first so many percent of the sales.",
        prefetch="discipline",
    )
    discipline_class_b = fields.Float(
        "Class B up to (%)",
        default=95.0,
        help="The next ones, up to so many percent; the rest is class C.",
        prefetch="discipline",
    )

    discipline_agree_days = fields.Integer(
        "Days to Agree on a Quarter",
        default=14,
        help="So many days into a quarter salespeople can still enter what is agreed with a client; later their leader.",
        prefetch="discipline",
    )

    _discipline_agree_days_check = models.Constraint(
        "CHECK(discipline_agree_days BETWEEN 0 AND 90)",
        "The field 'Days to Agree on a Quarter' has to be between 0 and 90.",
    )
    _discipline_class_months_check = models.Constraint(
        "CHECK(discipline_class_months BETWEEN 1 AND 60)",
        "The field 'Months of Sales' has to be between 1 and 60.",
    )

    @api.constrains("discipline_class_a", "discipline_class_b")
    def _check_discipline_classes(self):
        for company in self:
            if not 0 < company.discipline_class_a < company.discipline_class_b <= 100:
                raise ValidationError(
                    self.env._(
                        "The field 'Class A up to' has to be above 0 % and below 'Class B up to', which is 100 % at"
                        " most."
                    )
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_class_months = fields.Integer(related="company_id.discipline_class_months", readonly=False)
    discipline_class_a = fields.Float(related="company_id.discipline_class_a", readonly=False)
    discipline_class_b = fields.Float(related="company_id.discipline_class_b", readonly=False)

    discipline_agree_days = fields.Integer(related="company_id.discipline_agree_days", readonly=False)

    def action_classify_clients(self):
        """Class the clients of the company anew now."""
        self.ensure_one()
        self.check_access("write")
        count = self.env["res.partner"].sudo()._classify(self.company_id, fields.Date.context_today(self))
        message = self.env._("%(n)s clients have a class now.", n=count)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message},
        }
