from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.time_study import DAY_MINUTES


class DisciplineTimeEntry(models.Model):
    """So many minutes of somebody's day that went into something: entered, or stopped by a timer.

    What is corrected or removed is kept, archived, with the moment at which that happened: a scorecard that was closed
    before counts what there was then. Entries are written by the page (discipline_time_page.py) alone.
    """

    _name = "discipline.time.entry"
    _description = "Time Study Entry"
    _order = "date desc, id desc"
    _rec_name = "category_id"

    participant_id = fields.Many2one(
        "discipline.time.participant", required=True, readonly=True, index=True, ondelete="cascade"
    )
    study_id = fields.Many2one(
        related="participant_id.study_id", string="Time Study", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related="participant_id.company_id", store=True, precompute=True, index=True)
    employee_id = fields.Many2one(
        related="participant_id.employee_id", string="Person", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(related="participant_id.user_id", store=True, precompute=True)
    team_id = fields.Many2one(
        related="participant_id.team_id",
        string="Sales Team",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    category_id = fields.Many2one(
        "discipline.time.category", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="category_id.kind", store=True, precompute=True)
    date = fields.Date(required=True, readonly=True, help="The day it was where the person works.")
    minutes = fields.Integer(readonly=True)
    note = fields.Char(readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    started_at = fields.Datetime("Started at", readonly=True)
    stopped_at = fields.Datetime("Stopped at", readonly=True)
    is_cut = fields.Boolean(
        "Cut",
        readonly=True,
        help="The timer had been forgotten: what is counted ends with the working day.",
    )
    entered_at = fields.Datetime(
        "Entered on", readonly=True, help="When it was entered, stopped or corrected."
    )
    removed_at = fields.Datetime("Removed on", readonly=True, help="When it was removed or corrected.")
    active = fields.Boolean(default=True, readonly=True)

    _minutes_range = models.Constraint("CHECK (minutes BETWEEN 0 AND 1440)", "A day has 24 hours.")
    _stopped_after_start = models.Constraint(
        "CHECK (stopped_at >= started_at)", "A timer cannot stop before it starts."
    )
    _one_timer = models.UniqueIndex(
        "(user_id) WHERE started_at IS NOT NULL AND stopped_at IS NULL AND active",
        "Only one timer runs at a time.",
    )
    # what metrics look for
    _user_date_idx = models.Index("(user_id, date) INCLUDE (kind, minutes)")

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._check_open()
        return entries

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    def _check_open(self):
        for entry in self:
            if entry.study_id.state == "closed":
                raise UserError(
                    self.env._("“%(name)s” is closed: it stays as it is.", name=entry.study_id.name)
                )

    @api.constrains("minutes", "date", "active")
    def _check_day(self):
        """24 hours a day at most."""
        people, days = self.participant_id, set(self.mapped("date"))
        rows = self._read_group(
            [("participant_id", "in", people.ids), ("date", "in", list(days))],
            ["participant_id", "date:day"],
            ["minutes:sum"],
        )
        for _person, day, minutes in rows:
            if minutes > DAY_MINUTES:
                raise UserError(
                    self.env._(
                        "%(date)s has 24 hours, and %(hours)s would be entered: enter less, or remove something first.",
                        date=format_date(self.env, day),
                        hours=round(minutes / 60, 1),
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        for entry in self:
            entry.study_id._check_day(entry.date)

    def _revise(self, values: dict, now) -> None:
        """Correct an entry: it is removed, and another stands in its place. So what a scorecard has counted stays what
        it was."""
        self.ensure_one()
        self._remove(now)
        self.copy({**values, "is_cut": False, "entered_at": now, "removed_at": False, "active": True})

    def _remove(self, now) -> None:
        self.write({"active": False, "removed_at": now})

    def _restore(self, now) -> None:
        """Take back a removal: entered anew, as of now."""
        for entry in self:
            entry.copy({"active": True, "removed_at": False, "entered_at": now})
