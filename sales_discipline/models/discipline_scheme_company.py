from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.constrains("discipline_no_fines")
    def _check_discipline_no_fines(self):
        """Schemes that could fine have to be changed or closed first. :raise ValidationError: naming the first"""
        companies = self.filtered("discipline_no_fines")
        domain = [("company_id", "in", companies.ids), ("state", "!=", "closed")]
        self.env["discipline.scheme"].sudo().search(domain)._check_no_fines()
