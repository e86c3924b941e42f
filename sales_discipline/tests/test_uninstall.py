from odoo.tests import freeze_time, tagged

from odoo.addons.sales_discipline.hooks import uninstall_hook

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
        self.assertEqual(left, count)
        self.assertTrue(activity.exists() and lead.exists())
        self.assertFalse(plan.exists())
        for name in (
            "discipline.fact",
            "discipline.regulation.step",
            "discipline.plan",
            "discipline.scorecard",
        ):
            self.assertFalse(self.env[name].search_count([]), name)
