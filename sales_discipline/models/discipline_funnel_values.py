from datetime import date

from odoo import api, models
from odoo.tools import format_date

from ..tools.funnel import change, ratio, widths
from .discipline_funnel_page import STEPS
from .discipline_funnel_report import CONVERSIONS, MEASURES

SUMS = [f"{name}:sum" for name in MEASURES]
EXACT = 6  # digits that parts of a fact are rounded to


class DisciplineFunnelReport(models.Model):
    """The numbers of the page Funnel: read in two statements, whatever the number of people."""

    _inherit = "discipline.funnel.report"

    @api.model
    def _get_groups(self, options: dict, first: date, last: date) -> list[dict]:
        """People by team, those with the most deals first: `[{"team_id", "name", "rows": [{"user_id", "name", "values"}],
        "values"}]`. Only the whole company is told apart by team."""
        by_team = options["scope"] == "company"
        domain = self._get_page_domain(options, first, last)
        found = {}
        for team, user, *sums in self._read_group(domain, ["team_id", "user_id"], SUMS):
            values = self._prepare_values(dict(zip(MEASURES, sums, strict=True)))
            key = team.id if by_team else False
            group = found.setdefault(
                key, {"team_id": key, "name": team.sudo().name if by_team else "", "rows": {}}
            )
            row = group["rows"].setdefault(
                user.id, {"user_id": user.id, "name": user.sudo().name, "values": []}
            )
            row["values"].append(values)
        return [
            self._prepare_group(group, by_team)
            for group in sorted(found.values(), key=lambda g: g["name"] or "~")
        ]

    @api.model
    def _prepare_group(self, group: dict, by_team: bool) -> dict:
        rows = [{**row, "values": self._add_up(row["values"])} for row in group["rows"].values()]
        for row in rows:
            row["name"] = row["name"] or self.env._("Nobody")
        rows.sort(key=lambda row: (-row["values"]["deals_won"], -row["values"]["calls"], row["name"]))
        name = group["name"] or (self.env._("No Team") if by_team else "")
        return {**group, "name": name, "rows": rows, "values": self._add_up([row["values"] for row in rows])}

    @api.model
    def _get_past(self, options: dict, first: date, last: date) -> dict:
        """The values of the period before."""
        (sums,) = self._read_group(self._get_page_domain(options, first, last), [], SUMS)
        return self._prepare_values(dict(zip(MEASURES, sums, strict=True)))

    @api.model
    def _prepare_values(self, sums: dict) -> dict:
        """Measures (nothing found is 0) with the conversions that follow from them."""
        values = {name: round(sums[name] or 0.0, EXACT) for name in MEASURES}
        for name, (above, below) in CONVERSIONS.items():
            values[name] = ratio(values[above], values[below])
        return values

    @api.model
    def _add_up(self, rows: list[dict]) -> dict:
        return self._prepare_values({name: sum(row[name] for row in rows) for name in MEASURES})

    # ------------------------------------------------------------
    # What is shown of them
    # ------------------------------------------------------------

    @api.model
    def _get_steps(self, total: dict, past: dict) -> list[dict]:
        """Steps in their order: a value of `_prepare_value` with `width` (of the bar, percent), `conversion` (from the
        step before, or None) and `details`."""
        steps = []
        for (name, (conversion, more)), width in zip(
            STEPS.items(), widths([total[name] for name in STEPS]), strict=True
        ):
            steps.append(
                {
                    **self._prepare_value(name, total, past),
                    "width": width,
                    "conversion": conversion and self._prepare_value(conversion, total, past),
                    "details": [self._prepare_value(detail, total, past) for detail in more],
                }
            )
        return steps

    @api.model
    def _prepare_value(self, name: str, total: dict, past: dict) -> dict:
        """A number beside the one before: `{"key", "label", "unit", "value", "before", "change"}`; `change` in percent,
        of a conversion in percentage points."""
        value, before = total[name], past[name]
        if name in CONVERSIONS:
            moved = value - before if value is not None and before is not None else None
        else:
            moved = change(value, before)
        return {**self._prepare_column(name), "value": value, "before": before, "change": moved}

    @api.model
    def _prepare_column(self, name: str) -> dict:
        unit = "percent" if name in CONVERSIONS else "money" if name.startswith("amount") else "count"
        return {"key": name, "label": self._get_label(name), "unit": unit}

    @api.model
    def _get_label(self, name: str) -> str:
        """What a measure, conversion or filter is called where its unit is shown beside it."""
        conversions = {
            "conversion_call_meeting": self.env._("Call → Meeting"),
            "conversion_meeting_proposal": self.env._("Meeting → Proposal"),
            "conversion_proposal_won": self.env._("Proposal → Deal"),
            "conversion_call_won": self.env._("Call → Deal"),
        }
        return conversions.get(name) or self._fields[name]._description_string(self.env)

    @api.model
    def _get_title(self, period: str, first: date, last: date) -> str:
        """The period in words: November 2026, Q4 2026, 2026, or its days."""
        formats = {"month": "LLLL y", "quarter": "QQQ y", "year": "y"}
        if period in formats:
            return format_date(self.env, first, date_format=formats[period])
        return self._get_dates(first, last)

    @api.model
    def _get_dates(self, first: date, last: date) -> str:
        dates = [format_date(self.env, day) for day in (first, last)]
        return dates[0] if first == last else " – ".join(dates)
