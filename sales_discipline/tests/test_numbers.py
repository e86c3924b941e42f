import math

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestNumbers(DisciplineCase):
    """What is no number is refused in words that name the field, whatever record it is given to."""

    def _refused_everywhere(self, record, names):
        for name in names:
            label = record._fields[name]._description_string(self.env)
            for value in (math.nan, math.inf, -math.inf, 1e300, "many"):
                with (
                    self.subTest(model=record._name, name=name, value=value),
                    self._refused(ValidationError, f"“{label}” has to be a number"),
                ):
                    record.write({name: value})

    def test_schemes_components_and_tasks(self):
        scheme = self.env["discipline.scheme"].create(
            {
                "name": "Pay",
                "company_id": self.company.id,
                "date_from": "2026-03-01",
                "component_ids": [(0, 0, {"name": "Points", "kind": "points", "rate": 10})],
            }
        )
        self._refused_everywhere(scheme, ["floor", "cap", "guaranteed", "max_reduction"])
        self._refused_everywhere(scheme.component_ids, ["rate", "minus_rate", "fixed_amount", "cap"])
        task = self.env["discipline.task"].create(
            {
                "name": "Goal",
                "employee_id": self.e_anna.id,
                "company_id": self.company.id,
                "date_due": "2026-03-31",
            }
        )
        self._refused_everywhere(task, ["value"])
        with self._refused(ValidationError, "“Value” has to be a number"):
            task.create(
                {
                    "name": "Goal",
                    "employee_id": self.e_anna.id,
                    "company_id": self.company.id,
                    "date_due": "2026-03-31",
                    "value": math.nan,
                }
            )

    def test_what_an_import_gives_as_text_is_taken(self):
        task = self.env["discipline.task"].create(
            {
                "name": "Goal",
                "employee_id": self.e_anna.id,
                "company_id": self.company.id,
                "date_due": "2026-03-31",
                "value": "250.5",
            }
        )
        self.assertEqual(task.value, 250.5)
