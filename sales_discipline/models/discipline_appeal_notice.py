from markupsafe import Markup

from odoo import fields, models


class DisciplineAppeal(models.Model):
    """Who is told: the leader by an activity when one is handed in, the person by a message when it is decided."""

    _inherit = "discipline.appeal"

    def _get_decider(self):
        """The leader of the team as of then; without one, or if it is their own scorecard, a manager of the company."""
        self.ensure_one()
        card = self.scorecard_id
        leader = card.team_id.user_id
        managers = self.env.ref("sales_discipline.group_manager").sudo().all_user_ids.sorted("id")
        return next(
            (
                user
                for user in (*leader, *managers)
                if user.active
                and not user.share
                and user != self.env.ref("base.user_root")
                and self.company_id in user.company_ids
                and not card._is_about(user)
            ),
            self.env["res.users"],
        )

    def _ask_leader(self) -> None:
        """An activity for whoever decides, in their language; done by itself when it is decided."""
        decider = self._get_decider()
        if not decider:
            return
        me = self.with_context(lang=decider.lang, mail_notify_force_send=False)
        summary = me.env._(
            "Appeal of %(person)s: %(what)s", person=me.employee_id.name, what=me._get_subject()
        )
        me.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.context_today(me.with_user(decider)),
            summary=summary,
            note=me.text,
            user_id=decider.id,
        )

    def _get_subject(self) -> str:
        """'Calls, 10 March 2026', in the language at hand."""
        what = self.metric_id.name or self.env._("whole scorecard")
        return f"{what}, {self._format_day()}"

    def _tell_person(self) -> None:
        """One message, into the inbox or by mail as the person likes it, in their language."""
        if not self.user_id.active:
            return
        me = self.with_context(lang=self.user_id.lang, mail_notify_force_send=False)
        if me.state == "refused":
            subject, result = me.env._("Your appeal was refused"), ""
        else:
            subject = me.env._("Your appeal was granted")
            result = (
                me.env._("The scorecard is excused: it counts for nothing.")
                if me.excused
                else me.env._("Added to the fact: %(amount)s", amount=me._format_number(me.granted))
            )
        body = Markup("<p><b>%s</b></p><p>%s</p><p>%s</p><p><a href='%s'>%s</a></p>") % (
            me._get_subject(),
            result,
            me.answer,
            f"{me.get_base_url()}/odoo/appeals/{me.id}",
            me.env._("Open it"),
        )
        me.env["mail.thread"].message_notify(
            partner_ids=me.user_id.partner_id.ids,
            author_id=me.decided_by_id.partner_id.id,
            subject=subject,
            body=body,
            force_email_lang=me.env.lang,
        )
