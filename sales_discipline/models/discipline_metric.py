from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.domains import parse_domain

OWNERS = ("res.users", "hr.employee")


class DisciplineMetric(models.Model):
    """What is measured: a way to count facts, records or a state of a person over a window of time.

    The catalogue only describes; `_measure` (discipline_metric_measure.py) counts. A metric whose `code` has a
    method `_measure_<code>` on the engine is built in and is counted by it.
    """

    _name = "discipline.metric"
    _description = "Sales Metric"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Unique, in lower case, e.g. calls_done. Plans, exports and programs refer to it.")
    description = fields.Text(translate=True, help="The definition in words, as salespeople read it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    unit = fields.Selection(
        [("count", "Number"), ("money", "Money"), ("percent", "Percent"), ("minutes", "Minutes"), ("score", "Score")],
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
    fact_kind = fields.Selection(selection=lambda self: self.env["discipline.fact"]._fields["kind"].selection, string="Fact")
    domain = fields.Char(help="Conditions on the fact or the record, e.g. [('activity_type_id.category', '=', 'phonecall')].")
    model_id = fields.Many2one("ir.model", string="Records", ondelete="cascade")
    model_name = fields.Char(related="model_id.model", string="Records' model")
    owner_field = fields.Char("Owner", help="Path from the record to the user or employee who is credited, e.g. user_id.")
    date_field = fields.Char("Date", help="The record's date or time that has to lie in the period.")
    entered_field = fields.Char("Entered", help="When the record was entered; create_date by default.")
    aggregate = fields.Selection(
        [("count", "Count"), ("sum", "Sum"), ("avg", "Average"), ("count_distinct", "Count distinct")],
        required=True,
        default="count",
    )
    value_field = fields.Char("Value", help="The field that is summed up, averaged, or whose different values are counted.")
    numerator_id = fields.Many2one("discipline.metric", ondelete="restrict", check_company=True)
    denominator_id = fields.Many2one("discipline.metric", ondelete="restrict", check_company=True)
    is_builtin = fields.Boolean("Built in", compute="_compute_is_builtin", help="Counted by a rule of the program.")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "The code of a metric has to be unique: another metric has it already."
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
        """The engine's own method for this metric, or None."""
        return getattr(self, f"_measure_{self.code}", None) if self.code else None

    def _is_flow(self) -> bool:
        """Whether it adds up over time (and so shrinks with part time), unlike a state, a ratio or a score."""
        self.ensure_one()
        return self.source in ("facts", "records") and self.aggregate != "avg" and self.unit not in ("percent", "score")

    def _get_record_model(self) -> str | bool:
        """The model of the records counted whose ids are kept with a scorecard; False if the ledger has them."""
        self.ensure_one()
        return self._get_builtin_records().get(self.code, self.source == "records" and self.model_name)

    def _get_fact_domain(self) -> list | None:
        """The domain of the facts counted; None if none are."""
        self.ensure_one()
        if self.source != "facts":
            return None
        return self._get_builtin_facts().get(self.code) or [("kind", "=", self.fact_kind), *parse_domain(self.domain)]

    # ------------------------------------------------------------
    # Checks: whatever does not fit is refused when it is saved
    # ------------------------------------------------------------

    @api.constrains("code")
    def _check_code(self):
        for metric in self:
            code = metric.code or ""
            if not code.isidentifier() or not code.isascii() or code != code.lower():
                raise ValidationError(
                    self.env._(
                        "Code '%(code)s': please use lower case letters, digits and underscores, beginning with a"
                        " letter, e.g. calls_done.",
                        code=code,
                    )
                )

    @api.constrains(
        "source", "fact_kind", "domain", "model_id", "owner_field", "date_field", "entered_field", "aggregate",
        "value_field", "numerator_id", "denominator_id", "code",
    )  # fmt: skip
    def _check_definition(self):
        for metric in self:
            if metric._get_builtin():
                continue
            getattr(metric, f"_check_{metric.source}")()

    def _check_facts(self):
        if not self.fact_kind:
            raise self._error("fact_kind", self.env._("choose which fact is counted"))
        facts = self.env["discipline.fact"]
        self._check_domain(facts)
        self._check_value_field(facts, default="quantity")

    def _check_records(self):
        if not self.model_id:
            raise self._error("model_id", self.env._("choose which records are counted"))
        model = self.env.get(self.model_name)
        if model is None or not model._auto or model._abstract:
            raise self._error("model_id", self.env._("these records cannot be counted"))
        if not self.env.su and not model.has_access("read"):
            raise self._error("model_id", self.env._("you may not read these records yourself"))
        owner = self._check_path(model, "owner_field", required=True)
        if owner.type != "many2one" or owner.comodel_name not in OWNERS:
            raise self._error(
                "owner_field", self.env._("the path '%(path)s' does not end at a user or an employee", path=self.owner_field)
            )
        for name in ("date_field", "entered_field"):
            field = self._check_own_field(model, name, required=name == "date_field")
            if field is not None and field.type not in ("date", "datetime"):
                raise self._error(name, self.env._("'%(field)s' is neither a date nor a time", field=self[name]))
        self._check_domain(model)
        self._check_value_field(model)

    def _check_state(self):
        raise self._error("code", self.env._("a state can only be measured by a metric that is built in"))

    def _check_formula(self):
        for name in ("numerator_id", "denominator_id"):
            if not self[name]:
                raise self._error(name, self.env._("a ratio needs two metrics"))
        if self.numerator_id == self.denominator_id:
            raise self._error("denominator_id", self.env._("a metric cannot be divided by itself"))
        seen, todo = self.browse(), self.numerator_id | self.denominator_id
        while todo:
            if self in todo:
                raise self._error("numerator_id", self.env._("the ratio leads back to this metric in a circle"))
            seen |= todo
            todo = (todo.numerator_id | todo.denominator_id) - seen

    def _check_assessment(self):
        if self.unit not in ("score", "percent"):
            raise self._error("unit", self.env._("an assessment is a score or a percentage"))

    def _check_domain(self, model):
        try:
            domain = Domain(parse_domain(self.domain))
            domain.validate(model)
            self._check_conditions(model, domain)
            model.sudo().search(domain, limit=1)
        except ValidationError:
            raise
        except Exception as error:
            raise self._error("domain", str(error)) from error

    def _check_conditions(self, model, domain):
        """Every field that a domain names, also inside 'any', is one that the user may read."""
        for condition in domain.iter_conditions():
            if condition.operator.endswith("!"):
                raise self._error("domain", self.env._("the operator '%(operator)s' is not allowed", operator=condition.operator))
            field = self._check_path(model, "domain", path=condition.field_expr)
            if isinstance(condition.value, Domain):
                self._check_conditions(self.env[field.comodel_name], condition.value)

    def _check_path(self, model, name, required=False, path=None):
        """The last field of a dotted path, each step of which the user may read; None if empty."""
        path = path or self[name]
        if not path:
            if required:
                raise self._error(name, self.env._("please fill it in"))
            return None
        field = None
        for step in path.split("."):
            if field is not None and not field.relational:
                raise self._error(name, self.env._("in '%(path)s' nothing can follow '%(step)s'", path=path, step=field.name))
            model = self.env[field.comodel_name] if field is not None else model
            field = self._get_readable_field(model, name, step)
        return field

    def _check_own_field(self, model, name, required=False):
        """The stored field of that name of `model` itself; None if empty."""
        if self[name] and "." in self[name]:
            raise self._error(name, self.env._("'%(path)s' belongs to another model", path=self[name]))
        field = self._check_path(model, name, required=required)
        if field is not None and not field.store:
            raise self._error(name, self.env._("'%(field)s' is not stored", field=field.name))
        return field

    def _get_readable_field(self, model, name, step):
        field = model._fields.get(step)
        if field is None:
            raise self._error(
                name,
                self.env._("%(model)s has no field '%(field)s'", model=model._description, field=step),
            )
        if not self.env.su and not (model.has_access("read") and model._has_field_access(field, "read")):
            raise self._error(name, self.env._("you may not read '%(field)s' yourself", field=step))
        return field

    def _check_value_field(self, model, default=None):
        if self.aggregate == "count":
            return
        field = self._check_own_field(model, "value_field", required=default is None)
        if field is None:
            return
        numeric = field.type in ("integer", "float", "monetary")
        if self.aggregate in ("sum", "avg") and not numeric:
            raise self._error("value_field", self.env._("'%(field)s' is not a number", field=field.name))

    def _error(self, name, why):
        label = self._fields[name]._description_string(self.env)
        return ValidationError(
            self.env._("Metric '%(metric)s', field '%(field)s': %(why)s.", metric=self.name, field=label, why=why.rstrip("."))
        )
