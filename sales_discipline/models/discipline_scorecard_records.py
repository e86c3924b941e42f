from odoo import api, fields, models
from odoo.exceptions import MissingError


class DisciplineScorecardLine(models.Model):
    """The records that a frozen line counted, where no ledger keeps what they were: the ids are kept with the line,
    and what has become of them since is said beside each."""

    _inherit = "discipline.scorecard.line"

    def _open_records(self, model, ids):
        """The records themselves while all of them are what was counted; else a list that says what is not."""
        action = super()._open_records(model, ids)
        if self.state != "frozen" or not ids:
            return action
        gone = set(ids) - set(self.env[model].sudo().browse(ids).exists().ids)
        changed = set(ids) - gone - set(self._count_again())
        if not gone and not changed:
            return action
        rows = [
            {
                "line_id": self.id,
                "res_model": model,
                "res_id": res_id,
                "since_state": "gone" if res_id in gone else "changed" if res_id in changed else "same",
            }
            for res_id in ids
        ]
        items = self.env["discipline.evidence.item"].sudo().create(rows)
        return {
            **action,
            "help": False,
            "res_model": items._name,
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("id", "in", items.ids)],
            "context": {"create": False},
        }

    def _count_again(self) -> tuple[int, ...]:
        """Ids that this line would count if its period were measured today, by the same people and deadline."""
        card = self.scorecard_id.sudo()
        return self.metric_id.sudo()._measure(self.sudo()._get_windows())[self.metric_id.id, card.id].ids


class DisciplineEvidenceItem(models.TransientModel):
    """A record that a frozen line counted, opened with what has become of it; whoever opened it sees it."""

    _name = "discipline.evidence.item"
    _description = "Record Counted"
    _order = "id"

    line_id = fields.Many2one("discipline.scorecard.line", required=True, readonly=True, ondelete="cascade")
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer("Record ID", readonly=True, aggregator=None)
    name = fields.Char("Record", compute="_compute_name", compute_sudo=False)
    since_state = fields.Selection(
        [("same", "As counted"), ("changed", "Would no longer be counted"), ("gone", "Deleted since")],
        "Since Then",
        readonly=True,
    )

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_name(self):
        """By the reader's own rights."""
        for model, items in self.grouped("res_model").items():
            records = self.env[model].with_context(active_test=False).browse(items.mapped("res_id")).exists()
            records = records.with_prefetch(records.ids)
            names = {}
            if records.has_access("read"):
                names = {record.id: record.display_name for record in records._filtered_access("read")}
            for item in items:
                item.name = names.get(item.res_id) or self.env._("No. %(id)s", id=item.res_id)

    def action_open(self):
        """Open the record, if it is there and the reader's to see."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        if not record.exists():
            raise MissingError(self.env._("This record was deleted after it had been counted."))
        record.check_access("read")
        return record.get_formview_action()
