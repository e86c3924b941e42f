from odoo import fields, models
from odoo.tools import SQL

from .discipline_winback import STATES
from .discipline_winback_client import GROUPS


class DisciplineWinbackResult(models.Model):
    """What came of the clients of win-back campaigns: from the ledger while a campaign is running, as it was frozen once it is
    closed. Its record rules are those of the clients.

    Tried: an activity with the client was done since the planning. Reached: one with a result in words that is not among
    those that may repeat ('No answer', see the settings of signals), a meeting, or an e-mail from the client. Returned: an
    order confirmed since that stands. All of it within the days of the campaign; the same for those not called.
    """

    _name = "discipline.winback.result"
    _description = "Win-back Result"
    _auto = False
    _order = "bought desc, id"
    _rec_name = "partner_id"
    _depends = {
        "discipline.winback.client": ["campaign_id", "group", "user_id", "tried_at", "returned_at", "amount"],
        "discipline.winback.campaign": ["state", "started_at", "ends_at"],
        "discipline.fact": [
            "kind",
            "source_id",
            "partner_id",
            "quantity",
            "amount",
            "happened_at",
            "details",
        ],
        "mail.message": ["author_id", "date", "message_type"],
        "res.company": ["discipline_allowed_texts", "discipline_text_length"],
    }

    campaign_id = fields.Many2one("discipline.winback.campaign", readonly=True)
    started_at = fields.Datetime("Planned on", readonly=True)
    partner_id = fields.Many2one("res.partner", "Client", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    group = fields.Selection(GROUPS, readonly=True)
    is_called = fields.Boolean("Called", readonly=True, help="Whether a call was planned.")
    state = fields.Selection(STATES, "Status Then", readonly=True)
    bought = fields.Monetary("Bought Before", readonly=True, help="In the months before the campaign.")
    last_order = fields.Date("Last Order Then", readonly=True)
    date_planned = fields.Date("Planned for", readonly=True)
    tried_at = fields.Datetime("Tried on", readonly=True)
    reached_at = fields.Datetime("Reached on", readonly=True)
    returned_at = fields.Datetime("Returned on", readonly=True)
    clients = fields.Integer("Number of Clients", readonly=True)
    tried = fields.Integer(readonly=True)
    reached = fields.Integer(readonly=True)
    returned = fields.Integer(readonly=True)
    amount = fields.Monetary("Money Returned", readonly=True)
    tried_share = fields.Float("Tried (%)", readonly=True, aggregator="avg")
    reached_share = fields.Float("Reached (%)", readonly=True, aggregator="avg")
    returned_share = fields.Float("Returned (%)", readonly=True, aggregator="avg")

    def action_open_client(self):
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT x.*, 1 AS clients, (x.tried_at IS NOT NULL)::int AS tried, (x.reached_at IS NOT NULL)::int AS reached,
                   (x.returned_at IS NOT NULL)::int AS returned,
                   CASE WHEN x.tried_at IS NULL THEN 0.0 ELSE 100.0 END AS tried_share,
                   CASE WHEN x.reached_at IS NULL THEN 0.0 ELSE 100.0 END AS reached_share,
                   CASE WHEN x.returned_at IS NULL THEN 0.0 ELSE 100.0 END AS returned_share
              FROM (SELECT r.id, r.campaign_id, c.started_at, r.partner_id, r.company_id, r.user_id, r.team_id, r."group",
                           r."group" = 'called' AS is_called, r.state, r.bought, r.last_order, r.date_planned,
                           CASE WHEN c.state = 'closed' THEN r.tried_at ELSE e.tried_at END AS tried_at,
                           CASE WHEN c.state = 'closed' THEN r.reached_at ELSE LEAST(e.reached_at, m.wrote_at) END
                               AS reached_at,
                           CASE WHEN c.state = 'closed' THEN r.returned_at ELSE e.returned_at END AS returned_at,
                           COALESCE(CASE WHEN c.state = 'closed' THEN r.amount ELSE e.amount END, 0) AS amount
                      FROM %s
                      LEFT JOIN LATERAL (%s) e ON c.state = 'running'
                      LEFT JOIN LATERAL (%s) m ON c.state = 'running') x
            """,
            self._sql_clients(),
            self._sql_facts(SQL("NULL::timestamp")),
            self._sql_mails(SQL("NULL::timestamp")),
        )

    def _sql_outcomes(self, as_of: SQL) -> SQL:
        """(id, campaign_id, tried_at, reached_at, returned_at, amount) of all clients, as the ledger knew it at that moment."""
        return SQL(
            """
            SELECT r.id, r.campaign_id, e.tried_at, LEAST(e.reached_at, m.wrote_at) AS reached_at, e.returned_at, e.amount
              FROM %s CROSS JOIN LATERAL (%s) e CROSS JOIN LATERAL (%s) m
            """,
            self._sql_clients(),
            self._sql_facts(as_of),
            self._sql_mails(as_of),
        )

    def _sql_clients(self) -> SQL:
        """The clients `r`, their campaigns `c`, and what their companies `co` take for a text that says something."""
        return SQL(
            """
            discipline_winback_client r
              JOIN discipline_winback_campaign c ON c.id = r.campaign_id
              JOIN (SELECT co.id, GREATEST(co.discipline_text_length, 1) AS length, ARRAY_REMOVE(ARRAY(
                           SELECT %s FROM REGEXP_SPLIT_TO_TABLE(COALESCE(co.discipline_allowed_texts, ''), E'\\n') t(line)
                           ), NULL) AS allowed
                      FROM res_company co) co ON co.id = r.company_id
            """,
            self.env["discipline.fact"]._sql_text_hash(SQL("t.line")),
        )

    def _sql_facts(self, as_of: SQL) -> SQL:
        """What the ledger has of a client `r` in the days of the campaign `c`; now if `as_of` is NULL."""
        return SQL(
            """
            SELECT MIN(x.first) FILTER (WHERE x.kind = 'activity_done') AS tried_at,
                   MIN(x.first) FILTER (WHERE x.kind = 'activity_done' AND x.spoke) AS reached_at,
                   MIN(x.first) FILTER (WHERE x.kind = 'order_confirmed') AS returned_at,
                   COALESCE(SUM(x.amount) FILTER (WHERE x.kind = 'order_confirmed'), 0) AS amount
              FROM (SELECT f.kind, MIN(f.happened_at) FILTER (WHERE f.quantity > 0) AS first, SUM(f.amount) AS amount,
                           BOOL_OR(t.category = 'meeting' OR (f.details->>'chars')::int4 >= co.length
                                   AND f.details->>'text' <> ALL(co.allowed)) AS spoke
                      FROM discipline_fact f LEFT JOIN mail_activity_type t ON t.id = f.activity_type_id
                     WHERE f.partner_id = r.partner_id AND f.company_id = r.company_id
                       AND f.kind IN ('activity_done', 'order_confirmed') AND f.is_transfer IS NOT TRUE
                       AND f.happened_at > c.started_at AND f.happened_at < LEAST(c.ends_at, %(as_of)s)
                       AND f.entered_at <= COALESCE(%(as_of)s, 'infinity')
                     GROUP BY f.kind, f.source_id HAVING SUM(f.quantity) > 0) x
            """,
            as_of=as_of,
        )

    def _sql_mails(self, as_of: SQL) -> SQL:
        """When a client `r`, or one of their people, first wrote an e-mail in the days of the campaign `c`."""
        return SQL(
            """
            SELECT MIN(m.date) AS wrote_at
              FROM res_partner p JOIN mail_message m ON m.author_id = p.id AND m.message_type = 'email'
             WHERE p.commercial_partner_id = r.partner_id
               AND m.date > c.started_at AND m.date < LEAST(c.ends_at, %s)
            """,
            as_of,
        )
