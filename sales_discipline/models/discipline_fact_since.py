from odoo import api, fields, models
from odoo.tools import SQL, format_date, format_datetime, formatLang

LEADS = (
    "lead_created",
    "opportunity_created",
    "opportunity_revalued",
    "lead_first_touch",
    "lead_won",
    "lead_lost",
)


class DisciplineFact(models.Model):
    """What became of the source of a fact since: the fact stays as it was counted, and beside it stands what was
    deleted, taken back, handed over, dated otherwise or revalued later. A statement a source for all facts shown."""

    _inherit = "discipline.fact"

    since_state = fields.Selection(
        [("same", "As recorded"), ("changed", "Changed since"), ("gone", "Deleted since")],
        "Since Then",
        compute="_compute_since",
    )
    since = fields.Char("What Changed", compute="_compute_since")

    @api.depends("kind", "source_id")
    def _compute_since(self):
        self.since_state, self.since = "same", False
        facts = self.filtered(lambda fact: fact.id and fact.kind and fact.source_id)
        changes = {}
        for rule, kinds in self._get_since_kinds().items():
            found = facts.filtered(lambda fact, kinds=kinds: fact.kind in kinds and not fact.is_transfer)
            if found:
                for row in self.env.execute_query_dict(getattr(self, f"_select_since_{rule}")(found.ids)):
                    changes[row["id"]] = row
        later = facts._get_later()
        gone = facts._get_documents_gone()
        for fact in facts:
            change = changes.get(fact.id, {})
            parts = fact._get_since_parts(change, later.get(fact.id, ()), fact.id in gone)
            if parts:
                deleted = change.get("gone") or fact.id in gone
                fact.since_state, fact.since = "gone" if deleted else "changed", "; ".join(parts)

    @api.model
    def _get_since_kinds(self) -> dict[str, tuple]:
        """The kinds of facts by the rule `_select_since_<rule>` that knows their source.

        A rule returns for each fact: `gone` (there is no such source any more), `user_id` (somebody else whose it
        is now), `dated` (another date or moment that it has now), `archived`; null where nothing changed.
        """
        return {
            "activity": ("activity_done", "activity_postponed"),
            "lead": LEADS,
            "partner": ("company_created", "contact_created"),
            "order": ("quotation_sent", "order_confirmed"),
            "invoice": ("invoice_posted",),
        }

    def _get_since_parts(self, change: dict, later, document_gone: bool) -> list[str]:
        """What changed, in words, a phrase each."""
        parts = []
        if change.get("gone"):
            parts.append(self.env._("Deleted"))
        elif document_gone:
            parts.append(self.env._("Document deleted"))
        if change.get("archived"):
            parts.append(self.env._("Archived"))
        for moment, quantity, amount in later:
            day = format_datetime(self.env, moment, dt_format="short")
            money = formatLang(self.env, amount, currency_obj=self.currency_id)
            if quantity < 0:
                parts.append(self.env._("Taken back on %(date)s", date=day))
            elif not quantity and amount:
                parts.append(self.env._("Amount changed by %(amount)s on %(date)s", amount=money, date=day))
        if change.get("user_id"):
            name = self.env["res.users"].sudo().browse(change["user_id"]).name
            parts.append(self.env._("Handed over to %(name)s", name=name))
        if change.get("dated"):
            parts.append(self.env._("Now dated %(date)s", date=format_date(self.env, change["dated"])))
        return parts

    def _get_later(self) -> dict[int, list[tuple]]:
        """By fact that was something: `(moment, quantity, amount)` of what the ledger has of the same source after
        it, until the source began anew."""
        query = SQL(
            """
            SELECT f.id, l.happened_at, l.quantity, l.amount
              FROM discipline_fact f
              JOIN discipline_fact l ON l.source_id = f.source_id AND l.id > f.id AND l.is_transfer IS NOT TRUE
                   AND (l.kind = f.kind OR f.kind = 'opportunity_created' AND l.kind = 'opportunity_revalued')
             WHERE f.id = ANY(%s) AND f.quantity > 0 AND f.is_transfer IS NOT TRUE
               AND NOT EXISTS (SELECT 1 FROM discipline_fact n WHERE n.kind = f.kind AND n.source_id = f.source_id
                                  AND n.id > f.id AND n.id <= l.id AND n.quantity > 0 AND n.is_transfer IS NOT TRUE)
             ORDER BY l.id
            """,
            self.ids,
        )
        later = {}
        for fact_id, *row in self.env.execute_query(query):
            later.setdefault(fact_id, []).append(tuple(row))
        return later

    def _get_documents_gone(self) -> set[int]:
        """Those facts whose document is no more, whatever its model."""
        gone = set()
        for model, facts in self.grouped("res_model").items():
            if model in self.env and facts:
                ids = set(facts.mapped("res_id"))
                there = set(self.env[model].sudo().browse(ids).exists().ids)
                gone.update(fact.id for fact in facts if fact.res_id and fact.res_id not in there)
        return gone

    # ------------------------------------------------------------
    # Sources
    # ------------------------------------------------------------

    @api.model
    def _select_since(self, ids, table: str, user: SQL, dated: SQL, archived: SQL | None = None) -> SQL:
        """The rule for a source in a table of its own, alias `s`; the conditions hold for facts `f` that count."""
        return SQL(
            """
            SELECT f.id, s.id IS NULL AS gone, %(archived)s AS archived,
                   CASE WHEN f.quantity <> 0 THEN %(user)s END AS user_id,
                   CASE WHEN f.quantity > 0 AND f.reverses_id IS NULL THEN %(dated)s END AS dated
              FROM discipline_fact f LEFT JOIN %(table)s s ON s.id = f.source_id
             WHERE f.id = ANY(%(ids)s) AND f.source_id > 0
            """,
            archived=archived or SQL("NULL::bool"),
            user=user,
            dated=dated,
            table=SQL.identifier(table),
            ids=ids,
        )

    @api.model
    def _select_since_activity(self, ids) -> SQL:
        """Done activities; Odoo lets their date of completion be rewritten, and dates it in UTC itself."""
        self.env["mail.activity"].flush_model()
        done = SQL("f.kind = 'activity_done' AND s.active IS FALSE")
        return self._select_since(
            ids,
            "mail_activity",
            SQL(
                "CASE WHEN %s AND s.done_at IS NOT NULL AND s.done_by IS NULL AND s.user_id <> f.user_id"
                " THEN s.user_id END",
                done,
            ),
            SQL("CASE WHEN %s AND s.date_done <> f.happened_at::date THEN s.date_done END", done),
        )

    @api.model
    def _select_since_lead(self, ids) -> SQL:
        self.env["crm.lead"].flush_model()
        return self._select_since(
            ids,
            "crm_lead",
            SQL("CASE WHEN f.kind <> 'lead_first_touch' AND s.user_id <> f.user_id THEN s.user_id END"),
            self._sql_moved(SQL("f.kind IN ('lead_won', 'lead_lost')"), SQL("s.date_closed")),
            SQL("s.active IS FALSE AND f.kind <> 'lead_lost' AND s.won_status <> 'lost'"),
        )

    @api.model
    def _select_since_partner(self, ids) -> SQL:
        self.env["res.partner"].flush_model(["active"])
        nothing = SQL("NULL::int4")
        return self._select_since(ids, "res_partner", nothing, SQL("NULL::date"), SQL("s.active IS FALSE"))

    @api.model
    def _select_since_order(self, ids) -> SQL:
        self.env["sale.order"].flush_model()
        return self._select_since(
            ids,
            "sale_order",
            SQL("CASE WHEN s.user_id <> f.user_id THEN s.user_id END"),
            self._sql_moved(SQL("f.kind = 'order_confirmed' AND s.state = 'sale'"), SQL("s.date_order")),
        )

    @api.model
    def _select_since_invoice(self, ids) -> SQL:
        """An invoice keeps its own date: the fact is within twelve hours of that day's noon."""
        self.env["account.move"].flush_model()
        day = SQL("COALESCE(s.invoice_date, s.date)")
        noon = self._sql_noon(day, SQL("s.invoice_user_id"), SQL("s.company_id"))
        return self._select_since(
            ids,
            "account_move",
            SQL("CASE WHEN s.invoice_user_id <> f.user_id THEN s.invoice_user_id END"),
            SQL(
                "CASE WHEN s.state = 'posted' AND %s NOT BETWEEN f.happened_at - interval '12 hours'"
                " AND f.happened_at + interval '12 hours' THEN %s END",
                noon,
                day,
            ),
        )

    @api.model
    def _sql_moved(self, condition: SQL, moment: SQL) -> SQL:
        """The moment that Odoo dates the document by now, if it is no more the one that was stamped."""
        return SQL(
            "CASE WHEN %(condition)s AND %(moment)s NOT BETWEEN f.happened_at - interval '5 minutes'"
            " AND f.happened_at + interval '5 minutes' THEN %(moment)s::date END",
            condition=condition,
            moment=moment,
        )
