from datetime import date, datetime, timedelta

from odoo.tests import freeze_time, tagged

from .engine_common import at
from .freeze_common import FreezeCase

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

# zone, day, and in UTC: when the day begins, its deadline at six in the evening, when it ends
DAYS = [
    ("Asia/Vladivostok", "2026-03-08", "2026-03-07 14:00", "2026-03-08 08:00", "2026-03-08 14:00"),
    ("Europe/Moscow", "2026-03-08", "2026-03-07 21:00", "2026-03-08 15:00", "2026-03-08 21:00"),
    ("Europe/Berlin", "2026-03-08", "2026-03-07 23:00", "2026-03-08 17:00", "2026-03-08 23:00"),
    (
        "America/New_York",
        "2026-03-08",
        "2026-03-08 05:00",
        "2026-03-08 22:00",
        "2026-03-09 04:00",
    ),  # 23 hours
    ("Asia/Vladivostok", "2026-03-29", "2026-03-28 14:00", "2026-03-29 08:00", "2026-03-29 14:00"),
    ("Europe/Moscow", "2026-03-29", "2026-03-28 21:00", "2026-03-29 15:00", "2026-03-29 21:00"),
    ("Europe/Berlin", "2026-03-29", "2026-03-28 23:00", "2026-03-29 16:00", "2026-03-29 22:00"),  # 23 hours
    ("America/New_York", "2026-03-29", "2026-03-29 04:00", "2026-03-29 22:00", "2026-03-30 04:00"),
    ("Europe/Berlin", "2026-10-25", "2026-10-24 22:00", "2026-10-25 17:00", "2026-10-25 23:00"),  # 25 hours
    ("America/New_York", "2026-10-25", "2026-10-25 04:00", "2026-10-25 22:00", "2026-10-26 04:00"),
    ("Europe/Moscow", "2026-10-25", "2026-10-24 21:00", "2026-10-25 15:00", "2026-10-25 21:00"),
    ("Asia/Vladivostok", "2026-10-25", "2026-10-24 14:00", "2026-10-25 08:00", "2026-10-25 14:00"),
    ("Europe/Berlin", "2026-11-01", "2026-10-31 23:00", "2026-11-01 17:00", "2026-11-01 23:00"),
    (
        "America/New_York",
        "2026-11-01",
        "2026-11-01 04:00",
        "2026-11-01 23:00",
        "2026-11-02 05:00",
    ),  # 25 hours
    ("Europe/Moscow", "2026-11-01", "2026-10-31 21:00", "2026-11-01 15:00", "2026-11-01 21:00"),
    ("Asia/Vladivostok", "2026-11-01", "2026-10-31 14:00", "2026-11-01 08:00", "2026-11-01 14:00"),
]


@tagged("post_install", "-at_install")
class TestFreezeZones(FreezeCase):
    """The freeze at 18:00 of each person's day, on one database, on the days the clocks change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls._make_calendar()
        zones = ("Asia/Vladivostok", "Europe/Moscow", "Europe/Berlin", "America/New_York")
        cls.people = dict(zip(zones, cls.e_anna + cls.e_boris + cls.e_carla + cls.e_lena, strict=True))
        for zone, employee in cls.people.items():
            employee.write({"tz": zone, "resource_calendar_id": calendar.id})
        for day in sorted({row[1] for row in DAYS}):
            cls._make_plan(("companies_added", 3.0), date_from=day, date_to=day)

    def _add_facts(self):
        for zone, _day, *moments in DAYS:
            start, deadline, stop = map(at, moments)
            user = self.people[zone].user_id
            for moment in (start - SECOND, stop):
                self._fact(user, moment)  # yesterday and tomorrow
            for moment in (start, deadline - SECOND, deadline):
                self._fact(user, moment)  # in time
            for moment in (deadline + SECOND, stop - SECOND):
                self._fact(user, moment)  # that day, but too late
            self._fact(user, start + HOUR, deadline + SECOND)  # entered too late
            self._fact(user, start + HOUR, deadline)

    def _check(self):
        for zone, day, _start, deadline, _stop in DAYS:
            with self.subTest(zone=zone, day=day):
                card = self._card(self.people[zone], day)
                line = card.line_ids
                self.assertEqual((card.tz, card.deadline, card.state), (zone, at(deadline), "frozen"))
                self.assertEqual((line.actual, line.late), (4, 3))
                self.assertEqual((line.zone, line.points), ("green", 1))

    def test_days_late(self):
        self._add_facts()
        self._score("2026-03-08 12:00:00")
        self._score("2026-11-04 12:00:00")
        self._check()

    def test_at_the_second(self):
        """A card is frozen at its deadline and not a second before, whoever else's is."""
        deadlines = sorted({at(deadline) for _zone, _day, _start, deadline, _stop in DAYS})
        for deadline in deadlines:
            due = [row for row in DAYS if at(row[3]) == deadline]
            self._score(deadline - SECOND)
            for zone, day, *_moments in due:
                self.assertEqual(self._card(self.people[zone], day).state, "open", (zone, day))
            frozen = self._score(deadline)
            expected = {(self.people[zone], date.fromisoformat(day)) for zone, day, *_moments in due}
            self.assertLessEqual(expected, {(card.employee_id, card.date_from) for card in frozen})
            self.assertEqual(set(frozen.mapped("state")), {"frozen"})
            self.assertEqual(set(frozen.mapped("frozen_at")), {deadline})

    def test_on_time_hours_late_and_days_late(self):
        """Every ten minutes, hours late, weeks late or by a clock that is set back again and again: the same cards, but for
        what says when."""
        end = at("2026-04-02 12:00:00")
        deadlines = sorted(
            {at(deadline) for _zone, _day, _start, deadline, _stop in DAYS if at(deadline) < end}
        )
        runs = {
            "on time": sorted(moment + delay for moment in deadlines for delay in (-9 * HOUR, 0 * HOUR)),
            "hours late": [moment + 5 * HOUR for moment in deadlines],
            "weeks late": [],
            "set back": [moment + delay for moment in deadlines for delay in (HOUR, -5 * HOUR, 2 * HOUR)],
        }
        self._add_facts()
        seen = {}
        for name, moments in runs.items():
            savepoint = self.env.cr.savepoint(flush=False)
            for moment in moments:
                self._score(moment)
            self._score(end)
            seen[name] = self._snapshot(late=False)
            savepoint.rollback()
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertEqual(len(seen["on time"]), 4 * 2)
        self.assertEqual(seen["hours late"], seen["on time"])
        self.assertEqual(seen["weeks late"], seen["on time"])
        self.assertEqual(seen["set back"], seen["on time"])


