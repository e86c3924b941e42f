from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    discipline_board_anonymous = fields.Boolean(
        "Ranks without Names",
        help="The team board in full screen mode shows ranks, and no names.",
        prefetch="discipline",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_board_anonymous = fields.Boolean(
        related="company_id.discipline_board_anonymous", readonly=False
    )
