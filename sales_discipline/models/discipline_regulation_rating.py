from markupsafe import Markup

from odoo import api, models


class DisciplineRegulation(models.Model):
    """What a client says of us is known where people look: in the client's record at once, and in the to-do that follows."""

    _inherit = "discipline.regulation"

    @api.model
    def _get_rating_limit(self) -> float:
        """Stars at which a rating is a bad one, by the running rules; 0 if there is none."""
        running = self.sudo().search([("trigger", "=", "negative_rating"), ("state", "=", "running")])
        return max(running.mapped("rating_limit"), default=0.0)


class RatingRating(models.Model):
    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._note_bad()
        return ratings

    def write(self, vals):
        res = super().write(vals)
        if "consumed" in vals or "rating" in vals:
            self._note_bad()
        return res

    def _note_bad(self) -> None:
        """Bad ones are noted on the client, whatever document they are about."""
        rules = self.env["discipline.regulation"]
        if "negative_rating" not in rules._get_awaited():
            return
        limit = rules._get_rating_limit()
        bodies = {}
        for rating in self.sudo():
            client = rating.partner_id.commercial_partner_id or rating.partner_id
            elsewhere = (rating.res_model, rating.res_id) != ("res.partner", client.id)
            if client and elsewhere and rating.consumed and 1 <= rating.rating <= limit:
                bodies.setdefault(client.id, Markup())
                bodies[client.id] += rating._get_said()
        if bodies:
            self.env["res.partner"].sudo().browse(bodies)._message_log_batch(bodies=bodies)

    def _get_said(self) -> Markup:
        """What the client said, in one paragraph."""
        self.ensure_one()
        said = self.env._(
            "Rated %(stars)s of 5 stars: %(document)s", stars=f"{self.rating:g}", document=self.res_name or ""
        )
        words = Markup("<br/>“%s”") % self.feedback if self.feedback else ""
        return Markup("<p>%s%s</p>") % (said, words)


class DisciplineRegulationStep(models.Model):
    _inherit = "discipline.regulation.step"

    def _get_notes(self) -> dict:
        """`{step: what set it off, in HTML}`: the words of the client, for whoever is to answer them."""
        rated = self.filtered(lambda step: step.regulation_id.trigger == "negative_rating")
        by_rating = {int(step.event[1:]): step for step in rated}
        ratings = self.env["rating.rating"].sudo().browse(by_rating).exists()
        return {
            step: ratings.with_context(lang=step.user_id.lang).browse(rating_id)._get_said()
            for rating_id, step in by_rating.items()
            if rating_id in ratings.ids
        }
