from odoo import fields


class CopiedMany2one(fields.Many2one):
    """What a row's parents say as well, copied for rules and sums. It has no foreign key of its own: PostgreSQL would look up
    the same company for each of ten thousand rows, which takes longer than storing them. Its target cannot be deleted
    while rows are there, for the parents have keys (and res.currency is guarded: a company may change its currency)."""

    def update_db_foreign_key(self, model, column):
        """Declare no foreign key."""
