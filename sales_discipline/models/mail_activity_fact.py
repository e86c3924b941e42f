from odoo import api, fields, models
from odoo.tools import SQL

from .mail_activity import FEEDBACK


class DisciplineFact(models.Model):
    """The rule of activities done, for those in the database and for those in memory."""

    _inherit = "discipline.fact"

    @api.model
    def _sql_happened(self, kind, origin, now):
        # the activity carries the stamp itself, and an imported one its own date
        if kind == "activity_done":
            return SQL("s.happened_at")
        return super()._sql_happened(kind, origin, now)

    @api.model
    def _select_activity_done(self, ids, origin):
        """Archived activities: in Odoo 19 'done' and 'archived' are one.

        Before this addon there was no stamp: the last write tells moment and doer if it was on the day that
        the activity was done (UTC, as Odoo dates it), else the message that Odoo posted, else noon.
        """
        if origin == "live":
            activities = self.env["mail.activity"].browse(ids)
            if all(activity.active or activity.done_at for activity in activities):
                return self._select_stamped_activities(activities)
        self.env["mail.activity"].flush_model()
        return SQL(
            """
            SELECT a.id AS source_id, d.user_id, %(team)s AS team_id,
                   COALESCE(ld.company_id, so.company_id, u.company_id, %(company)s) AS company_id,
                   COALESCE(p.commercial_partner_id, p.id) AS partner_id, a.activity_type_id, a.res_model, a.res_id,
                   a.res_name, a.date_deadline AS deadline, d.happened_at,
                   CASE WHEN a.active THEN 0 ELSE 1 END AS quantity, 0.0 AS amount, %(details)s AS details
              FROM mail_activity a
              LEFT JOIN LATERAL (
                   SELECT m.date, mu.id AS user_id
                     FROM mail_message m
                     LEFT JOIN res_users mu ON mu.partner_id = m.author_id AND mu.id <> 1
                    WHERE a.done_at IS NULL AND a.write_date::date <> a.date_done
                      AND m.model = a.res_model AND m.res_id = a.res_id
                      AND m.mail_activity_type_id = a.activity_type_id AND m.date::date = a.date_done
                    ORDER BY m.id LIMIT 1
                   ) said ON TRUE
             CROSS JOIN LATERAL (SELECT
                   COALESCE(a.done_by, CASE WHEN a.done_at IS NOT NULL OR a.active THEN NULL
                       WHEN a.write_date::date = a.date_done THEN NULLIF(a.write_uid, 1)
                       ELSE said.user_id END, a.user_id) AS user_id,
                   COALESCE(a.done_at, CASE WHEN a.write_date::date = a.date_done THEN a.write_date
                       ELSE said.date END, a.date_done + time '12:00', a.write_date) AS happened_at
                   ) d
              LEFT JOIN crm_lead ld ON a.res_model = 'crm.lead' AND ld.id = a.res_id
              LEFT JOIN sale_order so ON a.res_model = 'sale.order' AND so.id = a.res_id
              LEFT JOIN res_partner p ON p.id = COALESCE(ld.partner_id, so.partner_id,
                                                         CASE WHEN a.res_model = 'res.partner' THEN a.res_id END)
              LEFT JOIN res_users u ON u.id = d.user_id
             WHERE %(ids)s
            """,
            team=self._sql_team_of(SQL("d.user_id")),
            company=self.env.company.id,
            details=self._sql_activity_details(
                SQL("a.feedback"), SQL("EXTRACT(EPOCH FROM a.done_at - a.create_date)::int4")
            ),
            ids=self._sql_ids(SQL("a.id"), ids),
        )

    @api.model
    def _sql_activity_details(self, feedback: SQL, age: SQL) -> SQL:
        """What the ledger keeps of how an activity was done, for signals: a hash of the result text, in which case
        and punctuation make no difference, its length, and the seconds (`age`) from the creation to then.
        """
        return SQL(
            "JSONB_STRIP_NULLS(JSONB_BUILD_OBJECT('text', %s, 'chars', NULLIF(LENGTH(%s), 0), 'age', GREATEST(%s, 0)))",
            self._sql_text_hash(feedback),
            self._sql_words(feedback),
            age,
        )

    @api.model
    def _sql_words(self, text: SQL) -> SQL:
        """A text without case and punctuation, which is spelled out: what a letter is depends on the locale."""
        return SQL(r"TRIM(REGEXP_REPLACE(LOWER(%s), '[\s!-/:-@\[-`{-~«»„“”…–—]+', ' ', 'g'))", text)

    @api.model
    def _sql_text_hash(self, text: SQL) -> SQL:
        """What tells texts apart; NULL if there are no words."""
        return SQL("MD5(NULLIF(%s, ''))", self._sql_words(text))

    @api.model
    def _select_stamped_activities(self, activities) -> SQL:
        """The same rule for activities that carry our stamp, as they are in memory: marking one done is not held
        up by writing it first and by looking for its document in the database."""
        done_ids, said = self.env.cr.cache.get(FEEDBACK) or ((), None)
        rows = []
        for activity in activities:
            user = activity.done_by or activity.user_id
            row = (
                activity.id,
                user.id or None,
                activity._get_fact_company(user).id,
                activity._get_fact_partner_id(),
                activity.activity_type_id.id or None,
                activity.res_model or None,
                activity.res_id or None,
                activity.res_name or None,
                activity.date_deadline,
                activity.done_at or fields.Datetime.now(),
                0 if activity.active else 1,
                activity.feedback or (said if activity.id in done_ids else None) or None,
                None if activity.active else (activity.done_at - activity.create_date).total_seconds(),
            )
            rows.append(
                SQL(
                    "(%s, %s::int4, %s, %s::int4, %s::int4, %s::varchar, %s::int4, %s::varchar, %s::date, %s::timestamp,"
                    " %s, %s::text, %s::int4)",
                    *row,
                )
            )
        return SQL(
            """
            SELECT a.source_id, a.user_id, %(team)s AS team_id, a.company_id,
                   (SELECT COALESCE(p.commercial_partner_id, p.id) FROM res_partner p WHERE p.id = a.partner_id) AS partner_id,
                   a.activity_type_id, a.res_model, a.res_id, a.res_name, a.deadline, a.happened_at, a.quantity,
                   0.0 AS amount, %(details)s AS details
              FROM (VALUES %(rows)s) AS a(source_id, user_id, company_id, partner_id, activity_type_id, res_model, res_id,
                                          res_name, deadline, happened_at, quantity, feedback, age)
            """,
            team=self._sql_team_of(SQL("a.user_id")),
            details=self._sql_activity_details(SQL("a.feedback"), SQL("a.age")),
            rows=SQL(", ").join(rows),
        )
