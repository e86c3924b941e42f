from collections import Counter

from ..tools.sales_plan import combine, difference, total
from ..tools.scoring import Rule
from .discipline_target_facts import ADDITIVE, STATE

COMPANY, TEAM, PERSON, OTHERS = "company", "team", "person", "others"


class PlanRows:
    """From cells, facts and pipeline to rows. Numbers that there are not are None until a row is finished."""

    def __init__(self, targets, metric, facts: dict, pipeline: dict, kind: str):
        self.targets, self.metric, self.facts, self.pipeline = targets, metric, facts, pipeline
        self.across_months = kind in (ADDITIVE, STATE)
        self.across_people = kind in (ADDITIVE, STATE)
        self.months = {}  # by row key: {month: (plan, due)}

    def prepare_person(self, team_id, employee_id, name: str, cells: list) -> dict:
        key = (PERSON, team_id, employee_id)
        self.months[key] = {cell.month: (cell.plan, cell.due) for cell in cells}
        given = combine([cell.given for cell in cells], self.across_months)
        rule = next((cell.rule for cell in reversed(cells) if cell.rule), None)
        closed = bool(cells) and all(cell.closed for cell in cells)
        values = {"id": employee_id, "team_id": team_id or 0, "name": name, "level": 2}
        return self._prepare_row(key, {**values, "given": given, "closed": closed, "rule": rule})

    def prepare_nobody(self) -> list[dict]:
        """What was sold by users who are no employees, if anything was."""
        key = (PERSON, None, 0)
        if not (self.facts.get(key) or (self.pipeline or {}).get(key)):
            return []
        name = self.targets.env._("Users who are no employees, or nobody")
        self.months[key] = {}
        return [self._prepare_row(key, {"id": 0, "team_id": 0, "name": name, "level": 2})]

    def prepare_sum(self, owner: tuple, name: str, below: list[dict], wholes: dict, months: list) -> dict:
        """The row of a team or of the company: its own plan in the months that have one, else that of those below."""
        whole = wholes.get(owner, {})
        parts = [self.months[row["key"]] for row in below]
        sums = {
            month: tuple(
                combine([part.get(month, (None, None))[i] for part in parts], self.across_people)
                for i in (0, 1)
            )
            for month in months
        }
        self.months[owner] = {month: whole.get(month, sums[month]) for month in months}
        own = combine([plan for plan, _due in whole.values()], self.across_months)
        people = combine([plan for plan, _due in sums.values()], self.across_months)
        compared = combine([sums[month][0] for month in whole], self.across_months)
        rules = Counter(row["rule"] for row in below if row["rule"])
        values = {
            "id": owner[1],
            "team_id": owner[1] if owner[0] == TEAM else 0,
            "name": name,
            "level": 0 if owner[0] == COMPANY else 1,
            "own": own,
            "people": people,
            "people_gap": difference(compared, own) if self.across_people else None,
            "given": combine([row["given"] for row in below], self.across_people),
            "rule": rules.most_common(1)[0][0] if rules else None,
            "closed": bool(below) and all(row["closed"] for row in below),
        }
        return self._prepare_row(owner, values)

    def _prepare_row(self, key: tuple, values: dict) -> dict:
        """One row.

        :return: `{"key", "kind", "level" (0 company, 1 team, 2 person), "id", "team_id", "name", "plan", "given" (before
            working hours), "own" (plan of the team as a whole), "people" (sum of those below), "people_gap" (that sum
            less the own plan), "fact", "completion", "zone", "due" (by today), "ahead" (fact less due), "pipeline",
            "forecast", "forecast_completion", "gap" (fact less plan), "closed", "rule"}`
        """
        months = self.months[key].values()
        plan = combine([plan for plan, _due in months], self.across_months)
        due = total(due for _plan, due in months) if self.metric._is_flow() else None
        fact, pipeline = (
            self.facts.get(key),
            self.pipeline.get(key, 0.0) if self.pipeline is not None else None,
        )
        forecast = None if pipeline is None else (fact or 0.0) + pipeline
        rule = values.get("rule") or Rule(self.metric.higher_is_better)
        scorecards = self.targets.env["discipline.scorecard"]
        judged = scorecards._judge(rule, fact, plan, None)
        base = {"own": None, "people": None, "people_gap": None, "given": None, "closed": False, "rule": None}
        return {
            **base,
            **values,
            "key": key,
            "kind": key[0],
            "plan": plan,
            "fact": fact,
            "completion": judged.completion,
            "zone": judged.zone,
            "due": due,
            "ahead": difference(fact, due),
            "pipeline": pipeline,
            "forecast": forecast,
            "forecast_completion": scorecards._judge(rule, forecast, plan, None).completion,
            "gap": difference(fact, plan),
        }
