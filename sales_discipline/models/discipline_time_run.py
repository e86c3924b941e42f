from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.periods import DAY, local_to_utc


class DisciplineTimeStudy(models.Model):
    """The course of a time study: who takes part, the start, the end."""

    _inherit = "discipline.time.study"

    def _check_may_run(self):
        self.check_access("write")
        for study in self:
            if not (self.env.su or study.can_edit):
                raise AccessError(
                    self.env._(
                        "“%(name)s” is started and closed by the one responsible, or by a manager.",
                        name=study.name,
                    )
                )

    def action_start(self):
        """Draft -> running: who takes part is written down and told."""
        self._check_may_run()
        for study in self:
            if study.state != "draft":
                raise UserError(self.env._("“%(name)s” has been started already.", name=study.name))
            kinds = set(study.category_ids.filtered("active").mapped("kind"))
            if "selling" not in kinds or len(kinds) < 2:
                raise UserError(
                    self.env._(
                        "“Categories” of “%(name)s”: choose at least one of selling and one of something else.",
                        name=study.name,
                    )
                )
            if study.date_to < fields.Date.context_today(study):
                raise UserError(
                    self.env._(
                        "“Last Day” of “%(name)s” (%(date)s) is over: nobody could enter anything.",
                        name=study.name,
                        date=format_date(self.env, study.date_to),
                    )
                )
        self._moving().write({"state": "running", "started_on": fields.Datetime.now()})
        for study in self:
            if not study._enroll():
                raise UserError(
                    self.env._(
                        "Nobody would take part in “%(name)s”: choose teams, jobs or employees with a user of their own"
                        " who work on these days.",
                        name=study.name,
                    )
                )

    def action_close(self):
        """Running -> closed, for good: timers that run are stopped, and what was entered is locked."""
        self._check_may_run()
        for study in self:
            if study.state != "running":
                raise UserError(self.env._("“%(name)s” does not run.", name=study.name))
        self._close(fields.Datetime.now())

    def _close(self, now: datetime):
        studies = self.sudo()
        studies.participant_ids._stop_timers(now)
        studies.participant_ids._refresh_schedule()
        studies.participant_ids._freeze_costs()
        studies._moving().write({"state": "closed", "closed_on": now})

    # ------------------------------------------------------------
    # Who takes part
    # ------------------------------------------------------------

    def _get_audience_employees(self):
        """Everybody for whom the study is, with a user: chosen people, or else jobs, or else teams, or else every member
        of a sales team."""
        self.ensure_one()
        study = self.sudo()
        people = study.env["hr.employee"].search(
            [
                ("company_id", "=", study.company_id.id),
                ("user_id", "!=", False),
                ("user_id.active", "=", True),
            ]
        )
        chosen = study._get_in_force(people, study.date_from, joined_by=study.date_to)
        return people.filtered(lambda person: person.id in chosen)

    def _enroll(self):
        """Write down who takes part: those for whom the study is and who work on its days. Who does no more, and has
        entered nothing, is taken out; those who are new are told.

        :return: the participants
        """
        participants = self.env["discipline.time.participant"].sudo()
        for study in self.sudo():
            employees = study._get_audience_employees()
            gone = study.participant_ids.filtered(lambda one: one.employee_id not in employees)  # noqa: B023
            gone._get_idle().unlink()
            fresh = employees - study.participant_ids.employee_id
            study._check_others(fresh)
            rows = fresh._prepare_time_participants(study)
            new = participants.create(rows)
            study.participant_ids._refresh_schedule()
            study._tell_participants(new)
            participants |= study.participant_ids
        return participants

    def _check_others(self, employees):
        """:raise UserError: if another study of the same people runs on the same days"""
        self.ensure_one()
        other = (
            self.env["discipline.time.participant"]
            .sudo()
            .search(
                [
                    ("employee_id", "in", employees.ids),
                    ("study_id", "!=", self.id),
                    ("study_id.state", "=", "running"),
                    ("study_id.date_from", "<=", self.date_to),
                    ("study_id.date_to", ">=", self.date_from),
                ],
                limit=1,
            )
        )
        if other:
            raise UserError(
                self.env._(
                    "%(person)s takes part in “%(name)s” on the same days: close it first, or choose other days.",
                    person=other.employee_id.name,
                    name=other.study_id.name,
                )
            )

    # ------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------

    def _get_closing(self) -> datetime:
        """When it closes by itself (naive UTC): so many days after its last one, in the company's time zone."""
        self.ensure_one()
        tz = self.company_id._get_discipline_tz()
        return local_to_utc(self.date_to + (1 + self.close_days) * DAY, 0, tz)

    @api.model
    def _cron_run(self):
        """Cut timers that were forgotten, and close studies that are over."""
        now = fields.Datetime.now()
        running = self.sudo().search([("state", "=", "running")])
        running.participant_ids._cut_timers(now)
        for study in running.filtered(lambda study: study._get_closing() <= now):
            study._close(now)
