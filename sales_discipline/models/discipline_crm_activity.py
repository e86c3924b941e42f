from odoo import api, fields, models
from odoo.tools import SQL, format_time


class MailActivity(models.Model):
    """Until when what is planned counts for today, on the activity itself."""

    _inherit = "mail.activity"

    discipline_hint = fields.Char("Scorecard", compute="_compute_discipline_hint")

    @api.depends("active", "user_id")
    @api.depends_context("lang")
    def _compute_discipline_hint(self):
        deadlines = self._get_discipline_deadlines(self.filtered("active").user_id.ids)
        now = fields.Datetime.now()
        for activity in self:
            moment, tz = deadlines.get(activity.user_id.id, (None, None)) if activity.active else (None, None)
            activity.discipline_hint = moment and self._get_discipline_hint(
                format_time(self.env, moment, tz=tz, time_format="short"), moment >= now
            )

    @api.model
    def _get_discipline_hint(self, time: str, is_open: bool) -> str:
        if is_open:
            return self.env._("Counts for today if it is done by %(time)s", time=time)
        return self.env._("Today was closed at %(time)s: done now, it is a late entry", time=time)

    @api.model
    def _get_discipline_deadlines(self, user_ids: list[int]) -> dict[int, tuple]:
        """By user id, when today's scorecard closes (UTC), and the time zone that today is in. It is no secret: it stands
        in the plan."""
        if not user_ids:
            return {}
        now = fields.Datetime.now()
        self.env["discipline.scorecard"].flush_model(
            ["user_id", "period", "date_from", "tz", "excused", "deadline"]
        )
        query = SQL(
            """
            SELECT DISTINCT ON (user_id) user_id, deadline, tz FROM discipline_scorecard
             WHERE user_id IN %(users)s AND period = 'day' AND excused IS NOT TRUE
               AND date_from BETWEEN %(now)s::date - 1 AND %(now)s::date + 1
               AND date_from = (%(now)s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE tz)::date
             ORDER BY user_id, trial, deadline DESC
            """,
            users=tuple(user_ids),
            now=now,
        )
        return {user_id: (deadline, tz) for user_id, deadline, tz in self.env.execute_query(query)}
