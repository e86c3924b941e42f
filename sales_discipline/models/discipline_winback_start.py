from datetime import datetime, timedelta

from odoo import api, models
from odoo.tools import SQL

from .sql_rows import sql_rows

CALLED = ("partner_id", "user_id", "date_planned", "activity_id", "lead_id")


class DisciplineWinbackCampaign(models.Model):
    """How a campaign begins: both groups are written down in a few statements, whatever their size."""

    _inherit = "discipline.winback.campaign"

    @api.model
    def _start(self, values: dict, called: list[tuple], drawn: list[int], now: datetime):
        """A campaign that begins at that moment.

        :param values: name, company_id, user_id, note, days
        :param called: of each client to be called the values of CALLED
        :param drawn: ids of clients who are not called, by lot
        :param now: naive UTC
        """
        company = self.env["res.company"].browse(values["company_id"])
        campaign = self._moving().create(
            {
                **values,
                "started_at": now,
                "ends_at": now + timedelta(days=values["days"]),
                "months": company.discipline_winback_months,
            }
        )
        clients = [row[0] for row in called]
        self.env["discipline.winback"]._refresh(now, [*clients, *drawn])
        for model in ("discipline.winback.campaign", "discipline.winback", "mail.activity", "crm.lead"):
            self.env[model].flush_model()
        campaign._insert_called(called)
        campaign._insert_others(clients, drawn)
        self.env["discipline.winback.client"].invalidate_model()
        return campaign.with_env(self.env)

    def _insert_called(self, called: list[tuple]) -> None:
        """Those to be called, by whom and when."""
        self._insert_clients(
            SQL("v.user_id"),
            SQL("'called'"),
            SQL("v.date_planned, v.activity_id, v.lead_id"),
            SQL(
                "%s LEFT JOIN discipline_winback w ON w.partner_id = v.partner_id AND w.company_id = %s",
                sql_rows(self.env["discipline.winback.client"], CALLED, called),
                self.company_id.id,
            ),
        )

    def _insert_others(self, called: list[int], drawn: list[int]) -> None:
        """Those left out by lot, and the others of the same salespeople with the same status with whom nothing is planned."""
        planned = self.env["discipline.winback"]._search([("is_planned", "=", True)])
        self._insert_clients(
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

    def _insert_clients(self, user: SQL, group: SQL, planned: SQL, source: SQL) -> None:
        """Write clients down, from a table `v` of them and their rows `w` of `discipline.winback`."""
        self.ensure_one()
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
                campaign=self.id,
                company=self.company_id.id,
                user=user,
                team=SQL("COALESCE(%s, w.team_id)", self.env["discipline.fact"]._sql_team_of(user)),
                group=group,
                planned=planned,
                source=source,
                uid=self.env.uid,
                now=self.started_at,
            )
        )
