from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .signal_common import SignalCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 07:00:00")
class TestMorning(SignalCase):
    """What the page 'Morning' tells leaders and managers on Tuesday, March 10th; Monday was the last working day."""

    def _page(self, user, **asked):
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"lang": "en_US", "tz": "Europe/Berlin", "allowed_company_ids": user.company_ids.ids}
        return self.cards.with_user(user).with_context(**context).get_morning(**asked)

    def _section(self, page, key):
        return next(section for section in page["sections"] if section["key"] == key)

    def _people(self, page, key):
        return [row["person"] for row in self._section(page, key)["rows"]]

    def _make_monday(self, *lines, **values):
        """A daily plan, scored on Monday; in the morning everybody but Anna has done what was planned."""
        plan = self._make_plan(
            *(lines or (("companies_added", 1.0), ("contacts_added", 0.0))), date_from="2026-03-09", **values
        )
        self._score("2026-03-09 06:00:00")
        for user in (self.boris, self.carla):
            self._work(user, "2026-03-09", 1, hour=15 if user == self.carla else 5)
        return plan

    # ------------------------------------------------------------
    # The last working day
    # ------------------------------------------------------------

    def test_missed(self):
        """Who missed something comes with what was missed; totals are of all."""
        self._make_monday()
        self._score("2026-03-10 06:00:00")
        page = self._page(self.lena)
        self.assertEqual(self._people(page, "missed"), ["Anna"])
        [row] = self._section(page, "missed")["rows"]
        self.assertEqual(
            [(line["name"], line["target"], line["actual"]) for line in row["lines"]],
            [("Companies Added", 1.0, 0.0)],
        )
        self.assertEqual((row["points"], row["efficiency"], row["zone"]), (-1.0, 50.0, "red"))
        self.assertEqual(row["actions"], ["kpi", "message", "talk", "excuse"])
        self.assertEqual(
            (row["team"], str(row["date"]), row["user_id"]), ("North", "2026-03-09", self.anna.id)
        )
        self.assertEqual(
            page["summary"],
            {"people": 2, "done": 1, "missed": 1, "excused": 0, "points": 1.0, "efficiency": 75.0},
        )
        self.assertEqual((str(page["since"]), str(page["until"])), ("2026-03-09", "2026-03-09"))
        self.assertEqual(self._people(self._page(self.mark), "missed"), ["Anna", "Lena", "Luis"])
        self.assertEqual(self._page(self.mark)["summary"]["people"], 5)
        self.assertEqual(self._page(self.luis)["summary"]["missed"], 0)

    def test_not_one_s_own(self):
        """A leader who is scored does not look at themselves here."""
        self._make_monday()
        self._score("2026-03-10 06:00:00")
        self.assertTrue(self._card(self.e_lena, "2026-03-09"))
        for reader in (self.lena, self.mark):
            page = self._page(reader)
            users = [row["user_id"] for section in page["sections"] for row in section["rows"]]
            self.assertNotIn(reader.id, users)

    def test_excused(self):
        self._make_monday()
        self._score("2026-03-10 06:00:00")
        self._card(self.e_anna, "2026-03-09").with_user(self.lena)._excuse("Sick")
        page = self._page(self.lena)
        self.assertEqual(self._section(page, "missed")["count"], 0)
        self.assertEqual((page["summary"]["excused"], page["summary"]["efficiency"]), (1, 100.0))

    def test_weekend(self):
        """On Monday the last working day is Friday; the days between belong to it, and a holiday is none."""
        with freeze_time("2026-03-09 07:00:00"):
            page = self._page(self.lena)
            self.assertEqual((str(page["since"]), str(page["until"])), ("2026-03-06", "2026-03-08"))
            self._make_leave("2026-03-05 23:00:00", "2026-03-06 22:59:59")
            page = self._page(self.lena)
            self.assertEqual(str(page["since"]), "2026-03-05")
            before = self._page(self.lena, date="2026-03-06")
            self.assertEqual(str(before["next_date"]), "2026-03-09")
        self.assertIs(self._page(self.lena)["next_date"], False)

    def test_another_morning(self):
        self._make_monday()
        self._score("2026-03-10 22:30:00")
        with freeze_time("2026-03-11 07:00:00"):
            self.assertEqual(self._page(self.lena)["summary"]["missed"], 2)
            page = self._page(self.lena, date="2026-03-10")
        self.assertEqual((page["is_today"], page["summary"]["missed"]), (False, 1))

    def test_report(self):
        self._make_monday(ask_report=True)
        card = self._card(self.e_boris, "2026-03-09")
        with freeze_time("2026-03-09 08:00:00"):
            stated = {str(line.id): 1 for line in card.line_ids}
            self.cards.with_user(self.boris).submit_report(card.id, stated)
        self._score("2026-03-10 06:00:00")
        self.assertEqual(self._people(self._page(self.lena), "unreported"), ["Anna"])

    def test_late(self):
        """What was entered after the deadline, by kind; of other days and in time is left out."""
        self._make_monday()
        for moment, entered in (
            ("2026-03-09 10:00:00", "2026-03-09 10:00:00"),
            ("2026-03-09 10:00:00", "2026-03-09 17:30:00"),
            ("2026-03-09 20:00:00", "2026-03-09 20:00:00"),
            ("2026-03-08 12:00:00", "2026-03-09 20:00:00"),
        ):
            self._fact(self.anna, moment, entered)
        self._fact(self.anna, "2026-03-09 20:00:00", kind="activity_postponed")
        self._score("2026-03-10 06:00:00")
        [row] = self._section(self._page(self.lena), "late")["rows"]
        self.assertEqual((row["person"], row["text"]), ("Anna", "Company Added (2)"))
        self.assertIn("9:00", row["note"])
        self.assertEqual(len(row["fact_ids"]), 2)
        late = self.env["discipline.late.entry"].with_user(self.lena).search([("id", "in", row["fact_ids"])])
        self.assertEqual(len(late), 2)

    # ------------------------------------------------------------
    # What waits
    # ------------------------------------------------------------

    def test_appeal(self):
        self._make_monday()
        self._score("2026-03-10 06:00:00")
        card = self._card(self.e_anna, "2026-03-09")
        line = self._line(card, "companies_added")
        appeal = self.env["discipline.appeal"].with_user(self.anna)
        appeal = appeal.create(
            {"line_id": line.id, "text": "The system was down", "amount": 2, "reason": "system"}
        )
        [row] = self._section(self._page(self.lena), "appeals")["rows"]
        self.assertEqual(row["text"], "System down: The system was down (2 to be added)")
        self.assertEqual(row["actions"][:2], ["grant", "refuse"])
        self.assertEqual(row["card_id"], card.id)
        self.assertEqual(self._section(self._page(self.luis), "appeals")["count"], 0)
        appeal.with_user(self.lena)._decide("refuse", "It was not")
        self.assertEqual(self._section(self._page(self.mark), "appeals")["count"], 0)

    def test_signal(self):
        """A signal is decided in place, with a comment; not by whoever it is about."""
        self._make_monday()
        self._log(10, "2026-03-09 10:00:00", gap=1)
        self._score("2026-03-10 06:00:00")
        [row] = self._section(self._page(self.lena), "signals")["rows"]
        self.assertEqual((row["person"], row["note"]), ("Anna", "Done in a Burst"))
        signal = self.signals.browse(row["id"])
        with self._refused(UserError, "'Comment' is empty"):
            signal.with_user(self.lena).decide("confirmed", " ")
        for state in ("new", "", None, ["confirmed"], {}):
            with self._refused(UserError, "harmless or as confirmed"):
                signal.with_user(self.lena).decide(state)
        with self.assertRaises(AccessError):
            signal.with_user(self.luis).decide("harmless")
        with self.assertRaises(AccessError):
            signal.with_user(self.anna).decide("harmless", "It was nothing")
        signal.with_user(self.lena).decide("confirmed", "She said so")
        self.assertEqual(
            (signal.state, signal.comment, signal.decided_by_id), ("confirmed", "She said so", self.lena)
        )
        self.assertEqual(self._section(self._page(self.lena), "signals")["count"], 0)

    def test_spot_check(self):
        self._make_plan(("calls_done", 1), date_from="2026-03-02")
        self._log(3, "2026-03-03 10:00:00")
        self._score("2026-03-10 06:00:00")
        [row] = self._section(self._page(self.lena), "spots")["rows"]
        self.assertEqual(row["actions"], ["confirmed", "denied", "unreachable", "open"])
        check = self.env["discipline.spot.check"].browse(row["id"])
        for state in ("pending", ["denied"]):
            with self._refused(UserError, "confirmed, not confirmed"):
                check.with_user(self.lena).decide(state)
        with self.assertRaises(AccessError):
            check.with_user(self.luis).decide("confirmed")
        check.with_user(self.lena).decide("denied", "Knows nothing")
        self.assertEqual((check.state, check.comment), ("denied", "Knows nothing"))
        self.assertEqual(self._section(self._page(self.lena), "spots")["count"], 0)

    # ------------------------------------------------------------
    # What is missing
    # ------------------------------------------------------------

    def test_unscored(self):
        """No employee, no plan, no card: each says so."""
        self._make_plan(
            ("companies_added", 1.0), date_from="2026-03-09", employee_ids=[(6, 0, self.e_anna.ids)]
        )
        dora = self._make_user("dora", "sales_team.group_sale_salesman", "Europe/Berlin")
        self.north.member_ids += dora
        rows = self._section(self._page(self.lena), "unscored")["rows"]
        texts = {row["person"]: row["text"] for row in rows}
        self.assertEqual(set(texts), {"Dora", "Boris", "Anna"})
        self.assertIn("No employee", texts["Dora"])
        self.assertIn("No plan", texts["Boris"])
        self.assertIn("No scorecard", texts["Anna"])
        self._score("2026-03-09 06:00:00")
        self.assertEqual(set(self._people(self._page(self.lena), "unscored")), {"Dora", "Boris"})
        nobody = self.env["hr.employee"].create({"name": "Nobody", "company_id": self.company.id})
        self._make_plan(
            ("companies_added", 1.0), period="week", date_from="2026-03-09", employee_ids=[(6, 0, nobody.ids)]
        )
        self.assertIn("Nobody", self._people(self._page(self.mark), "unscored"))
        self.assertNotIn("Nobody", self._people(self._page(self.lena), "unscored"))

    def test_unread(self):
        self._make_monday().with_user(self.anna).action_acknowledge()
        self.assertEqual(self._people(self._page(self.lena), "unread"), ["Boris"])

    def test_untargeted(self):
        """A target of this month without one for the next is missing ten days before it begins."""
        target = self.env["discipline.target"].create(
            {
                "metric_id": self._metric("sales_confirmed").id,
                "company_id": self.company.id,
                "employee_id": self.e_anna.id,
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
                "amount": 100,
            }
        )
        self.assertEqual(self._section(self._page(self.lena), "untargeted")["count"], 0)
        with freeze_time("2026-03-23 09:00:00"):
            [row] = self._section(self._page(self.lena), "untargeted")["rows"]
            self.assertEqual(
                (row["person"], row["text"], str(row["month"])), ("Sales Confirmed", "Anna", "2026-04-01")
            )
            self.assertEqual(self._section(self._page(self.luis), "untargeted")["count"], 0)
            self.assertEqual(self._section(self._page(self.mark), "untargeted")["count"], 1)
            target.copy({"date_from": "2026-04-01", "date_to": "2026-04-30"})
            self.assertEqual(self._section(self._page(self.mark), "untargeted")["count"], 0)

    # ------------------------------------------------------------
    # Who, what else, and at what cost
    # ------------------------------------------------------------

    def test_access(self):
        """Leaders see their teams, managers their companies, salespeople and payroll officers nothing; disputes are for
        payroll officers."""
        self._make_monday()
        self._log(10, "2026-03-09 10:00:00", gap=1)
        self._score("2026-03-10 06:00:00")
        for user in (self.anna, self.paula, self.portal):
            with self.subTest(user.name), self._refused(AccessError, "leaders of teams|allowed to access"):
                self._page(user)
        for user in (self.luis, self.olga):
            page = self._page(user)
            self.assertFalse(
                {"Anna", "Boris"} & {row["person"] for one in page["sections"] for row in one["rows"]}
            )
        self.assertNotIn("disputes", [section["key"] for section in self._page(self.mark)["sections"]])
        self.mark.group_ids += self.env.ref("sales_discipline.group_payroll")
        self.assertIn("disputes", [section["key"] for section in self._page(self.mark)["sections"]])

    def test_bad_input(self):
        for asked in ("tomorrow", "2026-02-30", "2026-03-11", 5, True, [1], {"a": 1}, "0001-01-01"):
            with self.subTest(asked=asked), self._refused(UserError, r"\w+ \w+"):
                self._page(self.lena, date=asked)

    def test_queries(self):
        """As many statements for eighty people as for eight, for a leader and for a manager."""
        self._make_plan(("companies_added", 1.0), ("contacts_added", 1.0), date_from="2026-03-02")
        self._score("2026-03-09 22:00:00")
        counts = {}
        users, _employees, team = self._make_crew(8)
        for number in (8, 80):
            if number == 80:
                users = self._add_crew(team, 72)
            self._log(10, "2026-03-09 10:00:00", gap=1, user=users[0])
            for user in users:
                self._fact(user, "2026-03-09 20:00:00")
            with freeze_time("2026-03-09 23:00:00"):
                self._score("2026-03-09 23:00:00")
            for reader in (self.lena, self.mark):
                counts[reader.name, number], page = self._count_again(self._page, reader)
                self.assertGreaterEqual(page["summary"]["people"], number)
        self.assertEqual(counts["Lena", 8], counts["Lena", 80], counts)
        self.assertEqual(counts["Mark", 8], counts["Mark", 80], counts)

    def _add_crew(self, team, count):
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Hand {number}",
                    "login": f"hand_{number}",
                    "company_id": self.company.id,
                    "company_ids": [(6, 0, self.company.ids)],
                    "group_ids": [(6, 0, self.env.ref("sales_team.group_sale_salesman").ids)],
                }
                for number in range(count)
            ]
        )
        for user in users:
            self._make_employee(user, "Europe/Berlin")
        team.member_ids += users
        team.crm_team_member_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_team_member SET create_date = '2020-01-01' WHERE crm_team_id = %s", [team.id]
        )
        self.env.invalidate_all()
        return users
