from psycopg2.extras import Json

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

# that is said by people; what is mailed on their behalf (a mailing, a text message) tells who pressed the button
SAID = ("comment", "email")
MAILED = ("email_outgoing", "sms")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        self.env["discipline.fact"].sudo()._capture_merged_touch(self, opportunities)
        return super()._merge_dependences(opportunities)


class DisciplineFact(models.Model):
    """The first time that somebody acted on a lead or opportunity: an activity done on it, a message to the customer
    (no note), a quotation sent, a meeting held. Once and for all, credited to who did it; the minutes since
    the lead's creation are in `details`."""

    _inherit = "discipline.fact"

    @api.model
    def _capture_touch(self, via: str, leads: dict[int, int]) -> None:
        """Tell the ledger that something was done just now that may be a lead's first touch.

        Most leads are touched already, which one look into an index tells.

        :param via: a key of `_get_touches`
        :param leads: the lead by the id of the activity, message, order or meeting
        """
        leads = {res_id: lead_id for res_id, lead_id in leads.items() if lead_id}
        if not leads or self._is_silent():
            return
        query = "SELECT source_id FROM discipline_fact WHERE kind = 'lead_first_touch' AND source_id IN %s"
        self.env.cr.execute(query, [tuple(leads.values())])
        known = {lead_id for (lead_id,) in self.env.cr.fetchall()}
        if ids := [res_id for res_id, lead_id in leads.items() if lead_id not in known]:
            self.env["crm.lead"].flush_model(["name", "company_id", "partner_id", "stage_id", "source_id"])
            select = self._select_touched(self._get_touches("live", ids)[via], None)
            self._append_selected("lead_first_touch", select, "live")

    @api.model
    def _capture_merged_touch(self, lead, others) -> None:
        """A lead that swallows one which was touched is touched as well; how fast is known of the other alone."""
        query = (
            "SELECT source_id, user_id, team_id, company_id, partner_id FROM discipline_fact"
            " WHERE kind = 'lead_first_touch' AND source_id IN %s ORDER BY happened_at, id"
        )
        self.env.cr.execute(query, [tuple((lead + others).ids)])
        known = self.env.cr.dictfetchall()
        if known and lead.id not in {row["source_id"] for row in known}:
            details = Json({"merged": known[0]["source_id"]})
            row = {"source_id": lead.id, "res_model": "crm.lead", "res_id": lead.id, "res_name": lead.name}
            self._append_event("lead_first_touch", [{**known[0], **row, "details": details}])

    @api.model
    def _sql_happened(self, kind, origin, now):
        # an activity that is imported as done has its own date
        if kind == "lead_first_touch":
            return SQL("s.happened_at")
        return super()._sql_happened(kind, origin, now)

    @api.model
    def _select_lead_first_touch(self, ids, origin):
        """The earliest of whatever touches a lead."""
        for name in ("crm.lead", "mail.message", "calendar.event"):
            self.env[name].flush_model()
        touches = self._get_touches("history" if origin == "history" else "sweep").values()
        return self._select_touched(SQL(" UNION ALL ").join(touches), ids)

    @api.model
    def _select_touched(self, touches: SQL, ids) -> SQL:
        """The rule, given a SELECT of (lead_id, happened_at, user_id, via)."""
        return SQL(
            """
            SELECT t.source_id, t.user_id, %(team)s AS team_id, COALESCE(t.company_id, u.company_id, %(company)s) AS company_id,
                   COALESCE(p.commercial_partner_id, p.id) AS partner_id, NULL::integer AS activity_type_id,
                   'crm.lead' AS res_model, t.source_id AS res_id, t.res_name, NULL::date AS deadline, t.happened_at,
                   1 AS quantity, 0.0 AS amount, t.details
              FROM (SELECT DISTINCT ON (ld.id) ld.id AS source_id, t.user_id, ld.company_id, ld.partner_id,
                           ld.name AS res_name, t.happened_at, jsonb_strip_nulls(jsonb_build_object(
                               'via', t.via, 'stage', ld.stage_id, 'source', ld.source_id, 'minutes',
                               GREATEST(0, ROUND(EXTRACT(EPOCH FROM t.happened_at - ld.create_date) / 60)))) AS details
                      FROM (%(touches)s) t
                      JOIN crm_lead ld ON ld.id = t.lead_id
                     WHERE %(ids)s
                     ORDER BY ld.id, t.happened_at, t.user_id) t
              LEFT JOIN res_partner p ON p.id = t.partner_id
              LEFT JOIN res_users u ON u.id = t.user_id
            """,
            team=self._sql_team_of(SQL("t.user_id")),
            company=self.env.company.id,
            touches=touches,
            ids=self._sql_ids(SQL("ld.id"), ids),
        )

    @api.model
    def _get_touches(self, origin: str, ids=None) -> dict[str, SQL]:
        """What touches a lead: SELECTs of (lead_id, happened_at, user_id, via), by name.

        Activities and quotations are looked up in the ledger, which knows by whom and when they were done. What happens
        just now is credited to who does it, whatever author or organizer is written on it. A meeting that was over
        before there was the lead was about something else.

        :param ids: of the activities, messages, orders or meetings to look at; all if None
        """
        live = origin == "live"
        now = SQL("%s::timestamp", fields.Datetime.now())
        acting = self.env.uid if live and self._is_person(self.env.user) else None
        return {
            "activity": SQL(
                "SELECT f.res_id AS lead_id, f.happened_at, f.user_id, 'activity' AS via FROM discipline_fact f"
                " WHERE f.kind = 'activity_done' AND f.res_model = 'crm.lead' AND f.quantity > 0 AND %s",
                self._sql_ids(SQL("f.source_id"), ids),
            ),
            "message": self._sql_touching_messages(now if live else SQL("m.date"), acting, ids),
            "quotation": SQL(
                "SELECT (f.details->>'lead')::int4 AS lead_id, f.happened_at, COALESCE(%s::int4, f.user_id) AS user_id,"
                " 'quotation' AS via FROM discipline_fact f WHERE f.kind = 'quotation_sent' AND f.details ? 'lead' AND %s",
                acting,
                self._sql_ids(SQL("f.source_id"), ids),
            ),
            "meeting": SQL(
                "SELECT e.opportunity_id AS lead_id, %s AS happened_at,"
                " COALESCE(%s::int4, NULLIF(e.user_id, 1), NULLIF(e.create_uid, 1)) AS user_id, 'meeting' AS via"
                " FROM calendar_event e JOIN crm_lead el ON el.id = e.opportunity_id"
                " WHERE e.active IS TRUE AND e.stop <= %s AND e.stop >= date_trunc('second', el.create_date) AND %s",
                now if live else SQL("GREATEST(e.stop, date_trunc('second', e.create_date))"),
                acting,
                now,
                self._sql_ids(SQL("e.id"), ids),
            ),
        }

    @api.model
    def _sql_touching_messages(self, happened: SQL, acting: int | None, ids) -> SQL:
        """Messages on leads by one of ours: what is written to the customer, and answers that came by e-mail, but
        no notes and nothing that a program sends by itself.

        :param acting: the user who sends them just now, whoever they name as the author; None for the mail gateway
        """
        return SQL(
            """
            SELECT m.res_id AS lead_id, %(happened)s AS happened_at, COALESCE(%(acting)s::int4, au.id, cu.id) AS user_id,
                   'message' AS via
              FROM mail_message m
              LEFT JOIN LATERAL (SELECT id FROM res_users WHERE partner_id = m.author_id AND id <> %(root)s
                                    AND share IS NOT TRUE ORDER BY id LIMIT 1) au ON TRUE
              LEFT JOIN res_users cu ON cu.id = m.create_uid AND cu.id <> %(root)s AND cu.share IS NOT TRUE
             WHERE m.model = 'crm.lead' AND %(ids)s
               AND (m.message_type IN %(said)s AND m.subtype_id = %(subtype)s AND au.id IS NOT NULL
                    OR m.message_type IN %(mailed)s AND cu.id IS NOT NULL)
            """,
            happened=happened,
            acting=acting,
            root=SUPERUSER_ID,
            ids=self._sql_ids(SQL("m.id"), ids),
            said=SAID,
            mailed=MAILED,
            subtype=self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
        )

    @api.model
    def _is_person(self, user) -> bool:
        """Whether it is one of ours, and not the system or a customer."""
        return user.id != SUPERUSER_ID and user._is_internal()
