from datetime import date, datetime, time, timedelta
from random import Random

from odoo import models

from ..demo_company import embellish
from ..demo_company.calendar import DAY
from ..demo_company.people import PEOPLE

WEEKS = 8  # of spot checks
ANSWERS = ("Yes, we talked about the offer.", "Yes, last week.", "Yes, very helpful.")
DENIED = "Cannot remember a call that day."


class DisciplineDemo(models.AbstractModel):
    """What people of the demo company say of their own work, and what is found out about it: reports, signals, spot
    checks, appeals."""

    _inherit = "discipline.demo"

    def _hand_in_reports(self, moment, users, random):
        """The reports of the day that ends, of whoever is asked for one: just before its deadline."""
        people = {users[person.key].id: person for person in PEOPLE}
        domain = [("ask_report", "=", True), ("state", "=", "open"), ("deadline", "<", moment)]
        cards = self.env["discipline.scorecard"].sudo().search([*domain, ("submitted_at", "=", False)])
        cards._measure_and_store(moment, freeze=False)
        for card in cards.exists():
            person = people[card.user_id.id]
            if random.random() > person.care + 0.15:
                continue  # forgotten
            handed_in = card.deadline - timedelta(minutes=random.randint(2, 40))
            lines = card._get_report_lines().filtered("has_data")
            numbers = {line: embellish.state(person, line.actual, random) for line in lines}
            card._store_report(numbers, "", handed_in)

    def _find_signals(self, now):
        """Look for signals in the last month, and draw and verify the spot checks of the last weeks."""
        company, random = self.env.company, Random(now.date().toordinal())
        self.env["discipline.signal"].sudo()._find(now)
        monday = now.date() - now.weekday() * DAY
        checks = self.env["discipline.spot.check"].sudo()
        for back in range(WEEKS, 0, -1):
            week = monday - back * 7 * DAY
            drawn = checks._draw(company, week, now)
            if back > 1:
                self._verify_checks(drawn, week, random)
        company.discipline_spot_drawn = monday - 7 * DAY

    def _verify_checks(self, checks, week: date, random):
        """What the customers said of a week's spot checks, in the days after it."""
        rows = []
        for check in checks:
            doubtful = check.user_id.login in (embellish.EMBELLISHER, embellish.OVERSTATER)
            chance = random.random()
            denied = chance < (0.4 if doubtful else 0.03)
            state = "denied" if denied else "unreachable" if chance > 0.88 else "confirmed"
            comment = DENIED if denied else random.choice(ANSWERS) if state == "confirmed" else None
            moment = datetime.combine(week, time(9, 20)) + timedelta(
                days=7 + random.randint(0, 2), minutes=random.randint(0, 300)
            )
            rows.append((check.id, state, comment, check._get_readers()[:1].id, moment))
        if rows:
            self._backdate("discipline.spot.check", ("state", "comment", "checked_by_id", "checked_at"), rows)

    def _make_appeals(self, users, now):
        """What people said against recent days of theirs, and what was decided."""
        for key, back, code, reason, text, amount, result, answer in embellish.APPEALS:
            domain = [("user_id", "=", users[key].id), ("period", "=", "day"), ("state", "=", "frozen")]
            domain += [("date_from", "<=", now.date() - back * DAY)]
            card = self.env["discipline.scorecard"].sudo().search(domain, order="date_from desc", limit=1)
            line = card.line_ids.filtered(lambda line: code and line.metric_id.code == code)[:1]  # noqa: B023
            if not card or code and not line:
                continue
            appeal = self.env["discipline.appeal"].with_user(users[key])
            appeal = appeal.create(
                {
                    "scorecard_id": card.id,
                    "line_id": line.id,
                    "reason": reason,
                    "text": text,
                    "amount": amount,
                }
            )
            asked = card.deadline + timedelta(hours=15)
            if result:
                leader = card.team_id.user_id
                appeal.with_user(leader)._decide(result, answer, amount)
                values = (appeal.id, asked, asked + timedelta(hours=3))
                self._backdate("discipline.appeal", ("asked_at", "decided_at"), [values])
            else:
                self._backdate("discipline.appeal", ("asked_at",), [(appeal.id, asked)])
