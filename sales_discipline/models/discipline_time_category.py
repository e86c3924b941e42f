from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

KINDS = [("selling", "Selling"), ("servicing", "Servicing"), ("other", "Other")]
# icons of Font Awesome 4 that Odoo brings along, with a word for whoever chooses one
ICONS = [
    ("phone", "Telephone"),
    ("handshake-o", "Handshake"),
    ("users", "People"),
    ("car", "Car"),
    ("search", "Magnifying Glass"),
    ("file-text-o", "Document"),
    ("pencil-square-o", "Pencil"),
    ("envelope-o", "Letter"),
    ("truck", "Truck"),
    ("exclamation-circle", "Exclamation Mark"),
    ("credit-card", "Card"),
    ("bar-chart", "Chart"),
    ("coffee", "Cup"),
    ("graduation-cap", "Training"),
    ("wrench", "Tool"),
    ("desktop", "Screen"),
    ("home", "House"),
    ("question-circle", "Question Mark"),
    ("clock-o", "Clock"),
    ("star-o", "Star"),
]


class DisciplineTimeCategory(models.Model):
    """What working time goes into, and whether that is selling. Those without a company are shared by all."""

    _name = "discipline.time.category"
    _inherit = ["discipline.own.company.mixin"]
    _description = "Time Study Category"
    _order = "kind_order, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        default="other",
        help="Selling: what wins deals. Servicing: what follows from deals that are won. Other: the rest. The last two are"
        " not selling.",
    )
    kind_order = fields.Integer(compute="_compute_kind_order", store=True)
    sequence = fields.Integer(default=10)
    icon = fields.Selection(ICONS, required=True, default="clock-o")
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.", index="btree_not_null")
    is_used = fields.Boolean(compute="_compute_is_used")

    _color_known = models.Constraint("CHECK (color BETWEEN 0 AND 11)", "Colors are numbers from 0 to 11.")

    @api.depends("kind")
    def _compute_kind_order(self):
        order = [key for key, _label in KINDS]
        for category in self:
            category.kind_order = order.index(category.kind) if category.kind else len(order)

    def _compute_is_used(self):
        used = self.env["discipline.time.entry"].sudo().with_context(active_test=False)
        found = {
            category.id for [category] in used._read_group([("category_id", "in", self.ids)], ["category_id"])
        }
        for category in self:
            category.is_used = category._origin.id in found

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        categories._check_shared()
        return categories

    def write(self, vals):
        self._check_shared()
        changed = self.filtered(lambda category: "kind" in vals and category.kind != vals["kind"])
        if used := changed.filtered("is_used")[:1]:
            raise UserError(
                self.env._(
                    "“%(name)s” has entries: its kind decides what they were counted as, and stays. Archive it, and make"
                    " another category.",
                    name=used.name,
                )
            )
        res = super().write(vals)
        if "company_id" in vals:
            self._check_shared()
        return res

    def _check_shared(self):
        """What is shared by all companies is changed by those who work in all of them."""
        if self.env.su or all(category.company_id for category in self):
            return
        if not self.env["res.company"]._works_in_all():
            raise AccessError(
                self.env._(
                    "Categories without a company are shared by all companies, and you do not work in all of them: make"
                    " one of your own company."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_shared()
        if used := self.filtered("is_used")[:1]:
            raise UserError(
                self.env._(
                    "“%(name)s” has entries and stays: archive it, so that nobody chooses it any more.",
                    name=used.name,
                )
            )

    @api.constrains("name")
    def _check_name(self):
        for category in self:
            if not (category.name or "").strip():
                raise ValidationError(self.env._("Fill in “Name”."))
