from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from .discipline_morning import SHOWN
from .discipline_realism_check import URGENT


class DisciplineMorning(models.AbstractModel):
    """What waits for a decision: appeals, signals, spot checks, disputes, plans that are not realistic."""

    _inherit = "discipline.morning"

    @api.model
    def _get_appeals(self) -> dict:
        """Appeals that nobody has decided, the oldest first."""
        domain = Domain("state", "=", "open") & self._get_reach()
        count, appeals = self._find("discipline.appeal", domain, "asked_at, id")
        reasons = dict(appeals._fields["reason"]._description_selection(self.env))
        rows = []
        for appeal in appeals:
            text = f"{reasons[appeal.reason]}: {appeal.text}"
            if appeal.line_id and appeal.amount:
                amount = appeal._format_number(appeal.amount)
                text = self.env._("%(text)s (%(amount)s to be added)", text=text, amount=amount)
            rows.append(
                self._prepare_row(
                    appeal._name,
                    appeal.id,
                    text,
                    ["grant", "refuse", "kpi", "message"] if appeal.can_decide else ["kpi", "message"],
                    **self._get_person(appeal.user_id, appeal.employee_id, appeal.team_id),
                    note=appeal._get_subject(),
                    card_id=appeal.scorecard_id.id,
                )
            )
        return self._prepare_section("appeals", count, rows, ("discipline_appeal_action", domain))

    @api.model
    def _get_signals(self) -> dict:
        """Signals that nobody has looked into, the newest first."""
        domain = Domain("state", "=", "new") & self._get_reach()
        count, signals = self._find("discipline.signal", domain, "date desc, strength desc, id")
        kinds = dict(signals._fields["kind"]._description_selection(self.env))
        rows = [
            self._prepare_row(
                signal._name,
                signal.id,
                signal.explanation,
                ["harmless", "confirm", "records", "message"]
                if signal.can_decide
                else ["records", "message"],
                **self._get_person(signal.user_id, signal.employee_id, signal.team_id),
                note=kinds[signal.kind],
                date=signal.date,
                card_id=signal.sudo().scorecard_id.id,
            )
            for signal in signals
        ]
        return self._prepare_section("signals", count, rows, ("discipline_signal_action", domain))

    @api.model
    def _get_spot_checks(self) -> dict:
        """Spot checks to be made, the newest first: customers forget."""
        domain = Domain("state", "in", ("pending", "unreachable")) & self._get_reach()
        count, checks = self._find("discipline.spot.check", domain, "date_from desc, id")
        rows = []
        for check in checks:
            customer = check.sudo().partner_id.display_name or check.res_name or ""
            parts = [check.activity_type_id.sudo().name, customer, check.contact]
            actions = ["confirmed", "denied", "unreachable"] if check.can_check else []
            rows.append(
                self._prepare_row(
                    check._name,
                    check.id,
                    ", ".join(dict.fromkeys(filter(None, parts))),
                    [*actions, "open"],
                    **self._get_person(check.user_id, check.employee_id, check.team_id),
                    note=check.text or "",
                    date=check.date,
                    phone=check.phone or "",
                )
            )
        return self._prepare_section("spots", count, rows, ("discipline_spot_check_action", domain))

    @api.model
    def _get_disputes(self) -> dict | None:
        """Disputes of pay that nobody has answered, for payroll officers."""
        if not self.env.user.has_group("sales_discipline.group_payroll"):
            return None
        domain = Domain("state", "=", "open") & Domain("user_id", "!=", self.env.uid)
        domain &= Domain("company_id", "in", self.env.companies.ids)
        count, disputes = self._find("discipline.dispute", domain, "asked_at, id")
        rows = [
            self._prepare_row(
                dispute._name,
                dispute.id,
                dispute.question,
                ["open", "message"],
                **self._get_person(dispute.user_id, dispute.employee_id),
                note=f"{dispute.line_name}, {dispute.month_name}",
            )
            for dispute in disputes
        ]
        return self._prepare_section("disputes", count, rows, ("action_dispute", domain))

    @api.model
    def _get_unrealistic(self, day: date) -> dict:
        """What the last month that was closed says against the sales plans."""
        checks = self.env["discipline.realism.check"]
        domain = Domain("company_id", "in", self.env.companies.ids)
        if not self._is_manager():
            domain &= Domain("team_id.user_id", "=", self.env.uid)
        recent = Domain("date", ">=", day.replace(day=1) - relativedelta(months=2)) & Domain(
            "date", "<=", day
        )
        last = checks.search(domain & recent, order="date desc", limit=1).date
        domain &= Domain("state", "in", list(URGENT)) & Domain("date", "=", last)
        count, found = self._find("discipline.realism.check", domain, "state, team_id, metric_id, id")
        states = dict(checks._fields["state"]._description_selection(self.env))
        rows = []
        for check in found:
            name = check.team_id.sudo().name or check.company_id.sudo().name
            missed = self.env._(
                "%(missed)s of %(people)s people below plan", missed=check.missed, people=check.people
            )
            rows.append(
                self._prepare_row(
                    check._name,
                    check.id,
                    f"{states[check.state]}: {missed}",
                    ["sales_plans"],
                    person=name,
                    note=f"{check.metric_id.name}, {format_date(self.env, check.date, date_format='LLLL yyyy')}",
                )
            )
        more = ("discipline_realism_check_action", domain)
        return self._prepare_section("realism", count, rows[:SHOWN], more)
