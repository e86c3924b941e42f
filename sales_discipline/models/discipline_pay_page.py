from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby
from odoo.tools.misc import format_date, format_datetime

from ..tools import payout
from .discipline_payroll import LOCKED
from .page_date import parse_day

MONTHS = 12
LINE_SHOWN = ("amount", "limit", "explanation", "next_step")


class DisciplineStatement(models.Model):
    """My Pay: one's own month, with all that is on the page in one call. A confirmed month is its statement; one that is not
    is computed as of now and never stored (discipline_pay_outlook.py)."""

    _inherit = "discipline.statement"

    @api.model
    @api.readonly
    def get_my_pay(self, month=False) -> dict:
        """What the reader gets for a month, in the company at work. Nobody else's pay can be asked for.

        :param month: ISO date, any day of it; the running month by default
        :return: dict of

            - `month`, `month_name`, `previous`, `next` (first days, or False), `is_running`, `company`, `currency_id`
            - `state`: confirmed or paid (a statement), open (the month runs), over (it does, but is not confirmed)
            - `statement_id` (False unless confirmed), `total`, `parts` (see `_prepare_part`), `sums`: pairs of a label and
              an amount, `steps`: what would raise it, the closest first (see `discipline.component._get_step`, with
              `component_id` and `name`), `expected`: an estimate of the total by the end of the month, or None
            - `notes`: in words, what is in it and what is not
            - `history`: the statements of the last twelve months, the oldest first: dicts of month, month_name, id, total,
              currency_id, state, disputes (open ones); id False for a month without one
            - `empty`: why there is nothing to show, in words, or ''
        :raise UserError: for what is no month, or one to come
        """
        self.check_access("read")
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        first = self._check_my_month(month, today)
        employee = self._get_my_employee()
        history = self._get_my_history(today)
        begun = [row["month"] for row in history if row["id"]]
        page = {
            **self._prepare_my_month(first, today, begun),
            "company": self.env.company.name,
            "currency_id": self.env.company.sudo().currency_id.id,
            **self._prepare_nothing(),
            "history": history,
        }
        statement = self.search([*self._get_my_domain(), ("date_from", "=", first)], limit=1)
        if statement:
            return page | statement._prepare_my_statement()
        if not employee:
            page["empty"] = self.env._(
                "You are not an employee of %(company)s, so there is no pay to show. Ask whoever manages employees to link"
                " your user to one, or choose another company above.",
                company=self.env.company.name,
            )
            return page
        return page | self._prepare_my_open_month(employee, first, today, now)

    @api.model
    @api.readonly
    def get_my_pay_summary(self) -> dict | bool:
        """The running month of the reader in short: False for whom there is no pay, else a dict of `month_name`, `state`,
        `total`, `currency_id`, `expected` and `step` (the one closest to reach, or False), as `get_my_pay` has them."""
        page = self.get_my_pay()
        if page["empty"]:
            return False
        names = ("month", "month_name", "state", "total", "currency_id", "expected")
        return {**{name: page[name] for name in names}, "step": next(iter(page["steps"]), False)}

    # ------------------------------------------------------------
    # Whose, and when
    # ------------------------------------------------------------

    def _check_my_month(self, month, today: date) -> date:
        """The first day of the month asked for. :raise UserError: for what is no date, or is to come"""
        day = parse_day(month) if month else today
        if not day:
            raise UserError(self.env._("My Pay was asked for a month that there is not: %s", month))
        if day.replace(day=1) > today:
            raise UserError(self.env._("My Pay shows the running month and those before it."))
        return day.replace(day=1)

    def _get_my_employee(self):
        """The reader as an employee of the company at work, as superuser."""
        domain = [("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)]
        return self.env["hr.employee"].sudo().search(domain, limit=1)

    def _get_my_domain(self):
        return [
            ("user_id", "=", self.env.uid),
            ("company_id", "=", self.env.company.id),
            ("state", "in", LOCKED),
        ]

    def _get_my_history(self, today: date) -> list[dict]:
        """The last twelve months, the running one included, the oldest first."""
        last = today.replace(day=1)
        months = [last - relativedelta(months=back) for back in range(MONTHS - 1, -1, -1)]
        statements = self.search([*self._get_my_domain(), ("date_from", ">=", months[0])])
        disputes = self.env["discipline.dispute"]._read_group(
            [("statement_id", "in", statements.ids), ("state", "=", "open")], ["statement_id"], ["__count"]
        )
        counts = {statement.id: count for statement, count in disputes}
        states = dict(self._fields["state"]._description_selection(self.env))
        found = {statement.date_from: statement for statement in statements}
        rows = []
        for month in months:
            one = found.get(month, self.browse())
            rows.append(
                {
                    "month": month,
                    "month_name": self._format_month_name(month),
                    "id": one.id,
                    "total": one.total if one else None,
                    "currency_id": one.currency_id.id,
                    "state": states.get(one.state, ""),
                    "disputes": counts.get(one.id, 0),
                }
            )
        return rows

    def _format_month_name(self, month: date) -> str:
        name = format_date(self.env, month, date_format="LLLL yyyy")
        return name[:1].upper() + name[1:]

    def _prepare_my_month(self, first: date, today: date, begun: list[date]) -> dict:
        running = today.replace(day=1)
        before, after = first - relativedelta(months=1), first + relativedelta(months=1)
        earliest = min([running - relativedelta(months=1), *begun])
        return {
            "month": first,
            "month_name": self._format_month_name(first),
            "is_running": first == running,
            "previous": before >= earliest and before,
            "next": after <= running and after,
        }

    def _prepare_nothing(self) -> dict:
        nothing = {"state": "open", "statement_id": False, "total": None, "expected": None, "empty": ""}
        return {**nothing, **{name: [] for name in ("parts", "sums", "steps", "notes")}}

    # ------------------------------------------------------------
    # A confirmed month
    # ------------------------------------------------------------

    def _prepare_my_statement(self) -> dict:
        """What the page shows of this statement, which is the reader's."""
        self.ensure_one()
        moment = self.sudo().payroll_id.confirmed_at
        day = format_datetime(self.env, moment, dt_format="short") if moment else ""
        values = [
            {
                **{name: line[name] for name in ("name", "kind", "date_from", "date_to", *LINE_SHOWN)},
                "component_id": line.component_id.id,
                "id": line.id,
                "has_cards": line.has_cards,
                "has_documents": line.has_documents,
                "has_changes": line.kind == "correction" and bool(line.res_id or line.cause == "scorecard"),
                "dispute_state": line.dispute_state or False,
            }
            for line in self.line_ids
        ]
        return {
            "state": self.state,
            "statement_id": self.id,
            "currency_id": self.currency_id.id,
            "total": self.total,
            "parts": self._prepare_parts(values),
            "sums": self._prepare_sums({name: self[name] for name in self._get_sum_labels()}),
            "notes": [self.env._("Confirmed on %s: nothing in it changes any more.", day)],
            "empty": ""
            if values
            else self.env._("Nothing was paid: there were no scorecards that a pay scheme pays for."),
        }

    @api.model
    def _prepare_parts(self, lines: list[dict]) -> list[dict]:
        """The lines of a month by component, in their order, see `_prepare_part`."""
        parts = groupby(lines, key=lambda line: (line["component_id"], line["kind"]))
        return [self._prepare_part(component_id, list(rows)) for (component_id, _kind), rows in parts]

    def _prepare_part(self, component_id, lines: list[dict]) -> dict:
        """One component: `component_id` (False for what is none), `name`, `kind`, `amount`, `lines`: dicts of id (False
        unless confirmed), name, amount, limit, explanation, next_step, and has_cards, has_documents, has_changes,
        dispute_state; `step` and `hint` (see `_prepare_my_open_month`)."""
        rounding = self.env.company.sudo().currency_id.round
        kept = ("id", "name", *LINE_SHOWN, "has_cards", "has_documents", "has_changes", "dispute_state")
        return {
            "component_id": component_id or False,
            "name": lines[0]["name"],
            "kind": lines[0]["kind"],
            "amount": payout.total_money((line["amount"] for line in lines), rounding),
            "lines": [
                {name: line.get(name) or False for name in kept} | {"amount": line["amount"]}
                for line in lines
            ],
            "step": False,
            "hint": "",
        }

    def _get_sum_labels(self) -> dict:
        labels = {
            "bonus": self.env._("Earned"),
            "fine": self.env._("Fines"),
            "correction": self.env._("Limit"),
            "manual": self.env._("Manual Lines"),
            "corrected": self.env._("Corrections"),
        }
        return labels

    def _prepare_sums(self, values: dict) -> list[tuple]:
        return [(label, values[name]) for name, label in self._get_sum_labels().items() if values[name]]
