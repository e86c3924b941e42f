from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .signal_common import SignalCase

UTC = ZoneInfo("UTC")
ZONE = ZoneInfo("Atlantic/Azores")  # the clocks go back over midnight there, on 25 October 2026
LIMITS = {
    "burst": (3, 4),
    "no_text": (3, 0),
    "same_text": (3, 0),
    "client": (3, 0),
}  # kind: (at least, minutes)
FIRST = {"day": "2026-10-01", "week": "2026-09-28", "month": "2026-10-01"}


@tagged("post_install", "-at_install")
class TestSignalRandom(SignalCase):
    """Random days of people with cards of the day, the week and the month, held against a count in Python that shares
    nothing with the SQL: one look at everything finds what looking at each day apart would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.team.member"].search([]).action_archive()
        cls.users, cls.employees, cls.team = cls._make_crew(6, tz=ZONE.key)
        rules = cls.env["discipline.signal.rule"].search([])
        rules.active = False
        for kind, (least, minutes) in LIMITS.items():
            cls._rule(kind).write(
                {"active": True, "at_least": least, "minutes": minutes, "share": 50, "bare_share": 0}
            )
        plans = {"day": cls.employees[:3], "week": cls.employees[2:5], "month": cls.employees}
        for period, people in plans.items():
            cls._make_plan(
                ("calls_done", 1),
                period=period,
                employee_ids=people.ids,
                date_from=FIRST[period],
                close_delay_days=0,
            )

    def _make_month(self, seed):
        """Some days with many activities, most with a few; some texts, clients and moments are the same."""
        random = Random(seed)
        rows = []
        for user in self.users:
            for day in range(30):
                for _n in range(random.choice([0, 0, 1, 2, 5, 9])):
                    moment = datetime(2026, 10, 1) + timedelta(
                        days=day, minutes=random.choice([0, 1, 2, 60, 1439])
                    )
                    moment += timedelta(seconds=random.randrange(86_400) if random.random() < 0.5 else 0)
                    text = random.choice([None, "", "", "Called, all fine", "No answer"])
                    client = self.clients[random.randrange(3)]
                    late = timedelta(hours=random.choice([0, 0, 0, 30]))
                    rows.append(
                        self._activity(
                            user, moment, text, client=client, entered_at=moment + late, res_id=None
                        )
                    )
        return self._insert_facts(rows)

    def _get_days(self, rows):
        """`{(employee, local day): [facts]}`: what counts on the card that stands for the day, a day's before the others,
        else the one that is closed later."""
        spans = defaultdict(dict)
        cards = self.cards.search([("employee_id", "in", self.employees.ids), ("state", "=", "frozen")])
        for card in cards.sorted(lambda card: (card.period == "day", card.deadline)):
            for n in range((card.date_to - card.date_from).days + 1):
                spans[card.user_id.id][card.date_from + timedelta(days=n)] = card
        days = defaultdict(list)
        for row in rows:
            day = self._local(row["happened_at"])
            card = spans[row["user_id"]].get(day)
            if card and row["entered_at"] <= card.deadline:
                days[card.employee_id, day].append(row)
        return days

    def _local(self, moment) -> date:
        """A day begins with the last midnight it has: where the clocks go back over midnight there are two."""
        moment = moment.replace(tzinfo=UTC)
        day = moment.astimezone(ZONE).date()
        begin = datetime(day.year, day.month, day.day, tzinfo=ZONE, fold=1)
        return day if moment >= begin.astimezone(UTC) else day - timedelta(days=1)

    def _expect(self, rows):
        """`{kind: strength}` of one day's facts."""
        found = {}
        texts = Counter((row["details"] or {}).get("text") for row in rows)
        allowed = self._allowed
        for text, count in texts.items():
            if count >= 3 and 2 * count >= len(rows):
                if text is None:
                    found["no_text"] = count
                elif text not in allowed:
                    found["same_text"] = max(count, found.get("same_text", 0))
        clients = Counter((row["partner_id"], row["activity_type_id"]) for row in rows)
        if clients and max(clients.values()) >= 3:
            found["client"] = max(clients.values())
        moments = [row["happened_at"] for row in rows]
        bursts = (
            sum(begin <= moment <= begin + timedelta(minutes=4) for moment in moments) for begin in moments
        )
        burst = max(bursts, default=0)
        return {**found, "burst": burst} if burst >= 3 else found

    def test_random_months(self):
        self._allowed = {self._activity(self.anna, datetime(2026, 10, 1), "No answer")["details"]["text"]}
        for seed in (1, 2):
            with self.subTest(seed=seed):
                savepoint = self.env.cr.savepoint()
                days = self._make_month(seed)
                self._score("2026-11-02 12:00:00")
                expected = {
                    (employee.id, day, kind): strength
                    for (employee, day), rows in self._get_days(days).items()
                    for kind, strength in self._expect(rows).items()
                }
                signals = self.signals.search([("employee_id", "in", self.employees.ids)])
                found = {(s.employee_id.id, s.date, s.kind): s.strength for s in signals}
                self.assertEqual(found, expected)
                self.assertEqual({kind for *_day, kind in found}, set(LIMITS))
                self.assertGreater(len(found), 40)
                savepoint.rollback()
                self.env.invalidate_all()
