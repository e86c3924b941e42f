from odoo import api, models
from odoo.tools import format_date

from .discipline_realism_check import URGENT

PAGE = "/odoo/action-sales_discipline.sales_plans"


class DisciplineRealismCheck(models.Model):
    """Tells managers, and leaders of their team, what a closed month says of the sales plans."""

    _inherit = "discipline.realism.check"

    def _notify(self, company, verdicts: dict, now) -> None:
        """Send these new checks of one company and month: one message a reader, in their language. Managers are told
        of the company once it is closed, with the teams that need attention, also those that were closed before;
        leaders of their teams, each when it is.

        :param verdicts: by metric what `discipline.realism._get_verdicts` says of everybody's plans in that month
        """
        if not self or company.discipline_realism_notice == "never":
            return
        managers = self._get_managers(company)
        leaders = (self.team_id.user_id - managers).filtered(
            lambda user: user.active and company in user.company_ids
        )
        whole = self.filtered(lambda check: not check.team_id)
        told = whole + self.search(
            [
                ("company_id", "=", company.id),
                ("date", "=", self[0].date),
                ("metric_id", "in", whole.metric_id.ids),
                ("team_id", "!=", False),
                ("state", "in", list(URGENT)),
            ]
        )
        sections = {
            lang: (self | told).with_context(lang=lang)._prepare_sections(company, verdicts)
            for lang in set((managers + leaders).mapped("lang"))
        }
        for lang, readers in managers.grouped("lang").items():
            told._send(readers, lang, company, sections[lang], now)
        for leader in leaders:
            led = self.filtered(lambda check, leader=leader: check.team_id.user_id == leader)
            led._send(leader, leader.lang, company, sections[leader.lang], now)

    @api.model
    def _get_managers(self, company):
        """Who is told of the whole company."""
        group = self.env.ref("sales_discipline.group_manager").sudo()
        return group.all_user_ids.filtered(lambda user: user.active and company in user.company_ids)

    def _send(self, users, lang: str, company, sections: dict, now) -> None:
        """One message of these checks to users who read the same language, if there is anything to say.

        :param sections: what `_prepare_sections` returns in that language
        """
        if not self or (
            company.discipline_realism_notice == "needed" and not URGENT.intersection(self.mapped("state"))
        ):
            return
        checks = self.with_context(lang=lang)
        chosen = [section for check_id, section in sections.items() if check_id in self._ids]
        month = format_date(checks.env, self[0].date, date_format="LLLL yyyy")
        body = checks.env["ir.qweb"]._render(
            "sales_discipline.realism_notice", {"sections": chosen, "url": PAGE}
        )
        self.env["mail.thread"].message_notify(
            partner_ids=users.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
            subject=checks._get_subject(month),
            body=body,
            date=now,
            force_email_lang=lang,
        )

    def _get_subject(self, month: str) -> str:
        """The worst that is to be told, in a line."""
        states = self.mapped("state")
        if "alarm" in states:
            return self.env._("Sales plans, %(month)s: out of reach", month=month)
        if "training" in states:
            return self.env._("Sales plans, %(month)s: some people need training", month=month)
        return self.env._("Sales plans, %(month)s: no alarm", month=month)

    def _prepare_sections(self, company, verdicts: dict) -> dict[int, dict]:
        """What the message says of each of these checks of one month, by id, the company's before its teams'."""
        realism = self.env["discipline.realism"]
        labels = dict(self._fields["state"]._description_selection(self.env))
        names = realism._get_names([each for found in verdicts.values() for each in found.values()])
        sections = {}
        for check in self.sorted(lambda check: (check.metric_id.sequence, check.team_id.name or "")):
            key = ("team", check.team_id.id) if check.team_id else ("company", company.id)
            verdict = verdicts[check.metric_id][key]
            sections[check.id] = {
                "title": f"{check.metric_id.name}, {(check.team_id or company).name}",
                "state": labels[check.state],
                "text": " ".join(realism._get_sentences(verdict, company, check.metric_id, names)),
            }
        return sections
