import logging
from contextlib import nullcontext

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# arbitrary, but one number for all processes: one sweep at a time
SWEEP_LOCK = 19_051_801


class DisciplineFact(models.Model):
    """The past at installation, and what bypassed Odoo's own code since."""

    _inherit = "discipline.fact"

    @api.model
    def _fill_history(self, new: bool = False) -> int:
        """Fill the ledger with what this database did before the addon came; return the number of facts.

        Set-based, one INSERT .. SELECT a kind, and idempotent: what the ledger has is not entered again.

        :param new: the tables are still empty and being installed, so they may be loaded in bulk; commits
        """
        total = 0
        with self._load_in_bulk() if new else nullcontext():
            last = ("activity_done", "lead_first_touch")  # each looks through what is there
            for kind in (*(kind for kind in self._get_kinds() if kind not in last), "activity_done"):
                total += self._fill_history_kind(kind)
            self.env.cr.execute("ANALYZE discipline_fact")  # what follows joins the facts
            total += self._fill_history_messages()
            total += self._fill_history_kind("lead_first_touch")
            self.env["crm.lead"]._count_fill(history=True)
            self._fill_history_spans()
            self._fill_history_lead_spans()
        self.env.cr.execute("ANALYZE discipline_fact; ANALYZE discipline_span")
        self.invalidate_model()
        return total

    @api.model
    def _fill_history_kind(self, kind: str) -> int:
        count = self._capture(kind, origin="history")
        _logger.info("History of %s: %s facts", kind, count)
        return count

    @api.model
    def _fill_history_messages(self) -> int:
        """Activities done of which only Odoo's message is left: up to Odoo 18 'done' deleted the activity.

        Messages are held against the ledger by document, type and UTC day; those beyond the number of facts
        there are facts of their own, with the negative message id as source.
        """
        self.env["mail.message"].flush_model()
        query = SQL(
            """
            WITH surplus AS (
                SELECT model, res_id, type_id, day, SUM(n) AS facts
                  FROM (SELECT model, res_id, mail_activity_type_id AS type_id, date::date AS day, 1 AS n
                          FROM mail_message
                         WHERE mail_activity_type_id IS NOT NULL AND subtype_id = %(subtype)s AND model IS NOT NULL
                         UNION ALL
                        SELECT res_model, res_id, activity_type_id, happened_at::date, -1
                          FROM discipline_fact WHERE kind = 'activity_done' AND quantity > 0) b
                 GROUP BY 1, 2, 3, 4 HAVING SUM(n) > 0
            ), said AS (
                SELECT m.*, x.facts, ROW_NUMBER() OVER (
                           PARTITION BY x.model, x.res_id, x.type_id, x.day ORDER BY m.id DESC) AS rank
                  FROM surplus x
                  JOIN mail_message m ON m.model = x.model AND m.res_id = x.res_id AND m.mail_activity_type_id = x.type_id
                       AND m.date::date = x.day AND m.subtype_id = %(subtype)s
            )
            INSERT INTO discipline_fact (
                kind, source_id, user_id, team_id, company_id, partner_id, activity_type_id, res_model, res_id,
                res_name, happened_at, entered_at, quantity, amount, origin, create_uid, create_date, write_uid, write_date)
            SELECT 'activity_done', -s.id, u.id, %(team)s, COALESCE(ld.company_id, u.company_id, %(company)s),
                   COALESCE(p.commercial_partner_id, p.id), s.mail_activity_type_id, s.model, s.res_id,
                   COALESCE(ld.name, p.complete_name, s.subject),
                   s.date, s.date, 1, 0, 'history', %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM said s
              LEFT JOIN LATERAL (SELECT id, company_id FROM res_users WHERE partner_id = s.author_id AND id <> 1
                                  ORDER BY id LIMIT 1) u ON TRUE
              LEFT JOIN crm_lead ld ON s.model = 'crm.lead' AND ld.id = s.res_id
              LEFT JOIN res_partner p ON p.id = COALESCE(ld.partner_id, CASE WHEN s.model = 'res.partner' THEN s.res_id END)
             WHERE s.rank <= s.facts
            """,
            subtype=self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_activities"),
            team=self._sql_team_of(SQL("u.id")),
            company=self.env.company.id,
            uid=self.env.uid,
        )
        self.env.cr.execute(query)
        return self.env.cr.rowcount

    @api.model
    def _fill_history_spans(self) -> None:
        """When the activities done and the opportunities closed in the past had been open."""
        self.env.cr.execute(
            """
            WITH known AS MATERIALIZED (SELECT res_id FROM discipline_span WHERE kind = 'opportunity')
            INSERT INTO discipline_span (kind, res_id, user_id, company_id, filled, required, date_from, date_to)
            SELECT 'opportunity', ld.id, ld.user_id, f.company_id, ld.discipline_filled, ld.discipline_required,
                   COALESCE(ld.date_conversion, ld.create_date), f.happened_at
              FROM discipline_fact f JOIN crm_lead ld ON ld.id = f.source_id
             WHERE f.kind IN ('lead_won', 'lead_lost') AND f.origin = 'history' AND ld.type = 'opportunity'
               AND COALESCE(ld.date_conversion, ld.create_date) < f.happened_at
               AND NOT EXISTS (SELECT 1 FROM known s WHERE s.res_id = ld.id)
            """
        )
        self.env.cr.execute("ANALYZE discipline_span")
        self.env.cr.execute(
            """
            WITH known AS MATERIALIZED (SELECT res_id FROM discipline_span WHERE kind = 'activity')
            INSERT INTO discipline_span (kind, res_id, lead_id, user_id, company_id, deadline, date_from, date_to)
            SELECT 'activity', a.id, CASE WHEN a.res_model = 'crm.lead' THEN a.res_id END, a.user_id, f.company_id,
                   a.date_deadline, a.create_date, f.happened_at
              FROM discipline_fact f JOIN mail_activity a ON a.id = f.source_id
             WHERE f.kind = 'activity_done' AND f.origin = 'history' AND a.create_date < f.happened_at
               AND NOT EXISTS (SELECT 1 FROM known s WHERE s.res_id = a.id)
            """
        )

    @api.model
    def _fill_history_lead_spans(self) -> None:
        """When those that are opportunities now, or lost, had been leads in work, of whoever has them now."""
        self.env.cr.execute(
            """
            WITH known AS MATERIALIZED (SELECT res_id FROM discipline_span WHERE kind = 'lead')
            INSERT INTO discipline_span (kind, res_id, user_id, company_id, date_from, date_to)
            SELECT 'lead', ld.id, ld.user_id, COALESCE(ld.company_id, u.company_id, %(company)s), ld.create_date, e.moment
              FROM crm_lead ld
              LEFT JOIN res_users u ON u.id = ld.user_id
              JOIN LATERAL (
                   SELECT ld.date_conversion AS moment WHERE ld.type = 'opportunity'
                    UNION ALL
                   SELECT MAX(f.happened_at) FROM discipline_fact f
                    WHERE f.kind = 'lead_lost' AND f.source_id = ld.id AND ld.type = 'lead' AND ld.won_status = 'lost'
                   ) e ON e.moment > ld.create_date
             WHERE NOT EXISTS (SELECT 1 FROM known s WHERE s.res_id = ld.id)
            """,
            {"company": self.env.company.id},
        )

    @api.model
    def _cron_sweep(self) -> None:
        """Append what bypassed Odoo's own code (SQL, another program): nightly, a commit a kind, one at a time."""
        self.env.cr.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        if not self.env.cr.fetchone()[0]:
            return
        try:
            self.env["crm.lead"]._count_fill()
            kinds = list(self._get_kinds())
            for left, kind in enumerate(reversed(kinds)):
                count = self._capture(kind, origin="sweep")
                if count:
                    _logger.info("Sweep of %s: %s facts had bypassed the hooks", kind, count)
                if not self.env["ir.cron"]._commit_progress(1, remaining=len(kinds) - left - 1):
                    break
        finally:
            self.env.cr.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])
