from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .freeze_common import FreezeCase


@tagged("post_install", "-at_install")
class TestAcknowledgement(FreezeCase):
    """People acknowledge a version of a plan; leaders and managers see who has not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["discipline.plan.acknowledgement"]
        with freeze_time("2026-03-09 08:00:00"):
            cls.plan = cls._make_plan(
                ("companies_added", 2.0), date_from="2026-03-09", team_ids=cls.north.ids
            )

    def _of(self, plan=None):
        return self.rows.search([("plan_id", "=", (plan or self.plan).id)])

    def _press(self, user, at="2026-03-09 09:00:00", plan=None):
        with freeze_time(at):
            (plan or self.plan).with_user(user).action_acknowledge()

    def test_button(self):
        self.assertEqual(self._of().employee_id, self.e_anna + self.e_boris + self.e_lena)
        self.assertEqual(self.plan.with_user(self.anna).my_acknowledgement, "open")
        self._press(self.anna)
        self._press(self.anna, "2026-03-10 09:00:00")
        row = self._of().filtered(lambda one: one.user_id == self.anna)
        self.assertEqual((str(row.acknowledged_at), row.state), ("2026-03-09 09:00:00", "done"))
        self.env.invalidate_all()
        self.assertEqual(self.plan.with_user(self.anna).my_acknowledgement, "done")
        self.assertEqual(self.plan.with_user(self.lena).acknowledged_count, "1 / 3")
        self.assertFalse(
            self.plan.with_user(self.anna).acknowledged_count, "of herself alone she needs no count"
        )
        self.assertEqual(
            self._of().search([("state", "=", "open"), ("plan_id", "=", self.plan.id)]).employee_id,
            self.e_boris + self.e_lena,
        )

    def test_not_for_them(self):
        for user in (self.carla, self.mark):
            with self._refused(UserError, "not in force for you"):
                self._press(user)
        self.plan.action_close()
        with self.assertRaises(UserError):
            self._press(self.anna)

    def test_who_sees(self):
        self._press(self.anna)
        seen = {
            self.anna: self.anna,
            self.boris: self.boris,
            self.carla: self.env["res.users"],
            self.lena: self.anna + self.boris + self.lena,
            self.luis: self.env["res.users"],
            self.mark: self.anna + self.boris + self.lena,
            self.olga: self.env["res.users"],
        }
        for user, users in seen.items():
            self.assertEqual(
                self._of().with_user(user).search([("plan_id", "=", self.plan.id)]).user_id, users, user.name
            )
        for user in (self.paula, self.portal):
            with self.assertRaises(AccessError):
                self.rows.with_user(user).search([])
        self.assertFalse(
            self.plan.with_user(self.paula).acknowledged_count, "and the form opens all the same"
        )

    def test_nobody_signs_for_another(self):
        row = self._of()[0]
        for user in (self.anna, self.lena, self.mark, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"acknowledged_at": "2026-03-09"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                row.with_user(user).create(
                    {"plan_id": self.plan.id, "employee_id": self.e_carla.id, "user_id": self.carla.id}
                )

    def test_rules_that_change(self):
        """Until somebody is scored a plan may still be edited: who had read it reads it again."""
        changes = (
            lambda: self.plan.write({"deadline_hour": 17.0}),
            lambda: self.plan.line_ids.write({"target": 3.0}),
            lambda: self.plan.write(
                {"line_ids": [Command.create({"metric_id": self._metric("calls_done").id, "target": 1})]}
            ),
            lambda: self.plan.line_ids[1:].unlink(),
        )
        for change in changes:
            self._press(self.anna)
            change()
            self.assertFalse(self._of().filtered("acknowledged_at"))
        self._press(self.anna)
        self.plan.name = "The same by another name"
        self.assertTrue(self._of().filtered("acknowledged_at"))

    def test_versions(self):
        """Each version anew, before it is in force."""
        self._press(self.anna)
        self._score("2026-03-10 20:00:00")
        with freeze_time("2026-03-10 20:00:00"):
            new = self.plan._create_version(self.plan._get_next_start())
            new.line_ids.target = 4.0
            self.assertFalse(self._of(new), "a draft is nobody's yet")
            new.action_activate()
            self.assertEqual(len(self._of(new)), 3)
            self.assertFalse(self._of(new).filtered("acknowledged_at"))
            self._press(self.anna, "2026-03-10 20:10:00", new)
        self.assertTrue(self._of().filtered("acknowledged_at"))

    def test_people_come_and_go(self):
        self._press(self.anna)
        (self.north.member_ids) -= self.boris + self.anna
        self.north.member_ids += self.carla
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        self.env.invalidate_all()
        self._score("2026-03-10 12:00:00")
        self.assertIn(self.e_carla, self._of().employee_id, "who is scored is asked")
        with freeze_time("2026-03-10 12:00:00"):
            self.plan.with_user(self.mark).action_view_acknowledgements()
        self.assertEqual(self._of().employee_id, self.e_anna + self.e_carla + self.e_lena, "Anna had read it")
        more_special = self._make_plan(
            ("companies_added", 1.0), date_from="2026-03-09", employee_ids=self.e_lena.ids, name="Lena's"
        )
        with freeze_time("2026-03-10 12:00:00"):
            self.plan._sync_acknowledgements()
        self.assertNotIn(self.e_lena, self._of().employee_id)
        self.assertEqual(self._of(more_special).employee_id, self.e_lena)
