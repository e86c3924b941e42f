from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, freeze_time, tagged

from ..tools import agreements
from .program_common import ProgramCase


@tagged("post_install", "-at_install")
class TestAgreements(BaseCase):
    def test_quarters(self):
        self.assertEqual(agreements.quarter_of(date(2026, 5, 31)), (date(2026, 4, 1), date(2026, 6, 30)))
        self.assertEqual(agreements.next_quarter(date(2026, 12, 31)), date(2027, 1, 1))
        self.assertEqual(agreements.last_year(date(2024, 1, 1)), (date(2023, 1, 1), date(2023, 3, 31)))

    def test_zone(self):
        """A quarter of ninety days: 1,000 agreed, a tenth of it due on the ninth day."""
        days = (date(2026, 1, 1), date(2026, 3, 31))
        for actual, day, zone in (
            (100.0, 9, "green"), (99.0, 9, "yellow"), (80.0, 9, "yellow"), (79.9, 9, "red"), (0.0, 9, "red"),
        ):  # fmt: skip
            self.assertEqual(agreements.zone(1000.0, actual, *days, date(2026, 1, day)), zone, actual)
        self.assertEqual(agreements.zone(1000.0, 5.0, *days, date(2025, 12, 31)), "none")
        self.assertEqual(agreements.zone(0.0, 5.0, *days, date(2026, 2, 1)), "none")
        self.assertEqual(agreements.zone(1000.0, 1000.0, *days, date(2026, 12, 1)), "green")
        self.assertAlmostEqual(agreements.expected(900.0, *days, date(2026, 1, 10)), 100)

    def test_propose(self):
        self.assertAlmostEqual(agreements.propose(1000, 9000, 10), 1100)
        self.assertAlmostEqual(agreements.propose(0, 4000, -50), 500)
        self.assertEqual(agreements.propose(-100, 0, 10), 0)


