from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.domains import parse_domain


class DisciplineMetric(models.Model):
    """What is measured: a way to count facts, records or a state of a person over a window of time.

    The catalogue only describes; `_measure` (discipline_metric_engine.py) counts, and what does not fit is refused
    by discipline_metric_check.py. A metric whose `code` has a
    method `_measure_<code>` on the engine is built in and is counted by it.
    """

    _name = "discipline.metric"
    _inherit = ["discipline.own.company.mixin"]
    _description = "Sales Metric"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Unique, in lower case, e.g. calls_done. Plans, exports and programs refer to it."
    )
    description = fields.Text(translate=True, help="The definition in words, as salespeople read it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    unit = fields.Selection(
        [
            ("count", "Number"),
            ("money", "Money"),
            ("percent", "Percent"),
            ("minutes", "Minutes"),
            ("score", "Score"),
        ],
        required=True,
        default="count",
    )
    higher_is_better = fields.Boolean(default=True)
    source = fields.Selection(
        [
            ("facts", "Recorded facts"),
            ("records", "Any records"),
            ("state", "State at the deadline"),
            ("formula", "Ratio of two metrics"),
            ("assessment", "Assessment by experts"),
        ],
        required=True,
        default="facts",
    )
    fact_kind = fields.Selection(
        selection=lambda self: self.env["discipline.fact"]._fields["kind"].selection, string="Fact"
    )
    domain = fields.Char(
        help="Conditions on the fact or the record, e.g. [('activity_type_id.category', '=', 'phonecall')]."
    )
    model_id = fields.Many2one("ir.model", string="Records", ondelete="cascade")
    model_name = fields.Char(related="model_id.model", string="Records' model")
    owner_field = fields.Char(
        "Owner", help="Path from the record to the user or employee who is credited, e.g. user_id."
    )
    date_field = fields.Char("Date", help="The record's date or time that has to lie in the period.")
    entered_field = fields.Char("Entered", help="When the record was entered; create_date by default.")
    aggregate = fields.Selection(
        [("count", "Count"), ("sum", "Sum"), ("avg", "Average"), ("count_distinct", "Count distinct")],
        required=True,
        default="count",
    )
    value_field = fields.Char(
        "Value", help="The field that is summed up, averaged, or whose different values are counted."
    )
    numerator_id = fields.Many2one("discipline.metric", ondelete="restrict", check_company=True)
    denominator_id = fields.Many2one("discipline.metric", ondelete="restrict", check_company=True)
    is_builtin = fields.Boolean(
        "Built in", compute="_compute_is_builtin", help="Counted by a rule of the program."
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "The code of a metric has to be unique: another metric has it already.",
    )

    def copy_data(self, default=None):
        defaults = dict(default or {})
        data = super().copy_data(defaults)
        if "code" in defaults:
            return data
        return [{**vals, "code": f"{metric.code}_copy"} for metric, vals in zip(self, data, strict=True)]

    @api.depends("code")
    def _compute_is_builtin(self):
        for metric in self:
            metric.is_builtin = bool(metric._get_builtin())

    def _get_builtin(self):
        """The engine's own method for this metric, or None; the methods of the sources are no metrics."""
        if not self.code or self.code in dict(self._fields["source"].selection):
            return None
        return getattr(self, f"_measure_{self.code}", None)

    def _is_additive(self) -> bool:
        """Whether what several people did adds up, unlike a ratio, a mean or a score."""
        self.ensure_one()
        return (
            self.source not in ("formula", "assessment")
            and self.aggregate != "avg"
            and self.unit not in ("percent", "score")
        )

    def _is_flow(self) -> bool:
        """Whether it adds up over time too (and so shrinks with part time), unlike a state."""
        return self._is_additive() and self.source != "state"

    def _get_record_model(self) -> str | bool:
        """The model of the records counted whose ids are kept with a scorecard; False if the ledger has them."""
        self.ensure_one()
        return self._get_builtin_records().get(self.code, self.source == "records" and self.model_name)

    def _get_record_views(self) -> list[tuple]:
        """The views in which the records counted are opened, as an action takes them."""
        self.ensure_one()
        if self.code == "crm_fill_rate":  # what there is to fill in
            return [(self.env.ref("sales_discipline.crm_lead_view_list_fill").id, "list"), (False, "form")]
        return [(False, "list"), (False, "form")]

    def _get_fact_domain(self) -> list | None:
        """The domain of the facts counted, of a ratio those above and below the line; None if none are."""
        self.ensure_one()
        if self.source == "formula":
            parts = [part._get_fact_domain() for part in (self.numerator_id, self.denominator_id)]
            known = [part for part in parts if part is not None]
            return list(Domain.OR(known)) if known else None
        if self.source != "facts":
            return None
        return self._get_builtin_facts().get(self.code) or [
            ("kind", "=", self.fact_kind),
            *parse_domain(self.domain),
        ]
