from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.crm.models import crm_lead

from ..models.crm_lead_change import PENDING
from .common import DisciplineCase

NOW = datetime(2026, 3, 10, 12)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLeadChange(DisciplineCase):
    """The ledger is told of changes to leads when they are stored, all at once; whoever reads it finds them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.won_stage = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.first_stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)

    def _make_leads(self, count, **vals):
        with freeze_time(NOW - timedelta(days=1)):
            leads = self.env["crm.lead"].union(
                *(self._make_lead(self.anna, stage_id=self.first_stage.id, **vals) for _n in range(count))
            )
            self.env.flush_all()
        return leads

    def _count(self):
        """Facts and spans there are, without the ORM: what whoever reads the tables finds."""
        self.env.cr.execute(
            "SELECT (SELECT COUNT(*) FROM discipline_fact), (SELECT COUNT(*) FROM discipline_span)"
        )
        return self.env.cr.fetchone()

    def _get_written(self, work):
        """How many statements of ours some work takes, and storing it."""
        found = []
        execute = Cursor.execute

        def watch(cursor, query, *args, **kwargs):
            found.append(query.code if isinstance(query, SQL) else str(query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", watch):
            work()
            self.env.cr.flush()
        return sum("discipline_" in text for text in found)

    def test_statements(self):
        """One lead after the other given to somebody, in a transaction: as many statements of ours for ten times as many."""
        ours = {}
        for count in (1, 3, 30):  # the first looks up what is kept
            leads = self._make_leads(count, type="lead")

            def convert(leads=leads):
                for lead in leads.with_user(self.mark):
                    lead.convert_opportunity(self.customer, user_ids=self.boris.ids)

            ours[count] = self._get_written(convert)
            self.assertEqual(len(self._facts_of(leads, "opportunity_created")), count)
        self.assertEqual(ours[3], ours[30])
        self.assertGreater(ours[3], 0)

    def test_read_at_once(self):
        """Whoever reads the ledger, or stores everything and looks at the tables, finds what was done before."""
        (lead,) = self._make_leads(1)
        lead.stage_id = self.won_stage
        self.assertEqual(self._facts_of(lead, "lead_won").amount, lead.expected_revenue)
        (other,) = self._make_leads(1)
        before = self._count()
        other.user_id = self.boris
        self.assertEqual(self._count(), before)
        self.env.flush_all()
        self.assertEqual(self._count(), (before[0], before[1] + 1))
        other.type = "lead"
        self.assertEqual(self.env["discipline.span"].search_count([("res_id", "=", lead.id)]), 1)

    def test_there_and_back(self):
        """What is as before when it is stored, did not change."""
        (lead,) = self._make_leads(1)
        before = self._count()
        lead.user_id = self.boris
        lead.user_id = self.anna
        self.env.flush_all()
        self.assertEqual(self._count(), before)

    def test_time(self):
        """It happened when it was done, not when it was stored."""
        (lead,) = self._make_leads(1)
        lead.user_id = self.boris
        with freeze_time(NOW + timedelta(seconds=20)):
            lead.stage_id = self.won_stage
        with freeze_time(NOW + timedelta(minutes=30)):
            fact = self._facts_of(lead, "lead_won")
            self.assertEqual((fact.happened_at, fact.entered_at, fact.user_id), (NOW, NOW, self.boris))
            self.assertEqual(lead.open_since, NOW)

    def test_two_times(self):
        """What is done long after, in the same transaction, is another change."""
        (lead,) = self._make_leads(1)
        lead.user_id = self.boris
        later = NOW + timedelta(hours=1)
        with freeze_time(later):
            lead.stage_id = self.won_stage
            spans = self.env["discipline.span"].search([("res_id", "=", lead.id)], order="date_to")
        self.assertEqual(spans.mapped("user_id"), self.anna + self.boris)
        self.assertEqual(spans.mapped("date_to"), [NOW, later])
        self.assertEqual(self._facts_of(lead, "lead_won").happened_at, later)

    def test_two_users(self):
        """Each fact says who entered it."""
        lead, other = self._make_leads(2)
        lead.with_user(self.mark).expected_revenue = 10
        other.with_user(self.anna).expected_revenue = 20
        self.assertEqual(self._facts_of(lead, "opportunity_revalued").create_uid, self.mark)
        self.assertEqual(self._facts_of(other, "opportunity_revalued").create_uid, self.anna)

    def test_stored_in_the_middle(self):
        """An extension of `write` that stores everything halfway loses nothing."""
        lead, other = self._make_leads(2)
        done = []
        write = crm_lead.CrmLead.write

        def extended(records, vals):
            result = write(records, vals)
            if not done:
                done.append(True)
                other.stage_id = self.won_stage
                records.user_id = self.boris
                records.env.flush_all()
            return result

        self.patch(crm_lead.CrmLead, "write", extended)
        before = self._count()
        lead.stage_id = self.won_stage
        self.assertEqual(self._count(), (before[0] + 2, before[1] + 2), "what is stored already is told")
        self.assertFalse(self.env.cr.precommit.data[PENDING].before)

    def test_deleted(self):
        """What was won and is deleted in the same transaction was won, by the person who had it."""
        (lead,) = self._make_leads(1)
        lead.stage_id = self.won_stage
        key = lead.id
        lead.unlink()
        late, other = self._make_leads(2)
        late.user_id = self.boris
        with self.env.protecting([late._fields["probability"]], late):  # as in the middle of its computation
            self.env.flush_all()
        late.unlink()
        other.user_id = self.boris
        self.env.flush_all()
        self.assertEqual(self.facts.search_count([("kind", "=", "lead_won"), ("source_id", "=", key)]), 1)

    def test_taken_back(self):
        """What a savepoint takes back is forgotten with it, and what comes after is told."""
        (lead,) = self._make_leads(1)
        self.env.flush_all()
        savepoint = self.env.cr.savepoint()
        lead.stage_id = self.won_stage
        savepoint.close(rollback=True)
        before = self._count()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._count(), before)
        lead.user_id = self.boris
        self.env.flush_all()
        self.assertEqual(self._count(), (before[0], before[1] + 1))

    def test_refused(self):
        """A change that Odoo refuses leaves nothing behind, and does not stop what is told afterwards."""
        lead, other = self._make_leads(2)
        before = self._count()
        with self.assertRaises(ValueError):
            lead.write({"user_id": self.boris.id, "no_such_field": 1})
        self.env.invalidate_all(flush=False)
        other.stage_id = self.won_stage
        self.env.cr.flush()
        self.assertEqual(self._count()[0], before[0] + 1)
        self.assertFalse(self.env.cr.precommit.data.get(PENDING))
