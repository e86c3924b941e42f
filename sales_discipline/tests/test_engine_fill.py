from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..models.discipline_fact import HISTORY
from .counting import counted
from .engine_common import EngineCase, at


class FillCase(EngineCase):
    """Stages S1 to S4 of which S3 is team South's alone; a fifth is the won one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.stage"].search([]).discipline_field_ids = False
        cls.stages = cls.env["crm.stage"].create(
            [{"name": f"S{number}", "sequence": 100 + 10 * number} for number in range(1, 5)]
        )
        cls.s1, cls.s2, cls.s3, cls.s4 = cls.stages
        cls.s3.team_ids = cls.south
        cls.won = cls.env["crm.stage"].create({"name": "Won", "sequence": 900, "is_won": True})
        cls.tag = cls.env["crm.tag"].create({"name": "Hot"})
        cls.metric = cls._metric("crm_fill_rate")

    @classmethod
    def _want(cls, stage, *names):
        stage.discipline_field_ids = cls.env["ir.model.fields"].browse(
            [cls.env["ir.model.fields"]._get("crm.lead", name).id for name in names]
        )

    @classmethod
    def _commit(cls):
        """What happens at the end of a request."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env.flush_all()

    def _state(self, lead):
        return (lead.discipline_filled, lead.discipline_required)

    def _measure(self, moment, user=None, **values):
        moment = at(moment)
        window = self._window("key", user or self.anna, moment.date(), entered_by=moment, **values)
        return self.metric._measure([window])[self.metric.id, "key"]


