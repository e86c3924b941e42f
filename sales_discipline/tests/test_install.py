from odoo.tests import TransactionCase, freeze_time, tagged

from ..models import discipline_fact_install as install
from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestInstallTables(TransactionCase):
    """What lets people work while the addon is being installed; `./dev bench --only install` measures it with people."""

    def test_each_table_is_committed_by_itself(self):
        """A column on a table of Odoo's own locks it until the installation ends, unless its model is in the list."""
        self.env.cr.execute(
            """
            SELECT DISTINCT f.model FROM ir_model_fields f
              JOIN ir_model_data d ON d.model = 'ir.model.fields' AND d.res_id = f.id AND d.module = 'sales_discipline'
              JOIN information_schema.columns c ON c.table_name = replace(f.model, '.', '_') AND c.column_name = f.name
             WHERE f.name <> 'id' AND f.model NOT LIKE 'discipline.%'
            """
        )
        extended = {model for (model,) in self.env.cr.fetchall()}
        self.assertIn("crm.lead", extended)
        for name in extended:
            model = self.env[name]
            if model._transient:
                continue
            ways = [
                way.__dict__["_auto_init"].__module__
                for way in type(model).__mro__
                if "_auto_init" in way.__dict__
            ]
            self.assertIn(install.__name__, ways, f"{name} needs an _auto_init in discipline_fact_install.py")

    def test_rows_of_processes_that_do_not_know_the_addon(self):
        """A user, a company that another process adds while the addon is being installed has what is required."""
        self.env.cr.execute(
            """
            SELECT c.table_name, c.column_name FROM ir_model_fields f
              JOIN ir_model_data d ON d.model = 'ir.model.fields' AND d.res_id = f.id AND d.module = 'sales_discipline'
              JOIN information_schema.columns c ON c.table_name = replace(f.model, '.', '_') AND c.column_name = f.name
             WHERE f.required AND c.is_nullable = 'NO' AND c.column_default IS NULL AND f.name <> 'id'
               AND f.model NOT LIKE 'discipline.%'
            """
        )
        odoo_requires = {("mail_activity_plan_template", "responsible_type")}  # with and without the addon
        self.assertEqual(set(self.env.cr.fetchall()) - odoo_requires, set())


@tagged("post_install", "-at_install")
@freeze_time(DisciplineCase.NOW)
class TestInstallGap(DisciplineCase):
    def test_what_was_done_meanwhile(self):
        """What bypassed hooks that a process did not know yet is a part of the past, with its span; once."""
        lead = self._make_lead(self.anna)
        activity = self._make_activity(self.anna, lead)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_activity SET active = FALSE, date_done = '2026-03-10', create_date = '2026-03-09 08:00:00',"
            " open_since = NULL, write_date = '2026-03-10 11:00:00' WHERE id = %s",
            [activity.id],
        )
        self.env.invalidate_all()
        for _again in range(2):
            self.facts._cron_history()
            fact = self._facts_of(activity)
            self.assertEqual((fact.mapped("kind"), fact.mapped("origin")), (["activity_done"], ["history"]))
            self.env.cr.execute(
                "SELECT date_to = %s FROM discipline_span WHERE kind = 'activity' AND res_id = %s",
                [fact.happened_at, activity.id],
            )
            self.assertEqual(self.env.cr.fetchall(), [(True,)])
