from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import freeze_time, tagged

from .common import DisciplineCase

STEPS = (
    "won",
    "lost",
    "reopened",
    "archived",
    "restored",
    "revenue",
    "handed_over",
    "moved",
    "probability",
    "sweep",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFactProperty(DisciplineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_stage, cls.other_stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=2)

    @settings(
        max_examples=30,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.sampled_from(STEPS), max_size=8), st.booleans())
    def test_ledger_adds_up_to_the_present(self, steps, assigned):
        """Whatever happens to a deal, and in whatever order, the ledger's sums are its present state."""
        with self.env.cr.savepoint() as savepoint:
            lead = self._make_lead(self.anna, user_id=assigned and self.anna.id, expected_revenue=100.0)
            for number, step in enumerate(steps):
                getattr(self, f"_step_{step}")(lead, number)
                self._assert_adds_up(lead)
            self.assertEqual(
                [self.facts._capture(kind, origin="sweep") for kind in ("lead_won", "lead_lost")], [0, 0]
            )
            savepoint.rollback()
        self.env.invalidate_all()

    def _assert_adds_up(self, lead):
        amount = lead.expected_revenue
        for kind, status in (("lead_won", "won"), ("lead_lost", "lost")):
            expected = (1, amount) if lead.won_status == status else (0, 0)
            facts = self._facts_of(lead, kind)
            self.assertEqual(self._sums(facts), expected, f"{kind} of a deal that is {lead.won_status}")
            for user in facts.user_id:  # nobody keeps or owes what is another's
                own = self._sums(facts.filtered(lambda fact: fact.user_id == user))  # noqa: B023
                self.assertIn(own, (expected, (0, 0)))
        created = self._facts_of(lead, "opportunity_created", "opportunity_revalued")
        if created:
            self.assertEqual(self._sums(created)[1], amount)
            self.assertEqual(len(self._facts_of(lead, "opportunity_created")), 1)
        self.assertTrue(created or not lead.user_id)

    def _step_won(self, lead, number):
        lead.action_set_won()

    def _step_lost(self, lead, number):
        if lead.won_status == "won":
            lead.stage_id = self.open_stage
        lead.action_set_lost()

    def _step_reopened(self, lead, number):
        lead.action_unarchive()
        lead.write({"stage_id": self.open_stage.id, "probability": 20})

    def _step_archived(self, lead, number):
        lead.action_archive()

    def _step_restored(self, lead, number):
        lead.action_unarchive()

    def _step_revenue(self, lead, number):
        lead.expected_revenue = 100.0 * (number + 2)

    def _step_handed_over(self, lead, number):
        lead.user_id = self.boris if lead.user_id == self.anna else self.anna

    def _step_moved(self, lead, number):
        lead.stage_id = self.other_stage

    def _step_probability(self, lead, number):
        if not lead.stage_id.is_won:
            lead.probability = 60

    def _step_sweep(self, lead, number):
        for kind in ("opportunity_created", "lead_won", "lead_lost"):
            self.facts._capture(kind, origin="sweep")
