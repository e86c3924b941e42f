from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .discipline_regulation_run import BATCH


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    discipline_when = fields.Selection(
        [("event", "At the event"), ("missed", "Once the step before is missed")],
        "Scheduled",
        default="event",
        required=True,
        help="A step that is scheduled once the one before is due and not done hands the matter on: to the leader, say. It is"
        " counted from that moment, and over when the one before is done after all.",
    )


class DisciplineRegulation(models.Model):
    """Escalation: where a step is not done by the moment that it is due, the next one follows from that."""

    _inherit = "discipline.regulation"

    @api.constrains("template_ids")
    def _check_escalation(self):
        for regulation in self:
            first = regulation.template_ids.sorted(lambda one: (one.sequence, one.id))[:1]
            if first.discipline_when == "missed":
                raise ValidationError(
                    self.env._(
                        "“%(step)s” is the first step of “%(rule)s”: there is none before it that could be missed.",
                        step=first._get_title(),
                        rule=regulation.name,
                    )
                )

    def action_start(self):
        self.sudo()._check_escalation()
        return super().action_start()

    def _get_escalations(self) -> dict:
        """`{step: the one that follows once it is missed}`, of the templates."""
        self.ensure_one()
        templates = self.template_ids.sorted(lambda one: (one.sequence, one.id))
        pairs = zip(templates, templates[1:], strict=False)
        return {before: after for before, after in pairs if after.discipline_when == "missed"}

    def _escalate(self, now: datetime) -> bool:
        """Schedule what follows from steps that are due and not done; return whether there may be more."""
        self.ensure_one()
        more = False
        for before, after in self._get_escalations().items():
            rows = self.env.execute_query_dict(self._sql_missed(before, after, now))
            if rows:
                steps = self._insert_steps(self._prepare_steps(rows, after))
                steps._schedule_activities(now)
            more = more or len(rows) == BATCH
        return more

    def _sql_missed(self, before, after, now: datetime) -> SQL:
        """Steps of the first template that are missed and not handed on yet, as `_sql_new_events` selects events."""
        for model in ("discipline.regulation.step", "res.users", "crm.team", "res.partner"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT s.res_id, s.event, s.due_at AS moment, NULL::date AS base, u.id AS user_id, s.company_id, s.team_id,
                   l.id AS leader_id, COALESCE(NULLIF(r.lang, ''), 'en_US') AS lang, s.res_name, s.partner_id,
                   s.id AS missed_id
              FROM discipline_regulation_step s
              LEFT JOIN res_users u ON u.id = s.owner_id AND u.active
              LEFT JOIN crm_team t ON t.id = s.team_id
              LEFT JOIN res_users l ON l.id = t.user_id AND l.active
              LEFT JOIN res_partner r ON r.id = COALESCE(l.partner_id, u.partner_id)
             WHERE s.regulation_id = %(id)s AND s.template_id = %(before)s AND s.state = 'open' AND s.due_at <= %(now)s
               AND NOT EXISTS (SELECT FROM discipline_regulation_step n WHERE n.regulation_id = s.regulation_id
                                  AND n.res_id = s.res_id AND n.event = s.event AND n.template_id = %(after)s)
             ORDER BY s.due_at, s.id LIMIT %(batch)s
            """,
            id=self.id,
            before=before.id,
            after=after.id,
            now=now,
            batch=BATCH,
        )


class DisciplineRegulationStep(models.Model):
    _inherit = "discipline.regulation.step"

    missed_id = fields.Many2one(
        "discipline.regulation.step",
        "Missed before",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The step that was not done in time, so that this one followed.",
    )
