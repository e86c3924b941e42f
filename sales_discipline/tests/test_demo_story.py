from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..demo_company.calendar import Calendar
from ..demo_company.people import PEOPLE
from ..demo_company.plans import add_months, get_sold, plan_sales
from ..demo_company.simulation import SEASON, simulate
from ..tools import realism

SETTINGS = realism.Settings(seasonal=frozenset(SEASON))


@tagged("post_install", "-at_install")
class TestDemoStory(BaseCase):
    """What the year of the demo company is to show, on whatever day it is told; without a database."""

    def judge(self, now):
        """Verdict by team on the sales plans, as of `now`."""
        story = simulate(1907, now)
        plans, sold = plan_sales(story), get_sold(story)
        teams, month = {}, story.calendar.start
        while add_months(month, 1) <= now.date():
            for number, person in enumerate(PEOPLE):
                if person.situation == "hired" or month.month in SETTINGS.seasonal:
                    continue
                plan, fact = plans[person.key][month], sold.get((person.key, month), 0.0)
                result = realism.Result(number, month, fact, 100 * fact / plan, fact < plan)
                teams.setdefault(person.team, []).append(result)
            month = add_months(month, 1)
        return {team: realism.judge(results, SETTINGS) for team, results in teams.items()}

    def test_one_plan_is_out_of_reach(self):
        """The Americas miss their plan for months; in Key Accounts only Tobias misses what the others meet."""
        for now in (datetime(2026, 11, 21, 20), datetime(2028, 1, 30, 12)):
            with self.subTest(now=now):
                verdicts = self.judge(now)
                self.assertEqual(verdicts["americas"].state, "alarm")
                self.assertEqual(verdicts["key"].state, "training")
                self.assertEqual(verdicts["new"].state, "ok")
                names = [PEOPLE[lonely.person].key for lonely in verdicts["key"].training]
                self.assertEqual(names, ["tobias"])

    def test_year(self):
        """Twelve whole months before this one; daily plans for two of them at least."""
        for now in (datetime(2026, 11, 21, 20), datetime(2028, 2, 29, 9), datetime(2027, 1, 1, 3)):
            calendar = Calendar(now)
            self.assertEqual(calendar.start, date(now.year - 1, now.month, 1))
            self.assertLessEqual(calendar.recent, add_months(now.date(), -2))
            self.assertLess(calendar.billed, calendar.recent)
            nights = [list(calendar.nights(period)) for period in ("day", "week", "month")]
            self.assertEqual([sorted(moments) for moments in nights], nights)
            self.assertLess(max(max(moments) for moments in nights), now)
            self.assertGreaterEqual(len(nights[2]), 11)

    def test_inquiries(self):
        """The careful answer within the hour, the careless later or never."""
        story = simulate(1907, datetime(2026, 11, 21, 20))
        answered = {"sophie": [], "dmitry": []}
        for key, found in answered.items():
            leads = [deal for deal in story.deals if deal.inquired and deal.owner.key == key]
            self.assertGreater(len(leads), 15)
            touched = {task.deal: task.done for task in reversed(story.tasks) if task.done and task.deal}
            found += [touched.get(lead) and touched[lead] - lead.inquired for lead in leads]
        self.assertGreater(answered["dmitry"].count(None), 3 * answered["sophie"].count(None))
        middle = {key: sorted(filter(None, found))[len(found) // 3] for key, found in answered.items()}
        self.assertLess(middle["sophie"] * 3, middle["dmitry"])
