import random
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import is_html_empty

from .test_engine_fill import FillCase

NAMES = ("phone", "expected_revenue", "date_deadline", "tag_ids", "description", "partner_id", "referred")


@tagged("post_install", "-at_install")
class TestEngineFillRandom(FillCase):
    """Measured on time and again later, for people and a team, against a diary kept in Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.anna + cls.boris
        cls.values = {
            "phone": [False, "1"],
            "expected_revenue": [0, 9],
            "tag_ids": [[Command.clear()], [Command.set(cls.tag.ids)]],
            "description": [False, "<p>A</p>"],
            "stage_id": cls.stages.ids,
            "user_id": cls.people.ids,
            "team_id": (cls.north + cls.south).ids,
        }
        cls._want(cls.s1, "phone")
        cls._want(cls.s2, "expected_revenue", "tag_ids")
        cls._want(cls.s4, "description")

    def setUp(self):
        super().setUp()
        self.rng = random.Random(19)
        self.leads = self.env["crm.lead"]
        self.diary = []  # (moment, {lead id: (user id, filled, required)} of what is open from then on)

    def _do_lead(self):
        self.leads += self._make_lead(self.rng.choice(self.people), stage_id=self.rng.choice(self.stages).id)

    def _do_write(self):
        if self.leads:
            names = self.rng.sample(sorted(self.values), self.rng.randrange(1, 3))
            self.rng.choice(self.leads).write({name: self.rng.choice(self.values[name]) for name in names})

    def _do_want(self):
        self._want(self.rng.choice(self.stages), *self.rng.sample(NAMES, self.rng.randrange(3)))

    def _do_move_stage(self):
        self.rng.choice(self.stages).sequence = self.rng.randrange(1, 200)

    def _do_archive(self):
        if self.leads:
            lead = self.rng.choice(self.leads)
            lead.active = not lead.active

    def _do_delete(self):
        if self.leads:
            lead = self.rng.choice(self.leads)
            self.leads -= lead
            lead.unlink()

    def _live_a_day(self, day):
        work = [self._do_lead] * 4 + [self._do_write] * 16
        work += [self._do_want, self._do_move_stage, self._do_archive, self._do_delete]
        for minute in range(0, 17 * 60 + 1, 20):  # also at the very moments looked at
            now = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
            with freeze_time(now):
                self.rng.choice(work)()
                self._commit()
            self.diary.append((now, {lead.id: self._recount(lead) for lead in self.leads if lead.active}))

    def test_random(self):
        windows, on_time = [], {}
        for number in range(4):
            day = date(2026, 3, 10) + timedelta(days=number)
            self._live_a_day(day)
            new = [self._window((user.id, day), user, day, hour=17.0) for user in self.people]
            new.append(self._window(("all", day), self.people, day, hour=17.0))
            new.append(self._window(("noon", day), self.people, day, hour=12.0))
            windows += new
            on_time.update(self.metric._measure(new))
        self.assertEqual(self.metric._measure(windows), on_time)
        for window in windows:
            self._check(window, on_time[self.metric.id, window.key])
        answers = {measure.value for measure in on_time.values()}
        self.assertGreater(len(answers), 8, answers)

    def _check(self, window, found):
        known = [state for moment, state in self.diary if moment <= window.as_of][-1]
        own = {i: row[1:] for i, row in known.items() if row[0] in window.user_ids and row[2]}
        filled, required = (sum(row[which] for row in own.values()) for which in (0, 1))
        self.assertEqual(set(found.ids), set(own), window.key)
        self.assertEqual(found.value is None, not required)
        if required:
            self.assertAlmostEqual(found.value, 100 * filled / required, 6, window.key)

    def _recount(self, lead):
        """(user id, filled, required) in Python, by the words of the setting."""
        names = set()
        for stage in self.env["crm.stage"].search([("discipline_field_ids", "!=", False)]):
            before = (stage.sequence, stage.id) < (lead.stage_id.sequence, lead.stage_id.id)
            ours = not stage.team_ids or lead.team_id in stage.team_ids
            if stage == lead.stage_id or before and ours:
                names.update(stage.discipline_field_ids.mapped("name"))
        filled = [n for n in names if (not is_html_empty(lead[n]) if n == "description" else bool(lead[n]))]
        return lead.user_id.id, len(filled), len(names)
