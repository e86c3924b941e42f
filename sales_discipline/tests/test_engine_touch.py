import random
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from .engine_common import EngineCase, at


@tagged("post_install", "-at_install")
class TestEngineTouch(EngineCase):
    """Leads that nobody has acted on, as of a moment: measured on time, and again when everything has changed since,
    they are the same, and they are what a diary of what was done says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.anna + cls.boris + cls.carla
        cls.metric = cls._metric("leads_untouched")

    def setUp(self):
        super().setUp()
        self.rng = random.Random(20260310)
        self.states = {}  # id: [(moment, id of who has it open, or None)]
        self.touched = {}  # id: moment

    # ------------------------------------------------------------
    # What is done at random
    # ------------------------------------------------------------

    def _pick(self):
        ids = [res_id for res_id, states in self.states.items() if states[-1][1]]
        return self.env["crm.lead"].browse(self.rng.choice(ids)) if ids else self.env["crm.lead"]

    def _do_lead(self, now):
        user = self.rng.choice(self.people)
        lead = self._make_lead(user, type=self.rng.choice(("lead", "opportunity")))
        self.states[lead.id] = [(now, user.id)]

    def _do_reassign(self, now):
        if lead := self._pick():
            lead.user_id = user = self.rng.choice(self.people)
            self.states[lead.id].append((now, user.id))

    def _do_convert(self, now):
        lead = self._pick()
        if lead.type == "lead":
            lead.convert_opportunity(self.customer)

    def _do_archive(self, now):
        if lead := self._pick():
            lead.action_archive()
            self.states[lead.id].append((now, None))

    def _do_lose(self, now):
        if lead := self._pick():
            lead.action_set_lost()
            self.states[lead.id].append((now, None))

    def _do_restore(self, now):
        closed = [res_id for res_id, states in self.states.items() if not states[-1][1]]
        leads = self.env["crm.lead"].with_context(active_test=False).search([("id", "in", closed)])
        if leads:
            lead = self.rng.choice(leads)
            lead.action_unarchive()
            lead.probability = 10
            self.states[lead.id].append((now, lead.user_id.id))

    def _do_delete(self, now):
        if lead := self._pick():
            lead.unlink()
            self.states[lead.id].append((now, None))

    def _do_touch(self, now):
        if lead := self._pick():
            if self.rng.random() < 0.5:
                self._make_activity(lead.user_id, lead).action_feedback()
            else:
                lead.with_user(self.mark).message_post(
                    body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
                )
            self.touched.setdefault(lead.id, now)

    # ------------------------------------------------------------
    # The recount
    # ------------------------------------------------------------

    def _recount(self, window):
        moment = min(window.stop, window.entered_by)
        found = set()
        for res_id, states in self.states.items():
            known = [user_id for since, user_id in states if since <= moment]
            touched = self.touched.get(res_id, datetime.max) <= moment
            if known and known[-1] in window.user_ids and not touched:
                found.add(res_id)
        return found

    def test_random(self):
        work = [self._do_lead] * 6 + [self._do_touch] * 3 + [self._do_reassign] * 2
        work += [self._do_convert, self._do_archive, self._do_lose, self._do_restore, self._do_delete]
        windows, on_time = [], {}
        for number in range(4):
            day = date(2026, 3, 10) + timedelta(days=number)
            for minute in range(0, 17 * 60 + 1, 20):  # also at the very moments looked at
                now = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
                with freeze_time(now):
                    self.rng.choice(work)(now)
                    self.env.flush_all()
            new = [self._window((user.id, day), user, day, hour=17.0) for user in self.people]
            new.append(self._window(("all", day), self.people, day, hour=17.0))
            new.append(self._window(("week", day), self.people, date(2026, 3, 9), day, hour=17.0))
            new.append(self._window(("noon", day), self.people, day, hour=12.0))
            windows += new
            on_time.update(self.metric._measure(new))
            with freeze_time(f"{day} 23:00:00"):  # the night finds nothing that changes them
                self.assertEqual(self.facts._capture("lead_first_touch", origin="sweep"), 0)
        self.assertEqual(self.metric._measure(windows), on_time)
        for window in windows:
            found = on_time[self.metric.id, window.key]
            self.assertEqual(set(found.ids), self._recount(window), window.key)
            self.assertEqual((found.value, found.late), (len(found.ids), 0))
        self.assertGreater(on_time[self.metric.id, ("all", date(2026, 3, 13))].value, 5)

    # ------------------------------------------------------------
    # One at a time
    # ------------------------------------------------------------

    def _count(self, moment, user=None):
        moment = at(moment)
        window = self._window("key", user or self.anna, moment.date(), entered_by=moment)
        return self.metric._measure([window])[self.metric.id, "key"].value

    def test_borders(self):
        """It is there from the second it is created to the second that somebody acts on it."""
        with freeze_time("2026-03-10 10:00:00"):
            lead = self._make_lead(self.anna, type="lead")
        with freeze_time("2026-03-10 12:00:00"):
            lead.user_id = self.boris
        with freeze_time("2026-03-10 14:00:00"):
            self._make_activity(self.boris, lead).action_feedback()
        for moment, anna, boris in (
            ("09:59:59", 0, 0),
            ("10:00:00", 1, 0),
            ("11:59:59", 1, 0),
            ("12:00:00", 0, 1),
            ("13:59:59", 0, 1),
            ("14:00:00", 0, 0),
        ):
            found = [self._count(f"2026-03-10 {moment}", user) for user in (self.anna, self.boris)]
            self.assertEqual(found, [anna, boris], moment)
        window = self._window(
            "key", self.anna + self.boris, date(2026, 3, 10), entered_by=at("2026-03-10 11:00:00")
        )
        deals = self._metric("deals_open")
        self.assertEqual(deals._measure([window])[deals.id, "key"].value, 0, "a lead is no deal")

    def test_touched_but_entered_late(self):
        """What the sweep finds by night was not there at the deadline, however late one asks."""
        with freeze_time("2026-03-10 10:00:00"):
            lead = self._make_lead(self.anna)
            self._insert_facts(
                [
                    {
                        "kind": "lead_first_touch",
                        "source_id": lead.id,
                        "user_id": self.anna.id,
                        "happened_at": at("2026-03-10 11:00:00"),
                        "entered_at": at("2026-03-11 02:00:00"),
                    }
                ]
            )
        self.assertEqual(self._count("2026-03-10 18:00:00"), 1)
        self.assertEqual(self._count("2026-03-11 02:00:00"), 0)

    def test_companies(self):
        self.anna.company_ids = [Command.link(self.outside.id)]
        with freeze_time("2026-03-09 09:00:00"):
            self._make_lead(self.anna, type="lead")
            gone = self._make_lead(self.anna, type="lead", company_id=self.outside.id, team_id=False)
            self._make_lead(self.anna, company_id=False, team_id=False)
        with freeze_time("2026-03-11 09:00:00"):
            gone.unlink()
        expected = {None: 3, self.company.id: 2, self.outside.id: 1}
        windows = [self._window(key, self.anna, date(2026, 3, 10), company_id=key) for key in expected]
        measured = self.metric._measure(windows)
        self.assertEqual({key: measured[self.metric.id, key].value for key in expected}, expected)

    def test_on_a_card(self):
        """A plan of a day counts them at its deadline, keeps which ones, and opens them."""
        self._make_plan(("leads_untouched", 0), ("first_touch_minutes", 60), employee_ids=self.e_anna.ids)
        with freeze_time("2026-03-10 09:00:00"):
            lead, other = self._make_lead(self.anna), self._make_lead(self.anna)
        for record in (lead, other):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = '2026-03-10 09:00:00' WHERE id = %s", [record.id]
            )
        self.env.invalidate_all()
        with freeze_time("2026-03-10 10:30:00"):
            self._make_activity(self.anna, other).action_feedback()
        self._score("2026-03-10 12:00:00")
        with freeze_time("2026-03-10 22:00:00"):
            lead.action_set_lost()
        self._score("2026-03-11 05:00:00")
        card = self._card(self.e_anna, "2026-03-10")
        untouched, minutes = self._line(card, "leads_untouched"), self._line(card, "first_touch_minutes")
        self.assertEqual(card.state, "frozen")
        self.assertEqual((untouched.actual, untouched.zone, untouched.record_ids), (1, "red", [lead.id]))
        self.assertEqual((minutes.actual, minutes.zone), (90, "red"))
        action = untouched.with_user(self.anna).action_open_facts()
        records = self.env[action["res_model"]].with_user(self.anna).with_context(**action["context"])
        self.assertEqual(records.search(action["domain"]), lead)
        action = minutes.with_user(self.anna).action_open_facts()
        fact = self.env[action["res_model"]].with_user(self.anna).search(action["domain"])
        self.assertEqual((fact.kind, fact.res_id), ("lead_first_touch", other.id))
