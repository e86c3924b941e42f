from datetime import datetime

from odoo.tests import Form, freeze_time, tagged

from .common import DisciplineCase

NOW = datetime(2026, 3, 10, 12)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFactLead(DisciplineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._make_lead(cls.anna, expected_revenue=1000.0)
        cls.won_stage = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.first_stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too dear"})

    def _closing(self, lead=None):
        """(kind, quantity, amount, user) of what the ledger says of winning and losing, in order."""
        facts = self._facts_of(lead or self.lead, "lead_won", "lead_lost")
        return [(fact.kind, fact.quantity, fact.amount, fact.user_id) for fact in facts]

    # ------------------------------------------------------------
    # Created
    # ------------------------------------------------------------

    def test_created(self):
        fact = self._facts_of(self.lead)
        self.assertEqual((fact.kind, fact.quantity, fact.amount), ("opportunity_created", 1, 1000))
        self.assertEqual((fact.user_id, fact.team_id, fact.company_id), (self.anna, self.north, self.company))
        self.assertEqual((fact.partner_id, fact.res_name), (self.customer, "Deal"))
        self.assertEqual((fact.happened_at, fact.entered_at, fact.origin), (NOW, NOW, "live"))

    def test_imported(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.anna)
            .load(
                ["name", "type", "user_id/.id", "expected_revenue"],
                [
                    ["One", "opportunity", str(self.anna.id), "10"],
                    ["Two", "opportunity", str(self.anna.id), "20"],
                ],
            )
        )
        facts = self._facts_of(self.env["crm.lead"].browse(result["ids"]))
        self.assertEqual(facts.mapped("kind"), ["opportunity_created"] * 2)
        self.assertEqual(self._sums(facts), (2, 30))

    def test_imported_as_closed(self):
        won = self._make_lead(self.anna, stage_id=self.won_stage.id, expected_revenue=5.0)
        lost = self._make_lead(self.anna, active=False, probability=0, expected_revenue=7.0)
        self.assertEqual(self._closing(won), [("lead_won", 1, 5, self.anna)])
        self.assertEqual(self._closing(lost), [("lead_lost", 1, 7, self.anna)])

    def test_converted(self):
        lead = self._make_lead(self.anna, type="lead", expected_revenue=300.0)
        self.assertEqual(self._facts_of(lead).mapped("kind"), ["lead_created"])
        with freeze_time("2026-03-11 10:00:00"):
            lead.with_user(self.anna).convert_opportunity(self.customer, user_ids=self.anna.ids)
        created, opportunity = self._facts_of(lead)
        self.assertEqual((created.kind, opportunity.kind), ("lead_created", "opportunity_created"))
        self.assertEqual((opportunity.happened_at, opportunity.amount), (datetime(2026, 3, 11, 10), 300))
        self.assertEqual(opportunity.user_id, self.anna)

    def test_converted_by_hand(self):
        lead = self._make_lead(self.anna, type="lead")
        lead.with_user(self.anna).write({"type": "opportunity"})
        lead.with_user(self.anna).write({"type": "lead"})
        lead.with_user(self.anna).write({"type": "opportunity"})
        self.assertEqual(self._facts_of(lead).mapped("kind"), ["lead_created", "opportunity_created"])

    def test_unassigned_waits_for_its_first_salesperson(self):
        lead = self._make_lead(self.mark, user_id=False, expected_revenue=50.0)
        self.assertFalse(self._facts_of(lead))
        with freeze_time("2026-03-11 10:00:00"):
            lead.with_user(self.lena).write({"user_id": self.boris.id})
        fact = self._facts_of(lead)
        self.assertEqual((fact.kind, fact.user_id, fact.amount), ("opportunity_created", self.boris, 50))
        self.assertEqual(fact.happened_at, datetime(2026, 3, 11, 10))
        lead.with_user(self.lena).write({"user_id": self.anna.id})
        self.assertEqual(self._facts_of(lead), fact, "the second salesperson did not bring it")

    def test_without_company_it_is_the_salespersons(self):
        lead = self._make_lead(self.anna, company_id=False, team_id=False)
        self.assertFalse(lead.company_id)
        self.assertEqual(self._facts_of(lead).company_id, self.company)

    # ------------------------------------------------------------
    # Expected revenue
    # ------------------------------------------------------------

    def test_revalued(self):
        self.lead.with_user(self.anna).write({"expected_revenue": 1500})
        with freeze_time("2026-03-12 10:00:00"):
            self.lead.with_user(self.lena).write({"expected_revenue": 900})
        self.lead.write({"expected_revenue": 900})
        facts = self._facts_of(self.lead, "opportunity_revalued")
        self.assertEqual(facts.mapped("amount"), [500, -600])
        self.assertEqual(facts.user_id, self.anna)
        self.assertEqual(facts.mapped("happened_at"), [NOW, datetime(2026, 3, 12, 10)])
        self.assertEqual(self._sums(self._facts_of(self.lead))[1], 900)

    def test_revalued_with_the_first_salesperson(self):
        lead = self._make_lead(self.mark, user_id=False, expected_revenue=50.0)
        lead.write({"user_id": self.boris.id, "expected_revenue": 80.0})
        self.assertEqual(
            self._facts_of(lead).mapped(lambda f: (f.kind, f.amount)), [("opportunity_created", 80)]
        )

    def test_revalued_and_handed_over_at_once(self):
        self.lead.with_user(self.lena).write({"user_id": self.boris.id, "expected_revenue": 1300})
        fact = self._facts_of(self.lead, "opportunity_revalued")
        self.assertEqual((fact.amount, fact.user_id), (300, self.boris))

    # ------------------------------------------------------------
    # Won, lost, reopened, archived
    # ------------------------------------------------------------

    def test_won_by_every_road(self):
        load = self.env["crm.lead"].with_user(self.anna).load
        stage = str(self.won_stage.id)
        roads = {
            "button": lambda lead: lead.action_set_won(),
            "button with the rainbow": lambda lead: lead.action_set_won_rainbowman(),
            "dragged to the stage": lambda lead: lead.write({"stage_id": self.won_stage.id}),
            "imported": lambda lead: load([".id", "stage_id/.id"], [[str(lead.id), stage]]),
        }
        for road, take in roads.items():
            with self.subTest(road):
                lead = self._make_lead(self.anna, expected_revenue=100.0)
                take(lead.with_user(self.anna))
                fact = self._facts_of(lead, "lead_won")
                self.assertEqual((fact.quantity, fact.amount, fact.user_id), (1, 100, self.anna))
                self.assertEqual((fact.happened_at, fact.entered_at), (NOW, NOW))
                self.assertEqual(fact.details["stage"], self.won_stage.id)

    def test_won_in_bulk(self):
        leads = self._make_lead(self.anna) + self._make_lead(self.boris)
        leads.with_user(self.lena).action_set_won()
        facts = self._facts_of(leads, "lead_won")
        self.assertEqual(facts.user_id, self.anna + self.boris, "credit goes to whose deal it is")
        self.assertEqual(len(facts), 2)

    def test_lost_by_every_road(self):
        wizard = self.env["crm.lead.lost"].with_user(self.anna)
        roads = {
            "button": lambda lead: lead.action_set_lost(lost_reason_id=self.reason.id),
            "wizard": lambda lead: (
                wizard.with_context(active_ids=lead.ids, active_model="crm.lead")
                .create({"lead_ids": lead.ids, "lost_reason_id": self.reason.id})
                .action_lost_reason_apply()
            ),
            "written": lambda lead: lead.write(
                {"active": False, "probability": 0, "lost_reason_id": self.reason.id}
            ),
        }
        for road, take in roads.items():
            with self.subTest(road):
                lead = self._make_lead(self.anna, expected_revenue=100.0)
                take(lead.with_user(self.anna))
                fact = self._facts_of(lead, "lead_lost")
                self.assertEqual((fact.quantity, fact.amount, fact.user_id), (1, 100, self.anna))
                self.assertEqual(fact.details["lost_reason"], self.reason.id)

    def test_won_and_handed_over_at_once(self):
        """Whoever won it is credited, though somebody else has it before the transaction ends."""
        self.lead.stage_id = self.won_stage
        self.lead.user_id = self.boris
        self.assertEqual(self._closing(), [("lead_won", 1, 1000, self.anna)])

    def test_handed_over_and_won_at_once(self):
        self.lead.user_id = self.boris
        self.lead.stage_id = self.won_stage
        self.assertEqual(self._closing(), [("lead_won", 1, 1000, self.boris)])

    def test_probabilities_are_left_to_be_computed(self):
        """What Odoo computes for all leads when it stores them, it still does: handing over, converting and valuing a lead
        do not decide whether it is won."""
        won_status = self.lead._fields["won_status"]
        for vals in (
            {"user_id": self.carla.id},
            {"type": "lead"},
            {"expected_revenue": 5.0},
            {"type": "opportunity"},
        ):
            self.env.add_to_compute(won_status, self.lead)
            self.lead.write(vals)
            self.assertTrue(self.env.is_to_compute(won_status, self.lead), vals)
        self.lead.probability = 40
        self.assertFalse(self.env.is_to_compute(won_status, self.lead))
        spans = self.env["discipline.span"].search([("res_id", "=", self.lead.id)])
        self.assertFalse(spans, "it was open for no time")
        self.assertEqual(self._sums(self._facts_of(self.lead)), (2, 5), "begun, and valued anew")

    def test_unsaved(self):
        """The ledger is told what a lead is like in memory."""
        lead = self._make_lead(self.anna, type="lead")
        self.env.flush_all()
        source = self.env["utm.source"].create({"name": "Fair"})
        lead.write({"name": "Bigger", "source_id": source.id, "expected_revenue": 7.25, "partner_id": False})
        lead.write({"type": "opportunity"})
        self.env.cr.execute("SELECT name FROM crm_lead WHERE id = %s", [lead.id])
        self.assertEqual(self.env.cr.fetchone(), ("Deal",), "nothing is stored yet")
        fact = self._facts_of(lead, "opportunity_created")
        self.assertEqual((fact.res_name, fact.amount), ("Bigger", 7.25))
        self.assertEqual((fact.details["source"], fact.partner_id.id), (source.id, False))

    def test_lost_and_reopened(self):
        self.lead.with_user(self.anna).action_set_lost()
        with freeze_time("2026-03-12 10:00:00"):
            self.lead.with_user(self.lena).action_unarchive()
            self.lead.with_user(self.lena).write({"probability": 20})
        self.assertEqual(
            self._closing(), [("lead_lost", 1, 1000, self.anna), ("lead_lost", -1, -1000, self.anna)]
        )
        first, back = self._facts_of(self.lead, "lead_lost")
        self.assertEqual(back.reverses_id, first)
        self.assertEqual((first.happened_at, back.happened_at), (NOW, datetime(2026, 3, 12, 10)))

    def test_won_then_lost(self):
        self.lead.with_user(self.anna).action_set_won()
        self.lead.with_user(self.anna).write({"stage_id": self.first_stage.id})
        self.lead.with_user(self.anna).action_set_lost()
        self.assertEqual(
            self._closing(),
            [
                ("lead_won", 1, 1000, self.anna),
                ("lead_won", -1, -1000, self.anna),
                ("lead_lost", 1, 1000, self.anna),
            ],
        )

    def test_archived_is_neither_lost_nor_reopened(self):
        open_lead = self._make_lead(self.anna, probability=50)
        open_lead.with_user(self.anna).action_archive()
        self.assertFalse(self._closing(open_lead))
        self.lead.with_user(self.anna).action_set_won()
        before = self._closing()
        self.lead.action_archive()
        self.lead.action_unarchive()
        self.assertEqual(self.lead.won_status, "won")
        self.assertEqual(self._closing(), before)

    def test_closing_date_by_hand_moves_nothing(self):
        self.lead.with_user(self.anna).write(
            {"stage_id": self.won_stage.id, "date_closed": "2026-02-01 08:00:00"}
        )
        self.assertEqual(self._facts_of(self.lead, "lead_won").happened_at, NOW)

    def test_reassigned_after_the_win(self):
        self.lead.with_user(self.anna).action_set_won()
        self.lead.with_user(self.lena).write({"user_id": self.boris.id})
        self.assertEqual(self._closing(), [("lead_won", 1, 1000, self.anna)])
        self.lead.write({"stage_id": self.first_stage.id})
        self.assertEqual(
            self._closing()[1:],
            [("lead_won", -1, -1000, self.anna)],
            "taken back from whom it was credited to",
        )
        self.lead.action_set_won()
        self.assertEqual(self._closing()[2:], [("lead_won", 1, 1000, self.boris)])

    def test_revenue_after_the_win(self):
        self.lead.with_user(self.anna).action_set_won()
        self.lead.with_user(self.anna).write({"expected_revenue": 1200})
        self.assertEqual(self._closing(), [("lead_won", 1, 1000, self.anna), ("lead_won", 0, 200, self.anna)])
        self.assertEqual(self._facts_of(self.lead, "opportunity_revalued").amount, 200)

    def test_form(self):
        with Form(self.env["crm.lead"].with_user(self.anna)) as form:
            form.name = "By hand"
            form.expected_revenue = 70
        lead = form.save()
        self.assertEqual(
            self._facts_of(lead).mapped(lambda f: (f.kind, f.amount)), [("opportunity_created", 70)]
        )

    # ------------------------------------------------------------
    # Merged, deleted
    # ------------------------------------------------------------

    def test_merged(self):
        other = self._make_lead(self.boris, expected_revenue=400.0)
        done = self._make_activity(self.boris, other)
        done.with_user(self.boris).action_feedback()
        other.with_user(self.boris).action_set_lost()
        other.action_unarchive()
        before = self._facts_of(other), self._facts_of(done)
        merged = (self.lead + other).with_user(self.lena).merge_opportunity(user_id=self.anna.id)
        self.assertEqual(len((self.lead + other).exists()), 1)
        gone = self.lead + other - merged
        self.assertEqual(gone.exists(), self.env["crm.lead"])
        self.assertEqual((self._facts_of(other), self._facts_of(done)), before)
        self.assertEqual(len(self._facts_of(self.lead + other, "opportunity_created")), 2)

    def test_deleted(self):
        self.lead.with_user(self.anna).action_set_won()
        before = self._closing()
        self.lead.unlink()
        self.facts._capture("lead_won", origin="sweep")
        self.assertEqual(self._closing(), before)
