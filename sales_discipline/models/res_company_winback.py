from odoo import fields, models


class ResCompany(models.Model):
    """When a client counts as late, fallen away or lost, and what of it counts as won back."""

    _inherit = "res.company"

    discipline_winback_months = fields.Integer(
        "Win-back: Months of Sales",
        default=9,
        help="Clients are ranked by their orders of so many months. Who has ordered nothing in them is lost.",
        prefetch="discipline",
    )
    discipline_winback_late = fields.Float(
        "Win-back: Late After",
        default=1.2,
        help="Times a client's usual interval between orders after which a client is late.",
        prefetch="discipline",
    )
    discipline_winback_lapsed = fields.Float(
        "Win-back: Fell Away After",
        default=2.0,
        help="Times a client's usual interval between orders after which a client has fallen away.",
        prefetch="discipline",
    )
    discipline_winback_days = fields.Integer(
        "Win-back: Shortest Silence (Days)",
        default=14,
        help="Nobody is late or has fallen away before so many days without an order, however often they buy.",
        prefetch="discipline",
    )
    discipline_winback_stopped = fields.Integer(
        "Win-back: Stopped Buying After (Months)",
        default=3,
        help="A product category that a client has not ordered for so many months is shown as one they stopped buying.",
        prefetch="discipline",
    )
    discipline_winback_return = fields.Integer(
        "Win-back: Days to Return",
        default=90,
        help="A client who orders within so many days after calls were planned has come back by that campaign.",
        prefetch="discipline",
    )

    _discipline_winback_months_check = models.Constraint(
        "CHECK(discipline_winback_months BETWEEN 1 AND 60)",
        "The field 'Win-back: Months of Sales' has to be between 1 and 60.",
    )
    _discipline_winback_factors_check = models.Constraint(
        "CHECK(discipline_winback_late >= 1 AND discipline_winback_lapsed >= discipline_winback_late"
        " AND discipline_winback_lapsed <= 100)",
        "'Win-back: Late After' has to be at least 1, and 'Win-back: Fell Away After' at least as much, up to 100.",
    )
    _discipline_winback_days_check = models.Constraint(
        "CHECK(discipline_winback_days BETWEEN 0 AND 365)",
        "The field 'Win-back: Shortest Silence (Days)' has to be between 0 and 365.",
    )
    _discipline_winback_stopped_check = models.Constraint(
        "CHECK(discipline_winback_stopped BETWEEN 1 AND 60)",
        "The field 'Win-back: Stopped Buying After (Months)' has to be between 1 and 60.",
    )
    _discipline_winback_return_check = models.Constraint(
        "CHECK(discipline_winback_return BETWEEN 1 AND 366)",
        "The field 'Win-back: Days to Return' has to be between 1 and 366.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_winback_months = fields.Integer(related="company_id.discipline_winback_months", readonly=False)
    discipline_winback_late = fields.Float(related="company_id.discipline_winback_late", readonly=False)
    discipline_winback_lapsed = fields.Float(related="company_id.discipline_winback_lapsed", readonly=False)
    discipline_winback_days = fields.Integer(related="company_id.discipline_winback_days", readonly=False)
    discipline_winback_stopped = fields.Integer(
        related="company_id.discipline_winback_stopped", readonly=False
    )
    discipline_winback_return = fields.Integer(related="company_id.discipline_winback_return", readonly=False)
