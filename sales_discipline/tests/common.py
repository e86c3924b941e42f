from contextlib import contextmanager
from datetime import date

from odoo import Command, fields
from odoo.tests import TransactionCase, freeze_time, new_test_user
from odoo.tools import mute_logger

from .counting import Counting


class DisciplineCase(Counting, TransactionCase):
    """The cast. Everything happens in March 2026; Tuesday the 10th at noon UTC is `NOW`.

    Company "Discipline & Co" (euro), working Monday to Friday:

    team North, led by lena (Berlin)
        anna    salesperson, own documents only, Berlin
        boris   salesperson, own documents only, Tokyo
    team South, led by luis (New York)
        carla   salesperson, own documents only, New York
    in no team
        mark    sales manager and manager of the discipline: rules, all teams of the company
        paula   payroll officer without any right in CRM
        portal  a customer's login

    Company "Outsider & Co":
        olga    manager of the discipline there; nothing of the first company is hers to see

    A salesperson sees what is their own, a leader also what is their team's, a manager what is the company's. All
    but portal have an employee with their user's name and time zone, employed since 2020.
    """

    NOW = "2026-03-10 12:00:00"
    TODAY = date(2026, 3, 10)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        context = {"no_reset_password": True, "tracking_disable": True, "mail_activity_quick_update": True}
        cls.env = cls.env(context={**cls.env.context, **context})
        cls.facts = cls.env["discipline.fact"]
        cls.cards = cls.env["discipline.scorecard"]
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.company, cls.outside = cls.env["res.company"].create(
            [{"name": name, "currency_id": euro.id} for name in ("Discipline & Co", "Outsider & Co")]
        )
        for company in cls.company + cls.outside:
            company.resource_calendar_id.tz = "UTC"
        cls._make_people()
        cls.north = cls._make_team("North", cls.lena, cls.anna + cls.boris)
        cls.south = cls._make_team("South", cls.luis, cls.carla)
        cls.customer = cls.env["res.partner"].create({"name": "Customer Ltd", "is_company": True})
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.meeting = cls.env.ref("mail.mail_activity_data_meeting")

    @classmethod
    def _make_people(cls):
        salesman, everything = "sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads"
        leader, manager = "sales_discipline.group_leader", "sales_discipline.group_manager"
        berlin, new_york = "Europe/Berlin", "America/New_York"
        cls.anna, cls.e_anna = cls._make_person("anna", salesman, berlin)
        cls.boris, cls.e_boris = cls._make_person("boris", salesman, "Asia/Tokyo")
        cls.carla, cls.e_carla = cls._make_person("carla", salesman, new_york)
        cls.lena, cls.e_lena = cls._make_person("lena", f"{leader},{everything}", berlin)
        cls.luis, cls.e_luis = cls._make_person("luis", f"{leader},{everything}", new_york)
        cls.mark, cls.e_mark = cls._make_person("mark", f"{manager},sales_team.group_sale_manager", berlin)
        cls.paula, cls.e_paula = cls._make_person("paula", "sales_discipline.group_payroll", berlin)
        cls.olga, cls.e_olga = cls._make_person(
            "olga", f"{manager},sales_team.group_sale_manager", berlin, company=cls.outside
        )
        cls.portal = cls._make_user("portal", "base.group_portal", berlin)

    @classmethod
    def _make_user(cls, name, groups, tz, company=None):
        company = company or cls.company
        companies = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        return new_test_user(cls.env, f"sd_{name}", groups, name=name.title(), tz=tz, **companies)

    @classmethod
    def _make_person(cls, name, groups, tz, company=None):
        """A user and their employee, employed since 2020 in that time zone."""
        user = cls._make_user(name, groups, tz, company)
        return user, cls._make_employee(user, tz)

    @classmethod
    def _make_employee(cls, user, tz, **vals):
        base = {"name": user.name, "user_id": user.id, "company_id": user.company_id.id, "tz": tz}
        calendar = user.company_id.resource_calendar_id.id
        base.update(
            resource_calendar_id=calendar, date_version="2020-01-01", contract_date_start="2020-01-01"
        )
        return cls.env["hr.employee"].create({**base, **vals})

    @classmethod
    def _make_team(cls, name, leader, members):
        """A team as it was in 2020 already: Odoo dates memberships by their creation."""
        vals = {"name": name, "user_id": leader.id, "company_id": leader.company_id.id}
        team = cls.env["crm.team"].create({**vals, "member_ids": [Command.set(members.ids)]})
        team.crm_team_member_ids.flush_recordset()
        cls.env.cr.execute("UPDATE crm_team SET create_date = '2020-01-01' WHERE id = %s", [team.id])
        cls.env.cr.execute(
            "UPDATE crm_team_member SET create_date = '2020-01-01' WHERE crm_team_id = %s", [team.id]
        )
        cls.env.invalidate_all()
        return team

    # ------------------------------------------------------------
    # What people do in Odoo
    # ------------------------------------------------------------

    @classmethod
    def _make_lead(cls, user, **vals):
        """An opportunity of `user`, who is its creator; `user_id` may say somebody else."""
        base = {"name": "Deal", "type": "opportunity", "user_id": user.id, "partner_id": cls.customer.id}
        return cls.env["crm.lead"].with_user(user).create({**base, **vals}).sudo()

    @classmethod
    def _make_activity(cls, user, lead, activity_type=None, **vals):
        """A call, or another type of activity, that `user` plans for today on the lead."""
        base = {"activity_type_id": (activity_type or cls.call).id, "user_id": user.id, "summary": "Ring up"}
        base.update(
            res_model_id=cls.env["ir.model"]._get_id(lead._name), res_id=lead.id, date_deadline=cls.TODAY
        )
        return cls.env["mail.activity"].with_user(user).create({**base, **vals}).sudo()

    @classmethod
    def _make_fact(cls, user, at=NOW, activity_type=None, count=1, lead=None):
        """Activities (calls by default) that `user` does at that moment (naive UTC), each a fact of its own.

        :return: the facts
        """
        with freeze_time(at):
            lead = lead or cls._make_lead(user)
            done = cls.env["mail.activity"]
            for _number in range(count):
                activity = cls._make_activity(user, lead, activity_type)
                activity.with_user(user).action_feedback()
                done += activity
        return cls.facts.search([("kind", "=", "activity_done"), ("source_id", "in", done.ids)])

    # ------------------------------------------------------------
    # Rules and results
    # ------------------------------------------------------------

    @classmethod
    def _metric(cls, code):
        return cls.env.ref(f"sales_discipline.metric_{code}")

    @classmethod
    def _make_plan(cls, *lines, state="active", **vals):
        """A plan in force since March 1st, daily unless told otherwise.

        :param lines: `(metric code, target)` or `(metric code, target, dict of the line's other values)`
        :param state: draft, trial, active
        """
        base = {
            "name": "Plan",
            "company_id": cls.company.id,
            "date_from": "2026-03-01",
            "deadline_hour": 18.0,
        }
        commands = [
            Command.create({"metric_id": cls._metric(code).id, "target": target, **(more[0] if more else {})})
            for code, target, *more in lines
        ]
        plan = cls.env["discipline.plan"].create({**base, "line_ids": commands, **vals})
        if state != "draft":
            {"trial": plan.action_trial, "active": plan.action_activate}[state]()
        return plan

    @classmethod
    def _score(cls, now):
        """Run the cron's work at that moment (naive UTC). Returns the cards that were frozen."""
        now = fields.Datetime.to_datetime(now)
        with freeze_time(now):
            cards = cls.cards._score(now)
        cls.env.invalidate_all()  # as the next request finds it
        return cards

    @classmethod
    def _card(cls, employee, day, plan=None):
        """The card of that person that begins on that day, or none."""
        domain = [("employee_id", "=", employee.id), ("date_from", "=", day)]
        return cls.cards.search(domain + ([("plan_id", "=", plan.id)] if plan else []))

    @classmethod
    def _line(cls, card, code):
        return card.line_ids.filtered(lambda line: line.metric_id.code == code)

    @contextmanager
    def _refused(self, exception, words):
        """What is inside raises this exception with these words (a regular expression) in it, and is undone."""
        with mute_logger("odoo.sql_db"), self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

    # ------------------------------------------------------------
    # The ledger
    # ------------------------------------------------------------

    @classmethod
    def _facts_of(cls, record, *kinds):
        """Facts with this record as their source, the oldest first; of these kinds if given."""
        cls.env.flush_all()
        sources = {
            "mail.activity": ("activity_done", "activity_postponed", "activity_cancelled"),
            "crm.lead": (
                "lead_created",
                "opportunity_created",
                "opportunity_revalued",
                "lead_won",
                "lead_lost",
            ),
            "res.partner": ("company_created", "contact_created"),
            "sale.order": ("quotation_sent", "order_confirmed"),
            "account.move": ("invoice_posted",),
            "account.partial.reconcile": ("payment_collected",),
        }
        domain = [("kind", "in", kinds or sources[record._name]), ("source_id", "in", record.ids)]
        return cls.facts.sudo().search(domain, order="id")

    @classmethod
    def _sums(cls, facts):
        """(quantity, amount) that the facts add up to."""
        return sum(facts.mapped("quantity")), round(sum(facts.mapped("amount")), 2)
