from collections import defaultdict

from odoo import api, models


class DisciplineTarget(models.Model):
    """Beside the plan of a quarter, what clients have agreed to buy in it: by the salesperson of the agreement, added up
    for teams and the company."""

    _inherit = "discipline.target"

    @api.model
    @api.readonly
    def get_sales_plans(self, metric_id=False, period: str = "month", date=False) -> dict:
        page = super().get_sales_plans(metric_id, period, date)
        return {**page, "has_agreed": self._add_agreed(page)}

    @api.model
    def _add_agreed(self, page: dict) -> bool:
        """Put `agreed` into the rows of a quarter of money; None where nothing is agreed on. One statement more.

        :return: whether there is anything
        """
        if page["period"] != "quarter" or page["metric"]["unit"] != "money":
            return False
        domain = [
            ("company_id", "=", self.env.company.id),
            ("date_from", "=", page["date_from"]),
            ("state", "!=", "draft"),
        ]
        groups = self.env["discipline.forecast"].sudo()._read_group(domain, ["user_id"], ["amount:sum"])
        if not groups:
            return False
        amounts = {user.id: amount for user, amount in groups}
        employees = self.env["hr.employee"].sudo()
        employees = employees.search(
            [("user_id", "in", list(amounts)), ("company_id", "=", self.env.company.id)]
        )
        by_employee = {employee.id: amounts[employee.user_id.id] for employee in employees}
        sums = defaultdict(float)
        for row in page["rows"]:
            if row["kind"] == "person":  # somebody who changed teams stands in both, and counts once
                row["agreed"] = by_employee.pop(row["id"], None)
                sums["team", row["team_id"]] += row["agreed"] or 0
                sums["company"] += row["agreed"] or 0
        for row in page["rows"]:
            if row["kind"] != "person":
                whole = sums["company"] if row["kind"] == "company" else sums["team", row["team_id"]]
                row["agreed"] = whole or None
        return True
