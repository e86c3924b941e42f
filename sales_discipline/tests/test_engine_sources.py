import random
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .engine_common import EngineCase

FIRST = date(2026, 3, 2)


class SourceCase(EngineCase):
    @classmethod
    def _make_metric(cls, code, **values):
        return cls.env["discipline.metric"].create({"name": code, "code": code, **values})

    def _measure(self, metric, *windows):
        """What that metric has in each window."""
        measured = metric._measure(list(windows))
        return [measured[metric.id, window.key] for window in windows]


@tagged("post_install", "-at_install")
class TestEngineRecords(SourceCase):
    """Records of any model: orders put into the table at random, recounted in Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dollar = cls.env.ref("base.USD")
        dollar.active = True
        cls.env["res.currency.rate"].search([]).unlink()
        for day, rate in (("2026-03-04", 1.25), ("2026-03-09", 1.6)):
            vals = {"currency_id": dollar.id, "company_id": cls.company.id, "name": day, "rate": rate}
            cls.env["res.currency.rate"].create(vals)
        cls.people = cls.anna + cls.boris + cls.carla
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"P{number}", "user_id": user.id} for number, user in enumerate(cls.people)]
        )
        cls.orders = cls._make_orders(random.Random(3), 120, cls.company.currency_id + dollar)
        cls.windows = cls._make_windows()

    @classmethod
    def _make_orders(cls, rng, count, currencies):
        """Orders as plain dicts, and the same in the database."""
        base = {"partner_id": cls.partners[0].id, "company_id": cls.company.id}
        orders = cls.env["sale.order"].create([dict(base) for _number in range(count)])
        orders.flush_recordset()
        rows = []
        for order in orders:
            happened = datetime(2026, 3, 1) + timedelta(seconds=rng.randrange(16 * 86400))
            row = {
                "id": order.id,
                "user_id": rng.choice(cls.people).id,
                "partner_id": rng.choice(cls.partners).id,
                "date_order": happened,
                "commitment": happened.date() + timedelta(days=rng.randrange(-1, 2)),
                "create_date": happened + timedelta(hours=rng.choice((0, 0, 0, 9, 80))),
                "amount_untaxed": round(rng.uniform(10, 900), 2),
                "currency_id": rng.choice(currencies).id,
                "state": rng.choice(("draft", "sale", "sale", "cancel")),
            }
            cls.env.cr.execute(
                "UPDATE sale_order SET user_id = %(user_id)s, partner_id = %(partner_id)s, date_order = %(date_order)s,"
                " validity_date = %(commitment)s, create_date = %(create_date)s, amount_untaxed = %(amount_untaxed)s,"
                " currency_id = %(currency_id)s, state = %(state)s WHERE id = %(id)s",
                row,
            )
            rows.append(row)
        cls.env.invalidate_all()
        return rows

    @classmethod
    def _make_windows(cls):
        zones = {cls.anna: "Europe/Berlin", cls.boris: "Asia/Tokyo", cls.carla: "America/New_York"}
        windows = []
        for user, zone in zones.items():
            windows += [
                cls._window((user.id, day), user, FIRST + timedelta(days=day), tz=zone)
                for day in range(0, 12)
            ]
            windows.append(cls._window((user.id, "week"), user, FIRST, FIRST + timedelta(days=6), zone))
        windows.append(cls._window("team", cls.people, FIRST, FIRST + timedelta(days=13)))
        return windows

    def _check(self, metric, owner, aggregate, value=None, dated=None, fits=lambda row: True):
        """The metric against a recount: whose a row is, what it is worth, its date if it has no time."""
        for window, found in zip(self.windows, self._measure(metric, *self.windows), strict=True):
            good, late = [], []
            for row in self.orders:
                inside = (
                    window.first_day <= row[dated] <= window.last_day
                    if dated
                    else window.start <= row["date_order"] < window.stop
                )
                if inside and fits(row) and owner(row) in window.user_ids:
                    (good if row["create_date"] <= window.entered_by else late).append(row)
            expected = aggregate([value(row) for row in good] if value else good)
            if expected is None:
                self.assertIsNone(found.value)
            else:
                self.assertAlmostEqual(found.value, expected, 2, window.key)
            self.assertAlmostEqual(
                found.late, aggregate([value(row) for row in late] if value else late) or 0, 2
            )
            self.assertEqual(found.ids, tuple(sorted(row["id"] for row in good)))

    def _make(self, code, **values):
        model = self.env["ir.model"]._get("sale.order").id
        base = {"source": "records", "model_id": model, "owner_field": "user_id", "date_field": "date_order"}
        return self._make_metric(code, **{**base, **values})

    def _get_converted(self, row):
        currency = self.env["res.currency"].browse(row["currency_id"])
        day = row["date_order"].date()
        return currency._convert(
            row["amount_untaxed"], self.company.currency_id, self.company, day, round=False
        )

    def test_count(self):
        metric = self._make("orders", domain="[('state', '=', 'sale')]")
        self._check(metric, lambda row: row["user_id"], len, fits=lambda row: row["state"] == "sale")

    def test_count_by_date(self):
        metric = self._make("orders_due", date_field="validity_date")
        self._check(metric, lambda row: row["user_id"], len, dated="commitment")

    def test_path_to_the_user(self):
        owners = {partner.id: partner.user_id.id for partner in self.partners}
        metric = self._make("orders_of_partner", owner_field="partner_id.user_id")
        self._check(metric, lambda row: owners[row["partner_id"]], len)

    def test_sum_of_money(self):
        """In the company's currency at the order's date: 1.25 dollars until the 9th, 1.6 from then on."""
        metric = self._make("ordered", aggregate="sum", value_field="amount_untaxed", unit="money")
        dollars = [row for row in self.orders if row["currency_id"] != self.company.currency_id.id]
        rates = {round(row["amount_untaxed"] / self._get_converted(row), 3) for row in dollars}
        self.assertEqual(rates, {1.25, 1.6})
        self.assertTrue(
            [row for row in dollars if row["date_order"] < datetime(2026, 3, 4)], "before any rate"
        )
        self._check(metric, lambda row: row["user_id"], sum, self._get_converted)

    def test_average(self):
        """Of nothing is no data."""
        metric = self._make("order_value", aggregate="avg", value_field="amount_untaxed", unit="money")
        mean = lambda values: sum(values) / len(values) if values else None  # noqa: E731
        self._check(metric, lambda row: row["user_id"], mean, self._get_converted)
        self.assertIn(None, [found.value for found in self._measure(metric, *self.windows)])

    def test_count_distinct(self):
        metric = self._make("customers", aggregate="count_distinct", value_field="partner_id")
        self._check(metric, lambda row: row["user_id"], lambda v: len(set(v)), lambda row: row["partner_id"])

    def test_employees(self):
        """A path that ends at an employee, or at an employee's leader, counts for that person's user."""
        self.e_anna.parent_id = self.e_boris.parent_id = self.e_lena
        metric = self._make_metric("politeness", source="assessment", unit="score")
        scores = self.env["discipline.assessment"].create(
            [
                {
                    "metric_id": metric.id,
                    "employee_id": employee.id,
                    "score": score,
                    "date_from": day,
                    "date_to": day,
                }
                for employee, score in ((self.e_anna, 60), (self.e_boris, 90))
                for day in ("2026-03-09", "2026-03-10")
            ]
        )
        self.env.flush_all()
        entered = "UPDATE discipline_assessment SET create_date = '2026-03-09 12:00' WHERE id IN %s"
        self.env.cr.execute(entered, [tuple(scores.ids)])
        base = {
            "source": "records",
            "model_id": self.env["ir.model"]._get("discipline.assessment").id,
            "date_field": "date_from",
            "aggregate": "sum",
            "value_field": "score",
        }
        own = self._make_metric("assessed", owner_field="employee_id", **base)
        leader = self._make_metric("assessed_people", owner_field="employee_id.parent_id", **base)
        day = date(2026, 3, 10)
        windows = [self._window(user.id, user, day) for user in self.anna + self.boris + self.lena]
        self.assertEqual([found.value for found in self._measure(own, *windows)], [60, 90, 0])
        self.assertEqual([found.value for found in self._measure(leader, *windows)], [0, 0, 150])

    def test_queries(self):
        metric = self._make(
            "ordered_too", aggregate="sum", value_field="amount_untaxed", owner_field="partner_id.user_id"
        )
        few, _found = self._count_again(metric._measure, self.windows[:1])
        many, _found = self._count_again(metric._measure, self.windows)
        self.assertEqual(few, many)


@tagged("post_install", "-at_install")
class TestEngineRatios(SourceCase):
    """Ratios and assessments: without a denominator, or a score, there is no data."""

    def setUp(self):
        super().setUp()
        self.above, self.below = self._metric("companies_added"), self._metric("contacts_added")

    def _add(self, user, day, above, below):
        rows = [("company_created", above), ("contact_created", below)]
        self._insert_facts(
            [
                {"kind": kind, "source_id": 1, "user_id": user.id, "happened_at": datetime(2026, 3, day, 10)}
                for kind, count in rows
                for _number in range(count)
            ]
        )

    def test_ratio(self):
        ratio = {"source": "formula", "numerator_id": self.above.id, "denominator_id": self.below.id}
        number = self._make_metric("ratio", unit="count", **ratio)
        percent = self._make_metric("ratio_percent", unit="percent", **ratio)
        for day, (above, below) in {9: (1, 4), 10: (0, 2), 11: (3, 0), 13: (5, 2)}.items():
            self._add(self.anna, day, above, below)
        windows = [self._window(day, self.anna, date(2026, 3, day)) for day in (9, 10, 11, 12, 13)]
        windows.append(self._window("week", self.anna, date(2026, 3, 9), date(2026, 3, 15)))
        expected = [0.25, 0, None, None, 2.5, 9 / 8]
        self.assertEqual([found.value for found in self._measure(number, *windows)], expected)
        hundred = [value if value is None else 100 * value for value in expected]
        self.assertEqual([found.value for found in self._measure(percent, *windows)], hundred)

    def test_ratio_of_a_ratio(self):
        inner = self._make_metric(
            "inner", source="formula", numerator_id=self.above.id, denominator_id=self.below.id
        )
        outer = self._make_metric(
            "outer", source="formula", numerator_id=inner.id, denominator_id=self.above.id
        )
        self._add(self.anna, 9, 2, 4)
        self._add(self.anna, 10, 2, 0)
        windows = [self._window(day, self.anna, date(2026, 3, day)) for day in (9, 10, 11)]
        self.assertEqual([found.value for found in self._measure(outer, *windows)], [0.25, None, None])
        with self.assertRaises(ValidationError):
            inner.numerator_id = outer

    def test_assessments(self):
        """The mean of the experts' scores of that period, entered by the deadline."""
        metric = self._make_metric("manners", source="assessment", unit="score")
        scores = [
            (self.e_anna, self.lena, 70, "2026-03-09", "2026-03-15", "2026-03-15 10:00"),
            (self.e_anna, self.mark, 80, "2026-03-09", "2026-03-15", "2026-03-15 17:00"),
            (self.e_anna, self.luis, 20, "2026-03-09", "2026-03-15", "2026-03-15 17:00:01"),  # too late
            (self.e_anna, self.lena, 10, "2026-03-08", "2026-03-15", "2026-03-15 10:00"),  # not of this week
            (self.e_boris, self.lena, 50, "2026-03-10", "2026-03-10", "2026-03-10 10:00"),
        ]
        for employee, assessor, score, first, last, entered in scores:
            vals = {
                "metric_id": metric.id,
                "employee_id": employee.id,
                "score": score,
                "assessor_id": assessor.id,
            }
            record = self.env["discipline.assessment"].create({**vals, "date_from": first, "date_to": last})
            record.flush_recordset()
            self.env.cr.execute(
                "UPDATE discipline_assessment SET scored_at = %s WHERE id = %s", [entered, record.id]
            )
        days = (date(2026, 3, 9), date(2026, 3, 15))
        windows = [
            self._window(user.id, user, *days, hour=17.0) for user in self.anna + self.boris + self.carla
        ]
        windows.append(self._window("team", self.anna + self.boris, *days, hour=17.0))
        found = self._measure(metric, *windows)
        self.assertEqual([measure.value for measure in found], [75, 50, None, 200 / 3])
        self.assertEqual([measure.late for measure in found], [1, 0, 0, 1])


