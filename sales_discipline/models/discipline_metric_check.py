from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.domains import parse_domain

OWNERS = ("res.users", "hr.employee")


class DisciplineMetric(models.Model):
    """Whatever does not fit is refused when it is saved, in a sentence that names the field.

    Counting is reading: who defines a metric has to have the right to read all that it names. Odoo runs
    constraints as superuser, so the checks of a definition are given back to the user.
    """

    _inherit = "discipline.metric"

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
            getattr(metric.with_user(self.env.uid), f"_check_{metric.source}")()

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
        if model is None or not model._auto or model._abstract or model._transient:
            raise self._error("model_id", self.env._("these records cannot be counted"))
        if not self.env.su and not model.has_access("read"):
            raise self._error("model_id", self.env._("you may not read these records yourself"))
        self._check_owner(model)
        required = {"date_field": True, "entered_field": "create_date" not in model._fields}
        for name in required:
            field = self._check_own_field(model, name, required=required[name])
            if field is not None and field.type not in ("date", "datetime"):
                raise self._error(
                    name, self.env._("'%(field)s' is neither a date nor a time", field=self[name])
                )
        self._check_domain(model)
        self._check_value_field(model)

    def _check_owner(self, model):
        owner = self._check_path(model, "owner_field", required=True)
        if owner.type != "many2one" or owner.comodel_name not in OWNERS:
            raise self._error(
                "owner_field",
                self.env._(
                    "the path '%(path)s' does not end at a user or an employee", path=self.owner_field
                ),
            )
        try:
            self._sql_owner(model.sudo(), model.sudo()._search([], bypass_access=True))
        except ValueError:
            why = self.env._(
                "the path '%(path)s' has to lead over single, stored records", path=self.owner_field
            )
            raise self._error("owner_field", why) from None

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
                raise self._error(
                    "numerator_id", self.env._("the ratio leads back to this metric in a circle")
                )
            seen |= todo
            todo = (todo.numerator_id | todo.denominator_id) - seen

    def _check_assessment(self):
        if self.unit not in ("score", "percent"):
            raise self._error("unit", self.env._("an assessment is a score or a percentage"))

    def _check_domain(self, model, name="domain"):
        """:param name: the field of the metric that holds the conditions on records of `model`"""
        try:
            domain = Domain(parse_domain(self[name]))
            self._check_conditions(model, domain, name)
            domain.validate(model)
            model.sudo().search(domain, limit=1)
        except ValidationError:
            raise
        except Exception as error:
            raise self._error(name, str(error)) from error

    def _check_conditions(self, model, domain, name):
        """Every field that a domain names, also inside 'any', is one that the user may read."""
        for condition in domain.iter_conditions():
            if condition.operator.endswith("!"):
                raise self._error(
                    name,
                    self.env._("the operator '%(operator)s' is not allowed", operator=condition.operator),
                )
            field = self._check_path(model, name, path=condition.field_expr)
            if condition.operator in ("any", "not any"):
                self._check_path(model, name, path=f"{condition.field_expr}.id")
                self._check_conditions(self.env[field.comodel_name], Domain(condition.value), name)

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
                raise self._error(
                    name,
                    self.env._("in '%(path)s' nothing can follow '%(step)s'", path=path, step=field.name),
                )
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
            label = self.env["ir.model"]._get(model._name).name
            raise self._error(name, self.env._("%(model)s has no field '%(field)s'", model=label, field=step))
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
            self.env._(
                "Metric '%(metric)s', field '%(field)s': %(why)s.",
                metric=self.name,
                field=label,
                why=why.rstrip("."),
            )
        )
