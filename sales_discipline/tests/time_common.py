from odoo import Command, fields
from odoo.tests import freeze_time

from .common import DisciplineCase


class TimeCase(DisciplineCase):
    """A time study of team North in the week of Monday, March 9th; it runs since the Friday before. Anna, Boris and
    their leader Lena take part, and Boris is in Tokyo. Everybody works eight hours, from 8 to 12 and from 13 to 17."""

    WEEK = ("2026-03-09", "2026-03-13")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.studies = cls.env["discipline.time.study"]
        cls.entries = cls.env["discipline.time.entry"]
        cls.people = cls.env["discipline.time.participant"]
        cls.selling, cls.claims, cls.travel = (
            cls.env.ref(f"sales_discipline.time_category_{name}") for name in ("calls", "claims", "travel")
        )
        cls.study = cls._make_study()

    @classmethod
    def _make_study(cls, user=None, teams=None, start="2026-03-06 12:00:00", **vals):
        """A study of these teams (North by default) by `user` (the manager by default), running since `start`."""
        base = {
            "name": "Where time goes",
            "company_id": cls.company.id,
            "date_from": cls.WEEK[0],
            "date_to": cls.WEEK[1],
            "ask_estimate": False,
            "team_ids": [Command.set((cls.north if teams is None else teams).ids)],
        }
        study = cls.studies.with_user(user or cls.mark).create({**base, **vals})
        if start:
            with freeze_time(start):
                study.action_start()
        return study.sudo()

    def _as(self, user, method, *args, at=DisciplineCase.NOW, **kwargs):
        """What a method of the page answers that user at that moment (naive UTC)."""
        with freeze_time(at):
            page = getattr(self.studies.with_user(user), method)(*args, **kwargs)
        self.env.flush_all()
        self.env.invalidate_all()
        return page

    def _add(self, user, category, minutes, day=False, at=DisciplineCase.NOW, **kwargs):
        return self._as(user, "add_time", category.id, minutes, day, at=at, **kwargs)

    def _part(self, employee, study=None):
        return (study or self.study).participant_ids.filtered(lambda one: one.employee_id == employee)

    def _own(self, employee, study=None):
        """What that person has entered: `[(date, category, minutes)]` in order."""
        entries = self.entries.search([("participant_id", "=", self._part(employee, study).id)], order="id")
        return [(str(entry.date), entry.category_id.name, entry.minutes) for entry in entries]

    def _at(self, moment):
        return fields.Datetime.to_datetime(moment)
