from datetime import date, datetime

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from ..tools.windows import Window
from .program_common import ProgramCase

MARCH = (
    datetime(2026, 3, 1),
    datetime(2026, 4, 1),
    datetime(2026, 4, 2),
    date(2026, 3, 1),
    date(2026, 3, 31),
)


@tagged("post_install", "-at_install")
@freeze_time(ProgramCase.NOW)
class TestMetricProgram(ProgramCase):
    """Programs, agreements and parts of the range as metrics of plans."""

    def _measure(self, code, user=None, bounds=MARCH):
        metric = code if not isinstance(code, str) else self._metric(code)
        users = (user or self.anna).ids
        return metric._measure([Window("w", tuple(users), *bounds, company_id=self.company.id)])[
            metric.id, "w"
        ]

    # ------------------------------------------------------------
    # Programs
    # ------------------------------------------------------------

    def test_program_clients(self):
        program = self._running(date_from="2026-03-02", date_to="2026-03-20")
        self._order(self.big, "2026-03-01 23:59:59")  # before its first day
        self.assertEqual(self._measure("program_clients_ordered").value, 0)
        self._order(self.big, "2026-03-02 00:00:00")
        self._order(self.big, "2026-03-05 00:00:00")
        self._order(self.customer, "2026-03-05 00:00:00", user=self.anna)  # not in the group
        self._order(self.new, "2026-03-21 00:00:00")  # after its last day
        measure = self._measure("program_clients_ordered")
        row = program.sudo().client_ids.filtered(lambda row: row.partner_id == self.big)
        self.assertEqual((measure.value, measure.ids), (1, (row.id,)))
        order = self._order(self.new, "2026-03-20 23:59:59")
        self.assertEqual(self._measure("program_clients_ordered").value, 2)
        with freeze_time("2026-03-20 23:59:59"):
            order._action_cancel()
        self.assertEqual(self._measure("program_clients_ordered").value, 1)

    def test_program_clients_are_whose_order_it_is(self):
        """Each once for a team, in however many programs; credited to who sold; in time or late."""
        self._running(name="One")
        self._running(name="Two")
        self._order(self.big, "2026-03-11 10:00:00", user=self.boris)
        self.assertEqual(self._measure("program_clients_ordered").value, 0)
        self.assertEqual(self._measure("program_clients_ordered", self.boris).value, 1)
        self._order(self.big, "2026-03-12 10:00:00")
        self.assertEqual(self._measure("program_clients_ordered", self.anna + self.boris).value, 1)
        early = (*MARCH[:2], datetime(2026, 3, 11, 9), *MARCH[3:])
        measure = self._measure("program_clients_ordered", self.boris, early)
        self.assertEqual((measure.value, measure.late), (0, 1))

    def test_added_after_the_deadline(self):
        """Whoever is put into the group when the period is over does not count in it."""
        program = self._running(domain="[('name', '=', 'Middle')]")
        self._order(self.big, "2026-03-11 10:00:00")
        with freeze_time("2026-04-03 10:00:00"):
            self.env["discipline.program.add"].with_user(self.mark).create(
                {"program_id": program.id, "partner_ids": self.big.ids}
            ).action_apply()
        self.assertEqual(self._measure("program_clients_ordered").value, 0)
        later = (*MARCH[:2], datetime(2026, 4, 4), *MARCH[3:])
        self.assertEqual(self._measure("program_clients_ordered", bounds=later).value, 1)

    # ------------------------------------------------------------
    # Agreements
    # ------------------------------------------------------------

    def _agreed(self, client, amount, at="2026-01-05 10:00:00", first="2026-01-01", user=None):
        with freeze_time(at):
            forecast = (
                self.env["discipline.forecast"]
                .with_user(user or self.anna)
                .create(
                    {
                        "partner_id": client.id,
                        "company_id": self.company.id,
                        "amount": amount,
                        "date_from": first,
                    }
                )
            )
            forecast.action_agree()
        return forecast

    def test_attainment(self):
        """Of quarters that end in the window, all agreements together, by what was entered in time."""
        self.assertIsNone(self._measure("forecast_attainment").value)
        big, new = self._agreed(self.big, 1000), self._agreed(self.new, 500)
        self._order(self.big, "2026-01-01 00:00:00", 700)
        self._order(self.big, "2026-03-31 23:59:59", 200)
        self._order(self.big, "2025-12-31 23:59:59", 9000)
        measure = self._measure("forecast_attainment")
        self.assertEqual((measure.value, measure.ids), (60, (big.id, new.id)))
        early = (*MARCH[:2], datetime(2026, 3, 31, 18), *MARCH[3:])
        self.assertAlmostEqual(self._measure("forecast_attainment", bounds=early).value, 100 * 700 / 1500)
        february = (datetime(2026, 2, 1), MARCH[0], MARCH[0], date(2026, 2, 1), date(2026, 2, 28))
        self.assertIsNone(self._measure("forecast_attainment", bounds=february).value)
        self.assertIsNone(self._measure("forecast_attainment", self.boris).value)

    def test_attainment_later(self):
        """A cron that runs much later, after the agreement is closed, counts the same."""
        self._agreed(self.big, 1000)
        self._order(self.big, "2026-02-01 10:00:00", 400)
        self._order(self.big, "2026-03-01 10:00:00", 100)
        before = self._measure("forecast_attainment").value
        self.env["discipline.forecast"]._close_ended(datetime(2026, 4, 20))
        with freeze_time("2026-05-01 10:00:00"):
            self.env["sale.order"].search([("partner_id", "=", self.big.id)])._action_cancel()
        self.assertEqual((before, self._measure("forecast_attainment").value), (50, 50))

    def test_agreed(self):
        self._agreed(self.big, 10, "2026-03-01 00:00:00", "2026-04-01")
        self._agreed(self.new, 10, "2026-03-31 23:59:59", "2026-04-01")
        self._agreed(self.big, 10, "2026-04-01 00:00:00", "2026-07-01")
        self.assertEqual(self._measure("forecasts_agreed").value, 2)

    # ------------------------------------------------------------
    # Parts of the range
    # ------------------------------------------------------------

    def _product(self, name, **vals):
        base = {"name": name, "type": "service", "list_price": 100, "taxes_id": [Command.set([])]}
        return self.env["product.product"].create({**base, **vals})

    def test_brand(self):
        """A manager makes a plan for one brand: a metric with a condition on products, and its target."""
        tag = self.env["product.tag"].create({"name": "Brand"})
        brand = self._product("Branded", product_tag_ids=[Command.link(tag.id)])
        metric = self.env["discipline.metric"].with_user(self.mark).create(
            {
                "name": "Sales of the Brand", "code": "sales_brand", "company_id": self.company.id, "source": "facts",
                "fact_kind": "order_confirmed", "aggregate": "sum", "value_field": "amount", "unit": "money",
                "product_domain": f"[('product_tag_ids', 'in', [{tag.id}])]",
            }
        )  # fmt: skip
        order = self._order(self.big, "2026-03-05 10:00:00", 300, product=brand)
        self._order(self.new, "2026-03-05 10:00:00", 50)
        with freeze_time("2026-03-06 10:00:00"):
            order.order_line = [Command.create({"product_id": self.product.id, "price_unit": 100})]
        self.assertAlmostEqual(self._measure(metric).value, 300)
        self.assertAlmostEqual(self._measure("sales_confirmed").value, 450)
        facts = self.facts.with_user(self.mark).search(metric._get_fact_domain())
        self.assertEqual(facts.mapped("res_id"), [order.id] * len(facts))
        self.assertEqual(facts[0].product_ids, brand + self.product)
        with freeze_time("2026-03-07 10:00:00"):
            order._action_cancel()
        self.assertAlmostEqual(self._measure(metric).value, 0)

    def test_clients_who_bought_it(self):
        """The number of orders, and of clients, with a product of a category."""
        category = self.env["product.category"].create({"name": "Range"})
        child = self.env["product.category"].create({"name": "Below", "parent_id": category.id})
        product = self._product("In the Range", categ_id=child.id)
        values = {
            "name": "Clients of the Range", "code": "clients_range", "source": "facts", "fact_kind": "order_confirmed",
            "aggregate": "count_distinct", "value_field": "partner_id", "company_id": self.company.id,
            "product_domain": f"[('categ_id', 'child_of', {category.id})]",
        }  # fmt: skip
        distinct = self.env["discipline.metric"].with_user(self.mark).create(values)
        count = distinct.copy({"code": "orders_range", "aggregate": "count"})
        for client, amount in ((self.big, 10), (self.big, 20), (self.new, 30)):
            self._order(client, "2026-03-05 10:00:00", amount, product=product)
        self._order(self.middle, "2026-03-05 10:00:00", user=self.anna)
        self.assertEqual((self._measure(distinct).value, self._measure(count).value), (2, 3))

    def test_bad_products(self):
        base = {"name": "Bad", "code": "bad_range", "source": "facts", "fact_kind": "order_confirmed"}
        for values, words in (
            ({"product_domain": "[('nothing', '=', 1)]"}, "nothing"),
            ({"product_domain": "[(1"}, "not a list"),
            ({"product_domain": "[('name', '=', 'x')]", "fact_kind": "activity_done"}, "lines of products"),
            ({"product_domain": "[('create_uid.employee_ids.wage', '>', 1)]"}, "wage"),
        ):
            with self.subTest(values), self._refused(ValidationError, words):
                self.env["discipline.metric"].with_user(self.mark).create({**base, **values})

    def test_share_of_the_range(self):
        """The ready one: by a tag on products, in percent of the sales; no data without sales."""
        self.assertIsNone(self._measure("range_share").value)
        tag = self.env.ref("sales_discipline.product_tag_additional")
        extra = self._product("Extra", product_tag_ids=[Command.link(tag.id)])
        self._order(self.big, "2026-03-05 10:00:00", 25, product=extra)
        self._order(self.big, "2026-03-05 10:00:00", 75)
        self.assertAlmostEqual(self._measure("range_share").value, 25)

    # ------------------------------------------------------------
    # In plans
    # ------------------------------------------------------------

    def test_frozen_and_opened(self):
        """A month of KPI, STANDARD and SMART indicators, frozen, with what each of ours counted."""
        program = self._running(date_from="2026-03-02", date_to="2026-03-30")
        forecast = self._agreed(self.big, 1000)
        tag = self.env.ref("sales_discipline.product_tag_additional")
        extra = self._product("Extra", product_tag_ids=[Command.link(tag.id)])
        self._order(self.big, "2026-03-12 10:00:00", 400, product=extra)
        self._order(self.big, "2026-03-12 11:00:00", 400)
        self._make_plan(
            ("sales_confirmed", 1000.0, {"category": "kpi"}),
            ("forecasts_agreed", 1.0, {"category": "standard"}),
            ("program_clients_ordered", 1.0, {"category": "smart"}),
            ("forecast_attainment", 100.0, {"category": "smart"}),
            ("range_share", 50.0, {"category": "smart"}),
            ("tasks_done", 1.0, {"category": "smart"}),
            period="month",
        )
        self._score("2026-03-15 08:00:00")
        self._score("2026-04-03 08:00:00")
        card = self._card(self.e_anna, "2026-03-01")
        self.assertEqual(card.state, "frozen")
        values = {line.metric_id.code: line.actual for line in card.line_ids}
        self.assertEqual(
            values,
            {"sales_confirmed": 800, "forecasts_agreed": 0, "program_clients_ordered": 1,
             "forecast_attainment": 80, "range_share": 50, "tasks_done": 0},
        )  # fmt: skip
        opened = {}
        for line in card.line_ids.with_user(self.anna):
            action = line.action_open_facts()
            opened[line.metric_id.code] = (
                self.env[action["res_model"]].with_user(self.anna).search(action["domain"])
            )
        self.assertEqual(opened["forecast_attainment"], forecast)
        self.assertEqual(opened["program_clients_ordered"].program_id, program)
        self.assertEqual(opened["program_clients_ordered"].partner_id, self.big)
        self.assertEqual(len(opened["range_share"]), 2)
