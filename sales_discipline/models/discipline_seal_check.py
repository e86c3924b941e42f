from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from .discipline_seal import DIGESTED

SHOWN = 100  # findings: more than anybody reads; how many there are is said beside them


class DisciplineSeal(models.Model):
    """What a check of the seals says, in words."""

    _inherit = "discipline.seal"

    @api.model
    def _get_people(self, company, users=None):
        """Everybody of the company, or those of these users, who has a card or a seal, as employees."""
        query = SQL(
            """
            SELECT e.id FROM hr_employee e
             WHERE e.company_id = %s AND (%s OR e.user_id = ANY(%s))
               AND (EXISTS (SELECT 1 FROM discipline_scorecard c WHERE c.employee_id = e.id)
                    OR EXISTS (SELECT 1 FROM discipline_seal s WHERE s.employee_id = e.id))
             ORDER BY e.id
            """,
            company.id,
            not users,
            (users or self.env["res.users"]).ids,
        )
        self.env["hr.employee"].flush_model(["company_id", "user_id"])
        found = self.env["hr.employee"].sudo().with_context(active_test=False)
        return found.browse([row[0] for row in self.env.execute_query(query)])

    @api.model
    def _get_text(self, result: dict) -> str:
        """A sentence on what `_verify` returned; it names the first card that is not what was sealed."""
        if result["findings"]:
            return self.env._(
                "Findings: %(count)s. The first one: %(first)s",
                count=len(result["findings"]),
                first=self._get_finding_text(result["findings"][0]),
            )
        if not result["cards"]:
            return self.env._("There are no frozen scorecards to verify.")
        return self.env._(
            "All is as it was sealed: %(cards)s frozen scorecards of %(people)s people.",
            cards=result["cards"],
            people=result["people"],
        )

    @api.model
    def _get_finding_text(self, finding: dict) -> str:
        """Whose card of which day it is, and what is wrong with it."""
        name = self.env["hr.employee"].sudo().browse(finding["employee_id"]).name
        day = format_date(self.env, finding["date"]) if finding["date"] else self.env._("all of them")
        return f"{name}, {day}: {self._get_fault_text(finding)}"

    @api.model
    def _get_fault_text(self, finding: dict) -> str:
        """What is wrong with the card of a finding."""
        if finding["kind"] == "deleted":
            return self.env._("the scorecard was deleted; only its seal is left.")
        if finding["kind"] == "unsealed":
            return self.env._("the scorecard was put in: there is no seal of it.")
        if finding["kind"] == "chain":
            return self.env._("from here on, seals were changed, taken away or put in.")
        texts = [self._get_difference_text(change) for change in finding["differences"]]
        return "; ".join(texts) or self.env._("it is not what was sealed.")

    @api.model
    def _get_difference_text(self, change) -> str:
        """Which number is another one, and what it was."""
        model = self.env["discipline.scorecard" if change.line_id is None else "discipline.scorecard.line"]
        metric = self.env["discipline.metric"].sudo().browse(change.metric_id or 0).exists().name or ""
        if change.line_id and change.name == "id":
            if change.stored is None:
                return self.env._("the indicator “%(metric)s” was deleted", metric=metric)
            return self.env._("the indicator “%(metric)s” was put in", metric=metric)
        label = model._fields[change.name]._description_string(self.env)
        label = f"“{metric}”, {label}" if metric else label
        if change.name in DIGESTED:
            return self.env._("%(label)s: not those that were sealed", label=label)
        sealed, stored = (self._format_value(value) for value in (change.sealed, change.stored))
        return self.env._(
            "%(label)s: %(sealed)s was sealed, %(stored)s is stored",
            label=label,
            sealed=sealed,
            stored=stored,
        )

    @api.model
    def _format_value(self, value) -> str:
        if value is None:
            return "–"
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


class DisciplineSealCheck(models.TransientModel):
    """Asks which frozen scorecards to verify, and shows what came of it."""

    _name = "discipline.seal.check"
    _description = "Verification of Scorecards"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    user_ids = fields.Many2many(
        "res.users", string="Salespeople", help="Everybody who was ever scored if empty."
    )
    date_from = fields.Date("From", help="Of any day if empty.")
    date_to = fields.Date("Until")
    state = fields.Selection(
        [("draft", "To verify"), ("good", "As sealed"), ("bad", "Altered")], default="draft", readonly=True
    )
    result = fields.Char(readonly=True)
    line_ids = fields.One2many("discipline.seal.check.line", "check_id", "Findings", readonly=True)

    def action_verify(self):
        """Verify, and show this form again with the result."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("sales_discipline.group_manager"):
            raise AccessError(self.env._("Only managers of the discipline verify scorecards."))
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise UserError(self.env._("The field 'From' is later than the field 'Until'."))
        seals = self.env["discipline.seal"].sudo()
        people = seals._get_people(self.company_id, self.user_ids)
        found = seals._verify(people, self.date_from, self.date_to)
        rows = [
            {
                "check_id": self.id,
                "date": finding["date"],
                "name": people.browse(finding["employee_id"]).name,
                "scorecard_id": finding["scorecard_id"],
                "fault": seals._get_fault_text(finding),
            }
            for finding in found["findings"][:SHOWN]
        ]
        self.line_ids.sudo().unlink()
        self.env["discipline.seal.check.line"].sudo().create(rows)
        self.write({"state": "bad" if found["findings"] else "good", "result": seals._get_text(found)})
        return self._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verify Scorecards"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class DisciplineSealCheckLine(models.TransientModel):
    """One finding of a verification."""

    _name = "discipline.seal.check.line"
    _description = "Finding of a Verification"
    _order = "id"

    check_id = fields.Many2one("discipline.seal.check", required=True, readonly=True, ondelete="cascade")
    date = fields.Date(readonly=True)
    name = fields.Char("Salesperson", readonly=True)
    scorecard_id = fields.Many2one("discipline.scorecard", readonly=True, ondelete="cascade")
    fault = fields.Char("What Was Found", readonly=True)
