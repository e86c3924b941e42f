import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models import discipline_metric_engine
from ..tools.periods import DAY
from .engine_common import EngineCase, split

SIMPLE = {
    # code: (kind, what is summed up)
    "companies_added": ("company_created", "quantity"),
    "contacts_added": ("contact_created", "quantity"),
    "deals_won": ("lead_won", "quantity"),
    "deals_won_amount": ("lead_won", "amount"),
    "deals_lost": ("lead_lost", "quantity"),
    "activities_postponed": ("activity_postponed", "quantity"),
    "opportunities_new": ("opportunity_created", "quantity"),
    "sales_confirmed": ("order_confirmed", "amount"),
    "sales_invoiced": ("invoice_posted", "amount"),
    "sales_collected": ("payment_collected", "amount"),
}
KINDS = sorted(
    {kind for kind, _what in SIMPLE.values()}
    | {"activity_done", "quotation_sent", "opportunity_revalued", "lead_first_touch"}
)


def total(facts, what="quantity"):
    return sum(fact[what] for fact in facts)


@tagged("post_install", "-at_install")
class TestEngineFacts(EngineCase):
    """Every metric over the ledger against a recount in plain Python of random facts: several people and teams,
    zones, two companies, late entries, reversals, facts on the very borders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna.company_ids = [Command.link(cls.outside.id)]
        cls.people = cls.anna + cls.boris + cls.carla + cls.lena
        types = "call_cold call_warm proposal call_in visit measurement estimate".split()
        cls.cold, cls.warm, cls.proposal, cls.call_in, cls.visit, cls.measurement, cls.estimate = (
            cls.env.ref(f"sales_discipline.activity_type_{name}") for name in types
        )
        cls.types = cls.cold + cls.warm + cls.proposal + cls.call + cls.meeting
        cls.types += cls.call_in + cls.visit + cls.measurement + cls.estimate
        cls.partners = cls.env["res.partner"].create([{"name": f"P{number}"} for number in range(12)])
        cls.env.cr.execute("DELETE FROM discipline_fact")
        cls.windows = cls._make_windows()
        cls.ledger = cls._insert_facts(cls._make_facts(random.Random(20260310), 3000))
        cls.metrics = cls.env["discipline.metric"].search([])
        cls.measured = cls.metrics._measure(cls.windows)

    @classmethod
    def _make_windows(cls):
        zones = {cls.anna: "Europe/Berlin", cls.boris: "Asia/Tokyo", cls.carla: "America/New_York"}
        zones[cls.lena] = "Asia/Vladivostok"
        windows = []
        first = date(2026, 3, 2)
        for user, zone in zones.items():
            days = [first + timedelta(days=number) for number in range(14)]
            windows += [cls._window((user.id, day), user, day, tz=zone) for day in days]
            windows.append(cls._window((user.id, "week"), user, first, first + 6 * DAY, zone))
            windows.append(cls._window((user.id, "month"), user, date(2026, 3, 1), date(2026, 3, 31), zone))
        week = (first, first + 6 * DAY)
        windows.append(cls._window("team", cls.people, *week, "Europe/Berlin"))
        windows.append(cls._window("all companies", cls.anna, *week, company_id=None))
        windows.append(cls._window("outside", cls.anna, *week, company_id=cls.outside.id))
        windows.append(cls._window("nobody", cls.env["res.users"], *week))
        # a day with what was entered late for the day before: two windows of one key
        before = cls._window("carry", cls.anna, first + DAY, tz="Europe/Berlin")
        today = cls._window("carry", cls.anna, first + 2 * DAY, tz="Europe/Berlin")
        windows.append(today)
        carried = {"entered_by": today.entered_by, "entered_after": before.entered_by}
        windows.append(cls._window("carry", cls.anna, first + DAY, tz="Europe/Berlin", **carried))
        return windows

    @classmethod
    def _make_facts(cls, rng, count):
        """Random facts; a quarter of them within a second of some window's border or deadline."""
        borders = [
            moment for window in cls.windows for moment in (window.start, window.stop, window.entered_by)
        ]
        late = [0, 0, 0, 1, 60, 3600 * 9, 3600 * 30, 3600 * 24 * 9]
        facts = []
        for _number in range(count):
            happened = datetime(2026, 2, 27) + timedelta(seconds=rng.randrange(36 * 24 * 3600))
            if rng.random() < 0.25:
                happened = rng.choice(borders) + timedelta(seconds=rng.choice((-1, 0, 1)))
            user, kind = rng.choice(cls.people), rng.choice(KINDS)
            lead = rng.randrange(1, 60)
            fact = {
                "kind": kind,
                "source_id": lead if kind.startswith("opportunity") else rng.randrange(1, 10**6),
                "user_id": user.id,
                "company_id": cls.outside.id if user == cls.anna and rng.random() < 0.2 else cls.company.id,
                "partner_id": rng.choice([None, *cls.partners.ids]),
                "activity_type_id": rng.choice(cls.types).id if kind.startswith("activity") else None,
                "res_model": "sale.order" if kind == "quotation_sent" else "crm.lead",
                "res_id": lead,
                "happened_at": happened,
                "entered_at": happened + timedelta(seconds=rng.choice(late)),
                "quantity": rng.choice((1.0, 1.0, 1.0, -1.0)),
                "amount": round(rng.uniform(-2000, 9000), 2),
                "details": {"lead": lead} if kind == "quotation_sent" and rng.random() < 0.7 else None,
            }
            if kind == "lead_first_touch":  # one that was touched as another, swallowed since, has no time
                fact["details"] = rng.choice(
                    ({"minutes": rng.randrange(9000)}, {"minutes": 0}, {"merged": 1})
                )
            facts.append(fact)
        return facts

    # ------------------------------------------------------------
    # The recount
    # ------------------------------------------------------------

    def _check(self, code, recount):
        """`recount(windows of one key)` returns (value, late), for every key."""
        metric = self._metric(code)
        grouped = defaultdict(list)
        for window in self.windows:
            grouped[window.key].append(window)
        counted = 0
        for key, windows in grouped.items():
            value, late = recount(windows)
            found = self.measured[metric.id, key]
            self.assertAlmostEqual(found.value, value, 2, f"{code}: {key}")
            self.assertAlmostEqual(found.late, late, 2, f"late {code}: {key}")
            counted += bool(value) + bool(late)
        self.assertGreater(counted, 15, "there was something to count")

    def _recount(self, facts, count):
        """The recount that adds up `count(facts)` of each window of a key."""

        def recount(windows):
            parts = [split(facts, window) for window in windows]
            return tuple(sum(count(part[which]) for part in parts) for which in (0, 1))

        return recount

    def test_simple(self):
        for code, (kind, what) in SIMPLE.items():
            facts = [fact for fact in self.ledger if fact["kind"] == kind]
            with self.subTest(code):
                self._check(code, self._recount(facts, lambda part, what=what: total(part, what)))

    def test_activities(self):
        calls = self.types.filtered(lambda kind: kind.category == "phonecall")
        self.assertLessEqual(self.cold + self.warm + self.call, calls)
        for code, types in (
            ("calls_done", calls),
            ("calls_cold", self.cold),
            ("calls_warm", self.warm),
            ("calls_incoming", self.call_in),
            ("calls_outgoing", calls - self.call_in),
            ("visits_done", self.visit),
            ("measurements_done", self.measurement),
            ("estimates_done", self.estimate),
            ("meetings_done", self.meeting),
        ):
            facts = [
                f for f in self.ledger if f["kind"] == "activity_done" and f["activity_type_id"] in types.ids
            ]
            with self.subTest(code):
                self._check(code, self._recount(facts, total))

    def test_first_touch_minutes(self):
        """The mean of those that are timed; without any there is no data."""
        facts = [f for f in self.ledger if f["kind"] == "lead_first_touch"]
        metric = self._metric("first_touch_minutes")
        grouped, answers = defaultdict(list), []
        for window in self.windows:
            grouped[window.key].append(window)
        for key, windows in grouped.items():
            parts = [split(facts, window) for window in windows]
            minutes = [
                [f["details"]["minutes"] for part in parts for f in part[which] if "minutes" in f["details"]]
                for which in (0, 1)
            ]
            value, late = (sum(numbers) / len(numbers) if numbers else None for numbers in minutes)
            found = self.measured[metric.id, key]
            answers.append(found.value)
            self.assertEqual(found.value is None, value is None, key)
            self.assertAlmostEqual(found.value or 0, value or 0, 6, key)
            self.assertAlmostEqual(found.late, late or 0, 6, key)
        self.assertGreater(len(set(answers)), 15)
        self.assertIn(None, answers)

    def test_conversions(self):
        """One metric per hundred of another, by the numbers beside it; nothing to convert is no data."""
        for code, above, below in (
            ("conversion_call_meeting", "meetings_done", "calls_done"),
            ("conversion_meeting_proposal", "proposals_sent", "meetings_done"),
            ("conversion_proposal_won", "deals_won", "proposals_sent"),
        ):
            for window in self.windows:
                value, numerator, denominator = (
                    self.measured[self._metric(name).id, window.key].value for name in (code, above, below)
                )
                self.assertEqual(value is None, not denominator, (code, window.key))
                if denominator:
                    self.assertAlmostEqual(value, 100 * numerator / denominator, 6, (code, window.key))

    def test_proposals(self):
        """On one document quotations and activities are the same proposals: the larger number counts."""

        def count(facts):
            documents = defaultdict(lambda: defaultdict(list))
            for fact in facts:
                by_lead = fact["kind"] == "activity_done" or bool(fact["details"])
                documents[by_lead, fact["res_id"]][fact["kind"]].append(fact["quantity"])
            return sum(max(sum(numbers) for numbers in kinds.values()) for kinds in documents.values())

        facts = [
            f
            for f in self.ledger
            if f["kind"] == "quotation_sent"
            or f["kind"] == "activity_done"
            and f["activity_type_id"] == self.proposal.id
        ]

        def recount(windows):
            parts = [split(facts, window) for window in windows]
            return tuple(count([fact for part in parts for fact in part[which]]) for which in (0, 1))

        self._check("proposals_sent", recount)

    def test_customers_new(self):
        orders = [f for f in self.ledger if f["kind"] == "order_confirmed" and f["partner_id"]]
        # most orders of few partners would leave nobody new: give some windows customers of their own
        self.assertTrue(orders)
        partners = self.env["res.partner"].create([{"name": f"New {number}"} for number in range(60)])
        rng = random.Random(7)
        more = [fact for fact in self._make_facts(rng, 2500) if fact["kind"] == "order_confirmed"]
        for fact in more:
            fact["partner_id"] = rng.choice(partners.ids)
        self._insert_facts(more)
        orders += more
        self.measured = self._metric("customers_new")._measure(self.windows)

        def is_new(fact, window):
            """No order of that customer was known before: of anybody before the window, or another's in it."""
            moment = (fact["happened_at"], fact["id"])
            return not any(
                other["happened_at"] < window.start
                or other["user_id"] != fact["user_id"]
                and (other["happened_at"], other["id"]) < moment
                for other in orders
                if other["partner_id"] == fact["partner_id"]
                and other["company_id"] == fact["company_id"]
                and other["quantity"] > 0
                and other["entered_at"] <= window.entered_by
            )

        def recount(windows):
            numbers = []
            for which in (0, 1):
                sums = defaultdict(float)
                for window in windows:
                    for fact in split(orders, window)[which]:
                        if is_new(fact, window):
                            sums[fact["partner_id"]] += fact["quantity"]
                numbers.append(sum(1 for number in sums.values() if number > 0))
            return numbers

        self._check("customers_new", recount)

    def test_opportunities_new_amount(self):
        """As it stood at the deadline, with what it was revalued by until then."""
        created = [f for f in self.ledger if f["kind"] == "opportunity_created"]
        revalued = [f for f in self.ledger if f["kind"] == "opportunity_revalued"]

        def recount(windows):
            value = late = 0
            for window in windows:
                good, behind = split(created, window)
                for fact in good:
                    value += fact["amount"] + sum(
                        other["amount"]
                        for other in revalued
                        if other["source_id"] == fact["source_id"]
                        and other["happened_at"] < window.stop
                        and other["entered_at"] <= window.entered_by
                    )
                late += total(behind, "amount")
            return value, late

        self._check("opportunities_new_amount", recount)

    def test_complete(self):
        """Every metric answers for every key; who did nothing has done 0, which is not 'no data': that is what
        ratios and averages of nothing are."""
        keys = {window.key for window in self.windows}
        expected = {(metric.id, key) for metric in self.metrics for key in keys}
        self.assertEqual(set(self.measured), expected)
        for metric in self.metrics:
            nothing = None if metric.source == "formula" or metric.aggregate == "avg" else 0.0
            self.assertEqual(self.measured[metric.id, "nobody"].value, nothing, metric.code)

    def test_only_late(self):
        """Who entered everything too late has done nothing in time: 0, and not 'no data' (but for averages)."""
        day = date(2026, 5, 4)
        window = self._window("late", self.anna, day)
        rows = [
            {
                "kind": kind,
                "source_id": 1,
                "user_id": self.anna.id,
                "partner_id": self.customer.id,
                "activity_type_id": self.proposal.id if kind == "activity_done" else None,
                "happened_at": datetime(2026, 5, 4, 10),
                "entered_at": datetime(2026, 5, 4, 20),
                "amount": 10.0,
            }
            for kind in KINDS
        ]
        self._insert_facts(rows)
        facts = self.metrics.filtered(lambda metric: metric.source == "facts")
        for (metric_id, _key), measure in facts._measure([window]).items():
            metric = self.env["discipline.metric"].browse(metric_id)
            self.assertEqual(measure.value, None if metric.aggregate == "avg" else 0.0, metric.code)

    def test_combined(self):
        """All metrics in one statement, or a statement each: the same numbers for whatever is asked."""
        rng = random.Random(19)
        pairs = [rng.sample(self.metrics.ids, 2) for _number in range(6)]
        for number, (above, below) in enumerate(pairs):
            values = {"source": "formula", "numerator_id": above, "denominator_id": below, "unit": "percent"}
            self.metrics.create({"name": "Ratio", "code": f"ratio_{number}", **values})
        metrics = self.env["discipline.metric"].search([])
        answers = set()
        for _number in range(15):
            some = metrics.browse(rng.sample(metrics.ids, rng.randint(1, len(metrics))))
            windows = rng.sample(self.windows, rng.randint(1, discipline_metric_engine.FEW_WINDOWS))
            combined = some._measure(windows)
            with patch.object(discipline_metric_engine, "FEW_WINDOWS", 0):
                self.assertEqual(some._measure(windows), combined)
            answers.update(measure.value for measure in combined.values())
        self.assertIn(None, answers)
        self.assertGreater(len(answers), 50)

    def test_queries(self):
        """One statement for few windows, whatever the number of metrics, and one a metric for many: for however
        many people, windows and facts. What a ratio is made of is not counted again."""
        self.metrics._measure(self.windows[:1])  # what is looked up once and kept
        one, _result = self._count_queries(self.metrics[:4]._measure, self.windows[:1])
        few, _result = self._count_queries(self.metrics._measure, self.windows[:40])
        self.assertEqual(few - one, self._count_lookups(self.metrics) - self._count_lookups(self.metrics[:4]))
        many, _result = self._count_queries(self.metrics._measure, self.windows)
        more, _result = self._count_queries(self.metrics._measure, self.windows + self._make_windows())
        self.assertEqual(many, more)
        parts = self.metrics.filtered(lambda metric: metric.source == "facts")[:2]
        ratio = {"source": "formula", "numerator_id": parts[0].id, "denominator_id": parts[1].id}
        ratio = self.metrics.create({"name": "Ratio", "code": "ratio", **ratio})
        many, _result = self._count_queries(parts._measure, self.windows)
        more, _result = self._count_queries((parts + ratio)._measure, self.windows)
        self.assertEqual(many, more)

    def _count_lookups(self, metrics):
        """Statements that building the SQL of these metrics takes, e.g. to find an activity type by its name."""
        window = self.windows[:1]
        body = metrics._sql_windows(window, {window[0].key: 0})
        return self._count_queries(metrics._get_parts()._sql_combined, body, window)[0]

    def test_no_window(self):
        self.assertEqual(self.metrics._measure([]), {})
