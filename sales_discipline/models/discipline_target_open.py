from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.sales_plan import month_starts
from .discipline_target_rows import COMPANY, OTHERS, PERSON, TEAM


class DisciplineTarget(models.Model):
    """From a number on the page of sales plans to what is behind it, with the rights of whoever opens it."""

    _inherit = "discipline.target"

    @api.model
    def action_open_row(self, metric_id, period, date, kind, row_id, team_id=0, what="facts") -> dict:
        """Open the targets, or what was counted, of a row of `get_sales_plans`.

        :param kind: company, team, others or person, with the row's `id` and `team_id`
        :param what: "facts" or "targets"
        :raise AccessError: for a row that the page does not show to the user
        :raise UserError: for what there is not
        """
        teams = self._get_visible_teams()
        metric, first, last = self._check_page_arguments(self._get_plan_metrics(), metric_id, period, date)
        team_id = team_id or 0
        known = kind in (COMPANY, TEAM, OTHERS, PERSON) and what in ("facts", "targets")
        if not known or any(not isinstance(number, int) for number in (row_id, team_id)):
            raise UserError(
                self.env._("There is no such row on the page of sales plans: open the page anew.")
            )
        if teams is not None and not self._is_row_of_teams(
            metric, first, last, (kind, row_id, team_id), teams
        ):
            raise AccessError(self.env._("You see the plans of the teams that you lead."))
        if what == "targets":
            return self._open_targets(metric, first, last, kind, row_id, team_id)
        return self._open_counted(metric, first, last, (kind, row_id, team_id))

    @api.model
    def _is_row_of_teams(self, metric, first: date, last: date, row: tuple, teams) -> bool:
        """Whether a row is that of one of these teams, or of a person who is in it in these days."""
        kind, row_id, team_id = row
        if kind not in (TEAM, PERSON) or team_id not in teams.ids:
            return False
        if kind == TEAM:
            return row_id == team_id
        cells = self._get_cells(metric, self.env.company, first, last, fields.Date.context_today(self))
        return any((cell.team_id, cell.employee_id) == (team_id, row_id) for cell in cells)

    @api.model
    def _open_targets(self, metric, first: date, last: date, kind: str, row_id: int, team_id: int) -> dict:
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_target_action")
        domain = Domain("metric_id", "=", metric.id) & Domain("company_id", "=", self.env.company.id)
        domain &= Domain("date_from", "<=", last) & Domain("date_to", ">=", first)
        defaults = {"default_metric_id": metric.id, "default_date_from": first, "default_date_to": last}
        if kind == "person":
            each = Domain("team_id", "=", team_id) & Domain("scope", "=", "own")
            domain &= Domain("employee_id", "=", row_id) | each
            defaults["default_employee_id"] = row_id
        elif kind == "team":
            domain &= Domain("team_id", "=", row_id)
            defaults.update(default_team_id=row_id, default_scope="team")
        elif kind == "company":
            domain &= Domain("scope", "=", "company")
            defaults["default_scope"] = "company"
        name = self.env._("Targets: %(metric)s", metric=metric.name)
        return {**action, "name": name, "display_name": name, "domain": list(domain), "context": defaults}

    @api.model
    def _open_counted(self, metric, first: date, last: date, row: tuple) -> dict:
        """The facts of the row's people in the period; of what no ledger keeps, the records that were counted."""
        today = fields.Date.context_today(self)
        windows = self._get_row_windows(metric, first, last, row, today)
        domain = metric._get_fact_domain()
        name = f"{metric.name}: {self._get_period_name(first, last)}"
        if domain is None:
            return self._open_counted_records(metric, windows, name)
        bounds = {}
        for window in windows:
            bounds.setdefault((window.start, window.stop), []).extend(window.user_ids)
        inside = Domain.OR(
            Domain("user_id", "in", users)
            & Domain("happened_at", ">=", start)
            & Domain("happened_at", "<", stop)
            for (start, stop), users in bounds.items()
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_fact_action")
        domain = inside & Domain(domain) & Domain("company_id", "=", self.env.company.id)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": list(domain),
            "context": {"create": False},
        }

    @api.model
    def _get_row_windows(self, metric, first: date, last: date, row: tuple, today: date) -> list:
        kind, row_id, team_id = row
        company = self.env.company
        cells = self._get_cells(metric, company, first, last, today)
        begun = [month for month in month_starts(first, last) if month <= today]
        windows = self._prepare_plan_windows(company, cells, begun, fields.Datetime.now(), {})
        if kind == "company":
            return windows
        if kind == "person":
            return [window for window in windows if window.key == ("person", team_id or None, row_id)]
        return [window for window in windows if window.key[1] == (row_id or None)]

    @api.model
    def _open_counted_records(self, metric, windows: list, name: str) -> dict:
        model = metric._get_record_model()
        if not model:
            raise UserError(
                self.env._("'%(metric)s' is not counted from single records.", metric=metric.name)
            )
        ids = {record_id for measure in metric._measure(windows).values() for record_id in measure.ids}
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", sorted(ids))],
            "context": {"create": False, "active_test": False},
        }

    @api.model
    def _get_period_name(self, first: date, last: date) -> str:
        lengths = {1: "month", 3: "quarter"}
        return self._get_period_label(lengths.get(len(month_starts(first, last)), "year"), first)
