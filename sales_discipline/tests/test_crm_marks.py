from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .engine_common import EngineCase

MARKS = ("discipline_untouched", "discipline_overdue", "discipline_no_step", "discipline_idle")


@freeze_time(EngineCase.NOW)
@tagged("post_install", "-at_install")
class TestCrmMarks(EngineCase):
    """What leads lack: the same by search, on the record, in a group, and as the metrics say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.env["crm.lead"]
        cls.company.discipline_idle_days = 7
        cls.new = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)

    @classmethod
    def _lead_of(cls, user, days, **vals):
        """A lead that came in so many days before NOW."""
        created = fields.Datetime.to_datetime(cls.NOW) - timedelta(days=days)
        with freeze_time(created):
            lead = cls._make_lead(user, **vals)
        lead.flush_recordset()
        cls.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", [created, lead.id])
        lead.invalidate_recordset()
        return lead

    def _found(self, name, user=None, value=True):
        domain = [(name, "=", value), ("user_id", "in", self._people().ids)]
        return self.leads.with_user(user or self.mark).search(domain)

    def _people(self):
        return self.anna + self.boris + self.carla

    def _marks(self, lead):
        lead.invalidate_recordset()
        return [name.removeprefix("discipline_") for name in MARKS if lead[name]]

    def _measured(self, code, user):
        window = self._window("now", user, self.TODAY, hour=12.0)
        metric = self._metric(code)
        return metric._measure([window])[metric.id, "now"].value

    def test_no_next_step(self):
        """An opportunity without anything planned; a lead is not asked for a step, nor is what is won or lost."""
        bare, planned, done = (self._lead_of(self.anna, 0) for _number in range(3))
        self._lead_of(self.anna, 0, type="lead")
        self._lead_of(self.anna, 0, stage_id=self.won.id)
        self._lead_of(self.anna, 0).action_set_lost()
        self._make_activity(self.anna, planned)
        self._make_activity(self.anna, done).action_feedback()
        found = self._found("discipline_no_step")
        self.assertEqual(found, bare + done)
        self.assertEqual(self._measured("deals_without_activity", self.anna), 2)
        self.assertTrue(bare.discipline_no_step)
        self.assertFalse(planned.discipline_no_step)

    def test_untouched(self):
        touched, untouched, lead = (
            self._lead_of(self.anna, 1, type=kind) for kind in ("opportunity", "opportunity", "lead")
        )
        self._make_activity(self.anna, touched).with_user(self.anna).action_feedback()
        self.assertEqual(self._found("discipline_untouched"), untouched + lead)
        self.assertEqual(self._measured("leads_untouched", self.anna), 2)
        untouched.with_user(self.anna).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(self._found("discipline_untouched"), lead)

    def test_overdue_where_the_owner_works(self):
        """Due yesterday is overdue, due today is not; when today begins depends on the owner's time zone."""
        yesterday, today = self._lead_of(self.anna, 0), self._lead_of(self.anna, 0)
        self._make_activity(self.anna, yesterday, date_deadline=date(2026, 3, 9))
        self._make_activity(self.anna, today, date_deadline=self.TODAY)
        far = self._lead_of(self.boris, 0)
        self._make_activity(self.boris, far, date_deadline=self.TODAY)
        self.assertEqual(self._found("discipline_overdue"), yesterday)
        self.assertEqual(self._measured("activities_overdue", self.anna), 1)
        with freeze_time("2026-03-10 15:30:00"):  # past midnight in Tokyo
            self.assertEqual(self._found("discipline_overdue"), yesterday + far)
            self.assertEqual(self._marks(far), ["untouched", "overdue"])

    def test_a_deal_that_is_won_may_have_overdue_activities(self):
        won = self._lead_of(self.anna, 0, stage_id=self.won.id)
        self._make_activity(self.anna, won, date_deadline=date(2026, 3, 9))
        self.assertEqual(self._marks(won), ["overdue"])
        self.assertEqual(self._measured("activities_overdue", self.anna), 1)

    def test_idle_from_the_last_touch_on(self):
        """Seven days to the second; notes and what is planned touch nothing."""
        lead = self._lead_of(self.anna, 30)
        self.assertEqual(lead.discipline_idle_days, 30)
        with freeze_time("2026-03-03 12:00:01"):
            self._make_activity(self.anna, lead).with_user(self.anna).action_feedback()
        lead.message_post(body="A note", message_type="comment", subtype_xmlid="mail.mt_note")
        self._make_activity(self.anna, lead, date_deadline=date(2026, 3, 20))
        self.assertEqual((lead.discipline_idle_days, self._marks(lead)), (6, []))
        self.assertFalse(self._found("discipline_idle"))
        with freeze_time("2026-03-10 12:00:01"):
            self.assertEqual(self._marks(lead), ["idle"])
            self.assertEqual(lead.discipline_idle_days, 7)
            self.assertEqual(self._found("discipline_idle"), lead)

    def test_idle_days_are_searched_like_a_number(self):
        old, new = self._lead_of(self.anna, 9), self._lead_of(self.anna, 2)
        mine = [("user_id", "=", self.anna.id)]
        for condition, expected in (
            ((">=", 9), old),
            ((">", 9), self.leads),
            (("<", 9), new),
            (("=", 2), new),
            (("!=", 2), old),
            (("in", [2, 9]), old + new),
        ):
            with self.subTest(condition):
                found = self.leads.search([*mine, ("discipline_idle_days", *condition)], order="create_date")
                self.assertEqual(found, expected)
        both = self.leads.search(mine, order="discipline_idle_days desc")
        self.assertEqual(both, old + new)

    def test_each_company_has_its_own_number_of_days(self):
        own = self._lead_of(self.anna, 5)
        other = self._lead_of(self.olga, 5)
        self.outside.discipline_idle_days = 3
        self.assertFalse(own.discipline_idle)
        self.assertTrue(other.discipline_idle)
        found = self.leads.search([("discipline_idle", "=", True), ("id", "in", (own + other).ids)])
        self.assertEqual(found, other)
        self.outside.discipline_idle_days = 0  # never
        other.invalidate_recordset()
        self.assertFalse(other.discipline_idle)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.outside.discipline_idle_days = -1
            self.env.flush_all()

    def test_search_reads_as_the_record_says(self):
        """For every mark: what is found is marked, and what is not found is not."""
        for days in (0, 3, 8):
            for user in self._people():
                bare, due, done = (self._lead_of(user, days) for _number in range(3))
                self._make_activity(user, due, date_deadline=date(2026, 3, 9))
                self._make_activity(user, done).with_user(user).action_feedback()
                self.assertIn("untouched", self._marks(bare))
        everything = self.leads.search([("user_id", "in", self._people().ids)])
        for name in MARKS:
            with self.subTest(name):
                marked = everything.filtered(name)
                self.assertTrue(marked)
                self.assertEqual(self._found(name), marked)
                self.assertEqual(self._found(name, value=False), everything - marked)
                self.assertEqual(everything.filtered_domain([(name, "=", True)]), marked)
        for mark in ("untouched", "overdue", "no_step", False):
            with self.subTest(mark):
                marked = everything.filtered(lambda lead, mark=mark: lead.discipline_mark == mark)
                self.assertEqual(self._found("discipline_mark", value=mark), marked)

    def test_groups(self):
        self._lead_of(self.anna, 0)
        self._lead_of(self.anna, 9)
        due = self._lead_of(self.anna, 9)
        self._make_activity(self.anna, due).with_user(self.anna).action_feedback()
        self._make_activity(self.anna, due, date_deadline=date(2026, 3, 9))
        domain = [("user_id", "=", self.anna.id)]
        groups = self.leads.with_user(self.anna).formatted_read_group(
            domain, ["discipline_mark"], ["__count"]
        )
        self.assertEqual(
            {group["discipline_mark"]: group["__count"] for group in groups}, {"untouched": 2, "overdue": 1}
        )
        for group in groups:
            found = self.leads.with_user(self.anna).search([*domain, *group["__extra_domain"]])
            self.assertEqual(len(found), group["__count"])
        groups = self.leads._read_group(domain, ["user_id"], ["discipline_idle_days:avg"])
        self.assertEqual(groups, [(self.anna, 3.0)])

    def test_the_text_says_it_in_words(self):
        lead = self._lead_of(self.anna, 9)
        self.assertEqual(lead.discipline_mark_text, "Days since anybody acted on it: 9. Nothing is planned.")
        self._make_activity(self.anna, lead, date_deadline=date(2026, 3, 20)).with_user(
            self.anna
        ).action_feedback()
        self._make_activity(self.anna, lead, date_deadline=date(2026, 3, 20))
        lead.invalidate_recordset()
        self.assertFalse(lead.discipline_mark_text)

    def test_a_new_lead_has_no_marks_while_it_is_typed(self):
        lead = self.leads.new({"name": "Typed", "type": "opportunity"})
        self.assertFalse(lead.discipline_mark)
        self.assertEqual(lead.discipline_idle_days, 0)

    def test_statements_do_not_grow(self):
        leads = [self._lead_of(self.anna, 3) for _number in range(20)]

        def read(records):
            return records.read(["discipline_mark", "discipline_idle_days", "discipline_mark_text"])

        few = self.leads.browse([lead.id for lead in leads[:2]])
        many = self.leads.browse([lead.id for lead in leads])
        self.assertEqual(self._count_again(read, few)[0], self._count_again(read, many)[0])

    def test_the_actions(self):
        lead = self._lead_of(self.anna, 0)
        later = self._make_activity(self.anna, lead, date_deadline=date(2026, 3, 9))
        first = self._make_activity(self.anna, lead, date_deadline=date(2026, 3, 6))
        self.assertEqual(lead.with_user(self.anna).action_discipline_open_overdue()["res_id"], first.id)
        first.unlink()
        lead.invalidate_recordset()
        self.assertEqual(lead.with_user(self.anna).action_discipline_open_overdue()["res_id"], later.id)
        context = lead.with_user(self.anna).action_discipline_plan_step()["context"]
        wizard = self.env["mail.activity.schedule"].with_user(self.anna).with_context(**context)
        wizard.create({"activity_type_id": self.call.id, "summary": "Ring"}).action_schedule_activities()
        self.assertEqual(lead.activity_ids.filtered("summary").mapped("summary")[-1:], ["Ring"])

    def test_others_deals_stay_hidden(self):
        """A mark is found among the leads that one may read, and nowhere else."""
        self._lead_of(self.boris, 9)
        mine = self._lead_of(self.anna, 9)
        found = self.leads.with_user(self.anna).search([("discipline_mark", "!=", False)])
        self.assertEqual(found, mine)