@tagged("post_install", "-at_install")
class TestFreezeLate(FreezeCase):
    """What is entered late, and what happens afterwards. Anna's day is 23:00 to 23:00 UTC, her deadline 17:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.discipline_late_days = 7

    def test_real_work(self):
        """Through Odoo itself: done at six counts, a second later it is late."""
        plan = self._make_plan(("calls_done", 2.0), date_from="2026-03-10", employee_ids=self.e_anna.ids)
        lead = self._make_lead(self.anna)
        for moment in ("16:59:59", "17:00:00", "17:00:01", "22:59:59", "23:00:00"):
            self._make_fact(self.anna, f"2026-03-10 {moment}", lead=lead)
        self._score("2026-03-10 22:30:00")
        line = self._card(self.e_anna, "2026-03-10", plan).line_ids
        self.assertEqual((line.actual, line.done, line.points), (2, True, 1))
        self._score("2026-03-11 08:00:00")
        line.invalidate_recordset()
        self.assertEqual((line.actual, line.late), (2, 2))

    def test_clock_ahead(self):
        """Nothing tells the program that its clock is days ahead. When it is right again, cards stay as they are, each once,
        and what is done on those days is in the ledger."""
        plan = self._make_plan(("calls_done", 1.0), date_from="2026-03-10", employee_ids=self.e_anna.ids)
        self._score("2026-03-12 20:00:00")
        frozen = self._snapshot()
        self.assertEqual(len(frozen), 3)
        facts = self._make_fact(self.anna, "2026-03-12 10:00:00")
        for moment in ("2026-03-10 18:00:00", "2026-03-12 18:00:00", "2026-03-13 20:00:00"):
            self._score(moment)
        self.assertEqual(self._snapshot()[:3], frozen)
        self.assertEqual(facts.quantity, 1)
        line = self._card(self.e_anna, "2026-03-12", plan).line_ids
        self.assertEqual(
            (line.actual, line.late), (0, 0), "it was done in time for a card that was closed before"
        )
        self.assertEqual(len(self._card(self.e_anna, "2026-03-13", plan)), 1)

    def test_late_is_followed_for_days(self):
        self._make_plan(("companies_added", 2.0), date_from="2026-03-10", employee_ids=self.e_anna.ids)
        self._work(self.anna, "2026-03-10", 1)
        self._score("2026-03-10 17:05:00")
        self.assertEqual(self._actuals(self.e_anna), {"2026-03-10": (1, 0)})
        before = self._snapshot(late=False)
        self._fact(self.anna, at("2026-03-10 09:00"), at("2026-03-12 09:00"))
        self._score("2026-03-12 09:10:00")
        self.assertEqual(self._actuals(self.e_anna)["2026-03-10"], (1, 1))
        self._fact(self.anna, at("2026-03-10 09:30"), at("2026-03-12 09:30"))
        self._score("2026-03-12 10:00:00")
        self.assertEqual(self._actuals(self.e_anna)["2026-03-10"], (1, 1), "once a day is enough")
        self._score("2026-03-17 09:00:00")
        self.assertEqual(self._actuals(self.e_anna)["2026-03-10"], (1, 2))
        self._fact(self.anna, at("2026-03-10 09:40"), at("2026-03-18 09:40"))
        self._score("2026-03-18 10:00:00")
        self.assertEqual(
            self._actuals(self.e_anna)["2026-03-10"], (1, 2), "after a week nobody asks any more"
        )
        self.assertEqual([row for row in self._snapshot(late=False) if row[2] == before[0][2]], before)

    def test_next_period(self):
        """Late entries count for the next day that is worked: Friday evening's and the weekend's on Monday."""
        self._make_plan(
            ("companies_added", 2.0),
            date_from="2026-03-12",
            employee_ids=self.e_anna.ids,
            late_policy="next_period",
        )
        self._fact(self.anna, at("2026-03-13 10:00"))  # Friday, in time
        self._fact(self.anna, at("2026-03-13 18:00"))  # Friday evening
        self._fact(self.anna, at("2026-03-13 09:00"), at("2026-03-14 09:00"))  # Friday's, entered on Saturday
        self._fact(self.anna, at("2026-03-14 12:00"))  # Saturday
        self._fact(self.anna, at("2026-03-15 12:00"), at("2026-03-16 08:00"))  # Sunday's, entered on Monday
        self._fact(
            self.anna, at("2026-03-15 13:00"), at("2026-03-16 17:00:01")
        )  # the same, but too late again
        self._fact(self.anna, at("2026-03-16 10:00"))  # Monday
        self._fact(self.anna, at("2026-03-16 17:30"))  # Monday evening: Tuesday's
        self._fact(self.anna, at("2026-03-12 10:00"), at("2026-03-16 10:00"))  # Thursday's is lost by Monday
        self._score("2026-03-18 12:00:00")
        expected = {"2026-03-12": (0, 1), "2026-03-13": (1, 2), "2026-03-16": (5, 1), "2026-03-17": (1, 0)}
        self.assertEqual(self._actuals(self.e_anna), expected)

    def test_nobody_counts_twice(self):
        """With the late ones carried over, every fact counts on one day at most."""
        self._make_plan(
            ("companies_added", 2.0),
            date_from="2026-03-02",
            employee_ids=self.e_anna.ids,
            late_policy="next_period",
        )
        moment = datetime(2026, 3, 2, 0, 30)
        count = 0
        while moment < datetime(2026, 3, 12, 12):
            for delay in (0, 7, 20):
                self._fact(self.anna, moment, moment + delay * HOUR)
                count += 1
            moment += timedelta(hours=5, minutes=7)
        self._score("2026-03-13 12:00:00")
        counted = sum(actual for actual, _late in self._actuals(self.e_anna).values())
        self.assertTrue(0.7 * count < counted <= count, (counted, count))

    def test_afterwards(self):
        """A lead reassigned, won or deleted afterwards, an activity done, moved or deleted: nothing changes."""
        codes = ("calls_done", "deals_won", "deals_open", "deals_without_activity", "activities_overdue")
        plan = self._make_plan(
            *((code, 2.0) for code in codes),
            date_from="2026-03-10",
            date_to="2026-03-10",
            team_ids=self.north.ids,
        )
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        with freeze_time("2026-03-09 08:00:00"):
            leads = [self._make_lead(self.anna, name=f"Deal {number}") for number in range(6)]
            late = [
                self._make_activity(self.anna, lead, date_deadline=day)
                for lead, day in zip(
                    leads, ("2026-03-09", "2026-03-09", "2026-03-10", "2026-03-11"), strict=False
                )
            ]
        with freeze_time("2026-03-10 10:00:00"):
            done = self._make_activity(self.anna, leads[4])
            done.with_user(self.anna).action_feedback()
            leads[5].stage_id = won
        savepoint = self.env.cr.savepoint()
        self._score("2026-03-10 17:00:00")
        expected = self._snapshot()
        actual = {
            line.metric_id.code: line.actual for line in self._card(self.e_anna, "2026-03-10", plan).line_ids
        }
        self.assertEqual(
            actual,
            {
                "calls_done": 1,
                "deals_won": 1,
                "deals_open": 5,
                "deals_without_activity": 1,
                "activities_overdue": 2,
            },
        )

        def change():
            with freeze_time("2026-03-10 17:00:01"):
                leads[0].user_id = self.boris
                leads[1].unlink()
                leads[2].stage_id = won
                leads[3].action_set_lost()
                leads[5].stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
                late[0].with_user(self.anna).action_feedback()
                late[2].date_deadline = "2026-03-20"
                late[3].unlink()
                done.unlink()
                self._make_activity(self.anna, leads[4])
                self._make_lead(self.anna)
            with freeze_time("2026-03-11 09:00:00"):
                leads[4].unlink()
                self.anna.sale_team_id.crm_team_member_ids.filtered(
                    lambda m: m.user_id == self.anna
                ).active = False

        change()
        self._score("2026-03-11 12:00:00")
        self._score("2026-03-13 12:00:00")
        self.assertEqual(self._snapshot(late=False), [row[:-1] for row in expected])
        savepoint.rollback()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        # and the same if nobody scored before all that had happened, but for Anna's team, which Odoo forgets
        late[0].invalidate_recordset()
        with freeze_time("2026-03-10 08:00:00"):
            self.cards._score(at("2026-03-10 08:00:00"))
        change()
        self._score("2026-03-13 12:00:00")
        mine = [row[:-1] for row in expected if row[0] == self.e_anna.id]
        self.assertEqual([row for row in self._snapshot(late=False) if row[0] == self.e_anna.id], mine)
