from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .pay_common import PayCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 12:00:00")
class TestScheme(PayCase):
    def test_overlap(self):
        with self.assertRaisesRegex(ValidationError, "“Valid from” or “Valid until”"):
            self._new_scheme("Other", rate=1)
        draft = self._new_scheme("Other", rate=1, activate=False)
        draft.team_ids = self.team
        draft.action_activate()  # a more special audience
        self._card(self.e_anna, "2026-09-08", 3)
        run = self._run()
        run.action_compute()
        self.assertEqual(run.total, 3.0)

    def test_empty_scheme(self):
        scheme = self.env["discipline.scheme"].create({"name": "Empty", "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "no component"):
            scheme.action_activate()

    def test_limit_boxes(self):
        component = self.scheme.component_ids
        self.assertEqual(component._get_limits().floor, None)
        component.write({"floor": 0})
        self.assertEqual(component._get_limits().floor, 0.0)
        component.write({"floor": None})
        self.assertEqual(component._get_limits().floor, None)
        with self.assertRaisesRegex(ValidationError, "above the cap"):
            component.write({"floor": 10, "cap": 5})

    def test_component_form(self):
        """A new component in the form: minus points cost the same until said otherwise; no limits."""
        scheme = self._new_scheme("Draft", activate=False, rate=1)
        with Form(scheme.with_user(self.officer)) as form, form.component_ids.new() as line:
            line.name = "Weekly"
            line.rate = 4
        component = scheme.component_ids[-1]
        self.assertEqual((component.minus_rate, component.has_floor, component.has_cap), (4.0, False, False))

    def test_refused_components(self):
        with self.assertRaisesRegex(ValidationError, "by the week"):
            self.scheme.component_ids.write({"card_period": "month", "basis": "week"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.scheme.component_ids.rate = -1
            self.env.flush_all()

    def test_used_component(self):
        """What a statement refers to cannot be deleted: the refusal says so."""
        self._card(self.e_anna, "2026-09-08", 3)
        self._run().action_compute()
        with self.assertRaisesRegex(UserError, "September 2026"):
            self.scheme.component_ids.with_user(self.officer).unlink()
        with self.assertRaisesRegex(UserError, "September 2026"):
            self.scheme.with_user(self.officer).unlink()

    def test_officer_without_hr_rights_names_employees(self):
        scheme = self._new_scheme("Draft", activate=False, rate=1).with_user(self.officer)
        scheme.write(
            {"employee_ids": [Command.set(self.e_anna.ids)], "team_ids": [Command.set(self.team.ids)]}
        )
        self.assertIn("Anna", scheme.audience)
        with self.assertRaises(AccessError):
            self.e_anna.with_user(self.officer).write({"name": "x"})
