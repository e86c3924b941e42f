from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .winback_common import WinbackCase

LAPSED = ("2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01")


class CampaignCase(WinbackCase):
    """All five clients have fallen away. Campaigns are planned on March 10th at noon, for 30 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for client in cls.clients:
            cls._orders(client, *LAPSED)
        cls._refresh()

    def _campaign(self, clients, user=None, at=WinbackCase.NOW, **vals):
        """Plan calls with these clients at that moment. :return: the campaign"""
        with freeze_time(at):
            rows = self.rows.search([("partner_id", "in", clients.ids)]).with_user(user or self.mark)
            action = rows.action_plan_calls()
            wizard = self.env["discipline.contact.plan"].with_user(user or self.mark)
            wizard = wizard.with_context(**action["context"]).create({"winback_days": 30, **vals})
            wizard.action_preview()
            action = wizard.action_apply()
        self.env.invalidate_all()
        return self.campaigns.browse(action["res_id"])

    def _figures(self, campaign, user=None):
        """(clients, tried, reached, returned, money) of those called, and of the others."""
        self.env.flush_all()
        self.env.invalidate_all()
        campaign = campaign.with_user(user or self.mark)
        names = ("called", "tried", "reached", "returned", "amount")
        return tuple(tuple(campaign[f"{prefix}{name}"] for name in names) for prefix in ("", "other_"))


@tagged("post_install", "-at_install")
class TestWinbackCampaign(CampaignCase):
    """Who was called and who was not, and what came of both."""

    def test_two_groups(self):
        """The others of the same salespeople with the same status; not Carla's, nor who is active or in hand."""
        active, planned = self.env["res.partner"].create(
            [{"name": name, "user_id": self.anna.id} for name in ("Active", "Planned")]
        )
        self._orders(active, "2026-01-10", "2026-02-10", "2026-03-08")
        self._orders(planned, *LAPSED)
        self._make_activity(self.anna, planned)
        self._refresh()
        campaign = self._campaign(self.clients[0] + self.clients[3])
        called = campaign.client_ids.filtered(lambda row: row.group == "called")
        self.assertEqual(called.partner_id, self.clients[0] + self.clients[3])
        self.assertEqual({row.user_id for row in called}, {self.anna, self.boris})
        self.assertEqual({row.date_planned for row in called}, {date(2026, 3, 10)})
        self.assertTrue(all(row.activity_id.res_id == row.partner_id.id for row in called))
        others = campaign.client_ids - called
        self.assertEqual(others.partner_id, self.clients[1:3])
        self.assertEqual({row.group for row in others}, {"rest"})
        self.assertEqual({(row.user_id, row.team_id) for row in others}, {(self.anna, self.north)})
        self.assertEqual({(row.state, row.bought) for row in campaign.client_ids}, {("lapsed", 400)})
        self.assertEqual(str(campaign.ends_at), "2026-04-09 12:00:00")

    def test_activity_says_why(self):
        campaign = self._campaign(self.clients[0], note="Offer the new range")
        note = campaign.client_ids.filtered("activity_id").activity_id.note
        for words in ("Offer the new range", "Every 31 days, last 68 days ago", "4 orders"):
            self.assertIn(words, note)

    def test_left_out_by_lot(self):
        more = self.env["res.partner"].create(
            [{"name": f"C{n}", "user_id": self.carla.id} for n in range(15)]
        )
        for client in more:
            self._orders(client, *LAPSED)
        self._refresh()
        campaign = self._campaign(more, holdout=20)
        groups = campaign.client_ids.mapped("group")
        self.assertEqual((groups.count("called"), groups.count("holdout"), groups.count("rest")), (12, 3, 1))
        self.assertEqual(len(campaign.client_ids.partner_id), 16)
        again = self._campaign(more, holdout=50, activity_type_id=self.meeting.id)
        drawn = [
            one.client_ids.filtered(lambda row: row.group == "holdout").partner_id
            for one in (campaign, again)
        ]
        self.assertEqual([len(clients) for clients in drawn], [3, 8])  # 7.5 rounded to even

    def test_outcomes(self):
        """Tried, reached, returned: side by side."""
        campaign = self._campaign(self.clients[:2] + self.clients[3])
        self.assertEqual(self._figures(campaign), ((3, 0, 0, 0, 0), (1, 0, 0, 0, 0)))
        self._call(self.clients[0], "2026-03-11 10:00:00")  # reached
        self._call(self.clients[1], "2026-03-11 10:00:00", "No answer")  # tried
        self._call(self.clients[3], "2026-03-11 10:00:00", False)  # tried
        self._order(self.clients[0], "2026-03-20", 70)
        self._order(self.clients[0], "2026-03-21", 30)
        self._order(self.clients[2], "2026-03-22", 40)  # of itself
        self.assertEqual(self._figures(campaign), ((3, 3, 1, 1, 100), (1, 0, 0, 1, 40)))
        campaign = campaign.with_user(self.mark)
        self.assertAlmostEqual(campaign.share, 100 / 3)
        self.assertEqual(campaign.other_share, 100)
        self.assertAlmostEqual(campaign.gain, 100 / 3 - 100)

    def test_reached(self):
        """A meeting without a word, and an e-mail from somebody at the client, are an answer."""
        campaign = self._campaign(self.clients[:3])
        self._call(self.clients[0], "2026-03-11 10:00:00", False, kind=self.meeting)
        contact = self.env["res.partner"].create({"name": "Ms Contact", "parent_id": self.clients[1].id})
        self.env["mail.message"].create(
            {"message_type": "email", "author_id": contact.id, "date": "2026-03-12 10:00:00", "body": "Yes"}
        )
        self._call(self.clients[2], "2026-03-11 10:00:00", "  NOT reached!  ")
        self.assertEqual(self._figures(campaign)[0], (3, 2, 2, 0, 0))

    def test_bounds(self):
        """What was before the planning, or after the days, is none of it; a cancelled order is none."""
        self._call(self.clients[0], "2026-03-10 11:59:59")
        self._order(self.clients[0], "2026-03-10 11:59:59")
        campaign = self._campaign(self.clients[:1])
        self._order(self.clients[0], "2026-04-09 12:00:00")
        order = self._order(self.clients[0], "2026-03-15", 80)
        self._order(self.clients[0], "2026-03-16", -80, order=order, quantity=-1)
        activity = self._call(self.clients[0], "2026-03-17 10:00:00")
        with freeze_time("2026-03-17 11:00:00"):
            activity.action_unarchive()
        self.assertEqual(self._figures(campaign)[0], (1, 0, 0, 0, 0))
        self._order(self.clients[0], "2026-04-09 11:59:59", 5)
        self.assertEqual(self._figures(campaign)[0], (1, 0, 0, 1, 5))

    def test_closed_at_its_end(self):
        """However late the scheduled action runs, and whatever happens then."""
        campaign = self._campaign(self.clients[:1])
        self._call(self.clients[0], "2026-03-11 10:00:00")
        order = self._order(self.clients[0], "2026-03-20", 70)
        self._order(self.clients[0], "2026-04-12", -70, order=order, quantity=-1)  # after the end
        self.campaigns._close_due(fields.Datetime.to_datetime("2026-04-09 11:59:59"))
        self.assertEqual(campaign.state, "running")
        self.campaigns._close_due(fields.Datetime.to_datetime("2026-04-20 00:00:00"))
        self.assertEqual((campaign.state, str(campaign.closed_at)), ("closed", "2026-04-09 12:00:00"))
        self.assertEqual(self._figures(campaign)[0], (1, 1, 1, 1, 70))
        self._order(self.clients[0], "2026-03-25", 500)
        self.assertEqual(self._figures(campaign)[0], (1, 1, 1, 1, 70))
        for action in (lambda: campaign.write({"name": "X"}), campaign.unlink):
            with self._refused(UserError, "closed"):
                action()

    def test_closed_by_hand(self):
        campaign = self._campaign(self.clients[:1], user=self.anna)
        self._order(self.clients[0], "2026-03-15", 70)
        with self._refused(AccessError, "."):
            campaign.with_user(self.lena).action_close()  # reads it, but is not responsible
        with freeze_time("2026-03-16 12:00:00"):
            campaign.with_user(self.anna).action_close()
        self._order(self.clients[0], "2026-03-17", 70)
        self.assertEqual(self._figures(campaign)[0], (1, 0, 0, 1, 70))
        self.assertEqual(str(campaign.closed_at), "2026-03-16 12:00:00")

    def test_opportunities(self):
        with freeze_time(self.NOW):
            rows = self.rows.search([("partner_id", "=", self.clients[0].id)]).with_user(self.anna)
            action = rows.action_open_opportunities()
            wizard = self.env["discipline.contact.plan"].with_user(self.anna)
            wizard = wizard.with_context(**action["context"]).create({})
            wizard.action_preview()
            campaign = self.campaigns.browse(wizard.action_apply()["res_id"])
        row = campaign.client_ids.filtered(lambda one: one.group == "called")
        self.assertEqual(row.lead_id.partner_id, self.clients[0])
        self.assertEqual(row.activity_id, row.lead_id.activity_ids)
        self.assertEqual(campaign.days, 90)
        with freeze_time("2026-03-11 10:00:00"):
            row.activity_id.with_user(self.anna).action_feedback(feedback="Interested")
        self.assertEqual(self._figures(campaign)[0][:3], (1, 1, 1))

    def test_rights(self):
        campaign = self._campaign(self.clients[0] + self.clients[3])
        for user, called, others in (
            (self.anna, 1, 2),
            (self.boris, 1, 0),
            (self.lena, 2, 2),
            (self.mark, 2, 2),
        ):
            with self.subTest(user.name):
                figures = self._figures(campaign, user)
                self.assertEqual((figures[0][0], figures[1][0]), (called, others))
        for user in (self.carla, self.luis, self.olga, self.paula, self.portal):
            with self.subTest(user.name), self._refused(AccessError, "."):
                campaign.with_user(user).read(["name"])
        with self._refused(AccessError, "."):
            campaign.with_user(self.anna).name = "Mine"
        campaign.with_user(self.mark).name = "March"
        self.assertFalse(self.results.with_user(self.carla).search([("campaign_id", "=", campaign.id)]))
        self.assertFalse(self.env["discipline.winback.client"].with_user(self.olga).search([]))

    def test_nobody_writes(self):
        campaign = self._campaign(self.clients[:1])
        row = campaign.client_ids[:1].sudo()
        for action in (lambda: row.write({"group": "rest"}), row.unlink, lambda: row.create({})):
            with self._refused(UserError, "written down"):
                action()
        with self._refused(UserError, "only name, note"):
            campaign.write({"days": 300})
        for context in ({}, {"discipline_winback": True}):
            with self._refused(UserError, "Choose clients in Win-back"):
                self.campaigns.with_context(**context).create({"name": "X"})

    def test_bad_input(self):
        for vals, words in (
            ({"holdout": 51}, "between 0 and 50"),
            ({"holdout": -1}, "between 0 and 50"),
            ({"winback_days": 0}, "between 1 and 366"),
        ):
            with self.subTest(vals), self._refused(ValidationError, words):
                self._campaign(self.clients[:1], **vals)

    def test_statements(self):
        """The list of campaigns costs the same for one campaign and for several with more clients."""
        more = self.env["res.partner"].create(
            [{"name": f"C{n}", "user_id": self.carla.id} for n in range(30)]
        )
        for client in more:
            self._orders(client, *LAPSED)
        self._refresh()
        campaigns, counts = self.campaigns.with_user(self.mark), []
        names = {"name": {}, "called": {}, "amount": {}, "other_share": {}}
        for clients in (self.clients[:1], more):
            self._campaign(clients)
            counts.append(self._count_again(campaigns.web_search_read, [], names)[0])
        self.assertEqual(counts[0], counts[1])

    def test_my_day(self):
        cards = self.env["discipline.scorecard"].with_user(self.anna)
        with freeze_time(self.NOW):
            self.assertFalse(cards._get_day_winback(self.TODAY))
        self._campaign(self.clients[:3], per_day=2)
        self._call(self.clients[0], "2026-03-10 13:00:00")
        self._order(self.clients[0], "2026-03-11", 70)
        with freeze_time("2026-03-11 12:00:00"):
            mine = [("res_model", "=", "res.partner"), ("res_id", "=", self.clients[0].id)]
            self.env["mail.activity"].search(mine).with_user(self.anna).action_feedback()
            self.env.flush_all()
            work = cards._get_day_work(date(2026, 3, 11))["winback"]
        self.assertEqual((work["due"], work["open"], work["returned"], work["amount"]), (2, 2, 1, 70))
        self.assertEqual(work["currency_id"], self.company.currency_id.id)
        with freeze_time("2026-08-01 12:00:00"):
            self.assertEqual(cards._get_day_winback(date(2026, 8, 1))["returned"], 0)


