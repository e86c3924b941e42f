from markupsafe import Markup

from odoo import models
from odoo.tools import format_date

from .discipline_fact import HISTORY

PAGE = "/odoo/time-study"


class DisciplineTimeStudy(models.Model):
    """Those who take part in a study are told when it starts, in their own language."""

    _inherit = "discipline.time.study"

    def _tell_participants(self, participants) -> None:
        """One message for all who read the same language."""
        self.ensure_one()
        if self.env.context.get("discipline_history") is HISTORY:
            return  # it has been told long ago
        for lang, users in participants.user_id.grouped(lambda user: user.lang or "en_US").items():
            study = self.with_context(lang=lang)
            study.with_context(mail_notify_force_send=False).message_notify(
                partner_ids=users.partner_id.ids,
                subject=study.env._("Time study: %(name)s", name=study.name),
                body=study._get_notice(),
                force_email_lang=lang,
            )

    def _get_notice(self) -> Markup:
        text = self.env._(
            "From %(since)s to %(to)s, please enter what your working time goes into: a tap starts a timer or adds some"
            " minutes, also on your phone.",
            since=format_date(self.env, self.date_from),
            to=format_date(self.env, self.date_to),
        )
        parts = [Markup("<p>%s</p>") % text]
        if self.note:
            parts.append(Markup("<p>%s</p>") % self.note)
        if self.ask_estimate:
            parts.append(
                Markup("<p>%s</p>")
                % self.env._(
                    "Before the first entry you are asked for your own estimate of the non-selling time."
                )
            )
        parts.append(Markup('<p><a href="%s">%s</a></p>') % (PAGE, self.env._("Open Time Study")))
        return Markup("").join(parts)
