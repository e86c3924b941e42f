from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .freeze_common import FreezeCase

MORNING = "2026-03-11 06:00:00"


@tagged("post_install", "-at_install")
@freeze_time(MORNING)
class TestDigest(FreezeCase):
    """KPIs of the digest: for those who lead, of their own teams, of the days before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(("companies_added", 2), ("calls_done", 0), date_from="2026-03-09")
        cls._work(cls.anna, "2026-03-10", 1)
        cls._work(cls.carla, "2026-03-10", 2, hour=15)
        cls._fact(cls.anna, "2026-03-09 10:00:00", entered="2026-03-10 20:00:00")
        cls._score(MORNING)
        cls.env["discipline.target"].create(
            {
                "metric_id": cls._metric("sales_confirmed").id,
                "company_id": cls.company.id,
                "scope": "team",
                "team_id": cls.north.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
                "amount": 4000,
            }
        )
        cls._fact(cls.anna, "2026-03-10 10:00:00", kind="order_confirmed", amount=1000, team_id=cls.north.id)
        names = [name for name in cls.env["digest.digest"]._fields if name.startswith("kpi_discipline")]
        cls.names = [name for name in names if not name.endswith("_value")]
        cls.digest = cls.env["digest.digest"].create(
            {"name": "Daily", "company_id": cls.company.id, **dict.fromkeys(cls.names, True)}
        )
        cls.env.flush_all()

    def _kpis(self, user, company=None):
        """`{kpi: values of the three columns}` as that user's digest says."""
        kpis = self.digest._compute_kpis(company or self.company, user)
        columns = ("kpi_col1", "kpi_col2", "kpi_col3")
        return {
            kpi["kpi_name"].removeprefix("kpi_discipline_"): [kpi[column].get("value") for column in columns]
            for kpi in kpis
            if kpi["kpi_name"] in self.names
        }

    def _cards(self, users):
        return self.cards.search(
            [("user_id", "in", users.ids), ("state", "=", "frozen"), ("plan_id", "=", self.plan.id)]
        )

    def test_leader_reads_of_the_own_teams(self):
        kpis = self._kpis(self.lena)
        self.assertEqual(set(kpis), {"efficiency", "points", "behind", "late", "sales_plan"})
        cards = self._cards(self.anna + self.boris + self.lena)
        yesterday = cards.filtered(lambda card: card.date_from == self.TODAY)
        self.assertTrue(yesterday and cards - yesterday)
        for column, shown in ((0, yesterday), (1, cards), (2, cards)):
            self.assertEqual(kpis["points"][column], round(sum(shown.mapped("points"))))
            lines = shown.line_ids.filtered(lambda line: line.zone != "none")
            mean = sum(line.weight * min(line.completion, 100) for line in lines) / sum(
                lines.mapped("weight")
            )
            self.assertEqual(kpis["efficiency"][column], f"{mean:.1f}%")
        behind = [
            user
            for user in yesterday.user_id
            if sum(yesterday.filtered(lambda c, u=user: c.user_id == u).mapped("points")) < 0
        ]
        self.assertEqual(kpis["behind"][0], len(behind))
        self.assertEqual(kpis["late"], [1, 1, 1])
        self.assertEqual(kpis["sales_plan"], ["25.0%", None, None])

    def test_manager_reads_of_the_company(self):
        kpis = self._kpis(self.mark)
        everybody = self._cards(self.env["res.users"].search([]))
        self.assertEqual(kpis["points"][1], round(sum(everybody.mapped("points"))))
        self.assertNotEqual(kpis["points"], self._kpis(self.luis)["points"])

    def test_others_do_not(self):
        """Not the people who are scored, nor managers of another company."""
        self.assertEqual(self._kpis(self.anna), {})
        digest = self.digest.with_user(self.anna).with_context(
            start_datetime=datetime(2026, 3, 10), end_datetime=datetime(2026, 3, 11)
        )
        for name in self.names:
            with self.assertRaises(AccessError):
                digest.mapped(f"{name}_value")
        kpis = self._kpis(self.olga, self.outside)
        self.assertEqual((kpis["efficiency"], kpis["late"]), (["–"] * 3, [0] * 3))

    def test_no_data_is_a_dash(self):
        """Nobody worked: that is no 0 %."""
        with freeze_time("2026-05-04 06:00:00"):
            kpis = self._kpis(self.lena)
        self.assertEqual(kpis["efficiency"], ["–", "–", "–"])
        self.assertEqual((kpis["points"], kpis["behind"]), (["–"] * 3, ["–"] * 3))
        self.assertEqual(kpis["sales_plan"][0], "–")

    def test_statements_do_not_grow(self):
        self.digest.kpi_discipline_sales_plan = False  # of which the page has a test of its own
        few, _kpis = self._count_again(self._kpis, self.luis)
        many, _kpis = self._count_again(self._kpis, self.mark)
        self.assertEqual(few, many)

    def test_mail(self):
        """What is sent has the numbers and the ways on."""
        self.digest.user_ids = self.lena
        self.digest.action_send_manual()
        mail = self.env["mail.mail"].search(
            [("email_to", "ilike", self.lena.email)], order="id desc", limit=1
        )
        for text in ("Efficiency of Daily Plans (%)", "Sales Plan (%)", "25.0%", "This month"):
            self.assertIn(text, mail.body_html)
        self.assertIn("discipline_scorecard_report_action", mail.body_html)

    def test_form(self):
        self.assertIn("kpi_discipline_late", self.env["digest.digest"].get_view(view_type="form")["arch"])
