import io
import json
import random
from collections import defaultdict
from datetime import date, timedelta

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .engine_common import at
from .funnel_common import FunnelCase


@tagged("post_install", "-at_install")
class TestFunnelReport(FunnelCase):
    def test_steps(self):
        lead = self._make_lead(self.anna, expected_revenue=500.0)
        self._do(self.anna, lead=lead, count=2)
        for kind in (self.incoming, self.meeting, self.visit, self.proposal):
            self._do(self.anna, lead=lead, activity_type=kind)
        self._do(self.anna, lead=lead, activity_type=self.env.ref("mail.mail_activity_data_todo"))
        self._win(lead)
        self._check(
            calls=3, calls_in=1, calls_out=2, meetings=1, visits=1, proposals=1, deals_won=1, deals_lost=0
        )
        self._check(amount_won=500, amount_sold=0, amount_proposed=0)
        rows = self.funnel.search([("user_id", "=", self.anna.id)])
        self.assertEqual(
            sorted(rows.mapped("step")),
            ["call_in", "call_out", "call_out", "meeting", "proposal", "visit", "won"],
        )
        self.assertEqual(rows.lead_id, lead)
        self.assertEqual(rows.team_id, self.north)

    def test_reopened(self):
        """What is taken back is taken back at its own date."""
        lead = self._make_lead(self.anna, expected_revenue=500.0)
        self._win(lead)
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        with freeze_time("2026-04-02 12:00:00"):
            lead.write({"stage_id": stage.id, "probability": 10})
        self._check([("date", "<", "2026-04-01")], deals_won=1, amount_won=500)
        self._check([("date", ">=", "2026-04-01")], deals_won=-1, amount_won=-500)

    def test_conversions(self):
        """A group's conversion is the one sum by the other; without calls there is no data, which is not zero."""
        for user, calls, meetings in ((self.anna, 1, 1), (self.boris, 9, 0), (self.carla, 0, 2)):
            lead = self._make_lead(user)
            self._do(user, lead=lead, count=calls)
            self._do(user, lead=lead, activity_type=self.meeting, count=meetings)
        found = dict(
            self.funnel._read_group(
                [("company_id", "=", self.company.id)], ["user_id"], ["conversion_call_meeting:avg"]
            )
        )
        self.assertEqual(found, {self.anna: 100, self.boris: 0, self.carla: False})
        self._check([("user_id", "in", (self.anna + self.boris).ids)], conversion_call_meeting=10)
        self._check(conversion_call_meeting=30, conversion_meeting_proposal=0, conversion_proposal_won=False)
        rows = self.funnel._read_group(
            [("company_id", "=", self.company.id)], ["user_id"], [], order="conversion_call_meeting:avg DESC"
        )
        self.assertEqual([user for (user,) in rows][1:], [self.anna, self.boris])
        sets = self.funnel._read_grouping_sets(
            [("team_id", "=", self.north.id)], [["user_id"], []], ["conversion_call_meeting:avg"]
        )
        self.assertEqual(sets, [[(self.anna, 100), (self.boris, 0)], [(10,)]])

    def test_local_day(self):
        """The day is the one that it is where the person works, as on their scorecards."""
        self._do(self.boris, "2026-03-10 16:00:00")  # one in the morning of the 11th in Tokyo
        self._do(self.carla, "2026-03-10 02:00:00")  # still the 9th in New York
        self._do(self.anna, "2026-03-10 22:59:59")  # Berlin: the last second of the 10th
        self._do(self.anna, "2026-03-10 23:00:00")
        days = self.funnel._read_group(
            [("company_id", "=", self.company.id)], ["user_id", "date:day"], ["calls:sum"]
        )
        self.assertEqual(
            sorted((user.name, str(day), count) for user, day, count in days),
            [
                ("Anna", "2026-03-10", 1),
                ("Anna", "2026-03-11", 1),
                ("Boris", "2026-03-11", 1),
                ("Carla", "2026-03-09", 1),
            ],
        )

    def test_zone_rule(self):
        """The zone in SQL is the one in Python: the employee's, else the user's, else the company's."""
        self.e_boris.resource_id.tz = "Asia/Dubai"
        self.e_anna.user_id = False
        self.anna.tz = False
        self.company.resource_calendar_id.tz = "Asia/Tokyo"
        self.env.flush_all()
        self.env.cr.execute(self.funnel._sql_zones())
        found = {(user, company): zone for user, company, zone in self.env.cr.fetchall()}
        self.assertEqual(found[self.anna.id, self.company.id], "Asia/Tokyo")
        for employee in self.e_boris + self.e_carla + self.e_lena:
            zone = found[employee.user_id.id, self.company.id]
            self.assertEqual(zone, employee._get_discipline_tz(), employee.name)

    def test_region_and_source(self):
        belgium, texas = self.env.ref("base.be"), self.env.ref("base.state_us_44")
        self.customer.write({"country_id": texas.country_id.id, "state_id": texas.id})
        source = self.env["utm.source"].create({"name": "Fair"})
        lead = self._make_lead(self.anna, source_id=source.id)
        bare = self._make_lead(self.anna, partner_id=False, country_id=belgium.id)
        order = self._make_order(self.anna, (self.tools, 100), lead=lead)
        self._do(self.anna, lead=lead)
        self._do(self.anna, lead=bare, count=2)
        order.with_user(self.anna).action_quotation_sent()
        self._check([("state_id", "=", texas.id)], calls=1, proposals=1)
        self._check([("country_id", "=", belgium.id)], calls=2, proposals=0)
        self._check([("source_id", "=", source.id)], calls=1, proposals=1)
        self._check([("source_id", "=", False)], calls=2, proposals=0)
        lead.unlink()
        order.source_id = False
        source.unlink()
        self.assertFalse(self.funnel.search([("user_id", "=", self.anna.id)]).source_id)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFunnelCategories(FunnelCase):
    def _by_category(self, *measures):
        rows = self.funnel._read_group(
            [("company_id", "=", self.company.id)], ["categ_id"], [f"{name}:sum" for name in measures]
        )
        return {category.name: [round(value, 6) for value in values] for category, *values in rows}

    def test_split(self):
        """Parts by amount add up to the whole: 100.00 by three, a discount left out, and so do the deal's calls."""
        lead = self._make_lead(self.anna, expected_revenue=100.0)
        lines = [(self.tools, 1), (self.service, 1), (self.parts, 1)]
        order = self._make_order(self.anna, *lines, lead=lead)
        order.with_user(self.anna).action_quotation_sent()
        self._do(self.anna, lead=lead, count=3)
        self._do(self.anna)
        self._win(lead)
        found = self._by_category("amount_won", "deals_won", "proposals", "calls", "amount_proposed")
        self.assertEqual(found[False], [0, 0, 0, 1, 0])
        parts = [found[category.name] for category in (self.tools, self.service, self.parts)]
        self.assertEqual([part[0] for part in parts], [33.33, 33.34, 33.33])
        self.assertEqual([round(sum(column), 6) for column in zip(*parts, strict=True)], [100, 1, 1, 3, 3])
        self._check(amount_won=100, deals_won=1, proposals=1, calls=4, amount_proposed=3)

    def test_discount_and_nothing(self):
        lines = [(self.tools, 300), (self.service, 100), (self.parts, -40)]
        self._make_order(self.anna, *lines).with_user(self.anna).action_quotation_sent()
        free = [(self.tools, 0), (self.parts, 0)]
        self._make_order(self.boris, *free).with_user(self.boris).action_quotation_sent()
        found = self._by_category("amount_proposed", "proposals")
        self.assertEqual(found, {"Tools": [270, 1.25], "Service": [90, 0.25], "Parts": [0, 0.5]})

    def test_confirmed_before_quotations(self):
        """A deal is what was ordered; as long as nothing is, what was offered and not cancelled."""
        lead = self._make_lead(self.anna)
        self._do(self.anna, lead=lead)
        self._make_order(self.anna, (self.tools, 100), lead=lead)
        cancelled = self._make_order(self.anna, (self.parts, 100), lead=lead)
        cancelled.action_cancel()
        self.assertEqual(self._by_category("calls"), {"Tools": [1]})
        self._make_order(self.anna, (self.service, 5), lead=lead).action_confirm()
        self.assertEqual(self._by_category("calls", "amount_sold"), {"Service": [1, 5]})

    def test_foreign_currency(self):
        """Orders of a deal are weighed in the company's currency, and amounts are in it."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": "2026-01-01", "rate": 4.0}
        )
        prices = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id, "company_id": self.company.id}
        )
        lead = self._make_lead(self.anna)
        self._do(self.anna, lead=lead)
        self._make_order(self.anna, (self.tools, 300), lead=lead).action_confirm()
        self._make_order(self.anna, (self.parts, 400), lead=lead, pricelist_id=prices.id).action_confirm()
        found = self._by_category("calls", "amount_sold")
        self.assertEqual(found, {"Tools": [0.75, 300], "Parts": [0.25, 100]})


@tagged("post_install", "-at_install")
class TestFunnelRecount(FunnelCase):
    FIRST, DAYS = date(2026, 3, 2), 28

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rng = random.Random(3)
        people = cls.anna + cls.boris + cls.carla
        todo = cls.env.ref("mail.mail_activity_data_todo")
        types = [cls.call, cls.call, cls.incoming, cls.meeting, cls.visit, cls.proposal, cls.proposal, todo]
        cls.rows = []
        for number in range(600):
            user = rng.choice(people)
            kind = rng.choice(
                ["activity_done"] * 6 + ["quotation_sent", "lead_won", "lead_lost", "order_confirmed"]
            )
            kind = rng.choice([kind, kind, kind, "lead_created"])
            moment = at("2026-03-02") + timedelta(seconds=rng.randrange(cls.DAYS * 86400))
            row = {"kind": kind, "user_id": user.id, "happened_at": moment, "entered_at": moment}
            row.update(source_id=1000000 + number, quantity=rng.choice([1, 1, 1, -1]))
            row["res_model"], row["res_id"] = "crm.lead", 900000000 + user.id * 100 + rng.randrange(12)
            row["amount"] = rng.randrange(1000) if kind != "activity_done" else 0
            if kind == "activity_done":
                row["activity_type_id"] = rng.choice(types).id
                row["quantity"] = 1
            if kind == "quotation_sent":
                row["details"] = {"lead": row["res_id"]}
                row["res_model"], row["res_id"], row["quantity"] = "sale.order", 910000000 + number, 1
            cls.rows.append(row)
        cls._insert_facts(cls.rows)

    def test_recount(self):
        """The same as the metrics count, per person: they are another implementation, in another statement."""
        people = self.anna + self.boris + self.carla
        windows = [
            self._window(user.id, user, self.FIRST, self.FIRST + timedelta(days=27), user.tz, 24)
            for user in people
        ]
        codes = {
            "calls": "calls_done",
            "calls_in": "calls_incoming",
            "calls_out": "calls_outgoing",
            "meetings": "meetings_done",
            "visits": "visits_done",
            "proposals": "proposals_sent",
            "deals_won": "deals_won",
            "deals_lost": "deals_lost",
            "amount_won": "deals_won_amount",
            "amount_sold": "sales_confirmed",
        }
        # proposals are one over all of time: the windows have to hold them all
        wide = [
            self._window(user.id, user, self.FIRST - timedelta(days=9), self.FIRST + timedelta(days=40))
            for user in people
        ]
        domain = [("date", ">=", self.FIRST), ("date", "<=", self.FIRST + timedelta(days=27))]
        for name, code in codes.items():
            metric, scope = self._metric(code), wide if name == "proposals" else windows
            measured = metric._measure(scope)
            for user in people:
                mine = [("user_id", "=", user.id)] + (domain if name != "proposals" else [])
                with self.subTest(name, user=user.name):
                    found = self._sum(mine, **{name: 0})[name] or 0
                    self.assertEqual(found, measured[metric.id, user.id].value)
                    self.assertTrue(found)

    def test_proposals_by_hand(self):
        """Of an activity and a quotation on one deal the larger number counts, per person."""
        sent, done = defaultdict(int), defaultdict(int)
        for row in self.rows:
            if row["kind"] == "quotation_sent":
                sent[row["user_id"], row["details"]["lead"]] += 1
            elif row["activity_type_id"] == self.proposal.id:
                done[row["user_id"], row["res_id"]] += 1
        expected = sum(max(sent[key], done[key]) for key in {*sent, *done})
        self.assertLess(expected, sum(sent.values()) + sum(done.values()))
        self._check(proposals=expected)


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 12:00:00")
class TestFunnelFilters(FunnelCase):
    def test_favourites(self):
        """The ready-made views open, each with its own days."""
        days = {"this_month": "2026-05-01", "last_month": "2026-04-30", "this_quarter": "2026-04-01"}
        days.update(dict.fromkeys(("by_team", "by_region", "by_source", "by_category"), "2026-01-01"))
        for day in ("2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01"):
            self._do(self.anna, f"{day} 12:00:00")
        counts = {"this_month": 1, "last_month": 2, "this_quarter": 3}
        for name in days:
            favourite = self.env.ref(f"sales_discipline.filter_funnel_{name}")
            known = {"context_today": lambda: date(2026, 5, 10), "relativedelta": relativedelta}
            domain, context = safe_eval(favourite.domain, known), safe_eval(favourite.context)
            specs = [
                f"{field}:{self.funnel._fields[field].aggregator}" for field in context["pivot_measures"]
            ]
            rows = self.funnel.with_user(self.anna).formatted_read_group(domain, context["group_by"], specs)
            with self.subTest(name):
                self.assertEqual(sum(row["calls:sum"] for row in rows), counts.get(name, 5))
                found = self.funnel.with_user(self.anna).search([*domain, ("date", "=", days[name])])
                self.assertEqual(len(found), 1)


@tagged("post_install", "-at_install")
class TestFunnelAccess(FunnelCase):
    def test_who_sees_what(self):
        for user in (self.anna, self.boris, self.carla, self.olga):
            self._do(user)

        def people(user):
            return set(self.funnel.with_user(user).search([]).user_id.mapped("name"))

        seen = {name: people(getattr(self, name)) for name in "anna boris lena luis mark olga".split()}
        self.assertEqual(seen["anna"], {"Anna"})
        self.assertEqual(seen["boris"], {"Boris"})
        self.assertEqual(seen["lena"], {"Anna", "Boris"})
        self.assertEqual(seen["luis"], {"Carla"})
        self.assertEqual(seen["mark"], {"Anna", "Boris", "Carla"})
        self.assertEqual(seen["olga"], {"Olga"})

    def test_groups_tell_nothing(self):
        self._do(self.carla)
        self._check(user=self.anna, calls=False, calls_out=False)

    def test_refused(self):
        for user in (self.portal, self.paula):
            with self.assertRaises(AccessError):
                self.funnel.with_user(user).search([])
        for user in (self.anna, self.mark):
            with self.assertRaises(AccessError):
                self.funnel.with_user(user).create({"user_id": user.id})


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestFunnelExport(HttpCase, FunnelCase):
    def test_grouped_export(self):
        """Odoo's own export of a grouped list: ratios of the sums in the groups' rows."""
        for user, calls, meetings in ((self.anna, 1, 1), (self.boris, 9, 0)):
            lead = self._make_lead(user)
            self._do(user, lead=lead, count=calls)
            self._do(user, lead=lead, activity_type=self.meeting, count=meetings)
        names = ["user_id", "calls", "meetings", "conversion_call_meeting", "conversion_call_won"]
        self.mark.group_ids += self.env.ref("base.group_allow_export")
        self.authenticate(self.mark.login, self.mark.login)
        data = {
            "model": "discipline.funnel.report",
            "fields": [{"name": name, "label": name, "type": "float"} for name in names],
            "ids": False,
            "domain": [["company_id", "=", self.company.id]],
            "groupby": ["team_id", "user_id"],
            "import_compat": False,
            "context": {},
        }
        token = http.Request.csrf_token(self)
        response = self.url_open("/web/export/xlsx", {"data": json.dumps(data), "csrf_token": token})
        self.assertEqual(response.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        rows = {str(row[0]).strip(): list(row[1:]) for row in sheet.iter_rows(min_row=2, values_only=True)}
        self.assertEqual(rows["North (11)"], [10, 1, 10, None])  # its deals are not exported
        self.assertEqual(rows["Anna (2)"], [1, 1, 100, None])
        self.assertEqual(rows["Boris (9)"], [9, 0, 0, None])
