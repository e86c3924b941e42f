from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Command

from ..demo_company import pay
from ..demo_company.calendar import DAY


class DisciplineDemo(models.AbstractModel):
    """How the demo company pays: schemes by job, runs of the months that are over, and what people say of them."""

    _inherit = "discipline.demo"

    def _share_orders(self, story):
        """Some of the orders of one person were won with a colleague, who has a share of the credit."""
        users = self._get_users()
        shared = [order for order in story.orders if order.owner.key == pay.OWNER and order.confirmed][1::7]
        self.env["discipline.credit"].create(
            [
                {
                    "order_id": order.record.id,
                    "company_id": self.env.company.id,
                    "user_id": users[key].id,
                    "percent": percent,
                }
                for order in shared
                for key, percent in pay.SHARES.items()
            ]
        )

    def _make_pay(self, story, users):
        """The schemes, the last month's run confirmed and the ones before it paid."""
        calendar, company = story.calendar, self.env.company
        self._set_accounts(company)
        self._make_schemes(calendar)
        last = calendar.now.date().replace(day=1) - relativedelta(months=1)
        months = [last]
        while months[0] > calendar.recent.replace(day=1):
            months.insert(0, months[0] - relativedelta(months=1))
        runs = self.env["discipline.payroll"]
        for month in months:
            run = runs.create({"company_id": company.id, "date_from": month})
            self._add_entries(run, users, story)
            run.action_compute()
            if run.open_card_count:
                continue
            run.action_confirm()
            if month != last:
                run.action_paid()
                run.action_create_move()
                self._refund_late(story, month)
            runs |= run
        self._backdate_rules(company, calendar)
        self._make_disputes(runs, users, story)

    def _get_month(self, story, back):
        """The first day of a month, counted back from the running one."""
        return story.calendar.now.date().replace(day=1) - relativedelta(months=back)

    def _set_accounts(self, company):
        """Where a confirmed run is entered, and the numbers by which the pay department knows people."""
        chart = self.env["account.chart.template"].with_company(company)
        company.write(
            {
                "discipline_pay_journal_id": self.env["account.journal"]
                .search([("company_id", "=", company.id), ("type", "=", "general")], limit=1)
                .id,
                "discipline_pay_expense_account_id": chart.ref("expense_salary").id,
                "discipline_pay_payable_account_id": chart.ref("salary_payable").id,
            }
        )
        self.env["discipline.pay.account"].create(
            {"company_id": company.id, "kind": "commission", "account_id": chart.ref("expense_sales").id}
        )
        employees = self.env["hr.employee"].search([("company_id", "=", company.id)], order="id")
        for number, employee in enumerate(employees.filtered("job_id"), 1):
            employee.barcode = f"NL{100 + number}"

    def _make_schemes(self, calendar):
        jobs = self.env["hr.job"].search([("company_id", "=", self.env.company.id)]).grouped("name")
        schemes = self.env["discipline.scheme"].create(
            [
                {
                    "name": name,
                    "company_id": self.env.company.id,
                    "date_from": calendar.recent.replace(day=1),
                    "job_ids": [Command.set(jobs[job].ids)],
                    "component_ids": [
                        Command.create({**self._prepare_component(component, ladder), "sequence": number})
                        for number, (component, ladder) in enumerate(components, 1)
                    ],
                    **values,
                }
                for name, job, values, components in pay.SCHEMES
            ]
        )
        schemes.action_activate()

    def _prepare_component(self, values, ladder):
        """Values of a component: metrics by their code, and its ladder as (from, value[, name of the grade])."""
        metrics = {
            name: self._get_metric(values[name]).id
            for name in ("metric_id", "waiver_metric_id") & values.keys()
        }
        tiers = [dict(zip(("threshold", "value", "name"), step, strict=False)) for step in ladder]
        return {**values, **metrics, "tier_ids": [Command.create(tier) for tier in tiers]}

    def _add_entries(self, run, users, story):
        employees = self._get_employees(users)
        self.env["discipline.payroll.entry"].create(
            [
                {"payroll_id": run.id, "employee_id": employees[key].id, "amount": amount, "reason": reason}
                for key, back, amount, reason in pay.ENTRIES
                if self._get_month(story, back) == run.date_from
            ]
        )

    def _refund_late(self, story, month):
        """After a month was paid, an invoice of it is credited in full: the next run corrects the commission."""
        today = story.calendar.now.date()
        for order in story.orders:
            invoiced = order.invoiced and order.invoiced.replace(day=1) == month
            large = order.record.amount_untaxed >= pay.REFUND_FROM
            if invoiced and large and order.owner.key in pay.REFUNDED and not order.credited:
                values = {"date": today, "invoice_date": today, "ref": f"Reversal of {order.invoice.name}"}
                invoice = order.invoice.with_env(self.env)  # as it happens, not as the past is told
                order.refund, order.credited = invoice._reverse_moves([values]), today
                order.refund.action_post()
                return

    def _make_disputes(self, runs, users, story):
        """What people asked about their statements, and what they were told."""
        disputes = self.env["discipline.dispute"]
        for key, back, kind, question, answer, accepted in pay.DISPUTES:
            run = runs.filtered(lambda run: run.date_from == self._get_month(story, back))  # noqa: B023
            line = run.statement_ids.filtered(lambda s: s.user_id == users[key]).line_ids  # noqa: B023
            line = line.filtered(lambda line: line.kind == kind)[:1]  # noqa: B023
            if not line:
                continue
            dispute = disputes.with_user(users[key]).create({"line_id": line.id, "question": question})
            asked = f"{run.date_to + 6 * DAY} 08:12:00"
            if answer:
                dispute = dispute.with_user(users[pay.OFFICER])
                dispute.answer = answer
                (dispute.action_accept if accepted else dispute.action_decline)()
                self._backdate(
                    "discipline.dispute",
                    ("asked_at", "answered_at"),
                    [(dispute.id, asked, f"{run.date_to + 7 * DAY} 09:40:00")],
                )
            else:
                self._backdate("discipline.dispute", ("asked_at",), [(dispute.id, asked)])
