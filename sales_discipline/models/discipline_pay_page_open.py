from datetime import date, datetime

from odoo import models
from odoo.tools.misc import format_datetime

from .discipline_payroll import LOCKED


class DisciplineStatement(models.Model):
    """My Pay of a month that is not confirmed: what it comes to as of now, in numbers and in words."""

    _inherit = "discipline.statement"

    def _prepare_my_open_month(self, employee, first: date, today: date, now: datetime) -> dict:
        """What the page shows of a month without a confirmed statement, see `get_my_pay`.

        :param employee: the reader, as superuser
        """
        runs = self.env["discipline.payroll"].sudo()
        company = self.env.company
        known = runs.search([("company_id", "=", company.id), ("date_from", "=", first)], limit=1)
        if known.state in LOCKED:
            return {"state": known.state, "empty": self._explain_no_statement(first)}
        # a run that is not in the database: without what officers enter by hand, and nothing can be stored
        run = runs.new({"company_id": company.id, "date_from": first})
        statement, about = run._prepare_so_far(employee, now)
        if not statement or not (statement["scheme_id"] or statement["lines"]):
            return {"empty": self._explain_no_scheme(first)}
        lines = [{**line, "component_id": line["component_id"] or False} for line in statement["lines"]]
        parts = self._prepare_parts(lines)
        steps = self._add_steps(parts, lines, employee)
        if first == today.replace(day=1):
            steps += self._add_hints(parts, employee, today)
        return {
            "state": "open" if first == today.replace(day=1) else "over",
            "currency_id": statement["currency_id"],
            "total": statement["total"],
            "expected": about["expected"],
            "parts": parts,
            "steps": steps,
            "sums": self._prepare_sums({name: statement[name] for name in self._get_sum_labels()}),
            "notes": self._explain_so_far({line["kind"] for line in lines}, about, employee, now),
        }

    def _add_steps(self, parts: list[dict], lines: list[dict], employee) -> list[dict]:
        """Give each component its next step. :return: all of them, the closest first"""
        components = self.env["discipline.component"].sudo().with_context(lang=self.env.user.lang)
        steps = []
        for part in parts:
            own = [line for line in lines if line["component_id"] == part["component_id"]]
            if not part["component_id"] or part["kind"] == "correction":
                continue
            component = components.browse(part["component_id"])
            if step := component._get_step(own):
                part["step"] = {**step, "component_id": component.id, "name": part["name"]}
                steps.append(part["step"])
        return sorted(steps, key=lambda step: -step["percent"])

    def _add_hints(self, parts: list[dict], employee, today: date) -> list[dict]:
        """Say what a point is worth today, and what open SMART tasks would pay. :return: steps of the tasks"""
        components = self.env["discipline.component"].sudo().with_context(lang=self.env.user.lang)
        schemes = self.env["discipline.scheme"]
        for part in parts:
            if part["kind"] == "points":
                component = components.browse(part["component_id"])
                value = schemes._get_point_values(employee, today, component.card_period).get(employee.id)
                part["hint"] = component._get_points_text(value) if value else ""
        in_force = schemes.sudo().search(
            [("company_id", "=", self.env.company.id), ("state", "=", "active"), ("date_from", "<=", today)]
        )
        scheme = in_force._get_in_force(employee, today).get(employee.id)
        paying = scheme and scheme.component_ids.filtered(lambda component: component.kind == "task")[:1]
        if not paying:
            return []
        paying = components.browse(paying.id)
        return [
            {**step, "component_id": paying.id, "name": paying.name}
            for step in paying._get_task_steps(employee)
        ]

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _explain_no_statement(self, first: date) -> str:
        return self.env._(
            "%(month)s is confirmed, and there is no statement for you in it. If that is wrong, ask the payroll office.",
            month=self._format_month_name(first),
        )

    def _explain_no_scheme(self, first: date) -> str:
        return self.env._(
            "No pay scheme is in force for you in %(month)s, so nothing is computed. Ask the head of sales or the payroll"
            " office: schemes are made under Motivation > Schemes.",
            month=self._format_month_name(first),
        )

    def _explain_so_far(self, kinds: set, about: dict, employee, now: datetime) -> list[str]:
        """What is in a month that is not confirmed, and what is not."""
        moment = format_datetime(self.env, now, tz=employee._get_discipline_tz(), dt_format="short")
        notes = [self.env._("As of %s. Until the month is confirmed, everything in it can change.", moment)]
        if "base" in kinds:
            notes.append(
                self.env._("Base pay is that of the whole month, without the leave that is known by now.")
            )
        if "commission" in kinds:
            notes.append(self.env._("Sales count that have been entered by now."))
        waiting = about["open"]["day"] + about["open"]["week"]
        if waiting:
            notes.append(
                self.env._(
                    "Daily and weekly scorecards count once they are closed; still open: %(count)s.",
                    count=waiting,
                )
            )
        if about["as_it_stands"]:
            notes.append(
                self.env._("The scorecard of the month is still open: it is taken as it stands now.")
            )
        if about["is_hidden"]:
            notes.append(
                self.env._(
                    "The scorecard of the month is left out until you have handed in your report on it."
                )
            )
        if "correction" in kinds:
            notes.append(self.env._("Corrections of earlier months are in it as they are known now."))
        notes.append(self.env._("Not in it: what the payroll office enters by hand."))
        if about["expected"] is not None:
            notes.append(
                self.env._(
                    "The estimate for the end of the month takes sales and results to go on as they have until now."
                )
            )
        return notes
