from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .field_change import differs

# what says which numbers a metric gives, and how they are to be read
MEANING = frozenset(
    "code unit higher_is_better company_id source fact_kind domain product_domain model_id owner_field date_field"
    " entered_field aggregate value_field numerator_id denominator_id".split()
)


class DisciplineMetric(models.Model):
    """A number on a frozen scorecard means what it meant when it was measured. So what a metric counts, and how its numbers
    are read, stays from the moment on that a plan in force uses it; a copy is the way to count otherwise."""

    _inherit = "discipline.metric"

    is_used = fields.Boolean(compute="_compute_is_used", help="A plan in force, or a scorecard, has it.")

    def _compute_is_used(self):
        used = self._origin._get_used()
        for metric in self:
            metric.is_used = metric._origin in used

    def write(self, vals):
        """:raise UserError: if the meaning of numbers that there are would change. The program's own data may."""
        names = MEANING.intersection(vals)
        if names and self.env.uid != SUPERUSER_ID:
            self._check_meaning(vals, sorted(names))
        return super().write(vals)

    def _check_meaning(self, vals, names) -> None:
        changed = {
            metric: next((name for name in names if differs(metric, name, vals)), None) for metric in self
        }
        used = self.browse(metric.id for metric, name in changed.items() if name)._get_used()
        for metric in used[:1]:
            raise UserError(
                self.env._(
                    "“%(metric)s” is measured by a plan in force, or stands on scorecards, so the field “%(field)s” stays as it"
                    " is. Duplicate the metric, change the copy, and use that in the next version of the plan.",
                    metric=metric.name,
                    field=self._fields[changed[metric]]._description_string(self.env),
                )
            )

    def _get_used(self):
        """Those of these metrics that a plan in force or with scorecards measures, by themselves or in a ratio."""
        if not self.ids:
            return self.browse()
        for name in ("discipline.metric", "discipline.plan", "discipline.plan.line"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE part (id, whole_id) AS (
                    SELECT id, id FROM discipline_metric WHERE id = ANY(%s)
                     UNION
                    SELECT p.id, m.id FROM part p
                      JOIN discipline_metric m ON m.source = 'formula' AND p.whole_id IN (m.numerator_id, m.denominator_id))
                SELECT DISTINCT p.id
                  FROM part p
                  JOIN discipline_plan_line l ON l.metric_id = p.whole_id
                  JOIN discipline_plan d ON d.id = l.plan_id
                 WHERE d.state IN ('trial', 'active')
                    OR EXISTS (SELECT FROM discipline_scorecard c WHERE c.plan_id = d.id)
                """,
                self.ids,
            )
        )
        return self.browse(id_ for [id_] in rows)
