from odoo import Command

from .freeze_common import FreezeCase


class AssessmentCase(FreezeCase):
    """A monthly plan with 'Quality', assessed by the leader of each team and by Carla of team South; closed two
    working days after the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = cls.env["discipline.metric"].create(
            {"name": "Quality", "code": "quality", "source": "assessment", "unit": "score"}
        )
        cls.tasks = cls.env["discipline.assessment"]
        cls.plan = cls._make_monthly()

    @classmethod
    def _make_monthly(cls, state="active", leader=True, **vals):
        line = {"metric_id": cls.quality.id, "target": 80.0, "assessed_by_leader": leader}
        base = {"name": "Monthly", "period": "month", "close_delay_days": 2, "team_ids": cls.north.ids}
        plan = cls._make_plan(("companies_added", 2.0), state="draft", **{**base, **vals})
        plan.write({"line_ids": [Command.create({**line, "assessor_ids": [Command.set(cls.carla.ids)]})]})
        if state == "active":
            plan.action_activate()
        return plan

    def _of(self, assessor=None, **domain):
        terms = [("plan_id", "=", self.plan.id)] + [(name, "=", value) for name, value in domain.items()]
        return self.tasks.search(terms + ([("assessor_id", "=", assessor.id)] if assessor else []))

    def _activities(self, user, active=True):
        domain = [
            ("res_model", "=", "discipline.plan"),
            ("res_id", "=", self.plan.id),
            ("user_id", "=", user.id),
        ]
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([*domain, ("active", "=", active)])
        )
