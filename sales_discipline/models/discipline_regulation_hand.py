from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from .discipline_regulation_run import BATCH, OWNERS
from .sql_rows import sql_rows


class DisciplineRegulationStep(models.Model):
    """A to-do goes to somebody else: with its activity, or with the document when that gets another salesperson.

    Until it is due, whoever has it by now answers for it. What was missed stays with whoever missed it, whoever does it.
    """

    _inherit = "discipline.regulation.step"

    owner_id = fields.Many2one(
        "res.users",
        "Salesperson",
        readonly=True,
        ondelete="set null",
        help="Of the document, when it was looked at last.",
    )

    def _hand_over(self, user_id: int | None, now: datetime) -> None:
        """Whoever has the activity by now answers for what is not due yet.

        :param now: naive UTC
        """
        ahead = self.filtered(
            lambda step: step.state == "open" and step.due_at > now and step.user_id.id != user_id
        )
        if ahead and user_id:
            self._set_users([(step.id, user_id) for step in ahead])

    @api.model
    def _set_users(self, pairs: list[tuple]) -> None:
        """Set who answers for the to-dos, and the team that they are in: `(id, user_id)`."""
        self.flush_model()
        self.env["crm.team"].flush_model()
        self.env["crm.team.member"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_regulation_step s SET user_id = v.user_id, team_id = COALESCE(%s, s.team_id)"
                " FROM %s WHERE v.id = s.id",
                self.env["discipline.fact"]._sql_team_of(SQL("v.user_id")),
                sql_rows(self, ("id", "user_id"), pairs),
            )
        )
        self.invalidate_model(["user_id", "team_id"])

    @api.model
    def _follow(self) -> bool:
        """Open to-dos of the salesperson go with the document to the next one; return whether there may be more."""
        self.flush_model()
        self.env["mail.activity"].flush_model()
        found = [row for model in OWNERS for row in self.env.execute_query(self._sql_followed(model))]
        if not found:
            return False
        columns = ("id", "owner_id")
        self.env.cr.execute(
            SQL(
                "UPDATE discipline_regulation_step s SET owner_id = v.owner_id FROM %s WHERE v.id = s.id",
                sql_rows(self, columns, [row[:2] for row in found]),
            )
        )
        self.invalidate_model(["owner_id"])
        by_user = {}
        for step_id, user_id, moves in found:
            if moves:
                by_user.setdefault(user_id, []).append(step_id)
        for user_id, ids in by_user.items():
            self.browse(ids).activity_id.write({"user_id": user_id})
        return len(found) >= BATCH

    @api.model
    def _sql_followed(self, model: str) -> SQL:
        """SELECT of (id, salesperson, whether the to-do goes along): open ones whose document has another salesperson than
        when it was looked at last. One that somebody else than the salesperson of then does stays where it is, unless
        there was none."""
        table, user = OWNERS[model][:2]
        self.env[model].flush_model()
        return SQL(
            """
            SELECT s.id, u.id, t.responsible_type = 'salesperson' AND (s.owner_id IS NULL OR a.user_id = s.owner_id)
              FROM discipline_regulation_step s
              JOIN mail_activity a ON a.id = s.activity_id
              JOIN mail_activity_plan_template t ON t.id = s.template_id
              JOIN %(table)s d ON d.id = s.res_id
              JOIN res_users u ON u.id = %(user)s AND u.active
             WHERE s.state = 'open' AND s.res_model = %(model)s AND u.id IS DISTINCT FROM s.owner_id
             ORDER BY s.id LIMIT %(batch)s
            """,
            table=SQL.identifier(table),
            user=SQL(user),
            model=model,
            batch=BATCH,
        )
