import random
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..tools.periods import local_date
from .engine_common import EngineCase, at

CODES = ("deals_open", "deals_without_activity", "activities_overdue")


class Diary:
    """What a test did to its records, kept by itself: the states of each, and since when."""

    def __init__(self):
        self.states = {}  # id: [(moment, dict of the state or None if it is not open)]
        self.moves = []  # (moment, activity id, due date before)

    def note(self, moment, res_id, state):
        self.states.setdefault(res_id, []).append((moment, state))

    def current(self, res_id):
        return self.states[res_id][-1][1]

    def open_at(self, moment):
        """`{id: state}` of what was open then: changed at or before that moment for the last time."""
        result = {}
        for res_id, states in self.states.items():
            known = [state for since, state in states if since <= moment]
            if known and known[-1]:
                result[res_id] = known[-1]
        return result


@tagged("post_install", "-at_install")
class TestEngineState(EngineCase):
    """Stocks as of a moment: measured on time, and again when everything has changed since, they are the same, and
    they are what a diary of what was done says. Everything is done through Odoo itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.anna + cls.boris + cls.carla
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.new = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        cls.metrics = cls.env["discipline.metric"].browse([cls._metric(code).id for code in CODES])

    def setUp(self):
        super().setUp()
        self.rng = random.Random(19)
        self.deals, self.activities = Diary(), Diary()
        self.lead_of = {}

    # ------------------------------------------------------------
    # What is done at random
    # ------------------------------------------------------------

    def _pick(self, diary, model):
        ids = [res_id for res_id, states in diary.states.items() if states[-1][1]]
        return self.env[model].browse(self.rng.choice(ids)) if ids else self.env[model]

    def _do_lead(self, now):
        user = self.rng.choice(self.people)
        lead = self._make_lead(user)
        self.deals.note(now, lead.id, {"user": user.id})

    def _do_reassign(self, now):
        if lead := self._pick(self.deals, "crm.lead"):
            lead.user_id = user = self.rng.choice(self.people)
            self.deals.note(now, lead.id, {"user": user.id})

    def _do_close(self, now):
        if lead := self._pick(self.deals, "crm.lead"):
            if self.rng.random() < 0.5:
                lead.stage_id = self.won
            else:
                lead.action_set_lost()
            self.deals.note(now, lead.id, None)

    def _do_reopen(self, now):
        closed = [res_id for res_id, states in self.deals.states.items() if not states[-1][1]]
        leads = self.env["crm.lead"].with_context(active_test=False).search([("id", "in", closed)])
        if leads:
            lead = self.rng.choice(leads)
            if lead.active:
                lead.write({"stage_id": self.new.id, "probability": 10})
            else:
                lead.action_unarchive()
                lead.probability = 10
            self.deals.note(now, lead.id, {"user": lead.user_id.id})

    def _do_delete(self, now):
        if lead := self._pick(self.deals, "crm.lead"):
            for res_id, lead_id in self.lead_of.items():
                if lead_id == lead.id and self.activities.current(res_id):
                    self.activities.note(now, res_id, None)
            lead.unlink()
            self.deals.note(now, lead.id, None)

    def _do_plan(self, now):
        if lead := self._pick(self.deals, "crm.lead"):
            user = self.rng.choice(self.people)
            due = now.date() + timedelta(days=self.rng.randrange(-1, 3))
            activity = self._make_activity(lead.user_id, lead, user_id=user.id, date_deadline=due)
            self.lead_of[activity.id] = lead.id
            self.activities.note(now, activity.id, {"user": user.id, "due": due})

    def _do_finish(self, now):
        if activity := self._pick(self.activities, "mail.activity"):
            if self.rng.random() < 0.7:
                activity.action_feedback()
            else:
                activity.unlink()
            self.activities.note(now, activity.id, None)

    def _do_hand_over(self, now):
        if activity := self._pick(self.activities, "mail.activity"):
            activity.user_id = user = self.rng.choice(self.people)
            self.activities.note(now, activity.id, {**self.activities.current(activity.id), "user": user.id})

    def _do_postpone(self, now):
        if activity := self._pick(self.activities, "mail.activity"):
            state = self.activities.current(activity.id)
            due = state["due"] + timedelta(days=self.rng.choice((-1, 1, 2, 7)))
            owner = self.env["res.users"].browse(state["user"])
            if state["due"] <= local_date(now, owner.tz) and due > state["due"]:
                self.activities.moves.append((now, activity.id, state["due"]))
            activity.date_deadline = due
            self.activities.note(now, activity.id, {**state, "due": due})

    # ------------------------------------------------------------
    # The recount
    # ------------------------------------------------------------

    def _recount(self, window):
        """{code: set of ids} by the diary."""
        moment = min(window.stop, window.entered_by)
        activities = self.activities.open_at(moment)
        deals = {i for i, state in self.deals.open_at(moment).items() if state["user"] in window.user_ids}
        planned = {self.lead_of[res_id] for res_id in activities}
        last_day = window.start if window.first_day == window.last_day else window.stop - timedelta(days=1)
        moved = {
            res_id
            for when, res_id, due in self.activities.moves
            if last_day <= when <= moment and due <= window.last_day
        }
        overdue = {
            res_id
            for res_id, state in activities.items()
            if state["user"] in window.user_ids and (state["due"] < window.last_day or res_id in moved)
        }
        return {"deals_open": deals, "deals_without_activity": deals - planned, "activities_overdue": overdue}

    def _check(self, windows, measured, when):
        for window in windows:
            for code, ids in self._recount(window).items():
                found = measured[self._metric(code).id, window.key]
                self.assertEqual(set(found.ids), ids, f"{code}, {window.key}, {when}")
                self.assertEqual((found.value, found.late), (len(ids), 0))

    def test_random(self):
        work = [self._do_lead] * 4 + [self._do_plan] * 5 + [self._do_finish] * 3 + [self._do_postpone] * 4
        work += [self._do_reassign, self._do_close, self._do_reopen, self._do_delete, self._do_hand_over] * 2
        windows = []
        on_time = {}
        for number in range(4):
            day = date(2026, 3, 10) + timedelta(days=number)
            for minute in range(0, 17 * 60 + 1, 30):  # also at the very moments looked at
                now = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
                with freeze_time(now):
                    self.rng.choice(work)(now)
                    self.env.flush_all()
            new = [self._window((user.id, day), user, day, tz="UTC", hour=17.0) for user in self.people]
            new.append(self._window(("all", day), self.people, day, tz="UTC", hour=17.0))
            new.append(self._window(("week", day), self.people, date(2026, 3, 9), day, tz="UTC", hour=17.0))
            new.append(self._window(("noon", day), self.people, day, tz="UTC", hour=12.0))
            windows += new
            measured = self.metrics._measure(new)
            self._check(new, measured, "on time")
            on_time.update(measured)
        late = self.metrics._measure(windows)
        self.assertEqual(late, on_time)
        self._check(windows, late, "late")
        totals = [on_time[self._metric(code).id, ("all", date(2026, 3, 13))].value for code in CODES]
        self.assertTrue(all(totals), totals)

    # ------------------------------------------------------------
    # One at a time
    # ------------------------------------------------------------

    def _count(self, code, moment, user=None):
        moment = at(moment)
        day = moment.date()
        window = self._window("key", user or self.anna, day, entered_by=moment)
        return self._metric(code)._measure([window])[self._metric(code).id, "key"].value

    def test_borders(self):
        """What begins at the very second is there, what ends at it is not."""
        with freeze_time("2026-03-10 10:00:00"):
            lead = self._make_lead(self.anna)
        with freeze_time("2026-03-10 12:00:00"):
            lead.user_id = self.boris
        for moment, anna, boris in (
            ("09:59:59", 0, 0),
            ("10:00:00", 1, 0),
            ("11:59:59", 1, 0),
            ("12:00:00", 0, 1),
        ):
            self.assertEqual(self._count("deals_open", f"2026-03-10 {moment}"), anna)
            self.assertEqual(self._count("deals_open", f"2026-03-10 {moment}", self.boris), boris)

    def test_borders_of_activities(self):
        with freeze_time("2026-03-10 10:00:00"):
            activity = self._make_activity(self.anna, self._make_lead(self.anna), date_deadline="2026-03-09")
        with freeze_time("2026-03-10 12:00:00"):
            activity.with_user(self.anna).action_feedback()
        windows = [
            self._window(moment, self.anna, date(2026, 3, 10), entered_by=at(f"2026-03-10 {moment}"))
            for moment in ("09:59:59", "10:00:00", "11:59:59", "12:00:00")
        ]
        measured = self.metrics._measure(windows)
        expected = {"activities_overdue": [0, 1, 1, 0], "deals_without_activity": [0, 0, 0, 1]}
        for code, values in expected.items():
            metric = self._metric(code)
            self.assertEqual([measured[metric.id, window.key].value for window in windows], values, code)

    def test_postponed_at_the_last_minute(self):
        """What is overdue or due today is not emptied at 17:59 by moving it; what is due tomorrow may be moved."""
        with freeze_time("2026-03-09 09:00:00"):
            lead = self._make_lead(self.anna)
            days = ("2026-03-09", "2026-03-10", "2026-03-11")
            activities = [self._make_activity(self.anna, lead, date_deadline=day) for day in days]
        with freeze_time("2026-03-10 16:59:00"):
            for activity in activities:
                activity.date_deadline = "2026-03-20"
        self.assertEqual(self._count("activities_overdue", "2026-03-10 16:58:00"), 1)
        self.assertEqual(self._count("activities_overdue", "2026-03-10 17:00:00"), 2)
        self.assertEqual(self._count("activities_overdue", "2026-03-11 17:00:00"), 0, "for that day alone")

    def test_first_hour_of_a_long_day(self):
        """A day of 25 hours: what is moved in its first hour counts as well."""
        with freeze_time("2026-10-24 09:00:00"):
            activity = self._make_activity(self.anna, self._make_lead(self.anna), date_deadline="2026-10-24")
        with freeze_time("2026-10-24 22:30:00"):
            activity.date_deadline = "2026-11-20"
        window = self._window("key", self.anna, date(2026, 10, 25), tz="Europe/Berlin")
        metric = self._metric("activities_overdue")
        self.assertEqual(metric._measure([window])[metric.id, "key"].value, 1)

    def test_companies(self):
        """Stocks are a company's, like facts: by the document's company, else by the person's."""
        self.anna.company_ids = [Command.link(self.outside.id)]
        with freeze_time("2026-03-09 09:00:00"):
            lead = self._make_lead(self.anna)
            other = self._make_lead(self.anna, company_id=self.outside.id, team_id=False)
            gone = self._make_lead(self.anna, company_id=self.outside.id, team_id=False)
            self._make_activity(self.anna, lead, date_deadline="2026-03-09")
            self._make_activity(self.anna, other, date_deadline="2026-03-09")
            self._make_activity(self.anna, other, date_deadline="2026-03-09")
        with freeze_time("2026-03-11 09:00:00"):
            gone.unlink()
        windows = [
            self._window(company, self.anna, date(2026, 3, 10), company_id=company)
            for company in (None, self.company.id, self.outside.id)
        ]
        measured = self.metrics._measure(windows)
        expected = {
            "deals_open": {None: 3, self.company.id: 1, self.outside.id: 2},
            "deals_without_activity": {None: 1, self.company.id: 0, self.outside.id: 1},
            "activities_overdue": {None: 3, self.company.id: 1, self.outside.id: 2},
        }
        for code, numbers in expected.items():
            for key, number in numbers.items():
                self.assertEqual(measured[self._metric(code).id, key].value, number, (code, key))
