from odoo import api, models
from odoo.fields import Domain

from ..tools import payout

SEE_ALL = "sales_discipline.group_manager,sales_discipline.group_payroll"


class DisciplineScheme(models.Model):
    """What a point is worth: to be shown beside what earns or costs it."""

    _inherit = "discipline.scheme"

    @api.model
    def _get_point_values(self, employees, day, card_period="day") -> dict[int, dict]:
        """What the points of scorecards that end on `day` are worth, by the scheme in force on that day.

        Only of those people whose values are the reader's to see: the reader; for managers and payroll officers those of
        their companies; for leaders the members of their teams, where the company shows them the pay of their teams.

        :param employees: hr.employee, of any company
        :param card_period: the points of which plans: day, week or month
        :return: `{employee id: value}`, without people to whom points of such plans pay nothing: no scheme, or none with
            points. A value is a dict of `currency_id`, `scheme_id`, `rate` (money a plus point), `minus_rate` (what a minus
            point takes once the points of the week or month add up to less than zero), `no_fines` (they never come to
            less than nothing), and `terms`: `payout.Term`s, for `_get_points_money`
        """
        seen = self._get_valued_people(employees)
        schemes = self.sudo().search(
            [
                ("company_id", "in", seen.company_id.ids),
                ("state", "in", ("active", "closed")),
                ("date_from", "<=", day),
                *(Domain("date_to", "=", False) | Domain("date_to", ">=", day)),
            ]
        )
        paid = {}
        for employee_id, scheme in schemes._get_in_force(seen, day).items():
            paying = scheme.component_ids.filtered(
                lambda c: c.kind == "points" and c.card_period == card_period and (c.rate or c.minus_rate)
            )
            if paying:
                paid[employee_id] = (scheme, paying)
        points = self._get_points_so_far(paid, day, card_period)
        return {
            employee_id: self._prepare_point_value(scheme, paying, points.get(employee_id, []), day)
            for employee_id, (scheme, paying) in paid.items()
        }

    @api.model
    def _get_points_money(self, value, points) -> float:
        """What so many points more (or, negative, less) change the pay of their week or month by, as it stands.

        It is less than points x rate where a floor or a cap is reached, and zero where nobody is fined.

        :param value: one of those that `_get_point_values` returns
        """
        currency = self.env["res.currency"].browse(value["currency_id"])
        return payout.total_money(
            (payout.points_worth(term, points, currency.round) for term in value["terms"]), currency.round
        )

    @api.model
    def _get_valued_people(self, employees):
        """Those of these people whose pay, or rates of pay, the reader may see, as superuser."""
        user, people = self.env.user, employees.sudo()
        if self.env.su:
            return people
        own = people.filtered(lambda employee: employee.user_id == user)
        if user.has_groups(SEE_ALL):
            return own | people.filtered(lambda employee: employee.company_id in self.env.companies)
        if user.has_group("sales_discipline.group_leader"):
            open_ones = people.filtered("company_id.discipline_leaders_see_pay")
            led = set(self.env["crm.team"].sudo().search([("user_id", "=", user.id)]).ids)
            teams = open_ones._get_discipline_teams() if led and open_ones else {}
            own |= open_ones.filtered(lambda employee: teams.get(employee.id, (None,))[0] in led)
        return own

    @api.model
    def _get_points_so_far(self, paid, day, card_period) -> dict[int, list[tuple]]:
        """`{employee id: [(last day, points)]}` of the frozen cards that are paid together with one that ends on `day`."""
        if not paid:
            return {}
        starts = {
            payout.pay_period(component.basis, day)[0]
            for _scheme, paying in paid.values()
            for component in paying
        }
        cards = self.env["discipline.scorecard"].sudo()
        rows = cards.search_fetch(
            [
                ("employee_id", "in", list(paid)),
                ("period", "=", card_period),
                ("state", "=", "frozen"),
                ("trial", "=", False),
                ("date_to", ">=", min(starts)),
                ("date_to", "<=", max(payout.pay_period(basis, day)[1] for basis in ("week", "month"))),
            ],
            ["employee_id", "date_to", "points"],
        )
        found = {}
        for card in rows:
            found.setdefault(card.employee_id.id, []).append((card.date_to, card.points))
        return found

    @api.model
    def _prepare_point_value(self, scheme, paying, points, day) -> dict:
        terms = []
        for component in paying:
            first, last = payout.pay_period(component.basis, day)
            first, last = max(first, scheme.date_from), min(last, scheme.date_to or last)
            so_far = payout.total_points(value for on, value in points if first <= on <= last)
            limits = component._get_limits()
            terms.append(payout.Term(so_far, component.rate, component.minus_rate, limits))
        return {
            "scheme_id": scheme.id,
            "currency_id": scheme.currency_id.id,
            "rate": sum(term.rate for term in terms),
            "minus_rate": sum(term.minus_rate for term in terms),
            "no_fines": all(term.is_fine_free for term in terms),
            "terms": terms,
        }
