from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    discipline_correction_months = fields.Integer(
        "Months Corrected",
        default=12,
        help="A payroll run corrects so many confirmed months before it, for refunds, cancellations and other changes.",
        prefetch="discipline",
    )

    discipline_no_fines = fields.Boolean(
        "No-Fine Mode",
        help="Nothing can take money away: no minus points below zero, no minus lines by hand.",
        prefetch="discipline",
    )

    discipline_moved_share = fields.Float(
        "Amounts That Moved",
        default=30.0,
        digits=(16, 2),
        help="A payroll run points at people whose total moved by more than this percentage from the month before.",
        prefetch="discipline",
    )

    discipline_leaders_see_pay = fields.Boolean(
        "Leaders See the Pay of Their Teams",
        help="Team leaders read the confirmed statements of the teams that they lead.",
        prefetch="discipline",
    )

    _discipline_moved_share_check = models.Constraint(
        "CHECK(discipline_moved_share >= 0)", "“Amounts That Moved” cannot be negative."
    )
    _discipline_correction_months_check = models.Constraint(
        "CHECK(discipline_correction_months >= 0 AND discipline_correction_months <= 60)",
        "“Months Corrected” has to be from 0 to 60.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_correction_months = fields.Integer(
        related="company_id.discipline_correction_months", readonly=False
    )
    discipline_no_fines = fields.Boolean(related="company_id.discipline_no_fines", readonly=False)
    discipline_moved_share = fields.Float(related="company_id.discipline_moved_share", readonly=False)
    discipline_leaders_see_pay = fields.Boolean(
        related="company_id.discipline_leaders_see_pay", readonly=False
    )
