from datetime import datetime

from odoo import fields, models
from odoo.tools import SQL

# the fact that an event is, where the ledger has it
FACTS = {
    "won": ("lead_won",),
    "lost": ("lead_lost",),
    "quotation_sent": ("quotation_sent",),
    "order_confirmed": ("order_confirmed",),
    "invoice_posted": ("invoice_posted",),
    "lead_created": ("lead_created", "opportunity_created"),
}
GIVEN = "(d.user_id IS NULL OR d.create_uid IS DISTINCT FROM d.user_id)"  # not entered by the salesperson
CURRENT = "1 year"  # whoever ordered within it is a current client
AHEAD = "10 years"  # a due date farther off is a slip of the keyboard


class DisciplineRegulation(models.Model):
    """What sets a regulation off: `_find_<trigger>` is a SELECT of (res_id, event, moment, base), one row an event.

    `event` tells events on one record apart: with the regulation it is scheduled once. `moment` is naive UTC, `base` the
    local date that days are counted from, NULL for that of the moment. What happened before `since` is no event. Most
    events are facts, so that imports, bulk changes and SQL by another program (found by the nightly sweep) are in.
    """

    _inherit = "discipline.regulation"

    delivered_before_ids = fields.Many2many(
        "sale.order",
        "discipline_regulation_delivered_rel",
        "regulation_id",
        "order_id",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Orders that were delivered when it was started.",
    )

    def _sql_events(self, now: datetime) -> SQL:
        """The events of this regulation.

        :param now: naive UTC
        """
        self.ensure_one()
        find = getattr(self, f"_find_{self.trigger}", None)
        return find(now) if find else self._find_facts(SQL("'f' || f.id"))

    def _find_facts(self, event: SQL) -> SQL:
        """Facts recorded since, but for what takes one back, corrects one or hands credit on."""
        return SQL(
            """
            SELECT DISTINCT ON (f.res_id, event) f.res_id, %(event)s AS event, f.happened_at AS moment, NULL::date AS base
              FROM discipline_fact f
             WHERE f.kind IN %(kinds)s AND f.entered_at >= %(since)s AND f.happened_at >= %(since)s
               AND f.quantity > 0 AND f.origin <> 'history' AND f.is_transfer IS NOT TRUE AND f.reverses_id IS NULL
             ORDER BY f.res_id, event, f.id
            """,
            event=event,
            kinds=FACTS[self.trigger],
            since=self.since,
        )

    def _find_lead_created(self, now) -> SQL:
        """By the lead itself, since the ledger has only those with a salesperson; a lead that becomes an opportunity is
        not created again. The ledger's moment, if it has one: it is the server's. What another program wrote without a
        date is newer than what has one."""
        self.env["crm.lead"].flush_model()
        return SQL(
            """
            SELECT d.id, 'created', COALESCE((SELECT MIN(f.happened_at) FROM discipline_fact f
                                               WHERE f.kind IN %(kinds)s AND f.source_id = d.id), d.create_date, %(now)s),
                   NULL::date
              FROM crm_lead d
             WHERE d.active AND d.won_status = 'pending' AND %(inbound)s
               AND (d.create_date >= %(since)s
                    OR d.create_date IS NULL AND d.id > (SELECT COALESCE(MAX(id), 0) FROM crm_lead WHERE create_date < %(since)s))
            """,
            kinds=FACTS["lead_created"],
            now=now,
            inbound=SQL(GIVEN if self.lead_from == "others" else "TRUE"),
            since=self.since,
        )

    def _find_stage(self, now) -> SQL:
        self.env["crm.lead"].flush_model()
        return SQL(
            """
            SELECT id, 's' || stage_id || '@' || EXTRACT(EPOCH FROM date_last_stage_update)::int8, date_last_stage_update,
                   NULL::date
              FROM crm_lead
             WHERE stage_id IN %s AND date_last_stage_update >= %s AND type = 'opportunity' AND active
            """,
            tuple(self.stage_ids.ids) or (0,),
            self.since,
        )

    def _find_delivered(self, now) -> SQL:
        """Orders of which everything is delivered, and was not at the start; found out, so the moment is that of the last
        change of a line."""
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model()
        return SQL(
            """
            SELECT so.id, 'delivered', MAX(l.write_date), NULL::date
              FROM sale_order so
              JOIN sale_order_line l ON l.order_id = so.id AND l.display_type IS NULL AND l.product_uom_qty > 0
                   AND l.is_downpayment IS NOT TRUE
             WHERE so.state = 'sale' AND so.write_date >= %(since)s - interval '1 year'
               AND NOT EXISTS (SELECT FROM discipline_regulation_delivered_rel b
                                WHERE b.regulation_id = %(id)s AND b.order_id = so.id)
             GROUP BY so.id
            HAVING MAX(l.write_date) >= %(since)s AND BOOL_AND(l.qty_delivered >= l.product_uom_qty)
            """,
            since=self.since,
            id=self.id,
        )

    def _note_delivered(self) -> None:
        """Remember what is delivered already: an invoice, or any change of such an order later, is no delivery."""
        if not self:
            return
        for name in ("sale.order", "sale.order.line", "discipline.regulation"):
            self.env[name].flush_model()
        self.delivered_before_ids = False
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO discipline_regulation_delivered_rel (regulation_id, order_id)
                SELECT r.id, so.id
                  FROM sale_order so
                  JOIN sale_order_line l ON l.order_id = so.id AND l.display_type IS NULL AND l.product_uom_qty > 0
                       AND l.is_downpayment IS NOT TRUE
                 CROSS JOIN discipline_regulation r
                 WHERE so.state = 'sale' AND r.id IN %s
                 GROUP BY r.id, so.id
                HAVING BOOL_AND(l.qty_delivered >= l.product_uom_qty)
                """,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["delivered_before_ids"])

    def _find_invoice_due(self, now) -> SQL:
        """Invoices that are still to be paid, as soon as they are posted: days are counted from the due date, and may be
        before it. Another due date is another event."""
        self.env["account.move"].flush_model()
        return SQL(
            """
            SELECT id, 'due@' || invoice_date_due, invoice_date_due::timestamp, invoice_date_due
              FROM account_move
             WHERE move_type = 'out_invoice' AND state = 'posted' AND payment_state IN ('not_paid', 'partial')
               AND invoice_date_due BETWEEN %(since)s::date AND %(now)s::date + %(ahead)s::interval
            """,
            since=self.since,
            now=now,
            ahead=AHEAD,
        )

    def _find_client_silent(self, now) -> SQL:
        """Current clients, once per silence: it begins with the last contact, or order, and has lasted for the days
        wanted since the start or later."""
        kinds = (
            SQL("f.kind = 'order_confirmed' AND f.quantity > 0") if self.silent_of == "order" else SQL("TRUE")
        )
        return SQL(
            """
            SELECT last.partner_id, 'silent@' || last.moment::date, last.moment + %(days)s * interval '1 day', NULL::date
              FROM (SELECT f.partner_id, MAX(f.happened_at) FILTER (WHERE %(kinds)s) AS moment,
                           MAX(f.happened_at) FILTER (WHERE f.kind = 'order_confirmed' AND f.quantity > 0) AS ordered
                      FROM discipline_fact f
                     WHERE f.partner_id IS NOT NULL AND %(mine)s
                       AND f.happened_at >= %(now)s::timestamp - %(current)s::interval - %(days)s * interval '1 day'
                     GROUP BY f.partner_id) last
             WHERE last.ordered >= %(now)s::timestamp - %(current)s::interval
               AND last.moment + %(days)s * interval '1 day' BETWEEN %(since)s AND %(now)s
            """,
            kinds=kinds,
            mine=SQL("f.company_id = %s", self.company_id.id) if self.company_id else SQL("TRUE"),
            days=self.silent_days,
            since=self.since,
            now=now,
            current=CURRENT,
        )

    def _find_negative_rating(self, now) -> SQL:
        """What clients said of us, on whatever document, with few stars."""
        self.env["rating.rating"].flush_model()
        return SQL(
            """
            SELECT COALESCE(p.commercial_partner_id, p.id), 'r' || r.id, COALESCE(r.rated_on, r.write_date), NULL::date
              FROM rating_rating r JOIN res_partner p ON p.id = r.partner_id
             WHERE r.consumed AND r.rating BETWEEN 1 AND %s AND COALESCE(r.rated_on, r.write_date) >= %s
            """,
            self.rating_limit,
            self.since,
        )
