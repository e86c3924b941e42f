from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# kinds of facts about documents with lines of products: the model, the model of its lines and what leads back
LINES = {
    "order_confirmed": ("sale.order", "sale.order.line", "order_id"),
    "quotation_sent": ("sale.order", "sale.order.line", "order_id"),
    "invoice_posted": ("account.move", "account.move.line", "move_id"),
}


class DisciplineFact(models.Model):
    """What was sold, by the lines of the document that a fact is about, as they are now."""

    _inherit = "discipline.fact"

    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        compute="_compute_product_ids",
        search="_search_product_ids",
        help="On the order or invoice.",
    )

    @api.depends("res_model", "res_id")
    def _compute_product_ids(self):
        self.product_ids = False
        for model, lines, inverse in set(LINES.values()):
            facts = self.filtered(lambda fact, model=model: fact.res_model == model)
            groups = (
                self.env[lines]
                .sudo()
                ._read_group([(inverse, "in", facts.mapped("res_id"))], [inverse], ["product_id:recordset"])
            )
            found = {document.id: products for document, products in groups}
            for fact in facts:
                fact.product_ids = found.get(fact.res_id, False)

    def _search_product_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        products = self.env["product.product"].with_context(active_test=False)
        if operator == "any":
            query = value if not isinstance(value, Domain | list) else products._search(Domain(value))
        else:
            query = products._search(Domain("id", "in", list(value)))
        result = Domain.FALSE
        for model, lines, inverse in set(LINES.values()):
            table = self.env[lines]._table
            documents = SQL(
                "(SELECT l.%s FROM %s l WHERE l.product_id IN %s)",
                SQL.identifier(inverse),
                SQL.identifier(table),
                query.subselect(),
            )
            result |= Domain("res_model", "=", model) & Domain("res_id", "in", documents)
        return result
