from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from odoo import models

from ..tools import corrections

CARD = "discipline.scorecard"


@dataclass(eq=False)
class PaidLine:
    """A line of a locked statement: what it paid with the corrections made since (`paid`), and what is known of it:
    the numbers, of the last correction if there is one, and until when they are known (naive UTC)."""

    id: int | None  # None for what the statement should have paid and has no line for: a task
    component_id: int
    kind: str
    name: str
    user_id: int | None
    first: date
    last: date
    amount: float
    inputs: dict
    card_ids: list[int]
    since: datetime
    paid: float = 0.0
    known: dict = field(default_factory=dict)
    now: dict | None = None  # the numbers as they are now; None if there is nothing that could have changed
    due: float = 0.0
    changes: list = field(default_factory=list)  # `(Change, cause)`: the documents behind it

    @property
    def is_as_paid(self) -> bool:
        """Whether a grade is the one that was paid: what it came to then needs no reckoning."""
        return self.kind == "grade" and self.now["held"] == self.inputs["held"]


@dataclass
class PaidStatement:
    """A locked statement that may have to be corrected, confirmed at `since` (naive UTC). `rules` and `schemes` are what it
    remembers of components and schemes by id, `cards` `{id: (points, efficiency)}`, `month_card_ids` those of the month,
    `corrected` the corrections made of limits by scheme id."""

    id: int
    employee_id: int
    month: date
    rules: dict[int, dict]
    schemes: dict[int, dict]
    cards: dict[int, tuple]
    month_card_ids: list[int]
    since: datetime
    lines: list[PaidLine] = field(default_factory=list)
    corrected: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    tasks: dict[int, tuple] = field(
        default_factory=dict
    )  # corrections of tasks without a line: `{id: (paid, inputs)}`

    @property
    def task_ids(self) -> set[int]:
        """The tasks that it has a line for."""
        return {line.inputs["task"] for line in self.lines if line.kind == "task"}

    def get_scheme_id(self, line: PaidLine) -> int | None:
        """The scheme that the line was paid by."""
        return self.rules[line.component_id].get("scheme")


