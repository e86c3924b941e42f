from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestSchemeVersion(PayCase):
    def test_paid_rules_are_locked(self):
        """For everybody, from the moment a run is confirmed."""
        component = self._component("kpi_bonus", [(80, 50)], fixed_amount=100)
        scheme, tier = component.scheme_id, component.tier_ids
        self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", efficiency=90)
        run = self._run()
        run.action_compute()
        tier.value = 60
        self.assertFalse(component.is_locked or scheme.is_locked)
        run.action_compute()
        run.action_confirm()
        self.env.invalidate_all()
        self.assertTrue(component.is_locked and scheme.is_locked)
        attempts = [
            lambda: component.write({"fixed_amount": 200}),
            lambda: component.write({"kind": "points"}),
            lambda: component.write({"tier_ids": [Command.create({"threshold": 90, "value": 70})]}),
            lambda: self.env["discipline.tier"].create(
                {"component_id": component.id, "threshold": 90, "value": 70}
            ),
            lambda: tier.write({"value": 70}),
            lambda: tier.unlink(),
            lambda: scheme.write({"cap": 10}),
            lambda: scheme.write({"guaranteed": 10}),
            lambda: scheme.write({"component_ids": [Command.update(component.id, {"fixed_amount": 1})]}),
        ]
        for i, attempt in enumerate(attempts):
            with self.subTest(i), self.assertRaisesRegex(UserError, "September 2026.*“New Version”"):
                attempt()
        component.write({"name": "Bonus", "sequence": 5})
        scheme.write({"name": "Other", "date_to": "2026-12-31", "team_ids": [Command.link(self.team.id)]})
        other = self._component("points", scheme=scheme, rate=1)  # what has not been paid by is free
        other.rate = 2

    def test_new_version(self):
        component = self._component("kpi_bonus", [(80, 50)], fixed_amount=100)
        scheme = component.scheme_id.with_user(self.officer)
        scheme.write({"employee_ids": [Command.set(self.e_anna.ids)], "guaranteed": 10})
        self._card(self.e_anna, "2026-09-01", 0, "month", "2026-09-30", efficiency=90)
        self._confirmed()
        action = scheme.action_new_version()
        self.assertEqual(action["context"]["default_date_from"], date(2026, 10, 1))
        wizard = Form(
            self.env["discipline.scheme.version"].with_user(self.officer).with_context(**action["context"])
        )
        new = self.env["discipline.scheme"].browse(wizard.save().action_create()["res_id"])
        self.assertEqual((new.state, new.version, new.family_id), ("draft", 2, scheme))
        self.assertEqual(new.display_name, "kpi_bonus (version 2)")
        self.assertEqual((str(new.date_from), str(scheme.date_to)), ("2026-10-01", "2026-09-30"))
        self.assertEqual(new.employee_ids, self.e_anna)
        self.assertEqual((new.guaranteed, new.component_ids.tier_ids.value), (10, 50))
        self.assertEqual(new.component_ids.family_id, component)
        new.component_ids.with_user(self.officer).fixed_amount = 300
        new.with_user(self.officer).action_activate()
        third = new._create_version(date(2026, 12, 1))
        self.assertEqual((third.version, third.family_id), (3, scheme))
        self.assertEqual(third.component_ids.family_id, component)
        self.assertEqual((component.fixed_amount, str(new.date_to)), (100, "2026-11-30"))
        self._card(self.e_anna, "2026-10-01", 0, "month", "2026-10-31", efficiency=90)
        run = self._run("2026-10-01")
        run.action_compute()
        self.assertEqual(run.statement_ids.line_ids.filtered("component_id").amount, 150)

    def test_versions_begin_with_a_month_not_paid(self):
        self._card(self.e_anna, "2026-09-08", 3)
        self._confirmed()
        for day in (date(2026, 9, 1), date(2026, 10, 15), date(2020, 1, 1)):
            with self.subTest(day), self.assertRaisesRegex(UserError, "first of a month"):
                self.scheme._create_version(day)
        self.scheme.date_to = "2026-09-30"
        new = self.scheme._create_version(date(2026, 11, 1))
        self.assertEqual((new.date_to, str(self.scheme.date_to)), (False, "2026-09-30"))

    def test_who_may(self):
        for user in (self.head, self.lead, self.anna):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.scheme.with_user(user)._create_version(date(2026, 11, 1))
        with self.assertRaises(AccessError):
            self.env["discipline.scheme.version"].with_user(self.head).create(
                {"scheme_id": self.scheme.id, "date_from": "2026-11-01"}
            )
