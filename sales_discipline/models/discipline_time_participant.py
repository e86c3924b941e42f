from datetime import date, datetime

from odoo import api, fields, models

from ..tools.periods import DAY, local_to_utc
from ..tools.time_study import Person, summarize


class DisciplineTimeParticipant(models.Model):
    """Somebody who takes part in a time study: where they worked then, how long they are to work on each day, and how
    much of it, in their own opinion, is not selling. Written by the program alone."""

    _name = "discipline.time.participant"
    _description = "Participant of a Time Study"
    _order = "study_id desc, team_id, id"
    _rec_name = "employee_id"

    study_id = fields.Many2one(
        "discipline.time.study", "Time Study", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="study_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="study_id.state")
    employee_id = fields.Many2one(
        "hr.employee", "Person", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="restrict")
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="As of the start.",
    )
    department_id = fields.Many2one(
        "hr.department", readonly=True, ondelete="restrict", help="As of the start."
    )
    tz = fields.Char("Time Zone", required=True, readonly=True)
    schedule = fields.Json(readonly=True)  # {day: [minutes of work, its end in UTC]}
    planned_minutes = fields.Integer("Scheduled Minutes", readonly=True)
    estimate = fields.Float(
        "Estimated Non-Selling Time (%)",
        readonly=True,
        aggregator="avg",
        help="The person's own estimate, made before the first entry.",
    )
    estimated_at = fields.Datetime("Estimated on", readonly=True)
    entered_at = fields.Datetime("Last Entry on", readonly=True)
    entry_ids = fields.One2many("discipline.time.entry", "participant_id", readonly=True)
    entered_minutes = fields.Integer(compute="_compute_numbers", aggregator=None)
    planned_hours = fields.Float("Scheduled Hours", compute="_compute_numbers", aggregator=None)
    entered_hours = fields.Float(compute="_compute_numbers", aggregator=None)
    coverage = fields.Float("Entered (%)", compute="_compute_numbers", aggregator=None)
    nonselling_share = fields.Float("Non-Selling Time (%)", compute="_compute_numbers", aggregator=None)
    estimate_gap = fields.Float(
        "Above the Estimate (Points)",
        compute="_compute_numbers",
        aggregator=None,
        help="By how many points the share of non-selling time is above the person's own estimate.",
    )

    _once = models.Constraint("UNIQUE(study_id, employee_id)", "Nobody takes part in a study twice.")
    _estimate_range = models.Constraint(
        "CHECK (estimate BETWEEN 0 AND 100)", "An estimate is a percentage: from 0 to 100."
    )

    @api.depends("entry_ids.minutes", "entry_ids.active", "entry_ids.kind", "planned_minutes", "estimate")
    def _compute_numbers(self):
        minutes = self._get_minutes()
        for one in self:
            kinds = minutes.get(one._origin.id, {})
            estimate = one.estimate if one.estimated_at else None
            found = summarize([Person(one.id, kinds, one.planned_minutes, estimate)])
            one.entered_minutes = found.total
            one.planned_hours = one.planned_minutes / 60
            one.entered_hours = found.total / 60
            one.coverage = found.coverage or 0.0
            one.nonselling_share = found.share or 0.0
            one.estimate_gap = found.gap or 0.0

    def _get_idle(self):
        """Those who have never entered anything, removed or not."""
        entries = self.env["discipline.time.entry"].sudo().with_context(active_test=False)
        rows = entries._read_group([("participant_id", "in", self.ids)], ["participant_id"])
        return self - self.browse(one.id for [one] in rows)

    def _get_minutes(self, until: date | None = None) -> dict[int, dict[str, int]]:
        """Minutes entered by each of these people for the days up to that one, by kind: `{participant id: {kind:
        minutes}}`; those without an entry are left out."""
        domain = [("participant_id", "in", self.ids)] + ([("date", "<=", until)] if until else [])
        rows = (
            self.env["discipline.time.entry"]
            .sudo()
            ._read_group(domain, ["participant_id", "kind"], ["minutes:sum"])
        )
        result = {}
        for one, kind, minutes in rows:
            result.setdefault(one.id, {})[kind] = minutes
        return result

    # ------------------------------------------------------------
    # The schedule as it was known
    # ------------------------------------------------------------

    def _refresh_schedule(self):
        """Write down how long each is to work on each day, and until when."""
        for study, people in self.grouped("study_id").items():
            known = people.employee_id._get_discipline_workdays(study.date_from, study.date_to)
            rows = []
            for one in people:
                days = known[one.employee_id.id]
                schedule = {
                    str(day): [minutes, fields.Datetime.to_string(end)]
                    for day, (minutes, end) in sorted(days.items())
                }
                if schedule != (one.schedule or {}):
                    rows.append((one, schedule))
            for one, schedule in rows:
                one.write(
                    {
                        "schedule": schedule,
                        "planned_minutes": sum(minutes for minutes, _end in schedule.values()),
                    }
                )

    def _get_planned(self, until: date) -> int:
        """Minutes scheduled up to that day, inclusive."""
        return sum(minutes for day, (minutes, _end) in (self.schedule or {}).items() if day <= str(until))

    def _get_midnight(self, day: date) -> datetime:
        """The moment (naive UTC) at which that day of the person's ends."""
        return local_to_utc(day + DAY, 0, self.tz)

    def _get_day_end(self, day: date) -> datetime | None:
        """When the person's work ends on that day (naive UTC); None on a day off."""
        found = (self.schedule or {}).get(str(day))
        return fields.Datetime.to_datetime(found[1]) if found else None

    def _freeze_costs(self):
        """What an hour of each costs is nothing that this room knows of: see discipline_pay_time.py."""


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _prepare_time_participants(self, study) -> list[dict]:
        """Values of new participants of a study: their team and department as of now."""
        teams = self._get_discipline_teams()
        return [
            {
                "study_id": study.id,
                "employee_id": employee.id,
                "user_id": employee.user_id.id,
                "team_id": teams.get(employee.id, (False,))[0],
                "department_id": employee.department_id.id,
                "tz": employee._get_discipline_tz(),
            }
            for employee in self.sudo()
        ]
