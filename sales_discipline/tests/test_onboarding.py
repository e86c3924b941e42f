from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .browser_common import listen_to_console
from .freeze_common import FreezeCase
from .page_common import PageCase


@tagged("post_install", "-at_install")
class TestOnboarding(FreezeCase):
    """The first steps of a company, for its managers."""

    def _panel(self, user=None):
        onboarding = self.env["discipline.onboarding"].with_user(user or self.mark)
        return onboarding.with_company(self.company)._get_panel()

    def _done(self):
        return [step["key"] for step in self._panel()["steps"] if step["done"]]

    def test_steps(self):
        self.assertEqual(self._done(), ["people"])
        self.e_carla.active = False
        self.env.flush_all()
        self.assertEqual(self._done(), [])
        self.assertIn("2 of 3", self._panel()["steps"][0]["text"])
        self.e_carla.active = True
        plan = self._make_plan(("companies_added", 1.0), state="trial", date_from="2026-03-09")
        self.env.flush_all()
        self.assertEqual(self._done(), ["people", "plan"])
        plan.action_activate()
        self.env.flush_all()
        self.assertEqual(self._done(), ["people", "plan", "active"])
        self._score("2026-03-09 23:30:00")
        self._score("2026-03-10 08:00:00")
        self.assertEqual(self._done(), ["people", "plan", "active", "board"])
        self.assertEqual(self._panel()["done"], 4)
        self.assertFalse(
            self._panel()["steps"][4]["action"], "schemes are not for those without rights in pay"
        )
        self.mark.group_ids += self.env.ref("sales_discipline.group_payroll")
        self.assertTrue(self._panel()["steps"][4]["action"])
        scheme = self.env["discipline.scheme"].create({"name": "Pay", "company_id": self.company.id})
        scheme._moving().state = "active"
        self.env.flush_all()
        self.assertFalse(self._panel(), "nothing is left to do")

    def test_other_company(self):
        """What one company has done is nothing to another."""
        self._make_plan(("companies_added", 1.0))
        self.env.flush_all()
        panel = self.env["discipline.onboarding"].with_user(self.olga).with_company(self.outside)._get_panel()
        self.assertEqual(panel["done"], 0)

    def test_access(self):
        for user in (self.anna, self.lena, self.paula):
            self.assertFalse(self._panel(user), user.name)
            with self._refused(AccessError, "managers of the discipline"):
                self.env["discipline.onboarding"].with_user(user).close_panel()

    def test_close(self):
        """Each closes it for themselves."""
        self.assertTrue(self._panel())
        self.env["discipline.onboarding"].with_user(self.mark).close_panel()
        self.env.flush_all()
        self.assertFalse(self._panel())
        self.assertTrue(self._panel(self._make_user("max", "sales_discipline.group_manager", "UTC")))

    def test_one_statement(self):
        self.assertEqual(self._count_again(self._panel)[0], 1)


@tagged("post_install", "-at_install")
class TestShowAround(PageCase):
    """The tours for first-time users, taken by the program as a user would take them."""

    def _take(self, name, user, path):
        with freeze_time(self.AT), listen_to_console(self, r"(.*succeeded.*)") as said:
            self.start_tour(path, f"sales_discipline_{name}_tour", login=user.login, timeout=60)
        self.assertTrue(said)

    def test_my_day(self):
        self._take("my_day", self.anna, "/odoo/my-day")

    def test_my_day_without_a_card(self):
        """On a day without a scorecard every step is there all the same."""
        self.env["discipline.plan"].search([]).action_close()
        self.env.flush_all()
        self._take("my_day", self.anna, "/odoo/my-day")

    def test_morning(self):
        self._take("morning", self.lena, "/odoo/discipline-morning")

    def test_button(self):
        """The button begins the tour of the page it is on, and Odoo's other tours stay off."""
        code = """
            document.querySelector(".o_discipline_show_around").click();
            const timer = setInterval(() => {
                if (document.querySelector(".o_tour_pointer")) {
                    clearInterval(timer);
                    setTimeout(() => console.log("test successful"), 500);
                }
            }, 100);
        """
        with freeze_time(self.AT):
            ready = "!!document.querySelector('.o_discipline_show_around')"
            self.browser_js("/odoo/my-day", code, ready, login=self.anna.login)
        self.env.invalidate_all()
        self.assertFalse(self.anna.tour_enabled)