@tagged("post_install", "-at_install")
class TestEngineReceivables(SourceCase):
    """What customers owe on invoices that were due, as of a moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, install_demo=False)
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        journals = cls.env["account.journal"].search([("company_id", "=", cls.company.id)])
        cls.bank = journals.filtered(lambda journal: journal.type == "bank")[:1]

    @classmethod
    def _make_invoice(cls, user, amount, due, entered):
        line = Command.create({"name": "Widget", "price_unit": amount, "tax_ids": [Command.clear()]})
        vals = {"move_type": "out_invoice", "partner_id": cls.customer.id, "invoice_user_id": user.id}
        with freeze_time(entered):
            dates = {"invoice_date": "2026-02-01", "invoice_date_due": due, "invoice_payment_term_id": False}
            invoice = cls.env["account.move"].create({**vals, **dates, "invoice_line_ids": [line]})
            invoice.action_post()
        cls._stamp(invoice, entered)
        return invoice

    @classmethod
    def _pay(cls, invoice, amount, entered):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        before = cls.env["account.partial.reconcile"].search([])
        with freeze_time(entered):
            wizard.create({"amount": amount, "journal_id": cls.bank.id})._create_payments()
        cls._stamp(cls.env["account.partial.reconcile"].search([]) - before, entered)

    @classmethod
    def _stamp(cls, records, moment):
        """A frozen clock does not freeze the database's."""
        records.flush_model()
        cls.env.cr.execute(
            f"UPDATE {records._table} SET create_date = %s WHERE id IN %s", [moment, tuple(records.ids)]
        )
        records.invalidate_recordset()

    def test_as_of(self):
        first = self._make_invoice(self.anna, 1000, "2026-03-05", "2026-02-01 10:00:00")
        self._make_invoice(self.anna, 500, "2026-03-10", "2026-02-01 10:00:00")
        self._make_invoice(self.boris, 70, "2026-03-05", "2026-02-01 10:00:00")
        second = self._make_invoice(self.anna, 30, "2026-03-05", "2026-03-10 17:00:01")
        self._pay(first, 400, "2026-03-09 10:00:00")
        self._pay(first, 600, "2026-03-11 10:00:00")
        self._pay(second, 30, "2026-03-12 10:00:00")
        metric = self._metric("receivables_overdue")
        expected = {4: 0, 5: 0, 6: 1000, 8: 1000, 9: 600, 10: 600, 11: 530, 12: 500}
        windows = [self._window(day, self.anna, date(2026, 3, day), hour=17.0) for day in expected]
        found = self._measure(metric, *windows)
        self.assertEqual({window.key: m.value for window, m in zip(windows, found, strict=True)}, expected)
        both = self._window("both", self.anna + self.boris, date(2026, 3, 10), hour=17.0)
        outside = self._window("outside", self.anna, date(2026, 3, 10), hour=17.0, company_id=self.outside.id)
        self.assertEqual([measure.value for measure in self._measure(metric, both, outside)], [670, 0])
        self.assertEqual(self._measure(metric, both)[0].ids[0], first.id)

    def test_posted_afterwards(self):
        """A draft of yesterday that is posted after the deadline was not owed at it."""
        with freeze_time("2026-03-09 10:00:00"):
            invoice = self._make_invoice(self.anna, 10, "2026-03-01", "2026-03-09 10:00:00")
            invoice.button_draft()
        with freeze_time("2026-03-11 10:00:00"):
            invoice.action_post()
        windows = [self._window(day, self.anna, date(2026, 3, day), hour=17.0) for day in (8, 10, 11)]
        metric = self._metric("receivables_overdue")
        self.assertEqual([found.value for found in self._measure(metric, *windows)], [0, 0, 10])
        with freeze_time("2026-03-12 10:00:00"):
            invoice.button_draft()
        windows.append(self._window(12, self.anna, date(2026, 3, 12), hour=17.0))
        self.assertEqual([found.value for found in self._measure(metric, *windows)], [0, 0, 10, 0])
