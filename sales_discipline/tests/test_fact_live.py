import json
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.bus.models.bus import BusBus

from .common import DisciplineCase

OURS, ODOOS = "sales_discipline/counted", "mail.activity/updated"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFactLive(DisciplineCase):
    """Whoever something is counted for is told once a transaction, and not twice."""

    def _told(self, act):
        """What is sent while `act` runs, as in a transaction of its own: [(name, notification)], and the result."""
        self.env.flush_all()
        self.env.cr.precommit.data.clear()
        self.env.cr.postcommit.data.clear()
        sent = []
        sendone = BusBus._sendone

        def spy(bus, target, kind, message):
            if kind in (OURS, ODOOS):
                sent.append((target.name, kind))
            return sendone(bus, target, kind, message)

        with patch.object(BusBus, "_sendone", spy):
            act()
            self.env.flush_all()
        return sent

    def test_activity(self):
        """What is due: Odoo tells its person already. What is done before its day: we do."""
        lead = self._make_lead(self.anna)
        due = self._make_activity(self.anna, lead)
        self.assertEqual(self._told(lambda: due.with_user(self.anna).action_feedback()), [("Anna", ODOOS)])
        early = self._make_activity(self.anna, lead, date_deadline="2026-03-20")
        self.assertEqual(self._told(lambda: early.with_user(self.anna).action_feedback()), [("Anna", OURS)])

    def test_of_somebody_else(self):
        """Lena does what was Anna's to do: it counts for Lena, and Anna has one less."""
        due = self._make_activity(self.anna, self._make_lead(self.anna))
        self.assertEqual(
            self._told(lambda: due.with_user(self.lena).action_feedback()), [("Anna", ODOOS), ("Lena", OURS)]
        )

    def test_planned(self):
        """A next step, although it is for tomorrow, takes a deal from the list."""
        lead = self._make_lead(self.anna)
        told = self._told(lambda: self._make_activity(self.anna, lead, date_deadline="2026-03-11"))
        self.assertEqual(told, [("Anna", OURS)])
        told = self._told(lambda: self._make_activity(self.anna, self.customer, date_deadline="2026-03-11"))
        self.assertEqual(told, [])

    def test_deals(self):
        """Many facts of one transaction are one notification for each person, whoever's work it was."""
        leads = [self._make_lead(self.anna), self._make_lead(self.anna), self._make_lead(self.boris)]
        told = self._told(lambda: [lead.with_user(self.mark).action_set_won() for lead in leads])
        self.assertEqual(sorted(told), [("Anna", OURS), ("Boris", OURS)])
        self.assertEqual(self._told(lambda: leads[0].with_user(self.mark).write({"priority": "1"})), [])

    def test_history(self):
        """What is found by night was not counted just now."""
        lead = self._make_lead(self.anna)
        self.env.cr.execute("DELETE FROM discipline_fact WHERE source_id = %s", [lead.id])
        told = self._told(lambda: self.facts.sudo()._capture("opportunity_created", origin="sweep"))
        self.assertEqual(told, [])

    def test_cost(self):
        """Marking as done sends no notification more than Odoo does, so it stores none either."""
        self.env.cr.precommit.data.clear()
        due = self._make_activity(self.anna, self._make_lead(self.anna))
        self.env.flush_all()
        self.env.cr.precommit.data.clear()
        due.with_user(self.anna).action_feedback()
        kinds = [json.loads(one["message"])["type"] for one in self.env.cr.precommit.data["bus.bus.values"]]
        self.assertEqual(kinds.count(OURS), 0)
        self.assertEqual(kinds.count(ODOOS), 1)