@tagged("post_install", "-at_install")
class TestWinbackMetric(CampaignCase):
    """Indicators of winning back, in plans like any other."""

    def _measure(self, user, start, stop, entered_by=None, **vals):
        from ..tools.windows import Window

        to_date = fields.Datetime.to_datetime
        start, stop, entered_by = to_date(start), to_date(stop), to_date(entered_by or stop)
        window = Window(
            "k",
            (user.id,),
            start,
            stop,
            entered_by,
            start.date(),
            (stop - timedelta(1)).date(),
            self.company.id,
        )
        codes = ("winback_calls", "winback_customers", "winback_amount", "winback_share")
        metrics = self.env["discipline.metric"].concat(*map(self._metric, codes))
        found = metrics._measure([window])
        return [found[self._metric(code).id, "k"].value for code in codes]

    def test_measures(self):
        self._campaign(self.clients)
        self._call(self.clients[0], "2026-03-11 10:00:00")
        self._call(self.clients[1], "2026-03-12 10:00:00")
        self._call(self.clients[3], "2026-03-12 10:00:00")
        self._order(self.clients[0], "2026-03-15", 70)
        self._order(self.clients[0], "2026-04-02", 30)
        self._order(self.clients[1], "2026-03-12 09:59:59", 500)  # before the call
        self._order(self.clients[2], "2026-03-20", 500)  # not called
        march, april = ("2026-03-01", "2026-04-01"), ("2026-04-01", "2026-05-01")
        self.assertEqual(self._measure(self.anna, *march), [2, 1, 70, 50])
        self.assertEqual(self._measure(self.anna, *april), [0, 0, 30, None])
        self.assertEqual(self._measure(self.boris, *march), [1, 0, 0, 0])
        self.assertEqual(self._measure(self.carla, *march), [0, 0, 0, None])

    def test_whom_it_was_planned_for(self):
        """A colleague who calls, and the salesperson on the order, bring it to whom the call was planned for."""
        self._campaign(self.clients[:1])
        self._call(self.clients[0], "2026-03-11 10:00:00", user=self.boris)
        self._order(self.clients[0], "2026-03-15", 70, user=self.carla)
        march = ("2026-03-01", "2026-04-01")
        self.assertEqual(self._measure(self.anna, *march)[:3], [1, 1, 70])
        self.assertEqual(self._measure(self.boris, *march)[:3], [0, 0, 0])

    def test_as_of_the_deadline(self):
        """What was entered later does not count, and what was cancelled later still does."""
        self._campaign(self.clients[:1])
        self._call(self.clients[0], "2026-03-11 10:00:00")
        order = self._order(self.clients[0], "2026-03-15", 70)
        self._order(self.clients[0], "2026-03-20", -70, order=order, quantity=-1)
        day = ("2026-03-01 00:00:00", "2026-03-18 00:00:00")
        self.assertEqual(self._measure(self.anna, *day)[:3], [1, 1, 70])
        self.assertEqual(self._measure(self.anna, "2026-03-01", "2026-04-01")[:3], [1, 0, 0])
        self.assertEqual(self._measure(self.anna, "2026-03-18", "2026-04-01")[:3], [0, 0, -70])
        self.assertEqual(self._measure(self.anna, *day, entered_by="2026-03-11 09:00:00")[:3], [0, 0, 0])
        self.assertEqual(self._measure(self.anna, *day, entered_by="2026-03-12 09:00:00")[:3], [1, 0, 0])

    def test_two_campaigns(self):
        """An order counts once, for the last campaign before it."""
        self._campaign(self.clients[:1])
        self._call(self.clients[0], "2026-03-11 10:00:00")
        self.env["mail.activity"].search([("res_id", "=", self.clients[0].id)]).unlink()
        self._campaign(
            self.clients[:1], at="2026-03-12 12:00:00", who="turns", user_ids=[Command.set(self.boris.ids)]
        )
        self._call(self.clients[0], "2026-03-13 10:00:00")
        self._order(self.clients[0], "2026-03-15", 70)
        march = ("2026-03-01", "2026-04-01")
        self.assertEqual(self._measure(self.anna, *march)[:3], [1, 0, 0])
        self.assertEqual(self._measure(self.boris, *march)[:3], [1, 1, 70])

    def test_scorecard(self):
        """Frozen on a card, and opened."""
        self._make_plan(("winback_calls", 2), ("winback_amount", 100), ("winback_share", 50), period="month")
        self._campaign(self.clients[:3])
        self._call(self.clients[0], "2026-03-11 10:00:00")
        self._order(self.clients[0], "2026-03-15", 70)
        self._score("2026-04-05 12:00:00")
        card = self._card(self.e_anna, "2026-03-01")
        self.assertEqual(card.state, "frozen")
        lines = {line.metric_id.code: line for line in card.line_ids}
        self.assertEqual(
            [lines[code].actual for code in ("winback_calls", "winback_amount", "winback_share")],
            [1, 70, 100],
        )
        action = lines["winback_calls"].with_user(self.anna).action_open_facts()
        self.assertTrue(action)
        found = self.env[action["res_model"]].with_user(self.anna).search(action["domain"])
        self.assertEqual(len(found), 1)
