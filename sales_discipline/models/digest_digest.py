from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

DAILY = [("period", "=", "day"), ("state", "=", "frozen")]
COLUMNS = ("kpi_col1", "kpi_col2", "kpi_col3")
NO_DATA = "–"


class DigestDigest(models.Model):
    """Discipline in the digest e-mails of those who lead people: each reads about their own teams. Days are those of frozen
    daily scorecards; the last 24 hours are yesterday."""

    _inherit = "digest.digest"

    kpi_discipline_efficiency = fields.Boolean("Efficiency of Daily Plans (%)")
    kpi_discipline_efficiency_value = fields.Float(compute="_compute_kpi_discipline_efficiency_value")
    kpi_discipline_points = fields.Boolean("Discipline Points")
    kpi_discipline_points_value = fields.Integer(compute="_compute_kpi_discipline_points_value")
    kpi_discipline_behind = fields.Boolean("People with Minus Points")
    kpi_discipline_behind_value = fields.Integer(compute="_compute_kpi_discipline_behind_value")
    kpi_discipline_late = fields.Boolean("Late Entries in CRM")
    kpi_discipline_late_value = fields.Integer(compute="_compute_kpi_discipline_late_value")
    kpi_discipline_sales_plan = fields.Boolean("Sales Plan (%)")
    kpi_discipline_sales_plan_value = fields.Float(compute="_compute_kpi_discipline_sales_plan_value")

    def _compute_kpi_discipline_efficiency_value(self):
        known = dict(self._read_discipline(["company_id"], "efficiency:avg"))
        for digest in self:
            digest.kpi_discipline_efficiency_value = known.get(digest._get_discipline_company(), 0.0)

    def _compute_kpi_discipline_points_value(self):
        known = dict(self._read_discipline(["company_id"], "points:sum"))
        for digest in self:
            digest.kpi_discipline_points_value = round(known.get(digest._get_discipline_company(), 0.0))

    def _compute_kpi_discipline_behind_value(self):
        behind = [
            company
            for company, _user, points in self._read_discipline(["company_id", "user_id"], "points:sum")
            if points < 0
        ]
        for digest in self:
            digest.kpi_discipline_behind_value = behind.count(digest._get_discipline_company())

    def _compute_kpi_discipline_late_value(self):
        self._check_discipline_reader()
        self._calculate_company_based_kpi(
            "discipline.late.entry", "kpi_discipline_late_value", date_field="entered_at"
        )

    def _compute_kpi_discipline_sales_plan_value(self):
        """What of this month's plan is reached. There is no such number of a day, nor of the month before."""
        self._check_discipline_reader()
        start, stop = self._get_discipline_days()
        today = fields.Date.context_today(self)
        for digest in self:
            reached = None
            if start == today - timedelta(days=1) and stop == today:
                reached = digest._get_discipline_sales_plan()
            digest.kpi_discipline_sales_plan_value = reached or 0.0

    # ------------------------------------------------------------
    # What they are read from
    # ------------------------------------------------------------

    def _check_discipline_reader(self) -> None:
        """:raise AccessError: for people who lead nobody: Odoo leaves the KPI out of their digest"""
        if not self.env.user.has_group("sales_discipline.group_leader"):
            raise AccessError(self.env._("Do not have access, skip this data for user's digest email"))

    def _get_discipline_company(self):
        return self.company_id or self.env.company

    def _get_discipline_days(self) -> tuple:
        """The days of the time that a column of the digest is about; the last is no longer part of it."""
        start, stop, _companies = self._get_kpi_compute_parameters()
        return fields.Date.to_date(start), fields.Date.to_date(stop)

    def _read_discipline(self, groups: list[str], measure: str) -> list:
        """Groups of the daily results in the time that the column is about, those with data."""
        self._check_discipline_reader()
        start, stop = self._get_discipline_days()
        companies = self._get_kpi_compute_parameters()[2]
        days = [("date_from", ">=", start), ("date_from", "<", stop), ("company_id", "in", companies.ids)]
        domain = [*DAILY, *days, ("zone", "!=", "none")]
        return self.env["discipline.scorecard.report"]._read_group(domain, groups, [measure])

    def _get_discipline_sales_plan(self) -> float | None:
        """In percent: of the company, for a leader of their teams together."""
        company = self._get_discipline_company()
        rows = self.env["discipline.target"].with_company(company).get_sales_plans()["rows"]
        shown = [row for row in rows if row["kind"] == "company"] or [
            row for row in rows if row["kind"] == "team"
        ]
        plan = sum(row["plan"] or 0.0 for row in shown)
        fact = sum(row["fact"] or 0.0 for row in shown if row["plan"])
        return 100.0 * fact / plan if plan else None

    # ------------------------------------------------------------
    # How they are shown
    # ------------------------------------------------------------

    def _compute_kpis(self, company, user):
        """Percentages with a sign, a dash where there was nothing to measure, and the sales plan for this month alone."""
        kpis = super()._compute_kpis(company, user)
        found = {kpi["kpi_name"].removeprefix("kpi_discipline_"): kpi for kpi in kpis}
        if plan := found.get("sales_plan"):
            shown = {
                "value": self._say_discipline(plan["kpi_col1"]),
                "col_subtitle": self.env._("This month"),
            }
            plan.update(kpi_col1=shown, kpi_col2={}, kpi_col3={})
        for name in {"behind", "late"} & found.keys():  # Odoo paints every rise green
            for column in COLUMNS:
                found[name][column]["margin"] = 0
        measured = [found[name] for name in ("efficiency", "points", "behind") if name in found]
        known = self._get_discipline_known(company, user) if measured else []
        for column, is_known in zip(COLUMNS, known, strict=False):
            for kpi in measured:
                if not is_known:
                    kpi[column].update(value=NO_DATA, margin=0)
                elif kpi is found.get("efficiency"):
                    kpi[column]["value"] = self._say_discipline(kpi[column])
        return kpis

    @staticmethod
    def _say_discipline(column: dict) -> str:
        """A percentage of Odoo's two decimals as people write it."""
        value = float(column["value"])
        return f"{value:.1f}%" if value else NO_DATA

    def _get_discipline_known(self, company, user) -> list[bool]:
        """Whether there are results at all in the three columns."""
        known = []
        for _name, ((start, stop), _before) in self._compute_timeframes(company):
            digest = (
                self.with_context(start_datetime=start, end_datetime=stop)
                .with_user(user)
                .with_company(company)
            )
            known.append(bool(digest._read_discipline([], "__count")[0][0]))
        return known

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm.crm_menu_root").id
        names = {
            "kpi_discipline_efficiency": "discipline_scorecard_report_action",
            "kpi_discipline_points": "discipline_scorecard_report_action",
            "kpi_discipline_behind": "discipline_scorecard_report_action",
            "kpi_discipline_late": "discipline_late_entry_action",
            "kpi_discipline_sales_plan": "discipline_sales_plan_action",
        }
        return {**actions, **{kpi: f"sales_discipline.{name}?menu_id={menu}" for kpi, name in names.items()}}
