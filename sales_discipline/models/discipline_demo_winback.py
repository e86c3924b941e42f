from datetime import timedelta

from odoo import Command, fields, models

from ..demo_company.winback import CAMPAIGNS, NOTE, PER_DAY, PLANNED, PLANNED_BY


class DisciplineDemo(models.AbstractModel):
    _inherit = "discipline.demo"

    def _make_rules(self, company, story):
        res = super()._make_rules(company, story)
        self.sudo().with_company(company)._make_winback(company, story.calendar.now)
        return res

    def _make_winback(self, company, now):
        """Two campaigns of months ago, with what has come of them since by the ledger, and one that has just begun."""
        users = self._get_users()
        winback = self.env["discipline.winback"]
        for days, name, login, length, share in CAMPAIGNS:
            self._make_past_campaign(company, now - timedelta(days=days), name, users[login], length, share)
        self.env["discipline.winback.campaign"]._close_due(now)
        winback._refresh(now)
        domain = [
            ("state", "in", ("lapsed", "late")),
            ("company_id", "=", company.id),
            ("is_planned", "=", False),
        ]
        mine = winback.search([*domain, ("user_id", "=", users[PLANNED_BY].id)], limit=PLANNED)
        if mine:
            plan = self.env["discipline.contact.plan"].with_user(users[PLANNED_BY]).with_company(company)
            wizard = plan.create(
                {
                    "partner_ids": [Command.set(mine.partner_id.ids)],
                    "company_id": company.id,
                    "summary": self.env._("Win back"),
                    "note": NOTE,
                    "is_winback": True,
                    "date_from": fields.Date.context_today(plan) + timedelta(days=1),
                    "per_day": PER_DAY,
                    "count_planned": False,
                }
            )
            wizard.action_preview()
            wizard.action_apply()

    def _make_past_campaign(self, company, moment, name, user, length, share):
        """Of the clients who had fallen away then so many of ten were called, every salesperson's a few."""
        winback = self.env["discipline.winback"]
        winback._refresh(moment)
        rows = winback.search(
            [("state", "=", "lapsed"), ("company_id", "=", company.id), ("user_id", "!=", False)]
        )
        facts = self.env["discipline.fact"].search(
            [
                ("kind", "=", "order_confirmed"),
                ("happened_at", ">", moment),
                ("happened_at", "<", moment + timedelta(days=length)),
                ("partner_id", "in", rows.partner_id.ids),
            ]
        )
        back = facts.partner_id  # a call helps: who came back is likelier to have had one
        chosen = rows.filtered(
            lambda row: row.partner_id.id % 10 < share + (3 if row.partner_id in back else -1)
        )
        called = [
            (row.partner_id.id, row.user_id.id, moment.date() + timedelta(days=1 + place % 5), None, None)
            for place, row in enumerate(chosen)
        ]
        values = {"name": name, "company_id": company.id, "user_id": user.id, "note": NOTE, "days": length}
        if called:
            self.env["discipline.winback.campaign"]._start(values, called, [], moment)
