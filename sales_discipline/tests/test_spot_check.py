from datetime import date
from hashlib import md5

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .signal_common import SignalCase

ROLES = ("anna", "boris", "carla", "lena", "luis", "mark", "paula", "olga", "portal")
WEEK = date(2026, 3, 9)


@tagged("post_install", "-at_install")
class TestSpotCheck(SignalCase):
    """What is drawn for whom, when and how; who verifies it; what it says of honesty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checks = cls.env["discipline.spot.check"]
        cls.env["res.company"].search([]).discipline_spot_count = 0
        cls.company.discipline_spot_count = 3
        cls._make_plan(("calls_done", 1), date_from="2026-03-02")
        for user in (cls.anna, cls.carla):
            cls._log(20, "2026-03-10 14:00:00", gap=60, user=user)

    def _draw(self, now="2026-03-16 08:00:00"):
        self._score(now)
        return self.checks.search([("date_from", "=", WEEK)], order="id")

    def test_drawn_once_a_week(self):
        self.assertFalse(self._draw("2026-03-13 20:00:00"), "the week is not over")
        checks = self._draw()
        self.assertEqual(
            {user.login: len(own) for user, own in checks.grouped("user_id").items()},
            {"sd_anna": 3, "sd_carla": 3},
        )
        self.assertEqual(set(checks.mapped("state")), {"pending"})
        self.assertEqual(self._draw("2026-03-16 09:00:00"), checks)
        self.company.discipline_spot_drawn = False
        self.assertEqual(self._draw("2026-03-18 09:00:00"), checks, "everybody has some already")

    def test_reproducible(self):
        """Whoever has the seed finds the same; another seed finds others."""
        checks = self._draw().filtered(lambda check: check.user_id == self.anna)
        self.assertEqual(len(set(checks.mapped("seed"))), 1)
        facts = self.facts.search([("user_id", "=", self.anna.id), ("kind", "=", "activity_done")]).ids
        seed = checks[0].seed
        expected = sorted(facts, key=lambda fact_id: md5(f"{seed}:{fact_id}".encode()).hexdigest())[:3]
        self.assertEqual(checks.fact_id.ids, expected)
        self.assertNotEqual(checks[0].seed, self.checks.search([("user_id", "=", self.boris.id)]).seed)

    def test_what_takes_part(self):
        """Only what counted: no late entry, nothing taken back, no history, nothing without anybody to ask."""
        self._insert_facts(
            [
                self._activity(self.boris, "2026-03-11 05:00:00", origin="history"),
                self._activity(
                    self.boris, "2026-03-11 20:00:00"
                ),  # the next morning in Tokyo, but of the 12th
                self._activity(self.boris, "2026-03-11 10:00:00"),  # after the deadline there
                {
                    **self._activity(self.boris, "2026-03-11 06:00:00"),
                    "partner_id": None,
                    "res_model": "res.partner",
                },
                self._activity(self.boris, "2026-03-08 05:00:00"),
            ]
        )
        found = self._draw().filtered(lambda check: check.user_id == self.boris)
        self.assertEqual([(str(check.date), check.happened_at.hour) for check in found], [("2026-03-12", 20)])

    def test_off_and_missed(self):
        """Without the setting nothing; weeks that were missed are not made up for."""
        self.company.discipline_spot_count = 0
        self.assertFalse(self._draw())
        self.company.discipline_spot_count = 2
        self.assertFalse(self._draw("2026-03-25 08:00:00"))
        self.assertEqual(self.company.discipline_spot_drawn, date(2026, 3, 16))

    def test_whom_to_ring_up(self):
        partner = self.env["res.partner"].create(
            {"name": "Mr Jones", "parent_id": self.customer.id, "phone": "+49 30 1"}
        )
        lead = self._make_lead(self.boris, partner_id=partner.id, phone=False)
        activity = self._make_activity(self.boris, lead)
        activity.with_user(self.boris).action_feedback(feedback="He wants two")
        fact = self._facts_of(activity)
        self.env.cr.execute(
            "UPDATE discipline_fact SET happened_at = %s, entered_at = %s WHERE id = %s",
            ["2026-03-12 05:00:00", "2026-03-12 05:00:00", fact.id],
        )
        self.env.invalidate_all()
        check = self._draw().filtered(lambda check: check.user_id == self.boris)
        self.assertEqual(
            (check.contact, check.phone, check.text, check.partner_id),
            ("Mr Jones", "+49 30 1", "He wants two", self.customer),
        )

    def test_told_once(self):
        self._draw()
        self._draw("2026-03-17 08:00:00")
        messages = self.env["mail.message"].search(
            [("subject", "like", "Spot checks of last week")], order="id"
        )
        told = {message.partner_ids.user_ids.login: message.subject for message in messages}
        self.assertEqual(len(messages), len(told))
        self.assertEqual(told["sd_lena"], "Spot checks of last week: 3")

    def test_statements_do_not_grow(self):
        self._score("2026-03-15 20:00:00")
        args = (self.company, WEEK, "2026-03-16 08:00:00")
        few, found = self._count_queries(self.checks.sudo()._draw, *args)
        self.assertEqual(len(found), 6)
        users, _employees, _team = self._make_crew(20)
        for user in users:
            self._log(20, "2026-03-10 10:00:00", gap=60, user=user)
        self._score("2026-03-15 21:00:00")
        many, found = self._count_queries(self.checks.sudo()._draw, *args)
        self.assertEqual(len(found), 60)
        self.assertEqual(many, few)

    # ------------------------------------------------------------ who

    def _readers(self, record):
        found = []
        for role in ROLES:
            own = record.with_user(getattr(self, role))
            try:
                if own.search([("id", "=", record.id)]):
                    own.read()
                    found.append(role)
            except AccessError:
                self.assertFalse(own.has_access("read"))
        return found

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_access(self):
        check = self._draw().filtered(lambda check: check.user_id == self.anna)[0]
        report = self.env["discipline.spot.report"].search([("user_id", "=", self.anna.id)])
        self.assertEqual(self._readers(check), ["lena", "mark"])
        self.assertEqual(self._readers(report), ["lena", "mark"])
        for role in ROLES:
            own = check.with_user(getattr(self, role))
            with self.subTest(role):
                if role in ("lena", "mark"):
                    own.comment = "She remembers"
                    own.action_confirmed()
                    self.assertEqual((own.state, own.checked_by_id.login), ("confirmed", f"sd_{role}"))
                    own.action_reset()
                    self.assertFalse(own.checked_at)
                    continue
                for change in (own.action_confirmed, own.action_denied, lambda: own.write({"comment": "x"})):  # noqa: B023
                    with self._refused(AccessError, "."):
                        change()

    def test_never_what_one_did_oneself(self):
        check = self._draw()[0]
        for user in (self.mark, self.lena):
            self.env.cr.execute(
                "UPDATE discipline_spot_check SET user_id = %s WHERE id = %s", [user.id, check.id]
            )
            self.env.invalidate_all()
            with self._refused(AccessError, "."):
                check.with_user(user).action_confirmed()
        self.assertEqual(self._readers(check), ["mark"])
        self.assertEqual(check._get_readers().filtered(lambda user: user.login[:3] == "sd_"), self.mark)

    def test_protected(self):
        check = self._draw()[0]
        for user in (self.mark, self.env.user):
            own = check.with_user(user)
            for change in ({"state": "confirmed"}, {"user_id": self.boris.id}, {"seed": "1"}, {"fact_id": 1}):
                with self._refused(UserError, "stays as it was drawn"):
                    own.write(change)
            with self._refused(UserError, "."):
                own.unlink()
            with self._refused(UserError, "."):
                own.create({"fact_id": check.fact_id.id})
        with self._refused(IntegrityError, "spot_count"):
            self.company.discipline_spot_count = -1
            self.company.flush_recordset()

    # ------------------------------------------------------------ honesty

    def _verify(self, day, *results):
        """Checks of Anna's on that day with these results."""
        rows = self._log(len(results), f"{day} 10:00:00")
        card = self.cards.search([("employee_id", "=", self.e_anna.id)], limit=1)
        for row, state in zip(rows, results, strict=True):
            self.env.cr.execute(
                "INSERT INTO discipline_spot_check (fact_id, date_from, date, happened_at, employee_id, user_id, team_id,"
                " company_id, state) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [row["id"], day, day, row["happened_at"], self.e_anna.id, self.anna.id, self.north.id,
                 self.company.id, state],
            )  # fmt: skip
        self.env.invalidate_all()
        return card

    def test_honesty(self):
        self._verify("2026-02-03", "confirmed", "confirmed", "denied", "confirmed", "unreachable")
        self._verify("2026-03-03", "confirmed", "denied")
        self._verify("2026-05-05", "confirmed")
        self._verify("2026-06-02", "pending", "unreachable")
        rows = self.env["discipline.spot.report"].with_user(self.lena).search([], order="date")
        self.assertEqual(
            [
                (
                    str(row.date)[:7],
                    row.verified,
                    round(row.honesty),
                    row.trend,
                    row.has_data,
                    round(row.previous),
                )
                for row in rows
            ],
            [
                ("2026-02", 4, 75, "none", "yes", 0),
                ("2026-03", 2, 50, "down", "yes", 75),
                ("2026-05", 1, 100, "none", "yes", 0),
                ("2026-06", 0, 0, "none", "none", 100),
            ],
        )
        groups = self.env["discipline.spot.report"]._read_group([], [], ["honesty:avg", "verified:sum"])
        self.assertEqual(groups, [(500 / 7, 7)])  # five of seven
        self.assertEqual(len(self.checks.search(rows[0].action_open_checks()["domain"])), 5)
