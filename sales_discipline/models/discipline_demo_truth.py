from datetime import datetime, time, timedelta
from random import Random

from odoo import models

from ..demo_company import embellish
from ..demo_company.calendar import DAY
from ..demo_company.people import PEOPLE

ANSWERS = ("Yes, we talked about the offer.", "Yes, last week.", "Yes, very helpful.")
DENIED = "Cannot remember a call that day."


class DisciplineDemo(models.AbstractModel):
    """What people of the demo company say of their own work, and what is found out about it: reports, signals, spot
    checks, appeals."""

    _inherit = "discipline.demo"

    def _live_through(self, calendar):
        """What was done since there are daily plans is told as captured when it happened, not as found at installation:
        signals and spot checks look at that alone."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE discipline_fact SET origin = 'live' WHERE company_id = %s AND happened_at >= %s",
            [self.env.company.id, calendar.recent],
        )
        self.env["discipline.fact"].invalidate_model(["origin"])

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

    def _look_into_findings(self, now):
        """What leaders made of the signals and spot checks that scoring brought; older messages of them are read."""
        random, monday = Random(now.date().toordinal()), now.date() - now.weekday() * DAY
        old = [("company_id", "=", self.env.company.id), ("date", "<", now.date() - 7 * DAY)]
        signals = self.env["discipline.signal"].sudo().search(old)
        rows = []
        for signal in signals:
            state, comment = embellish.FOUND_OUT[signal.kind]
            decided = datetime.combine(signal.date, time(8, 30)) + timedelta(
                days=1, minutes=random.randint(0, 90)
            )
            rows.append((signal.id, state, comment, signal._get_readers()[:1].id, decided))
        if rows:
            self._backdate("discipline.signal", ("state", "comment", "decided_by_id", "decided_at"), rows)
        checks = (
            self.env["discipline.spot.check"]
            .sudo()
            .search([("company_id", "=", self.env.company.id), ("date_from", "<", monday - 7 * DAY)])
        )
        self._verify_checks(checks, random)
        self.env.cr.execute(
            """
            UPDATE discipline_fact SET entered_at = happened_at WHERE kind = 'report_submitted' AND company_id = %s;
            UPDATE mail_notification n SET is_read = TRUE, read_date = %s FROM mail_message m
             WHERE m.id = n.mail_message_id AND m.date < %s AND n.notification_type = 'inbox'
            """,
            [self.env.company.id, now, now - 4 * DAY],
        )

    def _verify_checks(self, checks, random):
        """What the customers said of spot checks, in the days after the week."""
        rows = []
        for check in checks:
            doubtful = check.user_id.login in (embellish.EMBELLISHER, embellish.OVERSTATER)
            chance = random.random()
            denied = chance < (0.4 if doubtful else 0.03)
            state = "denied" if denied else "unreachable" if chance > 0.88 else "confirmed"
            comment = DENIED if denied else random.choice(ANSWERS) if state == "confirmed" else None
            moment = datetime.combine(check.date_from, time(9, 20)) + timedelta(
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
