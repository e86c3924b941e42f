import hashlib
import json

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import payout
from .discipline_pay_month import Card, PayMonth, Person


class DisciplinePayroll(models.Model):
    """How a run comes by its statements: everything is read once for all people, folded in Python, and stored in bulk, so
    the number of statements sent to the database does not depend on the number of people (but for Odoo's own batches)."""

    _inherit = "discipline.payroll"

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _get_card_domain(self):
        """The scorecards, open ones included, that this month pays for. Trial plans are never paid."""
        self.ensure_one()
        first, last = payout.run_span(self.date_from)
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("trial", "=", False),
                ("date_to", ">=", first),
                ("date_to", "<=", last),
            ]
        )

    def _get_open_domain(self):
        """The scorecards that this month waits for."""
        return self._get_card_domain() & Domain("state", "!=", "frozen")

    def _get_cards(self, people=None):
        """The frozen cards (of these employee ids only), as `Card`s by person and day, in one statement."""
        scorecards = self.env["discipline.scorecard"]
        domain = self._get_card_domain() & Domain("state", "=", "frozen")
        if people is not None:
            domain &= Domain("employee_id", "in", people)
        query = scorecards._search(domain, order="employee_id, date_to, id")
        names = ("id", "employee_id", "team_id", "period", "date_to", "points", "efficiency")
        columns = [scorecards._field_to_sql(query.table, name, query) for name in names]
        return [Card._make(row) for row in self.env.execute_query(query.select(*columns))]

    def _get_employed(self, people=None):
        """The employees of the company (of these ids only) who were employed at some time of the month, as far as
        contracts say."""
        domain = Domain("company_id", "=", self.company_id.id)
        if people is not None:
            domain &= Domain("id", "in", people)
        employees = self.env["hr.employee"].with_context(active_test=True).search(domain)
        contracts = Domain("contract_date_start", "=", False) | (
            Domain("contract_date_start", "<=", self.date_to)
            & (Domain("contract_date_end", "=", False) | Domain("contract_date_end", ">=", self.date_from))
        )
        versions = self.env["hr.version"]._read_group(
            Domain("employee_id", "in", employees.ids) & contracts, ["employee_id"]
        )
        return employees.browse(employee.id for (employee,) in versions)

    def _get_lang(self, employee):
        return employee.user_id.lang or self.company_id.partner_id.lang or self.env.lang or "en_US"

    # ------------------------------------------------------------
    # Folding
    # ------------------------------------------------------------

    def _prepare_statements(self, people=None, seal=None, changed=None, outlook=None):
        """The values of the statements, each with the values of its lines under 'lines'. Nothing is stored.

        :param people: ids of the employees who are looked at; everybody if not given. What somebody gets does not depend on
            who else is looked at
        :param seal: naive UTC; sales facts count if they had been entered by then, now if not given
        :param changed: the statements that may have to be corrected, see `_get_corrections`
        :param outlook: an `Outlook`, of a run that is shown and never stored
        """
        self.ensure_one()
        # compiling the few big queries takes PostgreSQL longer than running them
        self.env.cr.execute("SET LOCAL jit = off")
        cards = {}
        for card in self._get_cards(people) + (outlook.cards if outlook else []):
            cards.setdefault(card.employee_id, []).append(card)
        employed = self._get_employed(people)
        manual = self._get_manual_lines(people)
        everybody = employed | employed.browse([*cards, *manual])
        paid, schemes = self._get_paid_people(everybody, cards)
        month = PayMonth(self, everybody, cards, seal or fields.Datetime.now(), outlook)
        # by the last scheme of the month, whose guard holds for them too
        month.manual = {(key, scheme.id): manual.pop(key) for key, scheme in schemes.items() if key in manual}
        lines = dict(manual)
        for scheme, persons in paid.items():
            for employee_id, rows in scheme._get_lines(month, persons).items():
                lines.setdefault(employee_id, []).extend(rows)
        here = {employee_id for employee_id, rows in cards.items() if rows[-1].day >= self.date_from}
        here |= {employee_id for employee_id, rows in lines.items() if rows} | (
            schemes.keys() & set(employed.ids)
        )
        corrected = self._get_corrections(month.seal, people, changed)
        schemes |= self._get_corrected_schemes(corrected, here)
        here |= corrected.keys()
        for employee_id, rows in corrected.items():
            lines.setdefault(employee_id, []).extend(rows)
        statements = [
            self._prepare_statement(
                month,
                employee,
                schemes.get(employee.id),
                cards.get(employee.id, []),
                lines.get(employee.id, []),
            )
            for employee in employed.browse(here).sorted(lambda employee: (employee.name or "", employee.id))
        ]
        for values in statements:
            values["fingerprint"] = self._get_fingerprint(values)
        return statements

    def _get_paid_people(self, employees, cards):
        """Who is paid by which scheme, for which cards. A card is paid by the scheme in force on its last day.

        :param cards: `{employee id: [Card]}`
        :return: `({scheme: {employee id: Person}}, {employee id: the last scheme in force in the month})`
        """
        paid, schemes = {}, {}
        langs = {employee.id: self._get_lang(employee) for employee in employees}
        teams = {employee_id: rows[-1].team_id for employee_id, rows in cards.items() if rows[-1].team_id}
        bounds = payout.run_span(self.date_from)
        spans = self.env["discipline.scheme"]._get_spans(self.company_id, employees, teams, *bounds)
        for start, stop, in_force in spans:
            for employee_id, scheme in in_force.items():
                people = paid.setdefault(scheme, {})
                if employee_id not in people:
                    people[employee_id] = Person(employees.browse(employee_id), langs[employee_id])
                people[employee_id].spans.append((start, stop))
                people[employee_id].cards += [
                    card for card in cards.get(employee_id, ()) if start <= card.day <= stop
                ]
                if stop >= self.date_from:
                    schemes[employee_id] = scheme
        return paid, schemes

    def _prepare_statement(self, month, employee, scheme, cards, lines):
        amounts = [line["amount"] for line in lines]
        earned = [line["amount"] for line in lines if line["kind"] not in ("limit", "manual", "correction")]
        used_ids = {card_id for line in lines for card_id in line["scorecard_ids"]}
        used = [card for card in cards if card.id in used_ids]
        rounding = self.currency_id.round
        return {
            "payroll_id": self.id,
            "employee_id": employee.id,
            "name": employee.name,
            "user_id": employee.user_id.id,
            "team_id": cards[-1].team_id if cards else employee.user_id.sale_team_id.id,
            "department_name": employee.department_id.name,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "scheme_id": scheme and scheme.id,
            "days": sum(card.period == "day" for card in used),
            "points": payout.total_points(card.points for card in used),
            "bonus": payout.total_money((amount for amount in earned if amount > 0), rounding),
            "fine": payout.total_money((amount for amount in earned if amount < 0), rounding),
            "correction": payout.total_money(
                (line["amount"] for line in lines if line["kind"] == "limit"), rounding
            ),
            "manual": payout.total_money(
                (line["amount"] for line in lines if line["kind"] == "manual"), rounding
            ),
            "corrected": payout.total_money(
                (line["amount"] for line in lines if line["kind"] == "correction"), rounding
            ),
            "total": payout.total_money(amounts, rounding),
            "inputs": self._prepare_inputs(month, employee.id, cards, lines),
            "lines": lines,
        }

    def _prepare_inputs(self, month, employee_id, cards, lines):
        """Every number used: the cards read, and the rates and limits of the components and schemes, as they were."""
        used = {
            line["component_id"] for line in lines if line["component_id"] and line["kind"] != "correction"
        }
        components = [
            month.get_rule(component) for component in self.env["discipline.component"].browse(sorted(used))
        ]
        # also of schemes that came to nothing but a limit: what is found later is held against it
        guards = month.guards[employee_id]
        schemes = self.env["discipline.scheme"].browse(
            sorted({rule["scheme"] for rule in components} | guards.keys())
        )
        return {
            "cards": [
                [card.id, card.day.isoformat(), card.period, card.points, card.efficiency] for card in cards
            ],
            "components": components,
            "schemes": [{**month.get_rule(scheme), **guards.get(scheme.id, {})} for scheme in schemes],
            "currency": self.currency_id.name,
        }

    @api.model
    def _get_fingerprint(self, values) -> str:
        """A hash of the values of a statement or of anything else: equal if and only if they are."""
        return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
