from odoo import fields


class CopiedMany2one(fields.Many2one):
    """What a row's parents say as well, copied for rules and sums. The parents have the keys: PostgreSQL need not look up
    the same company for each of ten thousand rows, which takes longer than storing them."""

    def update_db_foreign_key(self, model, column):
        """None."""
