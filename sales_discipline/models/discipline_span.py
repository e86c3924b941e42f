from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

EVER = datetime(1970, 1, 1)  # since when, if nobody knows


class DisciplineSpan(models.Model):
    """Closed spans of open items: who had what open, with which due date, from when until when.

    A stock such as 'overdue activities' is measured as of a moment in the past: a cron that runs hours late
    must give the number of the deadline. What is open now stands in Odoo's own tables, with `open_since` the
    moment since when its owner, due date and state hold. What changed since then stands here: before a record
    changes, is closed or deleted, the span that ends is written down. `[date_from, date_to)` is UTC, half-open.

    Technical and append-only: written by the hooks and the history, read by the engine.
    """

    _name = "discipline.span"
    _description = "Span of an Open Item"
    _order = "date_to desc, id desc"
    _rec_name = "res_id"
    _log_access = False

    kind = fields.Selection(
        [("activity", "Activity"), ("lead", "Lead"), ("opportunity", "Opportunity"), ("login", "Login")],
        required=True,
        help="A login is the user that an employee had.",
    )
    res_id = fields.Integer("Record ID", required=True, aggregator=None)
    lead_id = fields.Integer(
        "Opportunity ID", aggregator=None, help="Of an activity: the lead it is planned on."
    )
    user_id = fields.Many2one("res.users", ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    deadline = fields.Date("Due Date")
    filled = fields.Integer(
        aggregator=None, help="Of an opportunity: how many of the required fields were filled in."
    )
    required = fields.Integer(aggregator=None, help="How many fields its stage wanted to be filled in.")
    date_from = fields.Datetime(required=True)
    date_to = fields.Datetime(required=True)

    _as_of_idx = models.Index("(kind, date_to, date_from)")
    _lead_idx = models.Index("(lead_id, date_to) WHERE lead_id IS NOT NULL")

    def create(self, vals_list):
        """Refused for everybody: spans are written by `_append` alone."""
        raise AccessError(self.env._("Spans of open items are recorded by the system only."))

    def write(self, vals):
        """Refused for everybody."""
        raise AccessError(self.env._("Spans of open items are recorded by the system only."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Spans of open items are recorded by the system only."))

    @api.model
    def _check_stamps(self, records, names, vals_list) -> None:
        """Refuse stamps of `records` that come from outside. :raise UserError: naming the field"""
        for name in names:
            if any(name in vals for vals in vals_list):
                label = records._fields[name]._description_string(self.env)
                raise UserError(self.env._("The field '%(field)s' is stamped by the system.", field=label))

    def _append(self, rows: list[tuple]) -> None:
        """Write spans down in one statement.

        :param rows: tuples (kind, res_id, lead_id, user_id, company_id, deadline, filled, required, date_from,
            date_to); those that end when or before they begin are left out
        """
        if not self.env["discipline.fact"]._is_silent() and (query := self._sql_append(rows)):
            self.env.cr.execute(query)

    @api.model
    def _sql_append(self, rows) -> SQL | None:
        """That statement; None if there is nothing to write down."""
        rows = [row for row in rows if row[-2] < row[-1]]
        if not rows:
            return None
        return SQL(
            "INSERT INTO discipline_span"
            " (kind, res_id, lead_id, user_id, company_id, deadline, filled, required, date_from, date_to) VALUES %s",
            SQL(", ").join(SQL("%s", row) for row in rows),
        )
