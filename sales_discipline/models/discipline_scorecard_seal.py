from odoo import Command, api, fields, models
from odoo.tools import SQL


class DisciplineScorecard(models.Model):
    """Cards are sealed when they are frozen and whenever a decision changes one (discipline_seal.py)."""

    _inherit = "discipline.scorecard"

    hash = fields.Char(
        "Seal",
        compute="_compute_hash",
        help="Proves what this scorecard holds: a hash of all its numbers and of the person's scorecard before.",
    )
    seal_ids = fields.One2many("discipline.seal", "scorecard_id", "Seals", readonly=True)

    @api.depends("state")
    def _compute_hash(self):
        query = SQL(
            "SELECT DISTINCT ON (scorecard_id) scorecard_id, hash FROM discipline_seal WHERE scorecard_id = ANY(%s)"
            " ORDER BY scorecard_id, id DESC",
            self.ids,
        )
        hashes = dict(self.env.execute_query(query))
        for card in self:
            card.hash = hashes.get(card.id)

    def _seal(self, what: str) -> None:
        """Seal these frozen cards as they stand; `what` was done (see `discipline.seal`)."""
        self.env["discipline.seal"].sudo()._append(self.ids, what)
        self.invalidate_recordset(["hash", "seal_ids"])

    @api.model
    def _seal_unsealed(self) -> None:
        """Seal the frozen cards of a time without seals as they stand, the oldest first."""
        for ids in self.sudo()._get_batches([("state", "=", "frozen"), ("seal_ids", "=", False)]):
            self.browse(ids)._seal("upgraded")

    def _store_totals(self, totals, frozen_at) -> None:
        """Also seal them if they are frozen by that."""
        result = super()._store_totals(totals, frozen_at)
        if frozen_at:
            self.env["discipline.seal"].sudo()._append([row[0] for row in totals], "frozen")
        return result

    @api.model
    def _open_cards(self, values, frozen_at=None):
        """Also seal them if they are frozen at once."""
        cards = super()._open_cards(values, frozen_at)
        if frozen_at:
            self.env["discipline.seal"].sudo()._append(cards.ids, "frozen")
        return cards

    def _recompute_totals(self, what: str = "adjusted") -> None:
        """Also seal what a decision made of the card."""
        result = super()._recompute_totals(what)
        self._seal(what)
        return result

    def action_verify(self):
        """Hold these cards against their seals, with everything that is sealed of these people on these days."""
        check = self.env["discipline.seal.check"].create(
            {
                "company_id": self[:1].company_id.id or self.env.company.id,
                "user_ids": [Command.set(self.user_id.ids)],
                "date_from": min(self.mapped("date_from"), default=False),
                "date_to": max(self.mapped("date_from"), default=False),
            }
        )
        return check.action_verify()
