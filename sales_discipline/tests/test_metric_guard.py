from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import DisciplineCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestMetricGuard(DisciplineCase):
    """What numbers mean stays, once there are numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        base = {"source": "facts", "fact_kind": "activity_done", "company_id": cls.company.id}
        cls.metrics = cls.env["discipline.metric"]
        cls.part, cls.other, cls.free = (
            cls.metrics.create({**base, "name": code.title(), "code": code})
            for code in ("part", "other", "free")
        )
        cls.ratio = cls.metrics.create(
            {
                "name": "Ratio",
                "code": "ratio",
                "source": "formula",
                "unit": "percent",
                "company_id": cls.company.id,
                "numerator_id": cls.part.id,
                "denominator_id": cls.other.id,
            }
        )
        line = {"metric_id": cls.ratio.id, "target": 50.0}
        cls.plan = cls._make_plan(("calls_done", 1.0), state="draft", date_from="2026-03-09")
        cls.plan.line_ids = [(0, 0, line)]

    def _changes(self):
        return {
            "unit": "minutes",
            "higher_is_better": False,
            "domain": "[('amount', '>', 5)]",
            "fact_kind": "lead_won",
            "aggregate": "sum",
            "value_field": "amount",
            "product_domain": "[('id', '>', 5)]",
            "source": "records",
            "code": "another",
            "company_id": False,
            "owner_field": "user_id",
            "date_field": "happened_at",
            "entered_field": "entered_at",
            "numerator_id": self.free.id,
            "denominator_id": self.free.id,
            "model_id": self.env["ir.model"]._get_id("crm.lead"),
        }

    def _assert_kept(self, metric, user=None):
        for name, value in self._changes().items():
            metric = metric.with_user(user or self.mark)
            label = metric._fields[name]._description_string(self.env)
            with self.subTest(f"{metric.code}.{name}"), self._refused(UserError, f"“{label}” stays"):
                metric.write({name: value})

    def test_in_force(self):
        for metric in (self.part, self.ratio):
            metric.with_user(self.mark).higher_is_better = False  # nobody measures it yet
            metric.higher_is_better = True
            self.assertFalse(metric.is_used)
        self.plan.action_activate()
        for metric in (self.part, self.other, self.ratio):
            metric.invalidate_recordset()
            self.assertTrue(metric.is_used, metric.code)
            self._assert_kept(metric)
        self.assertFalse(self.free.is_used)
        self.free.with_user(self.mark).unit = "minutes"

    def test_everything_that_counts_is_kept(self):
        """A new field of a metric is one that says what it counts, unless it is one of these."""
        harmless = {"name", "description", "sequence", "active", "id"}
        harmless |= {"create_uid", "create_date", "write_uid", "write_date"}
        stored = {name for name, field in self.metrics._fields.items() if field.store}
        self.assertEqual(stored - harmless, set(self._changes()))

    def test_scored_once(self):
        """Cards of a plan that is over, and of a plan on trial."""
        self.plan.action_trial()
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        self._assert_kept(self.ratio, admin)
        self._score("2026-03-10 19:00:00")
        self.plan.action_close()
        self._assert_kept(self.part)

    def test_what_stays_possible(self):
        self.plan.action_activate()
        metric = self.part.with_user(self.mark)
        metric.write({"name": "Another", "description": "In words", "sequence": 5, "unit": metric.unit})
        metric.write({"company_id": metric.company_id.id, "domain": metric.domain, "value_field": False})
        copied = metric.copy()
        copied.unit = "minutes"
        self.part.unit = "minutes"  # an update of the addon
        self.assertEqual(self.part.unit, "minutes")

    def test_imported(self):
        self.plan.action_activate()
        metrics = self.metrics.with_user(self.mark)
        result = metrics.load([".id", "unit"], [[str(self.part.id), "Minutes"]])
        self.assertFalse(result["ids"])
        self.assertIn("stays as it is", result["messages"][0]["message"])

    def test_products_name_their_field(self):
        """A wrong condition on products is said to be in the field that it stands in, and reads with one's own rights."""
        base = {"name": "Sold", "code": "sold", "source": "facts", "fact_kind": "order_confirmed"}
        for domain, words in (
            ("[('colour', '=', 'red')]", "colour"),
            ("[('id', '=', ", "not a list"),
            ("[('id', 'any!', [])]", "any!"),
            ("[('create_uid.password', 'like', 'a')]", "password"),
        ):
            with self.subTest(domain), self._refused(ValidationError, f"'Products'.*{words}"):
                self.metrics.with_user(self.mark).create({**base, "product_domain": domain})
