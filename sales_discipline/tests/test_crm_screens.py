from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .engine_common import EngineCase


@freeze_time(EngineCase.NOW)
@tagged("post_install", "-at_install")
class TestCrmScreens(EngineCase):
    """What Odoo's own screens say of the discipline: teams, activities, and the ways to facts and scorecards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(("calls_done", 2), date_from="2026-03-10")
        cls._make_fact(cls.anna, "2026-03-10 09:00:00", count=2)
        cls._make_fact(cls.carla, "2026-03-10 11:30:00")
        cls._score("2026-03-10 11:45:00")
        cls.teams = cls.north + cls.south

    def _scores(self, user):
        self.env.invalidate_all()
        return {team.name: team.discipline_score for team in self.teams.with_user(user)}

    # ------------------------------------------------------------ teams

    def test_the_teams_score_is_measured_now(self):
        """Anna has her two calls, Boris and Lena none; a call since the last measuring counts as well."""
        north = self._scores(self.mark)["North"]
        self.assertEqual(north["day"], "Today")
        self.assertEqual((north["people"], north["done"], north["behind"]), (3, 1, 2))
        self.assertEqual((north["percent"], north["points"], north["zone"]), ("33.3%", "−3", "red"))
        south = self._scores(self.mark)["South"]
        self.assertEqual((south["people"], south["done"], south["percent"]), (2, 0, "25%"))
        self._make_fact(self.carla, "2026-03-10 11:50:00")
        south = self._scores(self.mark)["South"]
        self.assertEqual((south["done"], south["percent"], south["zone_label"]), (1, "50%", "Red"))

    def test_it_is_what_the_team_board_says(self):
        totals = self.cards.with_user(self.mark).get_team_board("day", "2026-03-10")["totals"]
        north = self._scores(self.mark)["North"]
        total = totals[self.north.id]
        self.assertEqual(north["percent"], f"{total['efficiency']:.1f}%")
        self.assertEqual(north["points"], f"{total['points']:.0f}".replace("-", "−"))

    def test_leaders_see_their_teams_and_nobody_elses(self):
        scores = self._scores(self.lena)
        self.assertTrue(scores["North"])
        self.assertFalse(scores["South"])
        self.assertEqual(list(self._scores(self.anna).values()), [False, False])

    def test_other_companies_see_nothing(self):
        self.assertFalse(self.env["crm.team"].with_user(self.olga)._get_discipline_scores())

    def test_statements_do_not_grow_with_teams(self):
        def read(teams):
            return teams.with_user(self.mark).mapped("discipline_score")

        self.assertEqual(self._count_again(read, self.north)[0], self._count_again(read, self.teams)[0])

    # ------------------------------------------------------------ activities

    def test_until_when_an_activity_counts(self):
        lead = self._make_lead(self.anna)
        mine = self._make_activity(self.anna, lead).with_user(self.anna)
        self.assertEqual(
            mine.discipline_hint.replace("\N{NARROW NO-BREAK SPACE}", " "),
            "Counts for today if it is done by 6:00 PM",
        )
        mine.invalidate_recordset()
        with freeze_time("2026-03-10 17:30:00"):  # half past six in Berlin
            self.assertIn("late entry", mine.discipline_hint)
        mine.action_feedback()
        self.assertFalse(mine.discipline_hint)
        nobody = self._make_activity(self.mark, lead).with_user(self.mark)
        self.assertFalse(nobody.discipline_hint)

    def test_hints_are_one_statement(self):
        activities = self.env["mail.activity"]
        for user in (self.anna, self.boris, self.carla, self.anna):
            activities += self._make_activity(user, self._make_lead(user))

        def read(records):
            return records.mapped("discipline_hint")

        few, many = self._count_again(read, activities[:1])[0], self._count_again(read, activities)[0]
        self.assertEqual(few, many)

    # ------------------------------------------------------------ buttons

    def test_the_facts_of_a_lead(self):
        lead = self._make_lead(self.anna)
        self._make_activity(self.anna, lead).with_user(self.anna).action_feedback()
        for user, count in ((self.lena, 3), (self.mark, 3), (self.luis, 0)):
            with self.subTest(user.login):
                self.env.invalidate_all()
                self.assertEqual(lead.with_user(user).discipline_fact_count, count)
                action = lead.with_user(user).action_discipline_facts()
                found = self.facts.with_user(user).search(action["domain"])
                self.assertEqual(len(found), count)
        self.assertEqual(
            set(self.facts.search(lead._get_discipline_fact_domain()).mapped("kind")),
            {"opportunity_created", "lead_first_touch", "activity_done"},
        )
        with self.assertRaises(AccessError):
            lead.with_user(self.anna).read(["discipline_fact_count"])

    def test_the_facts_of_a_customer(self):
        partner = self.customer.with_user(self.mark)
        self.assertEqual(
            partner.discipline_fact_count,
            self.facts.with_user(self.mark).search_count([("partner_id", "=", self.customer.id)]),
        )
        self.assertGreater(partner.discipline_fact_count, 3)

    def test_from_a_person_to_their_numbers(self):
        asked = {"employee_id": self.e_anna.id}
        self.assertEqual(self.anna.with_user(self.lena).action_discipline_kpi()["params"], asked)
        nobody = self.env["res.users"].create({"name": "Nobody", "login": "sd_nobody"})
        with self.assertRaisesRegex(UserError, "Nobody is no employee"):
            nobody.with_user(self.lena).action_discipline_kpi()
        self.lena.group_ids += self.env.ref("hr.group_hr_user")
        people = (self.e_anna + self.e_carla).with_user(self.lena)
        counts = [one.discipline_card_count for one in people]
        self.assertEqual(counts, [1, 0], "Lena does not lead Carla")
        self.assertEqual(people[0].action_discipline_kpi()["params"], asked)
        found = self.cards.with_user(self.lena).search(people[0].action_discipline_cards()["domain"])
        self.assertEqual(found, self._card(self.e_anna, "2026-03-10"))
