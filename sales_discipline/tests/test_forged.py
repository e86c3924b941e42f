import math
from io import BytesIO

import openpyxl
from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import HttpCase, TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from .test_sales_plans import SalesPlanCase

DAYS = ("garbage", "0001-01-01", "9999-12-31", [1], {"a": 1}, True, 5)
NAN, INF = math.nan, math.inf


@tagged("post_install", "-at_install")
@freeze_time(SalesPlanCase.NOON)
class TestForged(SalesPlanCase):
    """Calls that no screen makes: refused in words, and nothing has changed."""

    def _wizard(self, model="spread", **vals):
        base = {"metric_id": self.sales.id, "company_id": self.company.id}
        base.update(date_from="2026-06-01", date_to="2026-07-31")
        base.update({"total": 1000.0} if model == "spread" else {})
        return self.env[f"discipline.target.{model}"].with_user(self.mark).create({**base, **vals})

    def test_records_stay_in_ones_company(self):
        target = self._target(self.company, 7, "2031-12-01", "2031-12-31", scope="company")
        metric = self.sales.copy({"company_id": self.company.id})
        plan = self._make_plan(("sales_confirmed", 1.0), state="draft")
        for record in (target, metric, plan, self._wizard(), self._wizard("import")):
            with self.subTest(record._name), self._refused(AccessError, "Company|company"):
                record.with_user(self.mark).write({"company_id": self.outside.id})
            self.assertEqual(record.company_id, self.company)
        with self._refused(AccessError, "Company|company"):
            self._wizard(company_id=self.outside.id)

    def test_a_plan_in_force_keeps_its_indicators(self):
        plan = self._make_plan(("sales_confirmed", 1.0)).with_user(self.mark)
        self.assertEqual(plan.state, "active")
        line = plan.with_context(discipline_plan_write=True).line_ids
        with self._refused(ValidationError, "at least one line"):
            line.unlink()
        with self._refused(ValidationError, "weights|Weight"):
            line.weight = 0.0

    def test_currency_is_the_companys(self):
        target = self._target(self.e_anna, 1, "2026-06-01", "2026-06-30").with_user(self.mark)
        dollar = self.env.ref("base.USD").id
        with self._refused(UserError, "Currency"):
            target.write({"currency_id": dollar})
        with self._refused(UserError, "Currency"):
            target.create({**target.copy_data()[0], "currency_id": dollar})
        vals = {**target.copy_data()[0], "date_from": "2026-07-01", "date_to": "2026-07-31"}
        other = target.with_context(default_currency_id=dollar).create(vals)
        self.assertEqual(other.currency_id, self.company.currency_id)

    def test_numbers_that_no_page_can_show(self):
        for amount in (NAN, INF, 1e15, 1e308):
            with self.subTest(amount), self._refused(ValidationError, "'Value'"):
                self._target(self.e_anna, amount, "2027-01-01", "2027-01-31")
            for name, label in (("total", "'Total'"), ("step", "'Round to'"), ("growth", "'Growth")):
                with self.subTest(name, amount=amount), self._refused(ValidationError, label):
                    self._wizard(**{name: amount})
        self._target(self.e_anna, 999e12, "2027-01-01", "2027-01-31")

    def test_table_is_the_wizards_own(self):
        row = {"scope": "own", "employee_id": self.e_anna.id, "team_id": False, "name": "A", "team": ""}
        matrix = {"months": ["2026-06-15"], "rows": [{**row, "amounts": [1.0]}]}
        for model in ("spread", "import"):
            wizard = self._wizard(model)
            for vals in ({"matrix": matrix}, {"state": "preview"}):
                with self.subTest(model, vals=vals), self._refused(UserError, "'Preview'"):
                    wizard.write(vals)
                with self.subTest(model, vals=vals), self._refused(UserError, "'Preview'"):
                    self._wizard(model, **vals)
            defaults = {"default_state": "preview", "default_matrix": matrix}
            wizards = wizard.with_context(**defaults)
            forged = wizards.create({"metric_id": self.sales.id, "company_id": self.company.id})
            with self._refused(UserError, "preview first"):
                forged.action_apply()
        with self._refused(UserError, "first days"):
            self.targets._get_wanted(matrix)

    def test_applied_once(self):
        wizard = self._wizard()
        wizard.action_preview()
        wizard.action_apply()
        with self._refused(UserError, "stored already"):
            wizard.action_apply()
        other = self._wizard()
        other.action_preview()
        other.write({"metric_id": self._metric("companies_added").id})  # not what was shown
        with self._refused(UserError, "preview first"):
            other.action_apply()

    def test_rows_that_the_page_has_not(self):
        lena, mark = (self.targets.with_user(user) for user in (self.lena, self.mark))
        north, south = self.north.id, self.south.id
        for row in (("team", south, north), ("person", self.e_carla.id, north), ("person", 0, north)):
            for what in ("facts", "targets"):
                with self.subTest(row, what=what), self.assertRaises(AccessError):
                    lena.action_open_row(self.sales.id, "month", "2026-05-12", *row, what=what)
        good = (self.sales.id, "month", "2026-05-12", "team", north, north)
        mark.action_open_row(*good)
        foreign = self.sales.copy({"company_id": self.outside.id})
        wrong = [
            (0, foreign.id),
            (0, [1]),
            (0, "x"),
            (1, "week"),
            (1, []),
            (3, "all"),
            (3, []),
            (4, "1"),
            (5, [1]),
        ]
        for place, value in [*wrong, *((2, day) for day in DAYS)]:
            row = [*good[:place], value, *good[place + 1 :]]
            with self.subTest(row), self.assertRaises(UserError):
                mark.action_open_row(*row)
        with self.assertRaises(UserError):
            mark.action_open_row(*good, what="everything")

    def test_arguments_of_the_pages(self):
        for day in DAYS:
            with self.subTest(day), self.assertRaises(UserError):
                self.targets.with_user(self.mark).get_sales_plans(self.sales.id, "month", day)
            with self.subTest(day), self.assertRaises(UserError):
                self.cards.with_user(self.anna).get_kpi_page(False, "month", day)
            with self.subTest(day), self.assertRaises(UserError):
                self.env["discipline.funnel.report"].with_user(self.anna).get_funnel_page({"date": day})
        for metric_id, period in (([1], "month"), ("x", "month"), (2**40, "month"), (False, ["month"])):
            with self.subTest(metric_id, period=period), self.assertRaises(UserError):
                self.targets.with_user(self.mark).get_sales_plans(metric_id, period)
        with self.assertRaises(UserError):
            self.env["discipline.funnel.report"].with_user(self.anna).get_funnel_page({"country_id": 2**40})
        with self.assertRaises(UserError):
            self._wizard(date_from="9999-11-01", date_to="9999-12-31").action_preview()

    def test_payroll_officers_see_the_page_without_scores(self):
        metric = self.env["discipline.metric"].create(
            {"name": "Manners", "code": "manners", "source": "assessment", "unit": "score"}
        )
        line = {"metric_id": metric.id, "target": 80.0, "assessor_ids": self.lena.ids}
        plan = self._make_plan(("sales_confirmed", 10000.0), period="month", state="draft")
        plan.line_ids = [(0, 0, line)]
        plan.action_activate()
        self._score(self.NOON)
        vals = {"metric_id": metric.id, "employee_id": self.e_anna.id, "score": 50.0}
        vals.update(date_from="2026-05-01", date_to="2026-05-31")
        self.env["discipline.assessment"].with_user(self.lena).create(vals)
        page = self.cards.with_user(self.paula).get_kpi_page(self.e_anna.id, "month", "2026-05-12")
        self.assertEqual([line["assessments"] for line in page["lines"]], [[], []])
        page = self.cards.with_user(self.mark).get_kpi_page(self.e_anna.id, "month", "2026-05-12")
        self.assertEqual([len(line["assessments"]) for line in page["lines"]], [0, 1])

    def test_pay_of_no_number(self):
        scheme = self.env["discipline.scheme"].create({"name": "S", "company_id": self.company.id})
        bonus = {"scheme_id": scheme.id, "name": "B", "kind": "kpi_bonus"}
        components = self.env["discipline.component"].with_user(self.paula)
        good = components.create(
            {**bonus, "fixed_amount": 1.0, "tier_ids": [(0, 0, {"threshold": 0, "value": 1})]}
        )
        for number in (NAN, INF, 1e15):
            for name in ("threshold", "value"):
                with self.subTest(name, number=number), self._refused(ValidationError, "10"):
                    good.tier_ids.write({name: number})
            for name in ("fixed_amount", "rate", "minus_rate"):
                with self.subTest(name, number=number), self._refused(ValidationError, "10.15"):
                    good.write({name: number})
        for day in DAYS[:4]:
            with self.subTest(day), self._refused(UserError, "'Month'"):
                self.env["discipline.payroll"].with_user(self.paula).create({"date_from": day})