@tagged("post_install", "-at_install")
@freeze_time(ProgramCase.NOW)
class TestForecast(ProgramCase):
    """What a client means to buy in a quarter, agreed on, beside what the client has bought."""

    def _forecast(self, user=None, **vals):
        base = {
            "partner_id": self.big.id,
            "company_id": self.company.id,
            "amount": 1000,
            "date_from": "2026-04-01",
        }
        return self.env["discipline.forecast"].with_user(user or self.anna).create({**base, **vals})

    def test_made(self):
        """Of a contact's company, for the whole quarter of a day in it, with what was sold a year before."""
        self._order(self.big, "2025-04-01 00:00:00", 300)
        self._order(self.big, "2025-06-30 23:59:59", 50)
        self._order(self.big, "2025-07-01 00:00:00", 9000)
        contact = self.env["res.partner"].create({"name": "Contact of Big", "parent_id": self.big.id})
        for forged in ({"state": "closed"}, {"actual": 5}, {"agreed_at": "2020-01-01"}):
            with self.subTest(forged), self._refused(UserError, "buttons"):
                self._forecast(partner_id=contact.id, date_from="2026-05-20", **forged)
        forecast = self._forecast(partner_id=contact.id, date_from="2026-05-20")
        self.assertEqual(
            (forecast.partner_id, str(forecast.date_from), str(forecast.date_to), forecast.state),
            (self.big, "2026-04-01", "2026-06-30", "draft"),
        )
        self.assertEqual((forecast.user_id, forecast.team_id), (self.anna, self.north))
        self.assertEqual((forecast.base_amount, forecast.actual, forecast.agreed_at), (350, 0, False))
        self.assertEqual(forecast.display_name, "Big, Q2 2026")

    def test_once_a_quarter(self):
        self._forecast()
        with self._refused(Exception, "once"):
            self._forecast(date_from="2026-06-01")
            self.env.flush_all()

    def test_bad_input(self):
        for values, words in (({"amount": 1e300}, "Agreed"), ({"date_from": "1900-01-01"}, "Quarter")):
            with self.subTest(values), self._refused(ValidationError, words):
                self._forecast(**values)
        with self._refused(Exception, "amount_check"):
            self._forecast(amount=-1)
            self.env.flush_all()
        with self._refused(UserError, "fill in “Agreed”"):
            self._forecast(amount=0).action_agree()

    def test_sales(self):
        """Every order of the quarter at once; zone and gap by now."""
        with freeze_time("2026-03-31 12:00:00"):
            forecast = self._forecast(amount=910)
            forecast.action_agree()
            self.assertEqual(forecast.zone, "none")
        self._order(self.big, "2026-03-31 23:59:59", 7)
        self._order(self.big, "2026-04-01 00:00:00", 90)
        with freeze_time("2026-04-10 12:00:00"):  # ten of 91 days
            forecast.invalidate_recordset()
            self.assertEqual((forecast.actual, forecast.gap), (90, -820))
            self.assertAlmostEqual(forecast.attainment, 100 * 90 / 910)
            self.assertAlmostEqual(forecast.expected_amount, 100)
            self.assertEqual(forecast.zone, "yellow")
            found = self.env["discipline.forecast"].search([("zone", "in", ["yellow", "red"])])
            self.assertIn(forecast, found)
            self.assertNotIn(forecast, found.search([("zone", "=", "green")]))
            order = self._order(self.big, "2026-04-10 10:00:00", 30)
            self.assertEqual((forecast.actual, forecast.zone), (120, "green"))
            order._action_cancel()
            self.assertEqual(forecast.actual, 90)

    def test_together(self):
        """What several have reached is not the mean of what each has reached."""
        with freeze_time("2026-03-31 12:00:00"):
            self._forecast(amount=1000)
            self._forecast(amount=100, partner_id=self.new.id)
        self._order(self.big, "2026-04-05 10:00:00", 500)
        self._order(self.new, "2026-04-05 10:00:00", 100)
        forecasts = self.env["discipline.forecast"].with_user(self.anna)
        [row] = forecasts._read_group([], ["user_id"], ["attainment:avg", "amount:sum", "actual:sum"])
        self.assertAlmostEqual(row[1], 100 * 600 / 1100)
        self.assertEqual(row[2:], (1100, 600))

    # ------------------------------------------------------------
    # What stays
    # ------------------------------------------------------------

    def test_who_agrees_until_when(self):
        with freeze_time("2026-04-14 12:00:00"):  # the fourteenth day
            self._forecast().action_agree()
        for user, day, words in (
            (self.anna, "2026-04-15", "some time ago"),
            (self.lena, "2026-06-30", "too late"),
            (self.mark, "2026-07-15", "too late"),
        ):
            with self.subTest(day), freeze_time(f"{day} 12:00:00"), self._refused(UserError, words):
                self._forecast(user, partner_id=self.new.id, user_id=self.anna.id).action_agree()
        with freeze_time("2026-06-29 12:00:00"):
            forecast = self._forecast(self.lena, partner_id=self.new.id, user_id=self.anna.id)
            forecast.action_agree()
        self.assertEqual(
            (str(forecast.agreed_at), str(forecast.agreed_on)), ("2026-06-29 12:00:00", "2026-06-29")
        )

    def test_what_is_agreed_stays(self):
        forecast = self._forecast()
        forecast.action_agree()
        forecast.amount = 1200  # before the quarter
        forecast.action_draft()
        forecast.action_agree()
        with freeze_time("2026-04-01 08:00:00"):
            for values in ({"amount": 1}, {"user_id": self.boris.id}, {"date_from": "2026-07-01"}):
                with self.subTest(values), self._refused(UserError, "has begun"):
                    forecast.write(values)
            with self._refused(UserError, "has begun"):
                forecast.action_draft()
            forecast.note = "By container"
            forecast.with_user(self.lena).with_context(tracking_disable=False).amount = 1300
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.assertIn(1200, forecast.message_ids.sudo().tracking_value_ids.mapped("old_value_float"))
        with freeze_time("2026-06-30 08:00:00"):
            for user in (self.anna, self.lena, self.mark):
                with self.subTest(user.name), self._refused(UserError, "over"):
                    forecast.with_user(user).amount = 1
        for values in ({"state": "closed"}, {"actual": 5}, {"base_amount": 5}, {"agreed_at": "2020-01-01"}):
            with self.subTest(values), self._refused(UserError, "buttons"):
                forecast.sudo().write(values)
        with self._refused(UserError, "only what is still to be agreed"):
            forecast.unlink()
        with self._refused(UserError, "buttons"):
            forecast.with_user(self.anna).date_to = "2026-12-31"  # it follows from the quarter

    def test_closed(self):
        """A week after the quarter, with what came in late; later orders change nothing."""
        with freeze_time("2026-03-31 12:00:00"):
            forecast, other = self._forecast(), self._forecast(partner_id=self.new.id)
            forecast.action_agree()
        self._order(self.big, "2026-06-30 10:00:00", 600)
        forecasts = self.env["discipline.forecast"]
        forecasts._close_ended(datetime(2026, 7, 7, 12))
        self.assertEqual(forecast.state, "agreed")
        forecasts._close_ended(datetime(2026, 7, 8, 12))
        self.assertEqual((forecast.state, forecast.actual, other.state), ("closed", 600, "draft"))
        self._order(self.big, "2026-06-30 11:00:00", 5000)
        self.assertEqual(forecast.actual, 600)
        for values in ({"amount": 1}, {"partner_id": self.new.id}):
            with self.subTest(values), self._refused(UserError, "closed"):
                forecast.with_user(self.mark).write(values)

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_who(self):
        forecast = self._forecast()
        for user, sees in (
            (self.anna, True), (self.lena, True), (self.mark, True), (self.boris, False), (self.luis, False),
            (self.olga, False),
        ):  # fmt: skip
            with self.subTest(user.name):
                found = self.env["discipline.forecast"].with_user(user).search([("id", "=", forecast.id)])
                self.assertEqual(bool(found), sees)
        for user in (self.portal, self.paula):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.env["discipline.forecast"].with_user(user).search([])
        for user, values in (
            (self.anna, {"user_id": self.boris.id}),
            (self.lena, {"user_id": self.carla.id}),
            (self.anna, {"company_id": self.outside.id}),
        ):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self._forecast(user, partner_id=self.small.id, **values)
        with self.assertRaises(AccessError):
            forecast.with_user(self.anna).user_id = self.carla
        self._forecast(self.lena, partner_id=self.middle.id, user_id=self.boris.id)
        sneaky = (
            self.env["discipline.forecast"].with_user(self.anna).with_context(default_team_id=self.south.id)
        )
        made = sneaky.create(
            {"partner_id": self.small.id, "user_id": self.anna.id, "company_id": self.company.id}
        )
        self.assertEqual(made.team_id, self.north)

    # ------------------------------------------------------------
    # The next quarter
    # ------------------------------------------------------------

    def _prepare(self, user=None, **vals):
        base = {"company_id": self.company.id, "date_from": "2026-05-05"}
        return self.env["discipline.forecast.prepare"].with_user(user or self.anna).create({**base, **vals})

    def test_prepared(self):
        """Own clients of the classes chosen, a year before with growth, rounded; who has one already is left out."""
        self._order(self.big, "2025-05-10 10:00:00", 1040)
        self._order(self.new, "2026-01-10 10:00:00", 400)
        self._order(self.middle, "2026-01-10 10:00:00", 8000)
        self.env["res.partner"]._classify(self.company, self.TODAY)
        wizard = self._prepare(growth=10, step=50, class_c=True)
        self.assertEqual(wizard.user_ids, self.anna)
        lines = [(line.partner_id, line.base_amount, line.amount) for line in wizard.line_ids]
        self.assertEqual(lines, [(self.big, 1040, 1150), (self.new, 0, 100)])
        self.assertEqual(wizard.total, 1250)
        wizard.line_ids[1].amount = 75
        action = wizard.action_apply()
        made = self.env["discipline.forecast"].search(action["domain"])
        self.assertEqual(sorted(made.mapped("amount")), [75, 1150])
        self.assertEqual(set(made.mapped("date_from")), {date(2026, 4, 1)})
        again = self._prepare(class_c=True)
        self.assertEqual((len(again.line_ids), again.known_count), (0, 2))
        with self._refused(UserError, "no client"):
            again.action_apply()

    def test_prepared_by_leaders(self):
        self._order(self.big, "2026-01-10 10:00:00", 100)
        self._order(self.middle, "2026-01-10 10:00:00", 90)
        self._order(self.small, "2026-01-10 10:00:00", 80)
        self.env["res.partner"]._classify(self.company, self.TODAY)
        wizard = self._prepare(self.lena, class_c=True)
        self.assertEqual(wizard.line_ids.partner_id, self.big + self.middle)
        self.assertFalse(self._prepare(self.lena, user_ids=self.carla.ids, class_c=True).line_ids)
        self.assertFalse(self._prepare(self.anna, user_ids=self.boris.ids, class_c=True).line_ids)
        self.assertEqual(len(self._prepare(self.mark, class_c=True).line_ids), 3)

    def test_prepared_in_a_form(self):
        self._order(self.big, "2025-05-10 10:00:00", 1000)
        self._order(self.big, "2026-01-10 10:00:00", 1000)
        self.env["res.partner"]._classify(self.company, self.TODAY)
        wizards = self.env["discipline.forecast.prepare"].with_user(self.anna)
        with Form(wizards.with_context(default_company_id=self.company.id)) as form:
            form.growth = 20
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.amount, 1200)
                line.amount = 1500
        form.record.action_apply()
        self.assertEqual(
            self.env["discipline.forecast"].search([("partner_id", "=", self.big.id)]).amount, 1500
        )

    def test_bad_preparation(self):
        for values, words in (
            ({"growth": 5000}, "Growth"), ({"step": 0}, "Round to"), ({"date_from": "1800-01-01"}, "Quarter"),
        ):  # fmt: skip
            with self.subTest(values), self._refused(ValidationError, words):
                self._prepare(**values)

    def test_statements(self):
        """Preparing, making and listing cost as much for two clients as for thirty."""
        counts = []
        for number in (2, 30):
            clients = self.env["res.partner"].create(
                [{"name": f"C{number}", "is_company": True, "user_id": self.carla.id} for _n in range(number)]
            )
            values = [
                {
                    "partner_id": client.id,
                    "user_id": self.carla.id,
                    "company_id": self.company.id,
                    "amount": 5,
                }
                for client in clients
            ]
            forecasts = self.env["discipline.forecast"].with_context(mail_create_nolog=True)
            counts.append(self._count_queries(forecasts.create, values)[0])
        self.assertLessEqual(counts[1], counts[0] + 2)
