from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ..tools.periods import period_bounds
from ..tools.spans import Replacement, Span, differences, replace_months
from .discipline_target_lock import CHECKED

KEYS = ("scope", "employee_id", "team_id")


class DisciplineTarget(models.Model):
    """Targets month by month, as people plan: read and set as a table, stored as few spans as there can be."""

    _inherit = "discipline.target"

    @api.model
    def _get_months(self, metric, company, months: list[date]) -> dict[tuple, dict[date, float]]:
        """The monthly targets of a metric: `{(scope, employee id, team id): {month: amount}}`, False for no id."""
        result = defaultdict(dict)
        for key, spans in self._get_spans(metric, company, months).items():
            for month in months:
                for span in spans.values():
                    if span.first <= month <= span.last:
                        result[key][month] = span.amount
        return dict(result)

    @api.model
    def _get_spans(self, metric, company, months: list[date]) -> dict[tuple, dict[int, Span]]:
        """`{(scope, employee id, team id): {target id: Span}}` of the monthly targets that touch these months."""
        if not months:
            return {}
        domain = Domain("metric_id", "=", metric.id) & Domain("company_id", "=", company.id)
        domain &= Domain("period", "=", "month") & Domain("date_to", ">=", min(months))
        domain &= Domain("date_from", "<=", period_bounds("month", max(months))[1])
        result = defaultdict(dict)
        for target in self.search(domain):
            key = (target.scope, target.employee_id.id, target.team_id.id)
            result[key][target.id] = Span(target.date_from, target.date_to, target.amount)
        return dict(result)

    @api.model
    def _set_months(self, metric, company, wanted: dict[tuple, dict]) -> int:
        """Set monthly targets with the rights of the user; months that have that amount already are left alone.

        :param wanted: `{(scope, employee id, team id): {first of the month: amount, or None for no target}}`
        :return: number of people, teams (and the company) whose targets have changed
        :raise UserError: if a month that changes is closed; nothing has changed then
        """
        months = [month for amounts in wanted.values() for month in amounts]
        spans = self._get_spans(metric, company, months)
        done = {key: replace_months(spans.get(key, {}), amounts) for key, amounts in wanted.items()}
        done = {key: one for key, one in done.items() if one.changed or one.new or one.gone}
        base = {"metric_id": metric.id, "company_id": company.id, "period": "month"}
        changes = []
        for key, one in done.items():
            changes += self._get_change(base, key, spans.get(key, {}), one)
        self._refuse_closed(changes)
        self.with_context(discipline_targets=CHECKED)._store_months(base, done)
        return len(done)

    @api.model
    def _get_change(self, base: dict, key: tuple, spans: dict, one: Replacement) -> list[tuple]:
        """The spans, as `_refuse_closed` wants them, in which something becomes different."""
        owner = (*base.values(), key[0], key[1] or None, key[2] or None)
        before = [spans[target_id] for target_id in [*one.gone, *one.changed]]
        parts = differences(before, [*one.new, *one.changed.values()])
        return [((*owner, part.first, part.last), part.amount) for part in parts]

    def _store_months(self, base: dict, done: dict[tuple, Replacement]) -> None:
        """Those that go, first; then other dates, grouped by what they become, and amounts; then the new ones."""
        self.browse([target_id for one in done.values() for target_id in one.gone]).unlink()
        groups = defaultdict(list)
        amounts = {}
        for one in done.values():
            for target_id, span in one.changed.items():
                groups[span[:2]].append(target_id)
                amounts[target_id] = span.amount
        for (first, last), ids in groups.items():
            self.browse(ids).write({"date_from": first, "date_to": last})
        for target in self.browse(amounts):
            if target.amount != amounts[target.id]:
                target.amount = amounts[target.id]
        self.create(
            [
                {
                    **base,
                    **dict(zip(KEYS, key, strict=True)),
                    "date_from": span.first,
                    "date_to": span.last,
                    "amount": span.amount,
                }
                for key, one in done.items()
                for span in one.new
            ]
        )
