from odoo import fields, models


class ResPartner(models.Model):
    """What a client, and whoever works there, said of us."""

    _inherit = "res.partner"

    discipline_rating_count = fields.Integer("Reviews", compute="_compute_discipline_rating")
    discipline_rating_avg = fields.Float("Stars", compute="_compute_discipline_rating", digits=(3, 1))

    def _compute_discipline_rating(self):
        clients = self.commercial_partner_id
        groups = self.env["rating.rating"]._read_group(
            [
                ("partner_id.commercial_partner_id", "in", clients.ids),
                ("consumed", "=", True),
                ("rating", ">=", 1),
            ],
            ["partner_id"],
            ["__count", "rating:sum"],
        )
        found = {}
        for partner, count, stars in groups:
            client = partner.sudo().commercial_partner_id.id
            known = found.get(client, (0, 0.0))
            found[client] = (known[0] + count, known[1] + stars)
        for partner in self:
            count, stars = found.get(partner.commercial_partner_id.id, (0, 0.0))
            partner.discipline_rating_count = count
            partner.discipline_rating_avg = stars / count if count else 0.0

    def action_open_discipline_ratings(self):
        """The reviews of this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.rating_rating_action")
        client = self.commercial_partner_id.id
        domain = [
            ("partner_id.commercial_partner_id", "=", client),
            ("consumed", "=", True),
            ("rating", ">=", 1),
        ]
        return {**action, "domain": domain, "context": {}}
