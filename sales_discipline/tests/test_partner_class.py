from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .program_common import ProgramCase


@tagged("post_install", "-at_install")
@freeze_time(ProgramCase.NOW)
class TestPartnerClass(ProgramCase):
    """Clients are A, B or C by their sales of the last twelve months, in each company its own."""

    def _classify(self, company=None):
        company = company or self.company
        count = self.env["res.partner"]._classify(company, self.TODAY)
        clients = (self.big, self.middle, self.small, self.new)
        return count, [client.with_company(company).discipline_class for client in clients]

    def test_by_sales(self):
        self._order(self.big, "2026-01-10 10:00:00", 8000)
        self._order(self.middle, "2026-01-10 10:00:00", 1500)
        self._order(self.small, "2026-01-10 10:00:00", 500)
        self._order(self.new, "2025-03-09 23:00:00", 90_000)  # a year and a day ago
        self.assertEqual(self._classify(), (3, ["a", "b", "c", False]))
        # whoever buys no more has no class, whatever they were
        self.env["sale.order"].search([("partner_id", "=", self.small.id)])._action_cancel()
        self.assertEqual(self._classify(), (2, ["a", "b", False, False]))
        self.assertEqual(self._classify(self.outside), (0, [False] * 4))
        found = self.env["res.partner"].with_user(self.anna).search([("discipline_class", "=", "a")])
        self.assertEqual(found, self.big)

    def test_first_day(self):
        """Months back from today, that day included, by the days of the company."""
        self._order(self.new, "2025-03-10 00:00:00", 100)
        self._order(self.big, "2025-03-09 23:59:59", 100)
        self.assertEqual(self._classify()[1], [False, False, False, "a"])

    def test_limits(self):
        self._order(self.big, "2026-01-10 10:00:00", 50)
        self._order(self.middle, "2026-01-10 10:00:00", 30)
        self._order(self.small, "2026-01-10 10:00:00", 20)
        self.company.write({"discipline_class_a": 50, "discipline_class_b": 80})
        self.assertEqual(self._classify()[1], ["a", "b", "c", False])
        for values in ({"discipline_class_a": 0}, {"discipline_class_a": 90, "discipline_class_b": 80},
                       {"discipline_class_b": 101}):  # fmt: skip
            with self.subTest(values), self._refused(ValidationError, "Class A up to"):
                self.company.write(values)

    def test_companies_keep_their_own(self):
        self._order(self.big, "2026-01-10 10:00:00", 100)
        self._order(self.middle, "2026-01-10 10:00:00", 900, user=self.olga, company=self.outside)
        self._classify()
        self._classify(self.outside)
        self.assertEqual(self._classify()[1], ["a", False, False, False])
        self.assertEqual(self._classify(self.outside)[1], [False, "a", False, False])

    def test_by_hand(self):
        for user in (self.anna, self.mark):
            with self.subTest(user.name), self._refused(UserError, "Client Class"):
                self.big.with_user(user).discipline_class = "a"
        with self._refused(UserError, "Client Class"):
            self.env["res.partner"].with_user(self.mark).create({"name": "X", "discipline_class": "a"})
        self.env["res.partner"].with_user(self.mark).create({"name": "X", "discipline_class": False})

    def test_who_reads(self):
        self._order(self.big, "2026-01-10 10:00:00", 100)
        self._classify()
        self.assertEqual(self.big.with_user(self.anna).discipline_class, "a")
        self.portal.partner_id.commercial_partner_id.parent_id = False
        with self.assertRaises(AccessError):
            self.big.with_user(self.portal).sudo(False).read(["discipline_class"])

    def test_statements(self):
        """As many statements for two clients as for forty."""
        counts = []
        for number in (2, 40):
            clients = self.env["res.partner"].create(
                [{"name": f"Client {number}/{n}", "is_company": True} for n in range(number)]
            )
            for client in clients:
                self._order(client, "2026-02-10 10:00:00", 100, user=self.anna)
            counts.append(self._count_queries(self.env["res.partner"]._classify, self.company, self.TODAY)[0])
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 6)

    def test_settings(self):
        self._order(self.big, "2026-01-10 10:00:00", 100)
        self.mark.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        settings = self.env["res.config.settings"].with_user(self.mark).create({})
        said = settings.action_classify_clients()["params"]["message"]
        self.assertRegex(said, "^1 ")
        self.assertEqual(self.big.with_company(self.company).discipline_class, "a")
