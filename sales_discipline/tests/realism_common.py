from datetime import date, datetime

from .freeze_common import FreezeCase

PLAN = 1000.0


class RealismCase(FreezeCase):
    """Five salespeople in team North (anna, boris, dora, emil, fred) and one in South (carla) with a monthly sales
    plan of 1000; January to March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.realism = cls.env["discipline.realism"]
        cls.sales = cls._metric("sales_confirmed")
        cls.extra = [cls._make_seller(name) for name in ("dora", "emil", "fred")]
        cls.sellers = [cls.anna, cls.boris, *(user for user, _employee in cls.extra)]
        cls.staff = [cls.e_anna, cls.e_boris, *(employee for _user, employee in cls.extra)]
        for user in cls.sellers[2:]:
            cls.env["crm.team.member"].create({"crm_team_id": cls.north.id, "user_id": user.id})
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE crm_team_member SET create_date = '2020-01-01'")
        cls.env.invalidate_all()

    @classmethod
    def _make_seller(cls, name):
        return cls._make_person(name, "sales_team.group_sale_salesman", "Europe/Berlin")

    @classmethod
    def _make_sales_plan(cls, **vals):
        employees = [*(employee.id for employee in cls.staff), cls.e_carla.id]
        base = {"period": "month", "date_from": "2026-01-01", "employee_ids": employees, "name": "Sales"}
        return cls._make_plan(("sales_confirmed", PLAN), **{**base, **vals})

    @classmethod
    def _sell(cls, month, *amounts, people=None):
        """Sales of one month (1 to 12 of 2026), one amount for each of the sellers in their order."""
        for user, amount in zip(people or cls.sellers, amounts, strict=False):
            moment = datetime(2026, month, 10, 10)
            cls._fact(user, moment, kind="order_confirmed", amount=amount, source_id=user.id * 100 + month)

    @classmethod
    def _panel(cls, user=None, day=date(2026, 3, 31), teams=None, metric=None):
        realism = cls.realism.with_user(user or cls.mark)
        return realism._get_panel(cls.company, metric or cls.sales, day, teams)
