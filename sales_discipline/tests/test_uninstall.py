from odoo.tests import freeze_time, tagged

from odoo.addons.sales_discipline.hooks import KEPT, uninstall_hook

from .regulation_common import RegulationCase


@tagged("post_install", "-at_install")
@freeze_time(RegulationCase.NOW)
class TestUninstall(RegulationCase):
    """What the addon does before Odoo takes it away: its own tables are emptied, and nobody else's."""

    def test_others_keep_what_they_have(self):
        rule = self._make_regulation("lead_created", {})
        plan = rule.plan_id
        lead = self._make_lead(self.anna)
        activity = self._run("2026-03-10 12:10:00").activity_id
        self._make_fact(self.anna)
        own = self.env.ref("sales_discipline.activity_type_assessment")
        indicators = self._make_plan(("calls_done", 1), state="draft")
        note = self._make_activity(self.mark, indicators, own)  # goes with what it is on
        self.env.flush_all()
        names = (
            "mail.activity",
            "crm.lead",
            "res.users",
            "res.partner",
            "crm.stage",
            "hr.employee",
            "res.company",
        )
        count = {name: self.env[name].with_context(active_test=False).search_count([]) for name in names}
        uninstall_hook(self.env)
        self.env.invalidate_all()
        left = {name: self.env[name].with_context(active_test=False).search_count([]) for name in names}
        count["mail.activity"] -= 1
        self.assertEqual(left, count)
        self.assertFalse(note.exists())
        self.env.cr.execute("SELECT name FROM ir_model_data WHERE module = %s", [KEPT])
        kept = [name for (name,) in self.env.cr.fetchall()]
        self.assertNotIn("activity_type_assessment", kept, "nothing is left that it was used on")
        self.env.cr.execute(
            "SELECT name FROM ir_model_data WHERE module <> 'sales_discipline'"
            " AND name ~ '^(model_inherit|selection)__discipline_'"
            " UNION SELECT name FROM ir_model_constraint WHERE name = 'mail_activity_done_by_fkey'"
        )
        self.assertEqual(self.env.cr.fetchall(), [])
        self.assertTrue(activity.exists() and lead.exists())
        self.assertFalse(plan.exists())
        for name in (
            "discipline.fact",
            "discipline.regulation.step",
            "discipline.plan",
            "discipline.scorecard",
        ):
            self.assertFalse(self.env[name].search_count([]), name)
