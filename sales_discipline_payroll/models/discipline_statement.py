from odoo import models

# The inputs of a payslip, a code for each kind of line: others' salary rules hold them, so they are forever.
CODES = {
    "base": "SD_BASE",
    "commission": "SD_COMMISSION",
    "kpi_bonus": "SD_KPI_BONUS",
    "points": "SD_POINTS",
    "grade": "SD_GRADE",
    "task": "SD_TASK",
    "manual": "SD_MANUAL",
    "limit": "SD_LIMIT",
    "correction": "SD_CORRECTION",
}
OTHER = "SD_OTHER"  # kinds that another addon brings, so that nothing gets lost
INPUTS = (*CODES.values(), OTHER)


class DisciplineStatement(models.Model):
    _inherit = "discipline.statement"

    def _get_payslip_code(self, kind):
        """The code of the input of a payslip that lines of this kind are added to."""
        return CODES.get(kind, OTHER)

    def _get_payslip_amounts(self):
        """What the inputs of a payslip come to that pays these statements, in one query: `{statement id: {code: amount}}`.
        The amounts of a statement add up to its total, since each line is rounded already."""
        amounts = {statement.id: {} for statement in self}
        rows = self.env["discipline.statement.line"]._read_group(
            [("statement_id", "in", self.ids)], ["statement_id", "kind"], ["amount:sum"]
        )
        for statement, kind, amount in rows:
            of_codes = amounts[statement.id]
            code = self._get_payslip_code(kind)
            of_codes[code] = statement.currency_id.round(of_codes.get(code, 0.0) + amount)
        return amounts
