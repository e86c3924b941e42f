import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from .discipline_winback_campaign import CLOSING
from .sql_rows import sql_rows

MOST_LEFT_OUT = 50  # percent


class DisciplineContactPlan(models.TransientModel):
    """Planning contacts to win clients back makes a campaign of it, with those who are not called beside it."""

    _inherit = "discipline.contact.plan"

    is_winback = fields.Boolean(readonly=True)
    campaign_name = fields.Char(
        "Campaign",
        default=lambda self: self.env._(
            "Win-back of %(date)s", date=format_date(self.env, fields.Date.context_today(self))
        ),
    )
    winback_days = fields.Integer(
        "Days to Return",
        default=lambda self: self.env.company.discipline_winback_return,
        help="Orders within so many days from now count as what the campaign has brought.",
    )
    holdout = fields.Integer(
        "Leave Out by Lot (%)",
        help="So many percent of the chosen clients are not called, by lot. Only such a comparison tells what the calls"
        " have brought: those who come back of themselves are in both groups.",
    )

    @api.constrains("holdout", "winback_days")
    def _check_winback(self):
        for wizard in self.filtered("is_winback"):
            if not 0 <= wizard.holdout <= MOST_LEFT_OUT:
                raise ValidationError(
                    self.env._(
                        "The field 'Leave Out by Lot (%%)' has to be between 0 and %(most)s.",
                        most=MOST_LEFT_OUT,
                    )
                )
            if not 1 <= wizard.winback_days <= 366:
                raise ValidationError(self.env._("The field 'Days to Return' has to be between 1 and 366."))

    def _get_owned(self, turns):
        owned, left = super()._get_owned(turns)
        if self.is_winback and self.holdout:
            seed = secrets.token_hex(8)
            count = round(len(owned) * self.holdout / 100.0)
            lots = sorted(owned, key=lambda pair: hashlib.sha256(f"{seed}:{pair[0]}".encode()).digest())
            drawn = {client_id for client_id, _owner in lots[:count]}
            left["holdout"] = [client_id for client_id, _owner in owned if client_id in drawn]
            owned = [pair for pair in owned if pair[0] not in drawn]
        return owned, left

    def _get_left_texts(self):
        return {**super()._get_left_texts(), "holdout": self.env._("Left out by lot, for comparison")}

    def _get_title(self):
        if not self.is_winback:
            return super()._get_title()
        return self.env._("Open Opportunities") if self.kind == "opportunity" else self.env._("Plan Calls")

    def _get_reasons(self, clients):
        reasons = super()._get_reasons(clients)
        if not self.is_winback:
            return reasons
        domain = [("partner_id", "in", clients.ids), ("company_id", "=", self.company_id.id)]
        rows = self.env["discipline.winback"].sudo().search(domain)
        return {**reasons, **{row.partner_id.id: row._get_reason_text() for row in rows}}

    def _after_plan(self, records):
        action = super()._after_plan(records)
        if not self.is_winback:
            return action
        campaign = self._create_campaign(records)
        return action or {
            "type": "ir.actions.act_window",
            "res_model": campaign._name,
            "res_id": campaign.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _create_campaign(self, records):
        """The campaign with both groups: a few statements whatever their size."""
        now = fields.Datetime.now()
        campaigns = self.env["discipline.winback.campaign"].sudo().with_context(discipline_winback=CLOSING)
        campaign = campaigns.create(
            {
                "name": self.campaign_name or self.summary,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "note": self.note,
                "started_at": now,
                "ends_at": now + timedelta(days=self.winback_days),
                "days": self.winback_days,
                "months": self.company_id.sudo().discipline_winback_months,
            }
        )
        self.env["discipline.winback"].sudo()._refresh(now, [client.id for client in records])
        self._insert_called(campaign, records)
        self._insert_others(campaign, [client.id for client in records])
        self.env["discipline.winback.client"].invalidate_model()
        return campaign.with_env(self.env)

    def _insert_called(self, campaign, records) -> None:
        """Those to be called, by whom and when."""
        by_client = {client_id: (user_id, day) for client_id, user_id, day in self.plan["contacts"]}
        is_deal = self.kind == "opportunity"
        rows = [
            (
                client.id,
                by_client[client.id][0],
                by_client[client.id][1],
                (record.sudo().activity_ids[:1] if is_deal else record).id,
                record.id if is_deal else None,
            )
            for client, record in records.items()
        ]
        names = ("partner_id", "user_id", "date_planned", "activity_id", "lead_id")
        clients = self.env["discipline.winback.client"]
        self._insert_clients(
            campaign,
            SQL("v.user_id"),
            SQL("'called'"),
            SQL("v.date_planned, v.activity_id, v.lead_id"),
            SQL(
                "%s LEFT JOIN discipline_winback w ON w.partner_id = v.partner_id AND w.company_id = %s",
                sql_rows(clients, names, rows),
                self.company_id.id,
            ),
        )

    def _insert_others(self, campaign, called: list[int]) -> None:
        """Those left out by lot, and the others of the same salespeople with the same status with whom nothing is planned."""
        drawn = self.plan["left"].get("holdout") or []
        winback = self.env["discipline.winback"].sudo()
        planned = winback._search([("is_planned", "=", True)])
        self._insert_clients(
            campaign,
            SQL("w.user_id"),
            SQL("CASE WHEN w.partner_id = ANY(%s) THEN 'holdout' ELSE 'rest' END", drawn),
            SQL("NULL::date, NULL::int4, NULL::int4"),
            SQL(
                """
                discipline_winback w CROSS JOIN LATERAL (SELECT w.partner_id) v
                 WHERE w.company_id = %(company)s AND w.partner_id <> ALL(%(called)s) AND (
                       w.partner_id = ANY(%(drawn)s)
                       OR w.id NOT IN %(planned)s
                      AND w.user_id IN (SELECT o.user_id FROM discipline_winback o WHERE o.company_id = %(company)s
                                           AND o.partner_id = ANY(%(called)s))
                      AND w.state IN (SELECT o.state FROM discipline_winback o WHERE o.company_id = %(company)s
                                         AND o.partner_id = ANY(%(called)s)))
                """,
                company=self.company_id.id,
                called=called,
                drawn=drawn,
                planned=planned.subselect(),
            ),
        )

    def _insert_clients(self, campaign, user: SQL, group: SQL, planned: SQL, source: SQL) -> None:
        """Write clients of a campaign down, from a table `v` of them and their rows `w` of `discipline.winback`."""
        now = campaign.started_at
        self.env["discipline.winback.campaign"].flush_model()
        self.env["discipline.winback"].flush_model()
        self.env["mail.activity"].flush_model()
        self.env["crm.lead"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO discipline_winback_client (
                    campaign_id, partner_id, company_id, user_id, team_id, "group", state, bought, last_order, usual_interval,
                    date_planned, activity_id, lead_id, create_uid, create_date, write_uid, write_date)
                SELECT %(campaign)s, v.partner_id, %(company)s, %(user)s, %(team)s, %(group)s, COALESCE(w.state, 'few'), w.amount,
                       w.last_order, w.usual_interval, %(planned)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM %(source)s
                """,
                campaign=campaign.id,
                company=self.company_id.id,
                user=user,
                team=SQL("COALESCE(%s, w.team_id)", self.env["discipline.fact"]._sql_team_of(user)),
                group=group,
                planned=planned,
                source=source,
                uid=self.env.uid,
                now=now,
            )
        )