class DisciplinePayroll(models.Model):
    """Corrections: what changed after a month was confirmed comes as signed lines of the next run.

    Lines are computed again from what their statements remember: rules, targets, wages, shares of the month as they
    were paid; only sales facts and scorecards are looked at anew (discipline_payroll_correction_now.py). What differs from
    what was paid, corrections included, is a correction, so a correction is itself corrected when its cause is taken back.
    Statements are found by what was entered since (discipline_payroll_correction_find.py): their number, not that of
    people, makes the work, and the number of SQL statements depends on neither.

    Limits: a correction settles what its month would have come to under the limits of that month, its floor, cap, guarantee
    and maximal reduction: they are held against the new amounts, and what they give or take then is a line of its own. The
    limits of the month that the correction is paid with are for what that month has earned, and leave corrections alone:
    so no month, corrected, ever comes to less than it was guaranteed, and nothing is counted by two limits.
    """

    _inherit = "discipline.payroll"

    def _get_corrections(self, seal, people=None, changed=None) -> dict[int, list[dict]]:
        """The values of the correction lines of this run.

        :param seal: naive UTC; sales facts count if they had been entered by then
        :param people: ids of the employees who are looked at; everybody if not given
        :param changed: what `_find_changed_statements` said; found now if not given
        :return: `{employee id: [values of discipline.statement.line]}`, only of people with any; amounts are rounded
        """
        self.ensure_one()
        statements = self._read_paid_statements(self._get_corrected_runs(), people, changed)
        self._read_volumes_now(statements, seal)
        self._read_cards_now(statements)
        self._read_waivers_now(statements, seal)
        self._read_grades_now(statements)
        self._read_tasks_now(statements, seal)
        for statement in statements:
            for line in statement.lines:
                line.due = self._get_due(statement, line)
        self._browse_cards(statements)
        found = {}
        employees = self.env["hr.employee"].browse({statement.employee_id for statement in statements})
        langs = {employee.id: self._get_lang(employee) for employee in employees}
        for statement in statements:
            run = self.with_context(lang=langs[statement.employee_id])
            if rows := run._prepare_corrections(statement):
                found.setdefault(statement.employee_id, []).extend(rows)
        return found

    def _get_due(self, statement, line) -> float:
        """What a line comes to by the numbers of now."""
        if line.now is None:
            return line.paid
        if line.is_as_paid:
            return line.amount
        return corrections.due(
            line.kind, statement.rules[line.component_id], line.now, self.currency_id.round
        )

    def _get_corrected_schemes(self, corrected, here):
        """`{employee id: scheme}` of people who are in this run for corrections alone: the scheme that had paid them.

        :param corrected: see `_get_corrections`
        :param here: ids of the employees who are in the run anyway
        """
        paid = {key: rows[-1]["corrects_statement_id"] for key, rows in corrected.items() if key not in here}
        statements = self.env["discipline.statement"].browse(paid.values())
        return dict(zip(paid, (statement.scheme_id for statement in statements), strict=True))

    # ------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------

    def _prepare_corrections(self, statement) -> list[dict]:
        """The lines that correct one statement, in the language of the context."""
        rows = [
            self._prepare_correction(statement, line, amount)
            for line in statement.lines
            if (amount := self.currency_id.round(line.due - line.paid))
        ]
        for scheme_id, rule in statement.schemes.items():
            lines = [line for line in statement.lines if statement.get_scheme_id(line) == scheme_id]
            before = corrections.limits((line.amount for line in lines), rule, self.currency_id.round)
            after = corrections.limits((line.due for line in lines), rule, self.currency_id.round)
            paid = self.currency_id.round(before + statement.corrected[scheme_id])
            if self.currency_id.round(after - paid):
                rows.append(self._prepare_limit_correction(statement, rule, paid, after))
        return rows

    def _prepare_correction(self, statement, line, amount):
        """What corrects one line: by `amount`."""
        component = self.env["discipline.component"].browse(line.component_id)
        documents = self._prepare_changes(line)
        causes = {cause for *_document, cause in documents} or {"changed"}
        return {
            "component_id": line.component_id,
            "name": self.env._("Correction: %(name)s", name=line.name),
            "kind": "correction",
            "date_from": line.first,
            "date_to": line.last,
            "base": 0.0,
            "rate": 0.0,
            "amount": amount,
            "limit": None,
            "tier_id": None,
            "explanation": component._explain_correction(statement, line, documents),
            "next_step": None,
            "scorecard_ids": [key for model, key, *_rest in documents if model == CARD],
            "inputs": {**line.now, "due": line.due, "paid": line.paid, "changes": documents},
            "corrects_statement_id": statement.id,
            "corrects_line_id": line.id,
            "corrected_month": statement.month,
            "cause": causes.pop() if len(causes) == 1 else "several",
            "res_model": documents[0][0] if documents else None,
            "res_id": documents[0][1] if documents else None,
        }

    def _prepare_changes(self, line) -> list[list]:
        """The documents that made a line another, `[[model, id, name, before, after, cause]]`: the largest change first.
        Scorecards are named in the language of the context; of them, before and after are points or an efficiency."""
        names = {}
        if ids := [change.key[1] for change, _cause in line.changes if change.key[0] == CARD]:
            cards = self.env["discipline.scorecard"].browse(ids)
            names = {card.id: card.display_name for card in cards}
        return [
            [*change.key, change.name or names.get(change.key[1], ""), change.before, change.after, cause]
            for change, cause in line.changes
        ]

    def _browse_cards(self, statements):
        """Read the scorecards that corrections will name, all at once."""
        ids = {
            change.key[1]
            for statement in statements
            for line in statement.lines
            for change, _cause in line.changes
            if change.key[0] == CARD
        }
        self.env["discipline.scorecard"].browse(ids).mapped("employee_id.name")

    def _prepare_limit_correction(self, statement, rule, paid, after):
        """What corrects the floor, the cap and the guard of a scheme, after what they were held against has changed."""
        scheme = self.env["discipline.scheme"].browse(rule["id"])
        return {
            "component_id": False,
            "name": self.env._("Correction: %(name)s", name=self.env._("Limit of the scheme")),
            "kind": "correction",
            "date_from": False,
            "date_to": False,
            "base": 0.0,
            "rate": 0.0,
            "amount": self.currency_id.round(after - paid),
            "limit": None,
            "tier_id": None,
            "explanation": self.env._(
                "%(month)s, limits of “%(scheme)s” after the corrections: %(after)s instead of %(before)s",
                month=self._format_month(statement.month),
                scheme=rule["name"],
                after=scheme._format_money(after),
                before=scheme._format_money(paid),
            ),
            "next_step": None,
            "scorecard_ids": [],
            "inputs": {"scheme": rule["id"], "due": after, "paid": paid},
            "corrects_statement_id": statement.id,
            "corrects_line_id": None,
            "corrected_month": statement.month,
            "cause": "limit",
            "res_model": None,
            "res_id": None,
        }
