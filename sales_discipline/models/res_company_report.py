from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    discipline_show_measured = fields.Boolean(
        "Show what was measured before the report is handed in",
        help="Otherwise people whose plan asks for a report of their own see what was measured once they have stated"
        " their numbers.",
        prefetch="discipline",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_show_measured = fields.Boolean(related="company_id.discipline_show_measured", readonly=False)
