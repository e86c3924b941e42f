from odoo import api, fields, models
from odoo.tools import SQL


class DisciplineFact(models.Model):
    """Shares of deals in the ledger: transfers.

    A document's facts are appended for its salesperson, as ever. Where it has shares, transfers stand beside them:
    facts of the same kind and source that take from the salesperson what the others get, quantity and amount by their
    share. They add up to nothing for each source, and `_capture` does not look at them, so neither disturbs the other.
    What ought to be transferred is compared with what is, for all sources at once, and the difference appended.

    A transfer is dated like the fact that it divides if both are entered together; one that comes later, because
    shares were changed, happens when it is made. Amounts are rounded to the cent; what is left of the rounding is the
    salesperson's, or, if they have no share, that of who has the largest.
    """

    _inherit = "discipline.fact"

    _transfer_idx = models.Index("(kind, source_id) WHERE is_transfer")

    @api.model
    def _capture(self, kind, ids=None, origin="live", spans=()):
        now = fields.Datetime.now()
        count = super()._capture(kind, ids, origin, spans)
        # what bypassed the hooks may be a link to an order as well, so all that is shared is looked at unless ids are named
        if kind in self._get_money_kinds() and (ids is None or count):
            sources = (
                SQL("SELECT unnest(%s::int4[])", list(ids)) if ids is not None else self._sql_shared(kind)
            )
            self._balance(kind, sources, origin, now)
        return count

    @api.model
    def _balance_documents(self, documents) -> None:
        """Bring the transfers of these opportunities or orders, and of all that follows from them, up to date."""
        if self._is_silent():
            return
        for kind in self._get_money_kinds():
            self._balance(kind, self._sql_shared(kind, documents), "live", fields.Datetime.now())

    @api.model
    def _balance(self, kind: str, sources: SQL, origin: str, now) -> int:
        """Append the transfers that are missing for sources of that kind; return their number.

        :param sources: SELECT of source ids
        :param now: what was entered from then on is divided at its own dates
        """
        self.env["discipline.credit"].flush_model()
        self.env.cr.execute(self._sql_transfers(kind, sources, origin, now))
        if count := self.env.cr.rowcount:
            self.invalidate_model(flush=False)
        return count

    # ------------------------------------------------------------
    # Which sources
    # ------------------------------------------------------------

    @api.model
    def _sql_shared(self, kind: str, documents=None) -> SQL:
        """SELECT of the ids of sources that have shares or transfers, or that follow from these documents."""
        leads, orders = self._sql_shared_documents(documents)
        moves = SQL(
            """
            WITH o AS (%s), i AS (
                SELECT DISTINCT ml.move_id AS id FROM o JOIN sale_order_line l ON l.order_id = o.id
                  JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                  JOIN account_move_line ml ON ml.id = r.invoice_line_id)
            SELECT id FROM i UNION SELECT m.id FROM account_move m WHERE m.reversed_entry_id IN (SELECT id FROM i)
            """,
            orders,
        )
        sources = {
            "lead_won": leads,
            "order_confirmed": orders,
            "invoice_posted": moves,
            "payment_collected": SQL(
                "SELECT source_id FROM discipline_fact WHERE kind = 'payment_collected' AND res_id IN (%s)",
                moves,
            ),
        }[kind]
        if documents is not None:
            return sources
        return SQL(
            "%s UNION SELECT source_id FROM discipline_fact WHERE kind = %s AND is_transfer", sources, kind
        )

    @api.model
    def _sql_shared_documents(self, documents) -> tuple[SQL, SQL]:
        """SELECTs of the opportunities and of the orders with shares, or of these and what follows from them."""
        self.env["sale.order"].flush_model(["opportunity_id"])
        if documents is None:
            return (
                SQL("SELECT lead_id FROM discipline_credit WHERE lead_id IS NOT NULL"),
                SQL(
                    "SELECT order_id AS id FROM discipline_credit WHERE order_id IS NOT NULL UNION SELECT so.id"
                    " FROM sale_order so JOIN discipline_credit c ON c.lead_id = so.opportunity_id"
                ),
            )
        ids = SQL("SELECT unnest(%s::int4[]) AS id", documents.ids)
        if documents._name == "crm.lead":
            return ids, SQL("SELECT so.id FROM sale_order so WHERE so.opportunity_id IN (%s)", ids)
        return SQL("SELECT NULL::int4 AS id"), ids

    # ------------------------------------------------------------
    # What ought to be
    # ------------------------------------------------------------

    @api.model
    def _sql_shares(self, kind: str) -> SQL:
        """SELECT of (source_id, user_id, fraction) of the sources `d`, none of those without shares."""
        orders = SQL(
            """
            SELECT c.order_id, c.user_id, c.percent FROM discipline_credit c WHERE c.order_id IS NOT NULL
            UNION ALL
            SELECT so.id, c.user_id, c.percent FROM discipline_credit c JOIN sale_order so ON so.opportunity_id = c.lead_id
             WHERE NOT EXISTS (SELECT 1 FROM discipline_credit o WHERE o.order_id = so.id)
            """
        )
        if kind == "lead_won":
            return SQL(
                "SELECT d.source_id, c.user_id, c.percent / 100 AS fraction"
                " FROM d JOIN discipline_credit c ON c.lead_id = d.res_id"
            )
        if kind == "order_confirmed":
            return SQL(
                "SELECT d.source_id, c.user_id, c.percent / 100 AS fraction FROM d JOIN (%s) c ON c.order_id = d.res_id",
                orders,
            )
        return self._sql_move_shares(orders)

    @api.model
    def _sql_move_shares(self, orders: SQL) -> SQL:
        """The shares of invoices: those of the orders behind their lines, by the lines' amounts. A credit note
        without orders has those of the invoice that it reverses.

        :param orders: SELECT of (order_id, user_id, percent)
        """
        for model in ("account.move", "account.move.line", "sale.order.line"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT d.source_id, s.user_id,
                   CASE WHEN t.amount <> 0 THEN s.amount / t.amount ELSE s.lines / t.lines END AS fraction
              FROM d
              JOIN account_move m ON m.id = d.res_id
              JOIN LATERAL (
                   SELECT CASE WHEN m.reversed_entry_id IS NOT NULL AND NOT EXISTS (
                       SELECT 1 FROM account_move_line l JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                        WHERE l.move_id = m.id) THEN m.reversed_entry_id ELSE m.id END AS id) o ON TRUE
              JOIN LATERAL (
                   SELECT SUM(l.price_subtotal) AS amount, COUNT(*)::numeric AS lines
                     FROM account_move_line l WHERE l.move_id = o.id AND l.display_type = 'product') t ON t.lines > 0
              JOIN LATERAL (
                   SELECT c.user_id, SUM(l.price_subtotal * c.percent / 100) AS amount, SUM(c.percent / 100) AS lines
                     FROM account_move_line l
                     JOIN LATERAL (
                          SELECT MIN(sol.order_id) AS order_id FROM sale_order_line_invoice_rel r
                            JOIN sale_order_line sol ON sol.id = r.order_line_id WHERE r.invoice_line_id = l.id) x ON TRUE
                     JOIN (%s) c ON c.order_id = x.order_id
                    WHERE l.move_id = o.id AND l.display_type = 'product'
                    GROUP BY c.user_id) s ON TRUE
            """,
            orders,
        )

    @api.model
    def _sql_alive(self, kind: str) -> SQL:
        """That the document of a source `d` is still there: what is gone keeps the shares it had."""
        table = {"lead_won": "crm_lead", "order_confirmed": "sale_order"}.get(kind, "account_move")
        return SQL("EXISTS (SELECT 1 FROM %s x WHERE x.id = p.res_id)", SQL.identifier(table))

    @api.model
    def _sql_transfers(self, kind: str, sources: SQL, origin: str, now) -> SQL:
        """INSERT of what ought to be transferred less what is."""
        return SQL(
            """
            WITH b AS (
                SELECT source_id, (SUM(quantity) FILTER (WHERE is_transfer IS NOT TRUE))::numeric AS quantity,
                       SUM(amount) FILTER (WHERE is_transfer IS NOT TRUE) AS amount,
                       MAX(id) FILTER (WHERE is_transfer IS NOT TRUE) AS last_id, BOOL_OR(is_transfer) AS transferred
                  FROM discipline_fact WHERE kind = %(kind)s AND source_id IN (%(sources)s) GROUP BY source_id
            ), d AS MATERIALIZED (
                SELECT b.*, p.user_id AS owner_id, p.team_id, p.res_id, cur.decimal_places AS digits
                  FROM b JOIN discipline_fact p ON p.id = b.last_id
                  JOIN res_company co ON co.id = p.company_id JOIN res_currency cur ON cur.id = co.currency_id
                 WHERE (b.transferred OR EXISTS (SELECT 1 FROM discipline_credit))
                   AND (b.quantity = 0 AND b.amount = 0 OR %(alive)s)
            ), s AS (%(shares)s), c AS (
                SELECT d.source_id, s.user_id, ROUND(d.quantity * s.fraction, 6) AS quantity,
                       ROUND(d.amount * s.fraction, d.digits) AS amount, d.amount AS total, d.quantity AS pieces,
                       ROW_NUMBER() OVER (PARTITION BY d.source_id ORDER BY s.fraction DESC, s.user_id) AS rank,
                       SUM(s.fraction) OVER (PARTITION BY d.source_id) > 0.9999999 AS is_all
                  FROM d JOIN s ON s.source_id = d.source_id AND s.user_id IS DISTINCT FROM d.owner_id
            ), r AS (
                SELECT source_id, user_id,
                       quantity + CASE WHEN is_all AND rank = 1 THEN pieces - SUM(quantity) OVER w ELSE 0 END AS quantity,
                       amount + CASE WHEN is_all AND rank = 1 THEN total - SUM(amount) OVER w ELSE 0 END AS amount
                  FROM c WINDOW w AS (PARTITION BY source_id)
            ), n AS (
                SELECT source_id, user_id, quantity, amount FROM r
                 UNION ALL
                SELECT r.source_id, d.owner_id, -SUM(r.quantity), -SUM(r.amount)
                  FROM r JOIN d ON d.source_id = r.source_id GROUP BY r.source_id, d.owner_id
                 UNION ALL
                SELECT f.source_id, f.user_id, -f.quantity::numeric, -f.amount FROM discipline_fact f
                 WHERE f.kind = %(kind)s AND f.is_transfer AND f.source_id IN (SELECT source_id FROM d)
            ), t AS (
                SELECT source_id, user_id, SUM(quantity) AS quantity, SUM(amount) AS amount FROM n GROUP BY 1, 2
                HAVING ABS(SUM(quantity)) >= 0.0000005 OR ABS(SUM(amount)) >= 0.005
            )
            INSERT INTO discipline_fact (
                kind, source_id, user_id, team_id, company_id, partner_id, activity_type_id, res_model, res_id, res_name,
                deadline, happened_at, entered_at, quantity, amount, is_transfer, origin, details,
                create_uid, create_date, write_uid, write_date)
            SELECT %(kind)s, t.source_id, t.user_id,
                   CASE WHEN t.user_id IS NOT DISTINCT FROM d.owner_id THEN d.team_id ELSE COALESCE(
                       (SELECT f.team_id FROM discipline_fact f WHERE f.kind = %(kind)s AND f.source_id = t.source_id
                           AND f.is_transfer AND f.user_id = t.user_id ORDER BY f.id DESC LIMIT 1), %(team)s) END,
                   p.company_id, p.partner_id, p.activity_type_id, p.res_model, p.res_id, p.res_name, p.deadline,
                   CASE WHEN p.create_date >= %(now)s THEN p.happened_at ELSE %(now)s::timestamp END,
                   CASE WHEN p.create_date >= %(now)s THEN p.entered_at ELSE %(now)s::timestamp END,
                   t.quantity, t.amount, TRUE, %(origin)s, p.details, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM t JOIN d ON d.source_id = t.source_id JOIN discipline_fact p ON p.id = d.last_id
             ORDER BY t.source_id, t.amount
            """,
            kind=kind,
            sources=sources,
            alive=self._sql_alive(kind),
            shares=self._sql_shares(kind),
            team=self._sql_team_of(SQL("t.user_id")),
            origin=origin,
            uid=self.env.uid,
            now=now,
        )
