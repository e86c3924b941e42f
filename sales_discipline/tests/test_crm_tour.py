from odoo.tests import tagged

from .browser_common import BrowserCase
from .common import DisciplineCase


@tagged("post_install", "-at_install")
class TestCrmTour(DisciplineCase, BrowserCase):
    """The pipeline in a real browser."""

    def test_from_a_mark_to_the_next_step(self):
        bare = self._make_lead(self.anna, name="Bare deal")
        planned = self._make_lead(self.anna, name="Planned deal")
        self._make_activity(self.anna, planned, date_deadline="2099-01-01")
        self.env.flush_all()
        self.start_tour("/odoo/crm", "sales_discipline_crm_marks", login=self.anna.login, timeout=120)
        self.env.invalidate_all()
        self.assertEqual(bare.activity_ids.mapped("summary"), ["Send the offer"])
        self.assertFalse(bare.discipline_no_step)
