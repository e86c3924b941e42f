import pytz

from odoo import api, models, tools
from odoo.tools import SQL

SALES = ("out_invoice", "out_refund", "out_receipt")


class AccountMove(models.Model):
    """Customer invoices and credit notes tell the ledger when they are posted and when that is undone."""

    _inherit = "account.move"

    def write(self, vals):
        res = super().write(vals)
        if "state" in vals:
            sales = self.filtered(lambda move: move.move_type in SALES)
            self.env["discipline.fact"].sudo()._capture("invoice_posted", sales.ids)
        return res


class AccountPartialReconcile(models.Model):
    """A payment is collected when it is matched with the invoice, and no longer when that match is undone."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["discipline.fact"].sudo()._capture("payment_collected", partials.ids)
        return partials

    def unlink(self):
        ids = self.ids
        res = super().unlink()
        self.env["discipline.fact"].sudo()._capture("payment_collected", ids)
        return res


class DisciplineFact(models.Model):
    """Invoices and payments are dated by their documents: an invoice of last Friday that is posted on Monday
    happened on Friday and was entered on Monday."""

    _inherit = "discipline.fact"

    @api.model
    @tools.ormcache()
    def _get_sql_timezones(self) -> tuple[str, ...]:
        """The time zones that both Odoo and PostgreSQL know."""
        self.env.cr.execute("SELECT name FROM pg_timezone_names WHERE name = ANY(%s)", [pytz.all_timezones])
        return tuple(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _sql_noon(self, date: SQL, user: SQL, company: SQL) -> SQL:
        """UTC moment of the noon of a document's date where its salesperson works: inside that local day
        whatever the zone."""
        self.env["hr.employee"].flush_model(["user_id", "company_id", "resource_id", "active"])
        self.env["resource.resource"].flush_model(["tz"])
        zone = SQL(
            "COALESCE((SELECT r.tz FROM hr_employee e JOIN resource_resource r ON r.id = e.resource_id"
            " WHERE e.user_id = %s AND e.company_id = %s AND r.tz IN %s ORDER BY e.active DESC, e.id LIMIT 1), 'UTC')",
            user,
            company,
            self._get_sql_timezones(),
        )
        return SQL("(((%s + time '12:00') AT TIME ZONE %s) AT TIME ZONE 'UTC')", date, zone)

    @api.model
    def _sql_happened(self, kind, origin, now):
        if kind in ("invoice_posted", "payment_collected"):
            # a document dated today happened now; any other keeps its own date
            today = SQL(
                "s.happened_at BETWEEN %(now)s::timestamp - interval '12 hours' AND %(now)s::timestamp + interval '12 hours'",
                now=now,
            )
            return SQL(
                "CASE WHEN %s AND %s THEN %s::timestamp ELSE s.happened_at END", origin == "live", today, now
            )
        return super()._sql_happened(kind, origin, now)

    @api.model
    def _select_invoice_posted(self, ids, origin):
        """Posted customer invoices, and credit notes with a negative amount, untaxed in company currency."""
        self.env["account.move"].flush_model()
        return SQL(
            """
            SELECT am.id AS source_id, am.invoice_user_id AS user_id, am.team_id, am.company_id,
                   am.commercial_partner_id AS partner_id, NULL::integer AS activity_type_id,
                   'account.move' AS res_model, am.id AS res_id, am.name AS res_name, am.invoice_date_due AS deadline,
                   %(noon)s AS happened_at,
                   CASE WHEN am.state <> 'posted' THEN 0 WHEN am.move_type = 'out_refund' THEN -1 ELSE 1 END AS quantity,
                   CASE WHEN am.state = 'posted' THEN am.amount_untaxed_signed ELSE 0 END AS amount,
                   NULL::jsonb AS details
              FROM account_move am
             WHERE am.move_type IN %(sales)s AND %(ids)s
            """,
            noon=self._sql_noon(
                SQL("COALESCE(am.invoice_date, am.date)"), SQL("am.invoice_user_id"), SQL("am.company_id")
            ),
            sales=SALES,
            ids=self._sql_ids(SQL("am.id"), ids),
        )

    @api.model
    def _select_payment_collected(self, ids, origin):
        """Money that reached the bank or cash for an invoice, or went back for a credit note (negative), by the
        later of the two dates. Untaxed, like orders and invoices: the invoice's own share of tax is taken off.

        A match that is undone is deleted by Odoo: the sources that the ledger knows and that are gone come out
        with nothing, which takes them back.
        """
        for model in ("account.move", "account.move.line", "account.partial.reconcile"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT pr.id AS source_id, inv.invoice_user_id AS user_id, inv.team_id, inv.company_id,
                   inv.commercial_partner_id AS partner_id, NULL::integer AS activity_type_id,
                   'account.move' AS res_model, inv.id AS res_id, inv.name AS res_name, inv.invoice_date_due AS deadline,
                   %(noon)s AS happened_at, 1 AS quantity,
                   ROUND(CASE WHEN inv.move_type = 'out_refund' THEN -1 ELSE 1 END * pr.amount
                         * CASE WHEN inv.amount_total = 0 THEN 1 ELSE inv.amount_untaxed / inv.amount_total END,
                         cur.decimal_places) AS amount,
                   jsonb_build_object('gross', pr.amount) AS details
              FROM account_partial_reconcile pr
              JOIN account_move_line dl ON dl.id = pr.debit_move_id
              JOIN account_move_line cl ON cl.id = pr.credit_move_id
              JOIN account_move dm ON dm.id = dl.move_id
              JOIN account_move cm ON cm.id = cl.move_id
              JOIN account_move inv ON inv.id = CASE WHEN dm.move_type IN %(sales)s THEN dm.id ELSE cm.id END
              JOIN account_move pay ON pay.id = CASE WHEN dm.move_type IN %(sales)s THEN cm.id ELSE dm.id END
              JOIN account_journal j ON j.id = pay.journal_id AND j.type IN ('bank', 'cash', 'credit')
              JOIN res_company co ON co.id = inv.company_id
              JOIN res_currency cur ON cur.id = co.currency_id
             WHERE inv.move_type IN %(sales)s AND %(partials)s
            UNION ALL
            SELECT f.source_id, NULL, NULL, MIN(f.company_id), MIN(f.partner_id), NULL, MIN(f.res_model), MIN(f.res_id),
                   MIN(f.res_name), MIN(f.deadline), MIN(f.happened_at), 0, 0, NULL
              FROM discipline_fact f
             WHERE f.kind = 'payment_collected' AND %(sources)s
               AND NOT EXISTS (SELECT 1 FROM account_partial_reconcile pr WHERE pr.id = f.source_id)
             GROUP BY f.source_id
            """,
            noon=self._sql_noon(SQL("pr.max_date"), SQL("inv.invoice_user_id"), SQL("inv.company_id")),
            sales=SALES,
            partials=self._sql_ids(SQL("pr.id"), ids),
            sources=self._sql_ids(SQL("f.source_id"), ids),
        )
