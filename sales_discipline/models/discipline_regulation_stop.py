from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from .discipline_regulation_run import BATCH


class DisciplineRegulationStep(models.Model):
    """When a step is over without its activity: the condition has ended, or what it wanted came about another way."""

    _inherit = "discipline.regulation.step"

    @api.model
    def _stop(self, now: datetime) -> bool:
        """Take away what is no longer needed, note what was fulfilled without its activity, and what is overdue by now;
        return whether there may be more."""
        self.flush_model()
        found = self.env.execute_query(self._sql_over(now))
        self.env.cr.execute(
            "UPDATE discipline_regulation_step SET kept = 0, outcome = 'missed'"
            " WHERE state = 'open' AND due_at <= %s AND kept IS NULL",
            [now],
        )
        self.invalidate_model(["kept", "outcome"])
        self._close_rows([(step_id, state, moment, None) for step_id, state, moment in found])
        self.browse([step_id for step_id, _state, _moment in found]).activity_id.unlink()
        return len(found) == BATCH

    @api.model
    def _sql_over(self, now: datetime) -> SQL:
        """SELECT of (id, state, moment) of the open steps that are over: `done` where the lead was acted on, or the lost
        reason given, else `stopped`. The moment is when that was, as well as it is known: never later than `now`."""
        for model in ("crm.lead", "sale.order", "account.move", "res.partner", "mail.message"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT s.id, CASE WHEN o.done THEN 'done' ELSE 'stopped' END, LEAST(o.moment, %(now)s)
              FROM discipline_regulation_step s
             CROSS JOIN LATERAL (%(touched)s UNION ALL %(reason)s UNION ALL %(closed)s UNION ALL %(answered)s
                                 UNION ALL %(ordered)s UNION ALL %(handed_back)s ORDER BY 1 DESC LIMIT 1) AS o(done, moment)
             WHERE s.state = 'open'
             ORDER BY s.id LIMIT %(batch)s
            """,
            touched=SQL(
                "SELECT TRUE AS done, f.happened_at FROM discipline_fact f WHERE s.ends = 'touched' AND s.res_model = 'crm.lead'"
                " AND f.kind = 'lead_first_touch' AND f.source_id = s.res_id"
            ),
            reason=SQL(
                "SELECT TRUE, %s::timestamp FROM crm_lead d WHERE s.result = 'reason' AND d.id = s.res_id"
                " AND s.res_model = 'crm.lead' AND d.lost_reason_id IS NOT NULL",
                now,
            ),
            closed=self._sql_closed(now),
            answered=SQL(
                """
                SELECT FALSE, m.date FROM mail_message m JOIN res_partner p ON p.id = m.author_id
                 WHERE s.ends = 'answered' AND m.date > s.triggered_at AND m.message_type IN ('email', 'comment')
                   AND m.model = s.res_model AND m.res_id = s.res_id
                   AND COALESCE(p.commercial_partner_id, p.id) = s.partner_id
                """
            ),
            ordered=SQL(
                "SELECT FALSE, f.happened_at FROM discipline_fact f WHERE s.ends IN ('ordered', 'answered')"
                " AND f.partner_id = s.partner_id AND f.kind = 'order_confirmed' AND f.quantity > 0"
                " AND f.happened_at > s.triggered_at"
            ),
            handed_back=SQL(
                "SELECT FALSE, m.closed_at FROM discipline_regulation_step m WHERE m.id = s.missed_id AND m.state <> 'open'"
            ),
            now=now,
            batch=BATCH,
        )

    @api.model
    def _sql_closed(self, now: datetime) -> SQL:
        """Whatever a step is about is closed, or gone: what is scheduled when something is closed stays. Archiving a lead
        closes nothing: whoever could be rid of a step by it would not have to say why. When it was closed is when the
        ledger last learned something of it (won, lost, paid), else when this looks."""
        trigger = SQL("(SELECT r.trigger FROM discipline_regulation r WHERE r.id = s.regulation_id)")
        return SQL(
            """
            SELECT FALSE, COALESCE((SELECT MAX(f.entered_at) FROM discipline_fact f WHERE f.res_id = s.res_id
                                       AND f.res_model = s.res_model AND f.entered_at >= s.triggered_at
                                       AND f.kind IN ('lead_won', 'lead_lost', 'payment_collected', 'order_confirmed')),
                                   %(now)s)
             WHERE CASE s.res_model
                   WHEN 'crm.lead' THEN NOT EXISTS (
                        SELECT FROM crm_lead d WHERE d.id = s.res_id
                           AND CASE %(trigger)s WHEN 'lost' THEN d.won_status = 'lost' WHEN 'won' THEN d.won_status = 'won'
                               WHEN 'stage' THEN d.won_status = 'pending' AND s.event LIKE 's' || d.stage_id || '@%%'
                               ELSE d.won_status = 'pending' END)
                   WHEN 'sale.order' THEN NOT EXISTS (
                        SELECT FROM sale_order d WHERE d.id = s.res_id
                           AND CASE %(trigger)s WHEN 'quotation_sent' THEN d.state = 'sent' ELSE d.state = 'sale' END)
                   WHEN 'account.move' THEN NOT EXISTS (
                        SELECT FROM account_move d WHERE d.id = s.res_id AND d.state = 'posted'
                           AND d.payment_state IN ('not_paid', 'partial'))
                   ELSE NOT EXISTS (SELECT FROM res_partner d WHERE d.id = s.res_id AND d.active) END
            """,
            now=now,
            trigger=trigger,
        )
