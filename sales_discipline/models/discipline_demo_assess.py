from datetime import datetime, time, timedelta
from random import Random

from odoo import models
from odoo.fields import Command

from ..demo_company import rules
from ..demo_company.calendar import DAY
from ..demo_company.people import MANAGER, PEOPLE
from ..demo_company.plans import add_months


class DisciplineDemo(models.AbstractModel):
    """What the experts of the demo company said of its people."""

    _inherit = "discipline.demo"

    def _make_assessments(self, calendar, users, plans):
        """Scores of the months that are closed, each given shortly before; what is due now is still to be scored."""
        employees, random = self._get_employees(users), Random(1234)
        values, people = [], []
        by_metric = {line.metric_id.code: plan.id for plan in plans for line in plan.line_ids}
        month = calendar.billed.replace(day=1)
        while (closing := calendar.closing_day(add_months(month, 1))) < calendar.now.date():
            for person, code, expert in self._get_assessments_due(calendar, month):
                values.append(
                    {
                        "employee_id": employees[person.key].id,
                        "assessor_id": users[expert].id,
                        "metric_id": self._get_metric(code).id,
                        "plan_id": by_metric[code],
                        "date_from": month,
                        "date_to": add_months(month, 1) - DAY,
                        "due_date": closing,
                        **self._prepare_score(person, code, random),
                        "scored_at": datetime.combine(closing - DAY, time(8))
                        + timedelta(minutes=random.randint(0, 1700)),
                    }
                )
                people.append(person)
            month = add_months(month, 1)
        assessments = self.env["discipline.assessment"].create(values)
        self._attach_proof(assessments, people)

    def _get_assessments_due(self, calendar, month):
        """`(person, code of the metric, login of the expert)` of a month."""
        leaders = {person.team: person.key for person in PEOPLE if person.leader}
        due = []
        for person in PEOPLE:
            if person.situation == "hired" and calendar.hired > month:
                continue
            if person.leader:
                due.append((person, "coaching", MANAGER[0]))
                continue
            due += [(person, code, leaders[person.team]) for code in ("needs_analysis", "account_plans")]
            due += [(person, "needs_analysis", login) for login in rules.ASSESSED["needs_analysis"][3]]
        return [row for row in due if row[0].key != row[2]]

    def _prepare_score(self, person, code, random):
        """A score to the next five, which goes with how somebody works, and mostly a word about it."""
        mean = 82 + 120 * (person.care - 0.95) if person.care > 0.9 else 45 + 60 * (person.care - 0.6)
        score = 5 * round(min(100.0, max(10.0, random.gauss(mean, 8))) / 5)
        kind = "good" if score >= 85 else "fair" if score >= 65 else "poor"
        comment = random.choice(rules.COMMENTS[kind]) if random.random() < 0.6 or kind == "poor" else False
        return {"score": score, "comment": comment}

    def _attach_proof(self, assessments, people):
        """Every ninth score has the notes of a visit with it."""
        chosen = list(zip(assessments, people, strict=True))[::9]
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": f"Joint visit {assessment.date_to:%Y-%m}, {person.name}.txt",
                    "raw": rules.PROOF.format(name=person.name).encode(),
                    "mimetype": "text/plain",
                    "res_model": assessment._name,
                    "res_id": assessment.id,
                }
                for assessment, person in chosen
            ]
        )
        for (assessment, _person), file in zip(chosen, files, strict=True):
            assessment.attachment_ids = [Command.link(file.id)]
