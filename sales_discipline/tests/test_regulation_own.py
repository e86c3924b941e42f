from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .regulation_common import RegulationCase

NOW = datetime(2026, 3, 10, 12)
LATER = datetime(2026, 3, 10, 12, 10)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRegulationOwn(RegulationCase):
    """Rules of all companies, and what a manager of one does about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        step = Command.create({"activity_type_id": cls.call.id, "discipline_title": "Call"})
        values = {"name": "Everybody", "trigger": "lead_created", "company_id": False, "template_ids": [step]}
        cls.shared = cls.regulations.create(values)

    def _make_theirs(self):
        leads = self.env["crm.lead"].with_context(allowed_company_ids=self.outside.ids)
        return leads.create({"name": "Theirs", "user_id": self.olga.id, "company_id": self.outside.id})

    def test_a_manager_of_one_company(self):
        """Starts a version of their own; nothing happens in the other company, and the shared rule stays as it is."""
        theirs = self.shared.with_user(self.mark).with_context(allowed_company_ids=self.company.ids)
        self.assertTrue(theirs.is_shared_only)
        for refused in (
            lambda: theirs.write({"goal": "Mine"}),
            lambda: theirs.template_ids.write({"discipline_title": "Mine"}),
            lambda: theirs.plan_id.write({"name": "Mine"}),
            theirs.action_archive,
            lambda: theirs.template_ids.unlink(),
            theirs.unlink,
        ):
            with self.assertRaisesRegex(AccessError, "all companies"), self.env.cr.savepoint():
                refused()
        action = theirs.action_start()
        own = self.regulations.browse(action["res_id"])
        self.assertEqual((own.company_id, own.state, own.shared_id), (self.company, "running", self.shared))
        self.assertEqual((own.name, own.template_ids.mapped("discipline_title")), ("Everybody", ["Call"]))
        self.assertEqual(self.shared.state, "draft")
        own.with_user(self.mark).goal = "Ours"
        self.assertEqual(theirs.action_start()["res_id"], own.id, "one for a company")
        self._make_lead(self.anna)
        self._make_theirs()
        self.assertEqual(self._run(LATER).company_id, self.company)

    def test_the_version_takes_the_place(self):
        """Nothing twice where the shared rule runs as well, and nothing where one's own is off."""
        with freeze_time(NOW):
            self.shared.action_start()
        mine = self.shared.with_user(self.mark).with_context(allowed_company_ids=self.company.ids)
        own = self.regulations.browse(mine.action_stop()["res_id"])
        self.assertEqual((own.state, self.shared.state), ("draft", "running"))
        lead, theirs = self._make_lead(self.anna), self._make_theirs()
        self.assertEqual(self._run(LATER).res_id, theirs.id)
        own._moving().since = NOW
        own.with_user(self.mark).action_start()
        with freeze_time(LATER):
            lead = self._make_lead(self.anna)
            lead.flush_recordset()
            self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", [LATER, lead.id])
        step = self._run("2026-03-10 12:20:00")
        self.assertEqual(step.filtered(lambda one: one.res_id == lead.id).regulation_id, own)

    def test_who_works_in_all(self):
        admin = self.env.ref("base.user_admin")
        admin.write({"company_ids": [Command.set(self.env["res.company"].search([]).ids)]})
        admin.group_ids += self.env.ref("sales_discipline.group_manager")
        shared = self.shared.with_user(admin)
        self.assertFalse(shared.is_shared_only)
        shared.write({"goal": "For all"})
        shared.action_start()
        self.assertEqual(shared.state, "running")

    def test_the_lost_reason(self):
        """Where one's own version is off, no reason is wanted."""
        step = {"discipline_result": "reason"}
        rule = self._make_regulation("lost", step, company_id=False)
        lead = self._make_lead(self.anna)
        self.assertTrue(lead._get_reason_rules())
        rule.with_user(self.mark).with_context(allowed_company_ids=self.company.ids).action_stop()
        self.assertFalse(lead._get_reason_rules())
