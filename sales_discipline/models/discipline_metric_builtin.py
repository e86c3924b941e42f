from odoo import api, models
from odoo.tools import SQL


class DisciplineMetric(models.Model):
    """Built-in metrics: what a domain cannot say. Each `_measure_<code>` gets the windows (as the common table
    `w` and as the list they came from) and returns a SELECT of (key, value, late, ids).

    States are looked at as of the deadline: what is open in Odoo's tables and has been since before it, and the
    closed spans that contain it. So a late cron, a deal reassigned or deleted afterwards change nothing.
    """

    _inherit = "discipline.metric"

    @api.model
    def _get_builtin_records(self) -> dict[str, str]:
        """The model of the records that a built-in metric keeps the ids of, by code."""
        return {
            "activities_overdue": "mail.activity",
            "crm_fill_rate": "crm.lead",
            "deals_open": "crm.lead",
            "deals_without_activity": "crm.lead",
            "leads_untouched": "crm.lead",
            "receivables_overdue": "account.move",
        }

    @api.model
    def _get_builtin_facts(self) -> dict[str, list]:
        """The domain of the facts that a built-in metric counts, by code."""
        done = [("kind", "=", "activity_done"), ("activity_type_id", "=", self._get_proposal_type())]
        return {
            "customers_new": [("kind", "=", "order_confirmed")],
            "first_touch_minutes": [("kind", "=", "lead_first_touch")],
            "opportunities_new_amount": [("kind", "in", ("opportunity_created", "opportunity_revalued"))],
            "proposals_sent": ["|", ("kind", "=", "quotation_sent"), "&", *done],
        }

    @api.model
    def _get_proposal_type(self) -> int:
        """Id of the activity type Proposal; 0 if it is no more."""
        name = "sales_discipline.activity_type_proposal"
        return self.env["ir.model.data"]._xmlid_to_res_id(name, raise_if_not_found=False) or 0

    @api.model
    def _sql_open_deals(self, windows, types=("opportunity",)) -> SQL:
        """Opportunities, or records of those types, open at some time in the windows:
        (id, user_id, company_id, since, until, filled, required)."""
        return SQL(
            """
            SELECT ld.id, ld.user_id, COALESCE(ld.company_id, u.company_id) AS company_id,
                   COALESCE(ld.open_since, ld.date_conversion, ld.create_date) AS since, 'infinity'::timestamp AS until,
                   ld.discipline_filled AS filled, ld.discipline_required AS required
              FROM crm_lead ld JOIN res_users u ON u.id = ld.user_id
             WHERE %(open)s
            UNION ALL
            SELECT res_id, user_id, company_id, date_from, date_to, filled, required
              FROM discipline_span WHERE kind IN %(types)s AND date_to > %(first)s AND date_from <= %(last)s
            """,
            open=self.env["crm.lead"]._sql_is_open(SQL("ld"), types),
            types=types,
            first=min(window.as_of for window in windows),
            last=max(window.as_of for window in windows),
        )

    @api.model
    def _sql_deals_at_deadline(self, windows, columns: SQL, types=("opportunity",)) -> SQL:
        """What was open at the deadline, of whoever had it then: (key, as_of, `columns`), each but once.

        :param columns: of `_sql_open_deals`, whose alias is `d`
        """
        return SQL(
            """
            SELECT DISTINCT w.key, w.as_of, %s
              FROM w JOIN (%s) d ON d.user_id = w.user_id AND d.since <= w.as_of AND d.until > w.as_of
                   AND (w.company_id IS NULL OR d.company_id = w.company_id)
             WHERE w.entered_after IS NULL
            """,
            columns,
            self._sql_open_deals(windows, types),
        )

    def _measure_deals_open(self, rows, windows) -> SQL:
        """Opportunities that were open at the deadline, of whoever had them then."""
        return SQL(
            """
            %(rows)s, d AS (%(deals)s)
            SELECT key, COUNT(*), 0, ARRAY_AGG(id) FROM d GROUP BY key
            """,
            rows=rows,
            deals=self._sql_deals_at_deadline(windows, SQL("d.id")),
        )

    def _measure_deals_without_activity(self, rows, windows) -> SQL:
        """Opportunities open at the deadline for which nobody had anything planned at that moment."""
        return SQL(
            """
            %(rows)s, d AS (%(deals)s)
            SELECT d.key, COUNT(*), 0, ARRAY_AGG(d.id)
              FROM d
             WHERE NOT %(planned)s
               AND NOT EXISTS (SELECT 1 FROM discipline_span s WHERE s.kind = 'activity' AND s.lead_id = d.id
                                  AND s.date_from <= d.as_of AND s.date_to > d.as_of)
             GROUP BY d.key
            """,
            rows=rows,
            deals=self._sql_deals_at_deadline(windows, SQL("d.id")),
            planned=self.env["crm.lead"]._sql_is_planned(SQL("d.id"), SQL("d.as_of")),
        )

    def _measure_opportunities_new_amount(self, rows, windows) -> SQL:
        """Expected revenue, as it stood at the deadline, of the opportunities that were new in the window."""
        return SQL(
            """
            %(rows)s, v AS (
                SELECT w.key, w.entered_by, w.entered_after, f.amount, f.entered_at, (
                       SELECT COALESCE(SUM(r.amount), 0) FROM discipline_fact r
                        WHERE r.kind = 'opportunity_revalued' AND r.source_id = f.source_id AND r.happened_at < w.stop
                          AND r.entered_at <= w.entered_by) AS revalued
                  FROM discipline_fact f JOIN w ON %(join)s
                 WHERE f.kind = 'opportunity_created')
            SELECT key, SUM(amount + revalued) FILTER (WHERE entered_at <= entered_by),
                   SUM(amount) FILTER (WHERE entered_at > entered_by AND entered_after IS NULL), NULL
              FROM v GROUP BY key
            """,
            rows=rows,
            join=self._sql_in_window(SQL("f"), windows),
        )

    def _measure_proposals_sent(self, rows, windows) -> SQL:
        """Proposals by either trace they leave: a quotation sent or an activity of the type Proposal done. On
        one opportunity the two are the same proposal, so the larger of the two numbers counts."""
        return SQL(
            """
            %(rows)s, f AS (
                SELECT w.key, w.entered_by, w.entered_after, f.* FROM discipline_fact f JOIN w ON %(join)s
                 WHERE f.kind = 'quotation_sent'
                 UNION ALL
                SELECT w.key, w.entered_by, w.entered_after, f.* FROM discipline_fact f JOIN w ON %(join)s
                 WHERE f.kind = 'activity_done' AND f.activity_type_id = %(type)s
            ), p AS (
                SELECT key, kind, quantity, entered_at <= entered_by AS in_time, entered_after,
                       CASE WHEN details ? 'lead' THEN 'crm.lead,' || (details->>'lead')
                            ELSE res_model || ',' || res_id END AS document
                  FROM f
            ), d AS (
                SELECT key, in_time, GREATEST(SUM(quantity) FILTER (WHERE kind = 'quotation_sent'),
                                              SUM(quantity) FILTER (WHERE kind = 'activity_done')) AS sent
                  FROM p WHERE in_time OR entered_after IS NULL GROUP BY key, in_time, document)
            SELECT key, SUM(sent) FILTER (WHERE in_time), SUM(sent) FILTER (WHERE NOT in_time), NULL FROM d GROUP BY key
            """,
            rows=rows,
            join=self._sql_in_window(SQL("f"), windows),
            type=self._get_proposal_type(),
        )

    def _measure_customers_new(self, rows, windows) -> SQL:
        """Customers whose first order ever with the company was confirmed in the window, and not cancelled in
        it, credited to the salesperson of that order."""
        return SQL(
            """
            %(rows)s, c AS (
                SELECT w.key, f.partner_id, f.entered_at <= w.entered_by AS in_time, SUM(f.quantity) AS orders
                  FROM discipline_fact f JOIN w ON %(join)s
                 WHERE f.kind = 'order_confirmed' AND f.partner_id IS NOT NULL AND f.is_transfer IS NOT TRUE
                   AND (f.entered_at <= w.entered_by OR w.entered_after IS NULL)
                   AND NOT EXISTS (
                       SELECT 1 FROM discipline_fact e
                        WHERE e.kind = 'order_confirmed' AND e.partner_id = f.partner_id AND e.company_id = f.company_id
                          AND e.quantity > 0 AND e.is_transfer IS NOT TRUE AND e.entered_at <= w.entered_by
                          AND (e.happened_at < w.start
                               OR e.user_id <> f.user_id AND (e.happened_at, e.id) < (f.happened_at, f.id)))
                 GROUP BY w.key, f.partner_id, in_time)
            SELECT key, COUNT(*) FILTER (WHERE in_time AND orders > 0),
                   COUNT(*) FILTER (WHERE NOT in_time AND orders > 0), NULL
              FROM c GROUP BY key
            """,
            rows=rows,
            join=self._sql_in_window(SQL("f"), windows),
        )

    def _measure_receivables_overdue(self, rows, windows) -> SQL:
        """What customers owed at the deadline on invoices due before the window's last day, with taxes, in
        company currency: the receivable less what had been matched with it by then. The ledger knows which invoices
        were posted at that moment."""
        return SQL(
            """
            %(rows)s
            SELECT w.key, SUM(l.balance
                     - COALESCE((SELECT SUM(pr.amount) FROM account_partial_reconcile pr
                                  WHERE pr.debit_move_id = l.id AND pr.create_date <= w.as_of), 0)
                     + COALESCE((SELECT SUM(pr.amount) FROM account_partial_reconcile pr
                                  WHERE pr.credit_move_id = l.id AND pr.create_date <= w.as_of), 0)), 0,
                   ARRAY_AGG(DISTINCT m.id)
              FROM w
              JOIN account_move m ON m.invoice_user_id = w.user_id AND m.move_type IN ('out_invoice', 'out_receipt')
                   AND (w.company_id IS NULL OR m.company_id = w.company_id)
              JOIN account_move_line l ON l.move_id = m.id AND l.date_maturity < w.last_day
              JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
             WHERE w.entered_after IS NULL
               AND (SELECT SUM(f.quantity) FROM discipline_fact f
                     WHERE f.kind = 'invoice_posted' AND f.source_id = m.id AND f.is_transfer IS NOT TRUE
                       AND f.entered_at <= w.as_of) > 0
               AND (l.amount_residual <> 0 OR m.state <> 'posted' OR EXISTS (
                    SELECT 1 FROM account_partial_reconcile pr
                     WHERE (pr.debit_move_id = l.id OR pr.credit_move_id = l.id) AND pr.create_date > w.as_of))
             GROUP BY w.key
            """,
            rows=rows,
        )
