from datetime import date, datetime, timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, freeze_time, new_test_user

from .counting import Counting

DAY = timedelta(days=1)


class PayCase(Counting, TransactionCase):
    """A company with a payroll officer and two salespeople, and scorecards put in as the engine would leave them.

    officer   group_payroll only: no CRM, no HR rights; may see and do everything about pay in the company
    anna      salesperson in team North; may see her own confirmed statements
    boris     salesperson in team North, reads Russian if that language is there
    lead      leads team North; may see nobody's pay but an own one
    head      head of sales: reads schemes, sees nobody's pay but an own one
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "no_reset_password": True, "tracking_disable": True})
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.company = cls.env["res.company"].create({"name": "Pay & Co", "currency_id": euro.id})
        cls.officer = cls._new_user("officer", "sales_discipline.group_payroll")
        cls.anna, cls.boris = (
            cls._new_user(name, "sales_team.group_sale_salesman") for name in ("anna", "boris")
        )
        cls.lead = cls._new_user(
            "lead", "sales_discipline.group_leader,sales_team.group_sale_salesman_all_leads"
        )
        cls.head = cls._new_user("head", "sales_discipline.group_manager,sales_team.group_sale_manager")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "North",
                "company_id": cls.company.id,
                "user_id": cls.lead.id,
                "member_ids": [Command.set((cls.anna + cls.boris).ids)],
            }
        )
        # members as of long ago: the tests pay a month of the past
        cls.env.cr.execute(
            "UPDATE crm_team_member SET create_date = '2020-01-01' WHERE crm_team_id = %s", [cls.team.id]
        )
        cls.env.cr.execute("UPDATE crm_team SET create_date = '2020-01-01' WHERE id = %s", [cls.team.id])
        cls.env.invalidate_all()
        cls.department = cls.env["hr.department"].create({"name": "Sales", "company_id": cls.company.id})
        cls.e_anna, cls.e_boris = (cls._new_employee(user) for user in (cls.anna, cls.boris))
        cls.plans = {period: cls._new_plan(period) for period in ("day", "week", "month")}
        cls.scheme = cls._new_scheme("Points", basis="week", rate=5.0, minus_rate=5.0)

    @classmethod
    def _new_user(cls, name, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"sd_{name}",
            groups=groups,
            name=name.title(),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _new_employee(cls, user):
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": user.company_id.id,
                "department_id": cls.department.id,
                "tz": "UTC",
            }
        )

    @classmethod
    def _new_plan(cls, period, company=None):
        return cls.env["discipline.plan"].create(
            {
                "name": f"Plan {period}",
                "period": period,
                "company_id": (company or cls.company).id,
                "date_from": "2018-01-01",
            }
        )

    @classmethod
    def _new_scheme(cls, name, company=None, activate=True, **component):
        scheme = cls.env["discipline.scheme"].create(
            {
                "name": name,
                "company_id": (company or cls.company).id,
                "date_from": "2020-01-01",
                "component_ids": [Command.create({"name": "Daily points", **component})],
            }
        )
        if activate:
            scheme.action_activate()
        return scheme

    @classmethod
    def _card(
        cls, employee, first, points, period="day", last=None, state="frozen", trial=False, efficiency=None
    ):
        """A scorecard as the engine leaves it, by SQL, since nobody may create one. Returns its id."""
        first = fields.Date.to_date(first)
        last = fields.Date.to_date(last) or first
        cls.env.cr.execute(
            """
            INSERT INTO discipline_scorecard (employee_id, user_id, team_id, plan_id, company_id, period, date_from,
                date_to, tz, deadline, state, points, trial, efficiency)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'UTC', %s, %s, %s, %s, %s) RETURNING id
            """,
            [
                employee.id,
                employee.user_id.id,
                cls.team.id,
                cls.plans[period].id,
                employee.company_id.id,
                period,
                first,
                last,
                datetime.combine(last, datetime.min.time()),
                state,
                points,
                trial,
                efficiency,
            ],
        )
        cls.env["discipline.scorecard"].invalidate_model()
        return cls.env.cr.fetchone()[0]

    @classmethod
    def _card_line(cls, card_id, code, target, actual, completion=None, category="kpi", weight=1.0):
        """An indicator of such a card."""
        metric = cls.env.ref(f"sales_discipline.metric_{code}")
        card = cls.env["discipline.scorecard"].browse(card_id)
        line = card.plan_id.line_ids.filtered(lambda line: line.metric_id == metric)
        if not line:
            cls.env.cr.execute(
                """
                INSERT INTO discipline_plan_line (plan_id, company_id, metric_id, category, scope, target, weight, points_done,
                    points_missed, green_from, yellow_from)
                VALUES (%s, %s, %s, %s, 'own', %s, %s, 1, -2, 100, 100) RETURNING id
                """,
                [card.plan_id.id, card.company_id.id, metric.id, category, target, weight],
            )
            line = cls.env["discipline.plan.line"].browse(cls.env.cr.fetchone()[0])
        if completion is None and actual is not None and target:
            completion = 100.0 * actual / target
        cls.env.cr.execute(
            """
            INSERT INTO discipline_scorecard_line (scorecard_id, plan_line_id, metric_id, company_id, currency_id, category,
                scope, weight, target, actual, completion, adjustment, points)
            VALUES (%s, %s, %s, %s, %s, %s, 'own', %s, %s, %s, %s, 0, 0)
            """,
            [card_id, line.id, metric.id, card.company_id.id, card.company_id.currency_id.id, category, weight, target,
             actual, completion],
        )  # fmt: skip
        cls.env.cr.execute(  # a card with data has an efficiency
            "UPDATE discipline_scorecard SET efficiency = COALESCE(efficiency, LEAST(%s, 100)) WHERE id = %s",
            [completion, card_id],
        )
        cls.env.invalidate_all()

    @classmethod
    def _component(cls, kind, steps=(), scheme=None, **values):
        """A component of that kind in a scheme of its own for everybody, which takes the place of the one with points."""
        if not scheme:
            cls.scheme.action_draft()
            scheme = cls.scheme.copy({"name": kind, "component_ids": False})
        component = cls.env["discipline.component"].create(
            {
                "scheme_id": scheme.id,
                "name": kind,
                "kind": kind,
                "tier_ids": [Command.create({"threshold": at, "value": value}) for at, value in steps],
                **values,
            }
        )
        if scheme.state == "draft":
            scheme.action_activate()
        return component

    @classmethod
    def _order(cls, user, amount, moment):
        """An order of that user over that amount, confirmed at that UTC moment."""
        partner = cls.env["res.partner"].create({"name": "Customer"})
        product = cls.env["product.product"].search([("default_code", "=", "SD")]) or cls.env[
            "product.product"
        ].create({"name": "Thing", "default_code": "SD", "taxes_id": False})
        with freeze_time(moment):
            order = (
                cls.env["sale.order"]
                .with_company(cls.company)
                .create(
                    {
                        "partner_id": partner.id,
                        "company_id": cls.company.id,
                        "user_id": user.id,
                        "order_line": [
                            Command.create({"product_id": product.id, "price_unit": amount, "tax_ids": False})
                        ],
                    }
                )
            )
            order.action_confirm()
        cls.env.flush_all()
        return order

    @classmethod
    def _week(cls, employee, monday, points):
        """Five daily cards from that Monday with these points each."""
        monday = date.fromisoformat(monday)
        return [cls._card(employee, monday + i * DAY, value) for i, value in enumerate(points)]

    @classmethod
    def _run(cls, month="2026-09-01", user=None, company=None):
        runs = cls.env["discipline.payroll"].with_user(user or cls.officer)
        return runs.create({"date_from": month, "company_id": (company or cls.company).id})

    def _confirmed(self, month="2026-09-01"):
        run = self._run(month)
        run.action_compute()
        run.action_confirm()
        return run
