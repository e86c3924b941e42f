from odoo import api, fields, models

from ..tools import scoring

CLAIMS = [("up", "More than measured"), ("flat", "As measured"), ("down", "Less than measured")]


class DisciplineScorecard(models.Model):
    """The person's own report on a scorecard: their numbers, stated before the deadline, beside what was measured."""

    _inherit = "discipline.scorecard"

    ask_report = fields.Boolean(
        "Asks for a Report", readonly=True, help="The plan asked for it when this scorecard was opened."
    )
    submitted_at = fields.Datetime(
        "Reported on", readonly=True, help="When the person first stated their own numbers."
    )
    report_comment = fields.Text("Comment of the Person", readonly=True)
    report_state = fields.Selection(
        [("none", "Not asked"), ("due", "Due"), ("done", "Reported"), ("missing", "No report")],
        "Own Report",
        compute="_compute_report_state",
        search="_search_report_state",
    )

    @api.depends("ask_report", "submitted_at", "state")
    def _compute_report_state(self):
        for card in self:
            if card.submitted_at:
                card.report_state = "done"
            elif not card.ask_report:
                card.report_state = "none"
            else:
                card.report_state = "missing" if card.state == "frozen" else "due"

    def _search_report_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "none": [("ask_report", "=", False), ("submitted_at", "=", False)],
            "due": [("ask_report", "=", True), ("submitted_at", "=", False), ("state", "=", "open")],
            "missing": [("ask_report", "=", True), ("submitted_at", "=", False), ("state", "=", "frozen")],
            "done": [("submitted_at", "!=", False)],
        }
        return fields.Domain.OR([domains[key] for key in value if key in domains])


class DisciplineScorecardLine(models.Model):
    _inherit = "discipline.scorecard.line"

    claimed = fields.Float("Stated", readonly=True, help="What the person reported; empty if they did not.")
    claim_gap = fields.Float(
        "Stated above Fact",
        compute="_compute_claim",
        help="What the person reported less the fact with its adjustment.",
    )
    claim = fields.Selection([*CLAIMS, ("none", "Not stated")], "Own Report", compute="_compute_claim")

    @api.depends("claimed", "actual", "adjustment")
    def _compute_claim(self):
        """Read in SQL: a Float says zero where there is nothing."""
        self.flush_recordset(["claimed", "actual", "adjustment"])
        self.env.cr.execute(
            "SELECT id, claimed, actual + COALESCE(adjustment, 0) FROM discipline_scorecard_line WHERE id = ANY(%s)",
            [self.ids],
        )
        known = {line_id: values for line_id, *values in self.env.cr.fetchall()}
        for line in self:
            claimed, counted = known.get(line.id, (None, None))
            line.claim = scoring.trend(claimed, counted)
            line.claim_gap = 0.0 if None in (claimed, counted) else claimed - counted
