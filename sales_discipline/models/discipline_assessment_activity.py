from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tools.periods import DAY, local_date

MORNING = timedelta(hours=8)  # reminders are sent from eight in the morning on


class DisciplineAssessment(models.Model):
    """How experts are told what they have to assess: one activity per expert and period of a plan, done by itself
    when all is scored, and reminders."""

    _inherit = "discipline.assessment"

    activity_id = fields.Many2one("mail.activity", readonly=True, copy=False, ondelete="set null")
    reminded_on = fields.Date(
        readonly=True, copy=False, help="Day on which the expert was last told; nobody is told twice a day."
    )

    _activity_idx = models.Index("(activity_id) WHERE activity_id IS NOT NULL")

    def write(self, vals):
        res = super().write(vals)
        if {"score", "state"}.intersection(vals):
            self._finish_activities()
        return res

    def _finish_activities(self) -> None:
        """Whoever has scored all that an activity asked for is done with it."""
        asked = self.sudo().filtered(lambda one: one._is_asked_by(one.activity_id))
        activities = asked.activity_id.filtered("active")
        if activities:
            pending = self.sudo().search([("activity_id", "in", activities.ids), ("state", "=", "pending")])
            activities -= pending.activity_id
            if activities:
                activities.action_feedback()

    def _is_asked_by(self, activity) -> bool:
        """Whether the activity is the task of this one's expert on its plan, and nothing else of anybody's."""
        self.ensure_one()
        kind = (activity.activity_type_id.id, activity.res_model, activity.res_id, activity.user_id)
        return kind == (self._get_activity_type(), "discipline.plan", self.plan_id.id, self.assessor_id)

    @api.model
    def _get_activity_type(self):
        """Id of the type that the tasks have; False if somebody has deleted it."""
        kind = self.env.ref("sales_discipline.activity_type_assessment", raise_if_not_found=False)
        return kind.id if kind else False

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _get_pending(self, now: datetime, condition: SQL) -> list[dict]:
        """What each expert has yet to score in each period of a plan, where `condition` (on the activity `t` and the
        assessment `a`) holds: dicts of plan_id, assessor_id, date_from, date_to, due_date, reminded_on, ids."""
        self.flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT a.plan_id, a.assessor_id, a.date_from, MIN(a.date_to) AS date_to, MIN(a.due_date) AS due_date,
                       MAX(a.reminded_on) AS reminded_on, ARRAY_AGG(a.id ORDER BY a.id) AS ids
                  FROM discipline_assessment a
                  LEFT JOIN mail_activity t ON t.id = a.activity_id AND t.active
                 WHERE a.state = 'pending' AND a.plan_id IS NOT NULL AND %s
                   AND EXISTS (SELECT FROM discipline_scorecard c WHERE c.employee_id = a.employee_id
                       AND c.plan_id = a.plan_id AND c.date_from = a.date_from AND c.state = 'open' AND c.deadline > %s)
                 GROUP BY a.plan_id, a.assessor_id, a.date_from
                 ORDER BY a.plan_id, a.assessor_id, a.date_from
                """,
                condition,
                now,
            )
        )

    def _make_activities(self, now: datetime) -> None:
        """One activity per expert and period of a plan; who comes later joins it."""
        groups = self._get_pending(now, SQL("t.id IS NULL"))
        if not groups:
            return
        there = self._get_activities([(group["plan_id"], group["date_from"]) for group in groups])
        new = []
        for group in groups:
            assessments = self.browse(group["ids"])
            activity = there.get((group["plan_id"], group["assessor_id"], group["date_from"]))
            if activity:
                assessments.activity_id = activity
                activity.summary = self._get_summary(activity, group)
            else:
                new.append((group, assessments))
        values = [self._prepare_activity(group) for group, _assessments in new]
        activities = self.env["mail.activity"].with_context(mail_notify_force_send=False).create(values)
        for (group, assessments), activity in zip(new, activities, strict=True):
            today = local_date(now, activity.user_id._get_discipline_tz())
            assessments.write({"activity_id": activity.id, "reminded_on": group["reminded_on"] or today})

    def _get_activities(self, periods) -> dict:
        """The open activities of these (plan id, first day), by (plan id, user id, first day)."""
        domain = [("plan_id", "in", [plan for plan, _day in periods]), ("activity_id.active", "=", True)]
        domain += [("date_from", "in", [day for _plan, day in periods])]
        return {
            (one.plan_id.id, one.assessor_id.id, one.date_from): one.activity_id
            for one in self.search(domain)
        }

    def _prepare_activity(self, group: dict) -> dict:
        return {
            "activity_type_id": self._get_activity_type(),
            "res_model_id": self.env["ir.model"]._get_id("discipline.plan"),
            "res_id": group["plan_id"],
            "user_id": group["assessor_id"],
            "date_deadline": group["due_date"],
            "summary": self._get_summary(self.browse(), group),
        }

    def _get_summary(self, activity, group: dict) -> str:
        """'Assess 12 people for October 2026', in the expert's language."""
        assessments = self.browse(group["ids"])
        if activity:
            assessments |= self.search([("activity_id", "=", activity.id), ("state", "=", "pending")])
        people = assessments.employee_id.sudo()
        assessments = assessments.with_context(lang=assessments[:1].assessor_id.lang)
        period = assessments[:1]._get_period_label()
        if len(people) == 1:
            return assessments.env._("Assess %(name)s for %(period)s", name=people.name, period=period)
        return assessments.env._("Assess %(n)s people for %(period)s", n=len(people), period=period)

    def _get_period_label(self) -> str:
        """'October 2026', '5 – 11 October 2026' or a day, in the language at hand."""
        self.ensure_one()
        if self.plan_id.period == "month":
            return format_date(self.env, self.date_from, date_format="LLLL y")
        days = sorted({self.date_from, self.date_to})
        return " – ".join(format_date(self.env, day) for day in days)

    def _close_activities(self, now: datetime) -> None:
        """Take away the activities that nothing can be done about any more: the cards have closed."""
        self.flush_model()
        query = SQL(
            """
            SELECT t.id, BOOL_OR(a.state = 'pending') FROM mail_activity t
              JOIN discipline_assessment a ON a.activity_id = t.id AND a.plan_id = t.res_id AND a.assessor_id = t.user_id
             WHERE t.active AND t.res_model = 'discipline.plan' AND t.activity_type_id IS NOT DISTINCT FROM %s
             GROUP BY t.id
            HAVING NOT BOOL_OR(a.state = 'pending' AND EXISTS (
                   SELECT FROM discipline_scorecard c WHERE c.employee_id = a.employee_id AND c.plan_id = a.plan_id
                      AND c.date_from = a.date_from AND c.state = 'open' AND c.deadline > %s))
            """,
            self._get_activity_type() or None,
            now,
        )
        rows = self.env.execute_query(query)
        activities = self.env["mail.activity"]
        activities.browse([one for one, pending in rows if not pending]).action_feedback()
        activities.browse([one for one, pending in rows if pending]).unlink()

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    def _remind(self, now: datetime) -> None:
        """Tell experts what they have yet to score, on the working day before it is due and on the day itself."""
        for group in self._get_pending(now, SQL("t.id IS NOT NULL")):
            user = self.env["res.users"].browse(group["assessor_id"])
            today = local_date(now - MORNING, user._get_discipline_tz())
            day = self._get_reminder_day(group["due_date"], today)
            if day and (not group["reminded_on"] or group["reminded_on"] < day):
                assessments = self.browse(group["ids"])
                assessments._send_reminder(group)
                assessments.reminded_on = today

    @api.model
    def _get_reminder_day(self, due_date, today):
        """The last day on which a reminder was to be sent by `today`: the due date, or the working day before it;
        None if it is too early."""
        before = due_date - DAY
        while before.weekday() > 4:
            before -= DAY
        return next((day for day in (due_date, before) if day <= today), None)

    def _send_reminder(self, group: dict) -> None:
        """One message to one expert, into the inbox or by mail as they like it, in their language."""
        user = self[:1].assessor_id
        tasks = self.with_context(lang=user.lang, mail_notify_force_send=False)
        env, plan = tasks.env, tasks[:1].plan_id
        summary = tasks._get_summary(self.browse(), group)
        until = format_date(env, group["due_date"])
        body = Markup("<p>%s</p><p>%s</p><p><a href='%s'>%s</a></p>") % (
            env._("%(what)s: not scored yet.", what=summary),
            env._(
                "Scores count until %(date)s, %(hour)s o'clock; after that there is no data.",
                date=until,
                hour=_clock(plan.deadline_hour),
            ),
            f"{plan.get_base_url()}/odoo/my-assessments",
            env._("Assess now"),
        )
        plan.message_notify(
            partner_ids=user.partner_id.ids,
            subject=env._("%(what)s by %(date)s", what=summary, date=until),
            body=body,
            force_record_name=plan.display_name,
        )


def _clock(hour: float) -> str:
    """18.5 -> 18:30"""
    minutes = round(hour * 60)
    return f"{minutes // 60}:{minutes % 60:02}"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_discipline_tz(self) -> str:
        """Name of the time zone that the user's days are in."""
        self.ensure_one()
        return self.tz or self.company_id._get_discipline_tz()
