import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# In the context of code of this process that loads a database's past: the hooks stay silent and
# `_fill_history` enters it afterwards. An object, so that no remote call can send it.
HISTORY = object()

COLUMNS = (
    "source_id",
    "user_id",
    "team_id",
    "company_id",
    "partner_id",
    "activity_type_id",
    "res_model",
    "res_id",
    "res_name",
    "deadline",
    "happened_at",
    "quantity",
    "amount",
    "details",
)


class DisciplineFact(models.Model):
    """The ledger: what happened in Odoo, who did it, when it happened and when it was entered.

    Append-only. Each kind of fact has one rule, the method `_select_<kind>`: a SELECT over Odoo's own tables
    that says what the ledger should hold for every source record as it stands. `_capture` compares that with
    what the ledger does hold and appends the difference, be it a new fact or the reversal of an old one. The
    same rule serves the hooks (`ids` given, stamped now), the nightly sweep and the history at installation.

    A rule returns the COLUMNS above; `quantity` and `amount` are totals for that source record, `happened_at`
    is naive UTC and `amount` is in the company's currency.
    """

    _name = "discipline.fact"
    _description = "Sales Fact"
    _order = "happened_at desc, id desc"
    _rec_name = "res_name"

    kind = fields.Selection(
        [
            ("activity_done", "Activity Done"),
            ("activity_postponed", "Activity Postponed"),
            ("activity_cancelled", "Activity Cancelled"),
            ("activity_handed_over", "Activity Handed Over"),
            ("lead_created", "Lead Created"),
            ("lead_first_touch", "Lead First Touched"),
            ("opportunity_created", "Opportunity Created"),
            ("opportunity_revalued", "Opportunity Revalued"),
            ("lead_won", "Opportunity Won"),
            ("lead_lost", "Opportunity Lost"),
            ("company_created", "Company Added"),
            ("contact_created", "Contact Added"),
            ("quotation_sent", "Quotation Sent"),
            ("order_confirmed", "Order Confirmed"),
            ("invoice_posted", "Invoice Posted"),
            ("payment_collected", "Payment Collected"),
        ],
        required=True,
        readonly=True,
    )
    source_id = fields.Integer(
        "Source ID", readonly=True, aggregator=None, help="Id of the record that caused the fact."
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, ondelete="restrict")
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="restrict", help="As of then."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
    activity_type_id = fields.Many2one("mail.activity.type", readonly=True, ondelete="restrict")
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", readonly=True, aggregator=None)
    res_name = fields.Char("Document", readonly=True)
    deadline = fields.Date("Due Date", readonly=True, help="The activity's due date as of then.")
    happened_at = fields.Datetime(required=True, readonly=True)
    entered_at = fields.Datetime(
        required=True, readonly=True, help="The server's stamp of when it was entered."
    )
    quantity = fields.Float(required=True, readonly=True, default=1.0, help="-1 takes back an earlier fact.")
    amount = fields.Monetary(readonly=True, help="In the company's currency at that date, without taxes.")
    reverses_id = fields.Many2one("discipline.fact", readonly=True, ondelete="restrict")
    is_transfer = fields.Boolean(
        "Credit Share",
        readonly=True,
        help="Moves credit between people; a document's transfers add up to nothing.",
    )
    origin = fields.Selection(
        [("live", "Live"), ("sweep", "Nightly Sweep"), ("history", "History")],
        required=True,
        readonly=True,
        default="live",
        help="Live: captured as it happened. Sweep: found by night, it had bypassed Odoo's own code. "
        "History: from before this addon was installed.",
    )
    details = fields.Json(readonly=True)

    # a day costs the day's rows: counts are read from the index alone, and facts of other types by no means
    _count_idx = models.Index(
        "(kind, user_id, happened_at, activity_type_id) INCLUDE (entered_at, quantity, amount, company_id)"
    )
    _source_idx = models.Index("(kind, source_id)")
    _document_idx = models.Index("(res_id, res_model, happened_at)")
    _quoted_idx = models.Index("(((details->>'lead')::int4)) WHERE kind = 'quotation_sent'")
    _collected_idx = models.Index("(res_id) WHERE kind = 'payment_collected'")
    _reverses_idx = models.Index("(reverses_id) WHERE reverses_id IS NOT NULL")

    # ------------------------------------------------------------
    # Protection
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: facts are appended by `_capture` alone."""
        raise UserError(
            self.env._("Facts are recorded by the system as they happen; nobody can add one by hand.")
        )

    def write(self, vals):
        """Refused for everybody."""
        raise UserError(
            self.env._("A recorded fact cannot be changed. What undoes it is recorded beside it.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A recorded fact cannot be deleted. What undoes it is recorded beside it.")
        )

    # ------------------------------------------------------------
    # Capture
    # ------------------------------------------------------------

    @api.model
    def _get_kinds(self) -> dict[str, bool]:
        """The kinds that a rule `_select_<kind>` keeps, with whether a record can cause one only once.

        'Once' kinds are never taken back and never repeated: a quotation counts as sent the first time.
        """
        return {
            "lead_first_touch": True,  # swept after what it looks at: backwards
            "activity_done": False,
            "lead_created": True,
            "opportunity_created": True,
            "lead_won": False,
            "lead_lost": False,
            "company_created": True,
            "contact_created": True,
            "quotation_sent": True,
            "order_confirmed": False,
            "invoice_posted": False,
            "payment_collected": False,
        }

    @api.model
    def _get_money_kinds(self) -> tuple[str, ...]:
        """The kinds that sales are paid and credited by."""
        return ("lead_won", "order_confirmed", "invoice_posted", "payment_collected")

    @api.model
    def _is_silent(self) -> bool:
        """Whether the hooks have to keep quiet because the past is being loaded (see HISTORY)."""
        return self.env.context.get("discipline_history") is HISTORY

    @api.model
    def _capture(self, kind: str, ids=None, origin: str = "live", spans=()) -> int:
        """Append what the rule of `kind` has and the ledger has not; return the number of facts appended.

        :param ids: source records to look at; all if None
        :param origin: 'live' stamps both times with now; 'sweep' takes the source's own time for
            `happened_at` and now for `entered_at`; 'history' takes the source's time for both
        :param spans: what ends with these facts (`discipline.span._append`), written down by the same statement; nothing
            of it without `ids`
        """
        if ids is not None and not ids or self._is_silent():
            return 0
        return self._append_selected(kind, getattr(self, f"_select_{kind}")(ids, origin), origin, spans)

    @api.model
    def _append_selected(self, kind: str, select: SQL, origin: str, spans=()) -> int:
        """Append what `select`, by the rule of `kind`, has and the ledger has not; return the number of facts."""
        live = origin == "live"
        query = self._sql_append(kind, select, origin, fields.Datetime.now())
        if ending := self.env["discipline.span"]._sql_append(spans):
            query = SQL("WITH ended AS (%s) %s", ending, query)
        self.env.cr.execute(SQL("%s%s", query, self._sql_credited()) if live else query)
        count = self.env.cr.rowcount
        if count:
            if live:
                self._notify_credited()
            self.invalidate_model(flush=False)  # nothing of it is ever changed in memory
        return count

    def _sql_append(self, kind: str, select: SQL, origin: str, now) -> SQL:
        """INSERT of the difference between a rule's totals and the ledger's."""
        once = self._get_kinds()[kind]
        # while a source has an open balance, who was credited is debited: changes and reversals go to the
        # person and team of its last fact, at their own date; once it is settled, it may begin anew
        same = SQL("(l.quantity <> 0 OR ABS(l.amount) >= 0.005)")
        happened = self._sql_happened(kind, origin, now)
        entered = SQL("s.happened_at") if origin == "history" else SQL("%s::timestamp", now)
        return SQL(
            """
            INSERT INTO discipline_fact (
                kind, source_id, user_id, team_id, company_id, partner_id, activity_type_id, res_model, res_id,
                res_name, deadline, happened_at, entered_at, quantity, amount, reverses_id, origin, details,
                create_uid, create_date, write_uid, write_date)
            SELECT %(kind)s, s.source_id,
                   CASE WHEN %(same)s THEN p.user_id ELSE s.user_id END,
                   CASE WHEN %(same)s THEN p.team_id ELSE s.team_id END,
                   COALESCE(p.company_id, s.company_id), s.partner_id, s.activity_type_id, s.res_model, s.res_id,
                   s.res_name, s.deadline,
                   CASE WHEN %(same)s THEN %(now)s::timestamp ELSE %(happened)s END,
                   CASE WHEN %(same)s THEN %(now)s::timestamp ELSE %(entered)s END,
                   s.quantity - COALESCE(l.quantity, 0), s.amount - COALESCE(l.amount, 0),
                   CASE WHEN s.quantity < COALESCE(l.quantity, 0) THEN p.id END,
                   %(origin)s, s.details, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM (%(select)s) s
              LEFT JOIN %(ledger)s l ON %(join)s
              LEFT JOIN discipline_fact p ON p.id = l.last_id
             WHERE %(differs)s
            """,
            kind=kind,
            same=same,
            now=now,
            happened=happened,
            entered=entered,
            origin=origin,
            uid=self.env.uid,
            select=select,
            ledger=self._sql_ledger(kind, live=origin == "live"),
            join=SQL("TRUE") if origin == "live" else SQL("l.source_id = s.source_id"),
            differs=SQL("l.facts IS NULL AND s.quantity > 0")
            if once
            else SQL(
                "s.quantity <> COALESCE(l.quantity, 0) OR ABS(s.amount - COALESCE(l.amount, 0)) >= 0.005"
            ),
        )

    @api.model
    def _sql_happened(self, kind: str, origin: str, now) -> SQL:
        """When a new fact happened: now if it is captured live, else when its source says (`s.happened_at`)."""
        return SQL("%s::timestamp", now) if origin == "live" else SQL("s.happened_at")

    @api.model
    def _sql_ids(self, column: SQL, ids) -> SQL:
        """Condition that `column` is among `ids`; no condition if None."""
        return SQL("TRUE") if ids is None else SQL("%s IN %s", column, tuple(ids))

    @api.model
    def _sql_team_of(self, user: SQL) -> SQL:
        """The sales team that a user is a member of now (the oldest membership, as Odoo takes it)."""
        return SQL(
            "(SELECT tm.crm_team_id FROM crm_team_member tm WHERE tm.user_id = %s AND tm.active ORDER BY tm.id LIMIT 1)",
            user,
        )

    @api.model
    def _sql_ledger(self, kind: str, live: bool) -> SQL:
        """What the ledger holds of each source: looked up one by one for a few records, summed up for all."""
        # transfers between people add up to nothing and are balanced on their own (discipline_credit_ledger.py)
        columns = SQL(
            "source_id, SUM(quantity) AS quantity, SUM(amount) AS amount, MAX(id) AS last_id, COUNT(*) AS facts"
        )
        if live:
            return SQL(
                "LATERAL (SELECT %s FROM discipline_fact WHERE kind = %s AND source_id = s.source_id AND is_transfer IS NOT TRUE"
                " GROUP BY source_id)",
                columns,
                kind,
            )
        return SQL(
            "(SELECT %s FROM discipline_fact WHERE kind = %s AND is_transfer IS NOT TRUE GROUP BY source_id)",
            columns,
            kind,
        )

    @api.model
    def _append_event(self, kind: str, rows: list[dict]) -> None:
        """Append facts of a kind that has no rule because its source does not show it afterwards (a deadline
        that moved, an activity that was deleted). Both times are now.

        :param rows: per fact a dict of COLUMNS, missing ones empty; `quantity` is 1 by default
        """
        if not rows or self._is_silent():
            return
        now = fields.Datetime.now()
        columns = [
            "kind",
            "origin",
            "entered_at",
            "create_uid",
            "create_date",
            "write_uid",
            "write_date",
            *COLUMNS,
        ]
        base = {"kind": kind, "origin": "live", "quantity": 1.0, "amount": 0.0, "happened_at": now}
        base.update(
            entered_at=now, create_uid=self.env.uid, create_date=now, write_uid=self.env.uid, write_date=now
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO discipline_fact (%s) VALUES %s%s",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(
                    SQL("%s", tuple({**base, **row}.get(column) for column in columns)) for row in rows
                ),
                self._sql_credited(),
            )
        )
        self._notify_credited()
        self.invalidate_model(flush=False)