@tagged("post_install", "-at_install")
class TestEngineFill(FillCase):
    """How much of what the stages want is filled in, as of a moment."""

    # ------------------------------------------------------------
    # What is wanted, and what is filled in
    # ------------------------------------------------------------

    def test_what_is_filled_in(self):
        empty = {
            "phone": (False, "", "  "),
            "expected_revenue": (0.0,),
            "date_deadline": (False,),
            "tag_ids": ([Command.clear()],),
            "description": (False, "", "<p><br></p>", "<p>&nbsp; </p>"),
            "partner_id": (False,),
        }
        full = {
            "phone": ("1", "0"),
            "expected_revenue": (0.01, -5.0),
            "date_deadline": ("2026-03-01",),
            "tag_ids": ([Command.link(self.tag.id)],),
            "description": ("<p>A</p>", "<p><img src='/a.png'></p>"),
            "partner_id": (self.customer.id,),
        }
        for name in empty:
            self._want(self.s1, name)
            lead = self._make_lead(self.anna, stage_id=self.s1.id, partner_id=False)
            self._commit()
            self.assertEqual(self._state(lead), (0, 1), name)
            for value in full[name]:
                for number, values in ((1, {name: value}), (0, {name: empty[name][-1]})):
                    lead.write(values)
                    self._commit()
                    self.assertEqual(self._state(lead), (number, 1), (name, values))
                    label = lead._fields[name]._description_string(self.env)
                    self.assertEqual(lead.discipline_missing, False if number else label)
            for value in empty[name]:
                lead.write({name: value})
                self._commit()
                self.assertEqual(self._state(lead), (0, 1), (name, value))

    def test_stages_add_up(self):
        self._want(self.s1, "phone")
        self._want(self.s2, "phone", "expected_revenue")
        self._want(self.s3, "date_deadline")
        self._want(self.s4, "tag_ids")
        lead = self._make_lead(self.anna, stage_id=self.s1.id, team_id=self.north.id, phone="1")
        other = self._make_lead(self.carla, stage_id=self.s1.id, team_id=self.south.id, partner_id=False)
        raw = self._make_lead(self.anna, stage_id=self.s4.id, type="lead")
        for stage, north, south in (
            (self.s1, (1, 1), (0, 1)),
            (self.s2, (1, 2), (0, 2)),
            (self.s3, (1, 3), (0, 3)),
            (self.s4, (1, 3), (0, 4)),
            (self.s2, (1, 2), (0, 2)),
        ):
            (lead + other).stage_id = stage
            self._commit()
            self.assertEqual((self._state(lead), self._state(other)), (north, south), stage.name)
        self.assertEqual(self._state(raw), (0, 0), "only opportunities")
        lead.stage_id = self.s4
        lead.team_id = self.south
        self._commit()
        self.assertEqual(self._state(lead), (1, 4))

    def test_settings_change(self):
        """Everything that is open is counted again, in a fixed number of statements."""
        leads = self.env["crm.lead"].union(
            *(self._make_lead(self.anna, stage_id=self.s2.id, phone="1") for _n in range(3))
        )
        lost = self._make_lead(self.anna, stage_id=self.s2.id, partner_id=False)
        lost.action_set_lost()
        self._commit()
        self._want(self.s1, "phone", "tag_ids")
        self._commit()
        self.assertEqual({self._state(lead) for lead in leads}, {(1, 2)})
        self.assertEqual(self._state(lost), (0, 0))
        self.s1.sequence = 500
        self._commit()
        self.assertEqual({self._state(lead) for lead in leads}, {(0, 0)})
        self.s1.sequence = 50
        self._commit()
        lost.action_unarchive()
        lost.write({"probability": 10})
        lost.stage_id = self.s4
        self._commit()
        self.assertEqual(self._state(lost), (0, 2))
        (lost + leads).stage_id = self.s2
        self.s1.unlink()
        self._commit()
        self.assertEqual({self._state(lead) for lead in leads + lost}, {(0, 0)})

    def test_one_statement_for_many(self):
        self._want(self.s1, "phone")
        numbers = []
        for count in (1, 20):
            leads = [self._make_lead(self.anna, stage_id=self.s1.id) for _number in range(count)]
            self._commit()
            query = "UPDATE crm_lead SET phone = '1' WHERE id = ANY(%s)"
            self.env.cr.execute(query, [[lead.id for lead in leads]])
            self.env.invalidate_all()
            self.env["crm.stage"]._get_fill_fields()
            with counted(self.env) as counter:
                self.assertEqual(self.env["crm.lead"]._count_fill(), count)
            numbers.append(counter.statements)
            self.assertEqual({self._state(lead) for lead in leads}, {(1, 1)})
        self.assertEqual(numbers, [1, 1])

    def test_filled_in_by_the_customer(self):
        """What Odoo fills in by itself, from the customer, counts the same."""
        self._want(self.s1, "phone", "email_from")
        lead = self._make_lead(self.anna, stage_id=self.s1.id)
        self._commit()
        self.assertEqual(self._state(lead), (0, 2))
        self.customer.write({"phone": "+49 30 1234567", "email": "a@example.com"})
        self._commit()
        self.assertEqual(self._state(lead), (2, 2))

    def test_nothing_wanted_costs_nothing(self):
        lead = self._make_lead(self.anna, stage_id=self.s1.id)
        self._commit()
        lead.phone = "1"
        self.env.flush_all()
        self.assertNotIn("discipline.fill", self.env.cr.precommit.data)
        self.assertEqual(self._measure("2026-03-10 18:00:00").value, None)
        self.assertFalse(lead.discipline_missing)

    # ------------------------------------------------------------
    # As of a moment
    # ------------------------------------------------------------

    def test_borders(self):
        self._want(self.s1, "phone", "expected_revenue")
        with freeze_time("2026-03-10 10:00:00"):
            lead = self._make_lead(self.anna, stage_id=self.s1.id)
            self._commit()
        with freeze_time("2026-03-10 12:00:00"):
            lead.phone = "1"
            self._commit()
        with freeze_time("2026-03-10 14:00:00"):
            lead.write({"user_id": self.boris.id, "expected_revenue": 7.0})
            self._commit()
        with freeze_time("2026-03-10 16:00:00"):
            self._want(self.s1, "phone", "expected_revenue", "tag_ids", "date_deadline")
            self._commit()
        with freeze_time("2026-03-10 17:00:00"):
            lead.unlink()
            self._commit()
        for moment, anna, boris in (
            ("09:59:59", None, None),
            ("10:00:00", 0, None),
            ("11:59:59", 0, None),
            ("12:00:00", 50, None),
            ("13:59:59", 50, None),
            ("14:00:00", None, 100),
            ("15:59:59", None, 100),
            ("16:00:00", None, 50),
            ("17:00:00", None, None),
        ):
            found = [self._measure(f"2026-03-10 {moment}", user) for user in (self.anna, self.boris)]
            self.assertEqual([measure.value for measure in found], [anna, boris], moment)
            self.assertEqual(
                [measure.ids for measure in found], [(lead.id,) * (v is not None) for v in (anna, boris)]
            )

    def test_before_the_setting_there_is_no_data(self):
        with freeze_time("2026-03-09 10:00:00"):
            self._make_lead(self.anna, stage_id=self.s1.id)
            self._commit()
        with freeze_time("2026-03-11 10:00:00"):
            self._want(self.s1, "phone")
            self._commit()
        self.assertEqual(self._measure("2026-03-10 18:00:00").value, None)
        self.assertEqual(self._measure("2026-03-11 18:00:00").value, 0)

    def test_sweep(self):
        """What SQL filled in is found by night and holds from then on."""
        self._want(self.s1, "phone")
        with freeze_time("2026-03-09 10:00:00"):
            lead = self._make_lead(self.anna, stage_id=self.s1.id)
            self._commit()
        self.env.cr.execute("UPDATE crm_lead SET phone = '1' WHERE id = %s", [lead.id])
        self.env.invalidate_all()
        with freeze_time("2026-03-11 02:00:00"):
            self.assertEqual(self.env["crm.lead"]._count_fill(), 1)
            self.assertEqual(self.env["crm.lead"]._count_fill(), 0)
        self.assertEqual(self._measure("2026-03-10 18:00:00").value, 0)
        self.assertEqual(self._measure("2026-03-11 18:00:00").value, 100)

    def test_history(self):
        """When a past is filled in, what is found is taken to have held since ever."""
        with freeze_time("2026-03-09 10:00:00"):
            silent = self.env["crm.lead"].with_context(discipline_history=HISTORY)
            stage = self.s1.with_context(discipline_history=HISTORY)
            self._want(stage, "phone", "expected_revenue")
            base = {"name": "Old", "type": "opportunity", "user_id": self.anna.id, "stage_id": stage.id}
            lead, lost = silent.create([{**base, "phone": "1"}, {**base, "expected_revenue": 5}])
            lost.action_set_lost()
        self.env.flush_all()
        query = "UPDATE crm_lead SET create_date = '2026-03-02', open_since = NULL, date_closed = %s WHERE id = %s"
        self.env.cr.execute(query, [None, lead.id])
        self.env.cr.execute(query, ["2026-03-05 10:00:00", lost.id])
        self.env.invalidate_all()
        self.facts._fill_history()
        self.assertEqual(self._measure("2026-03-01 18:00:00").value, None)
        self.assertEqual(set(self._measure("2026-03-03 18:00:00").ids), {lead.id, lost.id})
        self.assertEqual(self._measure("2026-03-03 18:00:00").value, 50)
        self.assertEqual(self._measure("2026-03-06 18:00:00").ids, (lead.id,))

    # ------------------------------------------------------------
    # Cards and ratios opened
    # ------------------------------------------------------------

    def test_on_a_card(self):
        self._make_plan(("crm_fill_rate", 80), ("conversion_call_meeting", 50), employee_ids=self.e_anna.ids)
        self._want(self.s1, "phone", "expected_revenue")
        with freeze_time("2026-03-10 09:00:00"):
            lead = self._make_lead(self.anna, stage_id=self.s1.id, phone="1")
            self._commit()
        facts = self._make_fact(self.anna, "2026-03-10 09:00:00", count=2, lead=lead)
        facts += self._make_fact(self.anna, "2026-03-10 10:00:00", self.meeting, lead=lead)
        self._make_fact(
            self.anna, "2026-03-10 10:00:00", self.env.ref("mail.mail_activity_data_todo"), lead=lead
        )
        self._score("2026-03-10 12:00:00")
        with freeze_time("2026-03-10 21:00:00"):
            lead.write({"expected_revenue": 5.0})
            self._commit()
        self._score("2026-03-11 05:00:00")
        card = self._card(self.e_anna, "2026-03-10")
        fill, ratio = self._line(card, "crm_fill_rate"), self._line(card, "conversion_call_meeting")
        self.assertEqual((fill.actual, fill.zone, fill.record_ids), (50, "red", [lead.id]))
        self.assertEqual(ratio.actual, 50)
        action = fill.with_user(self.anna).action_open_facts()
        self.assertEqual(self.env["crm.lead"].with_user(self.anna).search(action["domain"]), lead)
        self.assertEqual(self.env["ir.ui.view"].browse(action["views"][0][0]).model, "crm.lead")
        action = ratio.with_user(self.anna).action_open_facts()
        self.assertEqual(self.facts.with_user(self.anna).search(action["domain"]), facts)

    # ------------------------------------------------------------
    # Bad input, rights
    # ------------------------------------------------------------

    def test_fields_that_cannot_be_told(self):
        for name in (
            "active",
            "id",
            "create_date",
            "lead_properties",
            "message_ids",
            "won_status",
            "discipline_filled",
        ):
            with self._refused(ValidationError, "S1.*check boxes"):
                self._want(self.s1, name)
        with self._refused(ValidationError, "S1"):
            self.s1.discipline_field_ids = self.env["ir.model.fields"]._get("res.partner", "phone")

    def test_stamps_are_the_systems(self):
        lead = self._make_lead(self.anna)
        for name in ("discipline_filled", "discipline_required"):
            with self._refused(UserError, "stamped by the system"):
                lead.with_user(self.mark).write({name: 5})
            with self._refused(UserError, "stamped by the system"):
                self._make_lead(self.mark, **{name: 5})
        defaults = {"default_discipline_filled": 9, "default_discipline_required": 9, "default_type": "lead"}
        leads = self.env["crm.lead"].with_user(self.anna).with_context(**defaults)
        forged = leads.create({"name": "Web", "type": "lead"})
        self._commit()
        self.assertEqual(self._state(forged), (0, 0))

    def test_rights(self):
        """The manager of the discipline who may edit stages sets it; a sales manager alone does not see it."""
        stage = self.s1.with_user(self.mark)
        field = (
            self.env["ir.model.fields"]
            .with_user(self.mark)
            .search([("model", "=", "crm.lead"), ("name", "=", "phone")])
        )
        stage.discipline_field_ids = field
        self.assertEqual(stage.read(["discipline_field_ids"])[0]["discipline_field_ids"], field.ids)
        self.assertEqual(field.display_name, field.sudo().display_name)
        luis = self.luis
        luis.group_ids += self.env.ref("sales_team.group_sale_manager")
        for user, sees in ((self.mark, True), (luis, False), (self.anna, False)):
            fields_seen = self.env["crm.stage"].with_user(user).fields_get()
            self.assertEqual("discipline_field_ids" in fields_seen, sees, user.name)
        with self._refused(AccessError, "discipline_field_ids"):
            self.s1.with_user(luis).write({"discipline_field_ids": [Command.clear()]})
        lead = self._make_lead(self.anna, stage_id=self.s1.id)
        self._commit()
        own = lead.with_user(self.anna)
        self.assertEqual((own.discipline_missing, own.discipline_required), ("Phone", 1))