@tagged("post_install", "-at_install")
@freeze_time(SalesPlanCase.NOON)
class TestForgedRoutes(SalesPlanCase, HttpCase):
    """Addresses that no button opens."""

    def test_names_are_no_formulas(self):
        self.sales.name = "{=1+1}"
        self.e_anna.name = "{=2+2}"
        self.authenticate(self.mark.login, self.mark.login)
        query = f"metric_id={self.sales.id}&company_id={self.company.id}&first=2026-01-01&last=2026-12-01"
        for url in (f"targets/xlsx?{query}", f"sales_plans/xlsx?metric_id={self.sales.id}"):
            content = self.url_open(f"/sales_discipline/{url}").content
            sheet = openpyxl.load_workbook(BytesIO(content)).active
            cells = [cell for row in sheet.iter_rows() for cell in row]
            self.assertFalse([cell.value for cell in cells if cell.data_type == "f"], url)
            self.assertIn("{=2+2}", [cell.value for cell in cells])

    @mute_logger("odoo.http")
    def test_arguments(self):
        self.authenticate(self.mark.login, self.mark.login)
        whole = f"metric_id={self.sales.id}&company_id={self.company.id}"
        for url in (
            *(f"sales_plans/xlsx?date={day}" for day in DAYS[:3]),
            "sales_plans/xlsx?period=week",
            f"sales_plans/xlsx?metric_id={'9' * 9}",
            *(f"targets/xlsx?{whole}&first={day}&last=2026-05-01" for day in ("", *DAYS[:3])),
            f"targets/xlsx?{whole}&first=2026-05-01&last=2020-01-01",
            f"targets/xlsx?metric_id={'9' * 30}&first=2026-05-01&last=2026-06-01",
            "funnel/xlsx?options=x",
            "funnel/xlsx?options=[1]",
        ):
            status = self.url_open(f"/sales_discipline/{url}").status_code
            self.assertIn(status, (400, 404, 422), url)


@tagged("post_install", "-at_install")
class TestTargetRace(TransactionCase):
    """Two transactions that set targets of one metric at the same time."""

    def test_the_later_one_begins_anew(self):
        ids = self.env.ref("sales_discipline.metric_companies_added").ids
        with (
            db_connect(self.env.cr.dbname).cursor() as first,
            db_connect(self.env.cr.dbname).cursor() as second,
        ):
            for cursor in (first, second):
                cursor.execute("SET lock_timeout = '10s'")
                cursor.execute("SELECT count(*) FROM discipline_target")  # what it sees from now on
            api.Environment(first, 1, {})["discipline.target"]._lock_metrics(ids)
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                api.Environment(second, 1, {})["discipline.target"]._lock_metrics(ids)
            second.rollback()

    def test_targets_take_their_turn(self):
        metric = self.env.ref("sales_discipline.metric_companies_added")
        turns = []
        self.patch(self.registry["discipline.target"], "_lock_metrics", lambda _self, ids: turns.append(ids))
        vals = {"metric_id": metric.id, "scope": "company", "amount": 1}
        vals.update(date_from="2026-01-01", date_to="2026-01-31")
        self.env["discipline.target"].create(vals)
        self.assertEqual(turns, [metric.ids])
