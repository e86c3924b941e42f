from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..demo_company.embellish import embellish
from ..demo_company.people import BERLIN, COMPANY, DOMAIN, MANAGER, PAYROLL, PEOPLE
from ..demo_company.simulation import simulate
from .discipline_fact import HISTORY
from .sql_rows import sql_rows

SEED = 1907
WRITTEN = ("create_uid", "write_uid", "create_date", "write_date")
NOTICES = {
    "discipline_reminder_minutes": 60,
    "discipline_notice_result": True,
    "discipline_notice_team": True,
    "discipline_notice_week": True,
    "discipline_notice_month": True,
}
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "lang": "en_US",
}


class DisciplineDemo(models.AbstractModel):
    """The demo company: three teams, fourteen salespeople, a year of their work.

    What happened is simulated in `demo_company`, without a database; here it is written by the ORM, with
    Odoo's own time stamps set back afterwards, and enters the ledger the way the history of any database does.
    """

    _name = "discipline.demo"
    _description = "Demo Company"

    @api.model
    def _generate(self, now=None, days=None, seed=SEED):
        """Make the demo company and return its res.company.

        The database's own company is used if nobody has worked with it yet, else one is added. Made only
        once: further calls return the company there is.

        :param now: naive UTC moment up to which the past is told
        :param days: so many days of past; by default a year, the last three months of it with daily plans
        """
        company = self._find_company()
        if company:
            return company
        now = now or fields.Datetime.now()
        story = simulate(seed, now, days)
        embellish(story)
        calendar = story.calendar
        company = self._make_company()
        quiet = {**QUIET, "allowed_company_ids": company.ids, "discipline_history": HISTORY}
        demo = self.sudo().with_company(company).with_context(**quiet)
        demo._make_staff(company, calendar)
        demo._write_customers(story)
        demo._write_deals(story)
        demo._write_activities(story)
        demo._write_orders(story)
        demo._write_invoices(story)
        self.env.flush_all()
        self.env.invalidate_all()
        self.sudo().with_company(company)._make_rules(company, story)
        company.write(NOTICES)
        return company

    @api.model
    def _backdate(self, model, names, rows):
        """Set time stamps and their users back, where Odoo writes its own.

        :param rows: tuples (id, value, …) in the order of the fields `names`; None leaves a field empty
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s t SET %s FROM %s WHERE t.id = v.id",
                SQL.identifier(self.env[model]._table),
                SQL(", ").join(
                    SQL("%s = v.%s", SQL.identifier(name), SQL.identifier(name)) for name in names
                ),
                sql_rows(self.env[model], ("id", *names), rows),
            )
        )
        self.env.invalidate_all()

    @api.model
    def _get_logins(self):
        """Who can log in to see the demo company in each role: list of (role, login, password)."""
        leader = next(person for person in PEOPLE if person.leader)
        seller = next(person for person in PEOPLE if person.team == leader.team and person.habit == "batch")
        return [
            ("Administrator", "admin", "admin"),
            ("Head of sales", MANAGER[0], MANAGER[0]),
            ("Team leader", leader.key, leader.key),
            ("Salesperson", seller.key, seller.key),
            ("Payroll officer", PAYROLL[0], PAYROLL[0]),
        ]

    # ------------------------------------------------------------
    # Company
    # ------------------------------------------------------------

    @api.model
    def _find_company(self):
        return self.env["res.company"].sudo().search([("name", "=", COMPANY)], limit=1)

    @api.model
    def _make_company(self):
        """The company, with a chart of accounts in euros; the administrator works in it."""
        self = self.sudo()
        values = {
            "name": COMPANY,
            "currency_id": self._get_euro().id,
            "street": "Hafenplatz 7",
            "zip": "10963",
            "city": "Berlin",
            "phone": "+49 30 23125 100",
            "email": f"info@{DOMAIN}",
            "website": f"https://www.{DOMAIN}",
        }
        company = self.env.ref("base.main_company", raise_if_not_found=False)
        if company and self._is_untouched(company):
            company.write(values)
            # the sales team that Odoo ships is put aside, not deleted
            teams = self.env["crm.team"].search([("company_id", "in", (False, company.id))])
            teams.crm_team_member_ids.active = False
            teams.active = False
        else:
            company = self.env["res.company"].create(values)
        if not company.chart_template:
            # not try_loading, which warns while demo data are loaded: the registry is complete enough for this one
            self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        self._set_country(company)
        admin = self.env.ref("base.user_admin")
        # inquiries from the web site are leads
        self.env.ref("base.group_user").implied_ids = [Command.link(self.env.ref("crm.group_use_lead").id)]
        groups = ["sales_team.group_sale_manager", "hr.group_hr_manager", "account.group_account_manager"]
        groups += ["sales_discipline.group_manager", "sales_discipline.group_payroll"]
        admin.write(
            {
                "company_ids": [Command.link(company.id)],
                "company_id": company.id,
                "group_ids": [Command.link(self.env.ref(group).id) for group in groups],
                "tz": BERLIN,
            }
        )
        return company

    @api.model
    def _set_country(self, company):
        """The generic chart of accounts is made for no country in particular: use it as in Germany."""
        germany = self.env.ref("base.de")
        company.partner_id.country_id = germany
        company.account_fiscal_country_id = germany
        for model in ("account.tax.group", "account.tax"):
            self.env[model].with_context(active_test=False).search(
                [("company_id", "=", company.id)]
            ).country_id = germany
        for tax in company.account_sale_tax_id | company.account_purchase_tax_id:
            tax.write({"name": "19%", "amount": 19, "invoice_label": "VAT 19%"})
        positions = self.env["account.fiscal.position"].search([("company_id", "=", company.id)])
        positions.filtered(lambda position: position.country_id.code == "US").country_id = germany

    @api.model
    def _is_untouched(self, company):
        """Whether nobody has worked with the database: no deals, orders or journal entries."""
        return not any(
            self.env[model].with_context(active_test=False).search_count([], limit=1)
            for model in ("crm.lead", "sale.order", "account.move")
        )

    @api.model
    def _get_euro(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        return euro
