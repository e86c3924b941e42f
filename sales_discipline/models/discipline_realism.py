from collections import defaultdict
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import realism

MONTHS = 12  # so many months are shown, up to the one asked for


class DisciplineRealism(models.AbstractModel):
    """Whether a plan is realistic, from the frozen monthly scorecards; the rules are in tools/realism.py."""

    _name = "discipline.realism"
    _description = "Plan Realism"

    @api.model
    def _get_panel(self, company, metric, date: date, teams=None) -> dict:
        """What the closed months up to that of `date` say of the plans on a metric, for the company and its teams.

        Managers get both, leaders the teams that they lead (`company` is None then), of the `teams` given; None:
        all there is something known of. A month is closed once the last card of the company, or of the team, is
        frozen. The number of SQL statements does not depend on how many people or teams there are.

        :return: `{"company": panel or None, "teams": {team id: panel}}` of plain values; a panel is
            `{"state": "none|few|alarm|training|ok", "months": [{"date" (ISO, its first day), "label", "short",
            "people", "missed", "share" (percent, None without people), "seasonal", "above" (speaks against the plan),
            "left_out"}],
            "training": [{"employee_id", "name", "missed", "of"}], "proposal" (None without), "scale" (the same as
            percent of everybody's own plan), "text", "summary" (the text without training and proposal), "in_row",
            "limit" (percent), "unit", "currency_id"}`, the words in the reader's language
        :raise AccessError: for whoever is neither a leader nor a manager of this company
        """
        verdicts = self._get_verdicts(company, metric, date, teams)
        names, months = self._get_names(verdicts.values()), self._get_month_names(verdicts.values())
        panels = {
            key: self._prepare_panel(verdict, company, metric, names, months)
            for key, verdict in verdicts.items()
        }
        return {
            "company": panels.get(("company", company.id)),
            "teams": {key: panel for (kind, key), panel in panels.items() if kind == "team"},
        }

    @api.model
    def _get_verdicts(self, company, metric, date: date, teams=None) -> dict[tuple, realism.Verdict]:
        """`{("team", id) or ("company", id): verdict}`: what `_get_panel` says, before it is put into words. Of whom
        nothing is known there is nothing to judge."""
        whole, teams = self._check_reader(company, teams)
        results = self._get_results(company, metric, date, None if whole else teams)
        groups = self._get_closed(results, company.id if whole else None)
        wanted = set(groups) if teams is None else {("team", team_id) for team_id in teams.ids}
        verdicts = {key: self._judge(groups.get(key, []), company, metric) for key in wanted | set(groups)}
        if whole:
            verdicts["company", company.id] = self._judge_company(company, metric, groups, verdicts)
        known = {key: verdict for key, verdict in verdicts.items() if key in wanted or key[0] == "company"}
        return defaultdict(lambda: self._judge([], company, metric), known)

    @api.model
    def _check_reader(self, company, teams) -> tuple:
        """(whether the reader may see the whole company, the teams to show or None for all).

        :raise AccessError: for whoever is neither a leader nor a manager of this company
        """
        user = self.env.user
        if self.env.su:
            return True, teams
        if company not in user.company_ids or not user.has_group("sales_discipline.group_leader"):
            raise AccessError(
                self.env._("Whether plans are realistic is for leaders and managers of the company to see.")
            )
        if user.has_group("sales_discipline.group_manager"):
            return True, teams
        led = self.env["crm.team"].sudo().search([("user_id", "=", user.id)])
        return False, led if teams is None else teams & led

    @api.model
    def _get_results(self, company, metric, date: date, teams=None) -> list[tuple]:
        """(team id, whether the card is open, realism.Result) of each person and month, up to the month of `date`.

        A person's card of a plan on trial counts where there is no other one.
        """
        last = date.replace(day=1)
        self.env["discipline.scorecard.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (c.employee_id, c.date_from)
                       c.team_id, c.state = 'open', c.employee_id, c.date_from,
                       l.actual + COALESCE(l.adjustment, 0), l.completion, NOT COALESCE(l.done, FALSE),
                       c.hours, COALESCE(NULLIF(c.scheduled_hours, 0), c.norm_hours)
                  FROM discipline_scorecard c JOIN discipline_scorecard_line l ON l.scorecard_id = c.id
                 WHERE c.company_id = %s AND c.period = 'month' AND c.date_from BETWEEN %s AND %s
                   AND l.metric_id = %s AND l.scope = 'own' AND (%s OR c.team_id = ANY(%s))
                   AND c.excused IS NOT TRUE
                 ORDER BY c.employee_id, c.date_from, c.trial IS TRUE, c.id
                """,
                company.id,
                last - relativedelta(months=MONTHS - 1),
                last,
                metric.id,
                teams is None,
                teams.ids if teams else [],
            )
        )
        employees = (
            self.env["hr.employee"].sudo().with_context(active_test=False).browse({row[2] for row in rows})
        )
        start = {employee.id: employee._get_discipline_start() for employee in employees}
        rules = company.sudo()
        newcomer, limit = rules.discipline_newcomer_months, rules.discipline_absence_limit
        results = []
        for team_id, opened, person, month, fact, completion, missed, hours, norm in rows:
            left_out = realism.is_newcomer(start[person], month, newcomer)
            left_out = left_out or realism.is_absent(hours or 0.0, norm or 0.0, limit)
            result = realism.Result(person, month, fact, completion, missed, left_out)
            results.append((team_id, opened, result))
        return results

    @api.model
    def _get_closed(self, results: list[tuple], company_id: int | None) -> dict[tuple, list]:
        """`{("team", id) or ("company", id): results}` of those months of each in which no card is open any more."""
        groups, opened = defaultdict(list), set()
        for team_id, is_open, result in results:
            keys = [("team", team_id)] if team_id else []
            for key in keys + ([("company", company_id)] if company_id else []):
                groups[key].append(result)
                if is_open:
                    opened.add((key, result.month))
        return defaultdict(
            list,
            {
                key: [result for result in found if (key, result.month) not in opened]
                for key, found in groups.items()
            },
        )

    @api.model
    def _judge(self, results: list, company, metric) -> realism.Verdict:
        """What follows from results; the rules are in tools/realism.py."""
        return realism.judge(results, company._get_realism_settings(), metric.higher_is_better)

    @api.model
    def _judge_company(self, company, metric, groups: dict, verdicts: dict) -> realism.Verdict:
        """What the results of all say. Whose team's plan is out of reach is not told to be trained."""
        excused = set()
        for key, verdict in verdicts.items():
            if key[0] == "team" and verdict.state == "alarm":
                excused |= {result.person for result in groups[key] if result.month == verdict.judged.month}
        verdict = self._judge(groups["company", company.id], company, metric)
        return realism.excuse(verdict, excused)

    @api.model
    def _get_names(self, verdicts) -> dict[int, str]:
        """Names of those who are listed by these verdicts, by employee id."""
        people = {item.person for verdict in verdicts for item in verdict.training}
        employees = self.env["hr.employee"].sudo().with_context(active_test=False).browse(people)
        return {employee.id: employee.name for employee in employees}

    @api.model
    def _get_month_names(self, verdicts) -> dict[date, tuple[str, str]]:
        """The months of these verdicts in words, each once: in full, and in short."""
        months = {month.month for verdict in verdicts for month in verdict.months}
        return {
            month: (self._format_month(month, "LLLL yyyy"), self._format_month(month, "LLL"))
            for month in months
        }

    @api.model
    def _prepare_panel(self, verdict: realism.Verdict, company, metric, names: dict, months: dict) -> dict:
        """A verdict as plain values, see `_get_panel`."""
        rules = company._get_realism_settings()
        return {
            "state": verdict.state,
            "months": [
                {
                    "date": fields.Date.to_string(month.month),
                    "label": months[month.month][0],
                    "short": months[month.month][1],
                    "people": month.people,
                    "missed": month.missed,
                    "share": month.share,
                    "seasonal": month.seasonal,
                    "above": not month.seasonal and realism.is_above(month, rules),
                    "left_out": month.left_out,
                }
                for month in verdict.months
            ],
            "training": [
                {
                    "employee_id": item.person,
                    "name": names[item.person],
                    "missed": item.missed,
                    "of": item.of,
                }
                for item in verdict.training
            ],
            "proposal": verdict.proposal,
            "scale": verdict.scale,
            "text": " ".join(self._get_sentences(verdict, company, metric, names)),
            "summary": " ".join(self._get_sentences(verdict, company, metric)),
            "in_row": verdict.in_row,
            "limit": company.sudo().discipline_alarm_share,
            "unit": metric.sudo().unit,
            "currency_id": company.sudo().currency_id.id,
        }
